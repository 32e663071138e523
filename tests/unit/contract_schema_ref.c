/* SPDX-License-Identifier: MIT
 * contract/schema: references, addresses, anchors, other documents and other drafts. The official suite has the breadth;
 * here is what it does not ask: refusals, the registry's rules, loops, faults' places. */
#include "tests/support/schema_case.h"
#include "tests/support/torture.h"

#define DRAFT_7 "\"$schema\":\"http://json-schema.org/draft-07/schema#\""

static const agent_schema_options closed = { .closed = true };

static void references_are_followed(void **state)
{
	(void)state;
	static const schema_case cases[] = {
		{ .schema = "{\"$defs\":{\"n\":{\"minimum\":1}},\"items\":{\"$ref\":\"#/$defs/n\"}}", .valid = "[[1,2],[]]", .invalid = "[[0]]" },
		{ .schema = "{\"$defs\":{\"a b/~\":{\"minimum\":1}},\"$ref\":\"#/$defs/a%20b~1~0\"}", .valid = "[1]", .invalid = "[0]" },
		{ .schema = "{\"$defs\":{\"n\":{\"$anchor\":\"n\",\"minimum\":1}},\"$ref\":\"#n\"}", .valid = "[1]", .invalid = "[0]" },
		{ .schema = "{\"prefixItems\":[true,{\"type\":\"null\"}],\"items\":{\"$ref\":\"#/prefixItems/1\"}}", .valid = "[[1,null,null]]", .invalid = "[[1,null,1]]" },
		{ .schema = "{\"properties\":{\"next\":{\"$ref\":\"#\"},\"v\":{\"type\":\"string\"}},\"additionalProperties\":false}",
			.valid = "[{},{\"next\":{\"next\":{\"v\":\"x\"}}}]", .invalid = "[{\"next\":{\"next\":{\"v\":1}}},{\"next\":{\"x\":1}}]" },
		{ .schema = "{\"$ref\":\"#/$defs/a\",\"maxLength\":2,\"$defs\":{\"a\":{\"type\":\"string\"}}}", .valid = "[\"ab\"]", .invalid = "[1,\"abc\"]" },
		{ .schema = "{\"$id\":\"https://x.example/a/root\",\"$ref\":\"../b?q\",\"$defs\":{\"b\":{\"$id\":\"/b?q\",\"type\":\"null\"}}}", .valid = "[null]", .invalid = "[1]" },
		{ .schema = "{" DRAFT_7 ",\"$ref\":\"#/definitions/a\",\"definitions\":{\"a\":{\"type\":\"string\"}}}", .valid = "[\"ab\"]", .invalid = "[1]" },
		{ .schema = "{" DRAFT_7 ",\"definitions\":{\"a\":{\"$id\":\"#here\",\"type\":\"string\"}},\"items\":[{\"$ref\":\"#here\"}],\"additionalItems\":false}", .valid = "[[\"ab\"],[],1]", .invalid = "[[1],[\"a\",1]]" },
		{ .schema = "{\"items\":{\"$ref\":\"https://x.example/n\"}}", .valid = "[[1]]", .invalid = "[[\"1\"],[-1]]",
			.registry = { { "https://x.example/n", "{\"type\":\"integer\",\"allOf\":[{\"$ref\":\"low#/min\"}]}" }, { "https://x.example/low#", "{\"min\":{\"minimum\":0}}" } } },
		{ .schema = "{\"$ref\":\"https://x.example/inner\"}", .valid = "[1]", .invalid = "[\"1\"]", /* an address inside a document of the registry */
			.registry = { { "https://x.example/all", "{\"$defs\":{\"i\":{\"$id\":\"inner\",\"type\":\"integer\"}}}" } } },
		{ .schema = "{\"items\":{\"$ref\":\"https://x.example/7\"}}", .valid = "[[[1]],[[1,\"x\"]]]", .invalid = "[[[\"x\"]]]", /* each document speaks its own draft */
			.registry = { { "https://x.example/7", "{" DRAFT_7 ",\"items\":[{\"type\":\"integer\"}],\"prefixItems\":[false],\"dependentRequired\":1}" } } },
		{ .schema = "{" DRAFT_7 ",\"items\":{\"$ref\":\"https://x.example/2020\"}}", .valid = "[[[1,\"x\"]]]", .invalid = "[[[\"x\"]]]",
			.registry = { { "https://x.example/2020", "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"prefixItems\":[{\"type\":\"integer\"}],\"additionalItems\":7}" } } },
		{ .schema = "{\"$ref\":\"http://json-schema.org/draft-07/schema#\"}", .valid = "[{\"minLength\":1,\"items\":[{}]}]", .invalid = "[{\"minLength\":-1},{\"items\":[1]}]" },
		{ .schema = "{\"x\":{\"y\":[{\"type\":\"null\"}]},\"$ref\":\"#/x/y/0\"}", .valid = "[null]", .invalid = "[1]" }, /* a place that no keyword names */
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		case_check(&cases[i], (agent_schema_options){ 0 });
	}
}

static void a_dialect_may_be_given(void **state)
{
	(void)state;
	static const schema_case draft_7 = { .schema = "{\"items\":[{\"type\":\"integer\"}]}", .valid = "[[1],[1,\"x\"]]", .invalid = "[[\"x\"]]" };
	case_check(&draft_7, (agent_schema_options){ .dialect = AGENT_STR("http://json-schema.org/draft-07/schema#") });
	case_check(&draft_7, (agent_schema_options){ .dialect = AGENT_STR("http://json-schema.org/draft-07/schema"), .closed = true });
	case_refused(&draft_7, (agent_schema_options){ 0 }, "/items: must be a schema");
	case_refused(&draft_7, (agent_schema_options){ .dialect = AGENT_STR("https://x.example/none") }, ": must be \"https://json-schema.org/draft/2020-12/schema\", \"http://json-schema.org/draft-07/schema#\" or a meta-schema of the registry");
	static const schema_case formats = { .schema = "{\"$schema\":\"https://x.example/meta\",\"format\":\"date\",\"minLength\":100}", .valid = "[\"2026-11-22\"]", .invalid = "[\"today\"]",
		.registry = { { "https://x.example/meta", "{\"$vocabulary\":{\"https://json-schema.org/draft/2020-12/vocab/format-assertion\":true}}" } } };
	case_check(&formats, (agent_schema_options){ 0 });
	static const schema_case unknown = { .schema = "{\"$schema\":\"https://x.example/meta\"}",
		.registry = { { "https://x.example/meta", "{\"$vocabulary\":{\"https://x.example/vocab\":true}}" } } };
	case_refused(&unknown, (agent_schema_options){ 0 }, "/$schema: \"https://x.example/meta\" needs the vocabulary \"https://x.example/vocab\", which is not known here");
	static const schema_case circle = { .schema = "{\"$schema\":\"https://x.example/meta\"}", .registry = { { "https://x.example/meta", "{\"$schema\":\"https://x.example/meta\"}" } } };
	case_refused(&circle, (agent_schema_options){ 0 }, "/$schema: must be");
}

static void what_is_not_there_is_refused(void **state)
{
	(void)state;
	static const struct { schema_case one; const char *message; } cases[] = {
		{ { .schema = "{\"items\":{\"$ref\":\"https://x.example/n\"}}" }, "/items/$ref: refers to \"https://x.example/n\", which is neither in the schema nor in the registry" },
		{ { .schema = "{\"$id\":\"https://x.example/\",\"$ref\":\"n\"}" }, "/$ref: refers to \"https://x.example/n\", which is neither" },
		{ { .schema = "{\"$ref\":\"#/$defs/a\"}" }, "/$ref: refers to \"#/$defs/a\", but there is no schema" },
		{ { .schema = "{\"$ref\":\"#a\"}" }, "/$ref: refers to \"#a\", but there is no such anchor" },
		{ { .schema = "{\"$ref\":\"#/%4\"}" }, "/$ref: refers to \"#/%4\", which has a malformed escape" },
		{ { .schema = "{\"$ref\":\"#/%00\"}" }, "/$ref: refers to \"#/%00\", which has a malformed escape" },
		{ { .schema = "{\"$ref\":\"#/enum/00\",\"enum\":[1]}" }, "/$ref: refers to \"#/enum/00\", but there is no schema" },
		{ { .schema = "{\"$ref\":\"#/enum/0\",\"enum\":[1]}" }, "/enum/0: must be a schema" },
		{ { .schema = "{\"$ref\":\"#/a~2\"}" }, "/$ref: refers to \"#/a~2\", but there is no schema" },
		{ { .schema = "{\"$ref\":1}" }, "/$ref: must be a string" },
		{ { .schema = "{\"$id\":\"#a\"}" }, ": has an $id with a fragment: use $anchor" },
		{ { .schema = "{\"$anchor\":\"1a\"}" }, "/$anchor: must be a name" },
		{ { .schema = "{\"$defs\":{\"a\":{\"$anchor\":\"x\"},\"b\":{\"$anchor\":\"x\"}}}" }, "/$defs/b: has the anchor \"x\", which another schema has" },
		{ { .schema = "{\"$defs\":{\"a\":{\"$id\":\"x\"},\"b\":{\"$id\":\"x\"}}}" }, "/$defs/b: has the address \"x\", which another schema has" },
		{ { .schema = "{\"$ref\":\"https://x.example/n#/$defs/a\"}", .registry = { { "https://x.example/n", "{\"$defs\":{\"a\":{\"type\":1}}}" } } }, "https://x.example/n#/$defs/a/type: must be one of" },
		{ { .schema = "{\"$ref\":\"https://x.example/n\"}", .registry = { { "https://x.example/n", "7" } } }, "https://x.example/n#: must be a schema" },
		{ { .schema = "{" DRAFT_7 ",\"$ref\":\"#/definitions/a\",\"definitions\":{\"a\":{}},\"minimum\":1}" }, "/minimum: has no effect beside \"$ref\" in draft 7" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		case_refused(&cases[i].one, closed, cases[i].message);
	}
}

static void loops_that_go_nowhere_are_refused(void **state)
{
	(void)state;
	static const schema_case cases[] = {
		{ .schema = "{\"$ref\":\"#\"}" },
		{ .schema = "{\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"allOf\":[{\"$ref\":\"#/$defs/a\"}]}}}" },
		{ .schema = "{\"anyOf\":[{\"type\":\"string\"},{\"not\":{\"$ref\":\"#\"}}]}" },
		{ .schema = "{\"if\":{\"type\":\"string\"},\"else\":{\"$ref\":\"#\"}}" },
		{ .schema = "{\"dependentSchemas\":{\"a\":{\"$ref\":\"#\"}}}" },
		{ .schema = "{" DRAFT_7 ",\"dependencies\":{\"b\":[\"c\"],\"a\":{\"$ref\":\"#\"}}}" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_error err;
		agent_schema *schema;
		assert_int_equal(case_compile(&cases[i], closed, &schema, &err), AGENT_ERR);
		assert_string_equal(err.code, "ref");
		assert_non_null(strstr(err.message, "applies itself to the same value again"));
	}
	static const schema_case fine = { .schema = "{\"allOf\":[{\"$ref\":\"#/$defs/a\"},{\"$ref\":\"#/$defs/a\"}],\"$defs\":{\"a\":{\"items\":{\"$ref\":\"#\"},\"not\":{\"type\":\"string\"}}}}",
		.valid = "[[[[]],1]]", .invalid = "[[[\"x\"]]]" };
	case_check(&fine, closed);
}

static void dynamic_references_are_replaced_by_who_came_first(void **state)
{
	(void)state;
	static const char tree[] = "{\"$id\":\"https://x.example/tree\",\"$dynamicAnchor\":\"node\",\"properties\":{\"below\":{\"items\":{\"$dynamicRef\":\"#node\"}}}}";
	static const schema_case cases[] = {
		{ .schema = "{\"$id\":\"https://x.example/strict\",\"$dynamicAnchor\":\"node\",\"$ref\":\"tree\",\"required\":[\"v\"]}", .valid = "[{\"v\":1,\"below\":[{\"v\":1}]}]",
			.invalid = "[{\"v\":1,\"below\":[{}]}]", .registry = { { "https://x.example/tree", tree } } },
		{ .schema = "{\"$id\":\"https://x.example/loose\",\"$anchor\":\"node\",\"$ref\":\"tree\",\"required\":[\"v\"]}", .valid = "[{\"v\":1,\"below\":[{}]}]",
			.invalid = "[{}]", .registry = { { "https://x.example/tree", tree } } },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		case_check(&cases[i], closed);
	}
	static const schema_case nowhere = { .schema = "{\"$dynamicRef\":\"#node\"}" };
	case_refused(&nowhere, closed, "/$dynamicRef: refers to \"#node\", but there is no such anchor");
}

/* Known only when it runs. */
static void a_dynamic_loop_ends_with_an_error(void **state)
{
	(void)state;
	static const schema_case one = { .schema = "{\"$dynamicAnchor\":\"x\",\"$dynamicRef\":\"#x\"}" };
	agent_error err;
	agent_schema *schema;
	size_t count;
	assert_int_equal(case_compile(&one, closed, &schema, &err), AGENT_OK);
	assert_int_equal(agent_schema_validate(schema, NULL, NULL, NULL, &count, &err), AGENT_ERR);
	assert_int_equal(err.domain, AGENT_DOMAIN_LIMIT);
	assert_string_equal(err.message, "the schema refers to itself more than 512 times before it comes to an end");
	agent_schema_free(schema);
}

static void faults_name_their_own_place(void **state)
{
	(void)state;
	static const schema_case one = { .schema = "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/t\"},\"b\":{\"$ref\":\"https://x.example/n#/$defs/u\"}},\"$defs\":{\"t\":{\"type\":\"string\"}}}",
		.registry = { { "https://x.example/n", "{\"$defs\":{\"u\":{\"items\":false}}}" } } };
	agent_error err;
	agent_schema *schema;
	agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
	size_t count;
	agent_json *value = case_parse("{\"a\":1,\"b\":[1]}");
	agent_arena *arena = agent_arena_new(100000);
	assert_int_equal(case_compile(&one, closed, &schema, &err), AGENT_OK);
	assert_int_equal(agent_schema_validate(schema, value, arena, faults, &count, &err), AGENT_OK);
	assert_int_equal(count, 2);
	assert_true(agent_str_is(faults[0].instance, "/a") && agent_str_is(faults[0].schema, "/$defs/t/type"));
	assert_int_equal(faults[0].types, AGENT_TYPE_STRING);
	assert_true(agent_str_is(faults[1].instance, "/b/0") && agent_str_is(faults[1].schema, "https://x.example/n#/$defs/u/items"));
	agent_arena_free(arena);
	agent_json_free(value);
	agent_schema_free(schema);
}

static agent_status scenario(void *state, agent_error *err)
{
	static const char schema_text[] = "{\"$id\":\"https://x.example/root\",\"properties\":{\"a\":{\"$ref\":\"n#t\"},\"b\":{\"$ref\":\"#/$defs/b\"},"
		"\"c\":{\"$ref\":\"http://json-schema.org/draft-07/schema\"}},\"$defs\":{\"b\":{\"dependentRequired\":{\"x\":[\"y\"]}}}}";
	static const char other_text[] = "{\"$defs\":{\"t\":{\"$anchor\":\"t\",\"patternProperties\":{\"^a\":{\"type\":\"null\"}},\"propertyNames\":{\"maxLength\":2}}}}";
	static const char value_text[] = "{\"a\":{\"abc\":1},\"b\":{\"x\":1},\"c\":{\"type\":7}}";
	agent_status status = AGENT_ERR;
	agent_json *document = NULL, *other = NULL, *value = NULL;
	agent_schema *schema = NULL;
	agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
	size_t count = 0;
	agent_arena *arena = agent_arena_new(100000);
	(void)state;
	if (arena == NULL) {
		return agent_fail_memory(err);
	}
	if (agent_json_parse(agent_str_cstr(schema_text), AGENT_JSON_LIMITS, "schema", &document, err) == AGENT_OK
		&& agent_json_parse(agent_str_cstr(other_text), AGENT_JSON_LIMITS, "other", &other, err) == AGENT_OK
		&& agent_json_parse(agent_str_cstr(value_text), AGENT_JSON_LIMITS, "value", &value, err) == AGENT_OK) {
		agent_schema_resource registry = { AGENT_STR("https://x.example/n"), other };
		agent_schema_options options = { .registry = &registry, .registry_count = 1 };
		status = agent_schema_compile(document, &options, &schema, err);
		status = status == AGENT_OK ? agent_schema_validate(schema, value, arena, faults, &count, err) : status;
	}
	if (status == AGENT_OK && count != 4) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "count", "%zu faults, not 4", count);
	}
	agent_schema_free(schema);
	agent_json_free(document);
	agent_json_free(other);
	agent_json_free(value);
	agent_arena_free(arena);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("schema references", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_are_followed),
		cmocka_unit_test(a_dialect_may_be_given),
		cmocka_unit_test(what_is_not_there_is_refused),
		cmocka_unit_test(loops_that_go_nowhere_are_refused),
		cmocka_unit_test(dynamic_references_are_replaced_by_who_came_first),
		cmocka_unit_test(a_dynamic_loop_ends_with_an_error),
		cmocka_unit_test(faults_name_their_own_place),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 * contract/schema: what validating may cost. No memory at all where the value is as it should be, and an end to all that is hostile:
 * explosions, depth, long lists, enormous schemas. Costs are counted in steps; no clock is asked.
 */
#include "tests/support/schema_case.h"
#include "tests/support/torture.h"

static const agent_schema_options strict = { .formats = true, .closed = true };

/* "<first><each>,<each>…<last>": each with its number for @ and the next for ~ */
static char *series(agent_buf *out, const char *first, const char *each, int count, const char *last)
{
	agent_buf_init(out, 4 * 1024 * 1024);
	agent_buf_add(out, agent_str_cstr(first));
	for (int i = 0; i < count; i++) {
		agent_buf_add(out, i > 0 && each[0] != '[' && each[0] != ']' ? AGENT_STR(",") : AGENT_STR_EMPTY);
		for (const char *p = each; *p != '\0'; p++) {
			if (*p == '@' || *p == '~') {
				agent_buf_add_int(out, i + (*p == '~'));
			} else {
				agent_buf_add_char(out, *p);
			}
		}
	}
	agent_buf_add(out, agent_str_cstr(last));
	agent_buf_add_char(out, '\0');
	assert_int_equal(out->fault, AGENT_BUF_FINE);
	return out->ptr;
}

static agent_schema *compile(const char *text)
{
	agent_error err;
	agent_schema *schema;
	const schema_case one = { .schema = text };
	if (case_compile(&one, strict, &schema, &err) != AGENT_OK) {
		fail_msg("%.200s: %s", text, err.message);
	}
	return schema;
}

static void valid_values_need_no_memory(void **state)
{
	(void)state;
	static const struct { const char *schema, *value; } cases[] = {
		{ "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"string\",\"pattern\":\"^(?:[A-Z]{3})-[0-9]{5}$\"},\"m\":{\"format\":\"uri\"},\"x\":{\"multipleOf\":0.01}},\"required\":[\"n\"],"
			"\"patternProperties\":{\"^p\":{\"enum\":[1,\"a\",null,{\"a\":[1]}]}},\"additionalProperties\":false,\"propertyNames\":{\"maxLength\":3,\"pattern\":\"^[a-z]+\",\"not\":{\"const\":\"bad\"}}}",
			"{\"n\":\"ABC-12345\",\"m\":\"https://x.example/\",\"x\":19.99,\"p1\":{\"a\":[1.0]}}" },
		{ "{\"unevaluatedProperties\":{\"type\":\"null\"},\"anyOf\":[{\"properties\":{\"a\":{\"type\":\"string\"}}},{\"properties\":{\"b\":true},\"required\":[\"b\"]}],\"if\":{\"required\":[\"c\"]},\"then\":{\"properties\":{\"c\":true}},"
			"\"dependentSchemas\":{\"d\":{\"properties\":{\"d\":true}}},\"dependentRequired\":{\"d\":[\"c\"]}}", "{\"a\":\"x\",\"b\":null,\"c\":2,\"d\":3,\"e\":null}" },
		{ "{\"unevaluatedItems\":false,\"prefixItems\":[true],\"contains\":{\"type\":\"string\"},\"maxContains\":2,\"oneOf\":[{\"maxItems\":1},{\"minItems\":2}]}", "[1,\"a\",\"b\"]" },
		{ "{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}", "{\"$defs\":{\"a\":{\"type\":\"string\",\"minLength\":1,\"allOf\":[{\"$ref\":\"#\"}]}}}" },
		{ "{\"uniqueItems\":true}", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,[1],[2],{\"a\":1},{\"a\":2},\"a\",\"b\",null,true,false,1.5]" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_error err = { 0 };
		agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
		size_t count = 1;
		agent_schema *schema = compile(cases[i].schema);
		agent_json *value = case_parse(cases[i].value);
		agent_arena *arena = agent_arena_new(100000);
		torture_starve(true);
		agent_status status = agent_schema_validate(schema, value, arena, faults, &count, &err);
		torture_starve(false);
		if (status != AGENT_OK || count != 0) {
			fail_msg("%s: %zu faults, %s", cases[i].schema, count, err.message);
		}
		assert_int_equal(agent_arena_used(arena), 0);
		agent_arena_free(arena);
		agent_json_free(value);
		agent_schema_free(schema);
	}
}

static void long_arrays_need_no_memory(void **state)
{
	(void)state;
	agent_buf text;
	agent_error err;
	size_t count;
	agent_schema *schema = compile("{\"uniqueItems\":true,\"items\":{\"minProperties\":1},\"unevaluatedItems\":false}");
	agent_json *value = case_parse(series(&text, "[", "{\"n\":@}", 20000, "]"));
	torture_starve(true);
	agent_status status = agent_schema_validate(schema, value, NULL, NULL, &count, &err);
	torture_starve(false);
	assert_int_equal(status, AGENT_OK);
	assert_int_equal(count, 0);
	agent_json_free(value);
	agent_buf_clear(&text);
	value = case_parse(series(&text, "[", "{\"n\":@}", 20000, ",{\"n\":4095.0}]")); /* in another block */
	agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
	agent_arena *arena = agent_arena_new(100000);
	assert_int_equal(agent_schema_validate(schema, value, arena, faults, &count, &err), AGENT_OK);
	assert_int_equal(count, 1);
	assert_true(agent_str_is(faults[0].message, "must not hold the same item twice: items 4095 and 20000 are equal"));
	agent_arena_free(arena);
	agent_json_free(value);
	agent_schema_free(schema);
	agent_buf_clear(&text);
}

/* Ends with schema_limit, whether faults are wanted or not. */
static void ends(const char *schema_text, const char *value_text)
{
	agent_error err = { 0 };
	size_t count;
	agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
	agent_schema *schema = compile(schema_text);
	agent_json *value = case_parse(value_text);
	agent_arena *arena = agent_arena_new(1000000);
	for (int told = 0; told < 2; told++) {
		assert_int_equal(agent_schema_validate(schema, value, arena, told ? faults : NULL, &count, &err), AGENT_ERR);
		assert_int_equal(err.domain, AGENT_DOMAIN_LIMIT);
		assert_string_equal(err.code, "schema_limit");
	}
	agent_arena_free(arena);
	agent_json_free(value);
	agent_schema_free(schema);
}

static void explosions_end(void **state)
{
	(void)state;
	agent_buf schema, value;
	/* each doubles the work of the next */
	ends(series(&schema, "{\"$ref\":\"#/$defs/x0\",\"$defs\":{", "\"x@\":{\"allOf\":[{\"$ref\":\"#/$defs/x~\"},{\"$ref\":\"#/$defs/x~\"}]}", 100, ",\"x100\":true}}"), "1");
	agent_buf_clear(&schema);
	ends(series(&schema, "{\"$ref\":\"#/$defs/x0\",\"$defs\":{", "\"x@\":{\"oneOf\":[{\"$ref\":\"#/$defs/x~\"},{\"$ref\":\"#/$defs/x~\"}]}", 60, ",\"x60\":{\"type\":\"null\"}}}"), "1");
	agent_buf_clear(&schema);
	ends(series(&schema, "{\"$ref\":\"#/$defs/x0\",\"$defs\":{", "\"x@\":{\"unevaluatedItems\":false,\"anyOf\":[{\"$ref\":\"#/$defs/x~\"},{\"prefixItems\":[true]}]}", 40, ",\"x40\":{\"prefixItems\":[true]}}}"), "[1]");
	agent_buf_clear(&schema);
	/* twice at each step into the value */
	series(&value, "", "[", 60, "");
	value.len--;
	series(&schema, "", "]", 60, "");
	agent_buf_add(&value, agent_buf_str(&schema));
	ends("{\"items\":{\"$ref\":\"#\"},\"allOf\":[{\"items\":{\"$ref\":\"#\"}}]}", value.ptr);
	agent_buf_clear(&value);
	agent_buf_clear(&schema);
	/* members times branches */
	series(&schema, "{\"unevaluatedProperties\":false,\"anyOf\":[", "{\"properties\":{\"p@\":true},\"unevaluatedProperties\":{\"type\":\"null\"}}", 300, "]}");
	series(&value, "{", "\"p@\":null", 5000, "}");
	ends(schema.ptr, value.ptr);
	agent_buf_clear(&schema);
	/* members times patterns */
	series(&schema, "{\"patternProperties\":{", "\"^p@\":true", 1000, "}}");
	ends(schema.ptr, value.ptr);
	agent_buf_clear(&schema);
	agent_buf_clear(&value);
	/* more items than can be compared */
	series(&value, "[", "@", 300000, "]");
	ends("{\"uniqueItems\":true}", value.ptr);
	agent_buf_clear(&value);
	/* items times schemas */
	series(&schema, "{\"items\":{\"allOf\":[", "{\"minimum\":@}", 2000, "]}}");
	series(&value, "[", "1999", 3000, "]");
	ends(schema.ptr, value.ptr);
	agent_buf_clear(&schema);
	agent_buf_clear(&value);
}

/* A text or a name that is looked at again and again costs its length each time. */
static void long_texts_end(void **state)
{
	(void)state;
	static const struct { const char *first, *each, *last; bool name; } cases[] = {
		{ "{\"allOf\":[", "{\"format\":\"uri-reference\"}", "]}", false },
		{ "{\"allOf\":[", "{\"format\":\"json-pointer\"}", "]}", false },
		{ "{\"anyOf\":[", "{\"required\":[\"a\"]}", "]}", true },
		{ "{\"allOf\":[", "{\"additionalProperties\":true}", "]}", true },
		{ "{\"allOf\":[", "{\"propertyNames\":{}}", "]}", true },
		{ "{\"anyOf\":[", "{\"const\":{\"a\":@}}", "]}", true },
		{ "{\"unevaluatedProperties\":false,\"allOf\":[", "{\"properties\":{\"a\":true}}", "]}", true },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_buf schema, value;
		agent_buf_init(&value, 1024 * 1024);
		agent_buf_add(&value, cases[i].name ? AGENT_STR("{\"/") : AGENT_STR("\"/"));
		while (value.len < 900000) {
			agent_buf_add_char(&value, 'k');
		}
		agent_buf_add(&value, cases[i].name ? AGENT_STR("\":1}") : AGENT_STR("\""));
		agent_buf_add_char(&value, '\0');
		ends(series(&schema, cases[i].first, cases[i].each, 2000, cases[i].last), value.ptr);
		agent_buf_clear(&schema);
		agent_buf_clear(&value);
	}
}

/* What an alternative has against a value that another one takes is not kept while the faults of others are told. */
static void faults_take_memory_for_themselves_only(void **state)
{
	(void)state;
	agent_buf text;
	agent_error err = { 0 };
	agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
	size_t count;
	agent_schema *schema = compile("{\"items\":{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"string\"}]}}");
	agent_json *value = case_parse(series(&text, "[", "\"@\"", 20000, ",null]"));
	agent_arena *arena = agent_arena_new(1000);
	assert_int_equal(agent_schema_validate(schema, value, arena, faults, &count, &err), AGENT_OK);
	assert_int_equal(count, 1);
	assert_true(agent_str_is(faults[0].instance, "/20000"));
	agent_arena_free(arena);
	agent_json_free(value);
	agent_schema_free(schema);
	agent_buf_clear(&text);
}

/* Looked up, not searched. */
static void long_enums_are_cheap(void **state)
{
	(void)state;
	agent_buf schema, value;
	agent_error err;
	size_t count;
	agent_schema *program = compile(series(&schema, "{\"items\":{\"enum\":[null,{\"a\":1.0},\"x\",", "@", 3000, "]}}"));
	agent_json *list = case_parse(series(&value, "[", "2999", 20000, ",null,{\"a\":1},\"x\",7.0]"));
	assert_int_equal(agent_schema_validate(program, list, NULL, NULL, &count, &err), AGENT_OK);
	assert_int_equal(count, 0);
	case_values("a long enum", program, "[[0],[\"x\",1e0]]", true);
	case_values("a long enum", program, "[[3000],[\"y\"],[{\"a\":2}],[false],[0.5]]", false);
	agent_json_free(list);
	agent_schema_free(program);
	agent_buf_clear(&value);
	agent_buf_clear(&schema);
	const schema_case names = { .schema = series(&schema, "{\"propertyNames\":{\"enum\":[", "\"n@\"", 100, "]}}"), .valid = "[{\"n0\":1,\"n99\":1}]", .invalid = "[{\"n100\":1}]" };
	case_check(&names, strict);
	agent_buf_clear(&schema);
}

static void chains_have_a_length(void **state)
{
	(void)state;
	agent_buf schema;
	ends(series(&schema, "{\"$ref\":\"#/$defs/x0\",\"$defs\":{", "\"x@\":{\"$ref\":\"#/$defs/x~\"}", 20000, ",\"x20000\":true}}"), "1");
	agent_buf_clear(&schema);
	const schema_case fine = { .schema = series(&schema, "{\"$ref\":\"#/$defs/x0\",\"$defs\":{", "\"x@\":{\"$ref\":\"#/$defs/x~\"}", 500, ",\"x500\":{\"type\":\"null\"}}}"), .valid = "[null]", .invalid = "[1]" };
	case_check(&fine, strict);
	agent_buf_clear(&schema);
}

static void schemas_have_a_depth_and_a_size(void **state)
{
	(void)state;
	agent_error err;
	agent_schema *schema;
	agent_buf text;
	agent_json *document = agent_json_new_object(); /* deeper than any text */
	for (int i = 0; i < 70; i++) {
		agent_json *outer = agent_json_new_object();
		assert_true(agent_json_add(outer, AGENT_STR("not"), document));
		document = outer;
	}
	assert_int_equal(agent_schema_compile(document, NULL, &schema, &err), AGENT_ERR);
	assert_string_equal(err.code, "depth");
	agent_json_free(document);
	const schema_case large = { .schema = series(&text, "{\"properties\":{", "\"p@\":{\"type\":\"string\"}", 30000, "}}"), .valid = "[{\"p29999\":\"x\"}]", .invalid = "[{\"p29999\":1}]" };
	case_check(&large, strict);
	agent_buf_clear(&text);
	const schema_case huge = { .schema = series(&text, "{\"allOf\":[", "{\"not\":{}}", 200000, "]}") };
	assert_int_equal(case_compile(&huge, strict, &schema, &err), AGENT_ERR);
	assert_string_equal(err.code, "too_large");
	agent_buf_clear(&text);
}

static agent_status scenario(void *state, agent_error *err)
{
	static const char schema_text[] = "{\"$id\":\"https://x.example/a\",\"$dynamicAnchor\":\"n\",\"unevaluatedProperties\":false,\"allOf\":[{\"$ref\":\"b\"}],\"contains\":{\"const\":1},\"maxContains\":1,"
		"\"dependentRequired\":{\"a\":[\"z\"]},\"if\":{\"required\":[\"a\"]},\"then\":{\"propertyNames\":{\"maxLength\":2}},\"$defs\":{\"b\":{\"$id\":\"b\",\"$dynamicAnchor\":\"n\",\"properties\":{\"a\":{\"$dynamicRef\":\"#n\"}}}}}";
	static const char value_text[] = "{\"a\":[1,1],\"long\":[2]}";
	agent_status status = AGENT_ERR;
	agent_json *document = NULL, *value = NULL;
	agent_schema *schema = NULL;
	agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
	size_t count = 0;
	agent_arena *arena = agent_arena_new(100000);
	(void)state;
	if (arena == NULL) {
		return agent_fail_memory(err);
	}
	if (agent_json_parse(agent_str_cstr(schema_text), AGENT_JSON_LIMITS, "schema", &document, err) == AGENT_OK
		&& agent_json_parse(agent_str_cstr(value_text), AGENT_JSON_LIMITS, "value", &value, err) == AGENT_OK) {
		status = agent_schema_compile(document, &strict, &schema, err);
		status = status == AGENT_OK ? agent_schema_validate(schema, value, arena, faults, &count, err) : status;
	}
	if (status == AGENT_OK && count != 4) { /* z, contains, the name, unevaluated */
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "count", "%zu faults, not 4", count);
	}
	agent_schema_free(schema);
	agent_json_free(document);
	agent_json_free(value);
	agent_arena_free(arena);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("schema unevaluated", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_values_need_no_memory),
		cmocka_unit_test(long_arrays_need_no_memory),
		cmocka_unit_test(explosions_end),
		cmocka_unit_test(long_texts_end),
		cmocka_unit_test(faults_take_memory_for_themselves_only),
		cmocka_unit_test(long_enums_are_cheap),
		cmocka_unit_test(chains_have_a_length),
		cmocka_unit_test(schemas_have_a_depth_and_a_size),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

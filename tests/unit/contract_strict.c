/* SPDX-License-Identifier: MIT
 * contract/strict: a derived schema lets nothing through that its source refuses, and nothing is lost that the source lets through.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/contract/schema.h"
#include "ext/contract/strict.h"
#include "tests/support/torture.h"

#define OBJECT "\"type\":\"object\",\"additionalProperties\":false"
#define DRAWS 3000

/* openai, anthropic: the derived schema, or "" for one that must be derivable, or NULL with a word of why it is not. */
static const struct { const char *source, *openai, *anthropic, *why_openai, *why_anthropic; } rows[] = {
	{ "{" OBJECT "}", "{\"type\":\"object\",\"properties\":{},\"required\":[],\"additionalProperties\":false}", "{\"type\":\"object\",\"properties\":{},\"required\":[],\"additionalProperties\":false}", 0, 0 },
	{ "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"," OBJECT ",\"required\":[\"n\"],\"properties\":{\"n\":{\"type\":\"string\",\"title\":\"Number\",\"pattern\":\"^[A-Z]{3}-[0-9]{5}$\",\"examples\":[\"x\"]},"
		"\"k\":{\"type\":\"integer\",\"default\":3}}}",
		"{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"string\",\"title\":\"Number\",\"pattern\":\"^[A-Z]{3}-[0-9]{5}$\"},\"k\":{\"type\":[\"integer\",\"null\"]}},\"required\":[\"n\",\"k\"],\"additionalProperties\":false}",
		"{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"string\",\"title\":\"Number\",\"pattern\":\"^[A-Z]{3}-[0-9]{5}$\"},\"k\":{\"type\":\"integer\"}},\"required\":[\"n\"],\"additionalProperties\":false}", 0, 0 },
	{ "{" OBJECT ",\"properties\":{\"e\":{\"type\":\"string\",\"enum\":[\"a\",\"b\"]},\"c\":{\"type\":\"integer\",\"const\":7},\"t\":{\"type\":[\"string\",\"integer\"]}}}",
		"{\"type\":\"object\",\"properties\":{\"e\":{\"anyOf\":[{\"type\":\"string\",\"enum\":[\"a\",\"b\"]},{\"type\":\"null\"}]},\"c\":{\"anyOf\":[{\"type\":\"integer\",\"const\":7},{\"type\":\"null\"}]},"
		"\"t\":{\"anyOf\":[{\"type\":[\"string\",\"integer\"]},{\"type\":\"null\"}]}},\"required\":[\"e\",\"c\",\"t\"],\"additionalProperties\":false}", "", 0, 0 },
	{ "{" OBJECT ",\"properties\":{\"q\":{\"type\":\"number\",\"minimum\":0.5,\"maximum\":9,\"multipleOf\":0.5},\"l\":{\"type\":\"array\",\"items\":{\"type\":\"boolean\"},\"minItems\":1,\"maxItems\":2}}}", "", NULL, 0, "/properties/q: minimum" },
	{ "{" OBJECT ",\"properties\":{\"l\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"format\":\"email\"},\"minItems\":1}}}", "", "", 0, 0 },
	{ "{" OBJECT ",\"required\":[\"a\"],\"properties\":{\"a\":{" OBJECT ",\"required\":[\"x\"],\"properties\":{\"x\":{\"type\":\"integer\"},\"y\":{" OBJECT ",\"properties\":{\"z\":{\"type\":\"integer\"}}}}},\"b\":{\"type\":\"array\",\"items\":{" OBJECT ",\"properties\":{\"u\":{\"type\":\"integer\"}}}}}}", "", "", 0, 0 },
	{ "{" OBJECT ",\"required\":[\"v\"],\"properties\":{\"v\":{\"anyOf\":[{\"type\":\"integer\"},{" OBJECT ",\"required\":[\"x\"],\"properties\":{\"x\":{\"type\":\"string\"}}}]},\"w\":{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"string\"}]}}}", "", "", 0, 0 },
	{ "{" OBJECT ",\"required\":[\"r\"],\"properties\":{\"r\":{\"$ref\":\"#/$defs/d\"},\"s\":{\"$ref\":\"#/$defs/d\",\"description\":\"d\"}},\"$defs\":{\"e\":{\"type\":\"integer\"},\"d\":{" OBJECT ",\"properties\":{\"x\":{\"$ref\":\"#/$defs/e\"}}}}}", "", "", 0, 0 },
	{ "{" OBJECT ",\"properties\":{\"r\":{\"$ref\":\"#/$defs/d\"}},\"$defs\":{\"d\":{" OBJECT ",\"properties\":{\"v\":{\"type\":\"integer\"},\"next\":{\"$ref\":\"#/$defs/d\"}}}}}", "", NULL, 0, "/$defs/d/properties/next: $ref" },
	{ "{" OBJECT ",\"required\":[\"n\"],\"properties\":{\"n\":{\"type\":[\"string\",\"null\"]}}}", "", "", 0, 0 },
	{ "{" OBJECT ",\"required\":[\"a/b~c\"],\"properties\":{\"a/b~c\":{\"type\":\"string\"},\"\":{\"type\":\"string\"}}}", "", "", 0, 0 },
	/* what cannot be said */
	{ "{" OBJECT ",\"properties\":{\"n\":{\"type\":[\"string\",\"null\"]}}}", NULL, "", "/properties/n: an optional property that may be null", 0 },
	{ "{" OBJECT ",\"properties\":{\"n\":{\"$ref\":\"#/$defs/d\"}},\"$defs\":{\"d\":{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}]}}}", NULL, "", "/properties/n: an optional property that may be null", 0 },
	{ "{" OBJECT ",\"properties\":{\"n\":{\"type\":\"string\",\"minLength\":1}}}", NULL, NULL, "/properties/n: minLength is not known there", "minLength" },
	{ "{" OBJECT ",\"properties\":{\"n\":{\"type\":\"string\",\"format\":\"uri\"}}}", NULL, "", "format", 0 },
	{ "{" OBJECT ",\"properties\":{\"n\":{\"type\":\"string\",\"pattern\":\"^(?!x)\"}}}", NULL, NULL, "pattern", "pattern" },
	{ "{" OBJECT ",\"properties\":{\"n\":{\"type\":\"string\",\"pattern\":\"(a)\\\\1\"}}}", NULL, NULL, "pattern", "pattern" },
	{ "{" OBJECT ",\"properties\":{\"n\":{\"type\":\"string\",\"pattern\":\"^(?:a|b)\\\\.$\"}}}", "", "", 0, 0 },
	{ "{" OBJECT ",\"properties\":{\"n\":{\"enum\":[1,2]}}}", NULL, NULL, "must have a type", "must have a type" },
	{ "{" OBJECT ",\"properties\":{\"n\":{}}}", NULL, NULL, "must have a type", "must have a type" },
	{ "{" OBJECT ",\"properties\":{\"n\":true}}", NULL, NULL, "true and false", "true and false" },
	{ "{" OBJECT ",\"properties\":{\"n\":{\"type\":\"object\",\"additionalProperties\":true}}}", NULL, NULL, "not closed", "not closed" },
	{ "{\"type\":\"object\",\"unevaluatedProperties\":false}", NULL, NULL, "unevaluatedProperties", "unevaluatedProperties" },
	{ "{" OBJECT ",\"properties\":{\"n\":{" OBJECT ",\"properties\":{\"m\":{\"type\":\"integer\"}},\"enum\":[{\"m\":1},{}]}}}", NULL, NULL, "not a scalar", "not a scalar" },
	{ "{" OBJECT ",\"properties\":{\"v\":{\"anyOf\":[{" OBJECT ",\"properties\":{\"x\":{\"type\":\"string\"}}},{\"type\":\"integer\"}]}}}", NULL, "", "inside an alternative", 0 },
	{ "{" OBJECT ",\"required\":[\"v\"],\"properties\":{\"v\":{\"anyOf\":[{\"$ref\":\"#/$defs/d\"},{\"type\":\"integer\"}]}},\"$defs\":{\"d\":{" OBJECT ",\"properties\":{\"x\":{\"type\":\"string\"}}}}}", NULL, "", "optional properties in a definition", 0 },
	{ "{" OBJECT ",\"anyOf\":[{\"type\":\"object\"}]}", NULL, NULL, "the root", "the root" },
	{ "{" OBJECT ",\"properties\":{\"v\":{\"oneOf\":[{\"type\":\"integer\"}]}}}", NULL, NULL, "oneOf", "oneOf" },
	{ "{" OBJECT ",\"properties\":{\"v\":{\"type\":\"array\"}}}", NULL, NULL, "items", "items" },
	{ "{" OBJECT ",\"properties\":{\"v\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"minItems\":2}}}", "", NULL, 0, "minItems" },
	{ "{" OBJECT ",\"properties\":{\"v\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"uniqueItems\":true}}}", NULL, NULL, "uniqueItems", "uniqueItems" },
	{ "{" OBJECT ",\"required\":[\"z\"],\"properties\":{}}", NULL, NULL, "without a schema", "without a schema" },
	{ "{" OBJECT ",\"properties\":{\"v\":{\"$ref\":\"#\"}}}", NULL, NULL, "$ref", "$ref" },
	{ "{" OBJECT ",\"properties\":{\"v\":{\"type\":\"string\",\"required\":[\"x\"]}}}", NULL, NULL, "need not be an object", "need not be an object" },
	{ "{" OBJECT ",\"properties\":{\"v\":{\"$ref\":\"#/$defs/e\",\"maximum\":3}},\"$defs\":{\"e\":{\"type\":\"integer\"}}}", NULL, NULL, "beside $ref", "beside $ref" },
};

static agent_json *parse(const char *text)
{
	agent_error err;
	agent_json *node;
	if (agent_json_parse(agent_str_cstr(text), AGENT_JSON_LIMITS, "the text", &node, &err) != AGENT_OK) {
		fail_msg("%s: %s", text, err.message);
	}
	return node;
}

static agent_schema *compile(agent_json *document)
{
	const agent_schema_options options = { .formats = true, .closed = true };
	agent_error err;
	agent_schema *schema;
	if (agent_schema_compile(document, &options, &schema, &err) != AGENT_OK) {
		fail_msg("%s", err.message);
	}
	return schema;
}

static bool fits(const agent_schema *schema, const agent_json *value)
{
	agent_error err;
	size_t count = 1;
	assert_int_equal(agent_schema_validate(schema, value, NULL, NULL, &count, &err), AGENT_OK);
	return count == 0;
}

static agent_json *derive(const agent_json *source, agent_strict_form form, agent_strict *strict)
{
	agent_error err;
	assert_int_equal(agent_strict_derive(source, form, strict, &err), AGENT_OK);
	assert_true((strict->document == NULL) == (strict->why[0] != '\0'));
	return strict->document;
}

static void a_schema_is_said_exactly_or_not_at_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (int form = AGENT_STRICT_OPENAI; form <= AGENT_STRICT_ANTHROPIC; form++) {
			const char *expected = form == AGENT_STRICT_OPENAI ? rows[i].openai : rows[i].anthropic;
			const char *why = form == AGENT_STRICT_OPENAI ? rows[i].why_openai : rows[i].why_anthropic;
			agent_json *source = parse(rows[i].source);
			agent_schema_free(compile(source));
			agent_strict strict;
			agent_json *derived = derive(source, (agent_strict_form)form, &strict);
			agent_buf text;
			agent_buf_init(&text, 100000);
			agent_json_write(derived, &text);
			if ((derived != NULL) != (expected != NULL) || (derived != NULL && expected[0] != '\0' && !agent_str_is(agent_buf_str(&text), expected))
				|| (why != NULL && agent_str_find(agent_str_cstr(strict.why), agent_str_cstr(why), 0) == (size_t)-1)) {
				fail_msg("%s, form %d: %.*s %s", rows[i].source, form, AGENT_STR_ARG(agent_buf_str(&text)), strict.why);
			}
			agent_buf_clear(&text);
			agent_json_free(derived);
			agent_json_free(source);
		}
	}
}

/* --- values --- */

static uint64_t seed = 88172645463325252u;

static unsigned draw(unsigned below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 11) % below;
}

static agent_json *any_scalar(void)
{
	static const char *const texts[] = { "null", "true", "false", "0", "1", "7", "-3", "0.5", "1.0", "9.5", "1e3", "\"\"", "\"a\"", "\"b\"", "\"ABC-12345\"", "\"me@example.com\"",
		"\"https://x.example/\"", "{}", "[]", "[true]", "{\"x\":null}", "{\"x\":\"a\"}", "[null]" };
	return parse(texts[draw(sizeof texts / sizeof *texts)]);
}

static agent_json *typed_scalar(const agent_json *schema)
{
	static const char *const strings[] = { "a", "b", "ABC-12345", "me@example.com", "https://x.example/", "a." };
	const agent_json *type = agent_json_get(schema, "type");
	agent_str name = AGENT_STR_EMPTY;
	if (agent_json_has(schema, "const")) {
		return agent_json_ref(agent_json_get(schema, "const"));
	}
	if (agent_json_count(type) > 0) {
		type = agent_json_at(type, draw((unsigned)agent_json_count(type)));
	}
	(void)agent_json_str(type, &name);
	return agent_str_is(name, "string") ? agent_json_new_str(agent_str_cstr(strings[draw(6)])) : agent_str_is(name, "integer") ? agent_json_new_int((int)draw(9) - 1)
		: agent_str_is(name, "boolean") ? agent_json_new_bool(draw(2) > 0) : agent_str_is(name, "null") ? NULL : any_scalar();
}

/* A value that a schema may like, and often nearly does. */
static agent_json *draw_value(const agent_json *root, const agent_json *schema, int depth)
{
	agent_str key, ref;
	agent_json *value;
	if (depth > 6 || draw(10) == 0) {
		return any_scalar();
	}
	if (agent_json_str(agent_json_get(schema, "$ref"), &ref)) {
		return draw_value(root, agent_json_get(agent_json_get(root, "$defs"), ref.ptr + sizeof "#/$defs/" - 1), depth + 1);
	}
	const agent_json *any = agent_json_get(schema, "anyOf");
	if (any != NULL && draw(3) > 0) {
		return draw_value(root, agent_json_at(any, draw((unsigned)agent_json_count(any))), depth + 1);
	}
	const agent_json *list = agent_json_get(schema, "enum");
	if (list != NULL && draw(4) > 0) {
		return agent_json_ref(agent_json_at(list, draw((unsigned)agent_json_count(list))));
	}
	if (agent_json_has(schema, "properties")) {
		agent_json *object = agent_json_new_object();
		for (agent_json_iter it = agent_json_members(agent_json_get(schema, "properties")); agent_json_member(&it, &key, &value);) {
			unsigned how = draw(5);
			if (how > 0) {
				assert_true(agent_json_add(object, key, how == 1 ? NULL : draw_value(root, value, depth + 1)));
			}
		}
		if (draw(20) == 0) {
			assert_true(agent_json_add(object, AGENT_STR("extra"), NULL));
		}
		return object;
	}
	if (agent_json_has(schema, "items")) {
		agent_json *array = agent_json_new_array();
		for (unsigned n = draw(4); n > 0; n--) {
			assert_true(agent_json_push(array, draw_value(root, agent_json_get(schema, "items"), depth + 1)));
		}
		return array;
	}
	return draw(4) > 0 ? typed_scalar(schema) : any_scalar();
}

/* The other way round than agent_strict_undo: absent optional members as null. Written apart from it, by the derived schema. */
static void spell_out(const agent_json *root, const agent_json *schema, agent_json *value)
{
	agent_str key, ref;
	agent_json *from;
	if (agent_json_str(agent_json_get(schema, "$ref"), &ref)) {
		spell_out(root, agent_json_get(agent_json_get(root, "$defs"), ref.ptr + sizeof "#/$defs/" - 1), value);
		return;
	}
	const agent_json *any = agent_json_get(schema, "anyOf");
	for (size_t i = 0; i < agent_json_count(any); i++) {
		spell_out(root, agent_json_at(any, i), value);
	}
	for (size_t i = 0; agent_json_kind_of(value) == AGENT_JSON_KIND_ARRAY && i < agent_json_count(value); i++) {
		spell_out(root, agent_json_get(schema, "items"), agent_json_at(value, i));
	}
	if (agent_json_kind_of(value) != AGENT_JSON_KIND_OBJECT) {
		return;
	}
	for (agent_json_iter it = agent_json_members(agent_json_get(schema, "properties")); agent_json_member(&it, &key, &from);) {
		if (agent_json_has(value, key.ptr)) {
			spell_out(root, from, agent_json_get(value, key.ptr));
		} else {
			assert_true(agent_json_add(value, key, NULL));
		}
	}
}

static agent_json *copy(const agent_json *value)
{
	agent_buf text;
	agent_buf_init(&text, 100000);
	agent_json_write(value, &text);
	agent_buf_add_char(&text, '\0');
	agent_json *again = parse(text.ptr);
	agent_buf_clear(&text);
	return again;
}

static void refuse(const char *source, const agent_json *value, const char *what)
{
	agent_buf text;
	agent_buf_init(&text, 100000);
	agent_json_write(value, &text);
	agent_buf_add_char(&text, '\0');
	fail_msg("%s: %s: %s", source, what, text.ptr);
}

/* One value: what the derived schema lets through, the source does after the undoing; what the source lets through can be written for it. */
static void compare(const char *text, agent_strict_form form, const agent_json *derived, const agent_schema *strict, const agent_json *source, const agent_schema *loose,
	const agent_json *value, size_t *let_through)
{
	agent_json *undone = copy(value);
	if (form == AGENT_STRICT_OPENAI) {
		agent_strict_undo(source, undone);
	}
	if (fits(strict, value)) {
		++*let_through;
		if (!fits(loose, undone)) {
			refuse(text, value, "the derived schema lets through what the source refuses");
		}
	}
	if (fits(loose, value)) {
		agent_json *spelled = copy(value);
		if (form == AGENT_STRICT_OPENAI) {
			spell_out(derived, derived, spelled);
		}
		if (!fits(strict, spelled)) {
			refuse(text, value, "the derived schema has no way to write what the source lets through");
		}
		agent_json_free(spelled);
	}
	agent_json_free(undone);
}

static void derived_schemas_let_nothing_else_through(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (int form = AGENT_STRICT_OPENAI; form <= AGENT_STRICT_ANTHROPIC; form++) {
			agent_json *source = parse(rows[i].source);
			agent_strict strict;
			agent_json *derived = derive(source, (agent_strict_form)form, &strict);
			if (derived == NULL) {
				agent_json_free(source);
				continue;
			}
			agent_schema *tight = compile(derived);
			agent_schema *loose = compile(source);
			size_t let_through = 0;
			for (int n = 0; n < DRAWS; n++) {
				agent_json *value = draw_value(derived, derived, 0);
				compare(rows[i].source, (agent_strict_form)form, derived, tight, source, loose, value, &let_through);
				agent_json_free(value);
			}
			if (let_through < DRAWS / 60) { /* else nothing was compared */
				fail_msg("%s: only %zu values fit", rows[i].source, let_through);
			}
			agent_schema_free(tight);
			agent_schema_free(loose);
			agent_json_free(derived);
			agent_json_free(source);
		}
	}
}

static void caps_are_kept(void **state)
{
	(void)state;
	static const struct { agent_strict_form form; int count; const char *each, *rest; bool fine; } caps[] = {
		{ AGENT_STRICT_OPENAI, 5000, "\"p%d\":{\"type\":\"integer\"}", "", true }, { AGENT_STRICT_OPENAI, 5001, "\"p%d\":{\"type\":\"integer\"}", "", false },
		{ AGENT_STRICT_ANTHROPIC, 24, "\"p%d\":{\"type\":\"integer\"}", "", true }, { AGENT_STRICT_ANTHROPIC, 25, "\"p%d\":{\"type\":\"integer\"}", "", false },
		{ AGENT_STRICT_ANTHROPIC, 16, "\"p%d\":{\"type\":[\"integer\",\"string\"]}", "", true }, { AGENT_STRICT_ANTHROPIC, 17, "\"p%d\":{\"type\":[\"integer\",\"string\"]}", "", false },
		{ AGENT_STRICT_OPENAI, 500, "\"p%d\":{\"type\":\"integer\",\"enum\":[1,2]}", "", true }, { AGENT_STRICT_OPENAI, 501, "\"p%d\":{\"type\":\"integer\",\"enum\":[1,2]}", "", false },
	};
	agent_json_limits limits = { 1024 * 1024, 64 };
	agent_buf text;
	agent_buf_init(&text, 1024 * 1024);
	for (size_t i = 0; i < sizeof caps / sizeof *caps; i++) {
		agent_buf_reset(&text);
		agent_buf_add_lit(&text, "{" OBJECT ",\"properties\":{");
		for (int n = 0; n < caps[i].count; n++) {
			agent_str each = agent_str_cstr(caps[i].each);
			size_t at = agent_str_find(each, AGENT_STR("%d"), 0);
			agent_buf_add(&text, n > 0 ? AGENT_STR(",") : AGENT_STR_EMPTY);
			agent_buf_add(&text, agent_str_cut(each, 0, at));
			agent_buf_add_int(&text, n);
			agent_buf_add(&text, agent_str_from(each, at + 2));
		}
		agent_buf_add_lit(&text, "}}");
		agent_json *source;
		agent_error err;
		agent_strict strict;
		assert_int_equal(agent_json_parse(agent_buf_str(&text), limits, "source", &source, &err), AGENT_OK);
		if ((derive(source, caps[i].form, &strict) != NULL) != caps[i].fine) {
			fail_msg("%s x %d: %s", caps[i].each, caps[i].count, strict.why);
		}
		agent_json_free(strict.document);
		agent_json_free(source);
	}
	for (int levels = 9; levels <= 11; levels++) { /* the innermost integer stands one below the last object */
		agent_buf_reset(&text);
		for (int n = 1; n < levels; n++) {
			agent_buf_add_lit(&text, "{" OBJECT ",\"required\":[\"o\"],\"properties\":{\"o\":");
		}
		agent_buf_add_lit(&text, "{\"type\":\"integer\"}");
		for (int n = 1; n < levels; n++) {
			agent_buf_add_lit(&text, "}}");
		}
		agent_json *source;
		agent_error err;
		agent_strict strict;
		assert_int_equal(agent_json_parse(agent_buf_str(&text), limits, "source", &source, &err), AGENT_OK);
		assert_int_equal(derive(source, AGENT_STRICT_OPENAI, &strict) != NULL, levels <= 10);
		agent_json_free(strict.document);
		agent_json_free(source);
	}
	agent_buf_clear(&text);
}

static agent_status scenario(void *state, agent_error *err)
{
	(void)state;
	for (size_t i = 0; i < 9; i++) {
		agent_json *source = NULL;
		agent_strict openai = { 0 }, anthropic = { 0 };
		agent_status status = agent_json_parse(agent_str_cstr(rows[i].source), AGENT_JSON_LIMITS, "source", &source, err);
		status = status == AGENT_OK ? agent_strict_derive(source, AGENT_STRICT_OPENAI, &openai, err) : status;
		status = status == AGENT_OK ? agent_strict_derive(source, AGENT_STRICT_ANTHROPIC, &anthropic, err) : status;
		if (status == AGENT_OK && ((openai.document != NULL) != (rows[i].openai != NULL) || (anthropic.document != NULL) != (rows[i].anthropic != NULL))) {
			status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "check", "row %zu: %s %s", i, openai.why, anthropic.why);
		}
		agent_json_free(openai.document);
		agent_json_free(anthropic.document);
		agent_json_free(source);
		if (status != AGENT_OK) {
			return status;
		}
	}
	return AGENT_OK;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("strict", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_schema_is_said_exactly_or_not_at_all),
		cmocka_unit_test(derived_schemas_let_nothing_else_through),
		cmocka_unit_test(caps_are_kept),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

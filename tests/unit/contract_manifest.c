/* SPDX-License-Identifier: MIT
 * contract/manifest and stubs/tools.schema.json: what the schema for editors refuses, the reader refuses too, by place and rule.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ext/contract/manifest.h"
#include "tests/support/torture.h"

#define CLOSED "\"type\":\"object\",\"additionalProperties\":false"
#define OUT "\"output_schema\":{\"type\":\"object\"}"
#define WORDS "\"name\":\"t\",\"description\":\"d\",\"scope\":\"a:b\""
#define TOOL(more) "[{" WORDS ",\"input_schema\":{" CLOSED "}," OUT more "}]"
#define INPUT(schema) "[{" WORDS ",\"input_schema\":" schema "," OUT "}]"
#define WITH(properties) INPUT("{" CLOSED ",\"properties\":{" properties "}}")
#define INNER "\"properties\":{\"x\":{\"type\":\"integer\"}}"

enum verdict { GOOD, BOTH, READER };  /* READER: only the C reader finds it */

static const struct { const char *text; enum verdict verdict; const char *message; } rows[] = {
	{ "[]", GOOD, 0 }, { TOOL(""), GOOD, 0 }, { "{}", BOTH, ": must be an array" }, { "[1]", BOTH, "/0: must be an object" }, { "[{}]", BOTH, "/0/name: is required" },
	/* members */
	{ TOOL(",\"method\":\"GET\",\"url\":\"https://h/x\",\"timeouts_ms\":50,\"retries\":2,\"effect\":\"write\",\"confirm\":false,\"rate\":\"5/10m\",\"examples\":[\"a\"]"), GOOD, 0 },
	{ TOOL(",\"url\":\"http://127.0.0.1:8080/x?y=1\""), GOOD, 0 }, { TOOL(",\"timeout_ms\":50"), BOTH, "/0/timeout_ms: is not known" }, { TOOL(",\"$comment\":\"\""), BOTH, "/0/$comment: is not known" },
	{ TOOL(",\"method\":\"PUT\""), BOTH, "/0/method: must be GET or POST" }, { TOOL(",\"url\":\"ftp://h\""), BOTH, "/0/url" }, { TOOL(",\"url\":\"https:///x\""), BOTH, "/0/url" },
	{ TOOL(",\"url\":\"https://u:p@h/\""), READER, "/0/url: must be an address without a user name" }, { TOOL(",\"url\":\"https://h/#a\""), READER, "/0/url: must be an address without a fragment" },
	{ TOOL(",\"url\":\"\""), BOTH, "/0/url" }, { TOOL(",\"url\":null"), BOTH, "/0/url: must be a string" },
	{ TOOL(",\"timeouts_ms\":49"), BOTH, "/0/timeouts_ms: must be an integer from 50 to 30000" }, { TOOL(",\"timeouts_ms\":30001"), BOTH, "/0/timeouts_ms" }, { TOOL(",\"timeouts_ms\":\"100\""), BOTH, "/0/timeouts_ms" },
	{ TOOL(",\"timeouts_ms\":100.5"), BOTH, "/0/timeouts_ms" }, { TOOL(",\"timeouts_ms\":100.0"), READER, "/0/timeouts_ms: must be an integer" }, { TOOL(",\"retries\":3"), BOTH, "/0/retries" }, { TOOL(",\"retries\":-1"), BOTH, "/0/retries" },
	{ TOOL(",\"effect\":\"delete\""), BOTH, "/0/effect: must be read or write" }, { TOOL(",\"confirm\":1"), BOTH, "/0/confirm: must be true or false" },
	{ TOOL(",\"rate\":\"30\""), BOTH, "/0/rate: must be a rate as 30/m" }, { TOOL(",\"rate\":\"030/m\""), BOTH, "/0/rate" }, { TOOL(",\"rate\":\"0/m\""), BOTH, "/0/rate" }, { TOOL(",\"rate\":\"1/0m\""), BOTH, "/0/rate" },
	{ TOOL(",\"rate\":\"1/d\""), BOTH, "/0/rate" }, { TOOL(",\"rate\":\"1/25h\""), READER, "/0/rate" }, { TOOL(",\"rate\":\"1/m\\n\""), BOTH, "/0/rate" }, { TOOL(",\"rate\":30"), BOTH, "/0/rate: must be a string" },
	{ TOOL(",\"examples\":\"a\""), BOTH, "/0/examples: must be an array" }, { TOOL(",\"examples\":[\"\"]"), BOTH, "/0/examples/0" }, { TOOL(",\"examples\":[1]"), BOTH, "/0/examples/0" },
	{ TOOL(",\"resource\":\"order\""), READER, "/0/resource" }, { TOOL(",\"resource\":1"), BOTH, "/0/resource" }, { TOOL(",\"resource\":\"\""), BOTH, "/0/resource" },
	{ "[{" WORDS ",\"resource\":\"n\",\"input_schema\":{" CLOSED ",\"required\":[\"n\"],\"properties\":{\"n\":{\"type\":\"string\"}}}," OUT "}]", GOOD, 0 },
	{ "[{" WORDS ",\"resource\":\"n\",\"input_schema\":{" CLOSED ",\"properties\":{\"n\":{\"type\":\"string\"}}}," OUT "}]", READER, "/0/resource" },
	{ "[{\"name\":\"a b\",\"description\":\"d\",\"scope\":\"s\",\"input_schema\":{" CLOSED "}," OUT "}]", BOTH, "/0/name: must consist of letters" },
	{ "[{\"name\":\"\",\"description\":\"d\",\"scope\":\"s\",\"input_schema\":{" CLOSED "}," OUT "}]", BOTH, "/0/name" }, { "[{\"name\":\"t\\n\",\"description\":\"d\",\"scope\":\"s\",\"input_schema\":{" CLOSED "}," OUT "}]", BOTH, "/0/name" },
	{ "[{\"name\":\"t\",\"description\":\"\",\"scope\":\"s\",\"input_schema\":{" CLOSED "}," OUT "}]", BOTH, "/0/description" }, { "[{\"name\":\"t\",\"description\":\"d\",\"scope\":\"a b\",\"input_schema\":{" CLOSED "}," OUT "}]", BOTH, "/0/scope" },
	{ "[{\"name\":\"t\",\"description\":\"d\",\"input_schema\":{" CLOSED "}," OUT "}]", BOTH, "/0/scope: is required" }, { "[{" WORDS "," OUT "}]", BOTH, "/0/input_schema: is required" },
	{ "[{" WORDS ",\"input_schema\":{" CLOSED "}}]", BOTH, "/0/output_schema: is required" }, { "[{" WORDS ",\"input_schema\":{" CLOSED "},\"output_schema\":true}]", BOTH, "/0/output_schema: must be an object" },
	{ "[{" WORDS ",\"input_schema\":{" CLOSED "}," OUT "},{" WORDS ",\"input_schema\":{" CLOSED "}," OUT "}]", READER, "/1/name: must not be the name of another tool" },
	/* schemas */
	{ INPUT("true"), BOTH, "/0/input_schema: must be an object" }, { INPUT("{}"), BOTH, "/0/input_schema: must say \"type\": \"object\"" }, { INPUT("{\"type\":[\"object\"],\"additionalProperties\":false}"), BOTH, "/0/input_schema: must say \"type\"" },
	{ INPUT("{\"type\":\"object\"}"), BOTH, "/0/input_schema: must say \"additionalProperties\": false" }, { INPUT("{\"type\":\"object\",\"additionalProperties\":true}"), BOTH, "/0/input_schema" },
	{ INPUT("{\"type\":\"object\",\"unevaluatedProperties\":false}"), GOOD, 0 }, { INPUT("{\"type\":\"object\",\"unevaluatedProperties\":{}}"), BOTH, "/0/input_schema" },
	{ WITH("\"a\":{\"minLenght\":1}"), BOTH, "/0/input_schema/properties/a/minLenght: is not a keyword" }, { WITH("\"a\":{\"type\":\"text\"}"), BOTH, "/0/input_schema/properties/a/type" },
	{ WITH("\"a\":{\"minLength\":-1}"), BOTH, "/0/input_schema/properties/a/minLength" }, { WITH("\"a\":{\"minLength\":1.0}"), GOOD, 0 }, { WITH("\"a\":1"), BOTH, "/0/input_schema/properties/a" }, { WITH("\"a\":{\"anyOf\":[]}"), BOTH, "/0/input_schema/properties/a/anyOf" },
	{ WITH("\"a\":{\"required\":[\"a\",\"a\"]}"), BOTH, "/0/input_schema/properties/a/required" }, { WITH("\"a\":{\"pattern\":\"(\"}"), READER, "/0/input_schema/properties/a/pattern: is no regular expression" },
	{ WITH("\"a\":{\"format\":\"telephone\"}"), READER, "/0/input_schema/properties/a/format" }, { WITH("\"a\":{\"deliver\":\"model\"}"), BOTH, "/0/input_schema/properties/a/deliver" },
	{ "[{" WORDS ",\"input_schema\":{" CLOSED "},\"output_schema\":{\"type\":\"object\",\"properties\":{\"a\":{\"maxLenght\":1}}}}]", BOTH, "/0/output_schema/properties/a/maxLenght" },
	{ "[{" WORDS ",\"input_schema\":{" CLOSED "},\"output_schema\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"object\"}}}}]", GOOD, 0 },
	/* closed all the way down, unless it is said */
	{ WITH("\"a\":{\"type\":\"object\"," INNER "}"), BOTH, "/0/input_schema/properties/a: must say \"additionalProperties\": false (or true, or a schema)" }, { WITH("\"a\":{" CLOSED "," INNER "}"), GOOD, 0 },
	{ WITH("\"a\":{\"type\":\"object\",\"additionalProperties\":true}"), GOOD, 0 }, { WITH("\"a\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}"), GOOD, 0 }, { WITH("\"a\":{\"type\":\"object\",\"unevaluatedProperties\":false}"), GOOD, 0 },
	{ WITH("\"a\":{" INNER "}"), BOTH, "/0/input_schema/properties/a: must say" }, { WITH("\"a\":{\"type\":[\"object\",\"null\"]}"), BOTH, "/0/input_schema/properties/a: must say" }, { WITH("\"a\":{\"type\":[\"string\",\"null\"]}"), GOOD, 0 },
	{ WITH("\"a\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}"), BOTH, "/0/input_schema/properties/a/items: must say" }, { WITH("\"a\":{\"type\":\"array\",\"prefixItems\":[{\"type\":\"integer\"},{\"type\":\"object\"}]}"), BOTH, "/0/input_schema/properties/a/prefixItems/1" },
	{ WITH("\"a\":{\"type\":\"array\",\"items\":{" CLOSED ",\"properties\":{\"b\":{\"type\":\"object\"}}}}"), BOTH, "/0/input_schema/properties/a/items/properties/b: must say" },
	{ WITH("\"a\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"object\"}}"), BOTH, "/0/input_schema/properties/a/additionalProperties: must say" },
	{ INPUT("{" CLOSED ",\"patternProperties\":{\"^x\":{\"type\":\"object\"}}}"), BOTH, "/0/input_schema/patternProperties/^x: must say" }, { WITH("\"a/b\":{\"type\":\"object\"}"), BOTH, "/0/input_schema/properties/a~1b: must say" },
	{ WITH("\"a\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"object\"}]}"), BOTH, "/0/input_schema/properties/a/anyOf/1: must say" }, { WITH("\"a\":{\"anyOf\":[{\"type\":\"string\"},{" CLOSED "}]}"), GOOD, 0 },
	{ WITH("\"a\":{" CLOSED "," INNER ",\"anyOf\":[{\"required\":[\"x\"]},{\"type\":\"object\"}]}"), GOOD, 0 },
	{ WITH("\"a\":{\"unevaluatedProperties\":false,\"allOf\":[{\"type\":\"object\"," INNER "},{" INNER "}]}"), GOOD, 0 }, { WITH("\"a\":{\"allOf\":[{\"type\":\"object\"," INNER "}]}"), BOTH, "/0/input_schema/properties/a/allOf/0: must say" },
	{ INPUT("{\"type\":\"object\",\"unevaluatedProperties\":false,\"allOf\":[{\"properties\":{\"o\":{\"type\":\"object\"}}}]}"), BOTH, "/0/input_schema/allOf/0/properties/o: must say" },
	{ WITH("\"a\":{\"not\":{\"type\":\"object\"}}"), GOOD, 0 }, { WITH("\"a\":{\"if\":{\"type\":\"object\"},\"then\":{\"type\":\"object\"}}"), BOTH, "/0/input_schema/properties/a/then: must say" },
	{ INPUT("{" CLOSED ",\"properties\":{\"a\":{\"type\":\"integer\"}},\"dependentSchemas\":{\"a\":{\"type\":\"object\"}}}"), GOOD, 0 }, { WITH("\"a\":{}"), GOOD, 0 }, { WITH("\"a\":true"), GOOD, 0 },
	/* references */
	{ INPUT("{" CLOSED ",\"properties\":{\"a\":{\"$ref\":\"#/$defs/d\"}},\"$defs\":{\"d\":{" CLOSED "}}}"), GOOD, 0 }, { INPUT("{" CLOSED ",\"properties\":{\"a\":{\"$ref\":\"#\"}}}"), GOOD, 0 },
	{ INPUT("{" CLOSED ",\"properties\":{\"a\":{\"$ref\":\"#/$defs/d\"}},\"$defs\":{\"d\":{\"type\":\"object\"}}}"), READER, "/0/input_schema/properties/a/$ref: must say" },
	{ INPUT("{" CLOSED ",\"properties\":{\"a\":{\"unevaluatedProperties\":false,\"allOf\":[{\"$ref\":\"#/$defs/d\"}]}},\"$defs\":{\"d\":{\"type\":\"object\"," INNER "}}}"), GOOD, 0 },
	{ INPUT("{" CLOSED ",\"properties\":{\"a\":{\"$ref\":\"#/$defs/d\"}},\"$defs\":{\"d\":{" CLOSED ",\"properties\":{\"next\":{\"$ref\":\"#/$defs/d\"},\"o\":{\"type\":\"object\"}}}}}"), READER, "/0/input_schema/properties/a/$ref/properties/o: must say" },
	{ INPUT("{" CLOSED ",\"properties\":{\"a\":{\"$ref\":\"#d\"}},\"$defs\":{\"d\":{\"$anchor\":\"d\",\"type\":\"string\"}}}"), BOTH, "/0/input_schema/properties/a/$ref: must be # or a JSON Pointer" },
	{ INPUT("{" CLOSED ",\"$id\":\"https://x.example/\"}"), BOTH, "/0/input_schema/$id: must not stand" }, { WITH("\"a\":{\"$anchor\":\"a\"}"), BOTH, "/0/input_schema/properties/a/$anchor: must not stand" },
	{ WITH("\"a\":{\"$dynamicAnchor\":\"a\"}"), BOTH, "/0/input_schema/properties/a/$dynamicAnchor: must not stand" },
	{ INPUT("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"," CLOSED "}"), GOOD, 0 }, { INPUT("{\"$schema\":\"http://json-schema.org/draft-07/schema#\"," CLOSED "}"), BOTH, "/0/input_schema/$schema: must be" },
};

static agent_json *parse_text(agent_str text)
{
	agent_error err;
	agent_json *node;
	if (agent_json_parse(text, AGENT_JSON_LIMITS, "the text", &node, &err) != AGENT_OK) {
		fail_msg("%.*s: %s", AGENT_STR_ARG(text), err.message);
	}
	return node;
}

static agent_schema *meta_schema(void)
{
	const char *root = getenv("AGENT_ROOT");
	char path[4096], text[65536];
	snprintf(path, sizeof path, "%s/stubs/tools.schema.json", root != NULL ? root : "../..");
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	size_t len = fread(text, 1, sizeof text, file);
	fclose(file);
	agent_json *document = parse_text((agent_str){ text, len });
	const agent_schema_options options = { .formats = true, .closed = true };
	agent_error err;
	agent_schema *schema;
	if (agent_schema_compile(document, &options, &schema, &err) != AGENT_OK) {
		fail_msg("%s", err.message);
	}
	agent_json_free(document);
	return schema;
}

static void editors_and_the_reader_agree(void **state)
{
	(void)state;
	agent_schema *meta = meta_schema();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		agent_error err = { 0 };
		agent_manifest manifest;
		agent_arena *arena = agent_arena_new(1 << 20);
		agent_json *tools = parse_text(agent_str_cstr(rows[i].text));
		agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
		size_t count;
		assert_int_equal(agent_schema_validate(meta, tools, arena, faults, &count, &err), AGENT_OK);
		bool read = agent_manifest_read(tools, "", arena, &manifest, &err) == AGENT_OK;
		if (read != (rows[i].verdict == GOOD) || (count == 0) != (rows[i].verdict != BOTH)) {
			fail_msg("%s: reader %s, editors %.*s %.*s", rows[i].text, read ? "takes it" : err.message, AGENT_STR_ARG(count > 0 ? faults[0].instance : AGENT_STR("take it")),
				AGENT_STR_ARG(count > 0 ? faults[0].message : AGENT_STR_EMPTY));
		}
		if (!read && strncmp(err.message, rows[i].message, strlen(rows[i].message)) != 0) {
			fail_msg("%s: %s", rows[i].text, err.message);
		}
		agent_manifest_clear(&manifest);
		agent_json_free(tools);
		agent_arena_free(arena);
	}
	agent_schema_free(meta);
}

/* A schema that refers to itself in many ways is looked at once, not for ever. */
static void references_end(void **state)
{
	(void)state;
	agent_buf text;
	agent_error err;
	agent_manifest manifest;
	agent_arena *arena = agent_arena_new(4 << 20);
	agent_buf_init(&text, 1 << 20);
	agent_buf_add_lit(&text, "[{" WORDS "," OUT ",\"input_schema\":{" CLOSED ",\"properties\":{\"a\":{\"$ref\":\"#/$defs/d0\"}},\"$defs\":{");
	for (int i = 0; i < 30; i++) { /* two ways to each next one: 2^30 paths */
		agent_buf_addf(&text, "%s\"d%d\":{" CLOSED ",\"properties\":{\"x\":{\"$ref\":\"#/$defs/d%d\"},\"y\":{\"$ref\":\"#/$defs/d%d\"}}}", i > 0 ? "," : "", i, (i + 1) % 30, (i + 1) % 30);
	}
	agent_buf_add_lit(&text, "}}}]");
	agent_json *tools = parse_text(agent_buf_str(&text));
	assert_int_equal(agent_manifest_read(tools, "", arena, &manifest, &err), AGENT_ERR);
	assert_string_equal(err.code, "depth");
	agent_json_free(tools);
	agent_arena_free(arena);
	agent_buf_clear(&text);
}

static agent_status scenario(void *state, agent_error *err)
{
	(void)state;
	agent_json *tools = NULL;
	agent_manifest manifest = { NULL, 0 };
	agent_arena *arena = agent_arena_new(1 << 20);
	if (arena == NULL) {
		return agent_fail_memory(err);
	}
	agent_status status = agent_json_parse(AGENT_STR(INPUT("{" CLOSED ",\"properties\":{\"a\":{\"$ref\":\"#/$defs/d\"}},\"$defs\":{\"d\":{" CLOSED "}}}")), AGENT_JSON_LIMITS, "tools", &tools, err);
	if (status == AGENT_OK) {
		status = agent_manifest_read(tools, "", arena, &manifest, err);
	}
	if (status == AGENT_OK) {
		status = agent_manifest_strict(&manifest, AGENT_STRICT_OPENAI, arena, err);
	}
	if (status == AGENT_OK && manifest.tools[0].strict_text.len == 0) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "check", "not strict");
	}
	agent_manifest_clear(&manifest);
	agent_json_free(tools);
	agent_arena_free(arena);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("manifest", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(editors_and_the_reader_agree),
		cmocka_unit_test(references_end),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

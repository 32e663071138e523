/* SPDX-License-Identifier: MIT
 * Fuzz target: any bytes as a model's arguments, for a tool that has something of each keyword;
 * what passes, passes again as it is, and what is refused is explained shortly. */
#include <stdio.h>
#include <stdlib.h>

#include "ext/hands/hands.h"

#define OBJECT "\"type\":\"object\",\"additionalProperties\":false"

static const char manifest_text[] = "[{\"name\":\"t\",\"description\":\"d\",\"scope\":\"s\",\"output_schema\":{\"type\":\"object\"},\"input_schema\":{" OBJECT ",\"required\":[\"n\"],\"properties\":{"
	"\"n\":{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}-[0-9]{5}$\"},\"i\":{\"type\":\"integer\",\"maximum\":9},\"m\":{\"type\":\"number\",\"multipleOf\":0.01},\"b\":{\"type\":\"boolean\"},"
	"\"l\":{\"type\":\"array\",\"items\":{\"type\":[\"integer\",\"boolean\"]},\"maxItems\":3},\"o\":{" OBJECT ",\"required\":[\"x\"],\"properties\":{\"x\":{\"type\":\"integer\"},\"y\":{\"$ref\":\"#/$defs/y\"}}},"
	"\"e\":{\"type\":\"string\",\"enum\":[\"a\",\"b\"]},\"lo\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/y\"}}},\"$defs\":{\"y\":{" OBJECT ",\"properties\":{\"z\":{\"type\":\"integer\"},\"y\":{\"$ref\":\"#/$defs/y\"}}}}}},"
	"{\"name\":\"u\",\"description\":\"d\",\"scope\":\"s\",\"output_schema\":{\"type\":\"object\"},\"input_schema\":{\"type\":\"object\",\"unevaluatedProperties\":false,\"properties\":{"
	"\"a\":{\"anyOf\":[{" OBJECT ",\"properties\":{\"x\":{\"type\":\"integer\"}}},{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"uniqueItems\":true}]},\"i\":{\"type\":[\"integer\",\"array\"]},"
	"\"f\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"boolean\"},\"propertyNames\":{\"maxLength\":4}},\"d\":{\"type\":\"string\",\"format\":\"date-time\"},\"c\":{\"const\":1.10}},"
	"\"dependentRequired\":{\"i\":[\"d\"]}}}]";

static agent_manifest manifest;
static agent_schema *strict;
static agent_arena *kept;
static agent_json *tools, *derived;

static void must(bool truth)
{
	if (!truth) {
		abort();
	}
}

static void set_up(void)
{
	agent_error err;
	const agent_schema_options options = { .formats = true, .closed = true };
	kept = agent_arena_new((size_t)1 << 20);
	must(kept != NULL && agent_json_parse(agent_str_cstr(manifest_text), AGENT_JSON_LIMITS, "tools", &tools, &err) == AGENT_OK);
	if (agent_manifest_read(tools, "", kept, &manifest, &err) != AGENT_OK || agent_manifest_strict(&manifest, AGENT_STRICT_OPENAI, kept, &err) != AGENT_OK) {
		fprintf(stderr, "%s\n", err.message);
		abort();
	}
	must(manifest.tools[0].strict_text.len > 0 && manifest.tools[1].strict_text.len == 0);
	must(agent_json_parse(manifest.tools[0].strict_text, AGENT_JSON_LIMITS, "strict", &derived, &err) == AGENT_OK);
	must(agent_schema_compile(derived, &options, &strict, &err) == AGENT_OK);
}

typedef struct answer {
	bool valid;
	agent_str canonical, faults, missing, coercions;
} answer;

static void ask(const agent_tool *tool, agent_str text, agent_arena *arena, bool exact, answer *out)
{
	agent_error err;
	out->coercions = AGENT_STR_EMPTY;
	must(agent_arguments_check(tool, text, arena, &out->valid, &out->canonical, &out->faults, &out->missing, exact ? NULL : &out->coercions, &err) == AGENT_OK);
	must(out->valid == (out->canonical.len > 0) && out->valid == (out->faults.len == 0) && out->faults.len <= 16384);
	if (!out->valid) {
		agent_json *faults;
		must(agent_json_parse(out->faults, AGENT_JSON_LIMITS, "faults", &faults, &err) == AGENT_OK && agent_json_count(faults) > 0);
		agent_json_free(faults);
		must(out->coercions.len == 0);
	}
}

static void judge(const agent_tool *tool, agent_str text, bool enforced)
{
	agent_arena *arena = agent_arena_new((size_t)16 << 20);
	answer exact, heard, again;
	ask(tool, text, arena, true, &exact);
	ask(tool, text, arena, false, &heard);
	if (exact.valid) { /* what fits is left alone */
		must(heard.valid && heard.coercions.len == 0 && agent_str_eq(exact.canonical, heard.canonical));
	}
	must(heard.valid || !enforced);
	if (heard.valid) {
		ask(tool, heard.canonical, arena, true, &again);
		must(again.valid && agent_str_eq(again.canonical, heard.canonical));
	}
	agent_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	agent_error err;
	agent_json *value;
	agent_str text = agent_str_of((const char *)data, size);
	size_t count = 1;
	if (strict == NULL) {
		set_up();
	}
	if (agent_json_parse(text, (agent_json_limits){ 64 * 1024, 16 }, "the text", &value, &err) == AGENT_OK) {
		must(agent_schema_validate(strict, value, NULL, NULL, &count, &err) == AGENT_OK || err.domain == AGENT_DOMAIN_LIMIT);
		agent_json_free(value);
	}
	judge(&manifest.tools[0], text, count == 0);
	judge(&manifest.tools[1], text, false);
	return 0;
}

/* SPDX-License-Identifier: MIT
 * Fuzz target: any bytes as a configuration and as a manifest;
 * a schema that compiles judges the text that it came in. */
#include <stdlib.h>

#include "ext/contract/config.h"

static void must(bool truth)
{
	if (!truth) {
		abort();
	}
}

static void check_error(const agent_error *err)
{
	must(err->domain != AGENT_DOMAIN_NONE && err->domain != AGENT_DOMAIN_INTERNAL && err->code[0] != '\0'
		&& err->message[0] != '\0');
}

static void judge(const agent_schema *schema, const agent_json *value)
{
	agent_error err;
	agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
	size_t count, quiet;
	agent_arena *arena = agent_arena_new((size_t)16 * 1024 * 1024);
	agent_buf out;
	agent_buf_init(&out, (size_t)16 * 1024 * 1024);
	if (agent_schema_validate(schema, value, NULL, NULL, &quiet, &err) != AGENT_OK) {
		check_error(&err);
	} else if (agent_schema_validate(schema, value, arena, faults, &count, &err) != AGENT_OK) {
		check_error(&err);
	} else {
		must((quiet == 0) == (count == 0) && count <= AGENT_SCHEMA_FAULTS);
		agent_schema_faults_write(faults, count, &out);
		must(out.fault == AGENT_BUF_FINE);
	}
	agent_buf_clear(&out);
	agent_arena_free(arena);
}

static void as_manifest(agent_json *tools)
{
	agent_error err;
	agent_manifest manifest;
	agent_arena *arena = agent_arena_new((size_t)16 * 1024 * 1024);
	if (agent_manifest_read(tools, "/tools", arena, &manifest, &err) != AGENT_OK) {
		check_error(&err);
		must(manifest.count == 0);
	}
	for (size_t i = 0; i < manifest.count; i++) {
		must(agent_manifest_find(&manifest, manifest.tools[i].name) == &manifest.tools[i]);
		judge(manifest.tools[i].input, tools);
		judge(manifest.tools[i].output, agent_json_at(tools, i));
	}
	agent_manifest_clear(&manifest);
	agent_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	agent_error err;
	agent_config *config;
	agent_json *node;
	agent_schema *schema;
	agent_str text = agent_str_of((const char *)data, size);
	const agent_schema_options options = { .formats = size % 2 == 0, .closed = size % 3 == 0 };
	if (agent_config_read(text, &config, &err) != AGENT_OK) {
		check_error(&err);
	}
	agent_config_free(config);
	if (agent_json_parse(text, AGENT_JSON_LIMITS, "the text", &node, &err) != AGENT_OK) {
		return 0;
	}
	as_manifest(node);
	/* {"schema": …, "value": …} is judged too. */
	if (agent_schema_compile(agent_json_get(node, "schema"), &options, &schema, &err) == AGENT_OK) {
		judge(schema, agent_json_get(node, "value"));
		agent_schema_free(schema);
	} else {
		check_error(&err);
	}
	agent_json_free(node);
	return 0;
}

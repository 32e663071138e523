/* SPDX-License-Identifier: MIT
 * Fuzz target: any bytes as a schema, under both drafts, open and closed, alone and beside itself in the registry.
 * What compiles judges its own text. */
#include <stdlib.h>

#include "ext/contract/schema.h"

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

static void compile(agent_json *document, const agent_schema_options *options)
{
	agent_error err = { 0 };
	agent_schema *schema, *again;
	size_t count;
	if (agent_schema_compile(document, options, &schema, &err) != AGENT_OK) {
		check_error(&err);
		must(schema == NULL);
		return;
	}
	if (agent_schema_validate(schema, document, NULL, NULL, &count, &err) != AGENT_OK) {
		check_error(&err);
	}
	/* what compiles once compiles again: nothing was changed */
	must(agent_schema_compile(document, options, &again, &err) == AGENT_OK);
	agent_schema_free(again);
	agent_schema_free(schema);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const dialects[] = { "https://json-schema.org/draft/2020-12/schema",
		"http://json-schema.org/draft-07/schema#" };
	agent_error err = { 0 };
	agent_json *document;
	const agent_json_limits limits = { (size_t)64 * 1024, 64 };
	if (agent_json_parse_nul(agent_str_of((const char *)data, size), limits, "the schema", &document, &err) != AGENT_OK) {
		check_error(&err);
		return 0;
	}
	const agent_schema_resource registry[] = { { AGENT_STR("urn:a"), document },
		{ AGENT_STR("http://localhost:1234/b.json"), document } };
	for (int way = 0; way < 4; way++) {
		const agent_schema_options options = { .formats = way != 1, .closed = way == 2, .dialect = agent_str_cstr(dialects[way % 2]),
			.registry = registry, .registry_count = way == 3 ? 0 : 2 };
		compile(document, &options);
	}
	compile(document, NULL);
	agent_json_free(document);
	return 0;
}

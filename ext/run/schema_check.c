/* SPDX-License-Identifier: MIT
 * agent_schema_check: JSON texts of a caller's against a schema of a caller's.
 * Nothing of a site; nothing is fetched. */
#include "ext/base/alloc.h"
#include "ext/run/admin.h"

#include <stdio.h>

#define CHECK_MEMORY ((size_t)4 * 1024 * 1024)

static agent_status parse(agent_str text, const char *what, agent_json **out, agent_error *err)
{
	const agent_json_limits limits = { 1024 * 1024, 64 };
	return agent_json_parse_nul(text, limits, what, out, err);
}

static agent_status judge(const agent_schema *schema, agent_str json, agent_buf *out, agent_error *err)
{
	agent_json *value = NULL;
	agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
	size_t count = 0;
	agent_arena *arena = agent_arena_new(CHECK_MEMORY);
	agent_status status = arena != NULL ? parse(json, "the value", &value, err) : agent_fail_memory(err);
	status = status == AGENT_OK ? agent_schema_validate(schema, value, arena, faults, &count, err) : status;
	if (status == AGENT_OK) {
		agent_schema_faults_write(faults, count, out);
		status = agent_buf_check(out, "the list of errors", err);
	}
	agent_json_free(value);
	agent_arena_free(arena);
	return status;
}

/* The registry's documents as trees, as many as could be read; *count says how many. */
static agent_status read_registry(const agent_schema_request *request, agent_schema_resource *documents, size_t *count,
	agent_error *err)
{
	agent_status status = AGENT_OK;
	for (*count = 0; status == AGENT_OK && *count < request->registry_count; (*count)++) {
		char what[160];
		agent_str uri = request->registry[*count].uri;
		snprintf(what, sizeof what, "\"%.*s\" in the registry", AGENT_STR_ARG(agent_str_cut(uri, 0, 120)));
		documents[*count].uri = uri;
		status = parse(request->registry[*count].json, what, &documents[*count].document, err);
	}
	return status;
}

agent_status agent_schema_check(const agent_schema_request *request, agent_buf *out, agent_error *err)
{
	agent_json *document = NULL;
	agent_schema *schema = NULL;
	size_t count = 0;
	agent_schema_resource *documents = agent_calloc(request->registry_count + 1, sizeof *documents);
	agent_status status = documents != NULL ? parse(request->schema, "the schema", &document, err) : agent_fail_memory(err);
	status = status == AGENT_OK ? read_registry(request, documents, &count, err) : status;
	if (status == AGENT_OK) {
		const agent_schema_options options = { .formats = request->formats, .dialect = request->dialect, .registry = documents,
			.registry_count = count };
		status = agent_schema_compile(document, &options, &schema, err);
	}
	status = status == AGENT_OK ? judge(schema, request->json, out, err) : status;
	agent_schema_free(schema);
	agent_json_free(document);
	for (size_t i = 0; i < count; i++) {
		agent_json_free(documents[i].document);
	}
	agent_free(documents);
	return status;
}

/* SPDX-License-Identifier: MIT
 * JSON Schema: what others call. Makes, runs and frees a compiled schema.
 * How is in schema_scan.c, schema_compile.c and schema_run.c. */
#include "ext/base/alloc.h"
#include "ext/contract/schema_compile.h"

#define MEMORY_MAX ((size_t)32 * 1024 * 1024)
#define POINTER_MAX ((size_t)64 * 1024)
#define WORK_MAX 2000000L

struct agent_schema {
	agent_arena *arena;
	agent_document *documents;
	agent_pattern_link *patterns;
	const agent_node *root;
};

static agent_status compile(agent_schema *schema, agent_json *json, const agent_schema_options *options, agent_error *err)
{
	static const agent_schema_options none;
	agent_document *document;
	agent_compiler c = { .arena = schema->arena, .options = options != NULL ? options : &none, .err = err };
	agent_buf_init(&c.pointer, POINTER_MAX);
	agent_status status = agent_scan_document(&c, AGENT_STR_EMPTY, json, false, &document);
	status = status == AGENT_OK ? agent_compile_nodes(&c) : status;
	schema->documents = c.documents;
	schema->patterns = c.patterns;
	schema->root = c.first;
	agent_buf_clear(&c.pointer);
	return status;
}

agent_status agent_schema_compile(agent_json *document, const agent_schema_options *options, agent_schema **out,
	agent_error *err)
{
	*out = NULL;
	agent_schema *schema = agent_calloc(1, sizeof *schema);
	if (schema == NULL) {
		return agent_fail_memory(err);
	}
	schema->arena = agent_arena_new(MEMORY_MAX);
	if (schema->arena == NULL) {
		agent_schema_free(schema);
		return agent_fail_memory(err);
	}
	if (compile(schema, document, options, err) != AGENT_OK) {
		agent_schema_free(schema);
		return AGENT_ERR;
	}
	*out = schema;
	return AGENT_OK;
}

void agent_schema_free(agent_schema *schema)
{
	if (schema == NULL) {
		return;
	}
	for (agent_pattern_link *link = schema->patterns; link != NULL; link = link->next) {
		agent_pattern_free(link->pattern);
	}
	for (agent_document *document = schema->documents; document != NULL; document = document->next) {
		agent_json_free(document->json);
	}
	agent_arena_free(schema->arena);
	agent_free(schema);
}

agent_status agent_schema_validate(const agent_schema *schema, const agent_json *value, agent_arena *arena,
	agent_schema_fault *faults, size_t *count, agent_error *err)
{
	const agent_frame root = { .key = AGENT_STR_EMPTY };
	const agent_scope scope = { .resource = schema->root->resource };
	const agent_value looked_at = agent_value_of(value);
	agent_run run = { .frame = &root, .scope = &scope, .work = WORK_MAX, .err = err };
	*count = 0;
	/* asks only: no allocation where the value is as it should be */
	bool ok = agent_run_node(&run, schema->root, &looked_at);
	if (run.broken) {
		return AGENT_ERR;
	}
	if (ok) {
		return AGENT_OK;
	}
	*count = 1;
	if (faults == NULL) {
		return AGENT_OK;
	}
	run = (agent_run){ .arena = arena, .faults = faults, .max = AGENT_SCHEMA_FAULTS, .frame = &root, .scope = &scope,
		.work = WORK_MAX, .err = err };
	(void)agent_run_node(&run, schema->root, &looked_at);
	*count = run.count;
	if (!run.broken && run.count == 0) { /* the two runs differ: never a silent "valid" */
		return agent_fail(err, AGENT_DOMAIN_INTERNAL, "schema", "a value is refused without a reason");
	}
	return run.broken ? AGENT_ERR : AGENT_OK;
}

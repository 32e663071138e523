/* SPDX-License-Identifier: MIT
 * JSON Schema: from the document to the program, and running it.
 * What a keyword means stands in schema_value.c, schema_shape.c and schema_logic.c. */
#include "ext/contract/schema_program.h"

#include <stdarg.h>
#include <stdio.h>

#include "ext/base/alloc.h"
#include "ext/text/utf8.h"

#define MEMORY_MAX ((size_t)8 * 1024 * 1024)
#define POINTER_MAX ((size_t)64 * 1024)
#define DEPTH_MAX 64
#define RUN_DEPTH_MAX 512
#define WORK_MAX 2000000L

struct agent_schema {
	agent_json *document;
	agent_arena *arena;
	agent_pattern_link *patterns;
	const agent_node *root;
};

static const agent_keyword *const groups[] = { agent_keywords_value, agent_keywords_shape,
	agent_keywords_logic };
#define GROUPS (sizeof groups / sizeof *groups)

agent_status agent_compile_refuse(agent_compiler *c, const char *code, const char *format, ...)
{
	char rule[200];
	va_list args;
	va_start(args, format);
	vsnprintf(rule, sizeof rule, format, args);
	va_end(args);
	agent_str pointer = agent_buf_str(&c->pointer);
	size_t cut = agent_utf8_cut(pointer, 120);
	return agent_fail(c->err, AGENT_DOMAIN_SCHEMA, code, "%.*s%s: %s", (int)cut, pointer.ptr,
		cut < pointer.len ? "..." : "", rule);
}

void *agent_compile_alloc(agent_compiler *c, size_t count, size_t size)
{
	void *memory = agent_arena_array(c->arena, count, size);
	if (memory == NULL) {
		agent_arena_fail(c->arena, c->err);
	}
	return memory;
}

static const agent_keyword *keyword_find(agent_str name)
{
	for (size_t g = 0; g < GROUPS; g++) {
		for (const agent_keyword *k = groups[g]; k->name != NULL; k++) {
			if (agent_str_is(name, k->name)) {
				return k;
			}
		}
	}
	return NULL;
}

static agent_status refuse_unknown(agent_compiler *c, const agent_json *schema)
{
	agent_str key;
	agent_json *value;
	for (agent_json_iter it = agent_json_members(schema); agent_json_member(&it, &key, &value);) {
		if (keyword_find(key) == NULL) {
			agent_json_pointer_add(&c->pointer, key);
			return agent_compile_refuse(c, "keyword",
				"is not a keyword of JSON Schema that is supported here");
		}
	}
	return AGENT_OK;
}

/* One keyword of the node; adds a check unless there is nothing to check. */
static agent_status compile_keyword(agent_compiler *c, const agent_keyword *keyword, agent_check *checks,
	size_t *count)
{
	agent_check *check = &checks[*count];
	size_t mark = c->pointer.len;
	*check = (agent_check){ .keyword = keyword, .node = c->node,
		.value = agent_json_get(c->document, keyword->name) };
	if (keyword->compile != NULL) {
		agent_json_pointer_add(&c->pointer, agent_str_cstr(keyword->name));
		if (keyword->compile(c, check) != AGENT_OK) {
			return AGENT_ERR;
		}
		c->pointer.len = mark;
	}
	*count += check->keyword != NULL && keyword->check != NULL;
	return AGENT_OK;
}

static agent_status compile_object(agent_compiler *c, const agent_json *schema, agent_node *node)
{
	agent_check *checks = agent_compile_alloc(c, agent_json_count(schema) + 1, sizeof *checks);
	if (checks == NULL || (c->options->closed && refuse_unknown(c, schema) != AGENT_OK)) {
		return AGENT_ERR;
	}
	agent_node *outer = c->node;
	const agent_json *outer_document = c->document;
	c->node = node;
	c->document = schema;
	node->checks = checks;
	for (size_t g = 0; g < GROUPS; g++) {
		for (const agent_keyword *k = groups[g]; k->name != NULL; k++) {
			if (agent_json_has(schema, k->name) && compile_keyword(c, k, checks, &node->count) != AGENT_OK) {
				return AGENT_ERR;
			}
		}
	}
	c->node = outer;
	c->document = outer_document;
	return AGENT_OK;
}

static agent_status compile_here(agent_compiler *c, const agent_json *schema, const agent_node **out)
{
	bool flag = true;
	agent_node *node = agent_compile_alloc(c, 1, sizeof *node);
	if (node == NULL || agent_buf_check(&c->pointer, "a pointer into the schema", c->err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (!agent_arena_dup(c->arena, agent_buf_str(&c->pointer), &node->pointer)) {
		return agent_arena_fail(c->arena, c->err);
	}
	*out = node;
	if (agent_json_bool(schema, &flag)) {
		node->never = !flag;
		return AGENT_OK;
	}
	if (agent_json_kind_of(schema) != AGENT_JSON_KIND_OBJECT) {
		return agent_compile_refuse(c, "schema", "must be a schema: an object, true or false");
	}
	if (c->depth >= DEPTH_MAX) {
		return agent_compile_refuse(c, "depth", "must not be nested more than %d schemas deep", DEPTH_MAX);
	}
	c->depth++;
	agent_status status = compile_object(c, schema, node);
	c->depth--;
	return status;
}

agent_status agent_compile_node(agent_compiler *c, const char *key, const agent_json *schema,
	const agent_node **out)
{
	size_t mark = c->pointer.len;
	if (key != NULL) {
		agent_json_pointer_add(&c->pointer, agent_str_cstr(key));
	}
	if (compile_here(c, schema, out) != AGENT_OK) {
		return AGENT_ERR;
	}
	c->pointer.len = mark;
	return AGENT_OK;
}

agent_status agent_schema_compile(agent_json *document, const agent_schema_options *options,
	agent_schema **out, agent_error *err)
{
	static const agent_schema_options none;
	*out = NULL;
	agent_schema *schema = agent_calloc(1, sizeof *schema);
	if (schema == NULL) {
		return agent_fail_memory(err);
	}
	schema->document = agent_json_ref(document);
	schema->arena = agent_arena_new(MEMORY_MAX);
	if (schema->arena == NULL) {
		agent_schema_free(schema);
		return agent_fail_memory(err);
	}
	agent_compiler c = { .arena = schema->arena, .options = options != NULL ? options : &none,
		.err = err };
	agent_buf_init(&c.pointer, POINTER_MAX);
	agent_status status = agent_compile_node(&c, NULL, document, &schema->root);
	schema->patterns = c.patterns;
	agent_buf_clear(&c.pointer);
	if (status != AGENT_OK) {
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
	agent_arena_free(schema->arena);
	agent_json_free(schema->document);
	agent_free(schema);
}

bool agent_run_node(agent_run *run, const agent_node *node, const agent_json *value)
{
	bool ok = true;
	if (run->depth >= RUN_DEPTH_MAX) {
		return agent_run_work(run, run->work + 1);
	}
	if (!agent_run_work(run, 1)) {
		return false;
	}
	if (node->never) {
		return agent_fault_at(run, node, NULL, NULL, AGENT_STR("is not allowed"));
	}
	unsigned types = agent_value_types(value);
	run->depth++;
	for (size_t i = 0; i < node->count && (ok || !agent_run_over(run)); i++) {
		const agent_check *check = &node->checks[i];
		if ((check->keyword->applies & types) != 0 && !check->keyword->check(run, check, value)) {
			ok = false;
		}
	}
	run->depth--;
	return ok && !run->broken;
}

static bool run_deeper(agent_run *run, const agent_node *node, agent_frame *frame, const agent_json *value)
{
	frame->parent = run->frame;
	run->frame = frame;
	bool ok = agent_run_node(run, node, value);
	run->frame = frame->parent;
	return ok;
}

bool agent_run_member(agent_run *run, const agent_node *node, agent_str key, const agent_json *value)
{
	agent_frame frame = { .key = key };
	return run_deeper(run, node, &frame, value);
}

bool agent_run_item(agent_run *run, const agent_node *node, size_t index, const agent_json *value)
{
	agent_frame frame = { .key = AGENT_STR_EMPTY, .index = index, .is_index = true };
	return run_deeper(run, node, &frame, value);
}

agent_status agent_schema_validate(const agent_schema *schema, const agent_json *value, agent_arena *arena,
	agent_schema_fault *faults, size_t *count, agent_error *err)
{
	const agent_frame root = { .key = AGENT_STR_EMPTY };
	agent_run run = { .frame = &root, .work = WORK_MAX, .err = err };
	*count = 0;
	/* asks only: no allocation where the value is as it should be */
	bool ok = agent_run_node(&run, schema->root, value);
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
	run = (agent_run){ .arena = arena, .faults = faults, .max = AGENT_SCHEMA_FAULTS, .frame = &root,
		.work = WORK_MAX, .err = err };
	(void)agent_run_node(&run, schema->root, value);
	*count = run.count;
	return run.broken ? AGENT_ERR : AGENT_OK;
}

/* SPDX-License-Identifier: MIT
 * From nodes to checks: the keywords of each, in the order of their tables.
 * Which nodes there are is found by schema_scan.c; what a keyword means stands in the file of its subject. */
#include "ext/contract/schema_members.h"

#include <stdarg.h>
#include <stdio.h>

#include "ext/text/utf8.h"

static const agent_keyword *const groups[] = { agent_keywords_annotation, agent_keywords_any, agent_keywords_number,
	agent_keywords_string, agent_keywords_object, agent_keywords_dependent, agent_keywords_array, agent_keywords_logic, agent_keywords_ref,
	agent_keywords_dynamic, agent_keywords_unevaluated };
#define GROUPS (sizeof groups / sizeof *groups)

agent_status agent_compile_refuse(agent_compiler *c, const char *code, const char *format, ...)
{
	char rule[220];
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

agent_status agent_compile_dup(agent_compiler *c, agent_str text, agent_str *out)
{
	return agent_arena_dup(c->arena, text, out) ? AGENT_OK : agent_arena_fail(c->arena, c->err);
}

static bool is_known(const agent_keyword *keyword, agent_dialect dialect)
{
	return (keyword->drafts & dialect.draft) != 0 && (keyword->vocabularies & dialect.vocabularies) != 0;
}

const agent_keyword *agent_keyword_find(agent_str name, agent_dialect dialect)
{
	for (size_t g = 0; g < GROUPS; g++) {
		for (const agent_keyword *k = groups[g]; k->name != NULL; k++) {
			if (agent_str_is(name, k->name) && is_known(k, dialect)) {
				return k;
			}
		}
	}
	return NULL;
}

/* --- children --- */

agent_status agent_compile_child(agent_compiler *c, const agent_json *schema, const agent_node **out)
{
	*out = agent_scan_find(c, schema, c->node->document);
	return *out != NULL ? AGENT_OK : agent_compile_refuse(c, "schema", "must be a schema: an object, true or false");
}

agent_status agent_compile_children(agent_compiler *c, const agent_json *array, agent_nodes *out)
{
	size_t count = agent_json_count(array);
	out->list = agent_compile_alloc(c, count, sizeof *out->list);
	if (out->list == NULL) {
		return AGENT_ERR;
	}
	for (; out->count < count; out->count++) {
		if (agent_compile_child(c, agent_json_at(array, out->count), &out->list[out->count]) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

agent_status agent_compile_only(agent_compiler *c, agent_check *check)
{
	return agent_compile_child(c, check->value, &check->u.only);
}

agent_status agent_compile_list(agent_compiler *c, agent_check *check)
{
	if (agent_json_kind_of(check->value) != AGENT_JSON_KIND_ARRAY || agent_json_count(check->value) == 0) {
		return agent_compile_refuse(c, "schema", "must be an array with at least one schema");
	}
	return agent_compile_children(c, check->value, &check->u.nodes);
}

agent_status agent_compile_size(agent_compiler *c, agent_check *check)
{
	return agent_value_size(check->value, &check->u.size) ? AGENT_OK
		: agent_compile_refuse(c, "schema", "must be an integer of 0 or more");
}

/* --- nodes --- */

/* A typing mistake would otherwise check nothing. */
static agent_status refuse_unknown(agent_compiler *c, const agent_node *node, bool only_ref)
{
	agent_str key;
	agent_json *value;
	for (agent_json_iter it = agent_json_members(node->json); agent_json_member(&it, &key, &value);) {
		const agent_keyword *keyword = agent_keyword_find(key, node->resource->dialect);
		if (keyword == NULL) {
			agent_json_pointer_add(&c->pointer, key);
			return agent_compile_refuse(c, "keyword", "is not a keyword of JSON Schema that is supported here");
		}
		if (only_ref && keyword->check != NULL && !agent_str_is(key, "$ref")) {
			agent_json_pointer_add(&c->pointer, key);
			return agent_compile_refuse(c, "keyword", "has no effect beside \"$ref\" in draft 7");
		}
	}
	return AGENT_OK;
}

/* One keyword of the node; adds a check unless there is nothing to check. */
static agent_status compile_keyword(agent_compiler *c, const agent_keyword *keyword, agent_check *checks, size_t *count)
{
	agent_check *check = &checks[*count];
	size_t mark = c->pointer.len;
	*check = (agent_check){ .run = keyword->check, .applies = keyword->applies, .keyword = keyword, .node = c->node,
		.value = agent_json_get(c->node->json, keyword->name) };
	if (keyword->compile != NULL) {
		agent_json_pointer_add(&c->pointer, agent_str_cstr(keyword->name));
		if (keyword->compile(c, check) != AGENT_OK) {
			return AGENT_ERR;
		}
		c->pointer.len = mark;
	}
	*count += check->run != NULL;
	return AGENT_OK;
}

static agent_status compile_node(agent_compiler *c, agent_node *node)
{
	agent_dialect dialect = node->resource->dialect;
	bool only_ref = dialect.draft == AGENT_DRAFT_7 && agent_json_has(node->json, "$ref");
	if (c->options->closed && !node->document->builtin && refuse_unknown(c, node, only_ref) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_check *checks = agent_compile_alloc(c, agent_json_count(node->json), sizeof *checks);
	if (checks == NULL) {
		return AGENT_ERR;
	}
	node->checks = checks;
	c->members = NULL;
	for (size_t g = 0; g < GROUPS; g++) {
		for (const agent_keyword *k = groups[g]; k->name != NULL; k++) {
			if (is_known(k, dialect) && (!only_ref || strcmp(k->name, "$ref") == 0) && agent_json_has(node->json, k->name)
				&& compile_keyword(c, k, checks, &node->count) != AGENT_OK) {
				return AGENT_ERR;
			}
		}
	}
	return c->members == NULL ? AGENT_OK : agent_members_finish(c, c->members);
}

agent_status agent_compile_nodes(agent_compiler *c)
{
	for (agent_node *node = c->first; node != NULL; node = node->next) { /* references append to the list */
		c->node = node;
		agent_buf_reset(&c->pointer);
		agent_buf_add(&c->pointer, node->pointer);
		if (agent_buf_check(&c->pointer, "a pointer into the schema", c->err) != AGENT_OK
			|| (agent_json_kind_of(node->json) == AGENT_JSON_KIND_OBJECT && compile_node(c, node) != AGENT_OK)) {
			return AGENT_ERR;
		}
		if (!node->never && (node->count == 0 || (node->count == 1 && node->checks->keyword == agent_keywords_any))) {
			node->plain = node->count == 0 ? AGENT_TYPE_ANY : node->checks->u.types; /* that table begins with "type" */
		}
	}
	return agent_loop_refuse(c);
}

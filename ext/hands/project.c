/* SPDX-License-Identifier: MIT
 * What of a tool's answer goes to the model, what to the visitor's page, and what is dropped: by output_schema alone.
 * Validates nothing: that was done before. */
#include "ext/hands/hands.h"

/* A schema may refer to itself; the value ends, a chain of references need not. */
#define HOPS_MAX 32
#define STEPS_MAX 4096

typedef enum view {
	VIEW_MODEL,                  /* what is not marked for the visitor */
	VIEW_VISITOR,                /* only what is marked, under the objects that lead to it */
	VIEW_ALL                     /* what stands inside a marked node */
} view;

typedef struct place {
	const agent_json *schema;    /* the first node that names it; NULL: nothing does */
	bool visitor;                /* any node that names it is marked */
	bool uri;
	int steps;
} place;

static const agent_json *resolve(const agent_json *root, agent_str ref)
{
	const agent_json *node = root;
	size_t at = 1;
	if (ref.len == 0 || ref.ptr[0] != '#') {
		return NULL;
	}
	while (at < ref.len && node != NULL) {
		size_t slash = agent_str_find(ref, AGENT_STR("/"), at + 1);
		size_t end = slash == (size_t)-1 ? ref.len : slash;
		char token[128];
		size_t len = 0;
		for (size_t i = at + 1; i < end && len < sizeof token - 1; i++) {
			bool escape = ref.ptr[i] == '~' && i + 1 < end;
			token[len++] = !escape ? ref.ptr[i] : ref.ptr[++i] == '1' ? '/' : '~';
		}
		token[len] = '\0';
		node = agent_json_get(node, token);
		at = end;
	}
	return node;
}

/* Nodes that hold for the same value: the node itself, what it refers to, and its alternatives. */
typedef void (*visit)(const agent_json *schema, const void *what, place *found);

static void each_node(const agent_json *root, const agent_json *schema, int hops, visit call, const void *what, place *found)
{
	static const char *const lists[] = { "allOf", "anyOf", "oneOf" };
	static const char *const single[] = { "if", "then", "else" };
	agent_str ref;
	if (hops >= HOPS_MAX || found->steps++ >= STEPS_MAX || agent_json_kind_of(schema) != AGENT_JSON_KIND_OBJECT) {
		return;
	}
	call(schema, what, found);
	if (agent_json_str(agent_json_get(schema, "$ref"), &ref)) {
		each_node(root, resolve(root, ref), hops + 1, call, what, found);
	}
	for (size_t i = 0; i < 3; i++) {
		const agent_json *list = agent_json_get(schema, lists[i]);
		for (size_t k = 0; k < agent_json_count(list); k++) {
			each_node(root, agent_json_at(list, k), hops + 1, call, what, found);
		}
		each_node(root, agent_json_get(schema, single[i]), hops + 1, call, what, found);
	}
}

static void note_marks(const agent_json *schema, const void *what, place *found)
{
	agent_str text;
	(void)what;
	if (agent_json_str(agent_json_get(schema, "deliver"), &text) && agent_str_is(text, "visitor")) {
		found->visitor = true;
	}
	if (agent_json_str(agent_json_get(schema, "format"), &text) && agent_str_is(text, "uri")) {
		found->uri = true;
	}
}

typedef struct wanted {
	const agent_json *root;
	agent_str key;
} wanted;

static void note(const agent_json *root, const agent_json *schema, place *found)
{
	if (found->schema == NULL) {
		found->schema = schema;
	}
	each_node(root, schema, 0, note_marks, NULL, found);
}

static void note_property(const agent_json *schema, const void *what, place *found)
{
	const wanted *want = what;
	agent_json_iter it = agent_json_members(agent_json_get(schema, "properties"));
	agent_str key;
	agent_json *property;
	while (agent_json_member(&it, &key, &property)) {
		if (agent_str_eq(key, want->key)) {
			note(want->root, property, found);
		}
	}
}

static void note_items(const agent_json *schema, const void *what, place *found)
{
	const wanted *want = what;
	const agent_json *items = agent_json_get(schema, "items");
	if (items != NULL) {
		note(want->root, items, found);
	}
}

static place property_of(const agent_json *root, const agent_json *schema, agent_str key)
{
	place found = { 0 };
	wanted want = { root, key };
	each_node(root, schema, 0, note_property, &want, &found);
	return found;
}

static place items_of(const agent_json *root, const agent_json *schema)
{
	place found = { 0 };
	wanted want = { root, AGENT_STR_EMPTY };
	each_node(root, schema, 0, note_items, &want, &found);
	return found;
}

static agent_status filter(const agent_json *root, place at, const agent_json *value, view want, bool *there,
	agent_json **out, agent_error *err);

static agent_status filter_object(const agent_json *root, place at, const agent_json *value, view want, bool *there,
	agent_json **out, agent_error *err)
{
	agent_json_iter it = agent_json_members(value);
	agent_str key;
	agent_json *member;
	*out = agent_json_new_object();
	if (*out == NULL) {
		return agent_fail_memory(err);
	}
	*there = want != VIEW_VISITOR;
	while (agent_json_member(&it, &key, &member)) {
		place below = property_of(root, at.schema, key);
		agent_json *part = NULL;
		bool kept = false;
		if (below.schema == NULL) {
			continue;
		}
		if (filter(root, below, member, want, &kept, &part, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		if (kept && !agent_json_add(*out, key, part)) {
			return agent_fail_memory(err);
		}
		*there = *there || kept;
	}
	return AGENT_OK;
}

static agent_status filter_array(const agent_json *root, place at, const agent_json *value, view want, bool *there,
	agent_json **out, agent_error *err)
{
	place below = items_of(root, at.schema);
	*out = agent_json_new_array();
	if (*out == NULL) {
		return agent_fail_memory(err);
	}
	*there = want != VIEW_VISITOR;
	for (size_t i = 0; i < agent_json_count(value); i++) {
		agent_json *part = NULL;
		bool kept = false;
		if (filter(root, below, agent_json_at(value, i), want, &kept, &part, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		if (kept && !agent_json_push(*out, part)) {
			return agent_fail_memory(err);
		}
		*there = *there || kept;
	}
	return AGENT_OK;
}

/* *out belongs to the caller where *there; on failure nothing does. */
static agent_status filter(const agent_json *root, place at, const agent_json *value, view want, bool *there,
	agent_json **out, agent_error *err)
{
	*there = false;
	*out = NULL;
	if (at.visitor && want == VIEW_MODEL) {
		return AGENT_OK;
	}
	view inside = at.visitor ? VIEW_ALL : want;
	agent_json_kind kind = agent_json_kind_of(value);
	agent_status status = AGENT_OK;
	if (kind == AGENT_JSON_KIND_OBJECT) {
		status = filter_object(root, at, value, inside, there, out, err);
	} else if (kind == AGENT_JSON_KIND_ARRAY) {
		status = filter_array(root, at, value, inside, there, out, err);
	} else if (inside != VIEW_VISITOR) {
		*out = agent_json_ref((agent_json *)value); /* immutable, so shared */
		*there = true;
	}
	if (status != AGENT_OK || !*there) {
		agent_json_free(*out);
		*out = NULL;
		*there = false;
	}
	return status;
}

static place top(const agent_tool *tool)
{
	place at = { 0 };
	note(tool->output_document, tool->output_document, &at);
	return at;
}

agent_status agent_result_project(const agent_tool *tool, const agent_json *value, agent_json **model, agent_json **visitor,
	agent_error *err)
{
	const agent_json *root = tool->output_document;
	bool there;
	*visitor = NULL;
	if (filter(root, top(tool), value, VIEW_MODEL, &there, model, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (!there && (*model = agent_json_new_object()) == NULL) {
		return agent_fail_memory(err);
	}
	if (filter(root, top(tool), value, VIEW_VISITOR, &there, visitor, err) != AGENT_OK) {
		agent_json_free(*model);
		*model = NULL;
		return AGENT_ERR;
	}
	return AGENT_OK;
}

static size_t urls(const agent_json *root, place at, const agent_json *value, agent_str *out, size_t max)
{
	agent_json_kind kind = agent_json_kind_of(value);
	size_t count = 0;
	if (kind == AGENT_JSON_KIND_STRING) {
		return at.uri && max > 0 && agent_json_str(value, out) ? 1 : 0;
	}
	if (kind == AGENT_JSON_KIND_OBJECT) {
		agent_json_iter it = agent_json_members(value);
		agent_str key;
		agent_json *member;
		while (agent_json_member(&it, &key, &member)) {
			place below = property_of(root, at.schema, key);
			count += below.schema != NULL ? urls(root, below, member, out + count, max - count) : 0;
		}
	} else if (kind == AGENT_JSON_KIND_ARRAY) {
		place below = items_of(root, at.schema);
		for (size_t i = 0; i < agent_json_count(value); i++) {
			count += urls(root, below, agent_json_at(value, i), out + count, max - count);
		}
	}
	return count;
}

size_t agent_result_urls(const agent_tool *tool, const agent_json *value, agent_str *out, size_t max)
{
	return urls(tool->output_document, top(tool), value, out, max);
}

/* SPDX-License-Identifier: MIT
 * What of a tool's answer goes to the model, what to the visitor's page, what is dropped.
 * Validates nothing: that was done before. */
#include "ext/hands/hands.h"

/* Alternatives inside alternatives; a schema as deep as this is nobody's. */
#define HOPS_MAX 16
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

/* Nodes that hold for the same value: the node itself and its alternatives. */
typedef void (*visit)(const agent_json *schema, const void *what, place *found);

static void each_node(const agent_json *schema, int hops, visit call, const void *what, place *found)
{
	static const char *const lists[] = { "allOf", "anyOf", "oneOf" };
	if (hops >= HOPS_MAX || found->steps++ >= STEPS_MAX
		|| agent_json_kind_of(schema) != AGENT_JSON_KIND_OBJECT) {
		return;
	}
	call(schema, what, found);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		const agent_json *list = agent_json_get(schema, lists[i]);
		for (size_t k = 0; k < agent_json_count(list); k++) {
			each_node(agent_json_at(list, k), hops + 1, call, what, found);
		}
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

static void note(const agent_json *schema, place *found)
{
	if (found->schema == NULL) {
		found->schema = schema;
	}
	each_node(schema, 0, note_marks, NULL, found);
}

static void note_property(const agent_json *schema, const void *what, place *found)
{
	const agent_str *wanted = what;
	agent_json_iter it = agent_json_members(agent_json_get(schema, "properties"));
	agent_str key;
	agent_json *property;
	while (agent_json_member(&it, &key, &property)) {
		if (agent_str_eq(key, *wanted)) {
			note(property, found);
		}
	}
}

static void note_item(const agent_json *schema, const void *what, place *found)
{
	const size_t *index = what;
	const agent_json *first = agent_json_get(schema, "prefixItems");
	const agent_json *item = *index < agent_json_count(first) ? agent_json_at(first, *index)
		: agent_json_get(schema, "items");
	if (item != NULL) {
		note(item, found);
	}
}

static place property_of(const agent_json *schema, agent_str key)
{
	place found = { 0 };
	each_node(schema, 0, note_property, &key, &found);
	return found;
}

static place item_of(const agent_json *schema, size_t index)
{
	place found = { 0 };
	each_node(schema, 0, note_item, &index, &found);
	return found;
}

static agent_status filter(place at, const agent_json *value, view want, bool *there, agent_json **out,
	agent_error *err);

static agent_status filter_object(place at, const agent_json *value, view want, bool *there,
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
		place below = property_of(at.schema, key);
		agent_json *part = NULL;
		bool kept = false;
		if (below.schema == NULL) {
			continue;
		}
		if (filter(below, member, want, &kept, &part, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		if (kept && !agent_json_add(*out, key, part)) {
			return agent_fail_memory(err);
		}
		*there = *there || kept;
	}
	return AGENT_OK;
}

static agent_status filter_array(place at, const agent_json *value, view want, bool *there,
	agent_json **out, agent_error *err)
{
	*out = agent_json_new_array();
	if (*out == NULL) {
		return agent_fail_memory(err);
	}
	*there = want != VIEW_VISITOR;
	for (size_t i = 0; i < agent_json_count(value); i++) {
		place below = item_of(at.schema, i);
		agent_json *part = NULL;
		bool kept = false;
		if (below.schema == NULL) {
			continue;
		}
		if (filter(below, agent_json_at(value, i), want, &kept, &part, err) != AGENT_OK) {
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
static agent_status filter(place at, const agent_json *value, view want, bool *there,
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
		status = filter_object(at, value, inside, there, out, err);
	} else if (kind == AGENT_JSON_KIND_ARRAY) {
		status = filter_array(at, value, inside, there, out, err);
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
	note(tool->output_document, &at);
	return at;
}

agent_status agent_result_project(const agent_tool *tool, const agent_json *value, agent_json **model,
	agent_json **visitor, agent_error *err)
{
	bool there;
	*visitor = NULL;
	if (filter(top(tool), value, VIEW_MODEL, &there, model, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (!there && (*model = agent_json_new_object()) == NULL) {
		return agent_fail_memory(err);
	}
	if (filter(top(tool), value, VIEW_VISITOR, &there, visitor, err) != AGENT_OK) {
		agent_json_free(*model);
		*model = NULL;
		return AGENT_ERR;
	}
	return AGENT_OK;
}

static size_t urls(place at, const agent_json *value, agent_str *out, size_t max)
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
			place below = property_of(at.schema, key);
			count += below.schema != NULL ? urls(below, member, out + count, max - count) : 0;
		}
	} else if (kind == AGENT_JSON_KIND_ARRAY) {
		for (size_t i = 0; i < agent_json_count(value); i++) {
			count += urls(item_of(at.schema, i), agent_json_at(value, i), out + count, max - count);
		}
	}
	return count;
}

size_t agent_result_urls(const agent_tool *tool, const agent_json *value, agent_str *out, size_t max)
{
	return urls(top(tool), value, out, max);
}

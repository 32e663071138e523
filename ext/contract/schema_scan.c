/* SPDX-License-Identifier: MIT
 * The first reading of a document: a node for each schema in it, addresses ($id) and anchors.
 * What keywords check is compiled afterwards, node by node: this recursion is the only one, and it is bounded. */
#include <stddef.h>

#include "ext/contract/schema_compile.h"

#define DEPTH_MAX 64
#define URI_MAX ((size_t)8192)

typedef struct node_key {
	const agent_json *json;
	const agent_document *document;
} node_key;

_Static_assert(offsetof(agent_node, json) == offsetof(node_key, json)
	&& offsetof(agent_node, document) == offsetof(node_key, document), "a node begins with its key");

static agent_str key_of(const node_key *key)
{
	return agent_str_of((const char *)key, sizeof *key);
}

agent_node *agent_scan_find(const agent_compiler *c, const agent_json *json, const agent_document *document)
{
	node_key key = { json, document };
	return agent_map_find(&c->nodes, key_of(&key));
}

/* --- addresses and anchors --- */

static agent_str member_str(const agent_json *object, const char *name)
{
	agent_str text = AGENT_STR_EMPTY;
	(void)agent_json_str(agent_json_get(object, name), &text);
	return text;
}

/* "<address of the resource in memory><name>" */
static agent_status anchor_key(agent_compiler *c, const agent_resource *resource, agent_str name, agent_str *out)
{
	char *key = agent_compile_alloc(c, sizeof resource + name.len + 1, 1);
	if (key == NULL) {
		return AGENT_ERR;
	}
	memcpy(key, &resource, sizeof resource);
	memcpy(key + sizeof resource, name.ptr, name.len);
	*out = agent_str_of(key, sizeof resource + name.len);
	return AGENT_OK;
}

agent_status agent_scan_anchor(agent_compiler *c, const agent_resource *resource, agent_str name, const agent_node **out)
{
	agent_str key;
	if (anchor_key(c, resource, name, &key) != AGENT_OK) {
		return AGENT_ERR;
	}
	*out = agent_map_find(&c->anchors, key);
	return AGENT_OK;
}

static agent_status add_anchor(agent_compiler *c, agent_resource *resource, agent_node *node, agent_str name)
{
	agent_str key;
	if (anchor_key(c, resource, name, &key) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_node *other = agent_map_find(&c->anchors, key);
	if (other == node) { /* $anchor and $dynamicAnchor of one name */
		return AGENT_OK;
	}
	if (other != NULL) {
		return agent_compile_refuse(c, "schema", "has the anchor \"%.*s\", which another schema has",
			AGENT_STR_ARG(agent_str_cut(name, 0, 80)));
	}
	return agent_map_put(&c->anchors, c->arena, key, node) ? AGENT_OK : agent_arena_fail(c->arena, c->err);
}

static agent_status add_dynamic(agent_compiler *c, agent_resource *resource, agent_node *node, agent_str name)
{
	agent_dynamic_anchor *anchor = agent_compile_alloc(c, 1, sizeof *anchor);
	if (anchor == NULL) {
		return AGENT_ERR;
	}
	*anchor = (agent_dynamic_anchor){ .next = resource->dynamic, .name = name, .node = node };
	resource->dynamic = anchor;
	return add_anchor(c, resource, node, name);
}

static agent_status add_anchors(agent_compiler *c, agent_resource *resource, agent_node *node)
{
	agent_str name = AGENT_STR_EMPTY, address;
	agent_uri_split(member_str(node->json, "$id"), &address, &name);
	if (resource->dialect.draft == AGENT_DRAFT_7) { /* "$id": "#name" */
		return name.len > 0 && name.ptr[0] != '/' ? add_anchor(c, resource, node, name) : AGENT_OK;
	}
	if (name.len > 0) {
		return agent_compile_refuse(c, "schema", "has an $id with a fragment: use $anchor");
	}
	name = member_str(node->json, "$anchor");
	if (name.len > 0 && add_anchor(c, resource, node, name) != AGENT_OK) {
		return AGENT_ERR;
	}
	name = member_str(node->json, "$dynamicAnchor");
	return name.len > 0 ? add_dynamic(c, resource, node, name) : AGENT_OK;
}

/* The address that an $id gives. */
static agent_status resolve_id(agent_compiler *c, agent_str base, agent_str address, agent_str *out)
{
	agent_buf uri;
	agent_buf_init(&uri, URI_MAX);
	agent_uri_resolve(base, address, &uri);
	agent_status status = agent_buf_check(&uri, "the address of a schema", c->err);
	status = status == AGENT_OK ? agent_compile_dup(c, agent_buf_str(&uri), out) : status;
	agent_buf_clear(&uri);
	return status;
}

/* An address in another document that is known already keeps its first meaning; in the same one it is a mistake. */
static agent_status register_address(agent_compiler *c, agent_str uri, agent_resource *resource,
	const agent_document *document)
{
	const agent_resource *other = agent_map_find(&c->resources, uri);
	if (other != NULL && other != resource && other->node->document == document) {
		return agent_compile_refuse(c, "schema", "has the address \"%.*s\", which another schema has",
			AGENT_STR_ARG(agent_str_cut(uri, 0, 100)));
	}
	return other != NULL || agent_map_put(&c->resources, c->arena, uri, resource) ? AGENT_OK
		: agent_arena_fail(c->arena, c->err);
}

/* outer: NULL at the root of a document. *out: outer, or the resource that begins here. */
static agent_status resource_of(agent_compiler *c, agent_node *node, agent_document *document, agent_resource *outer,
	agent_resource **out)
{
	const agent_json *json = node->json;
	agent_str address, fragment;
	agent_uri_split(member_str(json, "$id"), &address, &fragment);
	agent_dialect dialect = outer != NULL ? outer->dialect : (agent_dialect){ 0, 0 };
	if (outer == NULL || (address.len > 0 && agent_json_has(json, "$schema"))) {
		agent_str schema = member_str(json, "$schema");
		size_t mark = c->pointer.len;
		agent_buf_add(&c->pointer, schema.len > 0 ? AGENT_STR("/$schema") : AGENT_STR_EMPTY);
		if (agent_dialect_of(c, schema.len > 0 || outer != NULL ? schema : c->options->dialect, &dialect) != AGENT_OK) {
			return AGENT_ERR;
		}
		c->pointer.len = mark;
	}
	bool ignored = dialect.draft == AGENT_DRAFT_7 && agent_json_has(json, "$ref");
	if (outer != NULL && (address.len == 0 || ignored)) {
		*out = outer;
		return AGENT_OK;
	}
	agent_resource *resource = agent_compile_alloc(c, 1, sizeof *resource);
	if (resource == NULL) {
		return AGENT_ERR;
	}
	*resource = (agent_resource){ .uri = outer != NULL ? outer->uri : document->uri, .node = node, .dialect = dialect };
	*out = resource;
	if (outer == NULL) { /* also under the address where it was found */
		document->root = resource;
		if (register_address(c, document->uri, resource, document) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	if (address.len == 0 || ignored) {
		return AGENT_OK;
	}
	return resolve_id(c, resource->uri, address, &resource->uri) == AGENT_OK
		? register_address(c, resource->uri, resource, document) : AGENT_ERR;
}

/* --- nodes --- */

static agent_status new_node(agent_compiler *c, const agent_json *json, const agent_document *document, agent_node **out)
{
	agent_node *node = agent_compile_alloc(c, 1, sizeof *node);
	*out = node;
	if (node == NULL || agent_buf_check(&c->pointer, "a pointer into the schema", c->err) != AGENT_OK
		|| agent_compile_dup(c, agent_buf_str(&c->pointer), &node->pointer) != AGENT_OK) {
		return AGENT_ERR;
	}
	node->json = json;
	node->document = document;
	agent_str key = agent_str_of((const char *)node, sizeof(node_key)); /* its first two members */
	if (!agent_map_put(&c->nodes, c->arena, key, node)) {
		return agent_arena_fail(c->arena, c->err);
	}
	if (c->last != NULL) {
		c->last->next = node;
	} else {
		c->first = node;
	}
	c->last = node;
	return AGENT_OK;
}

static agent_status scan(agent_compiler *c, const agent_json *json, agent_document *document, agent_resource *outer);

static agent_status scan_list(agent_compiler *c, const agent_json *list, agent_document *document, agent_resource *resource)
{
	for (size_t i = 0; i < agent_json_count(list); i++) {
		size_t mark = c->pointer.len;
		agent_buf_addf(&c->pointer, "/%zu", i);
		if (scan(c, agent_json_at(list, i), document, resource) != AGENT_OK) {
			return AGENT_ERR;
		}
		c->pointer.len = mark;
	}
	return AGENT_OK;
}

static agent_status scan_map(agent_compiler *c, const agent_json *map, agent_document *document, agent_resource *resource,
	bool names)
{
	agent_str key;
	agent_json *value;
	for (agent_json_iter it = agent_json_members(map); agent_json_member(&it, &key, &value);) {
		size_t mark = c->pointer.len;
		agent_json_pointer_add(&c->pointer, key);
		if (!(names && agent_json_kind_of(value) == AGENT_JSON_KIND_ARRAY)
			&& scan(c, value, document, resource) != AGENT_OK) {
			return AGENT_ERR;
		}
		c->pointer.len = mark;
	}
	return AGENT_OK;
}

/* A container of the wrong kind holds nothing; the keyword refuses it later. */
static agent_status scan_keyword(agent_compiler *c, const agent_keyword *keyword, const agent_json *value,
	agent_document *document, agent_resource *resource)
{
	bool is_list = agent_json_kind_of(value) == AGENT_JSON_KIND_ARRAY;
	switch (keyword->holds) {
		case AGENT_HOLDS_NOTHING:
			return AGENT_OK;
		case AGENT_HOLDS_LIST:
			return is_list ? scan_list(c, value, document, resource) : AGENT_OK;
		case AGENT_HOLDS_MAP:
		case AGENT_HOLDS_MAP_OR_NAMES:
			return scan_map(c, value, document, resource, keyword->holds == AGENT_HOLDS_MAP_OR_NAMES);
		case AGENT_HOLDS_SCHEMA_OR_LIST:
			return is_list ? scan_list(c, value, document, resource) : scan(c, value, document, resource);
		case AGENT_HOLDS_SCHEMA:
			break;
	}
	return scan(c, value, document, resource);
}

static agent_status scan_members(agent_compiler *c, const agent_json *json, agent_document *document,
	agent_resource *resource)
{
	agent_str key;
	agent_json *value;
	if (resource->dialect.draft == AGENT_DRAFT_7 && agent_json_has(json, "$ref")) {
		return AGENT_OK; /* draft 7: nothing beside it counts */
	}
	for (agent_json_iter it = agent_json_members(json); agent_json_member(&it, &key, &value);) {
		const agent_keyword *keyword = agent_keyword_find(key, resource->dialect);
		size_t mark = c->pointer.len;
		if (keyword == NULL) {
			continue;
		}
		agent_json_pointer_add(&c->pointer, key);
		if (scan_keyword(c, keyword, value, document, resource) != AGENT_OK) {
			return AGENT_ERR;
		}
		c->pointer.len = mark;
	}
	return AGENT_OK;
}

static agent_status scan(agent_compiler *c, const agent_json *json, agent_document *document, agent_resource *outer)
{
	bool flag = true;
	agent_node *node;
	agent_resource *resource;
	if (agent_scan_find(c, json, document) != NULL) {
		return AGENT_OK;
	}
	if (!agent_json_bool(json, &flag) && agent_json_kind_of(json) != AGENT_JSON_KIND_OBJECT) {
		return agent_compile_refuse(c, "schema", "must be a schema: an object, true or false");
	}
	if (c->depth >= DEPTH_MAX) {
		return agent_compile_refuse(c, "depth", "must not be nested more than %d schemas deep", DEPTH_MAX);
	}
	if (new_node(c, json, document, &node) != AGENT_OK || resource_of(c, node, document, outer, &resource) != AGENT_OK) {
		return AGENT_ERR;
	}
	node->never = !flag;
	node->resource = resource;
	if (add_anchors(c, resource, node) != AGENT_OK) {
		return AGENT_ERR;
	}
	c->depth++;
	agent_status status = scan_members(c, json, document, resource);
	c->depth--;
	return status;
}

agent_status agent_scan_place(agent_compiler *c, const agent_json *json, const agent_document *document,
	const agent_resource *resource)
{
	/* Both are ours, const for everybody but the scan. */
	return scan(c, json, (agent_document *)(uintptr_t)document, (agent_resource *)(uintptr_t)resource);
}

agent_status agent_scan_document(agent_compiler *c, agent_str uri, agent_json *json, bool builtin, agent_document **out)
{
	agent_document *document = agent_compile_alloc(c, 1, sizeof *document);
	if (document == NULL) {
		return AGENT_ERR;
	}
	*document = (agent_document){ .next = c->documents, .uri = uri, .json = agent_json_ref(json), .builtin = builtin };
	c->documents = document;
	*out = document;
	agent_buf outer = c->pointer; /* where the reference stands */
	int depth = c->depth;
	agent_buf_init(&c->pointer, outer.limit);
	c->depth = 0;
	if (uri.len > 0) {
		agent_buf_add(&c->pointer, uri);
		agent_buf_add_char(&c->pointer, '#');
	}
	agent_status status = scan(c, json, document, NULL);
	agent_buf_clear(&c->pointer);
	c->pointer = outer;
	c->depth = depth;
	return status;
}

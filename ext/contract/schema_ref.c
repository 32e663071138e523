/* SPDX-License-Identifier: MIT
 * $ref: from the text of a reference to the node it means.
 * Addresses are resolved in schema_uri.c, documents found in schema_documents.c. */
#include "ext/contract/schema_compile.h"

#define URI_MAX ((size_t)8192)

static agent_status unknown(agent_compiler *c, agent_str reference, const char *why)
{
	return agent_compile_refuse(c, "ref", "refers to \"%.*s\", %s", AGENT_STR_ARG(agent_str_cut(reference, 0, 100)), why);
}

/* The resource that the part before '#' names. */
static agent_status find_resource(agent_compiler *c, agent_str reference, const agent_resource **out)
{
	agent_str address, fragment;
	agent_buf uri;
	agent_uri_split(reference, &address, &fragment);
	if (address.len == 0) {
		*out = c->node->resource;
		return AGENT_OK;
	}
	agent_buf_init(&uri, URI_MAX);
	agent_uri_resolve(c->node->resource->uri, address, &uri);
	agent_status status = agent_buf_check(&uri, "the address of a schema", c->err);
	status = status == AGENT_OK ? agent_documents_find(c, agent_buf_str(&uri), out) : status;
	if (status == AGENT_OK && *out == NULL) {
		status = agent_compile_refuse(c, "ref", "refers to \"%.*s\", which is neither in the schema nor in the registry",
			AGENT_STR_ARG(agent_str_cut(agent_buf_str(&uri), 0, 100)));
	}
	agent_buf_clear(&uri);
	return status;
}

/* The next token of a pointer, with ~1 and ~0 undone and a NUL behind it. false: malformed. */
static bool next_token(agent_str *pointer, agent_buf *token)
{
	size_t i = 1;
	agent_buf_reset(token);
	for (; i < pointer->len && pointer->ptr[i] != '/'; i++) {
		char ch = pointer->ptr[i];
		if (ch == '~') {
			ch = ++i < pointer->len && (pointer->ptr[i] == '0' || pointer->ptr[i] == '1') ? "~/"[pointer->ptr[i] - '0'] : '\0';
		}
		if (ch == '\0') {
			return false;
		}
		agent_buf_add_char(token, ch);
	}
	agent_buf_add_char(token, '\0');
	*pointer = agent_str_from(*pointer, i);
	return token->fault == AGENT_BUF_FINE;
}

static bool step(const agent_json **json, agent_str key)
{
	int64_t index;
	if (agent_json_kind_of(*json) == AGENT_JSON_KIND_ARRAY) {
		bool plain = agent_str_to_int(key, &index) && index >= 0 && (key.len == 1 || key.ptr[0] != '0')
			&& (uint64_t)index < agent_json_count(*json);
		*json = plain ? agent_json_at(*json, (size_t)index) : NULL;
		return plain;
	}
	bool there = agent_json_has(*json, key.ptr);
	*json = agent_json_get(*json, key.ptr);
	return there;
}

/* Walks the pointer; on the way a schema with an $id may begin another resource. *json NULL: nothing is there. */
static void walk(agent_compiler *c, agent_str pointer, const agent_json **json, const agent_document *document,
	const agent_resource **resource)
{
	agent_buf token;
	agent_buf_init(&token, pointer.len + 1);
	while (pointer.len > 0) {
		if (pointer.ptr[0] != '/' || !next_token(&pointer, &token)
			|| !step(json, agent_str_of(token.ptr, token.len - 1))) {
			*json = NULL;
			break;
		}
		const agent_node *node = agent_scan_find(c, *json, document);
		*resource = node != NULL ? node->resource : *resource;
	}
	if (token.fault == AGENT_BUF_NO_MEMORY) {
		*json = NULL;
		c->pointer.fault = AGENT_BUF_NO_MEMORY;
	}
	agent_buf_clear(&token);
}

static agent_status by_pointer(agent_compiler *c, agent_str reference, agent_str pointer, const agent_resource *resource,
	const agent_node **out)
{
	const agent_document *document = resource->node->document;
	const agent_json *json = resource->node->json;
	const agent_resource *found = resource;
	walk(c, pointer, &json, document, &found);
	if (agent_buf_check(&c->pointer, "a pointer into the schema", c->err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (json == NULL) {
		return unknown(c, reference, "but there is no schema");
	}
	*out = agent_scan_find(c, json, document);
	if (*out != NULL) {
		return AGENT_OK;
	}
	/* A place that no keyword names. */
	agent_buf outer = c->pointer;
	agent_buf_init(&c->pointer, outer.limit);
	agent_buf_add(&c->pointer, resource->node->pointer);
	agent_buf_add(&c->pointer, pointer);
	agent_status status = agent_scan_place(c, json, document, found);
	agent_buf_clear(&c->pointer);
	c->pointer = outer;
	*out = status == AGENT_OK ? agent_scan_find(c, json, document) : NULL;
	return status;
}

static agent_status by_anchor(agent_compiler *c, agent_str reference, agent_str name, const agent_resource *resource,
	const agent_node **out, agent_str *dynamic)
{
	if (agent_scan_anchor(c, resource, name, out) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (*out == NULL) {
		return unknown(c, reference, "but there is no such anchor");
	}
	agent_str own;
	if (dynamic != NULL && agent_json_str(agent_json_get((*out)->json, "$dynamicAnchor"), &own) && agent_str_eq(own, name)) {
		*dynamic = own;
	}
	return AGENT_OK;
}

agent_status agent_ref_resolve(agent_compiler *c, agent_str reference, const agent_node **out, agent_str *dynamic)
{
	agent_str address, escaped;
	agent_buf fragment;
	const agent_resource *resource = NULL;
	agent_uri_split(reference, &address, &escaped);
	if (find_resource(c, reference, &resource) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_buf_init(&fragment, escaped.len + 1);
	agent_status status = AGENT_OK;
	if (!agent_uri_unescape(escaped, &fragment)) {
		status = unknown(c, reference, "which has a malformed escape");
	} else {
		status = agent_buf_check(&fragment, "a reference", c->err);
	}
	agent_str name = agent_buf_str(&fragment);
	if (status == AGENT_OK && name.len == 0) {
		*out = resource->node;
	} else if (status == AGENT_OK && name.ptr[0] == '/') {
		status = by_pointer(c, reference, name, resource, out);
	} else if (status == AGENT_OK) {
		status = by_anchor(c, reference, name, resource, out, dynamic);
	}
	agent_buf_clear(&fragment);
	return status;
}

/* --- the keyword --- */

static agent_status compile_ref(agent_compiler *c, agent_check *check)
{
	agent_str reference;
	return agent_json_str(check->value, &reference) ? agent_ref_resolve(c, reference, &check->u.only, NULL)
		: agent_compile_refuse(c, "schema", "must be a string");
}

static bool check_ref(agent_run *run, const agent_check *check, const agent_value *value)
{
	return agent_run_node(run, check->u.only, value);
}

const agent_keyword agent_keywords_ref[] = {
	{ "$ref", AGENT_DRAFT_ANY, AGENT_VOCABULARY_CORE, 0, AGENT_TYPE_ANY, compile_ref, check_ref, AGENT_IN_PLACE_ONLY, agent_mark_ref },
	{ 0 },
};

/* SPDX-License-Identifier: MIT
 * Where other documents come from: the caller's registry, then the built-in meta-schemas. Never the network.
 * What is in them is found by schema_scan.c. */
#include "ext/contract/schema_compile.h"

static agent_str without_fragment(agent_str uri)
{
	agent_str address, fragment;
	agent_uri_split(uri, &address, &fragment);
	return fragment.len == 0 ? address : uri;
}

static agent_json *registered(const agent_compiler *c, agent_str uri)
{
	for (size_t i = 0; i < c->options->registry_count; i++) {
		const agent_schema_resource *entry = &c->options->registry[i];
		if (agent_str_eq(without_fragment(entry->uri), uri)) {
			return entry->document;
		}
	}
	return NULL;
}

agent_status agent_documents_json(agent_compiler *c, agent_str uri, agent_json **out, bool *builtin)
{
	uri = without_fragment(uri);
	agent_json *json = registered(c, uri);
	*builtin = false;
	*out = NULL;
	if (json != NULL) {
		*out = agent_json_ref(json);
		return AGENT_OK;
	}
	const char *text = agent_meta_text(uri);
	if (text == NULL) {
		return AGENT_OK;
	}
	*builtin = true;
	return agent_json_parse(agent_str_cstr(text), AGENT_JSON_LIMITS, "a meta-schema", out, c->err);
}

static agent_status load(agent_compiler *c, agent_str uri, bool *found)
{
	agent_json *json;
	bool builtin;
	agent_document *document;
	agent_str kept = AGENT_STR_EMPTY;
	if (agent_documents_json(c, uri, &json, &builtin) != AGENT_OK) {
		return AGENT_ERR;
	}
	*found = json != NULL;
	agent_status status = AGENT_OK;
	if (json != NULL) {
		status = agent_compile_dup(c, uri, &kept);
		status = status == AGENT_OK ? agent_scan_document(c, kept, json, builtin, &document) : status;
	}
	agent_json_free(json);
	return status;
}

/* Loads what the registry has, until one of the documents brings the address in an $id. */
static agent_status search(agent_compiler *c, agent_str uri, const agent_resource **out)
{
	bool found;
	for (size_t i = 0; i < c->options->registry_count; i++) {
		agent_str entry = without_fragment(c->options->registry[i].uri);
		if (agent_map_find(&c->resources, entry) == NULL && load(c, entry, &found) != AGENT_OK) {
			return AGENT_ERR;
		}
		*out = agent_map_find(&c->resources, uri);
		if (*out != NULL) {
			return AGENT_OK;
		}
	}
	return AGENT_OK;
}

agent_status agent_documents_find(agent_compiler *c, agent_str uri, const agent_resource **out)
{
	bool found;
	*out = agent_map_find(&c->resources, uri);
	if (*out != NULL) {
		return AGENT_OK;
	}
	if (load(c, uri, &found) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (!found) {
		return search(c, uri, out);
	}
	*out = agent_map_find(&c->resources, uri);
	return AGENT_OK;
}

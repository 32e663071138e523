/* SPDX-License-Identifier: MIT
 * Keywords that check nothing: annotations, addresses, and where schemas are kept for references.
 * What $id and the anchors mean is in schema_scan.c. */
#include "ext/contract/schema_compile.h"

static agent_status compile_text(agent_compiler *c, agent_check *check)
{
	agent_str text;
	return agent_json_str(check->value, &text) ? AGENT_OK
		: agent_compile_refuse(c, "schema", "must be a string");
}

static agent_status compile_flag(agent_compiler *c, agent_check *check)
{
	bool flag;
	return agent_json_bool(check->value, &flag) ? AGENT_OK
		: agent_compile_refuse(c, "schema", "must be true or false");
}

static agent_status compile_list(agent_compiler *c, agent_check *check)
{
	return agent_json_kind_of(check->value) == AGENT_JSON_KIND_ARRAY ? AGENT_OK
		: agent_compile_refuse(c, "schema", "must be an array");
}

static agent_status compile_map(agent_compiler *c, agent_check *check)
{
	return agent_json_kind_of(check->value) == AGENT_JSON_KIND_OBJECT ? AGENT_OK
		: agent_compile_refuse(c, "schema", "must be an object of schemas");
}

/* What an anchor may look like: ^[A-Za-z_][-A-Za-z0-9._]*$ */
static agent_status compile_anchor(agent_compiler *c, agent_check *check)
{
	agent_str text = AGENT_STR_EMPTY;
	bool fine = agent_json_str(check->value, &text) && text.len > 0;
	for (size_t i = 0; i < text.len && fine; i++) {
		char ch = text.ptr[i];
		bool letter = ((ch | 32) >= 'a' && (ch | 32) <= 'z') || ch == '_';
		fine = letter || (i > 0 && ((ch >= '0' && ch <= '9') || ch == '-' || ch == '.'));
	}
	return fine ? AGENT_OK
		: agent_compile_refuse(c, "schema", "must be a name: a letter, then letters, digits, '-', '_' and '.'");
}

/* Ours; elsewhere it is anybody's. */
static agent_status compile_deliver(agent_compiler *c, agent_check *check)
{
	return c->options->closed ? agent_compile_deliver(c, check) : AGENT_OK;
}

const agent_keyword agent_keywords_annotation[] = {
	{ "$schema", AGENT_DRAFT_ANY, AGENT_VOCABULARY_CORE, 0, 0, compile_text, NULL, 0, NULL },
	{ "$id", AGENT_DRAFT_ANY, AGENT_VOCABULARY_CORE, 0, 0, compile_text, NULL, 0, NULL },
	{ "$anchor", AGENT_DRAFT_2020, AGENT_VOCABULARY_CORE, 0, 0, compile_anchor, NULL, 0, NULL },
	{ "$dynamicAnchor", AGENT_DRAFT_2020, AGENT_VOCABULARY_CORE, 0, 0, compile_anchor, NULL, 0, NULL },
	{ "$vocabulary", AGENT_DRAFT_2020, AGENT_VOCABULARY_CORE, 0, 0, compile_map, NULL, 0, NULL },
	{ "$comment", AGENT_DRAFT_ANY, AGENT_VOCABULARY_CORE, 0, 0, compile_text, NULL, 0, NULL },
	{ "$defs", AGENT_DRAFT_2020, AGENT_VOCABULARY_CORE, AGENT_HOLDS_MAP, 0, compile_map, NULL, 0, NULL },
	{ "definitions", AGENT_DRAFT_ANY, AGENT_VOCABULARY_CORE, AGENT_HOLDS_MAP, 0, compile_map, NULL, 0, NULL },
	{ "title", AGENT_DRAFT_ANY, AGENT_VOCABULARY_META, 0, 0, compile_text, NULL, 0, NULL },
	{ "description", AGENT_DRAFT_ANY, AGENT_VOCABULARY_META, 0, 0, compile_text, NULL, 0, NULL },
	{ "default", AGENT_DRAFT_ANY, AGENT_VOCABULARY_META, 0, 0, NULL, NULL, 0, NULL },
	{ "examples", AGENT_DRAFT_ANY, AGENT_VOCABULARY_META, 0, 0, compile_list, NULL, 0, NULL },
	{ "deprecated", AGENT_DRAFT_ANY, AGENT_VOCABULARY_META, 0, 0, compile_flag, NULL, 0, NULL },
	{ "readOnly", AGENT_DRAFT_ANY, AGENT_VOCABULARY_META, 0, 0, compile_flag, NULL, 0, NULL },
	{ "writeOnly", AGENT_DRAFT_ANY, AGENT_VOCABULARY_META, 0, 0, compile_flag, NULL, 0, NULL },
	{ "contentEncoding", AGENT_DRAFT_ANY, AGENT_VOCABULARY_CONTENT, 0, 0, compile_text, NULL, 0, NULL },
	{ "contentMediaType", AGENT_DRAFT_ANY, AGENT_VOCABULARY_CONTENT, 0, 0, compile_text, NULL, 0, NULL },
	{ "contentSchema", AGENT_DRAFT_2020, AGENT_VOCABULARY_CONTENT, AGENT_HOLDS_SCHEMA, 0, NULL, NULL, 0, NULL },
	{ "deliver", AGENT_DRAFT_ANY, AGENT_VOCABULARY_CORE, 0, 0, compile_deliver, NULL, 0, NULL },
	{ 0 },
};

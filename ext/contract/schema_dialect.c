/* SPDX-License-Identifier: MIT
 * Which keywords a document has: its draft, and the vocabularies of a meta-schema of its own.
 * What keywords mean is elsewhere. */
#include "ext/contract/schema_compile.h"

#define HOPS_MAX 8

#define ALL_OF_2020 (AGENT_VOCABULARY_CORE | AGENT_VOCABULARY_APPLICATOR | AGENT_VOCABULARY_UNEVALUATED \
	| AGENT_VOCABULARY_VALIDATION | AGENT_VOCABULARY_META | AGENT_VOCABULARY_FORMAT | AGENT_VOCABULARY_CONTENT)

static const struct { const char *uri; agent_dialect dialect; } drafts[] = {
	{ "https://json-schema.org/draft/2020-12/schema", { AGENT_DRAFT_2020, ALL_OF_2020 } },
	{ "http://json-schema.org/draft-07/schema", { AGENT_DRAFT_7, ALL_OF_2020 } },
	{ "https://json-schema.org/draft-07/schema", { AGENT_DRAFT_7, ALL_OF_2020 } },
};

static const struct { const char *uri; unsigned bit; } vocabularies[] = {
	{ "https://json-schema.org/draft/2020-12/vocab/core", AGENT_VOCABULARY_CORE },
	{ "https://json-schema.org/draft/2020-12/vocab/applicator", AGENT_VOCABULARY_APPLICATOR },
	{ "https://json-schema.org/draft/2020-12/vocab/unevaluated", AGENT_VOCABULARY_UNEVALUATED },
	{ "https://json-schema.org/draft/2020-12/vocab/validation", AGENT_VOCABULARY_VALIDATION },
	{ "https://json-schema.org/draft/2020-12/vocab/meta-data", AGENT_VOCABULARY_META },
	{ "https://json-schema.org/draft/2020-12/vocab/format-annotation", AGENT_VOCABULARY_FORMAT },
	{ "https://json-schema.org/draft/2020-12/vocab/format-assertion", AGENT_VOCABULARY_FORMAT_ASSERTION },
	{ "https://json-schema.org/draft/2020-12/vocab/content", AGENT_VOCABULARY_CONTENT },
};

static unsigned vocabulary_bit(agent_str uri)
{
	for (size_t i = 0; i < sizeof vocabularies / sizeof *vocabularies; i++) {
		if (agent_str_is(uri, vocabularies[i].uri)) {
			return vocabularies[i].bit;
		}
	}
	return 0;
}

static agent_status read_vocabularies(agent_compiler *c, const agent_json *list, agent_str uri, agent_dialect *out)
{
	agent_str name;
	agent_json *value;
	out->vocabularies = AGENT_VOCABULARY_CORE;
	for (agent_json_iter it = agent_json_members(list); agent_json_member(&it, &name, &value);) {
		bool needed = true;
		unsigned bit = vocabulary_bit(name);
		if (bit == 0 && (!agent_json_bool(value, &needed) || needed)) {
			return agent_compile_refuse(c, "schema", "\"%.*s\" needs the vocabulary \"%.*s\", which is not known here",
				AGENT_STR_ARG(agent_str_cut(uri, 0, 80)), AGENT_STR_ARG(agent_str_cut(name, 0, 80)));
		}
		out->vocabularies |= bit;
	}
	return AGENT_OK;
}

static bool known_draft(agent_str uri, agent_dialect *out)
{
	if (uri.len > 0 && uri.ptr[uri.len - 1] == '#') {
		uri.len--;
	}
	for (size_t i = 0; i < sizeof drafts / sizeof *drafts; i++) {
		if (agent_str_is(uri, drafts[i].uri)) {
			*out = drafts[i].dialect;
			return true;
		}
	}
	return false;
}

/* A meta-schema of the caller's: its draft is that of its own $schema. */
static agent_status custom(agent_compiler *c, agent_str uri, int hops, agent_dialect *out)
{
	agent_json *json;
	agent_str own = AGENT_STR_EMPTY;
	bool builtin;
	if (known_draft(uri, out)) {
		return AGENT_OK;
	}
	if (agent_documents_json(c, uri, &json, &builtin) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (json == NULL || hops >= HOPS_MAX) {
		agent_json_free(json);
		return agent_compile_refuse(c, "schema", "must be \"%s\", \"%s#\" or a meta-schema of the registry, not \"%.*s\"",
			drafts[0].uri, drafts[1].uri, AGENT_STR_ARG(agent_str_cut(uri, 0, 60)));
	}
	agent_status status = AGENT_OK;
	if (!agent_json_str(agent_json_get(json, "$schema"), &own)) {
		own = agent_str_cstr(drafts[0].uri);
	}
	status = custom(c, own, hops + 1, out);
	if (status == AGENT_OK && out->draft == AGENT_DRAFT_2020 && agent_json_has(json, "$vocabulary")) {
		status = read_vocabularies(c, agent_json_get(json, "$vocabulary"), uri, out);
	}
	agent_json_free(json);
	return status;
}

agent_status agent_dialect_of(agent_compiler *c, agent_str uri, agent_dialect *out)
{
	return custom(c, uri.len > 0 ? uri : agent_str_cstr(drafts[0].uri), 0, out);
}

/* SPDX-License-Identifier: MIT
 * Patterns on PCRE2: compiled once, matched within limits.
 * The only file that includes PCRE2; no JIT. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "ext/base/alloc.h"
#include "ext/contract/pattern.h"
#include "ext/contract/pattern_ecma.h"

#define SOURCE_MAX ((size_t)4096)
#define MATCH_LIMIT 100000u
#define DEPTH_LIMIT 2000u
#define HEAP_LIMIT 1024u /* KiB */

/* Nothing in it changes after it was made: matches bring their own match data. */
struct agent_pattern {
	pcre2_general_context *general;
	pcre2_match_context *match;
	pcre2_code *code;
};

static void *take_memory(PCRE2_SIZE size, void *state)
{
	(void)state;
	return agent_malloc(size);
}

static void give_memory(void *block, void *state)
{
	(void)state;
	agent_free(block);
}

static agent_status compile(agent_pattern *p, agent_str text, agent_error *err)
{
	int code = 0;
	PCRE2_SIZE at = 0;
	pcre2_compile_context *context = pcre2_compile_context_create(p->general);
	if (context == NULL) {
		return agent_fail_memory(err);
	}
	pcre2_set_parens_nest_limit(context, 50);
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	p->code = pcre2_compile((PCRE2_SPTR)text.ptr, text.len,
		PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF
			| PCRE2_NEVER_BACKSLASH_C,
		&code, &at, context);
	pcre2_compile_context_free(context);
	if (p->code == NULL) {
		PCRE2_UCHAR reason[160] = { 0 };
		if (code == PCRE2_ERROR_HEAP_FAILED) {
			return agent_fail_memory(err);
		}
		pcre2_get_error_message(code, reason, sizeof reason);
		return agent_fail(err, AGENT_DOMAIN_SCHEMA, "pattern", "is no regular expression: %s",
			(const char *)reason);
	}
	return AGENT_OK;
}

static agent_status translate(agent_pattern *p, agent_str source, agent_error *err)
{
	agent_buf text;
	size_t at = 0;
	agent_buf_init(&text, SOURCE_MAX * 64); /* \s alone becomes 90 bytes */
	const char *reason = agent_pattern_translate(source, &text, &at);
	agent_status status;
	if (reason != NULL) {
		status = agent_fail(err, AGENT_DOMAIN_SCHEMA, "pattern", "is no regular expression: %s, at byte %zu",
			reason, at);
	} else {
		status = agent_buf_check(&text, "the pattern", err);
	}
	if (status == AGENT_OK) {
		status = compile(p, agent_buf_str(&text), err);
	}
	agent_buf_clear(&text);
	return status;
}

agent_status agent_pattern_compile(agent_str source, agent_pattern **out, agent_error *err)
{
	*out = NULL;
	if (source.len > SOURCE_MAX) {
		return agent_fail(err, AGENT_DOMAIN_SCHEMA, "pattern", "is a pattern of more than %zu bytes",
			SOURCE_MAX);
	}
	agent_pattern *p = agent_calloc(1, sizeof *p);
	if (p == NULL) {
		return agent_fail_memory(err);
	}
	p->general = pcre2_general_context_create(take_memory, give_memory, NULL);
	p->match = p->general != NULL ? pcre2_match_context_create(p->general) : NULL;
	if (p->match == NULL) {
		agent_pattern_free(p);
		return agent_fail_memory(err);
	}
	pcre2_set_match_limit(p->match, MATCH_LIMIT);
	pcre2_set_depth_limit(p->match, DEPTH_LIMIT);
	pcre2_set_heap_limit(p->match, HEAP_LIMIT);
	if (translate(p, source, err) != AGENT_OK) {
		agent_pattern_free(p);
		return AGENT_ERR;
	}
	*out = p;
	return AGENT_OK;
}

void agent_pattern_free(agent_pattern *pattern)
{
	if (pattern != NULL) {
		pcre2_code_free(pattern->code);
		pcre2_match_context_free(pattern->match);
		pcre2_general_context_free(pattern->general);
		agent_free(pattern);
	}
}

static agent_status match_failed(int code, agent_error *err)
{
	switch (code) {
		case PCRE2_ERROR_MATCHLIMIT:
		case PCRE2_ERROR_DEPTHLIMIT:
		case PCRE2_ERROR_HEAPLIMIT:
			return agent_fail(err, AGENT_DOMAIN_LIMIT, "pattern_limit",
				"a pattern takes too long on this text");
		case PCRE2_ERROR_NOMEMORY:
			return agent_fail_memory(err);
		default:
			return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "pattern_text",
				"a pattern cannot be matched: error %d", code);
	}
}

agent_status agent_pattern_find(const agent_pattern *pattern, agent_str text, size_t from, bool *found,
	size_t *start, size_t *end, agent_error *err)
{
	*found = false;
	*start = *end = 0;
	if (from > text.len) {
		return AGENT_OK;
	}
	pcre2_match_data *data = pcre2_match_data_create(1, pattern->general);
	if (data == NULL) {
		return agent_fail_memory(err);
	}
	int code = pcre2_match(pattern->code, (PCRE2_SPTR)text.ptr, text.len, from, 0, data, pattern->match);
	if (code >= 0) {
		const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(data);
		*found = true;
		*start = offsets[0];
		*end = offsets[1];
	}
	pcre2_match_data_free(data);
	return code >= 0 || code == PCRE2_ERROR_NOMATCH ? AGENT_OK : match_failed(code, err);
}

void agent_pattern_version(agent_buf *out)
{
	char text[64];
	if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) <= (int)sizeof text
		&& pcre2_config(PCRE2_CONFIG_VERSION, text) > 0) {
		agent_buf_add(out, agent_str_cstr(text));
	}
}

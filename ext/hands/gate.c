/* SPDX-License-Identifier: MIT
 * What a request with verified claims may do at a tool's backend, and how long any token may live.
 * Verifies no signature and reads no clock. */
#include "ext/hands/hands.h"

#define TIME_MAX INT64_C(253402300799) /* the year 9999: keeps sums from overflowing */

static bool plausible(int64_t time)
{
	return time >= 0 && time <= TIME_MAX;
}

int64_t agent_token_life(agent_str audience, agent_str backend)
{
	return agent_str_eq(audience, backend) ? AGENT_TOKEN_LIFE_CALL_S : AGENT_TOKEN_LIFE_S;
}

const char *agent_token_time(int64_t issued_s, int64_t not_before_s, int64_t expires_s, int64_t life_s, int64_t now_s)
{
	if (!plausible(issued_s) || !plausible(expires_s) || not_before_s < 0 || expires_s < issued_s
		|| expires_s - issued_s > life_s) {
		return "too_long";
	}
	if (issued_s > now_s + AGENT_TOKEN_SKEW_S || not_before_s > now_s + AGENT_TOKEN_SKEW_S) {
		return "not_yet";
	}
	return now_s >= expires_s + AGENT_TOKEN_SKEW_S ? "expired" : NULL;
}

/* The token's scopes stand one blank apart (RFC 8693 section 4.2). */
static bool next_scope(agent_str scopes, size_t *at, agent_str *scope)
{
	while (*at < scopes.len && scopes.ptr[*at] == ' ') {
		++*at;
	}
	size_t start = *at;
	while (*at < scopes.len && scopes.ptr[*at] != ' ') {
		++*at;
	}
	*scope = agent_str_cut(scopes, start, *at - start);
	return scope->len > 0;
}

static bool holds(agent_str scopes, agent_str wanted)
{
	agent_str scope;
	size_t at = 0;
	while (next_scope(scopes, &at, &scope)) {
		if (agent_str_eq(scope, wanted)) {
			return true;
		}
	}
	return false;
}

/* What ends a scope or a part of one must not come from an argument, nor what a reader of the record would not see. */
static bool names_resource(agent_str value)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];
		bool c1 = c == 0xc2 && i + 1 < value.len && (unsigned char)value.ptr[i + 1] < 0xa0; /* U+0080 … U+009F */
		if (c <= 0x20 || c == 0x7f || c == ':' || c1) {
			return false;
		}
	}
	return value.len > 0;
}

bool agent_gate_names(const agent_tool *tool, agent_str scope, agent_str value)
{
	size_t colon = agent_str_find(tool->scope, AGENT_STR(":"), 0);
	size_t head = colon == (size_t)-1 ? tool->scope.len : colon;
	agent_str rest = agent_str_from(tool->scope, head);
	if (tool->resource.len == 0 || !names_resource(value) || scope.len != head + 1 + value.len + rest.len) {
		return false;
	}
	return agent_str_eq(agent_str_cut(scope, 0, head), agent_str_cut(tool->scope, 0, head)) && scope.ptr[head] == ':'
		&& agent_str_eq(agent_str_cut(scope, head + 1, value.len), value)
		&& agent_str_eq(agent_str_from(scope, head + 1 + value.len), rest);
}

agent_status agent_gate_resource(const agent_tool *tool, agent_str arguments, agent_arena *arena, agent_str *value, agent_error *err)
{
	agent_json *tree;
	agent_str text;
	*value = AGENT_STR_EMPTY;
	if (tool->resource.len == 0) {
		return AGENT_OK;
	}
	if (agent_json_parse(arguments, AGENT_JSON_LIMITS, "the arguments", &tree, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = AGENT_OK;
	agent_str key;
	agent_json *member;
	agent_json_iter it = agent_json_members(tree);
	while (status == AGENT_OK && agent_json_member(&it, &key, &member)) {
		if (agent_str_eq(key, tool->resource) && agent_json_str(member, &text) && !agent_arena_dup(arena, text, value)) {
			status = agent_arena_fail(arena, err);
		}
	}
	agent_json_free(tree);
	return status;
}

const char *agent_gate_scope(const agent_tool *tool, agent_str scopes, bool has_subject, agent_str value)
{
	agent_str scope;
	size_t at = 0;
	if (tool->resource.len == 0) {
		return holds(scopes, tool->scope) ? NULL : "scope";
	}
	if (has_subject && holds(scopes, tool->scope)) {
		return NULL; /* whether this one is the subject's is the handler's business */
	}
	while (next_scope(scopes, &at, &scope)) {
		if (agent_gate_names(tool, scope, value)) {
			return NULL;
		}
	}
	return has_subject ? "scope" : "proof_required";
}

const char *agent_gate_check(const agent_claims *claims, agent_str audience, agent_str issuer, agent_str digest, int64_t now_s)
{
	if (!agent_str_eq(claims->audience, audience)) {
		return "audience";
	}
	if (!agent_str_eq(claims->issuer, issuer)) {
		return "issuer";
	}
	const char *time = agent_token_time(claims->issued_s, claims->not_before_s, claims->expires_s, AGENT_TOKEN_LIFE_CALL_S, now_s);
	if (time != NULL) {
		return time;
	}
	return claims->digest.len > 0 && agent_str_eq(claims->digest, digest) ? NULL : "digest";
}

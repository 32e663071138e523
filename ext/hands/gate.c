/* SPDX-License-Identifier: MIT
 * What a request with verified claims may do at a tool's backend, and how long any token may live.
 * Verifies no signature and reads no clock. */
#include "ext/hands/hands.h"

#define SKEW_S 30
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
	if (issued_s > now_s + SKEW_S || not_before_s > now_s + SKEW_S) {
		return "not_yet";
	}
	return now_s >= expires_s + SKEW_S ? "expired" : NULL;
}

/* The token's scopes stand one blank apart (RFC 8693 section 4.2). */
static bool opens(agent_str scopes, agent_str wanted)
{
	size_t start = 0;
	for (size_t i = 0; i <= scopes.len; i++) {
		if (i == scopes.len || scopes.ptr[i] == ' ') {
			if (i > start && agent_str_eq(agent_str_cut(scopes, start, i - start), wanted)) {
				return true;
			}
			start = i + 1;
		}
	}
	return false;
}

const char *agent_gate_check(const agent_tool *tool, const agent_claims *claims, agent_str audience,
	agent_str issuer, agent_str digest, int64_t now_s)
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
	if (!opens(claims->scope, tool->scope)) {
		return "scope";
	}
	return claims->digest.len > 0 && agent_str_eq(claims->digest, digest) ? NULL : "digest";
}

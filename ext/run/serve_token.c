/* SPDX-License-Identifier: MIT
 * The token of a served request: verified, its claims read, held against tool, request and clock.
 * Answers nothing and counts nothing: serve_gate.c does. */
#include "ext/run/admin.h"
#include "ext/run/serve_internal.h"
#include "ext/seal/token.h"

static agent_str claim(const agent_json *claims, const char *name, agent_arena *arena, bool *fine)
{
	agent_str text, copy = AGENT_STR_EMPTY;
	if (agent_json_str(agent_json_get(claims, name), &text) && !agent_arena_dup(arena, text, &copy)) {
		*fine = false;
	}
	return copy;
}

static bool read_claims(agent_serve *serve, const agent_json *tree)
{
	bool fine = true;
	agent_claims *c = &serve->claims;
	agent_arena *arena = serve->arena;
	*c = (agent_claims){
		.issuer = claim(tree, "iss", arena, &fine), .audience = claim(tree, "aud", arena, &fine), .subject = claim(tree, "sub", arena, &fine),
		.scope = claim(tree, "scope", arena, &fine), .session = claim(tree, "session", arena, &fine), .turn = claim(tree, "turn", arena, &fine),
		.call = claim(tree, "call", arena, &fine), .id = claim(tree, "jti", arena, &fine), .digest = claim(tree, "dig", arena, &fine),
		.issued_s = -1, .not_before_s = -1, .expires_s = -1, .has_subject = agent_json_get(tree, "sub") != NULL
	};
	fine = fine && agent_json_int(agent_json_get(tree, "iat"), &c->issued_s) && agent_json_int(agent_json_get(tree, "exp"), &c->expires_s)
		&& agent_json_int(agent_json_get(tree, "nbf"), &c->not_before_s);
	return fine;
}

const char *agent_serve_token(agent_serve *serve, const agent_serve_request *request, agent_error *err)
{
	static const agent_str bearer = AGENT_STR_INIT("Bearer ");
	const agent_config *config = serve->site->config;
	agent_str token = agent_str_trim(request->authorization);
	if (token.len < bearer.len || !agent_str_eq_nocase(agent_str_cut(token, 0, bearer.len), bearer)) {
		return "token_missing";
	}
	agent_key key;
	agent_json *tree;
	char digest[65];
	if (agent_audience_key(serve->site, config->audience, &key, err) != AGENT_OK) {
		return NULL;
	}
	agent_status status = agent_token_verify(&key, agent_str_trim(agent_str_from(token, bearer.len)), &tree, err);
	agent_wipe(&key, sizeof key);
	if (status != AGENT_OK) {
		return err->domain == AGENT_DOMAIN_MEMORY ? NULL : "token_invalid";
	}
	bool fine = read_claims(serve, tree);
	agent_json_free(tree);
	if (!fine) {
		return "token_invalid";
	}
	if (agent_request_digest(request->method, request->path, request->body, digest, err) != AGENT_OK) {
		return NULL;
	}
	const agent_clock *clock = &serve->site->clock;
	err->domain = AGENT_DOMAIN_NONE;
	return agent_gate_check(serve->tool, &serve->claims, config->audience, config->issuer, agent_str_cstr(digest), clock->wall_ms(clock->state) / 1000);
}

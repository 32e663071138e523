/* SPDX-License-Identifier: MIT
 * The token of a served request: verified, its claims read, held against tool, request and clock.
 * Answers nothing and counts nothing: serve_gate.c does. */
#include "ext/run/serve_internal.h"
#include "ext/seal/token.h"

/* Verified claims into serve->claims, and the kid for the record; their texts live in its arena. */
static agent_status read_claims(agent_serve *serve, agent_str token, agent_error *err)
{
	const agent_keyset *keys;
	agent_str kept;
	agent_buf text;
	agent_buf_init(&text, AGENT_TOKEN_MAX);
	agent_status status = agent_keys_of(serve->site, serve->site->config->audience, &keys, err);
	if (status == AGENT_OK) {
		status = agent_token_verify(keys, token, &text, err);
	}
	if (status == AGENT_OK && (!agent_arena_dup(serve->arena, agent_buf_str(&text), &kept)
			|| !agent_arena_dup(serve->arena, agent_token_kid(keys, token), &serve->key_id))) {
		status = agent_arena_fail(serve->arena, err);
	}
	if (status == AGENT_OK) {
		status = agent_claims_read(kept, serve->arena, &serve->claims, err);
	}
	agent_buf_clear(&text);
	return status;
}

const char *agent_serve_token(agent_serve *serve, const agent_serve_request *request, agent_error *err)
{
	static const agent_str bearer = AGENT_STR_INIT("Bearer ");
	const agent_config *config = serve->site->config;
	agent_str token = agent_str_trim(request->authorization);
	char digest[65];
	if (token.len < bearer.len || !agent_str_eq_nocase(agent_str_cut(token, 0, bearer.len), bearer)) {
		return "token_missing";
	}
	token = agent_str_trim(agent_str_from(token, bearer.len));
	if (read_claims(serve, token, err) != AGENT_OK) {
		/* What the token did wrong has a code of its own; the rest (store, memory, a missing key) is a failure of ours. */
		return err->domain == AGENT_DOMAIN_CRYPTO && strncmp(err->code, "token_", 6) == 0 ? "token_invalid" : NULL;
	}
	if (agent_request_digest(request->method, request->path, request->body, digest, err) != AGENT_OK) {
		return NULL;
	}
	const agent_clock *clock = &serve->site->clock;
	err->domain = AGENT_DOMAIN_NONE;
	return agent_gate_check(&serve->claims, config->audience, config->issuer, agent_str_cstr(digest), clock->wall_ms(clock->state) / 1000);
}

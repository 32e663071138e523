/* SPDX-License-Identifier: MIT
 * What a served tool does once only: a write takes each token once, and each idempotency key runs the handler once.
 * Whose request it is has been settled before. */
#include "ext/run/serve_internal.h"

#define TOKEN_ID_MAX ((size_t)256)
#define CLAIM_TEXT_MAX ((size_t)512 * 1024)
#define BUSY_WAIT_MS 1000
/* Clocks may be set back by so much before a dead token's id is needed again. */
#define SEEN_MARGIN_S 3600

static int64_t now_s(const agent_serve *serve)
{
	const agent_clock *clock = &serve->site->clock;
	return clock->wall_ms(clock->state) / 1000;
}

agent_status agent_serve_see_token(agent_serve *serve, agent_error *err)
{
	bool first = false;
	agent_audit *port = &serve->site->audit;
	agent_str id = serve->claims.id;
	if (id.len == 0 || id.len > TOKEN_ID_MAX) {
		agent_refusal refusal = { 401, AGENT_STR("token_invalid"), AGENT_STR("a write needs a token with a jti of 1 to 256 bytes"),
			AGENT_STR_EMPTY, true, 0 };
		return agent_serve_refuse(serve, &refusal, err);
	}
	int64_t until = serve->claims.expires_s + AGENT_TOKEN_SKEW_S + SEEN_MARGIN_S;
	if (port->once(port->state, id, until, now_s(serve), &first, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (first) {
		return AGENT_OK;
	}
	/* 401 and not 409: nothing is wrong with the request, it needs another token (RFC 6750: "invalid for other reasons"). */
	agent_refusal refusal = { 401, AGENT_STR("token_replayed"), AGENT_STR("this token was used before: sign a new one"), AGENT_STR_EMPTY,
		true, 0 };
	return agent_serve_refuse(serve, &refusal, err);
}

/* The key is the caller's word: it is bound to who called and what was asked, so that nobody reads another one's answer. An answer that
 * was read may depend on all that the caller was allowed; a write that is asked for again is the same one, whatever was granted since. */
static agent_status bind_key(agent_serve *serve, agent_str wanted, agent_error *err)
{
	agent_buf text;
	char digest[65];
	const agent_claims *c = &serve->claims;
	agent_buf_init(&text, CLAIM_TEXT_MAX);
	const agent_str parts[] = { wanted, c->has_subject ? AGENT_STR("s") : AGENT_STR("g"), c->subject, c->session,
		serve->tool->effect == AGENT_TOOL_READ ? c->scope : AGENT_STR_EMPTY, serve->arguments };
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) { /* their bytes: as JSON, keys that are no UTF-8 would all be one */
		agent_buf_addf(&text, "%zu:", parts[i].len);
		agent_buf_add(&text, parts[i]);
	}
	agent_status status = agent_buf_check(&text, "the idempotency key", err);
	if (status == AGENT_OK) {
		status = agent_sha256_hex(agent_buf_str(&text), digest, err);
	}
	agent_buf_clear(&text);
	if (status == AGENT_OK && !agent_arena_dup(serve->arena, agent_str_cstr(digest), &serve->key)) {
		status = agent_arena_fail(serve->arena, err);
	}
	return status;
}

agent_status agent_serve_claim(agent_serve *serve, agent_str wanted, agent_error *err)
{
	static const agent_refusal busy = { 409, AGENT_STR_INIT("in_progress"), AGENT_STR_INIT("the same request is being answered"),
		AGENT_STR_INIT(""), false, BUSY_WAIT_MS };
	static const agent_refusal unknown = { 409, AGENT_STR_INIT("unknown"), AGENT_STR_INIT("the same request was begun and not finished: whether it "
		"was carried out is not known, and it is not tried again"), AGENT_STR_INIT(""), false, 0 };
	agent_claim claim;
	agent_str answer;
	agent_audit *port = &serve->site->audit;
	if (wanted.len == 0) {
		return AGENT_OK;
	}
	if (bind_key(serve, wanted, err) != AGENT_OK
		|| port->claim(port->state, serve->tool->name, serve->key, serve->tool->effect == AGENT_TOOL_WRITE, now_s(serve), serve->arena,
			&claim, &answer, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	switch (claim) {
		case AGENT_CLAIM_MINE:
			serve->claimed = true;
			return AGENT_OK;
		case AGENT_CLAIM_ANSWERED:
			return agent_serve_respond(serve, answer, err);
		case AGENT_CLAIM_BUSY:
			return agent_serve_refuse(serve, &busy, err);
		case AGENT_CLAIM_UNKNOWN:
			return agent_serve_refuse(serve, &unknown, err);
	}
	return AGENT_OK;
}

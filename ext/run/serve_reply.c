/* SPDX-License-Identifier: MIT
 * What a served request is answered: status, headers, and one shape of JSON for every refusal.
 * Decides nothing about the request: serve_gate.c and serve.c do. */
#include "ext/run/serve_internal.h"

#define REFUSAL_MAX ((size_t)256 * 1024)

/* RFC 6750 section 3: who brought no token is told of no error. With 401 alone, although the RFC would have a challenge with 403, too: PHP turns
 * any status into 401 when such a header is set behind it. */
static void put_challenge(const agent_refusal *refusal, agent_buf *out)
{
	agent_json_put_member(out, "WWW-Authenticate", refusal->bad_token ? AGENT_STR("Bearer realm=\"tools\", error=\"invalid_token\"")
		: AGENT_STR("Bearer realm=\"tools\""));
}

static agent_status put_headers(agent_serve *serve, const agent_refusal *refusal, agent_error *err)
{
	agent_buf out;
	agent_buf_init(&out, 2048);
	agent_buf_add_char(&out, '{');
	agent_json_put_member(&out, "Content-Type", AGENT_STR("application/json; charset=utf-8"));
	agent_json_put_member(&out, "Cache-Control", AGENT_STR("no-store"));
	if (refusal != NULL && refusal->status == 401) {
		put_challenge(refusal, &out);
	}
	if (refusal != NULL && refusal->status == 405) {
		agent_json_put_member(&out, "Allow", serve->tool->method);
	}
	if (refusal != NULL && refusal->wait_ms > 0) {
		agent_buf seconds;
		agent_buf_init(&seconds, 32);
		agent_buf_addf(&seconds, "%lld", (long long)((refusal->wait_ms + 999) / 1000));
		agent_json_put_member(&out, "Retry-After", agent_buf_str(&seconds));
		out.fault = out.fault == AGENT_BUF_FINE ? seconds.fault : out.fault;
		agent_buf_clear(&seconds);
	}
	agent_buf_add_char(&out, '}');
	agent_status status = agent_buf_check(&out, "the response", err);
	if (status == AGENT_OK && !agent_arena_dup(serve->arena, agent_buf_str(&out), &serve->response.headers)) {
		status = agent_arena_fail(serve->arena, err);
	}
	agent_buf_clear(&out);
	return status;
}

static agent_status reply(agent_serve *serve, int status, agent_str body, const agent_refusal *refusal, agent_error *err)
{
	if (put_headers(serve, refusal, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (!agent_arena_dup(serve->arena, body, &serve->response.body)) {
		return agent_arena_fail(serve->arena, err);
	}
	serve->response.status = status;
	serve->wants_handler = false;
	serve->answered = true;
	return AGENT_OK;
}

agent_status agent_serve_respond(agent_serve *serve, agent_str body, agent_error *err)
{
	serve->code = AGENT_STR_EMPTY;
	return reply(serve, 200, body, NULL, err);
}

agent_status agent_serve_refuse(agent_serve *serve, const agent_refusal *refusal, agent_error *err)
{
	agent_buf body;
	agent_buf_init(&body, REFUSAL_MAX);
	agent_buf_add_lit(&body, "{\"error\":{");
	agent_json_put_member(&body, "code", refusal->code);
	agent_json_put_member(&body, "message", refusal->message);
	if (refusal->faults.len > 0) {
		agent_json_put_key(&body, "faults");
		agent_buf_add(&body, refusal->faults);
	}
	if (refusal->wait_ms > 0) {
		agent_json_put_member_int(&body, "retry_after_ms", refusal->wait_ms);
	}
	agent_buf_add_lit(&body, "}}");
	agent_status status = agent_buf_check(&body, "the response", err);
	if (status == AGENT_OK && !agent_arena_dup(serve->arena, refusal->code, &serve->code)) {
		status = agent_arena_fail(serve->arena, err);
	}
	if (status == AGENT_OK) {
		status = reply(serve, refusal->status, agent_buf_str(&body), refusal, err);
	}
	agent_buf_clear(&body);
	return status;
}

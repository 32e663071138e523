/* SPDX-License-Identifier: MIT
 * The gate of a served tool: token and digest, scope, arguments, rate, repetition.
 * What claims allow is judged in hands/; here it is looked up and answered. */
#include "ext/run/serve_internal.h"

#define BODY_MAX ((size_t)256 * 1024)

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The query parameter `arguments` of a GET request, decoded; empty when there is none or it is broken. */
static void query_arguments(agent_str path, agent_buf *out)
{
	size_t at = agent_str_find(path, AGENT_STR("arguments="), 1);
	while (at != (size_t)-1 && path.ptr[at - 1] != '?' && path.ptr[at - 1] != '&') {
		at = agent_str_find(path, AGENT_STR("arguments="), at + 1);
	}
	if (at == (size_t)-1) {
		return;
	}
	for (size_t i = at + 10; i < path.len && path.ptr[i] != '&'; i++) {
		char c = path.ptr[i];
		if (c == '%' && i + 2 < path.len && hex(path.ptr[i + 1]) >= 0 && hex(path.ptr[i + 2]) >= 0) {
			c = (char)(hex(path.ptr[i + 1]) << 4 | hex(path.ptr[i + 2]));
			i += 2;
		}
		agent_buf_add_char(out, c);
	}
}

static agent_status check_arguments(agent_serve *serve, const agent_serve_request *request, bool *valid, agent_error *err)
{
	agent_str faults, missing;
	agent_buf decoded;
	agent_buf_init(&decoded, BODY_MAX);
	if (agent_str_is(request->method, "GET")) {
		query_arguments(request->path, &decoded);
	} else {
		agent_buf_add(&decoded, request->body);
	}
	agent_status status = agent_arguments_check(serve->tool, agent_buf_str(&decoded), serve->arena, valid, &serve->arguments, &faults, &missing, NULL, err);
	agent_buf_clear(&decoded);
	if (status == AGENT_OK && !*valid) {
		return agent_serve_refuse(serve, 400, AGENT_STR("arguments"), AGENT_STR("the arguments do not fit the tool's schema"), faults, err);
	}
	if (status == AGENT_OK) {
		status = agent_sha256_hex(serve->arguments, serve->arguments_digest, err);
	}
	return status;
}

static agent_status check_rate(agent_serve *serve, bool *allowed, agent_error *err)
{
	int64_t wait_ms;
	const agent_clock *clock = &serve->site->clock;
	*allowed = true;
	if (serve->tool->rate.count == 0) {
		return AGENT_OK;
	}
	agent_buf key;
	agent_buf_init(&key, 1024);
	agent_buf_add_lit(&key, "tool:");
	agent_buf_add(&key, serve->tool->name);
	agent_buf_add_char(&key, ':');
	agent_buf_add(&key, serve->claims.has_subject ? serve->claims.subject : serve->claims.session);
	agent_status status = agent_buf_check(&key, "the rate's key", err);
	if (status == AGENT_OK) {
		agent_limits *limits = &serve->site->limits;
		status = limits->take(limits->state, agent_buf_str(&key), serve->tool->rate, clock->wall_ms(clock->state), allowed, &wait_ms, err);
	}
	agent_buf_clear(&key);
	return status;
}

/* The key is the caller's word: it is bound to who called and what was asked, so that nobody reads another one's answer. */
static agent_status claim_key(agent_serve *serve, agent_str wanted, bool *found, agent_error *err)
{
	const agent_clock *clock = &serve->site->clock;
	agent_buf text;
	agent_str answer;
	char digest[65];
	*found = false;
	if (wanted.len == 0) {
		return AGENT_OK;
	}
	agent_buf_init(&text, BODY_MAX + 8192);
	const agent_str parts[] = { wanted, serve->claims.has_subject ? AGENT_STR("s") : AGENT_STR("g"), serve->claims.subject, serve->claims.session, serve->claims.scope, serve->arguments };
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		agent_json_put_str(&text, parts[i]);
	}
	agent_status status = agent_buf_check(&text, "the idempotency key", err);
	if (status == AGENT_OK) {
		status = agent_sha256_hex(agent_buf_str(&text), digest, err);
	}
	agent_buf_clear(&text);
	if (status != AGENT_OK || !agent_arena_dup(serve->arena, agent_str_cstr(digest), &serve->key)) {
		return status != AGENT_OK ? AGENT_ERR : agent_arena_fail(serve->arena, err);
	}
	agent_audit *port = &serve->site->audit;
	status = port->claim(port->state, serve->tool->name, serve->key, clock->wall_ms(clock->state) / 1000, serve->arena, &answer, found, err);
	serve->claimed = status == AGENT_OK && !*found;
	if (status == AGENT_OK && *found) {
		return agent_serve_respond(serve, 200, answer, err);
	}
	if (status != AGENT_OK && err->domain == AGENT_DOMAIN_LIMIT) {
		return agent_serve_refuse(serve, 409, AGENT_STR("in_progress"), AGENT_STR("the same request is being answered"), AGENT_STR_EMPTY, err);
	}
	return status;
}

static agent_status make_context(agent_serve *serve, agent_error *err)
{
	const agent_claims *c = &serve->claims;
	agent_context context = { c->has_subject, c->subject, c->session, c->turn, c->call, c->scope };
	return agent_context_write(&context, serve->arena, &serve->context, err);
}

agent_status agent_serve_gate(agent_serve *serve, const agent_serve_request *request, agent_error *err)
{
	bool valid, allowed, found;
	if (request->body.len > BODY_MAX) {
		return agent_serve_refuse(serve, 413, AGENT_STR("too_large"), AGENT_STR("the request is too large"), AGENT_STR_EMPTY, err);
	}
	if (!agent_str_eq(request->method, serve->tool->method)) {
		return agent_serve_refuse(serve, 405, AGENT_STR("method"), AGENT_STR("this tool takes another method"), AGENT_STR_EMPTY, err);
	}
	err->domain = AGENT_DOMAIN_NONE;
	const char *code = agent_serve_token(serve, request, err);
	if (code == NULL && err->domain != AGENT_DOMAIN_NONE) {
		return AGENT_ERR;
	}
	bool scope = code != NULL && strcmp(code, "scope") == 0;
	serve->known = code == NULL || scope || strcmp(code, "digest") == 0;
	if (code != NULL) {
		agent_str message = scope ? AGENT_STR("the token does not open this tool") : AGENT_STR("the request needs a valid token");
		return agent_serve_refuse(serve, scope ? 403 : 401, agent_str_cstr(code), message, AGENT_STR_EMPTY, err);
	}
	if (check_arguments(serve, request, &valid, err) != AGENT_OK || !valid) {
		return valid ? AGENT_ERR : AGENT_OK;
	}
	if (check_rate(serve, &allowed, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (!allowed) {
		return agent_serve_refuse(serve, 429, AGENT_STR("rate"), AGENT_STR("too many requests for this tool"), AGENT_STR_EMPTY, err);
	}
	if (claim_key(serve, request->idempotency_key, &found, err) != AGENT_OK || make_context(serve, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	serve->wants_handler = !serve->answered;
	return AGENT_OK;
}

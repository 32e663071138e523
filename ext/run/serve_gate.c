/* SPDX-License-Identifier: MIT
 * The gate of a served tool: form, token, scope, arguments, rate, repetition, in this order.
 * What claims allow is judged in hands/; here it is looked up and answered. */
#include "ext/run/serve_internal.h"

#define BODY_MAX ((size_t)256 * 1024)
#define KEY_MAX ((size_t)255)

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void decode(agent_str text, agent_buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '%' && i + 2 < text.len && hex(text.ptr[i + 1]) >= 0 && hex(text.ptr[i + 2]) >= 0) {
			c = (char)(hex(text.ptr[i + 1]) << 4 | hex(text.ptr[i + 2]));
			i += 2;
		}
		agent_buf_add_char(out, c);
	}
}

/* The query parameter `arguments` of a GET request, decoded; empty when there is none, or more than one: of two, PHP takes the last and others
 * the first. */
static void query_arguments(agent_str path, agent_buf *out)
{
	static const agent_str name = AGENT_STR_INIT("arguments=");
	size_t at = agent_str_find(path, AGENT_STR("?"), 0);
	bool found = false;
	while (at != (size_t)-1) {
		agent_str rest = agent_str_from(path, at + 1);
		size_t end = agent_str_find(rest, AGENT_STR("&"), 0);
		if (agent_str_starts(rest, name)) {
			if (found) {
				agent_buf_reset(out);
				return;
			}
			found = true;
			decode(agent_str_from(agent_str_cut(rest, 0, end == (size_t)-1 ? rest.len : end), name.len), out);
		}
		at = end == (size_t)-1 ? end : at + 1 + end;
	}
}

/* What cannot be told in full is refused all the same: a caller's arguments are no failure of ours. */
static agent_status check_arguments(agent_serve *serve, const agent_serve_request *request, agent_error *err)
{
	agent_refusal refusal = { 400, AGENT_STR("arguments"), AGENT_STR("the arguments do not fit the tool's schema"), AGENT_STR_EMPTY, false, 0 };
	agent_str missing;
	bool valid = false;
	agent_buf decoded;
	agent_buf_init(&decoded, BODY_MAX);
	if (agent_str_is(request->method, "GET")) {
		query_arguments(request->path, &decoded);
	} else {
		agent_buf_add(&decoded, request->body);
	}
	agent_status status = agent_buf_check(&decoded, "the arguments", err);
	if (status == AGENT_OK) {
		status = agent_arguments_check(serve->tool, agent_buf_str(&decoded), serve->arena, &valid, &serve->arguments, &refusal.faults, &missing, NULL, err);
	}
	agent_buf_clear(&decoded);
	if (status != AGENT_OK && err->domain == AGENT_DOMAIN_LIMIT) {
		refusal.faults = AGENT_STR_EMPTY;
		return agent_serve_refuse(serve, &refusal, err);
	}
	if (status == AGENT_OK && !valid) {
		return agent_serve_refuse(serve, &refusal, err);
	}
	return status == AGENT_OK ? agent_sha256_hex(serve->arguments, serve->arguments_digest, err) : AGENT_ERR;
}

static agent_status check_scope(agent_serve *serve, agent_str value, agent_error *err)
{
	const agent_claims *c = &serve->claims;
	const char *code = agent_gate_scope(serve->tool, c->scope, c->has_subject, value);
	if (code == NULL) {
		return AGENT_OK;
	}
	bool proof = strcmp(code, "proof_required") == 0;
	agent_refusal refusal = { 403, agent_str_cstr(code), proof ? AGENT_STR("a guest proves first that this is theirs")
		: AGENT_STR("the token does not open this tool"), AGENT_STR_EMPTY, false, 0 };
	return agent_serve_refuse(serve, &refusal, err);
}

static agent_status check_rate(agent_serve *serve, agent_error *err)
{
	const agent_claims *c = &serve->claims;
	agent_tool_caller caller = { c->has_subject ? c->subject : AGENT_STR_EMPTY, c->session, c->address };
	int64_t wait_ms;
	if (agent_tool_take(serve->site, serve->tool, &caller, &wait_ms, err) != AGENT_OK || wait_ms == 0) {
		return wait_ms == 0 ? AGENT_OK : AGENT_ERR;
	}
	agent_refusal refusal = { 429, AGENT_STR("rate"), AGENT_STR("too many requests for this tool"), AGENT_STR_EMPTY, false, wait_ms };
	return agent_serve_refuse(serve, &refusal, err);
}

/* A write without a key could not be asked for again without doing it twice; the agent sends one with each call. */
static agent_status check_key(agent_serve *serve, agent_str key, agent_error *err)
{
	if (key.len <= KEY_MAX && (key.len > 0 || serve->tool->effect == AGENT_TOOL_READ)) {
		return AGENT_OK;
	}
	agent_refusal refusal = { 400, AGENT_STR("idempotency_key"), key.len > 0 ? AGENT_STR("Idempotency-Key has at most 255 bytes")
		: AGENT_STR("a write needs the header Idempotency-Key"), AGENT_STR_EMPTY, false, 0 };
	return agent_serve_refuse(serve, &refusal, err);
}

static agent_status make_context(agent_serve *serve, agent_error *err)
{
	const agent_claims *c = &serve->claims;
	agent_context context = { c->has_subject, c->subject, c->session, c->turn, c->call, c->scope };
	return agent_context_write(&context, serve->arena, &serve->context, err);
}

/* What is wrong with the request whoever sends it. */
static agent_status check_form(agent_serve *serve, const agent_serve_request *request, agent_error *err)
{
	agent_refusal refusal = { 0, AGENT_STR_EMPTY, AGENT_STR_EMPTY, AGENT_STR_EMPTY, false, 0 };
	if (request->body.len > BODY_MAX) {
		refusal = (agent_refusal){ 413, AGENT_STR("too_large"), AGENT_STR("the body has more than 256 KiB"), AGENT_STR_EMPTY, false, 0 };
	} else if (request->path.len > BODY_MAX) {
		refusal = (agent_refusal){ 414, AGENT_STR("too_large"), AGENT_STR("the address has more than 256 KiB"), AGENT_STR_EMPTY, false, 0 };
	} else if (!agent_str_eq(request->method, serve->tool->method)) {
		refusal = (agent_refusal){ 405, AGENT_STR("method"), AGENT_STR("this tool takes another method"), AGENT_STR_EMPTY, false, 0 };
	} else if (request->repeated) {
		refusal = (agent_refusal){ 400, AGENT_STR("header_repeated"), AGENT_STR("Authorization and Idempotency-Key stand in a request once"),
			AGENT_STR_EMPTY, false, 0 };
	}
	return refusal.status == 0 ? AGENT_OK : agent_serve_refuse(serve, &refusal, err);
}

static agent_str token_message(const char *code)
{
	static const struct { const char *code; agent_str message; } list[] = {
		{ "token_missing", AGENT_STR_INIT("the request needs a token, in the header Authorization") },
		{ "audience", AGENT_STR_INIT("the token is for another audience") },
		{ "issuer", AGENT_STR_INIT("the token was issued by somebody else") },
		{ "too_long", AGENT_STR_INIT("the token's times are not plausible, or it lives for more than 60 seconds") },
		{ "not_yet", AGENT_STR_INIT("the token is not valid yet") },
		{ "expired", AGENT_STR_INIT("the token has expired") },
		{ "digest", AGENT_STR_INIT("the token was made for another request") },
	};
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		if (strcmp(list[i].code, code) == 0) {
			return list[i].message;
		}
	}
	return AGENT_STR("the token is not valid");
}

static agent_status check_token(agent_serve *serve, const agent_serve_request *request, agent_error *err)
{
	err->domain = AGENT_DOMAIN_NONE;
	const char *code = agent_serve_token(serve, request, err);
	if (code == NULL && err->domain != AGENT_DOMAIN_NONE) {
		return AGENT_ERR;
	}
	serve->claims.has_subject = serve->claims.has_subject && serve->claims.subject.len > 0; /* one without a word is a guest */
	serve->known = code == NULL || strcmp(code, "digest") == 0;
	if (code == NULL) {
		return AGENT_OK;
	}
	agent_refusal refusal = { 401, agent_str_cstr(code), token_message(code), AGENT_STR_EMPTY,
		strcmp(code, "token_missing") != 0, 0 };
	return agent_serve_refuse(serve, &refusal, err);
}

agent_status agent_serve_gate(agent_serve *serve, const agent_serve_request *request, agent_error *err)
{
	agent_str value = AGENT_STR_EMPTY;
	bool bound = serve->tool->resource.len > 0;
	bool write = serve->tool->effect == AGENT_TOOL_WRITE;
	agent_status status = check_form(serve, request, err);
	if (status == AGENT_OK && !serve->answered) {
		status = check_token(serve, request, err);
	}
	if (status == AGENT_OK && !serve->answered && !bound) {
		status = check_scope(serve, value, err);
	}
	if (status == AGENT_OK && !serve->answered) {
		status = check_arguments(serve, request, err);
	}
	if (status == AGENT_OK && !serve->answered && bound) {
		status = agent_gate_resource(serve->tool, serve->arguments, serve->arena, &value, err);
		status = status == AGENT_OK ? check_scope(serve, value, err) : status;
	}
	if (status == AGENT_OK && !serve->answered) {
		status = check_key(serve, request->idempotency_key, err);
	}
	/* Whom a rate turns away may come again with the same token, hence before it. */
	if (status == AGENT_OK && !serve->answered) {
		status = check_rate(serve, err);
	}
	if (status == AGENT_OK && !serve->answered && write) {
		status = agent_serve_see_token(serve, err);
	}
	if (status == AGENT_OK && !serve->answered) {
		status = make_context(serve, err);
	}
	if (status == AGENT_OK && !serve->answered) {
		status = agent_serve_claim(serve, request->idempotency_key, err);
	}
	serve->wants_handler = serve->begun = status == AGENT_OK && !serve->answered;
	return status;
}

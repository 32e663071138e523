/* SPDX-License-Identifier: MIT
 * One tool call: checked arguments, a token bound to the request, attempts by the rule of hands/, one result.
 * What an answer means is judged in hands/. */
#include "ext/base/alloc.h"
#include "ext/run/admin.h"
#include "ext/run/internal.h"
#include "ext/text/utf8.h"

#define ANSWER_MAX ((size_t)1024 * 1024)
#define CALL_MEMORY ((size_t)8 * 1024 * 1024)
#define CONNECT_MS 1000
#define PHP_MESSAGE_MAX 300

struct agent_call {
	agent_site *site;
	const agent_tool *tool;
	agent_arena *arena;
	agent_call_options options;  /* strings in the arena */
	agent_str arguments;         /* canonical */
	agent_str scope;             /* what the token says, or a handler here is told */
	char address[AGENT_ADDRESS_CLAIM];
	agent_str url, path, body;
	agent_http_call *http;
	agent_buf answer;
	agent_attempt try;           /* the one under way, for the tool's breaker */
	int attempt;
	int64_t started_ms, deadline_ms, retry_at_ms;
	bool done, here;
	bool begun;                  /* a handler of this process was started, and has not been put on record */
	agent_tool_result result;
};

static int64_t now_ms(const agent_call *call)
{
	return call->site->clock.mono_ms(call->site->clock.state);
}

static void settle(agent_call *call, agent_result_class result, agent_str message)
{
	agent_str copy;
	if (!agent_arena_dup(call->arena, message, &copy)) {
		copy = AGENT_STR_EMPTY;
	}
	for (size_t i = 0; i < copy.len; i++) { /* a copy of ours: one line, whatever a handler wrote */
		char *c = (char *)copy.ptr + i;
		*c = (unsigned char)*c < 0x20 || *c == 0x7f ? ' ' : *c;
	}
	call->done = true;
	call->result = (agent_tool_result){ .result = result, .model = AGENT_STR_EMPTY, .visitor = AGENT_STR_EMPTY, .message = copy };
}

/* --- the request --- */

static void percent(agent_buf *out, agent_str text)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
		if (plain) {
			agent_buf_add_char(out, (char)c);
		} else {
			char three[3] = { '%', hex[c >> 4], hex[c & 15] };
			agent_buf_add(out, (agent_str){ three, 3 });
		}
	}
}

/* POST carries the arguments as its body, GET as the query parameter `arguments`. path: what the backend will see and the token binds. */
static agent_status prepare(agent_call *call, agent_error *err)
{
	agent_str url = call->tool->url;
	call->body = call->arguments;
	if (agent_str_is(call->tool->method, "GET")) {
		agent_buf with_query;
		agent_buf_init(&with_query, 64 * 1024);
		agent_buf_add(&with_query, url);
		agent_buf_add_char(&with_query, agent_str_find(url, AGENT_STR("?"), 0) != (size_t)-1 ? '&' : '?');
		agent_buf_add_lit(&with_query, "arguments=");
		percent(&with_query, call->arguments);
		if (with_query.fault == AGENT_BUF_FULL) { /* what a model sends is no failure of the turn */
			agent_buf_clear(&with_query);
			settle(call, AGENT_RESULT_INVALID, AGENT_STR("the arguments are too long for an address: shorten them"));
			return AGENT_OK;
		}
		agent_status status = agent_buf_check(&with_query, "the tool's address", err);
		if (status == AGENT_OK && !agent_arena_dup(call->arena, agent_buf_str(&with_query), &url)) {
			status = agent_arena_fail(call->arena, err);
		}
		agent_buf_clear(&with_query);
		if (status != AGENT_OK) {
			return AGENT_ERR;
		}
		call->body = AGENT_STR_EMPTY;
	}
	call->url = url;
	size_t host = agent_str_find(url, AGENT_STR("://"), 0);
	size_t path = host == (size_t)-1 ? 0 : host + 3;
	while (path < url.len && url.ptr[path] != '/' && url.ptr[path] != '?') {
		path++;
	}
	bool slash = path < url.len && url.ptr[path] == '/'; /* else the client puts one */
	agent_buf sent;
	agent_buf_init(&sent, url.len + 1);
	agent_buf_add(&sent, slash ? AGENT_STR_EMPTY : AGENT_STR("/"));
	agent_buf_add(&sent, agent_str_from(url, path));
	agent_status status = agent_buf_check(&sent, "the tool's path", err);
	if (status == AGENT_OK && !agent_arena_dup(call->arena, agent_buf_str(&sent), &call->path)) {
		status = agent_arena_fail(call->arena, err);
	}
	agent_buf_clear(&sent);
	return status;
}

agent_status agent_call_context(const agent_call *call, agent_str *out, agent_error *err)
{
	const agent_call_options *o = &call->options;
	agent_context context = { o->has_subject, o->subject, o->session, o->turn, o->call, call->scope };
	return agent_context_write(&context, call->arena, out, err);
}

static agent_status sign(agent_call *call, agent_buf *header, agent_error *err)
{
	char digest[65];
	if (agent_request_digest(call->tool->method, call->path, call->body, digest, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_buf claims;
	agent_buf_init(&claims, 4096);
	agent_buf_add_char(&claims, '{');
	agent_json_put_member(&claims, "aud", call->site->config->audience);
	if (call->options.has_subject) {
		agent_json_put_member(&claims, "sub", call->options.subject);
	}
	agent_json_put_member(&claims, "scope", call->scope);
	agent_json_put_member(&claims, "session", call->options.session);
	agent_json_put_member(&claims, "turn", call->options.turn);
	agent_json_put_member(&claims, "call", call->options.call);
	agent_json_put_member(&claims, "dig", agent_str_cstr(digest));
	if (call->address[0] != '\0') {
		agent_json_put_member(&claims, "addr", agent_str_cstr(call->address));
	}
	agent_buf_add_char(&claims, '}');
	agent_status status = agent_buf_check(&claims, "the token's claims", err);
	agent_buf_add_lit(header, "Authorization: Bearer ");
	if (status == AGENT_OK) {
		status = agent_token_issue(call->site, agent_buf_str(&claims), AGENT_TOKEN_LIFE_CALL_S, header, err);
	}
	agent_buf_clear(&claims);
	return status;
}

/* No longer than the turn. */
static int attempt_ms(const agent_call *call)
{
	int64_t left = call->deadline_ms - now_ms(call);
	return left < call->tool->timeout_ms ? (int)(left > 1 ? left : 1) : call->tool->timeout_ms;
}

static agent_status start_attempt(agent_call *call, agent_error *err)
{
	agent_buf token;
	agent_buf again;
	agent_buf key;
	agent_buf_init(&token, 8192);
	agent_buf_init(&again, 8192);
	agent_buf_init(&key, 512);
	agent_buf_add_lit(&key, "Idempotency-Key: ");
	agent_buf_add(&key, call->options.call);
	agent_status status = sign(call, &token, err);
	/* Some hosts' web servers take Authorization away before PHP sees it. The token opens this one request only, so a second header
	 * gives away nothing that the first does not. */
	agent_buf_add_lit(&again, "X-Agent-");
	agent_buf_add(&again, agent_buf_str(&token));
	status = status == AGENT_OK ? agent_buf_check(&again, "the token's header", err) : status;
	status = status == AGENT_OK ? agent_buf_check(&key, "the idempotency key", err) : status;
	if (status == AGENT_OK) {
		const agent_str headers[] = {
			agent_buf_str(&token), agent_buf_str(&again), agent_buf_str(&key), AGENT_STR("Accept: application/json"), AGENT_STR("Content-Type: application/json")
		};
		agent_http_request request = {
			.method = call->tool->method, .url = call->url, .headers = headers, .header_count = call->body.len > 0 ? 5 : 4, .body = call->body,
			.connect_ms = CONNECT_MS, .total_ms = attempt_ms(call),
			.max_body = ANSWER_MAX, .allow_private = call->site->host.allow_private, .ca_file = call->site->host.ca_file,
			.proxy = call->site->host.proxy
		};
		call->attempt++;
		agent_buf_reset(&call->answer);
		status = call->site->http.start(call->site->http.state, &request, &call->http, err);
	}
	agent_secret_clear(&token);
	agent_secret_clear(&again);
	agent_buf_clear(&key);
	return status;
}

/* --- life --- */

static agent_status copy_options(agent_call *call, const agent_call_options *options, agent_error *err)
{
	agent_grant *grants = agent_arena_array(call->arena, options->grant_count, sizeof *grants);
	int64_t now_s = call->site->clock.wall_ms(call->site->clock.state) / 1000;
	size_t count = 0;
	call->options = *options;
	call->options.has_subject = options->has_subject && options->subject.len > 0;
	bool fine = grants != NULL && agent_arena_dup(call->arena, options->subject, &call->options.subject)
		&& agent_arena_dup(call->arena, options->session, &call->options.session) && agent_arena_dup(call->arena, options->turn, &call->options.turn)
		&& agent_arena_dup(call->arena, options->call, &call->options.call) && agent_arena_dup(call->arena, options->address, &call->options.address);
	for (size_t i = 0; fine && i < options->grant_count; i++) {
		if (options->grants[i].expires_s > now_s) { /* the session was read when the turn began */
			grants[count] = options->grants[i];
			fine = agent_arena_dup(call->arena, options->grants[i].scope, &grants[count].scope);
			count++;
		}
	}
	call->options.grants = grants;
	call->options.grant_count = count;
	return fine ? AGENT_OK : agent_arena_fail(call->arena, err);
}

/* The backend's rule, before anything is sent: a call that it must refuse is not made, and a guest is asked for a proof at once. */
static agent_status check_gate(agent_call *call, agent_error *err)
{
	const agent_call_options *o = &call->options;
	agent_str value;
	if (agent_gate_resource(call->tool, call->arguments, call->arena, &value, err) != AGENT_OK || agent_call_grants(call->site, &call->options, call->arena, err) != AGENT_OK
		|| agent_call_scope(call->tool, o, value, call->arena, &call->scope, err) != AGENT_OK || agent_address_claim(call->site, o->address, call->address, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	const char *code = agent_gate_scope(call->tool, call->scope, o->has_subject, value);
	if (code != NULL) {
		bool proof = strcmp(code, "proof_required") == 0;
		settle(call, proof ? AGENT_RESULT_PROOF : AGENT_RESULT_REFUSED, proof ? AGENT_STR("a guest proves first that this is theirs")
			: AGENT_STR("this tool is not open to this visitor"));
	}
	return AGENT_OK;
}

/* A handler in this process has no other gate; a backend counts by itself. */
static agent_status check_rate(agent_call *call, agent_error *err)
{
	const agent_call_options *o = &call->options;
	agent_tool_caller caller = { o->has_subject ? o->subject : AGENT_STR_EMPTY, o->session, agent_str_cstr(call->address) };
	int64_t wait_ms;
	if (call->tool->rate.count == 0) {
		return AGENT_OK;
	}
	if (agent_site_ready(call->site, err) != AGENT_OK || agent_tool_take(call->site, call->tool, &caller, &wait_ms, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (wait_ms > 0) {
		settle(call, AGENT_RESULT_TRANSIENT, AGENT_STR("too many requests for this tool"));
	}
	return AGENT_OK;
}

/* A tool's calls by HTTP and its handler's in this process have one breaker: either way it is the tool that fails. */
static agent_status name_breaker(agent_call *call, agent_error *err)
{
	agent_buf key;
	agent_buf_init(&key, 256);
	agent_buf_add_lit(&key, "tool:");
	agent_buf_add(&key, call->tool->name);
	agent_status status = agent_buf_check(&key, "the breaker's key", err);
	if (status == AGENT_OK && !agent_arena_dup(call->arena, agent_buf_str(&key), &call->try.key)) {
		status = agent_arena_fail(call->arena, err);
	}
	agent_buf_clear(&key);
	return status;
}

static bool may_try(agent_call *call)
{
	if (agent_attempt_begin(call->site, &call->try, attempt_ms(call))) {
		return true;
	}
	if (call->attempt == 0) {
		settle(call, AGENT_RESULT_BREAKER, AGENT_STR("the tool failed too often just now; it is left alone for a moment"));
	}
	call->done = true; /* in a retry's place: what the last attempt brought */
	return false;
}

static agent_status check_and_start(agent_call *call, agent_str text, agent_error *err)
{
	bool valid;
	agent_str faults, missing;
	if (agent_arguments_check(call->tool, text, call->arena, &valid, &call->arguments, &faults, &missing, NULL, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (!valid) {
		call->arguments = AGENT_STR_EMPTY;
		settle(call, AGENT_RESULT_MALFORMED, faults);
		return AGENT_OK;
	}
	if (call->tool->effect == AGENT_TOOL_WRITE || call->tool->confirm) {
		settle(call, AGENT_RESULT_REFUSED, AGENT_STR("this tool changes something and needs a confirmation"));
		return AGENT_OK;
	}
	if (check_gate(call, err) != AGENT_OK || call->done) {
		return call->done ? AGENT_OK : AGENT_ERR;
	}
	if (call->tool->url.len == 0 && (check_rate(call, err) != AGENT_OK || call->done)) {
		return call->done ? AGENT_OK : AGENT_ERR;
	}
	if (name_breaker(call, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (call->tool->url.len == 0) {
		call->here = may_try(call);
		return AGENT_OK;
	}
	return prepare(call, err);
}

/* A call that was turned away before its handler. Arguments that are none leave no row: nothing was asked for. */
static agent_status audit_refusal(agent_call *call, agent_error *err)
{
	if (!call->done || call->tool->url.len > 0 || call->result.result == AGENT_RESULT_MALFORMED) {
		return AGENT_OK;
	}
	return agent_call_audit(call->site, &call->options, call->arguments, call->result.result, now_ms(call) - call->started_ms, err);
}

agent_status agent_call_open(agent_site *site, const agent_call_options *options, int64_t deadline_ms, agent_call **out, agent_error *err)
{
	*out = NULL;
	agent_call *call = agent_calloc(1, sizeof *call);
	if (call == NULL) {
		return agent_fail_memory(err);
	}
	call->site = site;
	call->tool = &site->config->manifest.tools[options->tool];
	call->deadline_ms = deadline_ms;
	call->arguments = call->scope = call->url = call->path = call->body = call->try.key = AGENT_STR_EMPTY;
	agent_buf_init(&call->answer, ANSWER_MAX);
	call->arena = agent_arena_new(CALL_MEMORY);
	if (call->arena == NULL) {
		agent_call_close(call);
		return agent_fail_memory(err);
	}
	call->started_ms = now_ms(call);
	if (copy_options(call, options, err) != AGENT_OK || check_and_start(call, options->arguments, err) != AGENT_OK || audit_refusal(call, err) != AGENT_OK) {
		agent_call_close(call);
		return AGENT_ERR;
	}
	*out = call;
	return AGENT_OK;
}

void agent_call_close(agent_call *call)
{
	if (call == NULL) {
		return;
	}
	agent_error ignored;
	agent_attempt_end(call->site, &call->try, AGENT_BREAKER_NOTHING, false); /* given up */
	if (call->begun) { /* its handler never came back: a fatal error, or the script ended */
		(void)agent_call_audit(call->site, &call->options, call->arguments, AGENT_RESULT_FAILED, now_ms(call) - call->started_ms, &ignored);
	}
	call->site->http.finish(call->http);
	agent_buf_clear(&call->answer);
	agent_arena_free(call->arena);
	agent_free(call);
}

agent_str agent_call_arguments(const agent_call *call)
{
	return call->arguments;
}

int agent_call_wait_ms(const agent_call *call)
{
	if (call->done || call->http != NULL || call->here) {
		return call->done ? 0 : -1;
	}
	int64_t left = call->retry_at_ms - now_ms(call);
	return left > 0 ? (int)left : 0;
}

/* --- answers --- */

/* The result of an attempt that brought nothing; and a plan for the next one, if there may be one. */
static void judge(agent_call *call, agent_result_class result, agent_str message, int retry_after_ms, agent_breaker_class told)
{
	int wait;
	agent_attempt_end(call->site, &call->try, told, false);
	call->site->http.finish(call->http);
	call->http = NULL;
	settle(call, result, message);
	if (agent_retry_rule(call->tool, result, call->attempt, retry_after_ms, call->deadline_ms - now_ms(call), agent_random_32(), &wait)) {
		call->retry_at_ms = now_ms(call) + wait;
		call->done = false;
	}
}

/* 409 (the same call is under way) and 429 (this caller's rate) are answers to one caller; they say nothing about the others'. */
static bool is_personal(int status)
{
	return status == 409 || status == 429;
}

static void read_answer(agent_call *call)
{
	agent_error err;
	agent_http_answer answer;
	agent_tool_result result;
	call->site->http.answer(call->http, &answer);
	if (agent_result_read(call->tool, answer.status, answer.content_type, agent_buf_str(&call->answer), call->arena, &result, &err) != AGENT_OK) {
		judge(call, AGENT_RESULT_TRANSIENT, agent_str_cstr(err.message), -1, AGENT_BREAKER_NOTHING);
		return;
	}
	if (result.result == AGENT_RESULT_TRANSIENT) {
		judge(call, AGENT_RESULT_TRANSIENT, result.message, answer.retry_after_ms, is_personal(answer.status) ? AGENT_BREAKER_NOTHING : AGENT_BREAKER_FAILED);
		return;
	}
	agent_attempt_end(call->site, &call->try, AGENT_BREAKER_OK, true); /* a refusal, too, is a tool that works */
	call->result = result;
	call->done = true;
}

static void move_on(agent_call *call)
{
	agent_error err = { 0 };
	if (call->http == NULL) {
		if (now_ms(call) < call->retry_at_ms || !may_try(call)) {
			return;
		}
		if (start_attempt(call, &err) != AGENT_OK) {
			agent_attempt_end(call->site, &call->try, AGENT_BREAKER_NOTHING, false);
			settle(call, err.domain == AGENT_DOMAIN_HTTP ? AGENT_RESULT_TRANSIENT : AGENT_RESULT_FAILED, agent_str_cstr(err.message));
			return;
		}
	}
	agent_str chunk;
	agent_http_state state = call->site->http.read(call->http, &chunk, &err);
	agent_buf_add(&call->answer, chunk);
	if (call->answer.fault != AGENT_BUF_FINE) {
		judge(call, AGENT_RESULT_TRANSIENT, AGENT_STR("the tool's answer is too large"), -1, AGENT_BREAKER_FAILED);
	} else if (state == AGENT_HTTP_DONE) {
		read_answer(call);
	} else if (state == AGENT_HTTP_FAILED) {
		judge(call, err.domain == AGENT_DOMAIN_TIMEOUT ? AGENT_RESULT_TIMEOUT : AGENT_RESULT_TRANSIENT, agent_str_cstr(err.message), -1,
			agent_attempt_failure(&call->try, &err, call->tool->timeout_ms));
	}
}

static void finish_result(agent_call *call, agent_tool_result *result)
{
	call->result.attempts = call->attempt > 0 ? call->attempt : (call->here ? 1 : 0);
	call->result.latency_ms = now_ms(call) - call->started_ms;
	*result = call->result;
}

bool agent_call_step(agent_call *call, agent_tool_result *result)
{
	if (!call->done && !call->here) {
		move_on(call);
	}
	if (call->done) {
		finish_result(call, result);
	}
	return call->done;
}

void agent_call_begin_here(agent_call *call)
{
	call->begun = true;
	call->started_ms = now_ms(call);
	call->try.began_us = call->site->clock.mono_us(call->site->clock.state);
}

static void tell_of_php(agent_call *call, const agent_php_result *php)
{
	agent_result_class result = call->result.result;
	bool failed = result == AGENT_RESULT_FAILED || result == AGENT_RESULT_TRANSIENT || result == AGENT_RESULT_TIMEOUT;
	bool missing = php->outcome == AGENT_PHP_THREW && agent_str_is(php->reason, "no_handler"); /* nobody was asked */
	agent_attempt_end(call->site, &call->try, missing ? AGENT_BREAKER_NOTHING : failed ? AGENT_BREAKER_FAILED : AGENT_BREAKER_OK, true);
}

agent_status agent_call_of_php(agent_call *call, const agent_php_result *php, agent_tool_result *result, agent_error *err)
{
	call->here = true;
	agent_str message = agent_str_cut(php->message, 0, agent_utf8_cut(php->message, PHP_MESSAGE_MAX));
	if (php->outcome == AGENT_PHP_THREW) {
		settle(call, AGENT_RESULT_FAILED, message);
	} else if (php->outcome == AGENT_PHP_REFUSED) {
		agent_result_class refused = php->status == 403 && agent_str_is(php->reason, "proof_required") ? AGENT_RESULT_PROOF
			: php->status == 401 || php->status == 403 ? AGENT_RESULT_REFUSED : php->status >= 500 ? AGENT_RESULT_TRANSIENT : AGENT_RESULT_INVALID;
		settle(call, refused, message);
	} else {
		if (agent_result_of_json(call->tool, php->json, call->arena, &call->result, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		call->done = true;
		if (now_ms(call) - call->started_ms > call->tool->timeout_ms) {
			settle(call, AGENT_RESULT_TIMEOUT, AGENT_STR("the handler returned too late"));
		}
	}
	tell_of_php(call, php);
	finish_result(call, result);
	call->begun = false;
	return agent_call_audit(call->site, &call->options, call->arguments, result->result, result->latency_ms, err);
}

/* SPDX-License-Identifier: MIT
 * The secured backend of one tool: who asks, may they, what exactly, was it asked before; then the handler; then its contract and the audit.
 * What a request did wrong is a response, never an error. */
#include "ext/base/alloc.h"
#include "ext/run/admin.h"
#include "ext/run/internal.h"
#include "ext/run/serve.h"
#include "ext/seal/token.h"

#define BODY_MAX ((size_t)256 * 1024)
#define SERVE_MEMORY ((size_t)8 * 1024 * 1024)

struct agent_serve {
	agent_site *site;
	const agent_tool *tool;
	agent_arena *arena;
	agent_claims claims;
	agent_str arguments, context, key;
	char arguments_digest[65];
	bool known;                  /* a valid token says who asks, whatever else is wrong */
	bool claimed, wants_handler, answered;
	int64_t started_ms;
	agent_serve_response response;
};

static agent_status respond(agent_serve *serve, int status, agent_str body, agent_error *err)
{
	serve->wants_handler = false;
	serve->answered = true;
	serve->response.status = status;
	serve->response.headers = AGENT_STR("{\"Content-Type\":\"application/json; charset=utf-8\",\"Cache-Control\":\"no-store\"}");
	return agent_arena_dup(serve->arena, body, &serve->response.body) ? AGENT_OK : agent_arena_fail(serve->arena, err);
}

static agent_status refuse(agent_serve *serve, int status, agent_str code, agent_str message, agent_str faults, agent_error *err)
{
	agent_buf body;
	agent_buf_init(&body, 64 * 1024);
	agent_buf_add_lit(&body, "{\"error\":{");
	agent_json_put_member(&body, "code", code);
	agent_json_put_member(&body, "message", message);
	if (faults.len > 0) {
		agent_json_put_key(&body, "faults");
		agent_buf_add(&body, faults);
	}
	agent_buf_add_lit(&body, "}}");
	agent_status result = agent_buf_check(&body, "the response", err);
	if (result == AGENT_OK) {
		result = respond(serve, status, agent_buf_str(&body), err);
	}
	agent_buf_clear(&body);
	return result;
}

static agent_status audit(agent_serve *serve, const char *result, agent_error *err)
{
	const agent_clock *clock = &serve->site->clock;
	agent_audit_row row = {
		.at_ms = clock->wall_ms(clock->state), .tool = serve->tool->name, .subject = serve->claims.subject, .session = serve->claims.session,
		.turn = serve->claims.turn, .call = serve->key, .arguments_digest = agent_str_cstr(serve->arguments_digest),
		.result = agent_str_cstr(result), .latency_ms = clock->mono_ms(clock->state) - serve->started_ms
	};
	return serve->site->audit.append(serve->site->audit.state, &row, err);
}

/* --- the gate --- */

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

/* NULL: the token opens this request; else a code. */
static const char *check_token(agent_serve *serve, const agent_serve_request *request, agent_error *err)
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
	agent_status status = agent_arguments_check(serve->tool, agent_buf_str(&decoded), serve->arena, valid, &serve->arguments, &faults, &missing, err);
	agent_buf_clear(&decoded);
	if (status == AGENT_OK && !*valid) {
		return refuse(serve, 400, AGENT_STR("arguments"), AGENT_STR("the arguments do not fit the tool's schema"), faults, err);
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
		return respond(serve, 200, answer, err);
	}
	if (status != AGENT_OK && err->domain == AGENT_DOMAIN_LIMIT) {
		return refuse(serve, 409, AGENT_STR("in_progress"), AGENT_STR("the same request is being answered"), AGENT_STR_EMPTY, err);
	}
	return status;
}

static agent_status make_context(agent_serve *serve, agent_error *err)
{
	agent_buf out;
	agent_buf_init(&out, 16 * 1024);
	agent_buf_add_char(&out, '{');
	agent_json_put_key(&out, "subject");
	if (serve->claims.has_subject) {
		agent_json_put_str(&out, serve->claims.subject);
	} else {
		agent_buf_add_lit(&out, "null");
	}
	agent_json_put_member(&out, "session", serve->claims.session);
	agent_json_put_member(&out, "turn", serve->claims.turn);
	agent_json_put_member(&out, "call", serve->claims.call);
	agent_json_put_member(&out, "scope", serve->claims.scope);
	agent_buf_add_char(&out, '}');
	agent_status status = agent_buf_check(&out, "the context", err);
	if (status == AGENT_OK && !agent_arena_dup(serve->arena, agent_buf_str(&out), &serve->context)) {
		status = agent_arena_fail(serve->arena, err);
	}
	agent_buf_clear(&out);
	return status;
}

static agent_status gate(agent_serve *serve, const agent_serve_request *request, agent_error *err)
{
	bool valid, allowed, found;
	if (request->body.len > BODY_MAX) {
		return refuse(serve, 413, AGENT_STR("too_large"), AGENT_STR("the request is too large"), AGENT_STR_EMPTY, err);
	}
	if (!agent_str_eq(request->method, serve->tool->method)) {
		return refuse(serve, 405, AGENT_STR("method"), AGENT_STR("this tool takes another method"), AGENT_STR_EMPTY, err);
	}
	err->domain = AGENT_DOMAIN_NONE;
	const char *code = check_token(serve, request, err);
	if (code == NULL && err->domain != AGENT_DOMAIN_NONE) {
		return AGENT_ERR;
	}
	bool scope = code != NULL && strcmp(code, "scope") == 0;
	serve->known = code == NULL || scope || strcmp(code, "digest") == 0;
	if (code != NULL) {
		agent_str message = scope ? AGENT_STR("the token does not open this tool") : AGENT_STR("the request needs a valid token");
		return refuse(serve, scope ? 403 : 401, agent_str_cstr(code), message, AGENT_STR_EMPTY, err);
	}
	if (check_arguments(serve, request, &valid, err) != AGENT_OK || !valid) {
		return valid ? AGENT_ERR : AGENT_OK;
	}
	if (check_rate(serve, &allowed, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (!allowed) {
		return refuse(serve, 429, AGENT_STR("rate"), AGENT_STR("too many requests for this tool"), AGENT_STR_EMPTY, err);
	}
	if (claim_key(serve, request->idempotency_key, &found, err) != AGENT_OK || make_context(serve, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	serve->wants_handler = !serve->answered;
	return AGENT_OK;
}

/* --- life --- */

agent_status agent_serve_open(agent_site *site, const agent_serve_request *request, agent_serve **out, agent_error *err)
{
	*out = NULL;
	if (agent_site_ready(site, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_serve *serve = agent_calloc(1, sizeof *serve);
	if (serve == NULL) {
		return agent_fail_memory(err);
	}
	serve->site = site;
	serve->tool = &site->config->manifest.tools[request->tool];
	serve->started_ms = site->clock.mono_ms(site->clock.state);
	serve->arguments = serve->context = serve->key = AGENT_STR_EMPTY;
	serve->claims = (agent_claims){ .issuer = AGENT_STR_EMPTY, .audience = AGENT_STR_EMPTY, .subject = AGENT_STR_EMPTY, .scope = AGENT_STR_EMPTY,
		.session = AGENT_STR_EMPTY, .turn = AGENT_STR_EMPTY, .call = AGENT_STR_EMPTY, .id = AGENT_STR_EMPTY, .digest = AGENT_STR_EMPTY };
	serve->response = (agent_serve_response){ 500, AGENT_STR("{}"), AGENT_STR("{}") };
	serve->arena = agent_arena_new(SERVE_MEMORY);
	site->refs++;
	agent_status status = serve->arena != NULL ? gate(serve, request, err) : agent_fail_memory(err);
	/* Who has no valid token is nobody: such requests leave no row, or anybody could fill the disk. */
	if (status == AGENT_OK && serve->answered && serve->known) {
		status = audit(serve, serve->response.status == 200 ? "repeated" : "refused", err);
	}
	if (status != AGENT_OK) {
		agent_serve_close(serve);
		return AGENT_ERR;
	}
	*out = serve;
	return AGENT_OK;
}

bool agent_serve_wants_handler(const agent_serve *serve)
{
	return serve->wants_handler;
}

agent_str agent_serve_arguments(const agent_serve *serve)
{
	return serve->arguments;
}

agent_str agent_serve_context(const agent_serve *serve)
{
	return serve->context;
}

static agent_status settle_key(agent_serve *serve, agent_str answer, agent_error *err)
{
	if (!serve->claimed) {
		return AGENT_OK;
	}
	serve->claimed = false;
	const agent_clock *clock = &serve->site->clock;
	agent_audit *port = &serve->site->audit;
	return port->answered(port->state, serve->tool->name, serve->key, answer, clock->wall_ms(clock->state) / 1000, err);
}

/* The handler's value against output_schema; what leaves is the tree, written again. */
static agent_status answer_value(agent_serve *serve, agent_str json, const char **result, agent_error *err)
{
	agent_json *tree;
	size_t faults = 1;
	*result = "failed";
	if (agent_json_parse(json, AGENT_JSON_LIMITS, "the handler's answer", &tree, err) != AGENT_OK) {
		return refuse(serve, 500, AGENT_STR("contract"), AGENT_STR("the tool's answer is no valid JSON"), AGENT_STR_EMPTY, err);
	}
	agent_schema_fault list[AGENT_SCHEMA_FAULTS];
	agent_buf out;
	agent_buf_init(&out, 1024 * 1024);
	agent_status status = agent_schema_validate(serve->tool->output, tree, serve->arena, list, &faults, err);
	if (status == AGENT_OK && faults > 0) {
		agent_schema_faults_write(list, faults, &out);
		status = refuse(serve, 500, AGENT_STR("contract"), AGENT_STR("the tool's answer does not fit its own schema"), agent_buf_str(&out), err);
	} else if (status == AGENT_OK) {
		agent_json_write(tree, &out);
		status = agent_buf_check(&out, "the tool's answer", err);
		status = status == AGENT_OK ? respond(serve, 200, agent_buf_str(&out), err) : status;
		*result = "ok";
	}
	agent_buf_clear(&out);
	agent_json_free(tree);
	return status;
}

agent_status agent_serve_answer(agent_serve *serve, const agent_php_result *php, agent_error *err)
{
	const char *result = "refused";
	agent_status status;
	if (php->outcome == AGENT_PHP_RETURNED) {
		status = answer_value(serve, php->json, &result, err);
	} else if (php->outcome == AGENT_PHP_REFUSED) {
		int code = php->status >= 400 && php->status <= 599 ? php->status : 400;
		status = refuse(serve, code, php->reason, php->message, AGENT_STR_EMPTY, err);
	} else {
		result = "failed";
		status = refuse(serve, 500, AGENT_STR("failed"), AGENT_STR("the tool failed"), AGENT_STR_EMPTY, err);
	}
	if (status == AGENT_OK) {
		status = settle_key(serve, serve->response.status == 200 ? serve->response.body : AGENT_STR_EMPTY, err);
	}
	return status == AGENT_OK ? audit(serve, result, err) : status;
}

void agent_serve_take(const agent_serve *serve, agent_serve_response *response)
{
	*response = serve->response;
}

void agent_serve_close(agent_serve *serve)
{
	if (serve == NULL) {
		return;
	}
	agent_error ignored;
	if (serve->claimed) {
		(void)settle_key(serve, AGENT_STR_EMPTY, &ignored);
	}
	if (serve->wants_handler && !serve->answered) {
		(void)audit(serve, "failed", &ignored);
	}
	agent_site_release(serve->site);
	agent_arena_free(serve->arena);
	agent_free(serve);
}

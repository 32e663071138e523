/* SPDX-License-Identifier: MIT
 * The secured backend of one tool: gate (serve_gate.c), then the caller runs the handler, then its contract and the audit.
 * What a request did wrong is a response, never an error. */
#include "ext/base/alloc.h"
#include "ext/run/serve_internal.h"

#define SERVE_MEMORY ((size_t)8 * 1024 * 1024)
#define ANSWER_MAX ((size_t)1024 * 1024)
#define FAULTS_MAX ((size_t)128 * 1024)

static bool is_write(const agent_serve *serve)
{
	return serve->tool->effect == AGENT_TOOL_WRITE;
}

static agent_status audit(agent_serve *serve, const char *result, agent_error *err)
{
	const agent_clock *clock = &serve->site->clock;
	const agent_claims *c = &serve->claims;
	agent_audit_row row = {
		.at_ms = clock->wall_ms(clock->state), .tool = serve->tool->name, .effect = is_write(serve) ? AGENT_STR("write") : AGENT_STR("read"),
		.subject = c->subject, .session = c->session, .issuer = c->issuer, .key_id = serve->key_id, .turn = c->turn, .call = c->call,
		.token = c->id, .key = serve->key, .arguments_digest = agent_str_cstr(serve->arguments_digest), .result = agent_str_cstr(result),
		.code = serve->code, .status = serve->answered ? serve->response.status : 0, .latency_ms = clock->mono_ms(clock->state) - serve->started_ms
	};
	return serve->site->audit.append(serve->site->audit.state, &row, err);
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
	serve->arguments = serve->context = serve->key = serve->key_id = serve->code = AGENT_STR_EMPTY;
	serve->claims = (agent_claims){ .issuer = AGENT_STR_EMPTY, .audience = AGENT_STR_EMPTY, .subject = AGENT_STR_EMPTY, .scope = AGENT_STR_EMPTY,
		.session = AGENT_STR_EMPTY, .turn = AGENT_STR_EMPTY, .call = AGENT_STR_EMPTY, .id = AGENT_STR_EMPTY, .digest = AGENT_STR_EMPTY,
		.address = AGENT_STR_EMPTY };
	serve->response = (agent_serve_response){ 500, AGENT_STR("{}"), AGENT_STR("{}") };
	serve->arena = agent_arena_new(SERVE_MEMORY);
	site->refs++;
	agent_status status = serve->arena != NULL ? agent_serve_gate(serve, request, err) : agent_fail_memory(err);
	/* Who has no valid token is nobody: such requests leave no row, or anybody could fill the disk. */
	if (status == AGENT_OK && serve->answered && serve->known) {
		status = audit(serve, serve->response.status == 200 ? "repeated" : "refused", err);
	}
	/* What changes something is on record before it does: a worker that dies writes nothing afterwards. Without the row it does not run. */
	if (status == AGENT_OK && serve->wants_handler && is_write(serve)) {
		status = audit(serve, "begun", err);
		serve->wants_handler = serve->begun = status == AGENT_OK;
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

/* Ends the claim on the key. A write that was begun and brought no answer may have been carried out: it is never begun again. */
static agent_status settle(agent_serve *serve, agent_error *err)
{
	const agent_clock *clock = &serve->site->clock;
	agent_audit *port = &serve->site->audit;
	bool fine = serve->answered && serve->response.status == 200;
	agent_settled how = fine ? AGENT_SETTLED_ANSWER : is_write(serve) && serve->begun ? AGENT_SETTLED_UNKNOWN : AGENT_SETTLED_NOTHING;
	if (!serve->claimed) {
		return AGENT_OK;
	}
	if (port->settle(port->state, serve->tool->name, serve->key, how, fine ? serve->response.body : AGENT_STR_EMPTY,
			clock->wall_ms(clock->state) / 1000, err) != AGENT_OK) {
		return AGENT_ERR; /* close tries once more; a write's claim is never free, whatever happens to it */
	}
	serve->claimed = false;
	return AGENT_OK;
}

static agent_status broken(agent_serve *serve, agent_str message, agent_str faults, agent_error *err)
{
	agent_refusal refusal = { 500, AGENT_STR("contract"), message, faults, false, 0 };
	return agent_serve_refuse(serve, &refusal, err);
}

/* The answer is in the tree; what leaves is the tree, written again. */
static agent_status answer_tree(agent_serve *serve, const agent_json *tree, agent_error *err)
{
	agent_schema_fault list[AGENT_SCHEMA_FAULTS];
	size_t faults = 0;
	agent_buf out;
	agent_buf_init(&out, ANSWER_MAX);
	agent_status status = agent_schema_validate(serve->tool->output, tree, serve->arena, list, &faults, err);
	if (status != AGENT_OK && err->domain != AGENT_DOMAIN_MEMORY) { /* a pattern gave up on the answer */
		status = broken(serve, agent_str_cstr(err->message), AGENT_STR_EMPTY, err);
	} else if (status == AGENT_OK && faults > 0) {
		agent_schema_faults_write(list, faults, &out);
		/* told where they can be told in reasonable length */
		agent_str told = out.fault == AGENT_BUF_FINE && out.len <= FAULTS_MAX ? agent_buf_str(&out) : AGENT_STR_EMPTY;
		status = broken(serve, AGENT_STR("the tool's answer does not fit its own schema"), told, err);
	} else if (status == AGENT_OK) {
		agent_json_write(tree, &out);
		status = out.fault == AGENT_BUF_FULL ? broken(serve, AGENT_STR("the tool's answer is too large"), AGENT_STR_EMPTY, err)
			: agent_buf_check(&out, "the tool's answer", err);
		status = status == AGENT_OK && !serve->answered ? agent_serve_respond(serve, agent_buf_str(&out), err) : status;
	}
	agent_buf_clear(&out);
	return status;
}

static agent_status answer_value(agent_serve *serve, agent_str json, agent_error *err)
{
	agent_json *tree;
	if (agent_json_parse(json, AGENT_JSON_LIMITS, "the tool's answer", &tree, err) != AGENT_OK) {
		return err->domain == AGENT_DOMAIN_SCHEMA || err->domain == AGENT_DOMAIN_LIMIT
			? broken(serve, AGENT_STR("the tool's answer is no JSON that can be sent"), AGENT_STR_EMPTY, err) : AGENT_ERR;
	}
	agent_status status = answer_tree(serve, tree, err);
	agent_json_free(tree);
	return status;
}

agent_status agent_serve_answer(agent_serve *serve, const agent_php_result *php, agent_error *err)
{
	agent_status status;
	int code = php->status >= 400 && php->status <= 599 ? php->status : 400;
	/* The handler said no of its own accord; what a 5xx means, it does not know itself. */
	bool refused = php->outcome == AGENT_PHP_REFUSED;
	if (php->outcome == AGENT_PHP_RETURNED) {
		status = answer_value(serve, php->json, err);
	} else if (refused) {
		agent_refusal refusal = { code, php->reason, php->message, AGENT_STR_EMPTY, false, 0 };
		status = agent_serve_refuse(serve, &refusal, err);
	} else {
		agent_refusal refusal = { 500, AGENT_STR("failed"), AGENT_STR("the tool failed"), AGENT_STR_EMPTY, false, 0 };
		status = agent_serve_refuse(serve, &refusal, err);
	}
	serve->begun = !(refused && code < 500);
	if (status == AGENT_OK) {
		status = settle(serve, err);
	}
	return status == AGENT_OK ? audit(serve, serve->response.status == 200 ? "ok" : refused ? "refused" : "failed", err) : status;
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
	(void)settle(serve, &ignored);
	if (serve->wants_handler && !serve->answered) {
		(void)audit(serve, "failed", &ignored);
	}
	agent_site_release(serve->site);
	agent_arena_free(serve->arena);
	agent_free(serve);
}

/* SPDX-License-Identifier: MIT
 * The secured backend of one tool: gate (serve_gate.c), then the caller runs the handler, then its contract and the audit.
 * What a request did wrong is a response, never an error. */
#include "ext/base/alloc.h"
#include "ext/run/serve_internal.h"

#define SERVE_MEMORY ((size_t)8 * 1024 * 1024)

agent_status agent_serve_respond(agent_serve *serve, int status, agent_str body, agent_error *err)
{
	serve->wants_handler = false;
	serve->answered = true;
	serve->response.status = status;
	serve->response.headers = AGENT_STR("{\"Content-Type\":\"application/json; charset=utf-8\",\"Cache-Control\":\"no-store\"}");
	return agent_arena_dup(serve->arena, body, &serve->response.body) ? AGENT_OK : agent_arena_fail(serve->arena, err);
}

agent_status agent_serve_refuse(agent_serve *serve, int status, agent_str code, agent_str message, agent_str faults, agent_error *err)
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
		result = agent_serve_respond(serve, status, agent_buf_str(&body), err);
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
	agent_status status = serve->arena != NULL ? agent_serve_gate(serve, request, err) : agent_fail_memory(err);
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
		return agent_serve_refuse(serve, 500, AGENT_STR("contract"), AGENT_STR("the tool's answer is no valid JSON"), AGENT_STR_EMPTY, err);
	}
	agent_schema_fault list[AGENT_SCHEMA_FAULTS];
	agent_buf out;
	agent_buf_init(&out, 1024 * 1024);
	agent_status status = agent_schema_validate(serve->tool->output, tree, serve->arena, list, &faults, err);
	if (status == AGENT_OK && faults > 0) {
		agent_schema_faults_write(list, faults, &out);
		status = agent_serve_refuse(serve, 500, AGENT_STR("contract"), AGENT_STR("the tool's answer does not fit its own schema"), agent_buf_str(&out), err);
	} else if (status == AGENT_OK) {
		agent_json_write(tree, &out);
		status = agent_buf_check(&out, "the tool's answer", err);
		status = status == AGENT_OK ? agent_serve_respond(serve, 200, agent_buf_str(&out), err) : status;
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
		status = agent_serve_refuse(serve, code, php->reason, php->message, AGENT_STR_EMPTY, err);
	} else {
		result = "failed";
		status = agent_serve_refuse(serve, 500, AGENT_STR("failed"), AGENT_STR("the tool failed"), AGENT_STR_EMPTY, err);
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

/* SPDX-License-Identifier: MIT
 * The inside of one served request, shared by serve.c, serve_gate.c and serve_token.c.
 */
#ifndef AGENT_RUN_SERVE_INTERNAL_H
#define AGENT_RUN_SERVE_INTERNAL_H

#include "ext/hands/hands.h"
#include "ext/run/internal.h"
#include "ext/run/serve.h"

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

/* The response is this one; the handler is not run any more. */
agent_status agent_serve_respond(agent_serve *serve, int status, agent_str body, agent_error *err);
/* {"error": {"code", "message", "faults"}} */
agent_status agent_serve_refuse(agent_serve *serve, int status, agent_str code, agent_str message, agent_str faults, agent_error *err);
/* NULL: the token opens this request, the claims are filled; else a code. NULL with err->domain set (it must be NONE before): a failure of
 * ours. */
const char *agent_serve_token(agent_serve *serve, const agent_serve_request *request, agent_error *err);
/* Leaves a response, or wants_handler with arguments and context. */
agent_status agent_serve_gate(agent_serve *serve, const agent_serve_request *request, agent_error *err);

#endif

/* SPDX-License-Identifier: MIT
 * The inside of one served request, shared by the serve*.c files: token, gate, once, reply.
 * Nothing outside of them may know it. */
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
	agent_str arguments, context;
	agent_str key;               /* the idempotency key as the store knows it; empty: none */
	agent_str code;              /* of the refusal; empty: answered */
	char arguments_digest[65];
	bool known;                  /* a valid token says who asks, whatever else is wrong */
	agent_str key_id;            /* kid of the token's key; empty: it has none */
	bool claimed;                /* the key is ours */
	bool begun;                  /* the handler was handed out, and has not said that it did nothing */
	bool wants_handler, answered;
	int64_t started_ms;
	agent_serve_response response;
};

/* serve_reply.c */
typedef struct agent_refusal {
	int status;
	agent_str code, message;
	agent_str faults;            /* a JSON array; empty: none */
	bool bad_token;              /* 401: the token was looked at and is not good */
	int64_t wait_ms;             /* 0: nothing is said of when to come again */
} agent_refusal;
/* Strings are copied; the handler is not run any more. */
agent_status agent_serve_respond(agent_serve *serve, agent_str body, agent_error *err);
/* {"error": {"code", "message", "faults", "retry_after_ms"}}, the last two where there are any, and the headers that belong to it. */
agent_status agent_serve_refuse(agent_serve *serve, const agent_refusal *refusal, agent_error *err);

/* serve_token.c */
/* NULL: the token was made for this request by who may make it, the claims are filled; else a code. NULL with err->domain set (it must
 * be NONE before): a failure of ours. Scopes are not looked at. */
const char *agent_serve_token(agent_serve *serve, const agent_serve_request *request, agent_error *err);

/* serve_once.c: what may happen once only. Both leave a response where the request goes no further. */
agent_status agent_serve_see_token(agent_serve *serve, agent_error *err);
agent_status agent_serve_claim(agent_serve *serve, agent_str wanted, agent_error *err);

/* serve_gate.c */
/* Leaves a response, or wants_handler with arguments and context. */
agent_status agent_serve_gate(agent_serve *serve, const agent_serve_request *request, agent_error *err);

#endif

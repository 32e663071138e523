/* SPDX-License-Identifier: MIT
 * The serving side of a tool: token, digest, scope, arguments, rate, idempotency; then the caller runs the handler; then the answer's
 * contract and the audit record. */
#ifndef AGENT_RUN_SERVE_H
#define AGENT_RUN_SERVE_H

#include "ext/run/chat.h"

typedef struct agent_serve_request {
	int tool;
	agent_str method, path, body;
	agent_str authorization;     /* the header's value, empty: none */
	agent_str idempotency_key;   /* the header's value, empty: none */
	bool repeated;               /* one of the two came more than once, with different values */
} agent_serve_request;

typedef struct agent_serve_response {
	int status;
	agent_str headers;           /* a JSON object's text: {"Content-Type":"application/json", …} */
	agent_str body;              /* JSON text */
} agent_serve_response;

typedef struct agent_serve agent_serve;

/* Never refuses with AGENT_ERR what the request did wrong: that is a response. AGENT_ERR: store, keys, memory. */
agent_status agent_serve_open(agent_site *site, const agent_serve_request *request, agent_serve **out, agent_error *err);
/* True: the handler is to be run with arguments and context (JSON objects); false: the response is ready. */
bool agent_serve_wants_handler(const agent_serve *serve);
agent_str agent_serve_arguments(const agent_serve *serve);
agent_str agent_serve_context(const agent_serve *serve);
agent_status agent_serve_answer(agent_serve *serve, const agent_php_result *result, agent_error *err);
void agent_serve_take(const agent_serve *serve, agent_serve_response *response);
/* Without an answer the audit says failed; a read's idempotency claim is given back, a write's is unknown from then on. NULL is allowed. */
void agent_serve_close(agent_serve *serve);

#endif

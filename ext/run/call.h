/* SPDX-License-Identifier: MIT
 * One tool call by HTTP: token, request, attempts, result class. Used by the runner and by agent_tool_call.
 * In-process handlers are bind's: they pass through agent_call_of_php. */
#ifndef AGENT_RUN_CALL_H
#define AGENT_RUN_CALL_H

#include "ext/hands/hands.h"
#include "ext/run/chat.h"

typedef struct agent_call_options {
	int tool;                    /* index in the configuration */
	agent_str arguments;         /* JSON text */
	bool has_subject;            /* with an empty subject: a guest */
	agent_str subject, session, turn, call;   /* call: the idempotency key */
	const agent_grant *grants;   /* the session's, named in the token's scope beside the tool's own */
	size_t grant_count;
	bool by_hand;                /* the grants are those of the session, where there is one that is this subject's */
	agent_str address;           /* the visitor's; empty: not known */
} agent_call_options;

typedef struct agent_call agent_call;

/* Checks the arguments and starts; a result that needs no HTTP (malformed, a write that is not allowed) is there at once. */
agent_status agent_call_open(agent_site *site, const agent_call_options *options, int64_t deadline_ms, agent_call **out, agent_error *err);
/* Moves it on without waiting; true when *result is final. Strings live until close. */
bool agent_call_step(agent_call *call, agent_tool_result *result);
/* Milliseconds until it wants to be stepped again even if nothing arrives (a retry's pause); -1: only when bytes arrive. */
int agent_call_wait_ms(const agent_call *call);
/* The checked arguments, canonical; empty where they were malformed. */
agent_str agent_call_arguments(const agent_call *call);
/* For a handler in this process: its context, with the scope that a token of this call would carry. Lives until close. */
agent_status agent_call_context(const agent_call *call, agent_str *out, agent_error *err);
/* The handler of this call begins now: its time limit does too. */
void agent_call_begin_here(agent_call *call);
/* For a handler in this process: what it gave, judged like an HTTP answer. Ends the call. */
agent_status agent_call_of_php(agent_call *call, const agent_php_result *php, agent_tool_result *result, agent_error *err);
void agent_call_close(agent_call *call); /* cancels; NULL is allowed */

/* What a handler is told of its caller, wherever it runs: {"subject", "session", "turn", "call", "scope"}, subject null for a guest, the
 * others empty where nothing is known. As a text in the arena. */
typedef struct agent_context {
	bool has_subject;
	agent_str subject, session, turn, call, scope;
} agent_context;
agent_status agent_context_write(const agent_context *context, agent_arena *arena, agent_str *out, agent_error *err);

/* Waits for the network of a site, at most timeout_ms; moves all calls on. */
void agent_site_poll(agent_site *site, int timeout_ms);

#endif

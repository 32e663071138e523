/* SPDX-License-Identifier: MIT
 * The runner of one turn: pulled by the caller, event by event. It joins the machine (turn/) with the ports.
 * No step lasts longer than the tick it was given; nothing calls back. */
#ifndef AGENT_RUN_CHAT_H
#define AGENT_RUN_CHAT_H

#include "ext/run/site.h"

typedef struct agent_chat_options {
	agent_str session, message;
	bool has_subject;
	agent_str subject;
	agent_str message_id;        /* empty: one is made */
	agent_str address;           /* empty: not limited by address */
	agent_str locale;            /* empty: the session's, else the site's */
	int utc_offset;              /* minutes */
	uint64_t local_tools;        /* bit i: tool i of the configuration is answered by a PHP handler */
} agent_chat_options;

typedef enum agent_event_kind {
	AGENT_EVENT_TICK,            /* nothing to tell; step again */
	AGENT_EVENT_STATE,
	AGENT_EVENT_TEXT,
	AGENT_EVENT_TOOL,
	AGENT_EVENT_CITATION,
	AGENT_EVENT_FILE,
	AGENT_EVENT_NOTICE,
	AGENT_EVENT_WAITING,
	AGENT_EVENT_END,             /* the last one; agent_chat_report is complete */
	AGENT_EVENT_RUN_PHP          /* for the caller alone: run the handler of `tool`, then agent_chat_php_result */
} agent_event_kind;

/* Views are valid until the next call with this chat. */
typedef struct agent_event {
	agent_event_kind kind;
	agent_str text;
	agent_str data;              /* a JSON object's text, never empty ("{}") */
	int tool;                    /* RUN_PHP: index in the configuration */
	agent_str arguments;         /* RUN_PHP: a JSON object's text */
	agent_str context;           /* RUN_PHP: a JSON object's text (agent_context_write) */
	int timeout_ms;              /* RUN_PHP */
} agent_event;

typedef struct agent_chat agent_chat;

/* Checks session, subject, size (message 1 … 8000 bytes of valid UTF-8), rate; does not wait: finding a place and taking the lease are part of stepping.
 * The chat keeps a reference to the site. */
agent_status agent_chat_open(agent_site *site, const agent_chat_options *options, agent_chat **out, agent_error *err);
/* The next event; waits at most tick_ms. After END every call gives END again. AGENT_ERR: the turn could not be run or saved
 * (store, memory); the chat must be closed. */
agent_status agent_chat_step(agent_chat *chat, int tick_ms, agent_event *event, agent_error *err);

typedef enum agent_php_outcome {
	AGENT_PHP_RETURNED,          /* json is the handler's value */
	AGENT_PHP_REFUSED,           /* Agent\ToolRefusal: status, reason, message */
	AGENT_PHP_THREW              /* anything else */
} agent_php_outcome;

typedef struct agent_php_result {
	agent_php_outcome outcome;
	agent_str json;
	int status;
	agent_str reason, message;
} agent_php_result;

/* Answers the last RUN_PHP. Views need to live only during the call. */
agent_status agent_chat_php_result(agent_chat *chat, const agent_php_result *result, agent_error *err);
/* The turn as a JSON object (stub: Agent\Turn, plus nothing). Valid until close; whole after END. */
agent_str agent_chat_report(const agent_chat *chat);
agent_str agent_chat_session(const agent_chat *chat);
/* Ends a running turn as Interrupted and saves it, cancels what is upstream, gives lease and place back, frees. NULL is allowed. */
void agent_chat_close(agent_chat *chat);

#endif

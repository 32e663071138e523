/* SPDX-License-Identifier: MIT
 * What is asked of a model and what comes back, in no vendor's words.
 * Pure: no I/O, no clock. */
#ifndef AGENT_BRAIN_BRAIN_H
#define AGENT_BRAIN_BRAIN_H

#include "ext/base/port.h"
#include "ext/contract/config.h"

typedef enum agent_role {
	AGENT_ROLE_USER,
	AGENT_ROLE_ASSISTANT,
	AGENT_ROLE_TOOL              /* the result of one call */
} agent_role;

typedef struct agent_brain_call {
	agent_str id, name;
	agent_str arguments;         /* JSON text; in a request always an object */
} agent_brain_call;

typedef struct agent_message {
	agent_role role;
	agent_str text;
	const agent_brain_call *calls;   /* ASSISTANT */
	size_t call_count;
	agent_str call_id;           /* TOOL */
} agent_message;

typedef struct agent_brain_request {
	agent_str policy;            /* the stable prefix: the same bytes for every turn of a configuration */
	const agent_tool *tools;
	size_t tool_count;
	uint64_t tool_mask;          /* bit i: tools[i] is offered to the model */
	bool tools_allowed;          /* false: this pass must answer in words */
	const agent_message *messages;   /* earlier turns, then this one; balanced */
	size_t message_count;
	agent_str instruction;       /* what this pass must do, behind all messages; empty: nothing special */
	int max_tokens;
	/* What the local brain needs in plain: */
	agent_str message;           /* the visitor's words of this turn */
	const agent_passage *passages;
	size_t passage_count;
	size_t turn_start;           /* messages[turn_start] is this turn's first */
	agent_str locale;
} agent_brain_request;

typedef enum agent_finish {
	AGENT_FINISH_STOP, AGENT_FINISH_LENGTH, AGENT_FINISH_TOOL_CALLS, AGENT_FINISH_FILTER,
	AGENT_FINISH_REFUSAL, AGENT_FINISH_ERROR, AGENT_FINISH_TRUNCATED
} agent_finish;

const char *agent_finish_name(agent_finish finish);
bool agent_finish_parse(agent_str name, agent_finish *out);

typedef struct agent_usage {
	bool known;
	int64_t input, output, cached;   /* tokens; cached is part of input */
} agent_usage;

typedef enum agent_brain_event_kind {
	AGENT_BRAIN_TEXT,            /* text: the next piece of the answer, any border */
	AGENT_BRAIN_CALL,            /* call: one whole call, arguments exactly as sent; only at the end */
	AGENT_BRAIN_END              /* finish, usage, message (of an error); always the last event */
} agent_brain_event_kind;

/* Views are valid until the decoder is fed again. */
typedef struct agent_brain_event {
	agent_brain_event_kind kind;
	agent_str text;
	agent_brain_call call;
	agent_finish finish;
	agent_usage usage;
	bool reasoning;              /* END: any reasoning was seen */
	agent_str refusal;           /* END: the refusal's text */
	agent_str message;           /* END with ERROR: the server's words (never shown to visitors) */
	bool malformed_call;         /* END with ERROR: the model called wrongly, the server is well (Groq) */
} agent_brain_event;

typedef struct agent_decoder agent_decoder;

/* One server protocol. Each codec is one const struct. */
typedef struct agent_codec {
	const char *protocol;
	const char *path;            /* appended to base_url: "/chat/completions" */
	/* The request's body. LIMIT/too_large beyond the buffer's ceiling. */
	agent_status (*encode)(const agent_brain_request *request, agent_str model, agent_buf *out,
		agent_error *err);
	/* The header line that carries the key: "Authorization: Bearer …". */
	void (*key_header)(agent_str key, agent_buf *out);
	/* A decoder for one stream. limit: bytes it may keep in all (text is not kept, calls are). NULL when
	 * out of memory. */
	agent_decoder *(*open)(size_t limit);
	/* One server-sent event: its `event:` name (may be empty) and its joined data. AGENT_ERR only for
	 * memory and the limit. */
	agent_status (*event)(agent_decoder *decoder, agent_str name, agent_str data, agent_error *err);
	/* The body is over (whole, or cut: the codec finds out). Calls and END can be taken now. */
	agent_status (*finish)(agent_decoder *decoder, agent_error *err);
	/* Takes the next event; false when there is none until more is fed. */
	bool (*next)(agent_decoder *decoder, agent_brain_event *event);
	void (*close)(agent_decoder *decoder); /* NULL is allowed */
} agent_codec;

extern const agent_codec agent_codec_openai_chat;
/* NULL for the local brain. */
const agent_codec *agent_codec_for(agent_protocol protocol);

/* A provider's JSON body of a failed request ({"error":{"message","code"}} and its cousins): the message
 * as a view into the buffer `out`, and whether it is Groq's tool_use_failed (a malformed call, not an
 * outage). Never fails: an HTML page gives "". */
void agent_brain_error_body(agent_str body, agent_buf *out, bool *malformed_call);

/* The local brain: routes by the tools' examples and descriptions, fills arguments from the message by the
 * input schema, asks for a missing one, words results, quotes passages with their citation, says honestly
 * when nothing fits. */
typedef struct agent_local_answer {
	bool is_call;
	agent_brain_call call;       /* id: "local-1" … */
	agent_str text;              /* what to say, when it is no call */
	bool asked;                  /* the text is a question for a missing argument */
	bool human;                  /* the visitor asks for a person; no text */
	bool declined;               /* nothing fits; the text says so and cites the nearest passage */
} agent_local_answer;

/* Strings go into the arena. */
agent_status agent_local_brain(const agent_brain_request *request, agent_arena *arena,
	agent_local_answer *out, agent_error *err);

#endif

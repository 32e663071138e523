/* SPDX-License-Identifier: MIT
 * The parts of the codec for OpenAI Chat Completions, for each other only.
 * No contract of its own: that is agent_codec in brain.h. */
#ifndef AGENT_BRAIN_OPENAI_CHAT_H
#define AGENT_BRAIN_OPENAI_CHAT_H

#include "ext/brain/brain.h"

typedef struct agent_chat_call {
	int64_t position;
	agent_buf id, name, arguments;
} agent_chat_call;

struct agent_decoder {
	size_t limit;
	size_t kept;                 /* bytes of calls and refusal */
	agent_buf text;              /* not given out yet, or given by the last next */
	bool text_given;
	agent_chat_call *calls;                 /* ascending by position */
	size_t call_count, call_room;
	agent_buf refusal, message;
	bool reasoning, failed, malformed_call, terminal, done;
	agent_finish reason;         /* the gravest that was sent */
	agent_usage usage;
	bool over;                   /* finish was called */
	size_t given;                /* calls taken */
	bool end_given;
};

/* openai_chat_chunk.c: one whole JSON object of the stream. error_event: it came as `event: error`. */
agent_status agent_chat_chunk(agent_decoder *decoder, agent_str json, bool error_event, agent_error *err);
/* Notes an error unless there was one; message is cut to a sensible length. */
void agent_chat_fail(agent_decoder *decoder, agent_str message);

/* openai_chat_decode.c */
agent_decoder *agent_openai_chat_open(size_t limit);
agent_status agent_openai_chat_event(agent_decoder *decoder, agent_str name, agent_str data,
	agent_error *err);
agent_status agent_openai_chat_finish(agent_decoder *decoder, agent_error *err);
bool agent_openai_chat_next(agent_decoder *decoder, agent_brain_event *event);
void agent_openai_chat_close(agent_decoder *decoder);

#endif

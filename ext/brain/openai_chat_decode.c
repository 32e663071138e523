/* SPDX-License-Identifier: MIT
 * OpenAI Chat Completions: the stream from its first event to its end.
 * What stands in a chunk is read in openai_chat_chunk.c. */
#include "ext/brain/openai_chat.h"

#include "ext/base/alloc.h"
#include "ext/brain/fields.h"

agent_decoder *agent_openai_chat_open(size_t limit)
{
	agent_decoder *decoder = agent_calloc(1, sizeof *decoder);
	if (decoder != NULL) {
		decoder->limit = limit;
		decoder->reason = AGENT_FINISH_STOP;
		agent_buf_init(&decoder->text, limit);
		agent_buf_init(&decoder->refusal, limit);
		agent_buf_init(&decoder->message, SIZE_MAX / 2);
	}
	return decoder;
}

void agent_openai_chat_close(agent_decoder *decoder)
{
	if (decoder == NULL) {
		return;
	}
	for (size_t i = 0; i < decoder->call_count; i++) {
		agent_buf_clear(&decoder->calls[i].id);
		agent_buf_clear(&decoder->calls[i].name);
		agent_buf_clear(&decoder->calls[i].arguments);
	}
	agent_free(decoder->calls);
	agent_buf_clear(&decoder->text);
	agent_buf_clear(&decoder->refusal);
	agent_buf_clear(&decoder->message);
	agent_free(decoder);
}

/* Data that is no JSON object is skipped. One that is an object but for a rule that only we are strict
 * about may hold a piece of the answer: skipping that would change the answer in silence, so it is an
 * error. */
static bool unreadable(agent_str data, const char *code)
{
	static const char *const strict[] = { "utf8", "nul", "depth" };
	data = agent_str_trim(data);
	if (code == NULL || data.len < 2 || data.ptr[0] != '{' || data.ptr[data.len - 1] != '}') {
		return false;
	}
	for (size_t i = 0; i < sizeof strict / sizeof *strict; i++) {
		if (strcmp(code, strict[i]) == 0) {
			return true;
		}
	}
	return false;
}

agent_status agent_openai_chat_event(agent_decoder *decoder, agent_str name, agent_str data, agent_error *err)
{
	const char *code;
	bool error_event = agent_str_is(name, "error");
	if (decoder->text_given) {
		agent_buf_reset(&decoder->text);
		decoder->text_given = false;
	}
	if (decoder->done || decoder->over) {
		return AGENT_OK;
	}
	if (agent_str_is(agent_str_trim(data), "[DONE]")) {
		decoder->done = decoder->terminal = true;
		return AGENT_OK;
	}
	if (agent_fields_whole(data, &code)) {
		return agent_chat_chunk(decoder, data, error_event, err);
	}
	if (unreadable(data, code)) {
		agent_chat_fail(decoder, AGENT_STR("an event of the stream cannot be read"));
	} else if (error_event) {
		agent_chat_fail(decoder, data);
	}
	return agent_buf_check(&decoder->message, "the server's error message", err);
}

static agent_finish finish_of(const agent_decoder *decoder)
{
	if (decoder->failed) {
		return AGENT_FINISH_ERROR;
	}
	if (!decoder->terminal) {
		return AGENT_FINISH_TRUNCATED;
	}
	if (decoder->reason != AGENT_FINISH_STOP) {
		return decoder->reason;
	}
	if (decoder->refusal.len > 0) {
		return AGENT_FINISH_REFUSAL;
	}
	return decoder->call_count > 0 ? AGENT_FINISH_TOOL_CALLS : AGENT_FINISH_STOP;
}

/* A call of a tool without arguments may come without any text: that is an empty object. */
agent_status agent_openai_chat_finish(agent_decoder *decoder, agent_error *err)
{
	decoder->over = true;
	decoder->reason = finish_of(decoder);
	for (size_t i = 0; i < decoder->call_count && decoder->reason == AGENT_FINISH_TOOL_CALLS; i++) {
		agent_buf *arguments = &decoder->calls[i].arguments;
		if (agent_str_trim(agent_buf_str(arguments)).len == 0) {
			agent_buf_reset(arguments);
			agent_buf_add_lit(arguments, "{}");
			if (agent_buf_check(arguments, "the arguments of a call", err) != AGENT_OK) {
				return AGENT_ERR;
			}
		}
	}
	return AGENT_OK;
}

static void end_event(const agent_decoder *decoder, agent_brain_event *event)
{
	event->kind = AGENT_BRAIN_END;
	event->finish = decoder->reason;
	event->usage = decoder->usage;
	event->reasoning = decoder->reasoning;
	event->refusal = agent_buf_str(&decoder->refusal);
	event->message = agent_buf_str(&decoder->message);
	event->malformed_call = decoder->malformed_call;
}

bool agent_openai_chat_next(agent_decoder *decoder, agent_brain_event *event)
{
	*event = (agent_brain_event){ .text = AGENT_STR_EMPTY, .refusal = AGENT_STR_EMPTY,
		.message = AGENT_STR_EMPTY,
		.call = { AGENT_STR_EMPTY, AGENT_STR_EMPTY, AGENT_STR_EMPTY } };
	if (decoder->text.len > 0 && !decoder->text_given) {
		event->kind = AGENT_BRAIN_TEXT;
		event->text = agent_buf_str(&decoder->text);
		decoder->text_given = true;
		return true;
	}
	if (!decoder->over || decoder->end_given) {
		return false;
	}
	if (decoder->given < decoder->call_count) {
		const agent_chat_call *call = &decoder->calls[decoder->given++];
		event->kind = AGENT_BRAIN_CALL;
		event->call = (agent_brain_call){ agent_buf_str(&call->id), agent_buf_str(&call->name),
			agent_buf_str(&call->arguments) };
		return true;
	}
	end_event(decoder, event);
	decoder->end_given = true;
	return true;
}

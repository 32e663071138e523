/* SPDX-License-Identifier: MIT
 * Names of ends, the list of codecs, and what a provider says when it refuses.
 * No protocol's details: those are in its own files. */
#include "ext/brain/brain.h"

#include "ext/brain/fields.h"

static const char *const finish_names[] = {
	[AGENT_FINISH_STOP] = "stop",
	[AGENT_FINISH_LENGTH] = "length",
	[AGENT_FINISH_TOOL_CALLS] = "tool_calls",
	[AGENT_FINISH_FILTER] = "content_filter",
	[AGENT_FINISH_REFUSAL] = "refusal",
	[AGENT_FINISH_ERROR] = "error",
	[AGENT_FINISH_TRUNCATED] = "truncated",
};

const char *agent_finish_name(agent_finish finish)
{
	return finish_names[finish];
}

bool agent_finish_parse(agent_str name, agent_finish *out)
{
	for (size_t i = 0; i < sizeof finish_names / sizeof *finish_names; i++) {
		if (agent_str_is(name, finish_names[i])) {
			*out = (agent_finish)i;
			return true;
		}
	}
	return false;
}

const agent_codec *agent_codec_for(agent_protocol protocol)
{
	switch (protocol) {
		case AGENT_PROTOCOL_OPENAI_CHAT:
			return &agent_codec_openai_chat;
		case AGENT_PROTOCOL_LOCAL:
			break;
	}
	return NULL;
}

/* {"error": {"message"}} (OpenAI, Groq, Anthropic), {"error": "…"} (Ollama), {"message"} (Mistral, vLLM),
 * {"detail": "…"} (FastAPI). */
static void message_of(const agent_json_reader *body, agent_buf *out, bool *malformed_call)
{
	agent_field fields[] = { { .name = "error" }, { .name = "message" }, { .name = "detail" } };
	agent_field error[] = { { .name = "message" }, { .name = "code" } };
	if (!agent_fields_read(body, fields, 3)) {
		return;
	}
	if (fields[0].present && agent_fields_read(&fields[0].at, error, 2)) {
		agent_field_str(&error[0], out);
		*malformed_call = agent_field_is(&error[1], "tool_use_failed");
		return;
	}
	for (size_t i = 0; i < 3; i++) {
		if (agent_field_str(&fields[i], out)) {
			return;
		}
	}
}

void agent_brain_error_body(agent_str body, agent_buf *out, bool *malformed_call)
{
	agent_json_reader reader, first;
	const char *code;
	*malformed_call = false;
	agent_json_reader_init(&reader, body, AGENT_JSON_DEPTH);
	if (agent_fields_whole(body, &code)) {
		message_of(&reader, out, malformed_call);
	} else if (code == NULL && agent_items_begin(&reader, &reader) && agent_items_next(&reader, &first)) {
		message_of(&first, out, malformed_call); /* Gemini puts its error into a list */
	}
}

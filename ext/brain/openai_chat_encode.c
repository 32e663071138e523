/* SPDX-License-Identifier: MIT
 * OpenAI Chat Completions: the request, always the same bytes, the stable part first.
 * No HTTP, no key but in the header line. */
#include "ext/brain/openai_chat.h"
#include "ext/contract/json.h"

/* OpenAI's reasoning models refuse max_tokens, everyone else's servers know nothing else. */
static const char *max_tokens_name(agent_str model)
{
	static const char *const families[] = { "gpt-5", "o1", "o3", "o4" };
	for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
		if (agent_str_starts(model, agent_str_cstr(families[i]))) {
			return "max_completion_tokens";
		}
	}
	return "max_tokens";
}

static bool offered(const agent_brain_request *request, size_t i)
{
	return i < AGENT_TOOLS_MAX && (request->tool_mask >> i & 1) != 0;
}

/* Returns how many were written. */
static size_t put_tools(const agent_brain_request *request, agent_buf *out)
{
	size_t count = 0;
	for (size_t i = 0; i < request->tool_count; i++) {
		const agent_tool *tool = &request->tools[i];
		if (!offered(request, i)) {
			continue;
		}
		if (count++ == 0) {
			agent_json_put_key(out, "tools");
			agent_buf_add_char(out, '[');
		} else {
			agent_buf_add_char(out, ',');
		}
		agent_buf_add_lit(out, "{\"type\":\"function\",\"function\":{");
		agent_json_put_member(out, "name", tool->name);
		agent_json_put_member(out, "description", tool->description);
		if (tool->strict_text.len > 0) {
			agent_json_put_member_bool(out, "strict", true);
		}
		agent_json_put_key(out, "parameters");
		agent_buf_add(out, tool->strict_text.len > 0 ? tool->strict_text : tool->input_text);
		agent_buf_add_lit(out, "}}");
	}
	if (count > 0) {
		agent_buf_add_char(out, ']');
	}
	return count;
}

static void put_plain(agent_buf *out, const char *role, agent_str text)
{
	agent_buf_add_char(out, '{');
	agent_json_put_member(out, "role", agent_str_cstr(role));
	agent_json_put_member(out, "content", text);
	agent_buf_add_char(out, '}');
}

static void put_calls(agent_buf *out, const agent_message *message)
{
	agent_json_put_key(out, "tool_calls");
	agent_buf_add_char(out, '[');
	for (size_t i = 0; i < message->call_count; i++) {
		const agent_brain_call *call = &message->calls[i];
		if (i > 0) {
			agent_buf_add_char(out, ',');
		}
		agent_buf_add_char(out, '{');
		agent_json_put_member(out, "id", call->id);
		agent_json_put_member(out, "type", AGENT_STR("function"));
		agent_json_put_key(out, "function");
		agent_buf_add_char(out, '{');
		agent_json_put_member(out, "name", call->name);
		agent_json_put_member(out, "arguments", call->arguments);
		agent_buf_add_lit(out, "}}");
	}
	agent_buf_add_char(out, ']');
}

static void put_assistant(agent_buf *out, const agent_message *message)
{
	if (message->call_count == 0) {
		put_plain(out, "assistant", message->text);
		return;
	}
	agent_buf_add_char(out, '{');
	agent_json_put_member(out, "role", AGENT_STR("assistant"));
	agent_json_put_key(out, "content");
	if (message->text.len > 0) {
		agent_json_put_str(out, message->text);
	} else {
		agent_buf_add_lit(out, "null");
	}
	put_calls(out, message);
	agent_buf_add_char(out, '}');
}

static void put_message(agent_buf *out, const agent_message *message)
{
	switch (message->role) {
		case AGENT_ROLE_USER:
			put_plain(out, "user", message->text);
			return;
		case AGENT_ROLE_ASSISTANT:
			put_assistant(out, message);
			return;
		case AGENT_ROLE_TOOL:
			break;
	}
	agent_buf_add_char(out, '{');
	agent_json_put_member(out, "role", AGENT_STR("tool"));
	agent_json_put_member(out, "tool_call_id", message->call_id);
	agent_json_put_member(out, "content", message->text);
	agent_buf_add_char(out, '}');
}

static void put_messages(const agent_brain_request *request, agent_buf *out)
{
	bool first = true;
	agent_json_put_key(out, "messages");
	agent_buf_add_char(out, '[');
	if (request->policy.len > 0) {
		put_plain(out, "system", request->policy);
		first = false;
	}
	for (size_t i = 0; i < request->message_count; i++) {
		if (!first) {
			agent_buf_add_char(out, ',');
		}
		put_message(out, &request->messages[i]);
		first = false;
	}
	if (request->instruction.len > 0) {
		if (!first) {
			agent_buf_add_char(out, ',');
		}
		put_plain(out, "system", request->instruction);
	}
	agent_buf_add_char(out, ']');
}

static agent_status encode(const agent_brain_request *request, agent_str model, agent_buf *out,
	agent_error *err)
{
	agent_buf_add_char(out, '{');
	agent_json_put_member(out, "model", model);
	agent_json_put_member_bool(out, "stream", true);
	agent_json_put_key(out, "stream_options");
	agent_buf_add_lit(out, "{\"include_usage\":true}");
	/* Tools stay listed where they must not be called: taking them out would change the prefix that
	 * servers cache. */
	size_t tools = put_tools(request, out);
	put_messages(request, out);
	if (tools > 0 && !request->tools_allowed) {
		agent_json_put_member(out, "tool_choice", AGENT_STR("none"));
	}
	if (request->max_tokens > 0) {
		agent_json_put_member_int(out, max_tokens_name(model), request->max_tokens);
	}
	agent_buf_add_char(out, '}');
	return agent_buf_check(out, "the request to the model", err);
}

static void key_header(agent_str key, agent_buf *out)
{
	if (key.len > 0) {
		agent_buf_add_lit(out, "Authorization: Bearer ");
		agent_buf_add(out, key);
	}
}

const agent_codec agent_codec_openai_chat = {
	.protocol = "openai-chat",
	.path = "/chat/completions",
	.encode = encode,
	.key_header = key_header,
	.open = agent_openai_chat_open,
	.event = agent_openai_chat_event,
	.finish = agent_openai_chat_finish,
	.next = agent_openai_chat_next,
	.close = agent_openai_chat_close,
};

/* SPDX-License-Identifier: MIT
 * Calls that the model got wrong: what it is told, and what happens when it gets them wrong again.
 * Not a byte of what it wrote stands in here: names and faults are the manifest's own. */
#include "ext/turn/internal.h"

agent_status agent_turn_error_text(agent_turn *turn, agent_result_class result, agent_str message, agent_str faults, agent_str *out, agent_error *err)
{
	agent_buf *buf = &turn->scratch;
	agent_buf_reset(buf);
	agent_buf_add_lit(buf, "{\"error\":{");
	agent_json_put_member(buf, "type", agent_str_cstr(agent_result_class_name(result)));
	if (message.len > 0) {
		agent_json_put_member(buf, "message", message);
	}
	if (faults.len > 0) {
		agent_json_put_key(buf, "faults");
		agent_buf_add(buf, faults);
	}
	agent_buf_add_lit(buf, "}}");
	return agent_turn_take_scratch(turn, "a tool's error", out, err);
}

/* The names that a call may have, so that the next one has one of them. */
agent_status agent_turn_unknown_tool(agent_turn *turn, agent_str *out, agent_error *err)
{
	const agent_manifest *manifest = &turn->setup.config->manifest;
	agent_buf message;
	size_t listed = 0;
	agent_buf_init(&message, AGENT_TOOLS_MAX * 80);
	agent_buf_add_lit(&message, "there is no such tool; ");
	for (size_t i = 0; i < manifest->count; i++) {
		if ((turn->setup.tool_mask >> i & 1) != 0) {
			agent_buf_add(&message, listed++ == 0 ? AGENT_STR("the tools are: ") : AGENT_STR(", "));
			agent_buf_add(&message, manifest->tools[i].name);
		}
	}
	if (listed == 0) {
		agent_buf_add_lit(&message, "none is offered, answer with what is known");
	}
	agent_status status = agent_buf_check(&message, "a list of tools", err);
	if (status == AGENT_OK) {
		status = agent_turn_error_text(turn, AGENT_RESULT_UNKNOWN_TOOL, agent_buf_str(&message), AGENT_STR_EMPTY, out, err);
	}
	agent_buf_clear(&message);
	return status;
}

/* Only one question can be asked: all wrong calls of the pass must miss the same argument, and nothing else. */
void agent_turn_note_missing(agent_turn *turn, int tool, agent_str missing, size_t bad)
{
	bool same = bad == 0 || (tool == turn->missing_tool && agent_str_eq(missing, turn->missing));
	turn->missing = same ? missing : AGENT_STR_EMPTY;
	turn->missing_tool = tool;
}

/* What the visitor may call the missing argument: its title, where the schema has one. */
static agent_str missing_name(const agent_turn *turn)
{
	const agent_tool *tool = &turn->setup.config->manifest.tools[turn->missing_tool];
	const agent_json *schema = agent_json_get(agent_json_get(tool->input_document, "properties"), turn->missing.ptr);
	agent_str title;
	return agent_json_str(agent_json_get(schema, "title"), &title) && title.len > 0 ? title : turn->missing;
}

/* The machine asks for what the model could not fill in. */
static agent_status ask_for_missing(agent_turn *turn, agent_error *err)
{
	agent_buf filled;
	agent_buf_init(&filled, 4096);
	agent_text_fill(agent_text_get(turn->setup.config, turn->setup.locale, AGENT_TEXT_MISSING), AGENT_STR("name"), missing_name(turn), &filled);
	agent_status status = agent_buf_check(&filled, "the question", err);
	if (status == AGENT_OK) {
		agent_buf_reset(&turn->shown); /* a paragraph of its own */
		status = agent_turn_reply(turn, agent_buf_str(&filled), err);
	}
	agent_buf_clear(&filled);
	return status == AGENT_OK ? agent_turn_finish(turn, AGENT_OUTCOME_ASKED, err) : AGENT_ERR;
}

agent_status agent_turn_all_bad(agent_turn *turn, agent_error *err)
{
	if (agent_turn_tool_messages(turn, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (turn->bad_passes < 2) {
		return agent_turn_plan(turn, err);
	}
	if (turn->missing.len > 0) {
		return ask_for_missing(turn, err);
	}
	if (agent_turn_notice(turn, AGENT_TEXT_NO_ANSWER, true, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_turn_finish(turn, AGENT_OUTCOME_ESCALATED, err);
}

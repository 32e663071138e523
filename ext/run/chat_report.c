/* SPDX-License-Identifier: MIT
 * Reports of a chat: the machine's, with the times; of a turn that never ran; of one that ended before.
 * Every one has the members of Agent\Turn. */
#include "ext/run/chat_internal.h"

static void put_timings(const agent_chat *chat, agent_buf *out)
{
	int64_t now = agent_chat_now(chat);
	agent_buf_add_char(out, '{');
	for (int i = 0; i < AGENT_STATES; i++) {
		int64_t ms = chat->timings[i] + (i == (int)chat->state ? now - chat->state_since_ms : 0);
		if (ms > 0 && i != AGENT_STATE_END) {
			agent_json_put_member_int(out, agent_state_name((agent_state)i), ms);
		}
	}
	agent_json_put_member_int(out, "total", now - chat->started_ms);
	agent_buf_add_char(out, '}');
}

agent_status agent_chat_write_report(agent_chat *chat, const agent_turn *turn, agent_buf *out, agent_error *err)
{
	const agent_brain_config *brain = &chat->site->config->brain;
	agent_buf timings;
	agent_buf_init(&timings, 1024);
	put_timings(chat, &timings);
	agent_report_extra extra = {
		.session = chat->options.session, .timings = agent_buf_str(&timings),
		.model = brain->protocol == AGENT_PROTOCOL_LOCAL ? AGENT_STR("local") : brain->model
	};
	agent_turn_report(turn, &extra, out);
	agent_status status = agent_buf_check(&timings, "the timings", err);
	agent_buf_clear(&timings);
	return status == AGENT_OK ? agent_buf_check(out, "the turn's report", err) : status;
}

agent_status agent_chat_tell_end(agent_chat *chat, agent_str outcome, agent_error *err)
{
	agent_buf data;
	agent_buf_init(&data, 256);
	agent_buf_add_char(&data, '{');
	agent_json_put_member(&data, "outcome", outcome);
	agent_buf_add_char(&data, '}');
	agent_status status = agent_buf_check(&data, "an event", err);
	if (status == AGENT_OK) {
		status = agent_chat_tell(chat, AGENT_EVENT_END, AGENT_STR_EMPTY, agent_buf_str(&data), err);
	}
	agent_buf_clear(&data);
	chat->phase = AGENT_CHAT_ENDED;
	agent_chat_give_back(chat);
	return status;
}

agent_status agent_chat_shed(agent_chat *chat, agent_str notice, agent_error *err)
{
	agent_buf *out = &chat->report;
	agent_buf_reset(out);
	agent_buf_add_char(out, '{');
	agent_json_put_member(out, "id", agent_str_cstr(chat->turn_id));
	agent_json_put_member(out, "session", chat->options.session);
	agent_json_put_member(out, "outcome", agent_str_cstr(agent_outcome_name(AGENT_OUTCOME_SHED)));
	agent_json_put_member_bool(out, "degraded", false);
	agent_json_put_member(out, "reply", AGENT_STR_EMPTY);
	agent_buf_add_lit(out, ",\"citations\":[],\"files\":[],\"tool_calls\":[],\"confirmation\":null");
	agent_json_put_member(out, "notice", notice);
	agent_buf_add_lit(out, ",\"usage\":{\"input\":0,\"output\":0,\"cached\":0,\"estimated\":false,\"passes\":0},\"timings\":");
	put_timings(chat, out);
	agent_json_put_member(out, "model", AGENT_STR_EMPTY);
	agent_buf_add_char(out, '}');
	if (agent_buf_check(out, "the turn's report", err) != AGENT_OK || agent_chat_tell(chat, AGENT_EVENT_NOTICE, notice, AGENT_STR_EMPTY, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_chat_tell_end(chat, agent_str_cstr(agent_outcome_name(AGENT_OUTCOME_SHED)), err);
}

static agent_status tell_each(agent_chat *chat, const agent_json *list, agent_event_kind kind, agent_error *err)
{
	agent_status status = AGENT_OK;
	agent_buf data;
	agent_buf_init(&data, chat->report.limit);
	for (size_t i = 0; status == AGENT_OK && i < agent_json_count(list); i++) {
		agent_buf_reset(&data);
		agent_json_write(agent_json_at(list, i), &data);
		status = agent_buf_check(&data, "an event", err);
		status = status == AGENT_OK ? agent_chat_tell(chat, kind, AGENT_STR_EMPTY, agent_buf_str(&data), err) : status;
	}
	agent_buf_clear(&data);
	return status;
}

agent_status agent_chat_repeat(agent_chat *chat, agent_str record, agent_error *err)
{
	agent_json *tree;
	agent_str text, outcome = AGENT_STR_EMPTY;
	const agent_json_limits limits = { chat->report.limit, 64 };
	if (agent_json_parse(record, limits, "the turn's record", &tree, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_buf_reset(&chat->report);
	agent_buf_add(&chat->report, record);
	agent_status status = agent_buf_check(&chat->report, "the turn's report", err);
	if (status == AGENT_OK && agent_json_str(agent_json_get(tree, "reply"), &text) && text.len > 0) {
		status = agent_chat_tell(chat, AGENT_EVENT_TEXT, text, AGENT_STR_EMPTY, err);
	}
	status = status == AGENT_OK ? tell_each(chat, agent_json_get(tree, "citations"), AGENT_EVENT_CITATION, err) : status;
	status = status == AGENT_OK ? tell_each(chat, agent_json_get(tree, "files"), AGENT_EVENT_FILE, err) : status;
	if (status == AGENT_OK && agent_json_str(agent_json_get(tree, "notice"), &text) && text.len > 0) {
		status = agent_chat_tell(chat, AGENT_EVENT_NOTICE, text, AGENT_STR_EMPTY, err);
	}
	if (status == AGENT_OK) {
		(void)agent_json_str(agent_json_get(tree, "outcome"), &outcome);
		status = agent_chat_tell_end(chat, outcome, err);
	}
	agent_json_free(tree);
	return status;
}

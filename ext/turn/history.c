/* SPDX-License-Identifier: MIT
 * The messages of turns as JSON, both ways: what the next turn's model and ground check start from.
 * Balanced by construction: a call without a result is never written, and one that is read is not taken. */
#include "ext/turn/internal.h"

agent_message *agent_turn_message(agent_turn *turn, agent_role role, agent_str text, agent_error *err)
{
	agent_message *message = agent_list_push(turn, &turn->messages, sizeof *message, err);
	if (message != NULL) {
		*message = (agent_message){ .role = role, .text = text, .call_id = AGENT_STR_EMPTY };
	}
	return message;
}

static int tool_index(const agent_turn *turn, agent_str name)
{
	const agent_manifest *manifest = &turn->setup.config->manifest;
	const agent_tool *tool = agent_manifest_find(manifest, name);
	return tool != NULL ? (int)(tool - manifest->tools) : -1;
}

static agent_str member(const agent_json *object, const char *name)
{
	agent_str text = AGENT_STR_EMPTY;
	return agent_json_str(agent_json_get(object, name), &text) ? text : AGENT_STR_EMPTY;
}

static agent_status read_calls(agent_turn *turn, const agent_json *item, agent_message *message, agent_error *err)
{
	const agent_json *calls = agent_json_get(item, "calls");
	size_t count = agent_json_kind_of(calls) == AGENT_JSON_KIND_ARRAY ? agent_json_count(calls) : 0;
	if (count == 0) {
		return AGENT_OK;
	}
	agent_brain_call *list = agent_arena_array(turn->arena, count, sizeof *list);
	if (list == NULL) {
		return agent_arena_fail(turn->arena, err);
	}
	for (size_t i = 0; i < count; i++) {
		const agent_json *call = agent_json_at(calls, i);
		list[i] = (agent_brain_call){ member(call, "id"), member(call, "name"), member(call, "arguments") };
	}
	message->calls = list;
	message->call_count = count;
	return AGENT_OK;
}

static agent_status read_result(agent_turn *turn, const agent_json *item, int64_t at_s, agent_error *err)
{
	if (!agent_str_is(member(item, "result"), "ok")) {
		return AGENT_OK;
	}
	agent_json *tree;
	if (agent_json_parse(member(item, "text"), AGENT_JSON_LIMITS, "an earlier result", &tree, err) != AGENT_OK
		|| agent_turn_keep_tree(turn, tree, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_earlier_result *earlier = agent_list_push(turn, &turn->earlier_results, sizeof *earlier, err);
	if (earlier == NULL) {
		return AGENT_ERR;
	}
	*earlier = (agent_earlier_result){ tree, tool_index(turn, member(item, "name")), at_s };
	return AGENT_OK;
}

static agent_status read_item(agent_turn *turn, const agent_json *item, int64_t at_s, agent_error *err)
{
	agent_str role = member(item, "role");
	agent_role as = agent_str_is(role, "user") ? AGENT_ROLE_USER : agent_str_is(role, "tool") ? AGENT_ROLE_TOOL : AGENT_ROLE_ASSISTANT;
	agent_message *message = agent_turn_message(turn, as, member(item, "text"), err);
	if (message == NULL) {
		return AGENT_ERR;
	}
	if (as == AGENT_ROLE_TOOL) {
		message->call_id = member(item, "call");
		return read_result(turn, item, at_s, err);
	}
	if (as == AGENT_ROLE_USER) {
		agent_str *said = agent_list_push(turn, &turn->said, sizeof *said, err);
		if (said == NULL) {
			return AGENT_ERR;
		}
		*said = message->text;
		return AGENT_OK;
	}
	return read_calls(turn, item, message, err);
}

agent_status agent_history_read(agent_turn *turn, const agent_turn_row *rows, size_t count, agent_error *err)
{
	const agent_json_limits limits = { AGENT_SCRATCH * 2, 16 };
	for (size_t i = 0; i < count; i++) {
		agent_json *list;
		if (rows[i].history.len == 0) {
			continue;
		}
		if (agent_json_parse(rows[i].history, limits, "the history", &list, err) != AGENT_OK
			|| agent_turn_keep_tree(turn, list, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		size_t *start = agent_list_push(turn, &turn->turns, sizeof *start, err);
		if (start == NULL) {
			return AGENT_ERR;
		}
		*start = turn->messages.count;
		for (size_t k = 0; k < agent_json_count(list); k++) {
			if (read_item(turn, agent_json_at(list, k), rows[i].started_s, err) != AGENT_OK) {
				return AGENT_ERR;
			}
		}
	}
	turn->earlier = turn->messages.count;
	return AGENT_OK;
}

agent_status agent_turn_evidence(agent_turn *turn, int tool, const agent_json *tree, agent_error *err)
{
	const agent_tool *from = tool >= 0 ? &turn->setup.config->manifest.tools[tool] : NULL;
	if (from != NULL && agent_result_passages(from, tree) != NULL) {
		agent_json *rest;
		if (agent_result_with_passages(from, tree, NULL, &rest, err) != AGENT_OK || agent_turn_keep_tree(turn, rest, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		tree = rest;
	}
	const agent_json **result = agent_list_push(turn, &turn->results, sizeof *result, err);
	if (result == NULL) {
		return AGENT_ERR;
	}
	*result = tree;
	agent_str urls[16];
	size_t count = from != NULL ? agent_result_urls(from, tree, urls, 16) : 0;
	for (size_t i = 0; i < count; i++) {
		agent_str *url = agent_list_push(turn, &turn->result_urls, sizeof *url, err);
		if (url == NULL) {
			return AGENT_ERR;
		}
		*url = urls[i];
	}
	return AGENT_OK;
}

agent_status agent_history_evidence(agent_turn *turn, agent_error *err)
{
	const agent_earlier_result *list = turn->earlier_results.items;
	for (size_t i = 0; i < turn->earlier_results.count; i++) {
		int64_t age_s = turn->now_s - list[i].at_s;
		if (age_s > AGENT_EARLIER_SECONDS || age_s < -60) { /* a clock that was set back does not make results young */
			continue;
		}
		if (agent_turn_evidence(turn, list[i].tool, list[i].tree, err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

/* --- writing --- */

static void put_calls(agent_buf *out, const agent_message *message)
{
	agent_json_put_key(out, "calls");
	agent_buf_add_char(out, '[');
	for (size_t i = 0; i < message->call_count; i++) {
		agent_buf_add(out, i > 0 ? AGENT_STR(",{") : AGENT_STR("{"));
		agent_json_put_member(out, "id", message->calls[i].id);
		agent_json_put_member(out, "name", message->calls[i].name);
		agent_json_put_member(out, "arguments", message->calls[i].arguments);
		agent_buf_add_char(out, '}');
	}
	agent_buf_add_char(out, ']');
}

static void put_message(const agent_turn *turn, agent_buf *out, const agent_message *message)
{
	static const char *const roles[] = { "user", "assistant", "tool" };
	agent_buf_add_char(out, '{');
	agent_json_put_member(out, "role", agent_str_cstr(roles[message->role]));
	agent_json_put_member(out, "text", agent_turn_lasting(turn, message));
	if (message->role == AGENT_ROLE_ASSISTANT && message->call_count > 0) {
		put_calls(out, message);
	}
	const agent_turn_call *call = agent_turn_call_of(turn, message);
	if (call != NULL) {
		agent_json_put_member(out, "call", call->id);
		agent_json_put_member(out, "name", call->name);
		agent_json_put_member(out, "result", agent_str_cstr(agent_result_class_name(call->result)));
	}
	agent_buf_add_char(out, '}');
}

agent_status agent_history_write(agent_turn *turn, agent_error *err)
{
	agent_buf *out = &turn->scratch;
	agent_buf_reset(out);
	agent_buf_add_char(out, '[');
	const agent_message *messages = turn->messages.items;
	size_t first = turn->earlier + (turn->passages_told ? 1 : 0); /* passages are looked up anew in each turn */
	if (first >= turn->messages.count) { /* stopped before the passages came */
		agent_message user = { .role = AGENT_ROLE_USER, .text = turn->message, .call_id = AGENT_STR_EMPTY };
		put_message(turn, out, &user);
	}
	for (size_t i = first; i < turn->messages.count; i++) {
		agent_buf_add(out, i > first ? AGENT_STR(",") : AGENT_STR_EMPTY);
		put_message(turn, out, &messages[i]);
	}
	agent_str rest = agent_str_trim(agent_str_from(agent_buf_str(&turn->reply), turn->reply_taken));
	agent_message last = { .role = AGENT_ROLE_ASSISTANT, .text = rest.len > 0 ? rest : turn->notice, .call_id = AGENT_STR_EMPTY };
	if (last.text.len > 0) {
		agent_buf_add_char(out, ',');
		put_message(turn, out, &last);
	}
	agent_buf_add_char(out, ']');
	return agent_turn_take_scratch(turn, "the turn's history", &turn->history, err);
}

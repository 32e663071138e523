/* SPDX-License-Identifier: MIT
 * The passages of a turn: those that were looked up, and those that a tool brought.
 * A place in the list never changes: what was cited is kept as bits. */
#include "ext/text/orders.h"
#include "ext/turn/internal.h"

/* The text without the paragraphs that give orders to the model: they are no knowledge of the store's, and what stands in them – a
 * refund, an address – must not be quotable either. */
static agent_status keep_text(agent_turn *turn, agent_str text, agent_str *out, agent_error *err)
{
	agent_str paragraph;
	agent_buf_reset(&turn->scratch);
	for (size_t pos = 0; agent_paragraph_next(text, &pos, &paragraph);) {
		if (!agent_text_orders(paragraph)) {
			agent_buf_add(&turn->scratch, paragraph);
		}
	}
	return agent_turn_take_scratch(turn, "a passage", out, err);
}

static agent_status keep(agent_turn *turn, const agent_passage *from, agent_passage *to, agent_error *err)
{
	*to = *from;
	if (agent_turn_dup(turn, from->id, &to->id, err) != AGENT_OK || agent_turn_dup(turn, from->title, &to->title, err) != AGENT_OK
		|| agent_turn_dup(turn, from->url, &to->url, err) != AGENT_OK || keep_text(turn, from->text, &to->text, err) != AGENT_OK
		|| agent_turn_dup(turn, from->language, &to->language, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_turn_dup(turn, agent_str_of(from->heading.ptr, from->heading.len), &to->heading, err);
}

agent_status agent_turn_passages(agent_turn *turn, const agent_input *input, agent_error *err)
{
	if (!turn->looking_up) {
		return AGENT_OK;
	}
	turn->looking_up = false;
	size_t count = input->passage_count < AGENT_PASSAGES_MAX ? input->passage_count : AGENT_PASSAGES_MAX;
	size_t room = count + AGENT_TOOL_PASSAGES < AGENT_PASSAGES_MAX ? count + AGENT_TOOL_PASSAGES : AGENT_PASSAGES_MAX;
	turn->passages = agent_arena_array(turn->arena, room, sizeof *turn->passages);
	if (turn->passages == NULL) {
		return agent_arena_fail(turn->arena, err);
	}
	turn->passage_room = room;
	for (size_t i = 0; i < count; i++) {
		agent_passage *to = &turn->passages[turn->passage_count];
		if (keep(turn, &input->passages[i], to, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		turn->passage_count += agent_str_trim(to->text).len > 0 ? 1 : 0;
	}
	if (agent_prompt_passages(turn, err) != AGENT_OK || agent_turn_message(turn, AGENT_ROLE_USER, turn->message, err) == NULL) {
		return AGENT_ERR;
	}
	return agent_turn_plan(turn, err);
}

static bool known(const agent_turn *turn, const agent_passage *passage)
{
	for (size_t i = 0; i < turn->passage_count; i++) {
		if (agent_str_eq(turn->passages[i].id, passage->id) && agent_str_eq(turn->passages[i].text, passage->text)) {
			return true;
		}
	}
	return false;
}

static bool has_room(const agent_turn *turn, const agent_passage *passage)
{
	return turn->passage_count < turn->passage_room && turn->tool_passages < AGENT_TOOL_PASSAGES
		&& turn->tool_passage_bytes + passage->text.len <= AGENT_TOOL_PASSAGE_BYTES;
}

/* The items that can be cited become passages; *citable (the caller's) holds them and those that were passages before. */
static agent_status add_items(agent_turn *turn, const agent_json *items, agent_json *citable, agent_error *err)
{
	for (size_t i = 0; i < agent_json_count(items); i++) {
		agent_json *item = agent_json_at(items, i);
		agent_passage passage;
		if (!agent_result_passage(item, &passage) || agent_text_orders(passage.text)) {
			continue;
		}
		bool there = known(turn, &passage);
		if (!there && !has_room(turn, &passage)) {
			continue;
		}
		if (!agent_json_push(citable, agent_json_ref(item))) {
			return agent_fail_memory(err);
		}
		if (!there) {
			turn->passages[turn->passage_count++] = passage; /* views into the tree, which the turn keeps */
			turn->tool_passages++;
			turn->tool_passage_bytes += passage.text.len;
		}
	}
	return AGENT_OK;
}

static agent_status write(agent_turn *turn, const agent_tool *tool, const agent_json *tree, agent_json *passages, agent_str *out, agent_error *err)
{
	agent_json *changed;
	if (agent_result_with_passages(tool, tree, passages, &changed, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_buf_reset(&turn->scratch);
	agent_json_write(changed, &turn->scratch);
	agent_json_free(changed);
	return agent_turn_take_scratch(turn, "a tool's result", out, err);
}

agent_status agent_turn_take_passages(agent_turn *turn, agent_turn_call *call, const agent_json *tree, agent_error *err)
{
	const agent_tool *tool = &turn->setup.config->manifest.tools[call->tool];
	const agent_json *items = agent_result_passages(tool, tree);
	if (items == NULL) {
		return AGENT_OK;
	}
	agent_json *citable = agent_json_new_array();
	if (citable == NULL) {
		return agent_fail_memory(err);
	}
	agent_status status = add_items(turn, items, citable, err);
	if (status == AGENT_OK) {
		status = write(turn, tool, tree, citable, &call->model, err);
	}
	agent_json_free(citable);
	return status == AGENT_OK ? write(turn, tool, tree, NULL, &call->rest, err) : AGENT_ERR;
}

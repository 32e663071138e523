/* SPDX-License-Identifier: MIT
 * Tool calls of a pass: which are made, which are answered at once, and what their results mean.
 * Every call gets exactly one result; the history never holds a malformed argument text. What a wrong call is told: repair.c. */
#include "ext/turn/internal.h"

agent_turn_call *agent_turn_call_at(const agent_turn *turn, size_t index)
{
	return (agent_turn_call *)turn->calls.items + index;
}

const agent_turn_call *agent_turn_call_of(const agent_turn *turn, const agent_message *message)
{
	for (size_t i = 0; message->role == AGENT_ROLE_TOOL && i < turn->calls.count; i++) {
		const agent_turn_call *call = agent_turn_call_at(turn, i);
		if (agent_str_eq(call->id, message->call_id)) {
			return call;
		}
	}
	return NULL;
}

agent_str agent_turn_lasting(const agent_turn *turn, const agent_message *message)
{
	const agent_turn_call *call = agent_turn_call_of(turn, message);
	return call != NULL && call->rest.len > 0 ? call->rest : message->text;
}

static agent_status new_id(agent_turn *turn, agent_str *out, agent_error *err)
{
	agent_buf_reset(&turn->scratch);
	agent_buf_add(&turn->scratch, turn->setup.turn);
	agent_buf_addf(&turn->scratch, "-%zu", turn->calls.count);
	return agent_turn_take_scratch(turn, "a call's id", out, err);
}

/* The call as the turn keeps it. *bad counts those that were answered at once because the model got them wrong. */
static agent_status take_call(agent_turn *turn, const agent_brain_call *from, agent_turn_call *call, size_t *bad, agent_error *err)
{
	const agent_manifest *manifest = &turn->setup.config->manifest;
	const agent_tool *tool = agent_manifest_find(manifest, from->name);
	int index = tool != NULL ? (int)(tool - manifest->tools) : -1;
	bool offered = index >= 0 && (turn->setup.tool_mask >> index & 1) != 0;
	call->tool = offered ? index : -1;
	call->name = offered ? tool->name : AGENT_STR("unknown");
	call->arguments = AGENT_STR("{}");
	call->model = call->visitor = call->message = call->rest = call->coercions = AGENT_STR_EMPTY;
	if (!offered) {
		call->result = AGENT_RESULT_UNKNOWN_TOOL;
		agent_turn_note_missing(turn, -1, AGENT_STR_EMPTY, (*bad)++);
		return agent_turn_unknown_tool(turn, &call->model, err);
	}
	bool valid;
	agent_str canonical, faults, missing;
	if (agent_arguments_check(tool, from->arguments, turn->arena, &valid, &canonical, &faults, &missing, &call->coercions, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (!valid) {
		call->result = AGENT_RESULT_MALFORMED;
		agent_turn_note_missing(turn, index, missing, (*bad)++);
		return agent_turn_error_text(turn, call->result, AGENT_STR("the arguments do not fit the tool's schema; call it again with arguments that do"), faults, &call->model, err);
	}
	call->arguments = canonical;
	if (agent_budget_tool(&turn->budget) != AGENT_CAP_NONE || turn->tools_down || turn->pass != AGENT_PASS_PLAN) {
		call->result = AGENT_RESULT_SKIPPED;
		return agent_turn_error_text(turn, call->result, AGENT_STR("no more tools may be called in this turn; answer with what is known"), AGENT_STR_EMPTY, &call->model, err);
	}
	turn->budget.tools++;
	turn->open_calls++;
	call->open = true;
	return AGENT_OK;
}

static agent_status tool_message(agent_turn *turn, const agent_turn_call *call, agent_error *err)
{
	agent_message *message = agent_turn_message(turn, AGENT_ROLE_TOOL, call->model, err);
	if (message == NULL) {
		return AGENT_ERR;
	}
	message->call_id = call->id;
	return AGENT_OK;
}

agent_status agent_turn_tool_messages(agent_turn *turn, agent_error *err)
{
	const agent_message *messages = turn->messages.items;
	size_t last = turn->messages.count;
	while (last > 0 && messages[last - 1].role != AGENT_ROLE_ASSISTANT) {
		last--;
	}
	if (last == 0) {
		return AGENT_OK;
	}
	size_t count = messages[last - 1].call_count;
	size_t answered = turn->messages.count - last;
	for (size_t i = turn->calls.count - count + answered; i < turn->calls.count; i++) {
		if (tool_message(turn, agent_turn_call_at(turn, i), err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

static agent_status assistant_message(agent_turn *turn, size_t first, agent_error *err)
{
	agent_str shown;
	size_t count = turn->calls.count - first;
	agent_brain_call *calls = agent_arena_array(turn->arena, count, sizeof *calls);
	if (calls == NULL) {
		return agent_arena_fail(turn->arena, err);
	}
	for (size_t i = 0; i < count; i++) {
		const agent_turn_call *call = agent_turn_call_at(turn, first + i);
		calls[i] = (agent_brain_call){ call->id, call->name, call->arguments };
	}
	if (agent_turn_dup(turn, agent_str_trim(agent_str_from(agent_buf_str(&turn->reply), turn->reply_taken)), &shown, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	turn->reply_taken = turn->reply.len;
	agent_message *message = agent_turn_message(turn, AGENT_ROLE_ASSISTANT, shown, err);
	if (message == NULL) {
		return AGENT_ERR;
	}
	message->calls = calls;
	message->call_count = count;
	return AGENT_OK;
}

static agent_status hand_out(agent_turn *turn, size_t first, agent_error *err)
{
	if (agent_turn_effect(turn, AGENT_EFFECT_SAVE, err) == NULL) {
		return AGENT_ERR;
	}
	for (size_t i = first; i < turn->calls.count; i++) {
		const agent_turn_call *call = agent_turn_call_at(turn, i);
		if (!call->open) {
			continue;
		}
		bool here = (turn->setup.local_tools >> call->tool & 1) != 0;
		agent_effect *effect = agent_turn_effect(turn, here ? AGENT_EFFECT_PHP_TOOL : AGENT_EFFECT_TOOL, err);
		if (effect == NULL) {
			return AGENT_ERR;
		}
		effect->tool = call->tool;
		effect->call_id = call->id;
		effect->arguments = call->arguments;
	}
	turn->state = AGENT_STATE_EXECUTE_TOOL;
	return AGENT_OK;
}

agent_status agent_turn_calls(agent_turn *turn, agent_error *err)
{
	const agent_brain_call *pass_calls = turn->pass_calls.items;
	size_t first = turn->calls.count;
	size_t bad = 0;
	turn->missing = AGENT_STR_EMPTY;
	for (size_t i = 0; i < turn->pass_calls.count; i++) {
		agent_str id;
		agent_turn_call taken = { .tool = -1 };
		if (new_id(turn, &id, err) != AGENT_OK || take_call(turn, &pass_calls[i], &taken, &bad, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		taken.id = id;
		agent_turn_call *call = agent_list_push(turn, &turn->calls, sizeof *call, err);
		if (call == NULL) {
			return AGENT_ERR;
		}
		*call = taken;
		if (call->coercions.len > 0 && agent_journal_put_coercions(turn, call, err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	turn->bad_passes += bad > 0;
	if (assistant_message(turn, first, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (turn->open_calls > 0) {
		return hand_out(turn, first, err);
	}
	if (bad == turn->pass_calls.count) {
		return agent_turn_all_bad(turn, err);
	}
	if (agent_turn_tool_messages(turn, err) != AGENT_OK) { /* good ones, but over the cap */
		return AGENT_ERR;
	}
	return agent_turn_pass(turn, AGENT_PASS_ANSWER, err);
}

/* --- results --- */

static agent_status keep_result(agent_turn *turn, agent_turn_call *call, const agent_tool_result *result, agent_error *err)
{
	call->result = result->result;
	call->attempts = result->attempts;
	call->latency_ms = result->latency_ms;
	call->open = false;
	turn->open_calls--;
	if (agent_turn_dup(turn, result->message, &call->message, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (result->result != AGENT_RESULT_OK) {
		/* What a failed connection says names hosts and addresses: that is for the site's own eyes, not for the model. */
		bool spoken = result->result == AGENT_RESULT_INVALID || result->result == AGENT_RESULT_REFUSED || result->result == AGENT_RESULT_PROOF;
		return agent_turn_error_text(turn, result->result, spoken ? result->message : AGENT_STR("the tool brought no result"), AGENT_STR_EMPTY, &call->model, err);
	}
	agent_json *tree = NULL;
	if (agent_turn_dup(turn, result->model, &call->model, err) != AGENT_OK
		|| agent_turn_dup(turn, result->visitor, &call->visitor, err) != AGENT_OK
		|| agent_json_parse(call->model, AGENT_JSON_LIMITS, "a tool's result", &tree, err) != AGENT_OK
		|| agent_turn_keep_tree(turn, tree, err) != AGENT_OK
		|| agent_turn_evidence(turn, call->tool, tree, err) != AGENT_OK
		|| agent_turn_take_passages(turn, call, tree, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (call->visitor.len > 2) { /* more than {} */
		return agent_turn_say(turn, AGENT_SAY_FILE, AGENT_STR_EMPTY, call->visitor, err);
	}
	return AGENT_OK;
}

static const agent_turn_call *first_with(const agent_turn *turn, size_t from, agent_result_class result)
{
	for (size_t i = from; i < turn->calls.count; i++) {
		const agent_turn_call *call = agent_turn_call_at(turn, i);
		if (call->result == result) {
			return call;
		}
	}
	return NULL;
}

static agent_status ask_for_proof(agent_turn *turn, int tool, agent_error *err)
{
	agent_effect *effect = agent_turn_effect(turn, AGENT_EFFECT_PROOF, err);
	if (effect == NULL) {
		return AGENT_ERR;
	}
	effect->tool = tool;
	if (agent_turn_notice(turn, AGENT_TEXT_NEEDS_PROOF, false, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_turn_finish(turn, AGENT_OUTCOME_NEEDS_PROOF, err);
}

/* All results of a pass are there. */
static agent_status digest(agent_turn *turn, agent_error *err)
{
	const agent_message *messages = turn->messages.items;
	size_t batch = messages[turn->messages.count - 1].call_count;
	size_t from = turn->calls.count - batch;
	if (agent_turn_tool_messages(turn, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	const agent_turn_call *proof = first_with(turn, from, AGENT_RESULT_PROOF);
	if (proof != NULL) {
		return ask_for_proof(turn, proof->tool, err);
	}
	bool any = first_with(turn, from, AGENT_RESULT_OK) != NULL;
	if (!any && first_with(turn, from, AGENT_RESULT_TIMEOUT) != NULL) {
		if (agent_turn_notice(turn, AGENT_TEXT_TOOL_LATE, true, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		return agent_turn_finish(turn, AGENT_OUTCOME_ESCALATED, err);
	}
	if (!any && (first_with(turn, from, AGENT_RESULT_TRANSIENT) != NULL || first_with(turn, from, AGENT_RESULT_FAILED) != NULL
		|| first_with(turn, from, AGENT_RESULT_BREAKER) != NULL)) {
		turn->tools_down = true;
		turn->degraded = true;
		if (agent_turn_notice(turn, AGENT_TEXT_TOOL_DOWN, true, err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	if (agent_turn_effect(turn, AGENT_EFFECT_SAVE, err) == NULL) { /* what a tool said is not fetched again after a crash */
		return AGENT_ERR;
	}
	/* A model that got a call wrong twice, be it beside good ones, is given no third try: it answers with what there is. */
	return turn->bad_passes < 2 ? agent_turn_plan(turn, err) : agent_turn_pass(turn, AGENT_PASS_ANSWER, err);
}

agent_status agent_turn_result(agent_turn *turn, agent_str call_id, const agent_tool_result *result, agent_error *err)
{
	for (size_t i = 0; i < turn->calls.count; i++) {
		agent_turn_call *call = agent_turn_call_at(turn, i);
		if (!call->open || !agent_str_eq(call->id, call_id)) {
			continue;
		}
		if (keep_result(turn, call, result, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		if (turn->open_calls > 0) { /* stored at once: a crash in the next one does not ask this one again */
			return agent_turn_effect(turn, AGENT_EFFECT_SAVE, err) != NULL ? AGENT_OK : AGENT_ERR;
		}
		return digest(turn, err);
	}
	return AGENT_OK;
}

agent_status agent_turn_close_calls(agent_turn *turn, agent_result_class result, agent_error *err)
{
	if (turn->open_calls == 0) {
		return AGENT_OK;
	}
	for (size_t i = 0; i < turn->calls.count; i++) {
		agent_turn_call *call = agent_turn_call_at(turn, i);
		if (!call->open) {
			continue;
		}
		call->open = false;
		call->result = result;
		if (agent_turn_error_text(turn, result, AGENT_STR("no result: the turn ended first"), AGENT_STR_EMPTY, &call->model, err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	turn->open_calls = 0;
	return agent_turn_tool_messages(turn, err);
}

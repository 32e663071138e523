/* SPDX-License-Identifier: MIT
 * Passes of the brain: beginning one within the budget, its text, and what its end means.
 * Tool calls of a pass: calls.c. */
#include "ext/text/words.h"
#include "ext/turn/internal.h"

agent_status agent_turn_plan(agent_turn *turn, agent_error *err)
{
	bool tools = turn->setup.tool_mask != 0 && !turn->tools_down && agent_budget_tool(&turn->budget) == AGENT_CAP_NONE;
	return agent_turn_pass(turn, tools ? AGENT_PASS_PLAN : AGENT_PASS_ANSWER, err);
}

/* Drops whole turns, oldest first, until the request fits. */
static int64_t fit_history(agent_turn *turn)
{
	const size_t *starts = turn->turns.items;
	int64_t most = turn->budget.max_tokens / 3;
	int64_t tokens = agent_prompt_tokens(turn);
	for (size_t i = 0; i < turn->turns.count; i++) {
		int64_t history = 0;
		const agent_message *messages = turn->messages.items;
		for (size_t k = turn->trimmed; k < turn->earlier; k++) {
			history += agent_token_estimate(messages[k].text);
		}
		if (tokens <= turn->budget.max_input && history <= most) {
			break;
		}
		turn->trimmed = i + 1 < turn->turns.count ? starts[i + 1] : turn->earlier;
		tokens = agent_prompt_tokens(turn);
	}
	return tokens;
}

/* Messages that no pass has sent yet count as input; passages and the stable prefix do not. */
static void count_input(agent_turn *turn)
{
	const agent_message *messages = turn->messages.items;
	size_t from = turn->counted > turn->trimmed ? turn->counted : turn->trimmed;
	for (size_t i = from; i < turn->messages.count; i++) {
		bool passages = i == turn->earlier && turn->passages_told;
		turn->budget.tokens += passages ? 0 : agent_token_estimate(agent_turn_lasting(turn, &messages[i]));
	}
	turn->counted = turn->messages.count;
}

agent_status agent_turn_pass(agent_turn *turn, agent_pass_kind kind, agent_error *err)
{
	int64_t input = fit_history(turn);
	agent_cap cap = agent_budget_pass(&turn->budget, turn->local ? 0 : input, kind == AGENT_PASS_REPAIR);
	int room = turn->setup.config->brain.max_tokens;
	if (!turn->local) {
		count_input(turn);
		room = agent_budget_room(&turn->budget, room);
		cap = cap == AGENT_CAP_NONE && room <= 0 ? AGENT_CAP_TOKENS : cap;
	}
	if (cap != AGENT_CAP_NONE) {
		return agent_turn_cap(turn, cap, err);
	}
	const agent_brain_request *request;
	if (agent_prompt_request(turn, kind, room, &request, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_effect *effect = agent_turn_effect(turn, AGENT_EFFECT_BRAIN, err);
	if (effect == NULL) {
		return AGENT_ERR;
	}
	effect->request = request;
	effect->local = turn->local;
	turn->pass = kind;
	turn->in_pass = true;
	turn->held = false;
	turn->released = turn->said_to = turn->paragraph = turn->held_from = 0;
	turn->pass_calls.count = 0;
	agent_buf_reset(&turn->text);
	agent_buf_reset(&turn->shown);
	turn->state = kind == AGENT_PASS_PLAN ? AGENT_STATE_PLAN : AGENT_STATE_RESPOND;
	if (kind == AGENT_PASS_REPAIR) {
		turn->budget.repairs++;
	} else {
		turn->budget.passes++;
	}
	return AGENT_OK;
}

agent_status agent_turn_text(agent_turn *turn, agent_str text, agent_error *err)
{
	size_t room = AGENT_PASS_TEXT - turn->text.len;
	agent_buf_add(&turn->text, agent_str_cut(text, 0, room));
	if (agent_buf_check(&turn->text, "the model's text", err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_turn_release(turn, false, err);
}

static void count_usage(agent_turn *turn, const agent_input *input)
{
	if (turn->local) {
		return;
	}
	int64_t output = input->usage.output;
	if (!input->usage.known) {
		output = agent_token_estimate(agent_buf_str(&turn->text));
		const agent_brain_call *calls = turn->pass_calls.items;
		for (size_t i = 0; i < turn->pass_calls.count; i++) {
			output += agent_token_estimate(calls[i].arguments);
		}
		turn->usage_estimated = true;
		turn->usage_input += agent_prompt_tokens(turn);
	} else {
		turn->usage_input += input->usage.input;
		turn->usage_cached += input->usage.cached;
	}
	turn->usage_output += output;
	turn->budget.tokens += output;
}

/* The brain failed. Before anything of this pass was shown the local brain takes over; after that the answer is cut short. */
static agent_status pass_failed(agent_turn *turn, agent_error *err)
{
	turn->in_pass = false;
	if (!turn->local && turn->shown.len == 0) {
		turn->local = true;
		turn->degraded = true;
		if (turn->pass == AGENT_PASS_REPAIR) { /* the local brain repairs nothing: what was held back stays out */
			turn->left_out = true;
			if (agent_turn_notice(turn, turn->reply.len > 0 ? AGENT_TEXT_LEFT_OUT : AGENT_TEXT_NO_ANSWER, true, err) != AGENT_OK) {
				return AGENT_ERR;
			}
			return agent_turn_finish(turn, AGENT_OUTCOME_ESCALATED, err);
		}
		turn->budget.passes--;
		return agent_turn_pass(turn, turn->pass, err);
	}
	if (agent_turn_notice(turn, turn->shown.len > 0 ? AGENT_TEXT_CUT_SHORT : AGENT_TEXT_NO_ANSWER, true, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_turn_finish(turn, AGENT_OUTCOME_ESCALATED, err);
}

/* The server itself refused the model's call: answered once, like any malformed call. */
static agent_status call_refused(agent_turn *turn, agent_error *err)
{
	agent_brain_call *call = agent_list_push(turn, &turn->pass_calls, sizeof *call, err);
	if (call == NULL) {
		return AGENT_ERR;
	}
	*call = (agent_brain_call){ AGENT_STR_EMPTY, AGENT_STR("invalid"), AGENT_STR_EMPTY };
	turn->in_pass = false;
	return agent_turn_calls(turn, err);
}

static agent_status answer_ended(agent_turn *turn, const agent_input *input, agent_error *err)
{
	if (turn->held && turn->pass != AGENT_PASS_REPAIR && !turn->local && agent_budget_pass(&turn->budget, 0, true) == AGENT_CAP_NONE) {
		turn->in_pass = false;
		turn->left_out = false;
		return agent_turn_pass(turn, AGENT_PASS_REPAIR, err);
	}
	turn->in_pass = false;
	if (turn->pass == AGENT_PASS_REPAIR && turn->shown.len == 0) {
		turn->left_out = true; /* nothing came in the place of what was held back */
	}
	bool cut = input->finish == AGENT_FINISH_LENGTH || input->finish == AGENT_FINISH_FILTER;
	if (cut && turn->reply.len > 0) {
		if (agent_turn_notice(turn, AGENT_TEXT_CUT_SHORT, true, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		return agent_turn_finish(turn, AGENT_OUTCOME_ESCALATED, err);
	}
	if (turn->reply.len == 0 || turn->left_out) {
		agent_text_id id = input->human ? AGENT_TEXT_HUMAN : turn->reply.len == 0 ? AGENT_TEXT_NO_ANSWER : AGENT_TEXT_LEFT_OUT;
		if (agent_turn_notice(turn, id, true, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		return agent_turn_finish(turn, AGENT_OUTCOME_ESCALATED, err);
	}
	agent_str declined = agent_text_get(turn->setup.config, turn->setup.locale, AGENT_TEXT_DECLINED);
	agent_str reply = agent_str_trim(agent_buf_str(&turn->reply));
	if (input->declined || agent_str_find(reply, declined, 0) != (size_t)-1) {
		return agent_turn_finish(turn, AGENT_OUTCOME_DECLINED, err);
	}
	bool asked = input->asked || (reply.ptr[reply.len - 1] == '?' && turn->calls.count == 0 && turn->cited == 0);
	return agent_turn_finish(turn, asked ? AGENT_OUTCOME_ASKED : AGENT_OUTCOME_ANSWERED, err);
}

agent_status agent_turn_pass_end(agent_turn *turn, const agent_input *input, agent_error *err)
{
	count_usage(turn, input);
	switch (input->finish) {
		case AGENT_FINISH_ERROR:
			return input->malformed ? call_refused(turn, err) : pass_failed(turn, err);
		case AGENT_FINISH_TRUNCATED:
			return pass_failed(turn, err);
		case AGENT_FINISH_LENGTH: /* half a sentence and half a call are never used */
			if (turn->pass_calls.count > 0) {
				agent_brain_call *calls = turn->pass_calls.items;
				for (size_t i = 0; i < turn->pass_calls.count; i++) {
					calls[i].arguments = AGENT_STR_EMPTY;
				}
				turn->in_pass = false;
				return agent_turn_calls(turn, err);
			}
			return answer_ended(turn, input, err);
		case AGENT_FINISH_FILTER:
			return answer_ended(turn, input, err);
		case AGENT_FINISH_STOP:
		case AGENT_FINISH_TOOL_CALLS:
		case AGENT_FINISH_REFUSAL:
			break;
	}
	if (agent_turn_release(turn, true, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (!turn->in_pass) {
		return AGENT_OK; /* the last words went over a cap */
	}
	if (input->finish == AGENT_FINISH_REFUSAL || turn->pass_calls.count == 0) {
		return answer_ended(turn, input, err);
	}
	turn->in_pass = false;
	turn->left_out = false; /* the words before a call promise nothing that the answer will not say */
	return agent_turn_calls(turn, err);
}

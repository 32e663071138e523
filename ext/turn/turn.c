/* SPDX-License-Identifier: MIT
 * The machine's frame: a turn's life, the dispatch of inputs by state, the queue of effects.
 * What each input does stands in passages.c, pass.c, calls.c, say.c and finish.c. */
#include "ext/base/alloc.h"
#include "ext/turn/internal.h"

#define MEMORY_DEFAULT ((size_t)8 * 1024 * 1024)

static const char *const state_names[AGENT_STATES] = { "receive", "plan", "execute_tool", "observe", "respond", "end" };
static const char *const outcome_names[] = {
	"answered", "asked", "declined", "needs_proof", "escalated", "shed", "interrupted", "failed"
};

const char *agent_state_name(agent_state state)
{
	return state_names[state];
}

const char *agent_outcome_name(agent_outcome outcome)
{
	return outcome_names[outcome];
}

/* --- memory of a turn --- */

void *agent_list_push(agent_turn *turn, agent_list *list, size_t item_size, agent_error *err)
{
	if (list->count == list->capacity) {
		size_t capacity = list->capacity == 0 ? 8 : list->capacity * 2;
		void *items = agent_arena_array(turn->arena, capacity, item_size);
		if (items == NULL) {
			agent_arena_fail(turn->arena, err);
			return NULL;
		}
		if (list->count > 0) {
			memcpy(items, list->items, list->count * item_size);
		}
		list->items = items;
		list->capacity = capacity;
	}
	return (char *)list->items + list->count++ * item_size;
}

agent_status agent_turn_dup(agent_turn *turn, agent_str text, agent_str *out, agent_error *err)
{
	return agent_arena_dup(turn->arena, text, out) ? AGENT_OK : agent_arena_fail(turn->arena, err);
}

agent_status agent_turn_take_scratch(agent_turn *turn, const char *what, agent_str *out, agent_error *err)
{
	*out = AGENT_STR_EMPTY;
	agent_status status = agent_buf_check(&turn->scratch, what, err);
	if (status == AGENT_OK) {
		status = agent_turn_dup(turn, agent_buf_str(&turn->scratch), out, err);
	}
	agent_buf_reset(&turn->scratch);
	return status;
}

agent_effect *agent_turn_effect(agent_turn *turn, agent_effect_kind kind, agent_error *err)
{
	agent_effect *effect = agent_list_push(turn, &turn->effects, sizeof *effect, err);
	if (effect != NULL) {
		*effect = (agent_effect){ .kind = kind, .text = AGENT_STR_EMPTY, .data = AGENT_STR("{}"), .tool = -1,
			.call_id = AGENT_STR_EMPTY, .arguments = AGENT_STR_EMPTY };
	}
	return effect;
}

agent_status agent_turn_keep_tree(agent_turn *turn, agent_json *tree, agent_error *err)
{
	agent_json **slot = agent_list_push(turn, &turn->trees, sizeof *slot, err);
	if (slot == NULL) {
		agent_json_free(tree);
		return AGENT_ERR;
	}
	*slot = tree;
	return AGENT_OK;
}

/* --- life --- */

static agent_status setup_copy(agent_turn *turn, const agent_turn_setup *setup, agent_error *err)
{
	turn->setup = *setup;
	turn->setup.history = NULL;
	turn->setup.history_count = 0;
	turn->budget = setup->budget;
	turn->local = setup->config->brain.protocol == AGENT_PROTOCOL_LOCAL;
	if (agent_turn_dup(turn, setup->turn, &turn->setup.turn, err) != AGENT_OK
		|| agent_turn_dup(turn, setup->locale, &turn->setup.locale, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_prompt_policy(turn, err);
}

agent_status agent_turn_new(const agent_turn_setup *setup, agent_turn **out, agent_error *err)
{
	*out = NULL;
	agent_turn *turn = agent_calloc(1, sizeof *turn);
	if (turn == NULL) {
		return agent_fail_memory(err);
	}
	turn->message = turn->policy = turn->missing = turn->notice = turn->history = AGENT_STR_EMPTY;
	agent_buf_init(&turn->text, AGENT_PASS_TEXT);
	agent_buf_init(&turn->shown, AGENT_PASS_TEXT);
	agent_buf_init(&turn->reply, AGENT_REPLY_TEXT);
	agent_buf_init(&turn->scratch, AGENT_SCRATCH);
	turn->arena = agent_arena_new(setup->memory > 0 ? setup->memory : MEMORY_DEFAULT);
	if (turn->arena == NULL) {
		agent_turn_free(turn);
		return agent_fail_memory(err);
	}
	if (setup_copy(turn, setup, err) != AGENT_OK
		|| agent_history_read(turn, setup->history, setup->history_count, err) != AGENT_OK
		|| agent_journal_put_begin(turn, err) != AGENT_OK) {
		agent_turn_free(turn);
		return AGENT_ERR;
	}
	*out = turn;
	return AGENT_OK;
}

void agent_turn_free(agent_turn *turn)
{
	if (turn == NULL) {
		return;
	}
	for (size_t i = 0; i < turn->trees.count; i++) {
		agent_json_free(((agent_json **)turn->trees.items)[i]);
	}
	agent_buf_clear(&turn->text);
	agent_buf_clear(&turn->shown);
	agent_buf_clear(&turn->reply);
	agent_buf_clear(&turn->scratch);
	agent_arena_free(turn->arena);
	agent_free(turn);
}

/* --- inputs --- */

static agent_status on_message(agent_turn *turn, const agent_input *input, agent_error *err)
{
	if (turn->received) {
		return AGENT_OK;
	}
	turn->received = true;
	turn->now_s = input->now_s;
	if (agent_turn_dup(turn, input->text, &turn->message, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_str *said = agent_list_push(turn, &turn->said, sizeof *said, err);
	if (said == NULL || agent_history_evidence(turn, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	*said = turn->message;
	agent_effect *effect = agent_turn_effect(turn, AGENT_EFFECT_LOOKUP, err);
	if (effect == NULL) {
		return AGENT_ERR;
	}
	effect->text = turn->message;
	turn->looking_up = true;
	return AGENT_OK;
}

static agent_status on_call(agent_turn *turn, const agent_input *input, agent_error *err)
{
	if (turn->pass_calls.count >= AGENT_PASS_CALLS) {
		return AGENT_OK;
	}
	agent_brain_call *call = agent_list_push(turn, &turn->pass_calls, sizeof *call, err);
	if (call == NULL) {
		return AGENT_ERR;
	}
	*call = (agent_brain_call){ AGENT_STR_EMPTY, AGENT_STR_EMPTY, AGENT_STR_EMPTY };
	if (agent_turn_dup(turn, input->call.name, &call->name, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_turn_dup(turn, input->call.arguments, &call->arguments, err);
}

static agent_status on_time(agent_turn *turn, const agent_input *input, agent_error *err)
{
	if (input->wall_ms > turn->budget.wall_ms) {
		turn->budget.wall_ms = input->wall_ms;
	}
	if (!agent_budget_late(&turn->budget)) {
		return AGENT_OK;
	}
	if (agent_journal_put_partial(turn, err) != AGENT_OK || agent_journal_put(turn, input, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_turn_cap(turn, AGENT_CAP_WALL, err);
}

static agent_status on_stop(agent_turn *turn, const agent_input *input, agent_error *err)
{
	if (agent_journal_put_partial(turn, err) != AGENT_OK || agent_journal_put(turn, input, err) != AGENT_OK
		|| agent_turn_close_calls(turn, AGENT_RESULT_SKIPPED, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_turn_finish(turn, AGENT_OUTCOME_INTERRUPTED, err);
}

/* Whether the state waits for this input. What it does not wait for is passed over: a late result, text after a cap. */
static bool waits_for(const agent_turn *turn, const agent_input *input)
{
	switch (input->kind) {
		case AGENT_INPUT_MESSAGE:
			return turn->state == AGENT_STATE_RECEIVE && !turn->received;
		case AGENT_INPUT_PASSAGES:
			return turn->state == AGENT_STATE_RECEIVE && turn->looking_up;
		case AGENT_INPUT_TEXT:
		case AGENT_INPUT_CALL:
		case AGENT_INPUT_PASS_END:
			return turn->in_pass;
		case AGENT_INPUT_RESULT:
			for (size_t i = 0; i < turn->calls.count; i++) {
				const agent_turn_call *call = agent_turn_call_at(turn, i);
				if (call->open && agent_str_eq(call->id, input->call_id)) {
					return true;
				}
			}
			return false;
		case AGENT_INPUT_TIME:
		case AGENT_INPUT_STOP:
			return turn->state != AGENT_STATE_END;
	}
	return false;
}

static agent_status dispatch(agent_turn *turn, const agent_input *input, agent_error *err)
{
	switch (input->kind) {
		case AGENT_INPUT_TEXT:
			return agent_turn_text(turn, input->text, err);
		case AGENT_INPUT_CALL:
			return on_call(turn, input, err);
		case AGENT_INPUT_TIME:
			return on_time(turn, input, err);
		case AGENT_INPUT_STOP:
			return on_stop(turn, input, err);
		default:
			break;
	}
	if (agent_journal_put(turn, input, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	switch (input->kind) {
		case AGENT_INPUT_MESSAGE:
			return on_message(turn, input, err);
		case AGENT_INPUT_PASSAGES:
			return agent_turn_passages(turn, input, err);
		case AGENT_INPUT_PASS_END:
			return agent_turn_pass_end(turn, input, err);
		default:
			return agent_turn_result(turn, input->call_id, &input->result, err);
	}
}

agent_status agent_turn_feed(agent_turn *turn, const agent_input *input, agent_error *err)
{
	if (turn->broken) {
		return agent_fail(err, AGENT_DOMAIN_INTERNAL, "broken_turn", "the turn failed before and cannot go on");
	}
	if (!waits_for(turn, input)) {
		return AGENT_OK;
	}
	agent_status status = dispatch(turn, input, err);
	turn->broken = status != AGENT_OK;
	return status;
}

/* --- effects --- */

static bool hands_out(agent_effect_kind kind)
{
	return kind == AGENT_EFFECT_TOOL || kind == AGENT_EFFECT_PHP_TOOL;
}

void agent_turn_next(agent_turn *turn, agent_effect *effect)
{
	const agent_effect *queue = turn->effects.items;
	if (turn->broken || turn->next_effect >= turn->effects.count) {
		*effect = (agent_effect){ .kind = AGENT_EFFECT_NONE, .text = AGENT_STR_EMPTY, .data = AGENT_STR("{}"), .tool = -1,
			.call_id = AGENT_STR_EMPTY, .arguments = AGENT_STR_EMPTY };
		return;
	}
	*effect = queue[turn->next_effect++];
	if (turn->next_effect == turn->effects.count) {
		turn->next_effect = turn->effects.count = 0;
		if (hands_out(effect->kind) && turn->state == AGENT_STATE_EXECUTE_TOOL) {
			turn->state = AGENT_STATE_OBSERVE;
		}
	}
}

agent_state agent_turn_state(const agent_turn *turn)
{
	return turn->state;
}

void agent_turn_entries(const agent_turn *turn, const agent_str **entries, size_t *count)
{
	const agent_str *all = turn->entries.items;
	*entries = all != NULL ? all + turn->entries_stored : NULL;
	*count = turn->entries.count - turn->entries_stored;
}

void agent_turn_entries_stored(agent_turn *turn)
{
	turn->entries_stored = turn->entries.count;
}

agent_str agent_turn_history(const agent_turn *turn)
{
	return turn->history;
}

/* SPDX-License-Identifier: MIT
 * How a turn ends: with what it has, every call answered, one closing barrier.
 * Nothing is said after the END effect. */
#include "ext/turn/internal.h"

agent_status agent_turn_finish(agent_turn *turn, agent_outcome outcome, agent_error *err)
{
	turn->in_pass = false;
	turn->looking_up = false;
	turn->outcome = outcome;
	if (agent_history_write(turn, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_effect *save = agent_turn_effect(turn, AGENT_EFFECT_SAVE, err);
	if (save == NULL) {
		return AGENT_ERR;
	}
	save->close = true;
	agent_effect *end = agent_turn_effect(turn, AGENT_EFFECT_END, err);
	if (end == NULL) {
		return AGENT_ERR;
	}
	end->outcome = outcome;
	turn->state = AGENT_STATE_END;
	return AGENT_OK;
}

agent_status agent_turn_cap(agent_turn *turn, agent_cap cap, agent_error *err)
{
	turn->in_pass = false;
	agent_text_id id = cap == AGENT_CAP_WALL ? AGENT_TEXT_LATE : AGENT_TEXT_LIMIT;
	if (agent_turn_close_calls(turn, cap == AGENT_CAP_WALL ? AGENT_RESULT_TIMEOUT : AGENT_RESULT_SKIPPED, err) != AGENT_OK
		|| agent_turn_notice(turn, id, true, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_turn_finish(turn, AGENT_OUTCOME_ESCALATED, err);
}

/* SPDX-License-Identifier: MIT
 * The arithmetic of a turn's budget: each cap is a hard stop.
 * No clock and no counting: the machine fills the counters. */
#include "ext/guard/budget.h"

bool agent_budget_late(const agent_budget *budget)
{
	return budget->wall_ms >= budget->max_wall_ms;
}

agent_cap agent_budget_pass(const agent_budget *budget, int64_t input_tokens, bool repair)
{
	if (agent_budget_late(budget)) {
		return AGENT_CAP_WALL;
	}
	/* A repair does not take a place from the passes, so that a turn that used them all can still mend its
	 * answer. */
	if (repair ? budget->repairs >= 1 : budget->passes >= budget->max_passes) {
		return AGENT_CAP_PASSES;
	}
	if (input_tokens > budget->max_input) {
		return AGENT_CAP_INPUT;
	}
	return budget->tokens >= budget->max_tokens ? AGENT_CAP_TOKENS : AGENT_CAP_NONE;
}

agent_cap agent_budget_tool(const agent_budget *budget)
{
	if (agent_budget_late(budget)) {
		return AGENT_CAP_WALL;
	}
	return budget->tools >= budget->max_tools ? AGENT_CAP_TOOLS : AGENT_CAP_NONE;
}

int agent_budget_room(const agent_budget *budget, int wish)
{
	int64_t left = budget->tokens < budget->max_tokens ? budget->max_tokens - budget->tokens : 0;
	if (wish < 0) {
		return 0;
	}
	return left < wish ? (int)left : wish;
}

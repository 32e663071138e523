/* SPDX-License-Identifier: MIT
 * What one turn may use, as a value: caps and counters.
 * Pure: time comes in as a number. */
#ifndef AGENT_GUARD_BUDGET_H
#define AGENT_GUARD_BUDGET_H

#include "ext/base/str.h"

typedef struct agent_budget {
	int max_tokens, max_input, max_tools, max_wall_ms, max_passes;
	int64_t tokens;
	int tools, passes, repairs;
	int64_t wall_ms;
} agent_budget;

typedef enum agent_cap {
	AGENT_CAP_NONE, AGENT_CAP_TOKENS, AGENT_CAP_INPUT, AGENT_CAP_TOOLS, AGENT_CAP_WALL, AGENT_CAP_PASSES
} agent_cap;

/* Which cap forbids one more pass whose prompt is input_tokens long; repair passes have a place of their own (one). */
agent_cap agent_budget_pass(const agent_budget *budget, int64_t input_tokens, bool repair);
agent_cap agent_budget_tool(const agent_budget *budget);
/* Output tokens that a pass may still use, at most `wish`; 0: none. */
int agent_budget_room(const agent_budget *budget, int wish);
bool agent_budget_late(const agent_budget *budget);

#endif

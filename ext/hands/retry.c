/* SPDX-License-Identifier: MIT
 * When a failed attempt is tried again, and after how long: full jitter.
 * Rolls no dice and waits for nothing: the caller does. */
#include "ext/hands/hands.h"

#define BASE_MS 100
#define DOUBLINGS 10

bool agent_retry_rule(const agent_tool *tool, agent_result_class result, int attempt, int retry_after_ms,
	int64_t left_ms, uint32_t random, int *wait_ms)
{
	*wait_ms = 0;
	/* A timeout has used up the tool's time: the visitor is offered a human. A write that failed half-way
	 * is reconciled. */
	if (result != AGENT_RESULT_TRANSIENT || tool->effect != AGENT_TOOL_READ) {
		return false;
	}
	if (attempt < 1 || attempt > tool->retries) {
		return false;
	}
	int doublings = attempt - 1 < DOUBLINGS ? attempt - 1 : DOUBLINGS;
	uint64_t ceiling = (uint64_t)BASE_MS << doublings;
	int wait = (int)((uint64_t)random * (ceiling + 1) >> 32); /* 0 … ceiling, evenly */
	if (retry_after_ms > wait) {
		wait = retry_after_ms;
	}
	if (wait >= left_ms) {
		return false;
	}
	*wait_ms = wait;
	return true;
}

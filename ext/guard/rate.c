/* SPDX-License-Identifier: MIT
 * The arithmetic of rates (GCRA).
 * No clock, no store. */
#include "ext/guard/rate.h"

#define COUNT_MAX 1000000
#define WINDOW_MAX_S (400 * 86400)
#define TICKS_PER_S ((uint64_t)1000 * AGENT_RATE_TICKS_PER_MS)

bool agent_rate_moment(int64_t wall_ms, uint64_t *ticks)
{
	*ticks = 0;
	if (wall_ms < 0 || (uint64_t)wall_ms > ((UINT64_C(1) << AGENT_RATE_BITS) - 1 - AGENT_RATE_AHEAD) / AGENT_RATE_TICKS_PER_MS) {
		return false;
	}
	*ticks = (uint64_t)wall_ms * AGENT_RATE_TICKS_PER_MS;
	return true;
}

static uint64_t count_of(agent_rate rate)
{
	return rate.count < 1 ? 1 : rate.count > COUNT_MAX ? COUNT_MAX : (uint64_t)rate.count;
}

static uint64_t ticks_each(agent_rate rate)
{
	uint64_t window_s = rate.window_s < 1 ? 1 : rate.window_s > WINDOW_MAX_S ? WINDOW_MAX_S : (uint64_t)rate.window_s;
	return (window_s * TICKS_PER_S + count_of(rate) - 1) / count_of(rate);
}

uint64_t agent_rate_give(uint64_t full, agent_rate rate, uint64_t now)
{
	uint64_t each = ticks_each(rate);
	return full <= now ? full : full - now <= each ? now : full - each;
}

agent_rate_result agent_rate_take(uint64_t full, agent_rate rate, uint64_t now)
{
	uint64_t each = ticks_each(rate);
	uint64_t burst = each * count_of(rate);
	uint64_t level = full < now ? now : full;
	/* the clock was set back, or the limit was lowered: never worse than empty */
	if (level > now + burst) {
		level = now + burst;
	}
	level += each;
	if (level <= now + burst) {
		return (agent_rate_result){ true, level, 0 };
	}
	return (agent_rate_result){ false, full, (int64_t)((level - now - burst + AGENT_RATE_TICKS_PER_MS - 1) / AGENT_RATE_TICKS_PER_MS) };
}

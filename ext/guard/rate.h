/* SPDX-License-Identifier: MIT
 * Rates (GCRA) on values: a bucket is one number, the moment at which it is full again.
 * Where the number is kept, and who else takes from it, is the caller's. */
#ifndef AGENT_GUARD_RATE_H
#define AGENT_GUARD_RATE_H

#include "ext/base/port.h"

/* Moments are ticks of a quarter of a millisecond since 1970: 44 bits of them last until 2109. */
#define AGENT_RATE_BITS 44
#define AGENT_RATE_TICKS_PER_MS 4

/* What lies further ahead than this is no bucket's: 400 days, and a million that take a tick each. */
#define AGENT_RATE_AHEAD (UINT64_C(400) * 86400 * 1000 * AGENT_RATE_TICKS_PER_MS + 1000000)

/* Wall clock to ticks. False: a clock that is out of range, with room left for the longest window. */
bool agent_rate_moment(int64_t wall_ms, uint64_t *ticks);

typedef struct agent_rate_result {
	bool allowed;
	uint64_t full;               /* allowed: the bucket after one was taken; else as it was */
	int64_t wait_ms;             /* until one is free; 0 when allowed */
} agent_rate_result;

/* Takes one from a bucket that is full again at `full` (now or earlier: it is full). rate.count > 0; counts over a million and windows over
 * 400 days are taken as those. Never more than count in a burst; refilled at most every count-th part of the window, rounded up to a tick. */
agent_rate_result agent_rate_take(uint64_t full, agent_rate rate, uint64_t now);
/* The bucket with what a take of the same rate took put back; one that is full stays as it is. */
uint64_t agent_rate_give(uint64_t full, agent_rate rate, uint64_t now);

#endif

/* SPDX-License-Identifier: MIT
 * The arithmetic of rates: known sequences, and random traces beside a plain reference.
 * Nothing is shared here; several processes at one bucket stand in run_limits.c and run_storm.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ext/guard/rate.h"

static uint64_t at(int64_t ms)
{
	uint64_t ticks;
	assert_true(agent_rate_moment(ms, &ticks));
	return ticks;
}

/* 0: got one; else how long to wait. */
static int64_t take(uint64_t *full, agent_rate rate, int64_t ms)
{
	agent_rate_result r = agent_rate_take(*full, rate, at(ms));
	assert_true(r.allowed ? r.wait_ms == 0 : r.wait_ms > 0 && r.full == *full);
	*full = r.full;
	return r.wait_ms;
}

static void a_burst_is_count_and_refills_evenly(void **state)
{
	(void)state;
	const agent_rate rate = { 3, 60 };
	const int64_t now = 1790000000000;
	uint64_t full = 0;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(take(&full, rate, now), 0);
	}
	assert_int_equal(take(&full, rate, now), 20000);
	assert_int_equal(take(&full, rate, now + 5000), 15000); /* asking in vain costs nothing */
	assert_int_equal(take(&full, rate, now + 19999), 1);
	assert_int_equal(take(&full, rate, now + 20000), 0);
	assert_int_equal(take(&full, rate, now + 20000), 20000);
	for (int i = 0; i < 3; i++) { /* full again after a window, and no fuller */
		assert_int_equal(take(&full, rate, now + 600000), 0);
	}
	assert_true(take(&full, rate, now + 600000) > 0);
	assert_int_equal(take(&full, rate, now), 20000); /* the clock was set back: one window at most */
	assert_int_equal(take(&full, (agent_rate){ 1, 10 }, now), 10000); /* another limit: one window of that */
}

static void limits_that_do_not_divide_and_extreme_ones(void **state)
{
	(void)state;
	static const agent_rate rates[] = { { 7, 10 }, { 1, 1 }, { 999983, 1 }, { 1000000, 1 }, { 3, 34560000 }, { 1000000, 34560000 }, { 5, 0 },
		{ 11, -5 }, { 20, 600 } };
	for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
		uint64_t full = 0;
		for (int k = 0; k < rates[i].count; k++) {
			assert_int_equal(take(&full, rates[i], 1790000000000), 0);
		}
		assert_true(take(&full, rates[i], 1790000000000) > 0);
		assert_true(full < UINT64_C(1) << AGENT_RATE_BITS && full <= at(1790000000000) + AGENT_RATE_AHEAD);
	}
	uint64_t full = 0;
	for (int k = 0; k < 1000000; k++) { /* more than a million is a million */
		assert_int_equal(take(&full, (agent_rate){ INT32_MAX, INT32_MAX }, 0), 0);
	}
	assert_true(take(&full, (agent_rate){ INT32_MAX, INT32_MAX }, 0) > 0);
}

static void a_clock_out_of_range_is_refused(void **state)
{
	(void)state;
	uint64_t ticks;
	assert_false(agent_rate_moment(-1, &ticks));
	assert_false(agent_rate_moment(INT64_MIN, &ticks));
	assert_false(agent_rate_moment(INT64_MAX, &ticks));
	assert_false(agent_rate_moment(INT64_C(4398046511103), &ticks)); /* 2109, without room for a window */
	assert_true(agent_rate_moment(INT64_C(4070908800000), &ticks));  /* 2099 */
	assert_true(agent_rate_moment(0, &ticks));
}

static uint64_t seed = 88172645463325252u;

static uint64_t dice(uint64_t sides)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % sides;
}

/* The plain reference: a leaky bucket that holds what was taken, in parts of count × ticks, and empties as time goes by. */
typedef struct bucket {
	uint64_t held;               /* ticks × 1: each taken one is `each` */
	uint64_t since;
} bucket;

static bool reference(bucket *b, agent_rate rate, uint64_t now)
{
	uint64_t each = ((uint64_t)rate.window_s * 4000 + (uint64_t)rate.count - 1) / (uint64_t)rate.count;
	uint64_t gone = now - b->since;
	b->held = b->held > gone ? b->held - gone : 0;
	b->since = now;
	if (b->held + each > each * (uint64_t)rate.count) {
		return false;
	}
	b->held += each;
	return true;
}

static void random_traces_are_decided_as_a_plain_bucket_does(void **state)
{
	(void)state;
	for (int trace = 0; trace < 2000; trace++) {
		agent_rate rate = { 1 + (int)dice(trace % 2 == 0 ? 10 : 5000), 1 + (int)dice(trace % 3 == 0 ? 10 : 100000) };
		int64_t pause = 1 + (int64_t)rate.window_s * 1000 / rate.count * (int64_t)(1 + dice(4)) / 2;
		int64_t ms = 1790000000000;
		uint64_t full = 0;
		bucket plain = { 0, at(ms) };
		int64_t promised = 0;
		for (int i = 0; i < 300; i++) {
			ms += dice(3) == 0 ? 0 : (int64_t)dice((uint64_t)pause);
			bool wanted = reference(&plain, rate, at(ms));
			int64_t wait = take(&full, rate, ms);
			assert_int_equal(wait == 0, wanted);
			if (promised != 0) { /* what was promised holds, to the millisecond */
				assert_int_equal(wanted, ms >= promised);
			}
			promised = wanted ? 0 : ms + wait;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_burst_is_count_and_refills_evenly),
		cmocka_unit_test(limits_that_do_not_divide_and_extreme_ones),
		cmocka_unit_test(a_clock_out_of_range_is_refused),
		cmocka_unit_test(random_traces_are_decided_as_a_plain_bucket_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

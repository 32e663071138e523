/* SPDX-License-Identifier: MIT
 * guard/: the histogram of durations, against sorted lists.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ext/guard/histogram.h"

static uint64_t words[AGENT_HISTOGRAM_WORDS];
static uint64_t head;

static void fresh(void)
{
	memset(words, 0, sizeof words);
	head = 0;
}

static void enter(int64_t us)
{
	uint32_t generation;
	size_t bucket = agent_histogram_bucket(us);
	head = agent_histogram_next(head, &generation);
	size_t at = agent_histogram_at(generation, bucket);
	assert_true(at < AGENT_HISTOGRAM_WORDS);
	words[at] = agent_histogram_add(words[at], generation, bucket);
}

static uint64_t seed = 88172645463325252U;
static uint64_t roll(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	return seed ^= seed << 17;
}

static int ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

static void check_error(int64_t us)
{
	int64_t value = agent_histogram_value(agent_histogram_bucket(us));
	int64_t error = value > us ? value - us : us - value;
	if (error * 100 > us) {
		fail_msg("%lld us stands as %lld", (long long)us, (long long)value);
	}
}

static void a_duration_stands_for_itself_within_one_percent(void **state)
{
	(void)state;
	for (int64_t us = 1; us <= 1000000; us++) {
		check_error(us);
	}
	for (int64_t us = 1000000; us <= AGENT_HISTOGRAM_MAX_US; us += us / 3000) {
		check_error(us);
	}
	check_error(AGENT_HISTOGRAM_MAX_US);
}

static void buckets_are_in_order_and_none_is_left_out(void **state)
{
	(void)state;
	size_t before = 0;
	for (size_t bucket = 1; bucket < AGENT_HISTOGRAM_BUCKETS; bucket++) {
		assert_int_equal(agent_histogram_bucket(agent_histogram_value(bucket)), bucket > agent_histogram_bucket(AGENT_HISTOGRAM_MAX_US)
			? agent_histogram_bucket(AGENT_HISTOGRAM_MAX_US) : bucket);
	}
	for (int64_t us = 0; us < 100000; us++) {
		size_t bucket = agent_histogram_bucket(us);
		assert_true(bucket == before || bucket == before + 1);
		before = bucket;
	}
	assert_int_equal(agent_histogram_bucket(-1), 0);
	assert_int_equal(agent_histogram_bucket(INT64_MIN), 0);
	assert_true(agent_histogram_bucket(INT64_MAX) < AGENT_HISTOGRAM_BUCKETS);
	assert_int_equal(agent_histogram_bucket(INT64_MAX), agent_histogram_bucket(AGENT_HISTOGRAM_MAX_US));
}

static void nothing_known_is_zero(void **state)
{
	(void)state;
	fresh();
	assert_int_equal(agent_histogram_count(head), 0);
	assert_int_equal(agent_histogram_quantile(words, head, 95), 0);
	enter(250000);
	assert_int_equal(agent_histogram_count(head), 1);
	assert_int_equal(agent_histogram_quantile(words, head, 1), agent_histogram_value(agent_histogram_bucket(250000)));
	assert_int_equal(agent_histogram_quantile(words, head, 100), agent_histogram_value(agent_histogram_bucket(250000)));
}

/* The list is kept beside, sorted, and asked by rank: each quantile is the value at its rank, within one percent. */
static void quantiles_are_those_of_a_sorted_list(void **state)
{
	static int64_t all[4000], recent[2 * AGENT_HISTOGRAM_GENERATION];
	(void)state;
	for (int round = 0; round < 60; round++) {
		int spread = (int)(roll() % 31) + 1;
		size_t count = 1 + (size_t)(roll() % 4000);
		fresh();
		for (size_t i = 0; i < count; i++) {
			all[i] = 1 + (int64_t)(roll() % (UINT64_C(1) << (1 + roll() % (uint64_t)spread)));
			enter(all[i]);
		}
		size_t generation = (count - 1) / AGENT_HISTOGRAM_GENERATION;
		size_t from = generation > 0 ? (generation - 1) * AGENT_HISTOGRAM_GENERATION : 0;
		size_t n = count - from;
		memcpy(recent, all + from, n * sizeof *recent);
		qsort(recent, n, sizeof *recent, ascending);
		assert_int_equal(agent_histogram_count(head), n);
		for (unsigned percent = 1; percent <= 100; percent++) {
			int64_t exact = recent[(n * percent + 99) / 100 - 1];
			assert_int_equal(agent_histogram_quantile(words, head, percent), agent_histogram_value(agent_histogram_bucket(exact)));
		}
	}
}

static void the_past_is_forgotten(void **state)
{
	(void)state;
	fresh();
	for (int i = 0; i < 5000; i++) {
		enter(9000000);
	}
	for (int i = 0; i < 2 * AGENT_HISTOGRAM_GENERATION; i++) {
		enter(1000);
	}
	assert_int_equal(agent_histogram_quantile(words, head, 100), agent_histogram_value(agent_histogram_bucket(1000)));
	assert_true(agent_histogram_count(head) <= 2 * AGENT_HISTOGRAM_GENERATION);
}

/* A worker that was stopped between the head and the word comes back two generations later. */
static void a_sleeper_takes_nothing_away(void **state)
{
	uint32_t asleep, awake;
	(void)state;
	fresh();
	agent_histogram_next(0, &asleep);
	for (int i = 0; i < 2 * AGENT_HISTOGRAM_GENERATION + 10; i++) {
		enter(500);
	}
	agent_histogram_next(head, &awake);
	assert_int_equal(awake, asleep + 2);
	size_t bucket = agent_histogram_bucket(500), at = agent_histogram_at(asleep, bucket);
	assert_int_equal(at, agent_histogram_at(awake, bucket));
	assert_true(words[at] != 0);
	assert_int_equal(agent_histogram_add(words[at], asleep, bucket), words[at]);
}

/* Whatever a file holds: no place outside the words, an answer within the range. */
static void any_words_are_safe(void **state)
{
	uint32_t generation;
	(void)state;
	for (int round = 0; round < 2000; round++) {
		for (size_t i = 0; i < AGENT_HISTOGRAM_WORDS; i++) {
			words[i] = roll();
		}
		head = roll();
		int64_t value = agent_histogram_quantile(words, head, 1 + (unsigned)(roll() % 100));
		assert_true(value >= 0 && value < 2 * AGENT_HISTOGRAM_MAX_US);
		assert_true(agent_histogram_count(head) <= 2 * AGENT_HISTOGRAM_GENERATION);
		head = agent_histogram_next(head, &generation);
		assert_true(agent_histogram_at(generation, agent_histogram_bucket((int64_t)roll())) < AGENT_HISTOGRAM_WORDS);
		agent_histogram_add(roll(), generation, (size_t)(roll() % AGENT_HISTOGRAM_BUCKETS));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_duration_stands_for_itself_within_one_percent),
		cmocka_unit_test(buckets_are_in_order_and_none_is_left_out),
		cmocka_unit_test(nothing_known_is_zero),
		cmocka_unit_test(quantiles_are_those_of_a_sorted_list),
		cmocka_unit_test(the_past_is_forgotten),
		cmocka_unit_test(a_sleeper_takes_nothing_away),
		cmocka_unit_test(any_words_are_safe),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

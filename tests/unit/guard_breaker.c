/* SPDX-License-Identifier: MIT
 * guard/ and run/: the circuit breaker against a plain model of its rule, over random traces of many workers.
 * The model keeps lists and whole numbers, packs nothing, and shares no code with the breaker.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ext/run/breakers.h"

#define TRACES 100000
#define STEPS_MAX 3000
#define FLIGHT 12
#define START INT64_C(1700000000000)

static uint64_t seed;
static uint64_t roll(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % below;
}

/* --- the model: the rule of guard/breaker.h in the plainest words --- */

typedef struct past_call { int64_t slice; bool bad; } past_call;

typedef struct model {
	enum { CLOSED, OPEN, HALF_OPEN } state;
	int openings;                /* without a calm between */
	int64_t closed_at, open_until, probe_until;
	long change;                 /* how often the state has changed */
	past_call calls[STEPS_MAX];  /* since it last closed */
	size_t call_count;
	int64_t answers[STEPS_MAX];  /* latencies, in order */
	size_t answer_count;
	int64_t p95;
} model;

typedef struct ticket { long change; bool probe; } ticket;

static int64_t wait_after(int openings)
{
	static const int64_t waits[] = { 0, 1000, 2000, 4000, 8000, 16000, 32000, 60000 };
	return waits[openings];
}

static void model_change(model *m, int state)
{
	m->state = state;
	m->change++;
}

static void model_open(model *m, int openings, int64_t now)
{
	m->openings = openings < 7 ? openings : 7;
	m->open_until = now + wait_after(m->openings);
	model_change(m, OPEN);
}

/* What is left of an end; one that lies farther away than it ever was is the work of a clock set back, and over. */
static int64_t remaining(int64_t end, int64_t longest, int64_t now)
{
	return end <= now || end - now > longest ? 0 : end - now;
}

static bool model_ask(model *m, int64_t within, int64_t now, ticket *t, int64_t *wait)
{
	*wait = 0;
	if (m->state == CLOSED) {
		*t = (ticket){ m->change, false };
		return true;
	}
	*wait = m->state == OPEN ? remaining(m->open_until, wait_after(m->openings), now) : remaining(m->probe_until, 300000, now);
	if (*wait > 0) {
		return false;
	}
	m->probe_until = now + (within < 1 ? 1 : within > 300000 ? 300000 : within);
	model_change(m, HALF_OPEN);
	*t = (ticket){ m->change, true };
	return true;
}

static int ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

/* 128 values a step, doubled steps: what 0.8 % leave of a number. */
static int64_t rounded(int64_t us)
{
	int64_t step = 1;
	while (us / step >= 128) {
		step *= 2;
	}
	return us / step * step + step / 2;
}

static int64_t model_p95(const model *m)
{
	int64_t recent[1024];
	size_t whole = (m->answer_count - 1) / 512;
	size_t from = whole > 0 ? (whole - 1) * 512 : 0;
	size_t n = m->answer_count - from;
	memcpy(recent, m->answers + from, n * sizeof *recent);
	qsort(recent, n, sizeof *recent, ascending);
	return rounded(recent[(n * 95 + 99) / 100 - 1]);
}

static void model_learn(model *m, int64_t latency)
{
	m->answers[m->answer_count++] = latency;
	size_t recent = m->answer_count <= 512 ? m->answer_count : 512 + (m->answer_count - 1) % 512 + 1;
	if (recent >= 50 && recent % 10 == 0) {
		m->p95 = model_p95(m);
	}
}

static void model_window(const model *m, int64_t now, size_t *calls, size_t *bad)
{
	*calls = *bad = 0;
	for (size_t i = 0; i < m->call_count; i++) {
		int64_t age = now / 15000 - m->calls[i].slice;
		if (age >= 0 && age <= 7) {
			(*calls)++;
			*bad += m->calls[i].bad;
		}
	}
}

/* There are eight places: a call of another time puts out those that had its place. */
static void model_count(model *m, bool bad, int64_t now)
{
	size_t kept = 0;
	int64_t slice = now / 15000;
	for (size_t i = 0; i < m->call_count; i++) {
		if (m->calls[i].slice == slice || m->calls[i].slice % 8 != slice % 8) {
			m->calls[kept++] = m->calls[i];
		}
	}
	m->calls[kept] = (past_call){ slice, bad };
	m->call_count = kept + 1;
}

static void model_tell(model *m, const ticket *t, agent_breaker_class result, int64_t latency, int64_t now)
{
	bool measured = result == AGENT_BREAKER_OK && latency >= 0;
	bool bad = result == AGENT_BREAKER_FAILED || (measured && m->p95 > 0 && latency > 2 * m->p95 && latency > 50000);
	if (measured) {
		model_learn(m, latency);
	}
	if (t->change != m->change) {
		return;
	}
	if (t->probe) {
		if (result == AGENT_BREAKER_OK) {
			m->closed_at = now;
			m->call_count = 0;
			model_change(m, CLOSED);
		} else if (result == AGENT_BREAKER_FAILED) {
			model_open(m, m->openings + 1, now);
		} else {
			m->open_until = now;
			model_change(m, OPEN);
		}
		return;
	}
	if (result == AGENT_BREAKER_NOTHING) {
		return;
	}
	size_t calls, failed;
	model_count(m, bad, now);
	model_window(m, now, &calls, &failed);
	if (bad && failed >= 5 && failed * 2 >= calls) {
		bool soon = m->openings > 0 && llabs(now - m->closed_at) < 60000;
		model_open(m, soon ? m->openings + 1 : 1, now);
	}
}

/* --- traces --- */

static model reference;
static _Atomic uint64_t words[AGENT_BREAKER_WORDS];

typedef struct flight { ticket ticket; agent_breaker_pass pass; } flight;

typedef struct weather { int failing, slow, nothing; int64_t usual_us, pace_ms; } weather;

static weather change_weather(void)
{
	static const int64_t usual[] = { 300, 4000, 40000, 400000, 3000000 };
	static const int64_t paces[] = { 2, 50, 500, 4000 };
	static const int shares[] = { 0, 0, 5, 40, 60, 100 };
	return (weather){ .failing = shares[roll(6)], .slow = shares[roll(6)], .nothing = roll(4) == 0 ? 30 : 0, .usual_us = usual[roll(5)], .pace_ms = paces[roll(4)] };
}

static int64_t clock_after(int64_t now, const weather *w)
{
	now += (int64_t)roll((uint64_t)w->pace_ms);
	switch (roll(200)) {
		case 0: return now + (int64_t)roll(20000);
		case 1: return now + (int64_t)roll(600000);
		case 2: return now - (int64_t)roll(5000);
		case 3: return now - (int64_t)roll(roll(2) == 0 ? 200000 : 7200000);
		default: return now;
	}
}

static void compare(long trace, int step, int64_t now)
{
	agent_breaker_report report;
	size_t calls, bad;
	agent_breaker_words_read(words, now, &report);
	model_window(&reference, now, &calls, &bad);
	int64_t wait = reference.state == CLOSED ? 0 : reference.state == OPEN ? remaining(reference.open_until, wait_after(reference.openings), now)
		: remaining(reference.probe_until, 300000, now);
	agent_breaker_state state = reference.state == CLOSED ? AGENT_BREAKER_IS_CLOSED : reference.state == OPEN && wait > 0 ? AGENT_BREAKER_IS_OPEN : AGENT_BREAKER_IS_HALF_OPEN;
	if (report.state != state || report.wait_ms != wait || report.calls != calls || report.bad != bad || (reference.answer_count > 0 && report.p95_us != model_p95(&reference))) {
		fail_msg("trace %ld, step %d: state %d for %lld ms, %u of %u bad, p95 %lld; the model: %d, %lld, %zu of %zu, %lld", trace, step, (int)report.state,
			(long long)report.wait_ms, report.bad, report.calls, (long long)report.p95_us, (int)state, (long long)wait, bad, calls,
			(long long)(reference.answer_count > 0 ? model_p95(&reference) : 0));
	}
}

typedef struct tally { long asked, refused, probes, opened, closed, slow; } tally;

/* Up to FLIGHT calls are under way at a time, each a worker's; one in a hundred dies and is never told. */
static void run_trace(long trace, tally *sum)
{
	flight flights[FLIGHT];
	size_t in_flight = 0;
	int64_t now = START + (int64_t)roll(100000000);
	int steps = roll(100) == 0 ? STEPS_MAX : 20 + (int)roll(200);
	weather w = change_weather();
	memset(&reference, 0, offsetof(model, calls));
	reference.call_count = reference.answer_count = 0;
	reference.p95 = 0;
	memset((void *)words, 0, sizeof words);
	for (int step = 0; step < steps; step++) {
		now = clock_after(now, &w);
		w = roll(60) == 0 ? change_weather() : w;
		if (in_flight == 0 || (in_flight < FLIGHT && roll(2) == 0)) {
			flight f;
			int64_t wait, within = (int64_t)roll(10) == 0 ? (int64_t)roll(1000000) : 2500;
			bool expected = model_ask(&reference, within, now, &f.ticket, &wait);
			bool given = agent_breaker_words_ask(words, within, now, &f.pass);
			sum->asked++;
			sum->refused += !given;
			sum->probes += given && f.pass.probe;
			if (given != expected || (given && f.pass.probe != f.ticket.probe) || (!given && f.pass.wait_ms != wait)) {
				fail_msg("trace %ld, step %d: asked, %s (probe %d, wait %lld); the model: %s (probe %d, wait %lld)", trace, step, given ? "yes" : "no", f.pass.probe,
					(long long)f.pass.wait_ms, expected ? "yes" : "no", f.ticket.probe, (long long)wait);
			}
			if (given) {
				flights[in_flight++] = f;
			}
		} else {
			size_t at = (size_t)roll(in_flight);
			flight f = flights[at];
			flights[at] = flights[--in_flight];
			int64_t latency = roll(20) == 0 ? -1 : w.usual_us / 2 + (int64_t)roll((uint64_t)w.usual_us);
			if ((int)roll(100) < w.slow) {
				latency *= 1 + (int64_t)roll(6);
			}
			agent_breaker_class result = (int)roll(100) < w.nothing ? AGENT_BREAKER_NOTHING : (int)roll(100) < w.failing ? AGENT_BREAKER_FAILED : AGENT_BREAKER_OK;
			if (roll(100) > 0) {
				int before = reference.state;
				sum->slow += result == AGENT_BREAKER_OK && reference.p95 > 0 && latency > 2 * reference.p95 && latency > 50000;
				model_tell(&reference, &f.ticket, result, latency, now);
				agent_breaker_words_tell(words, &f.pass, result, latency, now);
				sum->opened += before != OPEN && reference.state == OPEN;
				sum->closed += before != CLOSED && reference.state == CLOSED;
			}
		}
		if ((int64_t)atomic_load(&words[AGENT_BREAKER_P95]) != reference.p95) {
			fail_msg("trace %ld, step %d: p95 %llu; the model: %lld", trace, step, (unsigned long long)atomic_load(&words[AGENT_BREAKER_P95]), (long long)reference.p95);
		}
		if (roll(50) == 0) {
			compare(trace, step, now);
		}
	}
	compare(trace, steps, now);
}

static void every_verdict_is_the_models(void **state)
{
	tally sum = { 0 };
	(void)state;
	for (long trace = 0; trace < TRACES; trace++) {
		seed = (uint64_t)(trace + 1) * UINT64_C(0x9E3779B97F4A7C15);
		run_trace(trace, &sum);
	}
	print_message("# %d traces: asked %ld, refused %ld, probes %ld, opened %ld, closed %ld, slow %ld\n", TRACES, sum.asked, sum.refused, sum.probes, sum.opened, sum.closed, sum.slow);
	/* The traces reach what they are to judge. */
	assert_true(sum.refused > TRACES && sum.probes > TRACES && sum.opened > TRACES && sum.closed > TRACES / 2 && sum.slow > TRACES / 3);
}

/* --- the rule by example --- */

static void fresh(void)
{
	memset((void *)words, 0, sizeof words);
}

static bool call(agent_breaker_class result, int64_t latency_us, int64_t now)
{
	agent_breaker_pass pass;
	if (!agent_breaker_words_ask(words, 2500, now, &pass)) {
		return false;
	}
	agent_breaker_words_tell(words, &pass, result, latency_us, now);
	return true;
}

static agent_breaker_state now_is(int64_t now)
{
	agent_breaker_report report;
	agent_breaker_words_read(words, now, &report);
	return report.state;
}

static void five_failures_open_it_and_an_answer_closes_it(void **state)
{
	agent_breaker_pass pass, other;
	int64_t now = START;
	(void)state;
	fresh();
	for (int i = 0; i < 5; i++) {
		assert_int_equal(now_is(now), AGENT_BREAKER_IS_CLOSED);
		assert_true(call(AGENT_BREAKER_FAILED, 0, now));
	}
	assert_int_equal(now_is(now), AGENT_BREAKER_IS_OPEN);
	assert_false(agent_breaker_words_ask(words, 2500, now + 999, &pass));
	assert_int_equal(pass.wait_ms, 1);
	now += 1000;
	assert_int_equal(now_is(now), AGENT_BREAKER_IS_HALF_OPEN);
	assert_true(agent_breaker_words_ask(words, 2500, now, &pass));
	assert_true(pass.probe);
	assert_false(agent_breaker_words_ask(words, 2500, now, &other));
	assert_int_equal(other.wait_ms, 2500);
	agent_breaker_words_tell(words, &pass, AGENT_BREAKER_OK, 1000, now + 10);
	assert_int_equal(now_is(now + 10), AGENT_BREAKER_IS_CLOSED);
	/* An empty window: four more are too few. */
	for (int i = 0; i < 4; i++) {
		assert_true(call(AGENT_BREAKER_FAILED, 0, now + 20));
	}
	assert_int_equal(now_is(now + 20), AGENT_BREAKER_IS_CLOSED);
}

static void a_failing_half_is_needed(void **state)
{
	(void)state;
	fresh();
	for (int i = 0; i < 20; i++) {
		assert_true(call(AGENT_BREAKER_OK, 1000, START));
	}
	for (int i = 0; i < 19; i++) {
		assert_true(call(AGENT_BREAKER_FAILED, 0, START));
	}
	assert_int_equal(now_is(START), AGENT_BREAKER_IS_CLOSED);
	assert_true(call(AGENT_BREAKER_FAILED, 0, START));
	assert_int_equal(now_is(START), AGENT_BREAKER_IS_OPEN);
}

static void the_wait_grows_and_is_bounded(void **state)
{
	static const int64_t waits[] = { 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000 };
	int64_t now = START;
	(void)state;
	fresh();
	for (int i = 0; i < 5; i++) {
		call(AGENT_BREAKER_FAILED, 0, now);
	}
	for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
		agent_breaker_pass pass;
		assert_false(agent_breaker_words_ask(words, 2500, now, &pass));
		assert_int_equal(pass.wait_ms, waits[i]);
		now += waits[i];
		assert_true(call(AGENT_BREAKER_FAILED, 0, now));
	}
}

static void a_dead_probe_leaves_its_place(void **state)
{
	agent_breaker_pass dead, next;
	(void)state;
	fresh();
	for (int i = 0; i < 5; i++) {
		call(AGENT_BREAKER_FAILED, 0, START);
	}
	assert_true(agent_breaker_words_ask(words, 2500, START + 1000, &dead));
	assert_false(agent_breaker_words_ask(words, 2500, START + 3499, &next));
	assert_true(agent_breaker_words_ask(words, 2500, START + 3500, &next));
	/* It was only slow: what it brings is no longer asked for. */
	agent_breaker_words_tell(words, &dead, AGENT_BREAKER_OK, 1000, START + 3501);
	assert_int_equal(now_is(START + 3501), AGENT_BREAKER_IS_HALF_OPEN);
	agent_breaker_words_tell(words, &next, AGENT_BREAKER_NOTHING, -1, START + 3502);
	assert_true(call(AGENT_BREAKER_OK, 1000, START + 3502));
	assert_int_equal(now_is(START + 3502), AGENT_BREAKER_IS_CLOSED);
}

static void what_is_twice_its_p95_is_bad_from_fifty_answers_on(void **state)
{
	(void)state;
	for (int known = 40; known <= 50; known += 10) {
		fresh();
		for (int i = 0; i < known; i++) {
			assert_true(call(AGENT_BREAKER_OK, 100000, START));
		}
		int64_t later = START + 200000; /* out of the window, not out of mind */
		for (int i = 0; i < 5; i++) {
			assert_true(call(AGENT_BREAKER_OK, 190000, later));
		}
		assert_int_equal(now_is(later), AGENT_BREAKER_IS_CLOSED);
		for (int i = 0; i < 5; i++) {
			assert_true(call(AGENT_BREAKER_OK, 210000, later));
		}
		assert_int_equal(now_is(later), known < 50 ? AGENT_BREAKER_IS_CLOSED : AGENT_BREAKER_IS_OPEN);
	}
}

static void milliseconds_are_not_slowness(void **state)
{
	(void)state;
	fresh();
	for (int i = 0; i < 60; i++) {
		assert_true(call(AGENT_BREAKER_OK, 300, START));
	}
	for (int i = 0; i < 20; i++) {
		assert_true(call(AGENT_BREAKER_OK, 49000, START + 200000));
	}
	assert_int_equal(now_is(START + 200000), AGENT_BREAKER_IS_CLOSED);
}

/* A worker that was stopped while the breaker opened and closed adds nothing to the new window. */
static void a_sleeper_changes_no_later_window(void **state)
{
	(void)state;
	fresh();
	uint64_t before = atomic_load(&words[AGENT_BREAKER_STATE]);
	for (int i = 0; i < 5; i++) {
		call(AGENT_BREAKER_FAILED, 0, START);
	}
	assert_true(call(AGENT_BREAKER_OK, 1000, START + 1000));
	assert_true(call(AGENT_BREAKER_OK, 1000, START + 1000));
	uint64_t slice = atomic_load(&words[AGENT_BREAKER_WINDOW + agent_breaker_slice(START + 1000)]);
	assert_int_equal(agent_breaker_add(slice, before, true, START + 1000), slice);
}

static void any_words_are_safe(void **state)
{
	(void)state;
	seed = 1;
	for (int round = 0; round < 3000; round++) {
		int64_t now = round % 2 == 0 ? START : (int64_t)roll(UINT64_MAX);
		for (size_t i = 0; i < AGENT_BREAKER_WORDS; i++) {
			atomic_store(&words[i], roll(UINT64_MAX));
		}
		now /= 2;
		agent_breaker_report report;
		agent_breaker_words_read(words, now, &report);
		assert_in_range(report.wait_ms, 0, AGENT_BREAKER_PROBE_MS);
		for (int i = 0; i < 20; i++) {
			call((agent_breaker_class)roll(3), (int64_t)roll(4000000), now);
		}
		/* However it stood: it is over at the latest when a probe's time is, and answers close it. */
		now += AGENT_BREAKER_PROBE_MS + 1;
		assert_true(call(AGENT_BREAKER_OK, 1000, now));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(five_failures_open_it_and_an_answer_closes_it),
		cmocka_unit_test(a_failing_half_is_needed),
		cmocka_unit_test(the_wait_grows_and_is_bounded),
		cmocka_unit_test(a_dead_probe_leaves_its_place),
		cmocka_unit_test(what_is_twice_its_p95_is_bad_from_fifty_answers_on),
		cmocka_unit_test(milliseconds_are_not_slowness),
		cmocka_unit_test(a_sleeper_changes_no_later_window),
		cmocka_unit_test(any_words_are_safe),
		cmocka_unit_test(every_verdict_is_the_models),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

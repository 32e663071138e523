/* SPDX-License-Identifier: MIT
 * The breaker's state word, its transitions, and the window.
 * No clock; durations are histogram.c's. */
#include "ext/guard/breaker.h"

/* The state: kind (2 bits), level (3: how often it opened without a calm between), era (8: how often it closed; the window's counts
 * bear it), epoch (11: every change of the state; a pass bears it), at (40: milliseconds, going round in 34 years: closed since,
 * open until, probe given up at). */
#define AT_BITS 40
#define EPOCH_BITS 11
#define ERA_BITS 8
#define LEVEL_BITS 3
#define LEVEL_MOST 7
#define FIRST_MS INT64_C(1000)
#define LONGEST_MS INT64_C(60000)

/* A slice: era (8 bits), number (20: slices since 1970, going round in half a year), calls and bad (18 each). */
#define CALLS_BITS 18
#define NUMBER_BITS 20

typedef enum kind { CLOSED, OPEN, PROBING } kind;

typedef struct state {
	kind kind;
	unsigned level, era, epoch;
	uint64_t at;
} state;

static uint64_t low(uint64_t value, unsigned bits)
{
	return value & ((UINT64_C(1) << bits) - 1);
}

static state unpack(uint64_t word)
{
	state s;
	s.at = low(word, AT_BITS);
	word >>= AT_BITS;
	s.epoch = (unsigned)low(word, EPOCH_BITS);
	word >>= EPOCH_BITS;
	s.era = (unsigned)low(word, ERA_BITS);
	word >>= ERA_BITS;
	s.level = (unsigned)low(word, LEVEL_BITS);
	word >>= LEVEL_BITS;
	s.kind = word == 1 ? OPEN : word == 2 ? PROBING : CLOSED;
	return s;
}

static uint64_t pack(state s)
{
	uint64_t word = (uint64_t)s.kind;
	word = word << LEVEL_BITS | low(s.level, LEVEL_BITS);
	word = word << ERA_BITS | low(s.era, ERA_BITS);
	word = word << EPOCH_BITS | low(s.epoch, EPOCH_BITS);
	return word << AT_BITS | low(s.at, AT_BITS);
}

/* at - now, with the sign that makes it the nearest. */
static int64_t until(uint64_t at, int64_t now_ms)
{
	uint64_t distance = low(at - (uint64_t)now_ms, AT_BITS);
	return distance >> (AT_BITS - 1) != 0 ? (int64_t)distance - (INT64_C(1) << AT_BITS) : (int64_t)distance;
}

static int64_t back_off(unsigned level)
{
	int64_t ms = FIRST_MS << (level > 0 ? level - 1 : 0);
	return ms < LONGEST_MS ? ms : LONGEST_MS;
}

/* How long the state still lasts; 0: it is over. Longer than it was meant to last means that the clock has gone back: over, too. */
static int64_t left(state s, int64_t now_ms)
{
	int64_t wait = until(s.at, now_ms);
	int64_t most = s.kind == OPEN ? back_off(s.level) : AGENT_BREAKER_PROBE_MS;
	return wait > 0 && wait <= most ? wait : 0;
}

static uint64_t open_again(state s, unsigned level, int64_t now_ms)
{
	s.kind = OPEN;
	s.level = level < LEVEL_MOST ? level : LEVEL_MOST;
	s.epoch++;
	s.at = (uint64_t)(now_ms + back_off(s.level));
	return pack(s);
}

/* --- asking --- */

agent_breaker_verdict agent_breaker_ask(uint64_t word, int64_t within_ms, int64_t now_ms, uint64_t *next, agent_breaker_pass *pass)
{
	state s = unpack(word);
	*next = word;
	*pass = (agent_breaker_pass){ .epoch = s.epoch };
	if (s.kind == CLOSED) {
		return AGENT_BREAKER_GO;
	}
	pass->wait_ms = left(s, now_ms);
	if (pass->wait_ms > 0) {
		return AGENT_BREAKER_NO;
	}
	int64_t time = within_ms < 1 ? 1 : within_ms > AGENT_BREAKER_PROBE_MS ? AGENT_BREAKER_PROBE_MS : within_ms;
	s.kind = PROBING;
	s.epoch++;
	s.at = (uint64_t)(now_ms + time);
	*next = pack(s);
	*pass = (agent_breaker_pass){ .epoch = unpack(*next).epoch, .probe = true };
	return AGENT_BREAKER_PROBE;
}

/* --- telling --- */

bool agent_breaker_counts(uint64_t word, const agent_breaker_pass *pass, agent_breaker_class result)
{
	state s = unpack(word);
	return s.kind == CLOSED && !pass->probe && pass->epoch == s.epoch && result != AGENT_BREAKER_NOTHING;
}

bool agent_breaker_probed(uint64_t word, const agent_breaker_pass *pass, agent_breaker_class result, int64_t now_ms, uint64_t *next)
{
	state s = unpack(word);
	*next = word;
	if (s.kind != PROBING || !pass->probe || pass->epoch != s.epoch) {
		return false;
	}
	if (result == AGENT_BREAKER_FAILED) {
		*next = open_again(s, s.level + 1, now_ms);
		return true;
	}
	s.kind = result == AGENT_BREAKER_OK ? CLOSED : OPEN; /* nothing learnt: open, and its wait is over */
	s.era += result == AGENT_BREAKER_OK ? 1 : 0;
	s.epoch++;
	s.at = (uint64_t)now_ms;
	*next = pack(s);
	return true;
}

uint64_t agent_breaker_trip(uint64_t word, int64_t now_ms)
{
	state s = unpack(word);
	int64_t closed_ms = -until(s.at, now_ms);
	bool calm = s.level == 0 || closed_ms >= AGENT_BREAKER_CALM_MS || closed_ms <= -AGENT_BREAKER_CALM_MS;
	return open_again(s, calm ? 1 : s.level + 1, now_ms);
}

bool agent_breaker_slow(uint64_t p95_us, int64_t latency_us)
{
	int64_t p95 = p95_us <= (uint64_t)AGENT_HISTOGRAM_MAX_US ? (int64_t)p95_us : 0;
	return p95 > 0 && latency_us > 2 * p95 && latency_us > AGENT_BREAKER_FLOOR_US;
}

bool agent_breaker_look(uint64_t head)
{
	uint32_t count = agent_histogram_count(head);
	return count >= AGENT_BREAKER_KNOWN && count % AGENT_BREAKER_LOOK == 0;
}

/* --- the window --- */

typedef struct slice {
	unsigned era;
	uint64_t number;
	uint32_t calls, bad;
} slice;

static slice slice_of(uint64_t word)
{
	return (slice){ .bad = (uint32_t)low(word, CALLS_BITS), .calls = (uint32_t)low(word >> CALLS_BITS, CALLS_BITS),
		.number = low(word >> (2 * CALLS_BITS), NUMBER_BITS), .era = (unsigned)(word >> (2 * CALLS_BITS + NUMBER_BITS)) };
}

static uint64_t number_of(int64_t now_ms)
{
	return low((uint64_t)(now_ms / AGENT_BREAKER_SLICE_MS), NUMBER_BITS);
}

size_t agent_breaker_slice(int64_t now_ms)
{
	return (size_t)(number_of(now_ms) % AGENT_BREAKER_SLICES);
}

uint64_t agent_breaker_add(uint64_t word, uint64_t state_word, bool bad, int64_t now_ms)
{
	slice s = slice_of(word);
	unsigned era = unpack(state_word).era;
	uint64_t number = number_of(now_ms);
	bool newer = s.number == number && low(s.era - era, ERA_BITS) - 1 < (1U << (ERA_BITS - 1)) - 1;
	if (newer) { /* while we were about it the breaker opened and closed: those counts are not ours */
		return word;
	}
	if (s.era != era || s.number != number) {
		s = (slice){ .era = era, .number = number };
	}
	if (s.calls == low(UINT64_MAX, CALLS_BITS)) {
		return word; /* 17,000 a second: what has been counted is enough */
	}
	s.calls++;
	s.bad += bad ? 1 : 0;
	return (((uint64_t)s.era << NUMBER_BITS | s.number) << CALLS_BITS | s.calls) << CALLS_BITS | s.bad;
}

/* What the window holds: slices of this era, no older than the window, and none that a clock since set back has put into the future. */
static void sum(const uint64_t slices[AGENT_BREAKER_SLICES], uint64_t state_word, int64_t now_ms, uint32_t *calls, uint32_t *bad)
{
	unsigned era = unpack(state_word).era;
	*calls = *bad = 0;
	for (size_t i = 0; i < AGENT_BREAKER_SLICES; i++) {
		slice s = slice_of(slices[i]);
		if (s.era == era && low(number_of(now_ms) - s.number, NUMBER_BITS) < AGENT_BREAKER_SLICES) {
			*calls += s.calls;
			*bad += s.bad;
		}
	}
}

bool agent_breaker_tripped(const uint64_t slices[AGENT_BREAKER_SLICES], uint64_t state_word, int64_t now_ms)
{
	uint32_t calls, bad;
	sum(slices, state_word, now_ms, &calls, &bad);
	return bad >= AGENT_BREAKER_BAD && bad * UINT64_C(2) >= calls;
}

/* --- reports --- */

void agent_breaker_read(const uint64_t *words, int64_t now_ms, agent_breaker_report *out)
{
	state s = unpack(words[AGENT_BREAKER_STATE]);
	uint64_t head = words[AGENT_BREAKER_HEAD];
	out->wait_ms = s.kind == CLOSED ? 0 : left(s, now_ms);
	/* Open for no longer: the next call is the probe. */
	out->state = s.kind == CLOSED ? AGENT_BREAKER_IS_CLOSED : s.kind == OPEN && out->wait_ms > 0 ? AGENT_BREAKER_IS_OPEN : AGENT_BREAKER_IS_HALF_OPEN;
	sum(words + AGENT_BREAKER_WINDOW, words[AGENT_BREAKER_STATE], now_ms, &out->calls, &out->bad);
	out->p50_us = agent_histogram_quantile(words + AGENT_BREAKER_HISTOGRAM, head, 50);
	out->p95_us = agent_histogram_quantile(words + AGENT_BREAKER_HISTOGRAM, head, 95);
}

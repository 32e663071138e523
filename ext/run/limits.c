/* SPDX-License-Identifier: MIT
 * The limits port over the site's shared memory: one word per bucket, changed by compare-and-set alone.
 * The arithmetic is guard/rate.c's; what is limited, and how much, the caller's.
 *
 * A word holds whose bucket it is and its state together (tag, tentative or not, the moment at which it is full), so that nobody can
 * charge or free a bucket that has become another's: the comparison fails. A key has 16 places it may be at. Two that bring the same new
 * key at once must not make two buckets of it; so a new one is entered in two steps: a tentative word (with a number that nobody else
 * writes) in a free place; then a look at the other places: a confirmed word of the key there wins, a tentative one is taken away; then
 * the tentative word is exchanged for the bucket, which fails where somebody has taken it away. Of two, the one who looks second sees
 * the other's word. A process that dies in between leaves a tentative word, which is a free place.
 *
 * No place is ever taken from a bucket that is not full: its key would get more than its rate. A key that finds 16 such buckets of others
 * is told to wait until the first of them is full. That takes some ten thousand visitors within one window. */
#include <time.h>
#include <unistd.h>

#include "ext/guard/rate.h"
#include "ext/run/shared.h"

#define TRIES 100000
#define TENTATIVE (UINT64_C(1) << AGENT_RATE_BITS)
#define MOMENT (TENTATIVE - 1)
#define TAG_SHIFT (AGENT_RATE_BITS + 1)

typedef _Atomic uint64_t word;

typedef struct request {
	word *places;
	uint64_t tag;                /* in its place in the word */
	agent_rate rate;
	uint64_t now;
	agent_rate_result result;
} request;

typedef enum step {
	DONE,
	AGAIN                        /* somebody else was faster: look again */
} step;

static bool is_mine(const request *r, uint64_t seen)
{
	return seen >> TAG_SHIFT == r->tag >> TAG_SHIFT;
}

/* Unlike any other's, also of another thread or of a child of this process. */
static uint64_t number(const request *r)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	uint64_t x = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
	x ^= (uint64_t)getpid() << 40 ^ (uint64_t)(uintptr_t)r << 8;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return (x ^ x >> 31) & MOMENT;
}

static step charge(request *r, word *place, uint64_t seen)
{
	r->result = agent_rate_take(seen & MOMENT, r->rate, r->now);
	if (!r->result.allowed || atomic_compare_exchange_strong(place, &seen, r->tag | r->result.full)) {
		return DONE;
	}
	return AGAIN;
}

/* False: another has a bucket of this key, or is faster at making one. */
static bool alone(const request *r, const word *own)
{
	for (size_t i = 0; i < AGENT_REGION_WAYS; i++) {
		uint64_t seen = atomic_load(&r->places[i]);
		if (&r->places[i] == own || !is_mine(r, seen)) {
			continue;
		}
		if ((seen & TENTATIVE) == 0 || !atomic_compare_exchange_strong(&r->places[i], &seen, 0)) {
			return false;
		}
	}
	return true;
}

static step enter(request *r, word *place, uint64_t seen)
{
	uint64_t own = r->tag | TENTATIVE | number(r);
	if (!atomic_compare_exchange_strong(place, &seen, own)) {
		return AGAIN;
	}
	if (!alone(r, place)) {
		uint64_t mine = own;
		atomic_compare_exchange_strong(place, &mine, 0);
		return AGAIN;
	}
	r->result = agent_rate_take(0, r->rate, r->now);
	return atomic_compare_exchange_strong(place, &own, r->tag | r->result.full) ? DONE : AGAIN;
}

/* Sixteen buckets of others, none of them full. */
static step crowded(request *r, uint64_t first_full)
{
	int64_t wait = (int64_t)((first_full - r->now + AGENT_RATE_TICKS_PER_MS - 1) / AGENT_RATE_TICKS_PER_MS);
	r->result = (agent_rate_result){ false, 0, wait > 0 ? wait : 1 };
	return DONE;
}

static step look(request *r)
{
	word *free_one = NULL, *tentative = NULL;
	uint64_t free_seen = 0, tentative_seen = 0, first_full = MOMENT;
	for (size_t i = 0; i < AGENT_REGION_WAYS; i++) {
		uint64_t seen = atomic_load(&r->places[i]);
		if ((seen & TENTATIVE) != 0) {
			tentative = &r->places[i];
			tentative_seen = seen;
		} else if (is_mine(r, seen)) {
			return charge(r, &r->places[i], seen);
		} else if ((seen & MOMENT) <= r->now || (seen & MOMENT) > r->now + AGENT_RATE_AHEAD) {
			free_one = free_one == NULL ? &r->places[i] : free_one;
			free_seen = free_one == &r->places[i] ? seen : free_seen;
		} else {
			first_full = (seen & MOMENT) < first_full ? seen & MOMENT : first_full;
		}
	}
	if (free_one != NULL) {
		return enter(r, free_one, free_seen);
	}
	return tentative != NULL ? enter(r, tentative, tentative_seen) : crowded(r, first_full);
}

/* The file was looked at by agent_site_ready, a moment ago: a system call here would cost more than all the rest. */
static agent_status take(void *state, agent_str key, agent_rate rate, int64_t now_ms, bool *allowed, int64_t *wait_ms, agent_error *err)
{
	agent_region *region = *(agent_region *const *)state;
	request r = { .rate = rate };
	uint32_t tag;
	*allowed = true;
	*wait_ms = 0;
	if (rate.count <= 0) {
		return AGENT_OK;
	}
	if (!agent_rate_moment(now_ms, &r.now)) {
		return agent_fail(err, AGENT_DOMAIN_INTERNAL, "clock", "the clock is out of range");
	}
	r.places = agent_region_bucket(region, key, &tag);
	r.tag = (uint64_t)tag << TAG_SHIFT;
	for (int i = 0; i < TRIES; i++) {
		if (look(&r) == DONE) {
			*allowed = r.result.allowed;
			*wait_ms = r.result.wait_ms;
			return AGENT_OK;
		}
	}
	*allowed = false; /* somebody writes there all the time: not ours, or they would have come to an end */
	*wait_ms = 1;
	return AGENT_OK;
}

/* One place at most holds a confirmed bucket of the key. Where it is gone, it was full. */
static agent_status give(void *state, agent_str key, agent_rate rate, int64_t now_ms, agent_error *err)
{
	agent_region *region = *(agent_region *const *)state;
	uint64_t now;
	uint32_t tag;
	if (rate.count <= 0 || !agent_rate_moment(now_ms, &now)) {
		return AGENT_OK;
	}
	(void)err;
	word *places = agent_region_bucket(region, key, &tag);
	for (size_t i = 0; i < AGENT_REGION_WAYS; i++) {
		uint64_t seen = atomic_load(&places[i]);
		for (int k = 0; k < TRIES && (seen & TENTATIVE) == 0 && seen >> TAG_SHIFT == tag; k++) {
			uint64_t full = agent_rate_give(seen & MOMENT, rate, now);
			if (full == (seen & MOMENT) || atomic_compare_exchange_weak(&places[i], &seen, (uint64_t)tag << TAG_SHIFT | full)) {
				return AGENT_OK;
			}
		}
	}
	return AGENT_OK;
}

agent_limits agent_shared_limits(agent_region **region)
{
	return (agent_limits){ .take = take, .state = region, .give = give };
}

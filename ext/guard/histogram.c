/* SPDX-License-Identifier: MIT
 * Buckets, packed counters and ranks of the histogram.
 * No clock, no memory of its own: the words come in as values. */
#include "ext/guard/histogram.h"

#define LINEAR 7                                 /* up to 2^7 a bucket is one microsecond */
#define SUB (LINEAR - 1)                         /* above, 2^6 buckets per power of two */
#define COUNTER_BITS 12
#define COUNTER_MAX ((UINT64_C(1) << COUNTER_BITS) - 1)
#define PER_WORD 3
#define GENERATION_BITS 28
#define GENERATION_MASK ((UINT32_C(1) << GENERATION_BITS) - 1)
#define HEAD_COUNT_BITS 12
/* How far ahead of a duration its word may be because its worker slept; farther is an old one, from before the numbers went round. */
#define ASLEEP (UINT32_C(1) << 20)

size_t agent_histogram_bucket(int64_t us)
{
	uint64_t v = us < 0 ? 0 : us > AGENT_HISTOGRAM_MAX_US ? (uint64_t)AGENT_HISTOGRAM_MAX_US : (uint64_t)us;
	if (v < UINT64_C(1) << LINEAR) {
		return (size_t)v;
	}
	unsigned shift = (unsigned)(63 - __builtin_clzll(v)) - SUB;
	return ((size_t)shift << SUB) + (size_t)(v >> shift);
}

int64_t agent_histogram_value(size_t bucket)
{
	if (bucket < (size_t)1 << LINEAR) {
		return (int64_t)bucket;
	}
	unsigned shift = (unsigned)(bucket >> SUB) - 1;
	uint64_t low = (uint64_t)((bucket & (((size_t)1 << SUB) - 1)) + ((size_t)1 << SUB)) << shift;
	return (int64_t)(low + (UINT64_C(1) << shift) / 2);
}

/* --- the head: generation and how many it has --- */

static uint32_t head_generation(uint64_t head)
{
	return (uint32_t)(head >> HEAD_COUNT_BITS) & GENERATION_MASK;
}

static uint32_t head_count(uint64_t head)
{
	uint32_t count = (uint32_t)(head & ((UINT64_C(1) << HEAD_COUNT_BITS) - 1));
	return count <= AGENT_HISTOGRAM_GENERATION ? count : AGENT_HISTOGRAM_GENERATION;
}

uint64_t agent_histogram_next(uint64_t head, uint32_t *generation)
{
	uint32_t number = head_generation(head), count = head_count(head);
	if (count == AGENT_HISTOGRAM_GENERATION) {
		number = (number + 1) & GENERATION_MASK; /* come round to 0 it has none before it, as at first */
		count = 0;
	}
	*generation = number;
	return (uint64_t)number << HEAD_COUNT_BITS | (count + 1);
}

uint32_t agent_histogram_count(uint64_t head)
{
	return head_count(head) + (head_generation(head) > 0 ? AGENT_HISTOGRAM_GENERATION : 0);
}

/* --- words of counters --- */

static uint32_t word_generation(uint64_t word)
{
	return (uint32_t)(word >> (PER_WORD * COUNTER_BITS));
}

size_t agent_histogram_at(uint32_t generation, size_t bucket)
{
	return (generation & 1) * (size_t)AGENT_HISTOGRAM_HALF + bucket / PER_WORD;
}

uint64_t agent_histogram_add(uint64_t word, uint32_t generation, size_t bucket)
{
	uint32_t ahead = (word_generation(word) - generation) & GENERATION_MASK;
	unsigned at = (unsigned)(bucket % PER_WORD) * COUNTER_BITS;
	if (ahead != 0 && ahead < ASLEEP) {
		return word;
	}
	if (ahead != 0) {
		word = (uint64_t)generation << (PER_WORD * COUNTER_BITS);
	}
	return (word >> at & COUNTER_MAX) == COUNTER_MAX ? word : word + (UINT64_C(1) << at);
}

/* --- ranks --- */

/* A word's counters, none where it is another generation's. */
static uint64_t counters(uint64_t word, uint32_t generation)
{
	return word_generation(word) == generation ? word & ((UINT64_C(1) << (PER_WORD * COUNTER_BITS)) - 1) : 0;
}

/* From the top: what is asked for mostly lies there, and the words above the slowest are empty. */
int64_t agent_histogram_quantile(const uint64_t *words, uint64_t head, unsigned percent)
{
	uint32_t now = head_generation(head);
	uint32_t total = agent_histogram_count(head);
	const uint64_t *current = words + agent_histogram_at(now, 0);
	const uint64_t *earlier = words + agent_histogram_at(now + 1, 0);
	uint32_t above = total - (uint32_t)(((uint64_t)total * percent + 99) / 100), seen = 0;
	int64_t lowest = 0;
	for (size_t i = AGENT_HISTOGRAM_HALF; i-- > 0;) {
		if ((current[i] | earlier[i]) == 0) { /* most */
			continue;
		}
		uint64_t fresh = counters(current[i], now);
		uint64_t older = now > 0 ? counters(earlier[i], now - 1) : 0;
		for (unsigned slot = PER_WORD; (fresh | older) != 0 && slot-- > 0;) {
			unsigned at = slot * COUNTER_BITS;
			uint32_t here = (uint32_t)((fresh >> at & COUNTER_MAX) + (older >> at & COUNTER_MAX));
			lowest = here > 0 ? agent_histogram_value(i * PER_WORD + slot) : lowest;
			seen += here;
			if (seen > above) {
				return lowest;
			}
		}
	}
	return lowest; /* some were never counted: their workers died */
}

/* SPDX-License-Identifier: MIT
 * A log-linear histogram of durations on plain 64-bit words: what a duration adds to, and which duration stands at a rank.
 * Pure: values in, values out. Loading, storing and swapping the words is the caller's. */
#ifndef AGENT_GUARD_HISTOGRAM_H
#define AGENT_GUARD_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 64 buckets per power of two: a bucket's middle is at most 0.8 % away from each of its values. Up to 128 us a bucket is one value. */
#define AGENT_HISTOGRAM_BUCKETS 1728
#define AGENT_HISTOGRAM_MAX_US INT64_C(3600000000)   /* an hour; more counts as an hour */
/* The recent past is the generation that is being filled and the one before: between the last 512 and the last 1024 durations. */
#define AGENT_HISTOGRAM_GENERATION 512
/* One word counts three neighbours of one generation, 12 bits each, and names that generation (28 bits): an old one's counts are passed
 * over, and replaced by the first duration that comes to its word. So nothing is ever cleared, and a worker that dies at any point leaves at
 * most one duration uncounted. */
#define AGENT_HISTOGRAM_HALF (AGENT_HISTOGRAM_BUCKETS / 3)
#define AGENT_HISTOGRAM_WORDS (2 * AGENT_HISTOGRAM_HALF)

/* 0 … AGENT_HISTOGRAM_BUCKETS - 1 for any number; negative ones count as 0. */
size_t agent_histogram_bucket(int64_t us);
/* The middle of a bucket. */
int64_t agent_histogram_value(size_t bucket);

/* The head: how many durations have come. Adding one is swapping `head` for agent_histogram_next(head), and then, by the generation that
 * this gave, the word at agent_histogram_at for agent_histogram_add. */
uint64_t agent_histogram_next(uint64_t head, uint32_t *generation);
/* How many the recent past holds. */
uint32_t agent_histogram_count(uint64_t head);
size_t agent_histogram_at(uint32_t generation, size_t bucket);
/* The word with one more. A worker that slept while its generation passed away adds nothing: the word comes back as it was. */
uint64_t agent_histogram_add(uint64_t word, uint32_t generation, size_t bucket);

/* The duration that at least `percent` (1 … 100) of a hundred of the recent past do not exceed; 0 when there is none. words: all
 * AGENT_HISTOGRAM_WORDS, any content. */
int64_t agent_histogram_quantile(const uint64_t *words, uint64_t head, unsigned percent);

#endif

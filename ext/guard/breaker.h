/* SPDX-License-Identifier: MIT
 * The circuit breaker of one key (a tool, a model) as arithmetic on 64-bit words: each step of it is the change of one word.
 * Pure: values in, values out, no clock. Loading and compare-and-swap are run/'s; who is asked, too. */
#ifndef AGENT_GUARD_BREAKER_H
#define AGENT_GUARD_BREAKER_H

#include "ext/base/port.h"
#include "ext/guard/histogram.h"

/* The rule.
 * Closed: every call may be made. One is bad when it fails, or when AGENT_BREAKER_KNOWN answers are known and it takes more than twice their
 *   p95 (and more than AGENT_BREAKER_FLOOR_US: below that it is the load of this machine, and nobody waits for it). The p95 is that of the recent past
 *   (histogram.h), looked up anew with every AGENT_BREAKER_LOOK-th answer. A bad call opens it when with it the window (this slice of time and the
 *   seven before: 105 to 120 s) holds AGENT_BREAKER_BAD bad calls or more, and these are half of its calls or more.
 * Open: no call is made for 1 s at the first time, then 2, 4, 8, 16, 32 and at most 60 s. It counts as another time when the probe failed,
 *   or when the breaker had been closed for less than AGENT_BREAKER_CALM_MS; else as the first again.
 * Half open: the first that asks makes a call, the probe, and all others are refused until it is back. An answer closes the breaker, with an
 *   empty window (a slow one, too: else a tool that became slower for good would never be called often enough to be known anew). A
 *   failure opens it for longer. A probe that was given up half-way, or is not back in its time (its worker died), leaves the place to the next.
 * What comes back after the breaker has changed its state says nothing about the present one and counts for nothing. */
#define AGENT_BREAKER_BAD 5
#define AGENT_BREAKER_KNOWN 50
#define AGENT_BREAKER_LOOK 10
#define AGENT_BREAKER_FLOOR_US INT64_C(50000)
#define AGENT_BREAKER_SLICES 8
#define AGENT_BREAKER_SLICE_MS INT64_C(15000)
#define AGENT_BREAKER_CALM_MS INT64_C(60000)
#define AGENT_BREAKER_PROBE_MS INT64_C(300000)   /* a probe's time is this at most */

/* The words of a key. All zero: closed, nothing known. Any content is safe: at worst it is wrong for as long as a state may last. */
enum {
	AGENT_BREAKER_STATE,
	AGENT_BREAKER_P95,           /* microseconds; 0: not known yet */
	AGENT_BREAKER_HEAD,          /* of the histogram */
	AGENT_BREAKER_WINDOW,
	AGENT_BREAKER_HISTOGRAM = AGENT_BREAKER_WINDOW + AGENT_BREAKER_SLICES,
	AGENT_BREAKER_WORDS = AGENT_BREAKER_HISTOGRAM + AGENT_HISTOGRAM_WORDS
};

typedef enum agent_breaker_verdict {
	AGENT_BREAKER_GO,            /* closed */
	AGENT_BREAKER_PROBE,         /* yes, as the probe, if the state can be swapped for *next; else ask again */
	AGENT_BREAKER_NO
} agent_breaker_verdict;

/* within_ms: how long the call may take, which is the time a probe has. With NO pass->wait_ms says after how long to ask again. */
agent_breaker_verdict agent_breaker_ask(uint64_t state, int64_t within_ms, int64_t now_ms, uint64_t *next, agent_breaker_pass *pass);

/* What became of the call of a pass. A call of the closed breaker: true if it counts for the window; then the slice at agent_breaker_slice is to be
 * swapped for agent_breaker_add, and after a bad one, if agent_breaker_tripped, this state for agent_breaker_trip (where that fails, somebody
 * else has changed it, and that is that). */
bool agent_breaker_counts(uint64_t state, const agent_breaker_pass *pass, agent_breaker_class result);
size_t agent_breaker_slice(int64_t now_ms);
uint64_t agent_breaker_add(uint64_t slice, uint64_t state, bool bad, int64_t now_ms);
bool agent_breaker_tripped(const uint64_t slices[AGENT_BREAKER_SLICES], uint64_t state, int64_t now_ms);
uint64_t agent_breaker_trip(uint64_t state, int64_t now_ms);
/* The probe: true if this pass is still the probe; then the state is to be swapped for *next. */
bool agent_breaker_probed(uint64_t state, const agent_breaker_pass *pass, agent_breaker_class result, int64_t now_ms, uint64_t *next);

/* Whether an answer is bad for its slowness alone. p95_us: the word. */
bool agent_breaker_slow(uint64_t p95_us, int64_t latency_us);
/* Whether the p95 is to be looked up after this one; head: that agent_histogram_next gave. */
bool agent_breaker_look(uint64_t head);

/* For reports. calls and bad are the window's, also while the breaker is open. */
void agent_breaker_read(const uint64_t *words, int64_t now_ms, agent_breaker_report *out);

#endif

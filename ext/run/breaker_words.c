/* SPDX-License-Identifier: MIT
 * The breakers of all workers: words loaded, and swapped by what guard/breaker.h says.
 * Lock-free; decides nothing itself. */
#include "ext/run/breakers.h"

bool agent_breaker_words_ask(_Atomic uint64_t *words, int64_t within_ms, int64_t now_ms, agent_breaker_pass *pass)
{
	uint64_t state = atomic_load(&words[AGENT_BREAKER_STATE]), next;
	for (;;) {
		agent_breaker_verdict verdict = agent_breaker_ask(state, within_ms, now_ms, &next, pass);
		if (verdict != AGENT_BREAKER_PROBE) {
			return verdict == AGENT_BREAKER_GO;
		}
		if (atomic_compare_exchange_strong(&words[AGENT_BREAKER_STATE], &state, next)) {
			return true;
		}
	}
}

static void load(_Atomic uint64_t *words, uint64_t *out, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		out[i] = atomic_load_explicit(&words[i], memory_order_relaxed);
	}
}

/* Enters an answer's latency, and looks the p95 up where it is time. */
static void learn(_Atomic uint64_t *words, int64_t latency_us)
{
	uint32_t generation;
	size_t bucket = agent_histogram_bucket(latency_us);
	uint64_t head = atomic_load(&words[AGENT_BREAKER_HEAD]), next;
	do {
		next = agent_histogram_next(head, &generation);
	} while (!atomic_compare_exchange_weak(&words[AGENT_BREAKER_HEAD], &head, next));
	_Atomic uint64_t *word = &words[AGENT_BREAKER_HISTOGRAM + agent_histogram_at(generation, bucket)];
	uint64_t counts = atomic_load(word);
	while (!atomic_compare_exchange_weak(word, &counts, agent_histogram_add(counts, generation, bucket))) {
	}
	if (agent_breaker_look(next)) {
		uint64_t copy[AGENT_HISTOGRAM_WORDS];
		load(words + AGENT_BREAKER_HISTOGRAM, copy, AGENT_HISTOGRAM_WORDS);
		atomic_store(&words[AGENT_BREAKER_P95], (uint64_t)agent_histogram_quantile(copy, next, 95));
	}
}

static void count(_Atomic uint64_t *words, uint64_t state, bool bad, int64_t now_ms)
{
	_Atomic uint64_t *word = &words[AGENT_BREAKER_WINDOW + agent_breaker_slice(now_ms)];
	uint64_t slice = atomic_load(word);
	while (!atomic_compare_exchange_weak(word, &slice, agent_breaker_add(slice, state, bad, now_ms))) {
	}
	if (bad) {
		uint64_t slices[AGENT_BREAKER_SLICES];
		load(words + AGENT_BREAKER_WINDOW, slices, AGENT_BREAKER_SLICES);
		if (agent_breaker_tripped(slices, state, now_ms)) {
			atomic_compare_exchange_strong(&words[AGENT_BREAKER_STATE], &state, agent_breaker_trip(state, now_ms));
		}
	}
}

void agent_breaker_words_tell(_Atomic uint64_t *words, const agent_breaker_pass *pass, agent_breaker_class result, int64_t latency_us, int64_t now_ms)
{
	bool measured = result == AGENT_BREAKER_OK && latency_us >= 0;
	bool slow = measured && agent_breaker_slow(atomic_load(&words[AGENT_BREAKER_P95]), latency_us);
	if (measured) {
		learn(words, latency_us);
	}
	uint64_t state = atomic_load(&words[AGENT_BREAKER_STATE]), next;
	if (agent_breaker_counts(state, pass, result)) {
		count(words, state, slow || result == AGENT_BREAKER_FAILED, now_ms);
		return;
	}
	while (agent_breaker_probed(state, pass, result, now_ms, &next)) {
		if (atomic_compare_exchange_strong(&words[AGENT_BREAKER_STATE], &state, next)) {
			return;
		}
	}
}

void agent_breaker_words_read(_Atomic uint64_t *words, int64_t now_ms, agent_breaker_report *out)
{
	uint64_t copy[AGENT_BREAKER_WORDS];
	load(words, copy, AGENT_BREAKER_WORDS);
	agent_breaker_read(copy, now_ms, out);
}

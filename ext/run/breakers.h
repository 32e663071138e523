/* SPDX-License-Identifier: MIT
 * The breakers' rule (guard/) on words that all workers of a site share (memory/): a step is one compare-and-swap of one word.
 * Knows no site and no clock; the port over a region, and attempts: breakers.c. */
#ifndef AGENT_RUN_BREAKERS_H
#define AGENT_RUN_BREAKERS_H

#include <stdatomic.h>

#include "ext/guard/breaker.h"

/* On the AGENT_BREAKER_WORDS words of one key; the contract is the port's. A worker killed at any point leaves a sound breaker, and at most one
 * call uncounted. */
bool agent_breaker_words_ask(_Atomic uint64_t *words, int64_t within_ms, int64_t now_ms, agent_breaker_pass *pass);
void agent_breaker_words_tell(_Atomic uint64_t *words, const agent_breaker_pass *pass, agent_breaker_class result, int64_t latency_us, int64_t now_ms);
void agent_breaker_words_read(_Atomic uint64_t *words, int64_t now_ms, agent_breaker_report *out);

#endif

/* SPDX-License-Identifier: MIT
 * The breakers of a site: their port over its region, attempts at tools and models, and their report.
 * When a breaker opens is decided in guard/breaker.c. */
#include "ext/run/breakers.h"

#include "ext/run/internal.h"
#include "ext/text/utf8.h"

_Static_assert(AGENT_REGION_BREAKER_WORDS >= AGENT_BREAKER_WORDS, "an entry of the region holds a breaker");
_Static_assert(AGENT_REGION_NAME < sizeof ((agent_breaker_report *)0)->key, "a report's key has room for an entry's name");

/* --- the port --- */

static _Atomic uint64_t *find(agent_region *region, agent_str key, int64_t now_ms)
{
	bool there = region != NULL && agent_region_is_whole(region);
	return there ? agent_region_words(region, AGENT_REGION_BREAKERS, key, now_ms) : NULL;
}

static bool ask(void *state, agent_str key, int64_t within_ms, int64_t now_ms, agent_breaker_pass *pass)
{
	_Atomic uint64_t *words = find(state, key, now_ms);
	*pass = (agent_breaker_pass){ 0 };
	return words == NULL || agent_breaker_words_ask(words, within_ms, now_ms, pass);
}

static void tell(void *state, agent_str key, const agent_breaker_pass *pass, agent_breaker_class result, int64_t latency_us, int64_t now_ms)
{
	_Atomic uint64_t *words = find(state, key, now_ms);
	if (words != NULL) {
		agent_breaker_words_tell(words, pass, result, latency_us, now_ms);
	}
}

static bool next(void *state, size_t *cursor, int64_t now_ms, agent_breaker_report *out)
{
	agent_str name;
	_Atomic uint64_t *words;
	if (state == NULL || !agent_region_is_whole(state) || !agent_region_next(state, AGENT_REGION_BREAKERS, cursor, &name, &words)) {
		return false;
	}
	agent_breaker_words_read(words, now_ms, out);
	memcpy(out->key, name.ptr, name.len);
	out->key[name.len] = '\0';
	return true;
}

agent_breakers agent_region_breakers(agent_region *region)
{
	return (agent_breakers){ ask, tell, next, region };
}

/* --- attempts --- */

static int64_t wall_ms(const agent_site *site)
{
	return site->clock.wall_ms(site->clock.state);
}

bool agent_attempt_begin(agent_site *site, agent_attempt *attempt, int64_t within_ms)
{
	attempt->within_ms = within_ms;
	attempt->under_way = site->breakers.ask(site->breakers.state, attempt->key, within_ms, wall_ms(site), &attempt->pass);
	attempt->began_us = site->clock.mono_us(site->clock.state);
	attempt->took_us = -1;
	return attempt->under_way;
}

void agent_attempt_answers(agent_site *site, agent_attempt *attempt)
{
	if (attempt->under_way && attempt->took_us < 0) {
		attempt->took_us = site->clock.mono_us(site->clock.state) - attempt->began_us;
	}
}

void agent_attempt_end(agent_site *site, agent_attempt *attempt, agent_breaker_class result, bool measured)
{
	if (!attempt->under_way) {
		return;
	}
	agent_attempt_answers(site, attempt);
	attempt->under_way = false;
	site->breakers.tell(site->breakers.state, attempt->key, &attempt->pass, result, measured ? attempt->took_us : -1, wall_ms(site));
}

agent_breaker_class agent_attempt_failure(const agent_attempt *attempt, const agent_error *err, int64_t fair_ms)
{
	agent_str code = agent_str_cstr(err->code);
	if (err->domain == AGENT_DOMAIN_TIMEOUT && !agent_str_is(code, "connect_timeout")) {
		return attempt->within_ms * 2 >= fair_ms ? AGENT_BREAKER_FAILED : AGENT_BREAKER_NOTHING;
	}
	bool ours = err->domain == AGENT_DOMAIN_MEMORY || agent_str_is(code, "address_refused") || agent_str_is(code, "forked");
	return ours ? AGENT_BREAKER_NOTHING : AGENT_BREAKER_FAILED;
}

/* --- the report --- */

static void put_ms(agent_buf *out, const char *name, int64_t us)
{
	agent_json_put_key(out, name);
	if (us > 0) {
		agent_buf_addf(out, "%lld.%03d", (long long)(us / 1000), (int)(us % 1000));
	} else {
		agent_buf_add_lit(out, "null");
	}
}

static void put_breaker(agent_buf *out, const agent_breaker_report *report)
{
	static const char *const names[] = { [AGENT_BREAKER_IS_CLOSED] = "closed", [AGENT_BREAKER_IS_OPEN] = "open", [AGENT_BREAKER_IS_HALF_OPEN] = "half_open" };
	agent_str key = agent_str_cstr(report->key);
	agent_buf_add_char(out, '{');
	agent_json_put_member(out, "key", agent_str_cut(key, 0, agent_utf8_cut(key, key.len)));
	agent_json_put_member(out, "state", agent_str_cstr(names[report->state]));
	agent_json_put_member_int(out, "calls", report->calls);
	agent_json_put_member_int(out, "failures", report->bad);
	put_ms(out, "p50_ms", report->p50_us);
	put_ms(out, "p95_ms", report->p95_us);
	agent_json_put_member_int(out, "retry_in_ms", report->wait_ms);
	agent_buf_add_char(out, '}');
}

void agent_breakers_report(const agent_site *site, agent_buf *out)
{
	agent_breaker_report report;
	size_t cursor = 0;
	bool first = true;
	agent_buf_add_char(out, '[');
	while (site != NULL && site->breakers.next(site->breakers.state, &cursor, wall_ms(site), &report)) {
		agent_buf_add(out, first ? AGENT_STR_EMPTY : AGENT_STR(","));
		put_breaker(out, &report);
		first = false;
	}
	agent_buf_add_char(out, ']');
}

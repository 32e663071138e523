/* SPDX-License-Identifier: MIT
 * run/: what a tool's handler and a model's server make of their breakers, over a real site.
 * The breaker's rule: guard_breaker.c. Tools by HTTP and streams: tests/chat/breaker_*.phpt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "ext/run/internal.h"
#include "tests/support/site_store.h"
#include "tests/support/torture.h"

static int sites;

/* A site of its own with one tool answered in this process, and a model at base_url. */
static opened site_with(const char *base_url)
{
	agent_error err = { 0 };
	char text[1024];
	opened o;
	snprintf(text, sizeof text, "{\"site\":\"site%d\",\"brain\":{\"protocol\":\"openai-chat\",\"base_url\":\"%s\",\"model\":\"m-1\",\"retries\":0},\"tools\":[{\"name\":\"t\",\"description\":\"T\","
		"\"scope\":\"t:read\",\"timeouts_ms\":5000,\"input_schema\":{\"type\":\"object\",\"additionalProperties\":false},\"output_schema\":{\"type\":\"object\"}}]}", ++sites, base_url);
	if (site_store(text, &err) != AGENT_OK || site_open(&o, &err) != AGENT_OK) {
		fail_msg("%s", err.message);
	}
	return o;
}

static agent_breaker_report only_breaker(agent_site *site)
{
	agent_breaker_report report;
	size_t cursor = 0;
	assert_true(site->breakers.next(site->breakers.state, &cursor, site->clock.wall_ms(site->clock.state), &report));
	return report;
}

static const agent_php_result answered = { .outcome = AGENT_PHP_RETURNED, .json = { "{}", 2 }, .reason = { "", 0 }, .message = { "", 0 } };
static const agent_php_result threw = { .outcome = AGENT_PHP_THREW, .json = { "", 0 }, .reason = { "", 0 }, .message = { "", 0 } };
static const agent_php_result missing = { .outcome = AGENT_PHP_THREW, .json = { "", 0 }, .reason = { "no_handler", 10 }, .message = { "", 0 } };
static const agent_php_result not_found = { .outcome = AGENT_PHP_REFUSED, .status = 404, .json = { "", 0 }, .reason = { "", 0 }, .message = { "", 0 } };
static const agent_php_result upstream_down = { .outcome = AGENT_PHP_REFUSED, .status = 503, .json = { "", 0 }, .reason = { "", 0 }, .message = { "", 0 } };

/* A clock that stands still but for what a handler takes. */
static int64_t passed_us;
static int64_t takes_us;
static int64_t fake_mono_ms(void *state) { (void)state; return 5000000 + passed_us / 1000; }
static int64_t fake_mono_us(void *state) { (void)state; return INT64_C(5000000000) + passed_us; }
static int64_t fake_wall_ms(void *state) { (void)state; return INT64_C(1700000000000) + passed_us / 1000; }

/* php NULL: given up. */
static agent_status call(agent_site *site, const agent_php_result *php, agent_result_class *result, agent_error *err)
{
	agent_call *one;
	agent_tool_result got = { 0 };
	agent_call_options options = { .tool = 0, .arguments = AGENT_STR("{}"), .subject = AGENT_STR_EMPTY, .session = AGENT_STR_EMPTY, .turn = AGENT_STR_EMPTY, .call = AGENT_STR_EMPTY, .address = AGENT_STR_EMPTY };
	if (agent_call_open(site, &options, site->clock.mono_ms(site->clock.state) + 8000, &one, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = AGENT_OK;
	if (!agent_call_step(one, &got) && php != NULL) {
		agent_call_begin_here(one);
		passed_us += takes_us;
		status = agent_call_of_php(one, php, &got, err);
	}
	*result = got.result;
	agent_call_close(one);
	return status;
}

static agent_result_class class_of(agent_site *site, const agent_php_result *php)
{
	agent_result_class result;
	agent_error err = { 0 };
	assert_int_equal(call(site, php, &result, &err), AGENT_OK);
	return result;
}

static void a_handlers_failures_open_its_breaker(void **state)
{
	(void)state;
	opened o = site_with("http://127.0.0.1:1/v1");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(class_of(o.site, &not_found), AGENT_RESULT_INVALID);
		assert_int_equal(class_of(o.site, &missing), AGENT_RESULT_FAILED);
		assert_int_equal(class_of(o.site, NULL), AGENT_RESULT_OK); /* none */
	}
	agent_breaker_report report = only_breaker(o.site);
	assert_string_equal(report.key, "tool:t");
	assert_true(report.calls == 3 && report.bad == 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(class_of(o.site, &threw), AGENT_RESULT_FAILED);
	}
	assert_int_equal(only_breaker(o.site).state, AGENT_BREAKER_IS_CLOSED);
	assert_int_equal(class_of(o.site, &upstream_down), AGENT_RESULT_TRANSIENT);
	assert_int_equal(only_breaker(o.site).state, AGENT_BREAKER_IS_OPEN);
	assert_int_equal(class_of(o.site, &answered), AGENT_RESULT_BREAKER);
	site_close(&o);
}

/* The probe is given back by whoever gives its call up; the next caller has it. */
static void a_probe_that_is_given_up_is_the_next_ones(void **state)
{
	(void)state;
	opened o = site_with("http://127.0.0.1:1/v1");
	for (int i = 0; i < 5; i++) {
		class_of(o.site, &threw);
	}
	const struct timespec nap = { 0, 10000000 };
	while (only_breaker(o.site).state == AGENT_BREAKER_IS_OPEN) {
		assert_int_equal(class_of(o.site, &answered), AGENT_RESULT_BREAKER);
		nanosleep(&nap, NULL);
	}
	class_of(o.site, NULL);
	assert_int_equal(only_breaker(o.site).state, AGENT_BREAKER_IS_HALF_OPEN);
	assert_int_equal(class_of(o.site, &answered), AGENT_RESULT_OK);
	assert_int_equal(only_breaker(o.site).state, AGENT_BREAKER_IS_CLOSED);
	site_close(&o);
}

static void a_handler_that_becomes_slow_opens_its_breaker(void **state)
{
	(void)state;
	opened o = site_with("http://127.0.0.1:1/v1");
	o.site->clock = (agent_clock){ .mono_ms = fake_mono_ms, .wall_ms = fake_wall_ms, .mono_us = fake_mono_us };
	takes_us = 100000;
	for (int i = 0; i < 50; i++) {
		assert_int_equal(class_of(o.site, &answered), AGENT_RESULT_OK);
	}
	agent_breaker_report report = only_breaker(o.site);
	assert_true(report.calls == 50 && report.bad == 0);
	assert_in_range(report.p50_us, 99000, 101000);
	assert_in_range(report.p95_us, 99000, 101000);
	passed_us += 200000000; /* out of the window */
	takes_us = 190000;
	assert_int_equal(class_of(o.site, &answered), AGENT_RESULT_OK);
	assert_int_equal(only_breaker(o.site).bad, 0);
	takes_us = 250000;
	for (int i = 0; i < 5; i++) {
		assert_int_equal(only_breaker(o.site).state, AGENT_BREAKER_IS_CLOSED);
		assert_int_equal(class_of(o.site, &answered), AGENT_RESULT_OK); /* an answer all the same */
	}
	assert_int_equal(only_breaker(o.site).state, AGENT_BREAKER_IS_OPEN);
	assert_int_equal(class_of(o.site, &answered), AGENT_RESULT_BREAKER);
	takes_us = 0;
	site_close(&o);
}

static agent_status scenario(void *state, agent_error *err)
{
	agent_result_class result;
	if (call(state, &answered, &result, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (result != AGENT_RESULT_OK) {
		return agent_fail(err, AGENT_DOMAIN_INTERNAL, "wrong", "the result is %s", agent_result_class_name(result));
	}
	return AGENT_OK;
}

/* Memory that is missing here says nothing about the tool. */
static void allocations_may_fail(void **state)
{
	(void)state;
	opened o = site_with("http://127.0.0.1:1/v1");
	torture("a call", scenario, o.site);
	assert_int_equal(only_breaker(o.site).bad, 0);
	site_close(&o);
}

/* --- models --- */

static agent_status pass_open(agent_site *site, agent_pass **pass, agent_error *err)
{
	static const agent_message message = { .role = AGENT_ROLE_USER, .text = { "Hi", 2 }, .call_id = { "", 0 } };
	agent_brain_request request = { .policy = AGENT_STR("Be kind."), .messages = &message, .message_count = 1, .instruction = AGENT_STR_EMPTY, .max_tokens = 100,
		.message = AGENT_STR("Hi"), .locale = AGENT_STR_EMPTY };
	return agent_pass_open(site, &request, site->clock.mono_ms(site->clock.state) + 8000, pass, err);
}

static void a_models_server_that_is_not_there_is_asked_five_times(void **state)
{
	(void)state;
	opened o = site_with("http://127.0.0.1:1/v1");
	agent_error err = { 0 };
	agent_pass *pass;
	for (int i = 0; i < 5; i++) {
		agent_brain_event event;
		bool malformed;
		assert_int_equal(pass_open(o.site, &pass, &err), AGENT_OK);
		while (!agent_pass_step(pass, &event, &malformed)) {
			agent_site_poll(o.site, 50);
		}
		assert_int_equal(event.finish, AGENT_FINISH_ERROR);
		agent_pass_close(pass);
	}
	assert_int_equal(only_breaker(o.site).state, AGENT_BREAKER_IS_OPEN);
	assert_int_equal(pass_open(o.site, &pass, &err), AGENT_ERR);
	assert_string_equal(err.code, "breaker_open");
	assert_int_equal(err.domain, AGENT_DOMAIN_PROVIDER);
	site_close(&o);
}

static void a_models_breaker_is_named_after_host_port_and_model(void **state)
{
	static const char *const rows[][2] = {
		{ "http://127.0.0.1:1/v1", "brain:127.0.0.1:1/m-1" },
		{ "http://[::1]:1", "brain:[::1]:1/m-1" },
		{ "https://model.invalid/deep/v1/", "brain:model.invalid:443/m-1" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		opened o = site_with(rows[i][0]);
		agent_error err = { 0 };
		agent_pass *pass;
		assert_int_equal(pass_open(o.site, &pass, &err), AGENT_OK);
		agent_pass_close(pass); /* given up: counts for nothing */
		agent_breaker_report report = only_breaker(o.site);
		assert_string_equal(report.key, rows[i][1]);
		assert_int_equal(report.calls, 0);
		site_close(&o);
	}
}

static void who_is_to_blame(void **state)
{
	static const struct { agent_domain domain; const char *code; int within, fair; agent_breaker_class expected; } rows[] = {
		{ AGENT_DOMAIN_HTTP, "connect", 1000, 1000, AGENT_BREAKER_FAILED },
		{ AGENT_DOMAIN_HTTP, "cut", 1, 1000, AGENT_BREAKER_FAILED },
		{ AGENT_DOMAIN_HTTP, "tls", 1000, 1000, AGENT_BREAKER_FAILED },
		{ AGENT_DOMAIN_LIMIT, "too_large", 1000, 1000, AGENT_BREAKER_FAILED },
		{ AGENT_DOMAIN_TIMEOUT, "timeout", 500, 1000, AGENT_BREAKER_FAILED },
		{ AGENT_DOMAIN_TIMEOUT, "timeout", 499, 1000, AGENT_BREAKER_NOTHING },   /* the turn was nearly over when it began */
		{ AGENT_DOMAIN_TIMEOUT, "connect_timeout", 1, 1000, AGENT_BREAKER_FAILED },
		{ AGENT_DOMAIN_MEMORY, "memory", 1000, 1000, AGENT_BREAKER_NOTHING },
		{ AGENT_DOMAIN_HTTP, "address_refused", 1000, 1000, AGENT_BREAKER_NOTHING },
		{ AGENT_DOMAIN_HTTP, "forked", 1000, 1000, AGENT_BREAKER_NOTHING },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		agent_error err;
		agent_attempt attempt = { .within_ms = rows[i].within };
		agent_fail(&err, rows[i].domain, rows[i].code, "x");
		assert_int_equal(agent_attempt_failure(&attempt, &err, rows[i].fair), rows[i].expected);
	}
}

static int setup(void **state)
{
	(void)state;
	site_allow_private = "127.0.0.1:1,[::1]:1";
	return site_begin("attempts", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_handlers_failures_open_its_breaker),
		cmocka_unit_test(a_probe_that_is_given_up_is_the_next_ones),
		cmocka_unit_test(a_handler_that_becomes_slow_opens_its_breaker),
		cmocka_unit_test(a_models_server_that_is_not_there_is_asked_five_times),
		cmocka_unit_test(a_models_breaker_is_named_after_host_port_and_model),
		cmocka_unit_test(who_is_to_blame),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, setup, site_end);
}

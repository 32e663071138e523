/* SPDX-License-Identifier: MIT
 * wire/http over TLS: certificates, warm connections under the network rule, SIGPIPE.
 * The server: tests/support/tls_server.h. */
#include "tests/support/tls_server.h"

static void a_certificate_must_be_of_a_known_authority(void **state)
{
	(void)state;
	agent_http_request request = tls_request("x");
	request.ca_file = AGENT_STR("");
	outcome out = exchange(&request);
	assert_int_equal(out.state, AGENT_HTTP_FAILED);
	assert_string_equal(out.err.code, "tls");
	assert_non_null(strstr(out.err.message, "certificate"));
	request = tls_request("x");
	snprintf(tls_url, sizeof tls_url, "https://127.0.0.1:%d/", tls_port); /* a name that the certificate does not bear */
	snprintf(tls_allow, sizeof tls_allow, "127.0.0.1:%d localhost:%d", tls_port, tls_port);
	request.url = agent_str_cstr(tls_url);
	request.allow_private = agent_str_cstr(tls_allow);
	out = exchange(&request);
	assert_string_equal(out.err.code, "tls");
	assert_int_equal(tls_heard('r'), 0);
}

static void old_versions_of_tls_are_no_tls(void **state)
{
	(void)state;
	static const int versions[] = { TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION };
	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
		char url[64], ca[140], allowed[32];
		int old_port, events;
		snprintf(ca, sizeof ca, "%s/old.pem", folder);
		pid_t old = tls_start(versions[i], &old_port, ca, &events);
		agent_http_request request = tls_request("x");
		snprintf(url, sizeof url, "https://localhost:%d/", old_port);
		snprintf(allowed, sizeof allowed, "localhost:%d", old_port);
		request.url = agent_str_cstr(url);
		request.allow_private = agent_str_cstr(allowed);
		request.ca_file = agent_str_cstr(ca);
		outcome out = exchange(&request);
		kill(old, SIGKILL);
		waitpid(old, NULL, 0);
		close(events);
		assert_int_equal(out.state, versions[i] == TLS1_2_VERSION ? AGENT_HTTP_DONE : AGENT_HTTP_FAILED);
		assert_string_equal(out.err.code, versions[i] == TLS1_2_VERSION ? "" : "tls");
	}
}

static void a_warm_connection_obeys_the_rule_of_each_call(void **state)
{
	(void)state;
	agent_http_request request = tls_request("x");
	outcome out = exchange(&request);
	assert_int_equal(out.state, AGENT_HTTP_DONE);
	assert_false(out.answer.reused);
	assert_string_equal(out.body, "ok");
	out = exchange(&request);
	assert_true(out.answer.reused);
	assert_int_equal(tls_heard('r'), 2);
	request.allow_private = AGENT_STR("");
	out = exchange(&request);
	assert_int_equal(out.state, AGENT_HTTP_FAILED);
	assert_string_equal(out.err.code, "address_refused");
	assert_non_null(strstr(out.err.message, "127.0.0.1"));
	assert_int_equal(tls_heard('r'), 0);
}

static void a_reset_while_sending_does_not_end_the_process(void **state)
{
	(void)state;
	static char large[4000000];
	struct sigaction action;
	agent_http_request request = tls_request("slam");
	memset(large, 'y', sizeof large);
	request.body = (agent_str){ large, sizeof large };
	sigaction(SIGPIPE, NULL, &action);
	assert_true(action.sa_handler == SIG_DFL);
	for (int i = 0; i < 20; i++) {
		outcome out = exchange(&request);
		assert_int_equal(out.state, AGENT_HTTP_FAILED);
		assert_string_equal(out.err.code, "cut");
		assert_true(out.err.retry);
	}
}

static void a_warm_connection_that_was_reset_does_not_end_the_process(void **state)
{
	(void)state;
	agent_http_request request = tls_request("leave");
	for (int i = 0; i < 5; i++) {
		outcome out = exchange(&request);
		assert_int_equal(out.state, AGENT_HTTP_DONE);
		assert_false(out.answer.reused);
		usleep(60000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certificate_must_be_of_a_known_authority),
		cmocka_unit_test(old_versions_of_tls_are_no_tls),
		cmocka_unit_test(a_warm_connection_obeys_the_rule_of_each_call),
		cmocka_unit_test(a_reset_while_sending_does_not_end_the_process),
		cmocka_unit_test(a_warm_connection_that_was_reset_does_not_end_the_process),
	};
	return cmocka_run_group_tests(tests, tls_set_up, tls_tear_down);
}

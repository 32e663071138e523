/* SPDX-License-Identifier: MIT
 * wire/ and names that change: what a name server answers is judged when the connection is begun, warm connections each time.
 * libcurl is the real one; the name server and connect() are tests/support/resolver.h. */
#include "tests/support/tls_server.h"
#include "tests/support/resolver.h"

static char url[256];

/* To shop.agent.test, which is not allowed to be private. */
static agent_http_request named_request(const char *path)
{
	agent_http_request request = tls_request(path);
	snprintf(url, sizeof url, "https://shop.agent.test:%d/%s", tls_port, path);
	request.url = agent_str_cstr(url);
	request.allow_private = AGENT_STR("");
	return request;
}

/* Another worker: no warm connection, no remembered name. */
static void another_worker(void)
{
	agent_wire_free(wire);
	wire = agent_wire_new();
	http = agent_wire_port(wire);
}

static void assert_refused(const agent_http_request *request, const char *address)
{
	outcome out = exchange(request);
	assert_int_equal(out.state, AGENT_HTTP_FAILED);
	assert_string_equal(out.err.code, "address_refused");
	assert_int_equal(out.err.domain, AGENT_DOMAIN_HTTP);
	assert_false(out.err.retry);
	assert_non_null(strstr(out.err.message, address));
	assert_int_equal(tls_heard('c'), 0);
	assert_int_equal(tls_heard('r'), 0);
}

static void a_name_is_what_it_is_when_the_connection_is_begun(void **state)
{
	(void)state;
	static const char *const rebound[] = { PUBLIC, "127.0.0.1", NULL };
	agent_http_request request = named_request("close");
	agent_error err;
	resolve_to(rebound);
	assert_int_equal(agent_wire_url_check(request.url, request.allow_private, "x", &err), AGENT_OK);
	assert_int_equal(lookups(), 0); /* what a name is when a configuration is read says nothing */
	outcome out = exchange(&request);
	assert_int_equal(out.state, AGENT_HTTP_DONE);
	assert_string_equal(out.body, "ok");
	assert_string_equal(connected_to, PUBLIC);
	assert_int_equal(tls_heard('c'), 1);
	assert_int_equal(tls_heard('r'), 1);
	another_worker();
	connected_to[0] = '\0';
	assert_refused(&request, "127.0.0.1");
	assert_string_equal(connected_to, "");
	assert_int_equal(lookups(), 2);
}

static void the_name_is_asked_once_for_check_and_connection(void **state)
{
	(void)state;
	static const char *const rebound[] = { PUBLIC_DEAD, "127.0.0.1", NULL };
	another_worker();
	resolve_to(rebound);
	agent_http_request request = named_request("x");
	outcome out = exchange(&request); /* the address that was checked does not answer: no other is asked for */
	assert_int_equal(out.state, AGENT_HTTP_FAILED);
	assert_string_equal(out.err.code, "connect");
	assert_string_equal(connected_to, PUBLIC_DEAD);
	assert_int_equal(lookups(), 1);
	assert_int_equal(tls_heard('c'), 0);
}

static void no_form_of_a_private_address_is_connected_to(void **state)
{
	(void)state;
	static const char *const addresses[] = {
		"127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.100.100.200",
		"169.254.169.254", "168.63.129.16", "224.0.0.1", "255.255.255.255", "::1", "::", "::ffff:127.0.0.1",
		"::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1", "2001:0:7f00:1::", "fe80::1", "fd00:ec2::254",
		"ff02::1", "fec0::1",
	};
	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		const char *const answers[] = { addresses[i], NULL };
		another_worker();
		resolve_to(answers);
		agent_http_request request = named_request("x");
		outcome out = exchange(&request);
		if (strcmp(out.err.code, "address_refused") != 0 || connected_to[0] != '\0') {
			fail_msg("%s: %s %s, connected to \"%s\"", addresses[i], out.err.code, out.err.message, connected_to);
		}
	}
	assert_int_equal(tls_heard('c'), 0);
}

static void of_several_addresses_only_public_ones_are_used(void **state)
{
	(void)state;
	static const char *const mixes[][3] = {
		{ "127.0.0.1 " PUBLIC, PUBLIC, NULL }, { PUBLIC " 127.0.0.1", PUBLIC, NULL },
		{ "::1 127.0.0.1 10.0.0.1 " PUBLIC, PUBLIC, NULL }, { "::ffff:127.0.0.1 " PUBLIC, PUBLIC, NULL },
	};
	for (size_t i = 0; i < sizeof mixes / sizeof *mixes; i++) {
		const char *const answers[] = { mixes[i][0], NULL };
		another_worker();
		resolve_to(answers);
		agent_http_request request = named_request("x");
		outcome out = exchange(&request);
		assert_int_equal(out.state, AGENT_HTTP_DONE);
		assert_string_equal(connected_to, mixes[i][1]);
	}
	assert_int_equal(tls_heard('c'), 4);
	assert_int_equal(tls_heard('r'), 4);
	static const char *const dead[] = { PUBLIC_DEAD " 127.0.0.1", NULL };
	another_worker();
	resolve_to(dead); /* the public one does not answer: the other one is still no choice */
	agent_http_request request = named_request("x");
	assert_refused(&request, "127.0.0.1");
	assert_string_equal(connected_to, PUBLIC_DEAD);
}

static void a_connection_of_an_allowed_site_serves_no_other(void **state)
{
	(void)state;
	static const char *const inside[] = { "127.0.0.1", PUBLIC, NULL };
	char allowed[64];
	snprintf(allowed, sizeof allowed, "shop.agent.test:%d", tls_port);
	another_worker();
	resolve_to(inside);
	tls_heard('c');
	tls_heard('r');
	agent_http_request request = named_request("x");
	request.allow_private = agent_str_cstr(allowed);
	assert_int_equal(exchange(&request).state, AGENT_HTTP_DONE);
	assert_true(exchange(&request).answer.reused);
	assert_int_equal(tls_heard('c'), 1);
	assert_int_equal(tls_heard('r'), 2);
	agent_http_request other = named_request("x"); /* another site of this worker, another INI */
	assert_refused(&other, "127.0.0.1");
	/* While the connection is busy a second one is opened: the remembered address is judged as a fresh one. */
	agent_http_call *busy = NULL;
	agent_error err;
	assert_int_equal(http.start(http.state, &request, &busy, &err), AGENT_OK);
	outcome out = exchange(&other), first = { .len = 0 };
	end(busy, &first);
	assert_string_equal(out.err.code, "address_refused");
	assert_int_equal(first.state, AGENT_HTTP_DONE);
	tls_heard('c');
	assert_int_equal(tls_heard('r'), 1);
	assert_int_equal(exchange(&request).state, AGENT_HTTP_DONE);
}

static void a_connection_is_trusted_by_each_site_for_itself(void **state)
{
	(void)state;
	static const char *const outside[] = { PUBLIC, NULL };
	another_worker();
	resolve_to(outside);
	agent_http_request request = named_request("x");
	assert_int_equal(exchange(&request).state, AGENT_HTTP_DONE);
	tls_heard('r');
	agent_http_request other = named_request("x");
	other.ca_file = AGENT_STR(""); /* a site that does not trust this authority */
	outcome out = exchange(&other);
	assert_string_equal(out.err.code, "tls");
	assert_int_equal(tls_heard('r'), 0);
	other = named_request("x");
	snprintf(url, sizeof url, "https://other.agent.test:%d/", tls_port); /* the same server by another name */
	out = exchange(&other);
	assert_int_equal(out.state, AGENT_HTTP_DONE);
	assert_false(out.answer.reused);
}

static int clear_harness(void **state)
{
	another_worker();
	return tls_tear_down(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_what_it_is_when_the_connection_is_begun),
		cmocka_unit_test(the_name_is_asked_once_for_check_and_connection),
		cmocka_unit_test(no_form_of_a_private_address_is_connected_to),
		cmocka_unit_test(of_several_addresses_only_public_ones_are_used),
		cmocka_unit_test(a_connection_of_an_allowed_site_serves_no_other),
		cmocka_unit_test(a_connection_is_trusted_by_each_site_for_itself),
	};
	return cmocka_run_group_tests(tests, tls_set_up, clear_harness);
}

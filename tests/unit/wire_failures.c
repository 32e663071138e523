/* SPDX-License-Identifier: MIT
 * wire/http against the scripted server: what goes wrong, and what is refused.
 * What is asserted is the order of events in the server's log, never how long something took. */
#include "tests/support/http_harness.h"

static void a_cut_answer_is_a_failure(void **state)
{
	(void)state;
	script("cut", "chunk half\nwait 20\ncut\n");
	outcome out = get("cut/");
	assert_failed(&out, AGENT_DOMAIN_HTTP, "cut", true);
	assert_string_equal(out.body, "half");
	assert_int_equal(out.err.http, 200);
	script("cut", "chunk half\nwait 20\ncut fin\n");
	out = get("cut/");
	assert_failed(&out, AGENT_DOMAIN_HTTP, "cut", true);
	script("cut", "header Content-Length: 10\nchunk half\nwait 20\ncut fin\n");
	out = get("cut/");
	assert_failed(&out, AGENT_DOMAIN_HTTP, "cut", true);
	script("cut", "raw SMTP 220 hello\\r\\n\\r\\n\ncut fin\n");
	out = get("cut/");
	assert_failed(&out, AGENT_DOMAIN_HTTP, "protocol", false);
}

static void a_post_is_never_sent_twice(void **state)
{
	(void)state;
	script("once", "json {}\nnext\ncut fin\nnext\njson {}\n");
	assert_int_equal(get("once/").state, AGENT_HTTP_DONE);
	int from = log_length();
	outcome out = get("once/"); /* over the warm connection, which libcurl would try again */
	assert_failed(&out, AGENT_DOMAIN_HTTP, "cut", true);
	assert_int_equal(logged("request", from), 1);
	char url[256];
	agent_http_request request = request_for("once/", url, sizeof url);
	request.method = AGENT_STR("GET");
	request.body = AGENT_STR("");
	assert_int_equal(exchange(&request).state, AGENT_HTTP_DONE);
}

static void deadlines_end_a_call(void **state)
{
	(void)state;
	char url[256];
	script("stall", "stall\n");
	agent_http_request request = request_for("stall/", url, sizeof url);
	int from = log_length();
	request.total_ms = 150;
	outcome out = exchange(&request);
	assert_failed(&out, AGENT_DOMAIN_TIMEOUT, "timeout", false);
	assert_int_equal(out.answer.status, 0);
	wait_for("gone", 1, from);
	script("stall", "pace 10\nchunk x\nrepeat 3000\n"); /* bytes that keep coming do not help */
	out = exchange(&request);
	assert_failed(&out, AGENT_DOMAIN_TIMEOUT, "timeout", false);
	assert_true(out.len > 0);
	assert_int_equal(out.err.http, 200);
}

static void connecting_has_its_own_deadline(void **state)
{
	(void)state;
	/* A listener whose queue is full drops what comes. */
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof address;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int listener = socket(AF_INET, SOCK_STREAM, 0), fds[8];
	assert_int_equal(bind(listener, (struct sockaddr *)&address, len) | listen(listener, 0), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &len), 0);
	for (int i = 0; i < 8; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		assert_true(connect(fds[i], (struct sockaddr *)&address, len) == 0 || errno == EINPROGRESS);
	}
	char url[256], name[32];
	snprintf(name, sizeof name, "127.0.0.1:%d", ntohs(address.sin_port));
	agent_http_request request = request_for("", url, sizeof url);
	snprintf(url, sizeof url, "http://%s/", name);
	request.url = agent_str_cstr(url);
	request.allow_private = agent_str_cstr(name);
	request.connect_ms = 200;
	outcome out = exchange(&request);
	assert_failed(&out, AGENT_DOMAIN_TIMEOUT, "connect_timeout", true);
	for (int i = 0; i < 8; i++) {
		close(fds[i]);
	}
	close(listener);
	out = exchange(&request);
	assert_failed(&out, AGENT_DOMAIN_HTTP, "connect", true);
}

static void tls_and_names_fail_by_their_own_names(void **state)
{
	(void)state;
	char url[256];
	script("plain", "json {}\n");
	agent_http_request request = request_for("plain/", url, sizeof url);
	snprintf(url, sizeof url, "https://127.0.0.1:%d/plain/", port);
	request.url = agent_str_cstr(url);
	outcome out = exchange(&request);
	assert_failed(&out, AGENT_DOMAIN_HTTP, "tls", true);
	request.ca_file = AGENT_STR("/nowhere/ca.pem");
	out = exchange(&request);
	assert_int_equal(out.err.domain, AGENT_DOMAIN_HTTP);
	assert_string_equal(out.err.code, "tls");
	request.url = AGENT_STR("http://nobody.invalid:80/");
	request.allow_private = AGENT_STR("nobody.invalid:80");
	out = exchange(&request);
	assert_string_equal(out.err.code, "resolve");
	assert_true(out.err.retry);
	assert_string_equal(out.err.message, "no address found for nobody.invalid:80");
}

static void an_error_answer_is_an_answer(void **state)
{
	(void)state;
	script("busy", "raw HTTP/1.1 103 Early Hints\\r\\nRetry-After: 9\\r\\nContent-Type: a/b\\r\\n\\r\\n\n"
		"status 429\nheader Retry-After: 1.5\njson {\"error\":1}\n"
		"next\nstatus 503\nheader retry-after-ms: 40\nheader Retry-After: 2\njson {}\n"
		"next\nstatus 503\nheader Date: Sun, 06 Nov 2094 08:49:37 GMT\n"
		"header Retry-After: Sun, 06 Nov 2094 08:49:40 GMT\njson {}\n"
		"next\nraw HTTP/1.1 103 Early Hints\\r\\nRetry-After: 9\\r\\nContent-Type: a/b\\r\\n\\r\\n\nstatus 204\n");
	outcome out = get("busy/");
	assert_int_equal(out.state, AGENT_HTTP_DONE);
	assert_int_equal(out.answer.status, 429);
	assert_int_equal(out.answer.retry_after_ms, 1500);
	assert_string_equal(out.body, "{\"error\":1}");
	assert_string_equal(out.type, "application/json");
	assert_int_equal(get("busy/").answer.retry_after_ms, 40);
	assert_int_equal(get("busy/").answer.retry_after_ms, 3000);
	out = get("busy/");
	assert_int_equal(out.answer.status, 204);
	assert_int_equal(out.answer.retry_after_ms, -1);
	assert_string_equal(out.type, "");
}

static void an_answer_has_a_ceiling(void **state)
{
	(void)state;
	char url[256], wanted[128];
	agent_http_request request = request_for("huge/", url, sizeof url);
	snprintf(wanted, sizeof wanted, "the answer of 127.0.0.1:%d is larger than 1000000 bytes", port);
	script("huge", "body-size 20000000\n");
	outcome out = exchange(&request);
	assert_failed(&out, AGENT_DOMAIN_LIMIT, "too_large", false);
	assert_string_equal(out.err.message, wanted);
	static char lines[30000] = "chunk ";
	memset(lines + 6, 'z', 20000);
	snprintf(lines + 20006, 100, "\nrepeat 1000\n");
	script("huge", lines);
	int from = log_length();
	out = exchange(&request); /* read as it comes: the ceiling counts all of it */
	assert_failed(&out, AGENT_DOMAIN_LIMIT, "too_large", false);
	assert_string_equal(out.err.message, wanted);
	assert_true(out.len > 0 && out.len <= 1000000);
	wait_for("gone", 1, from);
	script("huge", "body-size 1000000\n");
	out = exchange(&request);
	assert_int_equal(out.state, AGENT_HTTP_DONE);
	assert_int_equal(out.len, 1000000);
	script("huge", "chunk x\n");
	request.max_body = 0;
	out = exchange(&request);
	assert_failed(&out, AGENT_DOMAIN_LIMIT, "too_large", false);
}

static void a_head_has_a_ceiling(void **state)
{
	(void)state;
	static char lines[600000];
	size_t len = 0;
	for (int i = 0; i < 6000; i++) {
		len += (size_t)snprintf(lines + len, sizeof lines - len, "header X-%d: %060d\n", i, i);
	}
	snprintf(lines + len, sizeof lines - len, "json {}\n");
	script("head", lines);
	outcome out = get("head/");
	assert_failed(&out, AGENT_DOMAIN_LIMIT, "too_large", false);
}

static void private_addresses_are_not_connected_to(void **state)
{
	(void)state;
	static const char *const hosts[] = {
		"127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1.", "[::1]",
		"[::ffff:127.0.0.1]", "[::]", "0", "169.254.169.254", "[64:ff9b::127.0.0.1]", "10.0.0.1", "localhost",
		"localhost.", "a.localhost",
	};
	char url[256];
	agent_http_request request = request_for("warm/", url, sizeof url);
	int from = log_length();
	request.allow_private = AGENT_STR("127.0.0.1:1 localhost:1");
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		for (int https = 0; https < 2; https++) {
			snprintf(url, sizeof url, "http%s://%s:%d/warm/", https ? "s" : "", hosts[i], port);
			request.url = agent_str_cstr(url);
			outcome out = exchange(&request);
			assert_int_equal(out.state, AGENT_HTTP_FAILED);
			if (strcmp(out.err.code, "address_refused") != 0 && !(i >= 14 && strcmp(out.err.code, "resolve") == 0)) {
				fail_msg("%s: %s %s", url, out.err.code, out.err.message);
			}
			assert_false(strcmp(out.err.code, "address_refused") == 0 && out.err.retry);
		}
	}
	assert_int_equal(logged("open", from) + logged("request", from), 0);
	snprintf(url, sizeof url, "https://localhost:%d/", port);
	request.url = agent_str_cstr(url);
	outcome out = exchange(&request);
	assert_non_null(strstr(out.err.message, "which is not public")); /* found when the name was resolved */
}

static void lines_cannot_be_smuggled_in(void **state)
{
	(void)state;
	static const agent_str bad[] = {
		AGENT_STR_INIT("X: a\r\nY: b"), AGENT_STR_INIT("X: a\nY: b"), AGENT_STR_INIT("X: a\rY: b"),
		AGENT_STR_INIT("X: a\0b"), AGENT_STR_INIT("X"), AGENT_STR_INIT(""), AGENT_STR_INIT(": a"),
		AGENT_STR_INIT("X Y: a"), AGENT_STR_INIT(" X: a"),
		AGENT_STR_INIT("X : a"), AGENT_STR_INIT("Host: other"), AGENT_STR_INIT("content-length: 3"),
		AGENT_STR_INIT("Transfer-Encoding: chunked"), AGENT_STR_INIT("X;"),
	};
	static const agent_str methods[] = {
		AGENT_STR_INIT(""), AGENT_STR_INIT("GET / HTTP/1.1\r\nX: y\r\n"), AGENT_STR_INIT("PO ST"),
		AGENT_STR_INIT("GET\n"), AGENT_STR_INIT("GET\0"), AGENT_STR_INIT("ABCDEFGHIJKLMNOP"),
	};
	char url[256];
	int from = log_length();
	agent_http_request request = request_for("echo/", url, sizeof url);
	script("echo", "echo\n");
	request.header_count = 1;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		request.headers = &bad[i];
		outcome out = exchange(&request);
		assert_int_equal(out.err.domain, AGENT_DOMAIN_ARGUMENT);
		assert_string_equal(out.err.code, "bad_request");
	}
	request.header_count = 0;
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		request.method = methods[i];
		outcome out = exchange(&request);
		assert_string_equal(out.err.code, "bad_request");
	}
	request.method = AGENT_STR("DELETE");
	request.body = AGENT_STR("");
	outcome out = exchange(&request);
	assert_non_null(strstr(out.body, "\"method\":\"DELETE\""));
	assert_int_equal(logged("request", from), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cut_answer_is_a_failure),
		cmocka_unit_test(a_post_is_never_sent_twice),
		cmocka_unit_test(deadlines_end_a_call),
		cmocka_unit_test(connecting_has_its_own_deadline),
		cmocka_unit_test(tls_and_names_fail_by_their_own_names),
		cmocka_unit_test(an_error_answer_is_an_answer),
		cmocka_unit_test(an_answer_has_a_ceiling),
		cmocka_unit_test(a_head_has_a_ceiling),
		cmocka_unit_test(private_addresses_are_not_connected_to),
		cmocka_unit_test(lines_cannot_be_smuggled_in),
	};
	return cmocka_run_group_tests(tests, harness_set_up, harness_tear_down);
}

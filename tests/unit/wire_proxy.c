/* SPDX-License-Identifier: MIT
 * wire/ and agent.proxy: what goes through it, what it is told, and how it fails. Nothing of the environment's.
 * The proxy is a child of this program; names are tests/support/resolver.h's. */
#include "tests/support/tls_server.h"
#include "tests/support/resolver.h"

static int proxy_port, proxy_heads = -1;
static pid_t proxy;
static char url[256], proxy_url[64];

static void pump(int a, int b)
{
	char bytes[65536];
	for (fd_set set;;) {
		FD_ZERO(&set);
		FD_SET(a, &set);
		FD_SET(b, &set);
		if (select((a > b ? a : b) + 1, &set, NULL, NULL, NULL) < 1) {
			return;
		}
		int from = FD_ISSET(a, &set) ? a : b;
		ssize_t n = read(from, bytes, sizeof bytes);
		if (n <= 0 || write(from == a ? b : a, bytes, (size_t)n) != n) {
			return;
		}
	}
}

static void say(int fd, const char *text)
{
	ssize_t n = write(fd, text, strlen(text));
	(void)n;
}

/* What it does is the first label of the name that it is to connect to. */
static void proxy_connection(int fd)
{
	char head[8192] = "";
	size_t len = 0;
	while (len < sizeof head - 1 && strstr(head, "\r\n\r\n") == NULL) {
		ssize_t n = read(fd, head + len, sizeof head - 1 - len);
		if (n <= 0) {
			return;
		}
		len += (size_t)n;
		head[len] = '\0';
	}
	say(proxy_heads, head);
	if (strncmp(head, "CONNECT forbidden.", 18) == 0) {
		say(fd, "HTTP/1.1 403 No\r\nContent-Length: 6\r\nX: y\r\n\r\nsecret");
	} else if (strncmp(head, "CONNECT login.", 14) == 0) {
		say(fd, "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\nProxy-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n");
	} else if (strncmp(head, "CONNECT down.", 13) == 0) {
		say(fd, "HTTP/1.1 502 Down\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n");
	} else if (strncmp(head, "CONNECT elsewhere.", 18) == 0) {
		say(fd, "HTTP/1.1 302 There\r\nLocation: https://shop.agent.test/\r\nContent-Length: 0\r\n\r\n");
	} else if (strncmp(head, "CONNECT endless.", 16) == 0) {
		say(fd, "HTTP/1.1 200 OK\r\n");
		for (char line[1024] = "X: "; write(fd, line, strlen(line)) > 0;) {
			memset(line + 3, 'y', 1000);
			memcpy(line + 1003, "\r\n", 3);
		}
	} else if (strncmp(head, "CONNECT shop.", 13) == 0) {
		struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)tls_port) };
		address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		int on = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(on, (struct sockaddr *)&address, sizeof address) == 0) {
			say(fd, "HTTP/1.1 200 Connection established\r\nContent-Type: proxy/only\r\nRetry-After: 9\r\n\r\n");
			pump(fd, on);
		}
	}
}

static int set_up(void **state)
{
	int heads[2];
	if (tls_set_up(state) != 0 || pipe2(heads, O_NONBLOCK) != 0) {
		return -1;
	}
	int listener = listen_here(&proxy_port);
	proxy = fork();
	if (proxy == 0) {
		close(server_stdin);
		signal(SIGCHLD, SIG_IGN);
		signal(SIGPIPE, SIG_IGN);
		proxy_heads = heads[1];
		for (;;) {
			int fd = accept(listener, NULL, NULL);
			if (fd >= 0 && fork() == 0) {
				proxy_connection(fd);
				_exit(0);
			}
			close(fd);
		}
	}
	close(listener);
	close(heads[1]);
	proxy_heads = heads[0];
	snprintf(proxy_url, sizeof proxy_url, "http://127.0.0.1:%d", proxy_port);
	setenv("NO_PROXY", "*", 1);
	setenv("no_proxy", "*", 1);
	return 0;
}

static int tear_down(void **state)
{
	kill(proxy, SIGKILL);
	waitpid(proxy, NULL, 0);
	agent_wire_free(wire);
	wire = agent_wire_new();
	http = agent_wire_port(wire);
	return tls_tear_down(state);
}

/* What the proxy was told since the last time. */
static const char *told(void)
{
	static char text[65536];
	ssize_t n = read(proxy_heads, text, sizeof text - 1);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static agent_http_request proxied(const char *name)
{
	static const agent_str headers[] = { AGENT_STR_INIT("Authorization: Bearer token"), AGENT_STR_INIT("X-Key: key") };
	static const char *const outside[] = { PUBLIC, NULL };
	agent_http_request request = tls_request("");
	snprintf(url, sizeof url, "https://%s:%d/", name, tls_port);
	resolve_to(outside);
	request.url = agent_str_cstr(url);
	request.allow_private = AGENT_STR("");
	request.proxy = agent_str_cstr(proxy_url);
	request.headers = headers;
	request.header_count = 2;
	return request;
}

static void the_proxy_is_told_a_host_and_a_port(void **state)
{
	(void)state;
	char wanted[128];
	agent_http_request request = proxied("shop.agent.test");
	outcome out = exchange(&request);
	if (out.state != AGENT_HTTP_DONE) {
		fail_msg("%s %s", out.err.code, out.err.message);
	}
	assert_string_equal(out.body, "ok");
	assert_int_equal(out.answer.status, 200);
	assert_string_equal(out.type, ""); /* the server's head, not the proxy's */
	assert_int_equal(out.answer.retry_after_ms, -1);
	const char *head = told();
	snprintf(wanted, sizeof wanted, "CONNECT shop.agent.test:%d HTTP/1.1\r\n", tls_port);
	assert_int_equal(strncmp(head, wanted, strlen(wanted)), 0);
	assert_null(strstr(head, "Authorization"));
	assert_null(strstr(head, "X-Key"));
	assert_null(strstr(head, "token"));
	assert_int_equal(lookups(), 0); /* the proxy looks it up */
	assert_string_equal(connected_to, "127.0.0.1");
	out = exchange(&request);
	assert_true(out.answer.reused);
	assert_string_equal(told(), "");
	assert_int_equal(tls_heard('r'), 2);
}

static void connections_through_it_are_nobody_elses(void **state)
{
	(void)state;
	agent_http_request request = proxied("shop.agent.test");
	assert_true(exchange(&request).answer.reused);
	request.proxy = AGENT_STR("");
	outcome out = exchange(&request);
	assert_int_equal(out.state, AGENT_HTTP_DONE);
	assert_false(out.answer.reused);
	assert_string_equal(connected_to, PUBLIC);
	request = proxied("shop.agent.test");
	assert_true(exchange(&request).answer.reused);
	assert_string_equal(connected_to, "");
	request.proxy = AGENT_STR("http://127.0.0.1:1"); /* another site's proxy, where nobody is */
	out = exchange(&request);
	assert_string_equal(out.err.code, "proxy");
	assert_true(out.err.retry);
	assert_string_equal(out.err.message, "no connection to the proxy (agent.proxy)");
	assert_string_equal(told(), "");
	tls_heard('r');
}

static void allowed_addresses_are_called_directly(void **state)
{
	(void)state;
	agent_http_request request = tls_request("x");
	request.proxy = agent_str_cstr(proxy_url);
	assert_int_equal(exchange(&request).state, AGENT_HTTP_DONE);
	char plain[256];
	script("plain", "json {}\n");
	request = request_for("plain/", plain, sizeof plain);
	request.proxy = agent_str_cstr(proxy_url);
	assert_int_equal(exchange(&request).state, AGENT_HTTP_DONE);
	assert_string_equal(told(), "");
	tls_heard('r');
}

static void the_rule_for_addresses_stays(void **state)
{
	(void)state;
	static const char *const urls[] = {
		"https://127.0.0.1:%d/", "https://[::1]:%d/", "https://0x7f.1:%d/", "https://169.254.169.254:%d/", "http://shop.agent.test:%d/",
	};
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		agent_http_request request = proxied("shop.agent.test");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(url, sizeof url, urls[i], tls_port);
#pragma GCC diagnostic pop
		request.url = agent_str_cstr(url);
		outcome out = exchange(&request);
		assert_string_equal(out.err.code, "address_refused");
	}
	assert_string_equal(told(), "");
	assert_int_equal(tls_heard('r'), 0);
}

static void what_the_proxy_refuses_fails_by_its_name(void **state)
{
	(void)state;
	static const struct { const char *name, *message; bool retry; } cases[] = {
		{ "forbidden.agent.test", "answered 403 and did not connect to forbidden.agent.test:", false },
		{ "login.agent.test", "answered 407 and did not connect to login.agent.test:", false },
		{ "down.agent.test", "answered 502 and did not connect to down.agent.test:", true },
		{ "elsewhere.agent.test", "answered 302 and did not connect to elsewhere.agent.test:", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_http_request request = proxied(cases[i].name);
		outcome out = exchange(&request);
		assert_int_equal(out.state, AGENT_HTTP_FAILED);
		assert_string_equal(out.err.code, "proxy");
		assert_int_equal(out.err.domain, AGENT_DOMAIN_HTTP);
		assert_int_equal(out.err.retry, cases[i].retry);
		assert_non_null(strstr(out.err.message, cases[i].message));
		assert_int_equal(out.answer.status, 0);
		assert_int_equal(out.len, 0);
		const char *head = told();
		assert_null(strstr(head + 1, "CONNECT")); /* asked once, and without a password */
		assert_null(strstr(head, "uthorization"));
	}
	agent_http_request request = proxied("endless.agent.test");
	request.total_ms = 5000;
	outcome out = exchange(&request);
	assert_int_equal(out.state, AGENT_HTTP_FAILED);
	assert_string_not_equal(out.err.code, "timeout"); /* libcurl's own ceiling for a head */
	assert_int_not_equal(out.err.domain, AGENT_DOMAIN_MEMORY);
	request = proxied("gone.agent.test"); /* it closes without a word */
	out = exchange(&request);
	assert_int_equal(out.state, AGENT_HTTP_FAILED);
	assert_int_equal(out.err.domain, AGENT_DOMAIN_HTTP);
	request = proxied("shop.agent.test");
	request.proxy = AGENT_STR("http://nobody.invalid:3128");
	out = exchange(&request);
	assert_string_equal(out.err.code, "proxy");
	assert_true(out.err.retry);
	request.proxy = AGENT_STR("socks5://127.0.0.1:1080");
	out = exchange(&request); /* never direct instead */
	assert_string_equal(out.err.code, "proxy");
	assert_false(out.err.retry);
	assert_int_equal(tls_heard('r'), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_proxy_is_told_a_host_and_a_port),
		cmocka_unit_test(connections_through_it_are_nobody_elses),
		cmocka_unit_test(allowed_addresses_are_called_directly),
		cmocka_unit_test(the_rule_for_addresses_stays),
		cmocka_unit_test(what_the_proxy_refuses_fails_by_its_name),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

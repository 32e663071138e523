/* SPDX-License-Identifier: MIT
 * wire/address and wire/head: the network rule in every spelling, and what is kept of a header.
 * No socket here: wire_http.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "ext/wire/address.h"
#include "ext/wire/call.h"
#include "ext/wire/head.h"
#include "ext/wire/http.h"
#include "tests/support/torture.h"

static void expect(const char *url, const char *allow, bool allowed)
{
	agent_error err = { 0 };
	agent_status status = agent_wire_url_check(agent_str_cstr(url), agent_str_cstr(allow), "/tools/0/url", &err);
	if ((status == AGENT_OK) != allowed) {
		fail_msg("%s with \"%s\": %s", url, allow, status == AGENT_OK ? "not refused" : err.message);
	}
	if (status != AGENT_OK) {
		assert_int_equal(err.domain, AGENT_DOMAIN_HTTP);
		assert_string_equal(err.code, "address_refused");
		assert_int_equal(strncmp(err.message, "/tools/0/url: ", 14), 0);
		assert_null(strstr(err.message, "secret"));
	}
}

static void addresses_that_are_not_public_are_refused(void **state)
{
	(void)state;
	static const char *const hosts[] = {
		"127.0.0.1", "127.1", "127.255.255.255", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",
		"017700000001", "127.0.0.1.", "0x7F.0x0.0x0.0x1", "0", "0.0.0.0", "10.0.0.1", "10.255.255.255",
		"012.1.2.3", "100.64.0.1", "100.127.255.255", "169.254.169.254", "169.254.1", "0xa9fea9fe",
		"172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.257",
		"198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250",
		"240.0.0.1", "255.255.255.255", "%31%32%37.0.0.1", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]",
		"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:8.8.8.8]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]",
		"[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::808:808]", "[fe80::1]", "[fe80::1%25eth0]", "[fc00::1]",
		"[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]", "[2001::1]", "[2001:10::1]", "[2002:7f00:1::1]",
		"168.63.129.16", "100.100.100.200", "0xa83f8110", "192.0.0.192", "127.0.1", "127.0x0.1", "1", "0x0", "00", "0.0",
		"0177.0x0.1", "00000000177.1", "%30x7f.1", "%5B::1%5D", "169.254.169.254.", "255.255.255.255.", "[::1%251]",
		"[::ffff:0:127.0.0.1]", "[0:0:0:0:0:ffff:a00:1]", "[::a00:1]", "[::ffff:169.254.169.254]", "[::ffff:0a00:0001]",
		"[64:ff9b::10.0.0.1]", "[64:ff9b::a83f:8110]", "[2001:0:7f00:1::1]", "[2002:a9fe:a9fe::1]", "[2002:a00:1::]",
		"[fe80::a9fe:a9fe]", "[febf::1]", "[fd20:ce::254]", "[ff05::1:3]", "[4000::1]", "[1fff::1]", "[8000::]",
		"[2002:808:808::1]", "[3fff::1]", "[3fff:fff::1]", "[100::1]", "[5f00::1]", "[fec0::1]",
	};
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		char url[256];
		snprintf(url, sizeof url, "https://%s/x", hosts[i]);
		expect(url, "", false);
		snprintf(url, sizeof url, "https://%s:8443", hosts[i]);
		expect(url, "127.0.0.1:443, localhost:8443", false);
	}
}

static void public_addresses_and_names_are_allowed(void **state)
{
	(void)state;
	static const char *const hosts[] = {
		"tools.example.com", "example.com.", "example.com:8443", "8.8.8.8", "9.255.255.255", "11.0.0.0",
		"100.63.0.1", "100.128.0.1", "126.255.255.255", "128.0.0.1", "169.253.0.1", "172.15.0.1", "172.32.0.1",
		"192.0.1.1", "192.167.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.255", "[2606:4700::1111]",
		"[2001:4860:4860::8888]", "[2001:200::1]", "[64:ff9b::8.8.8.8]", "10.example.com", "localhost",
		"[3fff:1000::1]", "168.63.129.15", "168.63.129.17", "a.b-c.d_e.example", "xn--mnchen-3ya.example", "10.0.0.1.example.com",
		"0x7f.1.example", "1e100.example", "example.com.:443", "134744072", "0x08080808", "010.010.010.010", "8.8.2056",
		"[2000::1]", "[2600::]", "a.0xg",
	};
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		char url[256];
		snprintf(url, sizeof url, "https://%s/x?y=1", hosts[i]);
		expect(url, "", true);
	}
}

static void other_schemes_and_forms_are_refused(void **state)
{
	(void)state;
	static const char *const urls[] = {
		"", "example.com", "//example.com/", "http://example.com/", "ftp://example.com/", "file:///etc/passwd",
		"gopher://example.com/", "unix:///run/secret.sock", "ws://example.com/", "https://",
		"https://user:secret@example.com/", "https://secret@example.com/", "https://:secret@example.com/",
		"https://127.0.0.1:443\\@example.com:0/", "https://example.com:0/", "https://example.com:65536/",
		"https://example.com:-1/", "https://exa mple.com/", "https://example.com/a b",
		"https://example.com/\r\nX: y", "https://example.com/\x7f", "https://m\xc3\xbcller.example/",
		"https://example.com/\xff", "https://[::1/", "https://[localhost]/", "https://[]/", "https://./",
		"https://example.com:80:80/", "javascript:alert(1)", "https:example.com/", "https:/example.com/",
		"https:///example.com/", "https:////example.com/", "https:\\\\example.com\\", "https:/\\example.com/",
		"https:/example.com//x", " https://example.com/", "https://example.com/ ", "https ://example.com/",
		"https//example.com", "://example.com", "s3cret://example.com/", "https+unix://%2Frun%2Fsecret/",
		"https://@example.com/", "https://secret%40example.com@127.0.0.1/", "https://secret:@example.com/",
		"https://example.com@127.0.0.1/", "https://example.com\\@127.0.0.1/", "https://127.0.0.1\\.example.com/",
		"https://example.com\\.secret/", "https://example.com/a\\b", "https://example.com:65537/",
		"https://example.com:4294967739/", "https://example.com:0x1bb/", "https://example.com:+443/",
		"https://example.com:443a/", "https://example.com:4%34%33/", "https://example.com:18446744073709551659/",
		"https://exa\tmple.com/", "https://example.com\n/", "https://example.com\x01/", "https://exa%20mple.com/",
		"https://example.com%00.secret/", "https://example.com%0d%0a/", "https://example.com%2fsecret/",
		"https://example.com%3a80/", "https://secret%40example.com/", "https://example.com%23secret/", "https://%2e/",
		"https://%e2%91%a0%e2%91%a1%e2%91%a6.0.0.1/", "https://127%e3%80%820%e3%80%820%e3%80%821/",
		"https://%ef%bc%91%ef%bc%92%ef%bc%97.0.0.1/", "https://m%c3%bcller.example/", "https://example.com%ef%bc%8fsecret/",
		"https://loc%c2%adalhost/", "https://example%e3%80%82com/", "https://%ff/", "https://example..com/",
		"https://.example.com/", "https://example.com../", "https://../", "https://256.0.0.1/", "https://1.2.3.4.5/",
		"https://4294967296/", "https://0x100000000/", "https://127.0.0.1.1/", "https://08.8.8.8/", "https://1.2.3.0x100/",
		"https://example.0x7f/", "https://example.127/", "https://example.0x/", "https://example.com.127.", "https://0x/",
		"https://8.8.8.8.8/", "https://1.2.3.99999999999999999999/", "https://a,b/", "https://a;b/", "https://a'b/",
		"https://a\"b/", "https://a<b/", "https://a^b/", "https://a`b/", "https://a{b}/", "https://a|b/", "https://a!b/",
		"https://a$b/", "https://a&b/", "https://a*b/", "https://(a)/", "https://a+b/", "https://a=b/", "https://~a/",
		"https://[127.0.0.1]/", "https://[::1].example.com/", "https://[::1]example.com/", "https://[::1]]/",
		"https://[[::1]]/", "https://[::g]/", "https://[::1", "https://::1/", "https://[v1.fe80::a]/", "https://[::1]:/",
		"https://[2606:4700::1111]x/", "https://[1:2:3:4:5:6:7:8:9]/", "https://?x", "https://#x", "https://example.com/#", "https://example.com/x?y#z", "https://example.com#@127.0.0.1/", "https:///", "https://:443/",
	};
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		expect(urls[i], "", false);
	}
	char url[9000] = "https://example.com/";
	memset(url + strlen(url), 'a', sizeof url - strlen(url) - 1);
	expect(url, "", false);
	char host[300] = "https://";
	memset(host + 8, 'a', 64);
	strcpy(host + 72, ".example/"); /* a label is 63 bytes at most */
	expect(host, "", false);
	for (size_t i = 8; i < 8 + 254; i++) {
		host[i] = i % 2 == 0 ? 'a' : '.'; /* a name is 253 */
	}
	strcpy(host + 8 + 254, "a/");
	expect(host, "", false);
	strcpy(host + 8 + 252, "a/");
	expect(host, "", true);
	agent_error err;
	agent_str cut = { "https://a.example/\0b", 20 };
	assert_int_equal(agent_wire_url_check(cut, AGENT_STR(""), "x", &err), AGENT_ERR);
}

static void private_hosts_are_opened_by_name_and_port(void **state)
{
	(void)state;
	expect("http://127.0.0.1:8080/x", "127.0.0.1:8080", true);
	expect("http://127.0.0.1:8080/x", " a:1,\tb:2\n127.0.0.1:8080 ", true);
	expect("http://127.0.0.1:8080/x", "127.0.0.1:808, 127.0.0.1:80800, 127.0.0.1, 127.0.0.1:, :8080", false);
	expect("http://127.0.0.1/x", "127.0.0.1:80", true);
	expect("https://127.0.0.1/x", "127.0.0.1:80", false);
	expect("https://127.0.0.1/x", "127.0.0.1:443", true);
	expect("http://LocalHost:99/x", "localhost:99", true);
	expect("http://localhost:99/x", "LOCALHOST:99", true);
	expect("http://evil.localhost:99/x", "localhost:99", false);
	expect("http://[::1]:99/x", "[::1]:99", true);
	expect("http://[::1]:99/x", "::1:99", false);
	expect("ftp://127.0.0.1:21/x", "127.0.0.1:21", false);
	expect("https://secret@127.0.0.1/x", "127.0.0.1:443", false);
	expect("http://10.0.0.5:9000", "10.0.0.5:9000,", true);
}

static void a_proxy_is_a_host_and_a_port(void **state)
{
	(void)state;
	static const char *const good[] = {
		"", "http://127.0.0.1:3128", "http://proxy.internal:8080/", "HTTP://proxy:1", "http://[::1]:65535",
		"http://[2001:db8::1]:3128/",
	};
	static const char *const bad[] = {
		"proxy", "proxy:3128", "http://", "http://:3128", "http://proxy", "http://proxy:", "http://proxy:0",
		"http://proxy:65536", "http://proxy:3128/x", "http://proxy:3128//", "http://proxy:3128?x", "http://user:pw@proxy:3128",
		"http://user@proxy:3128", "https://proxy:3128", "socks5://proxy:1080", "socks5h://proxy:1080", "http:/proxy:3128",
		"http:///proxy:3128", "http://pro xy:3128", " http://proxy:3128", "http://proxy:3128 ", "http://proxy:3128,x:1",
		"http://[proxy]:3128", "http://[::1:3128", "http://::1:3128", "http://[]:3128", "http://pr\xc3\xb6xy:3128",
		"http://proxy:3128\r\nX: y", "http://a..b:3128", "http://1.2.3.4.5:3128", "http://127.0.0.1:3128:3128", "/run/proxy.sock",
	};
	agent_error err = { 0 };
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_int_equal(agent_wire_proxy_check(agent_str_cstr(good[i]), &err), AGENT_OK);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (agent_wire_proxy_check(agent_str_cstr(bad[i]), &err) == AGENT_OK) {
			fail_msg("%s: not refused", bad[i]);
		}
		assert_int_equal(err.domain, AGENT_DOMAIN_HTTP);
		assert_string_equal(err.code, "proxy");
		assert_null(strstr(err.message, "pw"));
	}
	agent_str cut = { "http://proxy\0x:3128", 19 };
	assert_int_equal(agent_wire_proxy_check(cut, &err), AGENT_ERR);
	agent_wire_target target;
	assert_int_equal(agent_wire_proxy_parse(AGENT_STR("http://[::1]:3128/"), &target, &err), AGENT_OK);
	assert_string_equal(target.name, "[::1]:3128");
}

static agent_wire_head head_of(const char *text)
{
	agent_wire_head head;
	agent_wire_head_init(&head);
	for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) {
		agent_wire_head_line(&head, agent_str_of(text, (size_t)(end - text) + 1));
	}
	return head;
}

static int wait_of(const char *lines)
{
	char text[512];
	snprintf(text, sizeof text, "HTTP/1.1 503 Busy\r\n%s\r\n\r\n", lines);
	agent_wire_head head = head_of(text);
	assert_true(head.complete);
	return agent_wire_head_retry_after(&head, 784111777); /* Sun, 06 Nov 1994 08:49:37 GMT */
}

static void retry_after_is_read_in_its_forms(void **state)
{
	(void)state;
	assert_int_equal(wait_of("X: y"), -1);
	assert_int_equal(wait_of("Retry-After: 2"), 2000);
	assert_int_equal(wait_of("retry-after:0"), 0);
	assert_int_equal(wait_of("RETRY-AFTER: 1.5"), 1500);
	assert_int_equal(wait_of("Retry-After: 0.0019"), 1);
	assert_int_equal(wait_of("Retry-After: 99999999999999999999"), INT32_MAX);
	assert_int_equal(wait_of("Retry-After: 2\r\nretry-after-ms: 250"), 250);
	assert_int_equal(wait_of("retry-after-ms: 250.7\r\nRetry-After: 2"), 250);
	assert_int_equal(wait_of("Retry-After: Sun, 06 Nov 1994 08:49:47 GMT"), 10000);
	assert_int_equal(wait_of("Retry-After: Sun, 06 Nov 1994 08:49:07 GMT"), 0);
#define CLOCK "Date: Sun, 06 Nov 1994 09:00:00 GMT"
	assert_int_equal(wait_of(CLOCK "\r\nRetry-After: Sun, 06 Nov 1994 09:00:03 GMT"), 3000);
	assert_int_equal(wait_of("Retry-After: Sun, 06 Nov 1994 09:00:03 GMT\r\n" CLOCK), 3000);
	static const char *const nonsense[] = { "soon", "-5", "1e3", "1,5", "", ".", "1.2.3", "0x10", "5 s" };
	for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
		char line[64];
		snprintf(line, sizeof line, "Retry-After: %s", nonsense[i]);
		assert_int_equal(wait_of(line), -1);
	}
}

static void only_the_final_head_counts(void **state)
{
	(void)state;
	agent_wire_head head = head_of("HTTP/1.1 103 Early Hints\r\nRetry-After: 9\r\nContent-Type: a/b\r\n\r\n");
	assert_false(head.complete);
	head = head_of("HTTP/1.1 100 Continue\r\nRetry-After: 9\r\nContent-Type: a/b\r\n\r\nHTTP/2 200 \r\n"
		"Content-Type: Text/Event-Stream; charset=utf-8\r\n\r\nContent-Type: x/trailer\r\nRetry-After: 7\r\n\r\n");
	assert_true(head.complete);
	assert_int_equal(head.status, 200);
	assert_string_equal(head.type, "text/event-stream");
	assert_int_equal(agent_wire_head_retry_after(&head, 0), -1);
	head = head_of("HTTP/1.1 200\r\nnonsense\r\n: x\r\nContent-Type:\r\n\r\n");
	assert_true(head.complete);
	assert_string_equal(head.type, "");
	head = head_of("HTTP/1.1 abc\r\n\r\n");
	assert_false(head.complete);
}

static agent_status check_scenario(void *state, agent_error *err)
{
	(void)state;
	agent_str url = AGENT_STR("http://127.0.0.1:8080/a/b?c=d");
	if (agent_wire_url_check(url, AGENT_STR("127.0.0.1:8080"), "x", err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_error other;
	if (agent_wire_url_check(url, AGENT_STR(""), "x", &other) == AGENT_OK) {
		return agent_fail(err, AGENT_DOMAIN_INTERNAL, "allowed", "a private address was let through");
	}
	return AGENT_OK;
}

/* Up to the border of libcurl's own connecting, which leaks where it runs out of memory (7.88). */
static agent_status call_scenario(void *state, agent_error *err)
{
	(void)state;
	const agent_str header = AGENT_STR_INIT("X-Key: value");
	agent_http_request request = {
		.method = AGENT_STR("POST"), .url = AGENT_STR("http://127.0.0.1:9/"), .headers = &header, .header_count = 1,
		.body = AGENT_STR("{}"), .connect_ms = 100, .total_ms = 100, .max_body = 1000,
		.allow_private = AGENT_STR("127.0.0.1:9"), .ca_file = AGENT_STR("/x.pem"),
	};
	bool happened = false;
	agent_http_call *call = agent_wire_call_new(&request, &happened, err);
	if (call == NULL) {
		return AGENT_ERR;
	}
	agent_wire_call_free(call, true);
	request.url = AGENT_STR("https://example.com/");
	request.proxy = AGENT_STR("http://127.0.0.1:3128");
	call = agent_wire_call_new(&request, &happened, err);
	if (call == NULL) {
		return AGENT_ERR;
	}
	bool proxied = call->proxy.port == 3128;
	agent_wire_call_free(call, true);
	return proxied ? AGENT_OK : agent_fail(err, AGENT_DOMAIN_INTERNAL, "direct", "the proxy was passed over");
}

static void allocations_may_fail(void **state)
{
	(void)state;
	agent_error err;
	assert_int_equal(agent_wire_startup(&err), AGENT_OK);
	torture("url check", check_scenario, NULL);
	torture("call", call_scenario, NULL);
	agent_wire_shutdown();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_that_are_not_public_are_refused),
		cmocka_unit_test(public_addresses_and_names_are_allowed),
		cmocka_unit_test(other_schemes_and_forms_are_refused),
		cmocka_unit_test(private_hosts_are_opened_by_name_and_port),
		cmocka_unit_test(a_proxy_is_a_host_and_a_port),
		cmocka_unit_test(retry_after_is_read_in_its_forms),
		cmocka_unit_test(only_the_final_head_counts),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

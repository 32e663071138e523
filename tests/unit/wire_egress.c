/* SPDX-License-Identifier: MIT
 * wire/ and what a server, the environment or a home directory would have it do besides: redirects, passwords, cookies, other
 * servers, encodings. It does none of it; an answer is an answer, and no larger than allowed. */
#include "tests/support/tls_server.h"

#define GZIP_SMALL \
	"\\x1f\\x8b\\x08\\x00\\x00\\x00\\x00\\x00\\x02\\x03\\xab\\x56\\xca\\xcf\\x56\\xb2\\x2a\\x29\\x2a\\x4d" \
	"\\xad\\x05\\x00\\x90\\x5f\\xd4\\xa7\\x0b\\x00\\x00\\x00"
/* 3 MB of one letter, compressed twice. */
#define GZIP_BOMB \
	"\\x1f\\x8b\\x08\\x00\\x00\\x00\\x00\\x00\\x02\\x03\\x93\\xef\\xe6\\x60\\x00\\x01\\x26\\xe6\\xb7\\x07" \
	"\\x19\\x19\\x81\\x8c\\xa6\\x05\\xf7\\xd7\\xe5\\x7b\\x38\\x30\\x32\\x8c\\x82\\x51\\x30\\x0a\\x46\\xc1" \
	"\\x28\\x18\\x05\\xa3\\x60\\x14\\x8c\\x82\\x51\\x30\\x0a\\xa8\\x00\\xf4\\xd9\\x56\\xff\\x5e\\x6f\\x77" \
	"\\xe0\\x98\\x2e\\x03\\x00\\x58\\x37\\x32\\xce\\x7d\\x0b\\x00\\x00"

static void redirects_are_answers(void **state)
{
	(void)state;
	static const int statuses[] = { 300, 301, 302, 303, 305, 307, 308, 399 };
	static const char *const methods[] = { "GET", "POST" };
	int other_port, other = listen_here(&other_port);
	fcntl(other, F_SETFL, O_NONBLOCK);
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		char lines[512], url[256];
		snprintf(lines, sizeof lines, "status %d\nheader Location: http://127.0.0.1:%d/%s/\nheader Refresh: 0; url=http://127.0.0.1:%d/\n"
			"header Link: <http://127.0.0.1:%d/>; rel=preload\njson {}\n", statuses[i], i % 2 == 0 ? other_port : port, "moved", other_port, other_port);
		script("moved", lines);
		int from = log_length();
		for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
			agent_http_request request = request_for("moved/", url, sizeof url);
			request.method = agent_str_cstr(methods[m]);
			request.body = m == 1 ? request.body : AGENT_STR("");
			outcome out = exchange(&request);
			assert_int_equal(out.state, AGENT_HTTP_DONE);
			assert_int_equal(out.answer.status, statuses[i]);
		}
		assert_int_equal(logged("request", from), 2);
	}
	assert_int_equal(accept(other, NULL, NULL), -1);
	close(other);
}

static void the_environment_names_no_proxy(void **state)
{
	(void)state;
	static const char *const names[] = { "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy" };
	int proxy_port, proxy = listen_here(&proxy_port);
	char value[64];
	fcntl(proxy, F_SETFL, O_NONBLOCK);
	snprintf(value, sizeof value, "http://127.0.0.1:%d", proxy_port);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		setenv(names[i], value, 1);
	}
	setenv("NO_PROXY", "", 1);
	script("plain", "json {}\n");
	assert_int_equal(get("plain/").state, AGENT_HTTP_DONE);
	agent_http_request request = tls_request("x");
	outcome out = exchange(&request);
	assert_int_equal(out.state, AGENT_HTTP_DONE);
	assert_int_equal(accept(proxy, NULL, NULL), -1);
	close(proxy);
}

static void no_password_is_looked_for(void **state)
{
	(void)state;
	char path[128];
	static const char *const files[] = { ".netrc", "_netrc", ".curlrc" };
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, files[i]);
		FILE *f = fopen(path, "w");
		fputs(i < 2 ? "machine 127.0.0.1 login a password secret\ndefault login b password secret\n" : "user = a:secret\n", f);
		fclose(f);
	}
	setenv("HOME", folder, 1);
	setenv("CURL_HOME", folder, 1);
	script("who", "status 401\nheader WWW-Authenticate: Basic realm=\"x\"\nheader WWW-Authenticate: Negotiate\n"
		"header WWW-Authenticate: NTLM\nheader WWW-Authenticate: Digest realm=\"x\", nonce=\"y\"\njson {}\nnext\necho\n");
	int from = log_length();
	outcome out = get("who/");
	assert_int_equal(out.state, AGENT_HTTP_DONE);
	assert_int_equal(out.answer.status, 401);
	assert_int_equal(logged("request", from), 1);
	out = get("who/");
	assert_null(strstr(out.body, "uthorization"));
	assert_null(strstr(out.body, "secret"));
}

static void nothing_is_remembered_of_a_server(void **state)
{
	(void)state;
	int other_port, other = listen_here(&other_port);
	char lines[512];
	fcntl(other, F_SETFL, O_NONBLOCK);
	snprintf(lines, sizeof lines, "header Set-Cookie: a=b; Path=/\nheader Alt-Svc: h2=\"127.0.0.1:%d\"; ma=3600; persist=1\n"
		"header Strict-Transport-Security: max-age=31536000\nheader ETag: \"x\"\nheader Accept-CH: DPR\njson {}\nnext\necho\n", other_port);
	script("keep", lines);
	assert_int_equal(get("keep/").state, AGENT_HTTP_DONE);
	outcome out = get("keep/"); /* to the same server, as plain as before */
	assert_int_equal(out.state, AGENT_HTTP_DONE);
	assert_null(strstr(out.body, "cookie"));
	assert_null(strstr(out.body, "if-none-match"));
	assert_null(strstr(out.body, "upgrade"));
	assert_null(strstr(out.body, "alt-used"));
	assert_null(strstr(out.body, "accept-encoding"));
	assert_null(strstr(out.body, "referer"));
	assert_int_equal(accept(other, NULL, NULL), -1);
	close(other);
}

static void bytes_are_counted_as_they_are_handed_out(void **state)
{
	(void)state;
	char url[256];
	agent_http_request request = request_for("zip/", url, sizeof url);
	request.max_body = 100000;
	script("zip", "raw HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Encoding: gzip\\r\\n\\r\\n" GZIP_SMALL "\ncut fin\n");
	outcome out = exchange(&request); /* nobody asked for it: bytes, which are no JSON */
	assert_int_equal(out.state, AGENT_HTTP_DONE);
	assert_int_equal(out.body[0], 0x1f);
	assert_null(strstr(out.body, "ok"));
	script("zip", "raw HTTP/1.1 200 OK\\r\\nContent-Encoding: gzip, gzip\\r\\n\\r\\n" GZIP_BOMB "\ncut fin\n");
	out = exchange(&request);
	assert_int_equal(out.state, AGENT_HTTP_DONE);
	assert_true(out.len < 1000);
	/* libcurl undoes a transfer's encoding in any case: what comes out of it counts. */
	script("zip", "raw HTTP/1.1 200 OK\\r\\nTransfer-Encoding: gzip, gzip\\r\\n\\r\\n" GZIP_BOMB "\ncut fin\n");
	out = exchange(&request);
	assert_int_equal(out.state, AGENT_HTTP_FAILED);
	assert_true(strcmp(out.err.code, "too_large") == 0 || strcmp(out.err.code, "transfer") == 0);
	assert_true(out.len <= 100000);
	script("zip", "raw HTTP/1.1 200 OK\\r\\nTransfer-Encoding: gzip, gzip, gzip, gzip, gzip, gzip, gzip\\r\\n\\r\\n" GZIP_BOMB "\ncut fin\n");
	assert_int_equal(exchange(&request).state, AGENT_HTTP_FAILED);
}

static void heads_without_end_are_refused(void **state)
{
	(void)state;
	static char lines[400000];
	size_t len = (size_t)snprintf(lines, sizeof lines, "raw HTTP/1.1 200 OK\\r\\nX: ");
	memset(lines + len, 'y', 300000);
	snprintf(lines + len + 300000, 64, "\\r\\n\\r\\n\ncut fin\n");
	script("head", lines); /* one line */
	outcome out = get("head/");
	assert_int_equal(out.state, AGENT_HTTP_FAILED);
	assert_string_equal(out.err.code, "too_large");
	len = 0;
	for (int i = 0; i < 300; i++) { /* interim answers */
		len += (size_t)snprintf(lines + len, sizeof lines - len, "raw HTTP/1.1 103 Early\\r\\nX: %01000d\\r\\n\\r\\n\n", i);
	}
	snprintf(lines + len, sizeof lines - len, "json {}\n");
	script("head", lines);
	out = get("head/");
	assert_int_equal(out.state, AGENT_HTTP_FAILED);
	assert_string_equal(out.err.code, "too_large");
	len = (size_t)snprintf(lines, sizeof lines, "raw HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\n");
	for (int i = 0; i < 300; i++) { /* behind the body */
		len += (size_t)snprintf(lines + len, sizeof lines - len, "raw X-%05d: %01000d\\r\\n\n", i, i);
	}
	snprintf(lines + len, sizeof lines - len, "raw \\r\\n\n");
	script("head", lines);
	out = get("head/");
	assert_int_equal(out.state, AGENT_HTTP_FAILED);
	assert_string_equal(out.err.code, "too_large");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(redirects_are_answers),
		cmocka_unit_test(the_environment_names_no_proxy),
		cmocka_unit_test(no_password_is_looked_for),
		cmocka_unit_test(nothing_is_remembered_of_a_server),
		cmocka_unit_test(bytes_are_counted_as_they_are_handed_out),
		cmocka_unit_test(heads_without_end_are_refused),
	};
	return cmocka_run_group_tests(tests, tls_set_up, tls_tear_down);
}

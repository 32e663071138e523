/* SPDX-License-Identifier: MIT
 * wire/http over TLS: certificates, warm connections under the network rule, SIGPIPE.
 * The server is a child of this program; it says 'r' for each request that it reads. */
#include "tests/support/http_harness.h"

#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

static char ca_path[128], tls_allow[128];
static int tls_port, tls_events = -1, tls_listener = -1;
static pid_t tls_server;

static X509 *certificate(EVP_PKEY *key)
{
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);
	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_set_pubkey(cert, key);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0);
	X509_set_issuer_name(cert, name);
	X509_EXTENSION *names = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "DNS:localhost");
	X509_add_ext(cert, names, -1);
	X509_EXTENSION_free(names);
	assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
	return cert;
}

/* "/slam" is reset as soon as its head is there, "/leave" behind its answer. */
static void serve_connection(SSL *ssl, int fd, int events)
{
	static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
	char text[65536];
	int n;
	if (SSL_accept(ssl) != 1) {
		return;
	}
	while ((n = SSL_read(ssl, text, sizeof text - 1)) > 0) {
		text[n] = '\0';
		assert_int_equal(write(events, "r", 1), 1);
		bool slam = strstr(text, "/slam") != NULL;
		if (!slam) {
			SSL_write(ssl, ok, (int)sizeof ok - 1);
		}
		if (slam || strstr(text, "/leave") != NULL) {
			struct linger now = { 1, 0 };
			usleep(slam ? 0 : 20000);
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
			return;
		}
	}
}

/* Each connection has a process of its own, so that warm ones do not hold up the next. */
static void serve_tls(EVP_PKEY *key, X509 *cert, int events)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	signal(SIGCHLD, SIG_IGN);
	SSL_CTX_use_certificate(context, cert);
	SSL_CTX_use_PrivateKey(context, key);
	for (;;) {
		int on = 1, fd = accept(tls_listener, NULL, NULL);
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		if (fd >= 0 && fork() == 0) {
			SSL *ssl = SSL_new(context);
			SSL_set_fd(ssl, fd);
			serve_connection(ssl, fd, events);
			close(fd);
			_exit(0);
		}
		close(fd);
	}
}

static int set_up(void **state)
{
	if (harness_set_up(state) != 0) {
		return -1;
	}
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof address;
	int events[2];
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	tls_listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(tls_listener, (struct sockaddr *)&address, len) != 0 || listen(tls_listener, 16) != 0
		|| getsockname(tls_listener, (struct sockaddr *)&address, &len) != 0 || pipe2(events, O_NONBLOCK) != 0) {
		return -1;
	}
	tls_port = ntohs(address.sin_port);
	tls_events = events[0];
	snprintf(tls_allow, sizeof tls_allow, "localhost:%d", tls_port);
	snprintf(ca_path, sizeof ca_path, "%s/ca.pem", folder);
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = certificate(key);
	FILE *f = fopen(ca_path, "w");
	PEM_write_X509(f, cert);
	fclose(f);
	tls_server = fork();
	if (tls_server == 0) {
		close(server_stdin);
		serve_tls(key, cert, events[1]);
	}
	close(events[1]);
	close(tls_listener);
	X509_free(cert);
	EVP_PKEY_free(key);
	return 0;
}

static int tear_down(void **state)
{
	kill(tls_server, SIGKILL);
	waitpid(tls_server, NULL, 0);
	get("warm/");
	return harness_tear_down(state);
}

/* How many requests the server has read since the last time. */
static int requests_heard(void)
{
	char text[64];
	int count = 0;
	ssize_t n = read(tls_events, text, sizeof text);
	for (ssize_t i = 0; i < n; i++) {
		count += text[i] == 'r';
	}
	return count;
}

static char url[256];

static agent_http_request tls_request(const char *path)
{
	agent_http_request request = request_for("", url, sizeof url);
	snprintf(url, sizeof url, "https://localhost:%d/%s", tls_port, path);
	request.url = agent_str_cstr(url);
	request.allow_private = agent_str_cstr(tls_allow);
	request.ca_file = agent_str_cstr(ca_path);
	return request;
}

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
	snprintf(url, sizeof url, "https://127.0.0.1:%d/", tls_port); /* a name that the certificate does not bear */
	snprintf(tls_allow, sizeof tls_allow, "127.0.0.1:%d localhost:%d", tls_port, tls_port);
	request.url = agent_str_cstr(url);
	request.allow_private = agent_str_cstr(tls_allow);
	out = exchange(&request);
	assert_string_equal(out.err.code, "tls");
	assert_int_equal(requests_heard(), 0);
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
	assert_int_equal(requests_heard(), 2);
	request.allow_private = AGENT_STR("");
	out = exchange(&request);
	assert_int_equal(out.state, AGENT_HTTP_FAILED);
	assert_string_equal(out.err.code, "address_refused");
	assert_non_null(strstr(out.err.message, "127.0.0.1"));
	assert_int_equal(requests_heard(), 0);
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
		cmocka_unit_test(a_warm_connection_obeys_the_rule_of_each_call),
		cmocka_unit_test(a_reset_while_sending_does_not_end_the_process),
		cmocka_unit_test(a_warm_connection_that_was_reset_does_not_end_the_process),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

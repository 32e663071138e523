/* SPDX-License-Identifier: MIT
 * A TLS server on loopback, a child of the test program; it says 'c' for each connection and 'r' for each request that it reads.
 * Its certificate is of its own authority and bears the names localhost and *.test. */
#ifndef AGENT_TESTS_TLS_SERVER_H
#define AGENT_TESTS_TLS_SERVER_H

#include "tests/support/http_harness.h"

#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

static char ca_path[128], tls_allow[128];
static int tls_port, tls_events = -1;
static pid_t tls_server;

static inline X509 *tls_certificate(EVP_PKEY *key)
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
	X509_EXTENSION *names = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "DNS:localhost, DNS:*.agent.test");
	X509_add_ext(cert, names, -1);
	X509_EXTENSION_free(names);
	assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
	return cert;
}

/* "/slam" is reset as soon as its head is there, "/leave" behind its answer, "/close" closed as it should be. */
static inline void tls_serve_connection(SSL *ssl, int fd, int events)
{
	static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
	char text[65536];
	int n;
	assert_int_equal(write(events, "c", 1), 1);
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
		if (strstr(text, "/close") != NULL) {
			SSL_shutdown(ssl);
			return;
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
static inline void tls_serve(int listener, EVP_PKEY *key, X509 *cert, int most, int events)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	signal(SIGCHLD, SIG_IGN);
	if (most > 0) { /* an old server, which would take anything */
		SSL_CTX_set_security_level(context, 0);
		SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
		SSL_CTX_set_max_proto_version(context, most);
	}
	SSL_CTX_use_certificate(context, cert);
	SSL_CTX_use_PrivateKey(context, key);
	for (;;) {
		int on = 1, fd = accept(listener, NULL, NULL);
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		if (fd >= 0 && fork() == 0) {
			SSL *ssl = SSL_new(context);
			SSL_set_fd(ssl, fd);
			tls_serve_connection(ssl, fd, events);
			close(fd);
			_exit(0);
		}
		close(fd);
	}
}

/* A socket that listens on a free port of 127.0.0.1. */
static inline int listen_here(int *on_port)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof address;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, 16) != 0
		|| getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
		fail_msg("no socket to listen on: %s", strerror(errno));
	}
	*on_port = ntohs(address.sin_port);
	return fd;
}

/* most: a version of TLS, 0 for the newest. */
static inline pid_t tls_start(int most, int *on_port, const char *ca, int *events)
{
	int pipes[2], listener = listen_here(on_port);
	assert_int_equal(pipe2(pipes, O_NONBLOCK), 0);
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = tls_certificate(key);
	FILE *f = fopen(ca, "w");
	assert_non_null(f);
	PEM_write_X509(f, cert);
	fclose(f);
	pid_t pid = fork();
	if (pid == 0) {
		close(server_stdin);
		tls_serve(listener, key, cert, most, pipes[1]);
	}
	close(pipes[1]);
	close(listener);
	X509_free(cert);
	EVP_PKEY_free(key);
	*events = pipes[0];
	return pid;
}

static inline int tls_set_up(void **state)
{
	if (harness_set_up(state) != 0) {
		return -1;
	}
	snprintf(ca_path, sizeof ca_path, "%s/ca.pem", folder);
	tls_server = tls_start(0, &tls_port, ca_path, &tls_events);
	snprintf(tls_allow, sizeof tls_allow, "localhost:%d", tls_port);
	return 0;
}

static inline int tls_tear_down(void **state)
{
	kill(tls_server, SIGKILL);
	waitpid(tls_server, NULL, 0);
	script("warm", "json {}\n");
	get("warm/");
	return harness_tear_down(state);
}

/* How many connections ('c') and requests ('r') have come since the last time. */
static inline int tls_heard(char what)
{
	static int seen[2];
	char text[256];
	ssize_t n;
	while ((n = read(tls_events, text, sizeof text)) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			seen[text[i] == 'r']++;
		}
	}
	int count = seen[what == 'r'];
	seen[what == 'r'] = 0;
	return count;
}

static char tls_url[256];

/* To localhost, which is allowed. */
static inline agent_http_request tls_request(const char *path)
{
	agent_http_request request = request_for("", tls_url, sizeof tls_url);
	snprintf(tls_url, sizeof tls_url, "https://localhost:%d/%s", tls_port, path);
	request.url = agent_str_cstr(tls_url);
	request.allow_private = agent_str_cstr(tls_allow);
	request.ca_file = agent_str_cstr(ca_path);
	return request;
}

#endif

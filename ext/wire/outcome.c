/* SPDX-License-Identifier: MIT
 * What the end of a transfer means: libcurl's code becomes our domain, code and sentence.
 * Messages name host and port, never the URL or a header. */
#include "ext/wire/call.h"

#include "ext/base/alloc.h"

typedef struct meaning {
	CURLcode from;
	const char *code;
	bool retry;
	const char *words;  /* "<words> host:port" */
} meaning;

static const meaning meanings[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, "resolve", true, "no address found for" },
	{ CURLE_COULDNT_CONNECT, "connect", true, "no connection to" },
	{ CURLE_SSL_CONNECT_ERROR, "tls", true, "no TLS connection to" },
	{ CURLE_PEER_FAILED_VERIFICATION, "tls", true, "no TLS connection to" },
	{ CURLE_SSL_CERTPROBLEM, "tls", true, "no TLS connection to" },
	{ CURLE_SSL_CIPHER, "tls", true, "no TLS connection to" },
	{ CURLE_SSL_CACERT_BADFILE, "tls", true, "no TLS connection to" },
	{ CURLE_SSL_CRL_BADFILE, "tls", true, "no TLS connection to" },
	{ CURLE_SSL_ISSUER_ERROR, "tls", true, "no TLS connection to" },
	{ CURLE_SSL_INVALIDCERTSTATUS, "tls", true, "no TLS connection to" },
	{ CURLE_PARTIAL_FILE, "cut", true, "the answer was cut off by" },
	{ CURLE_RECV_ERROR, "cut", true, "the answer was cut off by" },
	{ CURLE_SEND_ERROR, "cut", true, "the connection was closed by" },
	{ CURLE_GOT_NOTHING, "cut", true, "the connection was closed without an answer by" },
	{ CURLE_HTTP2, "cut", true, "the answer was cut off by" },
	{ CURLE_HTTP2_STREAM, "cut", true, "the answer was cut off by" },
	{ CURLE_WEIRD_SERVER_REPLY, "protocol", false, "this is no HTTP that came from" },
	{ CURLE_UNSUPPORTED_PROTOCOL, "protocol", false, "this is no HTTP that came from" },
};

static void timed_out(const agent_http_call *call, agent_error *err)
{
	curl_off_t before_request = 0;
	curl_easy_getinfo(call->easy, CURLINFO_PRETRANSFER_TIME_T, &before_request);
	if (before_request == 0) {
		agent_fail(err, AGENT_DOMAIN_TIMEOUT, "connect_timeout", "no connection to %s in time", call->target.name);
		err->retry = true; /* nothing was sent */
		return;
	}
	agent_fail(err, AGENT_DOMAIN_TIMEOUT, "timeout", "%s did not answer in time", call->target.name);
}

static void by_table(const agent_http_call *call, CURLcode code, agent_error *err)
{
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
		const meaning *m = &meanings[i];
		if (m->from != code) {
			continue;
		}
		bool tls = strcmp(m->code, "tls") == 0 && call->tls_error[0] != '\0';
		agent_fail(err, AGENT_DOMAIN_HTTP, m->code, "%s %s%s%s", m->words, call->target.name, tls ? ": " : "",
			tls ? call->tls_error : "");
		err->retry = m->retry;
		return;
	}
	agent_fail(err, AGENT_DOMAIN_HTTP, "transfer", "the exchange with %s failed: %s", call->target.name,
		curl_easy_strerror(code));
}

/* The proxy did not get as far as the target. */
static bool by_proxy(const agent_http_call *call, CURLcode code, agent_error *err)
{
	long status = 0;
	if (call->proxy.port == 0) {
		return false;
	}
	curl_easy_getinfo(call->easy, CURLINFO_HTTP_CONNECTCODE, &status);
	if (code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_COULDNT_CONNECT) {
		agent_fail(err, AGENT_DOMAIN_HTTP, "proxy", "no connection to the proxy (agent.proxy)");
		err->retry = true;
		return true;
	}
	if (status / 100 == 2 || status == 0) {
		return false;
	}
	agent_fail(err, AGENT_DOMAIN_HTTP, "proxy", "the proxy (agent.proxy) answered %ld and did not connect to %s", status,
		call->target.name);
	err->retry = status >= 500;
	return true;
}

/* A header line over libcurl's own ceiling (100 KB) ends a transfer as if memory had run out; since 8.6 it has a code of its
 * own. What a server sends must not look like this machine's trouble: if there is memory, it was the server. */
static bool head_too_large(const agent_http_call *call, CURLcode code)
{
	curl_off_t connected = 0;
#if LIBCURL_VERSION_NUM >= 0x080600
	if (code == CURLE_TOO_LARGE) {
		return true;
	}
#endif
	if (call->head_too_large || code != CURLE_OUT_OF_MEMORY || call->no_memory) {
		return call->head_too_large;
	}
	curl_easy_getinfo(call->easy, CURLINFO_CONNECT_TIME_T, &connected);
	void *probe = connected > 0 ? agent_malloc(AGENT_WIRE_HEAD_MAX) : NULL;
	bool there = probe != NULL;
	agent_free(probe);
	return there;
}

static void fill(const agent_http_call *call, CURLcode code, agent_error *err)
{
	if (head_too_large(call, code)) {
		agent_fail(err, AGENT_DOMAIN_LIMIT, "too_large", "the head of the answer of %s is too large", call->target.name);
	} else if (call->no_memory || code == CURLE_OUT_OF_MEMORY) {
		agent_fail_memory(err);
	} else if (call->too_large || code == CURLE_FILESIZE_EXCEEDED) {
		agent_fail(err, AGENT_DOMAIN_LIMIT, "too_large", "the answer of %s is larger than %zu bytes",
			call->target.name, call->max_body);
	} else if (call->refused && (code == CURLE_COULDNT_CONNECT || code == CURLE_ABORTED_BY_CALLBACK)) {
		agent_fail(err, AGENT_DOMAIN_HTTP, "address_refused",
			"%s has the address %s, which is not public, and agent.allow_private does not name it",
			call->target.name, call->refused_address);
	} else if (call->repeated) {
		agent_fail(err, AGENT_DOMAIN_HTTP, "cut", "the connection was closed under the request by %s",
			call->target.name);
		err->retry = true;
	} else if (code == CURLE_OPERATION_TIMEDOUT) {
		timed_out(call, err);
	} else if (!by_proxy(call, code, err)) {
		by_table(call, code, err);
	}
	err->http = call->head.complete ? call->head.status : 0;
}

void agent_wire_call_end(agent_http_call *call, CURLcode code)
{
	*call->happened = true;
	call->state = code == CURLE_OK ? AGENT_HTTP_DONE : AGENT_HTTP_FAILED;
	if (code != CURLE_OK) {
		fill(call, code, &call->error);
	}
}

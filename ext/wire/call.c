/* SPDX-License-Identifier: MIT
 * One exchange: what libcurl is told and what its callbacks collect.
 * Polling, connections and processes: http.c; what a transfer's end means: outcome.c. */
#include "ext/wire/call.h"

#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ext/base/alloc.h"

/* --- callbacks: no PHP, no failure but by return value --- */

static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
	agent_http_call *call = data;
	size_t len = size * count;
	*call->happened = true;
	if (len > call->max_body - call->total) {
		call->too_large = true;
		return 0; /* fewer bytes than came: libcurl ends the transfer; len is never 0 here */
	}
	agent_buf_add(&call->incoming, (agent_str){ bytes, len });
	if (call->incoming.fault != AGENT_BUF_FINE) {
		call->no_memory = true;
		return 0;
	}
	call->total += len;
	return len;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *data)
{
	agent_http_call *call = data;
	size_t len = size * count;
	if (len > AGENT_WIRE_HEAD_MAX - call->head_bytes) { /* libcurl keeps all of them; some versions without end */
		call->head_too_large = true;
		return 0;
	}
	call->head_bytes += len;
	agent_wire_head_line(&call->head, agent_str_of(bytes, len));
	if (call->head.complete) {
		*call->happened = true;
	}
	return len;
}

static void refuse_address(agent_http_call *call, const struct sockaddr *address, size_t len)
{
	call->refused = true;
	if (getnameinfo(address, (socklen_t)len, call->refused_address, sizeof call->refused_address, NULL, 0,
			NI_NUMERICHOST) != 0) {
		call->refused_address[0] = '\0';
	}
}

/* The host's INI names where this connection goes: the target in agent.allow_private, or the proxy. */
static bool exempt(const agent_http_call *call)
{
	return call->target.allowed || call->proxy.port != 0;
}

/* The name has been resolved: the last moment before a connection, which goes to this very address. */
static curl_socket_t on_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
	agent_http_call *call = data;
	bool inet = address->family == AF_INET || address->family == AF_INET6;
	if (purpose != CURLSOCKTYPE_IPCXN || !inet
		|| (!exempt(call) && !agent_wire_address_public(&address->addr, address->addrlen))) {
		refuse_address(call, &address->addr, address->addrlen);
		return CURL_SOCKET_BAD;
	}
#ifdef SOCK_CLOEXEC
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
	int fd = socket(address->family, address->socktype, address->protocol);
	if (fd >= 0) {
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	return fd;
#endif
}

#if LIBCURL_VERSION_NUM >= 0x075000
/* Before the request goes out, over a new connection or a warm one. A warm one may have been opened by a call
 * that was allowed more. And when a warm one dies under the request, libcurl would send it again: for a POST
 * the caller decides that. */
static int on_request(void *data, char *ip, char *local_ip, int port, int local_port)
{
	agent_http_call *call = data;
	bool literal;
	(void)local_ip;
	(void)port;
	(void)local_port;
	if (!exempt(call) && !agent_wire_literal_public(ip, &literal)) {
		agent_str text = agent_str_cut(agent_str_cstr(ip), 0, sizeof call->refused_address - 1);
		memcpy(call->refused_address, text.ptr, text.len);
		call->refused_address[text.len] = '\0';
		call->refused = true;
		return CURL_PREREQFUNC_ABORT;
	}
	long sent = 0;
	curl_easy_getinfo(call->easy, CURLINFO_REQUEST_SIZE, &sent);
	if (!call->asked) {
		call->asked = true;
		call->sent_before = sent;
	}
	if (call->post && sent > call->sent_before) { /* some of it went out: the server may have read all */
		call->repeated = true;
		return CURL_PREREQFUNC_ABORT;
	}
	return CURL_PREREQFUNC_OK;
}
#endif

/* --- the request --- */

static bool token(agent_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c <= 0x20 || c >= 0x7f || strchr("()<>@,;:\\\"/[]?={}", c) != NULL) {
			return false;
		}
	}
	return text.len > 0;
}

static agent_status bad_request(agent_error *err, const char *why)
{
	return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "bad_request", "%s", why);
}

/* Appends a header line; libcurl copies it. */
static agent_status add_header(agent_http_call *call, agent_str line, agent_error *err)
{
	agent_buf text;
	agent_buf_init(&text, 64 * 1024);
	agent_buf_add(&text, line);
	agent_buf_add_char(&text, '\0');
	agent_status status = agent_buf_check(&text, "a header of the request", err);
	if (status == AGENT_OK) {
		struct curl_slist *longer = curl_slist_append(call->headers, text.ptr);
		call->headers = longer != NULL ? longer : call->headers;
		status = longer != NULL ? AGENT_OK : agent_fail_memory(err);
	}
	agent_buf_clear(&text);
	return status;
}

static bool reserved(agent_str name)
{
	return agent_str_eq_nocase(name, AGENT_STR("host")) || agent_str_eq_nocase(name, AGENT_STR("content-length"))
		|| agent_str_eq_nocase(name, AGENT_STR("transfer-encoding"))
		|| agent_str_eq_nocase(name, AGENT_STR("expect"));
}

static agent_status take_headers(agent_http_call *call, const agent_http_request *request, agent_error *err)
{
	bool typed = false;
	for (size_t i = 0; i < request->header_count; i++) {
		agent_str line = request->headers[i];
		size_t colon = agent_str_find(line, AGENT_STR(":"), 0);
		agent_str name = agent_str_cut(line, 0, colon);
		for (size_t k = 0; k < line.len; k++) {
			if (((unsigned char)line.ptr[k] < 0x20 && line.ptr[k] != '\t') || line.ptr[k] == 0x7f) {
				return bad_request(err, "a header of the request contains a control character");
			}
		}
		if (colon == (size_t)-1 || !token(name)) {
			return bad_request(err, "a header of the request is not \"Name: value\"");
		}
		if (reserved(name)) {
			return bad_request(err, "a header of the request is one that the client sets itself");
		}
		typed = typed || agent_str_eq_nocase(name, AGENT_STR("content-type"));
		if (add_header(call, line, err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	if (!typed && add_header(call, AGENT_STR("Content-Type:"), err) != AGENT_OK) { /* no form type by default */
		return AGENT_ERR;
	}
	return add_header(call, AGENT_STR("Expect:"), err); /* no waiting for 100 Continue */
}

static CURLcode set_text(agent_http_call *call, CURLoption option, agent_str text)
{
	if (memchr(text.ptr, '\0', text.len) != NULL) {
		return CURLE_BAD_FUNCTION_ARGUMENT;
	}
	char *copy = agent_malloc(text.len + 1);
	if (copy == NULL) {
		return CURLE_OUT_OF_MEMORY;
	}
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	CURLcode code = curl_easy_setopt(call->easy, option, copy);
	agent_free(copy);
	return code;
}

#define SET(option, value) (code = code != CURLE_OK ? code : curl_easy_setopt(call->easy, (option), (value)))
#define SET_TEXT(option, text) (code = code != CURLE_OK ? code : set_text(call, (option), (text)))

static CURLcode set_method(agent_http_call *call, const agent_http_request *request)
{
	CURLcode code = CURLE_OK;
	bool get = agent_str_is(request->method, "GET");
	bool post = agent_str_is(request->method, "POST");
	call->post = !get && !agent_str_is(request->method, "HEAD");
	if (post || request->body.len > 0) {
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
		SET(CURLOPT_COPYPOSTFIELDS, request->body.ptr);
	}
	if (agent_str_is(request->method, "HEAD")) {
		SET(CURLOPT_NOBODY, 1L);
	} else if ((!post && !get) || (get && request->body.len > 0)) {
		SET_TEXT(CURLOPT_CUSTOMREQUEST, request->method);
	}
	return code;
}

static CURLcode set_rules(agent_http_call *call, const agent_http_request *request)
{
	CURLcode code = CURLE_OK;
#if LIBCURL_VERSION_NUM >= 0x075500
	SET(CURLOPT_PROTOCOLS_STR, call->target.scheme);
#else
	SET(CURLOPT_PROTOCOLS, (long)(strcmp(call->target.scheme, "https") == 0 ? CURLPROTO_HTTPS : CURLPROTO_HTTP));
#endif
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_OPENSOCKETFUNCTION, on_socket);
	SET(CURLOPT_OPENSOCKETDATA, call);
#if LIBCURL_VERSION_NUM >= 0x075000
	SET(CURLOPT_PREREQFUNCTION, on_request);
	SET(CURLOPT_PREREQDATA, call);
#else
	SET(CURLOPT_FRESH_CONNECT, 1L); /* nobody would ask where a warm connection goes */
#endif
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (request->ca_file.len > 0) {
		SET_TEXT(CURLOPT_CAINFO, request->ca_file);
	}
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)(request->connect_ms > 0 ? request->connect_ms : 1));
	SET(CURLOPT_TIMEOUT_MS, (long)(request->total_ms > 0 ? request->total_ms : 1));
	SET(CURLOPT_MAXFILESIZE_LARGE, request->max_body < INT64_MAX ? (curl_off_t)request->max_body : INT64_MAX);
#if LIBCURL_VERSION_NUM >= 0x075700
	SET(CURLOPT_QUICK_EXIT, 1L); /* a cancelled call does not wait for a name server */
#endif
	return code;
}

/* The empty texts are said, not left out: libcurl would ask the environment (http_proxy, ALL_PROXY, NO_PROXY …), which
 * scripts write. What agent.allow_private names is the host's own and called directly; all else is https, so the proxy
 * sees a host and a port and never a token. */
static CURLcode set_proxy(agent_http_call *call, const agent_http_request *request)
{
	CURLcode code = CURLE_OK;
	SET_TEXT(CURLOPT_PROXY, call->proxy.port != 0 ? request->proxy : AGENT_STR_EMPTY);
	SET(CURLOPT_NOPROXY, "");
	SET(CURLOPT_HTTPPROXYTUNNEL, call->proxy.port != 0 ? 1L : 0L);
	SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	return code;
}

static CURLcode set_transfer(agent_http_call *call, const agent_http_request *request)
{
	CURLcode code = CURLE_OK;
	SET_TEXT(CURLOPT_URL, request->url);
	SET(CURLOPT_PATH_AS_IS, 1L); /* the path is signed as it is written */
	SET(CURLOPT_HTTPHEADER, call->headers);
	SET(CURLOPT_USERAGENT, "php-agent");
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	SET(CURLOPT_TCP_NODELAY, 1L);
	SET(CURLOPT_MAXAGE_CONN, 60L);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, call);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, call);
	SET(CURLOPT_ERRORBUFFER, call->tls_error);
	SET(CURLOPT_PRIVATE, call);
	return code;
}

static agent_status prepare(agent_http_call *call, const agent_http_request *request, agent_error *err)
{
	if (!token(request->method) || request->method.len > 15) {
		return bad_request(err, "the method of the request is not one word");
	}
	if (agent_wire_target_parse(request->url, request->allow_private, "the request", &call->target, err)
			!= AGENT_OK
		|| take_headers(call, request, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (request->proxy.len > 0 && !call->target.allowed
		&& agent_wire_proxy_parse(request->proxy, &call->proxy, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	call->easy = curl_easy_init();
	CURLcode code = call->easy != NULL ? set_transfer(call, request) : CURLE_OUT_OF_MEMORY;
	code = code != CURLE_OK ? code : set_rules(call, request);
	code = code != CURLE_OK ? code : set_proxy(call, request);
	code = code != CURLE_OK ? code : set_method(call, request);
	if (code == CURLE_OUT_OF_MEMORY) {
		return agent_fail_memory(err);
	}
	if (code != CURLE_OK) {
		return agent_fail(err, AGENT_DOMAIN_INTERNAL, "libcurl", "libcurl does not take an option: %s",
			curl_easy_strerror(code));
	}
	return AGENT_OK;
}

agent_http_call *agent_wire_call_new(const agent_http_request *request, bool *happened, agent_error *err)
{
	agent_http_call *call = agent_calloc(1, sizeof *call);
	if (call == NULL) {
		agent_fail_memory(err);
		return NULL;
	}
	call->happened = happened;
	call->pid = getpid();
	call->max_body = request->max_body;
	agent_buf_init(&call->incoming, request->max_body);
	agent_buf_init(&call->shown, request->max_body);
	agent_wire_head_init(&call->head);
	if (prepare(call, request, err) != AGENT_OK) {
		agent_wire_call_free(call, true);
		return NULL;
	}
	return call;
}

void agent_wire_call_free(agent_http_call *call, bool own)
{
	if (own) {
		curl_easy_cleanup(call->easy);
	}
	curl_slist_free_all(call->headers);
	agent_buf_clear(&call->incoming);
	agent_buf_clear(&call->shown);
	agent_free(call);
}

/* SPDX-License-Identifier: MIT
 * The network rule: scheme, host form, address ranges, and what agent.allow_private opens.
 * No connection is made here, no name is looked up. */
#include "ext/wire/address.h"

#include <curl/curl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

#include "ext/base/alloc.h"
#include "ext/wire/http.h"

#define URL_MAX 8192

typedef struct range {
	uint32_t from;
	int bits;
} range;

/* IANA's special-purpose registry: whatever is not global unicast. And one that is none of the internet's. */
static const range special_v4[] = {
	{ 0x00000000, 8 },  /* 0.0.0.0, this network */
	{ 0x0A000000, 8 },  /* 10, private */
	{ 0x64400000, 10 }, /* 100.64, carrier-grade NAT */
	{ 0x7F000000, 8 },  /* 127, loopback */
	{ 0xA83F8110, 32 }, /* 168.63.129.16: Azure's services of a machine, on an address that looks public */
	{ 0xA9FE0000, 16 }, /* 169.254, link-local: the clouds' metadata services */
	{ 0xAC100000, 12 }, /* 172.16, private */
	{ 0xC0000000, 24 }, /* 192.0.0, protocol assignments */
	{ 0xC0000200, 24 }, /* 192.0.2, documentation */
	{ 0xC0586300, 24 }, /* 192.88.99, 6to4 relays */
	{ 0xC0A80000, 16 }, /* 192.168, private */
	{ 0xC6120000, 15 }, /* 198.18, benchmarks */
	{ 0xC6336400, 24 }, /* 198.51.100, documentation */
	{ 0xCB007100, 24 }, /* 203.0.113, documentation */
	{ 0xE0000000, 3 },  /* 224 and above: multicast, reserved, broadcast */
};

static bool public_v4(uint32_t address)
{
	for (size_t i = 0; i < sizeof special_v4 / sizeof *special_v4; i++) {
		if ((address ^ special_v4[i].from) >> (32 - special_v4[i].bits) == 0) {
			return false;
		}
	}
	return true;
}

static uint32_t word(const unsigned char *b)
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* Global unicast is 2000::/3; all else (loopback, link-local, ULA, multicast, IPv4-mapped) is not. */
static bool public_v6(const unsigned char *b)
{
	static const unsigned char nat64[12] = { 0x00, 0x64, 0xff, 0x9b };
	if (memcmp(b, nat64, sizeof nat64) == 0) { /* networks without IPv4 reach it so: the address inside counts */
		return public_v4(word(b + 12));
	}
	uint32_t high = word(b);
	return high >> 29 == 1
		&& high >> 9 != 0x20010000 >> 9   /* 2001::/23, protocol assignments, Teredo */
		&& high != 0x20010DB8             /* documentation */
		&& high >> 16 != 0x2002           /* 6to4: an IPv4 address inside */
		&& high >> 12 != 0x3FFF0;         /* documentation */
}

bool agent_wire_address_public(const struct sockaddr *address, size_t len)
{
	if (address->sa_family == AF_INET && len >= sizeof(struct sockaddr_in)) {
		struct sockaddr_in v4;
		memcpy(&v4, address, sizeof v4);
		return public_v4(ntohl(v4.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6 && len >= sizeof(struct sockaddr_in6)) {
		struct sockaddr_in6 v6;
		memcpy(&v6, address, sizeof v6);
		return public_v6(v6.sin6_addr.s6_addr);
	}
	return false;
}

bool agent_wire_literal_public(const char *host, bool *literal)
{
	/* getaddrinfo reads every spelling that connecting would: octal, hexadecimal, short, one number. */
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	*literal = getaddrinfo(host, NULL, &hints, &found) == 0;
	if (!*literal) {
		return false;
	}
	bool result = agent_wire_address_public(found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	return result;
}

static bool separator(char c)
{
	return c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Whether a list of "host:port" names this one. */
static bool named(agent_str list, agent_str host, int port)
{
	for (size_t i = 0; i < list.len;) {
		size_t from = i;
		while (i < list.len && !separator(list.ptr[i])) {
			i++;
		}
		agent_str item = agent_str_cut(list, from, i - from);
		i++;
		size_t colon = item.len;
		while (colon > 0 && item.ptr[colon - 1] != ':') {
			colon--;
		}
		int64_t value;
		if (colon > 0 && agent_str_to_int(agent_str_from(item, colon), &value) && value == port
			&& agent_str_eq_nocase(agent_str_cut(item, 0, colon - 1), host)) {
			return true;
		}
	}
	return false;
}

#define refuse(err, ...) agent_fail((err), AGENT_DOMAIN_HTTP, "address_refused", __VA_ARGS__)

/* One part of the URL into a buffer of the caller's; a part that does not fit is refused. */
static agent_status part(CURLU *url, CURLUPart which, unsigned flags, char *to, size_t size, const char *what,
	agent_error *err)
{
	char *text = NULL;
	CURLUcode code = curl_url_get(url, which, &text, flags);
	if (code == CURLUE_OUT_OF_MEMORY) {
		return agent_fail_memory(err);
	}
	size_t len = code == CURLUE_OK && text != NULL ? strlen(text) : 0;
	if (len > 0 && len < size) {
		memcpy(to, text, len + 1);
	}
	curl_free(text);
	return len > 0 && len < size ? AGENT_OK : refuse(err, "%s: not a valid https address", what);
}

/* A literal address: in brackets, or with the dot that ends a full name. */
static bool literal_refused(const char *host)
{
	char bare[256];
	size_t len = strlen(host);
	bool bracket = host[0] == '[';
	size_t tail = bracket || host[len - 1] == '.' ? 1 : 0; /* the host is never empty */
	size_t from = bracket ? 1 : 0;
	if (len <= from + tail || len - from - tail >= sizeof bare) {
		return true;
	}
	memcpy(bare, host + from, len - from - tail);
	bare[len - from - tail] = '\0';
	bool literal;
	bool is_public = agent_wire_literal_public(bare, &literal);
	return literal ? !is_public : bracket;
}

static bool letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* Whether the last label is a number, decimal or hexadecimal: browsers and some name services read such a host as an
 * address, whatever stands before it. */
static bool ends_in_number(agent_str host)
{
	size_t from = host.len;
	while (from > 0 && host.ptr[from - 1] != '.') {
		from--;
	}
	agent_str label = agent_str_from(host, from);
	bool hex = label.len >= 2 && label.ptr[0] == '0' && (label.ptr[1] | 32) == 'x';
	for (size_t i = hex ? 2 : 0; i < label.len; i++) {
		char c = label.ptr[i];
		if (!((c >= '0' && c <= '9') || (hex && (c | 32) >= 'a' && (c | 32) <= 'f'))) {
			return false;
		}
	}
	return true;
}

/* The host as libcurl has decoded it: labels of letters, digits, '-' and '_', with a dot between them and perhaps one
 * behind the last. All else (blanks, dots of other scripts, what was %-encoded) could be another name to the next
 * that reads it. A number must be an address. */
static bool host_well_formed(const char *text)
{
	if (text[0] == '[') {
		return true; /* libcurl has read the address in it */
	}
	agent_str host = agent_str_cstr(text);
	host.len -= host.len > 0 && host.ptr[host.len - 1] == '.' ? 1 : 0;
	size_t label = 0;
	for (size_t i = 0; i < host.len; i++) {
		char c = host.ptr[i];
		label = c == '.' ? 0 : label + 1;
		if ((c != '.' && c != '-' && c != '_' && !letter_or_digit(c)) || label > 63
			|| (c == '.' && (i == 0 || host.ptr[i - 1] == '.' || i + 1 == host.len))) {
			return false;
		}
	}
	if (host.len == 0 || host.len > 253) {
		return false;
	}
	bool literal = true;
	if (ends_in_number(host)) {
		char bare[256];
		memcpy(bare, host.ptr, host.len);
		bare[host.len] = '\0';
		agent_wire_literal_public(bare, &literal);
	}
	return literal;
}

static agent_status take_parts(CURLU *url, agent_str allow, const char *what, agent_wire_target *out,
	agent_error *err)
{
	char port[8];
	int64_t number;
	if (part(url, CURLUPART_SCHEME, 0, out->scheme, sizeof out->scheme, what, err) != AGENT_OK
		|| part(url, CURLUPART_HOST, 0, out->host, sizeof out->host, what, err) != AGENT_OK
		|| part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof port, what, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (!agent_str_to_int(agent_str_cstr(port), &number) || number < 1 || number > 65535
		|| !host_well_formed(out->host)) {
		return refuse(err, "%s: not a valid https address", what);
	}
	out->port = (int)number;
	out->allowed = named(allow, agent_str_cstr(out->host), out->port);
	snprintf(out->name, sizeof out->name, "%.110s:%d", out->host, out->port);
	bool https = strcmp(out->scheme, "https") == 0;
	if (!https && strcmp(out->scheme, "http") != 0) {
		return refuse(err, "%s: only https:// addresses are called", what);
	}
	if (!https && !out->allowed) {
		return refuse(err, "%s: http:// only to hosts that agent.allow_private names; %s is not", what, out->name);
	}
	if (!out->allowed && literal_refused(out->host)) {
		return refuse(err, "%s: %s is not a public address and agent.allow_private does not name it", what,
			out->name);
	}
	return AGENT_OK;
}

agent_status agent_wire_target_parse(agent_str url, agent_str allow_private, const char *what,
	agent_wire_target *out, agent_error *err)
{
	*out = (agent_wire_target){ .port = 0 };
	if (url.len > URL_MAX) {
		return refuse(err, "%s: the address is longer than %d bytes", what, URL_MAX);
	}
	for (size_t i = 0; i < url.len; i++) {
		unsigned char c = (unsigned char)url.ptr[i];
		if (c <= 0x20 || c >= 0x7f) {
			return refuse(err, "%s: the address has a blank, a control character or one beyond ASCII", what);
		}
	}
	if (memchr(url.ptr, '#', url.len) != NULL) { /* it would not be sent, nor what stands behind it */
		return refuse(err, "%s: an address that is called has no fragment (#)", what);
	}
	size_t colon = agent_str_find(url, AGENT_STR(":"), 0);
	agent_str behind = agent_str_from(url, colon != (size_t)-1 ? colon + 1 : url.len);
	if (memchr(url.ptr, '\\', url.len) != NULL || !agent_str_starts(behind, AGENT_STR("//"))
		|| agent_str_starts(behind, AGENT_STR("///"))) { /* libcurl also takes one slash, and three */
		return refuse(err, "%s: not a valid https address", what);
	}
	char text[URL_MAX + 1];
	memcpy(text, url.ptr, url.len);
	text[url.len] = '\0';
	CURLU *parsed = curl_url();
	CURLUcode code = parsed != NULL ? curl_url_set(parsed, CURLUPART_URL, text, CURLU_DISALLOW_USER)
		: CURLUE_OUT_OF_MEMORY;
	agent_status status;
	if (code == CURLUE_OK) {
		status = take_parts(parsed, allow_private, what, out, err);
	} else if (code == CURLUE_OUT_OF_MEMORY) {
		status = agent_fail_memory(err);
	} else if (code == CURLUE_USER_NOT_ALLOWED) {
		status = refuse(err, "%s: a user name or password does not belong in an address", what);
	} else if (code == CURLUE_UNSUPPORTED_SCHEME) {
		status = refuse(err, "%s: only https:// addresses are called", what);
	} else {
		status = refuse(err, "%s: not a valid https address", what);
	}
	curl_url_cleanup(parsed);
	return status;
}

agent_status agent_wire_proxy_parse(agent_str proxy, agent_wire_target *out, agent_error *err)
{
	*out = (agent_wire_target){ .scheme = "http", .allowed = true };
	agent_str rest = agent_str_from(proxy, 7);
	rest.len -= rest.len > 0 && rest.ptr[rest.len - 1] == '/' ? 1 : 0;
	size_t colon = rest.len;
	while (colon > 0 && rest.ptr[colon - 1] != ':') {
		colon--;
	}
	agent_str host = agent_str_cut(rest, 0, colon > 0 ? colon - 1 : 0);
	bool bracket = host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']';
	int64_t port = 0;
	bool fine = agent_str_eq_nocase(agent_str_cut(proxy, 0, 7), AGENT_STR("http://")) && host.len > 0
		&& host.len < sizeof out->host && memchr(host.ptr, '\0', host.len) == NULL
		&& agent_str_to_int(agent_str_from(rest, colon), &port) && port >= 1 && port <= 65535;
	if (fine) {
		memcpy(out->host, host.ptr + (bracket ? 1 : 0), host.len - (bracket ? 2 : 0));
		bool literal = false;
		if (bracket) {
			agent_wire_literal_public(out->host, &literal);
			memcpy(out->host, host.ptr, host.len);
		}
		fine = bracket ? literal : out->host[0] != '[' && host_well_formed(out->host);
	}
	if (!fine) {
		return agent_fail(err, AGENT_DOMAIN_HTTP, "proxy", "agent.proxy is not \"http://host:port\"");
	}
	out->port = (int)port;
	snprintf(out->name, sizeof out->name, "%.110s:%d", out->host, out->port);
	return AGENT_OK;
}

agent_status agent_wire_url_check(agent_str url, agent_str allow_private, const char *what, agent_error *err)
{
	agent_wire_target target;
	return agent_wire_target_parse(url, allow_private, what, &target, err);
}

agent_status agent_wire_proxy_check(agent_str proxy, agent_error *err)
{
	agent_wire_target target;
	return proxy.len > 0 ? agent_wire_proxy_parse(proxy, &target, err) : AGENT_OK;
}

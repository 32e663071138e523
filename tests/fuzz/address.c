/* SPDX-License-Identifier: MIT
 * Fuzz target: the network rule. The first line is agent.allow_private, the rest is an address.
 * What is let through is looked at with libc's own reading of addresses, not with ours. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "ext/wire/address.h"
#include "ext/wire/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Only the ranges that hurt, in another way than address.c has them. */
static int inside(const struct in_addr *v4)
{
	const unsigned char *b = (const unsigned char *)&v4->s_addr;
	return b[0] == 0 || b[0] == 10 || b[0] == 127 || b[0] >= 224 || (b[0] == 100 && b[1] >= 64 && b[1] < 128)
		|| (b[0] == 169 && b[1] == 254) || (b[0] == 172 && b[1] >= 16 && b[1] < 32) || (b[0] == 192 && b[1] == 168);
}

static void check_host(const char *text)
{
	char host[260];
	struct in_addr v4;
	struct in6_addr v6;
	size_t len = strlen(text);
	if (len == 0 || len >= sizeof host) {
		abort();
	}
	memcpy(host, text, len + 1);
	if (host[0] == '[') {
		host[len - 1] = '\0';
		if (inet_pton(AF_INET6, host + 1, &v6) != 1 || ((v6.s6_addr[0] & 0xe0) != 0x20 && memcmp(v6.s6_addr, "\0\x64\xff\x9b", 4) != 0)) {
			abort(); /* no IPv6 address of the public internet */
		}
		return;
	}
	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)host[i]) && strchr(".-_", host[i]) == NULL) {
			abort();
		}
	}
	host[host[len - 1] == '.' ? len - 1 : len] = '\0';
	if (inet_aton(host, &v4) != 0 && inside(&v4)) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *end = size > 0 ? memchr(text, '\n', size) : NULL;
	agent_str allow = agent_str_of(text, end != NULL ? (size_t)(end - text) : 0);
	agent_str url = end != NULL ? agent_str_of(end + 1, size - allow.len - 1) : agent_str_of(text, size);
	agent_error err = { 0 };
	agent_wire_target target;
	if (agent_wire_target_parse(url, allow, "x", &target, &err) == AGENT_OK) {
		if (target.port < 1 || target.port > 65535 || (strcmp(target.scheme, "https") != 0 && !target.allowed)) {
			abort();
		}
		/* What no name in the list opens is let through without a list, too. */
		agent_wire_target plain;
		if (!target.allowed) {
			check_host(target.host);
			if (agent_wire_target_parse(url, AGENT_STR_EMPTY, "x", &plain, &err) != AGENT_OK) {
				abort();
			}
		}
	} else if (err.domain != AGENT_DOMAIN_HTTP || strcmp(err.code, "address_refused") != 0 || err.message[0] == '\0') {
		abort();
	}
	err = (agent_error){ 0 };
	if (agent_wire_proxy_check(url, &err) != AGENT_OK && strcmp(err.code, "proxy") != 0) {
		abort();
	}
	return 0;
}

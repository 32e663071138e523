/* SPDX-License-Identifier: MIT
 * A visitor's address as the key of a rate: what one visitor can change at will is not part of it.
 * Not the network rule: that is wire/'s. */
#include <arpa/inet.h>
#include <netinet/in.h>

#include "ext/run/chat_internal.h"

agent_str agent_rate_address(agent_str address, char out[AGENT_RATE_ADDRESS])
{
	struct in6_addr six;
	char text[AGENT_RATE_ADDRESS];
	if (address.len == 0 || address.len >= sizeof text) {
		return address;
	}
	memcpy(text, address.ptr, address.len);
	text[address.len] = '\0';
	if (inet_pton(AF_INET6, text, &six) != 1) {
		return address; /* IPv4, or a word of the caller's own */
	}
	if (IN6_IS_ADDR_V4MAPPED(&six)) {
		return inet_ntop(AF_INET, &six.s6_addr[12], out, AGENT_RATE_ADDRESS) != NULL ? agent_str_cstr(out) : address;
	}
	memset(&six.s6_addr[8], 0, 8); /* a /64 is what one customer is given at least */
	return inet_ntop(AF_INET6, &six, out, AGENT_RATE_ADDRESS) != NULL ? agent_str_cstr(out) : address;
}

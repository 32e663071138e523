/* SPDX-License-Identifier: MIT
 * The network rule inside wire/: a URL as the parser that connects reads it, and which addresses are public.
 * Others ask agent_wire_url_check (http.h). */
#ifndef AGENT_WIRE_ADDRESS_H
#define AGENT_WIRE_ADDRESS_H

#include "ext/base/error.h"

struct sockaddr;

typedef struct agent_wire_target {
	char scheme[8];     /* "http" or "https" */
	char host[256];     /* an IPv6 address stands in brackets */
	int port;
	bool allowed;       /* agent.allow_private names host and port */
	char name[128];     /* host:port for messages, cut */
} agent_wire_target;

/* HTTP/address_refused when the URL breaks the rule; `what` begins the message. */
agent_status agent_wire_target_parse(agent_str url, agent_str allow_private, const char *what,
	agent_wire_target *out, agent_error *err);
/* "http://host:port" of the INI; HTTP/proxy for all else. */
agent_status agent_wire_proxy_parse(agent_str proxy, agent_wire_target *out, agent_error *err);
/* Only addresses that are certainly of the public internet: false for all other families, too. */
bool agent_wire_address_public(const struct sockaddr *address, size_t len);
/* The same for the text of an address ("10.0.0.1", "::1", "0x7f.1"). false in *literal: it is not one. */
bool agent_wire_literal_public(const char *host, bool *literal);

#endif

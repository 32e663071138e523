/* SPDX-License-Identifier: MIT
 * Formats of strings: what the parts of schema_format*.c share.
 * Inside this room only; the rest of it knows agent_format_find. */
#ifndef AGENT_CONTRACT_SCHEMA_FORMAT_H
#define AGENT_CONTRACT_SCHEMA_FORMAT_H

#include "ext/base/error.h"

static inline bool agent_format_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool agent_format_alpha(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static inline bool agent_format_hex(char c)
{
	return agent_format_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

static inline bool agent_format_at(agent_str s, size_t i, char c)
{
	return i < s.len && s.ptr[i] == c;
}

/* schema_format_time.c: RFC 3339 */
bool agent_format_date(agent_str s);
bool agent_format_time(agent_str s);
bool agent_format_date_time(agent_str s);
bool agent_format_duration(agent_str s);
/* schema_format_net.c: RFC 1123 and 5890 (A-labels as they are written), 2673, 4291, 5321, 3986 */
bool agent_format_hostname(agent_str s);
bool agent_format_ipv4(agent_str s);
bool agent_format_ipv6(agent_str s);
bool agent_format_email(agent_str s);
bool agent_format_uri(agent_str s);
bool agent_format_uri_reference(agent_str s);

#endif

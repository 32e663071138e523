/* SPDX-License-Identifier: MIT
 * Where the plain part of a JSON string ends: eight bytes at a time.
 * Shared by the reader and the writer; nothing else. */
#ifndef AGENT_CONTRACT_SCAN_H
#define AGENT_CONTRACT_SCAN_H

#include "ext/base/str.h"

/* A byte that a string cannot hold as it is, or that has to be looked at: quote, backslash, control, beyond ASCII. */
static inline bool agent_json_special(unsigned char c)
{
	return c < 0x20 || c >= 0x80 || c == '"' || c == '\\';
}

/* The first special byte at or after p, or end. */
static inline const char *agent_json_plain_end(const char *p, const char *end)
{
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	const uint64_t ones = 0x0101010101010101u;
	while (end - p >= 8) {
		uint64_t w;
		memcpy(&w, p, 8);
		uint64_t quote = w ^ (ones * '"');
		uint64_t slash = w ^ (ones * '\\');
		/* The usual "has a zero byte"; its lowest hit is exact, and only that one is used. */
		uint64_t hit = ((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((w - ones * 0x20) & ~w) | w;
		hit &= ones * 0x80;
		if (hit != 0) {
			return p + (__builtin_ctzll(hit) >> 3);
		}
		p += 8;
	}
#endif
	while (p < end && !agent_json_special((unsigned char)*p)) {
		p++;
	}
	return p;
}

#endif

/* SPDX-License-Identifier: MIT
 * base64url without padding (RFC 4648 section 5), strict.
 * No other alphabet. */
#ifndef AGENT_BASE_B64URL_H
#define AGENT_BASE_B64URL_H

#include "ext/base/buf.h"

/* Without a buffer: out has room for (bytes.len * 4 + 2) / 3 characters. How many were written; no NUL. */
size_t agent_b64url_put(char *out, agent_str bytes);
/* out has room for text.len * 3 / 4 bytes; false as agent_b64url_decode, out then holds anything. */
bool agent_b64url_get(unsigned char *out, agent_str text) AGENT_MUST_USE;

void agent_b64url_encode(agent_buf *out, agent_str bytes);
/* false on a foreign character, padding, an impossible length or bits that are not zero (non-canonical). */
bool agent_b64url_decode(agent_buf *out, agent_str text) AGENT_MUST_USE;

#endif

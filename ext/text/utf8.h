/* SPDX-License-Identifier: MIT
 * UTF-8: checking, stepping, and where a text may be cut.
 * No allocation. */
#ifndef AGENT_TEXT_UTF8_H
#define AGENT_TEXT_UTF8_H

#include "ext/base/str.h"

/* Valid as RFC 3629 says: no surrogates, no overlong forms, at most U+10FFFF. */
bool agent_utf8_valid(agent_str text);
/* The code point at *pos, *pos moved behind it; 0xFFFD for an invalid byte (moved by one). *pos < text.len. */
uint32_t agent_utf8_next(agent_str text, size_t *pos);
/* The longest prefix of at most max bytes that does not cut a character. */
size_t agent_utf8_cut(agent_str text, size_t max);
/* Bytes at the end that begin a character which is not whole yet (0 … 3). */
size_t agent_utf8_partial(agent_str text);

#endif

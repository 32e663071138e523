/* SPDX-License-Identifier: MIT
 * String views: a pointer and a length, never NULL, never owned.
 * No allocation here. */
#ifndef AGENT_BASE_STR_H
#define AGENT_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* ptr is never NULL (an empty view points at ""); the bytes need not end in NUL. */
typedef struct agent_str {
	const char *ptr;
	size_t len;
} agent_str;

#define AGENT_STR(literal) ((agent_str){ "" literal, sizeof(literal) - 1 })
/* For static initialisers, where a compound literal is no constant. */
#define AGENT_STR_INIT(literal) { "" literal, sizeof(literal) - 1 }
#define AGENT_STR_EMPTY ((agent_str){ "", 0 })
/* printf("%.*s", AGENT_STR_ARG(s)); lengths over INT_MAX are cut, which is what an error message wants. */
#define AGENT_STR_ARG(s) ((s).len > 0x7fffffff ? 0x7fffffff : (int)(s).len), (s).ptr

#if defined(__GNUC__)
# define AGENT_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
# define AGENT_MUST_USE __attribute__((warn_unused_result))
#else
# define AGENT_PRINTF(fmt, args)
# define AGENT_MUST_USE
#endif

static inline agent_str agent_str_of(const char *ptr, size_t len)
{
	return (agent_str){ ptr != NULL ? ptr : "", ptr != NULL ? len : 0 };
}

/* NULL gives the empty view. Only for strings of our own; foreign data comes with its length. */
static inline agent_str agent_str_cstr(const char *text)
{
	return agent_str_of(text, text != NULL ? strlen(text) : 0);
}

static inline bool agent_str_eq(agent_str a, agent_str b)
{
	return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

static inline bool agent_str_is(agent_str a, const char *text)
{
	return agent_str_eq(a, agent_str_cstr(text));
}

static inline bool agent_str_starts(agent_str a, agent_str prefix)
{
	return a.len >= prefix.len && memcmp(a.ptr, prefix.ptr, prefix.len) == 0;
}

/* The part of s from offset `from`; past the end gives the empty view. */
static inline agent_str agent_str_from(agent_str s, size_t from)
{
	return from >= s.len ? AGENT_STR_EMPTY : (agent_str){ s.ptr + from, s.len - from };
}

static inline agent_str agent_str_cut(agent_str s, size_t from, size_t len)
{
	s = agent_str_from(s, from);
	return (agent_str){ s.ptr, len < s.len ? len : s.len };
}

/* Offset of the first occurrence of needle at or after `from`, or (size_t)-1. An empty needle is never found. */
size_t agent_str_find(agent_str haystack, agent_str needle, size_t from);
/* The same, ASCII letters compared without case. */
size_t agent_str_find_nocase(agent_str haystack, agent_str needle, size_t from);
bool agent_str_eq_nocase(agent_str a, agent_str b);
/* Without the ASCII blanks (space, tab, CR, LF) at both ends. */
agent_str agent_str_trim(agent_str s);
/* Whole decimal text (optional '-') into *out; false when it is anything else or does not fit. */
bool agent_str_to_int(agent_str s, int64_t *out);

#endif

/* SPDX-License-Identifier: MIT
 * ECMA-262's regular expressions written anew in PCRE2's syntax.
 * Inside this room only. */
#ifndef AGENT_CONTRACT_PATTERN_ECMA_H
#define AGENT_CONTRACT_PATTERN_ECMA_H

#include "ext/base/buf.h"

/* What a match may cost beside the places it goes through. */
typedef struct agent_pattern_shape {
	size_t least;                /* the longest repetition that has to be passed before anything else is looked at */
	bool references;             /* \1, \k<name>: compares as much as a group has taken */
} agent_pattern_shape;

/* NULL, or why the source is refused (a static sentence) with *at, the offset in it. Failures of the
 * buffer stay in the buffer. */
const char *agent_pattern_translate(agent_str source, agent_buf *out, agent_pattern_shape *shape, size_t *at);

/* pattern_names.c: the property in \p{text}, as PCRE2 names it, appended with its \p or \P and braces; false when ECMA-262 has none. */
bool agent_pattern_property(agent_str text, bool negated, agent_buf *out);

#define AGENT_PATTERN_DEPTH 50

/* Where the translation stands. */
typedef struct agent_pattern_scanner {
	agent_str source;
	size_t pos;
	agent_buf *out;
	agent_pattern_shape *shape;
	bool in_class;
	bool set;                    /* the last thing was one of several characters: no end of a range */
	bool repeatable;             /* what stands before may be repeated */
	size_t weight;               /* how often what stands before repeats something itself */
	size_t depth;
	bool looks[AGENT_PATTERN_DEPTH];       /* the group that is open at each depth only looks ahead or behind */
	size_t weights[AGENT_PATTERN_DEPTH];   /* of the group that is open at each depth: the heaviest thing in it so far */
} agent_pattern_scanner;

static inline int agent_pattern_peek(const agent_pattern_scanner *s, size_t ahead)
{
	return s->source.len - s->pos > ahead ? (unsigned char)s->source.ptr[s->pos + ahead] : -1;
}

static inline bool agent_pattern_digit(int c)
{
	return c >= '0' && c <= '9';
}

static inline bool agent_pattern_letter(int c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static inline void agent_pattern_take(agent_pattern_scanner *s, size_t len)
{
	agent_buf_add(s->out, agent_str_cut(s->source, s->pos, len));
	s->pos += len;
}

/* The length from here to behind a name of letters, digits and _ that begins at `from` and ends in ">"; 0 if none is there. */
size_t agent_pattern_name(const agent_pattern_scanner *s, size_t from);
/* pattern_escape.c: what a backslash begins. NULL, or why it is refused. */
const char *agent_pattern_escape(agent_pattern_scanner *s);

#endif

/* SPDX-License-Identifier: MIT
 * Regular expressions of schemas, on PCRE2: no JIT, bounded when they are made and when they are matched.
 * The only file pair that knows PCRE2. */
#ifndef AGENT_CONTRACT_PATTERN_H
#define AGENT_CONTRACT_PATTERN_H

#include "ext/base/buf.h"

typedef struct agent_pattern agent_pattern;

/* ECMA-262 in unicode mode: \d and \w are ASCII, $ matches only at the very end, \u{...} and \p{...} are known, what only PCRE2
 * knows ((?i), \A, a++, (*VERB) ...) is refused. Known differences: alternatives within a lookbehind have a fixed length each, and a
 * group keeps what it took in an earlier round of a repetition. SCHEMA/pattern where the source is no such expression. */
agent_status agent_pattern_compile(agent_str source, agent_pattern **out, agent_error *err);
void agent_pattern_free(agent_pattern *pattern); /* NULL is allowed */
/* Bytes that it holds. */
size_t agent_pattern_size(const agent_pattern *pattern);
/* Searches text (UTF-8) from byte `from` on. *found, and where it stands. LIMIT/pattern_limit when it takes too long on this text.
 * A pattern does not change: any number of threads may search with it. Nothing is allocated, unless a match has to remember more
 * places than there is room for on the stack. */
agent_status agent_pattern_find(const agent_pattern *pattern, agent_str text, size_t from, bool *found, size_t *start, size_t *end, agent_error *err);
/* The same where only *found matters, within the work of a whole validation: *work is less afterwards, by 10 or more, and LIMIT is told
 * when it was not enough. */
agent_status agent_pattern_test(const agent_pattern *pattern, agent_str text, long *work, bool *found, agent_error *err);

/* "10.42" of the library in use, appended. */
void agent_pattern_version(agent_buf *out);

#endif

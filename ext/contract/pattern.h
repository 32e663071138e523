/* SPDX-License-Identifier: MIT
 * Regular expressions of schemas, on PCRE2: no JIT, match and heap limits.
 * The only file pair that knows PCRE2. */
#ifndef AGENT_CONTRACT_PATTERN_H
#define AGENT_CONTRACT_PATTERN_H

#include "ext/base/buf.h"

typedef struct agent_pattern agent_pattern;

/* ECMA semantics where the two differ: \d and \w are ASCII, $ matches only at the very end, the text is UTF-8. */
agent_status agent_pattern_compile(agent_str source, agent_pattern **out, agent_error *err);
void agent_pattern_free(agent_pattern *pattern); /* NULL is allowed */
/* Searches text from byte `from` on. *found, and where it stands. LIMIT/pattern_limit when the match limit was reached. */
agent_status agent_pattern_find(const agent_pattern *pattern, agent_str text, size_t from, bool *found, size_t *start, size_t *end, agent_error *err);

/* "10.42" of the library in use, appended. */
void agent_pattern_version(agent_buf *out);

#endif

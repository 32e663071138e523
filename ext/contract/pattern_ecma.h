/* SPDX-License-Identifier: MIT
 * ECMA-262's regular expressions written anew in PCRE2's syntax.
 * Inside this room only. */
#ifndef AGENT_CONTRACT_PATTERN_ECMA_H
#define AGENT_CONTRACT_PATTERN_ECMA_H

#include "ext/base/buf.h"

/* NULL, or why the source is refused (a static sentence) with *at, the offset in it. Failures of the
 * buffer stay in the buffer. */
const char *agent_pattern_translate(agent_str source, agent_buf *out, size_t *at);

#endif

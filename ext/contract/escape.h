/* SPDX-License-Identifier: MIT
 * What may stand in a JSON string beside plain ASCII: escapes and UTF-8.
 * Inside this room only. */
#ifndef AGENT_CONTRACT_ESCAPE_H
#define AGENT_CONTRACT_ESCAPE_H

#include "ext/base/str.h"

/* p stands on a special byte (scan.h) that is no quote. The place behind the escape or the run of non-ASCII, or NULL with the
 * reason (static strings). */
const char *agent_json_check_special(const char *p, const char *end, const char **code, const char **error);

#endif

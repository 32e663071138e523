/* SPDX-License-Identifier: MIT
 * A visitor's words as a full-text query, and who may see what it finds.
 * Knows no database handle. */
#ifndef AGENT_MEMORY_KNOWLEDGE_QUERY_H
#define AGENT_MEMORY_KNOWLEDGE_QUERY_H

#include "ext/base/port.h"

#define AGENT_KNOWLEDGE_MATCH 16384 /* bytes a query may have */

/* Appends an FTS5 expression of the words that mean something, each quoted, joined by OR; nothing if there
 * are none. */
agent_status agent_knowledge_match(agent_str text, agent_buf *out, agent_error *err);
/* Any language fits an empty one; else primary subtags are compared: "de" finds "de-AT". */
bool agent_knowledge_speaks(const agent_knowledge_query *query, agent_str language);
/* Public, or a scope that the session holds. */
bool agent_knowledge_may_see(const agent_knowledge_query *query, agent_str access);

#endif

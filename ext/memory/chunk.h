/* SPDX-License-Identifier: MIT
 * A document's text in pieces of a size that a search can rank and an answer can quote.
 * Knows no database. */
#ifndef AGENT_MEMORY_CHUNK_H
#define AGENT_MEMORY_CHUNK_H

#include "ext/base/arena.h"
#include "ext/base/buf.h"

#define AGENT_CHUNK_BYTES 1000   /* a chunk's text; 1200 where a short rest was added */
#define AGENT_CHUNK_MAX 2000     /* chunks of a document */

typedef struct agent_chunk {
	agent_str heading;           /* the headings it stands under, outermost first: "Shipping – Abroad" */
	agent_str text;              /* plain text; paragraphs and list items on lines of their own */
} agent_chunk;

/* Markdown or plain text (valid UTF-8) to chunks in the arena; none is not an error. KNOWLEDGE/too_large
 * beyond AGENT_CHUNK_MAX. */
agent_status agent_chunk_split(agent_str text, agent_arena *arena, agent_chunk **out, size_t *count,
	agent_error *err);

#endif

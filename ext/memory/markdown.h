/* SPDX-License-Identifier: MIT
 * Markdown, or plain text, as a row of blocks of plain text.
 * What an author writes, not the whole specification; no HTML is made. */
#ifndef AGENT_MEMORY_MARKDOWN_H
#define AGENT_MEMORY_MARKDOWN_H

#include "ext/base/buf.h"

typedef enum agent_block_kind {
	AGENT_BLOCK_HEADING, AGENT_BLOCK_PARAGRAPH, AGENT_BLOCK_ITEM, AGENT_BLOCK_CODE
} agent_block_kind;

typedef struct agent_block {
	agent_block_kind kind;
	int level;                   /* HEADING: 1 … 6 */
	agent_str text;              /* without marks; a view into the buffer given to agent_markdown_next */
} agent_block;

typedef struct agent_markdown {
	agent_str text;
	size_t pos;
} agent_markdown;

/* The next block that holds any text; false at the end, or when `out` (emptied first) failed. */
bool agent_markdown_next(agent_markdown *reader, agent_buf *out, agent_block *block);
/* Appends one stretch of text without emphasis, code and link marks: "**see** [here](/x)" gives "see here".
 * */
void agent_markdown_plain(agent_str text, agent_buf *out);

#endif

/* SPDX-License-Identifier: MIT
 * A growing buffer that is born with a ceiling and remembers its first failure.
 * Appending after a failure does nothing, so a writer checks once, at the end. */
#ifndef AGENT_BASE_BUF_H
#define AGENT_BASE_BUF_H

#include "ext/base/error.h"

typedef enum agent_buf_fault {
	AGENT_BUF_FINE = 0,
	AGENT_BUF_FULL,     /* the ceiling was reached */
	AGENT_BUF_NO_MEMORY
} agent_buf_fault;

/* Owner: who called agent_buf_init; agent_buf_clear frees. */
typedef struct agent_buf {
	char *ptr;          /* NULL until the first byte */
	size_t len;
	size_t capacity;
	size_t limit;       /* bytes that len may reach */
	agent_buf_fault fault;
} agent_buf;

void agent_buf_init(agent_buf *buf, size_t limit);
void agent_buf_clear(agent_buf *buf);
/* Empties it and forgets a failure; keeps the memory. */
void agent_buf_reset(agent_buf *buf);

void agent_buf_add(agent_buf *buf, agent_str text);
void agent_buf_add_char(agent_buf *buf, char c);
void agent_buf_add_int(agent_buf *buf, int64_t value);
/* Formatted text of at most 1023 bytes; more is AGENT_BUF_FULL. */
void agent_buf_addf(agent_buf *buf, const char *format, ...) AGENT_PRINTF(2, 3);
/* Lengthens it by `more` bytes, which the caller fills at once; NULL where that fails, and for 0. */
char *agent_buf_extend(agent_buf *buf, size_t more);
#define agent_buf_add_lit(buf, literal) agent_buf_add((buf), AGENT_STR(literal))

/* A view of the contents, valid until the next change. */
agent_str agent_buf_str(const agent_buf *buf);
/* AGENT_OK, or the failure in words: `what` names the buffer ("the request to the model"). */
agent_status agent_buf_check(const agent_buf *buf, const char *what, agent_error *err);

#endif

/* SPDX-License-Identifier: MIT
 * What is kept of an answer's header: status, content type, when to come back.
 * Lines in, values out; no connection here. */
#ifndef AGENT_WIRE_HEAD_H
#define AGENT_WIRE_HEAD_H

#include "ext/base/str.h"

typedef struct agent_wire_head {
	int status;
	bool complete;      /* the blank line of a final answer has come; trailers change nothing */
	char type[96];      /* lower case, without parameters */
	int64_t wait_ms;    /* -1: none sent */
	bool wait_exact;    /* from retry-after-ms, which wins */
	int64_t wait_until; /* Retry-After as a date, seconds; -1: none */
	int64_t date;       /* the server's own clock, seconds; -1: none */
} agent_wire_head;

void agent_wire_head_init(agent_wire_head *head);
/* One line as it came; a status line begins anew (an interim answer 1xx may have stood before). */
void agent_wire_head_line(agent_wire_head *head, agent_str line);
/* Milliseconds, -1: none sent. now_s is used where the server sent a date without its clock. */
int agent_wire_head_retry_after(const agent_wire_head *head, int64_t now_s);

#endif

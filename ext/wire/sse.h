/* SPDX-License-Identifier: MIT
 * Server-sent events (WHATWG HTML, section 9.2), fed in any pieces.
 * Knows events, not what they mean. */
#ifndef AGENT_WIRE_SSE_H
#define AGENT_WIRE_SSE_H

#include "ext/base/buf.h"

typedef struct agent_sse agent_sse;

typedef struct agent_sse_event {
	agent_str name;              /* the event field, may be empty */
	agent_str data;              /* data lines joined by LF; never empty */
} agent_sse_event;

/* limit: bytes of one event; more is LIMIT/event_too_large at feed. */
agent_sse *agent_sse_new(size_t limit);
void agent_sse_free(agent_sse *sse); /* NULL is allowed */
/* Consumes bytes up to and including the next whole event. *used: how many were consumed; *ready: an event stands in *event (views,
 * valid until the next feed). Call until *used == bytes.len and !*ready. LF, CR and CRLF end lines, also cut between two feeds; a BOM at the start
 * is skipped; comments and unknown fields are passed over; id and retry are not kept. */
agent_status agent_sse_feed(agent_sse *sse, agent_str bytes, size_t *used, bool *ready, agent_sse_event *event, agent_error *err);
/* The body is over: a pending event without its blank line counts when its data is one whole JSON object or exactly [DONE] — the
 * caller checks that; here *ready says there is one. */
void agent_sse_end(agent_sse *sse, bool *ready, agent_sse_event *event);

#endif

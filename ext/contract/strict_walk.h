/* SPDX-License-Identifier: MIT
 * The walk over a source schema, shared by strict.c and strict_words.c.
 * Inside this room only. */
#ifndef AGENT_CONTRACT_STRICT_WALK_H
#define AGENT_CONTRACT_STRICT_WALK_H

#include "ext/base/buf.h"
#include "ext/contract/strict.h"

typedef struct agent_strict_walk {
	const agent_json *source;
	agent_strict_form form;
	agent_strict *out;
	agent_error *err;
	agent_buf pointer;           /* of the place that is being read */
	int properties, values;
	size_t text;
	size_t definition;           /* references may go to those before this one */
	bool in_definition, in_any_of;
	bool optional_in_definition, any_of;
} agent_strict_walk;

/* Stops the walk: what stands at its place cannot be said. AGENT_OK, so that it can be returned. */
agent_status agent_strict_no(agent_strict_walk *d, const char *format, ...) AGENT_PRINTF(2, 3);
static inline bool agent_strict_stopped(const agent_strict_walk *d)
{
	return d->out->why[0] != '\0';
}

/* The keywords of one schema (no $ref): may stop. Counts values and texts. */
agent_status agent_strict_check(agent_strict_walk *d, const agent_json *from);
/* Copied as it is. */
bool agent_strict_is_kept(const agent_strict_walk *d, agent_str keyword);
bool agent_strict_is_annotation(agent_str keyword);
bool agent_strict_has_type(const agent_json *from, const char *name);
bool agent_strict_is_required(const agent_json *object, agent_str name);
/* What a schema's $ref names in $defs, and the how manieth it is; NULL: something else. */
const agent_json *agent_strict_definition(const agent_strict_walk *d, const agent_json *from, size_t *index);
/* Whether null may fit; true where that is not plain to see. hops: 0. */
bool agent_strict_may_be_null(const agent_strict_walk *d, const agent_json *from, int hops);

#endif

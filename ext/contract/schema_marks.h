/* SPDX-License-Identifier: MIT
 * Which members or items of a value other keywords have covered, for unevaluatedProperties and unevaluatedItems.
 * Inside this room only; how it works stands in schema_unevaluated.c. */
#ifndef AGENT_CONTRACT_SCHEMA_MARKS_H
#define AGENT_CONTRACT_SCHEMA_MARKS_H

#include "ext/contract/schema_members.h"

#define AGENT_MARKS ((size_t)64)

/* A stretch of the value: members or items from `start` on. Lives on the C stack. */
struct agent_marks {
	const agent_str *names;      /* NULL for items */
	size_t start, count;         /* count: at most AGENT_MARKS */
	uint64_t bits;
};

static inline uint64_t agent_marks_all(const agent_marks *marks)
{
	return marks->count >= AGENT_MARKS ? UINT64_MAX : ((uint64_t)1 << marks->count) - 1;
}

/* All keywords beside the check's own. */
void agent_mark_others(agent_run *run, const agent_check *check, const agent_value *value, agent_marks *marks);

#endif

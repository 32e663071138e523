/* SPDX-License-Identifier: MIT
 * What joins the site's shared memory (memory/region.h) with the rules on its words: limits.c and slots.c.
 * A port is given where the region's pointer stands, because a file that was replaced is mapped anew. */
#ifndef AGENT_RUN_SHARED_H
#define AGENT_RUN_SHARED_H

#include "ext/base/port.h"
#include "ext/memory/region.h"

/* limits.c */
agent_limits agent_shared_limits(agent_region **region);

/* slots.c */
/* Who this process is, in a word's upper bits: read once per process. */
typedef struct agent_slots_state {
	agent_region **region;
	int64_t pid;                 /* 0: not read yet */
	uint64_t owner;
} agent_slots_state;

agent_slots agent_shared_slots(agent_slots_state *state);

#endif

/* SPDX-License-Identifier: MIT
 * Patterns that need no search: ^, then characters and classes of ASCII, each repeated, then $.
 * Inside this room only. */
#ifndef AGENT_CONTRACT_PATTERN_SIMPLE_H
#define AGENT_CONTRACT_PATTERN_SIMPLE_H

#include "ext/base/str.h"

typedef struct agent_pattern_item {
	uint64_t set[2];             /* the characters it takes, as bits */
	uint32_t least, most;
} agent_pattern_item;

/* The items of a pattern that is one already and of this kind, and in which no text can be read in two ways; else 0. */
size_t agent_pattern_items(agent_str source, agent_pattern_item *items, size_t room);
bool agent_pattern_items_match(const agent_pattern_item *items, size_t count, agent_str text);

#endif

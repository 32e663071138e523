/* SPDX-License-Identifier: MIT
 * What parse.c needs of the tree beside json.h.
 * Inside this room only. */
#ifndef AGENT_CONTRACT_NODE_H
#define AGENT_CONTRACT_NODE_H

#include "ext/contract/json.h"

/* text: a number by the grammar. NULL when out of memory. */
agent_json *agent_json_new_number(agent_str text);
/* Whole decimal text of a uint64. */
bool agent_json_uint(agent_str text, uint64_t *out);

#endif

/* SPDX-License-Identifier: MIT
 * Schemas that apply themselves to the same value again would never end: found once, when all is compiled.
 * Loops that go deeper into the value at each turn are fine. $dynamicRef is bounded when it runs. */
#include "ext/contract/schema_compile.h"

enum { NEW, OPEN, DONE };

/* The next node that looks at the same value as `node`; its cursor moves on. NULL: no more. */
static const agent_node *next_in_place(agent_node *node)
{
	while (node->walk.check < node->count) {
		const agent_check *check = &node->checks[node->walk.check];
		size_t i = node->walk.item++;
		agent_in_place kind = check->keyword->in_place;
		if (kind == AGENT_IN_PLACE_ONLY && i == 0) {
			return check->u.only;
		}
		if (kind == AGENT_IN_PLACE_LIST && i < check->u.nodes.count) {
			if (check->u.nodes.list[i] != NULL) {
				return check->u.nodes.list[i];
			}
			continue;
		}
		if (kind == AGENT_IN_PLACE_NAMED && i < check->u.named.count) {
			return check->u.named.list[i].node;
		}
		node->walk.check++;
		node->walk.item = 0;
	}
	return NULL;
}

static agent_status follow(agent_compiler *c, agent_node *node)
{
	node->walk.state = OPEN;
	while (node != NULL) {
		agent_node *next = (agent_node *)(uintptr_t)next_in_place(node); /* the compiler's own */
		if (next == NULL) {
			node->walk.state = DONE;
			node = node->walk.back;
		} else if (next->walk.state == OPEN) {
			agent_buf_reset(&c->pointer);
			agent_buf_add(&c->pointer, next->pointer);
			return agent_compile_refuse(c, "ref", "applies itself to the same value again, without end");
		} else if (next->walk.state == NEW) {
			next->walk.state = OPEN;
			next->walk.back = node;
			node = next;
		}
	}
	return AGENT_OK;
}

agent_status agent_loop_refuse(agent_compiler *c)
{
	for (agent_node *node = c->first; node != NULL; node = node->next) {
		if (node->walk.state == NEW && follow(c, node) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

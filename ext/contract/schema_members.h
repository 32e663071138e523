/* SPDX-License-Identifier: MIT
 * What a schema says about an object's members, merged: one walk over the members serves "properties", "required",
 * "patternProperties" and "additionalProperties". Inside this room only; the keywords are in schema_object.c. */
#ifndef AGENT_CONTRACT_SCHEMA_MEMBERS_H
#define AGENT_CONTRACT_SCHEMA_MEMBERS_H

#include "ext/contract/schema_compile.h"

typedef struct agent_member {
	agent_str name;
	const agent_node *node;      /* NULL: only required */
	bool required;
} agent_member;

typedef struct agent_member_pattern {
	agent_str source;
	agent_pattern *pattern;
	const agent_node *node;
} agent_member_pattern;

typedef struct agent_members {
	agent_member *list;          /* "properties" in their order, then the names that are only required */
	size_t count;
	size_t required;             /* how many of them are */
	uint32_t *slots;             /* open addressing: index + 1, 0 is free */
	size_t mask;
	agent_member_pattern *patterns;
	size_t pattern_count;
	const agent_node *additional; /* NULL: anything goes */
	/* As written; NULL where the keyword is not there. */
	const agent_json *properties, *names, *sources;
} agent_members;

/* NULL: the schema does not name it. */
const agent_member *agent_members_find(const agent_members *members, agent_str name);
/* The same, quicker where members stand in the schema's order: the one behind `last` (NULL: the first) is looked at before the table. */
const agent_member *agent_members_next(const agent_members *members, const agent_member *last, agent_str name);
/* Some pattern matches the name. */
bool agent_members_match(agent_run *run, const agent_members *members, agent_str name);
/* When all keywords of the node have been read. */
agent_status agent_members_finish(agent_compiler *c, agent_members *members);

#endif

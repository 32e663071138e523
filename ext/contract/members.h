/* SPDX-License-Identifier: MIT
 * Reading an object's members with their types and ranges; every refusal names the place.
 * Inside this room only: manifest.c and config*.c. */
#ifndef AGENT_CONTRACT_MEMBERS_H
#define AGENT_CONTRACT_MEMBERS_H

#include "ext/base/arena.h"
#include "ext/contract/json.h"

/* Where the reading stands. */
typedef struct agent_place {
	agent_buf pointer;
	agent_arena *arena;
	agent_error *err;
} agent_place;

void agent_place_init(agent_place *place, const char *base, agent_arena *arena, agent_error *err);
void agent_place_clear(agent_place *place);
/* One step deeper; the result goes to leave. */
size_t agent_place_enter(agent_place *place, agent_str key);
size_t agent_place_enter_index(agent_place *place, size_t index);
void agent_place_leave(agent_place *place, size_t mark);
/* CONFIG error "<pointer>[/member]: <rule>". member may be NULL. */
agent_status agent_place_refuse(agent_place *place, const char *member, const char *code, const char *format, ...)
	AGENT_PRINTF(4, 5);

/* node is an object and each of its members is named in the blank-separated list. */
agent_status agent_members_closed(agent_place *place, const agent_json *node, const char *names);

/* Each: where the member is absent, REFUSED when it is required, else *out stays as it is. */
typedef struct agent_text_rule {
	bool required;
	size_t min, max;             /* bytes */
	/* NULL: anything; else why a text is refused ("must be …"), or NULL. */
	const char *(*check)(agent_str text);
} agent_text_rule;

agent_status agent_member_str(agent_place *place, const agent_json *object, const char *name, agent_text_rule rule,
	agent_str *out);
agent_status agent_member_int(agent_place *place, const agent_json *object, const char *name, int min, int max, int *out);
agent_status agent_member_bool(agent_place *place, const agent_json *object, const char *name, bool *out);
/* Strings of an array, into the arena. */
agent_status agent_member_strs(agent_place *place, const agent_json *object, const char *name, size_t max, agent_text_rule each,
	const agent_str **out, size_t *count);

/* Rules for texts. */
const char *agent_rule_http_url(agent_str text);
const char *agent_rule_path(agent_str text);
/* Only letters, digits and those in `more`. */
bool agent_rule_chars(agent_str text, const char *more);

#endif

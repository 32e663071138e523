/* SPDX-License-Identifier: MIT
 * JSON Schema draft 2020-12: compile once, validate many.
 * Keywords that are not known are refused at compile time; nothing is fetched. */
#ifndef AGENT_CONTRACT_SCHEMA_H
#define AGENT_CONTRACT_SCHEMA_H

#include "ext/contract/json.h"

typedef struct agent_schema agent_schema;

/* document: an object, true or false; must not change afterwards and is kept alive by the schema (a reference is taken).
 * SCHEMA error: the message begins with the JSON Pointer of the place and names the rule. */
agent_status agent_schema_compile(agent_json *document, bool formats, agent_schema **out, agent_error *err);
void agent_schema_free(agent_schema *schema); /* NULL is allowed */

typedef struct agent_schema_fault {
	agent_str instance;          /* JSON Pointer into the value */
	agent_str schema;            /* JSON Pointer into the schema */
	agent_str keyword;
	agent_str message;           /* a sentence a model can act on */
} agent_schema_fault;

#define AGENT_SCHEMA_FAULTS 16

/* faults: room for AGENT_SCHEMA_FAULTS, may be NULL (then only *count tells 0 or 1). Strings of faults go into the arena, which may
 * be NULL where faults is. AGENT_ERR only when validation itself could not run to its end (memory, a pattern's match limit). */
agent_status agent_schema_validate(const agent_schema *schema, const agent_json *value, agent_arena *arena, agent_schema_fault *faults, size_t *count, agent_error *err);
/* [{"instance":"/a","schema":"/properties/a/type","keyword":"type","message":"…"}, …] */
void agent_schema_faults_write(const agent_schema_fault *faults, size_t count, agent_buf *out);

#endif

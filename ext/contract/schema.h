/* SPDX-License-Identifier: MIT
 * JSON Schema: compile once, validate many.
 * Nothing is fetched: other documents come from the caller's registry only. */
#ifndef AGENT_CONTRACT_SCHEMA_H
#define AGENT_CONTRACT_SCHEMA_H

#include "ext/contract/json.h"

typedef struct agent_schema agent_schema;

/* Types of values, as bits. A whole number is AGENT_TYPE_NUMBER and AGENT_TYPE_INTEGER. */
enum {
	AGENT_TYPE_NULL = 1, AGENT_TYPE_BOOL = 2, AGENT_TYPE_INTEGER = 4, AGENT_TYPE_NUMBER = 8,
	AGENT_TYPE_STRING = 16, AGENT_TYPE_ARRAY = 32, AGENT_TYPE_OBJECT = 64, AGENT_TYPE_ANY = 127
};

/* A document that schemas may refer to by its address (without a fragment). */
typedef struct agent_schema_resource {
	agent_str uri;
	agent_json *document;
} agent_schema_resource;

typedef struct agent_schema_options {
	bool formats;                /* "format" asserts */
	bool closed;                 /* keywords that are not known are refused; else they are annotations, as the standard says */
	agent_str dialect;           /* of documents without $schema; empty: draft 2020-12 */
	const agent_schema_resource *registry; /* the schema takes references to what it uses */
	size_t registry_count;
} agent_schema_options;

/* document: an object, true or false; must not change afterwards and is kept alive by the schema (a reference is taken).
 * options: NULL is all zero. SCHEMA error: the message begins with the JSON Pointer of the place and names the rule. */
agent_status agent_schema_compile(agent_json *document, const agent_schema_options *options, agent_schema **out, agent_error *err);
void agent_schema_free(agent_schema *schema); /* NULL is allowed */

typedef struct agent_schema_fault {
	agent_str instance;          /* JSON Pointer into the value */
	/* JSON Pointer to the keyword's own place, also where a reference led there; in another document its address and "#" come before. */
	agent_str schema;
	agent_str keyword;
	agent_str message;           /* a sentence a model can act on */
	unsigned types;              /* keyword "type": what was asked for, AGENT_TYPE_… bits; else 0 */
} agent_schema_fault;

#define AGENT_SCHEMA_FAULTS 16

/* faults: room for AGENT_SCHEMA_FAULTS, may be NULL (then only *count tells 0 or 1, and nothing is ever allocated). Strings of faults go
 * into the arena, which may be NULL where faults is; a valid value takes no memory in any case. AGENT_ERR only when validation itself
 * could not run to its end: memory for faults, a pattern's match limit, or LIMIT/schema_limit, more steps or depth than one value may take. */
agent_status agent_schema_validate(const agent_schema *schema, const agent_json *value, agent_arena *arena, agent_schema_fault *faults, size_t *count, agent_error *err);
/* [{"instance":"/a","schema":"/properties/a/type","keyword":"type","message":"…"}, …] */
void agent_schema_faults_write(const agent_schema_fault *faults, size_t count, agent_buf *out);

#endif

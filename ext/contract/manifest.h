/* SPDX-License-Identifier: MIT
 * Tools: what a manifest says, checked, as plain structs.
 * No HTTP, no token: that is hands/ and run/. */
#ifndef AGENT_CONTRACT_MANIFEST_H
#define AGENT_CONTRACT_MANIFEST_H

#include "ext/base/port.h"
#include "ext/contract/schema.h"
#include "ext/contract/strict.h"

#define AGENT_TOOLS_MAX 64

typedef enum agent_effect_class {
	AGENT_TOOL_READ,
	AGENT_TOOL_WRITE
} agent_effect_class;

/* Strings are views into the manifest's tree. */
typedef struct agent_tool {
	agent_str name;              /* [A-Za-z0-9_-]{1,64} */
	agent_str description;
	agent_str method;            /* GET or POST; default POST */
	agent_str url;               /* empty: answered in this process (agent_tool_register) */
	agent_str scope;             /* "order:read" */
	agent_str resource;          /* the argument that says whose door it is ("order_number"); empty: the scope alone opens the tool */
	agent_effect_class effect;   /* default read */
	bool confirm;                /* default: true for write */
	int timeout_ms;              /* `timeouts_ms`: 50 … 30000, default 2500 */
	int retries;                 /* 0 … 2, default 1 */
	agent_rate rate;             /* "30/m", "5/10m", "100/h"; count 0: none */
	const agent_str *examples;
	size_t example_count;
	agent_schema *input;
	agent_schema *output;
	agent_json *input_document;  /* a closed object */
	agent_json *output_document;
	agent_str input_text;        /* compact JSON of input_schema, for the model */
	agent_str strict_text;       /* the schema that the model's server enforces (strict.h); empty: input_text is offered, not enforced */
	agent_str passages;          /* the member of output_schema that says "deliver": "passages"; empty: none */
} agent_tool;

typedef struct agent_manifest {
	agent_tool *tools;
	size_t count;
} agent_manifest;

/* A manifest is described for editors by stubs/tools.schema.json: what that refuses is refused here, with the pointer and the rule. (Not the other
 * way round: names that stand twice, patterns that do not compile, sizes in bytes, what $ref leads to are found here only.)
 *
 * tools: the JSON array. Strict: unknown members, wrong types, doubled names, an input_schema that is open anywhere (manifest_input.h) are CONFIG errors whose message
 * begins with the pointer (`base` and what follows, e.g. "/tools/0/timeouts_ms") and names the rule. The arena and the tree must
 * outlive the manifest; agent_manifest_clear frees the schemas. */
agent_status agent_manifest_read(const agent_json *tools, const char *base, agent_arena *arena, agent_manifest *out, agent_error *err);
/* Fills strict_text of each tool whose input_schema the form can say exactly. AGENT_ERR only for memory. */
agent_status agent_manifest_strict(agent_manifest *manifest, agent_strict_form form, agent_arena *arena, agent_error *err);
void agent_manifest_clear(agent_manifest *manifest);
/* NULL when there is none of that name. */
const agent_tool *agent_manifest_find(const agent_manifest *manifest, agent_str name);
/* "30/m", "5/10m", "100/h", "20/s": count per window. */
bool agent_rate_parse(agent_str text, agent_rate *out) AGENT_MUST_USE;

#endif

/* SPDX-License-Identifier: MIT
 * A compiled schema, and what its keywords are made of: one row of a table per keyword.
 * Inside this room only; a new keyword is a new row in schema_value.c, schema_shape.c or schema_logic.c. */
#ifndef AGENT_CONTRACT_SCHEMA_PROGRAM_H
#define AGENT_CONTRACT_SCHEMA_PROGRAM_H

#include "ext/contract/decimal.h"
#include "ext/contract/pattern.h"
#include "ext/contract/schema.h"

typedef struct agent_keyword agent_keyword;
typedef struct agent_node agent_node;

typedef struct agent_property {
	agent_str name;
	const agent_node *node;
} agent_property;

/* One keyword at one place. What it uses of the union is the keyword's own affair. */
typedef struct agent_check {
	const agent_keyword *keyword;
	const agent_node *node;      /* where it stands */
	const agent_json *value;     /* as written in the document */
	union {
		unsigned types;
		size_t size;
		agent_decimal number;
		agent_pattern *pattern;
		const struct agent_format *format;
		const agent_node *only;
		struct { const agent_node **list; size_t count; } nodes;
		struct { const agent_property *list; size_t count; } properties;
	} u;
} agent_check;

struct agent_node {
	agent_str pointer;           /* into the schema */
	bool never;                  /* the schema `false` */
	const agent_json *properties; /* this node's own "properties", or NULL */
	size_t prefix;               /* items that "prefixItems" has taken */
	const agent_check *checks;
	size_t count;
};

/* --- compiling --- */

typedef struct agent_pattern_link {
	struct agent_pattern_link *next;
	agent_pattern *pattern;
} agent_pattern_link;

typedef struct agent_compiler {
	agent_arena *arena;
	agent_pattern_link *patterns;
	const agent_schema_options *options;
	int depth;
	agent_buf pointer;           /* of the place that is being read */
	agent_node *node;            /* whose keywords are being read */
	const agent_json *document;  /* that node's object */
	agent_error *err;
} agent_compiler;

/* "<pointer>: <rule>", where the compiler stands. */
agent_status agent_compile_refuse(agent_compiler *c, const char *code, const char *format, ...) AGENT_PRINTF(3, 4);
/* A schema in a keyword's value: below the place where the compiler stands, unless key is NULL. */
agent_status agent_compile_node(agent_compiler *c, const char *key, const agent_json *schema, const agent_node **out);
/* Zeroed memory that lives as long as the schema; refuses by itself. */
void *agent_compile_alloc(agent_compiler *c, size_t count, size_t size);

/* --- validating --- */

/* Where in the value the run stands; lives on the C stack. */
typedef struct agent_frame {
	const struct agent_frame *parent; /* NULL at the root */
	agent_str key;
	size_t index;
	bool is_index;
} agent_frame;

typedef struct agent_run {
	agent_arena *arena;
	agent_schema_fault *faults;  /* NULL: the first fault ends the run, nothing is told */
	size_t count, max;
	const agent_frame *frame;
	int depth;
	long work;                   /* what may still be looked at */
	bool broken;                 /* err is filled: the run cannot go on */
	agent_error *err;
} agent_run;

bool agent_run_node(agent_run *run, const agent_node *node, const agent_json *value);
/* The same one step deeper in the value. */
bool agent_run_member(agent_run *run, const agent_node *node, agent_str key, const agent_json *value);
bool agent_run_item(agent_run *run, const agent_node *node, size_t index, const agent_json *value);
/* A further fault would change nothing. */
bool agent_run_over(const agent_run *run);
/* Takes from the run's work; false (and broken) when there is none left. */
bool agent_run_work(agent_run *run, long amount);
bool agent_run_out_of_memory(agent_run *run);

/* Both give false, so that a check can return them. */
bool agent_fault(agent_run *run, const agent_check *check, const char *format, ...) AGENT_PRINTF(3, 4);
/* A fault of a member (key not NULL) or of a node without keywords (check NULL). */
bool agent_fault_at(agent_run *run, const agent_node *node, const char *keyword, const agent_str *key, agent_str message);
/* Values in a message: compact, cut short. */
void agent_fault_put_value(agent_buf *out, const agent_json *value);
void agent_fault_put_text(agent_buf *out, agent_str text, size_t max);
bool agent_fault_buf(agent_run *run, const agent_check *check, agent_buf *message); /* clears the buffer */

#define AGENT_FAULT_TEXT ((size_t)2048)

/* --- keywords --- */

struct agent_keyword {
	const char *name;
	unsigned applies;            /* types of values it looks at; 0: nothing is checked */
	/* Reads the keyword's value into the check. May set check->keyword to NULL: nothing is to be checked. */
	agent_status (*compile)(agent_compiler *c, agent_check *check); /* NULL: anything goes */
	bool (*check)(agent_run *run, const agent_check *check, const agent_json *value);
};

/* Each ends in a row without a name. Rows are compiled and checked in their order. */
extern const agent_keyword agent_keywords_value[];
extern const agent_keyword agent_keywords_shape[];
extern const agent_keyword agent_keywords_logic[];

/* schema_deliver.c */
agent_status agent_compile_deliver(agent_compiler *c, agent_check *check);

/* --- values --- */

unsigned agent_value_types(const agent_json *value);
/* Deep, numbers by value. Takes from *work; when that is used up (less than 0) the result means nothing. */
bool agent_value_equal(const agent_json *a, const agent_json *b, long *work);
/* Equal values have equal hashes. */
uint64_t agent_value_hash(const agent_json *value, long *work);
/* A whole number from 0 to SIZE_MAX / 2, also written 2.0. */
bool agent_value_size(const agent_json *value, size_t *out);

typedef struct agent_format {
	const char *name;
	bool (*check)(agent_str text);
	const char *message;         /* "must be …" */
} agent_format;

/* NULL when it is not known. */
const agent_format *agent_format_find(agent_str name);

#endif

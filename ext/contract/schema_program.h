/* SPDX-License-Identifier: MIT
 * A compiled schema and how it is run: nodes, checks, values, faults. Immutable once compiled.
 * Inside this room only. How a document becomes a program: schema_compile.h. */
#ifndef AGENT_CONTRACT_SCHEMA_PROGRAM_H
#define AGENT_CONTRACT_SCHEMA_PROGRAM_H

#include "ext/contract/decimal.h"
#include "ext/contract/pattern.h"
#include "ext/contract/schema.h"

typedef struct agent_keyword agent_keyword;
typedef struct agent_node agent_node;
typedef struct agent_check agent_check;
typedef struct agent_run agent_run;
typedef struct agent_document agent_document;
typedef struct agent_resource agent_resource;

/* What is looked at: a value of the document that is checked, or the name of a member. Made once, read by all its checks. */
typedef struct agent_value {
	const agent_json *json;      /* NULL: null, or a name */
	unsigned types;
	agent_str text;              /* of a string, a name or a number */
} agent_value;

typedef bool (*agent_check_run)(agent_run *run, const agent_check *check, const agent_value *value);

typedef struct agent_named_node {
	agent_str name;
	const agent_node *node;
} agent_named_node;

typedef struct agent_nodes {
	const agent_node **list;     /* an entry may be NULL where the keyword says so */
	size_t count;
} agent_nodes;

/* One keyword at one place. What it uses of the union is the keyword's own affair. */
struct agent_check {
	agent_check_run run;
	unsigned applies;
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
		agent_nodes nodes;
		const struct agent_members *members;
		struct { const agent_node *node; size_t from; } rest;
		struct { const agent_node *node; size_t min, max; } contains;
		struct { const agent_named_node *list; size_t count; } named;
		const struct agent_choice *choices; /* "enum": sorted by hash; NULL for a short one */
		struct { const agent_node *node; agent_str name; } dynamic;
	} u;
};

struct agent_node {
	const agent_json *json;      /* the first two are its key among the compiler's nodes */
	const agent_document *document;
	const agent_resource *resource;
	agent_str pointer;           /* into the document; that of another than the caller's begins with its address and '#' */
	bool never;                  /* the schema `false` */
	unsigned plain;              /* the node checks nothing but that the value is of these types; 0: it does more */
	const agent_check *checks;
	size_t count;
	agent_node *next;            /* in the order of the documents */
	struct { int state; size_t check, item; agent_node *back; } walk; /* schema_loop.c */
};

typedef struct agent_dynamic_anchor {
	const struct agent_dynamic_anchor *next;
	agent_str name;
	const agent_node *node;
} agent_dynamic_anchor;

/* --- validating --- */

/* Where in the value the run stands; lives on the C stack. */
typedef struct agent_frame {
	const struct agent_frame *parent; /* NULL at the root */
	agent_str key;
	size_t index;
	bool is_index;
} agent_frame;

/* The schema resources that were entered on the way here, for $dynamicRef; lives on the C stack. */
typedef struct agent_scope {
	const struct agent_scope *parent;
	const agent_resource *resource;
} agent_scope;

struct agent_run {
	agent_arena *arena;
	agent_schema_fault *faults;  /* NULL: the first fault ends the run, nothing is told */
	size_t count, max;
	const agent_frame *frame;
	const agent_scope *scope;
	int depth;
	long work;                   /* what may still be looked at */
	bool broken;                 /* err is filled: the run cannot go on */
	bool naming;                 /* a member's name is looked at, not its value */
	agent_error *err;
};

bool agent_run_node(agent_run *run, const agent_node *node, const agent_value *value);
/* The same one step deeper in the value. */
bool agent_run_member(agent_run *run, const agent_node *node, agent_str key, const agent_json *value);
bool agent_run_item(agent_run *run, const agent_node *node, size_t index, const agent_json *value);
/* Asks only: no faults are told. */
bool agent_run_quiet(agent_run *run, const agent_node *node, const agent_value *value);
/* The same; the first fault goes to *fault. */
bool agent_run_branch(agent_run *run, const agent_node *node, const agent_value *value, agent_schema_fault *fault);
/* schema_dynamic.c: where a $dynamicRef leads from here. */
const agent_node *agent_run_dynamic(agent_run *run, const agent_check *check);
/* schema_unique.c */
bool agent_run_unique(agent_run *run, const agent_check *check, const agent_value *value);
/* A further fault would change nothing. */
bool agent_run_over(const agent_run *run);
/* Takes from the run's work; false (and broken) when there is none left. */
bool agent_run_work(agent_run *run, long amount);
bool agent_run_out_of_memory(agent_run *run);
/* The C stack is not endless: that many schemas inside of each other, which is 160 KB of it at most, so that a thread of a server with
 * threads has room for it. Gives false. */
#define AGENT_RUN_DEPTH 512
bool agent_run_too_deep(agent_run *run);
/* Searches; false also when it could not be done (then broken). */
bool agent_run_pattern(agent_run *run, const agent_pattern *pattern, agent_str text);

/* Both give false, so that a check can return them. */
bool agent_fault(agent_run *run, const agent_check *check, const char *format, ...) AGENT_PRINTF(3, 4);
/* A fault of a member (key not NULL) or of a node without keywords (keyword NULL). */
bool agent_fault_at(agent_run *run, const agent_node *node, const char *keyword, const agent_str *key, agent_str message);
/* "unknown property", and which are known (members NULL: not told). */
bool agent_fault_unknown(agent_run *run, const agent_node *node, const char *keyword, const struct agent_members *members, agent_str name);
/* Values in a message: compact, cut short. */
void agent_fault_put_value(agent_buf *out, const agent_json *value);
void agent_fault_put_text(agent_buf *out, agent_str text, size_t max);
bool agent_fault_buf(agent_run *run, const agent_check *check, agent_buf *message); /* clears the buffer */

#define AGENT_FAULT_TEXT ((size_t)2048)

/* For what needs much of the C stack for a short time. */
#if defined(__GNUC__)
# define AGENT_NOINLINE __attribute__((noinline))
#else
# define AGENT_NOINLINE
#endif

/* --- values --- */

unsigned agent_value_types(const agent_json *json);
agent_value agent_value_of(const agent_json *json);
agent_value agent_value_name(agent_str name);
/* Names may hold U+0000 in a schema, members never do. */
bool agent_value_has(const agent_value *value, agent_str name);
/* Deep, numbers by value. Takes from *work; when that is used up (less than 0) the result means nothing. */
bool agent_value_equal(const agent_json *a, const agent_json *b, long *work);
bool agent_value_is(const agent_value *value, const agent_json *other, long *work);
/* Equal values have equal hashes. */
uint64_t agent_value_hash(const agent_json *value, long *work);
uint64_t agent_value_hash_of(const agent_value *value, long *work);
/* A whole number from 0 to SIZE_MAX / 2, also written 2.0. */
bool agent_value_size(const agent_json *value, size_t *out);

typedef struct agent_format {
	const char *name;
	bool (*check)(agent_str text);
	agent_status (*judge)(agent_str text, bool *fine, agent_error *err); /* instead of check, where judging may fail itself */
	const char *message;         /* "must be …" */
} agent_format;

/* NULL when it is not known. */
const agent_format *agent_format_find(agent_str name);
/* "date-time, date, …" */
void agent_format_names(agent_buf *out);

#endif

/* SPDX-License-Identifier: MIT
 * From documents to the program: the compiler, and what its keywords are made of (one row of a table per keyword).
 * Inside this room only. A new keyword is a new row in the file that bears its subject's name. */
#ifndef AGENT_CONTRACT_SCHEMA_COMPILE_H
#define AGENT_CONTRACT_SCHEMA_COMPILE_H

#include "ext/contract/schema_map.h"
#include "ext/contract/schema_program.h"

/* --- dialects --- */

enum { AGENT_DRAFT_7 = 1, AGENT_DRAFT_2020 = 2, AGENT_DRAFT_ANY = 3 };

enum {
	AGENT_VOCABULARY_CORE = 1, AGENT_VOCABULARY_APPLICATOR = 2, AGENT_VOCABULARY_UNEVALUATED = 4, AGENT_VOCABULARY_VALIDATION = 8,
	AGENT_VOCABULARY_META = 16, AGENT_VOCABULARY_FORMAT = 32, AGENT_VOCABULARY_FORMAT_ASSERTION = 64, AGENT_VOCABULARY_CONTENT = 128
};

typedef struct agent_dialect {
	unsigned draft;
	unsigned vocabularies;
} agent_dialect;

/* --- documents --- */

struct agent_document {
	agent_document *next;
	agent_str uri;               /* where it was found; empty for the caller's own */
	agent_json *json;            /* a reference is held */
	bool builtin;
	agent_resource *root;
};

/* A schema with an address of its own ($id), or the root of a document. */
struct agent_resource {
	agent_str uri;               /* without fragment; may be relative or empty where the document says no more */
	const agent_node *node;
	agent_dialect dialect;
	const agent_dynamic_anchor *dynamic;
};

typedef struct agent_pattern_link {
	struct agent_pattern_link *next;
	agent_pattern *pattern;
} agent_pattern_link;

typedef struct agent_compiler {
	agent_arena *arena;
	const agent_schema_options *options;
	agent_pattern_link *patterns;
	size_t pattern_bytes;
	agent_document *documents;
	agent_node *first, *last;    /* all nodes, in the order of their documents */
	agent_map nodes;             /* by JSON node and document */
	agent_map resources;         /* by address */
	agent_map anchors;           /* by resource and name */
	int depth;
	agent_buf pointer;           /* of the place that is being read */
	agent_node *node;            /* whose keywords are being compiled */
	struct agent_members *members; /* of that node: schema_object.c */
	agent_error *err;
} agent_compiler;

/* "<pointer>: <rule>", where the compiler stands. */
agent_status agent_compile_refuse(agent_compiler *c, const char *code, const char *format, ...) AGENT_PRINTF(3, 4);
/* Zeroed memory that lives as long as the schema; NULL and err filled when there is none. */
void *agent_compile_alloc(agent_compiler *c, size_t count, size_t size);
agent_status agent_compile_dup(agent_compiler *c, agent_str text, agent_str *out);
/* The node of a schema in the document that is being compiled; it was found by the scan. */
agent_status agent_compile_child(agent_compiler *c, const agent_json *schema, const agent_node **out);
/* The children of an array. */
agent_status agent_compile_children(agent_compiler *c, const agent_json *array, agent_nodes *out);
/* All nodes of all documents, and those that are loaded on the way. */
agent_status agent_compile_nodes(agent_compiler *c);
agent_status agent_compile_pattern_of(agent_compiler *c, agent_str source, agent_pattern **out);

/* schema_scan.c: nodes, addresses and anchors of a document; *out its root. */
agent_status agent_scan_document(agent_compiler *c, agent_str uri, agent_json *json, bool builtin, agent_document **out);
/* A place that no keyword names, but a reference does. c->pointer says where it is. */
agent_status agent_scan_place(agent_compiler *c, const agent_json *json, const agent_document *document, const agent_resource *resource);
agent_node *agent_scan_find(const agent_compiler *c, const agent_json *json, const agent_document *document);
/* *out NULL: no such anchor. */
agent_status agent_scan_anchor(agent_compiler *c, const agent_resource *resource, agent_str name, const agent_node **out);

/* schema_dialect.c */
agent_status agent_dialect_of(agent_compiler *c, agent_str uri, agent_dialect *out);

/* schema_documents.c: a resource by its address, from what was scanned, the registry or the built-in meta-schemas.
 * *out NULL: not known. */
agent_status agent_documents_find(agent_compiler *c, agent_str uri, const agent_resource **out);
/* A registry entry or a built-in text; a reference is returned. NULL without an error: not known. */
agent_status agent_documents_json(agent_compiler *c, agent_str uri, agent_json **out, bool *builtin);

/* schema_meta.c: the text of a built-in meta-schema, or NULL. */
const char *agent_meta_text(agent_str uri);

/* schema_uri.c: RFC 3986, 5.2. The result has no fragment. */
void agent_uri_resolve(agent_str base, agent_str reference, agent_buf *out);
/* Before and behind the first '#'. */
void agent_uri_split(agent_str uri, agent_str *address, agent_str *fragment);
/* false: a malformed escape. */
bool agent_uri_unescape(agent_str text, agent_buf *out);

/* schema_ref.c: *out, or refused. dynamic: NULL, or gets the anchor's name where a $dynamicAnchor was met (else empty). */
agent_status agent_ref_resolve(agent_compiler *c, agent_str reference, const agent_node **out, agent_str *dynamic);

/* schema_loop.c: a schema that applies itself to the same value again is refused. */
agent_status agent_loop_refuse(agent_compiler *c);

/* --- keywords --- */

typedef enum agent_holds {
	AGENT_HOLDS_NOTHING, AGENT_HOLDS_SCHEMA, AGENT_HOLDS_LIST, AGENT_HOLDS_MAP,
	AGENT_HOLDS_SCHEMA_OR_LIST,  /* draft 7's items */
	AGENT_HOLDS_MAP_OR_NAMES     /* draft 7's dependencies */
} agent_holds;

/* Which of a check's nodes look at the same value. */
typedef enum agent_in_place { AGENT_IN_PLACE_NONE, AGENT_IN_PLACE_ONLY, AGENT_IN_PLACE_LIST, AGENT_IN_PLACE_NAMED } agent_in_place;

typedef struct agent_marks agent_marks;

struct agent_keyword {
	const char *name;
	unsigned drafts;
	unsigned vocabularies;       /* known where one of them is */
	agent_holds holds;           /* schemas in its value */
	unsigned applies;            /* types of values it looks at; 0: nothing is checked */
	/* Reads the keyword's value into the check. May set check->run to NULL: nothing is to be checked. */
	agent_status (*compile)(agent_compiler *c, agent_check *check); /* NULL: anything goes */
	agent_check_run check;
	agent_in_place in_place;
	/* Marks the members or items that it covers, where the value is valid. NULL: none. */
	void (*mark)(agent_run *run, const agent_check *check, const agent_value *value, agent_marks *marks);
};

/* schema_unevaluated.c: what keywords cover. */
#define AGENT_MARK(name) void name(agent_run *run, const agent_check *check, const agent_value *value, agent_marks *marks)
AGENT_MARK(agent_mark_all_of);
AGENT_MARK(agent_mark_any_of);
AGENT_MARK(agent_mark_if);
AGENT_MARK(agent_mark_ref);
AGENT_MARK(agent_mark_dynamic);
AGENT_MARK(agent_mark_dependent);
AGENT_MARK(agent_mark_members);
AGENT_MARK(agent_mark_prefix);
AGENT_MARK(agent_mark_items);
AGENT_MARK(agent_mark_contains);
AGENT_MARK(agent_mark_everything);

/* Each ends in a row without a name. Rows are compiled and checked in their order. */
extern const agent_keyword agent_keywords_annotation[];
extern const agent_keyword agent_keywords_any[];
extern const agent_keyword agent_keywords_number[];
extern const agent_keyword agent_keywords_string[];
extern const agent_keyword agent_keywords_object[];
extern const agent_keyword agent_keywords_dependent[];
extern const agent_keyword agent_keywords_array[];
extern const agent_keyword agent_keywords_logic[];
extern const agent_keyword agent_keywords_ref[];
extern const agent_keyword agent_keywords_dynamic[];
extern const agent_keyword agent_keywords_unevaluated[];

const agent_keyword *agent_keyword_find(agent_str name, agent_dialect dialect);

/* Rules that several keywords share. */
agent_status agent_compile_size(agent_compiler *c, agent_check *check);
agent_status agent_compile_only(agent_compiler *c, agent_check *check);
agent_status agent_compile_list(agent_compiler *c, agent_check *check); /* u.nodes */

/* schema_deliver.c */
agent_status agent_compile_deliver(agent_compiler *c, agent_check *check);

#endif

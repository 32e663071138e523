/* SPDX-License-Identifier: MIT
 * JSON text to json-c's tree and back, through our reader and our writer only.
 * json_tokener and json_object_to_json_string are not used anywhere (they cut, saturate and crash). */
#ifndef AGENT_CONTRACT_JSON_H
#define AGENT_CONTRACT_JSON_H

#include "ext/base/arena.h"
#include "ext/base/buf.h"

struct json_object;
typedef struct json_object agent_json;

typedef struct agent_json_limits {
	size_t size;                 /* bytes of text */
	int depth;                   /* 1 … 64 */
} agent_json_limits;

#define AGENT_JSON_NUMBER_MAX 1000
#define AGENT_JSON_LIMITS ((agent_json_limits){ 1024 * 1024, 32 })

typedef enum agent_json_kind {
	AGENT_JSON_KIND_NULL, AGENT_JSON_KIND_BOOL, AGENT_JSON_KIND_INT, AGENT_JSON_KIND_NUMBER,
	AGENT_JSON_KIND_STRING, AGENT_JSON_KIND_ARRAY, AGENT_JSON_KIND_OBJECT
} agent_json_kind;

/* Text to tree. Refused with SCHEMA and a code: "syntax", "end" (the text stops too early), "utf8", "nul", "duplicate_key",
 * "number" (malformed, an integer beyond 64 bits, or more than a double holds), "depth", "too_large".
 * `what` names the text in the message ("the tool's answer"). *out belongs to the caller (agent_json_free);
 * JSON null gives *out NULL with AGENT_OK.
 *
 * Numbers are their text: it is kept as it was written, compared exactly where schemas compare, and written again as it came, also in
 * canonical text. So 1.10 stays 1.10, and 1.10 and 1.1, equal for every schema, have two digests: a digest is of what is sent, not of what it means.
 * Integers (neither '.' nor exponent) are exact or refused: from -2^63 to 2^64-1. Other numbers may have AGENT_JSON_NUMBER_MAX characters, and must be finite as a
 * double, which is what most readers will make of them; what is decoded for PHP becomes an int or a float (an integer beyond
 * PHP's int: a string of its digits), so money that PHP code computes with is better an integer of cents or a string. */
agent_status agent_json_parse(agent_str text, agent_json_limits limits, const char *what, agent_json **out, agent_error *err);
/* The same, with \u0000 let into strings (never into names): only where nothing but a schema looks at the tree. */
agent_status agent_json_parse_nul(agent_str text, agent_json_limits limits, const char *what, agent_json **out, agent_error *err);
agent_json *agent_json_ref(agent_json *node);
void agent_json_free(agent_json *node); /* NULL is allowed */

/* Tree to compact text. Failures stay in the buffer. */
void agent_json_write(const agent_json *node, agent_buf *out);
/* The same with keys sorted by their bytes, for digests. Numbers keep their text (see above). */
void agent_json_write_canonical(const agent_json *node, agent_buf *out);

/* Text without a tree: a quoted, escaped string. Invalid UTF-8 is written as U+FFFD. U+2028/9 and '<' '>' '&' stay as they are. */
void agent_json_put_str(agent_buf *out, agent_str text);
/* `"name":`, with a comma before it unless the buffer ends in '{', '[' or ','. */
void agent_json_put_key(agent_buf *out, const char *name);
/* The three together: ,"name":"value" / ,"name":7 / ,"name":true */
void agent_json_put_member(agent_buf *out, const char *name, agent_str value);
void agent_json_put_member_int(agent_buf *out, const char *name, int64_t value);
void agent_json_put_member_bool(agent_buf *out, const char *name, bool value);

agent_json_kind agent_json_kind_of(const agent_json *node);
/* Views into the tree, valid while it lives. Absent, or another kind: NULL / false / 0. */
agent_json *agent_json_get(const agent_json *object, const char *key);
/* Also where the member is null. */
bool agent_json_has(const agent_json *object, const char *key);
agent_json *agent_json_at(const agent_json *array, size_t index);
size_t agent_json_count(const agent_json *node);   /* members or items */
bool agent_json_str(const agent_json *node, agent_str *out);
/* Only numbers written as integers (7, not 7.0) of at most int64. */
bool agent_json_int(const agent_json *node, int64_t *out);
bool agent_json_bool(const agent_json *node, bool *out);
/* The text of a number, as it was written. */
bool agent_json_number(const agent_json *node, agent_str *out);

/* Walks members in their order: `agent_json_iter it = agent_json_members(o); while (agent_json_member(&it, &key, &value))`. */
typedef struct agent_json_iter { void *entry; } agent_json_iter;
agent_json_iter agent_json_members(const agent_json *object);
bool agent_json_member(agent_json_iter *iter, agent_str *key, agent_json **value);

/* Building, checked: each takes over `value` also when it fails. A NULL value is JSON null. */
agent_json *agent_json_new_object(void);
agent_json *agent_json_new_array(void);
agent_json *agent_json_new_str(agent_str text);
agent_json *agent_json_new_int(int64_t value);
agent_json *agent_json_new_bool(bool value);
bool agent_json_add(agent_json *object, agent_str key, agent_json *value) AGENT_MUST_USE;
bool agent_json_push(agent_json *array, agent_json *value) AGENT_MUST_USE;
/* In the place of an item that is there; false (and `value` freed) where there is none. */
bool agent_json_put(agent_json *array, size_t index, agent_json *value) AGENT_MUST_USE;
/* Removes a member, if there. */
void agent_json_drop(agent_json *object, const char *key);

/* Appends one reference token to a JSON Pointer: "/" and the key with ~0 and ~1 (RFC 6901). */
void agent_json_pointer_add(agent_buf *pointer, agent_str key);

/* "0.16" of the library in use. */
const char *agent_json_version(void);

#endif

/* SPDX-License-Identifier: MIT
 * The one JSON reader: strict (RFC 8259), pull, no allocation, no tree.
 * Duplicate keys are found by the tree builder (json.h), which has memory for it. */
#ifndef AGENT_CONTRACT_READER_H
#define AGENT_CONTRACT_READER_H

#include "ext/base/buf.h"

typedef enum agent_json_token {
	AGENT_JSON_ERROR = 0,        /* reader->error says what; every later call gives it again */
	AGENT_JSON_END,              /* the text is over and was one whole value */
	AGENT_JSON_OBJECT,
	AGENT_JSON_OBJECT_END,
	AGENT_JSON_ARRAY,
	AGENT_JSON_ARRAY_END,
	AGENT_JSON_KEY,              /* raw: between the quotes */
	AGENT_JSON_STRING,           /* raw: between the quotes */
	AGENT_JSON_NUMBER,           /* raw: the number's own text */
	AGENT_JSON_TRUE,
	AGENT_JSON_FALSE,
	AGENT_JSON_NULL
} agent_json_token;

#define AGENT_JSON_DEPTH 64

typedef struct agent_json_reader {
	agent_str text;
	size_t pos;                  /* offset of the next unread byte */
	size_t start;                /* offset where the last token began */
	int depth;
	int max_depth;
	uint64_t in_object;          /* one bit per level: object or array */
	bool nul;                    /* set after _init: \u0000 is let into strings, never into names */
	int expect;                  /* internal: what may come next */
	agent_str raw;               /* of the last KEY, STRING or NUMBER: a view into text */
	bool escaped;                /* raw holds escapes: take it through agent_json_unescape */
	const char *error;           /* a static sentence, NULL while all is well */
	const char *code;            /* its stable short name: "utf8", "nul", "number", "depth", "syntax", "end" … */
} agent_json_reader;

/* max_depth: 1 … AGENT_JSON_DEPTH. The text must outlive the reader. */
void agent_json_reader_init(agent_json_reader *reader, agent_str text, int max_depth);
agent_json_token agent_json_next(agent_json_reader *reader);
/* After KEY, or before any value: passes over one whole value. false on an error. */
bool agent_json_skip(agent_json_reader *reader);
/* Appends the decoded text of a KEY or STRING. The reader has already checked it (UTF-8, escapes, surrogates, U+0000). */
void agent_json_unescape(agent_str raw, agent_buf *out);
/* The key of the last KEY token is `name` (also when it was written with escapes). No allocation. */
bool agent_json_key_is(const agent_json_reader *reader, const char *name);
/* SCHEMA error with the byte offset. */
agent_status agent_json_reader_fail(const agent_json_reader *reader, const char *what, agent_error *err);

#endif

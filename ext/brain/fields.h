/* SPDX-License-Identifier: MIT
 * Members of JSON objects in a server's messages, found with the pull reader: no tree, no allocation.
 * Only for text that agent_fields_whole has read once. */
#ifndef AGENT_BRAIN_FIELDS_H
#define AGENT_BRAIN_FIELDS_H

#include "ext/contract/reader.h"

typedef struct agent_field {
	const char *name;
	bool present;                /* there, and not null */
	agent_json_reader at;        /* stands before the value */
} agent_field;

/* The text is one whole JSON object. *code: why not (the reader's), NULL where it is another kind of
 * value. */
bool agent_fields_whole(agent_str text, const char **code);
/* Reads the value before which `at` stands. An object: the fields are filled, the last of doubled members
 * wins. false: no object. */
bool agent_fields_read(const agent_json_reader *at, agent_field *fields, size_t count);
/* Steps through an array: begin returns false when the value is none; next gives a reader before each
 * item. */
bool agent_items_begin(const agent_json_reader *at, agent_json_reader *items);
bool agent_items_next(agent_json_reader *items, agent_json_reader *item);

/* The field's value if it is a string: appended to out. false: it is not there or no string. */
bool agent_field_str(const agent_field *field, agent_buf *out);
/* The field is the string `text`. */
bool agent_field_is(const agent_field *field, const char *text);
/* The field is a number: its integer part. */
bool agent_field_int(const agent_field *field, int64_t *out);
/* The field is there and neither null, false, "", [] nor {}. */
bool agent_field_filled(const agent_field *field);

#endif

/* SPDX-License-Identifier: MIT
 * Members of JSON objects, found with the pull reader.
 * Knows no protocol and builds no tree. */
#include "ext/brain/fields.h"

bool agent_fields_whole(agent_str text, const char **code)
{
	agent_json_reader reader;
	agent_json_reader_init(&reader, text, AGENT_JSON_DEPTH);
	agent_json_token token = agent_json_next(&reader);
	bool object = token == AGENT_JSON_OBJECT;
	while (token != AGENT_JSON_END && token != AGENT_JSON_ERROR) {
		token = agent_json_next(&reader);
	}
	*code = token == AGENT_JSON_ERROR ? reader.code : NULL;
	return object && token == AGENT_JSON_END;
}

static void note(agent_field *fields, size_t count, const agent_json_reader *reader)
{
	for (size_t i = 0; i < count; i++) {
		if (agent_json_key_is(reader, fields[i].name)) {
			agent_json_reader ahead = *reader;
			fields[i].at = *reader;
			fields[i].present = agent_json_next(&ahead) != AGENT_JSON_NULL;
			return;
		}
	}
}

bool agent_fields_read(const agent_json_reader *at, agent_field *fields, size_t count)
{
	agent_json_reader reader = *at;
	for (size_t i = 0; i < count; i++) {
		fields[i].present = false;
	}
	if (agent_json_next(&reader) != AGENT_JSON_OBJECT) {
		return false;
	}
	while (agent_json_next(&reader) == AGENT_JSON_KEY) {
		note(fields, count, &reader);
		if (!agent_json_skip(&reader)) {
			return false;
		}
	}
	return reader.error == NULL;
}

bool agent_items_begin(const agent_json_reader *at, agent_json_reader *items)
{
	*items = *at;
	return agent_json_next(items) == AGENT_JSON_ARRAY;
}

bool agent_items_next(agent_json_reader *items, agent_json_reader *item)
{
	agent_json_reader ahead = *items;
	agent_json_token token = agent_json_next(&ahead);
	if (token == AGENT_JSON_ARRAY_END || token == AGENT_JSON_ERROR || token == AGENT_JSON_END) {
		return false;
	}
	*item = *items;
	return agent_json_skip(items);
}

static void add_string(const agent_json_reader *reader, agent_buf *out)
{
	if (reader->escaped) {
		agent_json_unescape(reader->raw, out);
	} else {
		agent_buf_add(out, reader->raw);
	}
}

bool agent_field_str(const agent_field *field, agent_buf *out)
{
	agent_json_reader reader = field->at;
	if (!field->present || agent_json_next(&reader) != AGENT_JSON_STRING) {
		return false;
	}
	add_string(&reader, out);
	return true;
}

bool agent_field_is(const agent_field *field, const char *text)
{
	agent_json_reader reader = field->at;
	/* A value of a fixed list that is written with escapes is none we know. */
	return field->present && agent_json_next(&reader) == AGENT_JSON_STRING && agent_str_is(reader.raw, text);
}

bool agent_field_int(const agent_field *field, int64_t *out)
{
	agent_json_reader reader = field->at;
	if (!field->present || agent_json_next(&reader) != AGENT_JSON_NUMBER) {
		return false;
	}
	size_t point = agent_str_find(reader.raw, AGENT_STR("."), 0);
	return agent_str_to_int(point == (size_t)-1 ? reader.raw : agent_str_cut(reader.raw, 0, point), out);
}

bool agent_field_filled(const agent_field *field)
{
	agent_json_reader reader = field->at;
	if (!field->present) {
		return false;
	}
	switch (agent_json_next(&reader)) {
		case AGENT_JSON_STRING:
			return reader.raw.len > 0;
		case AGENT_JSON_OBJECT:
			return agent_json_next(&reader) != AGENT_JSON_OBJECT_END;
		case AGENT_JSON_ARRAY:
			return agent_json_next(&reader) != AGENT_JSON_ARRAY_END;
		case AGENT_JSON_FALSE:
		case AGENT_JSON_NULL:
			return false;
		default:
			return true;
	}
}

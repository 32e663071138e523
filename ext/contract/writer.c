/* SPDX-License-Identifier: MIT
 * JSON out: the tree as compact or canonical text, and text without a tree.
 * json_object_to_json_string is not used; json-c is not even seen here. */
#include <stdlib.h>

#include "ext/base/alloc.h"
#include "ext/contract/json.h"
#include "ext/contract/scan.h"
#include "ext/text/utf8.h"

#define WRITE_DEPTH 128 /* twice what the reader lets in; a tree of our own making is not deeper */

static void put_special(agent_buf *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char from[] = "\"\\\b\f\n\r\t";
	static const char to[] = "\"\\bfnrt";
	const char *at = memchr(from, c, sizeof from - 1);
	if (at != NULL) {
		agent_buf_add(out, (agent_str){ (const char[]){ '\\', to[at - from] }, 2 });
		return;
	}
	agent_buf_add(out, (agent_str){ (const char[]){ '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] }, 6 });
}

/* Bytes of the run of non-ASCII at `from`, invalid ones replaced. */
static size_t put_run(agent_buf *out, agent_str text, size_t from)
{
	size_t end = from;
	while (end < text.len && (unsigned char)text.ptr[end] >= 0x80) {
		end++;
	}
	agent_str run = { text.ptr + from, end - from };
	if (agent_utf8_valid(run)) {
		agent_buf_add(out, run);
		return end;
	}
	for (size_t pos = 0; pos < run.len;) {
		size_t start = pos;
		bool invalid = agent_utf8_next(run, &pos) == 0xFFFD && pos - start == 1;
		agent_buf_add(out, invalid ? AGENT_STR("\xEF\xBF\xBD") : agent_str_cut(run, start, pos - start));
	}
	return end;
}

void agent_json_put_str(agent_buf *out, agent_str text)
{
	size_t pos = 0;
	agent_buf_add_char(out, '"');
	while (pos < text.len) {
		const char *p = text.ptr + pos;
		const char *stop = agent_json_plain_end(p, text.ptr + text.len);
		agent_buf_add(out, (agent_str){ p, (size_t)(stop - p) });
		pos = (size_t)(stop - text.ptr);
		if (pos < text.len) {
			unsigned char c = (unsigned char)text.ptr[pos];
			if (c >= 0x80) {
				pos = put_run(out, text, pos);
			} else {
				put_special(out, c);
				pos++;
			}
		}
	}
	agent_buf_add_char(out, '"');
}

static void put_comma(agent_buf *out)
{
	char last = out->len > 0 ? out->ptr[out->len - 1] : '{';
	if (last != '{' && last != '[' && last != ',') {
		agent_buf_add_char(out, ',');
	}
}

void agent_json_put_key(agent_buf *out, const char *name)
{
	put_comma(out);
	agent_json_put_str(out, agent_str_cstr(name));
	agent_buf_add_char(out, ':');
}

void agent_json_put_member(agent_buf *out, const char *name, agent_str value)
{
	agent_json_put_key(out, name);
	agent_json_put_str(out, value);
}

void agent_json_put_member_int(agent_buf *out, const char *name, int64_t value)
{
	agent_json_put_key(out, name);
	agent_buf_add_int(out, value);
}

void agent_json_put_member_bool(agent_buf *out, const char *name, bool value)
{
	agent_json_put_key(out, name);
	agent_buf_add(out, value ? AGENT_STR("true") : AGENT_STR("false"));
}

typedef struct member {
	agent_str key;
	agent_json *value;
} member;

static int by_key(const void *a, const void *b)
{
	/* Keys hold no NUL and end in one. */
	return strcmp(((const member *)a)->key.ptr, ((const member *)b)->key.ptr);
}

static void write_node(const agent_json *node, agent_buf *out, bool sorted, int depth);

static void write_member(agent_str key, const agent_json *value, agent_buf *out, bool sorted, int depth)
{
	agent_json_put_str(out, key);
	agent_buf_add_char(out, ':');
	write_node(value, out, sorted, depth);
}

static void write_sorted(const agent_json *node, agent_buf *out, int depth)
{
	size_t count = agent_json_count(node);
	size_t n = 0;
	member *members = agent_calloc(count, sizeof *members);
	if (members == NULL) {
		out->fault = out->fault != AGENT_BUF_FINE ? out->fault : AGENT_BUF_NO_MEMORY;
		return;
	}
	agent_json_iter it = agent_json_members(node);
	while (n < count && agent_json_member(&it, &members[n].key, &members[n].value)) {
		n++;
	}
	qsort(members, n, sizeof *members, by_key);
	for (size_t i = 0; i < n; i++) {
		if (i > 0) {
			agent_buf_add_char(out, ',');
		}
		write_member(members[i].key, members[i].value, out, true, depth);
	}
	agent_free(members);
}

static void write_object(const agent_json *node, agent_buf *out, bool sorted, int depth)
{
	agent_buf_add_char(out, '{');
	if (sorted) {
		write_sorted(node, out, depth);
	} else {
		agent_str key;
		agent_json *value;
		agent_json_iter it = agent_json_members(node);
		for (size_t i = 0; agent_json_member(&it, &key, &value); i++) {
			if (i > 0) {
				agent_buf_add_char(out, ',');
			}
			write_member(key, value, out, false, depth);
		}
	}
	agent_buf_add_char(out, '}');
}

static void write_array(const agent_json *node, agent_buf *out, bool sorted, int depth)
{
	agent_buf_add_char(out, '[');
	for (size_t i = 0; i < agent_json_count(node); i++) {
		if (i > 0) {
			agent_buf_add_char(out, ',');
		}
		write_node(agent_json_at(node, i), out, sorted, depth);
	}
	agent_buf_add_char(out, ']');
}

static void write_node(const agent_json *node, agent_buf *out, bool sorted, int depth)
{
	agent_str text = AGENT_STR("null");
	bool flag;
	if (depth >= WRITE_DEPTH) {
		out->fault = out->fault != AGENT_BUF_FINE ? out->fault : AGENT_BUF_FULL;
	}
	if (out->fault != AGENT_BUF_FINE) {
		return;
	}
	switch (agent_json_kind_of(node)) {
		case AGENT_JSON_KIND_OBJECT:
			write_object(node, out, sorted, depth + 1);
			return;
		case AGENT_JSON_KIND_ARRAY:
			write_array(node, out, sorted, depth + 1);
			return;
		case AGENT_JSON_KIND_STRING:
			if (agent_json_str(node, &text)) {
				agent_json_put_str(out, text);
			}
			return;
		case AGENT_JSON_KIND_BOOL:
			text = agent_json_bool(node, &flag) && flag ? AGENT_STR("true") : AGENT_STR("false");
			break;
		case AGENT_JSON_KIND_INT:
		case AGENT_JSON_KIND_NUMBER:
			(void)agent_json_number(node, &text);
			break;
		case AGENT_JSON_KIND_NULL:
			break;
	}
	agent_buf_add(out, text);
}

void agent_json_write(const agent_json *node, agent_buf *out)
{
	write_node(node, out, false, 0);
}

void agent_json_write_canonical(const agent_json *node, agent_buf *out)
{
	write_node(node, out, true, 0);
}

void agent_json_pointer_add(agent_buf *pointer, agent_str key)
{
	agent_buf_add_char(pointer, '/');
	for (size_t i = 0; i < key.len; i++) {
		if (key.ptr[i] == '~') {
			agent_buf_add_lit(pointer, "~0");
		} else if (key.ptr[i] == '/') {
			agent_buf_add_lit(pointer, "~1");
		} else {
			agent_buf_add_char(pointer, key.ptr[i]);
		}
	}
}

/* SPDX-License-Identifier: MIT
 * JSON text to the tree: the reader's tokens, duplicate keys and the range of numbers.
 * No recursion; json-c's tokener is not used. */
#include "ext/contract/node.h"

#include "ext/contract/decimal.h"
#include "ext/contract/reader.h"
#include "ext/text/utf8.h"

typedef struct builder {
	agent_json_reader reader;
	const char *what;
	agent_error *err;
	agent_buf key;               /* the name of the member that comes next */
	agent_buf text;
	agent_json *root;
	agent_json *open[AGENT_JSON_DEPTH];
} builder;

bool agent_json_uint(agent_str text, uint64_t *out)
{
	uint64_t value = 0;
	if (text.len == 0 || text.len > 20) {
		return false;
	}
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = (unsigned)(text.ptr[i] - '0');
		if (digit > 9 || value > (UINT64_MAX - digit) / 10) {
			return false;
		}
		value = value * 10 + digit;
	}
	*out = value;
	return true;
}

static agent_status take_key(builder *b)
{
	const agent_json *object = b->open[b->reader.depth - 1];
	agent_buf_reset(&b->key);
	agent_json_unescape(b->reader.raw, &b->key);
	agent_str key = agent_buf_str(&b->key);
	agent_buf_add_char(&b->key, '\0');
	if (agent_buf_check(&b->key, b->what, b->err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (agent_json_has(object, b->key.ptr)) {
		key = (agent_str){ b->key.ptr, agent_utf8_cut(key, 80) };
		return agent_fail(b->err, AGENT_DOMAIN_SCHEMA, "duplicate_key",
			"%s: the member \"%.*s\" stands there twice, at byte %zu",
			b->what, AGENT_STR_ARG(key), b->reader.start);
	}
	return AGENT_OK;
}

static agent_json *take_str(builder *b)
{
	agent_str text = b->reader.raw;
	if (b->reader.escaped) {
		agent_buf_reset(&b->text);
		agent_json_unescape(text, &b->text);
		if (agent_buf_check(&b->text, b->what, b->err) != AGENT_OK) {
			return NULL;
		}
		text = agent_buf_str(&b->text);
	}
	agent_json *node = agent_json_new_str(text);
	if (node == NULL) {
		agent_fail_memory(b->err);
	}
	return node;
}

static agent_json *take_number(builder *b)
{
	agent_str text = b->reader.raw;
	int64_t i;
	uint64_t u;
	bool integer = memchr(text.ptr, '.', text.len) == NULL && memchr(text.ptr, 'e', text.len) == NULL
		&& memchr(text.ptr, 'E', text.len) == NULL;
	agent_decimal decimal = agent_decimal_of(text);
	bool fits = integer ? agent_str_to_int(text, &i) || agent_json_uint(text, &u)
		: !agent_decimal_is_huge(&decimal);
	if (text.len > AGENT_JSON_NUMBER_MAX) { /* its digits are read again by each keyword that looks at it */
		agent_fail(b->err, AGENT_DOMAIN_SCHEMA, "number", "%s: a number of more than %d characters, at byte %zu", b->what,
			AGENT_JSON_NUMBER_MAX, b->reader.start);
		return NULL;
	}
	if (!fits) {
		agent_fail(b->err, AGENT_DOMAIN_SCHEMA, "number", "%s: %s, at byte %zu", b->what,
			integer ? "an integer beyond 64 bits" : "a number too large for a double", b->reader.start);
		return NULL;
	}
	agent_json *node = agent_json_new_number(text);
	if (node == NULL) {
		agent_fail_memory(b->err);
	}
	return node;
}

/* The node of a token that begins or is a value. NULL with *null: JSON null. */
static agent_json *make(builder *b, agent_json_token token, bool *null)
{
	agent_json *node;
	switch (token) {
		case AGENT_JSON_STRING:
			return take_str(b);
		case AGENT_JSON_NUMBER:
			return take_number(b);
		case AGENT_JSON_NULL:
			*null = true;
			return NULL;
		case AGENT_JSON_OBJECT:
			node = agent_json_new_object();
			break;
		case AGENT_JSON_ARRAY:
			node = agent_json_new_array();
			break;
		default:
			node = agent_json_new_bool(token == AGENT_JSON_TRUE);
			break;
	}
	if (node == NULL) {
		agent_fail_memory(b->err);
	}
	return node;
}

/* Hangs the node into what is open at `depth`, or makes it the root. */
static agent_status attach(builder *b, int depth, agent_json *node)
{
	bool ok = true;
	if (depth == 0) {
		b->root = node;
	} else if (agent_json_kind_of(b->open[depth - 1]) == AGENT_JSON_KIND_OBJECT) {
		ok = agent_json_add(b->open[depth - 1], (agent_str){ b->key.ptr, b->key.len - 1 }, node);
	} else {
		ok = agent_json_push(b->open[depth - 1], node);
	}
	return ok ? AGENT_OK : agent_fail_memory(b->err);
}

static agent_status build(builder *b)
{
	for (;;) {
		int depth = b->reader.depth;
		agent_json_token token = agent_json_next(&b->reader);
		switch (token) {
			case AGENT_JSON_ERROR:
				return agent_json_reader_fail(&b->reader, b->what, b->err);
			case AGENT_JSON_END:
				return AGENT_OK;
			case AGENT_JSON_KEY:
				if (take_key(b) != AGENT_OK) {
					return AGENT_ERR;
				}
				continue;
			case AGENT_JSON_OBJECT_END:
			case AGENT_JSON_ARRAY_END:
				continue;
			default:
				break;
		}
		bool null = false;
		agent_json *node = make(b, token, &null);
		if ((node == NULL && !null) || attach(b, depth, node) != AGENT_OK) {
			return AGENT_ERR;
		}
		if (b->reader.depth > depth) {
			b->open[depth] = node;
		}
	}
}

static agent_status parse(agent_str text, agent_json_limits limits, bool nul, const char *what, agent_json **out,
	agent_error *err)
{
	*out = NULL;
	if (text.len > limits.size || text.len > INT32_MAX / 2) {
		return agent_fail(err, AGENT_DOMAIN_SCHEMA, "too_large", "%s: larger than %zu bytes", what,
			limits.size);
	}
	builder b = { .what = what, .err = err };
	agent_json_reader_init(&b.reader, text, limits.depth);
	b.reader.nul = nul;
	agent_buf_init(&b.key, text.len + 1);
	agent_buf_init(&b.text, text.len);
	agent_status status = build(&b);
	if (status == AGENT_OK) {
		*out = b.root;
	} else {
		agent_json_free(b.root);
	}
	agent_buf_clear(&b.key);
	agent_buf_clear(&b.text);
	return status;
}

agent_status agent_json_parse(agent_str text, agent_json_limits limits, const char *what, agent_json **out,
	agent_error *err)
{
	return parse(text, limits, false, what, out, err);
}

agent_status agent_json_parse_nul(agent_str text, agent_json_limits limits, const char *what, agent_json **out,
	agent_error *err)
{
	return parse(text, limits, true, what, out, err);
}

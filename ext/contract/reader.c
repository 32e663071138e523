/* SPDX-License-Identifier: MIT
 * The strict pull reader: grammar of RFC 8259, UTF-8, no NUL.
 * No allocation, no recursion, no tree. */
#if defined(__GNUC__) && !defined(__clang__)
/* Else GCC 12 loads text.len and pos as one vector right after pos was stored: a third of the time is stalls.
 * */
# pragma GCC optimize ("no-tree-slp-vectorize")
#endif

#include "ext/contract/reader.h"

#include "ext/contract/escape.h"
#include "ext/contract/scan.h"

#if defined(__GNUC__)
# define AGENT_COLD __attribute__((cold, noinline))
/* So that skip keeps the reader in registers: twice as fast. */
# define AGENT_HOT inline __attribute__((always_inline))
#else
# define AGENT_COLD
# define AGENT_HOT inline
#endif

enum expect {
	EXPECT_VALUE,
	EXPECT_VALUE_OR_END,         /* behind '[' */
	EXPECT_KEY_OR_END,           /* behind '{' */
	EXPECT_NEXT,                 /* behind a value inside something */
	EXPECT_NOTHING,              /* behind the whole value */
	EXPECT_FAILED
};

void agent_json_reader_init(agent_json_reader *reader, agent_str text, int max_depth)
{
	*reader = (agent_json_reader){ .text = text, .raw = AGENT_STR_EMPTY, .expect = EXPECT_VALUE };
	reader->max_depth = max_depth < 1 ? 1 : max_depth > AGENT_JSON_DEPTH ? AGENT_JSON_DEPTH : max_depth;
}

static AGENT_COLD agent_json_token fail(agent_json_reader *r, const char *at, const char *code,
	const char *error)
{
	r->pos = (size_t)(at - r->text.ptr);
	r->expect = EXPECT_FAILED;
	r->code = code;
	r->error = error;
	return AGENT_JSON_ERROR;
}

static AGENT_COLD agent_json_token fail_end(agent_json_reader *r)
{
	return fail(r, r->text.ptr + r->text.len, "end", "the text ends too early");
}

static AGENT_HOT const char *blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) {
		p++;
	}
	return p;
}

static AGENT_HOT bool digit(const char *p, const char *end)
{
	return p < end && *p >= '0' && *p <= '9';
}

/* p stands behind the opening quote. The place behind the closing one, or NULL. nul: \u0000 may stand there. */
static AGENT_HOT const char *string(agent_json_reader *r, const char *p, const char *end, bool nul)
{
	const char *first = p;
	r->escaped = false;
	for (;;) {
		p = agent_json_plain_end(p, end);
		if (p == end) {
			fail_end(r);
			return NULL;
		}
		if (*p == '"') {
			r->raw = (agent_str){ first, (size_t)(p - first) };
			return p + 1;
		}
		const char *code, *error;
		const char *behind = agent_json_check_special(p, end, &code, &error);
		if (behind == NULL && nul && end - p >= 6 && memcmp(p, "\\u0000", 6) == 0) {
			behind = p + 6;
		}
		if (behind == NULL) {
			fail(r, p, code, error);
			return NULL;
		}
		r->escaped = r->escaped || *p == '\\';
		p = behind;
	}
}

static const char *number(agent_json_reader *r, const char *p, const char *end)
{
	const char *first = p;
	p += *p == '-';
	if (digit(p, end) && *p == '0') {
		p++;
		if (digit(p, end)) {
			fail(r, p, "number", "a number begins with a zero");
			return NULL;
		}
	} else {
		const char *digits = p;
		while (digit(p, end)) {
			p++;
		}
		if (p == digits) {
			goto digit_missing;
		}
	}
	if (p < end && *p == '.') {
		p++;
		if (!digit(p, end)) {
			goto digit_missing;
		}
		while (digit(p, end)) {
			p++;
		}
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		p += p < end && (*p == '+' || *p == '-');
		if (!digit(p, end)) {
			goto digit_missing;
		}
		while (digit(p, end)) {
			p++;
		}
	}
	r->raw = (agent_str){ first, (size_t)(p - first) };
	return p;
digit_missing:
	if (p == end) {
		fail_end(r);
	} else {
		fail(r, p, "number", "a digit is missing in a number");
	}
	return NULL;
}

static AGENT_HOT void value_done(agent_json_reader *r)
{
	r->expect = r->depth > 0 ? EXPECT_NEXT : EXPECT_NOTHING;
}

static AGENT_COLD agent_json_token no_literal(agent_json_reader *r, const char *p, const char *end,
	const char *word)
{
	size_t left = (size_t)(end - p);
	return left < strlen(word) && memcmp(p, word, left) == 0 ? fail_end(r)
		: fail(r, p, "syntax", "no value begins like this");
}

/* word is a constant of `len` bytes: one comparison of an integer, no call. */
static AGENT_HOT agent_json_token literal(agent_json_reader *r, const char *p, const char *end,
	const char *word, size_t len, agent_json_token token)
{
	if ((size_t)(end - p) < len || memcmp(p, word, len) != 0) {
		return no_literal(r, p, end, word);
	}
	r->pos = (size_t)(p + len - r->text.ptr);
	value_done(r);
	return token;
}

static AGENT_HOT agent_json_token opened(agent_json_reader *r, const char *p, bool object)
{
	if (r->depth >= r->max_depth) {
		return fail(r, p, "depth", "the text is nested too deeply");
	}
	uint64_t bit = (uint64_t)1 << r->depth++;
	r->in_object = object ? r->in_object | bit : r->in_object & ~bit;
	r->expect = object ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
	r->pos = (size_t)(p + 1 - r->text.ptr);
	return object ? AGENT_JSON_OBJECT : AGENT_JSON_ARRAY;
}

static AGENT_HOT bool inside_object(const agent_json_reader *r)
{
	return (r->in_object >> (r->depth - 1) & 1) != 0;
}

static AGENT_HOT agent_json_token closed(agent_json_reader *r, const char *p)
{
	bool object = inside_object(r);
	r->depth--;
	r->pos = (size_t)(p + 1 - r->text.ptr);
	value_done(r);
	return object ? AGENT_JSON_OBJECT_END : AGENT_JSON_ARRAY_END;
}

static AGENT_HOT agent_json_token key(agent_json_reader *r, const char *p, const char *end)
{
	if (p == end) {
		return fail_end(r);
	}
	if (*p != '"') {
		return fail(r, p, "syntax", "a member's name in quotes was expected");
	}
	r->start = (size_t)(p - r->text.ptr);
	p = string(r, p + 1, end, false);
	if (p == NULL) {
		return AGENT_JSON_ERROR;
	}
	p = blanks(p, end);
	if (p == end) {
		return fail_end(r);
	}
	if (*p != ':') {
		return fail(r, p, "syntax", "':' was expected behind a member's name");
	}
	r->pos = (size_t)(p + 1 - r->text.ptr);
	r->expect = EXPECT_VALUE;
	return AGENT_JSON_KEY;
}

static AGENT_HOT agent_json_token value(agent_json_reader *r, const char *p, const char *end)
{
	if (p == end) {
		return fail_end(r);
	}
	r->start = (size_t)(p - r->text.ptr);
	switch (*p) {
		case '"':
			p = string(r, p + 1, end, r->nul);
			if (p == NULL) {
				return AGENT_JSON_ERROR;
			}
			r->pos = (size_t)(p - r->text.ptr);
			value_done(r);
			return AGENT_JSON_STRING;
		case '{':
			return opened(r, p, true);
		case '[':
			return opened(r, p, false);
		case 't':
			return literal(r, p, end, "true", 4, AGENT_JSON_TRUE);
		case 'f':
			return literal(r, p, end, "false", 5, AGENT_JSON_FALSE);
		case 'n':
			return literal(r, p, end, "null", 4, AGENT_JSON_NULL);
		case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
		case '-':
			p = number(r, p, end);
			if (p == NULL) {
				return AGENT_JSON_ERROR;
			}
			r->pos = (size_t)(p - r->text.ptr);
			value_done(r);
			return AGENT_JSON_NUMBER;
		default:
			return fail(r, p, "syntax", "no value begins like this");
	}
}

/* Behind a value: a comma and the next one, or the end of what holds it. */
static AGENT_HOT agent_json_token next_inside(agent_json_reader *r, const char *p, const char *end)
{
	bool object = inside_object(r);
	if (p == end) {
		return fail_end(r);
	}
	if (*p == ',') {
		p = blanks(p + 1, end);
		return object ? key(r, p, end) : value(r, p, end);
	}
	if (*p == (object ? '}' : ']')) {
		r->start = (size_t)(p - r->text.ptr);
		return closed(r, p);
	}
	return fail(r, p, "syntax", object ? "',' or '}' was expected" : "',' or ']' was expected");
}

static AGENT_HOT agent_json_token step(agent_json_reader *r)
{
	const char *end = r->text.ptr + r->text.len;
	const char *p = blanks(r->text.ptr + r->pos, end);
	switch (r->expect) {
		case EXPECT_NEXT:
			return next_inside(r, p, end);
		case EXPECT_VALUE:
			return value(r, p, end);
		case EXPECT_VALUE_OR_END:
		case EXPECT_KEY_OR_END:
			if (p < end && *p == (r->expect == EXPECT_KEY_OR_END ? '}' : ']')) {
				r->start = (size_t)(p - r->text.ptr);
				return closed(r, p);
			}
			return r->expect == EXPECT_KEY_OR_END ? key(r, p, end) : value(r, p, end);
		case EXPECT_NOTHING:
			if (p < end) {
				return fail(r, p, "syntax", "something stands behind the value");
			}
			r->start = r->pos = r->text.len;
			return AGENT_JSON_END;
		default:
			return AGENT_JSON_ERROR;
	}
}

agent_json_token agent_json_next(agent_json_reader *reader)
{
	return step(reader);
}

bool agent_json_skip(agent_json_reader *reader)
{
	int depth = reader->depth;
	for (;;) {
		switch (step(reader)) {
			case AGENT_JSON_ERROR:
				return false;
			case AGENT_JSON_KEY:
			case AGENT_JSON_OBJECT:
			case AGENT_JSON_ARRAY:
				continue;
			case AGENT_JSON_OBJECT_END:
			case AGENT_JSON_ARRAY_END:
				if (reader->depth >= depth) {
					break;
				}
				/* fall through */
			case AGENT_JSON_END: /* the caller stood before no value */
				fail(reader, reader->text.ptr + reader->start, "syntax", "a value was expected");
				return false;
			default:
				break;
		}
		if (reader->depth == depth) {
			return true;
		}
	}
}

agent_status agent_json_reader_fail(const agent_json_reader *reader, const char *what, agent_error *err)
{
	const char *code = reader->code != NULL ? reader->code : "syntax";
	const char *error = reader->error != NULL ? reader->error : "no error";
	return agent_fail(err, AGENT_DOMAIN_SCHEMA, code, "%s: %s, at byte %zu", what, error, reader->pos);
}

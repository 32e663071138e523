/* SPDX-License-Identifier: MIT
 * Escapes of JSON strings: checked, decoded, compared.
 * No token, no position: that is reader.c. */
#include "ext/contract/escape.h"

#include "ext/contract/reader.h"
#include "ext/text/utf8.h"

/* Four hexadecimal digits, or -1. */
static int hex4(const char *p, const char *end)
{
	int value = 0;
	if (end - p < 4) {
		return -1;
	}
	for (int i = 0; i < 4; i++) {
		int c = (unsigned char)p[i];
		int nibble = c >= '0' && c <= '9' ? c - '0'
			: (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
		if (nibble < 0) {
			return -1;
		}
		value = value * 16 + nibble;
	}
	return value;
}

/* p stands behind "\u". The place behind the escape (a surrogate pair is one), or NULL. */
static const char *unicode_escape(const char *p, const char *end, const char **code, const char **error)
{
	int unit = hex4(p, end);
	*code = "syntax";
	if (unit < 0) {
		*error = "\\u wants four hexadecimal digits";
		return NULL;
	}
	if (unit == 0) {
		*code = "nul";
		*error = "the character U+0000 is not allowed";
		return NULL;
	}
	if (unit < 0xD800 || unit > 0xDFFF) {
		return p + 4;
	}
	int low = unit < 0xDC00 && end - p >= 10 && p[4] == '\\' && p[5] == 'u' ? hex4(p + 6, end) : -1;
	if (low < 0xDC00 || low > 0xDFFF) {
		*code = "utf8";
		*error = "\\u names one half of a surrogate pair only";
		return NULL;
	}
	return p + 10;
}

static const char *check_escape(const char *p, const char *end, const char **code, const char **error)
{
	if (end - p < 2) {
		*code = "end";
		*error = "the text ends too early";
		return NULL;
	}
	switch (p[1]) {
		case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
			return p + 2;
		case 'u':
			return unicode_escape(p + 2, end, code, error);
		default:
			*code = "syntax";
			*error = "an escape that JSON does not know";
			return NULL;
	}
}

const char *agent_json_check_special(const char *p, const char *end, const char **code, const char **error)
{
	unsigned char c = (unsigned char)*p;
	if (c == '\\') {
		return check_escape(p, end, code, error);
	}
	if (c < 0x80) {
		*code = c == 0 ? "nul" : "syntax";
		*error = c == 0 ? "the character U+0000 is not allowed"
			: "a control character stands in a string without an escape";
		return NULL;
	}
	const char *run = p;
	while (p < end && (unsigned char)*p >= 0x80) {
		p++;
	}
	if (!agent_utf8_valid((agent_str){ run, (size_t)(p - run) })) {
		*code = "utf8";
		*error = "the text is not valid UTF-8";
		return NULL;
	}
	return p;
}

static size_t put_utf8(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

/* Decodes the escape at p, which has been checked. The bytes in out (room for four), their number in *len;
 * the place behind it.
 * Text that was not checked gives nonsense, never a read past end. */
static const char *decode(const char *p, const char *end, char *out, size_t *len)
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	*len = 0;
	if (end - p < 2) {
		return end;
	}
	if (p[1] != 'u') {
		const char *at = memchr(from, p[1], sizeof from - 1);
		out[0] = at != NULL ? to[at - from] : p[1];
		*len = 1;
		return p + 2;
	}
	int unit = hex4(p + 2, end);
	if (unit < 0) {
		return end;
	}
	p += 6;
	if (unit >= 0xD800 && unit <= 0xDBFF) {
		int low = end - p >= 6 ? hex4(p + 2, end) : -1;
		if (low < 0) {
			return end;
		}
		*len = put_utf8(0x10000 + (((uint32_t)unit & 0x3FF) << 10) + ((uint32_t)low & 0x3FF), out);
		return p + 6;
	}
	*len = put_utf8((uint32_t)unit, out);
	return p;
}

void agent_json_unescape(agent_str raw, agent_buf *out)
{
	const char *p = raw.ptr;
	const char *end = raw.ptr + raw.len;
	while (p < end) {
		const char *slash = memchr(p, '\\', (size_t)(end - p));
		const char *stop = slash != NULL ? slash : end;
		agent_buf_add(out, (agent_str){ p, (size_t)(stop - p) });
		p = stop;
		if (slash != NULL) {
			char bytes[4];
			size_t len;
			p = decode(slash, end, bytes, &len);
			agent_buf_add(out, (agent_str){ bytes, len });
		}
	}
}

bool agent_json_key_is(const agent_json_reader *reader, const char *name)
{
	agent_str raw = reader->raw;
	size_t left = strlen(name);
	if (!reader->escaped) {
		return raw.len == left && memcmp(raw.ptr, name, left) == 0;
	}
	const char *p = raw.ptr;
	const char *end = raw.ptr + raw.len;
	while (p < end) {
		char bytes[4] = { *p };
		size_t len = 1;
		p = *p == '\\' ? decode(p, end, bytes, &len) : p + 1;
		if (len > left || memcmp(bytes, name, len) != 0) {
			return false;
		}
		name += len;
		left -= len;
	}
	return left == 0;
}

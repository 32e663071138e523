/* SPDX-License-Identifier: MIT
 * What a backslash begins in ECMA-262's unicode mode, in PCRE2's syntax.
 * Groups, classes and repetitions are pattern_ecma.c. */
#include "ext/contract/pattern_ecma.h"

#define SPACES "\\s\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}" \
	"\\x{feff}"
#define NO_SPACES "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}" \
	"\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}" \
	"\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}"
/* \W and \D within a class: PCRE2 10.42 loses what is beyond U+00FF when a property stands beside them in a negated class. */
#define NO_WORD "\\x{0}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{5e}\\x{60}\\x{7b}-\\x{10ffff}"
#define NO_DIGIT "\\x{0}-\\x{2f}\\x{3a}-\\x{10ffff}"

static void put_set(agent_pattern_scanner *s, agent_str inside, const char *open)
{
	s->set = true;
	if (s->in_class) {
		agent_buf_add(s->out, inside);
	} else {
		agent_buf_addf(s->out, "%s%.*s]", open, AGENT_STR_ARG(inside));
	}
}

/* Hexadecimal digits from `from` on, at most max; their number, the value in *value. */
static size_t hex(agent_str text, size_t from, size_t max, uint32_t *value)
{
	size_t n = 0;
	*value = 0;
	for (; n < max && from + n < text.len; n++) {
		int c = (unsigned char)text.ptr[from + n];
		int nibble = agent_pattern_digit(c) ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
		if (nibble < 0) {
			break;
		}
		*value = *value * 16 + (uint32_t)nibble;
	}
	return n;
}

/* At the digits behind "\u": \uHHHH, a pair of them, or \u{H…}. */
static const char *unicode(agent_pattern_scanner *s)
{
	static const char wrong[] =
		"\\u wants four hexadecimal digits, a pair of surrogates or a code point in braces";
	uint32_t value, low;
	size_t len;
	if (agent_pattern_peek(s, 0) == '{') {
		size_t zeros = 0;
		while (agent_pattern_peek(s, 1 + zeros) == '0') {
			zeros++;
		}
		len = zeros + hex(s->source, s->pos + 1 + zeros, 7, &value);
		if (len == 0 || agent_pattern_peek(s, len + 1) != '}') {
			return wrong;
		}
		s->pos += len + 2;
	} else {
		if (hex(s->source, s->pos, 4, &value) != 4) {
			return wrong;
		}
		s->pos += 4;
		if (value >= 0xD800 && value <= 0xDBFF && agent_pattern_peek(s, 0) == '\\' && agent_pattern_peek(s, 1) == 'u'
			&& hex(s->source, s->pos + 2, 4, &low) == 4 && low >= 0xDC00 && low <= 0xDFFF) {
			value = 0x10000 + ((value & 0x3FF) << 10) + (low & 0x3FF);
			s->pos += 6;
		}
	}
	if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
		return wrong;
	}
	agent_buf_addf(s->out, "\\x{%x}", (unsigned)value);
	return NULL;
}

/* At the '{' behind \p or \P. */
static const char *property(agent_pattern_scanner *s, bool negated)
{
	size_t close = agent_str_find(s->source, AGENT_STR("}"), s->pos);
	if (agent_pattern_peek(s, 0) != '{' || close == (size_t)-1) {
		return "\\p wants a property in braces";
	}
	agent_str name = agent_str_cut(s->source, s->pos + 1, close - s->pos - 1);
	if (!agent_pattern_property(name, negated, s->out)) {
		return "\\p wants a property that ECMA-262 knows: a general category, a binary property, Script=…";
	}
	s->set = true;
	s->pos = close + 1;
	return NULL;
}

static const char *numbered(agent_pattern_scanner *s, int c)
{
	if (c == '0') {
		s->pos += 2;
		agent_buf_add_lit(s->out, "\\x{0}");
		return agent_pattern_digit(agent_pattern_peek(s, 0)) ? "octal escapes are not known" : NULL;
	}
	if (s->in_class) {
		return "a back reference stands in a class";
	}
	uint32_t number = 0;
	size_t len = 1;
	for (; agent_pattern_digit(agent_pattern_peek(s, len)) && len < 5; len++) {
		number = number * 10 + (uint32_t)(agent_pattern_peek(s, len) - '0');
	}
	agent_buf_addf(s->out, "\\g{%u}", (unsigned)number);
	s->shape->references = true;
	s->pos += len;
	return NULL;
}

static const char *letter(agent_pattern_scanner *s, int c)
{
	uint32_t value;
	switch (c) {
		case 'd': case 'w':
			s->set = true;
			agent_pattern_take(s, 2);
			return NULL;
		case 'D':
			s->pos += 2;
			put_set(s, s->in_class ? AGENT_STR(NO_DIGIT) : AGENT_STR("0-9"), "[^");
			return NULL;
		case 'W':
			s->pos += 2;
			put_set(s, s->in_class ? AGENT_STR(NO_WORD) : AGENT_STR("\\w"), "[^");
			return NULL;
		case 'f': case 'n': case 'r': case 't':
			agent_pattern_take(s, 2);
			return NULL;
		case 'b':
			s->pos += 2;
			s->repeatable = s->in_class;
			agent_buf_add(s->out, s->in_class ? AGENT_STR("\\x{8}") : AGENT_STR("\\b"));
			return NULL;
		case 'B':
			s->repeatable = false;
			agent_pattern_take(s, 2);
			return s->in_class ? "\\B stands in a class" : NULL;
		case 'v':
			s->pos += 2;
			agent_buf_add_lit(s->out, "\\x{b}");
			return NULL;
		case 's':
			s->pos += 2;
			put_set(s, AGENT_STR(SPACES), "[");
			return NULL;
		case 'S':
			s->pos += 2;
			put_set(s, s->in_class ? AGENT_STR(NO_SPACES) : AGENT_STR(SPACES), "[^");
			return NULL;
		case 'c':
			if (!agent_pattern_letter(agent_pattern_peek(s, 2))) {
				return "\\c wants a letter";
			}
			agent_buf_addf(s->out, "\\x{%x}", (unsigned)agent_pattern_peek(s, 2) & 31);
			s->pos += 3;
			return NULL;
		case 'x':
			if (hex(s->source, s->pos + 2, 2, &value) != 2) {
				return "\\x wants two hexadecimal digits";
			}
			agent_buf_addf(s->out, "\\x{%x}", (unsigned)value);
			s->pos += 4;
			return NULL;
		case 'u':
			s->pos += 2;
			return unicode(s);
		case 'p': case 'P':
			s->pos += 2;
			return property(s, c == 'P');
		case 'k':
			if (s->in_class || agent_pattern_peek(s, 2) != '<' || agent_pattern_name(s, 3) == 0) {
				return "\\k wants a name in angle brackets";
			}
			s->shape->references = true;
			agent_pattern_take(s, agent_pattern_name(s, 3));
			return NULL;
		default:
			return "an escape that ECMA-262 does not know";
	}
}

size_t agent_pattern_name(const agent_pattern_scanner *s, size_t from)
{
	size_t len = from;
	while (agent_pattern_letter(agent_pattern_peek(s, len)) || agent_pattern_peek(s, len) == '_'
		|| (len > from && agent_pattern_digit(agent_pattern_peek(s, len)))) {
		len++;
	}
	return len > from && agent_pattern_peek(s, len) == '>' ? len + 1 : 0;
}

const char *agent_pattern_escape(agent_pattern_scanner *s)
{
	int c = agent_pattern_peek(s, 1);
	if (c < 0) {
		return "a backslash stands at the end";
	}
	if (agent_pattern_digit(c)) {
		return numbered(s, c);
	}
	if (agent_pattern_letter(c)) {
		return letter(s, c);
	}
	if (c >= 0x80 || c < 0x20) {
		return "an escape that ECMA-262 does not know";
	}
	agent_pattern_take(s, 2);
	return NULL;
}

/* SPDX-License-Identifier: MIT
 * What means something else in PCRE2 is rewritten, what ECMA-262 does not have is refused.
 * Whether the rest is well-formed, PCRE2 says. */
#include "ext/contract/pattern_ecma.h"

#define SPACES "\\s\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}" \
	"\\x{feff}"
#define NO_SPACES "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}" \
	"\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}" \
	"\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}"

typedef struct scanner {
	agent_str source;
	size_t pos;
	agent_buf *out;
	bool in_class;
} scanner;

static int peek(const scanner *s, size_t ahead)
{
	return s->source.len - s->pos > ahead ? (unsigned char)s->source.ptr[s->pos + ahead] : -1;
}

static void take(scanner *s, size_t len)
{
	agent_buf_add(s->out, agent_str_cut(s->source, s->pos, len));
	s->pos += len;
}

/* Hexadecimal digits from `from` on, at most max; their number, the value in *value. */
static size_t hex(agent_str text, size_t from, size_t max, uint32_t *value)
{
	size_t n = 0;
	*value = 0;
	for (; n < max && from + n < text.len; n++) {
		int c = (unsigned char)text.ptr[from + n];
		int nibble = c >= '0' && c <= '9' ? c - '0'
			: (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
		if (nibble < 0) {
			break;
		}
		*value = *value * 16 + (uint32_t)nibble;
	}
	return n;
}

/* At the digits behind "\u": \uHHHH, a pair of them, or \u{H…}. */
static const char *unicode(scanner *s)
{
	static const char wrong[] =
		"\\u wants four hexadecimal digits, a pair of surrogates or a code point in braces";
	uint32_t value, low;
	size_t len;
	if (peek(s, 0) == '{') {
		len = hex(s->source, s->pos + 1, 7, &value);
		if (len == 0 || peek(s, len + 1) != '}') {
			return wrong;
		}
		s->pos += len + 2;
	} else {
		if (hex(s->source, s->pos, 4, &value) != 4) {
			return wrong;
		}
		s->pos += 4;
		if (value >= 0xD800 && value <= 0xDBFF && peek(s, 0) == '\\' && peek(s, 1) == 'u'
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

/* At the '{' behind \p or \P: the long names of general categories that PCRE2 does not know. */
static const char *property(scanner *s)
{
	static const char *const names[][2] = {
		{ "Letter", "L" }, { "Lowercase_Letter", "Ll" }, { "Uppercase_Letter", "Lu" },
		{ "Titlecase_Letter", "Lt" },
		{ "Modifier_Letter", "Lm" }, { "Other_Letter", "Lo" }, { "Mark", "M" }, { "Number", "N" },
		{ "Decimal_Number", "Nd" },
		{ "digit", "Nd" }, { "Punctuation", "P" }, { "punct", "P" }, { "Symbol", "S" },
		{ "Currency_Symbol", "Sc" },
		{ "Separator", "Z" }, { "Space_Separator", "Zs" }, { "Other", "C" }, { "Control", "Cc" },
	};
	size_t close = agent_str_find(s->source, AGENT_STR("}"), s->pos);
	if (peek(s, 0) != '{' || close == (size_t)-1) {
		return "\\p wants a property in braces";
	}
	agent_str name = agent_str_cut(s->source, s->pos + 1, close - s->pos - 1);
	s->pos = close + 1;
	agent_buf_add_char(s->out, '{');
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (agent_str_is(name, names[i][0])) {
			name = agent_str_cstr(names[i][1]);
			break;
		}
	}
	if (name.len == 0 || name.ptr[0] == '^') {
		return "\\p wants a property in braces";
	}
	agent_buf_add(s->out, name);
	agent_buf_add_char(s->out, '}');
	return NULL;
}

static const char *numbered(scanner *s, int c)
{
	if (c == '0') {
		s->pos += 2;
		agent_buf_add_lit(s->out, "\\x{0}");
		return peek(s, 0) >= '0' && peek(s, 0) <= '9' ? "octal escapes are not known" : NULL;
	}
	if (s->in_class) {
		return "a back reference stands in a class";
	}
	uint32_t number = 0;
	size_t len = 1;
	for (; peek(s, len) >= '0' && peek(s, len) <= '9' && len < 4; len++) {
		number = number * 10 + (uint32_t)(peek(s, len) - '0');
	}
	agent_buf_addf(s->out, "\\g{%u}", (unsigned)number);
	s->pos += len;
	return NULL;
}

static const char *letter(scanner *s, int c)
{
	uint32_t value;
	switch (c) {
		case 'd': case 'D': case 'w': case 'W': case 'f': case 'n': case 'r': case 't':
			take(s, 2);
			return NULL;
		case 'b':
			s->pos += 2;
			agent_buf_add(s->out, s->in_class ? AGENT_STR("\\x{8}") : AGENT_STR("\\b"));
			return NULL;
		case 'B':
			take(s, 2);
			return s->in_class ? "\\B stands in a class" : NULL;
		case 'v':
			s->pos += 2;
			agent_buf_add_lit(s->out, "\\x{b}");
			return NULL;
		case 's':
			s->pos += 2;
			agent_buf_add(s->out, s->in_class ? AGENT_STR(SPACES) : AGENT_STR("[" SPACES "]"));
			return NULL;
		case 'S':
			s->pos += 2;
			agent_buf_add(s->out, s->in_class ? AGENT_STR(NO_SPACES) : AGENT_STR("[^" SPACES "]"));
			return NULL;
		case 'c':
			if ((peek(s, 2) | 32) < 'a' || (peek(s, 2) | 32) > 'z') {
				return "\\c wants a letter";
			}
			agent_buf_addf(s->out, "\\x{%x}", (unsigned)peek(s, 2) & 31);
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
			take(s, 2);
			return property(s);
		case 'k':
			if (s->in_class || peek(s, 2) != '<') {
				return "\\k wants a name in angle brackets";
			}
			take(s, 2);
			return NULL;
		default:
			return "an escape that ECMA-262 does not know";
	}
}

static const char *escape(scanner *s)
{
	int c = peek(s, 1);
	if (c < 0) {
		return "a backslash stands at the end";
	}
	if (c >= '0' && c <= '9') {
		return numbered(s, c);
	}
	if ((c | 32) >= 'a' && (c | 32) <= 'z') {
		return letter(s, c);
	}
	if (c >= 0x80 || c < 0x20) {
		return "an escape that ECMA-262 does not know";
	}
	take(s, 2);
	return NULL;
}

static const char *in_class(scanner *s)
{
	switch (peek(s, 0)) {
		case '\\':
			return escape(s);
		case '[': /* [:alpha:] is a class of its own in PCRE2 only */
			s->pos++;
			agent_buf_add_lit(s->out, "\\[");
			return NULL;
		case ']':
			s->in_class = false;
			break;
		default:
			break;
	}
	take(s, 1);
	return NULL;
}

static const char *group(scanner *s)
{
	int a = peek(s, 1), b = peek(s, 2), c = peek(s, 3);
	if (a == '*') {
		return "nothing stands before the repetition";
	}
	if (a != '?') {
		take(s, 1);
		return NULL;
	}
	if (b == ':' || b == '=' || b == '!') {
		take(s, 3);
		return NULL;
	}
	if (b == '<' && (c == '=' || c == '!' || c == '_' || (c | 32) >= 'a')) {
		take(s, 4);
		return NULL;
	}
	return "a group that ECMA-262 does not know";
}

/* The length of a quantifier here, without the '?' behind it; 0 if there is none. */
static size_t quantifier(const scanner *s)
{
	int c = peek(s, 0);
	size_t len = 1;
	if (c == '*' || c == '+' || c == '?') {
		return 1;
	}
	if (c != '{' || peek(s, 1) < '0' || peek(s, 1) > '9') {
		return 0;
	}
	while (peek(s, len) >= '0' && peek(s, len) <= '9') {
		len++;
	}
	if (peek(s, len) == ',') {
		len++;
		while (peek(s, len) >= '0' && peek(s, len) <= '9') {
			len++;
		}
	}
	return peek(s, len) == '}' ? len + 1 : 0;
}

static const char *outside(scanner *s)
{
	size_t len = quantifier(s);
	if (len > 0) {
		take(s, len + (peek(s, len) == '?'));
		/* a++ is possessive in PCRE2 */
		return quantifier(s) > 0 ? "nothing stands before the repetition" : NULL;
	}
	switch (peek(s, 0)) {
		case '\\':
			return escape(s);
		case '(':
			return group(s);
		case '[':
			s->in_class = true;
			take(s, peek(s, 1) == '^' ? 2 : 1);
			return NULL;
		case '.':
			s->pos++;
			agent_buf_add_lit(s->out, "[^\\n\\r\\x{2028}\\x{2029}]");
			return NULL;
		case '{':
			return "'{' stands for itself only behind a backslash";
		default:
			take(s, 1);
			return NULL;
	}
}

const char *agent_pattern_translate(agent_str source, agent_buf *out, size_t *at)
{
	scanner s = { .source = source, .out = out };
	while (s.pos < source.len) {
		*at = s.pos;
		const char *reason = s.in_class ? in_class(&s) : outside(&s);
		if (reason != NULL) {
			return reason;
		}
	}
	*at = source.len;
	return s.in_class ? "a class is not closed" : NULL;
}

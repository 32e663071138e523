/* SPDX-License-Identifier: MIT
 * What means something else in PCRE2 is rewritten, what ECMA-262's unicode mode does not have is refused. Accepted beyond it is what
 * every engine reads alike and schemas in the wild hold: escaped punctuation (\-, \@, \"), a ']' or '}' alone, [\w-.]. */
#include "ext/contract/pattern_ecma.h"

#define LEAST_MAX 10000u        /* of one repetition's minimum */
#define NESTED_MAX 100000u      /* of repetitions within repetitions, multiplied */

/* One character or set of a class. */
static const char *class_atom(agent_pattern_scanner *s)
{
	s->set = false;
	switch (agent_pattern_peek(s, 0)) {
		case -1:
			return "a class is not closed";
		case '\\':
			return agent_pattern_escape(s);
		case '[': /* [:alpha:] is a class of its own in PCRE2 only */
		case '-':
			agent_buf_add_char(s->out, '\\');
			break;
		default:
			break;
	}
	agent_pattern_take(s, 1);
	while (agent_pattern_peek(s, 0) >= 0x80 && agent_pattern_peek(s, 0) < 0xC0) {
		agent_pattern_take(s, 1);
	}
	return NULL;
}

static const char *in_class(agent_pattern_scanner *s)
{
	if (agent_pattern_peek(s, 0) == ']') {
		s->in_class = false;
		agent_pattern_take(s, 1);
		return NULL;
	}
	const char *reason = class_atom(s);
	if (reason != NULL || agent_pattern_peek(s, 0) != '-' || agent_pattern_peek(s, 1) == ']') {
		return reason;
	}
	bool set = s->set;
	s->pos++;
	agent_buf_add(s->out, set ? AGENT_STR("\\-") : AGENT_STR("-"));
	reason = class_atom(s);
	return reason != NULL || set || !s->set ? reason : "a range in a class ends in a set of characters";
}

/* At '('. */
static const char *group(agent_pattern_scanner *s)
{
	int a = agent_pattern_peek(s, 1), b = agent_pattern_peek(s, 2), c = agent_pattern_peek(s, 3);
	size_t len = a != '?' ? 1 : b == ':' || b == '=' || b == '!' ? 3 : b == '<' && (c == '=' || c == '!') ? 4 : 0;
	if (len == 0 && b == '<') {
		len = agent_pattern_name(s, 3);
	}
	if (a == '*') {
		return "nothing stands before the repetition";
	}
	if (len == 0) {
		return "a group that ECMA-262 does not know";
	}
	if (s->depth >= AGENT_PATTERN_DEPTH) {
		return "the groups are nested too deeply";
	}
	s->looks[s->depth] = a == '?' && (b == '=' || b == '!' || (b == '<' && (c == '=' || c == '!')));
	s->weights[s->depth++] = s->weight = 1;
	s->repeatable = false;
	agent_pattern_take(s, len);
	return NULL;
}

/* Digits at `from`; a number over NESTED_MAX is NESTED_MAX + 1. */
static size_t number(const agent_pattern_scanner *s, size_t from, size_t *value)
{
	size_t len = 0;
	*value = 0;
	for (; agent_pattern_digit(agent_pattern_peek(s, from + len)); len++) {
		*value = *value * 10 + (size_t)(agent_pattern_peek(s, from + len) - '0');
		*value = *value > NESTED_MAX ? NESTED_MAX + 1 : *value;
	}
	return len;
}

/* The length of a quantifier here, without the '?' behind it; 0 if there is none. */
static size_t quantifier(const agent_pattern_scanner *s, size_t *least, size_t *most)
{
	int c = agent_pattern_peek(s, 0);
	*least = c == '+';
	*most = c == '?';
	if (c == '*' || c == '+' || c == '?') {
		return 1;
	}
	size_t len = c == '{' ? number(s, 1, least) : 0;
	if (len == 0) {
		return 0;
	}
	*most = *least;
	if (agent_pattern_peek(s, ++len) == ',') {
		size_t more = number(s, ++len, most);
		len += more;
	}
	return agent_pattern_peek(s, len) == '}' ? len + 1 : 0;
}

/* Counted repetitions within one another multiply: what a match would have to pass is bounded when the pattern is made. */
static const char *repeat(agent_pattern_scanner *s, size_t len, size_t least, size_t most)
{
	if (!s->repeatable) {
		return "nothing stands before the repetition";
	}
	size_t times = most > least ? most : least;
	s->weight *= times > 1 ? times : 1;
	if (least > LEAST_MAX || (s->weight > NESTED_MAX && s->weight > times)) {
		return "the repetitions add up to too many";
	}
	s->shape->least = least > s->shape->least ? least : s->shape->least;
	s->repeatable = false; /* a++ is possessive in PCRE2 */
	agent_pattern_take(s, len + (agent_pattern_peek(s, len) == '?'));
	return NULL;
}

static const char *close_group(agent_pattern_scanner *s)
{
	if (s->depth == 0) {
		return "a parenthesis closes nothing";
	}
	s->weight = s->weights[--s->depth];
	s->repeatable = !s->looks[s->depth];
	agent_pattern_take(s, 1);
	return NULL;
}

static void open_class(agent_pattern_scanner *s)
{
	bool negated = agent_pattern_peek(s, 1) == '^';
	if (agent_pattern_peek(s, negated ? 2 : 1) == ']') { /* in PCRE2 nothing that can be repeated */
		agent_buf_add(s->out, negated ? AGENT_STR("[\\s\\S]") : AGENT_STR("[^\\s\\S]"));
		s->pos += negated ? 3 : 2;
		return;
	}
	s->in_class = true;
	agent_pattern_take(s, negated ? 2 : 1);
}

static const char *atom(agent_pattern_scanner *s)
{
	s->repeatable = true;
	s->weight = 1;
	switch (agent_pattern_peek(s, 0)) {
		case '\\':
			return agent_pattern_escape(s);
		case '(':
			return group(s);
		case ')':
			return close_group(s);
		case '[':
			open_class(s);
			return NULL;
		case '.':
			s->pos++;
			agent_buf_add_lit(s->out, "[^\\n\\r\\x{2028}\\x{2029}]");
			return NULL;
		case '{':
			return "'{' stands for itself only behind a backslash";
		case '^': case '$': case '|':
			s->repeatable = false;
			break;
		default:
			break;
	}
	agent_pattern_take(s, 1);
	return NULL;
}

static const char *outside(agent_pattern_scanner *s)
{
	size_t least, most;
	size_t len = quantifier(s, &least, &most);
	const char *reason = len > 0 ? repeat(s, len, least, most) : atom(s);
	if (s->depth > 0 && s->weight > s->weights[s->depth - 1]) {
		s->weights[s->depth - 1] = s->weight;
	}
	return reason;
}

const char *agent_pattern_translate(agent_str source, agent_buf *out, agent_pattern_shape *shape, size_t *at)
{
	agent_pattern_scanner s = { .source = source, .out = out, .shape = shape, .weight = 1 };
	*shape = (agent_pattern_shape){ 0, false };
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

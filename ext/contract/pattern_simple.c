/* SPDX-License-Identifier: MIT
 * Order numbers, amounts, codes of countries: most patterns of contracts are read from left to right without a step back.
 * Whatever is not plainly of that kind is left to PCRE2, which has compiled it already. */
#include "ext/contract/pattern_simple.h"

typedef struct scan {
	agent_str source;
	size_t pos;
} scan;

static int peek(const scan *s, size_t ahead)
{
	return s->pos + ahead < s->source.len ? (unsigned char)s->source.ptr[s->pos + ahead] : -1;
}

static void add(agent_pattern_item *item, int from, int to)
{
	for (int c = from; c <= to; c++) {
		item->set[c >> 6] |= (uint64_t)1 << (c & 63);
	}
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* Behind a backslash: \d, \w, or a sign that stands for itself, which is given back; -1 for a set, -2 for anything else. */
static int escaped(scan *s, agent_pattern_item *item)
{
	int c = peek(s, 1);
	s->pos += 2;
	if (c == 'd' || c == 'w') {
		add(item, '0', '9');
	}
	if (c == 'w') {
		add(item, 'A', 'Z');
		add(item, 'a', 'z');
		add(item, '_', '_');
	}
	if (c == 'd' || c == 'w') {
		return -1;
	}
	bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
	return c > 0x20 && c < 0x7f && !letter && !is_digit(c) ? c : -2;
}

/* One character of a class or a set in it, as escaped() says. */
static int member(scan *s, agent_pattern_item *item)
{
	int c = peek(s, 0);
	if (c == '\\') {
		return escaped(s, item);
	}
	s->pos++;
	return c >= 0x20 && c < 0x7f ? c : -2;
}

/* Behind '['. */
static bool class(scan *s, agent_pattern_item *item)
{
	if (peek(s, 0) == '^' || peek(s, 0) == ']') {
		return false;
	}
	while (peek(s, 0) != ']') {
		int from = member(s, item), to = from;
		if (from == -2) {
			return false;
		}
		if (peek(s, 0) == '-' && peek(s, 1) != ']') {
			s->pos++;
			to = member(s, item);
			if (from < 0 || to < from) {
				return false;
			}
		}
		if (from >= 0) {
			add(item, from, to);
		}
	}
	s->pos++;
	return true;
}

static bool number(scan *s, uint32_t *out)
{
	size_t first = s->pos;
	*out = 0;
	while (is_digit(peek(s, 0)) && s->pos - first < 6) {
		*out = *out * 10 + (uint32_t)(peek(s, 0) - '0');
		s->pos++;
	}
	return s->pos > first;
}

static bool quantifier(scan *s, agent_pattern_item *item)
{
	int c = peek(s, 0);
	item->least = c != '*' && c != '?';
	item->most = c == '*' || c == '+' ? UINT32_MAX : 1;
	if (c == '*' || c == '+' || c == '?') {
		s->pos++;
	} else if (c == '{') {
		s->pos++;
		if (!number(s, &item->least)) {
			return false;
		}
		item->most = item->least;
		if (peek(s, 0) == ',') {
			s->pos++;
			item->most = UINT32_MAX;
			if (peek(s, 0) != '}' && !number(s, &item->most)) {
				return false;
			}
		}
		if (peek(s, 0) != '}') {
			return false;
		}
		s->pos++;
	}
	return peek(s, 0) != '?' && item->least <= item->most;
}

static bool one_item(scan *s, agent_pattern_item *item)
{
	int c = peek(s, 0);
	*item = (agent_pattern_item){ .least = 1 };
	if (c == '[') {
		s->pos++;
		return class(s, item) && quantifier(s, item);
	}
	if (c == '\\') {
		c = escaped(s, item);
	} else {
		s->pos++;
		c = c < 0x20 || c > 0x7e || strchr("^$.*+?()[]{}|", c) != NULL ? -2 : c;
	}
	if (c >= 0) {
		add(item, c, c);
	}
	return c != -2 && quantifier(s, item);
}

/* Where an item may take more or less, what follows begins with none of its characters. */
static bool one_reading(const agent_pattern_item *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool open = items[i].least != items[i].most;
		for (size_t k = i + 1; open && k < count; k++) {
			if (((items[i].set[0] & items[k].set[0]) | (items[i].set[1] & items[k].set[1])) != 0) {
				return false;
			}
			open = items[k].least == 0;
		}
	}
	return true;
}

size_t agent_pattern_items(agent_str source, agent_pattern_item *items, size_t room)
{
	scan s = { source, 1 };
	size_t count = 0;
	if (source.len < 3 || source.ptr[0] != '^' || source.ptr[source.len - 1] != '$') {
		return 0;
	}
	s.source.len--;
	while (s.pos < s.source.len) {
		if (count == room || !one_item(&s, &items[count])) {
			return 0;
		}
		count++;
	}
	return s.pos == s.source.len && one_reading(items, count) ? count : 0;
}

bool agent_pattern_items_match(const agent_pattern_item *items, size_t count, agent_str text)
{
	size_t pos = 0;
	for (const agent_pattern_item *item = items; item < items + count; item++) {
		size_t taken = 0;
		while (taken < item->most && pos < text.len) {
			unsigned char c = (unsigned char)text.ptr[pos];
			if (c >= 0x80 || (item->set[c >> 6] >> (c & 63) & 1) == 0) {
				break;
			}
			taken++;
			pos++;
		}
		if (taken < item->least) {
			return false;
		}
	}
	return pos == text.len;
}

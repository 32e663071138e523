/* SPDX-License-Identifier: MIT
 * Texts compared as a reader compares them: words, titles, identifiers.
 * No figures (ground_figure.c), no evidence. */
#include "ext/guard/ground_parts.h"
#include "ext/text/glyph.h"

/* The next glyph as it counts in a comparison: blanks are one, quotation marks are alike (double ones
 * become single within a quotation). Emphasis is no glyph at all. */
static agent_glyph counting(agent_str text, size_t pos)
{
	agent_glyph glyph = agent_glyph_at(text, pos);
	bool typographic = glyph.c >= 0x201a && glyph.c <= 0x201f;
	if (typographic || glyph.c == '"' || glyph.c == 0xab || glyph.c == 0xbb || glyph.c == 0x2033) {
		glyph.c = '\'';
	}
	if (agent_glyph_blank(glyph.c)) {
		glyph.c = ' ';
		agent_glyph next = agent_glyph_at(text, glyph.next);
		while (agent_glyph_blank(next.c)) {
			glyph.next = next.next;
			next = agent_glyph_at(text, next.next);
		}
	}
	return glyph;
}

static bool same(uint32_t a, uint32_t b, bool nocase)
{
	if (a == b || !nocase) {
		return a == b;
	}
	uint32_t x[2] = { 0, 0 };
	uint32_t y[2] = { 0, 0 };
	size_t count = agent_glyph_fold(a, x);
	return count == agent_glyph_fold(b, y) && x[0] == y[0] && (count == 1 || x[1] == y[1]);
}

bool agent_match_at(agent_str text, size_t pos, agent_str words, bool nocase, size_t *end)
{
	agent_glyph want = counting(words, 0);
	while (want.c != 0) {
		agent_glyph have = counting(text, pos);
		if (!same(have.c, want.c, nocase)) {
			return false;
		}
		pos = have.next;
		want = counting(words, want.next);
	}
	*end = pos;
	return true;
}

/* Scripts without blanks have no borders of words. */
static bool inside_word(uint32_t left, uint32_t right)
{
	return agent_glyph_word(left) && agent_glyph_word(right) && left < 0x2e80 && right < 0x2e80;
}

bool agent_match_words(agent_str text, agent_str words)
{
	uint32_t first = counting(words, 0).c;
	uint32_t last = agent_glyph_before(words, words.len);
	uint32_t before = 0;
	if (first == 0) {
		return false;
	}
	for (size_t pos = 0; pos < text.len;) {
		agent_glyph glyph = counting(text, pos);
		size_t end;
		if (glyph.c == first && !inside_word(before, first) &&
			agent_match_at(text, glyph.start, words, false, &end) &&
			!inside_word(last, agent_glyph_at(text, end).c)) {
			return true;
		}
		before = glyph.c;
		pos = glyph.next;
	}
	return false;
}

/* --- tokens --------------------------------------------------------------------------------------------- */

static bool joiner(uint32_t c)
{
	return c == '-' || c == '_' || c == '@' || c == '+' || c == '%';
}

/* "12345" does not stand in "ABC-12345", nor "jane@shop.example" in "mary.jane@shop.example". */
static bool begins_token(agent_str text, size_t pos)
{
	uint32_t before = agent_glyph_before(text, pos);
	if (!joiner(before) && before != '.') {
		return !agent_glyph_word(before) || before >= 0x2e80;
	}
	size_t at = pos;
	while (at > 0 && agent_glyph_at(text, at - 1).start != at - 1) {
		at--;
	}
	return at == 0 || !agent_glyph_word(agent_glyph_before(text, at - 1));
}

static bool ends_token(agent_str text, size_t end, bool address)
{
	agent_glyph glyph = agent_glyph_at(text, end);
	if (joiner(glyph.c) || (address && glyph.c == '.')) {
		return !agent_glyph_word(agent_glyph_at(text, glyph.next).c);
	}
	return !agent_glyph_word(glyph.c) || glyph.c >= 0x2e80;
}

static bool token_at(agent_str text, size_t pos, agent_str token, size_t *end)
{
	for (agent_glyph want = agent_glyph_at(token, 0); want.c != 0; want = agent_glyph_at(token, want.next)) {
		agent_glyph have = agent_glyph_at(text, pos);
		if (!same(have.c, want.c, true)) {
			return false;
		}
		pos = have.next;
	}
	*end = pos;
	return true;
}

bool agent_match_token(agent_str text, agent_str token)
{
	bool address = memchr(token.ptr, '@', token.len) != NULL;
	uint32_t first = agent_glyph_at(token, 0).c;
	if (first == 0) {
		return false;
	}
	for (agent_glyph glyph = agent_glyph_at(text, 0); glyph.c != 0;
		glyph = agent_glyph_at(text, glyph.next)) {
		size_t end;
		if (same(glyph.c, first, true) && token_at(text, glyph.start, token, &end) &&
			begins_token(text, glyph.start) &&
			ends_token(text, end, address)) {
			return true;
		}
	}
	return false;
}

/* SPDX-License-Identifier: MIT
 * The recogniser: which thing begins where, and which goes before which.
 * The things themselves are in find_*.c. */
#include "ext/text/recognise.h"

#include "ext/text/find.h"

/* "A4", "MP3", "B2B": names with one digit, no figures. The end of the name, or 0. */
static size_t short_name(agent_str text, size_t pos)
{
	int letters = 0;
	int digits = 0;
	agent_glyph glyph = agent_glyph_at(text, pos);
	for (; agent_glyph_word(glyph.c) && letters + digits < 8; glyph = agent_glyph_at(text, glyph.next)) {
		digits += agent_glyph_digit(glyph.c);
		letters += !agent_glyph_digit(glyph.c);
		if (!agent_glyph_digit(glyph.c) && !(glyph.c >= 'A' && glyph.c <= 'Z')) {
			return 0;
		}
	}
	return digits == 1 && letters <= 4 && !agent_glyph_word(glyph.c) ? glyph.start : 0;
}

static bool figure_at(agent_str text, size_t pos, agent_found *found)
{
	agent_figure figure;
	if (!agent_find_figure(text, pos, &figure)) {
		return false;
	}
	agent_find_amount(text, &figure, found);
	if (found->kind == AGENT_FOUND_NUMBER && figure.plain) {
		agent_found id;
		if (agent_find_id(text, pos, &id)) {
			*found = id;
		}
	}
	return true;
}

/* Does something begin at this glyph? `before` is the glyph to its left. Money goes before identifiers
 * ("EUR12"), dates before money ("24.11.2026"), addresses before all, for they contain anything. */
static bool thing_at(agent_str text, agent_glyph glyph, uint32_t before, agent_found *found)
{
	size_t pos = glyph.start;
	/* A token also begins where the script changes: Chinese puts no blank before an address. */
	bool fresh = !agent_glyph_word(before) || (before >= 0x530 && glyph.c < 0x530);
	if (agent_glyph_digit(glyph.c)) {
		bool first = !agent_glyph_digit(before);
		return (fresh && (agent_find_email(text, pos, found) || agent_find_url(text, pos, found))) ||
			(first && agent_find_date(text, pos, found)) || figure_at(text, pos, found);
	}
	if (glyph.c >= 0x3007 && glyph.c < 0xa000 && agent_find_han(text, pos, found)) {
		return !agent_find_han_digit(before);
	}
	if (agent_glyph_letter(glyph.c)) {
		return fresh && (agent_find_email(text, pos, found) || agent_find_url(text, pos, found) ||
			agent_find_money(text, pos, found) || agent_find_date(text, pos, found) ||
			agent_find_code(text, pos, found) ||
			(short_name(text, pos) == 0 && agent_find_id(text, pos, found)) ||
			agent_find_share(text, pos, found) || agent_find_count(text, pos, found) ||
			agent_find_span(text, pos, found) || agent_find_foreign(text, pos, found));
	}
	if (glyph.c == '#') {
		return (before == '(' && agent_find_url(text, pos, found)) || agent_find_id(text, pos, found);
	}
	if (glyph.c == '/' || glyph.c == '\\' || before == '(' || glyph.c == '<' || glyph.c == '[') {
		return agent_find_url(text, pos, found) || agent_find_money(text, pos, found);
	}
	return agent_find_money(text, pos, found) || (glyph.c >= 0x80 && figure_at(text, pos, found));
}

static bool quote_at(agent_str text, size_t pos, agent_found *found)
{
	agent_quote quote;
	for (size_t at = 0; agent_quote_next(text, &at, &quote) && quote.mark <= pos;) {
		if (quote.mark == pos) {
			*found = (agent_found){ .kind = AGENT_FOUND_QUOTE, .start = quote.start, .len = quote.len };
			return quote.closed && agent_quote_says(agent_str_cut(text, quote.start, quote.len));
		}
	}
	return false;
}

static bool is_mark(uint32_t c)
{
	return c == '"' || c == 0xab || c == 0xbb || (c >= 0x201c && c <= 0x201f) || c == 0x2033 || c == 0x300c ||
		c == 0x300e;
}

static bool next_thing(agent_str text, size_t *pos, agent_found *found, bool quotes)
{
	uint32_t before = agent_glyph_before(text, *pos);
	for (agent_glyph glyph = agent_glyph_at(text, *pos); glyph.c != 0;
		glyph = agent_glyph_at(text, glyph.next)) {
		if (quotes && is_mark(glyph.c) && quote_at(text, glyph.start, found)) {
			*pos = found->start;
			return true;
		}
		if (glyph.c != ' ' && thing_at(text, glyph, before, found)) {
			*pos = found->start + found->len;
			found->len = agent_glyph_seen_end(text, found->start, *pos) - found->start;
			return true;
		}
		bool fresh = agent_glyph_letter(glyph.c) && !agent_glyph_word(before);
		size_t name = fresh ? short_name(text, glyph.start) : 0;
		before = glyph.c;
		if (name != 0) {
			before = 'A';
			glyph.next = name;
		}
	}
	*pos = text.len;
	return false;
}

bool agent_recognise(agent_str text, size_t *pos, agent_found *found)
{
	return next_thing(text, pos, found, true);
}

bool agent_recognise_plain(agent_str text, size_t *pos, agent_found *found)
{
	return next_thing(text, pos, found, false);
}

/* SPDX-License-Identifier: MIT
 * The recogniser: which thing begins where, and which goes before which.
 * The things themselves are in find_*.c. */
#include "ext/text/recognise.h"

#include "ext/text/find.h"

/* --- number words --------------------------------------------------------------------------------------- */

static bool one_of(const char *word, const char *const *list, size_t count)
{
	size_t len = strlen(word);
	for (size_t i = 0; i < count; i++) {
		size_t known = strlen(list[i]);
		bool plural = len == known + 1 && word[known] == 's';
		if ((len == known || plural) && memcmp(word, list[i], known) == 0) {
			return true;
		}
	}
	return false;
}

static bool unit_of_time(const char *word)
{
	static const char *const units[] = {
		"second", "minute", "hour", "day", "night", "week", "weekend", "fortnight", "month", "quarter",
		"year", "decade", "workday",
	};
	return one_of(word, units, sizeof units / sizeof *units);
}

static bool counted(const char *word)
{
	static const char *const things[] = {
		"item", "piece", "unit", "product", "article", "order", "package", "parcel", "box", "boxe",
		"shipment", "delivery", "deliverie", "payment", "instalment", "installment", "time", "attempt",
		"user", "device", "licence", "license", "copy", "copie", "person", "people", "guest", "refund",
		"return", "point", "star", "mile", "kilometer", "kilometre", "km", "customer", "ticket", "voucher",
		"coupon", "invoice", "pack", "bottle", "pair", "set", "seat", "subscription", "download", "gift",
		"card", "bag", "meter", "metre", "kilo", "kg", "gram", "liter", "litre",
	};
	return unit_of_time(word) || one_of(word, things, sizeof things / sizeof *things);
}

static bool joins(const char *word)
{
	static const char *const words[] =
		{ "to", "or", "and", "through", "business", "working", "calendar", "full" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(word, words[i]) == 0) {
			return true;
		}
	}
	return false;
}

/* "three days", "three to five business days", "two brand-new items": is it a count of something? A lone
 * "two" is not, nor is "one" unless it is time ("one business day"). */
static bool counts_something(agent_str text, const agent_figure *figure)
{
	bool one = figure->minor == 10000;
	size_t pos = figure->end;
	for (int words = 0, steps = 0; words < 3 && steps < 8; steps++) {
		size_t at = agent_glyph_skip_blanks(text, pos);
		agent_glyph dash = agent_glyph_at(text, at);
		at = dash.c == '-' || dash.c == 0x2013 ? agent_glyph_skip_blanks(text, dash.next) : at;
		if (at == pos) {
			return false;
		}
		char word[16];
		size_t next;
		agent_figure second;
		bool small;
		agent_glyph_word_at(text, at, word, sizeof word, &next);
		if (next == at) {
			return agent_glyph_digit(agent_glyph_at(text, at).c) && dash.c != ' '; /* "two-3 days" */
		}
		if (one ? unit_of_time(word) : counted(word)) {
			return true;
		}
		if (agent_find_number_words(text, at, &second, &small)) {
			next = second.end;
			one = false;
		} else if (!joins(word)) {
			words += one ? 3 : 1;
		}
		pos = next;
	}
	return false;
}

static bool find_number_words(agent_str text, size_t pos, agent_found *found)
{
	agent_figure figure;
	bool small;
	if (!agent_find_number_words(text, pos, &figure, &small)) {
		return false;
	}
	agent_find_amount(text, &figure, found);
	return found->kind != AGENT_FOUND_NUMBER || !small || counts_something(text, &figure);
}

/* --- one place ------------------------------------------------------------------------------------------ */

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
	if (agent_glyph_letter(glyph.c)) {
		return fresh && (agent_find_email(text, pos, found) || agent_find_url(text, pos, found) ||
			agent_find_money(text, pos, found) || agent_find_date(text, pos, found) ||
			(short_name(text, pos) == 0 && agent_find_id(text, pos, found)) ||
				find_number_words(text, pos, found));
	}
	if (glyph.c == '#') {
		return (before == '(' && agent_find_url(text, pos, found)) || agent_find_id(text, pos, found);
	}
	if (glyph.c == '/' || glyph.c == '\\' || before == '(') {
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

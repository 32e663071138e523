/* SPDX-License-Identifier: MIT
 * The ground check: the order of its rules, and the words in which a violation is told.
 * How one thing is compared with the evidence is in ground_*.c. */
#include "ext/guard/ground.h"

#include <stdio.h>

#include "ext/guard/ground_parts.h"
#include "ext/text/glyph.h"
#include "ext/text/words.h"

typedef struct check {
	agent_str text;              /* the paragraph */
	size_t from;                 /* where the sentence begins in it */
	const agent_evidence *evidence;
	uint64_t cited;
	agent_violation *violation;
} check;

/* The repair pass reads this; a long thing is cut so that the sentence stays whole. */
static bool violated(const check *c, agent_str what, const char *rule, const char *why)
{
	size_t shown = agent_utf8_cut(what, 60);
	*c->violation = (agent_violation){ .what = what, .rule = rule };
	snprintf(c->violation->message, sizeof c->violation->message, "\"%.*s%s\" %s.", (int)shown, what.ptr,
		shown < what.len ? "…" : "", why);
	return false;
}

/* --- identifiers ---------------------------------------------------------------------------------------- */

static bool scalar_names(const void *state, const agent_scalar *scalar)
{
	return scalar->items == 0 && agent_match_token(scalar->text, *(const agent_str *)state);
}

static bool identifier_grounded(const check *c, agent_str what)
{
	const agent_evidence *evidence = c->evidence;
	agent_glyph first = agent_glyph_at(what, 0);
	agent_str token = first.c == '#' ? agent_str_from(what, first.next) : what;
	for (size_t i = 0; i < evidence->said_count; i++) {
		if (agent_match_token(evidence->said[i], token)) {
			return true;
		}
	}
	for (size_t i = 0; i < evidence->passage_count && i < 64; i++) {
		const agent_passage *passage = &evidence->passages[i];
		if ((c->cited >> i & 1) != 0 &&
			(agent_match_token(passage->text, token) || agent_match_token(passage->title, token))) {
			return true;
		}
	}
	for (size_t i = 0; i < evidence->url_count; i++) {
		agent_str url = evidence->urls[i];
		if (agent_str_eq_nocase(agent_str_cut(url, 0, 7), AGENT_STR("mailto:")) &&
			agent_str_eq_nocase(agent_str_from(url, 7), token)) {
			return true;
		}
	}
	return agent_any_scalar(evidence, scalar_names, &token);
}

/* --- figures -------------------------------------------------------------------------------------------- */

/* "1." or "2)" at the start of a line; "50. dollars" and "90. That many" are no items of a list. */
static bool list_marker(agent_str text, const agent_found *found)
{
	size_t behind = found->start + found->len;
	agent_glyph mark = agent_glyph_at(text, behind);
	size_t word = agent_glyph_skip_blanks(text, mark.next);
	agent_time_unit unit;
	if (found->minor < 0 || found->minor > (int64_t)20 * 10000 || agent_money_unit_at(text, word) ||
		agent_time_unit_behind(text, word, &unit)) {
		return false;
	}
	if (found->kind != AGENT_FOUND_NUMBER || found->len > 2 || (mark.c != '.' && mark.c != ')') ||
		!agent_glyph_blank(agent_glyph_at(text, mark.next).c)) {
		return false;
	}
	size_t at = found->start;
	while (at > 0 && (text.ptr[at - 1] == ' ' || text.ptr[at - 1] == '\t' || text.ptr[at - 1] == '>')) {
		at--;
	}
	return at == 0 || text.ptr[at - 1] == '\n';
}

static int month_length(int year, int month)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && leap ? 29 : lengths[(month - 1) % 12];
}

static bool is_date(const agent_found *found, int year, int month, int day)
{
	bool fits = (found->month == month && found->day == day) ||
		(found->alt_month == month && found->alt_day == day);
	return fits && (found->year == 0 || found->year == year);
}

/* "Today is 24 November": the words need no ground, so nor does the date that says the same. */
static bool told_by_calendar(const check *c, const agent_found *found)
{
	const agent_evidence *today = c->evidence;
	if (found->kind != AGENT_FOUND_DATE || today->month < 1 || today->month > 12 || today->day < 1) {
		return false;
	}
	int year = today->year;
	int month = today->month;
	int day = today->day + 1;
	if (day > month_length(year, month)) {
		day = 1;
		month = month == 12 ? 1 : month + 1;
		year += month == 1;
	}
	agent_str sentence = agent_str_from(c->text, c->from);
	return (is_date(found, today->year, today->month, today->day) &&
		agent_str_find_nocase(sentence, AGENT_STR("today"), 0) != (size_t)-1) ||
		(is_date(found, year, month, day) &&
			agent_str_find_nocase(sentence, AGENT_STR("tomorrow"), 0) != (size_t)-1);
}

static bool figure_holds(const check *c, const agent_found *found)
{
	static const char *const why = "stands in no tool result and in no passage cited in this paragraph";
	agent_str what = agent_str_cut(c->text, found->start, found->len);
	if (list_marker(c->text, found) || told_by_calendar(c, found) ||
		agent_figure_grounded(c->text, found, c->evidence, c->cited)) {
		return true;
	}
	switch (found->kind) {
		case AGENT_FOUND_MONEY:
			return violated(c, what, "amount", why);
		case AGENT_FOUND_DATE:
			return violated(c, what, "date", why);
		case AGENT_FOUND_PERCENT:
			return violated(c, what, "percentage", why);
		default:
			return violated(c, what, "figure", why);
	}
}

static bool found_holds(const check *c, const agent_found *found)
{
	agent_str what = agent_str_cut(c->text, found->start, found->len);
	switch (found->kind) {
		case AGENT_FOUND_URL:
			return agent_address_allowed(what, c->evidence) ||
				violated(c, what, "address",
					"is no address of a given passage, of a tool result or of this site");
		case AGENT_FOUND_EMAIL:
		case AGENT_FOUND_ID:
			return identifier_grounded(c, what) ||
				violated(c, what, "identifier",
					"stands in no customer message, tool result or cited passage");
		case AGENT_FOUND_QUOTE:
			return true; /* not asked for: quotations_hold() sees those that span sentences, too */
		default:
			return figure_holds(c, found);
	}
}

/* --- quotations ----------------------------------------------------------------------------------------- */

static bool scalar_says(const void *state, const agent_scalar *scalar)
{
	return scalar->items == 0 && !scalar->number &&
		agent_match_words(scalar->text, *(const agent_str *)state);
}

static bool stands_word_for_word(const agent_evidence *evidence, agent_str words)
{
	for (size_t i = 0; i < evidence->passage_count; i++) {
		if (agent_match_words(evidence->passages[i].text, words) ||
			agent_match_words(evidence->passages[i].title, words)) {
			return true;
		}
	}
	return agent_any_scalar(evidence, scalar_says, &words);
}

/* Without the blanks at both ends and the stop or comma that typesetting moves inside the marks. */
static agent_str bare_words(agent_str inner)
{
	size_t start = 0;
	size_t end = 0;
	bool begun = false;
	for (agent_glyph glyph = agent_glyph_at(inner, 0); glyph.c != 0;
		glyph = agent_glyph_at(inner, glyph.next)) {
		bool filler = agent_glyph_blank(glyph.c) ||
			strchr(".,;:!?*_", glyph.c < 0x80 ? (int)glyph.c : 'a') != NULL ||
			glyph.c == 0x2026;
		if (!filler) {
			start = begun ? start : glyph.start;
			begun = true;
			end = glyph.next;
		}
	}
	return begun ? agent_str_cut(inner, start, end - start) : AGENT_STR_EMPTY;
}

/* Marks are matched over the paragraph: a quotation of two sentences comes in two pieces, each checked
 * when it is there. */
static bool quotations_hold(const check *c)
{
	agent_quote quote;
	for (size_t pos = 0; agent_quote_next(c->text, &pos, &quote);) {
		size_t end = quote.start + quote.len;
		if (end <= c->from || !agent_quote_says(agent_str_cut(c->text, quote.start, quote.len))) {
			continue;
		}
		size_t start = quote.start > c->from ? quote.start : c->from;
		agent_str words = bare_words(agent_str_cut(c->text, start, end - start));
		if (words.len > 0 && !stands_word_for_word(c->evidence, words)) {
			return violated(c, words, "quotation",
				"does not stand word for word in a passage or tool result");
		}
	}
	return true;
}

/* --- all of it ------------------------------------------------------------------------------------------ */

/* Characters that turn the order of what follows: "$005" would be read as "$500". No sentence needs them. */
static bool turned_around(agent_str sentence, agent_str *what)
{
	for (size_t pos = 0; pos < sentence.len;) {
		size_t start = pos;
		uint32_t c = agent_utf8_next(sentence, &pos);
		if (c == 0x202d || c == 0x202e) {
			*what = agent_str_from(sentence, start);
			return true;
		}
	}
	return false;
}

bool agent_ground_check(agent_str paragraph, agent_str sentence, const agent_evidence *evidence,
	agent_violation *violation)
{
	bool last_part = sentence.len <= paragraph.len &&
		sentence.ptr == paragraph.ptr + (paragraph.len - sentence.len);
	agent_str text = last_part ? paragraph : sentence;
	check c = { text, text.len - sentence.len, evidence, 0, violation };
	c.cited = agent_ground_cited(text, evidence->passages, evidence->passage_count);
	agent_str what;
	if (turned_around(sentence, &what)) {
		return violated(&c, what, "figure", "holds characters that change the order of others");
	}
	agent_found found;
	for (size_t pos = c.from; agent_recognise_plain(text, &pos, &found);) {
		if (!found_holds(&c, &found)) {
			return false;
		}
	}
	if (!agent_weekdays_hold(text, c.from, evidence, c.cited, &what)) {
		return violated(&c, what, "date", "is the day of no date in a tool result or in a passage cited in this paragraph");
	}
	if (!agent_citations_hold(text, c.from, evidence, &what)) {
		return violated(&c, what, "citation", "is no title and address of a given passage");
	}
	return quotations_hold(&c);
}

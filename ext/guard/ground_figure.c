/* SPDX-License-Identifier: MIT
 * Amounts, dates, percentages and other figures: does the same one stand in a result or in a cited passage?
 * Never looks at the visitor's words. */
#include "ext/guard/ground_parts.h"
#include "ext/text/glyph.h"

typedef struct figure {
	const agent_found *found;
	agent_str what;              /* its text */
	const agent_evidence *evidence;
	bool time;                   /* counts seconds … years: the length of a list says nothing about it */
} figure;

static bool fraction(const agent_found *found)
{
	return found->minor != INT64_MIN && found->minor % 10000 != 0;
}

/* A discount may be -5.00 in a result and "5.00 off" in a sentence: signs are words there. */
static bool same_value(int64_t a, int64_t b)
{
	return a != INT64_MIN && b != INT64_MIN && (a == b || a == -b);
}

/* What does not fit four decimals, or is no clean figure, must stand as it is. */
static bool same_text(const figure *f, const agent_found *found, agent_str what)
{
	size_t end;
	return f->found->minor == INT64_MIN && found->minor == INT64_MIN && f->found->kind == found->kind &&
		agent_match_at(what, 0, f->what, true, &end) && end == what.len;
}

static bool in_family(char sign, const char *currency)
{
	static const char *const dollars = "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP";
	static const char *const crowns = "SEK NOK DKK ISK CZK";
	const char *family = sign == '$' ? dollars : sign == 'k' ? crowns : "JPY CNY";
	return strstr(family, currency) != NULL;
}

static bool same_currency(const char *a, char a_sign, const char *b, char b_sign)
{
	bool a_code = a[0] != '\0';
	bool b_code = b[0] != '\0';
	if ((!a_code && a_sign == 0) || (!b_code && b_sign == 0)) {
		return true;
	}
	if (a_code && b_code) {
		return memcmp(a, b, 3) == 0;
	}
	return a_code ? in_family(b_sign, a) : b_code ? in_family(a_sign, b) : a_sign == b_sign;
}

/* --- dates ---------------------------------------------------------------------------------------------- */

static bool reading_fits(const agent_found *said, int month, int day, int known_month, int known_day)
{
	return month == known_month && (said->day == 0 || day == known_day);
}

static bool same_date(const figure *f, const agent_found *known)
{
	const agent_found *said = f->found;
	/* "Until 24 November" in a passage means the one of this year. */
	int year = known->year != 0 ? known->year : f->evidence->year;
	if (said->year != 0 && said->year != year) {
		return false;
	}
	if (said->day != 0 && known->day == 0) {
		return false;
	}
	return reading_fits(said, said->month, said->day, known->month, known->day) ||
		(known->alt_month != 0 &&
			reading_fits(said, said->month, said->day, known->alt_month, known->alt_day)) ||
		(said->alt_month != 0 &&
			reading_fits(said, said->alt_month, said->alt_day, known->month, known->day));
}

/* A year, a day ("the 24th") or a time of day taken from a date. */
static bool part_of_date(const figure *f, const agent_found *known, agent_str what)
{
	int64_t value = f->found->minor;
	if (value == (int64_t)known->year * 10000 && known->year >= 1000) {
		return f->what.len == 4 && !f->time;
	}
	bool ordinal = f->what.len > 0 && agent_glyph_letter(agent_glyph_before(f->what, f->what.len)) &&
		agent_glyph_digit(agent_glyph_at(f->what, 0).c);
	if (ordinal && known->day != 0 && value == (int64_t)known->day * 10000) {
		return true;
	}
	size_t at = agent_str_find_nocase(what, AGENT_STR("T"), 0);
	if (known->year == 0 || at == (size_t)-1 || f->time || !agent_glyph_digit(agent_glyph_before(what, at))) {
		return false;
	}
	agent_str clock = agent_str_cut(what, at + 1, 8);
	agent_found part;
	for (size_t pos = 0; agent_recognise_plain(clock, &pos, &part);) {
		if (same_value(part.minor, value)) {
			return true;
		}
	}
	return false;
}

/* --- one found thing against another -------------------------------------------------------------------- */

static bool number_fits(const figure *f, const agent_found *known, agent_str what)
{
	switch (known->kind) {
		case AGENT_FOUND_NUMBER:
			return same_value(f->found->minor, known->minor);
		case AGENT_FOUND_MONEY:
			return fraction(known) && same_value(f->found->minor, known->minor);
		case AGENT_FOUND_DATE:
			return part_of_date(f, known, what);
		case AGENT_FOUND_ID:
			return what.ptr[0] == '#' && agent_match_token(agent_str_from(what, 1), f->what);
		default:
			return false;
	}
}

/* `known` was found in the text of a passage or of a result's string; currency and sign are what its
 * object says. */
static bool fits(const figure *f, const agent_found *known, agent_str what, const agent_scalar *around)
{
	const agent_found *said = f->found;
	if (same_text(f, known, what)) {
		return true;
	}
	switch (said->kind) {
		case AGENT_FOUND_DATE:
			return known->kind == AGENT_FOUND_DATE && same_date(f, known);
		case AGENT_FOUND_PERCENT:
			return known->kind == AGENT_FOUND_PERCENT && same_value(said->minor, known->minor);
		case AGENT_FOUND_MONEY:
			if (known->kind == AGENT_FOUND_MONEY && (known->currency[0] != '\0' || known->sign != 0)) {
				return same_value(said->minor, known->minor) &&
					same_currency(said->currency, said->sign, known->currency, known->sign);
			}
			return (known->kind == AGENT_FOUND_MONEY ||
				(known->kind == AGENT_FOUND_NUMBER && fraction(known))) &&
				same_value(said->minor, known->minor) &&
				same_currency(said->currency, said->sign, around->currency, around->sign);
		default:
			return number_fits(f, known, what);
	}
}

static bool stands_in(const figure *f, agent_str text, const agent_scalar *around)
{
	agent_found known;
	for (size_t pos = 0; agent_recognise_plain(text, &pos, &known);) {
		if (fits(f, &known, agent_str_cut(text, known.start, known.len), around)) {
			return true;
		}
	}
	return false;
}

/* A member that is a number and nothing else has no unit: it may be the amount, the percentage or the
 * count. */
static bool bare_number(agent_str text, agent_found *known)
{
	size_t pos = 0;
	text = agent_str_trim(text);
	if (text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+')) {
		text = agent_str_from(text, 1);
	}
	return agent_recognise_plain(text, &pos, known) && known->kind == AGENT_FOUND_NUMBER &&
		known->start == 0 &&
		known->len == text.len;
}

static bool scalar_fits(const void *state, const agent_scalar *scalar)
{
	const figure *f = state;
	const agent_found *said = f->found;
	agent_found known;
	if (scalar->items > 0) {
		/* "You have two orders": the list has two. */
		return said->kind == AGENT_FOUND_NUMBER && !f->time && scalar->items > 1 && scalar->items < 1000 &&
			said->minor == (int64_t)scalar->items * 10000;
	}
	if (said->kind != AGENT_FOUND_DATE && bare_number(scalar->text, &known)) {
		if (said->kind == AGENT_FOUND_MONEY &&
			!same_currency(said->currency, said->sign, scalar->currency, scalar->sign)) {
			return false;
		}
		known.kind = said->kind;
		return same_value(said->minor, known.minor) || same_text(f, &known, scalar->text);
	}
	return !scalar->number && stands_in(f, scalar->text, scalar);
}

/* Does a unit of time follow? "3 days", "3-day", "3 to 5 business days". */
static bool counts_time(agent_str text, size_t pos)
{
	static const char *const units[] = {
		"second", "minute", "hour", "day", "night", "week", "month", "quarter", "year", "working", "business",
		"calendar",
	};
	agent_glyph glyph = agent_glyph_at(text, pos);
	for (size_t next = 0; glyph.c != 0; glyph = agent_glyph_at(text, next)) {
		bool joins = agent_glyph_spells(text, glyph.start, "to ", &next) ||
			agent_glyph_spells(text, glyph.start, "or ", &next) ||
			agent_glyph_spells(text, glyph.start, "and ", &next);
		if (!joins && !agent_glyph_blank(glyph.c) && glyph.c != '-' && glyph.c != 0x2013 &&
			!agent_glyph_digit(glyph.c)) {
			break;
		}
		next = joins ? next : glyph.next;
	}
	pos = glyph.start;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		size_t next;
		if (agent_glyph_spells(text, pos, units[i], &next)) {
			return true;
		}
	}
	return false;
}

bool agent_figure_grounded(agent_str text, const agent_found *found, const agent_evidence *evidence,
	uint64_t cited)
{
	figure f = { found, agent_str_cut(text, found->start, found->len), evidence, false };
	f.time = counts_time(text, found->start + found->len);
	if (agent_any_scalar(evidence, scalar_fits, &f)) {
		return true;
	}
	agent_scalar none = { .text = AGENT_STR_EMPTY };
	for (size_t i = 0; i < evidence->passage_count && i < 64; i++) {
		const agent_passage *passage = &evidence->passages[i];
		if ((cited >> i & 1) != 0 &&
			(stands_in(&f, passage->text, &none) || stands_in(&f, passage->title, &none))) {
			return true;
		}
	}
	return false;
}

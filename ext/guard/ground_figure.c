/* SPDX-License-Identifier: MIT
 * Amounts, dates, percentages and other figures: does the same one stand in a result or in a cited passage?
 * Never looks at the visitor's words. */
#include "ext/guard/ground_parts.h"
#include "ext/text/glyph.h"

#define AGENT_TIME_FACTOR_MAX ((int64_t)14 * 86400)

typedef struct figure {
	const agent_found *found;
	agent_str what;              /* its text */
	const agent_evidence *evidence;
	agent_time_unit unit;        /* kind not 0: counts time, and then not what counts something else */
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

/* A time of day is part of a date, a span is not. */
static bool counts_time(const figure *f)
{
	return f->unit.kind != AGENT_TIME_NONE && f->unit.kind != AGENT_TIME_CLOCK;
}

/* A year, a day ("the 24th") or a time of day taken from a date. */
static bool part_of_date(const figure *f, const agent_found *known, agent_str what)
{
	int64_t value = f->found->minor;
	if (value == (int64_t)known->year * 10000 && known->year >= 1000) {
		return f->what.len == 4 && f->unit.kind == AGENT_TIME_NONE;
	}
	bool ordinal = f->what.len > 0 && agent_glyph_letter(agent_glyph_before(f->what, f->what.len)) &&
		agent_glyph_digit(agent_glyph_at(f->what, 0).c);
	if (ordinal && known->day != 0 && value == (int64_t)known->day * 10000) {
		return true;
	}
	size_t at = agent_str_find_nocase(what, AGENT_STR("T"), 0);
	if (known->year == 0 || at == (size_t)-1 || counts_time(f) || !agent_glyph_digit(agent_glyph_before(what, at))) {
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

/* "30 days" grounds no "30 minutes"; "14 days" are two weeks, and 24 hours a day. */
static bool same_span(const figure *f, int64_t known, const agent_time_unit *unit)
{
	int64_t said = f->found->minor;
	if (f->unit.kind == AGENT_TIME_NONE || unit->kind == AGENT_TIME_NONE) {
		return same_value(said, known);
	}
	if (f->unit.kind != unit->kind) {
		return false;
	}
	if (f->unit.factor == unit->factor) {
		return same_value(said, known);
	}
	int64_t most = INT64_MAX / (AGENT_TIME_FACTOR_MAX * 2);
	return !f->unit.business && !unit->business && said > 0 && known > 0 && said < most && known < most &&
		said * f->unit.factor == known * unit->factor;
}

static bool number_fits(const figure *f, const agent_found *known, agent_str text)
{
	agent_str what = agent_str_cut(text, known->start, known->len);
	agent_time_unit unit;
	switch (known->kind) {
		case AGENT_FOUND_NUMBER:
			if (!agent_time_unit_behind(text, known->start + known->len, &unit) && counts_time(f) &&
				what.len == 4 && known->minor >= 19000000 && known->minor < 22000000) {
				return false; /* a year */
			}
			return same_span(f, known->minor, &unit);
		case AGENT_FOUND_MONEY:
			return fraction(known) && !counts_time(f) && same_value(f->found->minor, known->minor);
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
static bool fits(const figure *f, const agent_found *known, agent_str text, const agent_scalar *around)
{
	const agent_found *said = f->found;
	agent_str what = agent_str_cut(text, known->start, known->len);
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
			return number_fits(f, known, text);
	}
}

static bool stands_in(const figure *f, agent_str text, const agent_scalar *around)
{
	agent_found known;
	for (size_t pos = 0; agent_recognise_plain(text, &pos, &known);) {
		if (fits(f, &known, text, around)) {
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

static bool one_of(const char *word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(word, list[i]) == 0) {
			return true;
		}
	}
	return false;
}

#define ONE_OF(word, list) one_of((word), (list), sizeof(list) / sizeof *(list))

/* What its name says a bare number is: {"quantity": 3} grounds neither "3 days" nor "$3", {"hours": 24} no
 * "24 days". */
static bool key_allows(const figure *f, agent_str key, agent_time_unit *unit)
{
	static const char *const counts[] = { "quantity", "qty", "count", "id", "number", "sku", "zip", "postcode" };
	static const char *const shares[] = { "percent", "percentage", "pct" };
	static const char *const prices[] = { "price", "cost", "fee", "subtotal" };
	static const char *const sums[] = { "total", "amount" };
	static const char *const money[] = { "refund", "discount", "credit", "balance", "tax" };
	char word[16] = "";
	size_t len = 0;
	*unit = (agent_time_unit){ .kind = AGENT_TIME_NONE };
	for (size_t i = 0; i < key.len; i++) {
		char c = key.ptr[i];
		bool large = c >= 'A' && c <= 'Z';
		bool letter = large || (c >= 'a' && c <= 'z');
		if (!letter || (large && i > 0 && key.ptr[i - 1] >= 'a' && key.ptr[i - 1] <= 'z')) {
			agent_time_unit_of(word, unit);
			len = 0;
		}
		if (letter) {
			word[len] = (char)(large ? c + 32 : c);
			len += len + 2 < sizeof word;
		}
		word[len] = '\0';
	}
	agent_time_unit_of(word, unit);
	switch (f->found->kind) {
		case AGENT_FOUND_MONEY:
			return unit->kind == AGENT_TIME_NONE && !ONE_OF(word, counts) && !ONE_OF(word, shares);
		case AGENT_FOUND_PERCENT:
			return unit->kind == AGENT_TIME_NONE && !ONE_OF(word, counts) && !ONE_OF(word, prices) &&
				!ONE_OF(word, sums);
		default:
			return unit->kind != AGENT_TIME_NONE || !counts_time(f) || (!ONE_OF(word, counts) && !ONE_OF(word, shares) && !ONE_OF(word, prices) &&
				!ONE_OF(word, money));
	}
}

static bool scalar_fits(const void *state, const agent_scalar *scalar)
{
	const figure *f = state;
	const agent_found *said = f->found;
	agent_found known;
	if (scalar->items > 0) {
		/* "You have two orders": the list has two. */
		return said->kind == AGENT_FOUND_NUMBER && !counts_time(f) && scalar->items > 1 && scalar->items < 1000 &&
			said->minor == (int64_t)scalar->items * 10000;
	}
	if (said->kind != AGENT_FOUND_DATE && bare_number(scalar->text, &known)) {
		if (said->kind == AGENT_FOUND_MONEY &&
			!same_currency(said->currency, said->sign, scalar->currency, scalar->sign)) {
			return false;
		}
		known.kind = said->kind;
		agent_time_unit unit;
		return key_allows(f, scalar->key, &unit) &&
			(same_span(f, known.minor, &unit) || same_text(f, &known, scalar->text));
	}
	return !scalar->number && stands_in(f, scalar->text, scalar);
}

bool agent_figure_grounded(agent_str text, const agent_found *found, const agent_evidence *evidence,
	uint64_t cited)
{
	figure f = { found, agent_str_cut(text, found->start, found->len), evidence,
		{ .kind = AGENT_TIME_NONE } };
	if (found->kind == AGENT_FOUND_NUMBER) {
		agent_time_unit_behind(text, found->start + found->len, &f.unit);
	}
	if (agent_any_scalar(evidence, scalar_fits, &f)) {
		return true;
	}
	agent_scalar none = { .text = AGENT_STR_EMPTY, .key = AGENT_STR_EMPTY };
	for (size_t i = 0; i < evidence->passage_count && i < 64; i++) {
		const agent_passage *passage = &evidence->passages[i];
		if ((cited >> i & 1) != 0 &&
			(stands_in(&f, passage->text, &none) || stands_in(&f, passage->title, &none))) {
			return true;
		}
	}
	return false;
}

/* --- days of the week ----------------------------------------------------------------------------------- */

typedef struct weekday {
	int day;                     /* 0: Sunday */
	agent_str name;
	int year;                    /* of today, 0 if unknown */
} weekday;

static const char *const weekdays[] =
	{ "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" };

/* Sakamoto's method. */
static int weekday_of(int year, int month, int day)
{
	static const int shift[] = { 0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4 };
	year -= month < 3;
	return (year + year / 4 - year / 100 + year / 400 + shift[month - 1] + day) % 7;
}

static bool falls_on(const weekday *w, int year, int month, int day)
{
	year = year != 0 ? year : w->year;
	return year > 0 && month >= 1 && month <= 12 && day >= 1 && weekday_of(year, month, day) == w->day;
}

static bool names_weekday(const weekday *w, agent_str text)
{
	for (size_t at = 0; (at = agent_str_find_nocase(text, w->name, at)) != (size_t)-1; at++) {
		if (!agent_glyph_word(agent_glyph_before(text, at))) {
			return true;
		}
	}
	agent_found found;
	for (size_t pos = 0; agent_recognise_plain(text, &pos, &found);) {
		if (found.kind == AGENT_FOUND_DATE && (falls_on(w, found.year, found.month, found.day) ||
			falls_on(w, found.year, found.alt_month, found.alt_day))) {
			return true;
		}
	}
	return false;
}

static bool scalar_names_weekday(const void *state, const agent_scalar *scalar)
{
	return scalar->items == 0 && !scalar->number && names_weekday(state, scalar->text);
}

static bool weekday_grounded(const weekday *w, agent_str sentence, const agent_evidence *evidence, uint64_t cited)
{
	if (falls_on(w, evidence->year, evidence->month, evidence->day) &&
		agent_str_find_nocase(sentence, AGENT_STR("today"), 0) != (size_t)-1) {
		return true;
	}
	weekday before = { (w->day + 6) % 7, w->name, w->year };
	if (falls_on(&before, evidence->year, evidence->month, evidence->day) &&
		agent_str_find_nocase(sentence, AGENT_STR("tomorrow"), 0) != (size_t)-1) {
		return true;
	}
	for (size_t i = 0; i < evidence->passage_count && i < 64; i++) {
		if ((cited >> i & 1) != 0 && (names_weekday(w, evidence->passages[i].text) ||
			names_weekday(w, evidence->passages[i].title))) {
			return true;
		}
	}
	return agent_any_scalar(evidence, scalar_names_weekday, w);
}

bool agent_weekdays_hold(agent_str text, size_t from, const agent_evidence *evidence, uint64_t cited, agent_str *what)
{
	char word[12];
	size_t next;
	uint32_t before = agent_glyph_before(text, from);
	for (agent_glyph glyph = agent_glyph_at(text, from); glyph.c != 0;
		before = glyph.c, glyph = agent_glyph_at(text, glyph.next)) {
		if (!agent_glyph_letter(glyph.c) || agent_glyph_word(before) || before == '/' || before == '-' || before == '.') {
			continue;
		}
		agent_glyph_word_at(text, glyph.start, word, sizeof word, &next);
		for (int i = 0; i < 7; i++) {
			weekday w = { i, agent_str_cstr(weekdays[i]), evidence->year };
			bool named = agent_str_eq_nocase(agent_str_cut(agent_str_cstr(word), 0, w.name.len), w.name) &&
				(word[w.name.len] == '\0' || (word[w.name.len] == 's' && word[w.name.len + 1] == '\0'));
			if (named && !weekday_grounded(&w, agent_str_from(text, from), evidence, cited)) {
				*what = agent_str_cut(text, glyph.start, agent_glyph_seen_end(text, glyph.start, next) - glyph.start);
				return false;
			}
		}
	}
	return true;
}

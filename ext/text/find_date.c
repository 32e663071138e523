/* SPDX-License-Identifier: MIT
 * Dates as people and programs write them, English month names.
 * No calendar arithmetic, no times of day (but the one behind an ISO date, which belongs to it). */
#include "ext/text/find.h"

typedef struct small {
	int value, digits;
	size_t next;
} small;

/* One to four digits that no further digit follows. */
static bool digits_at(agent_str text, size_t pos, int most, small *out)
{
	*out = (small){ 0, 0, pos };
	agent_glyph glyph = agent_glyph_at(text, pos);
	while (agent_glyph_digit(glyph.c)) {
		if (++out->digits > most) {
			return false;
		}
		out->value = out->value * 10 + (int)(glyph.c - '0');
		out->next = glyph.next;
		glyph = agent_glyph_at(text, glyph.next);
	}
	return out->digits > 0;
}

static bool day_fits(int day, int month)
{
	static const int longest[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return month >= 1 && month <= 12 && day >= 1 && day <= longest[month - 1];
}

/* A full or short name of a month; "may" and "march" only with a capital letter, being words as well. */
static int month_at(agent_str text, size_t pos, size_t *next)
{
	static const char *const names[] = {
		"january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
		"november", "december",
	};
	/* German, French, Spanish, Italian, Dutch, Portuguese: beside the English ones they resemble. */
	static const struct {
		const char *word;
		int month;
	} foreign[] = {
		{ "januar", 1 }, { "janvier", 1 }, { "enero", 1 }, { "gennaio", 1 }, { "januari", 1 }, { "janeiro", 1 },
		{ "februar", 2 }, { "fevrier", 2 }, { "febrero", 2 }, { "febbraio", 2 }, { "februari", 2 },
		{ "fevereiro", 2 }, { "marz", 3 }, { "maerz", 3 }, { "mars", 3 }, { "marzo", 3 }, { "maart", 3 },
		{ "marco", 3 }, { "avril", 4 }, { "abril", 4 }, { "aprile", 4 }, { "mai", 5 }, { "mayo", 5 },
		{ "maggio", 5 }, { "mei", 5 }, { "maio", 5 }, { "juni", 6 }, { "juin", 6 }, { "junio", 6 },
		{ "giugno", 6 }, { "junho", 6 }, { "juli", 7 }, { "juillet", 7 }, { "julio", 7 }, { "luglio", 7 },
		{ "julho", 7 }, { "aout", 8 }, { "agosto", 8 }, { "augustus", 8 }, { "septembre", 9 },
		{ "septiembre", 9 }, { "settembre", 9 }, { "setembro", 9 }, { "oktober", 10 }, { "octobre", 10 },
		{ "octubre", 10 }, { "ottobre", 10 }, { "outubro", 10 }, { "novembre", 11 }, { "noviembre", 11 },
		{ "novembro", 11 }, { "dezember", 12 }, { "decembre", 12 }, { "diciembre", 12 }, { "dicembre", 12 },
		{ "dezembro", 12 },
	};
	char word[12];
	agent_glyph_word_at(text, pos, word, sizeof word, next);
	size_t len = strlen(word);
	for (int i = 0; i < 12; i++) {
		if (word[0] != names[i][0]) {
			continue;
		}
		bool fits = strcmp(word, names[i]) == 0 || (len == 3 && strncmp(word, names[i], 3) == 0) ||
			(i == 8 && strcmp(word, "sept") == 0);
		if (fits) {
			uint32_t first = agent_glyph_at(text, pos).c;
			bool doubtful = (i == 2 || i == 4) && first >= 'a' && first <= 'z';
			return doubtful ? 0 : i + 1;
		}
	}
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
		if (word[0] == foreign[i].word[0] && strcmp(word, foreign[i].word) == 0) {
			return foreign[i].month;
		}
	}
	return 0;
}

/* "st", "nd", "rd", "th" directly behind a day. */
static size_t skip_ordinal(agent_str text, size_t pos)
{
	char word[4];
	size_t next;
	agent_glyph_word_at(text, pos, word, sizeof word, &next);
	bool ordinal = strcmp(word, "st") == 0 || strcmp(word, "nd") == 0 || strcmp(word, "rd") == 0 ||
		strcmp(word, "th") == 0;
	return ordinal ? next : pos;
}

static size_t skip_glyph(agent_str text, size_t pos, uint32_t c)
{
	agent_glyph glyph = agent_glyph_at(text, pos);
	return glyph.c == c ? glyph.next : pos;
}

/* ", 2026" " 2026" "-2026" " '26" behind a day and a month; pos moved behind it. */
static int year_behind(agent_str text, size_t *pos)
{
	size_t at = skip_glyph(text, *pos, '.');
	at = skip_glyph(text, agent_glyph_skip_blanks(text, at), ',');
	at = agent_glyph_skip_blanks(text, at);
	size_t word = at;
	if (agent_glyph_spells(text, at, "of ", &word) || agent_glyph_spells(text, at, "de ", &word)) {
		at = word;
	}
	if (at == *pos) {
		at = skip_glyph(text, at, '-');
		at = at == *pos ? skip_glyph(text, at, '/') : at;
	}
	small year;
	if (at == *pos || !digits_at(text, at, 4, &year) || year.digits != 4 || year.value < 1900 ||
		year.value > 2199) {
		return 0;
	}
	agent_glyph glyph = agent_glyph_at(text, year.next);
	if (agent_glyph_letter(glyph.c) && glyph.c < 0x2e80) {
		return 0;
	}
	/* "on 24 November 2026.5"? No: "2026," and "2026." are ends, "2026,50" is not a year. */
	if ((glyph.c == ',' || glyph.c == '.') && agent_glyph_digit(agent_glyph_at(text, glyph.next).c)) {
		return 0;
	}
	*pos = year.next;
	return year.value;
}

static void set(agent_found *found, agent_str text, size_t pos, size_t end, int year, int month, int day)
{
	size_t start = agent_glyph_at(text, pos).start;
	*found = (agent_found){ .kind = AGENT_FOUND_DATE, .start = start, .len = end - start };
	found->year = year;
	found->month = month;
	found->day = day;
}

/* "T10:00:00.000Z" behind an ISO date. */
static size_t skip_time(agent_str text, size_t pos)
{
	agent_glyph glyph = agent_glyph_at(text, pos);
	if ((glyph.c != 'T' && glyph.c != 't') || !agent_glyph_digit(agent_glyph_at(text, glyph.next).c)) {
		return pos;
	}
	size_t end = glyph.next;
	for (glyph = agent_glyph_at(text, end);; glyph = agent_glyph_at(text, glyph.next)) {
		bool inner = glyph.c == ':' || glyph.c == '.' || glyph.c == '+' || glyph.c == '-';
		if (inner && !agent_glyph_digit(agent_glyph_at(text, glyph.next).c)) {
			return end;
		}
		if (!inner && !agent_glyph_digit(glyph.c)) {
			return glyph.c == 'Z' || glyph.c == 'z' ? glyph.next : end;
		}
		end = glyph.next;
	}
}

/* The separator of a date in figures: one of / . - and for a point also a blank behind it ("24. 11.
 * 2026"). */
static bool separator_at(agent_str text, size_t pos, uint32_t *c, size_t *next)
{
	agent_glyph glyph = agent_glyph_at(text, pos);
	if (glyph.c != '/' && glyph.c != '.' && glyph.c != '-') {
		return false;
	}
	*c = glyph.c;
	agent_glyph blank = agent_glyph_at(text, glyph.next);
	*next = glyph.c == '.' && blank.c == ' ' ? blank.next : glyph.next;
	return true;
}

/* Which of two figures is the month? Both readings are kept where both are possible. */
static bool set_readings(agent_found *found, uint32_t separator, int first, int second)
{
	bool month_first = day_fits(second, first);
	bool day_first = day_fits(first, second);
	if (separator == '.' || !month_first) {
		found->month = second;
		found->day = first;
		return day_first;
	}
	found->month = first;
	found->day = second;
	if (day_first && first != second) {
		found->alt_month = second;
		found->alt_day = first;
	}
	return true;
}

/* 2026-11-24, 11/24/2026, 24.11.2026, 24/11/26 */
static bool find_figures(agent_str text, size_t pos, agent_found *found)
{
	small part[3];
	uint32_t first = 0;
	uint32_t second = 1;
	size_t at;
	if (!digits_at(text, pos, 4, &part[0]) || !separator_at(text, part[0].next, &first, &at) ||
		!digits_at(text, at, 2, &part[1]) || !separator_at(text, part[1].next, &second, &at) ||
			first != second ||
		!digits_at(text, at, 4, &part[2])) {
		return false;
	}
	size_t end = part[2].next;
	size_t beyond;
	if (separator_at(text, end, &second, &beyond) && second == first &&
		agent_glyph_digit(agent_glyph_at(text, beyond).c) && beyond == end + 1) {
		return false; /* 1.2.3.4 */
	}
	if (part[0].digits == 4) {
		if (part[2].digits > 2 || !day_fits(part[2].value, part[1].value)) {
			return false;
		}
		set(found, text, pos, skip_time(text, end), part[0].value, part[1].value, part[2].value);
		return true;
	}
	bool short_year = part[2].digits == 2 && first != '-';
	if (part[0].digits > 2 || (part[2].digits != 4 && !short_year)) {
		return false;
	}
	set(found, text, pos, end, part[2].value + (short_year ? 2000 : 0), 0, 0);
	return set_readings(found, first, part[0].value, part[1].value);
}

/* From behind a day to its month: "24 November", "24th of Nov", "24. November", "24-Nov". 0: none. */
static int month_behind(agent_str text, size_t *pos)
{
	size_t at = skip_glyph(text, skip_ordinal(text, *pos), '.');
	size_t tight = skip_glyph(text, at, '-');
	at = agent_glyph_skip_blanks(text, tight != at ? tight : at);
	size_t word;
	if (agent_glyph_spells(text, at, "day of ", &word) || agent_glyph_spells(text, at, "of ", &word) ||
		agent_glyph_spells(text, at, "de ", &word)) {
		at = agent_glyph_skip_blanks(text, word);
	}
	return month_at(text, at, pos);
}

/* "24 to", "24–": the first day of a span whose month stands behind the second. */
static size_t span_behind(agent_str text, size_t pos)
{
	static const char *const joints[] = { "to ", "and ", "or ", "until ", "till ", "through ", "& " };
	size_t at = agent_glyph_skip_blanks(text, skip_ordinal(text, pos));
	agent_glyph glyph = agent_glyph_at(text, at);
	if (glyph.c == '-' || glyph.c == 0x2013) {
		return agent_glyph_skip_blanks(text, glyph.next);
	}
	size_t next;
	for (size_t i = 0; i < sizeof joints / sizeof *joints; i++) {
		if (agent_glyph_spells(text, at, joints[i], &next)) {
			return agent_glyph_skip_blanks(text, next);
		}
	}
	return 0;
}

static bool find_day_first(agent_str text, size_t pos, agent_found *found)
{
	small day;
	if (!digits_at(text, pos, 2, &day)) {
		return false;
	}
	size_t at = day.next;
	int month = month_behind(text, &at);
	if (month != 0) {
		int year = year_behind(text, &at);
		set(found, text, pos, at, year, month, day.value);
		return day_fits(day.value, month);
	}
	small until;
	at = span_behind(text, day.next);
	if (at == 0 || !digits_at(text, at, 2, &until)) {
		return false;
	}
	at = until.next;
	month = month_behind(text, &at);
	if (month == 0 || !day_fits(day.value, month) || !day_fits(until.value, month)) {
		return false;
	}
	set(found, text, pos, skip_ordinal(text, day.next), year_behind(text, &at), month, day.value);
	return true;
}

/* From behind a month to its day: " 24", ". 24th", " the 24th"; *end behind the ordinal. */
static bool day_behind(agent_str text, size_t at, int month, small *day, size_t *end)
{
	at = skip_glyph(text, at, '.');
	at = agent_glyph_skip_blanks(text, at);
	at = skip_glyph(text, at, '-');
	size_t word;
	if (agent_glyph_spells(text, at, "the ", &word)) {
		at = agent_glyph_skip_blanks(text, word);
	}
	if (!digits_at(text, at, 2, day) || !day_fits(day->value, month)) {
		return false;
	}
	agent_glyph glyph = agent_glyph_at(text, day->next);
	bool goes_on = glyph.c == '%' || glyph.c == ':' || ((glyph.c == '.' || glyph.c == ',') &&
		agent_glyph_digit(agent_glyph_at(text, glyph.next).c));
	*end = skip_ordinal(text, day->next);
	return !goes_on && (*end != day->next || !agent_glyph_letter(glyph.c) || glyph.c >= 0x2e80);
}

/* "in December", "until mid-March": a month with a capital letter behind a word of time. Without one it may be a name, or
 * the verb "may". */
static bool month_alone(agent_str text, size_t start, int month)
{
	static const char *const leads[] = { "in", "by", "until", "till", "before", "after", "during", "since", "from",
		"through", "of", "on", "late", "early", "mid", "this", "next", "im" };
	uint32_t first = agent_glyph_at(text, start).c;
	size_t end = start;
	while (end > 0 && strchr(" -*_", text.ptr[end - 1]) != NULL && text.ptr[end - 1] != '\0') {
		end--;
	}
	size_t from = end;
	while (from > 0 && (unsigned char)text.ptr[from - 1] < 0x80 &&
		agent_glyph_letter((unsigned char)text.ptr[from - 1])) {
		from--;
	}
	agent_str word = agent_str_cut(text, from, end - from);
	for (size_t i = 0; end < start && first >= 'A' && first <= 'Z' && i < sizeof leads / sizeof *leads; i++) {
		if (agent_str_eq_nocase(word, agent_str_cstr(leads[i]))) {
			return month > 0;
		}
	}
	return false;
}

/* "November 24th, 2026", "Nov. 24", "November 2026" */
static bool find_month_first(agent_str text, size_t pos, agent_found *found)
{
	size_t at;
	int month = month_at(text, pos, &at);
	if (month == 0) {
		return false;
	}
	size_t behind = at;
	int year = year_behind(text, &behind);
	if (year != 0) {
		set(found, text, pos, behind, year, month, 0);
		return true;
	}
	small day;
	if (!day_behind(text, at, month, &day, &at)) {
		set(found, text, pos, behind, 0, month, 0);
		return month_alone(text, found->start, month);
	}
	size_t end = at;
	year = year_behind(text, &end);
	small until;
	size_t span = year == 0 ? span_behind(text, day.next) : 0;
	if (span != 0 && digits_at(text, span, 2, &until) && day_fits(until.value, month)) {
		span = skip_ordinal(text, until.next);
		year = year_behind(text, &span); /* "November 24–26, 2026" */
	}
	set(found, text, pos, end, year, month, day.value);
	return true;
}

/* The second day of "November 24–26, 2026": the month stands a little to the left. */
static bool find_span_end(agent_str text, size_t pos, agent_found *found)
{
	small until;
	if (!digits_at(text, pos, 2, &until)) {
		return false;
	}
	for (size_t back = 4; back <= 26 && back <= pos; back++) {
		size_t start = pos - back;
		size_t at;
		small day;
		bool fresh = start == 0 || !agent_glyph_word((unsigned char)text.ptr[start - 1]);
		int month = fresh ? month_at(text, start, &at) : 0;
		if (month == 0 || !day_behind(text, at, month, &day, &at) || span_behind(text, day.next) != pos ||
			!day_fits(until.value, month)) {
			continue;
		}
		size_t end = skip_ordinal(text, until.next);
		int year = year_behind(text, &end);
		set(found, text, pos, end, year, month, until.value);
		return true;
	}
	return false;
}

bool agent_find_date(agent_str text, size_t pos, agent_found *found)
{
	if (agent_glyph_digit(agent_glyph_at(text, pos).c)) {
		return find_figures(text, pos, found) || find_day_first(text, pos, found) ||
			find_span_end(text, pos, found);
	}
	return find_month_first(text, pos, found);
}

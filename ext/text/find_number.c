/* SPDX-License-Identifier: MIT
 * Figures and number words: where one begins and what it is worth, exactly.
 * No currencies, no units (find_money.c, recognise.c). */
#include "ext/text/find.h"

#define SCALE 10000
#define GROUPS 12

typedef struct group {
	uint32_t separator;          /* before it */
	size_t start, end;
	int len;
} group;

int64_t agent_figure_times(int64_t minor, int64_t factor)
{
	if (minor == INT64_MIN || minor > INT64_MAX / factor || minor < -(INT64_MAX / factor)) {
		return INT64_MIN;
	}
	return minor * factor;
}

static group group_at(agent_str text, size_t pos, uint32_t separator)
{
	group out = { separator, pos, pos, 0 };
	agent_glyph glyph = agent_glyph_at(text, pos);
	out.start = glyph.start;
	while (agent_glyph_digit(glyph.c)) {
		out.len += out.len < 1000;
		out.end = glyph.next;
		glyph = agent_glyph_at(text, glyph.next);
	}
	return out;
}

/* The groups of digits that may make one number: "1 234,56" gives three. */
static size_t read_groups(agent_str text, size_t pos, group *groups)
{
	size_t count = 0;
	groups[count++] = group_at(text, pos, 0);
	while (count < GROUPS && groups[count - 1].len > 0) {
		agent_glyph glyph = agent_glyph_at(text, groups[count - 1].end);
		if (glyph.c != '.' && glyph.c != ',' && glyph.c != ' ' && glyph.c != '\'') {
			break;
		}
		group next = group_at(text, glyph.next, glyph.c);
		/* A blank joins only what looks like thousands on both sides. */
		bool thousands = next.len == 3 && groups[0].len <= 3;
		if (next.len == 0 || ((glyph.c == ' ' || glyph.c == '\'') && !thousands)) {
			break;
		}
		groups[count++] = next;
	}
	return count;
}

/* Groups behind the first that are thousands: all with one separator and three digits (in India two,
 * before the last). */
static size_t thousands(const group *groups, size_t count, bool zero)
{
	if (count < 2 || groups[0].len > 3 || zero) {
		return 0;
	}
	uint32_t separator = groups[1].separator;
	size_t n = 1;
	while (n < count && groups[n].separator == separator && groups[n].len == 3) {
		n++;
	}
	if (n == 1 && separator == ',' && groups[0].len <= 2) {
		while (n < count && groups[n].separator == ',' && groups[n].len == 2) {
			n++;
		}
		bool indian = n > 1 && n < count && groups[n].separator == ',' && groups[n].len == 3;
		return indian ? n : 0;
	}
	return n - 1;
}

static int64_t add_digits(agent_str text, const group *g, int64_t value)
{
	for (size_t pos = g->start; pos < g->end;) {
		agent_glyph glyph = agent_glyph_at(text, pos);
		int digit = (int)(glyph.c - '0');
		if (value == INT64_MIN || value > (INT64_MAX / SCALE - digit) / 10) {
			return INT64_MIN;
		}
		value = value * 10 + digit;
		pos = glyph.next;
	}
	return value;
}

static bool zeros(agent_str text, const group *g)
{
	return add_digits(text, g, 0) == 0;
}

/* Four digits behind the point are exact; more only when they are zeros. */
static int64_t add_fraction(agent_str text, const group *g, int64_t minor)
{
	int64_t unit = SCALE / 10;
	for (size_t pos = g->start; pos < g->end; unit /= 10) {
		agent_glyph glyph = agent_glyph_at(text, pos);
		int64_t part = (int64_t)(glyph.c - '0') * unit;
		if ((unit == 0 && glyph.c != '0') || minor == INT64_MIN || minor > INT64_MAX - part) {
			return INT64_MIN;
		}
		minor += part;
		pos = glyph.next;
	}
	return minor;
}

/* The worth of a sign such as ½; 0 for other characters, INT64_MIN where four decimals do not hold it. */
static int64_t vulgar(uint32_t c)
{
	switch (c) {
		case 0xbc:
			return SCALE / 4;
		case 0xbd:
			return SCALE / 2;
		case 0xbe:
			return SCALE / 4 * 3;
		case 0x2155:
		case 0x2156:
		case 0x2157:
		case 0x2158:
			return SCALE / 5 * (int64_t)(c - 0x2154);
		case 0x215b:
			return SCALE / 8;
		default:
			/* Also Ⅻ, ⑳, ㉚, ㊿ and 🔟: nothing a store writes. */
			return (c >= 0x2150 && c <= 0x215e) || (c >= 0x2160 && c <= 0x2188) || (c >= 0x2469 && c <= 0x2473) ||
				(c >= 0x3251 && c <= 0x325f) || (c >= 0x32b1 && c <= 0x32bf) || c == 0x1f51f ? INT64_MIN : 0;
	}
}

static void add_vulgar(agent_str text, agent_figure *out)
{
	agent_glyph glyph = agent_glyph_at(text, out->end);
	int64_t part = vulgar(glyph.c);
	if (part != 0) {
		bool fits = part != INT64_MIN && out->minor != INT64_MIN && out->minor < INT64_MAX - part;
		out->minor = fits ? out->minor + part : INT64_MIN;
		out->end = glyph.next;
		out->plain = false;
	}
}

bool agent_find_figure(agent_str text, size_t pos, agent_figure *out)
{
	agent_glyph glyph = agent_glyph_at(text, pos);
	*out = (agent_figure){ .start = glyph.start, .end = glyph.start, .plain = true };
	if (!agent_glyph_digit(glyph.c)) {
		add_vulgar(text, out);
		return out->end > out->start;
	}
	group groups[GROUPS];
	size_t count = read_groups(text, pos, groups);
	size_t used = thousands(groups, count, glyph.c == '0');
	bool decimals = used + 1 < count &&
		(groups[used + 1].separator == '.' || groups[used + 1].separator == ',') &&
		(used == 0 || groups[used + 1].separator != groups[1].separator);
	/* "1.234" alone is a fraction in English; "1,234" is not, and nobody writes "10.000" for ten. */
	out->point_three = used == 1 && !decimals && groups[1].separator == '.' && !zeros(text, &groups[1]);
	if (out->point_three) {
		used = 0;
		decimals = true;
	}
	int64_t whole = 0;
	for (size_t i = 0; i <= used; i++) {
		whole = add_digits(text, &groups[i], whole);
		out->digits += groups[i].len;
	}
	out->end = groups[used].end;
	out->minor = agent_figure_times(whole, SCALE);
	out->plain = used == 0 && !decimals;
	if (decimals) {
		out->minor = add_fraction(text, &groups[used + 1], out->minor);
		out->end = groups[used + 1].end;
	}
	add_vulgar(text, out);
	return true;
}

void agent_find_multiple(agent_str text, agent_figure *figure, bool money)
{
	static const struct {
		const char *word;
		int64_t factor;
		bool attached, money;    /* attached: an abbreviation; money: means this only where it is money */
	} multiples[] = {
		{ "k", 1000, true, false }, { "m", 1000000, true, true }, { "mn", 1000000, true, true },
		{ "mio", 1000000, true, true }, { "bn", 1000000000, true, true }, { "b", 1000000000, true, true },
		{ "hundred", 100, false, false }, { "thousand", 1000, false, false },
		{ "million", 1000000, false, false }, { "billion", 1000000000, false, false },
		{ "dozen", 12, false, false }, { "grand", 1000, false, false },
	};
	size_t at = agent_glyph_skip_blanks(text, figure->end);
	if (agent_glyph_at(text, at).c == '-') {
		at = agent_glyph_at(text, at).next;
	}
	char word[12];
	size_t next;
	agent_glyph_word_at(text, at, word, sizeof word, &next);
	if (agent_glyph_digit(agent_glyph_at(text, next).c)) {
		return;
	}
	for (size_t i = 0; i < sizeof multiples / sizeof *multiples; i++) {
		bool fits = strcmp(word, multiples[i].word) == 0 && (money || !multiples[i].money);
		if (fits && (at == figure->end || !multiples[i].attached || money)) {
			figure->minor = agent_figure_times(figure->minor, multiples[i].factor);
			figure->end = next;
			figure->plain = false;
			return;
		}
	}
}

/* --- words ---------------------------------------------------------------------------------------------- */

static int value_of(const char *word)
{
	static const char *const units[] = {
		"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
		"twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
	};
	static const char *const tens[] = {
		"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
	};
	for (int i = 0; i < 20; i++) {
		if (word[0] == units[i][0] && strcmp(word, units[i]) == 0) {
			return i;
		}
	}
	for (int i = 0; i < 8; i++) {
		if (word[0] == tens[i][0] && strcmp(word, tens[i]) == 0) {
			return 20 + 10 * i;
		}
	}
	return strcmp(word, "fourty") == 0 ? 40 : -1;
}

static int64_t factor_of(const char *word)
{
	static const struct {
		const char *word;
		int64_t factor;
	} factors[] = {
		{ "dozen", 12 }, { "hundred", 100 }, { "thousand", 1000 }, { "million", 1000000 },
		{ "billion", 1000000000 },
	};
	for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
		if (word[0] == factors[i].word[0] && strcmp(word, factors[i].word) == 0) {
			return factors[i].factor;
		}
	}
	return 0;
}

typedef struct sum {
	int64_t total, group;        /* whole thousands; what is below them */
	int words;
	int last;                    /* value of the last plain word; -1 behind a factor, -2 behind an article */
} sum;

/* false: this word does not belong to the number. */
static bool add_word(sum *s, const char *word)
{
	int value = value_of(word);
	int64_t factor = value < 0 ? factor_of(word) : 0;
	if (value >= 0) {
		bool joins = s->last != -2 &&
			(s->words == 0 || s->last < 0 || (s->last >= 20 && value > 0 && value < 10));
		if (!joins) {
			return false;
		}
		s->group += value;
		s->last = value;
	} else if (factor != 0 && s->words == 0) {
		s->group = factor; /* "several hundred dollars" */
		s->last = -1;
	} else if (factor != 0 && s->total <= INT64_MAX / SCALE / 1000000000 / 1000) {
		if (factor <= 100) {
			s->group *= factor;
		} else {
			s->total += s->group * factor;
			s->group = 0;
		}
		s->last = -1;
	} else {
		return false;
	}
	s->words++;
	return s->group <= 1000000;
}

bool agent_find_number_words(agent_str text, size_t pos, agent_figure *out, bool *small)
{
	sum s = { .last = -1 };
	size_t start = agent_glyph_at(text, pos).start;
	size_t end = start;
	for (size_t at = start; s.words < 12;) {
		char word[12];
		size_t next;
		agent_glyph_word_at(text, at, word, sizeof word, &next);
		bool article = s.words == 0 && (strcmp(word, "a") == 0 || strcmp(word, "an") == 0);
		if (article || (strcmp(word, "and") == 0 && s.words > 0 && s.last < 0)) {
			/* "a hundred", "a hundred and five": alone these words are none. */
			if (article) {
				s = (sum){ .group = 1, .words = 1, .last = -2 };
			}
		} else if (add_word(&s, word)) {
			end = next;
		} else {
			break;
		}
		at = agent_glyph_skip_blanks(text, next);
		if (agent_glyph_at(text, at).c == '-') {
			at = agent_glyph_at(text, at).next;
		}
		if (at == next) {
			break;
		}
	}
	if (end == start || (s.last == -2)) {
		return false;
	}
	int64_t minor = agent_figure_times(s.total + s.group, SCALE);
	*out = (agent_figure){ .start = start, .end = end, .minor = minor };
	*small = s.words == 1 && (s.group <= 12 || s.last < 0);
	return true;
}

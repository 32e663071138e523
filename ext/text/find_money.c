/* SPDX-License-Identifier: MIT
 * Money and percentages: signs, codes and words of currencies before or behind a figure.
 * No arithmetic but cents; figures come from find_number.c. */
#include "ext/text/find.h"

typedef struct unit {
	char currency[4];
	char sign;
	bool cents, percent;
} unit;

typedef struct unit_sign {
	uint32_t c;
	unit unit;
} unit_sign;

static const unit_sign signs[] = {
	{ '$', { "", '$', false, false } }, { 0x20ac, { "EUR", 0, false, false } },
	{ 0xa3, { "GBP", 0, false, false } }, { 0x20a4, { "GBP", 0, false, false } },
	{ 0xa5, { "", 'Y', false, false } }, { 0x20b9, { "INR", 0, false, false } },
	{ 0x20a8, { "INR", 0, false, false } }, { 0x20bd, { "RUB", 0, false, false } },
	{ 0x20a9, { "KRW", 0, false, false } }, { 0x20ba, { "TRY", 0, false, false } },
	{ 0x20b4, { "UAH", 0, false, false } }, { 0x20ab, { "VND", 0, false, false } },
	{ 0x20aa, { "ILS", 0, false, false } }, { 0x20b1, { "PHP", 0, false, false } },
	{ 0x20a6, { "NGN", 0, false, false } }, { 0x0e3f, { "THB", 0, false, false } },
	{ 0x20b8, { "KZT", 0, false, false } }, { 0x20bf, { "", 0, false, false } },
	{ 0x5143, { "", 'Y', false, false } }, { 0x5186, { "JPY", 0, false, false } },
	{ 0xc6d0, { "KRW", 0, false, false } }, { 0xa2, { "", 0, true, false } },
	{ 0xa4, { "", 0, false, false } }, { '%', { "", 0, false, true } },
};

typedef struct unit_word {
	const char *word;            /* lower case, without accents */
	unit unit;
	bool before;                 /* stands before a figure too: "Rs 500" */
} unit_word;

static const unit_word words[] = {
	{ "dollar", { "", '$', false, false }, false }, { "dollars", { "", '$', false, false }, false },
	{ "buck", { "", '$', false, false }, false }, { "bucks", { "", '$', false, false }, false },
	{ "euro", { "EUR", 0, false, false }, false }, { "euros", { "EUR", 0, false, false }, false },
	{ "pound", { "GBP", 0, false, false }, false }, { "pounds", { "GBP", 0, false, false }, false },
	{ "quid", { "GBP", 0, false, false }, false }, { "sterling", { "GBP", 0, false, false }, false },
	{ "yen", { "JPY", 0, false, false }, false }, { "yuan", { "CNY", 0, false, false }, false },
	{ "rmb", { "CNY", 0, false, false }, true }, { "rupee", { "INR", 0, false, false }, false },
	{ "rupees", { "INR", 0, false, false }, false }, { "rs", { "INR", 0, false, false }, true },
	{ "franc", { "CHF", 0, false, false }, false }, { "francs", { "CHF", 0, false, false }, false },
	{ "sfr", { "CHF", 0, false, false }, true },
	{ "kr", { "", 'k', false, false }, true }, { "krona", { "", 'k', false, false }, false },
	{ "kronor", { "", 'k', false, false }, false }, { "krone", { "", 'k', false, false }, false },
	{ "kroner", { "", 'k', false, false }, false }, { "crowns", { "", 'k', false, false }, false },
	{ "zl", { "PLN", 0, false, false }, false }, { "zloty", { "PLN", 0, false, false }, false },
	{ "zlotys", { "PLN", 0, false, false }, false }, { "kc", { "CZK", 0, false, false }, false },
	{ "forint", { "HUF", 0, false, false }, false },
	{ "lei", { "RON", 0, false, false }, false }, { "leva", { "BGN", 0, false, false }, false },
	{ "lira", { "TRY", 0, false, false }, false }, { "ruble", { "RUB", 0, false, false }, false },
	{ "rubles", { "RUB", 0, false, false }, false }, { "roubles", { "RUB", 0, false, false }, false },
	{ "peso", { "", 0, false, false }, false }, { "pesos", { "", 0, false, false }, false },
	{ "reais", { "BRL", 0, false, false }, false }, { "shekels", { "ILS", 0, false, false }, false },
	{ "dirham", { "AED", 0, false, false }, false }, { "dirhams", { "AED", 0, false, false }, false },
	{ "baht", { "THB", 0, false, false }, false }, { "rand", { "ZAR", 0, false, false }, false },
	{ "cent", { "", 0, true, false }, false }, { "cents", { "", 0, true, false }, false },
	{ "pence", { "GBP", 0, true, false }, false }, { "percent", { "", 0, false, true }, false },
	{ "pct", { "", 0, false, true }, false }, { "percentage", { "", 0, false, true }, false },
	{ "prozent", { "", 0, false, true }, false },
};

/* Codes; the first eleven in lower case too, the others would be taken for words ("try"). */
static const char codes[][4] = {
	"EUR", "USD", "GBP", "CHF", "JPY", "CAD", "AUD", "SEK", "NOK", "DKK", "PLN", "CNY", "NZD", "ISK", "CZK",
	"HUF", "RON", "BGN", "TRY", "RUB", "UAH", "INR", "PKR", "BRL", "MXN", "ARS", "CLP", "COP", "PEN", "ZAR",
	"AED", "SAR", "ILS", "KRW", "SGD", "HKD", "TWD", "THB", "MYR", "IDR", "PHP", "VND", "NGN", "KES", "EGP",
	"RSD", "MAD", "KZT",
};

/* Letters before a dollar sign: US$, C$, … */
static const struct {
	const char *letters;
	char currency[4];
} dollars[] = {
	{ "us", "USD" }, { "u", "USD" }, { "ca", "CAD" }, { "c", "CAD" }, { "can", "CAD" }, { "a", "AUD" },
	{ "au", "AUD" }, { "nz", "NZD" }, { "hk", "HKD" }, { "s", "SGD" }, { "r", "BRL" }, { "mx", "MXN" },
	{ "nt", "TWD" }, { "usd", "USD" }, { "cad", "CAD" }, { "aud", "AUD" }, { "nzd", "NZD" }, { "sgd", "SGD" },
	{ "hkd", "HKD" },
};

static bool upper(agent_str text, size_t pos)
{
	uint32_t c = agent_glyph_at(text, pos).c;
	return c >= 'A' && c <= 'Z';
}

static bool sign_at(agent_str text, size_t pos, unit *out, size_t *next)
{
	agent_glyph glyph = agent_glyph_at(text, pos);
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		if (signs[i].c == glyph.c) {
			*out = signs[i].unit;
			*next = glyph.next;
			return true;
		}
	}
	return false;
}

static bool code_of(const char *word, bool capital, unit *out)
{
	for (size_t i = 0; strlen(word) == 3 && i < sizeof codes / sizeof *codes; i++) {
		bool same = agent_str_eq_nocase(agent_str_cstr(word), agent_str_cstr(codes[i]));
		if (same && (capital || i < 11)) {
			*out = (unit){ .sign = 0 };
			memcpy(out->currency, codes[i], 4);
			return true;
		}
	}
	return false;
}

/* A sign, code or word of a currency, or of a percentage, exactly at pos. */
static bool unit_at(agent_str text, size_t pos, bool before, unit *out, size_t *next)
{
	if (sign_at(text, pos, out, next)) {
		return !before || (!out->percent && !out->cents);
	}
	char word[12];
	agent_glyph_word_at(text, pos, word, sizeof word, next);
	if (word[0] == '\0') {
		return false;
	}
	if (before && agent_glyph_at(text, *next).c == '$') {
		for (size_t i = 0; i < sizeof dollars / sizeof *dollars; i++) {
			if (strcmp(word, dollars[i].letters) == 0) {
				*out = (unit){ .sign = 0 };
				memcpy(out->currency, dollars[i].currency, 4);
				*next = agent_glyph_at(text, *next).next;
				return true;
			}
		}
	}
	if (!before && agent_glyph_digit(agent_glyph_at(text, *next).c)) {
		return false;
	}
	if (code_of(word, upper(text, pos), out)) {
		return true;
	}
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (word[0] == words[i].word[0] && strcmp(word, words[i].word) == 0 && (!before || words[i].before)) {
			*out = words[i].unit;
			return true;
		}
	}
	return false;
}

/* "US dollars", "U.S. dollars", "per cent": two words that are one unit. */
static bool two_words_at(agent_str text, size_t pos, unit *out, size_t *next)
{
	static const struct {
		const char *first, *second;
		char currency[4];
		bool percent;
	} pairs[] = {
		{ "us", "dollar", "USD", false }, { "u.s.", "dollar", "USD", false },
		{ "american", "dollar", "USD", false }, { "canadian", "dollar", "CAD", false },
		{ "australian", "dollar", "AUD", false }, { "new zealand", "dollar", "NZD", false },
		{ "singapore", "dollar", "SGD", false }, { "hong kong", "dollar", "HKD", false },
		{ "swiss", "franc", "CHF", false }, { "swedish", "kron", "SEK", false },
		{ "norwegian", "kron", "NOK", false }, { "danish", "kron", "DKK", false },
		{ "british", "pound", "GBP", false }, { "per", "cent", "", true },
	};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		size_t at;
		char rest[12];
		if (agent_glyph_spells(text, pos, pairs[i].first, &at) &&
			agent_glyph_spells(text, agent_glyph_skip_blanks(text, at), pairs[i].second, &at)) {
			agent_glyph_word_at(text, at, rest, sizeof rest, next);
			*out = (unit){ .percent = pairs[i].percent };
			memcpy(out->currency, pairs[i].currency, 4);
			return true;
		}
	}
	return false;
}

/* The unit behind a figure; "12.-" is how the Swiss write a round sum. */
static bool unit_behind(agent_str text, size_t pos, unit *out, size_t *next)
{
	agent_glyph glyph = agent_glyph_at(text, pos);
	if (glyph.c == '.' || glyph.c == ',') {
		agent_glyph dash = agent_glyph_at(text, glyph.next);
		if (dash.c != '-' && dash.c != 0x2013) {
			return false;
		}
		pos = dash.next;
	}
	pos = agent_glyph_skip_blanks(text, pos);
	if (agent_glyph_at(text, pos).c == '-') {
		pos = agent_glyph_at(text, pos).next;
	}
	if (two_words_at(text, pos, out, next)) {
		return true;
	}
	if (!unit_at(text, pos, false, out, next)) {
		return false;
	}
	/* "3 $10 vouchers": the sign belongs to what follows. */
	bool sign = !agent_glyph_letter(agent_glyph_at(text, pos).c) && !out->percent;
	return !sign || !agent_glyph_digit(agent_glyph_at(text, *next).c);
}

/* A minus directly before, or between the sign and the figure. */
static bool negative(agent_str text, size_t pos)
{
	if (pos == 0 || agent_glyph_before(text, pos) != '-') {
		return false;
	}
	size_t dash = pos - 1;
	while (dash > 0 && agent_glyph_at(text, dash).c != '-') {
		dash--;
	}
	uint32_t c = agent_glyph_before(text, dash);
	return !agent_glyph_word(c) && c != ')' && c != '%' && c != 0x20ac && c != '.';
}

static void set(agent_found *found, agent_found_kind kind, size_t start, size_t end, int64_t minor)
{
	*found = (agent_found){ .kind = kind, .start = start, .len = end - start, .minor = minor };
}

static void set_money(agent_found *found, const agent_figure *figure, size_t start, size_t end, const unit *u)
{
	int64_t minor = figure->point_three ? agent_figure_times(figure->minor, 1000) : figure->minor;
	if (minor == 0 && figure->digits > 1) {
		minor = INT64_MIN; /* "5 00 €": the rest of a sum that was torn apart */
	}
	if (u->cents && minor != INT64_MIN) {
		minor = minor % 100 == 0 ? minor / 100 : INT64_MIN;
	}
	set(found, AGENT_FOUND_MONEY, start, end, minor);
	memcpy(found->currency, u->currency, sizeof found->currency);
	found->sign = u->sign;
}

/* "$5OO": letters that touch a sum make it something that nothing can ground. */
static size_t token_end(agent_str text, size_t pos)
{
	agent_glyph glyph = agent_glyph_at(text, pos);
	while (agent_glyph_word(glyph.c) && glyph.c < 0x2e80) {
		glyph = agent_glyph_at(text, glyph.next);
	}
	return glyph.start;
}

bool agent_find_money(agent_str text, size_t pos, agent_found *found)
{
	unit before;
	size_t at;
	if (!unit_at(text, pos, true, &before, &at)) {
		return false;
	}
	if (agent_glyph_at(text, at).c == '.') {
		at = agent_glyph_at(text, at).next; /* "Rs. 500" */
	}
	at = agent_glyph_skip_blanks(text, at);
	unit second;
	size_t next;
	if (sign_at(text, at, &second, &next) && !second.percent) {
		at = agent_glyph_skip_blanks(text, next); /* "USD $12" */
	}
	bool minus = agent_glyph_at(text, at).c == '-';
	if (minus) {
		at = agent_glyph_at(text, at).next;
	}
	agent_figure figure;
	if (!agent_find_figure(text, at, &figure)) {
		return false;
	}
	agent_find_multiple(text, &figure, true);
	size_t end = figure.end;
	unit behind;
	if (unit_behind(text, end, &behind, &next) && !behind.percent && !behind.cents) {
		before = behind.currency[0] != '\0' ? behind : before;
		end = next;
	}
	size_t start = agent_glyph_at(text, pos).start;
	set_money(found, &figure, start, end, &before);
	size_t touching = token_end(text, end);
	if (touching > end) {
		found->minor = INT64_MIN;
		found->len = touching - start;
	}
	if (found->minor != INT64_MIN && (minus || negative(text, start))) {
		found->minor = -found->minor;
	}
	return true;
}

/* "24th", and what is no unit but a nought in disguise: "5OO". */
static void set_number(agent_str text, const agent_figure *figure, agent_found *found)
{
	static const char *const ordinals[] = { "st", "nd", "rd", "th" };
	set(found, AGENT_FOUND_NUMBER, figure->start, figure->end, figure->minor);
	char word[4];
	size_t next;
	agent_glyph_word_at(text, figure->end, word, sizeof word, &next);
	for (size_t i = 0; i < sizeof ordinals / sizeof *ordinals; i++) {
		if (strcmp(word, ordinals[i]) == 0) {
			found->len = next - figure->start;
		}
	}
	agent_glyph glyph = agent_glyph_at(text, figure->end);
	while (glyph.c == 'o' || glyph.c == 'O' || glyph.c == 0x43e || glyph.c == 0x41e || glyph.c == 0x3bf ||
		glyph.c == 0x39f) {
		glyph = agent_glyph_at(text, glyph.next);
	}
	if (glyph.start > figure->end && !agent_glyph_letter(glyph.c)) {
		found->minor = INT64_MIN;
		found->len = glyph.start - figure->start;
	}
}

void agent_find_amount(agent_str text, const agent_figure *given, agent_found *found)
{
	agent_figure figure = *given;
	agent_find_multiple(text, &figure, false);
	unit behind;
	size_t next;
	if (!unit_behind(text, figure.end, &behind, &next)) {
		agent_figure sum = *given; /* "2 m" is a length, "2 m €" a fortune */
		agent_find_multiple(text, &sum, true);
		if (!unit_behind(text, sum.end, &behind, &next) || behind.percent) {
			set_number(text, &figure, found);
			goto sign;
		}
		figure = sum;
	}
	if (behind.percent) {
		set(found, AGENT_FOUND_PERCENT, figure.start, next, figure.minor);
	} else {
		set_money(found, &figure, figure.start, next, &behind);
	}
sign:
	if (found->minor != INT64_MIN && negative(text, figure.start)) {
		found->minor = -found->minor;
	}
}

bool agent_money_unit_at(agent_str text, size_t pos)
{
	unit found;
	size_t next;
	return unit_at(text, pos, false, &found, &next) || two_words_at(text, pos, &found, &next);
}

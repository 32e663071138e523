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

/* The ASCII word before pos on the same line, lower case; "" where something else stands there. */
static void word_before(agent_str text, size_t pos, char *word, size_t size)
{
	size_t end = pos;
	while (end > 0 && strchr(" *_\t", text.ptr[end - 1]) != NULL && text.ptr[end - 1] != '\0') {
		end--;
	}
	size_t start = end;
	while (start > 0 && (unsigned char)text.ptr[start - 1] < 0x80 &&
		agent_glyph_letter((unsigned char)text.ptr[start - 1])) {
		start--;
	}
	size_t len = end - start < size ? end - start : 0;
	for (size_t i = 0; i < len; i++) {
		word[i] = (char)agent_glyph_small((unsigned char)text.ptr[start + i]);
	}
	word[len] = '\0';
}

static bool exactly(const char *word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(word, list[i]) == 0) {
			return true;
		}
	}
	return false;
}

#define EXACTLY(word, list) exactly((word), (list), sizeof(list) / sizeof *(list))

/* The next word behind pos; false where something else than a blank or a dash stands between. */
static bool next_word(agent_str text, size_t pos, char *word, size_t size, size_t *next)
{
	size_t at = agent_glyph_skip_blanks(text, pos);
	if (agent_glyph_at(text, at).c == '-') {
		at = agent_glyph_at(text, at).next;
	}
	agent_glyph_word_at(text, at, word, size, next);
	return at > pos && *next > at;
}

/* "The fee is ten.": nothing is counted, but it is said to be so many. */
static bool told(agent_str text, const agent_figure *figure)
{
	static const char *const verbs[] = { "is", "are", "was", "were", "costs", "cost", "takes", "equals" };
	char word[12];
	word_before(text, figure->start, word, sizeof word);
	uint32_t c = agent_glyph_at(text, figure->end).c;
	return figure->minor > 10000 && EXACTLY(word, verbs) &&
		(c == 0 || c == '.' || c == ',' || c == '!' || c == '?' || c == ';' || c == '\n');
}

static bool find_number_words(agent_str text, size_t pos, agent_found *found)
{
	agent_figure figure;
	bool small;
	if (!agent_find_number_words(text, pos, &figure, &small)) {
		return false;
	}
	agent_find_amount(text, &figure, found);
	return found->kind != AGENT_FOUND_NUMBER || !small || counts_something(text, &figure) ||
		told(text, &figure);
}

static bool set(agent_found *found, agent_found_kind kind, size_t start, size_t end, int64_t minor)
{
	*found = (agent_found){ .kind = kind, .start = start, .len = end - start, .minor = minor };
	return true;
}

/* --- time ----------------------------------------------------------------------------------------------- */

#define DAY 86400

typedef struct named_unit {
	const char *word;
	agent_time_kind kind;
	int64_t factor;
} named_unit;

/* Without accents; the first so many take an s in the plural. */
#define ENGLISH_UNITS 12
static const named_unit units_of_time[] = {
	{ "second", AGENT_TIME_SECONDS, 1 }, { "minute", AGENT_TIME_SECONDS, 60 },
	{ "hour", AGENT_TIME_SECONDS, 3600 }, { "day", AGENT_TIME_SECONDS, DAY },
	{ "night", AGENT_TIME_SECONDS, DAY }, { "week", AGENT_TIME_SECONDS, 7 * DAY },
	{ "fortnight", AGENT_TIME_SECONDS, 14 * DAY }, { "workday", AGENT_TIME_SECONDS, DAY },
	{ "month", AGENT_TIME_MONTHS, 1 }, { "quarter", AGENT_TIME_MONTHS, 3 },
	{ "year", AGENT_TIME_MONTHS, 12 }, { "decade", AGENT_TIME_MONTHS, 120 },
	{ "tag", AGENT_TIME_SECONDS, DAY }, { "tage", AGENT_TIME_SECONDS, DAY },
	{ "tagen", AGENT_TIME_SECONDS, DAY }, { "werktage", AGENT_TIME_SECONDS, DAY },
	{ "werktagen", AGENT_TIME_SECONDS, DAY }, { "woche", AGENT_TIME_SECONDS, 7 * DAY },
	{ "wochen", AGENT_TIME_SECONDS, 7 * DAY }, { "weken", AGENT_TIME_SECONDS, 7 * DAY },
	{ "monat", AGENT_TIME_MONTHS, 1 }, { "monate", AGENT_TIME_MONTHS, 1 },
	{ "monaten", AGENT_TIME_MONTHS, 1 }, { "jahr", AGENT_TIME_MONTHS, 12 },
	{ "jahre", AGENT_TIME_MONTHS, 12 }, { "jahren", AGENT_TIME_MONTHS, 12 },
	{ "stunde", AGENT_TIME_SECONDS, 3600 }, { "stunden", AGENT_TIME_SECONDS, 3600 },
	{ "minuten", AGENT_TIME_SECONDS, 60 }, { "jour", AGENT_TIME_SECONDS, DAY },
	{ "jours", AGENT_TIME_SECONDS, DAY }, { "semaine", AGENT_TIME_SECONDS, 7 * DAY },
	{ "semaines", AGENT_TIME_SECONDS, 7 * DAY }, { "mois", AGENT_TIME_MONTHS, 1 },
	{ "ans", AGENT_TIME_MONTHS, 12 }, { "annee", AGENT_TIME_MONTHS, 12 },
	{ "annees", AGENT_TIME_MONTHS, 12 }, { "heure", AGENT_TIME_SECONDS, 3600 },
	{ "heures", AGENT_TIME_SECONDS, 3600 }, { "dia", AGENT_TIME_SECONDS, DAY },
	{ "dias", AGENT_TIME_SECONDS, DAY }, { "semana", AGENT_TIME_SECONDS, 7 * DAY },
	{ "semanas", AGENT_TIME_SECONDS, 7 * DAY }, { "mes", AGENT_TIME_MONTHS, 1 },
	{ "meses", AGENT_TIME_MONTHS, 1 }, { "ano", AGENT_TIME_MONTHS, 12 },
	{ "anos", AGENT_TIME_MONTHS, 12 }, { "hora", AGENT_TIME_SECONDS, 3600 },
	{ "horas", AGENT_TIME_SECONDS, 3600 }, { "minutos", AGENT_TIME_SECONDS, 60 },
	{ "giorno", AGENT_TIME_SECONDS, DAY }, { "giorni", AGENT_TIME_SECONDS, DAY },
	{ "settimana", AGENT_TIME_SECONDS, 7 * DAY }, { "settimane", AGENT_TIME_SECONDS, 7 * DAY },
	{ "mese", AGENT_TIME_MONTHS, 1 }, { "mesi", AGENT_TIME_MONTHS, 1 },
	{ "anno", AGENT_TIME_MONTHS, 12 }, { "anni", AGENT_TIME_MONTHS, 12 },
	{ "ore", AGENT_TIME_SECONDS, 3600 }, { "minuti", AGENT_TIME_SECONDS, 60 },
	{ "dagen", AGENT_TIME_SECONDS, DAY }, { "werkdagen", AGENT_TIME_SECONDS, DAY },
	{ "maand", AGENT_TIME_MONTHS, 1 }, { "maanden", AGENT_TIME_MONTHS, 1 },
	{ "jaar", AGENT_TIME_MONTHS, 12 }, { "uur", AGENT_TIME_SECONDS, 3600 },
};

bool agent_time_unit_of(const char *word, agent_time_unit *out)
{
	size_t len = strlen(word);
	for (size_t i = 0; len > 0 && i < sizeof units_of_time / sizeof *units_of_time; i++) {
		const named_unit *unit = &units_of_time[i];
		size_t known = strlen(unit->word);
		bool plural = i < ENGLISH_UNITS && len == known + 1 && word[known] == 's';
		if ((len == known || plural) && memcmp(word, unit->word, known) == 0) {
			bool business = strncmp(word, "work", 4) == 0 || strncmp(word, "werk", 4) == 0;
			*out = (agent_time_unit){ unit->kind, unit->factor, business };
			return true;
		}
	}
	return false;
}

static bool clock_at(agent_str text, size_t pos)
{
	static const char *const marks[] = { "a.m", "p.m", "am", "pm", "o'clock", "uhr" };
	size_t next;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (agent_glyph_spells(text, pos, marks[i], &next) &&
			!agent_glyph_word(agent_glyph_at(text, next).c)) {
			return true;
		}
	}
	return false;
}

bool agent_time_unit_behind(agent_str text, size_t pos, agent_time_unit *out)
{
	static const char *const between[] = { "to", "or", "and", "full", "whole", "more", "further", "calendar",
		"consecutive", "bis", "oder", "und", "ou", "et", "a", "o", "y", "tot", "of" };
	bool business = false;
	*out = (agent_time_unit){ .kind = AGENT_TIME_NONE };
	for (int steps = 0; steps < 8; steps++) {
		agent_glyph glyph = agent_glyph_at(text, pos);
		for (int blanks = 0; blanks < 4 && (agent_glyph_blank(glyph.c) || glyph.c == '-' ||
			glyph.c == 0x2013 || glyph.c == '(' || glyph.c == ')'); blanks++) {
			glyph = agent_glyph_at(text, glyph.next);
		}
		char word[12];
		size_t next;
		agent_figure figure;
		bool small;
		if (clock_at(text, glyph.start)) {
			out->kind = AGENT_TIME_CLOCK;
			return true;
		}
		if (agent_glyph_digit(glyph.c) && agent_find_figure(text, glyph.start, &figure)) {
			pos = figure.end;
			continue;
		}
		agent_glyph_word_at(text, glyph.start, word, sizeof word, &next);
		if (agent_time_unit_of(word, out)) {
			out->business |= business;
			return true;
		}
		if (agent_find_number_words(text, glyph.start, &figure, &small)) {
			next = figure.end;
		} else if (strcmp(word, "business") == 0 || strcmp(word, "working") == 0) {
			business = true;
		} else if (word[0] == '\0' || !EXACTLY(word, between)) {
			return false;
		}
		pos = next;
	}
	return false;
}

/* "within a week", "takes a full month": a span that the text counts as one. "Once a week" and "in a minute" are none. */
static bool find_span(agent_str text, size_t pos, agent_found *found)
{
	static const char *const leads[] = { "within", "in", "for", "after", "have", "has", "takes", "take",
		"lasts", "last", "than", "to", "only", "just", "about", "around", "roughly", "least", "most" };
	static const char *const fillers[] = { "full", "whole", "calendar", "single", "business", "working" };
	char word[12];
	size_t start = agent_glyph_at(text, pos).start;
	size_t next;
	agent_time_unit unit;
	agent_glyph_word_at(text, pos, word, sizeof word, &next);
	if (strcmp(word, "a") != 0 && strcmp(word, "an") != 0) {
		return false;
	}
	size_t end = next;
	bool filled = false;
	while (next_word(text, end, word, sizeof word, &next) && EXACTLY(word, fillers)) {
		end = next;
		filled = true;
	}
	if (next == end || !agent_time_unit_of(word, &unit) ||
		(unit.kind == AGENT_TIME_SECONDS && unit.factor < 3600)) {
		return false;
	}
	word_before(text, start, word, sizeof word);
	return (filled || EXACTLY(word, leads)) && set(found, AGENT_FOUND_NUMBER, start, end, 10000);
}

/* --- shares --------------------------------------------------------------------------------------------- */

/* "half", "a quarter of", "two thirds off", "twice the price": what is grounded by "half" or by "50%". */
static bool find_share(agent_str text, size_t pos, agent_found *found)
{
	static const char *const of[] = { "of", "off", "the", "your", "its", "our", "as", "price", "points", "money",
		"refund", "value", "that" };
	static const char *const parts[] = { "half", "third", "thirds", "quarter", "quarters", "fifth", "fifths",
		"tenth", "tenths" };
	static const char *const times[] = { "twice", "double", "triple", "treble" };
	static const char *const counts[] = { "a", "one", "two", "three" };
	char word[12];
	char behind[12];
	size_t start = agent_glyph_at(text, pos).start;
	size_t end;
	size_t next;
	agent_glyph_word_at(text, pos, word, sizeof word, &end);
	if (strcmp(word, "fiver") == 0 || strcmp(word, "tenner") == 0) {
		return set(found, AGENT_FOUND_MONEY, start, end, word[0] == 'f' ? 50000 : 100000);
	}
	if (strcmp(word, "half") == 0) {
		bool article = next_word(text, end, behind, sizeof behind, &next) &&
			(strcmp(behind, "a") == 0 || strcmp(behind, "an") == 0);
		return article ? set(found, AGENT_FOUND_NUMBER, start, next, 5000)
			: set(found, AGENT_FOUND_PERCENT, start, end, 500000);
	}
	if (EXACTLY(word, times)) {
		bool figure = agent_glyph_digit(agent_glyph_at(text, agent_glyph_skip_blanks(text, end)).c);
		bool price = next_word(text, end, behind, sizeof behind, &next) && EXACTLY(behind, of);
		return (figure || price) &&
			set(found, AGENT_FOUND_PERCENT, start, end, word[1] == 'r' ? 3000000 : 2000000);
	}
	if (!EXACTLY(word, counts) || !next_word(text, end, behind, sizeof behind, &next) ||
		!EXACTLY(behind, parts)) {
		return false;
	}
	int count = word[0] == 't' ? (word[1] == 'w' ? 2 : 3) : 1;
	int part = behind[0] == 'h' ? 2 : behind[0] == 'q' ? 4 : behind[0] == 'f' ? 5 : behind[1] == 'e' ? 10 : 0;
	end = next;
	return next_word(text, end, behind, sizeof behind, &next) && EXACTLY(behind, of) &&
		set(found, AGENT_FOUND_PERCENT, start, end, part == 0 ? INT64_MIN : 1000000 * count / part);
}

/* --- other languages' numbers --------------------------------------------------------------------------- */

static bool long_number(const char *word)
{
	static const char *const inner[] = { "hundert", "honderd", "tausend", "duizend", "cento", "cientos", "centos" };
	size_t len = strlen(word);
	for (size_t i = 0; len > 6 && i < sizeof inner / sizeof *inner; i++) {
		if (strstr(word, inner[i]) != NULL) {
			return true;
		}
	}
	return len > 6 && (strcmp(word + len - 3, "zig") == 0 || strcmp(word + len - 3, "tig") == 0);
}

/* German, French, Spanish, Italian, Dutch, Portuguese; 0: none, -1: one whose worth we do not work out. */
static int foreign_value(const char *word)
{
	static const struct {
		const char *word;
		int value;
	} names[] = {
		{ "ein", 1 }, { "eine", 1 }, { "einen", 1 }, { "einem", 1 }, { "einer", 1 }, { "un", 1 }, { "une", 1 },
		{ "una", 1 }, { "uno", 1 }, { "een", 1 }, { "um", 1 }, { "uma", 1 },
		{ "zwei", 2 }, { "drei", 3 }, { "vier", 4 }, { "funf", 5 }, { "sechs", 6 }, { "sieben", 7 },
		{ "acht", 8 }, { "neun", 9 }, { "zehn", 10 }, { "elf", 11 }, { "zwolf", 12 }, { "vierzehn", 14 },
		{ "funfzehn", 15 }, { "zwanzig", 20 }, { "dreissig", 30 }, { "vierzig", 40 }, { "funfzig", 50 },
		{ "sechzig", 60 }, { "siebzig", 70 }, { "achtzig", 80 }, { "neunzig", 90 }, { "hundert", 100 },
		{ "tausend", 1000 }, { "deux", 2 }, { "trois", 3 }, { "quatre", 4 }, { "cinq", 5 }, { "six", 6 },
		{ "sept", 7 }, { "huit", 8 }, { "neuf", 9 }, { "dix", 10 }, { "onze", 11 }, { "douze", 12 },
		{ "quinze", 15 }, { "vingt", 20 }, { "vingts", -1 }, { "trente", 30 }, { "quarante", 40 },
		{ "cinquante", 50 }, { "soixante", 60 }, { "cent", 100 }, { "cents", -1 }, { "mille", 1000 },
		{ "dos", 2 }, { "tres", 3 }, { "cuatro", 4 }, { "cinco", 5 }, { "seis", 6 }, { "siete", 7 },
		{ "ocho", 8 }, { "nueve", 9 }, { "diez", 10 }, { "once", 11 }, { "doce", 12 }, { "catorce", 14 },
		{ "quince", 15 }, { "veinte", 20 }, { "treinta", 30 }, { "cuarenta", 40 }, { "cincuenta", 50 },
		{ "sesenta", 60 }, { "setenta", 70 }, { "ochenta", 80 }, { "noventa", 90 }, { "cien", 100 },
		{ "ciento", 100 }, { "quinientos", 500 }, { "mil", 1000 },
		{ "due", 2 }, { "tre", 3 }, { "quattro", 4 }, { "cinque", 5 }, { "sei", 6 }, { "sette", 7 },
		{ "otto", 8 }, { "nove", 9 }, { "dieci", 10 }, { "quattordici", 14 }, { "quindici", 15 }, { "venti", 20 },
		{ "trenta", 30 }, { "quaranta", 40 }, { "cinquanta", 50 }, { "sessanta", 60 }, { "settanta", 70 },
		{ "ottanta", 80 }, { "novanta", 90 }, { "cento", 100 },
		{ "twee", 2 }, { "drie", 3 }, { "vijf", 5 }, { "zes", 6 }, { "zeven", 7 }, { "negen", 9 },
		{ "tien", 10 }, { "twaalf", 12 }, { "veertien", 14 }, { "twintig", 20 }, { "dertig", 30 },
		{ "veertig", 40 }, { "vijftig", 50 }, { "zestig", 60 }, { "zeventig", 70 }, { "tachtig", 80 },
		{ "negentig", 90 }, { "honderd", 100 }, { "duizend", 1000 },
		{ "dois", 2 }, { "duas", 2 }, { "quatro", 4 }, { "sete", 7 }, { "oito", 8 }, { "dez", 10 },
		{ "vinte", 20 }, { "quarenta", 40 }, { "cinquenta", 50 }, { "sessenta", 60 }, { "oitenta", 80 },
		{ "noventa", 90 }, { "cem", 100 }, { "quinhentos", 500 },
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (word[0] == names[i].word[0] && strcmp(word, names[i].word) == 0) {
			return names[i].value;
		}
	}
	return long_number(word) ? -1 : 0;
}

/* Only before a currency or a unit of time that is no English word: "due", "once" and "six" are English too. */
static bool find_foreign(agent_str text, size_t pos, agent_found *found)
{
	char word[24];
	size_t end;
	size_t next;
	agent_figure figure = { .start = agent_glyph_at(text, pos).start };
	agent_time_unit unit;
	agent_glyph_word_at(text, pos, word, sizeof word, &end);
	int value = foreign_value(word);
	if (value == 0) {
		return false;
	}
	while (next_word(text, end, word, sizeof word, &next) && foreign_value(word) != 0) {
		value = -1;
		end = next;
	}
	figure.end = end;
	figure.minor = value < 0 ? INT64_MIN : (int64_t)value * 10000;
	agent_find_amount(text, &figure, found);
	if (found->kind != AGENT_FOUND_NUMBER) {
		return value != 1;
	}
	bool english = false;
	for (size_t i = 0; i < ENGLISH_UNITS; i++) {
		size_t len = strlen(units_of_time[i].word);
		english |= strncmp(word, units_of_time[i].word, len) == 0 && (word[len] == '\0' || word[len] == 's');
	}
	return next > end && !english && agent_time_unit_of(word, &unit) &&
		set(found, AGENT_FOUND_NUMBER, figure.start, end, figure.minor);
}

static bool han_digit(uint32_t c)
{
	static const uint32_t digits[] = { 0x4e00, 0x4e8c, 0x4e24, 0x5169, 0x4e09, 0x56db, 0x4e94, 0x516d, 0x4e03, 0x516b,
		0x4e5d, 0x5341, 0x767e, 0x5343, 0x4e07, 0x842c, 0x96f6, 0x3007 };
	for (size_t i = 0; i < sizeof digits / sizeof *digits; i++) {
		if (digits[i] == c) {
			return true;
		}
	}
	return false;
}

/* Chinese and Japanese words for numbers before money or time: their worth is not worked out, they must stand as they are. */
static bool find_han(agent_str text, size_t pos, agent_found *found)
{
	static const uint32_t units[] = { 0x5143, 0x5186, 0x5706, 0x5757, 0x5929, 0x65e5, 0x5468, 0x9031, 0x5e74, 0x6708,
		0x6298, 0x30c9, 'd' };
	agent_glyph glyph = agent_glyph_at(text, pos);
	size_t start = glyph.start;
	size_t end = start;
	while (han_digit(glyph.c)) {
		end = glyph.next;
		glyph = agent_glyph_at(text, end);
	}
	glyph = agent_glyph_at(text, agent_glyph_skip_blanks(text, end));
	for (size_t i = 0; end > start && i < sizeof units / sizeof *units; i++) {
		if (glyph.c == units[i]) {
			return set(found, AGENT_FOUND_NUMBER, start, end, INT64_MIN);
		}
	}
	return false;
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
	if (glyph.c >= 0x3007 && glyph.c < 0xa000 && find_han(text, pos, found)) {
		return !han_digit(before);
	}
	if (agent_glyph_letter(glyph.c)) {
		return fresh && (agent_find_email(text, pos, found) || agent_find_url(text, pos, found) ||
			agent_find_money(text, pos, found) || agent_find_date(text, pos, found) ||
			agent_find_code(text, pos, found) ||
			(short_name(text, pos) == 0 && agent_find_id(text, pos, found)) ||
			find_share(text, pos, found) || find_number_words(text, pos, found) ||
			find_span(text, pos, found) || find_foreign(text, pos, found));
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

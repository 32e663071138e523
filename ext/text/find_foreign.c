/* SPDX-License-Identifier: MIT
 * Numbers in the words of other languages, before money or time.
 * What they are worth is worked out only where that is certain. */
#include "ext/text/find.h"

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
bool agent_find_foreign(agent_str text, size_t pos, agent_found *found)
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
	while (agent_find_word_behind(text, end, word, sizeof word, &next) && foreign_value(word) != 0) {
		value = -1;
		end = next;
	}
	figure.end = end;
	figure.minor = value < 0 ? INT64_MIN : (int64_t)value * 10000;
	agent_find_amount(text, &figure, found);
	if (found->kind != AGENT_FOUND_NUMBER) {
		return value != 1;
	}
	return next > end && !agent_time_unit_english(word) && agent_time_unit_of(word, &unit) &&
		agent_found_set(found, AGENT_FOUND_NUMBER, figure.start, end, figure.minor);
}

bool agent_find_han_digit(uint32_t c)
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
bool agent_find_han(agent_str text, size_t pos, agent_found *found)
{
	static const uint32_t units[] = { 0x5143, 0x5186, 0x5706, 0x5757, 0x5929, 0x65e5, 0x5468, 0x9031, 0x5e74, 0x6708,
		0x6298, 0x30c9, 'd' };
	agent_glyph glyph = agent_glyph_at(text, pos);
	size_t start = glyph.start;
	size_t end = start;
	while (agent_find_han_digit(glyph.c)) {
		end = glyph.next;
		glyph = agent_glyph_at(text, end);
	}
	glyph = agent_glyph_at(text, agent_glyph_skip_blanks(text, end));
	for (size_t i = 0; end > start && i < sizeof units / sizeof *units; i++) {
		if (glyph.c == units[i]) {
			return agent_found_set(found, AGENT_FOUND_NUMBER, start, end, INT64_MIN);
		}
	}
	return false;
}

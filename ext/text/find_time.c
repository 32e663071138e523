/* SPDX-License-Identifier: MIT
 * Units of time behind a figure, and spans that a text counts as one ("within a week").
 * Dates are in find_date.c. */
#include "ext/text/find.h"

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
		} else if (word[0] == '\0' || !AGENT_FIND_LISTED(word, between)) {
			return false;
		}
		pos = next;
	}
	return false;
}

/* "within a week", "takes a full month": a span that the text counts as one. "Once a week" and "in a minute" are none. */
bool agent_find_span(agent_str text, size_t pos, agent_found *found)
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
	while (agent_find_word_behind(text, end, word, sizeof word, &next) && AGENT_FIND_LISTED(word, fillers)) {
		end = next;
		filled = true;
	}
	if (next == end || !agent_time_unit_of(word, &unit) ||
		(unit.kind == AGENT_TIME_SECONDS && unit.factor < 3600)) {
		return false;
	}
	agent_find_word_before(text, start, word, sizeof word);
	return (filled || AGENT_FIND_LISTED(word, leads)) && agent_found_set(found, AGENT_FOUND_NUMBER, start, end, 10000);
}

bool agent_time_unit_english(const char *word)
{
	for (size_t i = 0; i < ENGLISH_UNITS; i++) {
		size_t len = strlen(units_of_time[i].word);
		if (strncmp(word, units_of_time[i].word, len) == 0 && (word[len] == '\0' || word[len] == 's')) {
			return true;
		}
	}
	return false;
}

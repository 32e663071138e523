/* SPDX-License-Identifier: MIT
 * The parts of the recogniser, for text/ alone: each tells whether its thing begins exactly at a place.
 * No order of precedence here (recognise.c has it). */
#ifndef AGENT_TEXT_FIND_H
#define AGENT_TEXT_FIND_H

#include "ext/text/glyph.h"
#include "ext/text/recognise.h"

/* A number as it stands in a text: 12 · 1,234.56 · 1.234,56 · 1 234 · 2½ */
typedef struct agent_figure {
	size_t start, end;
	int64_t minor;               /* times 10000; INT64_MIN: does not fit */
	int digits;                  /* of the whole part */
	bool plain;                  /* digits only */
	bool point_three;            /* "1.234": one point and three digits, a thousand where it is money */
} agent_figure;

/* pos at a digit or a vulgar fraction. */
bool agent_find_figure(agent_str text, size_t pos, agent_figure *out);
/* "twenty-five", "three hundred and five", "a thousand". *small: one word that says little by itself:
 * one … twelve, or "hundred". */
bool agent_find_number_words(agent_str text, size_t pos, agent_figure *out, bool *small);
/* Multiplies by what stands behind ("5k", "2 million"); moves out->end. money: also "m" and "bn". */
void agent_find_multiple(agent_str text, agent_figure *figure, bool money);
int64_t agent_figure_times(int64_t minor, int64_t factor);

/* Each sets start, len and its own members; found->kind too. */
bool agent_find_url(agent_str text, size_t pos, agent_found *found);
bool agent_find_email(agent_str text, size_t pos, agent_found *found);
bool agent_find_date(agent_str text, size_t pos, agent_found *found);
/* Money that begins with its sign, code or word. */
bool agent_find_money(agent_str text, size_t pos, agent_found *found);
/* What stands at a figure: money, a percentage or the number alone. */
void agent_find_amount(agent_str text, const agent_figure *figure, agent_found *found);
bool agent_find_id(agent_str text, size_t pos, agent_found *found);
/* A code of capital letters, or with one figure, behind a word that says so: "coupon WELCOME", "order A7". */
bool agent_find_code(agent_str text, size_t pos, agent_found *found);

/* --- words around a figure (find_count.c) --- */

/* The ASCII word before pos on the same line, lower case; "" where something else stands there. */
void agent_find_word_before(agent_str text, size_t pos, char *word, size_t size);
/* The next word behind pos; false where something else than a blank or a dash stands between. */
bool agent_find_word_behind(agent_str text, size_t pos, char *word, size_t size, size_t *next);

static inline bool agent_find_listed(const char *word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(word, list[i]) == 0) {
			return true;
		}
	}
	return false;
}
#define AGENT_FIND_LISTED(word, list) agent_find_listed((word), (list), sizeof(list) / sizeof *(list))

static inline bool agent_found_set(agent_found *found, agent_found_kind kind, size_t start, size_t end, int64_t minor)
{
	*found = (agent_found){ .kind = kind, .start = start, .len = end - start, .minor = minor };
	return true;
}

/* A number in words that counts something. */
bool agent_find_count(agent_str text, size_t pos, agent_found *found);
/* "half", "a quarter of", "two thirds off", "twice the price". */
bool agent_find_share(agent_str text, size_t pos, agent_found *found);
/* "within a week": a span that is counted as one. */
bool agent_find_span(agent_str text, size_t pos, agent_found *found);
/* A unit of time in English, singular or plural (find_time.c). */
bool agent_time_unit_english(const char *word);
/* Numbers in German, French, Spanish, Italian, Dutch and Portuguese words; in Chinese and Japanese ones. */
bool agent_find_foreign(agent_str text, size_t pos, agent_found *found);
bool agent_find_han(agent_str text, size_t pos, agent_found *found);
bool agent_find_han_digit(uint32_t c);

#endif

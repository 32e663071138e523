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

#endif

/* SPDX-License-Identifier: MIT
 * What the ground check looks for in a sentence: figures, money, dates, identifiers, addresses, quotations.
 * Recognises; judges nothing. */
#ifndef AGENT_TEXT_RECOGNISE_H
#define AGENT_TEXT_RECOGNISE_H

#include "ext/base/str.h"

typedef enum agent_found_kind {
	AGENT_FOUND_URL,             /* any scheme, www.…, bare hosts with a path or a common ending, targets of Markdown links */
	AGENT_FOUND_EMAIL,
	AGENT_FOUND_ID,              /* letters and digits in one token, with at least two digits: ABC-12345, INV2024001, #10023;
	                              * four digits and more behind a word that says so: "order number 10023" */
	AGENT_FOUND_MONEY,           /* $12.50, 12,50 €, EUR 12, 12 dollars */
	AGENT_FOUND_DATE,            /* 2026-11-24, 24 November 2026, Nov 24, November 24th, 11/24/2026, 24.11.2026; "in December" */
	AGENT_FOUND_PERCENT,         /* 15%, ten percent; and shares of a price: half, a quarter off, twice the price */
	AGENT_FOUND_NUMBER,          /* any other figure; number words: "two" to "twelve" before a unit of time or a count ("three days"),
	                              * larger ones anywhere, "one" before a unit of time; "within a week"; other languages' words
	                              * before a currency or a unit of time of theirs ("zwei Wochen") */
	AGENT_FOUND_QUOTE            /* between “ ” or " ", at least two words; inner text without the marks */
} agent_found_kind;

typedef struct agent_found {
	agent_found_kind kind;
	size_t start, len;           /* in the text; for QUOTE the inner part */
	/* A normal form, so that the same thing written in two ways compares equal: */
	int64_t minor;               /* MONEY, PERCENT, NUMBER: value times 10000, exact; INT64_MIN when it does not fit */
	char currency[4];            /* MONEY: ISO 4217, or "" where the sign is ambiguous or unknown */
	char sign;                   /* MONEY without currency: '$' some dollar, 'k' some crown, 'Y' yen or yuan; 0 otherwise */
	int year, month, day;        /* DATE: 0 where not said; 11/24 is resolved only where one reading is possible, else both are kept: */
	int alt_month, alt_day;      /* DATE: the other reading, 0 if none */
} agent_found;

/* The next thing at or after *pos, *pos moved behind it; false at the end. Things do not overlap, but what stands inside a QUOTE is
 * reported too, after it. No allocation. */
bool agent_recognise(agent_str text, size_t *pos, agent_found *found);
/* The same without QUOTE; linear in the text, so for long evidence. */
bool agent_recognise_plain(agent_str text, size_t *pos, agent_found *found);

/* What a figure counts, where that is time. Units that are exact multiples of each other are of one kind. */
typedef enum agent_time_kind {
	AGENT_TIME_NONE, AGENT_TIME_CLOCK, AGENT_TIME_SECONDS, AGENT_TIME_MONTHS
} agent_time_kind;

typedef struct agent_time_unit {
	agent_time_kind kind;
	int64_t factor;              /* a week has 604800 seconds, a year 12 months */
	bool business;               /* business days, working days */
} agent_time_unit;

/* The unit of time of the figure that ends at pos: "3 days", "3-day", "3 to 5 business days", "9 a.m."; of one word. */
bool agent_time_unit_behind(agent_str text, size_t pos, agent_time_unit *out);
bool agent_time_unit_of(const char *word, agent_time_unit *out);

/* A sign, code or word of a currency, or of a percentage, stands at pos. */
bool agent_money_unit_at(agent_str text, size_t pos);

typedef struct agent_quote {
	size_t start, len;           /* without the marks */
	size_t mark;                 /* where the opening mark stands */
	bool closed;                 /* false: the paragraph or text ends first */
} agent_quote;

/* Quotations of any length in order; *pos is 0 or what the call before left. */
bool agent_quote_next(agent_str text, size_t *pos, agent_quote *quote);
/* At least two words: less is a name or a button. */
bool agent_quote_says(agent_str inner);

#endif

/* SPDX-License-Identifier: MIT
 * The parts of the ground check, for guard/ alone: each answers whether one thing stands on the evidence.
 * The order of rules and the words of a violation are in ground.c. */
#ifndef AGENT_GUARD_GROUND_PARTS_H
#define AGENT_GUARD_GROUND_PARTS_H

#include "ext/guard/ground.h"
#include "ext/text/recognise.h"

/* --- ground_match.c: texts compared as a reader compares them ----------------------------------------------------- */

/* Does `words` stand at pos? Blanks are folded, marks of emphasis skipped, quotation marks alike; nocase: accents
 * and case too. *end: behind it. */
bool agent_match_at(agent_str text, size_t pos, agent_str words, bool nocase, size_t *end);
/* Anywhere, as whole words, letter for letter. */
bool agent_match_words(agent_str text, agent_str words);
/* Anywhere, as a whole token, case aside: an identifier or an e-mail address. */
bool agent_match_token(agent_str text, agent_str token);

/* --- ground_result.c: walking tool results ------------------------------------------------------------------------ */

typedef struct agent_scalar {
	agent_str text;              /* a string, or a number as it was written */
	bool number;                 /* a JSON number */
	size_t items;                /* not 0: no scalar but an array of so many items */
	char currency[4], sign;      /* of the nearest object around it that names one; as in agent_found */
	agent_str key;               /* of the member it is, or of the array it stands in */
} agent_scalar;

typedef bool (*agent_scalar_test)(const void *state, const agent_scalar *scalar);
/* True as soon as one scalar of the results passes. */
bool agent_any_scalar(const agent_evidence *evidence, agent_scalar_test test, const void *state);

/* --- ground_figure.c ---------------------------------------------------------------------------------------------- */

/* An amount, date, percentage or other figure, found in text: from results and the passages whose bit is set in
 * cited. */
bool agent_figure_grounded(agent_str text, const agent_found *found, const agent_evidence *evidence, uint64_t cited);

/* Every day of the week that text names from `from` on is that of a date in the results or in a cited passage, or stands
 * there by name; false and *what else. */
bool agent_weekdays_hold(agent_str text, size_t from, const agent_evidence *evidence, uint64_t cited, agent_str *what);

/* --- ground_cite.c ------------------------------------------------------------------------------------------------ */

bool agent_address_allowed(agent_str url, const agent_evidence *evidence);
/* "According to <title> (<url>)" from `from` on: false and *what for one that names no given passage. */
bool agent_citations_hold(agent_str text, size_t from, const agent_evidence *evidence, agent_str *what);

#endif

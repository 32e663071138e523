/* SPDX-License-Identifier: MIT
 * Numbers by their decimal text: compared and divided exactly, without doubles.
 * No allocation, no locale. */
#ifndef AGENT_CONTRACT_DECIMAL_H
#define AGENT_CONTRACT_DECIMAL_H

#include "ext/base/str.h"

/* The value is 0.d1d2d3… times 10 to `point`, where d1 … are the `count` digits of `text` from `first` on, without its '.'.
 * d1 and the last digit are not 0; zero has count 0. */
typedef struct agent_decimal {
	bool negative;               /* false for zero */
	agent_str text;
	size_t first;
	size_t count;
	int64_t point;               /* clamped to ±10^12, far beyond what is let in */
} agent_decimal;

/* text: a number by JSON's grammar. */
agent_decimal agent_decimal_of(agent_str text);
/* Less than 0, 0, more than 0. */
int agent_decimal_compare(const agent_decimal *a, const agent_decimal *b);
bool agent_decimal_is_integer(const agent_decimal *d);
/* Would be infinite as a double. */
bool agent_decimal_is_huge(const agent_decimal *d);
/* The digits as one integer; false when there are more than 18. */
bool agent_decimal_digits(const agent_decimal *d, uint64_t *out);
/* value is a whole multiple of divisor (more than 0, at most 18 digits). */
bool agent_decimal_is_multiple(const agent_decimal *value, const agent_decimal *divisor);

#endif

/* SPDX-License-Identifier: MIT
 * Exact decimals: normal form, order, divisibility.
 * No allocation, no locale, no double. */
#include "ext/contract/decimal.h"

#define POINT_MAX ((int64_t)1000000000000)

static int64_t exponent_of(agent_str text, size_t i)
{
	bool negative = false;
	int64_t value = 0;
	if (i < text.len && (text.ptr[i] == '+' || text.ptr[i] == '-')) {
		negative = text.ptr[i++] == '-';
	}
	for (; i < text.len; i++) {
		value = value * 10 + (text.ptr[i] - '0');
		value = value > POINT_MAX ? POINT_MAX : value;
	}
	return negative ? -value : value;
}

static int64_t clamp(int64_t point)
{
	return point > POINT_MAX ? POINT_MAX : point < -POINT_MAX ? -POINT_MAX : point;
}

agent_decimal agent_decimal_of(agent_str text)
{
	agent_decimal d = { .text = text };
	size_t i = text.len > 0 && text.ptr[0] == '-' ? 1 : 0;
	bool negative = i == 1;
	bool fraction = false;
	int64_t point = 0;           /* digits before the '.', counted from the first that is not 0 */
	size_t seen = 0;             /* digits since then */
	for (; i < text.len && text.ptr[i] != 'e' && text.ptr[i] != 'E'; i++) {
		if (text.ptr[i] == '.') {
			fraction = true;
			continue;
		}
		if (seen == 0 && text.ptr[i] == '0') {
			point -= fraction;
			continue;
		}
		if (seen++ == 0) {
			d.first = i;
		}
		if (text.ptr[i] != '0') {
			d.count = seen;
		}
		point += !fraction;
	}
	if (d.count == 0) {
		return d;
	}
	d.negative = negative;
	d.point = clamp(point + (i < text.len ? exponent_of(text, i + 1) : 0));
	return d;
}

/* Walks the digits: *at begins at d->first. */
static int digit_next(const agent_decimal *d, size_t *at)
{
	char c = d->text.ptr[(*at)++];
	if (c == '.') {
		c = d->text.ptr[(*at)++];
	}
	return c - '0';
}

static int compare_magnitude(const agent_decimal *a, const agent_decimal *b)
{
	if (a->count == 0 || b->count == 0) {
		return (a->count > 0) - (b->count > 0);
	}
	if (a->point != b->point) {
		return a->point < b->point ? -1 : 1;
	}
	size_t at_a = a->first;
	size_t at_b = b->first;
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		int difference = digit_next(a, &at_a) - digit_next(b, &at_b);
		if (difference != 0) {
			return difference;
		}
	}
	return (a->count > b->count) - (a->count < b->count);
}

int agent_decimal_compare(const agent_decimal *a, const agent_decimal *b)
{
	if (a->negative != b->negative) {
		return a->negative ? -1 : 1;
	}
	int order = compare_magnitude(a, b);
	return a->negative ? -order : order;
}

bool agent_decimal_is_integer(const agent_decimal *d)
{
	return d->count == 0 || (d->point > 0 && (uint64_t)d->point >= d->count);
}

bool agent_decimal_is_huge(const agent_decimal *d)
{
	/* Halfway between the largest double and 2^1024: from here on rounding goes to infinity. */
	const agent_decimal edge = agent_decimal_of(AGENT_STR("1.797693134862315807937e308"));
	return compare_magnitude(d, &edge) >= 0;
}

bool agent_decimal_digits(const agent_decimal *d, uint64_t *out)
{
	size_t at = d->first;
	if (d->count > 18) {
		return false;
	}
	*out = 0;
	for (size_t i = 0; i < d->count; i++) {
		*out = *out * 10 + (uint64_t)digit_next(d, &at);
	}
	return true;
}

/* (a * 10 + digit) mod m, for a < m < 10^18: a * 10 fits 64 bits. */
static uint64_t push_digit(uint64_t a, int digit, uint64_t m)
{
	return (a * 10 + (uint64_t)digit) % m;
}

bool agent_decimal_is_multiple(const agent_decimal *value, const agent_decimal *divisor)
{
	uint64_t m;
	if (value->count == 0) {
		return true;
	}
	if (divisor->count == 0 || !agent_decimal_digits(divisor, &m)) {
		return false;
	}
	/* Both as an integer without trailing zeros times a power of ten. */
	int64_t power = value->point - (int64_t)value->count - (divisor->point - (int64_t)divisor->count);
	if (power < 0) {
		return false; /* the digits would have to be divisible by ten */
	}
	uint64_t rest = 0;
	size_t at = value->first;
	for (size_t i = 0; i < value->count; i++) {
		rest = push_digit(rest, digit_next(value, &at), m);
	}
	for (int64_t i = 0; i < power && i < 64 && rest != 0; i++) {
		/* m < 2^60 holds at most 59 twos and 25 fives: more zeros change nothing */
		rest = push_digit(rest, 0, m);
	}
	return rest == 0;
}

/* SPDX-License-Identifier: MIT
 * Dates, times and durations of RFC 3339.
 * Whole strings only; finding such things in running text is text/recognise. */
#include "ext/contract/schema_format.h"

#define DAY 1440 /* minutes */

typedef struct moment {
	int year, month, day, minute;    /* of the day */
	int offset;                      /* minutes east */
	bool leap_second;
} moment;

/* `count` digits at `from`. */
static bool digits(agent_str s, size_t from, size_t count, int *out)
{
	*out = 0;
	if (from > s.len || s.len - from < count) {
		return false;
	}
	for (size_t i = from; i < from + count; i++) {
		if (!agent_format_digit(s.ptr[i])) {
			return false;
		}
		*out = *out * 10 + (s.ptr[i] - '0');
	}
	return true;
}

static int days_of(const moment *m)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = m->month == 2 && m->year % 4 == 0 && (m->year % 100 != 0 || m->year % 400 == 0);
	return days[m->month - 1] + leap;
}

static bool date(agent_str s, moment *m)
{
	return s.len == 10 && digits(s, 0, 4, &m->year) && agent_format_at(s, 4, '-') && digits(s, 5, 2, &m->month)
		&& agent_format_at(s, 7, '-') && digits(s, 8, 2, &m->day) && m->month >= 1 && m->month <= 12 && m->day >= 1
		&& m->day <= days_of(m);
}

/* "Z" or "+hh:mm", all of s. */
static bool offset(agent_str s, moment *m)
{
	int hour, minute;
	m->offset = 0;
	if (s.len == 1 && (s.ptr[0] | 32) == 'z') {
		return true;
	}
	if (s.len != 6 || (s.ptr[0] != '+' && s.ptr[0] != '-') || !digits(s, 1, 2, &hour) || s.ptr[3] != ':'
		|| !digits(s, 4, 2, &minute) || hour > 23 || minute > 59) {
		return false;
	}
	m->offset = (hour * 60 + minute) * (s.ptr[0] == '-' ? -1 : 1);
	return true;
}

static bool clock(agent_str s, moment *m)
{
	int hour, minute, second;
	size_t i = 8;
	if (!digits(s, 0, 2, &hour) || !agent_format_at(s, 2, ':') || !digits(s, 3, 2, &minute)
		|| !agent_format_at(s, 5, ':') || !digits(s, 6, 2, &second) || hour > 23 || minute > 59 || second > 60) {
		return false;
	}
	if (agent_format_at(s, i, '.')) {
		size_t first = ++i;
		while (i < s.len && agent_format_digit(s.ptr[i])) {
			i++;
		}
		if (i == first) {
			return false;
		}
	}
	m->minute = hour * 60 + minute;
	m->leap_second = second == 60;
	return offset(agent_str_from(s, i), m)
		/* a leap second is 23:59:60 in UTC */
		&& (!m->leap_second || (m->minute - m->offset + 2 * DAY) % DAY == DAY - 1);
}

bool agent_format_date(agent_str s)
{
	moment m = { 0 };
	return date(s, &m);
}

bool agent_format_time(agent_str s)
{
	moment m = { 0 };
	return clock(s, &m);
}

bool agent_format_date_time(agent_str s)
{
	moment m = { 0 };
	if (s.len <= 11 || (s.ptr[10] | 32) != 't' || !date(agent_str_cut(s, 0, 10), &m)
		|| !clock(agent_str_from(s, 11), &m)) {
		return false;
	}
	if (!m.leap_second) {
		return true;
	}
	/* It ends a month, in UTC: which is the day before or after with some offsets. */
	int utc = m.minute - m.offset;
	int day = m.day + (utc >= DAY) - (utc < 0);
	return day == 0 || day == days_of(&m);
}

/* Digits and one of `units`, which are in their order; *unit is where it stands there. */
static bool part(agent_str s, size_t *i, const char *units, size_t *unit)
{
	size_t first = *i;
	while (*i < s.len && agent_format_digit(s.ptr[*i])) {
		(*i)++;
	}
	const char *found = *i > first && *i < s.len ? memchr(units, s.ptr[*i], strlen(units)) : NULL;
	if (found == NULL) {
		return false;
	}
	(*i)++;
	*unit = (size_t)(found - units);
	return true;
}

/* Parts of `units`, each followed by the next one or by nothing: the RFC's grammar has no 1Y1D and no 1H1S. */
static bool parts(agent_str s, size_t *i, const char *units)
{
	size_t last = 0, unit;
	bool any = false;
	while (*i < s.len && s.ptr[*i] != 'T') {
		if (!part(s, i, units, &unit) || (any && unit != last + 1)) {
			return false;
		}
		any = true;
		last = unit;
	}
	return any;
}

/* Appendix A; capital letters only, as everybody writes and reads them. */
bool agent_format_duration(agent_str s)
{
	size_t i = 1, unit;
	if (!agent_format_at(s, 0, 'P')) {
		return false;
	}
	if (agent_format_at(s, s.len - 1, 'W')) {
		return part(s, &i, "W", &unit) && i == s.len;
	}
	if (!agent_format_at(s, 1, 'T') && !parts(s, &i, "YMD")) {
		return false;
	}
	if (i == s.len) {
		return true;
	}
	i++;
	return parts(s, &i, "HMS") && i == s.len;
}

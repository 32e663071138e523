/* SPDX-License-Identifier: MIT
 * Formats: date-time, date, time, email, uri, uuid, ipv4, ipv6, hostname.
 * Whole strings only; finding such things in running text is text/recognise. */
#include "ext/contract/schema_program.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

static bool is_alpha(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* `count` digits at `from`. */
static bool digits(agent_str s, size_t from, size_t count, int *out)
{
	*out = 0;
	if (from > s.len || s.len - from < count) {
		return false;
	}
	for (size_t i = from; i < from + count; i++) {
		if (!is_digit(s.ptr[i])) {
			return false;
		}
		*out = *out * 10 + (s.ptr[i] - '0');
	}
	return true;
}

static bool at(agent_str s, size_t i, char c)
{
	return i < s.len && s.ptr[i] == c;
}

static bool is_date(agent_str s)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year, month, day;
	if (s.len != 10 || !digits(s, 0, 4, &year) || !at(s, 4, '-') || !digits(s, 5, 2, &month) || !at(s, 7, '-')
		|| !digits(s, 8, 2, &day) || month < 1 || month > 12 || day < 1) {
		return false;
	}
	bool leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return day <= days[month - 1] + leap;
}

static bool is_time(agent_str s)
{
	int hour, minute, second, offset_hour = 0, offset_minute = 0;
	size_t i = 8;
	if (!digits(s, 0, 2, &hour) || !at(s, 2, ':') || !digits(s, 3, 2, &minute) || !at(s, 5, ':')
		|| !digits(s, 6, 2, &second) || hour > 23 || minute > 59 || second > 60) {
		return false;
	}
	if (at(s, i, '.')) {
		size_t first = ++i;
		while (i < s.len && is_digit(s.ptr[i])) {
			i++;
		}
		if (i == first) {
			return false;
		}
	}
	int sign = at(s, i, '-') ? -1 : 1;
	if (at(s, i, 'Z') || at(s, i, 'z')) {
		i++;
	} else if ((at(s, i, '+') || at(s, i, '-')) && digits(s, i + 1, 2, &offset_hour) && at(s, i + 3, ':')
		&& digits(s, i + 4, 2, &offset_minute) && offset_hour <= 23 && offset_minute <= 59) {
		i += 6;
	} else {
		return false;
	}
	if (second == 60) { /* a leap second is 23:59:60 in UTC */
		int minutes = hour * 60 + minute - sign * (offset_hour * 60 + offset_minute);
		return i == s.len && (minutes + 2 * 1440) % 1440 == 23 * 60 + 59;
	}
	return i == s.len;
}

static bool is_date_time(agent_str s)
{
	return s.len > 11 && (s.ptr[10] == 'T' || s.ptr[10] == 't') && is_date(agent_str_cut(s, 0, 10))
		&& is_time(agent_str_from(s, 11));
}

static bool is_ipv4(agent_str s)
{
	size_t i = 0;
	for (int part = 0; part < 4; part++) {
		size_t first = i;
		int value = 0;
		while (i < s.len && is_digit(s.ptr[i]) && i - first < 4) {
			value = value * 10 + (s.ptr[i++] - '0');
		}
		if (i == first || value > 255 || (i - first > 1 && s.ptr[first] == '0')) {
			return false;
		}
		if (part < 3 && !at(s, i++, '.')) {
			return false;
		}
	}
	return i == s.len;
}

static bool is_ipv6(agent_str s)
{
	int groups = 0;
	bool gap = false, colon = false; /* colon: a group has ended, ':' must follow */
	size_t i = 0;
	while (i < s.len) {
		if (at(s, i, ':') && at(s, i + 1, ':')) {
			if (gap) {
				return false;
			}
			gap = true;
			colon = false;
			i += 2;
			continue;
		}
		if (colon && !at(s, i++, ':')) {
			return false;
		}
		size_t first = i;
		while (i < s.len && is_hex(s.ptr[i]) && i - first < 4) {
			i++;
		}
		if (at(s, i, '.')) {
			groups += 2;
			return is_ipv4(agent_str_from(s, first)) && (gap ? groups < 8 : groups == 8);
		}
		if (i == first) {
			return false;
		}
		groups++;
		colon = true;
	}
	return gap ? groups < 8 : groups == 8;
}

static bool is_hostname(agent_str s)
{
	size_t label = 0;
	if (s.len == 0 || s.len > 253) {
		return false;
	}
	for (size_t i = 0; i <= s.len; i++) {
		if (i == s.len || s.ptr[i] == '.') {
			if (i == label || i - label > 63 || s.ptr[label] == '-' || s.ptr[i - 1] == '-') {
				return false;
			}
			label = i + 1;
		} else if (!is_alpha(s.ptr[i]) && !is_digit(s.ptr[i]) && s.ptr[i] != '-') {
			return false;
		}
	}
	return true;
}

static bool is_local_part(agent_str s)
{
	if (s.len == 0 || s.len > 64) {
		return false;
	}
	if (s.ptr[0] == '"') {
		for (size_t i = 1; i + 1 < s.len; i++) {
			if (s.ptr[i] == '\\') {
				i++;
			} else if (s.ptr[i] == '"' || (unsigned char)s.ptr[i] < 0x20 || (unsigned char)s.ptr[i] >= 0x7f) {
				return false;
			}
		}
		return s.len >= 2 && s.ptr[s.len - 1] == '"'
			&& (s.len < 4 || s.ptr[s.len - 2] != '\\' || s.ptr[s.len - 3] == '\\');
	}
	for (size_t i = 0; i < s.len; i++) {
		bool dot = s.ptr[i] == '.';
		if (dot ? i == 0 || i + 1 == s.len || s.ptr[i - 1] == '.'
			: !is_alpha(s.ptr[i]) && !is_digit(s.ptr[i])
				&& memchr("!#$%&'*+-/=?^_`{|}~", s.ptr[i], 19) == NULL) {
			return false;
		}
	}
	return true;
}

static bool is_email(agent_str s)
{
	size_t mark = s.len;
	while (mark > 0 && s.ptr[mark - 1] != '@') {
		mark--;
	}
	if (mark == 0 || !is_local_part(agent_str_cut(s, 0, mark - 1))) {
		return false;
	}
	agent_str domain = agent_str_from(s, mark);
	if (at(domain, 0, '[') && at(domain, domain.len - 1, ']')) {
		domain = agent_str_cut(domain, 1, domain.len - 2);
		return agent_str_starts(domain, AGENT_STR("IPv6:")) ? is_ipv6(agent_str_from(domain, 5))
			: is_ipv4(domain);
	}
	return is_hostname(domain);
}

static bool is_uuid(agent_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? s.ptr[i] != '-' : !is_hex(s.ptr[i])) {
			return false;
		}
	}
	return s.len == 36;
}

/* Characters of a URI: unreserved, those in `more`, and percent escapes. */
static bool uri_chars(agent_str s, const char *more)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (c == '%') {
			if (s.len - i < 3 || !is_hex(s.ptr[i + 1]) || !is_hex(s.ptr[i + 2])) {
				return false;
			}
			i += 2;
		} else if (!is_alpha(c) && !is_digit(c) && (c == '\0' || strchr("-._~!$&'()*+,;=", c) == NULL)
			&& (c == '\0' || strchr(more, c) == NULL)) {
			return false;
		}
	}
	return true;
}

static bool uri_authority(agent_str s)
{
	int ignored;
	size_t mark = agent_str_find(s, AGENT_STR("@"), 0);
	if (mark != (size_t)-1) {
		if (!uri_chars(agent_str_cut(s, 0, mark), ":")) {
			return false;
		}
		s = agent_str_from(s, mark + 1);
	}
	size_t colon;
	if (at(s, 0, '[')) {
		size_t close = agent_str_find(s, AGENT_STR("]"), 0);
		if (close == (size_t)-1 || !is_ipv6(agent_str_cut(s, 1, close - 1))) {
			return false;
		}
		colon = close + 1;
	} else {
		colon = agent_str_find(s, AGENT_STR(":"), 0);
		colon = colon == (size_t)-1 ? s.len : colon;
		if (!uri_chars(agent_str_cut(s, 0, colon), "")) {
			return false;
		}
	}
	agent_str port = agent_str_from(s, colon + 1);
	return colon >= s.len || (s.ptr[colon] == ':' && port.len <= 5 && digits(port, 0, port.len, &ignored));
}

static bool is_uri(agent_str s)
{
	size_t colon = agent_str_find(s, AGENT_STR(":"), 0);
	if (colon == (size_t)-1 || colon == 0 || !is_alpha(s.ptr[0])) {
		return false;
	}
	for (size_t i = 1; i < colon; i++) {
		if (!is_alpha(s.ptr[i]) && !is_digit(s.ptr[i]) && memchr("+-.", s.ptr[i], 3) == NULL) {
			return false;
		}
	}
	agent_str rest = agent_str_from(s, colon + 1);
	size_t hash = agent_str_find(rest, AGENT_STR("#"), 0);
	if (hash != (size_t)-1) {
		if (!uri_chars(agent_str_from(rest, hash + 1), ":@/?")) {
			return false;
		}
		rest = agent_str_cut(rest, 0, hash);
	}
	if (agent_str_starts(rest, AGENT_STR("//"))) {
		rest = agent_str_from(rest, 2);
		size_t end = 0;
		while (end < rest.len && rest.ptr[end] != '/' && rest.ptr[end] != '?') {
			end++;
		}
		if (!uri_authority(agent_str_cut(rest, 0, end))) {
			return false;
		}
		rest = agent_str_from(rest, end);
	}
	return uri_chars(rest, ":@/?");
}

static const agent_format formats[] = {
	{ "date-time", is_date_time, "must be a date and time as YYYY-MM-DDThh:mm:ssZ" },
	{ "date", is_date, "must be a date as YYYY-MM-DD" },
	{ "time", is_time, "must be a time with its offset as hh:mm:ssZ" },
	{ "email", is_email, "must be an e-mail address" },
	{ "uri", is_uri, "must be a URI with its scheme" },
	{ "uuid", is_uuid, "must be a UUID" },
	{ "ipv4", is_ipv4, "must be an IPv4 address" },
	{ "ipv6", is_ipv6, "must be an IPv6 address" },
	{ "hostname", is_hostname, "must be a host name" },
};

const agent_format *agent_format_find(agent_str name)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		if (agent_str_is(name, formats[i].name)) {
			return &formats[i];
		}
	}
	return NULL;
}

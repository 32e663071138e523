/* SPDX-License-Identifier: MIT
 * Searching and trimming of string views.
 * No allocation here. */
#include "ext/base/str.h"

static unsigned char lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

size_t agent_str_find(agent_str haystack, agent_str needle, size_t from)
{
	if (needle.len == 0 || from > haystack.len || haystack.len - from < needle.len) {
		return (size_t)-1;
	}
	const char *at = haystack.ptr + from;
	const char *last = haystack.ptr + haystack.len - needle.len;
	while (at <= last) {
		at = memchr(at, needle.ptr[0], (size_t)(last - at) + 1);
		if (at == NULL) {
			return (size_t)-1;
		}
		if (memcmp(at, needle.ptr, needle.len) == 0) {
			return (size_t)(at - haystack.ptr);
		}
		at++;
	}
	return (size_t)-1;
}

bool agent_str_eq_nocase(agent_str a, agent_str b)
{
	if (a.len != b.len) {
		return false;
	}
	for (size_t i = 0; i < a.len; i++) {
		if (lower((unsigned char)a.ptr[i]) != lower((unsigned char)b.ptr[i])) {
			return false;
		}
	}
	return true;
}

size_t agent_str_find_nocase(agent_str haystack, agent_str needle, size_t from)
{
	if (needle.len == 0 || from > haystack.len) {
		return (size_t)-1;
	}
	for (size_t i = from; i + needle.len <= haystack.len; i++) {
		if (agent_str_eq_nocase((agent_str){ haystack.ptr + i, needle.len }, needle)) {
			return i;
		}
	}
	return (size_t)-1;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

agent_str agent_str_trim(agent_str s)
{
	while (s.len > 0 && blank(s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len > 0 && blank(s.ptr[s.len - 1])) {
		s.len--;
	}
	return s;
}

bool agent_str_to_int(agent_str s, int64_t *out)
{
	bool negative = s.len > 0 && s.ptr[0] == '-';
	size_t i = negative ? 1 : 0;
	if (i == s.len) {
		return false;
	}
	int64_t value = 0; /* kept negative, so that INT64_MIN fits */
	for (; i < s.len; i++) {
		int digit = s.ptr[i] - '0';
		if (digit < 0 || digit > 9 || value < (INT64_MIN + digit) / 10) {
			return false;
		}
		value = value * 10 - digit;
	}
	if (!negative && value == INT64_MIN) {
		return false;
	}
	*out = negative ? value : -value;
	return true;
}

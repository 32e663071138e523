/* SPDX-License-Identifier: MIT
 * Names of hosts, addresses of machines and people, URIs.
 * Their syntax only: whether there is such a thing is not asked. */
#include "ext/contract/schema_format.h"

#define NONE ((size_t)-1)

/* A label with "--" behind its second character is an A-label ("xn--…") or reserved (RFC 5890). */
static bool is_label(agent_str s)
{
	if (s.len == 0 || s.len > 63 || s.ptr[0] == '-' || s.ptr[s.len - 1] == '-') {
		return false;
	}
	for (size_t i = 0; i < s.len; i++) {
		if (!agent_format_alpha(s.ptr[i]) && !agent_format_digit(s.ptr[i]) && s.ptr[i] != '-') {
			return false;
		}
	}
	return s.len < 4 || s.ptr[2] != '-' || s.ptr[3] != '-' || agent_str_eq_nocase(agent_str_cut(s, 0, 4), AGENT_STR("xn--"));
}

bool agent_format_hostname(agent_str s)
{
	if (s.len == 0 || s.len > 253) {
		return false;
	}
	for (size_t from = 0; from <= s.len;) {
		size_t dot = agent_str_find(s, AGENT_STR("."), from);
		size_t end = dot == NONE ? s.len : dot;
		if (!is_label(agent_str_cut(s, from, end - from))) {
			return false;
		}
		from = end + 1;
	}
	return s.ptr[s.len - 1] != '.';
}

bool agent_format_ipv4(agent_str s)
{
	size_t i = 0;
	for (int part = 0; part < 4; part++) {
		size_t first = i;
		int value = 0;
		while (i < s.len && agent_format_digit(s.ptr[i]) && i - first < 4) {
			value = value * 10 + (s.ptr[i++] - '0');
		}
		if (i == first || value > 255 || (i - first > 1 && s.ptr[first] == '0')) {
			return false;
		}
		if (part < 3 && !agent_format_at(s, i++, '.')) {
			return false;
		}
	}
	return i == s.len;
}

/* most: groups that may stand beside "::". */
static bool is_ipv6(agent_str s, int most)
{
	int groups = 0;
	bool gap = false, colon = false; /* colon: a group has ended, ':' must follow */
	size_t i = 0;
	while (i < s.len) {
		if (agent_format_at(s, i, ':') && agent_format_at(s, i + 1, ':')) {
			if (gap) {
				return false;
			}
			gap = true;
			colon = false;
			i += 2;
			continue;
		}
		if (colon && !agent_format_at(s, i++, ':')) {
			return false;
		}
		size_t first = i;
		while (i < s.len && agent_format_hex(s.ptr[i]) && i - first < 4) {
			i++;
		}
		if (agent_format_at(s, i, '.')) {
			groups += 2;
			return agent_format_ipv4(agent_str_from(s, first)) && (gap ? groups <= most : groups == 8);
		}
		if (i == first) {
			return false;
		}
		groups++;
		colon = true;
	}
	return gap ? groups <= most : groups == 8;
}

bool agent_format_ipv6(agent_str s)
{
	return is_ipv6(s, 7);
}

/* --- e-mail: RFC 5321's Mailbox --- */

static bool is_quoted(agent_str s)
{
	size_t i = 1;
	while (i < s.len && s.ptr[i] != '"') {
		i += s.ptr[i] == '\\';
		if (i >= s.len || s.ptr[i] < 0x20 || s.ptr[i] > 0x7e) {
			return false;
		}
		i++;
	}
	return i + 1 == s.len;
}

static bool is_local_part(agent_str s)
{
	if (s.len == 0 || s.len > 64) {
		return false;
	}
	if (s.ptr[0] == '"') {
		return is_quoted(s);
	}
	for (size_t i = 0; i < s.len; i++) {
		bool dot = s.ptr[i] == '.';
		if (dot ? i == 0 || i + 1 == s.len || s.ptr[i - 1] == '.'
			: !agent_format_alpha(s.ptr[i]) && !agent_format_digit(s.ptr[i])
				&& memchr("!#$%&'*+-/=?^_`{|}~", s.ptr[i], 19) == NULL) {
			return false;
		}
	}
	return true;
}

bool agent_format_email(agent_str s)
{
	size_t mark = s.len;
	while (mark > 0 && s.ptr[mark - 1] != '@') {
		mark--;
	}
	if (s.len > 254 || mark == 0 || !is_local_part(agent_str_cut(s, 0, mark - 1))) {
		return false;
	}
	agent_str domain = agent_str_from(s, mark);
	if (domain.len > 2 && domain.ptr[0] == '[' && domain.ptr[domain.len - 1] == ']') {
		domain = agent_str_cut(domain, 1, domain.len - 2);
		return agent_str_eq_nocase(agent_str_cut(domain, 0, 5), AGENT_STR("IPv6:"))
			? is_ipv6(agent_str_from(domain, 5), 6) : agent_format_ipv4(domain);
	}
	return agent_format_hostname(domain);
}

/* --- URIs: RFC 3986 --- */

/* What a character that is neither letter nor digit may be. One look instead of a search: a URI is read character by character. */
enum { URI_PLAIN = 1, URI_SUB = 2, URI_COLON = 4, URI_PATH = 8 };
static const unsigned char uri_class[256] = {
	['-'] = URI_PLAIN, ['.'] = URI_PLAIN, ['_'] = URI_PLAIN, ['~'] = URI_PLAIN,
	['!'] = URI_SUB, ['$'] = URI_SUB, ['&'] = URI_SUB, ['\''] = URI_SUB, ['('] = URI_SUB, [')'] = URI_SUB, ['*'] = URI_SUB,
	['+'] = URI_SUB, [','] = URI_SUB, [';'] = URI_SUB, ['='] = URI_SUB,
	[':'] = URI_COLON, ['@'] = URI_PATH, ['/'] = URI_PATH, ['?'] = URI_PATH,
};

/* Unreserved characters, those of the classes in `more`, and percent escapes. */
static bool uri_chars(agent_str s, unsigned more)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (c == '%') {
			if (s.len - i < 3 || !agent_format_hex(s.ptr[i + 1]) || !agent_format_hex(s.ptr[i + 2])) {
				return false;
			}
			i += 2;
		} else if (!agent_format_alpha(c) && !agent_format_digit(c)
			&& (uri_class[(unsigned char)c] & (URI_PLAIN | more)) == 0) {
			return false;
		}
	}
	return true;
}

/* Between the brackets: an IPv6 address or "v1.…". */
static bool is_ip_literal(agent_str s)
{
	size_t i = 1;
	if (s.len == 0 || (s.ptr[0] | 32) != 'v') {
		return agent_format_ipv6(s);
	}
	while (i < s.len && agent_format_hex(s.ptr[i])) {
		i++;
	}
	agent_str rest = agent_str_from(s, i + 1);
	return i > 1 && agent_format_at(s, i, '.') && rest.len > 0 && memchr(rest.ptr, '%', rest.len) == NULL
		&& uri_chars(rest, URI_SUB | URI_COLON);
}

static bool uri_authority(agent_str s)
{
	size_t mark = agent_str_find(s, AGENT_STR("@"), 0), end;
	if (mark != NONE) {
		if (!uri_chars(agent_str_cut(s, 0, mark), URI_SUB | URI_COLON)) {
			return false;
		}
		s = agent_str_from(s, mark + 1);
	}
	if (agent_format_at(s, 0, '[')) {
		size_t close = agent_str_find(s, AGENT_STR("]"), 0);
		if (close == NONE || !is_ip_literal(agent_str_cut(s, 1, close - 1))) {
			return false;
		}
		end = close + 1;
	} else {
		end = agent_str_find(s, AGENT_STR(":"), 0);
		end = end == NONE ? s.len : end;
		if (!uri_chars(agent_str_cut(s, 0, end), URI_SUB)) {
			return false;
		}
	}
	for (size_t i = end; i < s.len; i++) {
		if (i == end ? s.ptr[i] != ':' : !agent_format_digit(s.ptr[i])) {
			return false;
		}
	}
	return true;
}

static size_t find_any(agent_str s, const char *marks)
{
	for (size_t i = 0; i < s.len; i++) {
		for (const char *mark = marks; *mark != '\0'; mark++) {
			if (s.ptr[i] == *mark) {
				return i;
			}
		}
	}
	return s.len;
}

/* What stands behind a scheme and its colon, or a relative reference. */
static bool uri_rest(agent_str s)
{
	size_t hash = find_any(s, "#");
	if (!uri_chars(agent_str_from(s, hash + 1), URI_SUB | URI_COLON | URI_PATH)) {
		return false;
	}
	s = agent_str_cut(s, 0, hash);
	if (agent_str_starts(s, AGENT_STR("//"))) {
		s = agent_str_from(s, 2);
		size_t end = find_any(s, "/?");
		if (!uri_authority(agent_str_cut(s, 0, end))) {
			return false;
		}
		s = agent_str_from(s, end);
	}
	return uri_chars(s, URI_SUB | URI_COLON | URI_PATH);
}

bool agent_format_uri(agent_str s)
{
	size_t colon = find_any(s, ":");
	if (colon == s.len || colon == 0 || !agent_format_alpha(s.ptr[0])) {
		return false;
	}
	for (size_t i = 1; i < colon; i++) {
		if (!agent_format_alpha(s.ptr[i]) && !agent_format_digit(s.ptr[i]) && memchr("+-.", s.ptr[i], 3) == NULL) {
			return false;
		}
	}
	return uri_rest(agent_str_from(s, colon + 1));
}

bool agent_format_uri_reference(agent_str s)
{
	size_t end = find_any(s, ":/?#");
	return agent_format_at(s, end, ':') ? agent_format_uri(s) : uri_rest(s);
}

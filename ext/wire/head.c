/* SPDX-License-Identifier: MIT
 * Reading the lines of an answer's header.
 * Lines in, values out; no connection here. */
#include "ext/wire/head.h"

#include <curl/curl.h>
#include <limits.h>

void agent_wire_head_init(agent_wire_head *head)
{
	*head = (agent_wire_head){ .wait_ms = -1, .wait_until = -1, .date = -1 };
}

/* "12", "1.5", ".25" times scale; no sign, no exponent. Not strtod: its point depends on the locale. */
static bool decimal(agent_str text, int64_t scale, int64_t *out)
{
	int64_t value = 0;
	bool point = false, digits = false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '.' && !point) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9') {
			return false;
		}
		digits = true;
		if (point) {
			scale /= 10;
			value += (c - '0') * scale;
		} else {
			value = value > INT_MAX ? value : value * 10 + (c - '0') * scale;
		}
	}
	*out = value > INT_MAX ? INT_MAX : value;
	return digits;
}

static int64_t date_of(agent_str text)
{
	char copy[64];
	bool letter = text.len > 0 && ((text.ptr[0] | 32) >= 'a' && (text.ptr[0] | 32) <= 'z');
	if (!letter || text.len >= sizeof copy) {
		return -1;
	}
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	return (int64_t)curl_getdate(copy, NULL);
}

static void retry_after(agent_wire_head *head, agent_str value)
{
	int64_t ms;
	if (head->wait_exact) {
		return;
	}
	if (decimal(value, 1000, &ms)) {
		head->wait_ms = ms;
		return;
	}
	head->wait_until = date_of(value);
}

static void content_type(agent_wire_head *head, agent_str value)
{
	size_t end = agent_str_find(value, AGENT_STR(";"), 0);
	value = agent_str_trim(agent_str_cut(value, 0, end));
	value = agent_str_cut(value, 0, sizeof head->type - 1);
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		head->type[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	head->type[value.len] = '\0';
}

/* "HTTP/1.1 200 OK", "HTTP/2 200" */
static void status_line(agent_wire_head *head, agent_str line)
{
	size_t blank = agent_str_find(line, AGENT_STR(" "), 0);
	int64_t status = 0;
	agent_wire_head_init(head);
	if (blank != (size_t)-1 && agent_str_to_int(agent_str_cut(line, blank + 1, 3), &status)
		&& status >= 100 && status <= 999) {
		head->status = (int)status;
	}
}

void agent_wire_head_line(agent_wire_head *head, agent_str line)
{
	line = agent_str_trim(line);
	if (head->complete) {
		return;
	}
	if (agent_str_starts(line, AGENT_STR("HTTP/"))) {
		status_line(head, line);
		return;
	}
	if (line.len == 0) {
		head->complete = head->status >= 200;
		return;
	}
	size_t colon = agent_str_find(line, AGENT_STR(":"), 0);
	if (colon == (size_t)-1) {
		return;
	}
	agent_str name = agent_str_cut(line, 0, colon);
	agent_str value = agent_str_trim(agent_str_from(line, colon + 1));
	int64_t ms;
	if (agent_str_eq_nocase(name, AGENT_STR("content-type"))) {
		content_type(head, value);
	} else if (agent_str_eq_nocase(name, AGENT_STR("retry-after"))) {
		retry_after(head, value);
	} else if (agent_str_eq_nocase(name, AGENT_STR("retry-after-ms")) && decimal(value, 1, &ms)) {
		head->wait_ms = ms;
		head->wait_exact = true;
	} else if (agent_str_eq_nocase(name, AGENT_STR("date"))) {
		head->date = date_of(value);
	}
}

int agent_wire_head_retry_after(const agent_wire_head *head, int64_t now_s)
{
	if (head->wait_ms >= 0) {
		return (int)head->wait_ms;
	}
	if (head->wait_until < 0) {
		return -1;
	}
	int64_t seconds = head->wait_until - (head->date >= 0 ? head->date : now_s);
	if (seconds <= 0) {
		return 0;
	}
	return seconds > INT_MAX / 1000 ? INT_MAX : (int)(seconds * 1000);
}

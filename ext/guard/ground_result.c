/* SPDX-License-Identifier: MIT
 * Walking tool results: every string and number, with the currency that stands beside it.
 * No judgement of what they ground. */
#include <stdio.h>

#include "ext/guard/ground_parts.h"

/* Our reader refuses deeper trees; this only keeps a tree from elsewhere from using up the stack. */
#define DEPTH 64

typedef struct walk {
	agent_scalar_test test;
	const void *state;
} walk;

static bool names_currency(agent_str key)
{
	static const char *const names[] =
		{ "currency", "currency_code", "currencyCode", "currency_symbol", "curr" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (agent_str_is(key, names[i])) {
			return true;
		}
	}
	return false;
}

/* "EUR", "eur", "€", "$": the recogniser knows what it means before a figure. */
static void read_currency(agent_str name, agent_scalar *out)
{
	char text[24];
	name = agent_str_trim(name);
	if (name.len == 0 || name.len > 12) {
		return;
	}
	out->currency[0] = '\0';
	out->sign = 0;
	char upper[4] = "";
	bool letters = name.len == 3;
	for (size_t i = 0; letters && i < 3; i++) {
		char c = name.ptr[i];
		upper[i] = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
		letters = upper[i] >= 'A' && upper[i] <= 'Z';
	}
	if (letters) {
		memcpy(out->currency, upper, sizeof upper);
		return;
	}
	int len = snprintf(text, sizeof text, "%.*s 1", AGENT_STR_ARG(name));
	agent_found found;
	size_t pos = 0;
	if (agent_recognise_plain(agent_str_of(text, (size_t)len), &pos, &found) &&
		found.kind == AGENT_FOUND_MONEY) {
		memcpy(out->currency, found.currency, sizeof out->currency);
		out->sign = found.sign;
	}
}

static bool visit(const walk *w, const agent_json *node, const agent_scalar *around, int depth);

static bool visit_object(const walk *w, const agent_json *node, const agent_scalar *around, int depth)
{
	agent_scalar context = *around;
	agent_str key;
	agent_json *value;
	agent_str name;
	for (agent_json_iter it = agent_json_members(node); agent_json_member(&it, &key, &value);) {
		if (names_currency(key) && agent_json_str(value, &name)) {
			read_currency(name, &context);
		}
	}
	for (agent_json_iter it = agent_json_members(node); agent_json_member(&it, &key, &value);) {
		context.key = key;
		if (visit(w, value, &context, depth + 1)) {
			return true;
		}
	}
	return false;
}

static bool visit_array(const walk *w, const agent_json *node, const agent_scalar *around, int depth)
{
	agent_scalar scalar = *around;
	scalar.items = agent_json_count(node);
	if (scalar.items > 0 && w->test(w->state, &scalar)) {
		return true;
	}
	for (size_t i = 0; i < scalar.items; i++) {
		if (visit(w, agent_json_at(node, i), around, depth + 1)) {
			return true;
		}
	}
	return false;
}

static bool visit(const walk *w, const agent_json *node, const agent_scalar *around, int depth)
{
	agent_scalar scalar = *around;
	char digits[24];
	int64_t value;
	if (depth > DEPTH) {
		return false;
	}
	switch (agent_json_kind_of(node)) {
		case AGENT_JSON_KIND_OBJECT:
			return visit_object(w, node, around, depth);
		case AGENT_JSON_KIND_ARRAY:
			return visit_array(w, node, around, depth);
		case AGENT_JSON_KIND_STRING:
			return agent_json_str(node, &scalar.text) && w->test(w->state, &scalar);
		case AGENT_JSON_KIND_INT:
			if (!agent_json_int(node, &value)) {
				return false;
			}
			scalar.text =
				agent_str_of(digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)value));
			scalar.number = true;
			return w->test(w->state, &scalar);
		case AGENT_JSON_KIND_NUMBER:
			scalar.number = true;
			return agent_json_number(node, &scalar.text) && w->test(w->state, &scalar);
		default:
			return false;
	}
}

bool agent_any_scalar(const agent_evidence *evidence, agent_scalar_test test, const void *state)
{
	walk w = { test, state };
	agent_scalar none = { .text = AGENT_STR_EMPTY, .key = AGENT_STR_EMPTY };
	for (size_t i = 0; i < evidence->result_count; i++) {
		if (visit(&w, evidence->results[i], &none, 0)) {
			return true;
		}
	}
	return false;
}

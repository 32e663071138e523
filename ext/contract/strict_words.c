/* SPDX-License-Identifier: MIT
 * What a provider's subset knows: its keywords and formats, plain patterns, references, where null may stand.
 * No schema is made here: that is strict.c. */
#include "ext/contract/strict_walk.h"

#include <stdarg.h>
#include <stdio.h>

#include "ext/text/utf8.h"

#define HOPS_MAX 16

agent_status agent_strict_no(agent_strict_walk *d, const char *format, ...)
{
	char reason[120];
	va_list args;
	va_start(args, format);
	vsnprintf(reason, sizeof reason, format, args);
	va_end(args);
	agent_str pointer = agent_buf_str(&d->pointer);
	pointer.len = agent_utf8_cut(pointer, 70);
	snprintf(d->out->why, sizeof d->out->why, "%.*s: %s", AGENT_STR_ARG(pointer), reason);
	return AGENT_OK;
}

/* --- keywords --- */

static bool stands_in(agent_str word, const char *list)
{
	size_t at = 0;
	agent_str all = agent_str_cstr(list);
	while (word.len > 0 && (at = agent_str_find(all, word, at)) != (size_t)-1) {
		size_t end = at + word.len;
		if ((at == 0 || list[at - 1] == ' ') && (end == all.len || list[end] == ' ')) {
			return true;
		}
		at = end;
	}
	return false;
}

/* Kept as they are, once they are known to be harmless. */
static const char *const plain[] = {
	"type enum const pattern format minItems maxItems minimum maximum exclusiveMinimum exclusiveMaximum multipleOf title description",
	"type enum const pattern format minItems title description"
};
/* Say nothing about values. */
static const char dropped[] = "$schema $comment default examples deprecated readOnly writeOnly";
static const char built[] = "properties required additionalProperties items anyOf $defs";
static const char *const formats[] = {
	"date-time time date duration email hostname ipv4 ipv6 uuid", "date-time time date duration email hostname uri ipv4 ipv6 uuid"
};

static bool is_plain_pattern(agent_str pattern)
{
	for (size_t i = 0; i < pattern.len; i++) {
		char next = i + 1 < pattern.len ? pattern.ptr[i + 1] : '\0';
		if (pattern.ptr[i] == '\\') {
			if ((next >= '0' && next <= '9') || strchr("bBkpPcux", next) != NULL) {
				return false;
			}
			i++;
		} else if (pattern.ptr[i] == '(' && next == '?' && (i + 2 >= pattern.len || pattern.ptr[i + 2] != ':')) {
			return false;
		}
	}
	return true;
}

static bool is_scalar(const agent_json *value)
{
	agent_json_kind kind = agent_json_kind_of(value);
	return kind != AGENT_JSON_KIND_OBJECT && kind != AGENT_JSON_KIND_ARRAY;
}

static agent_status check_values(agent_strict_walk *d, const agent_json *from)
{
	const agent_json *list = agent_json_get(from, "enum");
	size_t count = agent_json_count(list);
	size_t bytes = 0;
	agent_str text = AGENT_STR_EMPTY;
	if (agent_json_has(from, "const")) {
		if (!is_scalar(agent_json_get(from, "const"))) {
			return agent_strict_no(d, "const is not a scalar");
		}
		d->text += agent_json_str(agent_json_get(from, "const"), &text) ? text.len : 0;
	}
	for (size_t i = 0; i < count; i++) {
		if (!is_scalar(agent_json_at(list, i))) {
			return agent_strict_no(d, "a value of enum is not a scalar");
		}
		bytes += agent_json_str(agent_json_at(list, i), &text) ? text.len : 0;
	}
	d->values += (int)count;
	d->text += bytes;
	return d->form == AGENT_STRICT_OPENAI && count > AGENT_STRICT_ENUM_LONG && bytes > AGENT_STRICT_ENUM_TEXT
		? agent_strict_no(d, "the texts of enum are longer than %d bytes", AGENT_STRICT_ENUM_TEXT) : AGENT_OK;
}

static agent_status check_plain(agent_strict_walk *d, const agent_json *from)
{
	agent_str text;
	int64_t items;
	if (agent_json_str(agent_json_get(from, "format"), &text) && !stands_in(text, formats[d->form])) {
		return agent_strict_no(d, "this format is not known there");
	}
	if (agent_json_str(agent_json_get(from, "pattern"), &text) && !is_plain_pattern(text)) {
		return agent_strict_no(d, "pattern is more than plain");
	}
	if (d->form == AGENT_STRICT_ANTHROPIC && agent_json_has(from, "minItems")
		&& (!agent_json_int(agent_json_get(from, "minItems"), &items) || items > 1)) {
		return agent_strict_no(d, "minItems is neither 0 nor 1");
	}
	return check_values(d, from);
}

bool agent_strict_has_type(const agent_json *from, const char *name)
{
	const agent_json *type = agent_json_get(from, "type");
	agent_str text;
	bool found = agent_json_str(type, &text) && agent_str_is(text, name);
	for (size_t i = 0; i < agent_json_count(type); i++) {
		found = found || (agent_json_str(agent_json_at(type, i), &text) && agent_str_is(text, name));
	}
	return found;
}

agent_status agent_strict_check(agent_strict_walk *d, const agent_json *from)
{
	agent_str key;
	agent_json *value;
	for (agent_json_iter it = agent_json_members(from); agent_json_member(&it, &key, &value);) {
		if (!agent_strict_is_kept(d, key) && !stands_in(key, dropped) && !stands_in(key, built)) {
			return agent_strict_no(d, "%.*s is not known there", (int)agent_utf8_cut(key, 60), key.ptr);
		}
	}
	if (!agent_json_has(from, "type") && !agent_json_has(from, "anyOf")) {
		return agent_strict_no(d, "a schema must have a type there");
	}
	bool object = agent_strict_has_type(from, "object");
	if (!object && (agent_json_has(from, "properties") || agent_json_has(from, "required") || agent_json_has(from, "additionalProperties"))) {
		return agent_strict_no(d, "members of what need not be an object");
	}
	if (agent_strict_has_type(from, "array") != agent_json_has(from, "items")) {
		return agent_strict_no(d, "an array and the schema of its items belong together there");
	}
	return check_plain(d, from);
}

const agent_json *agent_strict_definition(const agent_strict_walk *d, const agent_json *from, size_t *index)
{
	agent_str ref, key;
	agent_json *value;
	const agent_str base = AGENT_STR("#/$defs/");
	*index = 0;
	if (!agent_json_str(agent_json_get(from, "$ref"), &ref) || !agent_str_starts(ref, base)) {
		return NULL;
	}
	ref = agent_str_from(ref, base.len);
	for (agent_json_iter it = agent_json_members(agent_json_get(d->source, "$defs")); agent_json_member(&it, &key, &value); ++*index) {
		if (agent_str_eq(key, ref) && agent_str_find(ref, AGENT_STR("~"), 0) == (size_t)-1 && agent_str_find(ref, AGENT_STR("%"), 0) == (size_t)-1) {
			return value;
		}
	}
	return NULL;
}

/* Whether null may fit; true where that is not plain to see. */
bool agent_strict_may_be_null(const agent_strict_walk *d, const agent_json *from, int hops)
{
	size_t index;
	const agent_json *list = agent_json_get(from, "enum");
	if (agent_json_has(from, "type") && !agent_strict_has_type(from, "null")) {
		return false;
	}
	if (agent_json_has(from, "const") && agent_json_get(from, "const") != NULL) {
		return false;
	}
	bool listed = list == NULL;
	for (size_t i = 0; i < agent_json_count(list); i++) {
		listed = listed || agent_json_at(list, i) == NULL;
	}
	if (!listed) {
		return false;
	}
	if (agent_json_has(from, "$ref")) {
		const agent_json *definition = agent_strict_definition(d, from, &index);
		return definition == NULL || hops >= HOPS_MAX || agent_strict_may_be_null(d, definition, hops + 1);
	}
	const agent_json *any = agent_json_get(from, "anyOf");
	bool branch = any == NULL;
	for (size_t i = 0; i < agent_json_count(any); i++) {
		branch = branch || hops >= HOPS_MAX || agent_strict_may_be_null(d, agent_json_at(any, i), hops + 1);
	}
	return branch;
}

bool agent_strict_is_required(const agent_json *object, agent_str name)
{
	const agent_json *required = agent_json_get(object, "required");
	agent_str other;
	for (size_t i = 0; i < agent_json_count(required); i++) {
		if (agent_json_str(agent_json_at(required, i), &other) && agent_str_eq(other, name)) {
			return true;
		}
	}
	return false;
}

bool agent_strict_is_kept(const agent_strict_walk *d, agent_str keyword)
{
	return stands_in(keyword, plain[d->form]);
}

bool agent_strict_is_annotation(agent_str keyword)
{
	return stands_in(keyword, "title description") || stands_in(keyword, dropped);
}

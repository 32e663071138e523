/* SPDX-License-Identifier: MIT
 * Members by name, type and range.
 * What they mean is manifest.c's and config.c's. */
#include "ext/contract/members.h"

#include <stdarg.h>
#include <stdio.h>

#include "ext/text/utf8.h"

#define POINTER_MAX ((size_t)8192)
#define POINTER_SHOWN ((size_t)120)

void agent_place_init(agent_place *place, const char *base, agent_arena *arena, agent_error *err)
{
	*place = (agent_place){ .arena = arena, .err = err };
	agent_buf_init(&place->pointer, POINTER_MAX);
	agent_buf_add(&place->pointer, agent_str_cstr(base));
}

void agent_place_clear(agent_place *place)
{
	agent_buf_clear(&place->pointer);
}

size_t agent_place_enter(agent_place *place, agent_str key)
{
	size_t mark = place->pointer.len;
	agent_json_pointer_add(&place->pointer, key);
	return mark;
}

size_t agent_place_enter_index(agent_place *place, size_t index)
{
	size_t mark = place->pointer.len;
	agent_buf_addf(&place->pointer, "/%zu", index);
	return mark;
}

void agent_place_leave(agent_place *place, size_t mark)
{
	place->pointer.len = mark;
}

agent_status agent_place_refuse(agent_place *place, const char *member, const char *code,
	const char *format, ...)
{
	char rule[200];
	va_list args;
	size_t mark = place->pointer.len;
	if (place->pointer.fault == AGENT_BUF_NO_MEMORY) {
		return agent_fail_memory(place->err);
	}
	va_start(args, format);
	vsnprintf(rule, sizeof rule, format, args);
	va_end(args);
	if (member != NULL) {
		agent_place_enter(place, agent_str_cstr(member));
	}
	agent_str pointer = agent_buf_str(&place->pointer);
	int cut = (int)agent_utf8_cut(pointer, POINTER_SHOWN);
	agent_fail(place->err, AGENT_DOMAIN_CONFIG, code, "%.*s%s: %s", cut, pointer.ptr,
		pointer.len > POINTER_SHOWN ? "..." : "", rule);
	agent_place_leave(place, mark);
	return AGENT_ERR;
}

/* name stands in the blank-separated list. */
static bool listed(agent_str name, const char *names)
{
	while (*names != '\0') {
		size_t len = strcspn(names, " ");
		if (agent_str_eq(name, (agent_str){ names, len })) {
			return true;
		}
		names += len + strspn(names + len, " ");
	}
	return false;
}

agent_status agent_members_closed(agent_place *place, const agent_json *node, const char *names)
{
	agent_str key;
	agent_json *value;
	if (agent_json_kind_of(node) != AGENT_JSON_KIND_OBJECT) {
		return agent_place_refuse(place, NULL, "type", "must be an object");
	}
	for (agent_json_iter it = agent_json_members(node); agent_json_member(&it, &key, &value);) {
		if (!listed(key, names)) {
			return agent_place_refuse(place, key.ptr, "unknown_member", "is not known; allowed are: %s",
				names);
		}
	}
	return AGENT_OK;
}

static agent_status check_text(agent_place *place, const char *member, const agent_json *value,
	const agent_text_rule *rule, agent_str *out)
{
	agent_str text;
	if (!agent_json_str(value, &text)) {
		return agent_place_refuse(place, member, "type", "must be a string");
	}
	if (text.len < rule->min || text.len > rule->max) {
		if (rule->min == 0) {
			return agent_place_refuse(place, member, "range", "must be a string of at most %zu bytes",
				rule->max);
		}
		return agent_place_refuse(place, member, "range", "must be a string of %zu to %zu bytes", rule->min,
			rule->max);
	}
	const char *reason = rule->check != NULL && text.len > 0 ? rule->check(text) : NULL;
	if (reason != NULL) {
		return agent_place_refuse(place, member, "rule", "%s", reason);
	}
	*out = text;
	return AGENT_OK;
}

agent_status agent_member_str(agent_place *place, const agent_json *object, const char *name,
	agent_text_rule rule, agent_str *out)
{
	if (!agent_json_has(object, name)) {
		return rule.required ? agent_place_refuse(place, name, "required", "is required") : AGENT_OK;
	}
	return check_text(place, name, agent_json_get(object, name), &rule, out);
}

agent_status agent_member_int(agent_place *place, const agent_json *object, const char *name, int min,
	int max, int *out)
{
	int64_t value;
	if (!agent_json_has(object, name)) {
		return AGENT_OK;
	}
	if (!agent_json_int(agent_json_get(object, name), &value) || value < min || value > max) {
		return agent_place_refuse(place, name, "range", "must be an integer from %d to %d", min, max);
	}
	*out = (int)value;
	return AGENT_OK;
}

agent_status agent_member_bool(agent_place *place, const agent_json *object, const char *name, bool *out)
{
	if (!agent_json_has(object, name) || agent_json_bool(agent_json_get(object, name), out)) {
		return AGENT_OK;
	}
	return agent_place_refuse(place, name, "type", "must be true or false");
}

agent_status agent_member_strs(agent_place *place, const agent_json *object, const char *name, size_t max,
	agent_text_rule each, const agent_str **out, size_t *count)
{
	const agent_json *array = agent_json_get(object, name);
	size_t n = agent_json_count(array);
	if (!agent_json_has(object, name)) {
		return AGENT_OK;
	}
	if (agent_json_kind_of(array) != AGENT_JSON_KIND_ARRAY || n > max) {
		return agent_place_refuse(place, name, "type", "must be an array of at most %zu strings", max);
	}
	agent_str *list = agent_arena_array(place->arena, n, sizeof *list);
	if (list == NULL) {
		return agent_arena_fail(place->arena, place->err);
	}
	size_t mark = agent_place_enter(place, agent_str_cstr(name));
	for (size_t i = 0; i < n; i++) {
		size_t inner = agent_place_enter_index(place, i);
		if (check_text(place, NULL, agent_json_at(array, i), &each, &list[i]) != AGENT_OK) {
			return AGENT_ERR;
		}
		agent_place_leave(place, inner);
	}
	agent_place_leave(place, mark);
	*out = list;
	*count = n;
	return AGENT_OK;
}

const char *agent_rule_http_url(agent_str text)
{
	size_t scheme = agent_str_starts(text, AGENT_STR("https://")) ? 8
		: agent_str_starts(text, AGENT_STR("http://")) ? 7 : 0;
	if (scheme == 0) {
		return "must be an address that begins with https:// or http://";
	}
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c <= 0x20 || c >= 0x7f || c == '\\' || c == '"' || c == '<' || c == '>') {
			return "must be an address of plain ASCII, everything else as percent escapes";
		}
		if (c == '#') {
			return "must be an address without a fragment";
		}
	}
	agent_str host = agent_str_from(text, scheme);
	size_t len = 0;
	while (len < host.len && host.ptr[len] != '/' && host.ptr[len] != '?') {
		if (host.ptr[len] == '@') {
			return "must be an address without a user name";
		}
		len++;
	}
	return len == 0 || host.ptr[0] == ':' ? "must be an address with a host" : NULL;
}

const char *agent_rule_path(agent_str text)
{
	if (text.ptr[0] != '/') {
		return "must be an absolute path";
	}
	for (size_t i = 0; i + 2 < text.len; i++) {
		if (agent_str_starts(agent_str_from(text, i), AGENT_STR("/.."))
			&& (i + 3 == text.len || text.ptr[i + 3] == '/')) {
			return "must be a path without ..";
		}
	}
	return NULL;
}

bool agent_rule_chars(agent_str text, const char *more)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool plain = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
		if (!plain && (c == '\0' || strchr(more, c) == NULL)) {
			return false;
		}
	}
	return true;
}

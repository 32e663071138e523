/* SPDX-License-Identifier: MIT
 * Finding in a text what a schema describes: by pattern, format, enum or type.
 * Judges one value; whether all arguments fit together is asked of the whole schema elsewhere. */
#include "ext/brain/local.h"

#include "ext/contract/pattern.h"
#include "ext/text/recognise.h"

#define NOWHERE ((size_t)-1)

static bool alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
		|| (unsigned char)c >= 0x80;
}

/* The match is no part of a longer word. */
static bool stands_alone(agent_str text, size_t start, size_t end)
{
	return (start == 0 || !alnum(text.ptr[start - 1])) && (end == text.len || !alnum(text.ptr[end]));
}

/* Where the pattern, without its anchors, matches whole words of text; empty if nowhere. */
static agent_str match(agent_local *local, const agent_pattern *pattern, agent_str text)
{
	for (size_t from = 0; from < text.len;) {
		size_t start, end;
		bool found;
		if (agent_pattern_find(pattern, text, from, &found, &start, &end, local->err) != AGENT_OK) {
			if (local->err->domain == AGENT_DOMAIN_MEMORY) {
				local->status = AGENT_ERR;
			}
			return AGENT_STR_EMPTY; /* a pattern that gives up has found nothing */
		}
		if (!found) {
			return AGENT_STR_EMPTY;
		}
		if (end > start && stands_alone(text, start, end)) {
			return agent_str_cut(text, start, end - start);
		}
		from = start + 1;
		while (from < text.len && ((unsigned char)text.ptr[from] & 0xC0) == 0x80) {
			from++;
		}
	}
	return AGENT_STR_EMPTY;
}

static agent_pattern *compile(agent_local *local, agent_str source)
{
	agent_pattern *pattern = NULL;
	agent_buf inner;
	if (source.len > 0 && source.ptr[0] == '^') {
		source = agent_str_from(source, 1);
	}
	if (source.len > 0 && source.ptr[source.len - 1] == '$'
		&& (source.len < 2 || source.ptr[source.len - 2] != '\\')) {
		source = agent_str_cut(source, 0, source.len - 1);
	}
	agent_buf_init(&inner, 64 * 1024);
	agent_buf_add_lit(&inner, "(?:");
	agent_buf_add(&inner, source);
	agent_buf_add_char(&inner, ')');
	if (inner.fault == AGENT_BUF_NO_MEMORY) {
		agent_local_memory(local);
	} else if (agent_pattern_compile(agent_buf_str(&inner), &pattern, local->err) != AGENT_OK) {
		pattern = NULL;
		local->status = local->err->domain == AGENT_DOMAIN_MEMORY ? AGENT_ERR : local->status;
	}
	agent_buf_clear(&inner);
	return pattern;
}

/* People write "abc-12345" for ABC-12345: the text is also tried in one case of letters. */
static agent_str match_any_case(agent_local *local, const agent_pattern *pattern, agent_str text)
{
	agent_str found = match(local, pattern, text);
	for (int upper = 1; upper >= 0 && found.len == 0 && local->status == AGENT_OK; upper--) {
		agent_str copy = agent_local_keep(local, text);
		char *bytes = (char *)copy.ptr; /* the arena's, ours alone */
		for (size_t i = 0; i < copy.len; i++) {
			bool letter = upper ? bytes[i] >= 'a' && bytes[i] <= 'z' : bytes[i] >= 'A' && bytes[i] <= 'Z';
			bytes[i] = letter ? (char)(bytes[i] ^ 0x20) : bytes[i];
		}
		found = match(local, pattern, copy);
	}
	return found;
}

static agent_local_form by_pattern(agent_local *local, agent_str source, agent_str text, agent_str *out)
{
	agent_pattern *pattern = compile(local, source);
	if (pattern == NULL) {
		return AGENT_LOCAL_FORM_ABSENT;
	}
	/* A pattern that any words match describes no form. */
	agent_str probe = AGENT_STR("any words");
	bool any = match(local, pattern, probe).len > 0;
	if (!any) {
		*out = match_any_case(local, pattern, text);
	}
	agent_pattern_free(pattern);
	return any ? AGENT_LOCAL_FORM_FREE : out->len > 0 ? AGENT_LOCAL_FORM_FOUND : AGENT_LOCAL_FORM_ABSENT;
}

/* The first thing of a kind; a date in ISO form is asked for, so only what is whole is taken. */
static agent_local_form by_kind(agent_local *local, agent_found_kind kind, agent_str text, agent_str *out)
{
	agent_found found;
	for (size_t pos = 0; agent_recognise(text, &pos, &found);) {
		if (found.kind != kind) {
			continue;
		}
		if (kind != AGENT_FOUND_DATE) {
			*out = agent_str_cut(text, found.start, found.len);
			return AGENT_LOCAL_FORM_FOUND;
		}
		if (found.year > 0 && found.month > 0 && found.day > 0 && found.alt_month == 0) {
			agent_buf iso;
			agent_buf_init(&iso, 64);
			agent_buf_addf(&iso, "%04d-%02d-%02d", found.year, found.month, found.day);
			if (iso.fault == AGENT_BUF_NO_MEMORY) {
				agent_local_memory(local);
			}
			*out = agent_local_keep(local, agent_buf_str(&iso));
			agent_buf_clear(&iso);
			return AGENT_LOCAL_FORM_FOUND;
		}
	}
	return AGENT_LOCAL_FORM_ABSENT;
}

/* One of the words of a list; the longest that stands in the text. */
static agent_local_form by_enum(agent_local *local, const agent_json *list, agent_str text, agent_str *out)
{
	for (size_t i = 0; i < agent_json_count(list); i++) {
		agent_str value;
		if (!agent_json_str(agent_json_at(list, i), &value) || value.len == 0 || value.len <= out->len) {
			continue;
		}
		agent_str words = agent_local_keep(local, value);
		for (size_t k = 0; k < words.len; k++) {
			char *bytes = (char *)words.ptr;
			bytes[k] = bytes[k] == '_' ? ' ' : bytes[k];
		}
		for (int spelling = 0; spelling < 2; spelling++) {
			agent_str needle = spelling == 0 ? value : words;
			size_t at = agent_str_find_nocase(text, needle, 0);
			if (at != NOWHERE && stands_alone(text, at, at + needle.len)) {
				*out = value;
			}
		}
	}
	return out->len > 0 ? AGENT_LOCAL_FORM_FOUND : AGENT_LOCAL_FORM_ABSENT;
}

static agent_local_form number(agent_local *local, bool integer, agent_str text, agent_json **value)
{
	agent_found found;
	for (size_t pos = 0; agent_recognise(text, &pos, &found);) {
		char c = text.ptr[found.start];
		if (found.kind != AGENT_FOUND_NUMBER || found.minor == INT64_MIN
			|| (integer && found.minor % 10000 != 0)) {
			continue;
		}
		if (found.minor % 10000 == 0) {
			*value = agent_json_new_int(found.minor / 10000);
		} else if (c >= '0' && c <= '9') {
			agent_json_limits limits = { 64, 1 };
			if (agent_json_parse(agent_str_cut(text, found.start, found.len), limits, "a number", value,
				local->err) != AGENT_OK
				&& local->err->domain != AGENT_DOMAIN_MEMORY) {
				continue; /* "1,5" is no JSON */
			}
		}
		if (*value == NULL) {
			agent_local_memory(local);
			return AGENT_LOCAL_FORM_ABSENT;
		}
		return AGENT_LOCAL_FORM_FOUND;
	}
	return AGENT_LOCAL_FORM_ABSENT;
}

static agent_local_form string(agent_local *local, agent_str name, const agent_json *schema, agent_str text,
	agent_str *out)
{
	agent_str word;
	const agent_json *list = agent_json_get(schema, "enum");
	if (list != NULL) {
		return by_enum(local, list, text, out);
	}
	if (agent_json_str(agent_json_get(schema, "const"), &word)) {
		*out = word;
		return AGENT_LOCAL_FORM_FOUND;
	}
	if (agent_json_str(agent_json_get(schema, "pattern"), &word)) {
		agent_local_form form = by_pattern(local, word, text, out);
		if (form != AGENT_LOCAL_FORM_FREE) {
			return form;
		}
	}
	if (agent_json_str(agent_json_get(schema, "format"), &word)) {
		return agent_str_is(word, "email") ? by_kind(local, AGENT_FOUND_EMAIL, text, out)
			: agent_str_is(word, "uri") ? by_kind(local, AGENT_FOUND_URL, text, out)
			: agent_str_is(word, "date") ? by_kind(local, AGENT_FOUND_DATE, text, out)
			: AGENT_LOCAL_FORM_ABSENT;
	}
	agent_str label = agent_local_label(local, name, schema);
	if (agent_str_find_nocase(label, AGENT_STR("email"), 0) != NOWHERE
		|| agent_str_find_nocase(label, AGENT_STR("e-mail"), 0) != NOWHERE) {
		return by_kind(local, AGENT_FOUND_EMAIL, text, out);
	}
	/* An order number without a pattern is still no sentence. */
	return agent_local_noun(label).len > 0 ? by_kind(local, AGENT_FOUND_ID, text, out)
		: AGENT_LOCAL_FORM_FREE;
}

agent_local_form agent_local_find(agent_local *local, agent_str name, const agent_json *schema,
	agent_str text, agent_json **value)
{
	agent_str type = AGENT_STR("string"), found = AGENT_STR_EMPTY;
	*value = NULL;
	agent_json_str(agent_json_get(schema, "type"), &type);
	if (agent_str_is(type, "integer") || agent_str_is(type, "number")) {
		return number(local, agent_str_is(type, "integer"), text, value);
	}
	if (!agent_str_is(type, "string")) {
		return AGENT_LOCAL_FORM_ABSENT;
	}
	agent_local_form form = string(local, name, schema, text, &found);
	if (form == AGENT_LOCAL_FORM_FOUND && (*value = agent_json_new_str(found)) == NULL) {
		agent_local_memory(local);
		return AGENT_LOCAL_FORM_ABSENT;
	}
	return local->status == AGENT_OK ? form : AGENT_LOCAL_FORM_ABSENT;
}

agent_str agent_local_noun(agent_str label)
{
	static const char *const ends[] = { " number", " no", " no.", " id", " code", " reference", " ref",
		" sku" };
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		agent_str end = agent_str_cstr(ends[i]);
		if (label.len > end.len && agent_str_eq_nocase(agent_str_from(label, label.len - end.len), end)) {
			return agent_str_cut(label, 0, label.len - end.len);
		}
	}
	return AGENT_STR_EMPTY;
}

static bool upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

agent_str agent_local_label(agent_local *local, agent_str name, const agent_json *schema)
{
	agent_str title;
	bool titled = agent_json_str(agent_json_get(schema, "title"), &title) && title.len > 0;
	agent_str label = agent_local_keep(local, titled ? title : name);
	char *bytes = (char *)label.ptr; /* the arena's, ours alone */
	for (size_t i = 0; !titled && i < label.len; i++) {
		bytes[i] = bytes[i] == '_' ? ' ' : bytes[i];
	}
	if (label.len > 0 && upper(bytes[0]) && (label.len < 2 || !upper(bytes[1]))) {
		bytes[0] = (char)(bytes[0] + 32);
	}
	return label;
}

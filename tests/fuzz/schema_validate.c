/* SPDX-License-Identifier: MIT
 * Fuzz target: a schema on the first line, a value behind it. Asked with and without faults the answer is the same,
 * and every fault names a place in the value. */
#include <stdlib.h>

#include "ext/contract/schema.h"

static void must(bool truth)
{
	if (!truth) {
		abort();
	}
}

static void check_error(const agent_error *err)
{
	must(err->domain != AGENT_DOMAIN_NONE && err->domain != AGENT_DOMAIN_INTERNAL && err->code[0] != '\0'
		&& err->message[0] != '\0');
}

static void unescape(agent_str token, agent_buf *out)
{
	agent_buf_reset(out);
	for (size_t i = 0; i < token.len; i++) {
		char c = token.ptr[i];
		if (c == '~') {
			must(++i < token.len && (token.ptr[i] == '0' || token.ptr[i] == '1'));
			c = token.ptr[i] == '0' ? '~' : '/';
		}
		agent_buf_add_char(out, c);
	}
	agent_buf_add_char(out, '\0');
}

/* Whether the pointer leads somewhere in the value; a member that is missed is pointed at where it would stand. */
static bool leads(agent_str pointer, const agent_json *value)
{
	agent_buf token;
	bool there = true;
	agent_buf_init(&token, 1000000);
	while (there && pointer.len > 0) {
		must(pointer.ptr[0] == '/');
		size_t end = agent_str_find(pointer, AGENT_STR("/"), 1);
		end = end == (size_t)-1 ? pointer.len : end;
		unescape(agent_str_cut(pointer, 1, end - 1), &token);
		must(token.fault == AGENT_BUF_FINE);
		int64_t index;
		if (agent_json_kind_of(value) == AGENT_JSON_KIND_ARRAY) {
			there = agent_str_to_int((agent_str){ token.ptr, token.len - 1 }, &index) && index >= 0
				&& (size_t)index < agent_json_count(value);
			value = there ? agent_json_at(value, (size_t)index) : NULL;
		} else {
			there = agent_json_has(value, token.ptr)
				|| (end == pointer.len && agent_json_kind_of(value) == AGENT_JSON_KIND_OBJECT);
			value = agent_json_get(value, token.ptr);
		}
		pointer = agent_str_from(pointer, end);
	}
	agent_buf_clear(&token);
	return there;
}

static void check_faults(const agent_schema_fault *faults, size_t count, const agent_json *value)
{
	agent_buf out;
	agent_error err;
	agent_json *list;
	must(count <= AGENT_SCHEMA_FAULTS);
	agent_buf_init(&out, (size_t)16 * 1024 * 1024);
	agent_schema_faults_write(faults, count, &out);
	must(agent_json_parse_nul(agent_buf_str(&out), (agent_json_limits){ (size_t)16 * 1024 * 1024, 4 }, "the faults", &list, &err) == AGENT_OK);
	must(agent_json_count(list) == count);
	agent_json_free(list);
	for (size_t i = 0; i < count; i++) {
		must(faults[i].message.len > 0 && leads(faults[i].instance, value));
	}
	agent_buf_clear(&out);
}

static void judge(agent_json *document, const agent_json *value, const agent_schema_options *options)
{
	agent_error err = { 0 };
	agent_schema *schema;
	agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
	size_t count, quiet;
	if (agent_schema_compile(document, options, &schema, &err) != AGENT_OK) {
		check_error(&err);
		return;
	}
	agent_arena *arena = agent_arena_new((size_t)16 * 1024 * 1024);
	if (agent_schema_validate(schema, value, NULL, NULL, &quiet, &err) != AGENT_OK) {
		check_error(&err);
	} else if (agent_schema_validate(schema, value, arena, faults, &count, &err) != AGENT_OK) {
		check_error(&err);
	} else {
		must((quiet == 0) == (count == 0));
		check_faults(faults, count, value);
	}
	agent_arena_free(arena);
	agent_schema_free(schema);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	agent_error err;
	agent_json *document, *value = NULL;
	const agent_json_limits limits = { (size_t)64 * 1024, 64 };
	agent_str text = agent_str_of((const char *)data, size);
	size_t line = agent_str_find(text, AGENT_STR("\n"), 0);
	if (line == (size_t)-1
		|| agent_json_parse_nul(agent_str_cut(text, 0, line), limits, "the schema", &document, &err) != AGENT_OK) {
		return 0;
	}
	if (agent_json_parse_nul(agent_str_from(text, line + 1), limits, "the value", &value, &err) == AGENT_OK) {
		const agent_schema_options seven = { .dialect = AGENT_STR("http://json-schema.org/draft-07/schema#") };
		const agent_schema_options formats = { .formats = true };
		judge(document, value, &formats);
		judge(document, value, &seven);
	}
	agent_json_free(value);
	agent_json_free(document);
	return 0;
}

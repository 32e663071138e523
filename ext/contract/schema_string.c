/* SPDX-License-Identifier: MIT
 * Keywords about strings: their length, pattern and format.
 * Patterns are run in pattern.c, formats known in schema_format.c. */
#include "ext/contract/schema_compile.h"

#define PATTERNS_MAX ((size_t)4 * 1024 * 1024) /* bytes that the patterns of one schema hold */
#define FORMAT_WORK 1000

/* Counting costs work: thousands of limits on one long text must come to an end. */
static bool length(agent_run *run, const agent_value *value, size_t *out)
{
	agent_str text = value->text;
	size_t characters = 0;
	for (size_t i = 0; i < text.len; i++) {
		characters += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
	}
	*out = characters;
	return agent_run_work(run, (long)(text.len / 64));
}

static bool check_min_length(agent_run *run, const agent_check *check, const agent_value *value)
{
	size_t size = check->u.size;
	size_t count;
	if (value->text.len / 4 >= size) { /* no character has more bytes */
		return true;
	}
	if (!length(run, value, &count)) {
		return false;
	}
	return count >= size || agent_fault(run, check, "must have at least %zu character%s", size,
		size == 1 ? "" : "s");
}

static bool check_max_length(agent_run *run, const agent_check *check, const agent_value *value)
{
	size_t size = check->u.size;
	size_t count;
	if (value->text.len <= size) {
		return true;
	}
	if (!length(run, value, &count)) {
		return false;
	}
	return count <= size || agent_fault(run, check, "must have at most %zu character%s", size,
		size == 1 ? "" : "s");
}

agent_status agent_compile_pattern_of(agent_compiler *c, agent_str source, agent_pattern **out)
{
	agent_error reason;
	agent_pattern_link *link = agent_compile_alloc(c, 1, sizeof *link);
	if (link == NULL) {
		return AGENT_ERR;
	}
	if (agent_pattern_compile(source, &link->pattern, &reason) != AGENT_OK) {
		if (reason.domain == AGENT_DOMAIN_SCHEMA) {
			return agent_compile_refuse(c, reason.code, "%s", reason.message);
		}
		*c->err = reason;
		return AGENT_ERR;
	}
	link->next = c->patterns;
	c->patterns = link;
	c->pattern_bytes += agent_pattern_size(link->pattern);
	if (c->pattern_bytes > PATTERNS_MAX) {
		return agent_compile_refuse(c, "pattern", "the patterns of the schema hold more than %zu bytes", PATTERNS_MAX);
	}
	*out = link->pattern;
	return AGENT_OK;
}

static agent_status compile_pattern(agent_compiler *c, agent_check *check)
{
	agent_str source;
	return agent_json_str(check->value, &source) ? agent_compile_pattern_of(c, source, &check->u.pattern)
		: agent_compile_refuse(c, "schema", "must be a string");
}

bool agent_run_pattern(agent_run *run, const agent_pattern *pattern, agent_str text)
{
	agent_error reason;
	bool found;
	if (!agent_run_work(run, 1)) {
		return false;
	}
	if (agent_pattern_test(pattern, text, &run->work, &found, &reason) != AGENT_OK) {
		run->broken = true;
		*run->err = reason;
		return false;
	}
	return found;
}

static bool check_pattern(agent_run *run, const agent_check *check, const agent_value *value)
{
	agent_str text = AGENT_STR_EMPTY;
	bool found = agent_run_pattern(run, check->u.pattern, value->text);
	if (found || agent_run_over(run)) {
		return found;
	}
	agent_buf message;
	agent_buf_init(&message, AGENT_FAULT_TEXT);
	agent_buf_add_lit(&message, "must match the pattern ");
	(void)agent_json_str(check->value, &text);
	agent_fault_put_text(&message, text, 300);
	return agent_fault_buf(run, check, &message);
}

static agent_status refuse_format(agent_compiler *c)
{
	agent_buf names;
	agent_buf_init(&names, 200);
	agent_format_names(&names);
	if (agent_buf_check(&names, "the formats", c->err) == AGENT_OK) {
		agent_compile_refuse(c, "schema", "must be a format that is known here: %.*s", AGENT_STR_ARG(agent_buf_str(&names)));
	}
	agent_buf_clear(&names);
	return AGENT_ERR;
}

static agent_status compile_format(agent_compiler *c, agent_check *check)
{
	agent_str name;
	if (!agent_json_str(check->value, &name)) {
		return agent_compile_refuse(c, "schema", "must be a string");
	}
	bool asserts = c->options->formats
		|| (c->node->resource->dialect.vocabularies & AGENT_VOCABULARY_FORMAT_ASSERTION) != 0;
	check->u.format = agent_format_find(name);
	if (!asserts || (check->u.format == NULL && (!c->options->closed || c->node->document->builtin))) {
		check->run = NULL; /* an annotation */
		return AGENT_OK;
	}
	return check->u.format != NULL ? AGENT_OK
		: refuse_format(c);
}

static bool check_format(agent_run *run, const agent_check *check, const agent_value *value)
{
	const agent_format *format = check->u.format;
	agent_error reason;
	bool fine = false;
	if (format->judge == NULL) {
		if (!agent_run_work(run, (long)(value->text.len / 64))) {
			return false;
		}
		fine = format->check(value->text);
	} else if (!agent_run_work(run, FORMAT_WORK + (long)value->text.len)) {
		return false;
	} else if (format->judge(value->text, &fine, &reason) != AGENT_OK) {
		run->broken = true;
		*run->err = reason;
		return false;
	}
	return fine || agent_fault(run, check, "%s", format->message);
}

const agent_keyword agent_keywords_string[] = {
	{ "minLength", AGENT_DRAFT_ANY, AGENT_VOCABULARY_VALIDATION, 0, AGENT_TYPE_STRING, agent_compile_size, check_min_length, 0, NULL },
	{ "maxLength", AGENT_DRAFT_ANY, AGENT_VOCABULARY_VALIDATION, 0, AGENT_TYPE_STRING, agent_compile_size, check_max_length, 0, NULL },
	{ "pattern", AGENT_DRAFT_ANY, AGENT_VOCABULARY_VALIDATION, 0, AGENT_TYPE_STRING, compile_pattern, check_pattern, 0, NULL },
	{ "format", AGENT_DRAFT_ANY, AGENT_VOCABULARY_FORMAT | AGENT_VOCABULARY_FORMAT_ASSERTION, 0, AGENT_TYPE_STRING, compile_format, check_format, 0, NULL },
	{ 0 },
};

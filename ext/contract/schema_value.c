/* SPDX-License-Identifier: MIT
 * Keywords about a value as such, about strings and about numbers; annotations.
 * Nothing here looks into arrays or objects. */
#include "ext/contract/schema_program.h"
#include "ext/text/utf8.h"

/* --- annotations --- */

static agent_status compile_text(agent_compiler *c, agent_check *check)
{
	agent_str text;
	return agent_json_str(check->value, &text) ? AGENT_OK
		: agent_compile_refuse(c, "schema", "must be a string");
}

static agent_status compile_flag(agent_compiler *c, agent_check *check)
{
	bool flag;
	return agent_json_bool(check->value, &flag) ? AGENT_OK
		: agent_compile_refuse(c, "schema", "must be true or false");
}

static agent_status compile_list(agent_compiler *c, agent_check *check)
{
	return agent_json_kind_of(check->value) == AGENT_JSON_KIND_ARRAY ? AGENT_OK
		: agent_compile_refuse(c, "schema", "must be an array");
}

static agent_status compile_dialect(agent_compiler *c, agent_check *check)
{
	agent_str text;
	const char *dialect = "https://json-schema.org/draft/2020-12/schema";
	if (agent_json_str(check->value, &text) && agent_str_starts(text, agent_str_cstr(dialect))) {
		agent_str rest = agent_str_from(text, strlen(dialect));
		if (rest.len == 0 || agent_str_is(rest, "#")) {
			return AGENT_OK;
		}
	}
	return agent_compile_refuse(c, "schema", "must be \"https://json-schema.org/draft/2020-12/schema\"");
}

/* --- any value --- */

static const struct { const char *name, *said; unsigned bit; } types[] = {
	{ "null", "null", AGENT_TYPE_NULL }, { "boolean", "true or false", AGENT_TYPE_BOOL },
		{ "integer", "an integer", AGENT_TYPE_INTEGER },
	{ "number", "a number", AGENT_TYPE_NUMBER }, { "string", "a string", AGENT_TYPE_STRING },
		{ "array", "an array", AGENT_TYPE_ARRAY },
	{ "object", "an object", AGENT_TYPE_OBJECT },
};
#define TYPES (sizeof types / sizeof *types)

static unsigned type_bit(const agent_json *name)
{
	agent_str text;
	for (size_t i = 0; agent_json_str(name, &text) && i < TYPES; i++) {
		if (agent_str_is(text, types[i].name)) {
			return types[i].bit;
		}
	}
	return 0;
}

static agent_status compile_type(agent_compiler *c, agent_check *check)
{
	const char *rule = "must be one of null, boolean, integer, number, string, array, object, "
		"or an array of these, each once";
	size_t count = agent_json_count(check->value);
	check->u.types = type_bit(check->value);
	for (size_t i = 0; i < count; i++) {
		unsigned bit = type_bit(agent_json_at(check->value, i));
		if (bit == 0 || (check->u.types & bit) != 0) {
			return agent_compile_refuse(c, "schema", "%s", rule);
		}
		check->u.types |= bit;
	}
	return check->u.types != 0 ? AGENT_OK : agent_compile_refuse(c, "schema", "%s", rule);
}

static bool check_type(agent_run *run, const agent_check *check, const agent_json *value)
{
	unsigned actual = agent_value_types(value);
	if ((actual & check->u.types) != 0) {
		return true;
	}
	if (agent_run_over(run)) {
		return false;
	}
	agent_buf message;
	bool first = true;
	size_t told = run->count;
	agent_buf_init(&message, AGENT_FAULT_TEXT);
	agent_buf_add_lit(&message, "must be ");
	for (size_t i = 0; i < TYPES; i++) {
		if ((check->u.types & types[i].bit) != 0) {
			agent_buf_add(&message, first ? AGENT_STR("") : AGENT_STR(" or "));
			agent_buf_add(&message, agent_str_cstr(types[i].said));
			first = false;
		}
	}
	for (size_t i = 0; i < TYPES; i++) {
		if ((actual & types[i].bit) != 0) {
			agent_buf_addf(&message, ", is %s", types[i].said);
			break;
		}
	}
	agent_fault_buf(run, check, &message);
	if (run->count > told) {
		run->faults[told].types = check->u.types;
	}
	return false;
}

static agent_status compile_enum(agent_compiler *c, agent_check *check)
{
	return agent_json_count(check->value) > 0
		&& agent_json_kind_of(check->value) == AGENT_JSON_KIND_ARRAY ? AGENT_OK
		: agent_compile_refuse(c, "schema", "must be an array with at least one value");
}

static bool check_enum(agent_run *run, const agent_check *check, const agent_json *value)
{
	size_t count = agent_json_count(check->value);
	for (size_t i = 0; i < count; i++) {
		bool equal = agent_value_equal(value, agent_json_at(check->value, i), &run->work);
		if (!agent_run_work(run, 0)) {
			return false;
		}
		if (equal) {
			return true;
		}
	}
	if (agent_run_over(run)) {
		return false;
	}
	agent_buf message;
	agent_buf_init(&message, AGENT_FAULT_TEXT);
	agent_buf_add(&message, count > 1 ? AGENT_STR("must be one of ") : AGENT_STR("must be "));
	for (size_t i = 0; i < count; i++) {
		if (message.len > AGENT_FAULT_TEXT / 2) {
			agent_buf_addf(&message, " and %zu more", count - i);
			break;
		}
		agent_buf_add(&message, i > 0 ? AGENT_STR(", ") : AGENT_STR(""));
		agent_fault_put_value(&message, agent_json_at(check->value, i));
	}
	return agent_fault_buf(run, check, &message);
}

static bool check_const(agent_run *run, const agent_check *check, const agent_json *value)
{
	bool equal = agent_value_equal(value, check->value, &run->work);
	if (!agent_run_work(run, 0) || equal || agent_run_over(run)) {
		return equal && !run->broken;
	}
	agent_buf message;
	agent_buf_init(&message, AGENT_FAULT_TEXT);
	agent_buf_add_lit(&message, "must be ");
	agent_fault_put_value(&message, check->value);
	return agent_fault_buf(run, check, &message);
}

/* --- numbers --- */

static agent_status compile_number(agent_compiler *c, agent_check *check)
{
	agent_str text;
	if (!agent_json_number(check->value, &text)) {
		return agent_compile_refuse(c, "schema", "must be a number");
	}
	check->u.number = agent_decimal_of(text);
	return AGENT_OK;
}

static agent_status compile_multiple(agent_compiler *c, agent_check *check)
{
	uint64_t digits;
	agent_str text;
	if (!agent_json_number(check->value, &text)) {
		return agent_compile_refuse(c, "schema", "must be a number more than 0");
	}
	check->u.number = agent_decimal_of(text);
	if (check->u.number.negative || check->u.number.count == 0
		|| !agent_decimal_digits(&check->u.number, &digits)) {
		return agent_compile_refuse(c, "schema", "must be a number more than 0, of at most 18 digits");
	}
	return AGENT_OK;
}

static bool number_fault(agent_run *run, const agent_check *check, const char *rule)
{
	agent_str text = AGENT_STR_EMPTY;
	(void)agent_json_number(check->value, &text);
	return agent_fault(run, check, "must be %s %.*s", rule, AGENT_STR_ARG(agent_str_cut(text, 0, 100)));
}

static int compare(const agent_check *check, const agent_json *value)
{
	agent_str text = AGENT_STR("0");
	(void)agent_json_number(value, &text);
	agent_decimal number = agent_decimal_of(text);
	return agent_decimal_compare(&number, &check->u.number);
}

static bool check_minimum(agent_run *run, const agent_check *check, const agent_json *value)
{
	return compare(check, value) >= 0 || number_fault(run, check, "at least");
}

static bool check_maximum(agent_run *run, const agent_check *check, const agent_json *value)
{
	return compare(check, value) <= 0 || number_fault(run, check, "at most");
}

static bool check_exclusive_minimum(agent_run *run, const agent_check *check, const agent_json *value)
{
	return compare(check, value) > 0 || number_fault(run, check, "more than");
}

static bool check_exclusive_maximum(agent_run *run, const agent_check *check, const agent_json *value)
{
	return compare(check, value) < 0 || number_fault(run, check, "less than");
}

static bool check_multiple(agent_run *run, const agent_check *check, const agent_json *value)
{
	agent_str text = AGENT_STR("0");
	(void)agent_json_number(value, &text);
	agent_decimal number = agent_decimal_of(text);
	return agent_decimal_is_multiple(&number, &check->u.number) || number_fault(run, check, "a multiple of");
}

/* --- strings --- */

static agent_status compile_length(agent_compiler *c, agent_check *check)
{
	return agent_value_size(check->value, &check->u.size) ? AGENT_OK
		: agent_compile_refuse(c, "schema", "must be an integer of 0 or more");
}

/* Counting costs work: thousands of limits on one long text must come to an end. */
static bool length(agent_run *run, const agent_json *value, size_t *out)
{
	agent_str text = AGENT_STR_EMPTY;
	size_t characters = 0;
	(void)agent_json_str(value, &text);
	for (size_t i = 0; i < text.len; i++) {
		characters += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
	}
	*out = characters;
	return agent_run_work(run, (long)(text.len / 64));
}

static bool check_min_length(agent_run *run, const agent_check *check, const agent_json *value)
{
	size_t size = check->u.size;
	size_t count;
	if (!length(run, value, &count)) {
		return false;
	}
	return count >= size || agent_fault(run, check, "must have at least %zu character%s", size,
		size == 1 ? "" : "s");
}

static bool check_max_length(agent_run *run, const agent_check *check, const agent_json *value)
{
	size_t size = check->u.size;
	size_t count;
	if (!length(run, value, &count)) {
		return false;
	}
	return count <= size || agent_fault(run, check, "must have at most %zu character%s", size,
		size == 1 ? "" : "s");
}

static agent_status compile_pattern(agent_compiler *c, agent_check *check)
{
	agent_str source;
	agent_error reason;
	if (!agent_json_str(check->value, &source)) {
		return agent_compile_refuse(c, "schema", "must be a string");
	}
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
	check->u.pattern = link->pattern;
	return AGENT_OK;
}

static bool check_pattern(agent_run *run, const agent_check *check, const agent_json *value)
{
	agent_str text = AGENT_STR_EMPTY;
	agent_error reason;
	bool found;
	size_t start, end;
	(void)agent_json_str(value, &text);
	if (!agent_run_work(run, 10 + (long)(text.len / 16))) {
		return false;
	}
	if (agent_pattern_find(check->u.pattern, text, 0, &found, &start, &end, &reason) != AGENT_OK) {
		run->broken = true;
		*run->err = reason;
		return false;
	}
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

static agent_status compile_format(agent_compiler *c, agent_check *check)
{
	agent_str name;
	if (!agent_json_str(check->value, &name)) {
		return agent_compile_refuse(c, "schema", "must be a string");
	}
	if (!c->options->formats) {
		check->keyword = NULL;
		return AGENT_OK;
	}
	check->u.format = agent_format_find(name);
	return check->u.format != NULL ? AGENT_OK
		: agent_compile_refuse(c, "schema", "must be a format that is known here: %s",
		"date-time, date, time, email, uri, uuid, ipv4, ipv6, hostname");
}

static bool check_format(agent_run *run, const agent_check *check, const agent_json *value)
{
	agent_str text = AGENT_STR_EMPTY;
	(void)agent_json_str(value, &text);
	return check->u.format->check(text) || agent_fault(run, check, "%s", check->u.format->message);
}

const agent_keyword agent_keywords_value[] = {
	{ "$schema", 0, compile_dialect, NULL },
	{ "$id", 0, compile_text, NULL },
	{ "$comment", 0, compile_text, NULL },
	{ "title", 0, compile_text, NULL },
	{ "description", 0, compile_text, NULL },
	{ "default", 0, NULL, NULL },
	{ "examples", 0, compile_list, NULL },
	{ "deprecated", 0, compile_flag, NULL },
	{ "readOnly", 0, compile_flag, NULL },
	{ "writeOnly", 0, compile_flag, NULL },
	{ "deliver", 0, agent_compile_deliver, NULL },
	{ "type", AGENT_TYPE_ANY, compile_type, check_type },
	{ "enum", AGENT_TYPE_ANY, compile_enum, check_enum },
	{ "const", AGENT_TYPE_ANY, NULL, check_const },
	{ "minimum", AGENT_TYPE_NUMBER, compile_number, check_minimum },
	{ "maximum", AGENT_TYPE_NUMBER, compile_number, check_maximum },
	{ "exclusiveMinimum", AGENT_TYPE_NUMBER, compile_number, check_exclusive_minimum },
	{ "exclusiveMaximum", AGENT_TYPE_NUMBER, compile_number, check_exclusive_maximum },
	{ "multipleOf", AGENT_TYPE_NUMBER, compile_multiple, check_multiple },
	{ "minLength", AGENT_TYPE_STRING, compile_length, check_min_length },
	{ "maxLength", AGENT_TYPE_STRING, compile_length, check_max_length },
	{ "pattern", AGENT_TYPE_STRING, compile_pattern, check_pattern },
	{ "format", AGENT_TYPE_STRING, compile_format, check_format },
	{ 0 },
};

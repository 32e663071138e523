/* SPDX-License-Identifier: MIT
 * Keywords about numbers, by their decimal text.
 * No doubles anywhere. */
#include "ext/contract/schema_compile.h"

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

static int compare(const agent_check *check, const agent_value *value)
{
	agent_decimal number = agent_decimal_of(value->text);
	return agent_decimal_compare(&number, &check->u.number);
}

static bool check_minimum(agent_run *run, const agent_check *check, const agent_value *value)
{
	return compare(check, value) >= 0 || number_fault(run, check, "at least");
}

static bool check_maximum(agent_run *run, const agent_check *check, const agent_value *value)
{
	return compare(check, value) <= 0 || number_fault(run, check, "at most");
}

static bool check_exclusive_minimum(agent_run *run, const agent_check *check, const agent_value *value)
{
	return compare(check, value) > 0 || number_fault(run, check, "more than");
}

static bool check_exclusive_maximum(agent_run *run, const agent_check *check, const agent_value *value)
{
	return compare(check, value) < 0 || number_fault(run, check, "less than");
}

static bool check_multiple(agent_run *run, const agent_check *check, const agent_value *value)
{
	agent_decimal number = agent_decimal_of(value->text);
	return agent_decimal_is_multiple(&number, &check->u.number) || number_fault(run, check, "a multiple of");
}

const agent_keyword agent_keywords_number[] = {
	{ "minimum", AGENT_DRAFT_ANY, AGENT_VOCABULARY_VALIDATION, 0, AGENT_TYPE_NUMBER, compile_number, check_minimum, 0, NULL },
	{ "maximum", AGENT_DRAFT_ANY, AGENT_VOCABULARY_VALIDATION, 0, AGENT_TYPE_NUMBER, compile_number, check_maximum, 0, NULL },
	{ "exclusiveMinimum", AGENT_DRAFT_ANY, AGENT_VOCABULARY_VALIDATION, 0, AGENT_TYPE_NUMBER, compile_number, check_exclusive_minimum, 0, NULL },
	{ "exclusiveMaximum", AGENT_DRAFT_ANY, AGENT_VOCABULARY_VALIDATION, 0, AGENT_TYPE_NUMBER, compile_number, check_exclusive_maximum, 0, NULL },
	{ "multipleOf", AGENT_DRAFT_ANY, AGENT_VOCABULARY_VALIDATION, 0, AGENT_TYPE_NUMBER, compile_multiple, check_multiple, 0, NULL },
	{ 0 },
};

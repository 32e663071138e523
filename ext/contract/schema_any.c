/* SPDX-License-Identifier: MIT
 * Keywords about any value: type, enum, const.
 * Nothing here looks into arrays or objects. */
#include <limits.h>
#include <stdlib.h>

#include "ext/contract/schema_compile.h"

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

static bool check_type(agent_run *run, const agent_check *check, const agent_value *value)
{
	unsigned actual = value->types;
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

/* --- enum and const --- */

#define SHORT 16                /* so many are compared one after the other */

typedef struct agent_choice {
	uint64_t hash;
	const agent_json *value;
} agent_choice;

static int by_hash(const void *a, const void *b)
{
	const agent_choice *x = a;
	const agent_choice *y = b;
	return (x->hash > y->hash) - (x->hash < y->hash);
}

static agent_status compile_enum(agent_compiler *c, agent_check *check)
{
	size_t count = agent_json_count(check->value);
	bool is_list = agent_json_kind_of(check->value) == AGENT_JSON_KIND_ARRAY;
	if (!is_list || (count == 0 && c->options->closed)) {
		return agent_compile_refuse(c, "schema", "must be an array with at least one value");
	}
	if (count <= SHORT) {
		return AGENT_OK;
	}
	agent_choice *choices = agent_compile_alloc(c, count, sizeof *choices);
	if (choices == NULL) {
		return AGENT_ERR;
	}
	for (size_t i = 0; i < count; i++) {
		long work = LONG_MAX;
		choices[i].value = agent_json_at(check->value, i);
		choices[i].hash = agent_value_hash(choices[i].value, &work);
	}
	qsort(choices, count, sizeof *choices, by_hash);
	check->u.choices = choices;
	return AGENT_OK;
}

static bool is_listed(agent_run *run, const agent_json *list, const agent_value *value)
{
	size_t count = agent_json_count(list);
	for (size_t i = 0; i < count && run->work >= 0; i++) {
		if (agent_value_is(value, agent_json_at(list, i), &run->work)) {
			return true;
		}
	}
	return false;
}

static bool is_chosen(agent_run *run, const agent_choice *choices, size_t count, const agent_value *value)
{
	uint64_t hash = agent_value_hash_of(value, &run->work);
	size_t low = 0;
	for (size_t high = count; low < high;) { /* the first that is not before it */
		size_t middle = low + (high - low) / 2;
		if (choices[middle].hash < hash) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	for (; low < count && choices[low].hash == hash && run->work >= 0; low++) {
		if (agent_value_is(value, choices[low].value, &run->work)) {
			return true;
		}
	}
	return false;
}

static bool check_enum(agent_run *run, const agent_check *check, const agent_value *value)
{
	size_t count = agent_json_count(check->value);
	bool found = check->u.choices != NULL ? is_chosen(run, check->u.choices, count, value)
		: is_listed(run, check->value, value);
	if (!agent_run_work(run, 0) || found) {
		return found && !run->broken;
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

static bool check_const(agent_run *run, const agent_check *check, const agent_value *value)
{
	bool equal = agent_value_is(value, check->value, &run->work);
	if (!agent_run_work(run, 0) || equal || agent_run_over(run)) {
		return equal && !run->broken;
	}
	agent_buf message;
	agent_buf_init(&message, AGENT_FAULT_TEXT);
	agent_buf_add_lit(&message, "must be ");
	agent_fault_put_value(&message, check->value);
	return agent_fault_buf(run, check, &message);
}

const agent_keyword agent_keywords_any[] = {
	{ "type", AGENT_DRAFT_ANY, AGENT_VOCABULARY_VALIDATION, 0, AGENT_TYPE_ANY, compile_type, check_type, 0, NULL },
	{ "enum", AGENT_DRAFT_ANY, AGENT_VOCABULARY_VALIDATION, 0, AGENT_TYPE_ANY, compile_enum, check_enum, 0, NULL },
	{ "const", AGENT_DRAFT_ANY, AGENT_VOCABULARY_VALIDATION, 0, AGENT_TYPE_ANY, NULL, check_const, 0, NULL },
	{ 0 },
};

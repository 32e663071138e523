/* SPDX-License-Identifier: MIT
 * Running a compiled schema: node by node, on the C stack, without memory of its own.
 * What a check does stands in the file of its keyword; what is told about it in schema_fault.c. */
#include "ext/contract/schema_program.h"

static unsigned number_types(const agent_json *json)
{
	agent_str text = AGENT_STR("0");
	(void)agent_json_number(json, &text);
	agent_decimal number = agent_decimal_of(text);
	return AGENT_TYPE_NUMBER | (agent_decimal_is_integer(&number) ? AGENT_TYPE_INTEGER : 0);
}

unsigned agent_value_types(const agent_json *json)
{
	static const unsigned char types[] = {
		[AGENT_JSON_KIND_NULL] = AGENT_TYPE_NULL, [AGENT_JSON_KIND_BOOL] = AGENT_TYPE_BOOL,
		[AGENT_JSON_KIND_INT] = AGENT_TYPE_NUMBER | AGENT_TYPE_INTEGER, [AGENT_JSON_KIND_NUMBER] = AGENT_TYPE_NUMBER,
		[AGENT_JSON_KIND_STRING] = AGENT_TYPE_STRING, [AGENT_JSON_KIND_ARRAY] = AGENT_TYPE_ARRAY,
		[AGENT_JSON_KIND_OBJECT] = AGENT_TYPE_OBJECT,
	};
	agent_json_kind kind = agent_json_kind_of(json);
	return kind == AGENT_JSON_KIND_NUMBER ? number_types(json) : types[kind];
}

static agent_value value_of_types(const agent_json *json, unsigned types)
{
	agent_value value = { .json = json, .types = types, .text = AGENT_STR_EMPTY };
	if (value.types == AGENT_TYPE_STRING) {
		(void)agent_json_str(json, &value.text);
	} else if ((value.types & AGENT_TYPE_NUMBER) != 0) {
		(void)agent_json_number(json, &value.text);
	}
	return value;
}

agent_value agent_value_of(const agent_json *json)
{
	return value_of_types(json, agent_value_types(json));
}

agent_value agent_value_name(agent_str name)
{
	return (agent_value){ .types = AGENT_TYPE_STRING, .text = name };
}

bool agent_run_too_deep(agent_run *run)
{
	if (!run->broken) {
		run->broken = true;
		agent_fail(run->err, AGENT_DOMAIN_LIMIT, "schema_limit",
			"the schema refers to itself more than %d times before it comes to an end", AGENT_RUN_DEPTH);
	}
	return false;
}

static bool run_checks(agent_run *run, const agent_node *node, const agent_value *value)
{
	bool ok = true;
	for (size_t i = 0; i < node->count && (ok || !agent_run_over(run)); i++) {
		const agent_check *check = &node->checks[i];
		if ((check->applies & value->types) != 0 && !check->run(run, check, value)) {
			ok = false;
		}
	}
	return ok;
}

bool agent_run_node(agent_run *run, const agent_node *node, const agent_value *value)
{
	if (node->never) {
		return agent_fault_at(run, node, NULL, NULL, AGENT_STR("is not allowed"));
	}
	if (run->depth >= AGENT_RUN_DEPTH) {
		return agent_run_too_deep(run);
	}
	if (!agent_run_work(run, 1)) {
		return false;
	}
	run->depth++;
	bool ok;
	if (run->scope->resource == node->resource) {
		ok = run_checks(run, node, value);
	} else {
		const agent_scope scope = { run->scope, node->resource };
		run->scope = &scope;
		ok = run_checks(run, node, value);
		run->scope = scope.parent;
	}
	run->depth--;
	return ok && !run->broken;
}

bool agent_run_member(agent_run *run, const agent_node *node, agent_str key, const agent_json *json)
{
	unsigned types = agent_value_types(json);
	if ((node->plain & types) != 0) { /* the commonest case */
		return agent_run_work(run, 1);
	}
	const agent_frame frame = { .parent = run->frame, .key = key };
	const agent_value value = value_of_types(json, types);
	run->frame = &frame;
	bool ok = agent_run_node(run, node, &value);
	run->frame = frame.parent;
	return ok;
}

bool agent_run_item(agent_run *run, const agent_node *node, size_t index, const agent_json *json)
{
	unsigned types = agent_value_types(json);
	if ((node->plain & types) != 0) { /* the commonest case */
		return agent_run_work(run, 1);
	}
	const agent_frame frame = { .parent = run->frame, .key = AGENT_STR_EMPTY, .index = index, .is_index = true };
	const agent_value value = value_of_types(json, types);
	run->frame = &frame;
	bool ok = agent_run_node(run, node, &value);
	run->frame = frame.parent;
	return ok;
}

bool agent_run_branch(agent_run *run, const agent_node *node, const agent_value *value, agent_schema_fault *fault)
{
	agent_run own = *run;
	own.faults = fault;
	own.count = 0;
	own.max = fault != NULL;
	bool ok = agent_run_node(&own, node, value);
	run->work = own.work;
	run->broken = own.broken;
	return ok;
}

bool agent_run_quiet(agent_run *run, const agent_node *node, const agent_value *value)
{
	return agent_run_branch(run, node, value, NULL);
}

/* SPDX-License-Identifier: MIT
 * Keywords that combine schemas: allOf, anyOf, oneOf, not.
 * A branch that may fail is tried in a run of its own, so that its faults are told only where they matter. */
#include "ext/contract/schema_program.h"

static agent_status compile_list(agent_compiler *c, agent_check *check)
{
	size_t count = agent_json_count(check->value);
	if (agent_json_kind_of(check->value) != AGENT_JSON_KIND_ARRAY || count == 0) {
		return agent_compile_refuse(c, "schema", "must be an array with at least one schema");
	}
	const agent_node **list = agent_compile_alloc(c, count, sizeof *list);
	if (list == NULL) {
		return AGENT_ERR;
	}
	for (size_t i = 0; i < count; i++) {
		size_t mark = c->pointer.len;
		agent_buf_addf(&c->pointer, "/%zu", i);
		if (agent_compile_node(c, NULL, agent_json_at(check->value, i), &list[i]) != AGENT_OK) {
			return AGENT_ERR;
		}
		c->pointer.len = mark;
	}
	check->u.nodes.list = list;
	check->u.nodes.count = count;
	return AGENT_OK;
}

static agent_status compile_one(agent_compiler *c, agent_check *check)
{
	return agent_compile_node(c, NULL, check->value, &check->u.only);
}

static bool check_all(agent_run *run, const agent_check *check, const agent_json *value)
{
	bool ok = true;
	for (size_t i = 0; i < check->u.nodes.count && (ok || !agent_run_over(run)); i++) {
		ok = agent_run_node(run, check->u.nodes.list[i], value) && ok;
	}
	return ok;
}

/* One branch in a run of its own. fault: where its first fault goes, or NULL. */
static bool branch(agent_run *run, const agent_node *node, const agent_json *value, agent_schema_fault *fault)
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

/* "matches none of the alternatives: 1. /a is required; 2. …" */
static void put_branch(agent_buf *message, size_t number, const agent_schema_fault *fault)
{
	if (message->len > AGENT_FAULT_TEXT / 2) {
		return;
	}
	agent_buf_addf(message, "%s%zu. ", number == 1 ? ": " : "; ", number);
	if (fault->instance.len > 0) {
		agent_fault_put_text(message, fault->instance, 100);
		agent_buf_add_char(message, ' ');
	}
	agent_fault_put_text(message, fault->message, 200);
}

static bool tell_none(agent_run *run, const agent_check *check, const agent_json *value)
{
	agent_buf message;
	agent_buf_init(&message, AGENT_FAULT_TEXT);
	agent_buf_add_lit(&message, "matches none of the alternatives");
	for (size_t i = 0; i < check->u.nodes.count && !run->broken; i++) {
		agent_schema_fault fault;
		if (branch(run, check->u.nodes.list[i], value, &fault)) {
			agent_buf_clear(&message);
			return true;
		}
		if (!run->broken) {
			put_branch(&message, i + 1, &fault);
		}
	}
	if (run->broken) {
		agent_buf_clear(&message);
		return false;
	}
	return agent_fault_buf(run, check, &message);
}

static bool check_any(agent_run *run, const agent_check *check, const agent_json *value)
{
	if (!agent_run_over(run)) {
		return tell_none(run, check, value);
	}
	for (size_t i = 0; i < check->u.nodes.count && !run->broken; i++) {
		if (branch(run, check->u.nodes.list[i], value, NULL)) {
			return true;
		}
	}
	return false;
}

static bool check_one(agent_run *run, const agent_check *check, const agent_json *value)
{
	size_t matches = 0, first = 0, second = 0;
	for (size_t i = 0; i < check->u.nodes.count && matches < 2 && !run->broken; i++) {
		if (branch(run, check->u.nodes.list[i], value, NULL)) {
			matches++;
			first = matches == 1 ? i + 1 : first;
			second = i + 1;
		}
	}
	if (run->broken || matches == 1 || agent_run_over(run)) {
		return matches == 1 && !run->broken;
	}
	return matches == 0 ? tell_none(run, check, value)
		: agent_fault(run, check, "must match exactly one of the alternatives, but matches %zu and %zu",
			first, second);
}

static bool check_not(agent_run *run, const agent_check *check, const agent_json *value)
{
	bool ok = branch(run, check->u.only, value, NULL);
	if (run->broken || !ok) {
		return !run->broken;
	}
	if (agent_run_over(run)) {
		return false;
	}
	agent_buf message;
	agent_buf_init(&message, AGENT_FAULT_TEXT);
	agent_buf_add_lit(&message, "must not match ");
	agent_fault_put_value(&message, check->value);
	return agent_fault_buf(run, check, &message);
}

const agent_keyword agent_keywords_logic[] = {
	{ "allOf", AGENT_TYPE_ANY, compile_list, check_all },
	{ "anyOf", AGENT_TYPE_ANY, compile_list, check_any },
	{ "oneOf", AGENT_TYPE_ANY, compile_list, check_one },
	{ "not", AGENT_TYPE_ANY, compile_one, check_not },
	{ 0 },
};

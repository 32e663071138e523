/* SPDX-License-Identifier: MIT
 * Keywords that combine schemas: allOf, anyOf, oneOf, not, if with then and else.
 * A branch that may fail is tried in a run of its own, so that its faults are told only where they matter. */
#include "ext/contract/schema_compile.h"

static bool check_all(agent_run *run, const agent_check *check, const agent_value *value)
{
	bool ok = true;
	for (size_t i = 0; i < check->u.nodes.count && (ok || !agent_run_over(run)); i++) {
		ok = agent_run_node(run, check->u.nodes.list[i], value) && ok;
	}
	return ok;
}

/* "matches none of the alternatives: 1. /a is required; 2. …" */
static void put_branch(agent_buf *message, size_t number, const agent_schema_fault *fault)
{
	agent_buf_addf(message, "%s%zu. ", number == 1 ? ": " : "; ", number);
	if (fault->instance.len > 0) {
		agent_fault_put_text(message, fault->instance, 100);
		agent_buf_add_char(message, ' ');
	}
	agent_fault_put_text(message, fault->message, 200);
}

/* None of them holds. Why is told of as many as the message has room for: a thousand others would only cost memory. */
static bool tell_none(agent_run *run, const agent_check *check, const agent_value *value)
{
	agent_buf message;
	agent_buf_init(&message, AGENT_FAULT_TEXT);
	agent_buf_add_lit(&message, "matches none of the alternatives");
	for (size_t i = 0; i < check->u.nodes.count && !run->broken && message.len <= AGENT_FAULT_TEXT / 2; i++) {
		agent_schema_fault fault;
		if (agent_run_branch(run, check->u.nodes.list[i], value, &fault)) {
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

static bool check_any(agent_run *run, const agent_check *check, const agent_value *value)
{
	/* Asked first: what an alternative has against a value that another one takes is written nowhere. */
	for (size_t i = 0; i < check->u.nodes.count && !run->broken; i++) {
		if (agent_run_quiet(run, check->u.nodes.list[i], value)) {
			return true;
		}
	}
	return !agent_run_over(run) && tell_none(run, check, value);
}

static bool check_one(agent_run *run, const agent_check *check, const agent_value *value)
{
	size_t matches = 0, first = 0, second = 0;
	for (size_t i = 0; i < check->u.nodes.count && matches < 2 && !run->broken; i++) {
		if (agent_run_quiet(run, check->u.nodes.list[i], value)) {
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

static bool check_not(agent_run *run, const agent_check *check, const agent_value *value)
{
	bool ok = agent_run_quiet(run, check->u.only, value);
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

/* u.nodes: if, then, else; the last two may be NULL. */
enum { IF, THEN, ELSE, BRANCHES };

static agent_status compile_if(agent_compiler *c, agent_check *check)
{
	static const char *const names[BRANCHES] = { "if", "then", "else" };
	check->u.nodes.list = agent_compile_alloc(c, BRANCHES, sizeof *check->u.nodes.list);
	check->u.nodes.count = BRANCHES;
	if (check->u.nodes.list == NULL) {
		return AGENT_ERR;
	}
	for (size_t i = IF; i < BRANCHES; i++) {
		if (agent_json_has(c->node->json, names[i])
			&& agent_compile_child(c, agent_json_get(c->node->json, names[i]), &check->u.nodes.list[i]) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

static bool check_if(agent_run *run, const agent_check *check, const agent_value *value)
{
	const agent_node *const *list = check->u.nodes.list;
	if (list[THEN] == NULL && list[ELSE] == NULL) {
		return true;
	}
	bool holds = agent_run_quiet(run, list[IF], value);
	const agent_node *next = holds ? list[THEN] : list[ELSE];
	return !run->broken && (next == NULL || agent_run_node(run, next, value));
}

#define APPLICATOR AGENT_DRAFT_ANY, AGENT_VOCABULARY_APPLICATOR

const agent_keyword agent_keywords_logic[] = {
	{ "allOf", APPLICATOR, AGENT_HOLDS_LIST, AGENT_TYPE_ANY, agent_compile_list, check_all, AGENT_IN_PLACE_LIST, agent_mark_all_of },
	{ "anyOf", APPLICATOR, AGENT_HOLDS_LIST, AGENT_TYPE_ANY, agent_compile_list, check_any, AGENT_IN_PLACE_LIST, agent_mark_any_of },
	{ "oneOf", APPLICATOR, AGENT_HOLDS_LIST, AGENT_TYPE_ANY, agent_compile_list, check_one, AGENT_IN_PLACE_LIST, agent_mark_any_of },
	{ "not", APPLICATOR, AGENT_HOLDS_SCHEMA, AGENT_TYPE_ANY, agent_compile_only, check_not, AGENT_IN_PLACE_ONLY, NULL },
	{ "if", APPLICATOR, AGENT_HOLDS_SCHEMA, AGENT_TYPE_ANY, compile_if, check_if, AGENT_IN_PLACE_LIST, agent_mark_if },
	{ "then", APPLICATOR, AGENT_HOLDS_SCHEMA, 0, NULL, NULL, 0, NULL },
	{ "else", APPLICATOR, AGENT_HOLDS_SCHEMA, 0, NULL, NULL, 0, NULL },
	{ 0 },
};

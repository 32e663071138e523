/* SPDX-License-Identifier: MIT
 * What one member demands of the object: dependentRequired, dependentSchemas, and draft 7's dependencies, which is both.
 * Other keywords of objects are in schema_object.c. */
#include "ext/contract/schema_compile.h"

static bool is_names(const agent_json *list)
{
	agent_str name;
	for (size_t i = 0; i < agent_json_count(list); i++) {
		if (!agent_json_str(agent_json_at(list, i), &name)) {
			return false;
		}
	}
	return agent_json_kind_of(list) == AGENT_JSON_KIND_ARRAY;
}

static agent_status compile_required(agent_compiler *c, agent_check *check)
{
	agent_str name;
	agent_json *list;
	bool fine = agent_json_kind_of(check->value) == AGENT_JSON_KIND_OBJECT;
	agent_json_iter it = agent_json_members(check->value);
	while (fine && agent_json_member(&it, &name, &list)) {
		fine = is_names(list);
	}
	return fine ? AGENT_OK : agent_compile_refuse(c, "schema", "must be an object of arrays of strings");
}

/* Schemas into u.named; where names may stand for a schema, those are left to the check. */
static agent_status compile_named(agent_compiler *c, agent_check *check, bool names)
{
	agent_str name;
	agent_json *value;
	size_t n = 0;
	if (agent_json_kind_of(check->value) != AGENT_JSON_KIND_OBJECT) {
		return agent_compile_refuse(c, "schema", "must be an object of schemas");
	}
	agent_named_node *list = agent_compile_alloc(c, agent_json_count(check->value), sizeof *list);
	if (list == NULL) {
		return AGENT_ERR;
	}
	for (agent_json_iter it = agent_json_members(check->value); agent_json_member(&it, &name, &value);) {
		if (names && agent_json_kind_of(value) == AGENT_JSON_KIND_ARRAY) {
			if (!is_names(value)) {
				return agent_compile_refuse(c, "schema", "must be an object of schemas or arrays of strings");
			}
			continue;
		}
		list[n].name = name;
		if (agent_compile_child(c, value, &list[n++].node) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	check->u.named.list = list;
	check->u.named.count = n;
	return AGENT_OK;
}

static agent_status compile_schemas(agent_compiler *c, agent_check *check)
{
	return compile_named(c, check, false);
}

static agent_status compile_both(agent_compiler *c, agent_check *check)
{
	return compile_named(c, check, true);
}

static bool missing(agent_run *run, const agent_check *check, agent_str name, agent_str because)
{
	agent_buf message;
	if (agent_run_over(run)) {
		return false;
	}
	agent_buf_init(&message, AGENT_FAULT_TEXT);
	agent_buf_add_lit(&message, "is required where ");
	agent_fault_put_text(&message, because, 80);
	agent_buf_add_lit(&message, " is given");
	if (message.fault == AGENT_BUF_NO_MEMORY) {
		agent_run_out_of_memory(run);
	} else {
		agent_fault_at(run, check->node, check->keyword->name, &name, agent_buf_str(&message));
	}
	agent_buf_clear(&message);
	return false;
}

static bool check_required(agent_run *run, const agent_check *check, const agent_value *value)
{
	agent_str because;
	agent_json *names;
	bool ok = agent_run_work(run, (long)agent_json_count(check->value));
	agent_json_iter it = agent_json_members(check->value);
	while ((ok || !agent_run_over(run)) && agent_json_member(&it, &because, &names)) {
		bool given = agent_value_has(value, because);
		for (size_t i = 0; given && i < agent_json_count(names) && agent_run_work(run, 1); i++) {
			agent_str name; /* no name: a schema, in draft 7 */
			if (agent_json_str(agent_json_at(names, i), &name) && !agent_value_has(value, name)) {
				ok = missing(run, check, name, because);
			}
		}
	}
	return ok && !run->broken;
}

static bool check_schemas(agent_run *run, const agent_check *check, const agent_value *value)
{
	bool ok = agent_run_work(run, (long)check->u.named.count);
	for (size_t i = 0; i < check->u.named.count && (ok || !agent_run_over(run)); i++) {
		const agent_named_node *dependent = &check->u.named.list[i];
		if (agent_value_has(value, dependent->name)) {
			ok = agent_run_node(run, dependent->node, value) && ok;
		}
	}
	return ok;
}

static bool check_both(agent_run *run, const agent_check *check, const agent_value *value)
{
	bool ok = check_required(run, check, value);
	return (ok || !agent_run_over(run)) && check_schemas(run, check, value) && ok;
}

const agent_keyword agent_keywords_dependent[] = {
	{ "dependentRequired", AGENT_DRAFT_2020, AGENT_VOCABULARY_VALIDATION, 0, AGENT_TYPE_OBJECT, compile_required, check_required, 0, NULL },
	{ "dependentSchemas", AGENT_DRAFT_2020, AGENT_VOCABULARY_APPLICATOR, AGENT_HOLDS_MAP, AGENT_TYPE_OBJECT, compile_schemas,
		check_schemas, AGENT_IN_PLACE_NAMED, agent_mark_dependent },
	{ "dependencies", AGENT_DRAFT_7, AGENT_VOCABULARY_APPLICATOR, AGENT_HOLDS_MAP_OR_NAMES, AGENT_TYPE_OBJECT, compile_both,
		check_both, AGENT_IN_PLACE_NAMED, agent_mark_dependent },
	{ 0 },
};

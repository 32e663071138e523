/* SPDX-License-Identifier: MIT
 * $dynamicRef: a reference whose target the schemas that were entered on the way may replace.
 * What was entered is kept by schema_run.c; where the reference leads at first is found in schema_ref.c. */
#include "ext/contract/schema_compile.h"

static agent_status compile_dynamic(agent_compiler *c, agent_check *check)
{
	agent_str reference;
	check->u.dynamic.name = AGENT_STR_EMPTY;
	return agent_json_str(check->value, &reference)
		? agent_ref_resolve(c, reference, &check->u.dynamic.node, &check->u.dynamic.name)
		: agent_compile_refuse(c, "schema", "must be a string");
}

static const agent_node *find(agent_run *run, const agent_resource *resource, agent_str name)
{
	for (const agent_dynamic_anchor *a = resource->dynamic; a != NULL && agent_run_work(run, 1); a = a->next) {
		if (agent_str_eq(a->name, name)) {
			return a->node;
		}
	}
	return NULL;
}

const agent_node *agent_run_dynamic(agent_run *run, const agent_check *check)
{
	const agent_node *target = check->u.dynamic.node;
	if (check->u.dynamic.name.len == 0) { /* not to a $dynamicAnchor: like $ref */
		return target;
	}
	for (const agent_scope *scope = run->scope; scope != NULL && agent_run_work(run, 1); scope = scope->parent) {
		const agent_node *node = find(run, scope->resource, check->u.dynamic.name);
		target = node != NULL ? node : target; /* the outermost wins */
	}
	return target;
}

static bool check_dynamic(agent_run *run, const agent_check *check, const agent_value *value)
{
	const agent_node *target = agent_run_dynamic(run, check);
	return !run->broken && agent_run_node(run, target, value);
}

const agent_keyword agent_keywords_dynamic[] = {
	{ "$dynamicRef", AGENT_DRAFT_2020, AGENT_VOCABULARY_CORE, 0, AGENT_TYPE_ANY, compile_dynamic, check_dynamic, 0, agent_mark_dynamic },
	{ 0 },
};

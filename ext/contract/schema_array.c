/* SPDX-License-Identifier: MIT
 * Keywords about arrays: prefixItems, items, additionalItems, contains with min- and maxContains, min- and maxItems.
 * uniqueItems is in schema_unique.c. */
#include "ext/contract/schema_compile.h"

static bool is_list(const agent_json *value)
{
	return agent_json_kind_of(value) == AGENT_JSON_KIND_ARRAY;
}

static bool check_prefix(agent_run *run, const agent_check *check, const agent_value *value)
{
	bool ok = true;
	size_t count = agent_json_count(value->json);
	for (size_t i = 0; i < check->u.nodes.count && i < count && (ok || !agent_run_over(run)); i++) {
		ok = agent_run_item(run, check->u.nodes.list[i], i, agent_json_at(value->json, i)) && ok;
	}
	return ok;
}

static bool check_rest(agent_run *run, const agent_check *check, const agent_value *value)
{
	bool ok = true;
	size_t count = agent_json_count(value->json);
	for (size_t i = check->u.rest.from; i < count && (ok || !agent_run_over(run)); i++) {
		ok = agent_run_item(run, check->u.rest.node, i, agent_json_at(value->json, i)) && ok;
	}
	return ok;
}

/* 2020-12: those behind prefixItems. Draft 7: all of them, or an array that is what prefixItems is now. */
static agent_status compile_items(agent_compiler *c, agent_check *check)
{
	if (c->node->resource->dialect.draft == AGENT_DRAFT_7) {
		if (is_list(check->value)) {
			check->run = check_prefix;
			return agent_compile_children(c, check->value, &check->u.nodes);
		}
	} else {
		check->u.rest.from = agent_json_count(agent_json_get(c->node->json, "prefixItems"));
	}
	return agent_compile_child(c, check->value, &check->u.rest.node);
}

/* Draft 7: means something only beside an array of items. */
static agent_status compile_additional(agent_compiler *c, agent_check *check)
{
	const agent_json *items = agent_json_get(c->node->json, "items");
	check->u.rest.from = agent_json_count(items);
	if (!is_list(items)) {
		check->run = NULL;
	}
	return agent_compile_child(c, check->value, &check->u.rest.node);
}

static agent_status compile_contains(agent_compiler *c, agent_check *check)
{
	agent_dialect dialect = c->node->resource->dialect;
	check->u.contains.min = 1;
	check->u.contains.max = SIZE_MAX;
	if (agent_keyword_find(AGENT_STR("minContains"), dialect) != NULL) { /* refused by their own rows if malformed */
		(void)agent_value_size(agent_json_get(c->node->json, "minContains"), &check->u.contains.min);
		(void)agent_value_size(agent_json_get(c->node->json, "maxContains"), &check->u.contains.max);
	}
	return agent_compile_child(c, check->value, &check->u.contains.node);
}

static bool tell_contains(agent_run *run, const agent_check *check, bool few)
{
	size_t size = few ? check->u.contains.min : check->u.contains.max;
	agent_buf message;
	if (agent_run_over(run)) {
		return false;
	}
	agent_buf_init(&message, AGENT_FAULT_TEXT);
	agent_buf_addf(&message, "must have at %s %zu %s ", few ? "least" : "most", size,
		size == 1 ? "item that matches" : "items that match");
	agent_fault_put_value(&message, check->value);
	if (message.fault == AGENT_BUF_NO_MEMORY) {
		agent_run_out_of_memory(run);
	} else {
		bool plain = few && !agent_json_has(check->node->json, "minContains");
		agent_fault_at(run, check->node, plain ? "contains" : few ? "minContains" : "maxContains", NULL, agent_buf_str(&message));
	}
	agent_buf_clear(&message);
	return false;
}

static bool check_contains(agent_run *run, const agent_check *check, const agent_value *value)
{
	size_t count = agent_json_count(value->json);
	size_t matches = 0;
	size_t enough = check->u.contains.max == SIZE_MAX ? check->u.contains.min : check->u.contains.max + 1;
	for (size_t i = 0; i < count && matches < enough && !run->broken; i++) {
		const agent_value item = agent_value_of(agent_json_at(value->json, i));
		matches += agent_run_quiet(run, check->u.contains.node, &item);
	}
	if (run->broken) {
		return false;
	}
	if (matches < check->u.contains.min) {
		return tell_contains(run, check, true);
	}
	return matches <= check->u.contains.max || tell_contains(run, check, false);
}

static bool check_min(agent_run *run, const agent_check *check, const agent_value *value)
{
	size_t size = check->u.size;
	return agent_json_count(value->json) >= size
		|| agent_fault(run, check, "must have at least %zu %s", size, size == 1 ? "item" : "items");
}

static bool check_max(agent_run *run, const agent_check *check, const agent_value *value)
{
	size_t size = check->u.size;
	return agent_json_count(value->json) <= size
		|| agent_fault(run, check, "must have at most %zu %s", size, size == 1 ? "item" : "items");
}

static agent_status compile_unique(agent_compiler *c, agent_check *check)
{
	bool flag;
	if (!agent_json_bool(check->value, &flag)) {
		return agent_compile_refuse(c, "schema", "must be true or false");
	}
	check->run = flag ? check->run : NULL;
	return AGENT_OK;
}

const agent_keyword agent_keywords_array[] = {
	{ "prefixItems", AGENT_DRAFT_2020, AGENT_VOCABULARY_APPLICATOR, AGENT_HOLDS_LIST, AGENT_TYPE_ARRAY, agent_compile_list,
		check_prefix, 0, agent_mark_prefix },
	{ "items", AGENT_DRAFT_2020, AGENT_VOCABULARY_APPLICATOR, AGENT_HOLDS_SCHEMA, AGENT_TYPE_ARRAY, compile_items, check_rest, 0, agent_mark_everything },
	{ "items", AGENT_DRAFT_7, AGENT_VOCABULARY_APPLICATOR, AGENT_HOLDS_SCHEMA_OR_LIST, AGENT_TYPE_ARRAY, compile_items, check_rest, 0, agent_mark_items },
	{ "additionalItems", AGENT_DRAFT_7, AGENT_VOCABULARY_APPLICATOR, AGENT_HOLDS_SCHEMA, AGENT_TYPE_ARRAY, compile_additional,
		check_rest, 0, agent_mark_everything },
	{ "contains", AGENT_DRAFT_ANY, AGENT_VOCABULARY_APPLICATOR, AGENT_HOLDS_SCHEMA, AGENT_TYPE_ARRAY, compile_contains,
		check_contains, 0, agent_mark_contains },
	{ "minContains", AGENT_DRAFT_2020, AGENT_VOCABULARY_VALIDATION, 0, 0, agent_compile_size, NULL, 0, NULL },
	{ "maxContains", AGENT_DRAFT_2020, AGENT_VOCABULARY_VALIDATION, 0, 0, agent_compile_size, NULL, 0, NULL },
	{ "minItems", AGENT_DRAFT_ANY, AGENT_VOCABULARY_VALIDATION, 0, AGENT_TYPE_ARRAY, agent_compile_size, check_min, 0, NULL },
	{ "maxItems", AGENT_DRAFT_ANY, AGENT_VOCABULARY_VALIDATION, 0, AGENT_TYPE_ARRAY, agent_compile_size, check_max, 0, NULL },
	{ "uniqueItems", AGENT_DRAFT_ANY, AGENT_VOCABULARY_VALIDATION, 0, AGENT_TYPE_ARRAY, compile_unique, agent_run_unique, 0, NULL },
	{ 0 },
};

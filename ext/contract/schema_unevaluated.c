/* SPDX-License-Identifier: MIT
 * unevaluatedProperties and unevaluatedItems: what nothing else at this place has looked at.
 * Nothing is kept while the others run. Those keywords are asked again which members they cover, 64 at a time, in one word on the
 * stack: branches that may fail are tried anew, which costs work (bounded like all work) but no memory. */
#include "ext/contract/schema_marks.h"

/* Marks what a schema covers of the value, which is taken to be valid there. */
static void mark_node(agent_run *run, const agent_node *node, const agent_value *value, agent_marks *marks)
{
	if (marks->bits == agent_marks_all(marks) || run->broken) {
		return;
	}
	if (run->depth >= AGENT_RUN_DEPTH) {
		agent_run_too_deep(run);
		return;
	}
	if (!agent_run_work(run, 1 + (long)node->count)) {
		return;
	}
	const agent_scope scope = { run->scope, node->resource };
	run->scope = &scope;
	run->depth++;
	for (size_t i = 0; i < node->count && !run->broken; i++) {
		const agent_check *check = &node->checks[i];
		if ((check->applies & value->types) != 0 && check->keyword->mark != NULL) {
			check->keyword->mark(run, check, value, marks);
		}
	}
	run->depth--;
	run->scope = scope.parent;
}

static void mark_if_valid(agent_run *run, const agent_node *node, const agent_value *value, agent_marks *marks)
{
	if (agent_run_quiet(run, node, value)) {
		mark_node(run, node, value, marks);
	}
}

/* --- what applies other schemas to the same value --- */

void agent_mark_all_of(agent_run *run, const agent_check *check, const agent_value *value, agent_marks *marks)
{
	for (size_t i = 0; i < check->u.nodes.count && !run->broken; i++) {
		mark_node(run, check->u.nodes.list[i], value, marks);
	}
}

void agent_mark_any_of(agent_run *run, const agent_check *check, const agent_value *value, agent_marks *marks)
{
	for (size_t i = 0; i < check->u.nodes.count && !run->broken; i++) {
		mark_if_valid(run, check->u.nodes.list[i], value, marks);
	}
}

void agent_mark_if(agent_run *run, const agent_check *check, const agent_value *value, agent_marks *marks)
{
	const agent_node *const *list = check->u.nodes.list; /* if, then, else */
	bool holds = agent_run_quiet(run, list[0], value);
	const agent_node *next = holds ? list[1] : list[2];
	if (holds) {
		mark_node(run, list[0], value, marks);
	}
	if (next != NULL && !run->broken) {
		mark_node(run, next, value, marks);
	}
}

void agent_mark_ref(agent_run *run, const agent_check *check, const agent_value *value, agent_marks *marks)
{
	mark_node(run, check->u.only, value, marks);
}

void agent_mark_dynamic(agent_run *run, const agent_check *check, const agent_value *value, agent_marks *marks)
{
	mark_node(run, agent_run_dynamic(run, check), value, marks);
}

void agent_mark_dependent(agent_run *run, const agent_check *check, const agent_value *value, agent_marks *marks)
{
	for (size_t i = 0; i < check->u.named.count && !run->broken; i++) {
		if (agent_value_has(value, check->u.named.list[i].name)) {
			mark_node(run, check->u.named.list[i].node, value, marks);
		}
	}
}

/* --- what looks at members and items --- */

void agent_mark_members(agent_run *run, const agent_check *check, const agent_value *value, agent_marks *marks)
{
	const agent_members *members = check->u.members;
	(void)value;
	if (members->additional != NULL) {
		marks->bits = agent_marks_all(marks);
		return;
	}
	for (size_t i = 0; i < marks->count && agent_run_work(run, 1 + (long)(marks->names[i].len / 64)); i++) {
		const agent_member *known = agent_members_find(members, marks->names[i]);
		if ((known != NULL && known->node != NULL) || agent_members_match(run, members, marks->names[i])) {
			marks->bits |= (uint64_t)1 << i;
		}
	}
}

void agent_mark_prefix(agent_run *run, const agent_check *check, const agent_value *value, agent_marks *marks)
{
	(void)run;
	(void)value;
	for (size_t i = 0; i < marks->count && marks->start + i < check->u.nodes.count; i++) {
		marks->bits |= (uint64_t)1 << i;
	}
}

void agent_mark_everything(agent_run *run, const agent_check *check, const agent_value *value, agent_marks *marks)
{
	(void)run;
	(void)check;
	(void)value;
	marks->bits = agent_marks_all(marks);
}

/* Draft 7's, which may be met through a reference. */
void agent_mark_items(agent_run *run, const agent_check *check, const agent_value *value, agent_marks *marks)
{
	bool is_list = agent_json_kind_of(check->value) == AGENT_JSON_KIND_ARRAY;
	(is_list ? agent_mark_prefix : agent_mark_everything)(run, check, value, marks);
}

void agent_mark_contains(agent_run *run, const agent_check *check, const agent_value *value, agent_marks *marks)
{
	if (check->node->resource->dialect.draft == AGENT_DRAFT_7) { /* there it covers nothing */
		return;
	}
	for (size_t i = 0; i < marks->count && !run->broken; i++) {
		const agent_value item = agent_value_of(agent_json_at(value->json, marks->start + i));
		if (agent_run_quiet(run, check->u.contains.node, &item)) {
			marks->bits |= (uint64_t)1 << i;
		}
	}
}

/* --- the keywords --- */

/* Of the members from *it on, which are covered; *count tells how many were looked at, *it stays. A function of its own, so that the
 * names are off the stack when members are run. */
AGENT_NOINLINE static uint64_t covered_members(agent_run *run, const agent_check *check, const agent_value *value, agent_json_iter it,
	size_t *count)
{
	agent_str names[AGENT_MARKS];
	agent_json *member;
	agent_marks marks = { .names = names };
	while (marks.count < AGENT_MARKS && agent_json_member(&it, &names[marks.count], &member)
		&& agent_run_work(run, (long)(names[marks.count].len / 64))) {
		marks.count++;
	}
	*count = marks.count;
	if (marks.count > 0) {
		agent_mark_others(run, check, value, &marks);
	}
	return marks.bits;
}

void agent_mark_others(agent_run *run, const agent_check *check, const agent_value *value, agent_marks *marks)
{
	const agent_node *node = check->node;
	for (size_t i = 0; i < node->count && !run->broken; i++) {
		const agent_check *other = &node->checks[i];
		if (other != check && (other->applies & value->types) != 0 && other->keyword->mark != NULL) {
			other->keyword->mark(run, other, value, marks);
		}
	}
}

static bool check_member(agent_run *run, const agent_check *check, agent_str name, const agent_json *member)
{
	return check->u.only->never ? agent_fault_unknown(run, check->node, "unevaluatedProperties", NULL, name)
		: agent_run_member(run, check->u.only, name, member);
}

static bool check_properties(agent_run *run, const agent_check *check, const agent_value *value)
{
	bool ok = agent_run_work(run, (long)agent_json_count(value->json));
	agent_json_iter it = agent_json_members(value->json);
	size_t count = 1;
	while (count > 0 && !run->broken && (ok || !agent_run_over(run))) {
		uint64_t covered = covered_members(run, check, value, it, &count);
		for (size_t i = 0; i < count && !run->broken; i++) {
			agent_str name;
			agent_json *member;
			if (agent_json_member(&it, &name, &member) && (covered >> i & 1) == 0) {
				ok = check_member(run, check, name, member) && ok;
			}
		}
	}
	return ok && !run->broken;
}

static bool check_items(agent_run *run, const agent_check *check, const agent_value *value)
{
	bool ok = true;
	size_t count = agent_json_count(value->json);
	for (size_t start = 0; start < count && !run->broken && (ok || !agent_run_over(run)); start += AGENT_MARKS) {
		agent_marks marks = { .start = start, .count = count - start < AGENT_MARKS ? count - start : AGENT_MARKS };
		agent_mark_others(run, check, value, &marks);
		for (size_t i = 0; i < marks.count && !run->broken && (ok || !agent_run_over(run)); i++) {
			if ((marks.bits >> i & 1) == 0) {
				ok = agent_run_item(run, check->u.only, start + i, agent_json_at(value->json, start + i)) && ok;
			}
		}
	}
	return ok && !run->broken;
}

const agent_keyword agent_keywords_unevaluated[] = {
	{ "unevaluatedProperties", AGENT_DRAFT_2020, AGENT_VOCABULARY_UNEVALUATED, AGENT_HOLDS_SCHEMA, AGENT_TYPE_OBJECT, agent_compile_only,
		check_properties, 0, agent_mark_everything },
	{ "unevaluatedItems", AGENT_DRAFT_2020, AGENT_VOCABULARY_UNEVALUATED, AGENT_HOLDS_SCHEMA, AGENT_TYPE_ARRAY, agent_compile_only,
		check_items, 0, agent_mark_everything },
	{ 0 },
};

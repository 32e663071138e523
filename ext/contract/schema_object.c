/* SPDX-License-Identifier: MIT
 * Keywords about objects: properties, patternProperties, additionalProperties, required, propertyNames, min- and maxProperties.
 * The table behind the first four is in schema_members.c; what one member demands of others in schema_dependent.c. */
#include "ext/contract/schema_members.h"

/* --- the four that are one walk --- */

/* The first of them stands for all. */
static agent_status join(agent_compiler *c, agent_check *check, agent_members **out)
{
	if (c->members != NULL) {
		check->run = NULL;
		*out = c->members;
		return AGENT_OK;
	}
	agent_members *members = agent_compile_alloc(c, 1, sizeof *members);
	c->members = members;
	check->u.members = members;
	*out = members;
	return members != NULL ? AGENT_OK : AGENT_ERR;
}

static agent_status compile_properties(agent_compiler *c, agent_check *check)
{
	agent_members *members;
	if (agent_json_kind_of(check->value) != AGENT_JSON_KIND_OBJECT) {
		return agent_compile_refuse(c, "schema", "must be an object of schemas");
	}
	if (join(c, check, &members) != AGENT_OK) {
		return AGENT_ERR;
	}
	members->properties = check->value;
	return AGENT_OK;
}

static agent_status compile_patterns(agent_compiler *c, agent_check *check)
{
	agent_members *members;
	if (agent_json_kind_of(check->value) != AGENT_JSON_KIND_OBJECT) {
		return agent_compile_refuse(c, "schema", "must be an object of schemas");
	}
	if (join(c, check, &members) != AGENT_OK) {
		return AGENT_ERR;
	}
	members->sources = check->value;
	return AGENT_OK;
}

static agent_status compile_required(agent_compiler *c, agent_check *check)
{
	agent_members *members;
	if (agent_json_kind_of(check->value) != AGENT_JSON_KIND_ARRAY) {
		return agent_compile_refuse(c, "schema", "must be an array of strings, each once");
	}
	if (join(c, check, &members) != AGENT_OK) {
		return AGENT_ERR;
	}
	members->names = check->value;
	return AGENT_OK;
}

static agent_status compile_additional(agent_compiler *c, agent_check *check)
{
	agent_members *members;
	return join(c, check, &members) == AGENT_OK ? agent_compile_child(c, check->value, &members->additional) : AGENT_ERR;
}

static void put_known(agent_buf *message, const agent_members *members)
{
	bool first = true;
	for (size_t i = 0; i < members->count + members->pattern_count; i++) {
		bool is_pattern = i >= members->count;
		if (!is_pattern && members->list[i].node == NULL) {
			continue;
		}
		if (message->len > AGENT_FAULT_TEXT / 2) {
			agent_buf_add_lit(message, " and others");
			return;
		}
		agent_buf_add(message, first ? AGENT_STR("allowed are: ") : AGENT_STR(", "));
		agent_buf_add(message, is_pattern ? AGENT_STR("names that match ") : AGENT_STR_EMPTY);
		agent_fault_put_text(message, is_pattern ? members->patterns[i - members->count].source : members->list[i].name, 80);
		first = false;
	}
	agent_buf_add(message, first ? AGENT_STR("none is allowed") : AGENT_STR_EMPTY);
}

bool agent_fault_unknown(agent_run *run, const agent_node *node, const char *keyword, const agent_members *members,
	agent_str name)
{
	agent_buf message;
	if (agent_run_over(run)) {
		return false;
	}
	agent_buf_init(&message, AGENT_FAULT_TEXT);
	agent_buf_add_lit(&message, "unknown property; ");
	if (members != NULL) {
		put_known(&message, members);
	} else {
		agent_buf_add_lit(&message, "no part of the schema that applies here allows it");
	}
	if (message.fault == AGENT_BUF_NO_MEMORY) {
		agent_run_out_of_memory(run);
	} else {
		agent_fault_at(run, node, keyword, &name, agent_buf_str(&message));
	}
	agent_buf_clear(&message);
	return false;
}

static void tell_missing(agent_run *run, const agent_check *check, const agent_value *value)
{
	const agent_json *names = check->u.members->names;
	for (size_t i = 0; i < agent_json_count(names) && !agent_run_over(run); i++) {
		agent_str name = AGENT_STR_EMPTY;
		(void)agent_json_str(agent_json_at(names, i), &name);
		if (!agent_value_has(value, name)) {
			agent_fault_at(run, check->node, "required", &name, AGENT_STR("is required"));
		}
	}
}

static bool check_patterns(agent_run *run, const agent_members *members, agent_str name, const agent_json *member, bool *taken)
{
	bool ok = true;
	for (size_t i = 0; i < members->pattern_count && (ok || !agent_run_over(run)); i++) {
		if (agent_run_pattern(run, members->patterns[i].pattern, name)) {
			*taken = true;
			ok = agent_run_member(run, members->patterns[i].node, name, member) && ok;
		}
	}
	return ok && !run->broken;
}

static bool check_member(agent_run *run, const agent_check *check, const agent_member *known, agent_str name,
	const agent_json *member)
{
	const agent_members *members = check->u.members;
	bool taken = known != NULL && known->node != NULL;
	bool ok = !taken || agent_run_member(run, known->node, name, member);
	if (members->pattern_count > 0) {
		ok = check_patterns(run, members, name, member, &taken) && ok;
	}
	if (taken || members->additional == NULL) {
		return ok;
	}
	return members->additional->never ? agent_fault_unknown(run, check->node, "additionalProperties", members, name)
		: agent_run_member(run, members->additional, name, member) && ok;
}

static bool check_members(agent_run *run, const agent_check *check, const agent_value *value)
{
	const agent_members *members = check->u.members;
	agent_str name;
	agent_json *member;
	const agent_member *known = NULL;
	size_t required = 0;
	bool ok = agent_run_work(run, (long)agent_json_count(value->json));
	if (members->required > 0 && !agent_run_over(run)) {
		tell_missing(run, check, value);
	}
	agent_json_iter it = agent_json_members(value->json);
	while ((ok || !agent_run_over(run)) && agent_json_member(&it, &name, &member)) {
		if (!agent_run_work(run, (long)(name.len / 64))) {
			return false;
		}
		known = agent_members_next(members, known, name);
		required += known != NULL && known->required;
		ok = check_member(run, check, known, name, member) && ok;
	}
	return ok && required == members->required;
}

/* --- the others --- */

static bool run_name(agent_run *run, const agent_node *node, agent_str name)
{
	const agent_frame frame = { .parent = run->frame, .key = name };
	const agent_value value = agent_value_name(name);
	const bool outer = run->naming;
	run->frame = &frame;
	run->naming = true;
	bool ok = agent_run_node(run, node, &value);
	run->naming = outer;
	run->frame = frame.parent;
	return ok;
}

static bool check_names(agent_run *run, const agent_check *check, const agent_value *value)
{
	agent_str name;
	agent_json *member;
	bool ok = true;
	agent_json_iter it = agent_json_members(value->json);
	while ((ok || !agent_run_over(run)) && agent_json_member(&it, &name, &member)) {
		ok = agent_run_work(run, (long)(name.len / 64)) && run_name(run, check->u.only, name) && ok;
	}
	return ok;
}

static bool check_min(agent_run *run, const agent_check *check, const agent_value *value)
{
	size_t size = check->u.size;
	return agent_json_count(value->json) >= size
		|| agent_fault(run, check, "must have at least %zu %s", size, size == 1 ? "member" : "members");
}

static bool check_max(agent_run *run, const agent_check *check, const agent_value *value)
{
	size_t size = check->u.size;
	return agent_json_count(value->json) <= size
		|| agent_fault(run, check, "must have at most %zu %s", size, size == 1 ? "member" : "members");
}

#define APPLICATOR AGENT_DRAFT_ANY, AGENT_VOCABULARY_APPLICATOR
#define VALIDATION AGENT_DRAFT_ANY, AGENT_VOCABULARY_VALIDATION

const agent_keyword agent_keywords_object[] = {
	{ "properties", APPLICATOR, AGENT_HOLDS_MAP, AGENT_TYPE_OBJECT, compile_properties, check_members, 0, agent_mark_members },
	{ "required", VALIDATION, 0, AGENT_TYPE_OBJECT, compile_required, check_members, 0, agent_mark_members },
	{ "patternProperties", APPLICATOR, AGENT_HOLDS_MAP, AGENT_TYPE_OBJECT, compile_patterns, check_members, 0, agent_mark_members },
	{ "additionalProperties", APPLICATOR, AGENT_HOLDS_SCHEMA, AGENT_TYPE_OBJECT, compile_additional, check_members, 0, agent_mark_members },
	{ "propertyNames", APPLICATOR, AGENT_HOLDS_SCHEMA, AGENT_TYPE_OBJECT, agent_compile_only, check_names, 0, NULL },
	{ "minProperties", VALIDATION, 0, AGENT_TYPE_OBJECT, agent_compile_size, check_min, 0, NULL },
	{ "maxProperties", VALIDATION, 0, AGENT_TYPE_OBJECT, agent_compile_size, check_max, 0, NULL },
	{ 0 },
};

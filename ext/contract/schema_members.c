/* SPDX-License-Identifier: MIT
 * The table of an object's members: built once, asked for each member of each value.
 * A whole hash and one comparison for a name, instead of a look-up in the value for each name of the schema. */
#include "ext/contract/schema_members.h"

static uint64_t hash_of(const agent_members *members, agent_str name)
{
	return agent_map_hash(name, (uint64_t)(uintptr_t)members);
}

const agent_member *agent_members_find(const agent_members *members, agent_str name)
{
	if (members->count == 0) {
		return NULL;
	}
	for (uint64_t i = hash_of(members, name);; i++) {
		uint32_t slot = members->slots[i & members->mask];
		if (slot == 0) {
			return NULL;
		}
		const agent_member *member = &members->list[slot - 1];
		if (agent_str_eq(member->name, name)) {
			return member;
		}
	}
}

const agent_member *agent_members_next(const agent_members *members, const agent_member *last, agent_str name)
{
	size_t next = last != NULL ? (size_t)(last - members->list) + 1 : 0;
	if (next < members->count && agent_str_eq(members->list[next].name, name)) {
		return &members->list[next];
	}
	return agent_members_find(members, name);
}

bool agent_members_match(agent_run *run, const agent_members *members, agent_str name)
{
	for (size_t i = 0; i < members->pattern_count && !run->broken; i++) {
		if (agent_run_pattern(run, members->patterns[i].pattern, name)) {
			return true;
		}
	}
	return false;
}

static agent_member *add(agent_members *members, agent_str name)
{
	uint64_t i = hash_of(members, name);
	while (members->slots[i & members->mask] != 0) {
		i++;
	}
	members->slots[i & members->mask] = (uint32_t)members->count + 1;
	members->list[members->count].name = name;
	return &members->list[members->count++];
}

static agent_status finish_properties(agent_compiler *c, agent_members *members)
{
	agent_str name;
	agent_json *schema;
	for (agent_json_iter it = agent_json_members(members->properties); agent_json_member(&it, &name, &schema);) {
		agent_member *member = add(members, name);
		if (agent_compile_child(c, schema, &member->node) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

static agent_status finish_required(agent_compiler *c, agent_members *members)
{
	for (size_t i = 0; i < agent_json_count(members->names); i++) {
		agent_str name = AGENT_STR_EMPTY;
		bool is_text = agent_json_str(agent_json_at(members->names, i), &name);
		agent_member *member = (agent_member *)(uintptr_t)agent_members_find(members, name);
		if (!is_text || (member != NULL && member->required)) {
			agent_buf_add_lit(&c->pointer, "/required");
			return agent_compile_refuse(c, "schema", "must be an array of strings, each once");
		}
		member = member != NULL ? member : add(members, name);
		member->required = true;
		members->required++;
	}
	return AGENT_OK;
}

static agent_status finish_patterns(agent_compiler *c, agent_members *members)
{
	agent_str source;
	agent_json *schema;
	size_t count = agent_json_count(members->sources);
	members->patterns = agent_compile_alloc(c, count, sizeof *members->patterns);
	if (members->patterns == NULL) {
		return AGENT_ERR;
	}
	agent_buf_add_lit(&c->pointer, "/patternProperties");
	size_t mark = c->pointer.len;
	for (agent_json_iter it = agent_json_members(members->sources); agent_json_member(&it, &source, &schema);) {
		agent_member_pattern *pattern = &members->patterns[members->pattern_count++];
		pattern->source = source;
		agent_json_pointer_add(&c->pointer, source);
		if (agent_compile_child(c, schema, &pattern->node) != AGENT_OK
			|| agent_compile_pattern_of(c, source, &pattern->pattern) != AGENT_OK) {
			return AGENT_ERR;
		}
		c->pointer.len = mark;
	}
	c->pointer.len -= sizeof "/patternProperties" - 1;
	return AGENT_OK;
}

agent_status agent_members_finish(agent_compiler *c, agent_members *members)
{
	size_t most = agent_json_count(members->properties) + agent_json_count(members->names);
	size_t slots = 4;
	while (slots < most * 2) {
		slots *= 2;
	}
	members->list = agent_compile_alloc(c, most, sizeof *members->list);
	members->slots = members->list != NULL ? agent_compile_alloc(c, slots, sizeof *members->slots) : NULL;
	members->mask = slots - 1;
	if (members->slots == NULL || finish_properties(c, members) != AGENT_OK
		|| finish_required(c, members) != AGENT_OK) {
		return AGENT_ERR;
	}
	return members->sources == NULL ? AGENT_OK : finish_patterns(c, members);
}

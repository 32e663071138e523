/* SPDX-License-Identifier: MIT
 * Keywords about objects and arrays: their members, their items, how many.
 * What combines schemas is in schema_logic.c. */
#include <stdlib.h>

#include "ext/base/alloc.h"
#include "ext/contract/schema_program.h"

static agent_status compile_size(agent_compiler *c, agent_check *check)
{
	return agent_value_size(check->value, &check->u.size) ? AGENT_OK
		: agent_compile_refuse(c, "schema", "must be an integer of 0 or more");
}

static bool size_fault(agent_run *run, const agent_check *check, const char *bound, const char *thing,
	const char *things)
{
	size_t size = check->u.size;
	return agent_fault(run, check, "must have at %s %zu %s", bound, size, size == 1 ? thing : things);
}

/* --- objects --- */

static agent_status compile_properties(agent_compiler *c, agent_check *check)
{
	agent_str key;
	agent_json *schema;
	size_t n = 0;
	if (agent_json_kind_of(check->value) != AGENT_JSON_KIND_OBJECT) {
		return agent_compile_refuse(c, "schema", "must be an object of schemas");
	}
	agent_property *list = agent_compile_alloc(c, agent_json_count(check->value), sizeof *list);
	if (list == NULL) {
		return AGENT_ERR;
	}
	for (agent_json_iter it = agent_json_members(check->value); agent_json_member(&it, &key, &schema); n++) {
		list[n].name = key;
		if (agent_compile_node(c, key.ptr, schema, &list[n].node) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	c->node->properties = check->value;
	check->u.properties.list = list;
	check->u.properties.count = n;
	return AGENT_OK;
}

static bool check_properties(agent_run *run, const agent_check *check, const agent_json *value)
{
	bool ok = agent_run_work(run, (long)check->u.properties.count);
	for (size_t i = 0; i < check->u.properties.count && (ok || !agent_run_over(run)); i++) {
		const agent_property *property = &check->u.properties.list[i];
		if (agent_json_has(value, property->name.ptr)
			&& !agent_run_member(run, property->node, property->name,
				agent_json_get(value, property->name.ptr))) {
			ok = false;
		}
	}
	return ok;
}

static agent_status compile_required(agent_compiler *c, agent_check *check)
{
	const char *rule = "must be an array of strings, each once";
	size_t count = agent_json_count(check->value);
	if (agent_json_kind_of(check->value) != AGENT_JSON_KIND_ARRAY) {
		return agent_compile_refuse(c, "schema", "%s", rule);
	}
	if (count > 1024) {
		return agent_compile_refuse(c, "schema", "must not name more than 1024 members");
	}
	for (size_t i = 0; i < count; i++) {
		agent_str name, other;
		if (!agent_json_str(agent_json_at(check->value, i), &name)) {
			return agent_compile_refuse(c, "schema", "%s", rule);
		}
		for (size_t k = 0; k < i; k++) {
			if (agent_json_str(agent_json_at(check->value, k), &other) && agent_str_eq(name, other)) {
				return agent_compile_refuse(c, "schema", "%s", rule);
			}
		}
	}
	return AGENT_OK;
}

static bool check_required(agent_run *run, const agent_check *check, const agent_json *value)
{
	size_t count = agent_json_count(check->value);
	bool ok = agent_run_work(run, (long)count);
	for (size_t i = 0; i < count && (ok || !agent_run_over(run)); i++) {
		agent_str name = AGENT_STR_EMPTY;
		(void)agent_json_str(agent_json_at(check->value, i), &name);
		if (!agent_json_has(value, name.ptr)) {
			ok = agent_fault_at(run, check->node, check->keyword->name, &name, AGENT_STR("is required"));
		}
	}
	return ok;
}

static agent_status compile_schema(agent_compiler *c, agent_check *check)
{
	return agent_compile_node(c, NULL, check->value, &check->u.only);
}

static bool unknown_member(agent_run *run, const agent_check *check, agent_str name)
{
	agent_buf message;
	agent_str key;
	agent_json *ignored;
	bool first = true;
	if (agent_run_over(run)) {
		return false;
	}
	agent_buf_init(&message, AGENT_FAULT_TEXT);
	agent_buf_add_lit(&message, "unknown property; ");
	agent_json_iter it = agent_json_members(check->node->properties);
	while (agent_json_member(&it, &key, &ignored)) {
		if (message.len > AGENT_FAULT_TEXT / 2) {
			agent_buf_add_lit(&message, " and others");
			break;
		}
		agent_buf_add(&message, first ? AGENT_STR("allowed are: ") : AGENT_STR(", "));
		agent_fault_put_text(&message, key, 80);
		first = false;
	}
	if (first) {
		agent_buf_add_lit(&message, "none is allowed");
	}
	if (message.fault == AGENT_BUF_NO_MEMORY) {
		agent_run_out_of_memory(run);
	} else {
		agent_fault_at(run, check->node, check->keyword->name, &name, agent_buf_str(&message));
	}
	agent_buf_clear(&message);
	return false;
}

static bool check_additional(agent_run *run, const agent_check *check, const agent_json *value)
{
	agent_str key;
	agent_json *member;
	bool ok = agent_run_work(run, (long)agent_json_count(value));
	agent_json_iter it = agent_json_members(value);
	while ((ok || !agent_run_over(run)) && agent_json_member(&it, &key, &member)) {
		if (agent_json_has(check->node->properties, key.ptr)) {
			continue;
		}
		if (check->u.only->never) {
			ok = unknown_member(run, check, key);
		} else if (!agent_run_member(run, check->u.only, key, member)) {
			ok = false;
		}
	}
	return ok;
}

static bool check_min_properties(agent_run *run, const agent_check *check, const agent_json *value)
{
	return agent_json_count(value) >= check->u.size || size_fault(run, check, "least", "member", "members");
}

static bool check_max_properties(agent_run *run, const agent_check *check, const agent_json *value)
{
	return agent_json_count(value) <= check->u.size || size_fault(run, check, "most", "member", "members");
}

/* --- arrays --- */

static agent_status compile_prefix(agent_compiler *c, agent_check *check)
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
	c->node->prefix = count;
	check->u.nodes.list = list;
	check->u.nodes.count = count;
	return AGENT_OK;
}

static bool check_prefix(agent_run *run, const agent_check *check, const agent_json *value)
{
	bool ok = true;
	size_t count = agent_json_count(value);
	for (size_t i = 0; i < check->u.nodes.count && i < count && (ok || !agent_run_over(run)); i++) {
		ok = agent_run_item(run, check->u.nodes.list[i], i, agent_json_at(value, i)) && ok;
	}
	return ok;
}

static bool check_items(agent_run *run, const agent_check *check, const agent_json *value)
{
	bool ok = true;
	size_t count = agent_json_count(value);
	for (size_t i = check->node->prefix; i < count && (ok || !agent_run_over(run)); i++) {
		ok = agent_run_item(run, check->u.only, i, agent_json_at(value, i)) && ok;
	}
	return ok;
}

static bool check_min_items(agent_run *run, const agent_check *check, const agent_json *value)
{
	return agent_json_count(value) >= check->u.size || size_fault(run, check, "least", "item", "items");
}

static bool check_max_items(agent_run *run, const agent_check *check, const agent_json *value)
{
	return agent_json_count(value) <= check->u.size || size_fault(run, check, "most", "item", "items");
}

static agent_status compile_unique(agent_compiler *c, agent_check *check)
{
	bool flag;
	if (!agent_json_bool(check->value, &flag)) {
		return agent_compile_refuse(c, "schema", "must be true or false");
	}
	check->keyword = flag ? check->keyword : NULL;
	return AGENT_OK;
}

typedef struct item {
	uint64_t hash;
	size_t index;
} item;

static int by_hash(const void *a, const void *b)
{
	const item *x = a;
	const item *y = b;
	if (x->hash != y->hash) {
		return x->hash < y->hash ? -1 : 1;
	}
	return x->index < y->index ? -1 : x->index > y->index;
}

/* Two equal items, by comparing all with all: for short arrays, without memory. */
static bool find_equal(agent_run *run, const agent_json *value, size_t count, size_t *first, size_t *second)
{
	for (*second = 1; *second < count; ++*second) {
		for (*first = 0; *first < *second; ++*first) {
			bool equal = agent_value_equal(agent_json_at(value, *first), agent_json_at(value, *second),
				&run->work);
			if (!agent_run_work(run, 0) || equal) {
				return equal && !run->broken;
			}
		}
	}
	return false;
}

/* The same for long ones: sorted by their hashes, only those of one hash are compared. */
static bool find_equal_sorted(agent_run *run, const agent_json *value, size_t count, size_t *first,
	size_t *second)
{
	bool equal = false;
	item *items = agent_calloc(count, sizeof *items);
	if (items == NULL) {
		return agent_run_out_of_memory(run);
	}
	for (size_t i = 0; i < count; i++) {
		items[i] = (item){ agent_value_hash(agent_json_at(value, i), &run->work), i };
	}
	qsort(items, count, sizeof *items, by_hash);
	for (size_t i = 0; i < count && !equal && agent_run_work(run, 0); i++) {
		for (size_t k = i + 1; k < count && items[k].hash == items[i].hash && run->work >= 0; k++) {
			if (agent_value_equal(agent_json_at(value, items[i].index), agent_json_at(value, items[k].index),
				&run->work)) {
				*first = items[i].index;
				*second = items[k].index;
				equal = true;
				break;
			}
		}
	}
	agent_free(items);
	return equal && agent_run_work(run, 0);
}

static bool check_unique(agent_run *run, const agent_check *check, const agent_json *value)
{
	size_t first = 0, second = 0;
	size_t count = agent_json_count(value);
	bool found = count <= 32 ? find_equal(run, value, count, &first, &second)
		: find_equal_sorted(run, value, count, &first, &second);
	if (run->broken) {
		return false;
	}
	return !found || agent_fault(run, check, "must not hold the same item twice: items %zu and %zu are equal",
		first, second);
}

const agent_keyword agent_keywords_shape[] = {
	{ "properties", AGENT_TYPE_OBJECT, compile_properties, check_properties },
	{ "required", AGENT_TYPE_OBJECT, compile_required, check_required },
	{ "additionalProperties", AGENT_TYPE_OBJECT, compile_schema, check_additional },
	{ "minProperties", AGENT_TYPE_OBJECT, compile_size, check_min_properties },
	{ "maxProperties", AGENT_TYPE_OBJECT, compile_size, check_max_properties },
	{ "prefixItems", AGENT_TYPE_ARRAY, compile_prefix, check_prefix },
	{ "items", AGENT_TYPE_ARRAY, compile_schema, check_items },
	{ "minItems", AGENT_TYPE_ARRAY, compile_size, check_min_items },
	{ "maxItems", AGENT_TYPE_ARRAY, compile_size, check_max_items },
	{ "uniqueItems", AGENT_TYPE_ARRAY, compile_unique, check_unique },
	{ 0 },
};

/* SPDX-License-Identifier: MIT
 * The tree: json-c's nodes, made and read with every result checked.
 * No text in or out: that is parse.c and writer.c. */
#include "ext/contract/json.h"

#include <limits.h>
#include <stdio.h>

#include <json-c/json.h>

#include "ext/base/alloc.h"
#include "ext/contract/node.h"

/* An object's keys belong to its userdata and are "constant" for json-c: its own copy of a key leaks when the
 * table cannot grow (0.14 to 0.18). */
typedef struct key_node {
	struct key_node *next;
	char text[];
} key_node;

typedef struct key_list {
	key_node *first;
} key_list;

static void keys_free(struct json_object *node, void *data)
{
	(void)node;
	key_list *keys = data;
	for (key_node *k = keys->first; k != NULL;) {
		key_node *next = k->next;
		agent_free(k);
		k = next;
	}
	agent_free(keys);
}

static void text_free(struct json_object *node, void *data)
{
	(void)node;
	agent_free(data);
}

agent_json *agent_json_new_object(void)
{
	key_list *keys = agent_calloc(1, sizeof *keys);
	struct json_object *node = keys != NULL ? json_object_new_object() : NULL;
	if (node == NULL) {
		agent_free(keys);
		return NULL;
	}
	json_object_set_userdata(node, keys, keys_free);
	return node;
}

agent_json *agent_json_new_array(void)
{
	return json_object_new_array();
}

agent_json *agent_json_new_str(agent_str text)
{
	return text.len <= INT_MAX / 2 ? json_object_new_string_len(text.ptr, (int)text.len) : NULL;
}

/* Every number carries its text. The double of a number that is no integer is left 0: nobody may read it, and
 * strtod depends on the locale. */
agent_json *agent_json_new_number(agent_str text)
{
	int64_t i;
	uint64_t u;
	char *copy = agent_malloc(text.len + 1);
	if (copy == NULL) {
		return NULL;
	}
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	struct json_object *node;
	if (agent_str_to_int(text, &i)) {
		node = json_object_new_int64(i);
	} else if (agent_json_uint(text, &u)) {
		node = json_object_new_uint64(u);
	} else {
		node = json_object_new_double(0.0);
	}
	if (node == NULL) {
		agent_free(copy);
		return NULL;
	}
	json_object_set_userdata(node, copy, text_free);
	return node;
}

agent_json *agent_json_new_int(int64_t value)
{
	char text[24];
	int len = snprintf(text, sizeof text, "%lld", (long long)value);
	return agent_json_new_number((agent_str){ text, (size_t)len });
}

agent_json *agent_json_new_bool(bool value)
{
	return json_object_new_boolean(value);
}

agent_json *agent_json_ref(agent_json *node)
{
	return json_object_get(node);
}

void agent_json_free(agent_json *node)
{
	json_object_put(node);
}

bool agent_json_add(agent_json *object, agent_str key, agent_json *value)
{
	if (memchr(key.ptr, '\0', key.len) != NULL) {
		json_object_put(value);
		return false;
	}
	key_node *k = agent_malloc(sizeof *k + key.len + 1);
	if (k == NULL) {
		json_object_put(value);
		return false;
	}
	memcpy(k->text, key.ptr, key.len);
	k->text[key.len] = '\0';
	if (json_object_object_add_ex(object, k->text, value, JSON_C_OBJECT_KEY_IS_CONSTANT) != 0) {
		agent_free(k);
		json_object_put(value);
		return false;
	}
	key_list *keys = json_object_get_userdata(object);
	k->next = keys->first;
	keys->first = k;
	return true;
}

bool agent_json_push(agent_json *array, agent_json *value)
{
	if (json_object_array_add(array, value) != 0) {
		json_object_put(value);
		return false;
	}
	return true;
}

bool agent_json_put(agent_json *array, size_t index, agent_json *value)
{
	if (index >= agent_json_count(array) || json_object_array_put_idx(array, index, value) != 0) {
		json_object_put(value);
		return false;
	}
	return true;
}

void agent_json_drop(agent_json *object, const char *key)
{
	if (agent_json_has(object, key)) {
		json_object_object_del(object, key);
	}
}

agent_json_kind agent_json_kind_of(const agent_json *node)
{
	switch (json_object_get_type(node)) {
		case json_type_boolean:
			return AGENT_JSON_KIND_BOOL;
		case json_type_int:
			return AGENT_JSON_KIND_INT;
		case json_type_double:
			return AGENT_JSON_KIND_NUMBER;
		case json_type_string:
			return AGENT_JSON_KIND_STRING;
		case json_type_array:
			return AGENT_JSON_KIND_ARRAY;
		case json_type_object:
			return AGENT_JSON_KIND_OBJECT;
		default:
			return AGENT_JSON_KIND_NULL;
	}
}

agent_json *agent_json_get(const agent_json *object, const char *key)
{
	struct json_object *value = NULL;
	if (!json_object_is_type(object, json_type_object) || !json_object_object_get_ex(object, key, &value)) {
		return NULL;
	}
	return value;
}

bool agent_json_has(const agent_json *object, const char *key)
{
	return json_object_is_type(object, json_type_object) && json_object_object_get_ex(object, key, NULL);
}

agent_json *agent_json_at(const agent_json *array, size_t index)
{
	return index < agent_json_count(array) && json_object_is_type(array, json_type_array)
		? json_object_array_get_idx(array, index) : NULL;
}

size_t agent_json_count(const agent_json *node)
{
	switch (json_object_get_type(node)) {
		case json_type_array:
			return json_object_array_length(node);
		case json_type_object:
			return (size_t)json_object_object_length(node);
		default:
			return 0;
	}
}

bool agent_json_str(const agent_json *node, agent_str *out)
{
	if (!json_object_is_type(node, json_type_string)) {
		return false;
	}
	/* Not const in json-c's signature, but a string is only read. */
	struct json_object *string = (struct json_object *)(uintptr_t)node;
	*out = agent_str_of(json_object_get_string(string), (size_t)json_object_get_string_len(node));
	return true;
}

bool agent_json_int(const agent_json *node, int64_t *out)
{
	agent_str text;
	return json_object_is_type(node, json_type_int) && agent_json_number(node, &text)
		&& agent_str_to_int(text, out);
}

bool agent_json_bool(const agent_json *node, bool *out)
{
	if (!json_object_is_type(node, json_type_boolean)) {
		return false;
	}
	*out = json_object_get_boolean(node) != 0;
	return true;
}

bool agent_json_number(const agent_json *node, agent_str *out)
{
	if (!json_object_is_type(node, json_type_int) && !json_object_is_type(node, json_type_double)) {
		return false;
	}
	*out = agent_str_cstr(json_object_get_userdata((struct json_object *)(uintptr_t)node));
	return true;
}

agent_json_iter agent_json_members(const agent_json *object)
{
	bool is_object = json_object_is_type(object, json_type_object);
	struct lh_table *table = is_object ? json_object_get_object(object) : NULL;
	return (agent_json_iter){ table != NULL ? table->head : NULL };
}

bool agent_json_member(agent_json_iter *iter, agent_str *key, agent_json **value)
{
	struct lh_entry *entry = iter->entry;
	if (entry == NULL) {
		return false;
	}
	*key = agent_str_cstr(entry->k);
	*value = (struct json_object *)(uintptr_t)entry->v;
	iter->entry = entry->next;
	return true;
}

const char *agent_json_version(void)
{
	return json_c_version();
}

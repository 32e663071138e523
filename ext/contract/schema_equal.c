/* SPDX-License-Identifier: MIT
 * When two JSON values are the same for a schema: 1 is 1.0, members have no order.
 * No faults, no keywords. */
#include "ext/contract/schema_program.h"

bool agent_value_has(const agent_value *value, agent_str name)
{
	return memchr(name.ptr, '\0', name.len) == NULL && agent_json_has(value->json, name.ptr);
}

bool agent_value_size(const agent_json *value, size_t *out)
{
	agent_str text;
	uint64_t number;
	if (!agent_json_number(value, &text)) {
		return false;
	}
	agent_decimal d = agent_decimal_of(text);
	if (d.negative || !agent_decimal_is_integer(&d) || d.point > 18 || !agent_decimal_digits(&d, &number)) {
		return false;
	}
	for (int64_t i = (int64_t)d.count; i < d.point; i++) {
		number *= 10;
	}
	*out = (size_t)number;
	return number <= SIZE_MAX / 2;
}

static bool equal_numbers(const agent_json *a, const agent_json *b, long *work)
{
	agent_str text_a, text_b;
	if (!agent_json_number(a, &text_a) || !agent_json_number(b, &text_b)) {
		return false;
	}
	*work -= (long)((text_a.len + text_b.len) / 64);
	if (*work < 0) {
		return false;
	}
	if (agent_str_eq(text_a, text_b)) {
		return true;
	}
	agent_decimal number_a = agent_decimal_of(text_a);
	agent_decimal number_b = agent_decimal_of(text_b);
	return agent_decimal_compare(&number_a, &number_b) == 0;
}

static bool equal_arrays(const agent_json *a, const agent_json *b, long *work)
{
	size_t count = agent_json_count(a);
	if (count != agent_json_count(b)) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (!agent_value_equal(agent_json_at(a, i), agent_json_at(b, i), work)) {
			return false;
		}
	}
	return true;
}

static bool equal_objects(const agent_json *a, const agent_json *b, long *work)
{
	agent_str key;
	agent_json *value;
	if (agent_json_count(a) != agent_json_count(b)) {
		return false;
	}
	for (agent_json_iter it = agent_json_members(a); agent_json_member(&it, &key, &value);) {
		*work -= (long)(key.len / 64); /* a name is hashed whole, however little stands beside it */
		if (*work < 0 || !agent_json_has(b, key.ptr) || !agent_value_equal(value, agent_json_get(b, key.ptr), work)) {
			return false;
		}
	}
	return true;
}

bool agent_value_equal(const agent_json *a, const agent_json *b, long *work)
{
	agent_json_kind kind = agent_json_kind_of(a);
	agent_json_kind other = agent_json_kind_of(b);
	agent_str text_a, text_b;
	if (--*work < 0) {
		return false;
	}
	if (kind == AGENT_JSON_KIND_INT || kind == AGENT_JSON_KIND_NUMBER) {
		return equal_numbers(a, b, work);
	}
	if (kind != other) {
		return false;
	}
	switch (kind) {
		case AGENT_JSON_KIND_STRING:
			return agent_json_str(a, &text_a) && agent_json_str(b, &text_b) && agent_str_eq(text_a, text_b);
		case AGENT_JSON_KIND_ARRAY:
			return equal_arrays(a, b, work);
		case AGENT_JSON_KIND_OBJECT:
			return equal_objects(a, b, work);
		case AGENT_JSON_KIND_BOOL: {
			bool flag_a = false, flag_b = false;
			return agent_json_bool(a, &flag_a) && agent_json_bool(b, &flag_b) && flag_a == flag_b;
		}
		default:
			return true;
	}
}

bool agent_value_is(const agent_value *value, const agent_json *other, long *work)
{
	agent_str text;
	if ((value->types & AGENT_TYPE_STRING) == 0) {
		return agent_value_equal(value->json, other, work);
	}
	--*work;
	return agent_json_str(other, &text) && agent_str_eq(value->text, text);
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
	return hash ^ hash >> 29;
}

static uint64_t hash_str(agent_str text)
{
	uint64_t hash = mix(7, text.len);
	for (size_t i = 0; i < text.len; i++) {
		hash = (hash ^ (unsigned char)text.ptr[i]) * 0x100000001B3u;
	}
	return mix(hash, 1);
}

static uint64_t hash_number(agent_str text)
{
	agent_decimal d = agent_decimal_of(text);
	uint64_t hash = mix(d.negative ? 3 : 2, (uint64_t)d.point);
	size_t digits = 0;
	for (size_t i = d.first; digits < d.count; i++) {
		if (text.ptr[i] != '.') {
			hash = mix(hash, (unsigned char)text.ptr[i]);
			digits++;
		}
	}
	return hash;
}

uint64_t agent_value_hash_of(const agent_value *value, long *work)
{
	if ((value->types & AGENT_TYPE_STRING) == 0) {
		return agent_value_hash(value->json, work);
	}
	--*work;
	return hash_str(value->text);
}

uint64_t agent_value_hash(const agent_json *value, long *work)
{
	agent_json_kind kind = agent_json_kind_of(value);
	uint64_t hash = (uint64_t)kind + 11;
	agent_str text;
	bool flag;
	if (--*work < 0) {
		return 0;
	}
	if (agent_json_number(value, &text)) {
		return hash_number(text);
	}
	if (agent_json_str(value, &text)) {
		return hash_str(text);
	}
	if (agent_json_bool(value, &flag)) {
		return mix(hash, flag);
	}
	if (kind == AGENT_JSON_KIND_ARRAY) {
		for (size_t i = 0; i < agent_json_count(value); i++) {
			hash = mix(hash, agent_value_hash(agent_json_at(value, i), work));
		}
		return hash;
	}
	agent_str key;
	agent_json *member;
	for (agent_json_iter it = agent_json_members(value); agent_json_member(&it, &key, &member);) {
		hash += mix(hash_str(key), agent_value_hash(member, work)); /* a sum: members have no order */
	}
	return mix(hash, agent_json_count(value));
}

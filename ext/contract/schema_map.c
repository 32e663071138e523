/* SPDX-License-Identifier: MIT
 * The compiler's hash map: chained, in an arena.
 * Nothing is removed. */
#include "ext/contract/schema_map.h"

uint64_t agent_map_hash(agent_str text, uint64_t seed)
{
	uint64_t hash = seed ^ text.len * 0x9E3779B97F4A7C15u;
	uint64_t word = 0;
	size_t i = 0;
	for (; i + sizeof word <= text.len; i += sizeof word) {
		memcpy(&word, text.ptr + i, sizeof word);
		hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
		hash ^= hash >> 32;
	}
	word = 0;
	for (; i < text.len; i++) {
		word = word << 8 | (unsigned char)text.ptr[i];
	}
	hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
	return hash ^ hash >> 29;
}

static uint64_t hash_of(const agent_map *map, agent_str key)
{
	return agent_map_hash(key, (uint64_t)(uintptr_t)map);
}

void *agent_map_find(const agent_map *map, agent_str key)
{
	if (map->count == 0) {
		return NULL;
	}
	uint64_t hash = hash_of(map, key);
	for (const agent_map_entry *e = map->buckets[hash & (map->size - 1)]; e != NULL; e = e->next) {
		if (e->hash == hash && agent_str_eq(e->key, key)) {
			return e->value;
		}
	}
	return NULL;
}

static bool grow(agent_map *map, agent_arena *arena)
{
	size_t size = map->size > 0 ? map->size * 4 : 16;
	agent_map_entry **buckets = agent_arena_array(arena, size, sizeof(agent_map_entry *));
	if (buckets == NULL) {
		return false;
	}
	for (size_t i = 0; i < map->size; i++) {
		for (agent_map_entry *e = map->buckets[i]; e != NULL;) {
			agent_map_entry *next = e->next;
			e->next = buckets[e->hash & (size - 1)];
			buckets[e->hash & (size - 1)] = e;
			e = next;
		}
	}
	map->buckets = buckets;
	map->size = size;
	return true;
}

bool agent_map_put(agent_map *map, agent_arena *arena, agent_str key, void *value)
{
	if (map->count >= map->size && !grow(map, arena)) {
		return false;
	}
	agent_map_entry *entry = agent_arena_alloc(arena, sizeof *entry);
	if (entry == NULL) {
		return false;
	}
	*entry = (agent_map_entry){ .hash = hash_of(map, key), .key = key, .value = value };
	entry->next = map->buckets[entry->hash & (map->size - 1)];
	map->buckets[entry->hash & (map->size - 1)] = entry;
	map->count++;
	return true;
}

/* SPDX-License-Identifier: MIT
 * A hash map in an arena, for the compiler: bytes to a pointer.
 * Entries are never removed; not for validating, which has tables of its own. */
#ifndef AGENT_CONTRACT_SCHEMA_MAP_H
#define AGENT_CONTRACT_SCHEMA_MAP_H

#include "ext/base/arena.h"

typedef struct agent_map_entry {
	struct agent_map_entry *next;
	uint64_t hash;
	agent_str key;
	void *value;
} agent_map_entry;

/* Zeroed is empty. */
typedef struct agent_map {
	agent_map_entry **buckets;
	size_t size;                 /* a power of two */
	size_t count;
} agent_map;

void *agent_map_find(const agent_map *map, agent_str key);
/* The key must live as long as the map; it is not there yet. false: the arena has no more. */
bool agent_map_put(agent_map *map, agent_arena *arena, agent_str key, void *value) AGENT_MUST_USE;

/* A whole text at eight bytes a step; `seed` keeps it from being foreseen. */
uint64_t agent_map_hash(agent_str text, uint64_t seed);

#endif

/* SPDX-License-Identifier: MIT
 * The layout of a region's file, shared by region.c and region_table.c only.
 * A change here is a new AGENT_REGION_VERSION. */
#ifndef AGENT_MEMORY_REGION_OWN_H
#define AGENT_MEMORY_REGION_OWN_H

#include "ext/memory/region.h"

#define AGENT_REGION_VERSION 1

typedef _Atomic uint64_t agent_word;

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2 && sizeof(agent_word) == 8, "a lock of libatomic would be this process's alone");

typedef struct agent_region_breaker {
	agent_word hash;             /* 0: free; …01: of a key; …10: being emptied since (>> 2) ms */
	agent_word touched_ms;
	agent_word check;            /* the hash of `name`, so that a torn one is seen */
	agent_word name[AGENT_REGION_NAME / 8];
	agent_word reserved[5];
	agent_word words[AGENT_REGION_BREAKER_WORDS];
} agent_region_breaker;

typedef struct agent_region_header {
	char magic[8];
	uint64_t version;
	uint64_t size;
	uint64_t sizes[5];           /* the constants of region.h, in their order there */
	char site[32];
	uint64_t secret[2];
	uint64_t check;              /* of all above */
} agent_region_header;

/* Nothing of the header is read from the mapping after it was checked. */
typedef struct agent_region_map {
	agent_region_header header;
	char pad[4096 - sizeof(agent_region_header)];
	agent_word turns[AGENT_REGION_PLACES];
	agent_word waiting[AGENT_REGION_PLACES];
	agent_word buckets[AGENT_REGION_SETS][AGENT_REGION_WAYS];
	agent_region_breaker breakers[AGENT_REGION_BREAKERS_MAX];
} agent_region_map;

struct agent_region {
	agent_region_map *map;
	uint64_t secret[2];
	int dir, fd;
	char file[48];
	char name[AGENT_REGION_NAME];   /* of the entry that agent_region_next gave */
};

/* SipHash-2-4. */
uint64_t agent_region_hash(const uint64_t secret[2], agent_str bytes);

#endif

/* SPDX-License-Identifier: MIT
 * The tables of a region: where a key's words are. Any bytes may stand in the file: what is read is never trusted as an index or a length.
 * What a word means is its user's. */
#include "ext/memory/region_own.h"

#define STALE_MS INT64_C(3600000)
#define EMPTYING_MS INT64_C(5000)   /* more than emptying an entry takes */
#define TOUCH_MS INT64_C(1000)
#define TRIES 64

/* --- the hash --- */

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static void sip_rounds(uint64_t v[4], int count)
{
	while (count-- > 0) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] = rotate(v[0], 32) + v[3];
		v[2] += v[1];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[2] = rotate(v[2], 32);
	}
}

uint64_t agent_region_hash(const uint64_t secret[2], agent_str bytes)
{
	uint64_t v[4] = { secret[0] ^ 0x736f6d6570736575u, secret[1] ^ 0x646f72616e646f6du, secret[0] ^ 0x6c7967656e657261u,
		secret[1] ^ 0x7465646279746573u };
	uint64_t last = (uint64_t)bytes.len << 56;
	for (; bytes.len >= 8; bytes = agent_str_from(bytes, 8)) {
		uint64_t m;
		memcpy(&m, bytes.ptr, 8);
		v[3] ^= m;
		sip_rounds(v, 2);
		v[0] ^= m;
	}
	for (size_t i = 0; i < bytes.len; i++) {
		last |= (uint64_t)(unsigned char)bytes.ptr[i] << (8 * i);
	}
	v[3] ^= last;
	sip_rounds(v, 2);
	v[0] ^= last;
	v[2] ^= 0xff;
	sip_rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

_Atomic uint64_t *agent_region_bucket(agent_region *region, agent_str key, uint32_t *tag)
{
	uint64_t hash = agent_region_hash(region->secret, key);
	*tag = (uint32_t)((hash >> 32) % ((1u << 19) - 1)) + 1; /* never 0: a word of zeros is nobody's */
	return region->map->buckets[(uint32_t)hash % AGENT_REGION_SETS];
}

/* --- breakers --- */

static bool is_key(uint64_t hash)
{
	return (hash & 3) == 1;
}

static bool is_stale(const agent_region_breaker *entry, uint64_t hash, int64_t now_ms)
{
	int64_t since = is_key(hash) ? (int64_t)atomic_load(&entry->touched_ms) : (int64_t)(hash >> 2);
	return now_ms - since > (is_key(hash) ? STALE_MS : EMPTYING_MS) || since > now_ms + STALE_MS;
}

static void cut_name(agent_str key, uint64_t name[AGENT_REGION_NAME / 8])
{
	memset(name, 0, AGENT_REGION_NAME);
	memcpy(name, key.ptr, key.len < AGENT_REGION_NAME ? key.len : AGENT_REGION_NAME);
}

static uint64_t name_check(const agent_region *region, const uint64_t *name)
{
	return agent_region_hash(region->secret, (agent_str){ (const char *)name, AGENT_REGION_NAME });
}

/* Whoever uses the entry mends what a killed one left half written: all write the same. */
static void keep_name(const agent_region *region, agent_region_breaker *entry, agent_str key)
{
	uint64_t name[AGENT_REGION_NAME / 8];
	cut_name(key, name);
	uint64_t check = name_check(region, name);
	for (size_t i = 0; i < AGENT_REGION_NAME / 8; i++) {
		if (atomic_load(&entry->name[i]) != name[i]) {
			atomic_store(&entry->name[i], name[i]);
		}
	}
	if (atomic_load(&entry->check) != check) {
		atomic_store(&entry->check, check);
	}
}

static _Atomic uint64_t *use(const agent_region *region, agent_region_breaker *entry, agent_str key, int64_t now_ms)
{
	int64_t ago = now_ms - (int64_t)atomic_load(&entry->touched_ms);
	if (ago > TOUCH_MS || ago < 0) {
		atomic_store(&entry->touched_ms, (uint64_t)now_ms);
	}
	keep_name(region, entry, key);
	return entry->words;
}

/* Takes an entry that nobody asks for any more. False: another was faster. */
static bool take(const agent_region *region, agent_region_breaker *entry, uint64_t seen, uint64_t mine, agent_str key, int64_t now_ms)
{
	uint64_t emptying = (uint64_t)now_ms << 2 | 2;
	if (!atomic_compare_exchange_strong(&entry->hash, &seen, emptying)) {
		return false;
	}
	for (size_t i = 0; i < AGENT_REGION_BREAKER_WORDS; i++) {
		atomic_store_explicit(&entry->words[i], 0, memory_order_relaxed);
	}
	atomic_store(&entry->touched_ms, (uint64_t)now_ms);
	keep_name(region, entry, key);
	return atomic_compare_exchange_strong(&entry->hash, &emptying, mine);
}

static _Atomic uint64_t *breaker_words(agent_region *region, agent_str key, int64_t now_ms)
{
	agent_region_breaker *all = region->map->breakers;
	uint64_t mine = (agent_region_hash(region->secret, key) & ~UINT64_C(3)) | 1;
	for (int i = 0; i < TRIES; i++) {
		agent_region_breaker *free_one = NULL, *stale = NULL;
		uint64_t stale_hash = 0;
		for (size_t k = 0; k < AGENT_REGION_BREAKERS_MAX; k++) {
			uint64_t hash = atomic_load(&all[k].hash);
			if (hash == mine) {
				return use(region, &all[k], key, now_ms);
			}
			if (hash == 0) {
				free_one = free_one == NULL ? &all[k] : free_one;
			} else if (stale == NULL && is_stale(&all[k], hash, now_ms)) {
				stale = &all[k];
				stale_hash = hash;
			}
		}
		agent_region_breaker *target = free_one != NULL ? free_one : stale;
		if (target == NULL) {
			return NULL;
		}
		/* One that was never used holds zeros, so it is taken in one step: two that bring the same key meet here, and one finds the other's. */
		uint64_t nobody = 0;
		if (free_one != NULL ? atomic_compare_exchange_strong(&free_one->hash, &nobody, mine) : take(region, stale, stale_hash, mine, key, now_ms)) {
			return use(region, target, key, now_ms);
		}
	}
	return NULL;
}

_Atomic uint64_t *agent_region_words(agent_region *region, agent_region_table table, agent_str key, int64_t now_ms)
{
	switch (table) {
		case AGENT_REGION_BREAKERS:
			return breaker_words(region, key, now_ms);
		case AGENT_REGION_TURNS:
			return region->map->turns;
		case AGENT_REGION_WAITING:
			return region->map->waiting;
	}
	return NULL;
}

bool agent_region_next(agent_region *region, agent_region_table table, size_t *cursor, agent_str *name, _Atomic uint64_t **words)
{
	while (table == AGENT_REGION_BREAKERS && *cursor < AGENT_REGION_BREAKERS_MAX) {
		agent_region_breaker *entry = &region->map->breakers[(*cursor)++];
		uint64_t text[AGENT_REGION_NAME / 8];
		uint64_t hash = atomic_load(&entry->hash);
		for (size_t i = 0; i < AGENT_REGION_NAME / 8; i++) {
			text[i] = atomic_load(&entry->name[i]);
		}
		if (is_key(hash) && atomic_load(&entry->check) == name_check(region, text) && atomic_load(&entry->hash) == hash) {
			memcpy(region->name, text, sizeof region->name);
			*name = (agent_str){ region->name, strnlen(region->name, sizeof region->name) };
			*words = entry->words;
			return true;
		}
	}
	return false;
}

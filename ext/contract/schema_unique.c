/* SPDX-License-Identifier: MIT
 * uniqueItems, without memory: short arrays by comparing all with all, long ones in blocks by their hashes.
 * The work it costs is taken from the run's, so that an enormous array ends in a limit and not in an hour. */
#include "ext/contract/schema_compile.h"

#define SHORT 16
#define BLOCK ((size_t)4096)
#define SLOTS (2 * BLOCK)
#define FREE_STEPS 8

/* 32 KiB of them lie on the stack. */
typedef struct slot {
	uint16_t tag;                /* of the hash */
	uint16_t item;               /* of the block, + 1; 0 is free */
} slot;

static bool find_equal(agent_run *run, const agent_json *value, size_t count, size_t *first, size_t *second)
{
	for (*second = 1; *second < count; ++*second) {
		for (*first = 0; *first < *second; ++*first) {
			bool equal = agent_value_equal(agent_json_at(value, *first), agent_json_at(value, *second), &run->work);
			if (!agent_run_work(run, 0) || equal) {
				return equal && !run->broken;
			}
		}
	}
	return false;
}

/* Looks for item i among those of the block that begins at start, and enters it where it belongs to the block itself. */
static bool meets(agent_run *run, const agent_json *value, slot *slots, size_t start, size_t i, size_t *first)
{
	uint64_t hash = agent_value_hash(agent_json_at(value, i), &run->work);
	uint16_t tag = (uint16_t)(hash >> 48);
	size_t at = hash % SLOTS;
	for (size_t steps = 0; slots[at].item != 0; steps++, at = (at + 1) % SLOTS) {
		size_t other = start + slots[at].item - 1;
		run->work -= steps > FREE_STEPS;
		if (run->work < 0) {
			return false;
		}
		if (slots[at].tag == tag && agent_value_equal(agent_json_at(value, other), agent_json_at(value, i), &run->work)) {
			*first = other;
			return run->work >= 0;
		}
	}
	if (i - start < BLOCK) {
		slots[at] = (slot){ tag, (uint16_t)(i - start + 1) };
	}
	return false;
}

/* Each block of items against itself and all that come after it. */
static bool find_equal_blockwise(agent_run *run, const agent_json *value, size_t count, size_t *first, size_t *second)
{
	slot slots[SLOTS];
	for (size_t start = 0; start < count; start += BLOCK) {
		memset(slots, 0, sizeof slots);
		for (size_t i = start; i < count; i++) {
			bool equal = meets(run, value, slots, start, i, first);
			if (!agent_run_work(run, 0) || equal) {
				*second = i;
				return equal && !run->broken;
			}
		}
	}
	return false;
}

bool agent_run_unique(agent_run *run, const agent_check *check, const agent_value *value)
{
	size_t first = 0, second = 0;
	size_t count = agent_json_count(value->json);
	bool found = count <= SHORT ? find_equal(run, value->json, count, &first, &second)
		: find_equal_blockwise(run, value->json, count, &first, &second);
	if (run->broken) {
		return false;
	}
	return !found || agent_fault(run, check, "must not hold the same item twice: items %zu and %zu are equal", first, second);
}

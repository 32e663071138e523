/* SPDX-License-Identifier: MIT
 * The slots port over the site's shared memory: one word per place, changed by compare-and-set alone.
 * How many there may be, and what is done when all are taken, is the chat's.
 *
 * A word says whose the place is and until when: pid (22 bits), where that number means something (8 bits: which boot and which pid
 * namespace), when that process began (12 bits, against numbers that are used again), the end in seconds of the wall clock (22 bits,
 * which go round in 48 days). All in one word: a process that dies or is stopped anywhere in here leaves nothing half written. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ext/run/shared.h"

#define UNTIL_BITS 22
#define UNTIL_MASK ((UINT64_C(1) << UNTIL_BITS) - 1)
#define BEGAN_SHIFT UNTIL_BITS
#define BEGAN_MASK UINT64_C(0xfff)
#define WHERE_SHIFT (BEGAN_SHIFT + 12)
#define WHERE_MASK UINT64_C(0xff)
#define PID_SHIFT (WHERE_SHIFT + 8)
#define GRACE_S 2
#define LOOKS 32
#define LONGEST_S 100001             /* agent.max_wall_ms and agent.queue_ms end at a hundred thousand seconds */

typedef _Atomic uint64_t word;

/* --- processes --- */

typedef enum life { GONE, STOPPED, RUNS, UNSEEN } life;

static size_t read_small(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, text, size - 1) : -1;
	if (fd >= 0) {
		close(fd);
	}
	text[got > 0 ? got : 0] = '\0';
	return got > 0 ? (size_t)got : 0;
}

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

/* From /proc/<pid>/stat: "pid (name) state …", the 22nd field is when it began. *began is never 0, which says that nobody could read it. */
static life look(int64_t pid, uint64_t *began)
{
	char path[40], text[1024];
	*began = 0;
	snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
	if (read_small(path, text, sizeof text) == 0) {
		return UNSEEN;
	}
	char *at = strrchr(text, ')'); /* the name may hold anything */
	if (at == NULL || at[1] != ' ') {
		return UNSEEN;
	}
	char state = at[2];
	at += 2;
	for (int field = 3; field < 22 && at != NULL; field++) {
		at = strchr(at + 1, ' ');
	}
	if (at == NULL) {
		return UNSEEN;
	}
	*began = mix(strtoull(at + 1, NULL, 10)) % BEGAN_MASK + 1;
	return state == 'Z' || state == 'X' || state == 'x' ? GONE : state == 'T' || state == 't' ? STOPPED : RUNS;
}

static uint64_t where(void)
{
	struct stat st;
	char boot[64];
	uint64_t x = stat("/proc/self/ns/pid", &st) == 0 ? (uint64_t)st.st_ino : 0;
	size_t len = read_small("/proc/sys/kernel/random/boot_id", boot, sizeof boot);
	for (size_t i = 0; i < len; i++) {
		x = mix(x ^ (unsigned char)boot[i]);
	}
	return mix(x) & WHERE_MASK;
}

static uint64_t owner(agent_slots_state *state)
{
	int64_t pid = getpid();
	if (state->pid != pid) {
		uint64_t began;
		(void)look(pid, &began);
		state->owner = (uint64_t)pid << PID_SHIFT | where() << WHERE_SHIFT | began << BEGAN_SHIFT;
		state->pid = pid;
	}
	return state->owner;
}

/* --- words --- */

static uint64_t until_s(int64_t until_ms)
{
	return (uint64_t)((until_ms + 999) / 1000) & UNTIL_MASK;
}

static bool is_late(uint64_t seen, int64_t now_ms)
{
	uint64_t left = (seen + GRACE_S - (uint64_t)(now_ms / 1000)) & UNTIL_MASK;
	return left == 0 || left > LONGEST_S + GRACE_S;
}

/* A live process keeps its place however late it is: its worker is still busy. */
static bool is_held(uint64_t own, uint64_t seen, int64_t now_ms)
{
	int64_t pid = (int64_t)(seen >> PID_SHIFT);
	uint64_t began;
	if (pid == 0) {
		return false;
	}
	if ((seen >> WHERE_SHIFT & WHERE_MASK) != (own >> WHERE_SHIFT & WHERE_MASK)) {
		return !is_late(seen, now_ms);
	}
	if (kill((pid_t)pid, 0) != 0) {
		return errno != ESRCH && !is_late(seen, now_ms);
	}
	life is = look(pid, &began);
	uint64_t wanted = seen >> BEGAN_SHIFT & BEGAN_MASK;
	if (is == GONE || (began != 0 && wanted != 0 && began != wanted)) {
		return false;
	}
	return is == RUNS || !is_late(seen, now_ms);
}

static word *places(agent_slots_state *state, agent_slot_kind kind)
{
	return agent_region_words(*state->region, kind == AGENT_SLOT_TURN ? AGENT_REGION_TURNS : AGENT_REGION_WAITING, AGENT_STR_EMPTY, 0);
}

static bool usable(const agent_slots_state *state)
{
	return *state->region != NULL && agent_region_is_whole(*state->region);
}

/* From the last one down: a pool that is allowed fewer shares the first ones with nobody as long as there are others. */
static bool take_free(word *all, int max, uint64_t mine, agent_slot *slot)
{
	for (int i = max - 1; i >= 0; i--) {
		uint64_t seen = atomic_load(&all[i]);
		if (seen == 0 && atomic_compare_exchange_strong(&all[i], &seen, mine)) {
			slot->place = i;
			return true;
		}
	}
	return false;
}

/* Each look is a few system calls and many may wait, so with many places a few are looked at each time, others the next time. */
static bool take_over(word *all, int max, uint64_t mine, int64_t now_ms, agent_slot *slot)
{
	for (int k = 0; k < max && k < LOOKS; k++) {
		int i = (int)((now_ms + k) % max);
		uint64_t seen = atomic_load(&all[i]);
		if ((seen == 0 || !is_held(mine, seen, now_ms)) && atomic_compare_exchange_strong(&all[i], &seen, mine)) {
			slot->place = i;
			return true;
		}
	}
	return false;
}

/* --- the port --- */

static agent_status enter(void *opaque, agent_slot_kind kind, int max, int64_t now_ms, int64_t until_ms, agent_slot *slot, bool *taken, agent_error *err)
{
	agent_slots_state *state = opaque;
	*slot = (agent_slot){ kind, -1, 0 };
	*taken = false;
	if (!usable(state)) {
		agent_fail(err, AGENT_DOMAIN_STORE, "region", "the site's shared memory was cut; it is made again");
		err->retry = true;
		return AGENT_ERR;
	}
	max = max < AGENT_REGION_PLACES ? max : AGENT_REGION_PLACES;
	now_ms = now_ms > 0 ? now_ms : 0;
	slot->word = owner(state) | until_s(until_ms);
	word *all = places(state, kind);
	*taken = take_free(all, max, slot->word, slot) || take_over(all, max, slot->word, now_ms, slot);
	return AGENT_OK;
}

static bool is_own(agent_slots_state *state, const agent_slot *slot)
{
	return slot->place >= 0 && (int64_t)(slot->word >> PID_SHIFT) == getpid() && usable(state);
}

static void extend(void *opaque, agent_slot *slot, int64_t until_ms)
{
	agent_slots_state *state = opaque;
	uint64_t seen = slot->word;
	uint64_t longer = (seen & ~UNTIL_MASK) | until_s(until_ms);
	if (is_own(state, slot) && atomic_compare_exchange_strong(&places(state, slot->kind)[slot->place], &seen, longer)) {
		slot->word = longer;
	}
}

static void leave(void *opaque, agent_slot *slot)
{
	agent_slots_state *state = opaque;
	uint64_t seen = slot->word;
	if (is_own(state, slot)) {
		atomic_compare_exchange_strong(&places(state, slot->kind)[slot->place], &seen, 0);
	}
	slot->place = -1;
}

static int count(void *opaque, agent_slot_kind kind, int64_t now_ms)
{
	agent_slots_state *state = opaque;
	int held = 0;
	if (!usable(state)) {
		return 0;
	}
	uint64_t own = owner(state);
	word *all = places(state, kind);
	for (int i = 0; i < AGENT_REGION_PLACES; i++) {
		uint64_t seen = atomic_load(&all[i]);
		held += seen != 0 && is_held(own, seen, now_ms);
	}
	return held;
}

agent_slots agent_shared_slots(agent_slots_state *state)
{
	return (agent_slots){ enter, extend, leave, count, state };
}

/* SPDX-License-Identifier: MIT
 * Eight workers at one site's limits and places, killed, stopped and started again at random while they write.
 * AGENT_STORM_SECONDS: for how long, 10 unless told. What is claimed holds at any speed. */
#include "tests/unit/memory_support.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "ext/memory/region_own.h"
#include "ext/run/shared.h"

enum {
	WORKERS = 8,
	PLACES = 3,
	COUNT = 2000,                /* of each round's bucket */
	LIVES = 10000,               /* rounds until a bucket is full again: nobody is stopped for that long */
	ROUNDS = 1 << 20,
	NEIGHBOURS = 4
};

static const int64_t NOW = 1790000000000;

/* What they tell each other and the parent, beside the region. */
typedef struct board {
	_Atomic int stop;
	_Atomic uint32_t round;
	_Atomic uint32_t admitted[ROUNDS];
	_Atomic uint64_t beats[WORKERS];     /* grows as long as the worker is not stuck */
	_Atomic uint64_t added[WORKERS];     /* to one word of the region */
	_Atomic uint32_t doomed[WORKERS];    /* incarnations up to this one are dead, or will be in a moment */
	_Atomic uint32_t holder[PLACES];     /* worker and incarnation, by whoever has the place */
	_Atomic uint64_t twice;              /* a place had two owners */
	_Atomic uint64_t errors, places, takeovers;
} board;

static char root[64];
static board *all;
static char (*keys)[NEIGHBOURS][12]; /* for each set some that have their bucket there */

/* Several keys of each set, so that whatever bucket a round is about, others come and go beside it. */
static void find_neighbours(agent_region *region)
{
	static unsigned char found[AGENT_REGION_SETS];
	int missing = AGENT_REGION_SETS * NEIGHBOURS;
	for (int i = 0; missing > 0; i++) {
		char key[12];
		uint32_t tag;
		snprintf(key, sizeof key, "n%d", i);
		size_t set = (size_t)(agent_region_bucket(region, agent_str_cstr(key), &tag) - region->map->buckets[0]) / AGENT_REGION_WAYS;
		if (found[set] < NEIGHBOURS) {
			memcpy(keys[set][found[set]++], key, sizeof key);
			missing--;
		}
	}
}

typedef struct worker {
	int index;
	uint32_t incarnation;
	uint64_t dice;
	agent_region *region;
	agent_limits limits;
	agent_slots_state slots_state;
	agent_slots slots;
} worker;

static uint64_t dice(worker *w, uint64_t sides)
{
	w->dice ^= w->dice << 13;
	w->dice ^= w->dice >> 7;
	w->dice ^= w->dice << 17;
	return w->dice % sides;
}

static void take_from_the_round(worker *w, bool neighbour)
{
	agent_error err;
	bool allowed = false;
	int64_t wait_ms;
	char key[16];
	uint32_t tag;
	uint32_t round = atomic_load(&all->round);
	int64_t now = NOW + (int64_t)round * 1000;
	if (round + 1 >= ROUNDS) {
		return;
	}
	snprintf(key, sizeof key, "r%u", round);
	agent_str text = agent_str_cstr(key);
	agent_rate rate = { COUNT, LIVES };
	if (neighbour) {
		size_t set = (size_t)(agent_region_bucket(w->region, text, &tag) - w->region->map->buckets[0]) / AGENT_REGION_WAYS;
		text = agent_str_cstr(keys[set][dice(w, NEIGHBOURS)]);
		rate = (agent_rate){ 2, 1 };
	}
	if (w->limits.take(w->limits.state, text, rate, now, &allowed, &wait_ms, &err) != AGENT_OK) {
		atomic_fetch_add(&all->errors, 1);
	} else if (!neighbour && allowed) {
		atomic_fetch_add(&all->admitted[round], 1);
	} else if (!neighbour) {
		atomic_compare_exchange_strong(&all->round, &round, round + 1);
	}
}

static void go_through_a_place(worker *w)
{
	agent_error err;
	agent_slot slot;
	bool taken = false;
	int64_t now = support_now(NULL) + NOW;
	uint32_t mine = (uint32_t)w->index << 24 | w->incarnation;
	if (w->slots.enter(w->slots.state, AGENT_SLOT_TURN, PLACES, now, now + 3600000, &slot, &taken, &err) != AGENT_OK) {
		atomic_fetch_add(&all->errors, 1);
		return;
	}
	if (!taken) {
		return;
	}
	uint32_t before = atomic_exchange(&all->holder[slot.place], mine);
	if (before != 0 && (before & 0xffffff) > atomic_load(&all->doomed[before >> 24])) {
		atomic_fetch_add(&all->twice, 1);
	}
	atomic_fetch_add(&all->places, 1);
	atomic_fetch_add(&all->takeovers, before != 0);
	if (dice(w, 4) == 0) {
		w->slots.extend(w->slots.state, &slot, now + 3700000);
	}
	if (dice(w, 4) == 0) {
		usleep(200);
	}
	if (!atomic_compare_exchange_strong(&all->holder[slot.place], &mine, 0)) {
		atomic_fetch_add(&all->twice, 1);
	}
	w->slots.leave(w->slots.state, &slot);
}

static void work(int index, uint32_t incarnation)
{
	agent_error err;
	worker w = { .index = index, .incarnation = incarnation, .dice = (uint64_t)getpid() * 0x9e3779b97f4a7c15u | 1 };
	w.limits = agent_shared_limits(&w.region);
	w.slots_state.region = &w.region;
	w.slots = agent_shared_slots(&w.slots_state);
	while (atomic_load(&all->stop) == 0) {
		if (w.region == NULL && agent_region_open(agent_str_cstr(root), SITE, &w.region, &err) != AGENT_OK) {
			_exit(3);
		}
		uint64_t what = dice(&w, 1000);
		if (what < 600) {
			take_from_the_round(&w, false);
		} else if (what < 850) {
			take_from_the_round(&w, true);
		} else if (what < 950) {
			atomic_fetch_add(agent_region_words(w.region, AGENT_REGION_BREAKERS, AGENT_STR("tool:storm"), NOW), 1);
			atomic_fetch_add(&all->added[index], 1);
		} else if (what < 999) {
			go_through_a_place(&w);
		} else { /* as a request that finds its worker new */
			agent_region_close(w.region);
			w.region = NULL;
		}
		atomic_fetch_add(&all->beats[index], 1);
	}
	_exit(0);
}

static pid_t start(int index, uint32_t incarnation)
{
	pid_t pid = fork();
	if (pid == 0) {
		work(index, incarnation);
	}
	assert_true(pid > 0);
	return pid;
}

/* Kills, stops and continues; gives the number of kills. */
static int storm(pid_t pids[WORKERS], int64_t seconds)
{
	static uint32_t incarnations[WORKERS];
	int64_t end = support_now(NULL) + seconds * 1000;
	int kills = 0;
	srand48(getpid());
	for (int i = 0; i < WORKERS; i++) {
		pids[i] = start(i, ++incarnations[i]);
	}
	while (support_now(NULL) < end) {
		int i = (int)(lrand48() % WORKERS);
		usleep((useconds_t)(lrand48() % 8000));
		if (lrand48() % 3 == 0) {
			atomic_store(&all->doomed[i], incarnations[i]);
			if (lrand48() % 2 == 0) { /* also one that is stopped */
				kill(pids[i], SIGSTOP);
				usleep((useconds_t)(lrand48() % 3000));
			}
			kill(pids[i], SIGKILL);
			kills++;
			usleep((useconds_t)(lrand48() % 1000)); /* a master takes a moment to notice */
			assert_int_equal(waitpid(pids[i], NULL, 0), pids[i]);
			pids[i] = start(i, ++incarnations[i]);
		} else {
			kill(pids[i], SIGSTOP);
			usleep((useconds_t)(lrand48() % 20000));
			kill(pids[i], SIGCONT);
		}
	}
	return kills;
}

/* Each gets on, and each ends when it is told to. A minute is no claim about speed: one that is stuck is stuck for ever. */
static void nobody_is_stuck(pid_t pids[WORKERS])
{
	uint64_t before[WORKERS];
	int64_t until = support_now(NULL) + 60000;
	for (int i = 0; i < WORKERS; i++) {
		before[i] = atomic_load(&all->beats[i]);
	}
	for (int i = 0; i < WORKERS; i++) {
		while (atomic_load(&all->beats[i]) < before[i] + 100) {
			assert_true(support_now(NULL) < until);
			usleep(1000);
		}
	}
	atomic_store(&all->stop, 1);
	for (int i = 0; i < WORKERS; i++) {
		int status = -1;
		while (waitpid(pids[i], &status, WNOHANG) == 0) {
			assert_true(support_now(NULL) < until);
			usleep(1000);
		}
		assert_int_equal(status, 0);
	}
}

static void limits_and_places_hold_while_workers_die(void **state)
{
	(void)state;
	const char *told = getenv("AGENT_STORM_SECONDS");
	pid_t pids[WORKERS];
	agent_region *region = NULL;
	support_dir(root);
	all = mmap(NULL, sizeof *all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(all, MAP_FAILED);
	keys = calloc(AGENT_REGION_SETS, sizeof *keys);
	assert_non_null(keys);
	assert_ok(agent_region_open(agent_str_cstr(root), SITE, &region, err));
	find_neighbours(region);
	int kills = storm(pids, told != NULL ? strtol(told, NULL, 10) : 10);
	nobody_is_stuck(pids);

	uint32_t rounds = atomic_load(&all->round);
	uint64_t most = 0, missing = 0, added = 0;
	for (uint32_t r = 0; r < rounds; r++) {
		uint64_t got = atomic_load(&all->admitted[r]);
		most = got > most ? got : most;
		missing += got < COUNT ? COUNT - got : 0;
	}
	for (int i = 0; i < WORKERS; i++) {
		added += atomic_load(&all->added[i]);
	}
	uint64_t total = atomic_load(agent_region_words(region, AGENT_REGION_BREAKERS, AGENT_STR("tool:storm"), NOW));
	agent_slots_state slots_state = { .region = &region };
	agent_slots slots = agent_shared_slots(&slots_state);
	print_message("# %u rounds of %d, at most %llu admitted, %llu not told of; %llu added, %llu not told of; %llu places, %llu of dead ones; %d kills\n",
		rounds, COUNT, (unsigned long long)most, (unsigned long long)missing, (unsigned long long)total, (unsigned long long)(total - added),
		(unsigned long long)atomic_load(&all->places), (unsigned long long)atomic_load(&all->takeovers), kills);
	assert_true(rounds > 0 && kills > 0);
	assert_true(most <= COUNT);              /* never one more */
	assert_true(missing <= (uint64_t)kills); /* one that was killed took it, and could not say so */
	assert_true(total >= added && total - added <= (uint64_t)kills);
	assert_int_equal(atomic_load(&all->errors), 0);
	assert_int_equal(atomic_load(&all->twice), 0);
	assert_int_equal(slots.count(slots.state, AGENT_SLOT_TURN, support_now(NULL) + NOW), 0);
	for (int i = 0; i < PLACES; i++) {
		agent_slot slot;
		bool taken = false;
		assert_ok(slots.enter(slots.state, AGENT_SLOT_TURN, PLACES, NOW, NOW + 1000, &slot, &taken, err));
		assert_true(taken);
	}
	agent_region_close(region);
	free(keys);
	munmap(all, sizeof *all);
	support_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_and_places_hold_while_workers_die),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 * Limits over a site's shared memory: one worker, several, keys that meet in one set, and words that nobody of ours wrote.
 * The arithmetic stands in guard_rate.c, workers that are killed in run_storm.c. */
#include "tests/unit/memory_support.h"

#include <sys/mman.h>
#include <sys/wait.h>

#include "ext/guard/rate.h"
#include "ext/run/shared.h"

static const int64_t NOW = 1790000000000;

static char root[64];
static agent_region *region;

static int setup(void **state)
{
	(void)state;
	support_dir(root);
	agent_error err = { 0 };
	return agent_region_open(agent_str_cstr(root), SITE, &region, &err);
}

static int teardown(void **state)
{
	(void)state;
	agent_region_close(region);
	support_remove(root);
	return 0;
}

static int64_t taken(agent_region **from, const char *key, agent_rate rate, int64_t now_ms)
{
	agent_limits port = agent_shared_limits(from);
	bool allowed = false;
	int64_t wait_ms = -1;
	assert_ok(port.take(port.state, agent_str_cstr(key), rate, now_ms, &allowed, &wait_ms, err));
	assert_true(allowed ? wait_ms == 0 : wait_ms > 0);
	return wait_ms;
}

static void a_burst_is_count_and_each_key_has_its_own(void **state)
{
	(void)state;
	agent_region *other = NULL;
	assert_ok(agent_region_open(agent_str_cstr(root), OTHER_SITE, &other, err));
	const agent_rate rate = { 3, 60 };
	for (int i = 0; i < 3; i++) {
		assert_int_equal(taken(&region, "ip", rate, NOW), 0);
	}
	assert_int_equal(taken(&region, "ip", rate, NOW), 20000);
	assert_int_equal(taken(&region, "ip", rate, NOW + 5000), 15000); /* asking in vain costs nothing */
	assert_int_equal(taken(&region, "ip2", rate, NOW), 0);
	assert_int_equal(taken(&other, "ip", rate, NOW), 0);
	assert_int_equal(taken(&region, "ip", rate, NOW + 19999), 1);
	assert_int_equal(taken(&region, "ip", rate, NOW + 20000), 0);
	assert_int_equal(taken(&region, "ip", rate, NOW + 20000), 20000);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(taken(&region, "ip", rate, NOW + 600000), 0);
	}
	assert_true(taken(&region, "ip", rate, NOW + 600000) > 0);
	assert_int_equal(taken(&region, "ip", rate, NOW), 20000); /* the clock was set back: one window at most */
	for (int i = 0; i < 100; i++) {
		assert_int_equal(taken(&region, "free", (agent_rate){ 0, 60 }, NOW), 0);
	}
	agent_region_close(other);
	other = NULL; /* another worker, and another time: the file keeps it */
	assert_ok(agent_region_open(agent_str_cstr(root), SITE, &other, err));
	assert_true(taken(&other, "ip", rate, NOW) > 0);
	agent_region_close(other);
}

static void what_a_refused_request_took_is_put_back(void **state)
{
	(void)state;
	const agent_rate rate = { 2, 60 };
	agent_limits port = agent_shared_limits(&region);
	assert_ok(port.give(port.state, AGENT_STR("back"), rate, NOW, err)); /* a full one stays full */
	assert_int_equal(taken(&region, "back", rate, NOW), 0);
	assert_int_equal(taken(&region, "back", rate, NOW), 0);
	assert_int_equal(taken(&region, "back", rate, NOW), 30000);
	assert_ok(port.give(port.state, AGENT_STR("back"), rate, NOW, err));
	assert_ok(port.give(port.state, AGENT_STR("another"), rate, NOW, err));
	assert_int_equal(taken(&region, "back", rate, NOW), 0);
	assert_int_equal(taken(&region, "back", rate, NOW), 30000);
	for (int i = 0; i < 5; i++) {
		assert_ok(port.give(port.state, AGENT_STR("back"), rate, NOW, err));
	}
	assert_int_equal(taken(&region, "back", rate, NOW), 0);
	assert_int_equal(taken(&region, "back", rate, NOW), 0);
	assert_int_equal(taken(&region, "back", rate, NOW), 30000);
	assert_ok(port.give(port.state, AGENT_STR("back"), (agent_rate){ 0, 60 }, NOW, err));
	assert_ok(port.give(port.state, AGENT_STR("back"), rate, -1, err));
	assert_int_equal(taken(&region, "back", rate, NOW), 30000);
}

static void a_clock_out_of_range_is_an_error(void **state)
{
	(void)state;
	bool allowed;
	int64_t wait_ms;
	agent_limits port = agent_shared_limits(&region);
	assert_fails(port.take(port.state, AGENT_STR("k"), (agent_rate){ 1, 1 }, -1, &allowed, &wait_ms, err), "clock");
	assert_fails(port.take(port.state, AGENT_STR("k"), (agent_rate){ 1, 1 }, INT64_MAX, &allowed, &wait_ms, err), "clock");
}

/* Keys whose bucket may stand in the set of the key "0", that one first. */
static int neighbours(char keys[][16], int max)
{
	uint32_t tag;
	_Atomic uint64_t *set = agent_region_bucket(region, AGENT_STR("0"), &tag);
	int count = 0;
	for (int i = 0; count < max; i++) {
		snprintf(keys[count], 16, "%d", i);
		count += agent_region_bucket(region, agent_str_cstr(keys[count]), &tag) == set;
	}
	return count;
}

static void a_set_of_live_buckets_turns_a_new_key_away_and_frees_none(void **state)
{
	(void)state;
	char keys[AGENT_REGION_WAYS + 2][16];
	const agent_rate rate = { 2, 60 };
	neighbours(keys, AGENT_REGION_WAYS + 2);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < AGENT_REGION_WAYS; i++) {
			assert_int_equal(taken(&region, keys[i], rate, NOW + i), 0);
		}
	}
	assert_int_equal(taken(&region, keys[AGENT_REGION_WAYS], rate, NOW + 100), 59900); /* until the first of them is full */
	for (int i = 0; i < AGENT_REGION_WAYS; i++) {
		assert_true(taken(&region, keys[i], rate, NOW + 100) > 0); /* what they took, they have taken */
	}
	assert_int_equal(taken(&region, keys[AGENT_REGION_WAYS], rate, NOW + 59999), 1);
	assert_int_equal(taken(&region, keys[AGENT_REGION_WAYS], rate, NOW + 60000), 0); /* in the place of the first, which is full */
	assert_int_equal(taken(&region, keys[AGENT_REGION_WAYS + 1], rate, NOW + 60000), 1); /* the second is not, yet */
	assert_int_equal(taken(&region, keys[0], rate, NOW + 60001), 0);
}

static void whatever_stands_in_a_set_a_key_comes_to_an_answer(void **state)
{
	(void)state;
	uint64_t x = 88172645463325252u;
	const agent_rate rate = { 5, 60 };
	for (int round = 0; round < 20000; round++) {
		char key[16];
		uint32_t tag;
		snprintf(key, sizeof key, "%d", round % 7);
		_Atomic uint64_t *set = agent_region_bucket(region, agent_str_cstr(key), &tag);
		for (int i = 0; i < AGENT_REGION_WAYS; i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			uint64_t word = x;
			if (x % 3 == 0) { /* the key's own tag, tentative or not, at any moment */
				word = (uint64_t)tag << 45 | (x >> 19);
			} else if (x % 3 == 1) { /* a live bucket of another */
				word = (x >> 45) << 45 | (uint64_t)(NOW * 4 + (int64_t)(x % 1000000));
			}
			atomic_store(&set[i], word);
		}
		bool allowed;
		int64_t wait_ms;
		agent_limits port = agent_shared_limits(&region);
		assert_ok(port.take(port.state, agent_str_cstr(key), rate, NOW, &allowed, &wait_ms, err));
		assert_true(allowed || wait_ms > 0);
	}
	/* What lies further ahead than any bucket is no obstacle for longer than a window. */
	uint32_t tag;
	_Atomic uint64_t *set = agent_region_bucket(region, AGENT_STR("k"), &tag);
	for (int i = 0; i < AGENT_REGION_WAYS; i++) {
		atomic_store(&set[i], UINT64_MAX);
	}
	assert_int_equal(taken(&region, "k", rate, NOW), 0);
	for (int i = 0; i < AGENT_REGION_WAYS; i++) {
		atomic_store(&set[i], (uint64_t)(tag + 1) << 45 | (uint64_t)(NOW * 4) << 1);
	}
	assert_int_equal(taken(&region, "k", rate, NOW), 0);
}

/* Eight workers at once, each round another new key and its neighbours, which come and go in the same set all the time. */
static void workers_together_get_exactly_count(void **state)
{
	(void)state;
	enum { WORKERS = 8, ROUNDS = 150, COUNT = 40, OTHERS = 40 };
	static char keys[1 + OTHERS][16];
	neighbours(keys, 1 + OTHERS);
	_Atomic int *shared = mmap(NULL, sizeof(int) * (ROUNDS * 2 + 1), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(shared, MAP_FAILED);
	for (int w = 0; w < WORKERS; w++) {
		if (fork() != 0) {
			continue;
		}
		agent_error err;
		agent_region *own = NULL;
		int bad = agent_region_open(agent_str_cstr(root), SITE, &own, &err) != AGENT_OK;
		agent_limits port = agent_shared_limits(&own);
		for (int round = 0; round < ROUNDS && !bad; round++) {
			int64_t now = NOW + (int64_t)round * 100000000;
			atomic_fetch_add(&shared[ROUNDS + round], 1); /* all begin a round together */
			while (atomic_load(&shared[ROUNDS + round]) < WORKERS) {
				usleep(50);
			}
			for (int i = 0; i < 12 && !bad; i++) {
				bool allowed = false;
				int64_t wait_ms;
				bad = port.take(port.state, agent_str_cstr(keys[0]), (agent_rate){ COUNT, 3600 }, now, &allowed, &wait_ms, &err) != AGENT_OK;
				atomic_fetch_add(&shared[round], allowed ? 1 : 0);
				/* full again a second later, as this worker's clock runs: free places everywhere */
				bad = bad || port.take(port.state, agent_str_cstr(keys[1 + (w * 12 + i) % OTHERS]), (agent_rate){ 1, 1 }, now + i * 1000, &allowed,
					&wait_ms, &err) != AGENT_OK;
			}
		}
		_exit(bad);
	}
	int status, bad = 0;
	while (wait(&status) > 0) {
		bad += status != 0;
	}
	assert_int_equal(bad, 0);
	for (int round = 0; round < ROUNDS; round++) {
		assert_int_equal(atomic_load(&shared[round]), COUNT);
	}
	munmap((void *)shared, sizeof(int) * (ROUNDS * 2 + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_burst_is_count_and_each_key_has_its_own, setup, teardown),
		cmocka_unit_test_setup_teardown(what_a_refused_request_took_is_put_back, setup, teardown),
		cmocka_unit_test_setup_teardown(a_clock_out_of_range_is_an_error, setup, teardown),
		cmocka_unit_test_setup_teardown(a_set_of_live_buckets_turns_a_new_key_away_and_frees_none, setup, teardown),
		cmocka_unit_test_setup_teardown(whatever_stands_in_a_set_a_key_comes_to_an_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(workers_together_get_exactly_count, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

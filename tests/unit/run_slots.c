/* SPDX-License-Identifier: MIT
 * Places of turns: how many there are, and whose they are when a process died, was stopped, forked, or cannot be seen.
 * Workers that are killed while they write stand in run_storm.c, the chat's use of places in tests/chat. */
#include "tests/unit/memory_support.h"

#include <signal.h>
#include <sys/wait.h>

#include "ext/run/shared.h"

static const int64_t NOW = 1790000000000;

static char root[64];
static agent_region *region;
static agent_slots_state state_of;
static agent_slots port;

static int setup(void **state)
{
	(void)state;
	support_dir(root);
	state_of = (agent_slots_state){ .region = &region };
	port = agent_shared_slots(&state_of);
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

static bool entered(int max, int64_t now_ms, int64_t until_ms, agent_slot *slot)
{
	bool taken = false;
	assert_ok(port.enter(port.state, AGENT_SLOT_TURN, max, now_ms, until_ms, slot, &taken, err));
	assert_true(taken == (slot->place >= 0) && slot->place < max);
	return taken;
}

static int count(int64_t now_ms)
{
	return port.count(port.state, AGENT_SLOT_TURN, now_ms);
}

static _Atomic uint64_t *words(void)
{
	return agent_region_words(region, AGENT_REGION_TURNS, AGENT_STR_EMPTY, 0);
}

static void there_are_as_many_as_may_be(void **state)
{
	(void)state;
	agent_slot slots[4], waiting;
	bool taken = false;
	assert_int_equal(count(NOW), 0);
	for (int i = 0; i < 3; i++) {
		assert_true(entered(3, NOW, NOW + 8000, &slots[i]));
	}
	assert_false(entered(3, NOW, NOW + 8000, &slots[3]));
	assert_false(entered(3, NOW + 3600000, NOW + 3608000, &slots[3])); /* late, but alive: its worker is still busy */
	assert_int_equal(count(NOW), 3);
	assert_ok(port.enter(port.state, AGENT_SLOT_WAITING, 1, NOW, NOW + 1000, &waiting, &taken, err));
	assert_true(taken);
	assert_int_equal(port.count(port.state, AGENT_SLOT_WAITING, NOW), 1);
	port.leave(port.state, &waiting);
	assert_int_equal(port.count(port.state, AGENT_SLOT_WAITING, NOW), 0);
	assert_true(entered(4, NOW, NOW + 8000, &slots[3])); /* a pool that is allowed more */
	port.leave(port.state, &slots[3]);
	port.leave(port.state, &slots[1]);
	assert_int_equal(slots[1].place, -1);
	port.leave(port.state, &slots[1]); /* once more: nothing */
	assert_int_equal(count(NOW), 2);
	assert_true(entered(3, NOW, NOW + 8000, &slots[1]));
	for (int i = 0; i < 3; i++) {
		port.extend(port.state, &slots[i], NOW + 60000);
		port.leave(port.state, &slots[i]);
	}
	assert_int_equal(count(NOW), 0);
	assert_false(entered(0, NOW, NOW, &slots[0]));
	static agent_slot many[AGENT_REGION_PLACES];
	for (int i = 0; i < AGENT_REGION_PLACES; i++) {
		assert_true(entered(1 << 30, NOW, NOW + 8000, &many[i]));
	}
	assert_false(entered(1 << 30, NOW, NOW + 8000, &slots[0]));
}

/* A child that has a place, and waits until it is ended. */
static pid_t child_with_a_place(int64_t until_ms)
{
	int ready[2];
	char byte;
	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		agent_slot slot;
		if (!entered(1, NOW, until_ms, &slot) || write(ready[1], "x", 1) != 1) {
			_exit(1);
		}
		for (;;) {
			pause();
		}
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return child;
}

static void a_dead_one_s_place_is_free_at_once(void **state)
{
	(void)state;
	agent_slot slot;
	siginfo_t info;
	for (int reaped = 0; reaped < 2; reaped++) {
		pid_t child = child_with_a_place(NOW + 3600000);
		assert_false(entered(1, NOW, NOW + 8000, &slot));
		kill(child, SIGKILL);
		if (reaped) {
			waitpid(child, NULL, 0);
		} else { /* its master has not asked for it yet */
			assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
		}
		assert_int_equal(count(NOW), 0);
		assert_true(entered(1, NOW, NOW + 8000, &slot));
		port.leave(port.state, &slot);
		waitpid(child, NULL, 0);
	}
}

static void a_stopped_one_s_place_counts_until_its_time_and_two_seconds(void **state)
{
	(void)state;
	agent_slot slot;
	siginfo_t info;
	pid_t child = child_with_a_place(NOW + 5000);
	kill(child, SIGSTOP);
	assert_int_equal(waitid(P_PID, (id_t)child, &info, WSTOPPED), 0);
	assert_false(entered(1, NOW + 5000, NOW + 9000, &slot));
	assert_false(entered(1, NOW + 6999, NOW + 9000, &slot));
	assert_int_equal(count(NOW + 6999), 1);
	assert_int_equal(count(NOW + 7000), 0);
	assert_true(entered(1, NOW + 7000, NOW + 9000, &slot));
	kill(child, SIGCONT);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_equal(count(NOW + 7000), 1);
	port.leave(port.state, &slot);
}

/* It comes back after its place has become another's. */
static void who_was_late_frees_nobody_else_s_place(void **state)
{
	(void)state;
	agent_slot first, second;
	assert_true(entered(1, NOW, NOW + 5000, &first));
	atomic_store(&words()[0], 0);
	assert_true(entered(1, NOW, NOW + 7000, &second));
	port.leave(port.state, &first);
	assert_int_equal(count(NOW), 1);
	port.leave(port.state, &second);
	assert_int_equal(count(NOW), 0);
}

static void a_child_does_not_give_back_its_parent_s_place(void **state)
{
	(void)state;
	agent_slot slot;
	int status;
	assert_true(entered(2, NOW, NOW + 5000, &slot));
	if (fork() == 0) {
		agent_slot own;
		port.leave(port.state, &slot);
		_exit(count(NOW) == 1 && entered(2, NOW, NOW + 5000, &own) && count(NOW) == 2 ? 0 : 1);
	}
	wait(&status);
	assert_int_equal(status, 0);
	assert_int_equal(count(NOW), 1);
	port.leave(port.state, &slot);
}

static void words_of_others(void **state)
{
	(void)state;
	agent_slot slot, own;
	assert_true(entered(1, NOW, NOW + 5000, &slot));
	uint64_t mine = slot.word;
	port.leave(port.state, &slot);
	atomic_store(&words()[0], mine ^ UINT64_C(0xfff) << 22); /* this pid, of a process that began at another time */
	assert_true(entered(1, NOW, NOW + 5000, &own));
	port.leave(port.state, &own);
	atomic_store(&words()[0], mine ^ UINT64_C(0x55) << 34); /* another container's, or of before a restart */
	assert_false(entered(1, NOW, NOW + 5000, &own));
	assert_false(entered(1, NOW + 6999, NOW + 9000, &own));
	assert_true(entered(1, NOW + 7000, NOW + 9000, &own));
	port.leave(port.state, &own);
	atomic_store(&words()[0], (mine ^ UINT64_C(0x55) << 34) + 200000); /* a time that no turn of ours may have */
	assert_true(entered(1, NOW, NOW + 5000, &own));
	port.leave(port.state, &own);
	uint64_t x = 88172645463325252u;
	for (int round = 0; round < 2000; round++) {
		for (int i = 0; i < 8; i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			atomic_store(&words()[i], x);
		}
		bool taken;
		assert_ok(port.enter(port.state, AGENT_SLOT_TURN, 8, NOW, NOW + 5000, &own, &taken, err));
		port.leave(port.state, &own);
		(void)count(NOW);
	}
}

/* The seconds in a word go round every 48 days. */
static void time_goes_round(void **state)
{
	(void)state;
	const int64_t turn = (INT64_C(1) << 22) * 1000;
	int64_t edge = NOW - NOW % turn + turn;
	for (int64_t now = edge - 12000; now <= edge + 12000; now += 1000) {
		agent_slot slot, own;
		assert_true(entered(1, now, now + 5000, &slot));
		atomic_store(&words()[0], slot.word ^ UINT64_C(0x55) << 34);
		assert_false(entered(1, now + 6000, now + 9000, &own));
		assert_true(entered(1, now + 7000, now + 9000, &own));
		port.leave(port.state, &own);
	}
}

static void a_file_that_was_cut_is_an_error_and_no_signal(void **state)
{
	(void)state;
	char path[160];
	agent_slot slot;
	bool taken;
	assert_true(entered(1, NOW, NOW + 5000, &slot));
	snprintf(path, sizeof path, "%s/%s.region", root, SITE);
	assert_int_equal(truncate(path, 0), 0);
	agent_slot own;
	assert_fails(port.enter(port.state, AGENT_SLOT_TURN, 1, NOW, NOW + 5000, &own, &taken, err), "region");
	assert_int_equal(count(NOW), 0);
	port.extend(port.state, &slot, NOW + 9000);
	port.leave(port.state, &slot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(there_are_as_many_as_may_be, setup, teardown),
		cmocka_unit_test_setup_teardown(a_dead_one_s_place_is_free_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(a_stopped_one_s_place_counts_until_its_time_and_two_seconds, setup, teardown),
		cmocka_unit_test_setup_teardown(who_was_late_frees_nobody_else_s_place, setup, teardown),
		cmocka_unit_test_setup_teardown(a_child_does_not_give_back_its_parent_s_place, setup, teardown),
		cmocka_unit_test_setup_teardown(words_of_others, setup, teardown),
		cmocka_unit_test_setup_teardown(time_goes_round, setup, teardown),
		cmocka_unit_test_setup_teardown(a_file_that_was_cut_is_an_error_and_no_signal, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

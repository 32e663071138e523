/* SPDX-License-Identifier: MIT
 * Sessions and leases on SQLite, between processes too.
 */
#include "tests/unit/memory_support.h"

#include <signal.h>
#include <sys/wait.h>

static void a_session_is_found_as_it_was_started(void **state)
{
	(void)state;
	char root[64];
	agent_session got;
	support_dir(root);
	agent_sqlite *db = support_open(root, SITE);
	agent_sessions port = agent_sqlite_sessions(db);
	agent_arena *arena = agent_arena_new(100000);
	agent_session session = { .id = AGENT_STR("s1"), .has_subject = true, .subject = AGENT_STR("user 7"),
		.locale = AGENT_STR("de-AT"),
		.created_s = 1000, .updated_s = 1001 };
	assert_ok(port.start(port.state, &session, err));
	assert_fails(port.start(port.state, &session, err), "exists");
	assert_ok(port.get(port.state, AGENT_STR("s1"), 2000, arena, &got, err));
	assert_true(agent_str_is(got.id, "s1") && agent_str_is(got.subject, "user 7")
		&& agent_str_is(got.locale, "de-AT"));
	assert_true(got.has_subject && !got.ended && got.created_s == 1000 && got.updated_s == 1001
		&& got.grant_count == 0);
	support_session(db, "guest");
	assert_ok(port.get(port.state, AGENT_STR("guest"), 2000, arena, &got, err));
	assert_true(!got.has_subject && got.subject.len == 0);
	assert_fails(port.get(port.state, AGENT_STR("s2"), 2000, arena, &got, err), "unknown");
	assert_fails(port.get(port.state, AGENT_STR("s1' OR 1=1 --"), 2000, arena, &got, err), "unknown");
	agent_arena *small = agent_arena_new(16);
	assert_fails(port.get(port.state, AGENT_STR("s1"), 2000, small, &got, err), "too_large");
	agent_arena_free(small);
	agent_arena_free(arena);
	agent_sqlite_close(db);
	support_remove(root);
}

static void sites_in_one_file_do_not_see_each_other(void **state)
{
	(void)state;
	char root[64];
	agent_session got;
	support_dir(root);
	agent_sqlite *a = support_open(root, SITE);
	agent_sqlite *b = support_open(root, OTHER_SITE);
	agent_sessions other = agent_sqlite_sessions(b);
	agent_arena *arena = agent_arena_new(100000);
	support_session(a, "s");
	assert_fails(other.get(other.state, AGENT_STR("s"), 0, arena, &got, err), "unknown");
	assert_fails(other.grant(other.state, AGENT_STR("s"), AGENT_STR("x"), 10, err), "unknown");
	assert_fails(other.end(other.state, AGENT_STR("s"), 10, err), "unknown");
	support_session(b, "s");
	agent_lease *one = NULL, *two = NULL;
	agent_sessions port = agent_sqlite_sessions(a);
	assert_ok(port.lease(port.state, AGENT_STR("s"), AGENT_STR("t"), 0, &one, err));
	assert_ok(other.lease(other.state, AGENT_STR("s"), AGENT_STR("t"), 0, &two, err));
	port.release(one);
	other.release(two);
	agent_arena_free(arena);
	agent_sqlite_close(a);
	agent_sqlite_close(b);
	support_remove(root);
}

static void grants_live_until_they_expire_and_are_extended(void **state)
{
	(void)state;
	char root[64];
	agent_session got;
	support_dir(root);
	agent_sqlite *db = support_open(root, SITE);
	agent_sessions port = agent_sqlite_sessions(db);
	agent_arena *arena = agent_arena_new(100000);
	support_session(db, "s");
	assert_fails(port.grant(port.state, AGENT_STR("other"), AGENT_STR("order:1"), 500, err), "unknown");
	assert_ok(port.grant(port.state, AGENT_STR("s"), AGENT_STR("order:1"), 500, err));
	assert_ok(port.grant(port.state, AGENT_STR("s"), AGENT_STR("order:2"), 300, err));
	assert_ok(port.grant(port.state, AGENT_STR("s"), AGENT_STR("order:2"), 700, err));
	assert_ok(port.grant(port.state, AGENT_STR("s"), AGENT_STR("order:1"), 400, err)); /* never shortened */
	assert_ok(port.get(port.state, AGENT_STR("s"), 499, arena, &got, err));
	assert_int_equal(got.grant_count, 2);
	assert_true(agent_str_is(got.grants[0].scope, "order:1") && got.grants[0].expires_s == 500
		&& got.grants[1].expires_s == 700);
	assert_ok(port.get(port.state, AGENT_STR("s"), 500, arena, &got, err));
	assert_int_equal(got.grant_count, 1);
	assert_ok(port.get(port.state, AGENT_STR("s"), 700, arena, &got, err));
	assert_int_equal(got.grant_count, 0);
	agent_arena_free(arena);
	agent_sqlite_close(db);
	support_remove(root);
}

static void an_ended_session_says_so(void **state)
{
	(void)state;
	char root[64];
	agent_session got;
	support_dir(root);
	agent_sqlite *db = support_open(root, SITE);
	agent_sessions port = agent_sqlite_sessions(db);
	agent_arena *arena = agent_arena_new(100000);
	support_session(db, "s");
	assert_ok(port.end(port.state, AGENT_STR("s"), 900, err));
	assert_ok(port.end(port.state, AGENT_STR("s"), 901, err));
	assert_ok(port.get(port.state, AGENT_STR("s"), 0, arena, &got, err));
	assert_true(got.ended && got.updated_s == 901);
	assert_fails(port.end(port.state, AGENT_STR("none"), 900, err), "unknown");
	agent_arena_free(arena);
	agent_sqlite_close(db);
	support_remove(root);
}

static void a_second_turn_waits_until_its_deadline(void **state)
{
	(void)state;
	char root[64];
	support_dir(root);
	agent_sqlite *db = support_open(root, SITE);
	agent_sessions port = agent_sqlite_sessions(db);
	agent_lease *first = NULL, *second = NULL, *other = NULL;
	assert_ok(port.lease(port.state, AGENT_STR("s"), AGENT_STR("t1"), support_now(NULL) + 1000, &first, err));
	int64_t begin = support_now(NULL);
	assert_fails(port.lease(port.state, AGENT_STR("s"), AGENT_STR("t2"), begin + 60, &second, err),
		"session_busy");
	int64_t waited = support_now(NULL) - begin;
	assert_true(waited >= 60 && waited < 500);
	assert_null(second);
	/* another session is free */
	assert_ok(port.lease(port.state, AGENT_STR("s2"), AGENT_STR("t3"), begin, &other, err));
	assert_ok(port.renew(first, begin + 5000, err));
	port.release(first);
	/* a free one is had even when late */
	assert_ok(port.lease(port.state, AGENT_STR("s"), AGENT_STR("t2"), 0, &second, err));
	port.release(second);
	port.release(other);
	port.release(NULL);
	agent_sqlite_close(db);
	support_remove(root);
}

/* A process that holds the session and tells so; it waits to be killed or to be let go. */
static pid_t holder(const char *root, int ready, int hold_ms)
{
	pid_t child = fork();
	if (child != 0) {
		return child;
	}
	agent_error err;
	agent_lease *lease = NULL;
	agent_sqlite *db = NULL;
	if (agent_sqlite_open(agent_str_cstr(root), SITE, &support_clock, 2000, &db, &err) != AGENT_OK) {
		_exit(1);
	}
	agent_sessions port = agent_sqlite_sessions(db);
	if (port.lease(port.state, AGENT_STR("s"), AGENT_STR("t"), support_now(NULL) + 1000, &lease,
		&err) != AGENT_OK
		|| write(ready, "x", 1) != 1) {
		_exit(1);
	}
	usleep((useconds_t)hold_ms * 1000);
	port.release(lease);
	agent_sqlite_close(db);
	_exit(0);
}

static void a_lease_is_waited_for_across_processes_and_freed_by_kill(void **state)
{
	(void)state;
	char root[64], c;
	int ready[2], status = 0;
	support_dir(root);
	assert_int_equal(pipe(ready), 0);
	agent_sqlite *db = support_open(root, SITE);
	agent_sessions port = agent_sqlite_sessions(db);
	agent_lease *lease = NULL;
	pid_t child = holder(root, ready[1], 100);
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_fails(port.lease(port.state, AGENT_STR("s"), AGENT_STR("t"), support_now(NULL), &lease, err),
		"session_busy");
	assert_ok(port.lease(port.state, AGENT_STR("s"), AGENT_STR("t"), support_now(NULL) + 5000, &lease, err));
	port.release(lease);
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	child = holder(root, ready[1], 60000);
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_fails(port.lease(port.state, AGENT_STR("s"), AGENT_STR("t"), support_now(NULL) + 20, &lease, err),
		"session_busy");
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	assert_ok(port.lease(port.state, AGENT_STR("s"), AGENT_STR("t"), support_now(NULL) + 1000, &lease, err));
	port.release(lease);
	close(ready[0]);
	close(ready[1]);
	agent_sqlite_close(db);
	support_remove(root);
}

static void a_child_neither_uses_nor_frees_what_it_inherited(void **state)
{
	(void)state;
	char root[64];
	int status = 0;
	support_dir(root);
	agent_sqlite *db = support_open(root, SITE);
	agent_sessions port = agent_sqlite_sessions(db);
	agent_lease *lease = NULL, *second = NULL;
	support_session(db, "s");
	assert_true(agent_sqlite_is_ours(db));
	assert_ok(port.lease(port.state, AGENT_STR("s"), AGENT_STR("t"), 0, &lease, err));
	pid_t child = fork();
	if (child == 0) {
		agent_error err;
		agent_session got;
		int wrong = agent_sqlite_is_ours(db) ? 1 : 0;
		agent_arena *arena = agent_arena_new(10000);
		wrong |= port.get(port.state, AGENT_STR("s"), 0, arena, &got, &err) == AGENT_OK
			|| strcmp(err.code, "forked") != 0 ? 2 : 0;
		wrong |= agent_sqlite_ping(db, &err) == AGENT_OK ? 4 : 0;
		port.release(lease);
		agent_sqlite_checkpoint(db);
		agent_sqlite_close(db);
		_exit(wrong);
	}
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	assert_fails(port.lease(port.state, AGENT_STR("s"), AGENT_STR("t"), 0, &second, err), "session_busy");
	support_session(db, "after"); /* and the parent's database still works */
	port.release(lease);
	agent_sqlite_close(db);
	support_remove(root);
}

/* Sixteen workers come to a new directory at once, as after a deployment. */
static void workers_that_open_a_new_database_together_all_succeed(void **state)
{
	(void)state;
	char root[64];
	support_dir(root);
	for (int i = 0; i < 16; i++) {
		if (fork() == 0) {
			agent_error err = { 0 };
			agent_sqlite *db = NULL;
			char id[32];
			if (agent_sqlite_open(agent_str_cstr(root), SITE, &support_clock, 10000, &db, &err) != AGENT_OK) {
				fprintf(stderr, "# %s\n", err.message);
				_exit(1);
			}
			agent_sessions port = agent_sqlite_sessions(db);
			for (int k = 0; k < 20; k++) {
				snprintf(id, sizeof id, "s%d-%d", i, k);
				agent_session session = { .id = agent_str_cstr(id), .subject = AGENT_STR_EMPTY, .locale =
					AGENT_STR_EMPTY };
				if (port.start(port.state, &session, &err) != AGENT_OK) {
					fprintf(stderr, "# %s\n", err.message);
					_exit(2);
				}
				agent_sqlite_checkpoint(db);
			}
			agent_sqlite_close(db);
			_exit(0);
		}
	}
	int status = 0;
	while (wait(&status) > 0) {
		assert_int_equal(status, 0);
	}
	agent_sqlite *db = support_open(root, SITE);
	agent_sessions port = agent_sqlite_sessions(db);
	agent_arena *arena = agent_arena_new(100000);
	agent_session got;
	assert_ok(port.get(port.state, AGENT_STR("s15-19"), 0, arena, &got, err));
	agent_arena_free(arena);
	agent_sqlite_close(db);
	support_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_is_found_as_it_was_started),
		cmocka_unit_test(sites_in_one_file_do_not_see_each_other),
		cmocka_unit_test(grants_live_until_they_expire_and_are_extended),
		cmocka_unit_test(an_ended_session_says_so),
		cmocka_unit_test(a_second_turn_waits_until_its_deadline),
		cmocka_unit_test(a_lease_is_waited_for_across_processes_and_freed_by_kill),
		cmocka_unit_test(a_child_neither_uses_nor_frees_what_it_inherited),
		cmocka_unit_test(workers_that_open_a_new_database_together_all_succeed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

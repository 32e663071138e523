/* SPDX-License-Identifier: MIT
 * The journal on SQLite: order, closing, crashes between batches, history and retention.
 */
#include "tests/unit/memory_support.h"

#include <signal.h>
#include <sys/wait.h>

static agent_status append(agent_sqlite *db, const char *session, const char *turn, const char *message,
	int64_t now_s, const char *entry, const char *record, const char *history, agent_error *err)
{
	agent_journal port = agent_sqlite_journal(db);
	agent_str entries[2] = { agent_str_cstr(entry), AGENT_STR("{\"second\":true}") };
	agent_journal_batch batch = { .session = agent_str_cstr(session), .turn = agent_str_cstr(turn),
		.message_id = agent_str_cstr(message),
		.now_s = now_s, .entries = entries, .entry_count = entry != NULL ? 2 : 0, .close = record != NULL,
		.record = agent_str_cstr(record), .history = agent_str_cstr(history) };
	return port.append(port.state, &batch, err);
}

static void entries_come_back_in_order_and_a_turn_closes_once(void **state)
{
	(void)state;
	char root[64];
	agent_str *entries = NULL;
	size_t count = 0;
	agent_turn_row row;
	bool found = true;
	support_dir(root);
	agent_sqlite *db = support_open(root, SITE);
	agent_journal port = agent_sqlite_journal(db);
	agent_arena *arena = agent_arena_new(1000000);
	support_session(db, "s");
	assert_ok(port.open_turn(port.state, AGENT_STR("s"), arena, &row, &found, err));
	assert_false(found);
	assert_ok(port.read(port.state, AGENT_STR("s"), AGENT_STR("t1"), arena, &entries, &count, err));
	assert_int_equal(count, 0);
	assert_ok(append(db, "s", "t1", "m1", 1000, "{\"a\":1}", NULL, NULL, err));
	assert_ok(append(db, "s", "t1", "m1", 1001, "{\"b\":\"\xc3\xa9\"}", NULL, NULL, err));
	assert_ok(port.open_turn(port.state, AGENT_STR("s"), arena, &row, &found, err));
	assert_true(found && row.open && row.number == 1 && row.started_s == 1000
		&& agent_str_is(row.message_id, "m1") && row.record.len == 0);
	assert_ok(append(db, "s", "t1", "m1", 1002, NULL, "{\"reply\":\"hi\"}", "[1]", err));
	assert_ok(port.read(port.state, AGENT_STR("s"), AGENT_STR("t1"), arena, &entries, &count, err));
	assert_int_equal(count, 4);
	assert_true(agent_str_is(entries[0], "{\"a\":1}") && agent_str_is(entries[2], "{\"b\":\"\xc3\xa9\"}"));
	assert_ok(port.open_turn(port.state, AGENT_STR("s"), arena, &row, &found, err));
	assert_false(found);
	assert_ok(port.by_message(port.state, AGENT_STR("s"), AGENT_STR("m1"), arena, &row, &found, err));
	assert_true(found && !row.open && agent_str_is(row.turn, "t1")
		&& agent_str_is(row.record, "{\"reply\":\"hi\"}") && agent_str_is(row.history, "[1]"));
	assert_ok(port.by_message(port.state, AGENT_STR("s"), AGENT_STR("m2"), arena, &row, &found, err));
	assert_false(found);
	assert_fails(append(db, "s", "t1", "m1", 1003, "{}", NULL, NULL, err), "turn_closed");
	assert_fails(append(db, "s", "t2", "m1", 1003, "{}", NULL, NULL, err), "message_repeated");
	assert_fails(append(db, "nobody", "t2", "m1", 1003, "{}", NULL, NULL, err), "unknown");
	assert_ok(append(db, "s", "t2", "m2", 1003, "{}", NULL, NULL, err));
	assert_fails(append(db, "s", "t3", "m3", 1003, "{}", NULL, NULL, err), "turn_open");
	assert_ok(port.open_turn(port.state, AGENT_STR("s"), arena, &row, &found, err));
	assert_true(found && row.number == 2);
	agent_arena_free(arena);
	agent_sqlite_close(db);
	support_remove(root);
}

static void turns_without_a_message_id_do_not_clash(void **state)
{
	(void)state;
	char root[64];
	support_dir(root);
	agent_sqlite *db = support_open(root, SITE);
	support_session(db, "s");
	assert_ok(append(db, "s", "t1", "", 1000, "{}", "{}", "[]", err));
	assert_ok(append(db, "s", "t2", "", 1000, "{}", "{}", "[]", err));
	agent_sqlite_close(db);
	support_remove(root);
}

static void history_is_the_newest_that_fit_oldest_first(void **state)
{
	(void)state;
	char root[64], turn[16];
	agent_turn_row *rows = NULL;
	size_t count = 0;
	support_dir(root);
	agent_sqlite *db = support_open(root, SITE);
	agent_journal port = agent_sqlite_journal(db);
	agent_arena *arena = agent_arena_new(1000000);
	support_session(db, "s");
	assert_ok(port.history(port.state, AGENT_STR("s"), 5, 1000, arena, &rows, &count, err));
	assert_int_equal(count, 0);
	for (int i = 1; i <= 6; i++) {
		snprintf(turn, sizeof turn, "t%d", i);
		assert_ok(append(db, "s", turn, turn, 1000 + i, "{}", "{}", "[\"10 bytes\"]" + (i == 3), err));
	}
	assert_ok(append(db, "s", "t7", "m7", 2000, "{}", NULL, NULL, err)); /* open: not history */
	assert_ok(port.history(port.state, AGENT_STR("s"), 4, 1000, arena, &rows, &count, err));
	assert_int_equal(count, 4);
	assert_true(rows[0].number == 3 && rows[3].number == 6
		&& agent_str_is(rows[3].history, "[\"10 bytes\"]"));
	assert_ok(port.history(port.state, AGENT_STR("s"), 4, 24, arena, &rows, &count, err));
	assert_int_equal(count, 2);
	assert_true(rows[0].number == 5 && rows[1].number == 6);
	assert_ok(port.history(port.state, AGENT_STR("s"), 4, 35, arena, &rows, &count, err));
	assert_int_equal(count, 2); /* 12 + 12 + 12 does not fit */
	assert_ok(port.history(port.state, AGENT_STR("s"), 4, 5, arena, &rows, &count, err));
	assert_int_equal(count, 0);
	assert_ok(port.history(port.state, AGENT_STR("s"), SIZE_MAX, SIZE_MAX, arena, &rows, &count, err));
	assert_int_equal(count, 6);
	agent_arena_free(arena);
	agent_sqlite_close(db);
	support_remove(root);
}

/* A worker is killed after its n-th batch: the next one finds exactly the batches that were reported as
 * stored. */
static void a_killed_worker_leaves_whole_batches(void **state)
{
	(void)state;
	char root[64];
	int ready[2], status = 0;
	support_dir(root);
	agent_sqlite *db = support_open(root, SITE);
	support_session(db, "s");
	agent_sqlite_close(db);
	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		agent_error err = { 0 };
		agent_sqlite *mine = NULL;
		if (agent_sqlite_open(agent_str_cstr(root), SITE, &support_clock, 1000, &mine, &err) != AGENT_OK) {
			_exit(1);
		}
		for (;;) { /* until it is killed */
			if (append(mine, "s", "t", "m", 5, "{}", NULL, NULL, &err) != AGENT_OK
				|| write(ready[1], "x", 1) != 1) {
				_exit(2);
			}
		}
	}
	char c;
	size_t reported = 0;
	while (reported < 50) {
		reported += (size_t)read(ready[0], &c, 1);
	}
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status));
	close(ready[1]);
	while (read(ready[0], &c, 1) == 1) {
		reported++;
	}
	close(ready[0]);
	db = support_open(root, SITE);
	agent_journal port = agent_sqlite_journal(db);
	agent_arena *arena = agent_arena_new(10000000);
	agent_str *entries = NULL;
	size_t count = 0;
	bool found = false;
	agent_turn_row row;
	assert_ok(port.read(port.state, AGENT_STR("s"), AGENT_STR("t"), arena, &entries, &count, err));
	/* at most one was stored and not yet reported */
	assert_true(count == 2 * reported || count == 2 * (reported + 1));
	assert_ok(port.open_turn(port.state, AGENT_STR("s"), arena, &row, &found, err));
	assert_true(found);
	assert_ok(append(db, "s", "t", "m", 6, NULL, "{}", "[]", err)); /* closed as interrupted, say */
	agent_arena_free(arena);
	agent_sqlite_close(db);
	support_remove(root);
}

static void old_turns_and_sessions_go_in_small_batches(void **state)
{
	(void)state;
	char root[64], name[16];
	agent_session got;
	agent_turn_row *rows = NULL;
	agent_str *entries = NULL;
	size_t count = 0;
	support_dir(root);
	agent_sqlite *db = support_open(root, SITE);
	agent_sqlite *other = support_open(root, OTHER_SITE);
	agent_journal port = agent_sqlite_journal(db);
	agent_sessions sessions = agent_sqlite_sessions(db);
	agent_arena *arena = agent_arena_new(1000000);
	support_session(db, "s");
	support_session(other, "s");
	assert_ok(sessions.grant(sessions.state, AGENT_STR("s"), AGENT_STR("x"), 1, err));
	for (int i = 1; i <= 5; i++) {
		snprintf(name, sizeof name, "t%d", i);
		assert_ok(append(db, "s", name, name, 1000 * i, "{}", "{}", "[]", err));
	}
	assert_ok(port.expire(port.state, 5000, 3, err));
	assert_ok(port.history(port.state, AGENT_STR("s"), 10, 1000, arena, &rows, &count, err));
	assert_int_equal(count, 2);
	assert_int_equal(rows[0].number, 4);
	assert_ok(port.read(port.state, AGENT_STR("s"), AGENT_STR("t1"), arena, &entries, &count, err));
	assert_int_equal(count, 0);
	assert_ok(port.expire(port.state, 5000, 3, err));
	/* its newest turn is young */
	assert_ok(sessions.get(sessions.state, AGENT_STR("s"), 0, arena, &got, err));
	assert_ok(append(db, "s", "t6", "m6", 5001, "{}", "{}", "[]", err));
	assert_ok(port.history(port.state, AGENT_STR("s"), 10, 1000, arena, &rows, &count, err));
	assert_int_equal(rows[count - 1].number, 6);
	assert_ok(port.expire(port.state, 9000, 50, err));
	assert_fails(sessions.get(sessions.state, AGENT_STR("s"), 0, arena, &got, err), "unknown");
	agent_sessions theirs = agent_sqlite_sessions(other);
	assert_ok(theirs.get(theirs.state, AGENT_STR("s"), 0, arena, &got, err));
	agent_arena_free(arena);
	agent_sqlite_close(db);
	agent_sqlite_close(other);
	support_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_come_back_in_order_and_a_turn_closes_once),
		cmocka_unit_test(turns_without_a_message_id_do_not_clash),
		cmocka_unit_test(history_is_the_newest_that_fit_oldest_first),
		cmocka_unit_test(a_killed_worker_leaves_whole_batches),
		cmocka_unit_test(old_turns_and_sessions_go_in_small_batches),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 * Audit and idempotency on SQLite, and files that are not what they should be.
 * Limits stand in run_limits.c. */
#include "tests/unit/memory_support.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/wait.h>

static void a_key_is_claimed_once_and_its_answer_repeated(void **state)
{
	(void)state;
	char root[64];
	agent_str answer;
	bool found = false;
	support_dir(root);
	agent_sqlite *db = support_open(root, SITE);
	agent_sqlite *second = support_open(root, SITE);
	agent_audit a = agent_sqlite_audit(db);
	agent_audit b = agent_sqlite_audit(second);
	agent_arena *arena = agent_arena_new(100000);
	const agent_str tool = AGENT_STR("refund");
	assert_ok(a.claim(a.state, tool, AGENT_STR("k"), 1000, arena, &answer, &found, err));
	assert_false(found);
	assert_fails(b.claim(b.state, tool, AGENT_STR("k"), 1059, arena, &answer, &found, err), "in_progress");
	assert_ok(b.claim(b.state, AGENT_STR("other"), AGENT_STR("k"), 1000, arena, &answer, &found, err));
	assert_false(found);
	assert_ok(a.answered(a.state, tool, AGENT_STR("k"), AGENT_STR("{\"ok\":1}"), 1060, err));
	assert_ok(b.claim(b.state, tool, AGENT_STR("k"), 99999, arena, &answer, &found, err));
	assert_true(found && agent_str_is(answer, "{\"ok\":1}"));
	assert_ok(a.claim(a.state, tool, AGENT_STR("k2"), 1000, arena, &answer, &found, err)); /* given back */
	assert_ok(b.answered(b.state, tool, AGENT_STR("k2"), AGENT_STR_EMPTY, 1001, err));
	/* not by another */
	assert_fails(b.claim(b.state, tool, AGENT_STR("k2"), 1002, arena, &answer, &found, err), "in_progress");
	assert_ok(a.answered(a.state, tool, AGENT_STR("k2"), AGENT_STR_EMPTY, 1001, err));
	assert_ok(b.claim(b.state, tool, AGENT_STR("k2"), 1002, arena, &answer, &found, err));
	assert_false(found);
	/* its owner died */
	assert_ok(a.claim(a.state, tool, AGENT_STR("k2"), 1062, arena, &answer, &found, err));
	assert_false(found);
	assert_fails(b.claim(b.state, tool, AGENT_STR("k2"), 1063, arena, &answer, &found, err), "in_progress");
	assert_ok(a.answered(a.state, tool, AGENT_STR("k2"), AGENT_STR("first"), 1064, err));
	assert_ok(b.answered(b.state, tool, AGENT_STR("k2"), AGENT_STR("late"), 1065, err));
	assert_ok(b.claim(b.state, tool, AGENT_STR("k2"), 1066, arena, &answer, &found, err));
	assert_true(found && agent_str_is(answer, "first"));
	agent_arena_free(arena);
	agent_sqlite_close(db);
	agent_sqlite_close(second);
	support_remove(root);
}

static int raw(const char *root, const char *sql)
{
	char path[128];
	sqlite3 *handle = NULL;
	snprintf(path, sizeof path, "%s/agent.sqlite", root);
	assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
	sqlite3_busy_timeout(handle, 1000);
	int rc = sqlite3_exec(handle, sql, NULL, NULL, NULL);
	sqlite3_close(handle);
	return rc;
}

static void audit_rows_cannot_be_changed(void **state)
{
	(void)state;
	char root[64];
	support_dir(root);
	agent_sqlite *db = support_open(root, SITE);
	agent_audit port = agent_sqlite_audit(db);
	agent_audit_row row = { .at_ms = 1, .tool = AGENT_STR("refund"), .subject = AGENT_STR("7"), .session =
		AGENT_STR("s"), .turn = AGENT_STR("t"),
		.call = AGENT_STR("c"), .arguments_digest = AGENT_STR("00"), .result = AGENT_STR("ok"), .latency_ms =
		12 };
	assert_ok(port.append(port.state, &row, err));
	assert_ok(port.append(port.state, &row, err));
	assert_ok(agent_sqlite_ping(db, err));
	agent_sqlite_close(db);
	assert_int_equal(raw(root, "UPDATE audit SET result = 'failed'"), SQLITE_CONSTRAINT);
	support_remove(root);
}

/* Limits lay in a table once: such a database opens, and its rows are nobody's. */
static void a_database_with_limits_in_it_still_opens(void **state)
{
	(void)state;
	char root[64];
	support_dir(root);
	agent_sqlite_close(support_open(root, SITE));
	assert_int_equal(raw(root, "CREATE TABLE bucket (site TEXT NOT NULL, key TEXT NOT NULL, full_us INTEGER NOT NULL,"
		" PRIMARY KEY (site, key)) WITHOUT ROWID; CREATE INDEX bucket_age ON bucket (site, full_us);"
		" INSERT INTO bucket VALUES ('" SITE "', 'session:1', 1)"), SQLITE_OK);
	agent_sqlite *db = support_open(root, SITE);
	agent_journal journal = agent_sqlite_journal(db);
	assert_ok(journal.expire(journal.state, 1000, 50, err));
	assert_ok(agent_sqlite_ping(db, err));
	agent_sqlite_close(db);
	support_remove(root);
}

static agent_status open_it(const char *root, agent_error *err)
{
	agent_sqlite *db = NULL;
	agent_status status = agent_sqlite_open(agent_str_cstr(root), SITE, &support_clock, 50, &db, err);
	agent_sqlite_close(db);
	return status;
}

static void foreign_newer_and_damaged_files_are_refused(void **state)
{
	(void)state;
	char root[64], path[128];
	support_dir(root);
	snprintf(path, sizeof path, "%s/agent.sqlite", root);
	assert_int_equal(raw(root, "CREATE TABLE notes (a)"), SQLITE_OK);
	assert_fails(open_it(root, err), "format");
	unlink(path);
	assert_ok(open_it(root, err));
	assert_int_equal(raw(root, "PRAGMA user_version = 2"), SQLITE_OK);
	assert_fails(open_it(root, err), "format");
	unlink(path);
	assert_ok(open_it(root, err));
	assert_int_equal(truncate(path, 6000), 0);
	assert_fails(open_it(root, err), "corrupt");
	int fd = open(path, O_WRONLY | O_TRUNC);
	assert_int_equal(write(fd, "this is no database, but it is longer than a header of one hundred bytes, "
		"which is what SQLite reads first of any file", 119), 119);
	close(fd);
	agent_error said = { 0 };
	assert_int_equal(open_it(root, &said), AGENT_ERR);
	assert_string_equal(said.code, "corrupt");
	assert_int_equal(said.domain, AGENT_DOMAIN_STORE);
	unlink(path);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_fails(open_it(root, err), "not_writable");
	support_remove(root);
}

/* Pages are overwritten one after another while the database is in use: an error, never a crash or an
 * endless loop. */
static void damage_in_any_page_is_an_error_at_worst(void **state)
{
	(void)state;
	char root[64], path[128], garbage[4096];
	support_dir(root);
	snprintf(path, sizeof path, "%s/agent.sqlite", root);
	memset(garbage, 0xA5, sizeof garbage);
	int errors = 0;
	for (int page = 1; page < 40; page += 3) {
		unlink(path);
		agent_sqlite *db = support_open(root, SITE);
		support_session(db, "s");
		agent_sqlite_close(db);
		int fd = open(path, O_WRONLY);
		assert_int_equal(pwrite(fd, garbage, sizeof garbage, (off_t)page * 4096), sizeof garbage);
		close(fd);
		agent_error err = { 0 };
		agent_session got;
		agent_arena *arena = agent_arena_new(100000);
		db = NULL;
		if (agent_sqlite_open(agent_str_cstr(root), SITE, &support_clock, 50, &db, &err) == AGENT_OK) {
			agent_sessions port = agent_sqlite_sessions(db);
			errors += port.get(port.state, AGENT_STR("s"), 0, arena, &got, &err) != AGENT_OK;
			errors += port.end(port.state, AGENT_STR("s"), 0, &err) != AGENT_OK;
			errors += agent_sqlite_ping(db, &err) != AGENT_OK;
		} else {
			errors++;
		}
		agent_arena_free(arena);
		agent_sqlite_close(db);
	}
	assert_true(errors > 0);
	support_remove(root);
}

static void the_file_is_private_and_a_writer_is_waited_for_as_long_as_said(void **state)
{
	(void)state;
	char root[64], path[128];
	struct stat st;
	support_dir(root);
	mode_t before = umask(0);
	agent_sqlite *db = support_open(root, SITE);
	umask(before);
	support_session(db, "s");
	static const char *const names[] = { "agent.sqlite", "agent.sqlite-wal", "agent.sqlite-shm" };
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s/%s", root, names[i]);
		assert_int_equal(lstat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
	agent_sqlite_close(db);
	assert_ok(agent_sqlite_open(agent_str_cstr(root), SITE, &support_clock, 80, &db, err));
	snprintf(path, sizeof path, "%s/agent.sqlite", root);
	sqlite3 *writer = NULL;
	assert_int_equal(sqlite3_open(path, &writer), SQLITE_OK);
	assert_int_equal(sqlite3_exec(writer, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	int64_t begin = support_now(NULL);
	agent_error err = { 0 };
	assert_int_equal(agent_sqlite_ping(db, &err), AGENT_ERR);
	int64_t waited = support_now(NULL) - begin;
	assert_string_equal(err.code, "busy");
	assert_true(err.retry && waited >= 75 && waited < 1000);
	assert_int_equal(sqlite3_exec(writer, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(writer);
	assert_int_equal(agent_sqlite_ping(db, &err), AGENT_OK);
	agent_sqlite_checkpoint(db);
	agent_sqlite_close(db);
	agent_sqlite_close(NULL);
	assert_non_null(strstr(agent_sqlite_version(), "3."));
	support_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_is_claimed_once_and_its_answer_repeated),
		cmocka_unit_test(audit_rows_cannot_be_changed),
		cmocka_unit_test(a_database_with_limits_in_it_still_opens),
		cmocka_unit_test(foreign_newer_and_damaged_files_are_refused),
		cmocka_unit_test(damage_in_any_page_is_an_error_at_worst),
		cmocka_unit_test(the_file_is_private_and_a_writer_is_waited_for_as_long_as_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

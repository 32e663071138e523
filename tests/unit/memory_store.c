/* SPDX-License-Identifier: MIT
 * The SQLite file itself: older and newer formats, files that are not what they should be, damage, its mode, waiting for a writer.
 */
#include "tests/unit/memory_support.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/wait.h>

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
	assert_int_equal(raw(root, "PRAGMA user_version = 3"), SQLITE_OK);
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
		cmocka_unit_test(a_database_with_limits_in_it_still_opens),
		cmocka_unit_test(foreign_newer_and_damaged_files_are_refused),
		cmocka_unit_test(damage_in_any_page_is_an_error_at_worst),
		cmocka_unit_test(the_file_is_private_and_a_writer_is_waited_for_as_long_as_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

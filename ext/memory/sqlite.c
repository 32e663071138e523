/* SPDX-License-Identifier: MIT
 * The embedded engine: opening, waiting, closing, and what health asks.
 * The ports stand in their own files. */
#include "ext/memory/sqlite_own.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ext/base/alloc.h"
#include "ext/memory/file.h"
#include "ext/seal/seal.h"

#define FILE_NAME "agent.sqlite"
#define NAP_MS 5

static void nap(int ms)
{
	struct timespec left = { ms / 1000, (long)(ms % 1000) * 1000000L };
	while (nanosleep(&left, &left) != 0 && errno == EINTR) {
		continue;
	}
}

/* Called by the engine while somebody else writes. The count bounds the wait even where the clock stands
 * still. */
static int wait_a_little(void *state, int count)
{
	agent_sqlite *db = state;
	int64_t now = db->clock.mono_ms(db->clock.state);
	if (count == 0) {
		db->busy_since = now;
	}
	int64_t left = db->busy_ms - (now - db->busy_since);
	if (left <= 0 || count > db->busy_ms) {
		return 0;
	}
	int ms = count < 4 ? 1 : NAP_MS;
	nap(left < ms ? (int)left : ms);
	return 1;
}

/* The file is made here, not by the engine, so that it is never open to others for a moment. A file that is
 * there is only looked at: closing a descriptor of it would drop the locks of every other connection in this
 * process. */
static agent_status claim_file(agent_sqlite *db, agent_error *err)
{
	struct stat st;
	int fd = openat(db->dir, FILE_NAME, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0) {
		int rc = fchmod(fd, 0600);
		agent_fd_close(fd);
		return rc == 0 ? AGENT_OK : agent_fail(err, AGENT_DOMAIN_STORE, "not_writable",
			"the mode of " FILE_NAME ": %m");
	}
	if (errno != EEXIST || fstatat(db->dir, FILE_NAME, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		return agent_fail(err, AGENT_DOMAIN_STORE, "not_writable",
			FILE_NAME " cannot be made in the data directory: %m");
	}
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid()) {
		return agent_fail(err, AGENT_DOMAIN_STORE, "not_writable",
			FILE_NAME " must be a regular file of this user");
	}
	if ((st.st_mode & 077) != 0 && fchmodat(db->dir, FILE_NAME, 0600, 0) != 0) {
		return agent_fail(err, AGENT_DOMAIN_STORE, "not_writable", "the mode of " FILE_NAME ": %m");
	}
	return AGENT_OK;
}

static agent_status open_handle(agent_sqlite *db, agent_str dir, agent_error *err)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof path, "%.*s/" FILE_NAME, AGENT_STR_ARG(dir));
	if (len < 0 || (size_t)len >= sizeof path) {
		return agent_fail(err, AGENT_DOMAIN_CONFIG, "data_dir", "the data directory's path is too long");
	}
	int rc = sqlite3_open_v2(path, &db->handle,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOFOLLOW, NULL);
	if (rc != SQLITE_OK) {
		return agent_sql_fail(db, rc, err);
	}
	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_handler(db->handle, wait_a_little, db);
	sqlite3_limit(db->handle, SQLITE_LIMIT_LENGTH, 64 * 1024 * 1024);
	sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	return AGENT_OK;
}

/* Switching to the log needs the file alone, and the engine does not always wait for that itself. */
static agent_status use_log(agent_sqlite *db, agent_error *err)
{
	for (int count = 0;; count++) {
		sqlite3_stmt *statement = NULL;
		bool on = false;
		int rc = sqlite3_prepare_v2(db->handle, "PRAGMA journal_mode = WAL", -1, &statement, NULL);
		if (rc == SQLITE_OK) {
			rc = sqlite3_step(statement);
			if (rc == SQLITE_ROW) {
				const char *mode = (const char *)sqlite3_column_text(statement, 0);
				on = mode != NULL && strcmp(mode, "wal") == 0;
				rc = mode != NULL ? SQLITE_OK : SQLITE_NOMEM;
			}
		}
		sqlite3_finalize(statement);
		if (on) {
			return AGENT_OK;
		}
		if (rc == SQLITE_OK) {
			return agent_fail(err, AGENT_DOMAIN_STORE, "wal",
				"the data directory's file system cannot hold a write-ahead log");
		}
		if ((rc & 0xff) != SQLITE_BUSY || !wait_a_little(db, count)) {
			return agent_sql_fail(db, rc, err);
		}
	}
}

#define WAL_GROWN 256     /* pages: 1 MiB; below it moving the log is not worth its two fsyncs */
#define WAL_OVERGROWN 8000

/* After each commit. The log is moved by agent_sqlite_checkpoint, after an answer; here only for a process that never gets there. */
static int note_log(void *state, sqlite3 *handle, const char *name, int pages)
{
	agent_sqlite *db = state;
	db->wal_pages = pages;
	if (pages >= WAL_OVERGROWN) {
		sqlite3_wal_checkpoint_v2(handle, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	}
	return SQLITE_OK;
}

static agent_status prepare(agent_sqlite *db, agent_error *err)
{
	if (use_log(db, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	int rc = sqlite3_exec(db->handle,
		"PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
		"PRAGMA journal_size_limit = 16777216", NULL, NULL, NULL);
	if (rc != SQLITE_OK) {
		return agent_sql_fail(db, rc, err);
	}
	sqlite3_wal_hook(db->handle, note_log, db);
	/* prepared now, so that undoing needs as little memory as can be */
	static const struct { agent_sql_slot slot; const char *sql; } early[] = {
		{ AGENT_SQL_BEGIN, "BEGIN IMMEDIATE" }, { AGENT_SQL_COMMIT, "COMMIT" },
		{ AGENT_SQL_ROLLBACK, "ROLLBACK" },
	};
	for (size_t i = 0; i < sizeof early / sizeof *early; i++) {
		sqlite3_stmt *statement = NULL;
		if (agent_sql_open(db, early[i].slot, early[i].sql, NULL, 0, &statement, err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return agent_sql_schema(db, err);
}

static agent_status name_owner(agent_sqlite *db, agent_error *err)
{
	unsigned char random[16];
	if (agent_random_bytes(random, sizeof random, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	for (size_t i = 0; i < sizeof random; i++) {
		snprintf(db->owner + 2 * i, 3, "%02x", random[i]);
	}
	return AGENT_OK;
}

agent_status agent_sqlite_open(agent_str dir, const char *site_key, const agent_clock *clock, int busy_ms,
	agent_sqlite **out, agent_error *err)
{
	*out = NULL;
	if (strlen(site_key) != 32) {
		return agent_fail(err, AGENT_DOMAIN_INTERNAL, "site_key", "a site's key has 32 digits");
	}
	if (sqlite3_libversion_number() < 3034000) {
		return agent_fail(err, AGENT_DOMAIN_STORE, "version", "SQLite %s is too old: 3.34 is needed",
			sqlite3_libversion());
	}
	agent_sqlite *db = agent_calloc(1, sizeof *db);
	if (db == NULL) {
		return agent_fail_memory(err);
	}
	db->clock = *clock;
	db->busy_ms = busy_ms > 0 ? busy_ms : 0;
	db->pid = getpid();
	memcpy(db->site, site_key, sizeof db->site);
	agent_status status = agent_dir_open(dir, &db->dir, err);
	if (status == AGENT_OK) {
		status = name_owner(db, err);
	}
	if (status == AGENT_OK) {
		status = claim_file(db, err);
	}
	if (status == AGENT_OK) {
		status = open_handle(db, dir, err);
	}
	if (status == AGENT_OK) {
		status = prepare(db, err);
	}
	struct stat file;
	if (status == AGENT_OK && fstatat(db->dir, "agent.sqlite", &file, AT_SYMLINK_NOFOLLOW) == 0) {
		db->inode = file.st_ino;
	}
	if (status != AGENT_OK) {
		agent_sqlite_close(db);
		return AGENT_ERR;
	}
	*out = db;
	return AGENT_OK;
}

void agent_sqlite_close(agent_sqlite *db)
{
	if (db == NULL || !agent_sqlite_is_ours(db)) {
		/* after a fork nothing is touched: the locks and the log are the parent's. Leaked on purpose. */
		return;
	}
	for (size_t i = 0; i < AGENT_SQL_SLOTS; i++) {
		sqlite3_finalize(db->statements[i]);
	}
	sqlite3_close_v2(db->handle);
	agent_fd_close(db->dir);
	agent_free(db);
}

bool agent_sqlite_is_ours(const agent_sqlite *db)
{
	return db != NULL && db->pid == getpid();
}

void agent_sqlite_patience(agent_sqlite *db, int busy_ms)
{
	db->busy_ms = busy_ms > 0 ? busy_ms : 0;
}

bool agent_sqlite_is_there(const agent_sqlite *db)
{
	struct stat file;
	return fstatat(db->dir, "agent.sqlite", &file, AT_SYMLINK_NOFOLLOW) == 0 && file.st_ino == db->inode;
}

void agent_sqlite_checkpoint(agent_sqlite *db)
{
	if (agent_sqlite_is_ours(db) && db->wal_pages >= WAL_GROWN) {
		db->wal_pages = 0;
		sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	}
}

agent_status agent_sqlite_ping(agent_sqlite *db, agent_error *err)
{
	if (agent_sql_run(db, AGENT_SQL_PING_READ, "SELECT count(*) FROM health WHERE site = ?",
			SQL_VALUES(sql_site(db)), NULL, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_sql_run(db, AGENT_SQL_PING_WRITE,
		"INSERT OR REPLACE INTO health (site, at_ms) VALUES (?, ?)",
		SQL_VALUES(sql_site(db), sql_int(db->clock.wall_ms(db->clock.state))), NULL, err);
}

const char *agent_sqlite_version(void)
{
	return sqlite3_libversion();
}

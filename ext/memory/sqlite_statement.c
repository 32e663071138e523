/* SPDX-License-Identifier: MIT
 * Statements, transactions and errors of the embedded engine.
 * No table is named here. */
#include "ext/memory/sqlite_own.h"

#include <unistd.h>

static agent_status corrupt(agent_error *err)
{
	return agent_fail(err, AGENT_DOMAIN_STORE, "corrupt",
		"agent.sqlite in the data directory is damaged or no database: restore it, or move it away");
}

agent_status agent_sql_fail(agent_sqlite *db, int rc, agent_error *err)
{
	if (rc == SQLITE_NOMEM || rc == SQLITE_IOERR_NOMEM) {
		return agent_fail_memory(err);
	}
	switch (rc & 0xff) {
		case SQLITE_BUSY:
		case SQLITE_LOCKED:
			agent_fail(err, AGENT_DOMAIN_STORE, "busy", "the database was locked for more than %d ms",
				db->busy_ms);
			err->retry = true;
			return AGENT_ERR;
		case SQLITE_CORRUPT:
		case SQLITE_NOTADB:
			return corrupt(err);
		case SQLITE_FULL:
			return agent_fail(err, AGENT_DOMAIN_STORE, "full", "the disk under the data directory is full");
		case SQLITE_READONLY:
		case SQLITE_CANTOPEN:
		case SQLITE_PERM:
			return agent_fail(err, AGENT_DOMAIN_STORE, "not_writable",
				"the database cannot be opened for writing: %s", sqlite3_errstr(rc));
		case SQLITE_TOOBIG:
			return agent_fail(err, AGENT_DOMAIN_LIMIT, "too_large", "a value is too large for the database");
		default:
			/* errmsg names tables and columns, never values */
			return agent_fail(err, AGENT_DOMAIN_STORE, "sqlite", "the database failed (%d): %.150s", rc,
				db->handle != NULL ? sqlite3_errmsg(db->handle) : sqlite3_errstr(rc));
	}
}

static int bind_one(sqlite3_stmt *statement, int index, const agent_sql_value *value)
{
	switch (value->kind) {
		case AGENT_SQL_INT:
			return sqlite3_bind_int64(statement, index, value->integer);
		case AGENT_SQL_TEXT:
			return sqlite3_bind_text64(statement, index, value->text.ptr, value->text.len, SQLITE_STATIC,
				SQLITE_UTF8);
		case AGENT_SQL_NULL:
			break;
	}
	return sqlite3_bind_null(statement, index);
}

agent_status agent_sql_open(agent_sqlite *db, agent_sql_slot slot, const char *sql,
	const agent_sql_value *values, size_t count, sqlite3_stmt **out, agent_error *err)
{
	*out = NULL;
	if (!agent_sqlite_is_ours(db)) {
		return agent_fail(err, AGENT_DOMAIN_STORE, "forked",
			"this database was opened before a fork: open it anew");
	}
	sqlite3_stmt **cached = &db->statements[slot];
	int rc = SQLITE_OK;
	if (*cached == NULL) {
		rc = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, cached, NULL);
	}
	for (size_t i = 0; i < count && rc == SQLITE_OK; i++) {
		rc = bind_one(*cached, (int)i + 1, &values[i]);
	}
	if (rc != SQLITE_OK) {
		agent_status status = agent_sql_fail(db, rc, err);
		agent_sql_done(*cached);
		return status;
	}
	*out = *cached;
	return AGENT_OK;
}

agent_status agent_sql_row(agent_sqlite *db, sqlite3_stmt *statement, bool *row, agent_error *err)
{
	int rc = sqlite3_step(statement);
	*row = rc == SQLITE_ROW;
	if (*row) {
		return AGENT_OK;
	}
	agent_status status = rc == SQLITE_DONE ? AGENT_OK : agent_sql_fail(db, rc, err);
	agent_sql_done(statement);
	return status;
}

void agent_sql_done(sqlite3_stmt *statement)
{
	if (statement != NULL) {
		sqlite3_reset(statement);
		sqlite3_clear_bindings(statement);
	}
}

agent_status agent_sql_run(agent_sqlite *db, agent_sql_slot slot, const char *sql,
	const agent_sql_value *values, size_t count, int *changes, agent_error *err)
{
	sqlite3_stmt *statement = NULL;
	bool row = true;
	if (agent_sql_open(db, slot, sql, values, count, &statement, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	while (row) {
		if (agent_sql_row(db, statement, &row, err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	if (changes != NULL) {
		*changes = sqlite3_changes(db->handle);
	}
	return AGENT_OK;
}

agent_status agent_sql_take(agent_sqlite *db, sqlite3_stmt *statement, int column, agent_arena *arena,
	agent_str *out, agent_error *err)
{
	/* not column_text: that one may allocate for a final NUL, and then cannot tell failure from NULL */
	const char *bytes = sqlite3_column_blob(statement, column);
	int len = sqlite3_column_bytes(statement, column);
	*out = AGENT_STR_EMPTY;
	if (bytes == NULL) {
		return len > 0 || sqlite3_errcode(db->handle) == SQLITE_NOMEM ? agent_fail_memory(err) : AGENT_OK;
	}
	return agent_arena_dup(arena, (agent_str){ bytes, (size_t)len }, out) ? AGENT_OK
		: agent_arena_fail(arena, err);
}

static int run_rollback(agent_sqlite *db)
{
	sqlite3_stmt *rollback = db->statements[AGENT_SQL_ROLLBACK];
	int rc = sqlite3_step(rollback);
	sqlite3_reset(rollback);
	return rc;
}

agent_status agent_sql_begin(agent_sqlite *db, agent_error *err)
{
	if (!agent_sqlite_is_ours(db)) {
		return agent_fail(err, AGENT_DOMAIN_STORE, "forked",
			"this database was opened before a fork: open it anew");
	}
	if (!sqlite3_get_autocommit(db->handle)) { /* an earlier rollback found no memory */
		run_rollback(db);
	}
	return agent_sql_run(db, AGENT_SQL_BEGIN, "BEGIN IMMEDIATE", NULL, 0, NULL, err);
}

agent_status agent_sql_end(agent_sqlite *db, agent_status status, agent_error *err)
{
	if (status == AGENT_OK) {
		status = agent_sql_run(db, AGENT_SQL_COMMIT, "COMMIT", NULL, 0, NULL, err);
	}
	if (status != AGENT_OK && !sqlite3_get_autocommit(db->handle)) {
		run_rollback(db);
	}
	return status;
}

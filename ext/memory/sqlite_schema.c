/* SPDX-License-Identifier: MIT
 * The tables of the embedded engine and their format version.
 * A change here is a new version and a step from the old one. */
#include "ext/memory/sqlite_own.h"

#define APPLICATION_ID 0x41474e54 /* "AGNT" */
#define FORMAT 2

/* Format 1. Journal entries and histories are kept in tables with a rowid: large rows belong in leaves. Passages keep
 * the exact text that was indexed, because an external-content index forgets a row only when it is told its
 * old values. */
static const char *const tables[] = {
	"CREATE TABLE session (site TEXT NOT NULL, id TEXT NOT NULL, subject TEXT, locale TEXT NOT NULL,"
	" created_s INTEGER NOT NULL, updated_s INTEGER NOT NULL, ended INTEGER NOT NULL DEFAULT 0,"
	" PRIMARY KEY (site, id)) WITHOUT ROWID",
	"CREATE INDEX session_age ON session (site, updated_s)",
	"CREATE TABLE session_grant (site TEXT NOT NULL, session TEXT NOT NULL, scope TEXT NOT NULL,"
	" expires_s INTEGER NOT NULL, PRIMARY KEY (site, session, scope),"
	" FOREIGN KEY (site, session) REFERENCES session (site, id) ON DELETE CASCADE) WITHOUT ROWID",
	"CREATE TABLE turn (row INTEGER PRIMARY KEY, site TEXT NOT NULL, session TEXT NOT NULL,"
	" number INTEGER NOT NULL, turn TEXT NOT NULL, message_id TEXT, open INTEGER NOT NULL,"
	" started_s INTEGER NOT NULL, touched_s INTEGER NOT NULL, history_bytes INTEGER NOT NULL DEFAULT 0,"
	" record TEXT NOT NULL DEFAULT '', history TEXT NOT NULL DEFAULT '',"
	" UNIQUE (site, session, number), UNIQUE (site, session, turn), UNIQUE (site, session, message_id),"
	" FOREIGN KEY (site, session) REFERENCES session (site, id) ON DELETE CASCADE)",
	"CREATE UNIQUE INDEX turn_open ON turn (site, session) WHERE open = 1",
	"CREATE INDEX turn_age ON turn (site, touched_s)",
	/* By the turn's row, a growing number: what a turn writes lies together, on pages that were just written. */
	"CREATE TABLE journal (turn INTEGER NOT NULL REFERENCES turn (row) ON DELETE CASCADE,"
	" n INTEGER NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (turn, n))",
	"CREATE TABLE document (row INTEGER PRIMARY KEY, site TEXT NOT NULL, id TEXT NOT NULL,"
	" title TEXT NOT NULL, url TEXT NOT NULL, language TEXT NOT NULL, access TEXT NOT NULL,"
	" updated_s INTEGER NOT NULL, UNIQUE (site, id))",
	"CREATE TABLE passage (row INTEGER PRIMARY KEY, site TEXT NOT NULL,"
	" document INTEGER NOT NULL REFERENCES document (row), n INTEGER NOT NULL, heading TEXT NOT NULL,"
	" title TEXT NOT NULL, text TEXT NOT NULL, UNIQUE (document, n))",
	"CREATE VIRTUAL TABLE passage_index USING fts5 (title, text, content='passage', content_rowid='row',"
	" tokenize='porter unicode61 remove_diacritics 2')",
	"CREATE TABLE audit (row INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, at_ms INTEGER NOT NULL,"
	" tool TEXT NOT NULL, subject TEXT NOT NULL, session TEXT NOT NULL, turn TEXT NOT NULL,"
	" call TEXT NOT NULL, arguments_digest TEXT NOT NULL, result TEXT NOT NULL, latency_ms INTEGER NOT NULL)",
	"CREATE INDEX audit_age ON audit (site, at_ms)",
	"CREATE TRIGGER audit_stays BEFORE UPDATE ON audit"
	" BEGIN SELECT RAISE(ABORT, 'audit rows are not changed'); END",
	"CREATE TABLE idempotency (site TEXT NOT NULL, tool TEXT NOT NULL, key TEXT NOT NULL,"
	" owner TEXT NOT NULL, claimed_s INTEGER NOT NULL, answer TEXT, PRIMARY KEY (site, tool, key))",
	"CREATE INDEX idempotency_age ON idempotency (site, claimed_s)",
	"CREATE TABLE health (site TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID",
};

/* Format 2: the audit says what was done by whom with which token, and cannot be rewritten; tokens that writes have seen; claims of writes.
 * A row of the audit goes only when retention has moved the site's horizon past it. The engine runs no DELETE trigger for rows that an
 * INSERT OR REPLACE displaces, hence the one before INSERT. */
static const char *const second[] = {
	"DROP TABLE IF EXISTS bucket", /* limits lay there before the site's shared memory */
	"ALTER TABLE audit ADD COLUMN effect TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE audit ADD COLUMN issuer TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE audit ADD COLUMN key_id TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE audit ADD COLUMN token TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE audit ADD COLUMN key TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE audit ADD COLUMN code TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE audit ADD COLUMN status INTEGER NOT NULL DEFAULT 0",
	"CREATE TABLE audit_horizon (site TEXT PRIMARY KEY, before_ms INTEGER NOT NULL) WITHOUT ROWID",
	"CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit"
	" WHEN old.at_ms >= coalesce((SELECT before_ms FROM audit_horizon WHERE site = old.site), 0)"
	" BEGIN SELECT RAISE(ABORT, 'audit rows are kept as long as retention says'); END",
	"CREATE TRIGGER audit_is_added_to BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE row = new.row)"
	" BEGIN SELECT RAISE(ABORT, 'audit rows are not changed'); END",
	"CREATE TABLE seen (site TEXT NOT NULL, token TEXT NOT NULL, expires_s INTEGER NOT NULL,"
	" PRIMARY KEY (site, token)) WITHOUT ROWID",
	"CREATE INDEX seen_age ON seen (site, expires_s)",
	"ALTER TABLE idempotency ADD COLUMN state INTEGER NOT NULL DEFAULT 0",
	"UPDATE idempotency SET state = 1 WHERE answer IS NOT NULL", /* nobody knows whether it was a write: kept as long as one */
	"CREATE INDEX IF NOT EXISTS idempotency_reads ON idempotency (site, claimed_s) WHERE state = 0",
};

static agent_status run(agent_sqlite *db, const char *sql, agent_error *err)
{
	int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK ? AGENT_OK : agent_sql_fail(db, rc, err);
}

/* The first column of the first row; 0 where there is none. */
static agent_status number(agent_sqlite *db, const char *sql, int64_t *out, agent_error *err)
{
	sqlite3_stmt *statement = NULL;
	*out = 0;
	int rc = sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL);
	if (rc == SQLITE_OK) {
		rc = sqlite3_step(statement);
		if (rc == SQLITE_ROW) {
			*out = sqlite3_column_int64(statement, 0);
			rc = SQLITE_DONE;
		}
	}
	agent_status status = rc == SQLITE_DONE ? AGENT_OK : agent_sql_fail(db, rc, err);
	sqlite3_finalize(statement);
	return status;
}

static agent_status read_format(agent_sqlite *db, int64_t *format, bool *empty, agent_error *err)
{
	int64_t application = 0;
	int64_t objects = 0;
	if (number(db, "PRAGMA application_id", &application, err) != AGENT_OK
		|| number(db, "PRAGMA user_version", format, err) != AGENT_OK
		|| number(db, "SELECT count(*) FROM sqlite_master", &objects, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	*empty = application == 0 && *format == 0 && objects == 0;
	if (!*empty && application != APPLICATION_ID) {
		return agent_fail(err, AGENT_DOMAIN_STORE, "format",
			"agent.sqlite in the data directory belongs to another program");
	}
	if (*format > FORMAT) {
		return agent_fail(err, AGENT_DOMAIN_STORE, "format",
			"the database has format %lld, this version knows %d: it was written by a newer version",
			(long long)*format, FORMAT);
	}
	if (!*empty && *format < 1) {
		return agent_fail(err, AGENT_DOMAIN_STORE, "format", "the database says no format");
	}
	return AGENT_OK;
}

static agent_status run_all(agent_sqlite *db, const char *const *list, size_t count, agent_error *err)
{
	for (size_t i = 0; i < count; i++) {
		if (run(db, list[i], err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

/* From the format that is there (0: none) to ours, step by step. */
static agent_status make(agent_sqlite *db, int64_t format, agent_error *err)
{
	char pragma[64];
	if (format < 1 && run_all(db, tables, sizeof tables / sizeof *tables, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (format < 2 && run_all(db, second, sizeof second / sizeof *second, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	sqlite3_snprintf(sizeof pragma, pragma, "PRAGMA application_id = %d", APPLICATION_ID);
	if (run(db, pragma, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	sqlite3_snprintf(sizeof pragma, pragma, "PRAGMA user_version = %d", FORMAT);
	return run(db, pragma, err);
}

agent_status agent_sql_schema(agent_sqlite *db, agent_error *err)
{
	int64_t format = 0;
	int64_t fts5 = 0;
	bool empty = false;
	if (number(db, "SELECT count(*) FROM pragma_module_list WHERE name = 'fts5'", &fts5, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (fts5 == 0) {
		return agent_fail(err, AGENT_DOMAIN_STORE, "fts5",
			"this SQLite (%s) was built without FTS5, which the knowledge needs", sqlite3_libversion());
	}
	if (read_format(db, &format, &empty, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (format == FORMAT) {
		return AGENT_OK;
	}
	if (agent_sql_begin(db, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	/* looked at again under the lock: another worker may have made them meanwhile */
	agent_status status = read_format(db, &format, &empty, err);
	if (status == AGENT_OK && format < FORMAT) {
		status = make(db, format, err);
	}
	return agent_sql_end(db, status, err);
}

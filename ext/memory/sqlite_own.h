/* SPDX-License-Identifier: MIT
 * What the SQLite files of this room share: the open database, cached statements, transactions, errors.
 * Not for anyone outside. */
#ifndef AGENT_MEMORY_SQLITE_OWN_H
#define AGENT_MEMORY_SQLITE_OWN_H

#include <sys/types.h>

#include <sqlite3.h>

#include "ext/memory/sqlite.h"

/* One slot per statement text; a slot is prepared on first use and kept. */
typedef enum agent_sql_slot {
	AGENT_SQL_BEGIN, AGENT_SQL_COMMIT, AGENT_SQL_ROLLBACK,
	AGENT_SQL_PING_READ, AGENT_SQL_PING_WRITE,
	AGENT_SQL_SESSION_START, AGENT_SQL_SESSION_GET, AGENT_SQL_SESSION_END, AGENT_SQL_SESSION_TOUCH,
	AGENT_SQL_GRANT_PUT, AGENT_SQL_GRANT_LIST,
	AGENT_SQL_TURN_FIND, AGENT_SQL_TURN_MAKE, AGENT_SQL_TURN_CLOSE, AGENT_SQL_TURN_TOUCH,
	AGENT_SQL_TURN_CLASH, AGENT_SQL_TURN_OPEN, AGENT_SQL_TURN_BY_MESSAGE, AGENT_SQL_TURN_HISTORY,
	AGENT_SQL_JOURNAL_LAST, AGENT_SQL_JOURNAL_ADD, AGENT_SQL_JOURNAL_READ,
	AGENT_SQL_EXPIRE_TURNS, AGENT_SQL_EXPIRE_SESSIONS, AGENT_SQL_AUDIT_HORIZON, AGENT_SQL_EXPIRE_AUDIT, AGENT_SQL_EXPIRE_SEEN, AGENT_SQL_EXPIRE_ANSWERS,
	AGENT_SQL_DOCUMENT_FIND, AGENT_SQL_DOCUMENT_PUT, AGENT_SQL_DOCUMENT_DROP,
	AGENT_SQL_DOCUMENT_LIST,
	AGENT_SQL_PASSAGE_UNINDEX, AGENT_SQL_PASSAGE_DROP, AGENT_SQL_PASSAGE_ADD, AGENT_SQL_PASSAGE_INDEX,
	AGENT_SQL_PASSAGE_SEARCH, AGENT_SQL_PASSAGE_GET,
	AGENT_SQL_AUDIT_ADD, AGENT_SQL_SEEN_PUT, AGENT_SQL_SEEN_TIDY,
	AGENT_SQL_CLAIM_FIND, AGENT_SQL_CLAIM_PUT, AGENT_SQL_CLAIM_ANSWER, AGENT_SQL_CLAIM_DROP,
	AGENT_SQL_CLAIM_LEAVE, AGENT_SQL_CLAIM_TIDY, AGENT_SQL_CLAIM_TIDY_READS,
	AGENT_SQL_SLOTS
} agent_sql_slot;

struct agent_sqlite {
	sqlite3 *handle;
	sqlite3_stmt *statements[AGENT_SQL_SLOTS];
	agent_clock clock;
	int64_t busy_since;          /* mono_ms when the current wait began */
	int busy_ms;
	int dir;                     /* the data directory, open */
	ino_t inode;                 /* of the database file, when it was opened */
	pid_t pid;                   /* who opened it */
	int wal_pages;               /* in the write-ahead log, as of our last commit */
	char site[33];
	char owner[33];              /* names this handle in idempotency claims */
};

typedef enum agent_sql_kind {
	AGENT_SQL_NULL, AGENT_SQL_INT, AGENT_SQL_TEXT
} agent_sql_kind;

typedef struct agent_sql_value {
	agent_sql_kind kind;
	agent_str text;              /* not copied: must live until the statement is done */
	int64_t integer;
} agent_sql_value;

static inline agent_sql_value sql_int(int64_t integer)
{
	return (agent_sql_value){ AGENT_SQL_INT, AGENT_STR_EMPTY, integer };
}

static inline agent_sql_value sql_text(agent_str text)
{
	return (agent_sql_value){ AGENT_SQL_TEXT, text, 0 };
}

static inline agent_sql_value sql_text_or_null(agent_str text, bool there)
{
	return (agent_sql_value){ there ? AGENT_SQL_TEXT : AGENT_SQL_NULL, text, 0 };
}

static inline agent_sql_value sql_site(const agent_sqlite *db)
{
	return sql_text((agent_str){ db->site, sizeof db->site - 1 });
}

#define SQL_VALUES(...) (const agent_sql_value[]){ __VA_ARGS__ }, \
	sizeof((const agent_sql_value[]){ __VA_ARGS__ }) / sizeof(agent_sql_value)

/* Prepares (once) and binds. *out belongs to the cache; agent_sql_done when finished with it. Refused after
 * a fork. */
agent_status agent_sql_open(agent_sqlite *db, agent_sql_slot slot, const char *sql,
	const agent_sql_value *values, size_t count, sqlite3_stmt **out, agent_error *err);
/* The next row, if any. On failure and at the end the statement is done already. */
agent_status agent_sql_row(agent_sqlite *db, sqlite3_stmt *statement, bool *row, agent_error *err);
/* Ends a statement and lets go of what was bound. NULL is allowed. */
void agent_sql_done(sqlite3_stmt *statement);
/* Opens a statement without rows and runs it. *changes may be NULL. */
agent_status agent_sql_run(agent_sqlite *db, agent_sql_slot slot, const char *sql,
	const agent_sql_value *values, size_t count, int *changes, agent_error *err);
/* Copies a text column into the arena; NULL gives the empty text. */
agent_status agent_sql_take(agent_sqlite *db, sqlite3_stmt *statement, int column, agent_arena *arena,
	agent_str *out, agent_error *err);

/* Write transactions: begin, work, end with the work's status (OK commits, anything else rolls back). */
agent_status agent_sql_begin(agent_sqlite *db, agent_error *err);
agent_status agent_sql_end(agent_sqlite *db, agent_status status, agent_error *err);

/* The engine's result code in our words. */
agent_status agent_sql_fail(agent_sqlite *db, int rc, agent_error *err);

/* Makes or checks the tables. Here because only open needs it. */
agent_status agent_sql_schema(agent_sqlite *db, agent_error *err);

#endif

/* SPDX-License-Identifier: MIT
 * The audit port on SQLite: rows that are only added, and answers by idempotency key.
 * Arguments and subjects are not judged here. */
#include "ext/memory/sqlite_own.h"

#define CLAIM_S 60
#define KEEP_S (30 * 86400)

static agent_status append(void *state, const agent_audit_row *row, agent_error *err)
{
	agent_sqlite *db = state;
	return agent_sql_run(db, AGENT_SQL_AUDIT_ADD,
		"INSERT INTO audit (site, at_ms, tool, subject, session, turn, call, arguments_digest, result,"
		" latency_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		SQL_VALUES(sql_site(db), sql_int(row->at_ms), sql_text(row->tool), sql_text(row->subject),
			sql_text(row->session), sql_text(row->turn), sql_text(row->call),
			sql_text(row->arguments_digest), sql_text(row->result), sql_int(row->latency_ms)),
		NULL, err);
}

/* *free: there is no claim, or only one whose owner has had its time. */
static agent_status look(agent_sqlite *db, agent_str tool, agent_str key, int64_t now_s, agent_arena *arena,
	agent_str *answer, bool *found, bool *is_free, agent_error *err)
{
	sqlite3_stmt *statement = NULL;
	bool row = false;
	agent_status status = AGENT_OK;
	if (agent_sql_open(db, AGENT_SQL_CLAIM_FIND,
			"SELECT answer, claimed_s FROM idempotency WHERE site = ? AND tool = ? AND key = ?",
			SQL_VALUES(sql_site(db), sql_text(tool), sql_text(key)), &statement, err) != AGENT_OK
		|| agent_sql_row(db, statement, &row, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	*is_free = !row;
	if (row && sqlite3_column_type(statement, 0) != SQLITE_NULL) {
		status = agent_sql_take(db, statement, 0, arena, answer, err);
		*found = status == AGENT_OK;
	} else if (row) {
		int64_t claimed_s = sqlite3_column_int64(statement, 1);
		/* the latter: the clock was set back */
		*is_free = now_s - claimed_s >= CLAIM_S || claimed_s - now_s >= CLAIM_S;
	}
	agent_sql_done(statement);
	return status;
}

static agent_status take_claim(agent_sqlite *db, agent_str tool, agent_str key, int64_t now_s,
	agent_error *err)
{
	if (agent_sql_run(db, AGENT_SQL_CLAIM_TIDY,
			"DELETE FROM idempotency WHERE rowid IN (SELECT rowid FROM idempotency WHERE site = ?"
			" AND claimed_s < ? LIMIT 2)",
			SQL_VALUES(sql_site(db), sql_int(now_s - KEEP_S)), NULL, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_sql_run(db, AGENT_SQL_CLAIM_PUT,
		"INSERT OR REPLACE INTO idempotency (site, tool, key, owner, claimed_s) VALUES (?, ?, ?, ?, ?)",
		SQL_VALUES(sql_site(db), sql_text(tool), sql_text(key), sql_text(agent_str_cstr(db->owner)),
			sql_int(now_s)),
		NULL, err);
}

static agent_status claim(void *state, agent_str tool, agent_str key, int64_t now_s, agent_arena *arena,
	agent_str *answer, bool *found, agent_error *err)
{
	agent_sqlite *db = state;
	bool is_free = false;
	*answer = AGENT_STR_EMPTY;
	*found = false;
	if (agent_sql_begin(db, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = look(db, tool, key, now_s, arena, answer, found, &is_free, err);
	if (status == AGENT_OK && !*found) {
		if (is_free) {
			status = take_claim(db, tool, key, now_s, err);
		} else {
			status = agent_fail(err, AGENT_DOMAIN_LIMIT, "in_progress",
				"the same request is being worked on");
			err->retry = true;
		}
	}
	return agent_sql_end(db, status, err);
}

/* The first answer stays, whoever gives it; a claim is given back only by its owner. */
static agent_status answered(void *state, agent_str tool, agent_str key, agent_str answer, int64_t now_s,
	agent_error *err)
{
	agent_sqlite *db = state;
	if (answer.len == 0) {
		return agent_sql_run(db, AGENT_SQL_CLAIM_DROP,
			"DELETE FROM idempotency WHERE site = ? AND tool = ? AND key = ? AND owner = ?"
			" AND answer IS NULL",
			SQL_VALUES(sql_site(db), sql_text(tool), sql_text(key),
				sql_text(agent_str_cstr(db->owner))),
			NULL, err);
	}
	return agent_sql_run(db, AGENT_SQL_CLAIM_ANSWER,
		"INSERT INTO idempotency (site, tool, key, owner, claimed_s, answer) VALUES (?, ?, ?, ?, ?, ?)"
		" ON CONFLICT (site, tool, key) DO UPDATE SET answer = excluded.answer WHERE answer IS NULL",
		SQL_VALUES(sql_site(db), sql_text(tool), sql_text(key), sql_text(agent_str_cstr(db->owner)),
			sql_int(now_s), sql_text(answer)),
		NULL, err);
}

agent_audit agent_sqlite_audit(agent_sqlite *db)
{
	return (agent_audit){ append, claim, answered, db };
}

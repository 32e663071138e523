/* SPDX-License-Identifier: MIT
 * The audit port on SQLite: rows that are only added, tokens that were seen, and answers by idempotency key.
 * Arguments and subjects are not judged here. */
#include "ext/memory/sqlite_own.h"

#define CLAIM_S 60
#define KEEP_S (30 * 86400)
/* A read is asked for again within its turn or never; its answer is a visitor's data, and anybody may ask for many. */
#define KEEP_READ_S 600

/* What a claim without an answer is (column `state`). */
enum { CLAIM_READ = 0, CLAIM_WRITE = 1, CLAIM_UNKNOWN = 2 };

static agent_status append(void *state, const agent_audit_row *row, agent_error *err)
{
	agent_sqlite *db = state;
	return agent_sql_run(db, AGENT_SQL_AUDIT_ADD,
		"INSERT INTO audit (site, at_ms, tool, effect, subject, session, issuer, key_id, turn, call, token, key,"
		" arguments_digest, result, code, status, latency_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		SQL_VALUES(sql_site(db), sql_int(row->at_ms), sql_text(row->tool), sql_text(row->effect), sql_text(row->subject),
			sql_text(row->session), sql_text(row->issuer), sql_text(row->key_id), sql_text(row->turn), sql_text(row->call),
			sql_text(row->token), sql_text(row->key), sql_text(row->arguments_digest), sql_text(row->result),
			sql_text(row->code), sql_int(row->status), sql_int(row->latency_ms)),
		NULL, err);
}

/* --- tokens --- */

static agent_status remember(agent_sqlite *db, agent_str id, int64_t expires_s, int64_t now_s, bool *first, agent_error *err)
{
	int changes = 0;
	/* each takes two dead ones along, so the table holds no more than what lives, and soon */
	if (agent_sql_run(db, AGENT_SQL_SEEN_TIDY,
			"DELETE FROM seen WHERE site = ?1 AND token IN (SELECT token FROM seen WHERE site = ?1 AND expires_s < ?2 LIMIT 2)",
			SQL_VALUES(sql_site(db), sql_int(now_s)), NULL, err) != AGENT_OK
		|| agent_sql_run(db, AGENT_SQL_SEEN_PUT,
			"INSERT INTO seen (site, token, expires_s) VALUES (?, ?, ?) ON CONFLICT (site, token) DO NOTHING",
			SQL_VALUES(sql_site(db), sql_text(id), sql_int(expires_s)), &changes, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	*first = changes == 1;
	return AGENT_OK;
}

static agent_status once(void *state, agent_str id, int64_t expires_s, int64_t now_s, bool *first, agent_error *err)
{
	agent_sqlite *db = state;
	*first = false;
	if (agent_sql_begin(db, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = agent_sql_end(db, remember(db, id, expires_s, now_s, first, err), err);
	*first = *first && status == AGENT_OK;
	return status;
}

/* --- answers by key --- */

/* *there false: there is no claim, or only a read's whose owner has had its time. */
static agent_status look(agent_sqlite *db, agent_str tool, agent_str key, int64_t now_s, agent_arena *arena,
	agent_str *answer, agent_claim *out, bool *there, agent_error *err)
{
	sqlite3_stmt *statement = NULL;
	bool row = false;
	agent_status status = AGENT_OK;
	if (agent_sql_open(db, AGENT_SQL_CLAIM_FIND,
			"SELECT answer, claimed_s, state FROM idempotency WHERE site = ? AND tool = ? AND key = ?",
			SQL_VALUES(sql_site(db), sql_text(tool), sql_text(key)), &statement, err) != AGENT_OK
		|| agent_sql_row(db, statement, &row, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	*there = row;
	int64_t claimed_s = row ? sqlite3_column_int64(statement, 1) : 0;
	int64_t kind = row ? sqlite3_column_int64(statement, 2) : 0;
	/* either way, for the clock may be set back */
	int64_t age_s = now_s > claimed_s ? now_s - claimed_s : claimed_s - now_s;
	if (row && sqlite3_column_type(statement, 0) != SQLITE_NULL) {
		*out = AGENT_CLAIM_ANSWERED;
		*there = kind != CLAIM_READ || age_s < KEEP_READ_S;
		status = *there ? agent_sql_take(db, statement, 0, arena, answer, err) : AGENT_OK;
	} else if (row) {
		bool late = age_s >= CLAIM_S;
		*out = kind == CLAIM_UNKNOWN || (late && kind != CLAIM_READ) ? AGENT_CLAIM_UNKNOWN : AGENT_CLAIM_BUSY;
		*there = !late || kind != CLAIM_READ;
	}
	agent_sql_done(statement);
	return status;
}

static agent_status take_claim(agent_sqlite *db, agent_str tool, agent_str key, bool write, int64_t now_s,
	agent_error *err)
{
	if (agent_sql_run(db, AGENT_SQL_CLAIM_TIDY,
			"DELETE FROM idempotency WHERE rowid IN (SELECT rowid FROM idempotency WHERE site = ?"
			" AND claimed_s < ? LIMIT 2)",
			SQL_VALUES(sql_site(db), sql_int(now_s - KEEP_S)), NULL, err) != AGENT_OK
		|| agent_sql_run(db, AGENT_SQL_CLAIM_TIDY_READS,
			"DELETE FROM idempotency WHERE rowid IN (SELECT rowid FROM idempotency WHERE site = ?"
			" AND state = 0 AND claimed_s < ? LIMIT 2)",
			SQL_VALUES(sql_site(db), sql_int(now_s - KEEP_READ_S)), NULL, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_sql_run(db, AGENT_SQL_CLAIM_PUT,
		"INSERT OR REPLACE INTO idempotency (site, tool, key, owner, claimed_s, state) VALUES (?, ?, ?, ?, ?, ?)",
		SQL_VALUES(sql_site(db), sql_text(tool), sql_text(key), sql_text(agent_str_cstr(db->owner)),
			sql_int(now_s), sql_int(write ? CLAIM_WRITE : CLAIM_READ)),
		NULL, err);
}

/* Not as a kept statement: this pragma may act when it is prepared. */
static agent_status sync_commits(agent_sqlite *db, bool full, agent_error *err)
{
	int rc = sqlite3_exec(db->handle, full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", NULL, NULL, NULL);
	return rc == SQLITE_OK ? AGENT_OK : agent_sql_fail(db, rc, err);
}

static agent_status claim_in(agent_sqlite *db, agent_str tool, agent_str key, bool write, int64_t now_s, agent_arena *arena,
	agent_claim *out, agent_str *answer, agent_error *err)
{
	bool there = false;
	if (agent_sql_begin(db, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = look(db, tool, key, now_s, arena, answer, out, &there, err);
	if (status == AGENT_OK && !there) {
		*out = AGENT_CLAIM_MINE;
		status = take_claim(db, tool, key, write, now_s, err);
	}
	return agent_sql_end(db, status, err);
}

static agent_status claim(void *state, agent_str tool, agent_str key, bool write, int64_t now_s, agent_arena *arena,
	agent_claim *out, agent_str *answer, agent_error *err)
{
	agent_sqlite *db = state;
	agent_error ignored;
	*answer = AGENT_STR_EMPTY;
	*out = AGENT_CLAIM_BUSY;
	/* A write whose claim a power failure undid would be done twice. */
	if (write && sync_commits(db, true, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = claim_in(db, tool, key, write, now_s, arena, out, answer, err);
	if (write) {
		(void)sync_commits(db, false, &ignored); /* slower from now on, where that fails */
	}
	return status;
}

/* A claim is given back, or marked, only by its owner. */
static agent_status settle(void *state, agent_str tool, agent_str key, agent_settled how, agent_str answer, int64_t now_s,
	agent_error *err)
{
	agent_sqlite *db = state;
	if (how == AGENT_SETTLED_NOTHING) {
		return agent_sql_run(db, AGENT_SQL_CLAIM_DROP,
			"DELETE FROM idempotency WHERE site = ? AND tool = ? AND key = ? AND owner = ?"
			" AND answer IS NULL",
			SQL_VALUES(sql_site(db), sql_text(tool), sql_text(key),
				sql_text(agent_str_cstr(db->owner))),
			NULL, err);
	}
	if (how == AGENT_SETTLED_UNKNOWN) {
		return agent_sql_run(db, AGENT_SQL_CLAIM_LEAVE,
			"UPDATE idempotency SET state = ? WHERE site = ? AND tool = ? AND key = ? AND owner = ? AND answer IS NULL",
			SQL_VALUES(sql_int(CLAIM_UNKNOWN), sql_site(db), sql_text(tool), sql_text(key), sql_text(agent_str_cstr(db->owner))),
			NULL, err);
	}
	return agent_sql_run(db, AGENT_SQL_CLAIM_ANSWER,
		"INSERT INTO idempotency (site, tool, key, owner, claimed_s, answer, state) VALUES (?, ?, ?, ?, ?, ?, ?)"
		" ON CONFLICT (site, tool, key) DO UPDATE SET answer = excluded.answer WHERE answer IS NULL",
		/* where the claim is gone: kept as long as a write's, for nobody knows any more which it was */
		SQL_VALUES(sql_site(db), sql_text(tool), sql_text(key), sql_text(agent_str_cstr(db->owner)),
			sql_int(now_s), sql_text(answer), sql_int(CLAIM_WRITE)),
		NULL, err);
}

agent_audit agent_sqlite_audit(agent_sqlite *db)
{
	return (agent_audit){ append, once, claim, settle, db };
}

/* SPDX-License-Identifier: MIT
 * The journal port on SQLite: turns, their entries, their end, and retention.
 * Entries are text; what they mean is the machine's. */
#include "ext/memory/sqlite_own.h"

#define TURNS_MAX 1000

#define TURN_COLUMNS "turn, message_id, number, open, started_s, record, history"

/* *row: of this batch's turn, 0 where there is none; *open of it. */
static agent_status find_turn(agent_sqlite *db, const agent_journal_batch *batch, int64_t *row, bool *open,
	agent_error *err)
{
	sqlite3_stmt *statement = NULL;
	bool found = false;
	if (agent_sql_open(db, AGENT_SQL_TURN_FIND,
			"SELECT row, open FROM turn WHERE site = ? AND session = ? AND turn = ?",
			SQL_VALUES(sql_site(db), sql_text(batch->session), sql_text(batch->turn)),
			&statement, err) != AGENT_OK
		|| agent_sql_row(db, statement, &found, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	*row = found ? sqlite3_column_int64(statement, 0) : 0;
	*open = found && sqlite3_column_int(statement, 1) != 0;
	agent_sql_done(statement);
	return AGENT_OK;
}

/* Says which rule a new turn would break; the tables' own constraints hold in any case. */
static agent_status check_new(agent_sqlite *db, const agent_journal_batch *batch, agent_error *err)
{
	sqlite3_stmt *statement = NULL;
	bool row = false;
	if (agent_sql_open(db, AGENT_SQL_TURN_CLASH,
			"SELECT (SELECT count(*) FROM session WHERE site = ?1 AND id = ?2),"
			" (SELECT count(*) FROM turn WHERE site = ?1 AND session = ?2 AND message_id = ?3),"
			" (SELECT count(*) FROM turn WHERE site = ?1 AND session = ?2 AND open = 1)",
			SQL_VALUES(sql_site(db), sql_text(batch->session),
				sql_text_or_null(batch->message_id, batch->message_id.len > 0)),
			&statement, err) != AGENT_OK
		|| agent_sql_row(db, statement, &row, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	bool session = row && sqlite3_column_int(statement, 0) > 0;
	bool repeated = row && sqlite3_column_int(statement, 1) > 0;
	bool open = row && sqlite3_column_int(statement, 2) > 0;
	agent_sql_done(statement);
	if (!session) {
		return agent_fail(err, AGENT_DOMAIN_SESSION, "unknown", "there is no such session");
	}
	if (repeated) {
		return agent_fail(err, AGENT_DOMAIN_SESSION, "message_repeated", "this message has a turn already");
	}
	if (open) {
		return agent_fail(err, AGENT_DOMAIN_SESSION, "turn_open",
			"another turn of this session is open: close it first");
	}
	return AGENT_OK;
}

static agent_status ensure_turn(agent_sqlite *db, const agent_journal_batch *batch, int64_t *row, agent_error *err)
{
	bool open = false;
	if (find_turn(db, batch, row, &open, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (*row != 0) {
		return open ? AGENT_OK : agent_fail(err, AGENT_DOMAIN_SESSION, "turn_closed", "this turn is closed");
	}
	if (check_new(db, batch, err) != AGENT_OK
		|| agent_sql_run(db, AGENT_SQL_TURN_MAKE,
			"INSERT INTO turn (site, session, turn, message_id, open, started_s, touched_s, number)"
			" VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5,"
			" (SELECT coalesce(max(number), 0) + 1 FROM turn WHERE site = ?1 AND session = ?2))",
			SQL_VALUES(sql_site(db), sql_text(batch->session), sql_text(batch->turn),
				sql_text_or_null(batch->message_id, batch->message_id.len > 0), sql_int(batch->now_s)),
			NULL, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	*row = sqlite3_last_insert_rowid(db->handle);
	return AGENT_OK;
}

static agent_status last_entry(agent_sqlite *db, int64_t turn, int64_t *last, agent_error *err)
{
	sqlite3_stmt *statement = NULL;
	bool row = false;
	*last = 0;
	if (agent_sql_open(db, AGENT_SQL_JOURNAL_LAST, "SELECT coalesce(max(n), 0) FROM journal WHERE turn = ?",
			SQL_VALUES(sql_int(turn)), &statement, err) != AGENT_OK
		|| agent_sql_row(db, statement, &row, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	*last = row ? sqlite3_column_int64(statement, 0) : 0;
	agent_sql_done(statement);
	return AGENT_OK;
}

static agent_status add_entries(agent_sqlite *db, const agent_journal_batch *batch, int64_t turn, agent_error *err)
{
	int64_t n = 0;
	if (batch->entry_count > 0 && last_entry(db, turn, &n, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	for (size_t i = 0; i < batch->entry_count; i++) {
		if (agent_sql_run(db, AGENT_SQL_JOURNAL_ADD, "INSERT INTO journal (turn, n, entry) VALUES (?, ?, ?)",
				SQL_VALUES(sql_int(turn), sql_int(++n), sql_text(batch->entries[i])), NULL, err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

static agent_status write_batch(agent_sqlite *db, const agent_journal_batch *batch, agent_error *err)
{
	int64_t turn;
	if (ensure_turn(db, batch, &turn, err) != AGENT_OK || add_entries(db, batch, turn, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = AGENT_OK;
	if (batch->close) {
		status = agent_sql_run(db, AGENT_SQL_TURN_CLOSE,
			"UPDATE turn SET open = 0, touched_s = ?2, record = ?3, history = ?4, history_bytes = ?5 WHERE row = ?1",
			SQL_VALUES(sql_int(turn), sql_int(batch->now_s), sql_text(batch->record), sql_text(batch->history),
				sql_int((int64_t)batch->history.len)),
			NULL, err);
	} else {
		status = agent_sql_run(db, AGENT_SQL_TURN_TOUCH, "UPDATE turn SET touched_s = ?2 WHERE row = ?1",
			SQL_VALUES(sql_int(turn), sql_int(batch->now_s)), NULL, err);
	}
	if (status != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_sql_run(db, AGENT_SQL_SESSION_TOUCH,
		"UPDATE session SET updated_s = ?3 WHERE site = ?1 AND id = ?2 AND updated_s < ?3",
		SQL_VALUES(sql_site(db), sql_text(batch->session), sql_int(batch->now_s)), NULL, err);
}

static agent_status append(void *state, const agent_journal_batch *batch, agent_error *err)
{
	agent_sqlite *db = state;
	if (agent_sql_begin(db, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_sql_end(db, write_batch(db, batch, err), err);
}

static agent_status read_entries(void *state, agent_str session, agent_str turn, agent_arena *arena,
	agent_str **entries, size_t *count, agent_error *err)
{
	agent_sqlite *db = state;
	sqlite3_stmt *statement = NULL;
	size_t room = 0;
	bool row = false;
	*entries = NULL;
	*count = 0;
	if (agent_sql_open(db, AGENT_SQL_JOURNAL_READ,
			"SELECT entry, count(*) OVER () FROM journal WHERE turn ="
			" (SELECT row FROM turn WHERE site = ?1 AND session = ?2 AND turn = ?3) ORDER BY n",
			SQL_VALUES(sql_site(db), sql_text(session), sql_text(turn)), &statement, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = agent_sql_row(db, statement, &row, err);
	if (status == AGENT_OK && row) {
		room = (size_t)sqlite3_column_int64(statement, 1);
		*entries = agent_arena_array(arena, room, sizeof **entries);
		status = *entries != NULL ? AGENT_OK : agent_arena_fail(arena, err);
	}
	while (status == AGENT_OK && row && *count < room) {
		status = agent_sql_take(db, statement, 0, arena, &(*entries)[*count], err);
		*count += 1;
		if (status == AGENT_OK) {
			status = agent_sql_row(db, statement, &row, err);
		}
	}
	agent_sql_done(statement);
	return status;
}

/* Copies the row the statement stands on (TURN_COLUMNS). */
static agent_status take_turn(agent_sqlite *db, sqlite3_stmt *statement, agent_arena *arena,
	agent_turn_row *out, agent_error *err)
{
	*out = (agent_turn_row){
		.number = sqlite3_column_int64(statement, 2),
		.open = sqlite3_column_int(statement, 3) != 0,
		.started_s = sqlite3_column_int64(statement, 4),
	};
	if (agent_sql_take(db, statement, 0, arena, &out->turn, err) != AGENT_OK
		|| agent_sql_take(db, statement, 1, arena, &out->message_id, err) != AGENT_OK
		|| agent_sql_take(db, statement, 5, arena, &out->record, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_sql_take(db, statement, 6, arena, &out->history, err);
}

static const agent_turn_row no_turn = { AGENT_STR_INIT(""), AGENT_STR_INIT(""), 0, false, 0,
	AGENT_STR_INIT(""), AGENT_STR_INIT("") };

static agent_status one_turn(agent_sqlite *db, sqlite3_stmt *statement, agent_arena *arena,
	agent_turn_row *out, bool *found, agent_error *err)
{
	if (agent_sql_row(db, statement, found, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = *found ? take_turn(db, statement, arena, out, err) : AGENT_OK;
	agent_sql_done(statement);
	return status;
}

static agent_status open_turn(void *state, agent_str session, agent_arena *arena, agent_turn_row *out,
	bool *found, agent_error *err)
{
	agent_sqlite *db = state;
	sqlite3_stmt *statement = NULL;
	*out = no_turn;
	*found = false;
	if (agent_sql_open(db, AGENT_SQL_TURN_OPEN,
			"SELECT " TURN_COLUMNS " FROM turn WHERE site = ? AND session = ? AND open = 1",
			SQL_VALUES(sql_site(db), sql_text(session)), &statement, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return one_turn(db, statement, arena, out, found, err);
}

static agent_status by_message(void *state, agent_str session, agent_str message_id, agent_arena *arena,
	agent_turn_row *out, bool *found, agent_error *err)
{
	agent_sqlite *db = state;
	sqlite3_stmt *statement = NULL;
	*out = no_turn;
	*found = false;
	if (message_id.len == 0) {
		return AGENT_OK;
	}
	if (agent_sql_open(db, AGENT_SQL_TURN_BY_MESSAGE,
			"SELECT " TURN_COLUMNS " FROM turn WHERE site = ? AND session = ? AND message_id = ?",
			SQL_VALUES(sql_site(db), sql_text(session), sql_text(message_id)),
			&statement, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return one_turn(db, statement, arena, out, found, err);
}

/* The windowed sum lets the engine stop at the byte limit before it reads a history that would not fit. */
static agent_status open_history(agent_sqlite *db, agent_str session, size_t max_turns, size_t max_bytes,
	sqlite3_stmt **statement, agent_error *err)
{
	int64_t bytes = max_bytes > INT64_MAX ? INT64_MAX : (int64_t)max_bytes;
	return agent_sql_open(db, AGENT_SQL_TURN_HISTORY,
		"SELECT " TURN_COLUMNS ", fitting FROM turn JOIN"
		" (SELECT row AS r, count(*) OVER () AS fitting FROM"
		"  (SELECT row, sum(history_bytes) OVER (ORDER BY number DESC) AS sum FROM"
		"   (SELECT row, number, history_bytes FROM turn WHERE site = ?1 AND session = ?2 AND open = 0"
		"    ORDER BY number DESC LIMIT ?3)) WHERE sum <= ?4)"
		" ON row = r ORDER BY number",
		SQL_VALUES(sql_site(db), sql_text(session), sql_int((int64_t)max_turns), sql_int(bytes)),
		statement, err);
}

static agent_status history(void *state, agent_str session, size_t max_turns, size_t max_bytes,
	agent_arena *arena, agent_turn_row **rows, size_t *count, agent_error *err)
{
	agent_sqlite *db = state;
	sqlite3_stmt *statement = NULL;
	size_t room = 0;
	bool row = false;
	*rows = NULL;
	*count = 0;
	max_turns = max_turns > TURNS_MAX ? TURNS_MAX : max_turns;
	if (open_history(db, session, max_turns, max_bytes, &statement, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = agent_sql_row(db, statement, &row, err);
	if (status == AGENT_OK && row) {
		room = (size_t)sqlite3_column_int64(statement, 7);
		*rows = agent_arena_array(arena, room, sizeof **rows);
		status = *rows != NULL ? AGENT_OK : agent_arena_fail(arena, err);
	}
	while (status == AGENT_OK && row && *count < room) {
		status = take_turn(db, statement, arena, &(*rows)[*count], err);
		*count += 1;
		if (status == AGENT_OK) {
			status = agent_sql_row(db, statement, &row, err);
		}
	}
	agent_sql_done(statement);
	return status;
}

/* Journals and grants go with their turn and session (foreign keys). A session stays while it has turns. */
static agent_status expire(void *state, int64_t before_s, int max, agent_error *err)
{
	agent_sqlite *db = state;
	if (max <= 0) {
		return AGENT_OK;
	}
	if (agent_sql_run(db, AGENT_SQL_EXPIRE_TURNS,
			"DELETE FROM turn WHERE row IN (SELECT row FROM turn WHERE site = ? AND touched_s < ?"
			" ORDER BY touched_s LIMIT ?)",
			SQL_VALUES(sql_site(db), sql_int(before_s), sql_int(max)), NULL, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (agent_sql_run(db, AGENT_SQL_AUDIT_HORIZON,
			"INSERT INTO audit_horizon (site, before_ms) VALUES (?, ?)"
			" ON CONFLICT (site) DO UPDATE SET before_ms = excluded.before_ms WHERE before_ms < excluded.before_ms",
			SQL_VALUES(sql_site(db), sql_int(before_s * 1000)), NULL, err) != AGENT_OK
		|| agent_sql_run(db, AGENT_SQL_EXPIRE_AUDIT,
			"DELETE FROM audit WHERE row IN (SELECT row FROM audit WHERE site = ? AND at_ms < ? ORDER BY at_ms LIMIT ?)",
			SQL_VALUES(sql_site(db), sql_int(before_s * 1000), sql_int(max)), NULL, err) != AGENT_OK
		|| agent_sql_run(db, AGENT_SQL_EXPIRE_ANSWERS,
			"DELETE FROM idempotency WHERE rowid IN (SELECT rowid FROM idempotency WHERE site = ? AND claimed_s < ?"
			" ORDER BY claimed_s LIMIT ?)",
			SQL_VALUES(sql_site(db), sql_int(before_s), sql_int(max)), NULL, err) != AGENT_OK
		|| agent_sql_run(db, AGENT_SQL_EXPIRE_SEEN,
			"DELETE FROM seen WHERE site = ?1 AND token IN (SELECT token FROM seen WHERE site = ?1 AND expires_s < ?2"
			" ORDER BY expires_s LIMIT ?3)",
			SQL_VALUES(sql_site(db), sql_int(before_s), sql_int(max)), NULL, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_sql_run(db, AGENT_SQL_EXPIRE_SESSIONS,
		"DELETE FROM session WHERE site = ?1 AND id IN (SELECT id FROM session WHERE site = ?1"
		" AND updated_s < ?2 AND NOT EXISTS (SELECT 1 FROM turn WHERE turn.site = session.site"
		" AND turn.session = session.id) ORDER BY updated_s LIMIT ?3)",
		SQL_VALUES(sql_site(db), sql_int(before_s), sql_int(max)), NULL, err);
}

agent_journal agent_sqlite_journal(agent_sqlite *db)
{
	return (agent_journal){ append, read_entries, open_turn, by_message, history, expire, db };
}

/* SPDX-License-Identifier: MIT
 * The sessions port on SQLite: who talks, what was granted, whether it is over.
 * What was said is the journal's. */
#include "ext/memory/lease_file.h"
#include "ext/memory/sqlite_own.h"

#define GRANTS_MAX 1000

static agent_status unknown(agent_error *err)
{
	return agent_fail(err, AGENT_DOMAIN_SESSION, "unknown", "there is no such session");
}

static agent_status put_grant(agent_sqlite *db, agent_str id, agent_str scope, int64_t expires_s,
	int *changes, agent_error *err)
{
	return agent_sql_run(db, AGENT_SQL_GRANT_PUT,
		"INSERT INTO session_grant (site, session, scope, expires_s)"
		" SELECT site, id, ?3, ?4 FROM session WHERE site = ?1 AND id = ?2"
		" ON CONFLICT (site, session, scope) DO UPDATE SET expires_s = max(expires_s, excluded.expires_s)",
		SQL_VALUES(sql_site(db), sql_text(id), sql_text(scope), sql_int(expires_s)),
		changes, err);
}

static agent_status insert(agent_sqlite *db, const agent_session *session, agent_error *err)
{
	int changes = 0;
	if (agent_sql_run(db, AGENT_SQL_SESSION_START,
			"INSERT INTO session (site, id, subject, locale, created_s, updated_s)"
			" VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
			SQL_VALUES(sql_site(db), sql_text(session->id),
				sql_text_or_null(session->subject, session->has_subject), sql_text(session->locale),
				sql_int(session->created_s), sql_int(session->updated_s)),
			&changes, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (changes != 1) {
		return agent_fail(err, AGENT_DOMAIN_SESSION, "exists", "a session with this id exists already");
	}
	for (size_t i = 0; i < session->grant_count; i++) {
		if (put_grant(db, session->id, session->grants[i].scope, session->grants[i].expires_s, NULL,
			err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

static agent_status start(void *state, const agent_session *session, agent_error *err)
{
	agent_sqlite *db = state;
	if (session->id.len == 0) {
		return agent_fail(err, AGENT_DOMAIN_SESSION, "unknown", "a session's id is empty");
	}
	if (agent_sql_begin(db, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_sql_end(db, insert(db, session, err), err);
}

static agent_status read_session(agent_sqlite *db, agent_str id, agent_arena *arena, agent_session *out,
	agent_error *err)
{
	sqlite3_stmt *statement = NULL;
	bool row = false;
	if (agent_sql_open(db, AGENT_SQL_SESSION_GET,
			"SELECT id, subject, locale, created_s, updated_s, ended FROM session WHERE site = ? AND id = ?",
			SQL_VALUES(sql_site(db), sql_text(id)), &statement, err) != AGENT_OK
		|| agent_sql_row(db, statement, &row, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (!row) {
		return unknown(err);
	}
	out->has_subject = sqlite3_column_type(statement, 1) != SQLITE_NULL;
	out->created_s = sqlite3_column_int64(statement, 3);
	out->updated_s = sqlite3_column_int64(statement, 4);
	out->ended = sqlite3_column_int(statement, 5) != 0;
	agent_status status = agent_sql_take(db, statement, 0, arena, &out->id, err);
	if (status == AGENT_OK) {
		status = agent_sql_take(db, statement, 1, arena, &out->subject, err);
	}
	if (status == AGENT_OK) {
		status = agent_sql_take(db, statement, 2, arena, &out->locale, err);
	}
	agent_sql_done(statement);
	return status;
}

/* The window count tells how much room the rows need. */
static agent_status read_grants(agent_sqlite *db, agent_str id, int64_t now_s, agent_arena *arena,
	agent_session *out, agent_error *err)
{
	sqlite3_stmt *statement = NULL;
	agent_grant *grants = NULL;
	size_t count = 0;
	size_t room = 0;
	bool row = false;
	if (agent_sql_open(db, AGENT_SQL_GRANT_LIST,
			"SELECT scope, expires_s, count(*) OVER () FROM session_grant"
			" WHERE site = ? AND session = ? AND expires_s > ? ORDER BY scope LIMIT ?",
			SQL_VALUES(sql_site(db), sql_text(id), sql_int(now_s), sql_int(GRANTS_MAX)),
			&statement, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = agent_sql_row(db, statement, &row, err);
	while (status == AGENT_OK && row) {
		if (grants == NULL) {
			int64_t all = sqlite3_column_int64(statement, 2);
			room = all > GRANTS_MAX ? GRANTS_MAX : (size_t)all;
			grants = agent_arena_array(arena, room, sizeof *grants);
		}
		if (grants == NULL) {
			status = agent_arena_fail(arena, err);
			break;
		}
		if (count == room) {
			break;
		}
		grants[count].expires_s = sqlite3_column_int64(statement, 1);
		status = agent_sql_take(db, statement, 0, arena, &grants[count].scope, err);
		count++;
		if (status == AGENT_OK) {
			status = agent_sql_row(db, statement, &row, err);
		}
	}
	agent_sql_done(statement);
	out->grants = grants;
	out->grant_count = status == AGENT_OK ? count : 0;
	return status;
}

static agent_status get(void *state, agent_str id, int64_t now_s, agent_arena *arena, agent_session *out,
	agent_error *err)
{
	agent_sqlite *db = state;
	*out = (agent_session){ .id = AGENT_STR_EMPTY, .subject = AGENT_STR_EMPTY, .locale = AGENT_STR_EMPTY };
	if (read_session(db, id, arena, out, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return read_grants(db, id, now_s, arena, out, err);
}

static agent_status grant(void *state, agent_str id, agent_str scope, int64_t expires_s, agent_error *err)
{
	int changes = 0;
	if (put_grant(state, id, scope, expires_s, &changes, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return changes > 0 ? AGENT_OK : unknown(err);
}

static agent_status end(void *state, agent_str id, int64_t now_s, agent_error *err)
{
	agent_sqlite *db = state;
	int changes = 0;
	if (agent_sql_run(db, AGENT_SQL_SESSION_END,
			"UPDATE session SET ended = 1, updated_s = max(updated_s, ?3) WHERE site = ?1 AND id = ?2",
			SQL_VALUES(sql_site(db), sql_text(id), sql_int(now_s)), &changes, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return changes > 0 ? AGENT_OK : unknown(err);
}

static agent_status lease(void *state, agent_str session, agent_str turn, int64_t deadline_ms,
	agent_lease **out, agent_error *err)
{
	agent_sqlite *db = state;
	(void)turn; /* the lock says that somebody has it, not who */
	*out = NULL;
	if (!agent_sqlite_is_ours(db)) {
		return agent_fail(err, AGENT_DOMAIN_STORE, "forked",
			"this database was opened before a fork: open it anew");
	}
	return agent_lease_take(db->dir, agent_str_cstr(db->site), session, &db->clock, deadline_ms, out, err);
}

agent_sessions agent_sqlite_sessions(agent_sqlite *db)
{
	return (agent_sessions){ start, get, grant, end, lease, agent_lease_renew, agent_lease_release, db };
}

/* SPDX-License-Identifier: MIT
 * The limits port on SQLite: one number per bucket (GCRA).
 * What is limited, and how much, is the caller's. */
#include "ext/memory/sqlite_own.h"

#define COUNT_MAX 1000000
#define WINDOW_MAX_S (400 * 86400)

/* full_us: the moment at which the bucket is full again; now or earlier means full. */
static agent_status read_bucket(agent_sqlite *db, agent_str key, int64_t *full_us, agent_error *err)
{
	sqlite3_stmt *statement = NULL;
	bool row = false;
	*full_us = 0;
	if (agent_sql_open(db, AGENT_SQL_BUCKET_GET, "SELECT full_us FROM bucket WHERE site = ? AND key = ?",
			SQL_VALUES(sql_site(db), sql_text(key)), &statement, err) != AGENT_OK
		|| agent_sql_row(db, statement, &row, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	*full_us = row ? sqlite3_column_int64(statement, 0) : 0;
	agent_sql_done(statement);
	return AGENT_OK;
}

/* A full bucket says no more than none: two of them go with each take, so the table stays small. */
static agent_status write_bucket(agent_sqlite *db, agent_str key, int64_t full_us, int64_t now_us,
	agent_error *err)
{
	if (agent_sql_run(db, AGENT_SQL_BUCKET_PUT,
			"INSERT OR REPLACE INTO bucket (site, key, full_us) VALUES (?, ?, ?)",
			SQL_VALUES(sql_site(db), sql_text(key), sql_int(full_us)), NULL, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_sql_run(db, AGENT_SQL_BUCKET_TIDY,
		"DELETE FROM bucket WHERE site = ?1 AND key IN (SELECT key FROM bucket WHERE site = ?1"
		" AND full_us <= ?2 LIMIT 2)",
		SQL_VALUES(sql_site(db), sql_int(now_us)), NULL, err);
}

static agent_status take_one(agent_sqlite *db, agent_str key, agent_rate rate, int64_t now_us, bool *allowed,
	int64_t *wait_ms, agent_error *err)
{
	int64_t count = rate.count > COUNT_MAX ? COUNT_MAX : rate.count;
	int64_t window_s = rate.window_s < 1 ? 1 : rate.window_s > WINDOW_MAX_S ? WINDOW_MAX_S : rate.window_s;
	int64_t each_us = window_s * 1000000 / count;
	int64_t burst_us = each_us * count;
	int64_t full_us = 0;
	if (read_bucket(db, key, &full_us, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	full_us = full_us < now_us ? now_us : full_us;
	/* the clock was set back, or the limit was lowered: never worse than empty */
	if (full_us > now_us + burst_us) {
		full_us = now_us + burst_us;
	}
	full_us += each_us;
	int64_t over_us = full_us - now_us - burst_us;
	*allowed = over_us <= 0;
	if (!*allowed) {
		*wait_ms = (over_us + 999) / 1000;
		return AGENT_OK;
	}
	return write_bucket(db, key, full_us, now_us, err);
}

static agent_status take(void *state, agent_str key, agent_rate rate, int64_t now_ms, bool *allowed,
	int64_t *wait_ms, agent_error *err)
{
	agent_sqlite *db = state;
	*allowed = true;
	*wait_ms = 0;
	if (rate.count <= 0) {
		return AGENT_OK;
	}
	if (now_ms < 0 || now_ms > INT64_MAX / 4000) {
		return agent_fail(err, AGENT_DOMAIN_INTERNAL, "clock", "the clock is out of range");
	}
	if (agent_sql_begin(db, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = take_one(db, key, rate, now_ms * 1000, allowed, wait_ms, err);
	return agent_sql_end(db, status, err);
}

agent_limits agent_sqlite_limits(agent_sqlite *db)
{
	return (agent_limits){ take, db };
}

/* SPDX-License-Identifier: MIT
 * SQLite as the embedded engine: one file per site, the ports on it, and the session lease.
 * Only the files of memory/ that bear SQLite's name know it. */
#ifndef AGENT_MEMORY_SQLITE_H
#define AGENT_MEMORY_SQLITE_H

#include "ext/base/port.h"

/* One open database of one site, for one owner (thread) in one process. */
typedef struct agent_sqlite agent_sqlite;

/* dir: a checked data directory; site_key: 32 hexadecimal digits. Opens <dir>/agent.sqlite (WAL, synchronous NORMAL, own busy handler: naps of 5 ms up to
 * busy_ms), makes or checks the tables (a newer format version is refused with STORE/format). clock is kept. */
agent_status agent_sqlite_open(agent_str dir, const char *site_key, const agent_clock *clock, int busy_ms, agent_sqlite **out, agent_error *err);
/* Only in the process that opened it (else abandons). NULL is allowed. */
void agent_sqlite_close(agent_sqlite *db);
/* False after a fork: open a new one. */
bool agent_sqlite_is_ours(const agent_sqlite *db);
/* False when the file was removed or replaced under the open handle: what is written now is lost, open it again. */
bool agent_sqlite_is_there(const agent_sqlite *db);
/* How long another connection's lock is waited for from now on. */
void agent_sqlite_patience(agent_sqlite *db, int busy_ms);
/* Moves the write-ahead log into the database once it has grown (each time costs two fsyncs), and if that can be done at once; called
 * after the answer has been sent. */
void agent_sqlite_checkpoint(agent_sqlite *db);
/* One trivial read and one trivial write transaction; for health. */
agent_status agent_sqlite_ping(agent_sqlite *db, agent_error *err);

agent_sessions agent_sqlite_sessions(agent_sqlite *db);
agent_journal agent_sqlite_journal(agent_sqlite *db);
agent_knowledge agent_sqlite_knowledge(agent_sqlite *db);
agent_audit agent_sqlite_audit(agent_sqlite *db);
/* "3.40.1" */
const char *agent_sqlite_version(void);

#endif

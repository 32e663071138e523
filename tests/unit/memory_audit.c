/* SPDX-License-Identifier: MIT
 * The audit on SQLite: rows that stay, tokens that count once, answers by idempotency key, and a store of the first format.
 */
#include "tests/unit/memory_support.h"

#include <sqlite3.h>
#include <sys/wait.h>

#define WORKERS 8

typedef struct fixture {
	char root[64];
	agent_sqlite *first, *second;
	agent_audit a, b;
	agent_arena *arena;
} fixture;

static int setup(void **state)
{
	static fixture f;
	f = (fixture){ .root = "" };
	support_dir(f.root);
	f.first = support_open(f.root, SITE);
	f.second = support_open(f.root, SITE);
	f.a = agent_sqlite_audit(f.first);
	f.b = agent_sqlite_audit(f.second);
	f.arena = agent_arena_new(100000);
	*state = &f;
	return f.arena != NULL ? 0 : -1;
}

static int teardown(void **state)
{
	fixture *f = *state;
	agent_arena_free(f->arena);
	agent_sqlite_close(f->first);
	agent_sqlite_close(f->second);
	support_remove(f->root);
	return 0;
}

static agent_claim claimed(fixture *f, agent_audit *port, const char *key, bool write, int64_t now_s, const char *expected)
{
	agent_claim claim = AGENT_CLAIM_BUSY;
	agent_str answer;
	assert_ok(port->claim(port->state, AGENT_STR("refund"), agent_str_cstr(key), write, now_s, f->arena, &claim, &answer, err));
	assert_true(agent_str_is(answer, expected));
	return claim;
}

static void settled(agent_audit *port, const char *key, agent_settled how, const char *answer)
{
	assert_ok(port->settle(port->state, AGENT_STR("refund"), agent_str_cstr(key), how, agent_str_cstr(answer), 1000, err));
}

static void a_key_is_claimed_once_and_its_answer_repeated(void **state)
{
	fixture *f = *state;
	agent_claim claim;
	agent_str answer;
	for (int write = 0; write < 2; write++) {
		const char *key = write ? "w" : "r";
		assert_int_equal(claimed(f, &f->a, key, write, 1000, ""), AGENT_CLAIM_MINE);
		assert_int_equal(claimed(f, &f->b, key, write, 1059, ""), AGENT_CLAIM_BUSY);
		assert_int_equal(claimed(f, &f->a, key, write, 1000, ""), AGENT_CLAIM_BUSY);
		assert_ok(f->b.claim(f->b.state, AGENT_STR("other"), agent_str_cstr(key), write, 1000, f->arena, &claim, &answer, err));
		assert_int_equal(claim, AGENT_CLAIM_MINE);
		settled(&f->a, key, AGENT_SETTLED_ANSWER, "{\"ok\":1}");
		assert_int_equal(claimed(f, &f->b, key, write, 1599, "{\"ok\":1}"), AGENT_CLAIM_ANSWERED);
		settled(&f->a, key, AGENT_SETTLED_NOTHING, "");
		settled(&f->a, key, AGENT_SETTLED_UNKNOWN, "");
		assert_int_equal(claimed(f, &f->b, key, write, 1599, "{\"ok\":1}"), AGENT_CLAIM_ANSWERED);
	}
}

static void a_claim_is_given_back_by_its_owner_only(void **state)
{
	fixture *f = *state;
	for (int write = 0; write < 2; write++) {
		const char *key = write ? "w" : "r";
		assert_int_equal(claimed(f, &f->a, key, write, 1000, ""), AGENT_CLAIM_MINE);
		settled(&f->b, key, AGENT_SETTLED_NOTHING, "");
		settled(&f->b, key, AGENT_SETTLED_UNKNOWN, "");
		assert_int_equal(claimed(f, &f->b, key, write, 1002, ""), AGENT_CLAIM_BUSY);
		settled(&f->a, key, AGENT_SETTLED_NOTHING, "");
		assert_int_equal(claimed(f, &f->b, key, write, 1002, ""), AGENT_CLAIM_MINE);
	}
}

/* Its owner died, or its clock was another. */
static void a_read_is_free_again_and_a_write_never(void **state)
{
	fixture *f = *state;
	assert_int_equal(claimed(f, &f->a, "r", false, 1000, ""), AGENT_CLAIM_MINE);
	assert_int_equal(claimed(f, &f->b, "r", false, 1059, ""), AGENT_CLAIM_BUSY);
	assert_int_equal(claimed(f, &f->b, "r", false, 1060, ""), AGENT_CLAIM_MINE);
	assert_int_equal(claimed(f, &f->a, "r", false, 1000, ""), AGENT_CLAIM_MINE);
	settled(&f->b, "r", AGENT_SETTLED_NOTHING, ""); /* it is another's by now */
	assert_int_equal(claimed(f, &f->b, "r", false, 1001, ""), AGENT_CLAIM_BUSY);
	settled(&f->a, "r", AGENT_SETTLED_ANSWER, "first");
	settled(&f->b, "r", AGENT_SETTLED_ANSWER, "late");
	assert_int_equal(claimed(f, &f->b, "r", false, 1066, "first"), AGENT_CLAIM_ANSWERED);

	assert_int_equal(claimed(f, &f->a, "w", true, 1000, ""), AGENT_CLAIM_MINE);
	assert_int_equal(claimed(f, &f->b, "w", true, 1059, ""), AGENT_CLAIM_BUSY);
	assert_int_equal(claimed(f, &f->b, "w", true, 1060, ""), AGENT_CLAIM_UNKNOWN);
	assert_int_equal(claimed(f, &f->b, "w", true, 940, ""), AGENT_CLAIM_UNKNOWN);
	assert_int_equal(claimed(f, &f->b, "w", true, 999999, ""), AGENT_CLAIM_UNKNOWN);
	settled(&f->a, "w", AGENT_SETTLED_UNKNOWN, ""); /* said at once, it is so at once */
	assert_int_equal(claimed(f, &f->b, "w", true, 1001, ""), AGENT_CLAIM_UNKNOWN);
	settled(&f->a, "w", AGENT_SETTLED_ANSWER, "it was done"); /* the handler came back after all */
	assert_int_equal(claimed(f, &f->b, "w", true, 1001, "it was done"), AGENT_CLAIM_ANSWERED);
}

static bool first(agent_audit *port, const char *id, int64_t expires_s, int64_t now_s)
{
	bool is_first = false;
	assert_ok(port->once(port->state, agent_str_cstr(id), expires_s, now_s, &is_first, err));
	return is_first;
}

static int raw(const char *root, const char *sql, int *out)
{
	char path[128];
	sqlite3 *handle = NULL;
	sqlite3_stmt *statement = NULL;
	snprintf(path, sizeof path, "%s/agent.sqlite", root);
	assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
	sqlite3_busy_timeout(handle, 1000);
	int rc = out == NULL ? sqlite3_exec(handle, sql, NULL, NULL, NULL) : sqlite3_prepare_v2(handle, sql, -1, &statement, NULL);
	if (out != NULL && rc == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
		*out = sqlite3_column_int(statement, 0);
	}
	sqlite3_finalize(statement);
	sqlite3_close(handle);
	return rc;
}

static int counted(const char *root, const char *sql)
{
	int count = -1;
	assert_int_equal(raw(root, sql, &count), SQLITE_OK);
	return count;
}

/* What a visitor was shown is kept as long as it may be asked for again, not as long as the record of what was done. */
static void answers_of_reads_go_soon(void **state)
{
	fixture *f = *state;
	char key[32];
	for (int write = 0; write < 2; write++) {
		for (int i = 0; i < 4; i++) {
			snprintf(key, sizeof key, "%s%d", write ? "w" : "r", i);
			assert_int_equal(claimed(f, &f->a, key, write, 1000, ""), AGENT_CLAIM_MINE);
			settled(&f->a, key, AGENT_SETTLED_ANSWER, "{}");
		}
	}
	assert_int_equal(claimed(f, &f->b, "r0", false, 1599, "{}"), AGENT_CLAIM_ANSWERED);
	assert_int_equal(claimed(f, &f->b, "r0", false, 401, "{}"), AGENT_CLAIM_ANSWERED);
	assert_int_equal(claimed(f, &f->b, "r0", false, 1601, ""), AGENT_CLAIM_MINE);
	assert_int_equal(claimed(f, &f->b, "more", true, 1601, ""), AGENT_CLAIM_MINE);
	assert_int_equal(counted(f->root, "SELECT count(*) FROM idempotency WHERE state = 0"), 1);
	assert_int_equal(claimed(f, &f->b, "w0", true, 1000 + 29 * 86400, "{}"), AGENT_CLAIM_ANSWERED);
}

static void a_token_counts_once(void **state)
{
	fixture *f = *state;
	agent_sqlite *other_site = support_open(f->root, OTHER_SITE);
	agent_audit c = agent_sqlite_audit(other_site);
	assert_true(first(&f->a, "j1", 2000, 1000));
	assert_false(first(&f->a, "j1", 2000, 1000));
	assert_false(first(&f->b, "j1", 2000, 1001)); /* another worker */
	assert_false(first(&f->b, "j1", 9000, 1999));
	assert_true(first(&f->b, "j2", 2000, 1001));
	assert_true(first(&c, "j1", 2000, 1000));
	agent_sqlite_close(other_site);
	agent_sqlite_close(f->first); /* restarted */
	f->first = support_open(f->root, SITE);
	f->a = agent_sqlite_audit(f->first);
	assert_false(first(&f->a, "j1", 2000, 1002));
	/* what is dead goes, two with each that comes, and retention takes the rest */
	char id[16];
	for (int i = 0; i < 40; i++) {
		snprintf(id, sizeof id, "k%d", i);
		assert_true(first(&f->a, id, 2000, 1000));
	}
	for (int i = 0; i < 5; i++) {
		snprintf(id, sizeof id, "l%d", i);
		assert_true(first(&f->a, id, 9000, 2001));
	}
	assert_int_equal(counted(f->root, "SELECT count(*) FROM seen WHERE expires_s = 2000 AND site = '" SITE "'"), 32);
	agent_journal journal = agent_sqlite_journal(f->first);
	assert_ok(journal.expire(journal.state, 2000, 50, err));
	assert_int_equal(counted(f->root, "SELECT count(*) FROM seen WHERE expires_s = 2000 AND site = '" SITE "'"), 32);
	assert_ok(journal.expire(journal.state, 2001, 50, err));
	assert_int_equal(counted(f->root, "SELECT count(*) FROM seen WHERE site = '" SITE "'"), 5);
}

/* Eight workers at once bring the same token, and claim the same key: for each of 25, one is the first. */
static void of_several_at_once_exactly_one_is_the_first(void **state)
{
	fixture *f = *state;
	int back[2], go[2];
	assert_int_equal(pipe(back), 0);
	assert_int_equal(pipe(go), 0);
	for (int i = 0; i < WORKERS; i++) {
		if (fork() == 0) {
			agent_sqlite *db = NULL;
			agent_error err;
			unsigned char got[3] = { 0, 0, 0 };
			char id[16], start;
			close(go[1]);
			bool bad = agent_sqlite_open(agent_str_cstr(f->root), SITE, &support_clock, 10000, &db, &err) != AGENT_OK
				|| read(go[0], &start, 1) != 0;
			agent_arena *arena = agent_arena_new(1 << 20);
			for (int k = 0; k < 25 && !bad; k++) {
				agent_audit port = agent_sqlite_audit(db);
				agent_claim claim = AGENT_CLAIM_BUSY;
				agent_str answer;
				bool is_first = false;
				snprintf(id, sizeof id, "id%d", k);
				bad = port.once(port.state, agent_str_cstr(id), 2000, 1000, &is_first, &err) != AGENT_OK
					|| port.claim(port.state, AGENT_STR("refund"), agent_str_cstr(id), true, 1000, arena, &claim, &answer, &err) != AGENT_OK;
				got[0] = (unsigned char)(got[0] + is_first);
				got[1] = (unsigned char)(got[1] + (claim == AGENT_CLAIM_MINE));
			}
			got[2] = bad;
			_exit(write(back[1], got, sizeof got) == (ssize_t)sizeof got ? 0 : 1);
		}
	}
	close(go[0]);
	close(go[1]); /* all of them see the end of it, and begin */
	int tokens = 0, claims = 0;
	for (int i = 0; i < WORKERS; i++) {
		unsigned char got[3];
		assert_int_equal(read(back[0], got, sizeof got), sizeof got);
		assert_int_equal(got[2], 0);
		tokens += got[0];
		claims += got[1];
	}
	while (wait(NULL) > 0) {
		continue;
	}
	close(back[0]);
	close(back[1]);
	assert_int_equal(tokens, 25);
	assert_int_equal(claims, 25);
}

static agent_audit_row a_row(int64_t at_ms)
{
	return (agent_audit_row){ .at_ms = at_ms, .tool = AGENT_STR("refund"), .effect = AGENT_STR("write"), .subject = AGENT_STR("7"),
		.session = AGENT_STR("s"), .issuer = AGENT_STR("agent"), .key_id = AGENT_STR("k"), .turn = AGENT_STR("t"), .call = AGENT_STR("c"),
		.token = AGENT_STR("j"), .key = AGENT_STR("ff"), .arguments_digest = AGENT_STR("00"), .result = AGENT_STR("refused"),
		.code = AGENT_STR("rate"), .status = 429, .latency_ms = 12 };
}

static void audit_rows_stay_as_they_are_until_retention_takes_them(void **state)
{
	fixture *f = *state;
	for (int64_t at = 1000; at <= 5000; at += 1000) {
		agent_audit_row row = a_row(at);
		assert_ok(f->a.append(f->a.state, &row, err));
	}
	assert_int_equal(counted(f->root, "SELECT count(*) FROM audit WHERE tool = 'refund' AND effect = 'write' AND subject = '7' AND session = 's'"
		" AND issuer = 'agent' AND key_id = 'k' AND turn = 't' AND call = 'c' AND token = 'j' AND key = 'ff' AND arguments_digest = '00'"
		" AND result = 'refused' AND code = 'rate' AND status = 429 AND latency_ms = 12"), 5);
	static const char *const changes[] = {
		"UPDATE audit SET result = 'ok'",
		"DELETE FROM audit",
		"DELETE FROM audit WHERE row = 1",
		"INSERT OR REPLACE INTO audit (row, site, at_ms, tool, subject, session, turn, call, arguments_digest, result, latency_ms)"
		" VALUES (1, '" SITE "', 1, 'x', 'x', 'x', 'x', 'x', 'x', 'ok', 1)",
		"REPLACE INTO audit SELECT * FROM audit",
	};
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		assert_int_equal(raw(f->root, changes[i], NULL), SQLITE_CONSTRAINT);
	}
	assert_int_equal(counted(f->root, "SELECT count(*) FROM audit"), 5);
	agent_journal journal = agent_sqlite_journal(f->first);
	assert_ok(journal.expire(journal.state, 3, 1, err)); /* the oldest, as many as it may take */
	assert_int_equal(counted(f->root, "SELECT min(at_ms) FROM audit"), 2000);
	assert_ok(journal.expire(journal.state, 3, 50, err));
	assert_int_equal(counted(f->root, "SELECT min(at_ms) FROM audit"), 3000);
	assert_ok(journal.expire(journal.state, 2, 50, err)); /* the clock was set back */
	assert_int_equal(raw(f->root, "DELETE FROM audit", NULL), SQLITE_CONSTRAINT);
	agent_audit_row late = a_row(1500); /* and its rows are rows all the same */
	assert_ok(f->a.append(f->a.state, &late, err));
	assert_int_equal(counted(f->root, "SELECT count(*) FROM audit"), 4);
}

/* The store of an earlier version is taken over, by several workers at once. */
static void the_first_format_becomes_the_second(void **state)
{
	fixture *f = *state;
	static const char *const back[] = {
		"DROP TRIGGER audit_is_kept", "DROP TRIGGER audit_is_added_to", "DROP TABLE audit_horizon", "DROP TABLE seen",
		"ALTER TABLE audit DROP COLUMN effect", "ALTER TABLE audit DROP COLUMN issuer", "ALTER TABLE audit DROP COLUMN key_id",
		"ALTER TABLE audit DROP COLUMN token", "ALTER TABLE audit DROP COLUMN key", "ALTER TABLE audit DROP COLUMN code",
		"ALTER TABLE audit DROP COLUMN status", "DROP INDEX idempotency_reads", "ALTER TABLE idempotency DROP COLUMN state", "CREATE TABLE bucket (a)", "PRAGMA user_version = 1",
		"INSERT INTO audit (site, at_ms, tool, subject, session, turn, call, arguments_digest, result, latency_ms)"
		" VALUES ('" SITE "', 1000, 'refund', '7', 's', 't', 'c', '00', 'ok', 1)",
		"INSERT INTO idempotency (site, tool, key, owner, claimed_s, answer) VALUES ('" SITE "', 'refund', 'old', 'x', 1000, '{}')",
	};
	agent_sqlite_close(f->first);
	agent_sqlite_close(f->second);
	for (size_t i = 0; i < sizeof back / sizeof *back; i++) {
		assert_int_equal(raw(f->root, back[i], NULL), SQLITE_OK);
	}
	for (int i = 0; i < 4; i++) {
		if (fork() == 0) {
			agent_sqlite *db = NULL;
			agent_error err;
			_exit(agent_sqlite_open(agent_str_cstr(f->root), SITE, &support_clock, 10000, &db, &err) == AGENT_OK ? 0 : 1);
		}
	}
	int status, failed = 0;
	while (wait(&status) > 0) {
		failed += status != 0;
	}
	assert_int_equal(failed, 0);
	f->first = support_open(f->root, SITE);
	f->second = support_open(f->root, SITE);
	f->a = agent_sqlite_audit(f->first);
	agent_audit_row row = a_row(2000);
	assert_ok(f->a.append(f->a.state, &row, err));
	assert_int_equal(counted(f->root, "SELECT count(*) FROM audit WHERE at_ms = 2000 OR (at_ms = 1000 AND effect = '' AND status = 0)"), 2);
	assert_int_equal(claimed(f, &f->a, "old", true, 99999, "{}"), AGENT_CLAIM_ANSWERED);
	assert_true(first(&f->a, "j", 2000, 1000));
	assert_int_equal(counted(f->root, "SELECT count(*) FROM sqlite_master WHERE name = 'bucket'"), 0);
	assert_int_equal(counted(f->root, "PRAGMA user_version"), 2);
}

static agent_status scenario(void *state, agent_error *err)
{
	const fixture *f = state;
	agent_claim claim = AGENT_CLAIM_BUSY;
	agent_str answer;
	bool is_first = false;
	agent_sqlite *db = NULL;
	static int n;
	char id[32];
	snprintf(id, sizeof id, "torture%d", n++);
	agent_audit_row row = a_row(1000);
	agent_arena *arena = agent_arena_new(4096);
	if (arena == NULL) {
		return agent_fail_memory(err);
	}
	if (agent_sqlite_open(agent_str_cstr(f->root), SITE, &support_clock, 50, &db, err) != AGENT_OK) {
		agent_arena_free(arena);
		return AGENT_ERR;
	}
	const agent_str tool = AGENT_STR("refund"), key = agent_str_cstr(id);
	agent_audit a = agent_sqlite_audit(db);
	agent_status status = a.append(a.state, &row, err);
	status = status == AGENT_OK ? a.once(a.state, key, 2000, 1000, &is_first, err) : status;
	status = status == AGENT_OK ? a.claim(a.state, tool, key, true, 1000, arena, &claim, &answer, err) : status;
	if (status == AGENT_OK && (!is_first || claim != AGENT_CLAIM_MINE)) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "claim", "%d %d", is_first, claim);
	}
	status = status == AGENT_OK ? a.settle(a.state, tool, key, AGENT_SETTLED_UNKNOWN, AGENT_STR_EMPTY, 1000, err) : status;
	status = status == AGENT_OK ? a.settle(a.state, tool, key, AGENT_SETTLED_ANSWER, AGENT_STR("{}"), 1000, err) : status;
	status = status == AGENT_OK ? a.claim(a.state, tool, key, true, 1000, arena, &claim, &answer, err) : status;
	if (status == AGENT_OK && (claim != AGENT_CLAIM_ANSWERED || !agent_str_is(answer, "{}"))) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "answer", "%d", claim);
	}
	agent_sqlite_close(db);
	agent_arena_free(arena);
	return status;
}

static void allocations_may_fail(void **state)
{
	torture("audit", scenario, *state);
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		WITH(a_key_is_claimed_once_and_its_answer_repeated),
		WITH(a_claim_is_given_back_by_its_owner_only),
		WITH(a_read_is_free_again_and_a_write_never),
		WITH(answers_of_reads_go_soon),
		WITH(a_token_counts_once),
		WITH(of_several_at_once_exactly_one_is_the_first),
		WITH(audit_rows_stay_as_they_are_until_retention_takes_them),
		WITH(the_first_format_becomes_the_second),
		WITH(allocations_may_fail),
	};
	return cmocka_run_group_tests_name("memory audit", tests, NULL, NULL);
}

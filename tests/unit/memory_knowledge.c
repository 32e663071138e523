/* SPDX-License-Identifier: MIT
 * Knowledge on SQLite: what is put is found, by those who may, and what was replaced is not.
 */
#include "tests/unit/memory_support.h"

#include <sqlite3.h>

#include "ext/memory/knowledge_query.h"
#include "ext/memory/sqlite_own.h" /* how many steps a statement took */

static size_t put(agent_sqlite *db, const char *id, const char *title, const char *text, const char *language,
	const char *access)
{
	agent_knowledge port = agent_sqlite_knowledge(db);
	size_t chunks = 99;
	agent_document document = { .id = agent_str_cstr(id), .title = agent_str_cstr(title), .url =
		AGENT_STR("https://shop.example/d"),
		.text = agent_str_cstr(text), .language = agent_str_cstr(language), .access = agent_str_cstr(access),
		.updated_s = 77 };
	assert_ok(port.put(port.state, &document, &chunks, err));
	return chunks;
}

static size_t find(agent_sqlite *db, agent_arena *arena, const char *text, const char *language,
	const char *scope, agent_passage **out)
{
	agent_knowledge port = agent_sqlite_knowledge(db);
	agent_str scopes[2] = { AGENT_STR("something:else"), agent_str_cstr(scope) };
	size_t count = 0;
	agent_knowledge_query query = { .text = agent_str_cstr(text), .language = agent_str_cstr(language),
		.scopes = scopes,
		.scope_count = scope != NULL ? 2 : 0, .limit = 5 };
	assert_ok(port.search(port.state, &query, arena, out, &count, err));
	return count;
}

typedef struct fixture {
	char root[64];
	agent_sqlite *db;
	agent_arena *arena;
} fixture;

static int setup(void **state)
{
	fixture *f = calloc(1, sizeof *f);
	support_dir(f->root);
	f->db = support_open(f->root, SITE);
	f->arena = agent_arena_new(10000000);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	fixture *f = *state;
	agent_arena_free(f->arena);
	agent_sqlite_close(f->db);
	support_remove(f->root);
	free(f);
	return 0;
}

static int64_t count_rows(const fixture *f, const char *sql)
{
	char path[128];
	sqlite3 *handle = NULL;
	sqlite3_stmt *statement = NULL;
	snprintf(path, sizeof path, "%s/agent.sqlite", f->root);
	assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
	/* the index agrees with the table, word for word */
	assert_int_equal(sqlite3_exec(handle,
		"INSERT INTO passage_index (passage_index, rank) VALUES ('integrity-check', 1)", NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	int64_t count = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(handle);
	return count;
}

static void a_document_is_found_by_title_heading_and_text(void **state)
{
	fixture *f = *state;
	agent_passage *p = NULL;
	assert_int_equal(put(f->db, "returns", "Returns policy",
		"Items may be **returned** within 30 days.\n\n## Gift cards\n\nThey are final.", "en", ""), 2);
	assert_int_equal(put(f->db, "shipping", "Shipping", "Parcels take three days.", "en", ""), 1);
	assert_int_equal(find(f->db, f->arena, "Can I return this?", "", NULL, &p), 2);
	assert_true(agent_str_is(p[0].id, "returns#1") && agent_str_is(p[0].text,
		"Items may be returned within 30 days."));
	assert_true(agent_str_is(p[0].title, "Returns policy") && agent_str_is(p[0].url, "https://shop.example/d")
		&& agent_str_is(p[0].language, "en"));
	assert_true(p[0].updated_s == 77 && p[0].score >= p[1].score && p[0].score > 0);
	assert_int_equal(find(f->db, f->arena, "gift card", "", NULL, &p), 1);
	assert_true(agent_str_is(p[0].id, "returns#2") && agent_str_is(p[0].text, "They are final."));
	assert_int_equal(find(f->db, f->arena, "PARCEL", "", NULL, &p), 1);
	assert_int_equal(find(f->db, f->arena, "unicorn", "", NULL, &p), 0);
}

static void any_text_is_a_query(void **state)
{
	fixture *f = *state;
	agent_passage *p = NULL;
	static const char *const texts[] = { "", "   ", "the is my where", "\"", "\"\"\" AND", "NEAR(a b)",
		"title:x", "a* OR", "(", "-", "^x", "{a b}:c",
		"' OR 1=1 --", "caf\xc3\xa9", "\xff\xfe invalid", "\xe6\x97\xa5\xe6\x9c\xac", "AND OR NOT", "a\tb\nc",
		"passage_index", "+x -y", "x' y\"z" };
	put(f->db, "d", "Caf\xc3\xa9", "Our CAF\xc3\x89 sells x, y and z.", "", "");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		find(f->db, f->arena, texts[i], "", NULL, &p);
	}
	assert_int_equal(find(f->db, f->arena, "cafe", "", NULL, &p), 1);
	assert_int_equal(find(f->db, f->arena, "Caf\xc3\xa9s", "", NULL, &p), 1);
	agent_buf large;
	agent_buf_init(&large, 1000000);
	for (int i = 0; i < 20000; i++) {
		agent_buf_addf(&large, "w%d ", i);
	}
	agent_buf_add_char(&large, '\0');
	assert_int_equal(find(f->db, f->arena, large.ptr, "", NULL, &p), 0);
	agent_buf_clear(&large);
}

static void the_query_holds_quoted_words_only(void **state)
{
	(void)state;
	static const struct { const char *text, *match; } cases[] = {
		{ "Where is my order ABC-123?", "\"order\" OR \"ABC-123\" OR \"ABC\" OR \"123\"" },
		{ "Refund refund REFUND", "\"Refund\"" },
		{ "is the of", "" },
		{ "tax\" OR title:*", "\"tax\" OR \"title\"" },
	};
	agent_buf out;
	agent_buf_init(&out, AGENT_KNOWLEDGE_MATCH);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_buf_reset(&out);
		assert_ok(agent_knowledge_match(agent_str_cstr(cases[i].text), &out, err));
		if (!agent_str_is(agent_buf_str(&out), cases[i].match)) {
			fail_msg("%s gives %.*s", cases[i].text, AGENT_STR_ARG(agent_buf_str(&out)));
		}
	}
	agent_buf_clear(&out);
}

static void language_scope_and_site_filter(void **state)
{
	fixture *f = *state;
	agent_passage *p = NULL;
	agent_sqlite *other = support_open(f->root, OTHER_SITE);
	put(f->db, "en", "Warranty", "two years", "en-GB", "");
	put(f->db, "de", "Warranty", "zwei Jahre", "DE", "");
	put(f->db, "any", "Warranty", "2", "", "");
	put(f->db, "staff", "Warranty", "secret", "", "staff:read");
	put(other, "theirs", "Warranty", "of another site", "", "");
	assert_int_equal(find(f->db, f->arena, "warranty", "", NULL, &p), 3);
	assert_int_equal(find(f->db, f->arena, "warranty", "en", NULL, &p), 2);
	assert_int_equal(find(f->db, f->arena, "warranty", "de-AT", NULL, &p), 2);
	assert_int_equal(find(f->db, f->arena, "warranty", "fr", NULL, &p), 1);
	assert_int_equal(find(f->db, f->arena, "warranty", "", "staff:read", &p), 4);
	assert_int_equal(find(f->db, f->arena, "warranty", "", "staff", &p), 3);
	assert_int_equal(find(f->db, f->arena, "secret", "", NULL, &p), 0);
	assert_int_equal(find(other, f->arena, "warranty", "", "staff:read", &p), 1);
	assert_true(agent_str_is(p[0].id, "theirs#1"));
	agent_sqlite_close(other);
}

static void putting_again_replaces_and_an_empty_text_removes(void **state)
{
	fixture *f = *state;
	agent_passage *p = NULL;
	for (int i = 0; i < 5; i++) {
		put(f->db, "a", "Alpha", "# One\nzebra\n# Two\nyak", "", "");
		put(f->db, "b", "Beta", "zebra", "", "");
		assert_int_equal(find(f->db, f->arena, "zebra", "", NULL, &p), 2);
		assert_int_equal(put(f->db, "a", "Gamma", "walrus", "", ""), 1);
		assert_int_equal(find(f->db, f->arena, "zebra", "", NULL, &p), 1);
		assert_int_equal(find(f->db, f->arena, "alpha yak two", "", NULL, &p), 0);
		assert_int_equal(find(f->db, f->arena, "gamma", "", NULL, &p), 1);
		assert_int_equal(put(f->db, "a", "Gamma", "", "", ""), 0);
		assert_int_equal(find(f->db, f->arena, "gamma walrus", "", NULL, &p), 0);
	}
	assert_int_equal(put(f->db, "never", "x", "  \n", "", ""), 0);
	assert_int_equal(count_rows(f, "SELECT count(*) FROM passage"), 1);
}

static void a_removed_document_leaves_nothing(void **state)
{
	fixture *f = *state;
	agent_knowledge port = agent_sqlite_knowledge(f->db);
	agent_sqlite *other = support_open(f->root, OTHER_SITE);
	agent_knowledge others = agent_sqlite_knowledge(other);
	agent_passage *p = NULL;
	bool found = true;
	static const char *const ids[] = { "", "never", "A", "a ", "a'--", "a#1", "\xff" };
	for (int round = 0; round < 3; round++) {
		put(f->db, "a", "Alpha", "# One\nzebra\n# Two\nyak", "", "");
		put(f->db, "b", "Beta", "zebra", "", "");
		for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
			assert_ok(port.remove(port.state, agent_str_cstr(ids[i]), &found, err));
			assert_false(found);
		}
		assert_ok(port.remove(port.state, (agent_str){ "a\0b", 3 }, &found, err));
		assert_false(found);
		assert_ok(others.remove(others.state, AGENT_STR("a"), &found, err)); /* another site's */
		assert_false(found);
		assert_int_equal(find(f->db, f->arena, "zebra", "", NULL, &p), 2);
		assert_ok(port.remove(port.state, AGENT_STR("a"), &found, err));
		assert_true(found);
		assert_int_equal(find(f->db, f->arena, "zebra", "", NULL, &p), 1);
		assert_int_equal(find(f->db, f->arena, "alpha yak", "", NULL, &p), 0);
		assert_ok(port.remove(port.state, AGENT_STR("a"), &found, err));
		assert_false(found);
	}
	assert_int_equal(count_rows(f, "SELECT (SELECT count(*) FROM document) * 100 + (SELECT count(*) FROM passage)"), 101);
	agent_sqlite_close(other);
}

/* In ascending order of bytes; every second one is not public. */
static const char *const listed[] = { " ", "%", "%a", "A", "_", "a", "a b", "a%", "a%1", "a0", "a_", "a_1", "aa", "a~",
	"caf\xc3\xa8", "caf\xc3\xa9", "caf\xc3\xa9s", "page:1", "post:1", "post:10", "post:2", "\xc3\xbf", "\xc4\x80", "\xee\x80\x80",
	"\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf!" };
#define LISTED (sizeof listed / sizeof *listed)

static int order_of(agent_str a, agent_str b)
{
	int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);
	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static void list_fits(const fixture *f, agent_str after, agent_str prefix, size_t limit)
{
	agent_knowledge port = agent_sqlite_knowledge(f->db);
	agent_knowledge_range range = { after, prefix, limit };
	agent_arena *arena = agent_arena_new(1000000);
	agent_str *ids = NULL;
	size_t count = 99, n = 0;
	assert_ok(port.list(port.state, &range, arena, &ids, &count, err));
	for (size_t i = 0; i < LISTED && n < limit; i++) {
		agent_str id = agent_str_cstr(listed[i]);
		if (order_of(id, after) > 0 && agent_str_starts(id, prefix)) {
			if (n >= count || !agent_str_eq(ids[n], id)) {
				fail_msg("after \"%.*s\", prefix \"%.*s\": %s is missing", AGENT_STR_ARG(after), AGENT_STR_ARG(prefix), listed[i]);
			}
			n++;
		}
	}
	assert_int_equal(count, n);
	agent_arena_free(arena);
}

static void ids_are_listed_by_range(void **state)
{
	fixture *f = *state;
	agent_sqlite *other = support_open(f->root, OTHER_SITE);
	static const size_t limits[] = { 0, 1, 2, 10000, (size_t)-1 };
	char long_text[300];
	agent_str texts[LISTED + 16] = { AGENT_STR_EMPTY, AGENT_STR("\xff"), AGENT_STR("\xff\xff"), AGENT_STR("a\xff"), AGENT_STR("\xf4\xff"),
		AGENT_STR("caf\xc3"), AGENT_STR("caf"), AGENT_STR("post:"), AGENT_STR("\xf4\x8f\xbf"), AGENT_STR("\xc3"), { "\0", 1 }, { "a\0", 2 },
		{ "a\0z", 3 }, AGENT_STR("p"), { long_text, 200 }, { long_text, sizeof long_text } };
	memset(long_text, 0xff, sizeof long_text);
	long_text[0] = 'a';
	list_fits(f, AGENT_STR("\xff"), AGENT_STR_EMPTY, 10); /* of nothing */
	for (size_t i = LISTED; i-- > 0;) {
		put(f->db, listed[i], "T", "text", "", i % 2 == 0 ? "staff:read" : "");
		texts[16 + i] = agent_str_cstr(listed[i]);
	}
	put(other, "0", "T", "text", "", "");
	put(other, "a1", "T", "text", "", "");
	put(other, "post:11", "T", "text", "", "");
	put(f->db, "gone", "T", "text", "", "");
	put(f->db, "gone", "T", "", "", "");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		for (size_t j = 0; j < sizeof texts / sizeof *texts; j++) {
			for (size_t k = 0; k < sizeof limits / sizeof *limits; k++) {
				list_fits(f, texts[i], texts[j], limits[k]);
			}
		}
	}
	agent_sqlite_close(other);
}

/* What a page costs does not depend on how many documents lie before, behind and beside it. */
static void a_list_reads_its_range_only(void **state)
{
	fixture *f = *state;
	agent_knowledge port = agent_sqlite_knowledge(f->db);
	static const struct { const char *after, *prefix; size_t limit, count; } cases[] = {
		{ "", "", 2, 2 }, { "post:150", "", 2, 2 }, { "post:150", "post:", 2, 2 }, { "", "post:29", 1000, 10 }, { "a", "post:29", 1000, 10 },
		{ "post:298", "post:", 1000, 1 }, { "post:299", "post:", 1000, 0 }, { "", "q", 1000, 0 }, { "z", "post:", 1000, 0 },
		{ "post:1", "post:299", 1000, 1 }, { "", "\xff", 1000, 0 },
	};
	for (int i = 100; i < 300; i++) {
		char id[24];
		snprintf(id, sizeof id, "post:%d", i);
		put(f->db, id, "T", "text", "", "");
	}
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_knowledge_range range = { agent_str_cstr(cases[i].after), agent_str_cstr(cases[i].prefix), cases[i].limit };
		agent_str *ids = NULL;
		size_t count = 0;
		assert_ok(port.list(port.state, &range, f->arena, &ids, &count, err));
		assert_int_equal(count, cases[i].count);
		sqlite3_stmt *statement = f->db->statements[AGENT_SQL_DOCUMENT_LIST];
		assert_int_equal(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1), 0);
		assert_int_equal(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_SORT, 1), 0);
		assert_in_range(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1), 1, 20 + 10 * count);
	}
	agent_arena *small = agent_arena_new(2000);
	agent_knowledge_range range = { AGENT_STR_EMPTY, AGENT_STR_EMPTY, 10000 };
	agent_str *ids = NULL;
	size_t count = 99;
	assert_fails(port.list(port.state, &range, small, &ids, &count, err), "too_large");
	assert_int_equal(count, 0);
	agent_arena_free(small);
}

static void documents_that_cannot_be_kept_are_refused(void **state)
{
	fixture *f = *state;
	agent_knowledge port = agent_sqlite_knowledge(f->db);
	size_t chunks = 0;
	const agent_document good = { .id = AGENT_STR("id"), .title = AGENT_STR("t"), .url = AGENT_STR(""),
		.text = AGENT_STR("text"),
		.language = AGENT_STR(""), .access = AGENT_STR("") };
	agent_document document = good;
	document.id = AGENT_STR_EMPTY;
	assert_fails(port.put(port.state, &document, &chunks, err), "id");
	document = good;
	document.title = AGENT_STR("a\nb");
	assert_fails(port.put(port.state, &document, &chunks, err), "control");
	document = good;
	document.text = AGENT_STR("a\xff");
	assert_fails(port.put(port.state, &document, &chunks, err), "utf8");
	document.text = (agent_str){ "a\0b", 3 };
	assert_fails(port.put(port.state, &document, &chunks, err), "control");
	char *large = calloc(1, 5 * 1024 * 1024);
	memset(large, 'a', 5 * 1024 * 1024);
	document.text = (agent_str){ large, 5 * 1024 * 1024 };
	assert_fails(port.put(port.state, &document, &chunks, err), "too_large");
	free(large);
}

/* What a served tool keeps. */
static agent_status serve_round(agent_sqlite *db, agent_arena *arena, agent_error *err)
{
	agent_audit audit = agent_sqlite_audit(db);
	agent_audit_row row = { .at_ms = 1, .tool = AGENT_STR("t"), .subject = AGENT_STR(""), .session = AGENT_STR("s"),
		.turn = AGENT_STR("t"), .call = AGENT_STR("c"), .arguments_digest = AGENT_STR(""),
		.effect = AGENT_STR(""), .issuer = AGENT_STR(""), .key_id = AGENT_STR(""), .token = AGENT_STR(""), .key = AGENT_STR(""),
		.code = AGENT_STR(""), .result = AGENT_STR("ok") };
	agent_str answer;
	agent_claim claim = AGENT_CLAIM_BUSY;
	static int64_t now_s = 1000; /* a round that failed leaves a claim, which is free again after a minute */
	now_s += 100;
	if (audit.claim(audit.state, row.tool, row.call, false, now_s, arena, &claim, &answer, err) != AGENT_OK
		|| audit.settle(audit.state, row.tool, row.call, AGENT_SETTLED_NOTHING, AGENT_STR_EMPTY, now_s, err) != AGENT_OK
		|| audit.append(audit.state, &row, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return claim == AGENT_CLAIM_MINE ? AGENT_OK : agent_fail(err, AGENT_DOMAIN_INTERNAL, "serve", "not free");
}

/* One round of a worker's life: session, lease, journal, search; every allocation of ours and of the engine
 * may fail. */
static agent_status round_trip(agent_sqlite *db, agent_arena *arena, agent_error *err)
{
	agent_sessions sessions = agent_sqlite_sessions(db);
	agent_journal journal = agent_sqlite_journal(db);
	agent_knowledge knowledge = agent_sqlite_knowledge(db);
	agent_session session;
	agent_lease *lease = NULL;
	agent_turn_row *rows = NULL;
	agent_passage *found = NULL;
	size_t count = 0;
	agent_str entries[] = { AGENT_STR("{\"n\":1}") };
	agent_turn_row open_row;
	bool open = false;
	agent_journal_batch batch = { .session = AGENT_STR("s"), .turn = AGENT_STR("t"), .message_id =
		AGENT_STR(""), .now_s = 500,
		.entries = entries, .entry_count = 1, .record = AGENT_STR_EMPTY, .history = AGENT_STR_EMPTY };
	agent_knowledge_query query = { .text = AGENT_STR("how long is the warranty"), .language = AGENT_STR(""),
		.limit = 3 };
	agent_document document = { .id = AGENT_STR("w"), .title = AGENT_STR("Warranty"), .url = AGENT_STR(""),
		.text = AGENT_STR("Two years."),
		.language = AGENT_STR(""), .access = AGENT_STR("") };
	if (sessions.get(sessions.state, AGENT_STR("s"), 0, arena, &session, err) != AGENT_OK
		|| sessions.lease(sessions.state, AGENT_STR("s"), AGENT_STR("t"), 0, &lease, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = journal.expire(journal.state, 501, 10, err); /* what earlier rounds left */
	if (status == AGENT_OK) {
		status = journal.open_turn(journal.state, AGENT_STR("s"), arena, &open_row, &open, err);
	}
	if (status == AGENT_OK && open) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "open", "a turn outlived its retention");
	}
	if (status == AGENT_OK) {
		status = journal.append(journal.state, &batch, err);
	}
	batch.close = true;
	batch.record = AGENT_STR("{}");
	batch.history = AGENT_STR("[]");
	if (status == AGENT_OK) {
		status = journal.append(journal.state, &batch, err);
	}
	if (status == AGENT_OK) {
		status = journal.history(journal.state, AGENT_STR("s"), 5, 1000, arena, &rows, &count, err);
	}
	if (status == AGENT_OK && (count != 1 || !agent_str_is(rows[0].history, "[]"))) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "history", "%zu turns", count);
	}
	if (status == AGENT_OK) {
		status = knowledge.put(knowledge.state, &document, &count, err);
	}
	if (status == AGENT_OK) {
		status = knowledge.search(knowledge.state, &query, arena, &found, &count, err);
	}
	if (status == AGENT_OK && (count != 1 || !agent_str_is(found[0].text, "Two years."))) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "passages", "%zu passages", count);
	}
	const agent_knowledge_range range = { AGENT_STR("v"), AGENT_STR("w"), 5 };
	agent_str *ids = NULL;
	if (status == AGENT_OK) {
		status = knowledge.list(knowledge.state, &range, arena, &ids, &count, err);
	}
	if (status == AGENT_OK && (count != 1 || !agent_str_is(ids[0], "w"))) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "ids", "%zu ids", count);
	}
	bool removed = false;
	if (status == AGENT_OK) {
		status = knowledge.remove(knowledge.state, document.id, &removed, err);
	}
	if (status == AGENT_OK && !removed) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "removed", "the document was not there");
	}
	if (status == AGENT_OK) {
		status = serve_round(db, arena, err);
	}
	sessions.release(lease);
	return status;
}

static agent_status scenario(void *state, agent_error *err)
{
	agent_sqlite *db = NULL;
	agent_arena *arena = agent_arena_new(1000000);
	agent_status status = arena != NULL ? agent_sqlite_open(agent_str_cstr(state), SITE, &support_clock, 100,
		&db, err) : agent_fail_memory(err);
	if (status == AGENT_OK) {
		status = round_trip(db, arena, err);
	}
	if (status != AGENT_OK && err->domain != AGENT_DOMAIN_MEMORY) {
		fprintf(stderr, "# not memory: %s %s\n", err->code, err->message);
		agent_fail(err, AGENT_DOMAIN_INTERNAL, "other", "missing memory is called something else");
	}
	agent_sqlite_close(db);
	agent_arena_free(arena);
	return status;
}

static agent_status fresh(void *state, agent_error *err)
{
	char path[128];
	static const char *const names[] = { "agent.sqlite", "agent.sqlite-wal", "agent.sqlite-shm" };
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s/%s", (char *)state, names[i]);
		unlink(path);
	}
	agent_sqlite *db = NULL;
	agent_status status = agent_sqlite_open(agent_str_cstr(state), SITE, &support_clock, 100, &db, err);
	if (status == AGENT_OK) {
		status = agent_sqlite_ping(db, err);
	}
	agent_sqlite_close(db);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	char root[64];
	support_dir(root);
	torture("a new database", fresh, root);
	support_remove(root);
	support_dir(root);
	agent_sqlite *db = support_open(root, SITE);
	agent_sessions port = agent_sqlite_sessions(db);
	agent_session session = { .id = AGENT_STR("s"), .subject = AGENT_STR_EMPTY, .locale = AGENT_STR(""),
		.created_s = 1000, .updated_s = 1000 };
	assert_ok(port.start(port.state, &session, err));
	agent_sqlite_close(db);
	torture("session, journal, search", scenario, root);
	support_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_document_is_found_by_title_heading_and_text, setup, teardown),
		cmocka_unit_test_setup_teardown(any_text_is_a_query, setup, teardown),
		cmocka_unit_test(the_query_holds_quoted_words_only),
		cmocka_unit_test_setup_teardown(language_scope_and_site_filter, setup, teardown),
		cmocka_unit_test_setup_teardown(putting_again_replaces_and_an_empty_text_removes, setup, teardown),
		cmocka_unit_test_setup_teardown(a_removed_document_leaves_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(ids_are_listed_by_range, setup, teardown),
		cmocka_unit_test_setup_teardown(a_list_reads_its_range_only, setup, teardown),
		cmocka_unit_test_setup_teardown(documents_that_cannot_be_kept_are_refused, setup, teardown),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

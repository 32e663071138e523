/* SPDX-License-Identifier: MIT
 * The knowledge port on SQLite: documents put, replaced and listed, passages found.
 * How a text is cut is chunk.c's, how a question becomes a query knowledge_query.c's. */
#include "ext/memory/chunk.h"
#include "ext/memory/knowledge_query.h"
#include "ext/memory/sqlite_own.h"
#include "ext/text/utf8.h"

#define ID_MAX 200
#define TEXT_MAX ((size_t)4 * 1024 * 1024)
#define LIMIT_MAX 100
#define LIST_MAX 10000

static agent_status check_member(agent_str text, size_t max, bool one_line, const char *name,
	agent_error *err)
{
	if (text.len > max) {
		return agent_fail(err, AGENT_DOMAIN_KNOWLEDGE, "too_large",
			"the document's %s has more than %zu bytes", name, max);
	}
	if (!agent_utf8_valid(text)) {
		return agent_fail(err, AGENT_DOMAIN_KNOWLEDGE, "utf8", "the document's %s is no valid UTF-8", name);
	}
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c == 0 || (one_line && (c < 0x20 || c == 0x7f))) {
			return agent_fail(err, AGENT_DOMAIN_KNOWLEDGE, "control",
				"the document's %s holds a control character", name);
		}
	}
	return AGENT_OK;
}

static agent_status check(const agent_document *document, agent_error *err)
{
	if (document->id.len == 0) {
		return agent_fail(err, AGENT_DOMAIN_KNOWLEDGE, "id", "a document needs an id");
	}
	if (check_member(document->id, ID_MAX, true, "id", err) != AGENT_OK
		|| check_member(document->title, 500, true, "title", err) != AGENT_OK
		|| check_member(document->url, 2000, true, "url", err) != AGENT_OK
		|| check_member(document->language, 35, true, "language", err) != AGENT_OK
		|| check_member(document->access, 200, true, "access", err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return check_member(document->text, TEXT_MAX, false, "text", err);
}

static agent_status find_document(agent_sqlite *db, agent_str id, int64_t *row, bool *found, agent_error *err)
{
	sqlite3_stmt *statement = NULL;
	*row = 0;
	if (agent_sql_open(db, AGENT_SQL_DOCUMENT_FIND, "SELECT row FROM document WHERE site = ? AND id = ?",
			SQL_VALUES(sql_site(db), sql_text(id)), &statement, err) != AGENT_OK
		|| agent_sql_row(db, statement, found, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	*row = *found ? sqlite3_column_int64(statement, 0) : 0;
	agent_sql_done(statement);
	return AGENT_OK;
}

/* The index is told the old values, word for word; the table still has them. */
static agent_status drop_passages(agent_sqlite *db, int64_t document, agent_error *err)
{
	if (agent_sql_run(db, AGENT_SQL_PASSAGE_UNINDEX,
			"INSERT INTO passage_index (passage_index, rowid, title, text)"
			" SELECT 'delete', row, title, text FROM passage WHERE document = ?",
			SQL_VALUES(sql_int(document)), NULL, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_sql_run(db, AGENT_SQL_PASSAGE_DROP, "DELETE FROM passage WHERE document = ?",
		SQL_VALUES(sql_int(document)), NULL, err);
}

static agent_status add_passage(agent_sqlite *db, int64_t document, int64_t n, const agent_chunk *chunk,
	agent_str title, agent_error *err)
{
	if (agent_sql_run(db, AGENT_SQL_PASSAGE_ADD,
			"INSERT INTO passage (site, document, n, heading, title, text) VALUES (?, ?, ?, ?, ?, ?)",
			SQL_VALUES(sql_site(db), sql_int(document), sql_int(n), sql_text(chunk->heading),
				sql_text(title), sql_text(chunk->text)),
			NULL, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_sql_run(db, AGENT_SQL_PASSAGE_INDEX,
		"INSERT INTO passage_index (rowid, title, text) VALUES (?, ?, ?)",
		SQL_VALUES(sql_int(sqlite3_last_insert_rowid(db->handle)), sql_text(title), sql_text(chunk->text)),
		NULL, err);
}

/* What is searched as a passage's title: the document's and the headings above the passage. */
static agent_status add_passages(agent_sqlite *db, int64_t row, const agent_document *document,
	const agent_chunk *chunks, size_t count, agent_error *err)
{
	agent_buf title;
	agent_status status = AGENT_OK;
	agent_buf_init(&title, 8192);
	for (size_t i = 0; i < count && status == AGENT_OK; i++) {
		agent_buf_reset(&title);
		agent_buf_add(&title, document->title);
		if (chunks[i].heading.len > 0 && !agent_str_eq(chunks[i].heading, document->title)) {
			agent_buf_add_char(&title, '\n');
			agent_buf_add(&title, chunks[i].heading);
		}
		status = agent_buf_check(&title, "a passage's title", err);
		if (status == AGENT_OK) {
			status = add_passage(db, row, (int64_t)i + 1, &chunks[i], agent_buf_str(&title), err);
		}
	}
	agent_buf_clear(&title);
	return status;
}

/* Its passages are gone already. */
static agent_status drop_document(agent_sqlite *db, int64_t row, agent_error *err)
{
	return agent_sql_run(db, AGENT_SQL_DOCUMENT_DROP, "DELETE FROM document WHERE row = ?",
		SQL_VALUES(sql_int(row)), NULL, err);
}

static agent_status replace(agent_sqlite *db, const agent_document *document, const agent_chunk *chunks,
	size_t count, agent_error *err)
{
	int64_t row = 0;
	bool found = false;
	if (find_document(db, document->id, &row, &found, err) != AGENT_OK
		|| (found && drop_passages(db, row, err) != AGENT_OK)) {
		return AGENT_ERR;
	}
	if (count == 0) {
		return drop_document(db, row, err);
	}
	if (agent_sql_run(db, AGENT_SQL_DOCUMENT_PUT,
			"INSERT INTO document (site, id, title, url, language, access, updated_s)"
			" VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (site, id)"
			" DO UPDATE SET title = excluded.title, url = excluded.url, language = excluded.language,"
			" access = excluded.access, updated_s = excluded.updated_s",
			SQL_VALUES(sql_site(db), sql_text(document->id), sql_text(document->title),
				sql_text(document->url), sql_text(document->language), sql_text(document->access),
				sql_int(document->updated_s)),
			NULL, err) != AGENT_OK
		|| (!found && find_document(db, document->id, &row, &found, err) != AGENT_OK)) {
		return AGENT_ERR;
	}
	return add_passages(db, row, document, chunks, count, err);
}

static agent_status put(void *state, const agent_document *document, size_t *chunks, agent_error *err)
{
	agent_sqlite *db = state;
	agent_chunk *list = NULL;
	size_t count = 0;
	*chunks = 0;
	if (check(document, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_arena *arena = agent_arena_new(16 * document->text.len + 1024 * 1024);
	if (arena == NULL) {
		return agent_fail_memory(err);
	}
	agent_status status = agent_chunk_split(document->text, arena, &list, &count, err);
	if (status == AGENT_OK) {
		status = agent_sql_begin(db, err);
		if (status == AGENT_OK) {
			status = agent_sql_end(db, replace(db, document, list, count, err), err);
		}
	}
	agent_arena_free(arena);
	*chunks = status == AGENT_OK ? count : 0;
	return status;
}

static agent_status drop(agent_sqlite *db, agent_str id, bool *found, agent_error *err)
{
	int64_t row = 0;
	agent_status status = find_document(db, id, &row, found, err);
	if (status == AGENT_OK && *found) {
		status = drop_passages(db, row, err);
	}
	return status == AGENT_OK && *found ? drop_document(db, row, err) : status;
}

static agent_status remove_document(void *state, agent_str id, bool *found, agent_error *err)
{
	agent_sqlite *db = state;
	*found = false;
	if (agent_sql_begin(db, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = agent_sql_end(db, drop(db, id, found, err), err);
	*found = *found && status == AGENT_OK;
	return status;
}

/* In the order of the index: bytes, the shorter one first. */
static bool is_before(agent_str a, agent_str b)
{
	int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);
	return order < 0 || (order == 0 && a.len < b.len);
}

/* The first string behind all that begin with prefix. Where there is none, 0xff, which no id holds: ids are UTF-8. */
static agent_str end_of(agent_str prefix, char end[ID_MAX])
{
	size_t len = prefix.len;
	while (len > 0 && (unsigned char)prefix.ptr[len - 1] == 0xff) {
		len--;
	}
	if (len == 0) {
		return AGENT_STR("\xff");
	}
	memcpy(end, prefix.ptr, len);
	end[len - 1] = (char)((unsigned char)end[len - 1] + 1);
	return (agent_str){ end, len };
}

/* The lower end of the range is in it: where that is `after` itself, it is left out here. */
static agent_status read_ids(agent_sqlite *db, sqlite3_stmt *statement, agent_str after, agent_arena *arena,
	agent_str *ids, size_t limit, size_t *count, agent_error *err)
{
	bool row = true;
	while (*count < limit) {
		if (agent_sql_row(db, statement, &row, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		if (!row) {
			return AGENT_OK;
		}
		if (agent_sql_take(db, statement, 0, arena, &ids[*count], err) != AGENT_OK) {
			return AGENT_ERR;
		}
		*count += agent_str_eq(ids[*count], after) ? 0 : 1;
	}
	return AGENT_OK;
}

/* One lower bound, not `id > after AND id >= prefix`: the engine seeks by one of two and steps through the rest. */
static agent_status list(void *state, const agent_knowledge_range *range, agent_arena *arena, agent_str **ids,
	size_t *count, agent_error *err)
{
	agent_sqlite *db = state;
	sqlite3_stmt *statement = NULL;
	char end[ID_MAX];
	size_t limit = range->limit > LIST_MAX ? LIST_MAX : range->limit;
	*ids = NULL;
	*count = 0;
	if (limit == 0 || range->prefix.len > ID_MAX) {
		return AGENT_OK;
	}
	*ids = agent_arena_array(arena, limit, sizeof **ids);
	if (*ids == NULL) {
		return agent_arena_fail(arena, err);
	}
	agent_str from = is_before(range->after, range->prefix) ? range->prefix : range->after;
	agent_status status = agent_sql_open(db, AGENT_SQL_DOCUMENT_LIST,
		"SELECT id FROM document WHERE site = ? AND id >= ? AND id < ? ORDER BY id",
		SQL_VALUES(sql_site(db), sql_text(from), sql_text(end_of(range->prefix, end))), &statement, err);
	if (status == AGENT_OK) {
		status = read_ids(db, statement, range->after, arena, *ids, limit, count, err);
	}
	agent_sql_done(statement);
	if (status != AGENT_OK) {
		*count = 0;
	}
	return status;
}

static agent_str column(sqlite3_stmt *statement, int index)
{
	return agent_str_of(sqlite3_column_blob(statement, index),
		(size_t)sqlite3_column_bytes(statement, index));
}

static agent_status take_passage(agent_sqlite *db, sqlite3_stmt *statement, agent_arena *arena,
	agent_passage *out, agent_error *err)
{
	agent_buf id;
	agent_buf_init(&id, 256);
	agent_buf_add(&id, column(statement, 4));
	agent_buf_add_char(&id, '#');
	agent_buf_add_int(&id, sqlite3_column_int64(statement, 5));
	agent_status status = agent_buf_check(&id, "a passage's id", err);
	if (status == AGENT_OK && !agent_arena_dup(arena, agent_buf_str(&id), &out->id)) {
		status = agent_arena_fail(arena, err);
	}
	agent_buf_clear(&id);
	if (status != AGENT_OK || agent_sql_take(db, statement, 2, arena, &out->title, err) != AGENT_OK
		|| agent_sql_take(db, statement, 3, arena, &out->url, err) != AGENT_OK
		|| agent_sql_take(db, statement, 0, arena, &out->language, err) != AGENT_OK
		|| agent_sql_take(db, statement, 8, arena, &out->heading, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	out->updated_s = sqlite3_column_int64(statement, 6);
	return agent_sql_take(db, statement, 7, arena, &out->text, err);
}

/* Looks one candidate up; *taken false if it is another site's or language's, or not for this session. */
static agent_status look_up(agent_sqlite *db, int64_t row, const agent_knowledge_query *query,
	agent_arena *arena, agent_passage *out, bool *taken, agent_error *err)
{
	sqlite3_stmt *statement = NULL;
	bool found = false;
	*taken = false;
	if (agent_sql_open(db, AGENT_SQL_PASSAGE_GET,
			"SELECT d.language, d.access, d.title, d.url, d.id, p.n, d.updated_s, p.text, p.heading"
			" FROM passage p JOIN document d ON d.row = p.document WHERE p.row = ? AND d.site = ?",
			SQL_VALUES(sql_int(row), sql_site(db)), &statement, err) != AGENT_OK
		|| agent_sql_row(db, statement, &found, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = AGENT_OK;
	if (found && sqlite3_column_blob(statement, 1) == NULL && sqlite3_column_bytes(statement, 1) > 0) {
		status = agent_fail_memory(err); /* a scope that cannot be read must not pass for "public" */
	} else if (found && agent_knowledge_speaks(query, column(statement, 0))
		&& agent_knowledge_may_see(query, column(statement, 1))) {
		status = take_passage(db, statement, arena, out, err);
		*taken = status == AGENT_OK;
	}
	agent_sql_done(statement);
	return status;
}

/* Candidates come best first and are filtered until there are enough: the texts of the rest are never read.
 * */
static agent_status collect(agent_sqlite *db, agent_str match, const agent_knowledge_query *query,
	agent_arena *arena, agent_passage *out, size_t limit, size_t *count, agent_error *err)
{
	sqlite3_stmt *statement = NULL;
	bool row = true;
	agent_status status = agent_sql_open(db, AGENT_SQL_PASSAGE_SEARCH,
		"SELECT rowid, rank FROM passage_index WHERE passage_index MATCH ? AND rank MATCH 'bm25(3.0, 1.0)'"
		" ORDER BY rank",
		SQL_VALUES(sql_text(match)), &statement, err);
	while (status == AGENT_OK && *count < limit) {
		bool taken = false;
		status = agent_sql_row(db, statement, &row, err);
		if (status != AGENT_OK || !row) {
			break;
		}
		double score = -sqlite3_column_double(statement, 1);
		status = look_up(db, sqlite3_column_int64(statement, 0), query, arena, &out[*count], &taken, err);
		if (taken) {
			out[*count].score = score;
			*count += 1;
		}
	}
	agent_sql_done(statement);
	return status;
}

static agent_status search(void *state, const agent_knowledge_query *query, agent_arena *arena,
	agent_passage **out, size_t *count, agent_error *err)
{
	agent_sqlite *db = state;
	size_t limit = query->limit > LIMIT_MAX ? LIMIT_MAX : query->limit;
	agent_buf match;
	*out = NULL;
	*count = 0;
	agent_buf_init(&match, AGENT_KNOWLEDGE_MATCH);
	agent_status status = agent_knowledge_match(query->text, &match, err);
	if (status == AGENT_OK && match.len > 0 && limit > 0) {
		*out = agent_arena_array(arena, limit, sizeof **out);
		status = *out == NULL ? agent_arena_fail(arena, err)
			: collect(db, agent_buf_str(&match), query, arena, *out, limit, count, err);
	}
	agent_buf_clear(&match);
	if (status != AGENT_OK) {
		*count = 0;
	}
	return status;
}

agent_knowledge agent_sqlite_knowledge(agent_sqlite *db)
{
	return (agent_knowledge){ put, remove_document, list, search, db };
}

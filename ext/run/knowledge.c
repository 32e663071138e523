/* SPDX-License-Identifier: MIT
 * Documents for the caller: put, deleted, listed and searched.
 * Chunks and ranking are memory/'s. */
#include "ext/run/admin.h"
#include "ext/run/internal.h"
#include "ext/text/utf8.h"

#define DOCUMENT_MAX ((size_t)4 * 1024 * 1024)
#define LIST_MEMORY ((size_t)4 * 1024 * 1024) /* 10000 ids of 200 bytes, and their views */
#define SEARCH_MEMORY ((size_t)4 * 1024 * 1024)

static agent_status read_document(const agent_json *tree, agent_document *document, agent_error *err)
{
	static const agent_str names[] = { AGENT_STR_INIT("id"), AGENT_STR_INIT("title"), AGENT_STR_INIT("text"), AGENT_STR_INIT("url"),
		AGENT_STR_INIT("language"), AGENT_STR_INIT("access") };
	static const size_t most[] = { 200, 500, DOCUMENT_MAX, 2000, 35, 200 };
	agent_str *const fields[] = { &document->id, &document->title, &document->text, &document->url, &document->language, &document->access };
	agent_str key;
	agent_json *value;
	*document = (agent_document){ AGENT_STR_EMPTY, AGENT_STR_EMPTY, AGENT_STR_EMPTY, AGENT_STR_EMPTY, AGENT_STR_EMPTY, AGENT_STR_EMPTY, 0 };
	if (agent_json_kind_of(tree) != AGENT_JSON_KIND_OBJECT) {
		return agent_fail(err, AGENT_DOMAIN_KNOWLEDGE, "document", "a document is an array with names: id, title, text, url, language, access, updated");
	}
	agent_json_iter it = agent_json_members(tree);
	while (agent_json_member(&it, &key, &value)) {
		size_t i = 0;
		while (i < sizeof names / sizeof *names && !agent_str_eq(names[i], key)) {
			i++;
		}
		if (i == sizeof names / sizeof *names) {
			if (!agent_str_is(key, "updated")) {
				return agent_fail(err, AGENT_DOMAIN_KNOWLEDGE, "document", "a document has no \"%.*s\"; known are id, title, text, url, language, access, updated", AGENT_STR_ARG(key));
			}
			if (!agent_json_int(value, &document->updated_s) || document->updated_s < 0) {
				return agent_fail(err, AGENT_DOMAIN_KNOWLEDGE, "document", "\"updated\" must be seconds since 1970");
			}
			continue;
		}
		if (!agent_json_str(value, fields[i]) || fields[i]->len > most[i]) {
			return agent_fail(err, AGENT_DOMAIN_KNOWLEDGE, "document", "\"%.*s\" must be a string of at most %zu bytes", AGENT_STR_ARG(key), most[i]);
		}
	}
	if (document->id.len == 0 || document->title.len == 0 || agent_str_trim(document->text).len == 0) {
		return agent_fail(err, AGENT_DOMAIN_KNOWLEDGE, "document", "a document needs id, title and text");
	}
	return AGENT_OK;
}

agent_status agent_knowledge_put(agent_site *site, agent_str json, size_t *chunks, agent_error *err)
{
	agent_json *tree;
	agent_document document;
	const agent_json_limits limits = { DOCUMENT_MAX + 65536, 8 };
	if (agent_site_ready(site, err) != AGENT_OK || agent_json_parse(json, limits, "the document", &tree, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = read_document(tree, &document, err);
	if (status == AGENT_OK) {
		if (document.updated_s == 0) {
			document.updated_s = site->clock.wall_ms(site->clock.state) / 1000;
		}
		status = site->knowledge.put(site->knowledge.state, &document, chunks, err);
	}
	agent_json_free(tree);
	return status;
}

agent_status agent_knowledge_delete(agent_site *site, agent_str id, bool *found, agent_error *err)
{
	*found = false;
	return agent_site_ready(site, err) == AGENT_OK ? site->knowledge.remove(site->knowledge.state, id, found, err) : AGENT_ERR;
}

agent_status agent_knowledge_list(agent_site *site, agent_str after, agent_str prefix, size_t limit, agent_buf *out, agent_error *err)
{
	agent_str *ids;
	size_t count;
	if (agent_site_ready(site, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_arena *arena = agent_arena_new(LIST_MEMORY);
	if (arena == NULL) {
		return agent_fail_memory(err);
	}
	agent_knowledge_range range = { after, prefix, limit };
	agent_status status = site->knowledge.list(site->knowledge.state, &range, arena, &ids, &count, err);
	if (status == AGENT_OK) {
		agent_buf_add_char(out, '[');
		for (size_t i = 0; i < count; i++) {
			agent_buf_add(out, i > 0 ? AGENT_STR(",") : AGENT_STR_EMPTY);
			agent_json_put_str(out, ids[i]);
		}
		agent_buf_add_char(out, ']');
		status = agent_buf_check(out, "the list of documents", err);
	}
	agent_arena_free(arena);
	return status;
}

static void put_passage(const agent_passage *p, agent_buf *out)
{
	agent_buf_add_char(out, '{');
	agent_json_put_member(out, "id", p->id);
	agent_json_put_member(out, "title", p->title);
	agent_json_put_member(out, "url", p->url);
	agent_json_put_member(out, "heading", p->heading);
	agent_json_put_member(out, "text", p->text);
	agent_json_put_member(out, "language", p->language);
	agent_json_put_member_int(out, "updated", p->updated_s);
	agent_json_put_key(out, "score");
	/* No %f: its decimal point is the locale's. */
	int64_t micro = p->score > 0 && p->score < 1e9 ? (int64_t)(p->score * 1e6 + 0.5) : 0;
	agent_buf_addf(out, "%lld.%06lld", (long long)(micro / 1000000), (long long)(micro % 1000000));
	agent_buf_add_char(out, '}');
}

agent_status agent_knowledge_search(agent_site *site, agent_str query, agent_str language, const agent_str *scopes, size_t scope_count, size_t limit, agent_buf *out, agent_error *err)
{
	agent_passage *found;
	size_t count;
	if (!agent_utf8_valid(query)) {
		return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "query", "the query must be UTF-8");
	}
	if (agent_site_ready(site, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_arena *arena = agent_arena_new(SEARCH_MEMORY);
	if (arena == NULL) {
		return agent_fail_memory(err);
	}
	agent_knowledge_query wanted = { query, language, scopes, scope_count, limit };
	agent_status status = site->knowledge.search(site->knowledge.state, &wanted, arena, &found, &count, err);
	if (status == AGENT_OK) {
		agent_buf_add_char(out, '[');
		for (size_t i = 0; i < count; i++) {
			agent_buf_add(out, i > 0 ? AGENT_STR(",") : AGENT_STR_EMPTY);
			put_passage(&found[i], out);
		}
		agent_buf_add_char(out, ']');
		status = agent_buf_check(out, "the passages", err);
	}
	agent_arena_free(arena);
	return status;
}

/* SPDX-License-Identifier: MIT
 * Sessions for the caller: begun, shown, granted, ended.
 * Whose a session is, is checked here and in chat.c; the store only keeps it. */
#include "ext/run/admin.h"
#include "ext/run/internal.h"
#include "ext/text/utf8.h"

#define SESSION_MEMORY ((size_t)16 * 1024 * 1024)
#define SUBJECT_MAX 200
#define SCOPE_MAX 200
#define ID_LEN 22

static int64_t now_s(const agent_site *site)
{
	return site->clock.wall_ms(site->clock.state) / 1000;
}

static bool plain(agent_str text, size_t max)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] <= 0x20 || text.ptr[i] == 0x7f) {
			return false;
		}
	}
	return text.len > 0 && text.len <= max && agent_utf8_valid(text);
}

/* The form of our own ids; that nobody can guess it is the caller's word. */
static bool like_ours(agent_str id)
{
	for (size_t i = 0; i < id.len; i++) {
		char c = id.ptr[i];
		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) {
			return false;
		}
	}
	return id.len == ID_LEN;
}

static bool belongs_to(const agent_session *session, bool has_subject, agent_str subject)
{
	return session->has_subject == has_subject && (!has_subject || agent_str_eq(session->subject, subject));
}

static bool is_reason(const agent_error *err, const char *reason)
{
	return err->domain == AGENT_DOMAIN_SESSION && strcmp(err->code, reason) == 0;
}

/* Looked up first: a conversation that goes on writes nothing here. The store decides who of two makes the row, and both take what it
 * holds then. Twice at most: between the two steps a row can also go (retention). */
static agent_status start_named(agent_site *site, const agent_session *wanted, agent_error *err)
{
	agent_session found;
	agent_status status = AGENT_ERR;
	agent_arena *arena = agent_arena_new(SESSION_MEMORY);
	if (arena == NULL) {
		return agent_fail_memory(err);
	}
	for (int tries = 0; tries < 2; tries++) {
		status = site->sessions.get(site->sessions.state, wanted->id, wanted->created_s, arena, &found, err);
		if (status == AGENT_OK && !belongs_to(&found, wanted->has_subject, wanted->subject)) {
			status = agent_fail(err, AGENT_DOMAIN_SESSION, "subject", "the session belongs to somebody else");
		} else if (status == AGENT_OK && found.ended) {
			status = agent_fail(err, AGENT_DOMAIN_SESSION, "ended", "the session has ended");
		} else if (status != AGENT_OK && is_reason(err, "unknown")) {
			status = site->sessions.start(site->sessions.state, wanted, err);
		}
		if (status == AGENT_OK || !is_reason(err, "exists")) {
			break;
		}
	}
	agent_arena_free(arena);
	return status;
}

agent_status agent_session_start(agent_site *site, bool has_subject, agent_str subject, agent_str locale, const agent_str *wanted, char id[23], agent_error *err)
{
	if (wanted != NULL && !like_ours(*wanted)) {
		return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "id", "a session's id has %d characters of base64url", ID_LEN);
	}
	if (has_subject && !plain(subject, SUBJECT_MAX)) {
		return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "subject", "a subject has 1 to %d bytes of UTF-8 without blanks", SUBJECT_MAX);
	}
	if (locale.len > 0 && !plain(locale, 35)) {
		return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "locale", "a locale has at most 35 bytes without blanks");
	}
	if (agent_site_ready(site, err) != AGENT_OK || (wanted == NULL && agent_random_id(id, err) != AGENT_OK)) {
		return AGENT_ERR;
	}
	if (wanted != NULL) {
		memcpy(id, wanted->ptr, ID_LEN);
		id[ID_LEN] = '\0';
	}
	agent_session session = { .id = agent_str_cstr(id), .has_subject = has_subject, .subject = subject,
		.locale = locale.len > 0 ? locale : site->config->locale, .created_s = now_s(site), .updated_s = now_s(site) };
	return wanted != NULL ? start_named(site, &session, err) : site->sessions.start(site->sessions.state, &session, err);
}

static void put_grants(const agent_session *session, agent_buf *out)
{
	agent_json_put_key(out, "grants");
	agent_buf_add_char(out, '[');
	for (size_t i = 0; i < session->grant_count; i++) {
		agent_buf_add(out, i > 0 ? AGENT_STR(",{") : AGENT_STR("{"));
		agent_json_put_member(out, "scope", session->grants[i].scope);
		agent_json_put_member_int(out, "expires", session->grants[i].expires_s);
		agent_buf_add_char(out, '}');
	}
	agent_buf_add_char(out, ']');
}

static agent_status put_turns(agent_site *site, agent_str id, int64_t limit, agent_arena *arena, agent_buf *out, agent_error *err)
{
	agent_turn_row *rows;
	size_t count;
	if (site->journal.history(site->journal.state, id, (size_t)limit, SESSION_MEMORY / 2, arena, &rows, &count, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_json_put_key(out, "turns");
	agent_buf_add_char(out, '[');
	for (size_t i = 0; i < count; i++) {
		agent_buf_add(out, i > 0 ? AGENT_STR(",{") : AGENT_STR("{"));
		agent_json_put_member(out, "turn", rows[i].turn);
		agent_json_put_member(out, "message_id", rows[i].message_id);
		agent_json_put_member_int(out, "number", rows[i].number);
		agent_json_put_member_int(out, "started", rows[i].started_s);
		agent_json_put_key(out, "record");
		agent_buf_add(out, rows[i].record.len > 0 ? rows[i].record : AGENT_STR("null"));
		agent_json_put_key(out, "messages");
		agent_buf_add(out, rows[i].history.len > 0 ? rows[i].history : AGENT_STR("[]"));
		agent_buf_add_char(out, '}');
	}
	agent_buf_add_char(out, ']');
	return AGENT_OK;
}

static agent_status show(agent_site *site, const agent_session *session, int64_t limit, agent_arena *arena, agent_buf *out, agent_error *err)
{
	agent_buf_add_char(out, '{');
	agent_json_put_member(out, "id", session->id);
	agent_json_put_key(out, "subject");
	if (session->has_subject) {
		agent_json_put_str(out, session->subject);
	} else {
		agent_buf_add_lit(out, "null");
	}
	agent_json_put_member(out, "locale", session->locale);
	agent_json_put_member_int(out, "created", session->created_s);
	agent_json_put_member_int(out, "updated", session->updated_s);
	agent_json_put_member_bool(out, "ended", session->ended);
	put_grants(session, out);
	if (put_turns(site, session->id, limit, arena, out, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_buf_add_char(out, '}');
	return agent_buf_check(out, "the session", err);
}

agent_status agent_session_get(agent_site *site, agent_str id, bool has_subject, agent_str subject, int64_t limit, agent_buf *out, agent_error *err)
{
	agent_session session;
	if (agent_site_ready(site, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_arena *arena = agent_arena_new(SESSION_MEMORY);
	if (arena == NULL) {
		return agent_fail_memory(err);
	}
	agent_status status = site->sessions.get(site->sessions.state, id, now_s(site), arena, &session, err);
	if (status == AGENT_OK && !belongs_to(&session, has_subject, subject)) {
		status = agent_fail(err, AGENT_DOMAIN_SESSION, "subject", "the session belongs to somebody else");
	}
	if (status == AGENT_OK) {
		status = show(site, &session, limit, arena, out, err);
	}
	agent_arena_free(arena);
	return status;
}

agent_status agent_session_grant(agent_site *site, agent_str id, agent_str scope, int64_t seconds, agent_error *err)
{
	if (!plain(scope, SCOPE_MAX)) {
		return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "scope", "a scope has 1 to %d bytes of UTF-8 without blanks", SCOPE_MAX);
	}
	if (seconds < 1 || seconds > 86400) {
		return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "seconds", "seconds must be from 1 to 86400");
	}
	if (agent_site_ready(site, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return site->sessions.grant(site->sessions.state, id, scope, now_s(site) + seconds, err);
}

agent_status agent_session_end(agent_site *site, agent_str id, agent_error *err)
{
	if (agent_site_ready(site, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return site->sessions.end(site->sessions.state, id, now_s(site), err);
}

/* SPDX-License-Identifier: MIT
 * The plain functions beside a turn: sessions, knowledge, tokens, schema check. JSON text in and out.
 * Each blocks at most for the store's busy time. */
#ifndef AGENT_RUN_ADMIN_H
#define AGENT_RUN_ADMIN_H

#include "ext/run/site.h"

/* id: 22 characters and a NUL. wanted (may be NULL): the session of that id; begun where there is none, else it must be `subject`'s and
 * not ended (SESSION/subject, SESSION/ended) and stays as it is. */
agent_status agent_session_start(agent_site *site, bool has_subject, agent_str subject, agent_str locale, const agent_str *wanted, char id[23], agent_error *err);
/* The session as a JSON object (stub: agent_session_get). check_subject: it must be `subject` (or a guest's where has_subject is false). */
agent_status agent_session_get(agent_site *site, agent_str id, bool has_subject, agent_str subject, int64_t limit, agent_buf *out, agent_error *err);
agent_status agent_session_grant(agent_site *site, agent_str id, agent_str scope, int64_t seconds, agent_error *err);
agent_status agent_session_end(agent_site *site, agent_str id, agent_error *err);

/* document: a JSON object's text (stub: agent_knowledge_put). */
agent_status agent_knowledge_put(agent_site *site, agent_str document, size_t *chunks, agent_error *err);
/* *found: there was such a document. */
agent_status agent_knowledge_delete(agent_site *site, agent_str id, bool *found, agent_error *err);
/* Appends a JSON array of ids. */
agent_status agent_knowledge_list(agent_site *site, agent_str after, agent_str prefix, size_t limit, agent_buf *out, agent_error *err);
agent_status agent_knowledge_search(agent_site *site, agent_str query, agent_str language, const agent_str *scopes, size_t scope_count, size_t limit, agent_buf *out, agent_error *err);

/* claims: a JSON object's text. seconds: as long as a token of its audience may live (hands.h), else ARGUMENT/seconds. */
agent_status agent_token_issue(agent_site *site, agent_str claims, int64_t seconds, agent_buf *out, agent_error *err);
agent_status agent_token_check(agent_site *site, agent_str token, agent_str audience, agent_buf *claims, agent_error *err);

#define AGENT_KEY_OVERLAP_MAX_S 2592000 /* 30 days: as long as any token may live */

/* Appends the public keys that verify this site's tokens for its backend, as a JWK Set. */
agent_status agent_site_key_set(agent_site *site, agent_buf *out, agent_error *err);
/* Appends the kid of a new key of the ring, which signs from now on; the older ones verify for overlap_s seconds more, if not retired before. */
agent_status agent_site_key_rotate(agent_site *site, int64_t overlap_s, agent_buf *kid, agent_error *err);

typedef struct agent_schema_text {
	agent_str uri;               /* without fragment */
	agent_str json;
} agent_schema_text;

typedef struct agent_schema_request {
	agent_str schema, json;      /* JSON texts of 1 MiB at most, as those of the registry */
	agent_str dialect;           /* of schemas without $schema; empty: draft 2020-12 */
	bool formats;
	const agent_schema_text *registry;
	size_t registry_count;
} agent_schema_request;

/* Appends a JSON array of faults. Needs no site. */
agent_status agent_schema_check(const agent_schema_request *request, agent_buf *out, agent_error *err);

#endif

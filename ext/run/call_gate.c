/* SPDX-License-Identifier: MIT
 * Whom a tool call speaks for: the scope of its token, the grants of its session, and what a handler is told of it.
 * Sends nothing: call.c does. What opens a tool is judged in hands/. */
#include "ext/run/internal.h"

#define SCOPE_MAX ((size_t)2048)
#define CONTEXT_MAX ((size_t)16 * 1024)

/* Of a session that is not there, or somebody else's, nothing is granted. */
agent_status agent_call_grants(agent_site *site, agent_call_options *o, agent_arena *arena, agent_error *err)
{
	agent_session session;
	if (!o->by_hand || o->session.len == 0) {
		return AGENT_OK;
	}
	if (agent_site_ready(site, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	int64_t now_s = site->clock.wall_ms(site->clock.state) / 1000;
	if (site->sessions.get(site->sessions.state, o->session, now_s, arena, &session, err) != AGENT_OK) {
		return err->domain == AGENT_DOMAIN_SESSION ? AGENT_OK : AGENT_ERR;
	}
	if (!session.ended && session.has_subject == o->has_subject && (!session.has_subject || agent_str_eq(session.subject, o->subject))) {
		o->grants = session.grants;
		o->grant_count = session.grant_count;
	}
	return AGENT_OK;
}

static void put_scope(agent_buf *out, agent_str scope)
{
	if (out->len + 1 + scope.len <= SCOPE_MAX) { /* more fits no token; what does not fit opens nothing */
		agent_buf_add(out, out->len > 0 ? AGENT_STR(" ") : AGENT_STR_EMPTY);
		agent_buf_add(out, scope);
	}
}

/* What opens the tool comes first: its own scope (for a guest only where it names no resource) and the grant of this resource; then the
 * session's other grants. */
agent_status agent_call_scope(const agent_tool *tool, const agent_call_options *o, agent_str value, agent_arena *arena, agent_str *scope_out,
	agent_error *err)
{
	bool own = tool->resource.len == 0 || o->has_subject;
	agent_buf out;
	agent_buf_init(&out, SCOPE_MAX + 1);
	if (own) {
		put_scope(&out, tool->scope);
	}
	for (int first = 1; first >= 0; first--) {
		for (size_t i = 0; i < o->grant_count; i++) {
			agent_str scope = o->grants[i].scope;
			if (!agent_str_eq(scope, tool->scope) && agent_gate_names(tool, scope, value) == (first == 1)) {
				put_scope(&out, scope);
			}
		}
	}
	agent_status status = agent_buf_check(&out, "the scope", err);
	if (status == AGENT_OK && !agent_arena_dup(arena, agent_buf_str(&out), scope_out)) {
		status = agent_arena_fail(arena, err);
	}
	agent_buf_clear(&out);
	return status;
}

agent_status agent_context_write(const agent_context *context, agent_arena *arena, agent_str *out, agent_error *err)
{
	agent_buf text;
	agent_buf_init(&text, CONTEXT_MAX);
	agent_buf_add_char(&text, '{');
	agent_json_put_key(&text, "subject");
	if (context->has_subject) {
		agent_json_put_str(&text, context->subject);
	} else {
		agent_buf_add_lit(&text, "null");
	}
	agent_json_put_member(&text, "session", context->session);
	agent_json_put_member(&text, "turn", context->turn);
	agent_json_put_member(&text, "call", context->call);
	agent_json_put_member(&text, "scope", context->scope);
	agent_buf_add_char(&text, '}');
	agent_status status = agent_buf_check(&text, "the context", err);
	if (status == AGENT_OK && !agent_arena_dup(arena, agent_buf_str(&text), out)) {
		status = agent_arena_fail(arena, err);
	}
	agent_buf_clear(&text);
	return status;
}

/* SPDX-License-Identifier: MIT
 * Carrying out the machine's effects with the ports, and feeding it what comes back.
 * Decides nothing: order, limits and words are the machine's. */
#include "ext/run/chat_internal.h"

#define RESERVE_MS 500

/* --- saving --- */

agent_status agent_chat_store(agent_chat *chat, agent_turn *turn, agent_str turn_id, agent_str message_id, const agent_buf *record, agent_error *err)
{
	agent_site *site = chat->site;
	const agent_str *entries;
	size_t count;
	agent_turn_entries(turn, &entries, &count);
	if (count == 0 && record == NULL) {
		return AGENT_OK;
	}
	agent_journal_batch batch = {
		.session = chat->options.session, .turn = turn_id, .message_id = message_id, .now_s = site->clock.wall_ms(site->clock.state) / 1000,
		.entries = entries, .entry_count = count, .close = record != NULL, .record = AGENT_STR_EMPTY, .history = AGENT_STR_EMPTY
	};
	if (record != NULL) {
		batch.record = agent_buf_str(record);
		batch.history = agent_turn_history(turn);
	}
	if (site->journal.append(site->journal.state, &batch, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_turn_entries_stored(turn);
	return AGENT_OK;
}

/* --- effects --- */

static agent_status look_up(agent_chat *chat, agent_str text, agent_error *err)
{
	agent_site *site = chat->site;
	agent_str *scopes = agent_arena_array(chat->arena, chat->session.grant_count, sizeof *scopes);
	if (scopes == NULL) {
		return agent_arena_fail(chat->arena, err);
	}
	for (size_t i = 0; i < chat->session.grant_count; i++) {
		scopes[i] = chat->session.grants[i].scope;
	}
	agent_knowledge_query query = { .text = text, .language = AGENT_STR_EMPTY, .scopes = scopes, .scope_count = chat->session.grant_count, .limit = AGENT_PASSAGES };
	agent_passage *found = NULL;
	size_t count = 0;
	if (site->knowledge.search(site->knowledge.state, &query, chat->arena, &found, &count, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_input input = { .kind = AGENT_INPUT_PASSAGES, .passages = found, .passage_count = count };
	return agent_turn_feed(chat->turn, &input, err);
}


static agent_status ask_local(agent_chat *chat, const agent_brain_request *request, agent_error *err)
{
	agent_local_answer answer;
	if (agent_local_brain(request, chat->arena, &answer, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_input input = answer.is_call ? (agent_input){ .kind = AGENT_INPUT_CALL, .call = answer.call }
		: (agent_input){ .kind = AGENT_INPUT_TEXT, .text = answer.text };
	if (agent_turn_feed(chat->turn, &input, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_input end = { .kind = AGENT_INPUT_PASS_END, .finish = answer.is_call ? AGENT_FINISH_TOOL_CALLS : AGENT_FINISH_STOP,
		.asked = answer.asked, .declined = answer.declined, .human = answer.human };
	return agent_turn_feed(chat->turn, &end, err);
}

static agent_status ask_brain(agent_chat *chat, const agent_effect *effect, agent_error *err)
{
	agent_error reason;
	if (effect->local) {
		return ask_local(chat, effect->request, err);
	}
	/* A model that stays silent leaves the local brain time to answer. */
	int reserve = chat->site->config->budget.wall_ms / 8;
	int64_t deadline = chat->deadline_ms - (reserve < RESERVE_MS ? reserve : RESERVE_MS);
	if (agent_pass_open(chat->site, effect->request, deadline, &chat->pass, &reason) == AGENT_OK) {
		return AGENT_OK;
	}
	agent_input end = { .kind = AGENT_INPUT_PASS_END, .finish = AGENT_FINISH_ERROR };
	return agent_turn_feed(chat->turn, &end, err); /* no key, no address: the local brain answers */
}

static agent_status call_tool(agent_chat *chat, const agent_effect *effect, agent_error *err)
{
	if (chat->call_count == AGENT_CHAT_CALLS) {
		return agent_fail(err, AGENT_DOMAIN_INTERNAL, "calls", "more calls at once than the machine may hand out");
	}
	const agent_chat_options *o = &chat->options;
	agent_call_options options = {
		.tool = effect->tool, .arguments = effect->arguments, .has_subject = chat->session.has_subject, .subject = chat->session.subject,
		.session = o->session, .turn = agent_str_cstr(chat->turn_id), .call = effect->call_id,
		.grants = chat->session.grants, .grant_count = chat->session.grant_count, .address = o->address
	};
	agent_chat_call *slot = &chat->calls[chat->call_count];
	*slot = (agent_chat_call){ .id = effect->call_id, .tool = effect->tool, .php = effect->kind == AGENT_EFFECT_PHP_TOOL };
	if (agent_call_open(chat->site, &options, chat->deadline_ms, &slot->call, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	chat->call_count++;
	return agent_chat_tell_tool(chat, slot, "started", err);
}

agent_status agent_chat_say(agent_chat *chat, const agent_effect *effect, agent_error *err)
{
	static const agent_event_kind kinds[] = { AGENT_EVENT_TEXT, AGENT_EVENT_NOTICE, AGENT_EVENT_CITATION, AGENT_EVENT_FILE };
	return agent_chat_tell(chat, kinds[effect->say], effect->text, effect->data, err);
}

static agent_status save(agent_chat *chat, bool close, agent_error *err)
{
	if (close) {
		agent_chat_cancel(chat); /* nothing that is still under way can change the turn any more */
		agent_buf_reset(&chat->report);
		if (agent_chat_write_report(chat, chat->turn, &chat->report, err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	const agent_buf *record = close ? &chat->report : NULL;
	if (agent_chat_store(chat, chat->turn, agent_str_cstr(chat->turn_id), chat->options.message_id, record, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	chat->saved = close;
	return AGENT_OK;
}

agent_status agent_chat_perform(agent_chat *chat, const agent_effect *effect, agent_error *err)
{
	switch (effect->kind) {
		case AGENT_EFFECT_NONE:
			return AGENT_OK;
		case AGENT_EFFECT_LOOKUP:
			return look_up(chat, effect->text, err);
		case AGENT_EFFECT_BRAIN:
			return ask_brain(chat, effect, err);
		case AGENT_EFFECT_TOOL:
		case AGENT_EFFECT_PHP_TOOL:
			return call_tool(chat, effect, err);
		case AGENT_EFFECT_SAY:
			return agent_chat_say(chat, effect, err);
		case AGENT_EFFECT_PROOF:
			return AGENT_OK; /* the outcome says it; the notice has been told */
		case AGENT_EFFECT_SAVE:
			return save(chat, effect->close, err);
		case AGENT_EFFECT_END:
			agent_chat_cancel(chat);
			return agent_chat_tell_end(chat, agent_str_cstr(agent_outcome_name(effect->outcome)), err);
	}
	return AGENT_OK;
}

/* --- arrivals --- */

static agent_status progress_pass(agent_chat *chat, bool *moved, agent_error *err)
{
	agent_brain_event event;
	bool malformed;
	if (!agent_pass_step(chat->pass, &event, &malformed)) {
		return AGENT_OK;
	}
	*moved = true;
	agent_input input = { .kind = AGENT_INPUT_TEXT, .text = event.text };
	if (event.kind == AGENT_BRAIN_CALL) {
		input = (agent_input){ .kind = AGENT_INPUT_CALL, .call = event.call };
	} else if (event.kind == AGENT_BRAIN_END) {
		input = (agent_input){ .kind = AGENT_INPUT_PASS_END, .finish = event.finish, .usage = event.usage, .malformed = malformed };
		agent_pass_close(chat->pass);
		chat->pass = NULL;
	}
	return agent_turn_feed(chat->turn, &input, err);
}

static void drop_call(agent_chat *chat, size_t index)
{
	agent_call_close(chat->calls[index].call);
	chat->call_count--;
	memmove(&chat->calls[index], &chat->calls[index + 1], (chat->call_count - index) * sizeof *chat->calls);
}

static agent_status feed_result(agent_chat *chat, size_t index, const agent_tool_result *result, agent_error *err)
{
	agent_input input = { .kind = AGENT_INPUT_RESULT, .call_id = chat->calls[index].id, .result = *result };
	agent_status status = agent_chat_tell_tool(chat, &chat->calls[index], agent_result_class_name(result->result), err);
	if (status == AGENT_OK) {
		status = agent_turn_feed(chat->turn, &input, err);
	}
	drop_call(chat, index);
	return status;
}

/* Gives the handler's call to the caller, as an event. */
static agent_status announce(agent_chat *chat, size_t index, agent_error *err)
{
	agent_chat_call *call = &chat->calls[index];
	agent_str context;
	agent_status status = agent_call_context(call->call, &context, err);
	if (status == AGENT_OK) {
		status = agent_chat_tell(chat, AGENT_EVENT_RUN_PHP, AGENT_STR_EMPTY, AGENT_STR_EMPTY, err);
	}
	if (status == AGENT_OK) {
		agent_event *event = &chat->last->event;
		event->tool = call->tool;
		event->timeout_ms = chat->site->config->manifest.tools[call->tool].timeout_ms;
		if (!agent_arena_dup(chat->arena, agent_call_arguments(call->call), &event->arguments)
			|| !agent_arena_dup(chat->arena, context, &event->context)) {
			status = agent_arena_fail(chat->arena, err);
		}
	}
	call->announced = true;
	chat->php = (int)index;
	return status;
}

agent_status agent_chat_progress(agent_chat *chat, bool *moved, agent_error *err)
{
	if (chat->pass != NULL && progress_pass(chat, moved, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	for (size_t i = 0; i < chat->call_count; i++) {
		agent_tool_result result;
		if (agent_call_step(chat->calls[i].call, &result)) {
			*moved = true;
			if (chat->php > (int)i) {
				chat->php--;
			}
			return feed_result(chat, i, &result, err);
		}
		if (chat->calls[i].php && !chat->calls[i].announced && chat->php < 0) {
			*moved = true;
			return announce(chat, i, err);
		}
	}
	return AGENT_OK;
}

agent_status agent_chat_php_result(agent_chat *chat, const agent_php_result *php, agent_error *err)
{
	agent_tool_result result;
	if (chat->php < 0 || chat->phase != AGENT_CHAT_RUNNING) {
		return AGENT_OK; /* the turn ended while the handler ran */
	}
	size_t index = (size_t)chat->php;
	chat->php = -1;
	if (agent_call_of_php(chat->calls[index].call, php, &result, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return feed_result(chat, index, &result, err);
}

int agent_chat_wait_ms(const agent_chat *chat, int at_most)
{
	int64_t now = agent_chat_now(chat);
	int64_t wait = at_most;
	int64_t left = chat->deadline_ms - now;
	wait = left < wait ? left : wait;
	int64_t silence = chat->event_ms + AGENT_WAITING_MS - now;
	wait = silence < wait ? silence : wait;
	int pass = chat->pass != NULL ? agent_pass_wait_ms(chat->pass) : -1;
	wait = pass >= 0 && pass < wait ? pass : wait;
	for (size_t i = 0; i < chat->call_count; i++) {
		int call = agent_call_wait_ms(chat->calls[i].call);
		wait = call >= 0 && call < wait ? call : wait;
	}
	return wait > 0 ? (int)wait : 0;
}

void agent_chat_cancel(agent_chat *chat)
{
	agent_pass_close(chat->pass);
	chat->pass = NULL;
	while (chat->call_count > 0) {
		drop_call(chat, chat->call_count - 1);
	}
	chat->php = -1;
}

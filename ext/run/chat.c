/* SPDX-License-Identifier: MIT
 * A chat's life: opened, stepped, closed. Waiting is part of stepping (chat_queue.c).
 * Effects are carried out in chat_step.c, beginning and resuming stand in chat_begin.c. */
#include "ext/run/chat_internal.h"

#include "ext/base/alloc.h"
#include "ext/text/utf8.h"

#define MESSAGE_MAX ((size_t)8000)
#define MESSAGE_ID_MAX ((size_t)64)

int64_t agent_chat_now(const agent_chat *chat)
{
	return chat->site->clock.mono_ms(chat->site->clock.state);
}

/* --- events --- */

agent_status agent_chat_tell(agent_chat *chat, agent_event_kind kind, agent_str text, agent_str data, agent_error *err)
{
	agent_chat_event *item = agent_arena_alloc(chat->arena, sizeof *item);
	if (item == NULL || !agent_arena_dup(chat->arena, text, &item->event.text)
		|| !agent_arena_dup(chat->arena, data.len > 0 ? data : AGENT_STR("{}"), &item->event.data)) {
		return agent_arena_fail(chat->arena, err);
	}
	item->event.kind = kind;
	item->event.tool = -1;
	item->event.arguments = item->event.context = AGENT_STR_EMPTY;
	if (chat->last != NULL) {
		chat->last->next = item;
	} else {
		chat->first = item;
	}
	chat->last = item;
	return AGENT_OK;
}

agent_status agent_chat_tell_tool(agent_chat *chat, const agent_chat_call *call, const char *status, agent_error *err)
{
	agent_buf data;
	agent_buf_init(&data, 4096);
	agent_buf_add_char(&data, '{');
	agent_json_put_member(&data, "id", call->id);
	agent_json_put_member(&data, "name", chat->site->config->manifest.tools[call->tool].name);
	agent_json_put_member(&data, "status", agent_str_cstr(status));
	agent_buf_add_char(&data, '}');
	agent_status result = agent_buf_check(&data, "an event", err);
	if (result == AGENT_OK) {
		result = agent_chat_tell(chat, AGENT_EVENT_TOOL, AGENT_STR_EMPTY, agent_buf_str(&data), err);
	}
	agent_buf_clear(&data);
	return result;
}

agent_status agent_chat_note_state(agent_chat *chat, agent_error *err)
{
	agent_state state = agent_turn_state(chat->turn);
	if (state == chat->state) {
		return AGENT_OK;
	}
	int64_t now = agent_chat_now(chat);
	chat->timings[chat->state] += now - chat->state_since_ms;
	chat->state = state;
	chat->state_since_ms = now;
	return agent_chat_tell(chat, AGENT_EVENT_STATE, agent_str_cstr(agent_state_name(state)), AGENT_STR_EMPTY, err);
}

/* --- opening --- */

static bool plain(agent_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f) {
			return false;
		}
	}
	return agent_utf8_valid(text);
}

static agent_status check_options(const agent_chat_options *options, agent_error *err)
{
	if (options->message.len == 0 || agent_str_trim(options->message).len == 0) {
		return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "message", "the message is empty");
	}
	if (options->message.len > MESSAGE_MAX) {
		return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "message", "the message has %zu bytes; at most %zu are taken", options->message.len, MESSAGE_MAX);
	}
	if (!agent_utf8_valid(options->message) || memchr(options->message.ptr, '\0', options->message.len) != NULL) {
		return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "message", "the message must be UTF-8 without NUL");
	}
	if (options->message_id.len > MESSAGE_ID_MAX) {
		return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "message_id", "message_id has at most %zu bytes of UTF-8", MESSAGE_ID_MAX);
	}
	if (!plain(options->message_id) || !plain(options->address) || !plain(options->locale)) {
		return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "options", "message_id, address and locale must be UTF-8 without control characters");
	}
	if (options->address.len > 64 || options->locale.len > 35 || options->utc_offset < -1440 || options->utc_offset > 1440) {
		return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "options", "address has at most 64 bytes, locale 35, utc_offset is within a day");
	}
	return AGENT_OK;
}

static agent_status copy_options(agent_chat *chat, const agent_chat_options *options, agent_error *err)
{
	agent_chat_options *to = &chat->options;
	*to = *options;
	if (agent_random_id(chat->turn_id, err) != AGENT_OK || agent_random_id(chat->message_id, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_str message_id = options->message_id.len > 0 ? options->message_id : agent_str_cstr(chat->message_id);
	if (!agent_arena_dup(chat->arena, options->session, &to->session) || !agent_arena_dup(chat->arena, options->message, &to->message)
		|| !agent_arena_dup(chat->arena, options->subject, &to->subject) || !agent_arena_dup(chat->arena, message_id, &to->message_id)
		|| !agent_arena_dup(chat->arena, options->address, &to->address) || !agent_arena_dup(chat->arena, options->locale, &to->locale)) {
		return agent_arena_fail(chat->arena, err);
	}
	return AGENT_OK;
}

agent_status agent_chat_check_session(agent_chat *chat, agent_error *err)
{
	agent_site *site = chat->site;
	int64_t now_s = site->clock.wall_ms(site->clock.state) / 1000;
	if (site->sessions.get(site->sessions.state, chat->options.session, now_s, chat->arena, &chat->session, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (chat->session.ended) {
		return agent_fail(err, AGENT_DOMAIN_SESSION, "ended", "the session has ended");
	}
	if (chat->session.has_subject != chat->options.has_subject
		|| (chat->session.has_subject && !agent_str_eq(chat->session.subject, chat->options.subject))) {
		return agent_fail(err, AGENT_DOMAIN_SESSION, "subject", "the session belongs to somebody else");
	}
	if (chat->options.locale.len == 0) {
		chat->options.locale = chat->session.locale;
	}
	return AGENT_OK;
}

static agent_status take(agent_chat *chat, const char *kind, agent_str who, agent_rate rate, bool *allowed, agent_error *err)
{
	agent_site *site = chat->site;
	int64_t wait_ms;
	agent_buf key;
	*allowed = true;
	if (rate.count == 0 || who.len == 0) {
		return AGENT_OK;
	}
	agent_buf_init(&key, 256);
	agent_buf_add(&key, agent_str_cstr(kind));
	agent_buf_add(&key, who);
	agent_status status = agent_buf_check(&key, "the rate's key", err);
	if (status == AGENT_OK) {
		status = site->limits.take(site->limits.state, agent_buf_str(&key), rate, site->clock.wall_ms(site->clock.state), allowed, &wait_ms, err);
	}
	agent_buf_clear(&key);
	return status;
}

static agent_status check_rate(agent_chat *chat, agent_error *err)
{
	bool session_allows, address_allows = true, repeated;
	const agent_config *config = chat->site->config;
	const agent_journal *journal = &chat->site->journal;
	agent_turn_row row;
	char address[AGENT_RATE_ADDRESS];
	if (journal->by_message(journal->state, chat->options.session, chat->options.message_id, chat->arena, &row, &repeated, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (repeated && !row.open) { /* it has been counted; its turn is only told again */
		return AGENT_OK;
	}
	if (take(chat, "session:", chat->options.session, config->session_rate, &session_allows, err) != AGENT_OK
		|| (session_allows && take(chat, "address:", agent_rate_address(chat->options.address, address), config->address_rate, &address_allows, err) != AGENT_OK)) {
		return AGENT_ERR;
	}
	if (session_allows && address_allows) {
		return AGENT_OK;
	}
	return agent_chat_shed(chat, AGENT_STR("You have sent many messages in a short time. Please wait a little and send it again."), err);
}

agent_status agent_chat_open(agent_site *site, const agent_chat_options *options, agent_chat **out, agent_error *err)
{
	*out = NULL;
	if (check_options(options, err) != AGENT_OK || agent_site_ready(site, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_chat *chat = agent_calloc(1, sizeof *chat);
	if (chat == NULL) {
		return agent_fail_memory(err);
	}
	chat->site = site;
	site->refs++;
	chat->php = chat->waiting.place = -1;
	agent_buf_init(&chat->report, 4 * 1024 * 1024);
	chat->arena = agent_arena_new(AGENT_CHAT_MEMORY);
	if (chat->arena == NULL) {
		agent_chat_close(chat);
		return agent_fail_memory(err);
	}
	chat->started_ms = chat->state_since_ms = chat->event_ms = agent_chat_now(chat);
	chat->deadline_ms = chat->started_ms + site->config->budget.wall_ms;
	if (copy_options(chat, options, err) != AGENT_OK || agent_chat_check_session(chat, err) != AGENT_OK || check_rate(chat, err) != AGENT_OK) {
		agent_chat_close(chat);
		return AGENT_ERR;
	}
	*out = chat;
	return AGENT_OK;
}

/* --- stepping --- */

static bool pop(agent_chat *chat, agent_event *event)
{
	if (chat->first == NULL) {
		return false;
	}
	*event = chat->first->event;
	if (event->kind == AGENT_EVENT_RUN_PHP && chat->php >= 0) {
		agent_call_begin_here(chat->calls[chat->php].call);
	}
	chat->first = chat->first->next;
	chat->last = chat->first == NULL ? NULL : chat->last;
	chat->event_ms = agent_chat_now(chat);
	return true;
}

static void plain_event(agent_event *event, agent_event_kind kind)
{
	*event = (agent_event){ .kind = kind, .text = AGENT_STR_EMPTY, .data = AGENT_STR("{}"), .tool = -1,
		.arguments = AGENT_STR_EMPTY, .context = AGENT_STR_EMPTY };
}

static agent_status feed_time(agent_chat *chat, agent_error *err)
{
	agent_input input = { .kind = AGENT_INPUT_TIME, .wall_ms = agent_chat_now(chat) - chat->started_ms };
	return agent_turn_feed(chat->turn, &input, err);
}

/* Effects and arrivals, until there is an event to give or nothing more to do without waiting. */
static agent_status work(agent_chat *chat, agent_error *err)
{
	while (chat->phase == AGENT_CHAT_RUNNING && chat->first == NULL) {
		agent_effect effect;
		bool moved = false;
		agent_turn_next(chat->turn, &effect);
		/* What was said or begun before a state is told before it. */
		bool within = effect.kind == AGENT_EFFECT_SAY || effect.kind == AGENT_EFFECT_TOOL || effect.kind == AGENT_EFFECT_PHP_TOOL;
		if (!within && agent_chat_note_state(chat, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		if (effect.kind != AGENT_EFFECT_NONE) {
			if (agent_chat_perform(chat, &effect, err) != AGENT_OK) {
				return AGENT_ERR;
			}
			moved = true;
		} else if (agent_chat_progress(chat, &moved, err) != AGENT_OK || feed_time(chat, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		if (!moved && agent_turn_state(chat->turn) != AGENT_STATE_END) {
			break;
		}
	}
	return AGENT_OK;
}

agent_status agent_chat_step(agent_chat *chat, int tick_ms, agent_event *event, agent_error *err)
{
	int64_t until = agent_chat_now(chat) + tick_ms;
	plain_event(event, AGENT_EVENT_TICK);
	if (pop(chat, event)) {
		return AGENT_OK;
	}
	if ((chat->phase == AGENT_CHAT_WAITING || chat->phase == AGENT_CHAT_QUEUED) && agent_chat_queue(chat, tick_ms, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	for (;;) {
		if (work(chat, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		if (pop(chat, event)) {
			return AGENT_OK;
		}
		if (chat->phase == AGENT_CHAT_ENDED) {
			plain_event(event, AGENT_EVENT_END);
			return AGENT_OK;
		}
		int64_t now = agent_chat_now(chat);
		if (now - chat->event_ms >= AGENT_WAITING_MS) {
			chat->event_ms = now;
			plain_event(event, AGENT_EVENT_WAITING);
			return AGENT_OK;
		}
		if (now >= until || chat->phase == AGENT_CHAT_WAITING || chat->phase == AGENT_CHAT_QUEUED || chat->php >= 0) {
			return AGENT_OK;
		}
		agent_site_poll(chat->site, agent_chat_wait_ms(chat, (int)(until - now)));
	}
}

agent_str agent_chat_report(const agent_chat *chat)
{
	return agent_buf_str(&chat->report);
}

agent_str agent_chat_session(const agent_chat *chat)
{
	return chat->options.session;
}

/* --- closing --- */

static void interrupt(agent_chat *chat)
{
	agent_error ignored;
	agent_effect effect;
	agent_input stop = { .kind = AGENT_INPUT_STOP };
	agent_chat_cancel(chat);
	if (agent_turn_feed(chat->turn, &stop, &ignored) != AGENT_OK) {
		return; /* the journal tells what there was; the next message closes the turn */
	}
	do {
		agent_turn_next(chat->turn, &effect);
		if (effect.kind == AGENT_EFFECT_SAVE && effect.close) {
			(void)agent_chat_perform(chat, &effect, &ignored);
		}
	} while (effect.kind != AGENT_EFFECT_NONE && effect.kind != AGENT_EFFECT_END);
}

void agent_chat_close(agent_chat *chat)
{
	if (chat == NULL) {
		return;
	}
	if (chat->turn != NULL && !chat->saved && chat->phase == AGENT_CHAT_RUNNING) {
		interrupt(chat);
	}
	agent_chat_cancel(chat);
	agent_turn_free(chat->turn);
	agent_chat_give_back(chat);
	agent_site_release(chat->site);
	agent_buf_clear(&chat->report);
	agent_arena_free(chat->arena);
	agent_free(chat);
}

/* SPDX-License-Identifier: MIT
 * What happens once the session is ours: a repeated message gives its turn again, one that a crash left open is resumed or closed,
 * and a new turn begins on the history. Recovery is feeding the journal again. */
#include "ext/run/chat_internal.h"

#define RESUME_SECONDS 600

static agent_budget caps(const agent_config *config)
{
	const agent_budget_config *b = &config->budget;
	return (agent_budget){ .max_tokens = b->tokens, .max_input = b->input, .max_tools = b->tools, .max_wall_ms = b->wall_ms, .max_passes = b->passes };
}

/* Tools that a turn may offer: those that only read, and can be reached or are answered here. */
static uint64_t offered(const agent_config *config, uint64_t local_tools)
{
	uint64_t mask = 0;
	for (size_t i = 0; i < config->manifest.count; i++) {
		const agent_tool *tool = &config->manifest.tools[i];
		bool reachable = tool->url.len > 0 || (local_tools >> i & 1) != 0;
		if (reachable && tool->effect == AGENT_TOOL_READ && !tool->confirm) {
			mask |= UINT64_C(1) << i;
		}
	}
	return mask;
}

static agent_status make_turn(agent_chat *chat, agent_str turn_id, agent_str locale, uint64_t mask, uint64_t local, agent_turn **out, agent_error *err)
{
	agent_site *site = chat->site;
	agent_turn_row *rows;
	size_t count;
	if (site->journal.history(site->journal.state, chat->options.session, AGENT_HISTORY_TURNS, AGENT_HISTORY_BYTES, chat->arena, &rows, &count, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_turn_setup setup = {
		.config = site->config, .budget = caps(site->config), .turn = turn_id, .locale = locale,
		.history = rows, .history_count = count, .tool_mask = mask, .local_tools = local
	};
	return agent_turn_new(&setup, out, err);
}

static agent_status begin_new(agent_chat *chat, agent_error *err)
{
	const agent_chat_options *o = &chat->options;
	uint64_t mask = offered(chat->site->config, o->local_tools);
	if (make_turn(chat, agent_str_cstr(chat->turn_id), o->locale, mask, o->local_tools & mask, &chat->turn, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	chat->state = agent_turn_state(chat->turn);
	agent_input input = { .kind = AGENT_INPUT_MESSAGE, .text = o->message, .now_s = chat->site->clock.wall_ms(chat->site->clock.state) / 1000 };
	if (agent_chat_tell(chat, AGENT_EVENT_STATE, agent_str_cstr(agent_state_name(chat->state)), AGENT_STR_EMPTY, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_turn_feed(chat->turn, &input, err);
}

/* --- after a crash --- */

typedef struct replay {
	agent_effect calls[AGENT_CHAT_CALLS]; /* handed out, and not answered in the journal */
	size_t count;
} replay;

/* Takes the effects that the journal has already answered. What was said is told again: the client replaces what it had. */
static agent_status drain(agent_chat *chat, agent_turn *turn, replay *open, bool tell, agent_error *err)
{
	for (;;) {
		agent_effect effect;
		agent_turn_next(turn, &effect);
		if (effect.kind == AGENT_EFFECT_NONE) {
			return AGENT_OK;
		}
		if (tell && effect.kind == AGENT_EFFECT_SAY && agent_chat_say(chat, &effect, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		if ((effect.kind == AGENT_EFFECT_TOOL || effect.kind == AGENT_EFFECT_PHP_TOOL) && open->count < AGENT_CHAT_CALLS) {
			open->calls[open->count++] = effect;
		}
	}
}

static void answered(replay *open, agent_str call_id)
{
	for (size_t i = 0; i < open->count; i++) {
		if (agent_str_eq(open->calls[i].call_id, call_id)) {
			open->count--;
			memmove(&open->calls[i], &open->calls[i + 1], (open->count - i) * sizeof *open->calls);
			return;
		}
	}
}

static agent_status feed_journal(agent_chat *chat, agent_turn *turn, const agent_str *entries, size_t count, replay *open, bool tell, agent_error *err)
{
	for (size_t i = 1; i < count; i++) {
		agent_input inputs[AGENT_ENTRY_INPUTS];
		size_t input_count;
		if (agent_journal_read_entry(entries[i], chat->arena, inputs, &input_count, err) != AGENT_OK
			|| drain(chat, turn, open, tell, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		for (size_t k = 0; k < input_count; k++) {
			if (inputs[k].kind == AGENT_INPUT_RESULT) {
				answered(open, inputs[k].call_id);
			}
			if (agent_turn_feed(turn, &inputs[k], err) != AGENT_OK) {
				return AGENT_ERR;
			}
		}
	}
	agent_turn_entries_stored(turn); /* they are in the journal already */
	return AGENT_OK;
}

static bool same_caps(const agent_budget *a, const agent_budget *b)
{
	return a->max_tokens == b->max_tokens && a->max_input == b->max_input && a->max_tools == b->max_tools && a->max_wall_ms == b->max_wall_ms
		&& a->max_passes == b->max_passes;
}

/* The turn of the journal, fed again; *turn NULL where it cannot be: another version, configuration or caps, or entries that this
 * version cannot read. Such a turn is closed, so that it does not stand in the session's way for ever. */
static agent_status rebuild(agent_chat *chat, const agent_turn_row *row, bool tell, agent_turn **turn, replay *open, agent_error *err)
{
	agent_site *site = chat->site;
	agent_str *entries;
	size_t count;
	agent_journal_begin begin;
	*turn = NULL;
	open->count = 0;
	if (site->journal.read(site->journal.state, chat->options.session, row->turn, chat->arena, &entries, &count, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (count == 0) {
		return AGENT_OK;
	}
	if (agent_journal_read_begin(entries[0], chat->arena, &begin, err) != AGENT_OK) {
		return err->domain == AGENT_DOMAIN_MEMORY ? AGENT_ERR : AGENT_OK;
	}
	agent_budget now = caps(site->config);
	if (!same_caps(&begin.budget, &now) || begin.machine != AGENT_MACHINE_VERSION || begin.prompt != AGENT_PROMPT_VERSION || !agent_str_is(begin.config, site->config->digest)) {
		return AGENT_OK;
	}
	if (make_turn(chat, row->turn, begin.locale, begin.tool_mask, begin.local_tools, turn, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (feed_journal(chat, *turn, entries, count, open, tell, err) != AGENT_OK) {
		agent_turn_free(*turn);
		*turn = NULL;
		return err->domain == AGENT_DOMAIN_MEMORY ? AGENT_ERR : AGENT_OK;
	}
	return AGENT_OK;
}

/* The visitor's words as a history of one message; empty where the journal does not tell them. */
static agent_status plain_history(agent_chat *chat, const agent_turn_row *row, agent_buf *out, agent_error *err)
{
	agent_journal *journal = &chat->site->journal;
	agent_str *entries;
	agent_input inputs[AGENT_ENTRY_INPUTS];
	size_t count, input_count = 0;
	if (journal->read(journal->state, chat->options.session, row->turn, chat->arena, &entries, &count, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_buf_add_char(out, '[');
	if (count > 1 && agent_journal_read_entry(entries[1], chat->arena, inputs, &input_count, err) == AGENT_OK
		&& input_count == 1 && inputs[0].kind == AGENT_INPUT_MESSAGE) {
		agent_buf_add_lit(out, "{\"role\":\"user\"");
		agent_json_put_member(out, "text", inputs[0].text);
		agent_buf_add_char(out, '}');
	}
	agent_buf_add_char(out, ']');
	return agent_buf_check(out, "the turn's history", err);
}

/* What is left of a turn that this version cannot rebuild: the visitor's words, nothing promised, nothing open. */
static agent_status close_plain(agent_chat *chat, const agent_turn_row *row, agent_error *err)
{
	agent_site *site = chat->site;
	agent_journal_batch batch = { .session = chat->options.session, .turn = row->turn, .message_id = row->message_id,
		.now_s = site->clock.wall_ms(site->clock.state) / 1000, .close = true };
	agent_buf record, history;
	agent_buf_init(&record, 4096);
	agent_buf_init(&history, 256 * 1024);
	agent_buf_add_char(&record, '{');
	agent_json_put_member(&record, "id", row->turn);
	agent_json_put_member(&record, "session", chat->options.session);
	agent_buf_add_lit(&record, ",\"outcome\":\"interrupted\",\"degraded\":false,\"reply\":\"\",\"citations\":[],\"files\":[],\"tool_calls\":[],\"confirmation\":null,\"notice\":null,"
		"\"usage\":{\"input\":0,\"output\":0,\"cached\":0,\"estimated\":true,\"passes\":0},\"timings\":{\"total\":0},\"model\":\"\"}");
	batch.record = agent_buf_str(&record);
	agent_status status = agent_buf_check(&record, "the turn's record", err);
	status = status == AGENT_OK ? plain_history(chat, row, &history, err) : status;
	if (status == AGENT_OK) {
		batch.history = agent_buf_str(&history);
		status = site->journal.append(site->journal.state, &batch, err);
	}
	agent_buf_clear(&history);
	agent_buf_clear(&record);
	return status;
}

static agent_status close_open_turn(agent_chat *chat, const agent_turn_row *row, agent_error *err)
{
	agent_turn *turn;
	replay open;
	if (rebuild(chat, row, false, &turn, &open, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (turn == NULL) {
		return close_plain(chat, row, err);
	}
	agent_input stop = { .kind = AGENT_INPUT_STOP };
	agent_buf record;
	agent_buf_init(&record, chat->report.limit);
	agent_status status = agent_turn_feed(turn, &stop, err);
	status = status == AGENT_OK ? agent_chat_write_report(chat, turn, &record, err) : status;
	status = status == AGENT_OK ? agent_chat_store(chat, turn, row->turn, row->message_id, &record, err) : status;
	agent_buf_clear(&record);
	agent_turn_free(turn);
	return status;
}

static agent_status resume(agent_chat *chat, const agent_turn_row *row, bool *resumed, agent_error *err)
{
	replay open;
	agent_turn *turn;
	*resumed = false;
	if (rebuild(chat, row, true, &turn, &open, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (turn == NULL) {
		chat->first = chat->last = NULL; /* what was told of it on the way */
		return AGENT_OK;
	}
	chat->turn = turn;
	memcpy(chat->turn_id, row->turn.ptr, row->turn.len < 22 ? row->turn.len : 22);
	chat->state = agent_turn_state(turn);
	*resumed = true;
	for (size_t i = 0; i < open.count; i++) {
		if (agent_chat_perform(chat, &open.calls[i], err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

agent_status agent_chat_begin(agent_chat *chat, agent_error *err)
{
	agent_site *site = chat->site;
	agent_journal *journal = &site->journal;
	agent_turn_row row;
	bool found, resumed;
	if (journal->by_message(journal->state, chat->options.session, chat->options.message_id, chat->arena, &row, &found, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (found && !row.open) {
		return agent_chat_repeat(chat, row.record, err);
	}
	if (found) {
		/* An old turn's results are no news any more: it is closed, and a new message asks anew. */
		bool fresh = site->clock.wall_ms(site->clock.state) / 1000 - row.started_s <= RESUME_SECONDS;
		resumed = false;
		if (fresh && resume(chat, &row, &resumed, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		if (resumed) {
			return AGENT_OK;
		}
		if (close_open_turn(chat, &row, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		return journal->by_message(journal->state, chat->options.session, chat->options.message_id, chat->arena, &row, &found, err) == AGENT_OK
			? agent_chat_repeat(chat, row.record, err) : AGENT_ERR;
	}
	if (journal->open_turn(journal->state, chat->options.session, chat->arena, &row, &found, err) != AGENT_OK
		|| (found && close_open_turn(chat, &row, err) != AGENT_OK)) {
		return AGENT_ERR;
	}
	return begin_new(chat, err);
}

/* SPDX-License-Identifier: MIT
 * Journal entries: each input as one JSON text, and back. All text of a pass is one entry.
 * Which entries are stored when is decided by the SAVE effects. */
#include "ext/turn/internal.h"

static agent_status push_entry(agent_turn *turn, agent_error *err)
{
	agent_str *slot = agent_list_push(turn, &turn->entries, sizeof *slot, err);
	if (slot == NULL) {
		agent_buf_reset(&turn->scratch);
		return AGENT_ERR;
	}
	return agent_turn_take_scratch(turn, "a journal entry", slot, err);
}

static agent_buf *begin_entry(agent_turn *turn, const char *kind)
{
	agent_buf_reset(&turn->scratch);
	agent_buf_add_char(&turn->scratch, '{');
	agent_json_put_member(&turn->scratch, "k", agent_str_cstr(kind));
	return &turn->scratch;
}

agent_status agent_journal_put_begin(agent_turn *turn, agent_error *err)
{
	agent_buf *out = begin_entry(turn, "begin");
	agent_json_put_member_int(out, "machine", AGENT_MACHINE_VERSION);
	agent_json_put_member_int(out, "prompt", AGENT_PROMPT_VERSION);
	agent_json_put_member(out, "config", agent_str_cstr(turn->setup.config->digest));
	agent_json_put_member_int(out, "tools", (int64_t)turn->setup.tool_mask);
	agent_json_put_member_int(out, "local_tools", (int64_t)turn->setup.local_tools);
	agent_json_put_member(out, "locale", turn->setup.locale);
	agent_json_put_member_int(out, "max_tokens", turn->budget.max_tokens);
	agent_json_put_member_int(out, "max_input", turn->budget.max_input);
	agent_json_put_member_int(out, "max_tools", turn->budget.max_tools);
	agent_json_put_member_int(out, "max_wall_ms", turn->budget.max_wall_ms);
	agent_json_put_member_int(out, "max_passes", turn->budget.max_passes);
	agent_buf_add_char(out, '}');
	return push_entry(turn, err);
}

static void put_pass_text(const agent_turn *turn, agent_buf *out)
{
	agent_json_put_member(out, "text", agent_buf_str(&turn->text));
	agent_json_put_key(out, "calls");
	agent_buf_add_char(out, '[');
	const agent_brain_call *calls = turn->pass_calls.items;
	for (size_t i = 0; i < turn->pass_calls.count; i++) {
		agent_buf_add(out, i > 0 ? AGENT_STR(",{") : AGENT_STR("{"));
		agent_json_put_member(out, "name", calls[i].name);
		agent_json_put_member(out, "arguments", calls[i].arguments);
		agent_buf_add_char(out, '}');
	}
	agent_buf_add_char(out, ']');
}

static void put_passages(const agent_input *input, agent_buf *out)
{
	agent_json_put_key(out, "items");
	agent_buf_add_char(out, '[');
	for (size_t i = 0; i < input->passage_count; i++) {
		const agent_passage *p = &input->passages[i];
		agent_buf_add(out, i > 0 ? AGENT_STR(",{") : AGENT_STR("{"));
		agent_json_put_member(out, "id", p->id);
		agent_json_put_member(out, "title", p->title);
		agent_json_put_member(out, "url", p->url);
		agent_json_put_member(out, "text", p->text);
		agent_json_put_member(out, "language", p->language);
		agent_json_put_member(out, "heading", agent_str_of(p->heading.ptr, p->heading.len));
		agent_json_put_member_int(out, "updated", p->updated_s);
		agent_buf_add_char(out, '}');
	}
	agent_buf_add_char(out, ']');
}

static void put_pass_end(const agent_turn *turn, const agent_input *input, agent_buf *out)
{
	put_pass_text(turn, out);
	agent_json_put_member(out, "finish", agent_str_cstr(agent_finish_name(input->finish)));
	if (input->usage.known) {
		agent_json_put_member_int(out, "input", input->usage.input);
		agent_json_put_member_int(out, "output", input->usage.output);
		agent_json_put_member_int(out, "cached", input->usage.cached);
	}
	agent_json_put_member_bool(out, "malformed", input->malformed);
	agent_json_put_member_bool(out, "asked", input->asked);
	agent_json_put_member_bool(out, "declined", input->declined);
	agent_json_put_member_bool(out, "human", input->human);
}

agent_status agent_journal_put(agent_turn *turn, const agent_input *input, agent_error *err)
{
	agent_buf *out;
	switch (input->kind) {
		case AGENT_INPUT_MESSAGE:
			out = begin_entry(turn, "message");
			agent_json_put_member(out, "text", input->text);
			agent_json_put_member_int(out, "now", input->now_s);
			break;
		case AGENT_INPUT_PASSAGES:
			out = begin_entry(turn, "passages");
			put_passages(input, out);
			break;
		case AGENT_INPUT_PASS_END:
			out = begin_entry(turn, "pass");
			put_pass_end(turn, input, out);
			break;
		case AGENT_INPUT_RESULT:
			out = begin_entry(turn, "result");
			agent_json_put_member(out, "call", input->call_id);
			agent_json_put_member(out, "result", agent_str_cstr(agent_result_class_name(input->result.result)));
			agent_json_put_member(out, "model", input->result.model);
			agent_json_put_member(out, "visitor", input->result.visitor);
			agent_json_put_member(out, "message", input->result.message);
			agent_json_put_member_int(out, "attempts", input->result.attempts);
			agent_json_put_member_int(out, "latency", input->result.latency_ms);
			break;
		case AGENT_INPUT_TIME:
			out = begin_entry(turn, "time");
			agent_json_put_member_int(out, "wall", input->wall_ms);
			break;
		case AGENT_INPUT_STOP:
			out = begin_entry(turn, "stop");
			break;
		default:
			return AGENT_OK; /* text and calls are written with the end of their pass */
	}
	agent_buf_add_char(out, '}');
	return push_entry(turn, err);
}

agent_status agent_journal_put_coercions(agent_turn *turn, const agent_turn_call *call, agent_error *err)
{
	agent_buf *out = begin_entry(turn, "coerced");
	agent_json_put_member(out, "call", call->id);
	agent_json_put_member(out, "name", call->name);
	agent_json_put_key(out, "coercions");
	agent_buf_add(out, call->coercions);
	agent_buf_add_char(out, '}');
	return push_entry(turn, err);
}

agent_status agent_journal_put_partial(agent_turn *turn, agent_error *err)
{
	if (!turn->in_pass || (turn->text.len == 0 && turn->pass_calls.count == 0)) {
		return AGENT_OK;
	}
	agent_buf *out = begin_entry(turn, "text");
	put_pass_text(turn, out);
	agent_buf_add_char(out, '}');
	return push_entry(turn, err);
}

/* --- reading --- */

static agent_str text_of(const agent_json *entry, const char *name, agent_arena *arena, bool *fine)
{
	agent_str text = AGENT_STR_EMPTY;
	agent_str copy = AGENT_STR_EMPTY;
	if (agent_json_str(agent_json_get(entry, name), &text) && !agent_arena_dup(arena, text, &copy)) {
		*fine = false;
	}
	return copy;
}

static int64_t int_of(const agent_json *entry, const char *name)
{
	int64_t value = 0;
	return agent_json_int(agent_json_get(entry, name), &value) ? value : 0;
}

static bool bool_of(const agent_json *entry, const char *name)
{
	bool value = false;
	return agent_json_bool(agent_json_get(entry, name), &value) && value;
}

static agent_status parse_entry(agent_str entry, agent_json **tree, agent_error *err)
{
	const agent_json_limits limits = { AGENT_SCRATCH * 2, 16 };
	return agent_json_parse(entry, limits, "a journal entry", tree, err);
}

agent_status agent_journal_read_begin(agent_str entry, agent_arena *arena, agent_journal_begin *out, agent_error *err)
{
	agent_json *tree;
	bool fine = true;
	if (parse_entry(entry, &tree, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	*out = (agent_journal_begin){
		.machine = (int)int_of(tree, "machine"), .prompt = (int)int_of(tree, "prompt"),
		.config = text_of(tree, "config", arena, &fine), .locale = text_of(tree, "locale", arena, &fine),
		.tool_mask = (uint64_t)int_of(tree, "tools"), .local_tools = (uint64_t)int_of(tree, "local_tools"),
		.budget = { .max_tokens = (int)int_of(tree, "max_tokens"), .max_input = (int)int_of(tree, "max_input"), .max_tools = (int)int_of(tree, "max_tools"),
			.max_wall_ms = (int)int_of(tree, "max_wall_ms"), .max_passes = (int)int_of(tree, "max_passes") }
	};
	agent_json_free(tree);
	return fine ? AGENT_OK : agent_arena_fail(arena, err);
}

static bool read_passages(const agent_json *tree, agent_arena *arena, agent_input *input)
{
	bool fine = true;
	const agent_json *items = agent_json_get(tree, "items");
	size_t count = agent_json_count(items);
	agent_passage *list = agent_arena_array(arena, count, sizeof *list);
	if (list == NULL) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const agent_json *item = agent_json_at(items, i);
		list[i] = (agent_passage){
			.id = text_of(item, "id", arena, &fine), .title = text_of(item, "title", arena, &fine),
			.url = text_of(item, "url", arena, &fine), .text = text_of(item, "text", arena, &fine),
			.language = text_of(item, "language", arena, &fine), .heading = text_of(item, "heading", arena, &fine), .updated_s = int_of(item, "updated")
		};
	}
	input->passages = list;
	input->passage_count = count;
	return fine;
}

/* text, calls and, for a whole pass, its end. */
static bool read_pass(const agent_json *tree, bool whole, agent_arena *arena, agent_input *inputs, size_t *count)
{
	bool fine = true;
	const agent_json *calls = agent_json_get(tree, "calls");
	inputs[(*count)++] = (agent_input){ .kind = AGENT_INPUT_TEXT, .text = text_of(tree, "text", arena, &fine) };
	for (size_t i = 0; i < agent_json_count(calls) && i < AGENT_PASS_CALLS; i++) {
		const agent_json *call = agent_json_at(calls, i);
		inputs[(*count)++] = (agent_input){ .kind = AGENT_INPUT_CALL,
			.call = { AGENT_STR_EMPTY, text_of(call, "name", arena, &fine), text_of(call, "arguments", arena, &fine) } };
	}
	if (whole) {
		agent_input end = { .kind = AGENT_INPUT_PASS_END, .finish = AGENT_FINISH_ERROR, .malformed = bool_of(tree, "malformed"),
			.asked = bool_of(tree, "asked"), .declined = bool_of(tree, "declined"), .human = bool_of(tree, "human") };
		agent_str finish = text_of(tree, "finish", arena, &fine);
		end.usage = (agent_usage){ agent_json_get(tree, "output") != NULL, int_of(tree, "input"), int_of(tree, "output"), int_of(tree, "cached") };
		fine = fine && agent_finish_parse(finish, &end.finish);
		inputs[(*count)++] = end;
	}
	return fine;
}

static bool read_result(const agent_json *tree, agent_arena *arena, agent_input *input)
{
	bool fine = true;
	*input = (agent_input){ .kind = AGENT_INPUT_RESULT, .call_id = text_of(tree, "call", arena, &fine) };
	input->result.model = text_of(tree, "model", arena, &fine);
	input->result.visitor = text_of(tree, "visitor", arena, &fine);
	input->result.message = text_of(tree, "message", arena, &fine);
	input->result.attempts = (int)int_of(tree, "attempts");
	input->result.latency_ms = int_of(tree, "latency");
	return agent_result_class_parse(text_of(tree, "result", arena, &fine), &input->result.result) && fine;
}

agent_status agent_journal_read_entry(agent_str entry, agent_arena *arena, agent_input *inputs, size_t *count, agent_error *err)
{
	agent_json *tree;
	bool fine = true;
	*count = 0;
	if (parse_entry(entry, &tree, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_str kind = text_of(tree, "k", arena, &fine);
	if (agent_str_is(kind, "message")) {
		inputs[(*count)++] = (agent_input){ .kind = AGENT_INPUT_MESSAGE, .text = text_of(tree, "text", arena, &fine), .now_s = int_of(tree, "now") };
	} else if (agent_str_is(kind, "passages")) {
		inputs[0] = (agent_input){ .kind = AGENT_INPUT_PASSAGES };
		fine = read_passages(tree, arena, &inputs[(*count)++]) && fine;
	} else if (agent_str_is(kind, "pass") || agent_str_is(kind, "text")) {
		fine = read_pass(tree, agent_str_is(kind, "pass"), arena, inputs, count) && fine;
	} else if (agent_str_is(kind, "result")) {
		fine = read_result(tree, arena, &inputs[(*count)++]) && fine;
	} else if (agent_str_is(kind, "time")) {
		inputs[(*count)++] = (agent_input){ .kind = AGENT_INPUT_TIME, .wall_ms = int_of(tree, "wall") };
	} else if (agent_str_is(kind, "stop")) {
		inputs[(*count)++] = (agent_input){ .kind = AGENT_INPUT_STOP };
	} else if (!agent_str_is(kind, "begin") && !agent_str_is(kind, "coerced")) {
		fine = false;
	}
	agent_json_free(tree);
	return fine ? AGENT_OK : agent_fail(err, AGENT_DOMAIN_STORE, "journal", "a journal entry of kind \"%.*s\" cannot be read", AGENT_STR_ARG(kind));
}

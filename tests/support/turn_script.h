/* SPDX-License-Identifier: MIT
 * Drives a turn from a short script and writes down its effects as text, one per line.
 * Header only: each test program has its own. */
#ifndef AGENT_TESTS_TURN_SCRIPT_H
#define AGENT_TESTS_TURN_SCRIPT_H

#include "ext/turn/internal.h"

static const char script_config[] =
	"{\"site\":\"test\",\"contact\":{\"url\":\"https://shop.example/contact\",\"label\":\"Contact us\"},"
	"\"brain\":{\"protocol\":\"openai-chat\",\"base_url\":\"https://model.example/v1\",\"model\":\"m\"},"
	"\"tools\":[{\"name\":\"get_order_status\",\"description\":\"Status of an order\",\"url\":\"https://shop.example/tools/order\",\"scope\":\"order:read\","
	"\"input_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"order_number\"],\"properties\":{\"order_number\":"
	"{\"type\":\"string\",\"title\":\"Order number\",\"pattern\":\"^[A-Z]{3}-[0-9]{5}$\"}}},"
	"\"output_schema\":{\"type\":\"object\",\"properties\":{\"order_number\":{\"type\":\"string\"},\"status\":{\"type\":\"string\"},"
	"\"shipped_on\":{\"type\":\"string\",\"title\":\"Shipped on\"},\"tracking_url\":{\"type\":\"string\",\"format\":\"uri\"},"
	"\"invoice\":{\"type\":\"string\",\"deliver\":\"visitor\"}}},\"examples\":[\"Where is my order ABC-12345?\"]},"
	"{\"name\":\"get_points\",\"description\":\"Bonus points of the customer\",\"scope\":\"points:read\",\"url\":\"https://shop.example/tools/points\","
	"\"input_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{}},"
	"\"output_schema\":{\"type\":\"object\",\"properties\":{\"points\":{\"type\":\"integer\"}}}}]}";

static const agent_passage script_passages[] = {
	{ .id = AGENT_STR_INIT("returns#1"), .title = AGENT_STR_INIT("Returns"), .url = AGENT_STR_INIT("https://shop.example/help/returns"),
		.text = AGENT_STR_INIT("You can return any item within 30 days of delivery. Refunds take 5 days."), .language = AGENT_STR_INIT("en") },
};

#define SCRIPT_ORDER "{\"order_number\":\"ABC-12345\",\"status\":\"shipped\",\"shipped_on\":\"2026-11-19\"}"
#define SCRIPT_GOOD_CALL "{\"order_number\":\"ABC-12345\"}"

static inline agent_input script_message(const char *text)
{
	return (agent_input){ .kind = AGENT_INPUT_MESSAGE, .text = agent_str_cstr(text), .now_s = 1795392000 }; /* 2026-11-22 */
}

static inline agent_input script_passage_input(size_t count)
{
	return (agent_input){ .kind = AGENT_INPUT_PASSAGES, .passages = script_passages, .passage_count = count };
}

static inline agent_input script_text(const char *text)
{
	return (agent_input){ .kind = AGENT_INPUT_TEXT, .text = agent_str_cstr(text) };
}

static inline agent_input script_call(const char *name, const char *arguments)
{
	return (agent_input){ .kind = AGENT_INPUT_CALL, .call = { AGENT_STR("x"), agent_str_cstr(name), agent_str_cstr(arguments) } };
}

static inline agent_input script_end(agent_finish finish)
{
	return (agent_input){ .kind = AGENT_INPUT_PASS_END, .finish = finish };
}

static inline agent_input script_result(const char *call, agent_result_class result, const char *model)
{
	return (agent_input){ .kind = AGENT_INPUT_RESULT, .call_id = agent_str_cstr(call),
		.result = { .result = result, .model = agent_str_cstr(model), .visitor = AGENT_STR_EMPTY, .message = AGENT_STR_EMPTY, .attempts = 1 } };
}

static inline agent_input script_time(int64_t ms)
{
	return (agent_input){ .kind = AGENT_INPUT_TIME, .wall_ms = ms };
}

static inline agent_input script_stop(void)
{
	return (agent_input){ .kind = AGENT_INPUT_STOP };
}

static inline agent_status script_turn(const agent_config *config, agent_turn **turn, agent_error *err)
{
	const agent_budget_config *b = &config->budget;
	agent_turn_setup setup = {
		.config = config, .turn = AGENT_STR("t"), .locale = AGENT_STR("en"), .tool_mask = 3,
		.budget = { .max_tokens = b->tokens, .max_input = b->input, .max_tools = b->tools, .max_wall_ms = b->wall_ms, .max_passes = b->passes }
	};
	return agent_turn_new(&setup, turn, err);
}

static inline void script_effect(agent_buf *out, agent_turn *turn, const agent_effect *e)
{
	static const char *const says[] = { "text", "notice", "citation", "file" };
	static const char *const kinds[] = { "none", "lookup", "brain", "tool", "php", "say", "proof", "save", "end" };
	agent_buf_add(out, agent_str_cstr(kinds[e->kind]));
	switch (e->kind) {
		case AGENT_EFFECT_BRAIN:
			agent_buf_addf(out, " %s messages=%zu local=%d max=%d %.*s", e->request->tools_allowed ? "plan" : "words", e->request->message_count, e->local,
				e->request->max_tokens, e->request->instruction.len > 200 ? 200 : (int)e->request->instruction.len, e->request->instruction.ptr);
			break;
		case AGENT_EFFECT_TOOL:
		case AGENT_EFFECT_PHP_TOOL:
			agent_buf_addf(out, " %d %.*s %.*s", e->tool, AGENT_STR_ARG(e->call_id), AGENT_STR_ARG(e->arguments));
			break;
		case AGENT_EFFECT_SAY:
			agent_buf_addf(out, " %s %.*s %.*s", says[e->say], AGENT_STR_ARG(e->text), AGENT_STR_ARG(e->data));
			break;
		case AGENT_EFFECT_SAVE: {
			const agent_str *entries;
			size_t count;
			agent_turn_entries(turn, &entries, &count);
			agent_turn_entries_stored(turn);
			agent_buf_add(out, e->close ? AGENT_STR(" close") : AGENT_STR_EMPTY);
			for (size_t i = 0; i < count; i++) {
				agent_buf_add_lit(out, "\n  ");
				agent_buf_add(out, entries[i]);
			}
			if (e->close) {
				agent_buf_add_lit(out, "\n  history ");
				agent_buf_add(out, agent_turn_history(turn));
			}
			break;
		}
		case AGENT_EFFECT_END:
			agent_buf_addf(out, " %s", agent_outcome_name(e->outcome));
			break;
		default:
			break;
	}
	agent_buf_add_char(out, '\n');
}

static inline agent_status script_feed(agent_turn *turn, const agent_input *inputs, size_t count, agent_buf *out, agent_error *err)
{
	for (size_t i = 0; i < count; i++) {
		if (agent_turn_feed(turn, &inputs[i], err) != AGENT_OK) {
			return AGENT_ERR;
		}
		agent_effect effect;
		for (agent_turn_next(turn, &effect); effect.kind != AGENT_EFFECT_NONE; agent_turn_next(turn, &effect)) {
			script_effect(out, turn, &effect);
		}
	}
	return agent_buf_check(out, "the effects", err);
}

/* Every call of the history has exactly one result, and every result a call. */
static inline bool script_balanced(agent_str history)
{
	agent_json *list = NULL;
	agent_error err;
	bool fine = agent_json_parse(history, AGENT_JSON_LIMITS, "history", &list, &err) == AGENT_OK;
	size_t calls = 0;
	size_t results = 0;
	for (size_t i = 0; fine && i < agent_json_count(list); i++) {
		agent_json *item = agent_json_at(list, i);
		agent_json *made = agent_json_get(item, "calls");
		agent_str id;
		calls += made != NULL ? agent_json_count(made) : 0;
		for (size_t k = 0; fine && made != NULL && k < agent_json_count(made); k++) {
			agent_str wanted, args;
			agent_json *tree = NULL;
			size_t found = 0;
			fine = agent_json_str(agent_json_get(agent_json_at(made, k), "id"), &wanted)
				&& agent_json_str(agent_json_get(agent_json_at(made, k), "arguments"), &args)
				&& agent_json_parse(args, AGENT_JSON_LIMITS, "arguments", &tree, &err) == AGENT_OK;
			agent_json_free(tree);
			for (size_t r = i + 1; fine && r < agent_json_count(list); r++) {
				found += agent_json_str(agent_json_get(agent_json_at(list, r), "call"), &id) && agent_str_eq(id, wanted);
			}
			fine = fine && found == 1;
		}
		results += agent_json_str(agent_json_get(item, "call"), &id);
	}
	agent_json_free(list);
	return fine && calls == results;
}

#endif

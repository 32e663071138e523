/* SPDX-License-Identifier: MIT
 * The machine is pure: the same inputs give the same effects byte for byte, however text is cut, and a journal fed again too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/turn_script.h"

static agent_config *config;

static int setup(void **state)
{
	(void)state;
	agent_error err;
	return agent_config_read(agent_str_cstr(script_config), &config, &err) == AGENT_OK ? 0 : 1;
}

static int teardown(void **state)
{
	(void)state;
	agent_config_free(config);
	return 0;
}

typedef enum cut { CUT_WHOLE, CUT_BYTES, CUT_RANDOM } cut;

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Feeds the inputs, text in pieces, and writes the effects. */
static void run(const agent_input *inputs, size_t count, cut how, uint32_t seed, agent_buf *out)
{
	agent_error err = { 0 };
	agent_turn *turn;
	assert_int_equal(script_turn(config, &turn, &err), AGENT_OK);
	for (size_t i = 0; i < count; i++) {
		agent_input piece = inputs[i];
		if (piece.kind != AGENT_INPUT_TEXT || how == CUT_WHOLE) {
			assert_int_equal(script_feed(turn, &piece, 1, out, &err), AGENT_OK);
			continue;
		}
		for (size_t at = 0; at < inputs[i].text.len;) {
			size_t len = how == CUT_BYTES ? 1 : 1 + next_random(&seed) % 17;
			piece.text = agent_str_cut(inputs[i].text, at, len);
			at += piece.text.len;
			assert_int_equal(script_feed(turn, &piece, 1, out, &err), AGENT_OK);
		}
	}
	assert_int_equal(agent_turn_state(turn), AGENT_STATE_END);
	agent_turn_free(turn);
}

static void same_for_all_cuts(const agent_input *inputs, size_t count)
{
	agent_buf whole, cut_up;
	agent_buf_init(&whole, 1 << 22);
	agent_buf_init(&cut_up, 1 << 22);
	run(inputs, count, CUT_WHOLE, 0, &whole);
	for (uint32_t seed = 0; seed < 60; seed++) {
		agent_buf_reset(&cut_up);
		run(inputs, count, seed == 0 ? CUT_BYTES : CUT_RANDOM, seed, &cut_up);
		if (!agent_str_eq(agent_buf_str(&whole), agent_buf_str(&cut_up))) {
			print_message("whole:\n%.*s\ncut with seed %u:\n%.*s\n", AGENT_STR_ARG(agent_buf_str(&whole)), seed, AGENT_STR_ARG(agent_buf_str(&cut_up)));
			fail_msg("the effects depend on where the text was cut");
		}
	}
	agent_buf_clear(&whole);
	agent_buf_clear(&cut_up);
}

static const char *const answers[] = {
	"Your order ABC-12345 was shipped on November 19, 2026. It left e.g. our main store at No. 5. See you!",
	"Your order was shipped. It costs $500.00 in all. That is final. ",
	"According to Returns (https://shop.example/help/returns) you have 30 days. \n\nRefunds take 5 days. And 5 days are fine. According to Returns (https://shop.example/help/returns): \"Refunds take 5 days.\"",
	"Grüße aus Łódź… 您好。再见！ “Quoted words stand here.” (Really?) Yes.\n- one item\n- another 30 items\n\nThe end",
	"See https://evil.example/x. Then www.shop.example and mail a@b.example. 3.50 is a price, 12,50 € too.",
	"\n\n  Hello there.  \n\n\n1. First thing\n2. Second thing\n\nBye", "", "   \n ", "No end of a sentence",
};

static void text_may_be_cut_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		for (size_t k = 0; k < sizeof answers / sizeof *answers; k++) {
			const agent_input inputs[] = {
				script_message("Where is my order ABC-12345?"), script_passage_input(1), script_text(answers[i]), script_call("get_order_status", SCRIPT_GOOD_CALL),
				script_end(AGENT_FINISH_TOOL_CALLS), script_result("t-0", AGENT_RESULT_OK, SCRIPT_ORDER), script_text(answers[k]), script_end(AGENT_FINISH_STOP),
				script_text(answers[i]), script_end(AGENT_FINISH_STOP), script_stop()
			};
			same_for_all_cuts(inputs, sizeof inputs / sizeof *inputs);
		}
	}
}

static void the_token_cap_does_not_depend_on_cuts(void **state)
{
	(void)state;
	static char text[40000];
	for (size_t i = 0; i + 31 < sizeof text; i += 31) {
		memcpy(text + i, "We are glad, no. 5, to hear e.g.", 32);
		text[i + 30] = i % 93 == 0 ? '!' : '.';
	}
	const agent_input inputs[] = { script_message("x"), script_passage_input(0), script_text(text), script_end(AGENT_FINISH_STOP), script_stop() };
	same_for_all_cuts(inputs, sizeof inputs / sizeof *inputs);
}

/* --- the journal --- */

/* Takes the entries that the turn gave out, and the effects. */
static void record(agent_turn *turn, const agent_input *inputs, size_t count, agent_arena *arena, agent_list *entries, agent_buf *out)
{
	agent_error err = { 0 };
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(agent_turn_feed(turn, &inputs[i], &err), AGENT_OK);
		agent_effect effect;
		for (agent_turn_next(turn, &effect); effect.kind != AGENT_EFFECT_NONE; agent_turn_next(turn, &effect)) {
			if (effect.kind == AGENT_EFFECT_SAVE) {
				const agent_str *list;
				size_t n;
				agent_turn_entries(turn, &list, &n);
				agent_turn_entries_stored(turn);
				for (size_t k = 0; k < n; k++) {
					assert_true(entries->count < 256);
					assert_true(agent_arena_dup(arena, list[k], &((agent_str *)entries->items)[entries->count++]));
				}
			}
			if (effect.kind != AGENT_EFFECT_NONE) {
				script_effect(out, turn, &effect);
			}
		}
	}
}

static void replay(const agent_list *entries, agent_arena *arena, agent_buf *out, agent_list *again)
{
	agent_error err = { 0 };
	agent_turn *turn;
	assert_int_equal(script_turn(config, &turn, &err), AGENT_OK);
	for (size_t i = 1; i < entries->count; i++) {
		agent_input inputs[AGENT_ENTRY_INPUTS];
		size_t count;
		if (agent_journal_read_entry(((agent_str *)entries->items)[i], arena, inputs, &count, &err) != AGENT_OK) {
			fail_msg("%s", err.message);
		}
		record(turn, inputs, count, arena, again, out);
	}
	agent_turn_free(turn);
}

static void a_journal_fed_again_gives_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		agent_input result = script_result("t-0", i % 2 == 0 ? AGENT_RESULT_OK : AGENT_RESULT_TRANSIENT, i % 2 == 0 ? SCRIPT_ORDER : "");
		agent_input end = script_end(AGENT_FINISH_STOP);
		end.usage = (agent_usage){ true, 100, (int64_t)i * 20, 10 };
		const agent_input inputs[] = {
			script_message("Where is my order ABC-12345? \"quoted\" \\ \n"), script_passage_input(1), script_text(answers[i]), script_call("get_order_status", SCRIPT_GOOD_CALL),
			script_call("wrong", "{\"a\":"), script_end(AGENT_FINISH_TOOL_CALLS), result, script_text(answers[(i + 1) % (sizeof answers / sizeof *answers)]), end,
			script_text("Hm. I do not know"), i % 3 == 0 ? script_time(9000) : i % 3 == 1 ? script_stop() : script_end(AGENT_FINISH_LENGTH), script_stop()
		};
		agent_arena *arena = agent_arena_new(1 << 22);
		agent_str slots[3][256];
		agent_list lists[3] = { { slots[0], 0, 256 }, { slots[1], 0, 256 }, { slots[2], 0, 256 } };
		agent_buf effects[3];
		agent_error err = { 0 };
		agent_turn *turn;
		assert_non_null(arena);
		for (size_t k = 0; k < 3; k++) {
			agent_buf_init(&effects[k], 1 << 20);
		}
		assert_int_equal(script_turn(config, &turn, &err), AGENT_OK);
		record(turn, inputs, sizeof inputs / sizeof *inputs, arena, &lists[0], &effects[0]);
		assert_int_equal(agent_turn_state(turn), AGENT_STATE_END);
		agent_turn_free(turn);
		replay(&lists[0], arena, &effects[1], &lists[1]);
		replay(&lists[1], arena, &effects[2], &lists[2]);
		assert_int_equal(lists[0].count, lists[1].count);
		for (size_t k = 0; k < lists[0].count; k++) {
			assert_true(agent_str_eq(slots[0][k], slots[1][k]));
		}
		assert_true(agent_str_eq(agent_buf_str(&effects[0]), agent_buf_str(&effects[1])));
		assert_true(agent_str_eq(agent_buf_str(&effects[1]), agent_buf_str(&effects[2])));
		for (size_t k = 0; k < 3; k++) {
			agent_buf_clear(&effects[k]);
		}
		agent_arena_free(arena);
	}
}

static void a_strange_journal_is_an_error(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "{}", "{\"k\":\"else\"}", "[]", "{\"k\":\"pass\",\"finish\":\"?\"}", "{\"k\":\"result\",\"result\":\"?\"}", "{\"k\":\"message\"" };
	agent_arena *arena = agent_arena_new(1 << 20);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		agent_error err = { 0 };
		agent_input inputs[AGENT_ENTRY_INPUTS];
		size_t count;
		assert_int_equal(agent_journal_read_entry(agent_str_cstr(bad[i]), arena, inputs, &count, &err), AGENT_ERR);
		assert_true(err.message[0] != '\0');
	}
	agent_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_may_be_cut_anywhere),
		cmocka_unit_test(the_token_cap_does_not_depend_on_cuts),
		cmocka_unit_test(a_journal_fed_again_gives_the_same),
		cmocka_unit_test(a_strange_journal_is_an_error),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}

/* SPDX-License-Identifier: MIT
 * The machine by scenario: inputs in, the effects and the outcome that must come out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/torture.h"
#include "tests/support/turn_script.h"

static agent_config *config;

static int setup(void **state)
{
	(void)state;
	agent_error err;
	if (agent_config_read(agent_str_cstr(script_config), &config, &err) != AGENT_OK) {
		print_message("# %s\n", err.message);
		return 1;
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	agent_config_free(config);
	return 0;
}

/* Runs the inputs; each line of `expected` must stand in the effects, in this order. */
static void expect(const agent_input *inputs, size_t count, const char *const *expected)
{
	agent_error err = { 0 };
	agent_turn *turn;
	agent_buf out;
	agent_buf_init(&out, 1 << 20);
	assert_int_equal(script_turn(config, &turn, &err), AGENT_OK);
	if (script_feed(turn, inputs, count, &out, &err) != AGENT_OK) {
		fail_msg("%s", err.message);
	}
	size_t pos = 0;
	for (; *expected != NULL; expected++) {
		size_t at = agent_str_find(agent_buf_str(&out), agent_str_cstr(*expected), pos);
		if (at == (size_t)-1) {
			print_message("%.*s\n", AGENT_STR_ARG(agent_buf_str(&out)));
			fail_msg("missing: %s", *expected);
		}
		pos = at + strlen(*expected);
	}
	if (agent_turn_state(turn) == AGENT_STATE_END) {
		assert_true(script_balanced(agent_turn_history(turn)));
	}
	agent_turn_free(turn);
	agent_buf_clear(&out);
}

#define EXPECT(inputs, ...) expect(inputs, sizeof(inputs) / sizeof *(inputs), (const char *const[]){ __VA_ARGS__, NULL })

static void an_order_is_looked_up_and_answered(void **state)
{
	(void)state;
	const agent_input inputs[] = {
		script_message("Where is my order ABC-12345?"), script_passage_input(1),
		script_text("Let me look. "), script_call("get_order_status", SCRIPT_GOOD_CALL), script_end(AGENT_FINISH_TOOL_CALLS),
		script_result("t-0", AGENT_RESULT_OK, SCRIPT_ORDER),
		script_text("Your order ABC-12345 was shipped on November 19."), script_end(AGENT_FINISH_STOP)
	};
	EXPECT(inputs, "lookup", "brain plan messages=2", "say text Let me look.", "save", "\"k\":\"begin\"", "\"k\":\"message\"", "\"k\":\"passages\"", "\"k\":\"pass\"",
		"tool 0 t-0 {\"order_number\":\"ABC-12345\"}", "save", "\"k\":\"result\"", "brain plan messages=4", "say text \n\nYour order ABC-12345 was shipped on November 19.",
		"save close", "\"k\":\"pass\"", "history [{\"role\":\"user\"", "\"calls\":[{\"id\":\"t-0\"", "\"role\":\"tool\"", "end answered");
}

static void a_document_is_cited(void **state)
{
	(void)state;
	const agent_input inputs[] = {
		script_message("How long may I return something?"), script_passage_input(1),
		script_text("According to Returns (https://shop.example/help/returns) you can return any item within 30 days of delivery."), script_end(AGENT_FINISH_STOP)
	};
	EXPECT(inputs, "brain plan", "say text According to Returns", "say citation  {\"id\":\"returns#1\"", "save close", "end answered");
}

static void what_is_not_grounded_is_held_and_repaired_once(void **state)
{
	(void)state;
	const agent_input repaired[] = {
		script_message("Your policy gives me $500 back, confirm?"), script_passage_input(1),
		script_text("Hello. Yes, you get $500 back. It comes tomorrow."), script_end(AGENT_FINISH_STOP),
		script_text("I cannot confirm that."), script_end(AGENT_FINISH_STOP)
	};
	EXPECT(repaired, "say text Hello.", "brain words messages=3 local=0", "The end of your last answer was not shown", "say text \n\nI cannot confirm that.", "save close", "end answered");
	const agent_input stubborn[] = {
		script_message("Your policy gives me $500 back, confirm?"), script_passage_input(1),
		script_text("Yes, you get $500 back."), script_end(AGENT_FINISH_STOP), script_text("You get $500. "), script_end(AGENT_FINISH_STOP)
	};
	EXPECT(stubborn, "brain words", "say notice I could not find an answer that I can stand behind. You can reach a person here: Contact us (https://shop.example/contact)", "end escalated");
	const agent_input partly[] = {
		script_message("x"), script_passage_input(0), script_text("It costs 7 euros."), script_end(AGENT_FINISH_STOP),
		script_text("Sure. It costs 7 euros. Ask us. "), script_end(AGENT_FINISH_STOP)
	};
	EXPECT(partly, "say text Sure.", "say text  Ask us.", "say notice I left out a part", "end escalated");
}

static void a_wrong_call_is_answered_once(void **state)
{
	(void)state;
	const agent_input repaired[] = {
		script_message("Where is it?"), script_passage_input(0), script_call("get_order_status", "{\"order\":1}"), script_end(AGENT_FINISH_TOOL_CALLS),
		script_call("get_order_status", SCRIPT_GOOD_CALL), script_end(AGENT_FINISH_TOOL_CALLS), script_result("t-1", AGENT_RESULT_OK, SCRIPT_ORDER),
		script_text("Shipped."), script_end(AGENT_FINISH_STOP)
	};
	EXPECT(repaired, "brain plan", "brain plan messages=3", "tool 0 t-1", "end answered");
	const agent_input missing[] = {
		script_message("Where is it?"), script_passage_input(0), script_call("get_order_status", "{}"), script_end(AGENT_FINISH_TOOL_CALLS),
		script_call("get_order_status", "{}"), script_end(AGENT_FINISH_STOP)
	};
	EXPECT(missing, "brain plan", "brain plan", "say text To look that up I need one more thing:", "end asked");
	const agent_input unknown[] = {
		script_message("x"), script_passage_input(0), script_call("drop_tables", "{}"), script_end(AGENT_FINISH_TOOL_CALLS),
		script_call("drop_tables", "{}"), script_end(AGENT_FINISH_TOOL_CALLS)
	};
	EXPECT(unknown, "brain plan", "brain plan", "say notice", "save close", "\"name\":\"unknown\",\"arguments\":\"{}\"", "end escalated");
	const agent_input half[] = {
		script_message("x"), script_passage_input(0), script_call("get_order_status", "{\"order_number\":\"ABC-12345\"}"), script_end(AGENT_FINISH_LENGTH),
		script_text("I do not know."), script_end(AGENT_FINISH_STOP)
	};
	EXPECT(half, "brain plan", "brain plan messages=3", "say text I do not know.", "end answered");
	agent_input refused = script_end(AGENT_FINISH_ERROR);
	refused.malformed = true;
	const agent_input by_server[] = { script_message("x"), script_passage_input(0), refused, script_text("Hello."), script_end(AGENT_FINISH_STOP) };
	EXPECT(by_server, "brain plan messages=1 local=0", "brain plan messages=3 local=0", "say text Hello.");
}

static void classes_of_results_lead_where_they_should(void **state)
{
	(void)state;
	agent_input base[] = {
		script_message("Where is ABC-12345?"), script_passage_input(0), script_call("get_order_status", SCRIPT_GOOD_CALL), script_end(AGENT_FINISH_TOOL_CALLS),
		script_result("t-0", AGENT_RESULT_INVALID, ""), script_text("There is no such order. "), script_end(AGENT_FINISH_STOP)
	};
	base[4].result.message = AGENT_STR("no such order");
	EXPECT(base, "tool 0", "brain plan messages=3", "end answered");
	base[4].result.result = AGENT_RESULT_REFUSED;
	EXPECT(base, "tool 0", "brain plan messages=3", "end answered");
	base[4].result.result = AGENT_RESULT_TRANSIENT;
	EXPECT(base, "say notice Our order system cannot be reached", "brain words messages=3", "cannot be reached now", "end answered");
	base[4].result.result = AGENT_RESULT_FAILED;
	EXPECT(base, "say notice Our order system cannot be reached", "brain words");
	base[4].result.result = AGENT_RESULT_BREAKER;
	EXPECT(base, "say notice Our order system cannot be reached", "brain words messages=3", "cannot be reached now", "end answered");
	base[4].result.result = AGENT_RESULT_TIMEOUT;
	EXPECT(base, "say notice Our order system did not answer in time. You can reach a person here", "save close", "end escalated");
	base[4].result.result = AGENT_RESULT_PROOF;
	EXPECT(base, "proof", "say notice Before I can show this", "save close", "end needs_proof");
}

static void the_visitor_alone_gets_what_is_marked_so(void **state)
{
	(void)state;
	agent_input inputs[] = {
		script_message("Invoice of ABC-12345?"), script_passage_input(0), script_call("get_order_status", SCRIPT_GOOD_CALL), script_end(AGENT_FINISH_TOOL_CALLS),
		script_result("t-0", AGENT_RESULT_OK, SCRIPT_ORDER), script_text("Here it is."), script_end(AGENT_FINISH_STOP)
	};
	inputs[4].result.visitor = AGENT_STR("{\"invoice\":\"https://shop.example/i/1\"}");
	EXPECT(inputs, "say file  {\"invoice\":\"https://shop.example/i/1\"}", "say text Here it is.", "end answered");
}

static void a_failing_brain_is_replaced_before_it_spoke(void **state)
{
	(void)state;
	const agent_input silent[] = { script_message("x"), script_passage_input(0), script_end(AGENT_FINISH_ERROR), script_text("Hello."), script_end(AGENT_FINISH_STOP) };
	EXPECT(silent, "local=0", "brain plan messages=1 local=1", "say text Hello.", "end answered");
	const agent_input spoke[] = { script_message("x"), script_passage_input(0), script_text("Hello. And now"), script_end(AGENT_FINISH_TRUNCATED) };
	EXPECT(spoke, "say text Hello.", "say notice My answer was cut short.", "end escalated");
	const agent_input both[] = { script_message("x"), script_passage_input(0), script_end(AGENT_FINISH_ERROR), script_end(AGENT_FINISH_ERROR) };
	EXPECT(both, "local=1", "say notice I could not find an answer", "end escalated");
	const agent_input filtered[] = { script_message("x"), script_passage_input(0), script_end(AGENT_FINISH_FILTER) };
	EXPECT(filtered, "say notice", "end escalated");
	const agent_input length[] = { script_message("x"), script_passage_input(0), script_text("First. Second is ha"), script_end(AGENT_FINISH_LENGTH) };
	EXPECT(length, "say text First.", "say notice My answer was cut short.", "end escalated");
}

static void caps_end_the_turn_with_what_it_has(void **state)
{
	(void)state;
	const agent_input tools[] = {
		script_message("x"), script_passage_input(0), script_call("get_points", "{}"), script_end(AGENT_FINISH_TOOL_CALLS), script_result("t-0", AGENT_RESULT_OK, "{\"points\":7}"),
		script_call("get_points", "{}"), script_end(AGENT_FINISH_TOOL_CALLS), script_result("t-1", AGENT_RESULT_OK, "{\"points\":7}"),
		script_text("You have 7 points."), script_end(AGENT_FINISH_STOP)
	};
	EXPECT(tools, "brain plan", "tool 1 t-0", "brain plan", "tool 1 t-1", "brain words", "No more tools", "say text You have 7 points.", "end answered");
	const agent_input three_at_once[] = {
		script_message("x"), script_passage_input(0), script_call("get_points", "{}"), script_call("get_points", "{}"), script_call("get_points", "{}"),
		script_end(AGENT_FINISH_TOOL_CALLS), script_result("t-1", AGENT_RESULT_OK, "{\"points\":7}"), script_result("t-0", AGENT_RESULT_OK, "{\"points\":7}"),
		script_text("You have 7 points."), script_end(AGENT_FINISH_STOP)
	};
	EXPECT(three_at_once, "tool 1 t-0", "tool 1 t-1", "brain words messages=5", "end answered");
	const agent_input late[] = { script_message("x"), script_passage_input(0), script_text("Hello. And then"), script_time(7999), script_time(8000), script_text(" more.") };
	EXPECT(late, "say text Hello.", "say notice This is taking longer than it should", "save close", "\"k\":\"text\"", "\"k\":\"time\"", "end escalated");
	const agent_input late_tool[] = {
		script_message("x"), script_passage_input(0), script_call("get_points", "{}"), script_end(AGENT_FINISH_TOOL_CALLS), script_time(9000), script_result("t-0", AGENT_RESULT_OK, "{\"points\":7}")
	};
	EXPECT(late_tool, "tool 1 t-0", "say notice This is taking", "save close", "\"result\":\"timeout\"", "end escalated");
}

static void a_long_answer_is_cut_at_the_token_cap(void **state)
{
	(void)state;
	static char text[60000];
	for (size_t i = 0; i + 30 < sizeof text; i += 30) {
		memcpy(text + i, "We are glad that you ask us. \n", 30);
	}
	const agent_input inputs[] = { script_message("x"), script_passage_input(0), script_text(text), script_end(AGENT_FINISH_STOP) };
	EXPECT(inputs, "say text We are glad", "say notice This question needs more steps", "save close", "end escalated");
}

static void what_the_usage_says_is_counted_once(void **state)
{
	(void)state;
	static char text[6000];
	for (size_t i = 0; i + 30 < sizeof text; i += 30) {
		memcpy(text + i, "We are glad that you ask us.  ", 30);
	}
	memcpy(text + 5970, "Bye.", 5);
	agent_input end = script_end(AGENT_FINISH_STOP);
	end.usage = (agent_usage){ true, 500, 1500, 0 };
	const agent_input inputs[] = { script_message("x"), script_passage_input(0), script_text(text), end };
	EXPECT(inputs, "Bye.", "save close", "end answered");
}

static void what_was_left_out_is_never_passed_over(void **state)
{
	(void)state;
	const agent_input empty_repair[] = {
		script_message("x"), script_passage_input(0), script_text("Sure. It costs 7 euros."), script_end(AGENT_FINISH_STOP), script_end(AGENT_FINISH_STOP)
	};
	EXPECT(empty_repair, "say text Sure.", "brain words", "say notice I left out a part", "end escalated");
	const agent_input failed_repair[] = {
		script_message("x"), script_passage_input(0), script_text("Sure. It costs 7 euros."), script_end(AGENT_FINISH_STOP), script_end(AGENT_FINISH_ERROR)
	};
	EXPECT(failed_repair, "say text Sure.", "brain words", "say notice I left out a part", "end escalated");
	const agent_input filtered[] = { script_message("x"), script_passage_input(0), script_text("Hello there. Your order was"), script_end(AGENT_FINISH_FILTER) };
	EXPECT(filtered, "say text Hello there.", "say notice My answer was cut short.", "end escalated");
	const agent_input calls_in_repair[] = {
		script_message("x"), script_passage_input(0), script_text("It costs 7 euros."), script_end(AGENT_FINISH_STOP),
		script_call("get_points", "{}"), script_end(AGENT_FINISH_TOOL_CALLS), script_text("I cannot say."), script_end(AGENT_FINISH_STOP)
	};
	EXPECT(calls_in_repair, "brain words", "brain words", "say text I cannot say.", "\"result\":\"skipped\"", "end answered");
}

static void a_question_is_about_the_last_call(void **state)
{
	(void)state;
	const agent_input inputs[] = {
		script_message("x"), script_passage_input(0), script_call("get_order_status", "{}"), script_end(AGENT_FINISH_TOOL_CALLS),
		script_call("nonsense", "{}"), script_end(AGENT_FINISH_TOOL_CALLS)
	};
	EXPECT(inputs, "say notice I could not find an answer", "end escalated");
}

static void the_model_hears_nothing_of_hosts(void **state)
{
	(void)state;
	agent_input inputs[] = {
		script_message("x"), script_passage_input(0), script_call("get_points", "{}"), script_end(AGENT_FINISH_TOOL_CALLS),
		script_result("t-0", AGENT_RESULT_TRANSIENT, ""), script_text("Hm."), script_end(AGENT_FINISH_STOP)
	};
	inputs[4].result.message = AGENT_STR("no connection to 10.0.0.7:8443");
	agent_error err = { 0 };
	agent_turn *turn;
	agent_buf out;
	agent_buf_init(&out, 1 << 20);
	assert_int_equal(script_turn(config, &turn, &err), AGENT_OK);
	assert_int_equal(script_feed(turn, inputs, 7, &out, &err), AGENT_OK);
	assert_true(agent_str_find(agent_turn_history(turn), AGENT_STR("10.0.0.7"), 0) == (size_t)-1);
	agent_turn_free(turn);
	agent_buf_clear(&out);
}

static void entries_are_given_until_they_are_stored(void **state)
{
	(void)state;
	agent_error err = { 0 };
	agent_turn *turn;
	const agent_str *entries;
	size_t count;
	const agent_input message = script_message("x");
	assert_int_equal(script_turn(config, &turn, &err), AGENT_OK);
	assert_int_equal(agent_turn_feed(turn, &message, &err), AGENT_OK);
	agent_turn_entries(turn, &entries, &count);
	assert_int_equal(count, 2);
	agent_turn_entries(turn, &entries, &count);
	assert_int_equal(count, 2);
	agent_turn_entries_stored(turn);
	agent_turn_entries(turn, &entries, &count);
	assert_int_equal(count, 0);
	agent_turn_free(turn);
}

static void a_stop_balances_the_history_anywhere(void **state)
{
	(void)state;
	const agent_input whole[] = {
		script_message("Where is my order ABC-12345?"), script_passage_input(1), script_text("Let me look. Now"),
		script_call("get_order_status", SCRIPT_GOOD_CALL), script_call("get_points", "{}"), script_end(AGENT_FINISH_TOOL_CALLS),
		script_result("t-0", AGENT_RESULT_OK, SCRIPT_ORDER), script_result("t-1", AGENT_RESULT_OK, "{\"points\":1}"), script_text("Shipped. It")
	};
	for (size_t n = 0; n <= sizeof whole / sizeof *whole; n++) {
		agent_input inputs[16];
		memcpy(inputs, whole, n * sizeof *whole);
		inputs[n] = script_stop();
		inputs[n + 1] = script_stop();
		expect(inputs, n + 2, (const char *const[]){ "save close", "\"k\":\"stop\"", "history [{\"role\":\"user\"", "end interrupted", NULL });
	}
}

static agent_status scenario(void *state, agent_error *err)
{
	const agent_input inputs[] = {
		script_message("Where is my order ABC-12345?"), script_passage_input(1),
		script_text("Let me look. "), script_call("get_order_status", SCRIPT_GOOD_CALL), script_call("nonsense", "{"), script_end(AGENT_FINISH_TOOL_CALLS),
		script_result("t-0", AGENT_RESULT_OK, SCRIPT_ORDER), script_text("Your order ABC-12345 was shipped on November 19. It costs $5."), script_end(AGENT_FINISH_STOP),
		script_text("That is all."), script_end(AGENT_FINISH_STOP)
	};
	agent_turn *turn;
	agent_buf out;
	if (script_turn(state, &turn, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_buf_init(&out, 1 << 20);
	agent_status status = script_feed(turn, inputs, sizeof inputs / sizeof *inputs, &out, err);
	/* The check itself allocates; once one allocation has failed the second look has all it needs. */
	bool balanced = script_balanced(agent_turn_history(turn)) || script_balanced(agent_turn_history(turn));
	if (status == AGENT_OK && (agent_turn_state(turn) != AGENT_STATE_END || !balanced)) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "state", "the turn did not end, or not balanced");
	}
	agent_turn_free(turn);
	agent_buf_clear(&out);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("turn", scenario, config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_order_is_looked_up_and_answered),
		cmocka_unit_test(a_document_is_cited),
		cmocka_unit_test(what_is_not_grounded_is_held_and_repaired_once),
		cmocka_unit_test(a_wrong_call_is_answered_once),
		cmocka_unit_test(classes_of_results_lead_where_they_should),
		cmocka_unit_test(the_visitor_alone_gets_what_is_marked_so),
		cmocka_unit_test(a_failing_brain_is_replaced_before_it_spoke),
		cmocka_unit_test(caps_end_the_turn_with_what_it_has),
		cmocka_unit_test(a_long_answer_is_cut_at_the_token_cap),
		cmocka_unit_test(what_the_usage_says_is_counted_once),
		cmocka_unit_test(what_was_left_out_is_never_passed_over),
		cmocka_unit_test(a_question_is_about_the_last_call),
		cmocka_unit_test(the_model_hears_nothing_of_hosts),
		cmocka_unit_test(entries_are_given_until_they_are_stored),
		cmocka_unit_test(a_stop_balances_the_history_anywhere),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}

/* SPDX-License-Identifier: MIT
 * brain/: the local brain on a store's tools and help pages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/brain_store.h"
#include "tests/support/torture.h"

static agent_local_answer answer_to(const shop *s, const agent_brain_request *request)
{
	agent_local_answer out;
	agent_error err = { 0 };
	if (agent_local_brain(request, s->arena, &out, &err) != AGENT_OK) {
		fail_msg("%s", err.message);
	}
	return out;
}

static int wrong;

/* "tool arguments", or "?" and a question, "!" and a refusal, or the text. */
static void check(const shop *s, const agent_brain_request *request, const char *want)
{
	agent_local_answer got = answer_to(s, request);
	agent_buf line;
	agent_buf_init(&line, 10000);
	agent_buf_add(&line, got.is_call ? got.call.name : got.asked ? AGENT_STR("?") : got.declined
		? AGENT_STR("!") : AGENT_STR(""));
	agent_buf_add(&line, got.is_call || got.asked || got.declined ? AGENT_STR(" ") : AGENT_STR(""));
	agent_buf_add(&line, got.is_call ? got.call.arguments : got.text);
	if (!agent_str_is(agent_buf_str(&line), want)) {
		print_error("%.*s\ngot  %.*s\nwant %s\n", AGENT_STR_ARG(request->message),
			AGENT_STR_ARG(agent_buf_str(&line)), want);
		wrong++;
	}
	agent_buf_clear(&line);
}

#define WHICH_ORDER "? Which order do you mean? Please give me the order number"
#define NOT_FOUND "! I could not find that in our help pages. The closest page is Returns and refunds (https://shop.example/returns)."

static void a_message_finds_its_way(void **state)
{
	static const struct {
		const char *message, *want;
	} rows[] = {
		{ "Where is my order ABC-12345?", "get_order_status " ORDER },
		{ "where is abc-12345", "get_order_status " ORDER },
		{ "My parcel ABC-12345 has not arrived yet!", "get_order_status " ORDER },
		{ "Hi, can you tell me when ABC-12345 will be delivered?", "get_order_status " ORDER },
		{ "ABC-12345", "get_order_status " ORDER },
		{ "Where is my order?", WHICH_ORDER " (it looks like ABC-#####)." },
		{ "When will my package arrive?", WHICH_ORDER " (it looks like ABC-#####)." },
		{ "Has my order been shipped yet", WHICH_ORDER " (it looks like ABC-#####)." },
		{ "I need the invoice for ABC-12345", "get_invoice " ORDER },
		{ "Can you send me a German receipt for order ABC-12345 please",
		"get_invoice {\"order_number\":\"ABC-12345\",\"language\":\"german\"}" },
		{ "I need a receipt", WHICH_ORDER "." },
		{ "Please cancel my order ABC-12345", "cancel_order " ORDER },
		{ "Do you sell blue mugs?", "search_products {\"query\":\"Do you sell blue mugs?\"}" },
		{ "How many bonus points do I have?", "? Please give me the e-mail address." },
		{ "How many bonus points do I have? I am ann@example.com",
		"get_points {\"email\":\"ann@example.com\"}" },
		{ "How long do I have to return something?",
		"According to Returns and refunds (https://shop.example/returns): "
			"\"You can return any item within 30 days of delivery.\"" },
		{ "Can gift cards be returned?",
		"According to Returns and refunds (https://shop.example/returns): \"Gift cards cannot be returned.\"" },
		{ "Can I return my order?", "According to Returns and refunds (https://shop.example/returns): "
			"\"You can return any item within 30 days of delivery.\"" },
		{ "When do I get my refund?",
		"According to Returns and refunds (https://shop.example/returns): \"We refund the price within 5 days.\"" },
		{ "How much does shipping to Germany cost?", "According to Shipping (https://shop.example/shipping): "
			"\"Shipping costs 4.90 EUR within Germany and is free from 50 EUR.\"" },
		{ "Which countries do you ship to?", "According to Shipping (https://shop.example/shipping): "
			"\"We ship to all countries of the European Union.\"" },
		{ "Is there express at checkout?", "According to Shipping (https://shop.example/shipping): "
			"“Say \"express\" at checkout and your parcel leaves the same day.”" },
		{ "Can I pay with PayPal?",
		"According to Payment: \"You can pay by credit card, PayPal or bank transfer.\"" },
		{ "Do you ship to Norway?", NOT_FOUND },
		{ "Do you repair bicycles?", NOT_FOUND },
		{ "What is the capital of France?", NOT_FOUND },
		{ "Hello!", "Hello! How can I help you today? You can ask me, for example: When will my package arrive?" },
		{ "good morning", "Hello! How can I help you today? You can ask me, for example: When will my package arrive?" },
		{ "Thanks, that was great", "You are welcome! Is there anything else I can help you with?" },
		{ "Bye", "Goodbye, and thank you for your visit." },
		{ "", "Hello! How can I help you today? You can ask me, for example: When will my package arrive?" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		agent_message message = said(rows[i].message);
		agent_brain_request request = ask(*state, &message, 1);
		check(*state, &request, rows[i].want);
	}
	assert_int_equal(wrong, 0);
}

/* A page in pieces, as the search gives it: the piece with the figure that is asked for is quoted. */
static void a_question_for_a_figure_gets_one(void **state)
{
	static const agent_passage pieces[] = {
		{ .id = AGENT_STR_INIT("boats#3"), .title = AGENT_STR_INIT("Boats"), .url = AGENT_STR_INIT("https://shop.example/boats"),
			.text = AGENT_STR_INIT("Boats need care. We do not rent express boats to children. If a boat leaks, we repair it.") },
		{ .id = AGENT_STR_INIT("boats#1"), .title = AGENT_STR_INIT("Boats"), .url = AGENT_STR_INIT("https://shop.example/boats"),
			.text = AGENT_STR_INIT("Every boat has a warranty. The warranty of a boat lasts 2 years. Renting an express boat costs $80. "
				"A repair takes about three weeks. Collecting a boat at the pier is free. You pay for a boat when you take it.") },
		{ .id = AGENT_STR_INIT("boats#2"), .title = AGENT_STR_INIT("Boats"), .url = AGENT_STR_INIT("https://shop.example/boats"),
			.text = AGENT_STR_INIT("You can use one voucher per boat. A boat is 14 feet long. Our pier opens on Monday at 9 a.m.") },
	};
	static const struct {
		const char *message, *want;
	} rows[] = {
		{ "How much does it cost to rent an express boat?", "Renting an express boat costs $80." },
		{ "How long is the warranty on a boat?", "The warranty of a boat lasts 2 years." },
		{ "How long does a repair take?", "A repair takes about three weeks." },
		{ "What does it cost to collect a boat at the pier?", "Collecting a boat at the pier is free." },
		{ "When do I pay for the boat?", "You pay for a boat when you take it." },
		{ "How many vouchers can I use for a boat?", "You can use one voucher per boat." },
		{ "When does the pier open?", "Our pier opens on Monday at 9 a.m." },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char want[300];
		agent_message message = said(rows[i].message);
		agent_brain_request request = ask(*state, &message, 1);
		request.passages = pieces;
		snprintf(want, sizeof want, "According to Boats (https://shop.example/boats): \"%s\"", rows[i].want);
		check(*state, &request, want);
	}
	assert_int_equal(wrong, 0);
}

static void a_conversation_goes_on(void **state)
{
	const agent_brain_call earlier = { AGENT_STR("local-7"), AGENT_STR("get_order_status"),
		AGENT_STR(ORDER) };
	agent_message messages[] = {
		said("I need a receipt"),
		{ .role = AGENT_ROLE_ASSISTANT, .text = AGENT_STR("Which order do you mean?") },
		said("It is abc-12345."),
	};
	agent_brain_request request = ask(*state, messages, 3);
	check(*state, &request, "get_invoice " ORDER);
	assert_true(agent_str_is(answer_to(*state, &request).call.id, "local-1"));
	agent_message later[] = {
		said("Where is ABC-12345?"),
		{ .role = AGENT_ROLE_ASSISTANT, .text = AGENT_STR(""), .calls = &earlier, .call_count = 1 },
		{ .role = AGENT_ROLE_TOOL, .text = AGENT_STR("{}"), .call_id = AGENT_STR("local-7") },
		{ .role = AGENT_ROLE_ASSISTANT, .text = AGENT_STR("It is on its way.") },
		said("And when will my package arrive?"),
	};
	request = ask(*state, later, 5);
	check(*state, &request, "get_order_status " ORDER);
	assert_true(agent_str_is(answer_to(*state, &request).call.id, "local-8"));
	later[4] = said("When will my other package arrive?");
	request = ask(*state, later, 5);
	check(*state, &request, WHICH_ORDER " (it looks like ABC-#####).");
	assert_int_equal(wrong, 0);
}

static void what_is_not_offered_is_not_called(void **state)
{
	agent_message message = said("Where is my order ABC-12345?");
	agent_brain_request request = ask(*state, &message, 1);
	request.tools_allowed = false;
	check(*state, &request, NOT_FOUND);
	request.tools_allowed = true;
	request.tool_mask = 0;
	check(*state, &request, NOT_FOUND);
	request.passage_count = 0;
	check(*state, &request, "! I could not find that in our help pages.");
	request.tool_mask = 4; /* a bare number starts no write */
	message = said("ABC-12345");
	request.message = message.text;
	check(*state, &request,
		"Hello! How can I help you today? You can ask me, for example: Please cancel my order");
	assert_int_equal(wrong, 0);
}

static void a_result_becomes_sentences(void **state)
{
	static const struct {
		const char *tool, *result, *want;
	} rows[] = {
		{ "get_order_status",
			"{\"order_number\":\"ABC-12345\",\"status\":\"shipped\",\"shipped_on\":\"2026-11-19\",\"expected_delivery\":\"2026-11-24\"}",
			"Your order ABC-12345: status is shipped, shipped on 2026-11-19, expected delivery is 2026-11-24." },
		{ "get_order_status",
		"{\"order_number\":\"ABC-12345\",\"status\":\"packed\",\"shipped_on\":null,\"gift\":true,\"carrier\":{\"name\":\"DHL\"},"
			"\"items\":[{\"name\":\"Blue mug\",\"quantity\":2},{\"name\":\"Lamp\",\"quantity\":1}],\"note\":\"It was late. Sorry for that\"}",
			"Your order ABC-12345: status is packed, gift wrapped: yes, carrier name is DHL. It was late. Sorry for that."
			"\nItems:\n- Blue mug: quantity is 2\n- Lamp: quantity is 1" },
		{ "get_invoice", "{\"invoice_number\":\"INV-2026-17\",\"total\":49.90}",
			"Here is what I found: invoice number is INV-2026-17, total is 49.90. You will find it right below this message." },
		{ "get_invoice", "{}", "You will find it right below this message." },
		{ "search_products", "{\"products\":[\"Blue mug\",\"Red mug\"]}", "Products: Blue mug, Red mug." },
		{ "search_products", "{\"products\":[]}", "Products: none." },
		{ "search_products", "{}", "I looked that up, but there is nothing more to show." },
		{ "get_points", "{\"points\":120}", "Here is what I found: points: 120." },
		{ "get_order_status",
		"{\"error\":{\"code\":\"invalid\",\"message\":\"There is no order with this number\"}}",
			"There is no order with this number. Please check what you entered and try again, or contact us." },
		{ "get_order_status",
		"{\"error\":{\"type\":\"invalid\",\"message\":\"The tool answered with status 404.\"}}",
			"I could not find anything for what you gave me. Please check what you entered and try again, or contact us." },
		{ "get_order_status", "{\"error\":{\"type\":\"refused\"}}",
			"I may not show you that. Please check what you entered and try again, or contact us." },
		{ "get_order_status",
		"{\"error\":{\"type\":\"transient\",\"message\":\"The tool answered with status 503.\"}}",
			"I could not get that just now. Please try again in a moment, or contact us." },
		{ "get_order_status", "{\"error\":\"timeout\"}",
		"I could not get that just now. Please try again in a moment, or contact us." },
		{ "get_order_status", "no JSON",
		"I could not get that just now. Please try again in a moment, or contact us." },
		{ "gone", "{\"a_b\":1}", "Here is what I found: a b is 1." },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const agent_brain_call call = { AGENT_STR("c1"), agent_str_cstr(rows[i].tool), AGENT_STR(ORDER) };
		const agent_message messages[] = {
			said("Where is ABC-12345?"),
			{ .role = AGENT_ROLE_ASSISTANT, .text = AGENT_STR(""), .calls = &call, .call_count = 1 },
			{ .role = AGENT_ROLE_TOOL, .text = agent_str_cstr(rows[i].result), .call_id = AGENT_STR("c1") },
		};
		agent_brain_request request = ask(*state, messages, 3);
		request.turn_start = 0;
		request.message = messages[0].text;
		check(*state, &request, rows[i].want);
	}
	assert_int_equal(wrong, 0);
}

#define FAILED "I could not get that just now. Please try again in a moment, or contact us."
#define FAQ "{\"found\":1,\"passages\":[{\"title\":\"A\",\"url\":\"https://shop.example/a\",\"text\":\"It costs 7 EUR.\"}]}"

/* A model called retrieve_docs and is gone: its passages stand among the request's, and are quoted or not like these. */
static void passages_of_a_tool_are_no_result_to_word(void **state)
{
	static const struct {
		const char *message, *result, *want;
	} rows[] = {
		{ "How long do I have to return something?", FAQ, "According to Returns and refunds (https://shop.example/returns): "
			"\"You can return any item within 30 days of delivery.\"" },
		{ "Do you repair bicycles?", FAQ, NOT_FOUND },
		{ "Where is my order ABC-12345?", FAQ, "get_order_status " ORDER },
		{ "Where is my order ABC-12345?", "{\"error\":{\"type\":\"failed\"}}", FAILED },
		{ "Do you repair bicycles?", "{}", NOT_FOUND },
		{ "Do you repair bicycles?", "{\"error\":{\"type\":\"failed\"}}",
			FAILED },
	};
	const agent_brain_call call = { AGENT_STR("c1"), AGENT_STR("retrieve_docs"), AGENT_STR("{\"query\":\"x\"}") };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const agent_message messages[] = {
			said(rows[i].message), { .role = AGENT_ROLE_ASSISTANT, .text = AGENT_STR(""), .calls = &call, .call_count = 1 },
			{ .role = AGENT_ROLE_TOOL, .text = agent_str_cstr(rows[i].result), .call_id = AGENT_STR("c1") },
		};
		agent_brain_request request = ask(*state, messages, 3);
		request.turn_start = 0;
		request.message = messages[0].text;
		check(*state, &request, rows[i].want);
	}
	assert_int_equal(wrong, 0);
}

/* With examples it is a tool that a message can ask for, by its words and not by an order number in it. */
static void its_examples_may_ask_for_passages(void **state)
{
	static const agent_str examples[] = { AGENT_STR_INIT("Search the manuals for batteries"), AGENT_STR_INIT("What do the manuals say about cleaning?") };
	static const struct {
		const char *message, *want;
	} rows[] = {
		{ "Search the manuals for lamps", "retrieve_docs {\"query\":\"Search the manuals for lamps\"}" },
		{ "What do the manuals say about batteries?", "retrieve_docs {\"query\":\"What do the manuals say about batteries?\"}" },
		{ "ABC-12345", "get_order_status " ORDER },
		{ "How long do I have to return something?", "According to Returns and refunds (https://shop.example/returns): "
			"\"You can return any item within 30 days of delivery.\"" },
		{ "Do you repair bicycles?", NOT_FOUND },
	};
	const shop *s = *state;
	agent_tool tools[8];
	assert_true(s->manifest.count <= 8);
	memcpy(tools, s->manifest.tools, s->manifest.count * sizeof *tools);
	agent_tool *docs = &tools[s->manifest.count - 1];
	assert_true(agent_str_is(docs->passages, "passages"));
	docs->examples = examples;
	docs->example_count = 2;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		agent_message message = said(rows[i].message);
		agent_brain_request request = ask(s, &message, 1);
		request.tools = tools;
		check(s, &request, rows[i].want);
	}
	assert_int_equal(wrong, 0);
}

static agent_status scenario(void *state, agent_error *err)
{
	static const char *const messages[] = { "Where is my order abc-12345?",
		"How long do I have to return something?", "I need a receipt",
		"How many bonus points do I have? I am ann@example.com", "What is the capital of France?" };
	static const char *const starts[] = { ORDER, "According to Returns", "Which order", "{\"email\"",
		"I could not find" };
	(void)state;
	shop s;
	agent_status status = shop_open(&s, err);
	for (size_t i = 0; status == AGENT_OK && i < 5; i++) {
		agent_message message = said(messages[i]);
		agent_brain_request request = ask(&s, &message, 1);
		agent_local_answer out;
		status = agent_local_brain(&request, s.arena, &out, err);
		if (status == AGENT_OK && !agent_str_starts(out.is_call ? out.call.arguments : out.text,
			agent_str_cstr(starts[i]))) {
			status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "answer", "%s: %.*s", messages[i],
				AGENT_STR_ARG(out.text));
		}
	}
	if (status == AGENT_OK) {
		const agent_brain_call call = { AGENT_STR("c1"), AGENT_STR("get_order_status"), AGENT_STR(ORDER) };
		const agent_message turn[] = { said("x"), { .role = AGENT_ROLE_ASSISTANT, .text = AGENT_STR(""),
			.calls = &call, .call_count = 1 },
			{ .role = AGENT_ROLE_TOOL,
			.text = AGENT_STR("{\"order_number\":\"ABC-12345\",\"carrier\":{\"name\":\"DHL\"}}"),
			.call_id = AGENT_STR("c1") } };
		agent_brain_request request = ask(&s, turn, 3);
		agent_local_answer out;
		request.turn_start = 0;
		status = agent_local_brain(&request, s.arena, &out, err);
		if (status == AGENT_OK && !agent_str_is(out.text, "Your order ABC-12345: carrier name is DHL.")) {
			status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "answer", "%.*s", AGENT_STR_ARG(out.text));
		}
	}
	shop_close(&s);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("local brain", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_finds_its_way),
		cmocka_unit_test(a_question_for_a_figure_gets_one),
		cmocka_unit_test(a_conversation_goes_on),
		cmocka_unit_test(what_is_not_offered_is_not_called),
		cmocka_unit_test(a_result_becomes_sentences),
		cmocka_unit_test(passages_of_a_tool_are_no_result_to_word),
		cmocka_unit_test(its_examples_may_ask_for_passages),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}

/* SPDX-License-Identifier: MIT
 * brain/: the local brain on a store's tools and help pages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/brain/brain.h"
#include "tests/support/torture.h"

static const char manifest_text[] =
	"[{\"name\":\"get_order_status\",\"description\":\"Looks up the state of one order: whether it was shipped, when and how it will be delivered.\","
	"\"url\":\"https://tools.example.com/get_order_status\",\"scope\":\"order:read\",\"effect\":\"read\","
	"\"examples\":[\"Where is my order ABC-12345?\",\"When will my package arrive?\",\"Has my order been shipped?\",\"What is the status of my order?\"],"
	"\"input_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"order_number\"],\"properties\":{\"order_number\":"
	"{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}-[0-9]{5}$\",\"description\":\"The number in the confirmation mail\",\"examples\":[\"ABC-12345\"]}}},"
	"\"output_schema\":{\"type\":\"object\",\"required\":[\"order_number\",\"status\"],\"properties\":{\"order_number\":{\"type\":\"string\"},"
	"\"status\":{\"type\":\"string\"},\"shipped_on\":{\"type\":\"string\"},\"expected_delivery\":{\"type\":\"string\"},"
	"\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"quantity\":{\"type\":\"integer\"}}}},"
	"\"note\":{\"type\":\"string\"},\"carrier\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"}}},"
	"\"gift\":{\"type\":\"boolean\",\"title\":\"Gift wrapped\"}}}},"
	"{\"name\":\"get_invoice\",\"description\":\"Gets the invoice or receipt of an order as a PDF.\","
	"\"url\":\"https://tools.example.com/get_invoice\",\"scope\":\"invoice:read\",\"effect\":\"read\","
	"\"examples\":[\"Send me the invoice for order ABC-12345\",\"I need a receipt\",\"Can I have a copy of my bill?\"],"
	"\"input_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"order_number\"],\"properties\":{\"order_number\":"
	"{\"type\":\"string\",\"title\":\"Order number\",\"pattern\":\"^[A-Z]{3}-[0-9]{5}$\"},"
	"\"language\":{\"type\":\"string\",\"enum\":[\"english\",\"german\"]}}},"
	"\"output_schema\":{\"type\":\"object\",\"required\":[\"invoice_number\",\"link\"],\"properties\":{\"invoice_number\":{\"type\":\"string\"},"
	"\"total\":{\"type\":\"number\"},\"link\":{\"type\":\"string\",\"format\":\"uri\",\"deliver\":\"visitor\"}}}},"
	"{\"name\":\"cancel_order\",\"description\":\"Cancels an order that was not shipped yet.\","
	"\"url\":\"https://tools.example.com/cancel_order\",\"scope\":\"order:write\",\"effect\":\"write\","
	"\"examples\":[\"Cancel my order ABC-12345\",\"Please cancel my order\"],"
	"\"input_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"order_number\"],\"properties\":{\"order_number\":"
	"{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}-[0-9]{5}$\"}}},"
	"\"output_schema\":{\"type\":\"object\",\"properties\":{\"status\":{\"type\":\"string\"}}}},"
	"{\"name\":\"search_products\",\"description\":\"Searches the catalogue of products.\","
	"\"url\":\"https://tools.example.com/search_products\",\"scope\":\"product:read\",\"effect\":\"read\","
	"\"examples\":[\"Do you sell blue mugs?\",\"Which lamps do you have in stock?\",\"Search the catalogue for chairs\"],"
	"\"input_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"query\"],\"properties\":{\"query\":"
	"{\"type\":\"string\",\"minLength\":1,\"maxLength\":200},\"max_price\":{\"type\":\"integer\",\"minimum\":0}}},"
	"\"output_schema\":{\"type\":\"object\",\"properties\":{\"products\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}},"
	"{\"name\":\"get_points\",\"description\":\"Shows how many bonus points a customer has.\","
	"\"url\":\"https://tools.example.com/get_points\",\"scope\":\"points:read\",\"effect\":\"read\","
	"\"examples\":[\"How many bonus points do I have?\"],"
	"\"input_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"email\"],\"properties\":{\"email\":"
	"{\"type\":\"string\",\"format\":\"email\",\"title\":\"E-mail address\"}}},"
	"\"output_schema\":{\"type\":\"object\",\"properties\":{\"points\":{\"type\":\"integer\"}}}}]";

static const agent_passage pages[] = {
	{ .id = AGENT_STR_INIT("returns#0"), .title = AGENT_STR_INIT("Returns and refunds"), .url = AGENT_STR_INIT("https://shop.example/returns"),
		.text = AGENT_STR_INIT("# Returns\n\nYou can return any item within 30 days of delivery. The item must be unused\nand in its original box. "
			"We refund the price within 5 days.\n\n- Gift cards cannot be returned.\n- **Sale items** can be *exchanged* only.\n") },
	{ .id = AGENT_STR_INIT("shipping#0"), .title = AGENT_STR_INIT("Shipping"), .url = AGENT_STR_INIT("https://shop.example/shipping"),
		.text = AGENT_STR_INIT("We ship to all countries of the European Union. Shipping costs 4.90 EUR within Germany and is free from 50 EUR. "
			"Parcels arrive within 3 to 5 working days. Say \"express\" at checkout and your parcel leaves the same day.") },
	{ .id = AGENT_STR_INIT("payment#0"), .title = AGENT_STR_INIT("Payment"), .url = AGENT_STR_INIT(""),
		.text = AGENT_STR_INIT("You can pay by credit card, PayPal or bank transfer.") },
};

typedef struct shop {
	agent_arena *arena;
	agent_json *tree;
	agent_manifest manifest;
} shop;

static agent_status shop_open(shop *s, agent_error *err)
{
	*s = (shop){ .arena = agent_arena_new(1024 * 1024) };
	if (s->arena == NULL) {
		return agent_fail_memory(err);
	}
	if (agent_json_parse(agent_str_cstr(manifest_text), AGENT_JSON_LIMITS, "the manifest", &s->tree, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_manifest_read(s->tree, "/tools", s->arena, &s->manifest, err);
}

static void shop_close(shop *s)
{
	agent_manifest_clear(&s->manifest);
	agent_json_free(s->tree);
	agent_arena_free(s->arena);
}

static int setup(void **state)
{
	static shop one;
	agent_error err = { 0 };
	if (shop_open(&one, &err) != AGENT_OK) {
		print_error("%s\n", err.message);
		return -1;
	}
	*state = &one;
	return 0;
}

static int teardown(void **state)
{
	shop_close(*state);
	return 0;
}

static agent_brain_request ask(const shop *s, const agent_message *messages, size_t count)
{
	return (agent_brain_request){ .policy = AGENT_STR_EMPTY, .instruction = AGENT_STR_EMPTY, .locale = AGENT_STR_EMPTY,
		.tools = s->manifest.tools, .tool_count = s->manifest.count, .tool_mask = UINT64_MAX, .tools_allowed = true,
		.messages = messages, .message_count = count, .turn_start = count - 1, .message = messages[count - 1].text,
		.passages = pages, .passage_count = 3 };
}

static agent_local_answer answer_to(const shop *s, const agent_brain_request *request)
{
	agent_local_answer out;
	agent_error err = { 0 };
	if (agent_local_brain(request, s->arena, &out, &err) != AGENT_OK) {
		fail_msg("%s", err.message);
	}
	return out;
}

static agent_message said(const char *text)
{
	return (agent_message){ .role = AGENT_ROLE_USER, .text = agent_str_cstr(text) };
}

static int wrong;

/* "tool arguments", or "?" and a question, "!" and a refusal, or the text. */
static void check(const shop *s, const agent_brain_request *request, const char *want)
{
	agent_local_answer got = answer_to(s, request);
	agent_buf line;
	agent_buf_init(&line, 10000);
	agent_buf_add(&line, got.is_call ? got.call.name : got.asked ? AGENT_STR("?") : got.declined ? AGENT_STR("!") : AGENT_STR(""));
	agent_buf_add(&line, got.is_call || got.asked || got.declined ? AGENT_STR(" ") : AGENT_STR(""));
	agent_buf_add(&line, got.is_call ? got.call.arguments : got.text);
	if (!agent_str_is(agent_buf_str(&line), want)) {
		print_error("%.*s\ngot  %.*s\nwant %s\n", AGENT_STR_ARG(request->message), AGENT_STR_ARG(agent_buf_str(&line)), want);
		wrong++;
	}
	agent_buf_clear(&line);
}

#define ORDER "{\"order_number\":\"ABC-12345\"}"
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
		{ "Where is my order?", WHICH_ORDER " (for example ABC-12345)." },
		{ "When will my package arrive?", WHICH_ORDER " (for example ABC-12345)." },
		{ "Has my order been shipped yet", WHICH_ORDER " (for example ABC-12345)." },
		{ "I need the invoice for ABC-12345", "get_invoice " ORDER },
		{ "Can you send me a German receipt for order ABC-12345 please", "get_invoice {\"order_number\":\"ABC-12345\",\"language\":\"german\"}" },
		{ "I need a receipt", WHICH_ORDER "." },
		{ "Please cancel my order ABC-12345", "cancel_order " ORDER },
		{ "Do you sell blue mugs?", "search_products {\"query\":\"Do you sell blue mugs?\"}" },
		{ "How many bonus points do I have?", "? Please give me the e-mail address." },
		{ "How many bonus points do I have? I am ann@example.com", "get_points {\"email\":\"ann@example.com\"}" },
		{ "How long do I have to return something?", "According to Returns and refunds (https://shop.example/returns): "
			"\"You can return any item within 30 days of delivery.\"" },
		{ "Can gift cards be returned?", "According to Returns and refunds (https://shop.example/returns): \"Gift cards cannot be returned.\"" },
		{ "Can I return my order?", "According to Returns and refunds (https://shop.example/returns): "
			"\"You can return any item within 30 days of delivery.\"" },
		{ "When do I get my refund?", "According to Returns and refunds (https://shop.example/returns): \"We refund the price within 5 days.\"" },
		{ "How much does shipping to Germany cost?", "According to Shipping (https://shop.example/shipping): "
			"\"Shipping costs 4.90 EUR within Germany and is free from 50 EUR.\"" },
		{ "Which countries do you ship to?", "According to Shipping (https://shop.example/shipping): "
			"\"We ship to all countries of the European Union.\"" },
		{ "Is there express at checkout?", "According to Shipping (https://shop.example/shipping): "
			"“Say \"express\" at checkout and your parcel leaves the same day.”" },
		{ "Can I pay with PayPal?", "According to Payment: \"You can pay by credit card, PayPal or bank transfer.\"" },
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

static void a_conversation_goes_on(void **state)
{
	const agent_brain_call earlier = { AGENT_STR("local-7"), AGENT_STR("get_order_status"), AGENT_STR(ORDER) };
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
	check(*state, &request, WHICH_ORDER " (for example ABC-12345).");
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
	check(*state, &request, "Hello! How can I help you today? You can ask me, for example: Please cancel my order");
	assert_int_equal(wrong, 0);
}

static void a_result_becomes_sentences(void **state)
{
	static const struct {
		const char *tool, *result, *want;
	} rows[] = {
		{ "get_order_status", "{\"order_number\":\"ABC-12345\",\"status\":\"shipped\",\"shipped_on\":\"2026-11-19\",\"expected_delivery\":\"2026-11-24\"}",
			"Your order ABC-12345: status is shipped, shipped on 2026-11-19, expected delivery is 2026-11-24." },
		{ "get_order_status", "{\"order_number\":\"ABC-12345\",\"status\":\"packed\",\"shipped_on\":null,\"gift\":true,\"carrier\":{\"name\":\"DHL\"},"
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
		{ "get_order_status", "{\"error\":{\"code\":\"invalid\",\"message\":\"There is no order with this number\"}}",
			"There is no order with this number. Please check what you entered and try again, or contact us." },
		{ "get_order_status", "{\"error\":\"timeout\"}", "I could not get that just now. Please try again in a moment, or contact us." },
		{ "get_order_status", "no JSON", "I could not get that just now. Please try again in a moment, or contact us." },
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

static agent_status scenario(void *state, agent_error *err)
{
	static const char *const messages[] = { "Where is my order abc-12345?", "How long do I have to return something?", "I need a receipt",
		"How many bonus points do I have? I am ann@example.com", "What is the capital of France?" };
	static const char *const starts[] = { ORDER, "According to Returns", "Which order", "{\"email\"", "I could not find" };
	(void)state;
	shop s;
	agent_status status = shop_open(&s, err);
	for (size_t i = 0; status == AGENT_OK && i < 5; i++) {
		agent_message message = said(messages[i]);
		agent_brain_request request = ask(&s, &message, 1);
		agent_local_answer out;
		status = agent_local_brain(&request, s.arena, &out, err);
		if (status == AGENT_OK && !agent_str_starts(out.is_call ? out.call.arguments : out.text, agent_str_cstr(starts[i]))) {
			status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "answer", "%s: %.*s", messages[i], AGENT_STR_ARG(out.text));
		}
	}
	if (status == AGENT_OK) {
		const agent_brain_call call = { AGENT_STR("c1"), AGENT_STR("get_order_status"), AGENT_STR(ORDER) };
		const agent_message turn[] = { said("x"), { .role = AGENT_ROLE_ASSISTANT, .text = AGENT_STR(""), .calls = &call, .call_count = 1 },
			{ .role = AGENT_ROLE_TOOL, .text = AGENT_STR("{\"order_number\":\"ABC-12345\",\"carrier\":{\"name\":\"DHL\"}}"), .call_id = AGENT_STR("c1") } };
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
		cmocka_unit_test(a_conversation_goes_on),
		cmocka_unit_test(what_is_not_offered_is_not_called),
		cmocka_unit_test(a_result_becomes_sentences),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}

/* SPDX-License-Identifier: MIT
 * brain/: what the local brain says passes the ground check, sentence by sentence, as the machine releases it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/guard/ground.h"
#include "ext/text/words.h"
#include "tests/support/brain_store.h"

static int held;

static void release(const agent_brain_request *request, agent_str text, const agent_json *result)
{
	const agent_json *results[] = { result };
	agent_evidence evidence = { .said = &request->message, .said_count = 1, .results = results,
		.result_count = result != NULL,
		.passages = request->passages, .passage_count = request->passage_count };
	size_t paragraph = 0;
	for (size_t at = 0; at < text.len;) {
		agent_violation violation;
		size_t len = agent_sentence_end(agent_str_from(text, at), true);
		agent_str sentence = agent_str_cut(text, at, len);
		assert_int_not_equal(len, 0);
		if (!agent_ground_check(agent_str_cut(text, paragraph, at + len - paragraph), sentence, &evidence,
			&violation)) {
			print_error("%.*s: %s \"%.*s\": %s\n", AGENT_STR_ARG(sentence), violation.rule,
				AGENT_STR_ARG(violation.what), violation.message);
			held++;
		}
		at += len;
		paragraph = agent_str_find(sentence, AGENT_STR("\n"), 0) != (size_t)-1 ? at : paragraph;
	}
}

static void answers_are_grounded(void **state)
{
	static const char *const messages[] = { "Where is my order?", "I need a receipt",
		"How many bonus points do I have?", "Hello", "Thanks!",
		"How long do I have to return something?", "When do I get my refund?",
		"How much does shipping to Germany cost?",
		"How much is shipping and when do parcels arrive?", "Is there express at checkout?",
		"Can I pay with PayPal?", "Do you repair bicycles?",
		"Can gift cards be returned?", "Can sale items be exchanged?" };
	shop *s = *state;
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
		agent_message message = said(messages[i]);
		agent_brain_request request = ask(s, &message, 1);
		agent_local_answer out;
		agent_error err = { 0 };
		assert_int_equal(agent_local_brain(&request, s->arena, &out, &err), AGENT_OK);
		assert_false(out.is_call);
		release(&request, out.text, NULL);
	}
	assert_int_equal(held, 0);
}

static void worded_results_are_grounded(void **state)
{
	static const struct {
		const char *tool, *result;
	} rows[] = {
		{ "get_order_status",
			"{\"order_number\":\"ABC-12345\",\"status\":\"shipped\",\"shipped_on\":\"2026-11-19\",\"expected_delivery\":\"2026-11-24\"}" },
		{ "get_order_status",
		"{\"order_number\":\"ABC-12345\",\"status\":\"packed\",\"gift\":true,\"carrier\":{\"name\":\"DHL\"},"
			"\"items\":[{\"name\":\"Blue mug\",\"quantity\":2},{\"name\":\"Lamp 60 W\",\"quantity\":1}],\"note\":\"It was late. Sorry for that\"}" },
		{ "get_invoice", "{\"invoice_number\":\"INV-2026-17\",\"total\":49.90}" },
		{ "get_points", "{\"points\":120}" },
		{ "search_products", "{\"products\":[\"Blue mug 0.3 l\",\"Red mug\"]}" },
		{ "gone", "{\"paid_at\":\"2026-11-19T10:00:00Z\",\"price\":\"12,50 EUR\",\"tracking\":\"1Z999AA10123456784\",\"share\":\"15%\"}" },
	};
	shop *s = *state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const agent_brain_call call = { AGENT_STR("c1"), agent_str_cstr(rows[i].tool), AGENT_STR(ORDER) };
		const agent_message messages[] = {
			said("Where is it?"),
			{ .role = AGENT_ROLE_ASSISTANT, .text = AGENT_STR(""), .calls = &call, .call_count = 1 },
			{ .role = AGENT_ROLE_TOOL, .text = agent_str_cstr(rows[i].result), .call_id = AGENT_STR("c1") },
		};
		agent_brain_request request = ask(s, messages, 3);
		agent_local_answer out;
		agent_json *result = NULL;
		agent_error err = { 0 };
		request.turn_start = 0;
		request.message = messages[0].text;
		assert_int_equal(agent_json_parse(messages[2].text, AGENT_JSON_LIMITS, "result", &result, &err),
			AGENT_OK);
		assert_int_equal(agent_local_brain(&request, s->arena, &out, &err), AGENT_OK);
		release(&request, out.text, result);
		agent_json_free(result);
	}
	assert_int_equal(held, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_grounded),
		cmocka_unit_test(worded_results_are_grounded),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}

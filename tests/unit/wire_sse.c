/* SPDX-License-Identifier: MIT
 * wire/sse: each rule of the framing, fed whole, byte by byte and cut in two at every place.
 * What events mean to a model's codec is brain/'s. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/wire/sse.h"
#include "tests/support/torture.h"

/* Events as text: "name|data;" each; a failure is "!code", one that the end of the body leaves ends "$". */
static agent_status collect(agent_sse *sse, agent_str bytes, agent_buf *out, agent_error *err)
{
	for (;;) {
		size_t used;
		bool ready;
		agent_sse_event event;
		if (agent_sse_feed(sse, bytes, &used, &ready, &event, err) != AGENT_OK) {
			agent_buf_addf(out, "!%s", err->code);
			return AGENT_ERR;
		}
		bytes = agent_str_from(bytes, used);
		if (!ready) {
			assert_int_equal(bytes.len, 0);
			return AGENT_OK;
		}
		assert_true(event.data.len > 0);
		agent_buf_add(out, event.name);
		agent_buf_add_char(out, '|');
		agent_buf_add(out, event.data);
		agent_buf_add_char(out, ';');
	}
}

static void finish(agent_sse *sse, agent_buf *out)
{
	bool ready;
	agent_sse_event event;
	agent_sse_end(sse, &ready, &event);
	if (ready) {
		agent_buf_add(out, event.name);
		agent_buf_add_char(out, '|');
		agent_buf_add(out, event.data);
		agent_buf_add_char(out, '$');
	}
	agent_sse_end(sse, &ready, &event);
	assert_false(ready);
}

/* step: bytes of one feed; 0: one cut only, after `cut` bytes. */
static void run(agent_str text, size_t limit, size_t step, size_t cut, agent_buf *out)
{
	agent_error err = { 0 };
	agent_sse *sse = agent_sse_new(limit);
	assert_non_null(sse);
	agent_status status = AGENT_OK;
	if (step == 0) {
		status = collect(sse, agent_str_cut(text, 0, cut), out, &err);
		text = agent_str_from(text, cut);
		step = text.len;
	}
	for (size_t i = 0; i < text.len && status == AGENT_OK; i += step) {
		status = collect(sse, agent_str_cut(text, i, step), out, &err);
	}
	finish(sse, out);
	agent_sse_free(sse);
}

static void expect_limited(agent_str text, size_t limit, agent_str wanted)
{
	for (size_t cut = 0; cut <= text.len + 1; cut++) {
		agent_buf out;
		agent_buf_init(&out, 4096);
		run(text, limit, cut > text.len ? 1 : 0, cut, &out);
		if (!agent_str_eq(agent_buf_str(&out), wanted)) {
			fail_msg("cut at %zu: \"%.*s\" instead of \"%.*s\"", cut, AGENT_STR_ARG(agent_buf_str(&out)),
				AGENT_STR_ARG(wanted));
		}
		agent_buf_clear(&out);
	}
}

#define EXPECT(text, wanted) expect_limited(AGENT_STR(text), 1000, AGENT_STR(wanted))

static void lines_end_in_lf_cr_and_crlf(void **state)
{
	(void)state;
	EXPECT("data: a\n\ndata: b\n\n", "|a;|b;");
	EXPECT("data: a\r\rdata: b\r\r", "|a;|b;");
	EXPECT("data: a\r\n\r\ndata: b\r\n\r\n", "|a;|b;");
	EXPECT("data: a\r\n\rdata: b\n\r\n", "|a;|b;");
	EXPECT("data: a\r\ndata: b\rdata: c\ndata: d\n\r\n", "|a\nb\nc\nd;");
	EXPECT("data: a\xE2\x80\xA8" "b\x0b\x0c\xC2\x85\n\n", "|a\xE2\x80\xA8" "b\x0b\x0c\xC2\x85;");
	EXPECT("\n\r\n\r\n\r\ndata: a\n\n\n\n", "|a;");
}

static void a_bom_is_skipped_only_at_the_start(void **state)
{
	(void)state;
	EXPECT("\xEF\xBB\xBF" "data: a\n\n", "|a;");
	EXPECT("\xEF\xBB\xBF\n\ndata: a\n\n", "|a;");
	EXPECT("\xEF\xBB\xBF\xEF\xBB\xBF" "data: a\n\ndata: b\n\n", "|b;");
	EXPECT("data: a\n\n\xEF\xBB\xBF" "data: b\n\n", "|a;");
	EXPECT("\n\xEF\xBB\xBF" "data: b\n\n", "");
	EXPECT("\xEF\xBB" "data: b\n\n", "");
	EXPECT("\xEF", "");
	EXPECT("data: \xEF\xBB\xBF\n\n", "|\xEF\xBB\xBF;");
}

static void comments_and_unknown_fields_are_passed_over(void **state)
{
	(void)state;
	EXPECT(": OPENROUTER PROCESSING\n\n: again\n\ndata: a\n\n", "|a;");
	EXPECT("data: a\n: between\ndata: b\n:\n\n", "|a\nb;");
	EXPECT("retry: 3000\nfoo\nfoobarfoobar: x\nDATA: no\ndata : no\n data: no\ndata: a\n\n", "|a;");
	EXPECT("datadatadatadata: x\neventeventevent\ndata: a\n\n", "|a;");
	EXPECT("id: 1\0" "2\nid\ndata: a\nid: 7\n\n", "|a;");
}

static void one_space_after_the_colon_is_skipped(void **state)
{
	(void)state;
	EXPECT("data:a\n\n", "|a;");
	EXPECT("data:  a \n\n", "| a ;");
	EXPECT("data:\ta\n\n", "|\ta;");
	EXPECT("data: \n\ndata:  \n\n", "| ;");
	EXPECT("data:: a: b\n\n", "|: a: b;");
}

static void data_lines_are_joined(void **state)
{
	(void)state;
	EXPECT("data: a\ndata: b\n\n", "|a\nb;");
	EXPECT("data\ndata\n\n", "|\n;");
	EXPECT("data\n\ndata:\n\nevent: x\ndata:\n\ndata: a\n\n", "|a;");
	EXPECT("data\ndata: a\ndata\n\n", "|\na\n;");
	EXPECT("data: {\"n\":\"0\"}\n\ndata: 0\n\n", "|{\"n\":\"0\"};|0;");
}

static void the_name_belongs_to_one_event(void **state)
{
	(void)state;
	EXPECT("event: ping\ndata: a\n\ndata: b\n\n", "ping|a;|b;");
	EXPECT("data: a\nevent:x\nevent: error\n\n", "error|a;");
	EXPECT("event: x\nevent\ndata: a\n\n", "|a;");
	EXPECT("event: lost\n\ndata: a\n\n", "|a;");
}

static void bytes_are_not_interpreted(void **state)
{
	(void)state;
	EXPECT("data: a\0b\n\n", "|a\0b;");
	EXPECT("data: \xff\xc3\n\n", "|\xff\xc3;");
	EXPECT("data: Status: DONE, refunded [DONE] today.\n\n", "|Status: DONE, refunded [DONE] today.;");
}

static void the_end_of_the_body_shows_what_is_pending(void **state)
{
	(void)state;
	EXPECT("event: message_stop\ndata: {\"type\":\"message_stop\" }",
		"message_stop|{\"type\":\"message_stop\" }$");
	EXPECT("data: a\n\ndata: [DONE]\r", "|a;|[DONE]$");
	EXPECT("data: a\ndata: b", "|a\nb$");
	EXPECT("data: a\n\n", "|a;");
	EXPECT("data: a\n\nevent: x\n", "|a;");
	EXPECT("data:", "");
	EXPECT("dat", "");
	EXPECT("", "");
}

static void an_event_has_a_ceiling(void **state)
{
	(void)state;
	expect_limited(AGENT_STR("data: 1234567890\n\n"), 10, AGENT_STR("|1234567890;"));
	expect_limited(AGENT_STR("data: 12345678901\n\n"), 10, AGENT_STR("!event_too_large"));
	expect_limited(AGENT_STR("data: 12345\n\ndata: 12345\n\n"), 10, AGENT_STR("|12345;|12345;"));
	expect_limited(AGENT_STR("data: 1\n\ndata: 12345\ndata: 12345\n\n"), 10, AGENT_STR("|1;!event_too_large"));
	expect_limited(AGENT_STR("data:\ndata\ndata\ndata\ndata\n\n"), 3, AGENT_STR("!event_too_large"));
	expect_limited(AGENT_STR("event: 123456\ndata: 12345\n\n"), 10, AGENT_STR("!event_too_large"));
	expect_limited(AGENT_STR("data: 12345\nevent: 123456"), 10, AGENT_STR("!event_too_large"));
	expect_limited(AGENT_STR("event: 12345\nevent: 12345\ndata: 12345\n\n"), 10, AGENT_STR("12345|12345;"));
	expect_limited(AGENT_STR(": 12345678901234567890\nid: 12345678901234567890\ndata: 1\n\n"), 10,
		AGENT_STR("|1;"));
	expect_limited(AGENT_STR("data: 1\n\n"), 0, AGENT_STR("!event_too_large"));
}

static void a_failure_stays(void **state)
{
	(void)state;
	agent_error err;
	size_t used;
	bool ready;
	agent_sse_event event;
	agent_sse *sse = agent_sse_new(4);
	assert_int_equal(agent_sse_feed(sse, AGENT_STR("data: 12345"), &used, &ready, &event, &err), AGENT_ERR);
	assert_int_equal(err.domain, AGENT_DOMAIN_LIMIT);
	assert_int_equal(agent_sse_feed(sse, AGENT_STR("\n\ndata: 1\n\n"), &used, &ready, &event, &err), AGENT_ERR);
	assert_string_equal(err.message, "an event of the stream is larger than 4 bytes");
	agent_sse_end(sse, &ready, &event);
	assert_false(ready);
	agent_sse_free(sse);
	agent_sse_free(NULL);
}

static agent_status scenario(void *state, agent_error *err)
{
	(void)state;
	static const char wanted[] = "ping|a\nb;"
		"|ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc$";
	agent_str text = AGENT_STR("event: ping\ndata: a\ndata: b\n\n"
		"data: ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc");
	agent_buf out;
	agent_buf_init(&out, 4096);
	agent_sse *sse = agent_sse_new(1000);
	agent_status status = sse != NULL ? AGENT_OK : agent_fail_memory(err);
	for (size_t i = 0; i < text.len && status == AGENT_OK; i += 7) {
		status = collect(sse, agent_str_cut(text, i, 7), &out, err);
	}
	if (status == AGENT_OK) {
		finish(sse, &out);
		status = agent_buf_check(&out, "events", err);
	}
	if (status == AGENT_OK && !agent_str_is(agent_buf_str(&out), wanted)) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "events", "%.*s", AGENT_STR_ARG(agent_buf_str(&out)));
	}
	agent_sse_free(sse);
	agent_buf_clear(&out);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("sse", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_end_in_lf_cr_and_crlf),
		cmocka_unit_test(a_bom_is_skipped_only_at_the_start),
		cmocka_unit_test(comments_and_unknown_fields_are_passed_over),
		cmocka_unit_test(one_space_after_the_colon_is_skipped),
		cmocka_unit_test(data_lines_are_joined),
		cmocka_unit_test(the_name_belongs_to_one_event),
		cmocka_unit_test(bytes_are_not_interpreted),
		cmocka_unit_test(the_end_of_the_body_shows_what_is_pending),
		cmocka_unit_test(an_event_has_a_ceiling),
		cmocka_unit_test(a_failure_stays),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

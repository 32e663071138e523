/* SPDX-License-Identifier: MIT
 * text/: words, sentences whatever the chunk borders, the token estimate.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/text/words.h"
#include "tests/support/torture.h"

/* '|' stands for the end of a sentence. */
static const char *const sentences[] = {
	"",
	"One.",
	"One. |Two.",
	"One! |Two? |Three… |Four",
	"One... |Two... and on. |Three?! |Four",
	"We use e.g. this, i.e. that. |Next",
	"See No. 5 for it. |Next",
	"The answer is no. |Next",
	"It costs 3.50 now. |Next",
	"Go to shop.example or https://shop.example/a.b?c=d. |Next",
	"Dr. Smith and Mrs. Jones vs. Mr. X met. |Next",
	"In the U.S. Postal Service it is. |Next",
	"J. R. Smith wrote it. |Next",
	"You and I. |We",
	"At 5 p.m. we close. |Next",
	"We close at 5 p.m. |Orders follow",
	"He said \"Stop.\" |Then he left.",
	"He said “Stop.” |Then (yes.) |And",
	"Really?\" he asked. |Next",
	"**Note.** |Next _one._ |Two",
	"On Nov. 24 we ship. |Next",
	"In Nov. |We ship",
	"Am 24. November kommt es. |Dann",
	"It takes 24. |Nothing more",
	"Bring items:\n|- one\n|- two\n|- three\n\n|Then go.",
	"Steps:\n|1. Open it. |Now.\n|2. Close it.\n|3) Done",
	"1. Open it. |Now",
	"a) Open it\n|b) Close it",
	"# Title\n|Text goes\nover lines. |Next",
	"| a | b |\n|| c | d |\n",
	"A line\nwraps. |Next",
	"A paragraph\n\n|Another\n \n|Third",
	"- item that\n  wraps on\n|- item",
	"\n\nOne.\n\n|Two",
	"   One. |Two",
	"你好。|再见！|真的？|好",
	"他说「你好。」|好",
	"3．50 here. |Next",
	"See 3.\n|- x",
	"He is here.Next",
	"Great! |🎉 We ship",
	"It ends. |(See below.) |Next",
	"ends.  \n |Next",
	"This vs. that. |And approx. 5 of them. |Yes",
	"Yes.[1] No",
	"What is 5 vs. 6? |That",
	"Version v. 2 of Fig. 3. |Next",
	"He asked: why? |Because",
	"Wait . . . |What",
	"ok",
	"नमस्ते। |फिर",
	"At No.\n5 it is. |Next",
	"Costs are as follows:\n\n|1. Five.\n|2. Six.",
	"Ext. 12, tel. 555. |Next",
	"> quoted. |Text\n|> more",
	"Is it Plan B. then? |Yes",
	"Delivery: 3. |5 days.",
};

static size_t marks(const char *marked, char *plain, size_t *ends, size_t *count)
{
	size_t len = 0;
	*count = 0;
	for (const char *p = marked; *p != '\0'; p++) {
		bool row = p[0] == '|' && (p == marked || p[-1] == '|' || (p[1] != '\0' && strchr("\n ", p[1]) != NULL &&
			strchr("| a", marked[0]) != NULL && marked[0] == '|'));
		if (*p == '|' && !row) {
			ends[(*count)++] = len;
		} else {
			plain[len++] = *p;
		}
	}
	plain[len] = '\0';
	return len;
}

static void sentences_end_where_they_should(void **state)
{
	(void)state;
	int wrong = 0;
	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
		char plain[400];
		size_t ends[40];
		size_t count;
		size_t len = marks(sentences[i], plain, ends, &count);
		agent_str text = { plain, len };
		ends[count++] = len;
		size_t at = 0;
		for (size_t k = 0; k < count && at < len; k++) {
			size_t end = at + agent_sentence_end(agent_str_from(text, at), true);
			if (end != ends[k]) {
				print_message("# %s: got %zu \"%.*s\", expected %zu\n", sentences[i], end, (int)(end - at), plain + at, ends[k]);
				wrong++;
				break;
			}
			at = end;
		}
	}
	assert_int_equal(wrong, 0);
}

/* The first answer for any prefix is the answer for the whole. */
static void stable(agent_str text)
{
	size_t whole = agent_sentence_end(text, true);
	size_t open = agent_sentence_end(text, false);
	assert_true(open == 0 || open == whole);
	size_t first = 0;
	for (size_t len = 0; len <= text.len; len++) {
		/* A copy of its own, so that reading past the prefix is caught. */
		agent_buf copy;
		agent_buf_init(&copy, 100000);
		agent_buf_add(&copy, agent_str_cut(text, 0, len));
		size_t end = agent_sentence_end(agent_buf_str(&copy), false);
		agent_buf_clear(&copy);
		if (first == 0) {
			first = end;
		}
		if (end != first || (end != 0 && end != whole)) {
			fail_msg("prefix %zu of \"%.*s\": %zu, first %zu, whole %zu", len, AGENT_STR_ARG(text), end, first, whole);
		}
	}
	assert_int_equal(first, open);
}

static void sentences_do_not_depend_on_chunks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
		char plain[400];
		size_t ends[40];
		size_t count;
		agent_str text = { plain, marks(sentences[i], plain, ends, &count) };
		for (size_t at = 0; at < text.len;) {
			stable(agent_str_from(text, at));
			at += agent_sentence_end(agent_str_from(text, at), true);
		}
	}
}

static void any_text_is_cut_the_same_way(void **state)
{
	(void)state;
	static const char *const parts[] = {
		"a", "B", ".", ". ", "! ", "\n", "\n\n", " ", "1", "12. ", "- ", "Dr", "Nov", "e.g", "\"", ")", "。", "…", "é", "\xe2\x80\x8b",
		"\xff", "\xe2\x82", "No", "*", "# ", "|", "November ", "🎉",
	};
	uint32_t seed = 99;
	for (int round = 0; round < 600; round++) {
		agent_buf text;
		agent_buf_init(&text, 4000);
		int pieces = round % 40 == 0 ? 700 : 24;
		for (int i = 0; i < pieces; i++) {
			seed = seed * 1664525u + 1013904223u;
			size_t pick = (seed >> 16) % (sizeof parts / sizeof *parts);
			agent_buf_add(&text, agent_str_cstr(pieces > 24 && pick >= 2 && pick <= 6 ? "x" : parts[pick]));
		}
		stable(agent_buf_str(&text));
		agent_buf_clear(&text);
	}
}

static void long_runs_are_cut(void **state)
{
	(void)state;
	agent_buf text;
	agent_buf_init(&text, 10000);
	for (int i = 0; i < 300; i++) {
		agent_buf_add_lit(&text, "word and ");
	}
	assert_int_equal(agent_sentence_end(agent_buf_str(&text), false), 999);
	stable(agent_buf_str(&text));
	agent_buf_reset(&text);
	for (int i = 0; i < 600; i++) {
		agent_buf_add_lit(&text, "é");
	}
	agent_buf_add_lit(&text, "x");
	assert_int_equal(agent_sentence_end(agent_buf_str(&text), false), 1000);
	text.ptr[0] = 'x'; /* shifts the characters' borders */
	text.ptr[1] = 'x';
	agent_str shifted = agent_str_of(text.ptr + 1, text.len - 1);
	assert_int_equal(agent_sentence_end(shifted, false), 999);
	stable(shifted);
	agent_buf_reset(&text);
	agent_buf_add_lit(&text, "One.");
	for (int i = 0; i < 1200; i++) {
		agent_buf_add_char(&text, ' ');
	}
	agent_buf_add_lit(&text, "Two.");
	assert_int_equal(agent_sentence_end(agent_buf_str(&text), false), 1000);
	stable(agent_buf_str(&text));
	agent_buf_clear(&text);
}

static void words_are_found_and_folded(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{ "Where's my order?", "where's my order" },
		{ "Where’s my e-mail", "where's my e-mail" },
		{ "Größe ÉTÉ Łódź œuvre", "grosse ete lodz oeuvre" },
		{ "ΆΛΦΑ άλφας", "αλφα αλφασ" },
		{ "Ёлка ЙОД", "елка иод" },
		{ "cafe\xcc\x81 x", "cafe x" },
		{ "ＡＢＣ １２", "abc 12" },
		{ "-- a - b 'c' ", "a b c" },
		{ "№5, $12.50!", "5 12 50" },
		{ "退货 政策。", "退货 政策" },
		{ "zero\xe2\x80\x8bwidth", "zerowidth" },
		{ "İstanbul", "istanbul" },
		{ "", "" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_buf out;
		agent_buf_init(&out, 1000);
		agent_str word;
		for (size_t pos = 0; agent_word_next(agent_str_cstr(cases[i][0]), &pos, &word);) {
			if (out.len > 0) {
				agent_buf_add_char(&out, ' ');
			}
			agent_word_fold(word, &out);
		}
		agent_buf_add_char(&out, '\0');
		assert_string_equal(out.ptr, cases[i][1]);
		agent_buf_clear(&out);
	}
}

static void stems_meet(void **state)
{
	(void)state;
	static const char *const same[][5] = {
		{ "return", "returned", "returns", "returning", "return's" },
		{ "policy", "policies" }, { "delivery", "deliveries", "delivered", "deliver" },
		{ "ship", "shipping", "shipped", "ships", "shipment" }, { "exchange", "exchanges", "exchanged", "exchanging" },
		{ "cancel", "cancelled", "canceled", "cancels", "cancellation" }, { "pay", "payment", "payments", "pays", "paying" },
		{ "use", "used", "uses", "using" }, { "box", "boxes" }, { "pass", "passes", "passed" }, { "reply", "replies" },
		{ "refund", "refunds", "refunded" }, { "track", "tracking", "tracked" }, { "address", "addresses" },
	};
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		agent_str first = agent_word_stem(agent_str_cstr(same[i][0]));
		for (size_t k = 1; k < 5 && same[i][k] != NULL; k++) {
			agent_str other = agent_word_stem(agent_str_cstr(same[i][k]));
			if (!agent_str_eq(first, other)) {
				fail_msg("%s %.*s, %s %.*s", same[i][0], AGENT_STR_ARG(first), same[i][k], AGENT_STR_ARG(other));
			}
		}
	}
	static const char *const kept[] = { "bus", "this", "need", "thing", "größe", "abc-1", "s", "" };
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		assert_int_equal(agent_word_stem(agent_str_cstr(kept[i])).len, strlen(kept[i]));
	}
}

static void stop_words_are_known(void **state)
{
	(void)state;
	static const char *const yes[] = { "a", "the", "where", "is", "my", "yourself", "don't", "your" };
	static const char *const no[] = { "order", "return", "", "th", "thee", "refund", "zebra", "'" };
	for (size_t i = 0; i < 8; i++) {
		assert_true(agent_word_is_stop(agent_str_cstr(yes[i])));
		assert_false(agent_word_is_stop(agent_str_cstr(no[i])));
	}
}

static void tokens_are_estimated_upwards(void **state)
{
	(void)state;
	/* Right-hand figures: counts of a common encoding (cl100k), rounded. */
	static const struct {
		const char *text;
		int64_t least, most;
	} cases[] = {
		{ "", 0, 0 },
		{ "Where is my order?", 5, 8 },
		{ "Returns are accepted within 30 days of delivery, provided that the item is unused.", 16, 26 },
		{ "{\"order_id\":10023,\"total\":\"49.90\"}", 14, 22 },
		{ "你好世界", 4, 8 },
		{ "Где мой заказ?", 6, 12 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t tokens = agent_token_estimate(agent_str_cstr(cases[i].text));
		assert_in_range(tokens, cases[i].least, cases[i].most);
	}
}

static agent_status fold_all(void *state, agent_error *err)
{
	(void)state;
	agent_buf out;
	agent_buf_init(&out, 10000);
	agent_str text = AGENT_STR("Größe ÉTÉ order number returned");
	agent_str word;
	for (int i = 0; i < 50; i++) {
		for (size_t pos = 0; agent_word_next(text, &pos, &word);) {
			agent_word_fold(word, &out);
		}
	}
	agent_status status = agent_buf_check(&out, "words", err);
	if (status == AGENT_OK && out.len != 50 * 28) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "fold", "%zu bytes", out.len);
	}
	agent_buf_clear(&out);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("words", fold_all, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences_end_where_they_should),
		cmocka_unit_test(sentences_do_not_depend_on_chunks),
		cmocka_unit_test(any_text_is_cut_the_same_way),
		cmocka_unit_test(long_runs_are_cut),
		cmocka_unit_test(words_are_found_and_folded),
		cmocka_unit_test(stems_meet),
		cmocka_unit_test(stop_words_are_known),
		cmocka_unit_test(tokens_are_estimated_upwards),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

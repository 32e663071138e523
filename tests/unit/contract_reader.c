/* SPDX-License-Identifier: MIT
 * contract/reader: what is JSON and what is not, at every cut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/base/alloc.h"
#include "ext/contract/reader.h"

typedef struct sample {
	agent_str text;
	const char *code;            /* NULL: accepted */
} sample;

#define YES(text) { AGENT_STR_INIT(text), NULL }
#define NO(text, code) { AGENT_STR_INIT(text), code }

static const sample samples[] = {
	/* structure */
	YES("{}"), YES("[]"), YES(" [ ] "), YES("\t{\r\n} "), YES("[[]]"), YES("[[],[]]"), YES("{\"\":{}}"), YES("{\"a\":[{}]}"), YES("[1,2]"),
	YES("[ 1 , 2 ]"), YES("{ \"a\" : 1 , \"b\" : 2 }"), YES("{\"a\":1,\"a\":2}"), YES("[null,true,false]"), YES("[[[[[[[[]]]]]]]]"),
	YES("\"top\""), YES("1"), YES("null"), YES("true"), YES("false"), YES("{\"a\":{\"b\":{\"c\":null}}}"), YES("[\"\",\"\"]"),
	NO("", "end"), NO(" ", "end"), NO("[", "end"), NO("{", "end"), NO("]", "syntax"), NO("}", "syntax"), NO("[}", "syntax"), NO("{]", "syntax"),
	NO("[1,]", "syntax"), NO("[,1]", "syntax"), NO("[1 2]", "syntax"), NO("[1", "end"), NO("[1,", "end"), NO("[1}", "syntax"), NO("[,]", "syntax"),
	NO("[1,,2]", "syntax"), NO("{,}", "syntax"), NO("{\"a\"}", "syntax"), NO("{\"a\":}", "syntax"), NO("{\"a\":1,}", "syntax"), NO("{\"a\":1", "end"),
	NO("{\"a\":1]", "syntax"), NO("{\"a\" 1}", "syntax"), NO("{\"a\"::1}", "syntax"), NO("{a:1}", "syntax"), NO("{'a':1}", "syntax"),
	NO("{1:1}", "syntax"), NO("{null:1}", "syntax"), NO("{\"a\":1 \"b\":2}", "syntax"), NO("{\"a\"", "end"), NO("{\"a\":", "end"), NO("{\"a", "end"),
	NO("[]]", "syntax"), NO("{}}", "syntax"), NO("[] []", "syntax"), NO("1 2", "syntax"), NO("{}x", "syntax"), NO("null,", "syntax"),
	NO("[]\0", "syntax"), NO("\0", "syntax"), NO("[1]\v", "syntax"), NO("\f[]", "syntax"), NO("\xC2\xA0[]", "syntax"), NO("\xEF\xBB\xBF[]", "syntax"),
	NO("/* */[]", "syntax"), NO("[1] // x", "syntax"), NO("[(1)]", "syntax"), NO("<a>", "syntax"), NO("[:]", "syntax"), NO("[\"a\":1]", "syntax"),
	NO("{\"a\",1}", "syntax"), NO("{[]:1}", "syntax"), NO("{\"a\":\"b\" c}", "syntax"), NO("[1;2]", "syntax"),
	/* literals */
	NO("nul", "end"), NO("n", "end"), NO("tru", "end"), NO("fals", "end"), NO("True", "syntax"), NO("NULL", "syntax"), NO("nulL", "syntax"), NO("truee", "syntax"),
	NO("undefined", "syntax"), NO("NaN", "syntax"), NO("Infinity", "syntax"), NO("-Infinity", "number"), NO("nan", "syntax"), NO("[nulx]", "syntax"),
	NO("[tru]", "syntax"), NO("None", "syntax"), NO("*", "syntax"), NO("[a]", "syntax"),
	/* numbers */
	YES("0"), YES("-0"), YES("-1"), YES("10"), YES("123456789"), YES("0.0"), YES("-0.5"), YES("1.25"), YES("1e5"), YES("1E5"), YES("1e+5"), YES("1e-5"), YES("0e0"),
	YES("0.1e10"), YES("1.5E-10"), YES("[-0]"), YES("123456789012345678901234567890"), YES("1e400"), YES("1e00005"), YES("-1.0e+0"), YES("[0,0.0,0e1]"),
	NO("-", "end"), NO("+1", "syntax"), NO(".5", "syntax"), NO("01", "number"), NO("-01", "number"), NO("00", "number"), NO("1.", "end"), NO("[1.]", "number"),
	NO("[1.e5]", "number"), NO("1e", "end"), NO("[1e]", "number"), NO("[1e+]", "number"), NO("1e+", "end"), NO("[-]", "number"), NO("--1", "number"),
	NO("0x1F", "syntax"), NO("1_000", "syntax"), NO("1,000", "syntax"), NO("1.2.3", "syntax"), NO("1e5.5", "syntax"), NO("[-a]", "number"), NO("1a", "syntax"),
	NO("[1e5e5]", "syntax"), NO("[- 1]", "number"), NO("\xEF\xBC\x91", "syntax"), NO("[0 1]", "syntax"), NO("0b1", "syntax"), NO("1.e1", "number"),
	/* strings */
	YES("\"\""), YES("\"a\""), YES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), YES("\"\\u0041\""), YES("\"\\u00e9\""), YES("\"\\uD83D\\uDE00\""), YES("\"\\ud83d\\ude00\""),
	YES("\"\\u0001\""), YES("\"\\u001f\""), YES("\"\x7f\""), YES("\"/\""), YES("\"\xC3\xA9\""), YES("\"\xE2\x82\xAC\""), YES("\"\xF0\x9F\x98\x80\""),
	YES("\"\xEF\xBF\xBD\""), YES("\"\xEF\xBF\xBF\""), YES("\"\xF4\x8F\xBF\xBF\""), YES("\"\xE2\x80\xA8\""), YES("\"\\uFFFF\""), YES("\"\\u2028\""),
	YES("\"0123456789abcdefghijklmnopqrstuvwxyz\""), YES("\"1234567\\n1234567\\n\""), YES("{\"\\u0061\":1}"), YES("\"\\\\u0000\""), YES("\"\\\\\""),
	YES("\"\xED\x9F\xBF\xEE\x80\x80\""),
	NO("\"", "end"), NO("\"a", "end"), NO("\"\\", "end"), NO("\"\\\"", "end"), NO("'a'", "syntax"), NO("\"\\a\"", "syntax"), NO("\"\\v\"", "syntax"),
	NO("\"\\x41\"", "syntax"), NO("\"\\'\"", "syntax"), NO("\"\\0\"", "syntax"), NO("\"\\u\"", "syntax"), NO("\"\\u00\"", "syntax"), NO("\"\\u00G0\"", "syntax"),
	NO("\"\\U0041\"", "syntax"), NO("\"\\u 041\"", "syntax"), NO("\"\\u-041\"", "syntax"), NO("\"\\u{41}\"", "syntax"), NO("\"\n\"", "syntax"), NO("\"\t\"", "syntax"),
	NO("\"\x01\"", "syntax"), NO("\"\x1f\"", "syntax"), NO("\"a\0b\"", "nul"), NO("\"\\u0000\"", "nul"), NO("{\"ro\\u0000le\":1}", "nul"),
	NO("{\"a\0\":1}", "nul"), NO("\"\\uD800\"", "utf8"), NO("\"\\uDC00\"", "utf8"), NO("\"\\uD800\\u0041\"", "utf8"), NO("\"\\uD800\\uD800\"", "utf8"),
	NO("\"\\uDE00\\uD83D\"", "utf8"), NO("\"\\uD83Dx\"", "utf8"), NO("\"\\uD83D\\n\"", "utf8"), NO("{\"\\uDFFF\":1}", "utf8"), NO("\"\\uD800\\\"", "utf8"),
	NO("\"\xFF\"", "utf8"), NO("\"\x80\"", "utf8"), NO("\"\xC0\x80\"", "utf8"), NO("\"\xC1\xBF\"", "utf8"), NO("\"\xE0\x80\x80\"", "utf8"),
	NO("\"\xED\xA0\x80\"", "utf8"), NO("\"\xED\xBF\xBF\"", "utf8"), NO("\"\xF0\x80\x80\x80\"", "utf8"), NO("\"\xF4\x90\x80\x80\"", "utf8"),
	NO("\"\xF5\x80\x80\x80\"", "utf8"), NO("\"\xC3\"", "utf8"), NO("\"\xE2\x82\"", "utf8"), NO("\"\xF0\x9F\x98\"", "utf8"), NO("\"\xC3(\"", "utf8"),
	NO("\"\xC3\xA9\xA9\"", "utf8"), NO("{\"\xFF\":1}", "utf8"), NO("[\"\xE9\"]", "utf8"), NO("\"\xFE\xFF\"", "utf8"), NO("\"1234567\x80\"", "utf8"), NO("\xFF\xFE[\0]\0", "syntax"),
	NO("\"abcdefgh\x01\"", "syntax"), NO("\"abcdefghabcdefg\nx\"", "syntax"), NO("[\"a", "end"), NO("[\"a\"", "end"), NO("\"\\uD83D\\uDE0\"", "utf8"),
	/* depth: the table is read with 8 */
	NO("[[[[[[[[[]]]]]]]]]", "depth"), NO("[[[[[[[[{\"a\":1}]]]]]]]]", "depth"), NO("[[[[[[[[[[[[[[[[[[[[", "depth"), NO("[[[[[[[[{", "depth"), YES("[[[[[[[{}]]]]]]]"),
};

/* Reads from a block of exactly this size, so that ASan sees a read behind it. */
static const char *verdict(agent_str text, bool skip, size_t *tokens)
{
	char *block = agent_malloc(text.len);
	assert_non_null(block);
	memcpy(block, text.ptr, text.len);
	agent_json_reader reader;
	agent_json_reader_init(&reader, (agent_str){ block, text.len }, 8);
	agent_json_token token = AGENT_JSON_NULL;
	*tokens = 0;
	if (skip && !agent_json_skip(&reader)) {
		token = AGENT_JSON_ERROR;
	}
	while (token > AGENT_JSON_END) {
		token = agent_json_next(&reader);
		++*tokens;
		assert_true(reader.pos <= text.len && reader.start <= text.len && reader.depth >= 0 && reader.depth <= 8);
		assert_true(*tokens <= text.len + 1);
	}
	assert_int_equal(agent_json_next(&reader), token);
	const char *code = token == AGENT_JSON_ERROR ? reader.code : NULL;
	assert_true((token == AGENT_JSON_ERROR) == (reader.error != NULL));
	agent_free(block);
	return code;
}

static void reader_keeps_to_the_grammar(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		for (int skip = 0; skip < 2; skip++) {
			size_t tokens;
			const char *code = verdict(samples[i].text, skip != 0, &tokens);
			if ((code == NULL) != (samples[i].code == NULL) || (code != NULL && strcmp(code, samples[i].code) != 0)) {
				fail_msg("%.*s: %s, expected %s", AGENT_STR_ARG(samples[i].text), code ? code : "accepted",
					samples[i].code ? samples[i].code : "accepted");
			}
		}
	}
}

static void reader_survives_every_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		agent_str text = samples[i].text;
		for (size_t len = 0; len < text.len; len++) {
			size_t tokens;
			(void)verdict(agent_str_cut(text, 0, len), false, &tokens);
			(void)verdict(agent_str_cut(text, 0, len), true, &tokens);
			(void)verdict(agent_str_from(text, len), false, &tokens);
		}
	}
}

static void special_bytes_are_found_at_every_place(void **state)
{
	(void)state;
	char text[40];
	for (size_t len = 0; len < 30; len++) {
		for (size_t at = 0; at < len; at++) {
			for (int c = 0; c < 256; c++) {
				memset(text, 'x', sizeof text);
				text[0] = text[len + 1] = '"';
				text[at + 1] = (char)c;
				size_t tokens;
				bool plain = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
				assert_int_equal(verdict((agent_str){ text, len + 2 }, false, &tokens) == NULL, plain);
			}
		}
	}
}

static void tokens_come_in_order(void **state)
{
	(void)state;
	static const agent_json_token expected[] = {
		AGENT_JSON_OBJECT, AGENT_JSON_KEY, AGENT_JSON_ARRAY, AGENT_JSON_NUMBER, AGENT_JSON_STRING, AGENT_JSON_OBJECT, AGENT_JSON_OBJECT_END,
		AGENT_JSON_TRUE, AGENT_JSON_ARRAY_END, AGENT_JSON_KEY, AGENT_JSON_NULL, AGENT_JSON_KEY, AGENT_JSON_FALSE, AGENT_JSON_OBJECT_END, AGENT_JSON_END,
	};
	agent_json_reader r;
	agent_json_reader_init(&r, AGENT_STR("{\"a\" : [ 1.50, \"b\\n\" , {}, true], \"c\\u0064\":null,\"e\":false}"), 64);
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		assert_int_equal(agent_json_next(&r), expected[i]);
		if (i == 1) {
			assert_true(agent_json_key_is(&r, "a") && !agent_json_key_is(&r, "") && !agent_json_key_is(&r, "ab"));
			assert_int_equal(r.start, 1);
		} else if (i == 3) {
			assert_true(agent_str_is(r.raw, "1.50"));
		} else if (i == 4) {
			assert_true(r.escaped && agent_str_is(r.raw, "b\\n"));
		} else if (i == 9) {
			assert_true(r.escaped && agent_json_key_is(&r, "cd"));
			assert_false(agent_json_key_is(&r, "c") || agent_json_key_is(&r, "cde") || agent_json_key_is(&r, "c\\u0064"));
		}
	}
}

static void skip_passes_over_one_value(void **state)
{
	(void)state;
	agent_json_reader r;
	agent_json_reader_init(&r, AGENT_STR("{\"a\":{\"x\":[1,{\"y\":\"]}\"}]},\"b\":7,\"c\":[]}"), 64);
	assert_int_equal(agent_json_next(&r), AGENT_JSON_OBJECT);
	assert_int_equal(agent_json_next(&r), AGENT_JSON_KEY);
	assert_true(agent_json_skip(&r));
	assert_int_equal(agent_json_next(&r), AGENT_JSON_KEY);
	assert_true(agent_json_key_is(&r, "b"));
	assert_true(agent_json_skip(&r));
	assert_int_equal(agent_json_next(&r), AGENT_JSON_KEY);
	assert_true(agent_json_key_is(&r, "c"));
	assert_true(agent_json_skip(&r));
	assert_int_equal(agent_json_next(&r), AGENT_JSON_OBJECT_END);
	assert_int_equal(agent_json_next(&r), AGENT_JSON_END);
	assert_false(agent_json_skip(&r));
	agent_json_reader_init(&r, AGENT_STR("[]"), 64);
	assert_int_equal(agent_json_next(&r), AGENT_JSON_ARRAY);
	assert_false(agent_json_skip(&r));
	agent_json_reader_init(&r, AGENT_STR("[[1]"), 64);
	assert_false(agent_json_skip(&r));
	assert_string_equal(r.code, "end");
}

static void escapes_are_decoded(void **state)
{
	(void)state;
	static const struct { const char *raw, *text; } cases[] = {
		{ "", "" }, { "plain", "plain" }, { "\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t" }, { "a\\u00e9b", "a\xC3\xA9" "b" },
		{ "\\u20AC", "\xE2\x82\xAC" }, { "\\uD83D\\uDE00!", "\xF0\x9F\x98\x80!" }, { "\\u007f\\u0080\\u07ff\\u0800\\uffff", "\x7f\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF" },
		{ "\\uDBFF\\uDFFF", "\xF4\x8F\xBF\xBF" }, { "\\\\u0041", "\\u0041" },
	};
	agent_buf out;
	agent_buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_buf_reset(&out);
		agent_json_unescape(agent_str_cstr(cases[i].raw), &out);
		assert_true(agent_str_is(agent_buf_str(&out), cases[i].text));
	}
	agent_buf_clear(&out);
}

static void unchecked_escapes_are_not_read_past_their_end(void **state)
{
	(void)state;
	agent_str raw = AGENT_STR("\\u12\\uD83D\\uDE0\\");
	agent_buf out;
	agent_buf_init(&out, 1000);
	for (size_t len = 0; len <= raw.len; len++) {
		char *block = agent_malloc(len);
		memcpy(block, raw.ptr, len);
		agent_json_unescape((agent_str){ block, len }, &out);
		agent_free(block);
	}
	agent_buf_clear(&out);
}

static void errors_name_the_byte(void **state)
{
	(void)state;
	agent_error err;
	agent_json_reader r;
	agent_json_reader_init(&r, AGENT_STR("{\"a\": tru}"), 64);
	assert_false(agent_json_skip(&r));
	assert_int_equal(agent_json_reader_fail(&r, "the answer", &err), AGENT_ERR);
	assert_int_equal(err.domain, AGENT_DOMAIN_SCHEMA);
	assert_string_equal(err.message, "the answer: no value begins like this, at byte 6");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reader_keeps_to_the_grammar),
		cmocka_unit_test(reader_survives_every_cut),
		cmocka_unit_test(special_bytes_are_found_at_every_place),
		cmocka_unit_test(tokens_come_in_order),
		cmocka_unit_test(skip_passes_over_one_value),
		cmocka_unit_test(escapes_are_decoded),
		cmocka_unit_test(unchecked_escapes_are_not_read_past_their_end),
		cmocka_unit_test(errors_name_the_byte),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 * contract/json: every text that two parsers could read in two ways is refused, each with its code; numbers keep their text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/contract/json.h"

#define REFUSED(code, text) { { text, sizeof(text) - 1 }, code }

static void what_could_be_read_in_two_ways_is_refused(void **state)
{
	(void)state;
	static const struct { agent_str text; const char *code; } rows[] = {
		/* names that are one, however they are written */
		REFUSED("duplicate_key", "{\"a\":1,\"a\":1}"), REFUSED("duplicate_key", "{\"a\":1,\"\\u0061\":2}"), REFUSED("duplicate_key", "{\"\\u0061\":1,\"a\":2}"),
		REFUSED("duplicate_key", "{\"\\u00e9\":1,\"\xC3\xA9\":2}"), REFUSED("duplicate_key", "{\"\\uD83D\\uDE00\":1,\"\xF0\x9F\x98\x80\":2}"),
		REFUSED("duplicate_key", "{\"\\/\":1,\"/\":2}"), REFUSED("duplicate_key", "{\"\\n\":1,\"\\u000a\":2}"), REFUSED("duplicate_key", "{\"\\u000A\":1,\"\\u000a\":2}"),
		REFUSED("duplicate_key", "[{\"x\":{\"a\":[],\"b\":1,\"a\":{}}}]"), REFUSED("duplicate_key", "{\"\":0,\"\":0}"), REFUSED("duplicate_key", "{\"a\":{\"a\":1},\"a\":null}"),
		/* the end of a C string */
		REFUSED("nul", "{\"a\\u0000b\":1}"), REFUSED("nul", "{\"\\u0000\":1}"), REFUSED("nul", "\"\\u0000\""), REFUSED("nul", "\"a\0b\""), REFUSED("nul", "{\"a\0\":1}"),
		/* numbers */
		REFUSED("number", "18446744073709551616"), REFUSED("number", "-9223372036854775809"), REFUSED("number", "1e309"), REFUSED("number", "-1e309"), REFUSED("number", "01"),
		REFUSED("number", "-01"), REFUSED("number", "00"), REFUSED("number", "1.x"), REFUSED("end", "1."), REFUSED("end", "1e"), REFUSED("end", "-"), REFUSED("number", "-x"),
		REFUSED("number", "[1.]"), REFUSED("number", "[1e+]"), REFUSED("syntax", "+1"), REFUSED("syntax", ".5"), REFUSED("syntax", "0x10"), REFUSED("syntax", "1_000"),
		REFUSED("syntax", "NaN"), REFUSED("syntax", "Infinity"), REFUSED("number", "-Infinity"), REFUSED("number", "[-NaN]"), REFUSED("syntax", "1f"), REFUSED("syntax", "\xD9\xA1"),
		/* bytes: lone continuation, overlong, surrogates, beyond U+10FFFF, cut */
		REFUSED("utf8", "\"\x80\""), REFUSED("utf8", "\"\xC0\x80\""), REFUSED("utf8", "\"\xC1\xBF\""), REFUSED("utf8", "\"\xE0\x80\xAF\""), REFUSED("utf8", "\"\xF0\x80\x80\x80\""),
		REFUSED("utf8", "\"\xED\xA0\x80\""), REFUSED("utf8", "\"\xED\xBF\xBF\""), REFUSED("utf8", "\"\xF4\x90\x80\x80\""), REFUSED("utf8", "\"\xF8\x88\x80\x80\x80\""),
		REFUSED("utf8", "\"\xE2\x82\""), REFUSED("utf8", "\"\xFF\""), REFUSED("utf8", "{\"\xC0\xAF\":1}"), REFUSED("utf8", "{\"a\":\"\xFE\"}"),
		/* escapes of half a character */
		REFUSED("utf8", "\"\\uD800\""), REFUSED("utf8", "\"\\uDC00\""), REFUSED("utf8", "\"\\uD800x\""), REFUSED("utf8", "\"\\uD800\\n\""), REFUSED("utf8", "\"\\uD800\\uD800\""),
		REFUSED("utf8", "\"\\uDC00\\uD800\""), REFUSED("utf8", "{\"\\udfff\":1}"), REFUSED("syntax", "\"\\u12G4\""), REFUSED("syntax", "\"\\x41\""), REFUSED("syntax", "\"\\'\""),
		REFUSED("syntax", "\"\\u+123\""), REFUSED("syntax", "\"\\U0041\""),
		/* around and between */
		REFUSED("syntax", "\xEF\xBB\xBF{}"), REFUSED("syntax", "\xFE\xFF"), REFUSED("syntax", "{} {}"), REFUSED("syntax", "{}x"), REFUSED("syntax", "1 2"), REFUSED("syntax", "null,"),
		REFUSED("syntax", "{}\0"), REFUSED("syntax", "[1,]"), REFUSED("syntax", "{\"a\":1,}"), REFUSED("syntax", "{,}"), REFUSED("syntax", "[,1]"), REFUSED("syntax", "{\"a\" 1}"),
		REFUSED("syntax", "{a:1}"), REFUSED("syntax", "{1:1}"), REFUSED("syntax", "{'a':1}"), REFUSED("syntax", "[1 2]"), REFUSED("syntax", "[1}"), REFUSED("syntax", "{\"a\":1]"),
		REFUSED("syntax", "// c\n1"), REFUSED("syntax", "/* c */ 1"), REFUSED("syntax", "# c\n1"), REFUSED("syntax", "\x0B" "1"), REFUSED("syntax", "\xC2\xA0" "1"),
		REFUSED("syntax", "\"a\nb\""), REFUSED("syntax", "\"\t\""), REFUSED("syntax", "\"\x1F\""), REFUSED("syntax", "True"), REFUSED("syntax", "undefined"), REFUSED("syntax", "nul1"),
		REFUSED("end", ""), REFUSED("end", " "), REFUSED("end", "["), REFUSED("end", "{\"a\""), REFUSED("end", "{\"a\":"), REFUSED("end", "\"a"), REFUSED("end", "\"\\"), REFUSED("end", "tru"),
		REFUSED("depth", "[[[[[[[[[1]]]]]]]]]"), REFUSED("depth", "{\"a\":[{\"a\":[{\"a\":[{\"a\":[{}]}]}]}]}"),
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		agent_error err = { 0 };
		agent_json *node = NULL;
		agent_status status = agent_json_parse(rows[i].text, (agent_json_limits){ 200, 8 }, "the text", &node, &err);
		if (status != AGENT_ERR || node != NULL || err.domain != AGENT_DOMAIN_SCHEMA || strcmp(err.code, rows[i].code) != 0) {
			fail_msg("row %zu, %.*s: %s %s", i, AGENT_STR_ARG(rows[i].text), status == AGENT_OK ? "passes" : err.code, err.message);
		}
	}
}

static void limits_are_exact(void **state)
{
	(void)state;
	agent_error err;
	agent_json *node;
	assert_int_equal(agent_json_parse(AGENT_STR("[[[1]]]"), (agent_json_limits){ 7, 3 }, "the text", &node, &err), AGENT_OK);
	agent_json_free(node);
	assert_int_equal(agent_json_parse(AGENT_STR("[[[1]]]"), (agent_json_limits){ 7, 2 }, "the text", &node, &err), AGENT_ERR);
	assert_string_equal(err.code, "depth");
	assert_int_equal(agent_json_parse(AGENT_STR("[[[1]]]"), (agent_json_limits){ 6, 3 }, "the text", &node, &err), AGENT_ERR);
	assert_string_equal(err.code, "too_large");
}

/* As written, through tree, text and canonical text: an amount of 1.10 is never 1.1 or 1.1000000000000001. */
static void numbers_keep_their_text(void **state)
{
	(void)state;
	static const char *const texts[] = { "0", "-0", "1.10", "1.1", "1.100", "0.10", "-0.00", "1e2", "1E+2", "1e-2", "100", "19.90", "9007199254740993", "18446744073709551615",
		"-9223372036854775808", "0.1000000000000000055511151231257827", "123456789012345678901234567890.12", "1e308", "5e-324", "1e-999", "2.50e0" };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		agent_error err;
		agent_json *node;
		agent_buf plain, canonical;
		agent_str text;
		agent_buf_init(&plain, 1000);
		agent_buf_init(&canonical, 1000);
		assert_int_equal(agent_json_parse(agent_str_cstr(texts[i]), AGENT_JSON_LIMITS, "the text", &node, &err), AGENT_OK);
		agent_json_write(node, &plain);
		agent_json_write_canonical(node, &canonical);
		assert_true(agent_str_is(agent_buf_str(&plain), texts[i]) && agent_str_is(agent_buf_str(&canonical), texts[i]));
		assert_true(agent_json_number(node, &text) && agent_str_is(text, texts[i]));
		agent_json_free(node);
		agent_buf_clear(&plain);
		agent_buf_clear(&canonical);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_could_be_read_in_two_ways_is_refused),
		cmocka_unit_test(limits_are_exact),
		cmocka_unit_test(numbers_keep_their_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

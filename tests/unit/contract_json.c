/* SPDX-License-Identifier: MIT
 * contract/json: text to tree and back, what is refused, building.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/base/alloc.h"
#include "ext/contract/decimal.h"
#include "ext/contract/json.h"
#include "tests/support/torture.h"

static agent_json *parse(const char *text)
{
	agent_error err;
	agent_json *node;
	if (agent_json_parse(agent_str_cstr(text), AGENT_JSON_LIMITS, "the text", &node, &err) != AGENT_OK) {
		fail_msg("%s: %s", text, err.message);
	}
	return node;
}

static void check_text(agent_json *node, bool canonical, const char *expected)
{
	agent_buf out;
	agent_buf_init(&out, 100000);
	if (canonical) {
		agent_json_write_canonical(node, &out);
	} else {
		agent_json_write(node, &out);
	}
	agent_buf_add_char(&out, '\0');
	assert_int_equal(out.fault, AGENT_BUF_FINE);
	assert_string_equal(out.ptr, expected);
	agent_buf_clear(&out);
}

static void text_comes_back_in_its_shortest_form(void **state)
{
	(void)state;
	static const struct { const char *in, *out; } cases[] = {
		{ "null", "null" }, { " true ", "true" }, { "{ }", "{}" }, { "[ ]", "[]" }, { "\"\\u0041\\/\\u00e9\"", "\"A/\xC3\xA9\"" },
		{ "1.10", "1.10" }, { "-0", "-0" }, { "1E+05", "1E+05" }, { "18446744073709551615", "18446744073709551615" },
		{ "-9223372036854775808", "-9223372036854775808" }, { "0.1e-400", "0.1e-400" }, { "0e999999999999999999999", "0e999999999999999999999" },
		{ "1.7976931348623157e308", "1.7976931348623157e308" }, { "12345678901234567890.5", "12345678901234567890.5" },
		{ "{ \"b\" : [ 1 , { \"x\" : null } ] , \"a\" : \"\\n\\u0001\\u007f\\\"\\\\\" }", "{\"b\":[1,{\"x\":null}],\"a\":\"\\n\\u0001\x7f\\\"\\\\\"}" },
		{ "\"\\uD83D\\uDE00 <&> \\u2028\"", "\"\xF0\x9F\x98\x80 <&> \xE2\x80\xA8\"" }, { "{\"\":{\"\":0}}", "{\"\":{\"\":0}}" },
		{ "{\"k\\u0065y\":1}", "{\"key\":1}" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_json *node = parse(cases[i].in);
		check_text(node, false, cases[i].out);
		agent_json *again = parse(cases[i].out);
		check_text(again, false, cases[i].out);
		agent_json_free(again);
		agent_json_free(node);
	}
}

static void canonical_text_sorts_keys(void **state)
{
	(void)state;
	agent_json *node = parse("{\"b\":{\"z\":1,\"\":2,\"\xC3\xA9\":3},\"a\":[{\"y\":1,\"x\":2}],\"B\":0,\"aa\":1}");
	check_text(node, true, "{\"B\":0,\"a\":[{\"x\":2,\"y\":1}],\"aa\":1,\"b\":{\"\":2,\"z\":1,\"\xC3\xA9\":3}}");
	agent_json_free(node);
}

static void what_is_unsafe_is_refused(void **state)
{
	(void)state;
	static const struct { const char *text, *code, *message; } cases[] = {
		{ "{\"a\":1,\"a\":2}", "duplicate_key", "the text: the member \"a\" stands there twice, at byte 7" },
		{ "{\"a\":1,\"\\u0061\":2}", "duplicate_key", NULL }, { "{\"x\":{\"a\":null,\"b\":1,\"a\":null}}", "duplicate_key", NULL },
		{ "{\"\":1,\"\":2}", "duplicate_key", NULL }, { "{\"ro\\u0000le\":1,\"ro\":2}", "nul", NULL }, { "[\"\\u0000\"]", "nul", NULL },
		{ "18446744073709551616", "number", NULL }, { "-9223372036854775809", "number", NULL }, { "123456789012345678901234567890", "number", NULL },
		{ "1e309", "number", NULL }, { "-1e309", "number", NULL }, { "1.7976931348623159e308", "number", NULL }, { "0.1e310", "number", NULL },
		{ "1e99999999999999999999999", "number", NULL }, { "01", "number", NULL },
		{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "depth", NULL }, { "\"\xFF\"", "utf8", NULL }, { "\"\\uD800\"", "utf8", NULL },
		{ "{'a':1,}trailing", "syntax", NULL }, { "{\"a\":NaN}", "syntax", NULL }, { "[1] 2", "syntax", NULL }, { "[1", "end", NULL }, { "", "end", NULL },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_error err;
		agent_json *node = NULL;
		assert_int_equal(agent_json_parse(agent_str_cstr(cases[i].text), AGENT_JSON_LIMITS, "the text", &node, &err), AGENT_ERR);
		assert_null(node);
		assert_int_equal(err.domain, AGENT_DOMAIN_SCHEMA);
		assert_string_equal(err.code, cases[i].code);
		if (cases[i].message != NULL) {
			assert_string_equal(err.message, cases[i].message);
		}
	}
	agent_error err;
	agent_json *node;
	assert_int_equal(agent_json_parse(AGENT_STR("[1,2]"), (agent_json_limits){ 4, 32 }, "the text", &node, &err), AGENT_ERR);
	assert_string_equal(err.code, "too_large");
	assert_int_equal(agent_json_parse(AGENT_STR("[[1]]"), (agent_json_limits){ 100, 1 }, "the text", &node, &err), AGENT_ERR);
	assert_string_equal(err.code, "depth");
}

static void nul_is_let_in_only_where_asked_and_never_in_names(void **state)
{
	(void)state;
	agent_error err;
	agent_json *node;
	agent_str text;
	assert_int_equal(agent_json_parse_nul(AGENT_STR("[\"a\\u0000b\",1]"), AGENT_JSON_LIMITS, "the text", &node, &err), AGENT_OK);
	assert_true(agent_json_str(agent_json_at(node, 0), &text));
	assert_int_equal(text.len, 3);
	assert_memory_equal(text.ptr, "a\0b", 3);
	check_text(node, false, "[\"a\\u0000b\",1]");
	agent_json_free(node);
	assert_int_equal(agent_json_parse_nul(AGENT_STR("{\"a\\u0000b\":1}"), AGENT_JSON_LIMITS, "the text", &node, &err), AGENT_ERR);
	assert_string_equal(err.code, "nul");
	assert_int_equal(agent_json_parse_nul((agent_str){ "\"a\0b\"", 5 }, AGENT_JSON_LIMITS, "the text", &node, &err), AGENT_ERR);
	assert_string_equal(err.code, "nul");
}

static void nodes_are_read_by_kind(void **state)
{
	(void)state;
	agent_json *node = parse("{\"i\":7,\"u\":18446744073709551615,\"d\":7.0,\"s\":\"a\",\"b\":true,\"n\":null,\"a\":[1,2,3],\"o\":{}}");
	int64_t i = 0;
	agent_str s;
	bool b = false;
	assert_int_equal(agent_json_kind_of(node), AGENT_JSON_KIND_OBJECT);
	assert_int_equal(agent_json_count(node), 8);
	assert_true(agent_json_int(agent_json_get(node, "i"), &i) && i == 7);
	assert_false(agent_json_int(agent_json_get(node, "u"), &i) || agent_json_int(agent_json_get(node, "d"), &i) || agent_json_int(agent_json_get(node, "s"), &i));
	assert_int_equal(agent_json_kind_of(agent_json_get(node, "u")), AGENT_JSON_KIND_INT);
	assert_true(agent_json_number(agent_json_get(node, "u"), &s) && agent_str_is(s, "18446744073709551615"));
	assert_int_equal(agent_json_kind_of(agent_json_get(node, "d")), AGENT_JSON_KIND_NUMBER);
	assert_true(agent_json_number(agent_json_get(node, "d"), &s) && agent_str_is(s, "7.0"));
	assert_false(agent_json_number(agent_json_get(node, "s"), &s) || agent_json_str(agent_json_get(node, "i"), &s));
	assert_true(agent_json_str(agent_json_get(node, "s"), &s) && agent_str_is(s, "a"));
	assert_true(agent_json_bool(agent_json_get(node, "b"), &b) && b);
	assert_false(agent_json_bool(agent_json_get(node, "i"), &b) || agent_json_bool(NULL, &b));
	assert_true(agent_json_get(node, "n") == NULL && agent_json_has(node, "n") && !agent_json_has(node, "none"));
	assert_int_equal(agent_json_count(agent_json_get(node, "a")), 3);
	assert_true(agent_json_int(agent_json_at(agent_json_get(node, "a"), 2), &i) && i == 3);
	assert_null(agent_json_at(agent_json_get(node, "a"), 3));
	assert_null(agent_json_at(node, 0));
	assert_null(agent_json_get(agent_json_get(node, "a"), "x"));
	assert_int_equal(agent_json_count(NULL) + agent_json_count(agent_json_get(node, "s")), 0);
	agent_json *kept = agent_json_ref(agent_json_get(node, "s"));
	agent_json_free(node);
	assert_true(agent_json_str(kept, &s) && agent_str_is(s, "a"));
	agent_json_free(kept);
}

static void trees_are_built(void **state)
{
	(void)state;
	agent_json *node = agent_json_new_object();
	agent_json *list = agent_json_new_array();
	assert_true(agent_json_push(list, agent_json_new_int(INT64_MIN)) && agent_json_push(list, NULL) && agent_json_push(list, agent_json_new_bool(false)));
	assert_true(agent_json_add(node, AGENT_STR("list"), list));
	assert_true(agent_json_add(node, (agent_str){ "keyed", 3 }, agent_json_new_str((agent_str){ "a\0b", 3 })));
	assert_true(agent_json_add(node, AGENT_STR("n"), agent_json_new_int(1)));
	assert_true(agent_json_add(node, AGENT_STR("n"), agent_json_new_int(2)));
	assert_false(agent_json_add(node, (agent_str){ "a\0b", 3 }, agent_json_new_int(2)));
	check_text(node, false, "{\"list\":[-9223372036854775808,null,false],\"key\":\"a\\u0000b\",\"n\":2}");
	agent_json_drop(node, "key");
	agent_json_drop(node, "absent");
	agent_json_iter it = agent_json_members(node);
	agent_str key;
	agent_json *value;
	assert_true(agent_json_member(&it, &key, &value) && agent_str_is(key, "list"));
	assert_true(agent_json_member(&it, &key, &value) && agent_str_is(key, "n"));
	assert_false(agent_json_member(&it, &key, &value));
	it = agent_json_members(list);
	assert_false(agent_json_member(&it, &key, &value));
	agent_json_free(node);
}

static void a_tree_that_is_too_deep_is_not_written(void **state)
{
	(void)state;
	agent_json *node = agent_json_new_array();
	for (int i = 0; i < 1000; i++) {
		agent_json *outer = agent_json_new_array();
		assert_true(agent_json_push(outer, node));
		node = outer;
	}
	agent_buf out;
	agent_buf_init(&out, 100000);
	agent_json_write(node, &out);
	assert_int_equal(out.fault, AGENT_BUF_FULL);
	agent_buf_clear(&out);
	agent_json_free(node);
}

static void text_is_written_without_a_tree(void **state)
{
	(void)state;
	agent_buf out;
	agent_buf_init(&out, 1000);
	agent_buf_add_char(&out, '{');
	agent_json_put_member(&out, "a", AGENT_STR("x\"\x80\xC3\xA9\xED\xA0\x80\xEF\xBF\xBD\xC3"));
	agent_json_put_member_int(&out, "b", -5);
	agent_json_put_member_bool(&out, "c", true);
	agent_json_put_key(&out, "d");
	agent_buf_add_char(&out, '[');
	agent_json_put_str(&out, AGENT_STR("\x1f"));
	agent_buf_add_lit(&out, "]}");
	assert_true(agent_str_is(agent_buf_str(&out), "{\"a\":\"x\\\"\xEF\xBF\xBD\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""
		",\"b\":-5,\"c\":true,\"d\":[\"\\u001f\"]}"));
	agent_buf_reset(&out);
	agent_json_pointer_add(&out, AGENT_STR("a/b~c"));
	agent_json_pointer_add(&out, AGENT_STR(""));
	assert_true(agent_str_is(agent_buf_str(&out), "/a~1b~0c/"));
	agent_buf_clear(&out);
}

static void decimals_compare_by_value(void **state)
{
	(void)state;
	static const char *const rising[] = {
		"-1e300", "-18446744073709551615", "-100", "-99.99", "-1", "-0.5", "-1e-300", "0", "1e-400", "1e-5", "0.00011", "0.1", "0.10000000000000000001",
		"0.5", "1", "1.1", "9", "9.9", "10", "10.01", "99", "100", "9007199254740993", "9007199254740993.5", "18446744073709551615", "1e20", "1.5e300",
	};
	static const char *const same[][2] = {
		{ "1", "1.0" }, { "0", "-0.0e5" }, { "100", "1e2" }, { "100", "10.0E+1" }, { "0.001", "1e-3" }, { "12.50", "125e-1" }, { "0.0120", "1.2e-2" },
		{ "1000000000000000000000e-21", "1" }, { "00.5", "0.5" }, { "0e5", "0" },
	};
	for (size_t i = 0; i < sizeof rising / sizeof *rising; i++) {
		for (size_t k = 0; k < sizeof rising / sizeof *rising; k++) {
			agent_decimal a = agent_decimal_of(agent_str_cstr(rising[i])), b = agent_decimal_of(agent_str_cstr(rising[k]));
			int order = agent_decimal_compare(&a, &b);
			assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
		}
	}
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		agent_decimal a = agent_decimal_of(agent_str_cstr(same[i][0])), b = agent_decimal_of(agent_str_cstr(same[i][1]));
		assert_int_equal(agent_decimal_compare(&a, &b), 0);
	}
}

static void decimals_divide_exactly(void **state)
{
	(void)state;
	static const struct { const char *value, *divisor; bool whole; } cases[] = {
		{ "10", "2", true }, { "9", "2", false }, { "0", "7", true }, { "4.35", "0.01", true }, { "19.99", "0.01", true }, { "0.0075", "0.0001", true },
		{ "0.00751", "0.0001", false }, { "1.1", "0.1", true }, { "1e300", "3", false }, { "3e300", "3", true }, { "1e308", "0.123456789", false },
		{ "12391239123e-8", "1e-8", true }, { "-7.5", "2.5", true }, { "1", "1e-300", true }, { "1e-300", "1", false }, { "7", "7.0", true },
		{ "18446744073709551615", "5", true }, { "1", "0.3", false }, { "0.9", "0.3", true }, { "1e19", "576460752303423488", false }, { "1e60", "576460752303423488", true },
		{ "100", "1e2", true }, { "150", "1e2", false }, { "12.5", "0.5", true },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_decimal a = agent_decimal_of(agent_str_cstr(cases[i].value)), b = agent_decimal_of(agent_str_cstr(cases[i].divisor));
		if (agent_decimal_is_multiple(&a, &b) != cases[i].whole) {
			fail_msg("%s of %s", cases[i].value, cases[i].divisor);
		}
	}
}

static agent_status scenario(void *state, agent_error *err)
{
	(void)state;
	agent_status status = AGENT_ERR;
	agent_json *node = NULL;
	agent_buf text, out;
	agent_buf_init(&text, 100000);
	agent_buf_init(&out, 100000);
	agent_buf_add_lit(&text, "{\"list\":[");
	for (int i = 0; i < 40; i++) {
		agent_buf_addf(&text, "%s%d.5", i > 0 ? "," : "", i);
	}
	agent_buf_add_lit(&text, "]");
	for (int i = 0; i < 40; i++) {
		agent_buf_addf(&text, ",\"key%d\":{\"n\":%d,\"s\":\"a\\nb\",\"t\":true,\"z\":null}", i, i);
	}
	agent_buf_add_lit(&text, "}");
	if (agent_buf_check(&text, "text", err) != AGENT_OK
		|| agent_json_parse(agent_buf_str(&text), AGENT_JSON_LIMITS, "the text", &node, err) != AGENT_OK) {
		goto cleanup;
	}
	agent_json_write(node, &out);
	if (agent_buf_check(&out, "out", err) != AGENT_OK) {
		goto cleanup;
	}
	if (!agent_str_eq(agent_buf_str(&out), agent_buf_str(&text))) {
		agent_fail(err, AGENT_DOMAIN_INTERNAL, "differs", "the text is another: %.100s", out.ptr);
		goto cleanup;
	}
	agent_buf_reset(&out);
	agent_json_write_canonical(node, &out);
	if (!agent_json_add(node, AGENT_STR("more"), agent_json_new_int(5)) || !agent_json_has(node, "more")) {
		agent_fail_memory(err);
		goto cleanup;
	}
	status = agent_buf_check(&out, "out", err);
	if (status == AGENT_OK && out.len != text.len) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "differs", "the canonical text has another length");
	}
cleanup:
	agent_json_free(node);
	agent_buf_clear(&text);
	agent_buf_clear(&out);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("json", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_comes_back_in_its_shortest_form),
		cmocka_unit_test(canonical_text_sorts_keys),
		cmocka_unit_test(what_is_unsafe_is_refused), cmocka_unit_test(nul_is_let_in_only_where_asked_and_never_in_names),
		cmocka_unit_test(nodes_are_read_by_kind),
		cmocka_unit_test(trees_are_built),
		cmocka_unit_test(a_tree_that_is_too_deep_is_not_written),
		cmocka_unit_test(text_is_written_without_a_tree),
		cmocka_unit_test(decimals_compare_by_value),
		cmocka_unit_test(decimals_divide_exactly),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

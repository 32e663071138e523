/* SPDX-License-Identifier: MIT
 * hands/: arguments of a call, the retry rule, the gate.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/hands/hands.h"
#include "tests/support/torture.h"

static const char schema_text[] = "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"order\",\"lines\"],\"properties\":{"
	"\"order\":{\"type\":\"string\",\"pattern\":\"^[A-Z]+-[0-9]+$\"},\"lines\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}},"
	"\"note\":{\"type\":\"string\"}}}";

typedef struct fixture {
	agent_arena *arena;
	agent_tool tool;
} fixture;

static agent_status fixture_open(fixture *f, agent_error *err)
{
	static const agent_schema_options strict = { .formats = true, .closed = true };
	*f = (fixture){ .arena = agent_arena_new(4 * 1024 * 1024) };
	if (f->arena == NULL) {
		return agent_fail_memory(err);
	}
	agent_status status = agent_json_parse(agent_str_cstr(schema_text), AGENT_JSON_LIMITS, "schema",
		&f->tool.input_document, err);
	return status == AGENT_OK ? agent_schema_compile(f->tool.input_document, &strict, &f->tool.input, err)
		: status;
}

static void fixture_close(fixture *f)
{
	agent_schema_free(f->tool.input);
	agent_json_free(f->tool.input_document);
	agent_arena_free(f->arena);
}

static int setup(void **state)
{
	static fixture f;
	agent_error err = { 0 };
	*state = &f;
	return fixture_open(&f, &err) == AGENT_OK ? 0 : -1;
}

static int teardown(void **state)
{
	fixture_close(*state);
	return 0;
}

static void arguments_are_valid_or_explained(void **state)
{
	static const struct {
		const char *text, *canonical, *missing, *fault;
	} rows[] = {
		{ " {\"order\" : \"A-1\", \"lines\":[1, 2]} ", "{\"lines\":[1,2],\"order\":\"A-1\"}", "", NULL },
		{ "{\"order\":\"\\u0041-1\",\"note\":\"\\u00e9\",\"lines\":[]}",
		"{\"lines\":[],\"note\":\"\xc3\xa9\",\"order\":\"A-1\"}", "", NULL },
		{ "{\"lines\":[]}", NULL, "order", "\"keyword\":\"required\"" },
		{ "{\"order\":\"A-1\"}", NULL, "lines", "\"keyword\":\"required\"" },
		{ "{}", NULL, "", "\"keyword\":\"required\"" },
		{ "{\"lines\":[],\"x\":1}", NULL, "", "\"keyword\":\"required\"" },
		{ "{\"order\":\"a\",\"lines\":[]}", NULL, "", "\"instance\":\"/order\"" },
		{ "{\"order\":\"A-1\",\"lines\":\"[1]\"}", NULL, "", "\"instance\":\"/lines\"" },
		{ "{\"order\":\"A-1\",\"lines\":[1.5]}", NULL, "", "\"instance\":\"/lines/0\"" },
		{ "[]", NULL, "", "\"keyword\":\"type\"" },
		{ "null", NULL, "", "\"keyword\":\"type\"" },
		{ "\"{}\"", NULL, "", "\"keyword\":\"type\"" },
		{ "", NULL, "", "[{" },
		{ "{'order':'A-1'}", NULL, "", "\"keyword\":\"syntax\"" },
		{ "{\"order\":\"A-1\",\"lines\":[],}", NULL, "", "\"keyword\":\"syntax\"" },
		{ "{\"order\":\"A-1\",\"lines\":[]", NULL, "", "[{" },
		{ "{\"order\":\"A-1\",\"order\":\"B-1\",\"lines\":[]}", NULL, "", "\"keyword\":\"duplicate_key\"" },
		{ "{\"order\":\"A-1\",\"lines\":[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]}", NULL, "",
		"\"keyword\":\"depth\"" },
		{ "{\"order\":\"A-1\\u0000\",\"lines\":[]}", NULL, "", "\"keyword\":\"nul\"" },
	};
	fixture *f = *state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		agent_error err = { 0 };
		agent_str canonical, faults, missing;
		bool valid;
		assert_int_equal(agent_arguments_check(&f->tool, agent_str_cstr(rows[i].text), f->arena, &valid,
			&canonical, &faults, &missing, NULL, &err), AGENT_OK);
		if (valid != (rows[i].canonical != NULL) || !agent_str_is(canonical, valid ? rows[i].canonical : "")
			|| !agent_str_is(missing, rows[i].missing)
			|| (rows[i].fault != NULL && agent_str_find(faults, agent_str_cstr(rows[i].fault),
			0) == (size_t)-1) || (valid && faults.len > 0)) {
			fail_msg("%s: %d %.*s | %.*s | %.*s", rows[i].text, valid, AGENT_STR_ARG(canonical),
				AGENT_STR_ARG(faults), AGENT_STR_ARG(missing));
		}
	}
}

static void arguments_have_a_size(void **state)
{
	fixture *f = *state;
	agent_error err = { 0 };
	agent_str canonical, faults, missing;
	bool valid;
	agent_buf text;
	agent_buf_init(&text, 200000);
	agent_buf_add_lit(&text, "{\"order\":\"A-1\",\"lines\":[],\"note\":\"");
	while (text.len < 64 * 1024 - 2) {
		agent_buf_add_char(&text, 'x');
	}
	agent_buf_add_lit(&text, "\"}");
	assert_int_equal(text.len, 64 * 1024);
	assert_int_equal(agent_arguments_check(&f->tool, agent_buf_str(&text), f->arena, &valid, &canonical,
		&faults, &missing, NULL, &err), AGENT_OK);
	assert_true(valid);
	agent_buf_add_char(&text, ' ');
	assert_int_equal(agent_arguments_check(&f->tool, agent_buf_str(&text), f->arena, &valid, &canonical,
		&faults, &missing, NULL, &err), AGENT_OK);
	assert_false(valid);
	assert_true(agent_str_find(faults, AGENT_STR("too_large"), 0) != (size_t)-1);
	agent_buf_clear(&text);
}

static void only_transient_reads_are_tried_again(void **state)
{
	(void)state;
	agent_tool tool = { .retries = 2, .effect = AGENT_TOOL_READ };
	int wait;
	for (int i = AGENT_RESULT_OK; i <= AGENT_RESULT_SKIPPED; i++) {
		assert_int_equal(agent_retry_rule(&tool, (agent_result_class)i, 1, -1, 10000, 0, &wait),
			i == AGENT_RESULT_TRANSIENT);
	}
	assert_false(agent_retry_rule(&tool, AGENT_RESULT_TRANSIENT, 0, -1, 10000, 0, &wait));
	assert_true(agent_retry_rule(&tool, AGENT_RESULT_TRANSIENT, 2, -1, 10000, 0, &wait));
	assert_false(agent_retry_rule(&tool, AGENT_RESULT_TRANSIENT, 3, -1, 10000, 0, &wait));
	tool.effect = AGENT_TOOL_WRITE;
	assert_false(agent_retry_rule(&tool, AGENT_RESULT_TRANSIENT, 1, -1, 10000, 0, &wait));
	tool = (agent_tool){ .retries = 0, .effect = AGENT_TOOL_READ };
	assert_false(agent_retry_rule(&tool, AGENT_RESULT_TRANSIENT, 1, -1, 10000, 0, &wait));
}

static void the_wait_is_jittered_and_ends_before_the_deadline(void **state)
{
	(void)state;
	static const struct {
		int attempt, retry_after;
		int64_t left;
		uint32_t random;
		bool again;
		int wait;
	} rows[] = {
		{ 1, -1, 1000, 0, true, 0 },
		{ 1, -1, 1000, UINT32_MAX, true, 100 },
		{ 1, -1, 1000, UINT32_MAX / 2, true, 50 },
		{ 2, -1, 1000, UINT32_MAX, true, 200 },
		{ 3, -1, 1000, UINT32_MAX, true, 400 },
		{ 100, -1, 200000, UINT32_MAX, true, 102400 },
		{ 1, 30, 1000, UINT32_MAX, true, 100 },
		{ 1, 300, 1000, UINT32_MAX, true, 300 },
		{ 1, 999, 1000, 0, true, 999 },
		{ 1, 1000, 1000, 0, false, 0 },
		{ 1, INT32_MAX, 1000, 0, false, 0 },
		{ 1, -1, 101, UINT32_MAX, true, 100 },
		{ 1, -1, 100, UINT32_MAX, false, 0 },
		{ 1, -1, 1, 0, true, 0 },
		{ 1, -1, 0, 0, false, 0 },
		{ 1, -1, INT64_MIN, 0, false, 0 },
	};
	agent_tool tool = { .retries = 1000, .effect = AGENT_TOOL_READ };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int wait = -1;
		bool again = agent_retry_rule(&tool, AGENT_RESULT_TRANSIENT, rows[i].attempt, rows[i].retry_after,
			rows[i].left, rows[i].random, &wait);
		if (again != rows[i].again || wait != rows[i].wait) {
			fail_msg("row %zu: %d %d", i, again, wait);
		}
	}
}

#define NOW 1800000000

static void the_gate_has_exact_borders(void **state)
{
	(void)state;
	static const struct {
		int64_t issued, not_before, expires;
		const char *code;
	} times[] = {
		{ NOW, NOW, NOW + 60, NULL },
		{ NOW, 0, NOW + 60, NULL },
		{ NOW, NOW, NOW + 61, "too_long" },
		{ NOW + 30, NOW + 30, NOW + 90, NULL },
		{ NOW + 31, NOW, NOW + 91, "not_yet" },
		{ NOW, NOW + 31, NOW + 60, "not_yet" },
		{ NOW - 89, NOW - 89, NOW - 29, NULL },
		{ NOW - 90, NOW - 90, NOW - 30, "expired" },
		{ 0, 0, 60, "expired" },
		{ NOW, NOW, NOW, NULL },
		{ INT64_MIN, 0, INT64_MAX, "too_long" },
		{ NOW, INT64_MAX, NOW + 60, "not_yet" },
		{ -1, 0, 10, "too_long" },
		{ NOW, -1, NOW + 60, "too_long" },
		{ NOW, NOW, NOW - 1, "too_long" },
		{ INT64_MAX, INT64_MAX, INT64_MAX, "too_long" },
	};
	agent_tool tool = { .scope = AGENT_STR_INIT("order:read") };
	agent_claims good = { .issuer = AGENT_STR_INIT("agent"), .audience = AGENT_STR_INIT("shop"),
		.scope = AGENT_STR_INIT("order:read"),
		.digest = AGENT_STR_INIT("d"), .issued_s = NOW, .not_before_s = NOW, .expires_s = NOW + 60 };
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		agent_claims claims = good;
		claims.issued_s = times[i].issued;
		claims.not_before_s = times[i].not_before;
		claims.expires_s = times[i].expires;
		const char *code = agent_gate_check(&tool, &claims, AGENT_STR("shop"), AGENT_STR("agent"),
			AGENT_STR("d"), NOW);
		if ((code == NULL) != (times[i].code == NULL) || (code != NULL && strcmp(code, times[i].code) != 0)) {
			fail_msg("row %zu: %s", i, code != NULL ? code : "passes");
		}
	}
	assert_string_equal(agent_gate_check(&tool, &good, AGENT_STR("shop2"), AGENT_STR("agent"), AGENT_STR("d"),
		NOW), "audience");
	assert_string_equal(agent_gate_check(&tool, &good, AGENT_STR("shop"), AGENT_STR("other"), AGENT_STR("d"),
		NOW), "issuer");
	assert_string_equal(agent_gate_check(&tool, &good, AGENT_STR("shop"), AGENT_STR("agent"), AGENT_STR("e"),
		NOW), "digest");
	static const char *const closed[] = { "", " ", "order:rea", "order:read2", "order:write", "ORDER:READ",
		"order:ABC-12345:read", "order:read,x", "order:read\tx" };
	for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
		good.scope = agent_str_cstr(closed[i]);
		assert_string_equal(agent_gate_check(&tool, &good, AGENT_STR("shop"), AGENT_STR("agent"),
			AGENT_STR("d"), NOW), "scope");
	}
	good.scope = AGENT_STR("order:ABC-12345:read order:read");
	assert_null(agent_gate_check(&tool, &good, AGENT_STR("shop"), AGENT_STR("agent"), AGENT_STR("d"), NOW));
	good.digest = AGENT_STR_EMPTY;
	assert_string_equal(agent_gate_check(&tool, &good, AGENT_STR("shop"), AGENT_STR("agent"), AGENT_STR_EMPTY,
		NOW), "digest");
}

static void a_token_lives_as_long_as_its_audience_allows(void **state)
{
	(void)state;
	static const struct {
		int64_t issued, not_before, expires;
		const char *code;
	} times[] = {
		{ NOW, NOW, NOW + 2592000, NULL },
		{ NOW, NOW, NOW + 2592001, "too_long" },
		{ NOW - 2592029, 0, NOW - 29, NULL },
		{ NOW - 2592030, 0, NOW - 30, "expired" },
		{ NOW + 30, 0, NOW + 30, NULL },
		{ NOW + 31, 0, NOW + 31, "not_yet" },
		{ 0, 0, INT64_MAX, "too_long" },
		{ INT64_MIN, INT64_MIN, INT64_MIN, "too_long" },
		{ INT64_MAX, 0, INT64_MIN, "too_long" },
		{ INT64_C(253402300799), 0, INT64_C(253402300799), "not_yet" },
	};
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		const char *code = agent_token_time(times[i].issued, times[i].not_before, times[i].expires, AGENT_TOKEN_LIFE_S, NOW);
		if ((code == NULL) != (times[i].code == NULL) || (code != NULL && strcmp(code, times[i].code) != 0)) {
			fail_msg("row %zu: %s", i, code != NULL ? code : "passes");
		}
	}
	assert_int_equal(agent_token_life(AGENT_STR("shop"), AGENT_STR("shop")), 60);
	assert_int_equal(agent_token_life(AGENT_STR("shop "), AGENT_STR("shop")), 2592000);
	assert_int_equal(agent_token_life(AGENT_STR("browser"), AGENT_STR_EMPTY), 2592000);
}

static agent_status scenario(void *state, agent_error *err)
{
	static const char *const texts[] = { "{\"order\":\"A-1\",\"lines\":[1]}", "{\"lines\":[1]}",
		"{\"order\":7,\"lines\":{},\"x\":1}", "{\"order\"" };
	(void)state;
	fixture f;
	agent_status status = fixture_open(&f, err);
	for (size_t i = 0; status == AGENT_OK && i < 4; i++) {
		agent_str canonical, faults, missing;
		bool valid;
		status = agent_arguments_check(&f.tool, agent_str_cstr(texts[i]), f.arena, &valid, &canonical,
			&faults, &missing, NULL, err);
		if (status == AGENT_OK && (valid != (i == 0) || (canonical.len > 0) != (i == 0)
			|| (faults.len > 0) != (i > 0) || (missing.len > 0) != (i == 1))) {
			status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "check", "%s: %.*s", texts[i],
				AGENT_STR_ARG(faults));
		}
	}
	fixture_close(&f);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("arguments", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_are_valid_or_explained),
		cmocka_unit_test(arguments_have_a_size),
		cmocka_unit_test(only_transient_reads_are_tried_again),
		cmocka_unit_test(the_wait_is_jittered_and_ends_before_the_deadline),
		cmocka_unit_test(the_gate_has_exact_borders),
		cmocka_unit_test(a_token_lives_as_long_as_its_audience_allows),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}

/* SPDX-License-Identifier: MIT
 * hands/: arguments of a call, the retry rule.
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

/* Names that a model made up: cut short, with signs that a pointer writes differently, inside of alternatives. */
static void what_a_model_wrote_is_not_told_back(void **state)
{
	(void)state;
	static const agent_schema_options strict = { .formats = true, .closed = true };
	static const char *const texts[] = {
		"{\"who\":{\"do/this/instead\":1}}", "{\"who\":{\"do~this\":{\"a\":1}}}",
		"{\"who\":{\"do this and all that stands here, which is longer than what is told of a place inside of an alternative, by far\":1}}",
	};
	agent_error err = { 0 };
	agent_tool tool = { 0 };
	agent_arena *arena = agent_arena_new(1000000);
	assert_int_equal(agent_json_parse(AGENT_STR("{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"who\":{\"anyOf\":["
		"{\"type\":\"object\",\"additionalProperties\":false},{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}]}}}"), AGENT_JSON_LIMITS, "schema",
		&tool.input_document, &err), AGENT_OK);
	assert_int_equal(agent_schema_compile(tool.input_document, &strict, &tool.input, &err), AGENT_OK);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		agent_str canonical, faults, missing, coercions;
		bool valid;
		assert_int_equal(agent_arguments_check(&tool, agent_str_cstr(texts[i]), arena, &valid, &canonical, &faults, &missing, &coercions, &err), AGENT_OK);
		if (valid || agent_str_find(faults, AGENT_STR("do"), 0) != (size_t)-1) {
			fail_msg("%s: %.*s", texts[i], AGENT_STR_ARG(faults));
		}
	}
	agent_schema_free(tool.input);
	agent_json_free(tool.input_document);
	agent_arena_free(arena);
}

/* Sixteen names of control characters, each six times as long when it is written: still a refusal, not a failure. */
static void faults_have_a_size(void **state)
{
	fixture *f = *state;
	agent_error err = { 0 };
	agent_str canonical, faults, missing;
	bool valid;
	agent_buf text;
	agent_buf_init(&text, 200000);
	agent_buf_add_lit(&text, "{\"order\":\"A-1\",\"lines\":[]");
	for (int i = 0; i < 20; i++) {
		agent_buf_addf(&text, ",\"%d", i);
		for (int k = 0; k < 190; k++) {
			agent_buf_add_lit(&text, "\\u0001");
		}
		agent_buf_add_lit(&text, "\":1");
	}
	agent_buf_add_char(&text, '}');
	assert_int_equal(agent_arguments_check(&f->tool, agent_buf_str(&text), f->arena, &valid, &canonical,
		&faults, &missing, NULL, &err), AGENT_OK);
	assert_false(valid);
	assert_true(faults.len > 0);
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
		cmocka_unit_test(what_a_model_wrote_is_not_told_back),
		cmocka_unit_test(faults_have_a_size),
		cmocka_unit_test(only_transient_reads_are_tried_again),
		cmocka_unit_test(the_wait_is_jittered_and_ends_before_the_deadline),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}

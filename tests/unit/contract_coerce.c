/* SPDX-License-Identifier: MIT
 * contract/coerce: what is read as what it plainly meant, what is not, and what is noted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/contract/coerce.h"
#include "tests/support/torture.h"

static const char schema_text[] = "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
	"\"i\":{\"type\":\"integer\"},\"n\":{\"type\":\"number\"},\"b\":{\"type\":\"boolean\"},"
	"\"s\":{\"type\":\"string\"},\"in\":{\"type\":[\"integer\",\"null\"]},\"ib\":{\"type\":[\"integer\",\"boolean\"]},"
	"\"l\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"maxItems\":20},\"ls\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"minItems\":1},"
	"\"l2\":{\"type\":\"array\",\"minItems\":2},\"l0\":{\"type\":\"array\",\"maxItems\":0},\"il\":{\"type\":[\"integer\",\"array\"]},"
	"\"lo\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"q\"],\"properties\":{\"q\":{\"type\":\"integer\"}}}},\"d\":{\"type\":\"string\",\"format\":\"date-time\"},"
	"\"o\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"q\"],\"properties\":{\"q\":{\"type\":\"integer\"},\"a/b~c\":{\"type\":\"integer\"}}},"
	"\"e\":{\"type\":\"integer\",\"enum\":[1,2]},\"m\":{\"type\":\"integer\",\"maximum\":9},\"any\":{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"boolean\"}]}}}";

typedef struct fixture {
	agent_json *document;
	agent_schema *schema;
	agent_arena *arena;
} fixture;

static agent_status fixture_open(fixture *f, agent_error *err)
{
	const agent_schema_options options = { .formats = true };
	*f = (fixture){ .arena = agent_arena_new(4 * 1024 * 1024) };
	if (f->arena == NULL) {
		return agent_fail_memory(err);
	}
	agent_status status = agent_json_parse(agent_str_cstr(schema_text), AGENT_JSON_LIMITS, "schema", &f->document, err);
	return status == AGENT_OK ? agent_schema_compile(f->document, &options, &f->schema, err) : AGENT_ERR;
}

static void fixture_close(fixture *f)
{
	agent_schema_free(f->schema);
	agent_json_free(f->document);
	agent_arena_free(f->arena);
}

static int setup(void **state)
{
	static fixture f;
	agent_error err = { 0 };
	*state = &f;
	if (fixture_open(&f, &err) != AGENT_OK) {
		print_message("# %s\n", err.message);
		return -1;
	}
	return 0;
}

static int teardown(void **state)
{
	fixture_close(*state);
	return 0;
}

/* The text after coercion, or NULL where it is refused. */
static agent_status coerce(fixture *f, const char *text, agent_buf *out, agent_buf *log, size_t *count, agent_error *err)
{
	agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
	agent_json *tree;
	if (agent_json_parse(agent_str_cstr(text), AGENT_JSON_LIMITS, "text", &tree, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = agent_coerce(f->schema, tree, f->arena, faults, count, log, err);
	agent_json_write(tree, out);
	agent_json_free(tree);
	return status == AGENT_OK ? agent_buf_check(out, "out", err) : AGENT_ERR;
}

static void check(fixture *f, const char *text, const char *expected, const char *notes)
{
	agent_error err = { 0 };
	agent_buf out, log;
	size_t count = 0;
	agent_buf_init(&out, 100000);
	agent_buf_init(&log, 100000);
	if (coerce(f, text, &out, &log, &count, &err) != AGENT_OK) {
		fail_msg("%s: %s", text, err.message);
	}
	if ((count == 0) != (expected != NULL) || (expected != NULL && !agent_str_is(agent_buf_str(&out), expected))
		|| (notes != NULL && !agent_str_is(agent_buf_str(&log), notes)) || (expected == NULL && log.len > 0)) {
		fail_msg("%s: %.*s %.*s", text, AGENT_STR_ARG(agent_buf_str(&out)), AGENT_STR_ARG(agent_buf_str(&log)));
	}
	agent_buf_clear(&out);
	agent_buf_clear(&log);
}

static void what_is_plain_is_read(void **state)
{
	static const struct { const char *text, *out, *notes; } rows[] = {
		{ "{\"i\":3,\"n\":1.10,\"s\":\"3\"}", "{\"i\":3,\"n\":1.10,\"s\":\"3\"}", "" },
		{ "{\"i\":\"3\"}", "{\"i\":3}", "{\"instance\":\"/i\",\"from\":\"\\\"3\\\"\",\"to\":\"3\"}" },
		{ "{\"i\":\"-9223372036854775808\"}", "{\"i\":-9223372036854775808}", NULL },
		{ "{\"i\":\"18446744073709551615\"}", "{\"i\":18446744073709551615}", NULL },
		{ "{\"i\":\"0\"}", "{\"i\":0}", NULL },
		{ "{\"i\":3.0}", "{\"i\":3.0}", "" },
		{ "{\"n\":\"1.10\"}", "{\"n\":1.10}", "{\"instance\":\"/n\",\"from\":\"\\\"1.10\\\"\",\"to\":\"1.10\"}" },
		{ "{\"n\":\"-0.50\"}", "{\"n\":-0.50}", NULL },
		{ "{\"n\":\"12345678901234567890123.000000000000000000001\"}", "{\"n\":12345678901234567890123.000000000000000000001}", NULL },
		{ "{\"n\":\"7\"}", "{\"n\":7}", NULL },
		{ "{\"b\":\"true\"}", "{\"b\":true}", NULL },
		{ "{\"b\":\"false\"}", "{\"b\":false}", "{\"instance\":\"/b\",\"from\":\"\\\"false\\\"\",\"to\":\"false\"}" },
		{ "{\"in\":\"4\"}", "{\"in\":4}", NULL },
		{ "{\"ib\":\"4\"}", "{\"ib\":4}", NULL },
		{ "{\"ib\":\"true\"}", "{\"ib\":true}", NULL },
		{ "{\"l\":5}", "{\"l\":[5]}", "{\"instance\":\"/l\",\"from\":\"5\",\"to\":\"[5]\"}" },
		{ "{\"ls\":\"a\"}", "{\"ls\":[\"a\"]}", NULL },
		{ "{\"lo\":{\"q\":1}}", "{\"lo\":[{\"q\":1}]}", NULL },
		{ "{\"l\":[\"1\",2,\"3\"]}", "{\"l\":[1,2,3]}",
		"{\"instance\":\"/l/0\",\"from\":\"\\\"1\\\"\",\"to\":\"1\"},{\"instance\":\"/l/2\",\"from\":\"\\\"3\\\"\",\"to\":\"3\"}" },
		{ "{\"l\":[\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\"]}",
		"{\"l\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}", NULL }, /* more than one round tells */
		{ "{\"o\":{\"q\":\"1\",\"a/b~c\":\"2\"}}", "{\"o\":{\"q\":1,\"a/b~c\":2}}", NULL },
		{ "{\"e\":\"2\"}", "{\"e\":2}", NULL },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		check(*state, rows[i].text, rows[i].out, rows[i].notes);
	}
}

static void what_could_mean_another_thing_is_refused(void **state)
{
	static const char *const rows[] = {
		"{\"i\":\"0123\"}", "{\"i\":\"+1\"}", "{\"i\":\" 1\"}", "{\"i\":\"1 \"}", "{\"i\":\"1e3\"}", "{\"i\":\"1E3\"}", "{\"i\":\"-0\"}", "{\"i\":\"\"}", "{\"i\":\"-\"}",
		"{\"ls\":\"\"}", "{\"ls\":\" \"}", "{\"ls\":\"[\\\"a\\\",\\\"b\\\"]\"}", "{\"ls\":\" {}\"}",
		"{\"i\":\"3.0\"}", "{\"i\":\"1,000\"}", "{\"i\":\"0x10\"}", "{\"i\":\"one\"}", "{\"i\":\"18446744073709551616\"}", "{\"i\":\"-9223372036854775809\"}",
		"{\"i\":\"1\\n\"}", "{\"i\":\"\xD9\xA1\"}", "{\"i\":true}", "{\"i\":[3]}", "{\"i\":{\"q\":3}}", "{\"i\":null}", "{\"i\":3.5}", "{\"i\":\"true\"}",
		"{\"n\":\"1.\"}", "{\"n\":\".5\"}", "{\"n\":\"00.5\"}", "{\"n\":\"-0.00\"}", "{\"n\":\"1.5e3\"}", "{\"n\":\"1.1.1\"}", "{\"n\":\"NaN\"}", "{\"n\":\"Infinity\"}",
		"{\"n\":\"1_0\"}", "{\"b\":\"True\"}", "{\"b\":\"yes\"}", "{\"b\":1}", "{\"b\":\"1\"}", "{\"b\":\"true \"}",
		"{\"s\":12345}", "{\"s\":1.10}", "{\"s\":true}", "{\"s\":[\"a\"]}", /* no value becomes a string */
		"{\"l\":\"5\"}", /* neither is one step: [\"5\"] has no integer */
		"{\"l\":null}", "{\"l\":\"a\"}", "{\"l2\":1}", "{\"l0\":1}", "{\"il\":\"5\"}", /* 5 or [\"5\"]? */
		"{\"d\":\"2026-11-22T10:00:00\"}", "{\"e\":\"3\"}", "{\"m\":\"10\"}", "{\"any\":\"5\"}", "{\"o\":{\"q\":\"x\"}}", "{\"x\":\"1\"}", "{\"lo\":{\"q\":\"x\"}}",
		"[]", "[\"1\"]",
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		check(*state, rows[i], NULL, NULL);
	}
}

/* What is told is about what was written: an array that was made of a value and is wrong becomes the value again. */
static void a_wrong_array_is_taken_back(void **state)
{
	fixture *f = *state;
	agent_error err = { 0 };
	agent_buf out, log;
	size_t count = 0;
	agent_buf_init(&out, 1000);
	agent_buf_init(&log, 1000);
	assert_int_equal(coerce(f, "{\"l\":\"a\",\"l2\":7,\"i\":\"4\"}", &out, &log, &count, &err), AGENT_OK);
	assert_int_equal(count, 2);
	assert_true(agent_str_is(agent_buf_str(&out), "{\"l\":\"a\",\"l2\":7,\"i\":4}"));
	agent_buf_clear(&out);
	agent_buf_clear(&log);
}

static void there_is_an_end_to_it(void **state)
{
	fixture *f = *state;
	agent_error err = { 0 };
	agent_buf text, out, log;
	size_t count = 0;
	agent_buf_init(&text, 100000);
	agent_buf_init(&out, 100000);
	agent_buf_init(&log, 100000);
	agent_buf_add_lit(&text, "{\"l\":[");
	for (int i = 0; i < 3000; i++) {
		agent_buf_addf(&text, "%s\"%d\"", i > 0 ? "," : "", i);
	}
	agent_buf_add(&text, (agent_str){ "]}", 3 }); /* with its NUL */
	assert_int_equal(coerce(f, text.ptr, &out, &log, &count, &err), AGENT_OK);
	assert_true(count > 0 && count <= AGENT_SCHEMA_FAULTS && log.len == 0);
	agent_buf_clear(&text);
	agent_buf_clear(&out);
	agent_buf_clear(&log);
}

static agent_status scenario(void *state, agent_error *err)
{
	(void)state;
	fixture f;
	agent_buf out, log;
	size_t count = 0;
	agent_buf_init(&out, 1000);
	agent_buf_init(&log, 1000);
	agent_status status = fixture_open(&f, err);
	if (status == AGENT_OK) {
		status = coerce(&f, "{\"i\":\"3\",\"l\":\"x\",\"ls\":\"a\",\"n\":\"1.10\",\"b\":\"true\"}", &out, &log, &count, err);
	}
	if (status == AGENT_OK && count == 0) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "check", "a wrong list passed");
	}
	agent_buf_reset(&out);
	if (status == AGENT_OK) {
		status = coerce(&f, "{\"i\":\"3\",\"ls\":\"a\",\"n\":\"1.10\",\"b\":\"true\"}", &out, &log, &count, err);
	}
	if (status == AGENT_OK && agent_buf_check(&log, "log", err) != AGENT_OK) {
		status = AGENT_ERR;
	}
	if (status == AGENT_OK && (count != 0 || !agent_str_is(agent_buf_str(&out), "{\"i\":3,\"ls\":[\"a\"],\"n\":1.10,\"b\":true}")
		|| agent_str_find(agent_buf_str(&log), AGENT_STR("\"to\":\"true\""), 0) == (size_t)-1)) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "check", "%.*s", AGENT_STR_ARG(agent_buf_str(&out)));
	}
	agent_buf_clear(&out);
	agent_buf_clear(&log);
	fixture_close(&f);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("coerce", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_plain_is_read),
		cmocka_unit_test(what_could_mean_another_thing_is_refused),
		cmocka_unit_test(a_wrong_array_is_taken_back),
		cmocka_unit_test(there_is_an_end_to_it),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}

/* SPDX-License-Identifier: MIT
 * hands/: what a tool's answer is taken for, and what of it goes where.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/hands/hands.h"
#include "tests/support/torture.h"

static const char schema_text[] = "{\"type\":\"object\",\"required\":[\"number\"],\"properties\":{"
	"\"number\":{\"type\":\"string\"},\"total\":{\"type\":\"number\"},\"open\":{\"type\":[\"boolean\",\"null\"]},"
	"\"link\":{\"type\":\"string\",\"format\":\"uri\",\"deliver\":\"visitor\"},\"page\":{\"type\":\"string\",\"format\":\"uri\"},"
	"\"customer\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"},\"photo\":{\"type\":\"string\",\"deliver\":\"visitor\"}}},"
	"\"lines\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},"
	"\"file\":{\"type\":\"string\",\"deliver\":\"visitor\"},\"see\":{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"string\",\"format\":\"uri\"}]}}}},"
	"\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},\"bag\":{\"type\":\"object\"},"
	"\"paper\":{\"type\":\"object\",\"deliver\":\"visitor\",\"properties\":{\"title\":{\"type\":\"string\"}}},"
	"\"pair\":{\"type\":\"array\",\"prefixItems\":[{\"type\":\"string\",\"deliver\":\"visitor\"}],\"items\":{\"type\":\"integer\"}},"
	"\"either\":{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"object\",\"properties\":{\"v\":{\"type\":\"integer\"}}}]}}}";

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
		&f->tool.output_document, err);
	return status == AGENT_OK ? agent_schema_compile(f->tool.output_document, &strict, &f->tool.output, err)
		: status;
}

static void fixture_close(fixture *f)
{
	agent_schema_free(f->tool.output);
	agent_json_free(f->tool.output_document);
	agent_arena_free(f->arena);
}

static int setup(void **state)
{
	static fixture f;
	agent_error err = { 0 };
	*state = &f;
	if (fixture_open(&f, &err) != AGENT_OK) {
		print_error("%s\n", err.message);
		return -1;
	}
	return 0;
}

static int teardown(void **state)
{
	fixture_close(*state);
	return 0;
}

static void only_what_is_named_is_kept(void **state)
{
	static const struct {
		const char *json, *model, *visitor;
	} rows[] = {
		{ "{\"number\":\"A\",\"total\":1.10,\"open\":null,\"secret\":1}",
			"{\"number\":\"A\",\"total\":1.10,\"open\":null}", "" },
		{ "{\"number\":\"A\",\"link\":\"https://x.example/a\"}", "{\"number\":\"A\"}",
		"{\"link\":\"https://x.example/a\"}" },
		{ "{\"number\":\"A\",\"customer\":{\"city\":\"B\",\"email\":\"c\",\"photo\":\"p\"}}",
		"{\"number\":\"A\",\"customer\":{\"city\":\"B\"}}",
			"{\"customer\":{\"photo\":\"p\"}}" },
		{ "{\"number\":\"A\",\"lines\":[{\"name\":\"n\",\"cost\":1},{\"name\":\"m\",\"file\":\"f\"}]}",
			"{\"number\":\"A\",\"lines\":[{\"name\":\"n\"},{\"name\":\"m\"}]}",
			"{\"lines\":[{\"file\":\"f\"}]}" },
		{ "{\"number\":\"A\",\"tags\":[\"x\",\"y\"],\"bag\":{\"any\":1}}",
		"{\"number\":\"A\",\"tags\":[\"x\",\"y\"],\"bag\":{}}", "" },
		{ "{\"number\":\"A\",\"paper\":{\"title\":\"t\",\"body\":\"b\"}}", "{\"number\":\"A\"}",
		"{\"paper\":{\"title\":\"t\"}}" },
		{ "{\"number\":\"A\",\"pair\":[\"x\",7]}", "{\"number\":\"A\",\"pair\":[7]}", "{\"pair\":[\"x\"]}" },
		{ "{\"number\":\"A\",\"either\":{\"v\":1,\"w\":2}}", "{\"number\":\"A\",\"either\":{\"v\":1}}", "" },
		{ "{\"number\":\"A\",\"either\":\"x\"}", "{\"number\":\"A\",\"either\":\"x\"}", "" },
	};
	fixture *f = *state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		agent_error err = { 0 };
		agent_tool_result out;
		assert_int_equal(agent_result_of_json(&f->tool, agent_str_cstr(rows[i].json), f->arena, &out, &err),
			AGENT_OK);
		if (out.result != AGENT_RESULT_OK || !agent_str_is(out.model, rows[i].model)
			|| !agent_str_is(out.visitor, rows[i].visitor)) {
			fail_msg("%s\n%s: %.*s\n%.*s\n%.*s", rows[i].json, agent_result_class_name(out.result),
				AGENT_STR_ARG(out.message),
				AGENT_STR_ARG(out.model), AGENT_STR_ARG(out.visitor));
		}
	}
}

static void a_status_becomes_a_class(void **state)
{
	static const struct {
		int status;
		const char *type, *body;
		agent_result_class result;
		const char *message;
	} rows[] = {
		{ 200, "application/json", "{\"number\":\"A\"}", AGENT_RESULT_OK, "" },
		{ 201, "", "{\"number\":\"A\"}", AGENT_RESULT_OK, "" },
		{ 200, "application/problem+json", "{\"number\":\"A\"}", AGENT_RESULT_OK, "" },
		{ 200, "text/html", "{\"number\":\"A\"}", AGENT_RESULT_TRANSIENT, "The tool's answer is no JSON." },
		{ 200, "application/json", "{\"number\":7}", AGENT_RESULT_TRANSIENT,
		"The tool's answer breaks its contract at \"/properties/number/type\" (type)." },
		{ 200, "application/json", "{}", AGENT_RESULT_TRANSIENT,
		"The tool's answer breaks its contract at \"/required\" (required)." },
		{ 204, "", "", AGENT_RESULT_TRANSIENT, NULL },
		{ 200, "application/json", "{\"number\":\"A\",\"number\":\"B\"}", AGENT_RESULT_TRANSIENT, NULL },
		{ 200, "application/json", "{\"number\":\"A\"} x", AGENT_RESULT_TRANSIENT, NULL },
		{ 302, "", "", AGENT_RESULT_TRANSIENT, "The tool answered with status 302." },
		{ 400, "application/json", "{\"error\":{\"code\":\"x\",\"message\":\" No such\\norder. \"}}",
		AGENT_RESULT_INVALID, "No such order." },
		{ 404, "text/html", "<html>", AGENT_RESULT_INVALID, "The tool answered with status 404." },
		{ 422, "", "{\"error\":\"plain\"}", AGENT_RESULT_INVALID, "The tool answered with status 422." },
		{ 499, "", "", AGENT_RESULT_INVALID, "The tool answered with status 499." },
		{ 401, "", "", AGENT_RESULT_REFUSED, "The tool answered with status 401." },
		{ 401, "", "{\"error\":{\"code\":\"proof_required\"}}", AGENT_RESULT_REFUSED, NULL },
		{ 403, "", "{\"error\":{\"code\":\"scope\",\"message\":\"No.\"}}", AGENT_RESULT_REFUSED, "No." },
		{ 403, "", "{\"error\":{\"code\":\"proof_required\",\"message\":\"Show it.\"}}", AGENT_RESULT_PROOF,
		"Show it." },
		{ 408, "", "", AGENT_RESULT_TRANSIENT, NULL },
		{ 409, "", "", AGENT_RESULT_TRANSIENT, NULL },
		{ 425, "", "", AGENT_RESULT_TRANSIENT, NULL },
		{ 429, "", "{\"error\":{\"message\":\"secret\"}}", AGENT_RESULT_TRANSIENT,
		"The tool answered with status 429." },
		{ 500, "", "{\"error\":{\"message\":\"stack trace\"}}", AGENT_RESULT_TRANSIENT,
		"The tool answered with status 500." },
		{ 503, "", "", AGENT_RESULT_TRANSIENT, NULL },
		{ 0, "", "", AGENT_RESULT_TRANSIENT, NULL },
	};
	fixture *f = *state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		agent_error err = { 0 };
		agent_tool_result out;
		assert_int_equal(agent_result_read(&f->tool, rows[i].status, agent_str_cstr(rows[i].type),
			agent_str_cstr(rows[i].body), f->arena, &out, &err), AGENT_OK);
		if (out.result != rows[i].result
			|| (rows[i].message != NULL && !agent_str_is(out.message, rows[i].message))) {
			fail_msg("%d %s: %s: %.*s", rows[i].status, rows[i].body, agent_result_class_name(out.result),
				AGENT_STR_ARG(out.message));
		}
	}
}

/* Whatever an answer that breaks its contract holds, as a value, as the name of a member, as text around it: the sentence is ours alone. */
static void nothing_of_a_broken_answer_is_told(void **state)
{
	static const char *const bodies[] = {
		"{\"number\":7,\"note\":\"EVIL\"}", "{\"number\":\"A\",\"EVIL\":1,\"EVIL\":2}", "{\"number\":\"A\"} EVIL", "EVIL", "\"EVIL\"", "[\"EVIL\"]",
		"{\"number\":{\"EVIL\":1}}", "{\"number\":[\"EVIL\"]}", "{\"EVIL\":\"A\"}", "{\"number\":\"EVIL", "{\"number\":1e999,\"EVIL\":1}",
		"{\"number\":\"A\",\"lines\":{\"EVIL\":\"EVIL\"}}", "<html>EVIL</html>", "{\"error\":{\"code\":\"EVIL\",\"message\":\"EVIL\"}}",
	};
	fixture *f = *state;
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		for (int status = 200; status <= 500; status += 300) {
			agent_error err = { 0 };
			agent_tool_result out;
			assert_int_equal(agent_result_read(&f->tool, status, AGENT_STR("application/json"), agent_str_cstr(bodies[i]), f->arena, &out, &err), AGENT_OK);
			if (out.result != AGENT_RESULT_TRANSIENT || out.model.len > 0 || out.visitor.len > 0
				|| agent_str_find(out.message, AGENT_STR("EVIL"), 0) != (size_t)-1) {
				fail_msg("%d %s: %s: %.*s", status, bodies[i], agent_result_class_name(out.result), AGENT_STR_ARG(out.message));
			}
		}
	}
}

static void a_message_is_cut_at_a_character(void **state)
{
	fixture *f = *state;
	agent_error err = { 0 };
	agent_tool_result out;
	agent_buf body;
	agent_buf_init(&body, 4000);
	agent_buf_add_lit(&body, "{\"error\":{\"message\":\"a");
	for (int i = 0; i < 200; i++) {
		agent_buf_add_lit(&body, "\xc3\xa9");
	}
	agent_buf_add_lit(&body, "\"}}");
	assert_int_equal(agent_result_read(&f->tool, 400, AGENT_STR_EMPTY, agent_buf_str(&body), f->arena, &out,
		&err), AGENT_OK);
	assert_int_equal(out.message.len, 299);
	agent_buf_clear(&body);
}

static void addresses_are_found_where_the_schema_says_so(void **state)
{
	fixture *f = *state;
	agent_error err = { 0 };
	agent_json *value = NULL;
	agent_str found[4];
	agent_str json = AGENT_STR("{\"number\":\"https://no.example\",\"page\":\"https://a.example\",\"lines\":[{\"name\":\"https://no.example\","
		"\"see\":\"https://b.example\"},{\"see\":null},{\"see\":\"https://c.example\"}]}");
	assert_int_equal(agent_json_parse(json, AGENT_JSON_LIMITS, "value", &value, &err), AGENT_OK);
	assert_int_equal(agent_result_urls(&f->tool, value, found, 4), 3);
	assert_true(agent_str_is(found[0], "https://a.example"));
	assert_true(agent_str_is(found[1], "https://b.example"));
	assert_true(agent_str_is(found[2], "https://c.example"));
	assert_int_equal(agent_result_urls(&f->tool, value, found, 2), 2);
	assert_int_equal(agent_result_urls(&f->tool, value, found, 0), 0);
	agent_json_free(value);
}

static void classes_have_names(void **state)
{
	(void)state;
	for (int i = AGENT_RESULT_OK; i <= AGENT_RESULT_BREAKER; i++) {
		agent_result_class result;
		assert_true(agent_result_class_parse(agent_str_cstr(agent_result_class_name((agent_result_class)i)),
			&result));
		assert_int_equal(result, i);
	}
	agent_result_class other;
	assert_false(agent_result_class_parse(AGENT_STR("OK"), &other));
}

static agent_status scenario(void *state, agent_error *err)
{
	static const struct {
		int status;
		const char *body;
		agent_result_class result;
	} rows[] = {
		{ 200, "{\"number\":\"A\",\"x\":1,\"link\":\"https://a.example\",\"customer\":{\"photo\":\"p\"},\"lines\":[{\"file\":\"f\"}]}", AGENT_RESULT_OK },
		{ 200, "{\"number\":1}", AGENT_RESULT_TRANSIENT },
		{ 403, "{\"error\":{\"code\":\"proof_required\",\"message\":\"m\"}}", AGENT_RESULT_PROOF },
		{ 500, "", AGENT_RESULT_TRANSIENT },
	};
	(void)state;
	fixture f;
	agent_status status = fixture_open(&f, err);
	for (size_t i = 0; status == AGENT_OK && i < sizeof rows / sizeof *rows; i++) {
		agent_tool_result out;
		status = agent_result_read(&f.tool, rows[i].status, AGENT_STR_EMPTY, agent_str_cstr(rows[i].body),
			f.arena, &out, err);
		bool right = out.result == rows[i].result
			&& (i > 0 || (agent_str_is(out.model, "{\"number\":\"A\",\"customer\":{},\"lines\":[{}]}")
			&& agent_str_is(out.visitor,
			"{\"link\":\"https://a.example\",\"customer\":{\"photo\":\"p\"},\"lines\":[{\"file\":\"f\"}]}")));
		if (status == AGENT_OK && !right) {
			status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "result", "row %zu: %.*s", i,
				AGENT_STR_ARG(out.model));
		}
	}
	fixture_close(&f);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("result", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_named_is_kept),
		cmocka_unit_test(a_status_becomes_a_class),
		cmocka_unit_test(nothing_of_a_broken_answer_is_told),
		cmocka_unit_test(a_message_is_cut_at_a_character),
		cmocka_unit_test(addresses_are_found_where_the_schema_says_so),
		cmocka_unit_test(classes_have_names),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}

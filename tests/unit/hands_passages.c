/* SPDX-License-Identifier: MIT
 * hands/: which items of a tool's answer are passages, and the answer without them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "ext/hands/hands.h"
#include "tests/support/torture.h"

static const agent_tool docs = { .passages = AGENT_STR_INIT("passages") };
static const agent_tool plain = { .passages = AGENT_STR_INIT("") };

static agent_json *parse(const char *text)
{
	agent_json *tree = NULL;
	agent_error err;
	if (agent_json_parse(agent_str_cstr(text), AGENT_JSON_LIMITS, "a test", &tree, &err) != AGENT_OK) {
		fail_msg("%s: %s", text, err.message);
	}
	return tree;
}

#define U "\"url\":\"https://shop.example/a\""
#define T "\"text\":\"x\""

static void an_item_is_cited_by_title_and_address(void **state)
{
	(void)state;
	static const struct {
		const char *item, *known; /* "id|title|url|heading|language|text|updated"; NULL: cannot be cited */
	} rows[] = {
		{ "{\"title\":\"A\"," U "," T "}", "https://shop.example/a|A|https://shop.example/a|||x|0" },
		{ "{\"id\":\" a#1 \",\"title\":\" A \",\"url\":\" HTTP://shop.example/a \",\"heading\":\"H\",\"language\":\"de\",\"text\":\" x\\ny \",\"updated\":7,\"more\":[1]}",
			"a#1|A|HTTP://shop.example/a|H|de|x\ny|7" },
		{ "{\"id\":1,\"title\":\"A\"," U "," T ",\"heading\":\"a\\nb\",\"language\":null,\"updated\":-1}", "https://shop.example/a|A|https://shop.example/a|||x|0" },
		{ "{\"title\":\"A\"," U "," T ",\"updated\":1.5}", "https://shop.example/a|A|https://shop.example/a|||x|0" },
		{ "{\"title\":\"\"," U "," T "}", NULL }, { "{\"title\":\" \\u00a0\"," U "," T ",\"id\":\"\"}", NULL }, { "{\"title\":\"(*)\"," U "," T "}", NULL }, { "{\"title\":\"\u8fd4\u54c1\"," U "," T "}", "https://shop.example/a|\xe8\xbf\x94\xe5\x93\x81|https://shop.example/a|||x|0" },
		{ "{" U "," T "}", NULL }, { "{\"title\":7," U "," T "}", NULL }, { "{\"title\":\"a\\nb\"," U "," T "}", NULL },
		{ "{\"title\":\"A\",\"url\":\"\"," T "}", NULL }, { "{\"title\":\"A\"," T "}", NULL }, { "{\"title\":\"A\",\"url\":\"https://\"," T "}", NULL },
		{ "{\"title\":\"A\",\"url\":\"/a\"," T "}", NULL }, { "{\"title\":\"A\",\"url\":\"javascript:alert(1)\"," T "}", NULL },
		{ "{\"title\":\"A\",\"url\":\"https://shop.example/a b\"," T "}", NULL }, { "{\"title\":\"A\",\"url\":\"https://shop.example/\\\"x\"," T "}", NULL },
		{ "{\"title\":\"A\",\"url\":\"https://shop.example/\\u007f\"," T "}", NULL }, { "{\"title\":\"A\",\"url\":\"ftp://shop.example/\"," T "}", NULL },
		{ "{\"title\":\"A\"," U "}", NULL }, { "{\"title\":\"A\"," U ",\"text\":\" \\n\"}", NULL }, { "{\"title\":\"A\"," U ",\"text\":[\"x\"]}", NULL },
		{ "{}", NULL }, { "[]", NULL }, { "\"x\"", NULL }, { "null", NULL },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		agent_json *item = parse(rows[i].item);
		agent_passage p;
		char line[200] = "";
		bool fine = agent_result_passage(item, &p);
		if (fine) {
			snprintf(line, sizeof line, "%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%lld", AGENT_STR_ARG(p.id), AGENT_STR_ARG(p.title), AGENT_STR_ARG(p.url),
				AGENT_STR_ARG(p.heading), AGENT_STR_ARG(p.language), AGENT_STR_ARG(p.text), (long long)p.updated_s);
		}
		if (fine != (rows[i].known != NULL) || (fine && strcmp(line, rows[i].known) != 0)) {
			fail_msg("%s: %s", rows[i].item, fine ? line : "refused");
		}
		agent_json_free(item);
	}
}

static bool taken(size_t title, size_t url, size_t text)
{
	agent_buf out;
	agent_buf_init(&out, 100000);
	agent_buf_add_lit(&out, "{\"title\":\"");
	for (size_t i = 0; i < title; i++) {
		agent_buf_add_char(&out, 't');
	}
	agent_buf_add_lit(&out, "\",\"url\":\"https://");
	for (size_t i = 8; i < url; i++) {
		agent_buf_add_char(&out, 'u');
	}
	agent_buf_add_lit(&out, "\",\"text\":\"");
	for (size_t i = 0; i < text; i++) {
		agent_buf_add_char(&out, 'x');
	}
	agent_buf_add_lit(&out, "\"}");
	agent_buf_add_char(&out, '\0');
	agent_json *item = parse(out.ptr);
	agent_passage p;
	bool fine = agent_result_passage(item, &p);
	agent_json_free(item);
	agent_buf_clear(&out);
	return fine;
}

static void sizes_have_borders(void **state)
{
	(void)state;
	assert_true(taken(500, 2000, 8192));
	assert_false(taken(501, 20, 1));
	assert_false(taken(1, 2001, 1));
	assert_false(taken(1, 20, 8193));
}

static void the_rest_is_what_is_no_passage(void **state)
{
	(void)state;
	agent_error err = { 0 };
	agent_json *value = parse("{\"a\":1,\"passages\":[{\"title\":\"A\"}],\"b\":{\"passages\":2}}");
	agent_json *empty = agent_json_new_array();
	agent_json *out = NULL;
	agent_buf text;
	agent_buf_init(&text, 1000);
	assert_int_equal(agent_json_count(agent_result_passages(&docs, value)), 1);
	assert_null(agent_result_passages(&plain, value));
	assert_null(agent_result_passages(&docs, empty));
	assert_int_equal(agent_result_with_passages(&docs, value, NULL, &out, &err), AGENT_OK);
	agent_json_write(out, &text);
	assert_true(agent_str_is(agent_buf_str(&text), "{\"a\":1,\"b\":{\"passages\":2}}"));
	agent_json_free(out);
	agent_buf_reset(&text);
	assert_int_equal(agent_result_with_passages(&docs, value, empty, &out, &err), AGENT_OK);
	agent_json_free(empty);
	agent_json_write(out, &text);
	assert_true(agent_str_is(agent_buf_str(&text), "{\"a\":1,\"passages\":[],\"b\":{\"passages\":2}}"));
	agent_json_free(out);
	agent_json_free(value);
	agent_buf_clear(&text);
}

static agent_status scenario(void *state, agent_error *err)
{
	agent_json *value = NULL, *out = NULL;
	(void)state;
	agent_status status = agent_json_parse(AGENT_STR("{\"a\":[1],\"passages\":[1,2],\"b\":{}}"), AGENT_JSON_LIMITS, "a test", &value, err);
	if (status == AGENT_OK) {
		status = agent_result_with_passages(&docs, value, NULL, &out, err);
	}
	if (status == AGENT_OK && agent_json_count(out) != 2) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "rest", "%zu members", agent_json_count(out));
	}
	agent_json_free(out);
	agent_json_free(value);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("passages of a result", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_item_is_cited_by_title_and_address),
		cmocka_unit_test(sizes_have_borders),
		cmocka_unit_test(the_rest_is_what_is_no_passage),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 * run/schema_check: texts, registry and dialect of a caller's, with each allocation failing in turn.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ext/run/admin.h"
#include "tests/support/torture.h"

static const agent_schema_text registry[] = {
	{ AGENT_STR_INIT("https://shop.example/order"), AGENT_STR_INIT("{\"$defs\":{\"id\":{\"$ref\":\"/id\"}}}") },
	{ AGENT_STR_INIT("https://shop.example/id"), AGENT_STR_INIT("{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}$\"}") },
};

static agent_schema_request request(const char *schema, const char *json)
{
	return (agent_schema_request){ .schema = agent_str_cstr(schema), .json = agent_str_cstr(json), .dialect = AGENT_STR_EMPTY,
		.formats = true, .registry = registry, .registry_count = 2 };
}

static void expect(const agent_schema_request *asked, const char *start)
{
	agent_error err = { 0 };
	agent_buf out;
	agent_buf_init(&out, 100000);
	if (agent_schema_check(asked, &out, &err) != AGENT_OK) {
		assert_string_equal(err.code, start);
	} else {
		assert_true(agent_str_starts(agent_buf_str(&out), agent_str_cstr(start)));
	}
	agent_buf_clear(&out);
}

static void answers_are_those_of_the_texts(void **state)
{
	(void)state;
	agent_schema_request asked = request("{\"$ref\":\"https://shop.example/order#/$defs/id\"}", "\"ABC\"");
	expect(&asked, "[]");
	asked.json = AGENT_STR("\"abc\"");
	expect(&asked, "[{\"instance\":\"\",");
	asked.registry_count = 1;
	expect(&asked, "ref");
	asked = request("{\"items\":[false]}", "[1]");
	expect(&asked, "schema");
	asked.dialect = AGENT_STR("http://json-schema.org/draft-07/schema#");
	expect(&asked, "[{\"instance\":\"/0\"");
	asked = request("{\"a\":1,\"a\":2}", "1");
	expect(&asked, "duplicate_key");
	asked = request("{}", "[1");
	expect(&asked, "end");
	asked = request("{\"x-colour\":1,\"format\":\"iban\"}", "\"?\"");
	expect(&asked, "[]");
	const agent_schema_text broken = { AGENT_STR_INIT("urn:a"), AGENT_STR_INIT("nothing") };
	asked.registry = &broken;
	asked.registry_count = 1;
	expect(&asked, "syntax");
}

static agent_status scenario(void *state, agent_error *err)
{
	const agent_schema_request *asked = state;
	agent_buf out;
	agent_buf_init(&out, 100000);
	agent_status status = agent_schema_check(asked, &out, err);
	if (status == AGENT_OK && !agent_str_starts(agent_buf_str(&out), AGENT_STR("[{\"instance\":\"/a\","))) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "test", "the wrong answer");
	}
	agent_buf_clear(&out);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	agent_schema_request asked = request("{\"properties\":{\"a\":{\"$ref\":\"https://shop.example/order#/$defs/id\"},\"b\":{\"format\":\"regex\"},"
		"\"c\":{\"pattern\":\"^(a|b)+$\"}}}", "{\"a\":\"abc\",\"b\":\"(a)\",\"c\":\"abab\"}");
	torture("agent_schema_check", scenario, &asked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_those_of_the_texts), cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

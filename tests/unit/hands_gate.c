/* SPDX-License-Identifier: MIT
 * hands/: what verified claims open: times, audience, digest; scopes, and the resource that one names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/hands/hands.h"
#include "tests/support/torture.h"

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
	agent_claims good = { .issuer = AGENT_STR_INIT("agent"), .audience = AGENT_STR_INIT("shop"),
		.digest = AGENT_STR_INIT("d"), .issued_s = NOW, .not_before_s = NOW, .expires_s = NOW + 60 };
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		agent_claims claims = good;
		claims.issued_s = times[i].issued;
		claims.not_before_s = times[i].not_before;
		claims.expires_s = times[i].expires;
		const char *code = agent_gate_check(&claims, AGENT_STR("shop"), AGENT_STR("agent"),
			AGENT_STR("d"), NOW);
		if ((code == NULL) != (times[i].code == NULL) || (code != NULL && strcmp(code, times[i].code) != 0)) {
			fail_msg("row %zu: %s", i, code != NULL ? code : "passes");
		}
	}
	assert_string_equal(agent_gate_check(&good, AGENT_STR("shop2"), AGENT_STR("agent"), AGENT_STR("d"),
		NOW), "audience");
	assert_string_equal(agent_gate_check(&good, AGENT_STR("shop"), AGENT_STR("other"), AGENT_STR("d"),
		NOW), "issuer");
	assert_string_equal(agent_gate_check(&good, AGENT_STR("shop"), AGENT_STR("agent"), AGENT_STR("e"),
		NOW), "digest");
	good.digest = AGENT_STR_EMPTY;
	assert_string_equal(agent_gate_check(&good, AGENT_STR("shop"), AGENT_STR("agent"), AGENT_STR_EMPTY,
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

static void a_tool_without_a_resource_needs_its_scope(void **state)
{
	(void)state;
	static const char *const closed[] = { "", " ", "order:rea", "order:read2", "order:write", "ORDER:READ", "order:ABC-12345:read", "order:read,x",
		"order:read\tx", "xorder:read", "order:read\n" };
	static const char *const open[] = { "order:read", " order:read ", "a order:read", "order:ABC-12345:read order:read", "order:read b" };
	agent_tool tool = { .scope = AGENT_STR_INIT("order:read"), .resource = AGENT_STR_INIT("") };
	for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
		assert_string_equal(agent_gate_scope(&tool, agent_str_cstr(closed[i]), true, AGENT_STR("ABC-12345")), "scope");
		assert_string_equal(agent_gate_scope(&tool, agent_str_cstr(closed[i]), false, AGENT_STR_EMPTY), "scope");
	}
	for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
		assert_null(agent_gate_scope(&tool, agent_str_cstr(open[i]), true, AGENT_STR_EMPTY));
		assert_null(agent_gate_scope(&tool, agent_str_cstr(open[i]), false, AGENT_STR_EMPTY));
	}
}

/* customer, guest: NULL: opens. */
static void a_resource_is_opened_by_its_subject_or_by_its_own_form(void **state)
{
	(void)state;
	static const struct {
		const char *scope, *scopes, *value, *customer, *guest;
	} rows[] = {
		{ "order:read", "order:read", "ABC-12345", NULL, "proof_required" },
		{ "order:read", "order:ABC-12345:read", "ABC-12345", NULL, NULL },
		{ "order:read", "a b order:ABC-12345:read c", "ABC-12345", NULL, NULL },
		{ "order:read", "order:read order:ABC-12345:read", "ABC-12345", NULL, NULL },
		{ "order:read", "order:read order:ABC-12345:read", "ABC-12346", NULL, "proof_required" },
		{ "order:read", "order:ABC-12345:read", "ABC-12346", "scope", "proof_required" },
		{ "order:read", "order:ABC-12345:read", "ABC-1234", "scope", "proof_required" },
		{ "order:read", "order:ABC-12345:read", "abc-12345", "scope", "proof_required" },
		{ "order:read", "order:ABC-12345:write", "ABC-12345", "scope", "proof_required" },
		{ "order:read", "invoice:ABC-12345:read", "ABC-12345", "scope", "proof_required" },
		{ "order:read", "order:ABC-12345:rea", "ABC-12345", "scope", "proof_required" },
		{ "order:read", "order:ABC-12345:readx", "ABC-12345", "scope", "proof_required" },
		{ "order:read", "order:ABC-12345", "ABC-12345", "scope", "proof_required" },
		{ "order:read", "order:*:read", "ABC-12345", "scope", "proof_required" },
		{ "order:read", "order::read", "", "scope", "proof_required" },
		{ "order:read", "order:", "", "scope", "proof_required" },
		{ "order:read", "", "ABC-12345", "scope", "proof_required" },
		{ "order:read", "", "", "scope", "proof_required" },
		/* parts of one value are not parts of a scope */
		{ "order:read", "order:A:B:read", "A:B", "scope", "proof_required" },
		{ "order:read", "order:A:read:read", "A:read", "scope", "proof_required" },
		{ "order:read", "order:A B:read", "A B", "scope", "proof_required" },
		{ "order:read", "order:A:read x", "A:read x", "scope", "proof_required" },
		{ "order:read", "order:A\tB:read", "A\tB", "scope", "proof_required" },
		{ "order:read", "order:A\nB:read", "A\nB", "scope", "proof_required" },
		{ "order:read", "order:A\177:read", "A\177", "scope", "proof_required" },
		{ "order:read", "order:A\302\205:read", "A\302\205", "scope", "proof_required" },
		{ "order:read", "order:A\302\240:read", "A\302\240", NULL, NULL },
		{ "order:read", "order:Bestellung-\303\274:read", "Bestellung-\303\274", NULL, NULL },
		{ "order:read", "order:read:read", "read", NULL, NULL },
		/* scopes of one part, and of three */
		{ "orders", "orders:7", "7", NULL, NULL },
		{ "orders", "orders", "7", NULL, "proof_required" },
		{ "orders", "orders:7:", "7", "scope", "proof_required" },
		{ "shop:order:read", "shop:7:order:read", "7", NULL, NULL },
		{ "shop:order:read", "shop:order:7:read", "7", "scope", "proof_required" },
		{ ":read", ":7:read", "7", NULL, NULL },
		{ "order:", "order:7:", "7", NULL, NULL },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		agent_tool tool = { .scope = agent_str_cstr(rows[i].scope), .resource = AGENT_STR_INIT("order") };
		agent_str scopes = agent_str_cstr(rows[i].scopes), value = agent_str_cstr(rows[i].value);
		const char *customer = agent_gate_scope(&tool, scopes, true, value);
		const char *guest = agent_gate_scope(&tool, scopes, false, value);
		bool fine = (customer == NULL ? rows[i].customer == NULL : rows[i].customer != NULL && strcmp(customer, rows[i].customer) == 0)
			&& (guest == NULL ? rows[i].guest == NULL : rows[i].guest != NULL && strcmp(guest, rows[i].guest) == 0);
		if (!fine) {
			fail_msg("row %zu: %s, %s", i, customer != NULL ? customer : "opens", guest != NULL ? guest : "opens");
		}
	}
	agent_tool tool = { .scope = AGENT_STR_INIT("order:read"), .resource = AGENT_STR_INIT("order") };
	agent_str nul = { "A\0B", 3 }, scope = { "order:A\0B:read", 14 };
	assert_false(agent_gate_names(&tool, scope, nul));
	tool.resource = AGENT_STR_EMPTY;
	assert_false(agent_gate_names(&tool, AGENT_STR("order:A:read"), AGENT_STR("A")));
}

static agent_status scenario(void *state, agent_error *err)
{
	static const struct {
		const char *resource, *arguments, *value;
	} rows[] = {
		{ "order", "{\"order\":\"ABC-12345\"}", "ABC-12345" },
		{ "order", "{\"a\":\"x\",\"order\":\"A\\u00e4\"}", "A\303\244" },
		{ "order", "{\"order\":7}", "" },
		{ "order", "{\"a\":{\"order\":\"x\"}}", "" },
		{ "", "{\"order\":\"x\"}", "" },
		{ "", "", "" },
	};
	(void)state;
	agent_status status = AGENT_OK;
	for (size_t i = 0; status == AGENT_OK && i < sizeof rows / sizeof *rows; i++) {
		agent_tool tool = { .scope = AGENT_STR_INIT("order:read"), .resource = agent_str_cstr(rows[i].resource) };
		agent_arena *arena = agent_arena_new(64 * 1024);
		agent_str value;
		status = arena != NULL ? agent_gate_resource(&tool, agent_str_cstr(rows[i].arguments), arena, &value, err) : agent_fail_memory(err);
		if (status == AGENT_OK && !agent_str_is(value, rows[i].value)) {
			status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "row", "row %zu: %.*s", i, AGENT_STR_ARG(value));
		}
		agent_arena_free(arena);
	}
	return status;
}

static void the_resource_of_arguments(void **state)
{
	(void)state;
	torture("resource", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_gate_has_exact_borders),
		cmocka_unit_test(a_token_lives_as_long_as_its_audience_allows),
		cmocka_unit_test(a_tool_without_a_resource_needs_its_scope),
		cmocka_unit_test(a_resource_is_opened_by_its_subject_or_by_its_own_form),
		cmocka_unit_test(the_resource_of_arguments),
	};
	return cmocka_run_group_tests_name("hands gate", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 * hands/claims.c: what the claims of a token with a right signature may look like, and how time is judged.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ext/hands/hands.h"
#include "tests/support/torture.h"

#define TIMES "\"iat\":1700000000,\"nbf\":1700000000,\"exp\":1700000060"

static void verdict(agent_str text, const char *code)
{
	agent_error err = { 0 };
	agent_claims claims;
	agent_arena *arena = agent_arena_new(10000);
	agent_status status = agent_claims_read(text, arena, &claims, &err);
	const char *got = status == AGENT_OK ? "" : err.code;
	if (strcmp(got, code) != 0 || (status != AGENT_OK && err.domain != AGENT_DOMAIN_CRYPTO)) {
		fail_msg("%.*s: \"%s\" instead of \"%s\"", (int)(text.len < 300 ? text.len : 300), text.ptr, got, code);
	}
	agent_arena_free(arena);
}

static void all_of_them_are_read(void **state)
{
	(void)state;
	agent_error err;
	agent_claims c;
	agent_arena *arena = agent_arena_new(10000);
	assert_int_equal(agent_claims_read(AGENT_STR(" {\"iss\":\"a\",\"aud\":\"https:\\/\\/shop.example\\/tools\",\"sub\":\"wp:\\u0034\\u0032\",\"scope\":\"order:read\",\"session\":\"s\","
		"\"turn\":\"t\",\"call\":\"c\",\"dig\":\"d\",\"jti\":\"j\",\"more\":{\"sub\":\"other\",\"list\":[1,{}]}," TIMES "}\n"), arena, &c, &err), AGENT_OK);
	assert_true(agent_str_is(c.issuer, "a") && agent_str_is(c.audience, "https://shop.example/tools") && agent_str_is(c.subject, "wp:42"));
	assert_true(agent_str_is(c.scope, "order:read") && agent_str_is(c.session, "s") && agent_str_is(c.turn, "t") && agent_str_is(c.call, "c"));
	assert_true(agent_str_is(c.digest, "d") && agent_str_is(c.id, "j") && c.has_subject);
	assert_true(c.issued_s == 1700000000 && c.not_before_s == 1700000000 && c.expires_s == 1700000060);
	assert_int_equal(agent_claims_read(AGENT_STR("{" TIMES "}"), arena, &c, &err), AGENT_OK);
	assert_true(!c.has_subject && c.audience.len == 0 && c.audience.ptr != NULL);
	agent_arena_free(arena);
}

static void claims_are_one_strict_object(void **state)
{
	(void)state;
	static const char *const cases[] = {
		"{\"sub\":\"1\",\"sub\":\"2\"," TIMES "}", "{\"sub\":\"1\",\"\\u0073ub\":\"2\"," TIMES "}", "{\"s\\u0075b\":\"1\"," TIMES "}",
		"{\"x\":1,\"x\":1," TIMES "}", "{\"x\":1,\"\\u0078\":1," TIMES "}", "{" TIMES ",\"exp\":9999999999}", "{\"s\\u0000ub\":\"1\"," TIMES "}",
		"{\"sub\":\"a\\u0000b\"," TIMES "}", "{" TIMES "}{}", "{" TIMES "}x", "{" TIMES, "{" TIMES ",}", "[]", "[{" TIMES "}]", "null", "\"x\"", "7", "", " ",
		"{\"n\":NaN," TIMES "}", "{\"n\":01," TIMES "}", "{\"x\":\"\xff\"," TIMES "}", "{\"x\":\"\xed\xa0\x80\"," TIMES "}", "{\"x\":\"\\ud800\"," TIMES "}",
		"{'sub':1," TIMES "}", "{\"a\":[[[[[[[[[[[[]]]]]]]]]]]]," TIMES "}", "\xef\xbb\xbf{" TIMES "}", "{" TIMES "}//",
		"{\"sub\":1," TIMES "}", "{\"sub\":null," TIMES "}", "{\"sub\":[\"wp:1\"]," TIMES "}", "{\"sub\":{}," TIMES "}", "{\"scope\":[\"order:read\"]," TIMES "}",
		"{\"iss\":[\"agent\"]," TIMES "}", "{\"jti\":7," TIMES "}", "{\"dig\":true," TIMES "}", "{\"session\":{}," TIMES "}",
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		verdict(agent_str_cstr(cases[i]), "token_form");
	}
	verdict((agent_str){ "{" TIMES "}\0", sizeof "{" TIMES "}" }, "token_form"); /* a NUL behind it */
}

static void an_audience_is_one_string(void **state)
{
	(void)state;
	static const char *const cases[] = { "{\"aud\":[\"https://shop.example/tools\"]," TIMES "}", "{\"aud\":[\"a\",\"b\"]," TIMES "}", "{\"aud\":[]," TIMES "}",
		"{\"aud\":null," TIMES "}", "{\"aud\":{}," TIMES "}", "{\"aud\":1," TIMES "}", "{\"aud\":true," TIMES "}" };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		verdict(agent_str_cstr(cases[i]), "token_audience");
	}
}

/* Each bad value in each of the three. */
static void times_are_integers_of_seconds(void **state)
{
	(void)state;
	static const char *const bad[] = { "\"1700000000\"", "1700000000.0", "1700000000.5", "17e8", "1.7e9", "1.7E+9", "-1", "-0", "-1700000000", "null", "true", "[]", "{}",
		"[1700000000]", "9223372036854775808", "18446744073709551616", "99999999999999999999999999999999", "-9223372036854775809", "1e400", "1E-400", "0.0" };
	static const char *const names[] = { "iat", "nbf", "exp" };
	agent_buf text;
	agent_buf_init(&text, 1000);
	for (size_t n = 0; n < 3; n++) {
		for (size_t i = 0; i <= sizeof bad / sizeof *bad; i++) {
			agent_buf_reset(&text);
			agent_buf_add_lit(&text, "{\"sub\":\"1\"");
			for (size_t k = 0; k < 3; k++) {
				if (k != n) {
					agent_buf_addf(&text, ",\"%s\":1700000000", names[k]);
				} else if (i < sizeof bad / sizeof *bad) { /* else it is missing */
					agent_buf_addf(&text, ",\"%s\":%s", names[k], bad[i]);
				}
			}
			agent_buf_add_char(&text, '}');
			verdict(agent_buf_str(&text), "token_times");
		}
	}
	agent_buf_clear(&text);
	verdict(AGENT_STR("{\"iat\":0,\"nbf\":0,\"exp\":9223372036854775807}"), ""); /* an integer; whether it is plausible is judged next */
}

static void times_are_judged_without_overflow(void **state)
{
	(void)state;
	const int64_t now = 1700000000, most = INT64_MAX;
	static const struct { int64_t iat, nbf, exp; const char *code; } cases[] = {
		{ 1700000000, 1700000000, 1700000060, NULL }, { 1700000000, 1700000000, 1700000061, "too_long" }, { 1699999900, 1699999900, 1699999960, "expired" },
		{ 1699999911, 1699999911, 1699999971, NULL }, { 1699999910, 1699999910, 1699999970, "expired" }, /* 30 s of skew, not one more */
		{ 1700000030, 1700000030, 1700000060, NULL }, { 1700000031, 1700000031, 1700000060, "not_yet" }, { 1700000000, 1700000031, 1700000060, "not_yet" },
		{ 1700000000, 1700000000, 1699999999, "too_long" }, { 0, 0, INT64_MAX, "too_long" }, { INT64_MAX, 0, INT64_MAX, "too_long" },
		{ INT64_MIN, 0, INT64_MAX, "too_long" }, { 1700000000, INT64_MAX, 1700000060, "not_yet" }, { 1700000000, INT64_MIN, 1700000060, "too_long" },
		{ 1700000000, 1700000000, INT64_MIN, "too_long" }, { -1, 0, 10, "too_long" }, { 0, 0, 0, "expired" }, { 1700000000, 0, 1700000060, NULL },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *code = agent_token_time(cases[i].iat, cases[i].nbf, cases[i].exp, AGENT_TOKEN_LIFE_CALL_S, now);
		if ((code == NULL) != (cases[i].code == NULL) || (code != NULL && strcmp(code, cases[i].code) != 0)) {
			fail_msg("case %zu: %s instead of %s", i, code != NULL ? code : "accepted", cases[i].code != NULL ? cases[i].code : "accepted");
		}
	}
	assert_non_null(agent_token_time(most, most, most, AGENT_TOKEN_LIFE_S, now));
}

static void names_are_counted(void **state)
{
	(void)state;
	agent_buf text;
	agent_buf_init(&text, 100000);
	for (int count = 28; count <= 31; count++) {
		agent_buf_reset(&text);
		agent_buf_add_lit(&text, "{" TIMES);
		for (int i = 0; i < count; i++) {
			agent_buf_addf(&text, ",\"x%d\":0", i);
		}
		agent_buf_add_char(&text, '}');
		verdict(agent_buf_str(&text), count + 3 <= 32 ? "" : "token_form");
	}
	agent_buf_clear(&text);
}

static agent_status scenario(void *state, agent_error *err)
{
	(void)state;
	agent_claims claims;
	agent_arena *arena = agent_arena_new(10000);
	agent_status status = arena != NULL ? agent_claims_read(AGENT_STR("{\"sub\":\"w\\u0070:42\",\"aud\":\"\\u0061\"," TIMES "}"), arena, &claims, err)
		: agent_fail_memory(err);
	if (status == AGENT_OK && !(agent_str_is(claims.subject, "wp:42") && agent_str_is(claims.audience, "a"))) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "claims", "the claims differ");
	} else if (status != AGENT_OK && err->domain == AGENT_DOMAIN_CRYPTO) {
		agent_fail(err, AGENT_DOMAIN_INTERNAL, "verdict", "missing memory is taken for bad claims");
	}
	agent_arena_free(arena);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("claims", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_them_are_read),
		cmocka_unit_test(claims_are_one_strict_object),
		cmocka_unit_test(an_audience_is_one_string),
		cmocka_unit_test(times_are_integers_of_seconds),
		cmocka_unit_test(times_are_judged_without_overflow),
		cmocka_unit_test(names_are_counted),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

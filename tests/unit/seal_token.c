/* SPDX-License-Identifier: MIT
 * seal/token.h: a published token, and every way we know to pass off another one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ext/base/b64url.h"
#include "ext/seal/token.h"
#include "tests/support/torture.h"

#define GOOD_HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define GOOD_CLAIMS "{\"sub\":\"1\",\"exp\":1700000000}"
/* The specimen of jwt.io, key "your-256-bit-secret"; HMAC fills keys with zeros, so 32 bytes give the same.
 * */
#define SPECIMEN_SIGNED "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ"
#define SPECIMEN SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"

static const agent_key key = { "your-256-bit-secret" };

/* A token with a right signature over whatever header and claims. */
static void build(agent_buf *out, agent_str header, agent_str claims)
{
	unsigned char mac[32];
	agent_error err;
	agent_buf_reset(out);
	agent_b64url_encode(out, header);
	agent_buf_add_char(out, '.');
	agent_b64url_encode(out, claims);
	assert_int_equal(agent_hmac_sha256((agent_str){ (const char *)key.bytes, 32 }, agent_buf_str(out), mac,
		&err), AGENT_OK);
	agent_buf_add_char(out, '.');
	agent_b64url_encode(out, (agent_str){ (const char *)mac, 32 });
}

static void refused(agent_str token, const char *code)
{
	agent_error err = { 0 };
	agent_json *claims = NULL;
	agent_status status = agent_token_verify(&key, token, &claims, &err);
	if (status == AGENT_OK || err.domain != AGENT_DOMAIN_CRYPTO || strcmp(err.code, code) != 0) {
		fail_msg("%.*s: %s instead of %s", AGENT_STR_ARG(token), status == AGENT_OK ? "accepted" : err.code,
			code);
	}
	assert_null(claims);
}

static void the_published_token_is_accepted(void **state)
{
	(void)state;
	agent_error err;
	agent_json *claims = NULL;
	agent_str sub;
	int64_t iat = 0;
	assert_int_equal(agent_token_verify(&key, AGENT_STR(SPECIMEN), &claims, &err), AGENT_OK);
	assert_true(agent_json_str(agent_json_get(claims, "sub"), &sub) && agent_str_is(sub, "1234567890"));
	assert_true(agent_json_int(agent_json_get(claims, "iat"), &iat) && iat == 1516239022);
	agent_json_free(claims);
}

/* RFC 7515 A.1: its key has 64 bytes, so the signature is checked without the token layer. */
static void the_signature_of_rfc_7515_is_ours(void **state)
{
	(void)state;
	unsigned char mac[32];
	agent_error err;
	agent_buf secret, text;
	agent_buf_init(&secret, 100);
	agent_buf_init(&text, 100);
	assert_true(agent_b64url_decode(&secret,
		AGENT_STR("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")));
	assert_int_equal(agent_hmac_sha256(agent_buf_str(&secret),
		AGENT_STR("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
		"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"),
		mac, &err), AGENT_OK);
	agent_b64url_encode(&text, (agent_str){ (const char *)mac, 32 });
	assert_true(agent_str_is(agent_buf_str(&text), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
	agent_buf_clear(&secret);
	agent_buf_clear(&text);
}

static void what_was_signed_is_verified(void **state)
{
	(void)state;
	agent_key other = key;
	agent_error err;
	agent_json *claims = NULL;
	agent_buf token;
	agent_buf_init(&token, 10000);
	agent_buf_add_lit(&token, "Bearer ");
	assert_int_equal(agent_token_sign(&key, AGENT_STR(GOOD_CLAIMS), &token, &err), AGENT_OK);
	agent_str text = agent_str_from(agent_buf_str(&token), 7);
	assert_int_equal(agent_token_verify(&key, text, &claims, &err), AGENT_OK);
	agent_json_free(claims);
	other.bytes[31] ^= 1;
	assert_int_equal(agent_token_verify(&other, text, &claims, &err), AGENT_ERR);
	assert_string_equal(err.code, "token_signature");
	for (size_t i = 0; i < text.len; i++) { /* no character may be any other */
		char kept = token.ptr[7 + i];
		token.ptr[7 + i] = kept == 'A' ? 'B' : 'A';
		assert_int_equal(agent_token_verify(&key, text, &claims, &err), AGENT_ERR);
		token.ptr[7 + i] = kept;
	}
	for (size_t len = 0; len < text.len; len++) {
		assert_int_equal(agent_token_verify(&key, agent_str_cut(text, 0, len), &claims, &err), AGENT_ERR);
	}
	agent_buf_clear(&token);
}

static void a_large_token_is_neither_made_nor_read(void **state)
{
	(void)state;
	agent_error err;
	agent_buf token, claims;
	agent_buf_init(&token, 3000000);
	agent_buf_init(&claims, 3000000);
	agent_buf_add_lit(&claims, "{\"x\":\"");
	for (int i = 0; i < 3020; i++) {
		agent_buf_add_char(&claims, 'x');
	}
	agent_buf_add_lit(&claims, "\"}");
	assert_int_equal(agent_token_sign(&key, agent_buf_str(&claims), &token, &err), AGENT_ERR);
	assert_string_equal(err.code, "token_size");
	assert_int_equal(token.len, 0);
	build(&token, AGENT_STR(GOOD_HEADER), agent_buf_str(&claims));
	assert_true(token.len > AGENT_TOKEN_MAX && token.len < AGENT_TOKEN_MAX + 100);
	refused(agent_buf_str(&token), "token_size");
	agent_buf_reset(&token);
	agent_buf_add_lit(&token, SPECIMEN);
	while (token.len < 1024 * 1024) {
		agent_buf_add_lit(&token, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
	}
	refused(agent_buf_str(&token), "token_size");
	agent_buf_clear(&token);
	agent_buf_clear(&claims);
}

/* Headers with a right signature: an attacker who could sign would not need them, a confused issuer might
 * write them. */
static void a_header_holds_alg_and_typ_and_nothing_else(void **state)
{
	(void)state;
	static const struct { const char *header, *code; } cases[] = {
		{ "{\"alg\":\"none\"}", "token_alg" }, { "{\"alg\":\"None\"}", "token_alg" }, { "{\"alg\":\"NONE\"}",
			"token_alg" },
		{ "{\"alg\":\"nOnE\",\"typ\":\"JWT\"}", "token_alg" }, { "{\"alg\":\"none \"}", "token_alg" },
		{ "{\"alg\":\"\"}", "token_alg" },
		{ "{\"alg\":\"hs256\"}", "token_alg" }, { "{\"alg\":\"HS256 \"}", "token_alg" },
		{ "{\"alg\":\"HS384\"}", "token_alg" },
		{ "{\"alg\":\"HS512\"}", "token_alg" }, { "{\"alg\":\"RS256\"}", "token_alg" },
		{ "{\"alg\":\"ES256\"}", "token_alg" },
		{ "{\"alg\":\"PS256\"}", "token_alg" }, { "{\"alg\":\"EdDSA\"}", "token_alg" },
		{ "{\"alg\":\"HS2567\"}", "token_alg" },
		{ "{\"typ\":\"JWT\"}", "token_alg" }, { "{}", "token_alg" },
		{ "{\"alg\":null}", "token_form" }, { "{\"alg\":[\"HS256\"]}", "token_form" }, { "{\"alg\":256}",
		"token_form" },
		{ "{\"alg\":{\"alg\":\"HS256\"}}", "token_form" }, { "{\"alg\":true}", "token_form" },
		{ "{\"alg\":\"HS\\u003256\"}", "token_form" }, { "{\"\\u0061lg\":\"HS256\"}", "token_form" },
		{ "{\"alg\":\"HS256\\u0000\"}", "token_form" }, { "{\"Alg\":\"HS256\"}", "token_form" },
		{ "{\"alg\":\"HS256\",\"alg\":\"HS256\"}", "token_form" }, { "{\"alg\":\"none\",\"alg\":\"HS256\"}",
		"token_form" },
		{ "{\"alg\":\"HS256\",\"alg\":\"none\"}", "token_form" },
		{ "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"typ\":\"JWT\"}", "token_form" },
		{ "{\"alg\":\"HS256\",\"kid\":\"../../dev/null\"}", "token_form" },
		{ "{\"alg\":\"HS256\",\"kid\":\"' OR 1=1\"}", "token_form" },
		{ "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}}", "token_form" },
		{ "{\"alg\":\"HS256\",\"jku\":\"https://evil.example/keys\"}", "token_form" },
		{ "{\"alg\":\"HS256\",\"x5u\":\"https://evil.example/cert\"}", "token_form" },
		{ "{\"alg\":\"HS256\",\"x5c\":[\"AA\"]}", "token_form" },
		{ "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}", "token_form" }, { "{\"alg\":\"HS256\",\"crit\":[]}",
		"token_form" },
		{ "{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}", "token_form" },
		{ "{\"alg\":\"HS256\",\"zip\":\"DEF\"}", "token_form" },
		{ "{\"alg\":\"HS256\",\"cty\":\"JWT\"}", "token_form" }, { "{\"alg\":\"HS256\",\"enc\":\"A256GCM\"}",
		"token_form" },
		{ "{\"alg\":\"HS256\",\"typ\":\"JWE\"}", "token_form" }, { "{\"alg\":\"HS256\",\"typ\":\"jwt\"}",
		"token_form" },
		{ "{\"alg\":\"HS256\",\"typ\":1}", "token_form" }, { "{\"alg\":\"HS256\",\"\":\"\"}", "token_form" },
		{ "{\"alg\":\"HS256\"} ", "" }, { " {\"alg\" : \"HS256\"}", "" },
		{ "{\"typ\":\"JWT\",\"alg\":\"HS256\"}", "" },
		{ "{\"alg\":\"HS256\"}{}", "token_form" }, { "{\"alg\":\"HS256\"", "token_form" },
		{ "{\"alg\":\"HS256\",}", "token_form" },
		{ "{'alg':'HS256'}", "token_form" }, { "[\"alg\",\"HS256\"]", "token_form" }, { "\"HS256\"",
		"token_form" },
		{ "null", "token_form" }, { "1", "token_form" }, { "\xef\xbb\xbf{\"alg\":\"HS256\"}", "token_form" },
		{ "{\"alg\":\"HS256\xff\"}", "token_form" }, { "{\"alg\":\"HS256\"}\n//", "token_form" }, { " ",
		"token_form" },
	};
	agent_buf token;
	agent_buf_init(&token, 10000);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		build(&token, agent_str_cstr(cases[i].header), AGENT_STR(GOOD_CLAIMS));
		if (cases[i].code[0] != '\0') {
			refused(agent_buf_str(&token), cases[i].code);
			continue;
		}
		agent_error err; /* strict, but blanks are JSON too */
		agent_json *claims = NULL;
		assert_int_equal(agent_token_verify(&key, agent_buf_str(&token), &claims, &err), AGENT_OK);
		agent_json_free(claims);
	}
	agent_buf_clear(&token);
}

static void claims_are_one_strict_object(void **state)
{
	(void)state;
	static const char *const cases[] = { "{\"sub\":\"1\",\"sub\":\"2\"}", "{\"sub\":\"1\"}{}",
		"{\"sub\":\"1\"", "[]", "null", "\"x\"", "7",
		"{\"s\\u0000ub\":\"1\"}", "{\"n\":123456789012345678901234567890}", "{\"n\":NaN}", "{\"x\":\"\xff\"}",
		"{'sub':1}",
		"{\"a\":[[[[[[[[[[[[]]]]]]]]]]]]}", "{\"sub\":\"1\",}", " ", "{\"sub\":\"1\"}\0" };
	agent_buf token;
	agent_buf_init(&token, 10000);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_str text = agent_str_cstr(cases[i]);
		if (i + 1 == sizeof cases / sizeof *cases) {
			text.len++; /* a NUL behind the object */
		}
		build(&token, AGENT_STR(GOOD_HEADER), text);
		refused(agent_buf_str(&token), "token_form");
	}
	agent_buf_clear(&token);
}

static void segments_are_three_and_canonical(void **state)
{
	(void)state;
	static const struct { const char *token, *code; } cases[] = {
		{ "", "token_form" }, { ".", "token_form" }, { "..", "token_form" }, { "...", "token_form" },
			{ "a.b.c", "token_form" },
		{ SPECIMEN_SIGNED, "token_form" }, { SPECIMEN_SIGNED ".", "token_form" }, { "." SPECIMEN,
		"token_form" },
		{ SPECIMEN ".", "token_form" }, { SPECIMEN ".AAAA", "token_form" }, { SPECIMEN " ", "token_form" },
		{ SPECIMEN "\n", "token_form" }, { " " SPECIMEN, "token_form" }, { SPECIMEN "=", "token_form" },
		{ "Bearer " SPECIMEN, "token_form" },
		/* the last two bits */
		{ SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5d", "token_form" },
		/* the other alphabet */
		{ SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV/adQssw5c", "token_form" },
		{ SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5", "token_form" },
		{ SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5cAAAA", "token_signature" },
		{ SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5cA", "token_signature" },
		{ SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpA", "token_signature" },                   /* truncated */
		{ SPECIMEN_SIGNED ".AA", "token_signature" },
		{ SPECIMEN_SIGNED ".AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "token_signature" },
		/* reordered */
		{ "eyJzdWIiOiIxIn0.eyJhbGciOiJIUzI1NiJ9.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "token_form" },
		{ "eyJhbGciOiJIUzI1NiJ9..SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "token_form" },
		{ "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "token_form" }, { "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.AA",
		"token_alg" },
		{ "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIyIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
		"token_signature" },
		{ "eyJhbGciOiJIUzI1NiJ8.eyJzdWIiOiIyIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "token_form" },
		{ "eyJhbGciOiJIUzI1NiJ9.!!!!.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "token_signature" },
		/* JSON serialisation */
		{ "{\"payload\":\"e30\",\"signatures\":[]}", "token_form" },
		/* an encrypted token's five */
		{ "a.b.c.d.e", "token_form" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		refused(agent_str_cstr(cases[i].token), cases[i].code);
	}
	refused((agent_str){ SPECIMEN "\0", sizeof SPECIMEN }, "token_form");
	/* claims that were signed although they are no base64url are still not read */
	unsigned char mac[32];
	agent_error err;
	agent_buf token;
	agent_buf_init(&token, 1000);
	agent_buf_add_lit(&token, "eyJhbGciOiJIUzI1NiJ9.e30=");
	assert_int_equal(agent_hmac_sha256((agent_str){ (const char *)key.bytes, 32 }, agent_buf_str(&token), mac,
		&err), AGENT_OK);
	agent_buf_add_char(&token, '.');
	agent_b64url_encode(&token, (agent_str){ (const char *)mac, 32 });
	refused(agent_buf_str(&token), "token_form");
	agent_buf_clear(&token);
}

static agent_status scenario(void *state, agent_error *err)
{
	(void)state;
	agent_buf token;
	agent_json *claims = NULL;
	agent_str sub = AGENT_STR_EMPTY;
	agent_buf_init(&token, 1000);
	agent_status status = agent_token_sign(&key, AGENT_STR(GOOD_CLAIMS), &token, err);
	if (status == AGENT_OK) {
		status = agent_token_verify(&key, agent_buf_str(&token), &claims, err);
	}
	if (status == AGENT_OK && !(agent_json_str(agent_json_get(claims, "sub"), &sub)
		&& agent_str_is(sub, "1"))) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "claims", "the claims differ");
	}
	if (status != AGENT_OK && err->domain == AGENT_DOMAIN_CRYPTO && strncmp(err->code, "token", 5) == 0) {
		agent_fail(err, AGENT_DOMAIN_INTERNAL, "verdict", "missing memory is taken for a bad token");
	}
	agent_json_free(claims);
	agent_buf_clear(&token);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("token", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_token_is_accepted),
		cmocka_unit_test(the_signature_of_rfc_7515_is_ours),
		cmocka_unit_test(what_was_signed_is_verified),
		cmocka_unit_test(a_large_token_is_neither_made_nor_read),
		cmocka_unit_test(a_header_holds_alg_and_typ_and_nothing_else),
		cmocka_unit_test(claims_are_one_strict_object),
		cmocka_unit_test(segments_are_three_and_canonical),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

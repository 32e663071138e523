/* SPDX-License-Identifier: MIT
 * contract/config_backend.c: audience, issuer, algorithm, key and key_set of the configuration, strict and with pointers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ext/contract/config.h"
#include "tests/support/torture.h"

#define X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define JWK(more) "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" X "\"," more "}"
#define SET(keys) "{\"audience\":\"a\",\"key_set\":{\"keys\":[" keys "]}}"

static agent_status read_backend(const char *backend, agent_config **out, agent_error *err)
{
	agent_buf text;
	agent_buf_init(&text, 100000);
	agent_buf_add_lit(&text, "{\"site\":\"s\",\"backend\":");
	agent_buf_add(&text, agent_str_cstr(backend));
	agent_buf_add_char(&text, '}');
	agent_status status = agent_buf_check(&text, "the text", err);
	if (status == AGENT_OK) {
		status = agent_config_read(agent_buf_str(&text), out, err);
	}
	agent_buf_clear(&text);
	return status;
}

static agent_config *accepted(const char *backend)
{
	agent_error err;
	agent_config *config = NULL;
	if (read_backend(backend, &config, &err) != AGENT_OK) {
		fail_msg("%s: %s", backend, err.message);
	}
	return config;
}

static void what_is_accepted(void **state)
{
	(void)state;
	agent_config *config = accepted("{\"audience\":\"a\"}");
	assert_true(config->backend_algorithm == AGENT_TOKEN_HS256 && config->backend_key_count == 0 && config->backend_key.source == AGENT_SECRET_NONE);
	agent_config_free(config);
	config = accepted("{\"audience\":\"a\",\"algorithm\":\"EdDSA\"}");
	assert_true(config->backend_algorithm == AGENT_TOKEN_EDDSA);
	agent_config_free(config);
	config = accepted("{\"audience\":\"a\",\"algorithm\":\"HS256\",\"key\":{\"env\":\"K\"}}");
	assert_true(config->backend_algorithm == AGENT_TOKEN_HS256 && config->backend_key.source == AGENT_SECRET_ENV);
	agent_config_free(config);
	config = accepted(SET(JWK("\"kid\":\"one\",\"alg\":\"EdDSA\",\"use\":\"sig\",\"key_ops\":[\"verify\"]") "," JWK("\"kid\":\"a/b+c=:~\"")));
	assert_true(config->backend_algorithm == AGENT_TOKEN_EDDSA && config->backend_key_count == 2);
	assert_true(agent_str_is(config->backend_keys[0].kid, "one") && agent_str_is(config->backend_keys[1].kid, "a/b+c=:~"));
	assert_int_equal(config->backend_keys[0].point[0], 0xd7);
	assert_int_equal(config->backend_keys[0].point[31], 0x1a);
	agent_config_free(config);
	agent_config_free(accepted("{\"audience\":\"a\",\"algorithm\":\"EdDSA\",\"key_set\":{\"keys\":[" JWK("\"kid\":\"k\"") "]}}"));
}

static void what_is_refused(void **state)
{
	(void)state;
	static const struct { const char *backend, *code, *begin; } cases[] = {
		{ "{\"audience\":\"a\",\"algorithm\":\"none\"}", "rule", "/backend/algorithm: " }, { "{\"audience\":\"a\",\"algorithm\":\"hs256\"}", "rule", "/backend/algorithm: " },
		{ "{\"audience\":\"a\",\"algorithm\":\"RS256\"}", "rule", "/backend/algorithm: " }, { "{\"audience\":\"a\",\"algorithm\":1}", "type", "/backend/algorithm: " },
		{ "{\"audience\":\"a\",\"algorithms\":[\"EdDSA\"]}", "unknown_member", "/backend/algorithms: " }, { "{\"audience\":\"a\",\"jwks\":{}}", "unknown_member", "/backend/jwks: " },
		{ "{\"audience\":\"a\",\"jwks_uri\":\"https://x.example\"}", "unknown_member", "/backend/jwks_uri: " }, { "{\"algorithm\":\"EdDSA\"}", "required", "/backend/audience: " },
		{ "{\"audience\":\"a\",\"key\":\"secret\"}", "type", "/backend/key: " },
		{ "{\"audience\":\"a\",\"algorithm\":\"HS256\",\"key_set\":{\"keys\":[" JWK("\"kid\":\"k\"") "]}}", "rule", "/backend/algorithm: " },
		{ "{\"audience\":\"a\",\"key\":{\"env\":\"K\"},\"key_set\":{\"keys\":[" JWK("\"kid\":\"k\"") "]}}", "rule", "/backend/key_set: " },
		{ "{\"audience\":\"a\",\"key_set\":[]}", "type", "/backend/key_set: " }, { "{\"audience\":\"a\",\"key_set\":null}", "type", "/backend/key_set: " },
		{ "{\"audience\":\"a\",\"key_set\":{}}", "range", "/backend/key_set/keys: " }, { "{\"audience\":\"a\",\"key_set\":{\"keys\":{}}}", "range", "/backend/key_set/keys: " },
		{ "{\"audience\":\"a\",\"key_set\":{\"keys\":[],\"more\":1}}", "unknown_member", "/backend/key_set/more: " },
		{ SET(""), "range", "/backend/key_set/keys: " }, { SET("1"), "type", "/backend/key_set/keys/0: " }, { SET("[]"), "type", "/backend/key_set/keys/0: " },
		{ SET("null"), "type", "/backend/key_set/keys/0: " },
		/* a private half, and a shared secret, told as what they are */
		{ SET(JWK("\"kid\":\"k\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"")), "private_key", "/backend/key_set/keys/0/d: " },
		{ SET("{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"AAAA\"}"), "private_key", "/backend/key_set/keys/0/k: " },
		{ SET("{\"kty\":\"RSA\",\"n\":\"AA\",\"e\":\"AQAB\",\"d\":\"AA\"}"), "private_key", "/backend/key_set/keys/0/d: " },
		/* members, their values */
		{ SET("{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"AA\",\"e\":\"AQAB\"}"), "unknown_member", "/backend/key_set/keys/0/n: " },
		{ SET("{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k\",\"x\":\"" X "\"}"), "rule", "/backend/key_set/keys/0/kty: " },
		{ SET("{\"kty\":\"okp\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"" X "\"}"), "rule", "/backend/key_set/keys/0/kty: " },
		{ SET("{\"kty\":\"OKP\",\"crv\":\"Ed448\",\"kid\":\"k\",\"x\":\"" X "\"}"), "rule", "/backend/key_set/keys/0/crv: " },
		{ SET("{\"kty\":\"OKP\",\"crv\":\"X25519\",\"kid\":\"k\",\"x\":\"" X "\"}"), "rule", "/backend/key_set/keys/0/crv: " },
		{ SET("{\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"" X "\"}"), "required", "/backend/key_set/keys/0/kty: " },
		{ SET("{\"kty\":\"OKP\",\"kid\":\"k\",\"x\":\"" X "\"}"), "required", "/backend/key_set/keys/0/crv: " },
		{ SET("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" X "\"}"), "required", "/backend/key_set/keys/0/kid: " },
		{ SET("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\"}"), "required", "/backend/key_set/keys/0/x: " },
		{ SET(JWK("\"kid\":\"k\",\"alg\":\"HS256\"")), "rule", "/backend/key_set/keys/0/alg: " }, { SET(JWK("\"kid\":\"k\",\"alg\":\"none\"")), "rule", "/backend/key_set/keys/0/alg: " },
		{ SET(JWK("\"kid\":\"k\",\"use\":\"enc\"")), "rule", "/backend/key_set/keys/0/use: " }, { SET(JWK("\"kid\":\"k\",\"key_ops\":[\"sign\"]")), "rule", "/backend/key_set/keys/0/key_ops/0: " },
		{ SET(JWK("\"kid\":\"k\",\"key_ops\":[\"verify\",\"sign\"]")), "type", "/backend/key_set/keys/0/key_ops: " },
		{ SET(JWK("\"kid\":\"k\",\"x5u\":\"https://evil.example\"")), "unknown_member", "/backend/key_set/keys/0/x5u: " },
		{ SET(JWK("\"kid\":\"\"")), "range", "/backend/key_set/keys/0/kid: " }, { SET(JWK("\"kid\":\"a b\"")), "rule", "/backend/key_set/keys/0/kid: " },
		{ SET(JWK("\"kid\":\"\\u00e4\"")), "rule", "/backend/key_set/keys/0/kid: " }, { SET(JWK("\"kid\":7")), "type", "/backend/key_set/keys/0/kid: " },
		{ SET(JWK("\"kid\":\"k\"") "," JWK("\"kid\":\"l\"") "," JWK("\"kid\":\"k\"")), "duplicate", "/backend/key_set/keys/2/kid: " },
		{ SET("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"" X "=\"}"), "rule", "/backend/key_set/keys/0/x: " },
		{ SET("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"), "rule", "/backend/key_set/keys/0/x: " },
		{ SET("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURp\"}"), "rule", "/backend/key_set/keys/0/x: " },
		{ SET("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUR\"}"), "rule", "/backend/key_set/keys/0/x: " },
		{ SET("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"\"}"), "range", "/backend/key_set/keys/0/x: " },
		{ SET("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"" X "\",\"x\":\"" X "\"}"), "duplicate_key", "the configuration: " },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_error err = { 0 };
		agent_config *config = NULL;
		if (read_backend(cases[i].backend, &config, &err) == AGENT_OK) {
			fail_msg("%s: accepted", cases[i].backend);
		}
		if (err.domain != AGENT_DOMAIN_CONFIG || strcmp(err.code, cases[i].code) != 0 || strncmp(err.message, cases[i].begin, strlen(cases[i].begin)) != 0) {
			fail_msg("%s: %s, %s", cases[i].backend, err.code, err.message);
		}
	}
}

static void a_set_has_at_most_sixteen_keys(void **state)
{
	(void)state;
	agent_error err;
	agent_buf text;
	agent_buf_init(&text, 100000);
	for (int count = 16; count <= 17; count++) {
		agent_config *config = NULL;
		agent_buf_reset(&text);
		agent_buf_add_lit(&text, "{\"audience\":\"a\",\"key_set\":{\"keys\":[");
		for (int i = 0; i < count; i++) {
			agent_buf_addf(&text, "%s{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" X "\",\"kid\":\"k%d\"}", i > 0 ? "," : "", i);
		}
		agent_buf_add_lit(&text, "]}}");
		agent_buf_add_char(&text, '\0');
		assert_int_equal(read_backend(text.ptr, &config, &err) == AGENT_OK, count == 16);
		agent_config_free(config);
	}
	assert_string_equal(err.code, "range");
	agent_buf_clear(&text);
}

static agent_status scenario(void *state, agent_error *err)
{
	(void)state;
	agent_config *config = NULL;
	agent_status status = read_backend(SET(JWK("\"kid\":\"k\",\"key_ops\":[\"verify\"]") "," JWK("\"kid\":\"l\"")), &config, err);
	if (status == AGENT_OK && config->backend_key_count != 2) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "count", "a key is missing");
	} else if (status != AGENT_OK && err->domain == AGENT_DOMAIN_CONFIG) {
		agent_fail(err, AGENT_DOMAIN_INTERNAL, "verdict", "missing memory is taken for a bad key set");
	}
	agent_config_free(config);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("key set", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_accepted),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(a_set_has_at_most_sixteen_keys),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

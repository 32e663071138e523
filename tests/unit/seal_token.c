/* SPDX-License-Identifier: MIT
 * seal/token.h and keyset.h: published tokens, what was signed, which key is picked, what is no key.
 * What attackers send is in seal_token_attacks.c. */
#include "tests/unit/seal_support.h"

static void published_hs256_is_accepted(void **state)
{
	(void)state;
	agent_error err;
	agent_buf claims;
	agent_keyset *set = secret_set(AGENT_STR_EMPTY, SECRET);
	agent_buf_init(&claims, 1000);
	assert_int_equal(agent_token_verify(set, AGENT_STR(SPECIMEN), &claims, &err), AGENT_OK);
	assert_true(agent_str_is(agent_buf_str(&claims), "{\"sub\":\"1234567890\",\"name\":\"John Doe\",\"iat\":1516239022}"));
	agent_buf_clear(&claims);
	agent_keyset_free(set);
}

/* RFC 7515 A.1, whose key has 64 bytes: as a token, with a line break in its header and without a kid. */
static void rfc_7515_is_accepted(void **state)
{
	(void)state;
	unsigned char secret[64];
	assert_true(agent_b64url_get(secret, AGENT_STR("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")));
	agent_keyset *set = secret_set(AGENT_STR_EMPTY, (agent_str){ (const char *)secret, 64 });
	verdict(set, AGENT_STR("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
		"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
		"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "");
	agent_keyset_free(set);
}

static void rfc_8037_is_accepted_and_its_thumbprint_ours(void **state)
{
	(void)state;
	char thumbprint[43];
	agent_error err;
	agent_keyset *set = public_set(AGENT_STR("k"));
	verdict(set, AGENT_STR("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
		"hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"), "");
	assert_int_equal(agent_ed25519_thumbprint(&set->keys[0], thumbprint, &err), AGENT_OK);
	assert_memory_equal(thumbprint, THUMBPRINT, 43);
	agent_keyset_free(set);
}

/* A PEM file as `openssl genpkey -algorithm ed25519` writes it, of the key of RFC 8037. */
static void a_pem_key_signs_what_its_public_half_verifies(void **state)
{
	(void)state;
	agent_error err;
	agent_buf token;
	agent_keyset *set = agent_keyset_new();
	agent_buf_init(&token, 1000);
	assert_int_equal(agent_keyset_add_pem(set, AGENT_STR("-----BEGIN PRIVATE KEY-----\n"
		"MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----"), true, &err), AGENT_OK);
	assert_int_equal(agent_token_sign(set, AGENT_STR(GOOD_CLAIMS), &token, &err), AGENT_OK);
	agent_keyset *other = public_set(AGENT_STR(THUMBPRINT));
	verdict(other, agent_buf_str(&token), "");
	agent_keyset_free(other);
	other = public_set(AGENT_STR("k"));
	verdict(other, agent_buf_str(&token), "token_kid");
	agent_keyset_free(other);
	agent_keyset_free(set);
	agent_buf_clear(&token);
	/* the form that holds the public key, too */
	set = agent_keyset_new();
	assert_int_equal(agent_keyset_add_pem(set, AGENT_STR("-----BEGIN PRIVATE KEY-----\r\nMFECAQEwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\r\n"
		"gSEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\r\n-----END PRIVATE KEY-----\r\n\r\n"), true, &err), AGENT_OK);
	agent_keyset_free(set);
}

/* No character of a token may be any other, none may be missing; another key does not open it. */
static void only_this(const agent_keyset *set, const agent_keyset *foreign)
{
	agent_error err;
	agent_buf token, claims;
	agent_buf_init(&token, 10000);
	agent_buf_init(&claims, 10000);
	agent_buf_add_lit(&token, "Bearer ");
	assert_int_equal(agent_token_sign(set, AGENT_STR(GOOD_CLAIMS), &token, &err), AGENT_OK);
	agent_str text = agent_str_from(agent_buf_str(&token), 7);
	verdict(set, text, "");
	verdict(foreign, text, "token_signature");
	for (size_t i = 0; i < text.len; i++) {
		char kept = token.ptr[7 + i];
		token.ptr[7 + i] = kept == 'A' ? 'B' : 'A';
		assert_int_equal(agent_token_verify(set, text, &claims, &err), AGENT_ERR);
		token.ptr[7 + i] = kept;
	}
	for (size_t len = 0; len < text.len; len++) {
		assert_int_equal(agent_token_verify(set, agent_str_cut(text, 0, len), &claims, &err), AGENT_ERR);
	}
	assert_int_equal(claims.len, 0);
	assert_int_equal(ERR_peek_error(), 0);
	agent_buf_clear(&claims);
	agent_buf_clear(&token);
}

static void what_was_signed_is_verified(void **state)
{
	(void)state;
	agent_error err;
	unsigned char seed[33];
	agent_keyset *a = secret_set(AGENT_STR_EMPTY, SECRET), *b = secret_set(AGENT_STR_EMPTY, OTHER_SECRET);
	only_this(a, b);
	agent_keyset_free(a);
	agent_keyset_free(b);
	a = seed_set(AGENT_STR("k"));
	b = agent_keyset_new();
	bytes_of(SEED_TEXT, seed);
	seed[0] ^= 1;
	assert_int_equal(agent_keyset_add_seed(b, AGENT_STR("k"), seed, true, &err), AGENT_OK);
	only_this(a, b);
	agent_keyset_free(a);
	agent_keyset_free(b);
}

static agent_keyset *two_keys(bool first_signs)
{
	agent_error err;
	agent_keyset *set = agent_keyset_new();
	assert_int_equal(agent_keyset_add_secret(set, AGENT_STR("one"), SECRET, first_signs, &err), AGENT_OK);
	assert_int_equal(agent_keyset_add_secret(set, AGENT_STR("two"), OTHER_SECRET, !first_signs, &err), AGENT_OK);
	return set;
}

static void one_key_signs_all_verify_and_the_kid_picks(void **state)
{
	(void)state;
	agent_error err;
	agent_buf token;
	agent_buf_init(&token, 1000);
	agent_keyset *first = two_keys(true), *second = two_keys(false), *alone = secret_set(AGENT_STR("two"), OTHER_SECRET);
	assert_int_equal(agent_token_sign(first, AGENT_STR(GOOD_CLAIMS), &token, &err), AGENT_OK);
	verdict(first, agent_buf_str(&token), "");
	verdict(second, agent_buf_str(&token), "");
	verdict(alone, agent_buf_str(&token), "token_kid"); /* "one" has retired */
	assert_true(agent_str_is(agent_token_kid(second, agent_buf_str(&token)), "one"));
	assert_int_equal(agent_token_kid(alone, agent_buf_str(&token)).len, 0);
	agent_buf_reset(&token);
	assert_int_equal(agent_token_sign(second, AGENT_STR(GOOD_CLAIMS), &token, &err), AGENT_OK);
	verdict(first, agent_buf_str(&token), "");
	verdict(alone, agent_buf_str(&token), "");
	/* without a kid: only where there is no choice */
	build_hmac(&token, AGENT_STR("{\"alg\":\"HS256\"}"), AGENT_STR(GOOD_CLAIMS), OTHER_SECRET);
	verdict(alone, agent_buf_str(&token), "");
	assert_true(agent_str_is(agent_token_kid(alone, agent_buf_str(&token)), "two"));
	verdict(second, agent_buf_str(&token), "token_kid");
	/* the right kid, signed with the other key of the set */
	build_hmac(&token, AGENT_STR("{\"alg\":\"HS256\",\"kid\":\"one\"}"), AGENT_STR(GOOD_CLAIMS), OTHER_SECRET);
	verdict(first, agent_buf_str(&token), "token_signature");
	agent_keyset *none = agent_keyset_new();
	verdict(none, agent_buf_str(&token), "token_kid");
	verdict(none, AGENT_STR(SPECIMEN), "token_kid");
	agent_keyset_free(none);
	agent_keyset_free(alone);
	agent_keyset_free(second);
	agent_keyset_free(first);
	agent_buf_clear(&token);
}

static void who_holds_public_keys_signs_nothing(void **state)
{
	(void)state;
	agent_error err;
	agent_buf token;
	agent_buf_init(&token, 1000);
	agent_keyset *set = public_set(AGENT_STR("k"));
	assert_false(agent_keyset_signs(set));
	assert_int_equal(agent_token_sign(set, AGENT_STR(GOOD_CLAIMS), &token, &err), AGENT_ERR);
	assert_string_equal(err.code, "token_key");
	assert_int_equal(token.len, 0);
	agent_keyset_free(set);
}

static void key_sets_are_published_without_secrets(void **state)
{
	(void)state;
	agent_buf out;
	agent_buf_init(&out, 1000);
	agent_keyset *set = two_keys(true);
	agent_keyset_public(set, &out);
	assert_true(agent_str_is(agent_buf_str(&out), "{\"keys\":[]}"));
	agent_keyset_free(set);
	set = seed_set(AGENT_STR("k-1"));
	agent_buf_reset(&out);
	agent_keyset_public(set, &out);
	assert_true(agent_str_is(agent_buf_str(&out),
		"{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k-1\",\"alg\":\"EdDSA\",\"use\":\"sig\",\"x\":\"" POINT_TEXT "\"}]}"));
	agent_keyset_free(set);
	agent_buf_clear(&out);
}

static void not_added(agent_keyset *set, agent_status status, const agent_error *err, const char *code, const char *what)
{
	if (status == AGENT_OK || strcmp(err->code, code) != 0) {
		fail_msg("%s: %s instead of %s", what, status == AGENT_OK ? "added" : err->code, code);
	}
	assert_int_equal(agent_keyset_count(set), 0);
	assert_int_equal(ERR_peek_error(), 0);
}

static void what_is_no_secret_is_refused(void **state)
{
	(void)state;
	static const char *const weak[] = { "", "short", "31 bytes are one byte too few..",
		"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n",
		"# a comment before it\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
		"ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTY",
		"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" POINT_TEXT "\"}" };
	agent_keyset *set = agent_keyset_new();
	agent_error err;
	for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) {
		not_added(set, agent_keyset_add_secret(set, AGENT_STR("k"), agent_str_cstr(weak[i]), true, &err), &err, "key_weak", weak[i]);
	}
	static const char *const kids[] = { "a b", "a\"", "a\\", "\x7f", "\n", "\xc3\xa4" };
	for (size_t i = 0; i < sizeof kids / sizeof *kids; i++) {
		not_added(set, agent_keyset_add_secret(set, agent_str_cstr(kids[i]), SECRET, true, &err), &err, "key_kid", kids[i]);
	}
	char kid[AGENT_KID_MAX + 1];
	memset(kid, 'k', sizeof kid);
	not_added(set, agent_keyset_add_secret(set, (agent_str){ kid, sizeof kid }, SECRET, true, &err), &err, "key_kid", "long");
	not_added(set, agent_keyset_add_secret(set, (agent_str){ "a\0b", 3 }, SECRET, true, &err), &err, "key_kid", "NUL");
	assert_int_equal(agent_keyset_add_secret(set, (agent_str){ kid, sizeof kid - 1 }, SECRET, true, &err), AGENT_OK);
	agent_keyset_free(set);
}

static void what_is_no_private_key_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = { "", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
		"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n",
		/* X25519 */
		"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n",
		/* cut, and with a byte more */
		"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn\n-----END PRIVATE KEY-----\n",
		"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9gAA==\n-----END PRIVATE KEY-----\n",
		"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\nmore",
		/* its public half is another key's */
		"-----BEGIN PRIVATE KEY-----\nMFECAQEwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9ggSEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
		"-----END PRIVATE KEY-----\n",
		"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAg\n-----END ENCRYPTED PRIVATE KEY-----\n",
		"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"" SEED_TEXT "\",\"x\":\"" POINT_TEXT "\"}", "secret of thirty-two bytes or so, at the least" };
	agent_keyset *set = agent_keyset_new();
	agent_error err;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		not_added(set, agent_keyset_add_pem(set, agent_str_cstr(texts[i]), true, &err), &err, "key_form", texts[i]);
	}
	agent_keyset_free(set);
}

/* Under a point of small order, or one that is not reduced, OpenSSL accepts signatures that nobody made. */
static void points_that_are_no_keys_are_refused(void **state)
{
	(void)state;
	static const char *const points[] = { "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA",
		"7P_______________________________________38", "7P________________________________________8",
		"7f_______________________________________38", "7v_______________________________________38",
		"7____________________________________________3", "_________________________________________38",
		"JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU", "JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_IU",
		"xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o", "xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA_o" };
	agent_keyset *set = agent_keyset_new();
	agent_error err;
	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		unsigned char point[64];
		if (strlen(points[i]) == 43 && agent_b64url_get(point, agent_str_cstr(points[i]))) {
			not_added(set, agent_keyset_add_public(set, AGENT_STR("k"), point, &err), &err, "key_weak", points[i]);
		} else {
			assert_int_equal(i, 8); /* no base64url of 32 bytes */
		}
	}
	agent_keyset_free(set);
}

static void sets_have_bounds(void **state)
{
	(void)state;
	agent_error err;
	agent_keyset *set = secret_set(AGENT_STR_EMPTY, SECRET);
	assert_int_equal(agent_keyset_add_secret(set, AGENT_STR("two"), SECRET, false, &err), AGENT_ERR); /* the first has no kid */
	assert_string_equal(err.code, "key_kid");
	agent_keyset_free(set);
	set = secret_set(AGENT_STR("one"), SECRET);
	assert_int_equal(agent_keyset_add_secret(set, AGENT_STR("one"), OTHER_SECRET, false, &err), AGENT_ERR);
	assert_string_equal(err.code, "key_kid");
	assert_int_equal(agent_keyset_add_secret(set, AGENT_STR("two"), OTHER_SECRET, true, &err), AGENT_ERR); /* two would sign */
	assert_string_equal(err.code, "key_count");
	for (int i = 1; i < AGENT_KEYSET_MAX; i++) {
		char kid[16];
		snprintf(kid, sizeof kid, "k%d", i);
		assert_int_equal(agent_keyset_add_secret(set, agent_str_cstr(kid), OTHER_SECRET, false, &err), AGENT_OK);
	}
	assert_int_equal(agent_keyset_add_secret(set, AGENT_STR("more"), OTHER_SECRET, false, &err), AGENT_ERR);
	assert_string_equal(err.code, "key_count");
	assert_int_equal(agent_keyset_count(set), AGENT_KEYSET_MAX);
	agent_keyset_free(set);
	agent_keyset_free(NULL);
}

static void a_large_token_is_not_made(void **state)
{
	(void)state;
	agent_error err;
	agent_buf token, claims;
	agent_buf_init(&token, 100000);
	agent_buf_init(&claims, 100000);
	agent_keyset *sets[] = { secret_set(AGENT_STR("k"), SECRET), seed_set(AGENT_STR("k")) };
	for (size_t i = 0; i < 2; i++) {
		agent_buf_reset(&claims);
		size_t most = 0;
		for (;; agent_buf_add_char(&claims, 'x')) {
			agent_buf_reset(&token);
			if (agent_token_sign(sets[i], agent_buf_str(&claims), &token, &err) != AGENT_OK) {
				break;
			}
			most = token.len;
		}
		assert_string_equal(err.code, "token_size");
		assert_int_equal(token.len, 0);
		assert_true(most > AGENT_TOKEN_MAX - 3 && most <= AGENT_TOKEN_MAX);
		agent_keyset_free(sets[i]);
	}
	agent_buf_clear(&claims);
	agent_buf_clear(&token);
}

/* A secret longer than HMAC's block is its digest, as the standard says. */
static void long_secrets_are_hmac_s(void **state)
{
	(void)state;
	char secret[300];
	agent_buf token;
	agent_buf_init(&token, 1000);
	for (size_t len = 60; len < sizeof secret; len += 1 + len / 20) {
		memset(secret, (int)('a' + len % 26), sizeof secret);
		agent_keyset *set = secret_set(AGENT_STR_EMPTY, (agent_str){ secret, len });
		build_hmac(&token, AGENT_STR("{\"alg\":\"HS256\"}"), AGENT_STR(GOOD_CLAIMS), (agent_str){ secret, len });
		verdict(set, agent_buf_str(&token), "");
		agent_keyset_free(set);
	}
	agent_buf_clear(&token);
}

typedef agent_status add_key(agent_keyset *set, agent_error *err);

static agent_status add_hmac(agent_keyset *set, agent_error *err)
{
	agent_status status = agent_keyset_add_secret(set, AGENT_STR("old"), OTHER_SECRET, false, err);
	return status == AGENT_OK ? agent_keyset_add_secret(set, AGENT_STR("new"), SECRET, true, err) : status;
}

static agent_status add_pem(agent_keyset *set, agent_error *err)
{
	return agent_keyset_add_pem(set, AGENT_STR("-----BEGIN PRIVATE KEY-----\n"
		"MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n"), true, err);
}

static agent_status scenario(void *state, agent_error *err)
{
	add_key *const *add = state;
	agent_buf token, claims, public;
	agent_keyset *set = agent_keyset_new();
	agent_buf_init(&token, 1000);
	agent_buf_init(&claims, 1000);
	agent_buf_init(&public, 1000);
	agent_status status = set != NULL ? (*add)(set, err) : agent_fail_memory(err);
	if (status == AGENT_OK) {
		status = agent_token_sign(set, AGENT_STR(GOOD_CLAIMS), &token, err);
	}
	if (status == AGENT_OK) {
		status = agent_token_verify(set, agent_buf_str(&token), &claims, err);
	}
	if (status == AGENT_OK && !agent_str_is(agent_buf_str(&claims), GOOD_CLAIMS)) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "claims", "the claims differ");
	}
	if (status == AGENT_OK) {
		agent_keyset_public(set, &public);
		status = agent_buf_check(&public, "the set", err);
	}
	bool told = *add == add_pem && strcmp(err->code, "token_signature") == 0; /* keyset_own.h says why */
	if (status != AGENT_OK && err->domain == AGENT_DOMAIN_CRYPTO && strcmp(err->code, "openssl") != 0 && !told) {
		agent_fail(err, AGENT_DOMAIN_INTERNAL, "verdict", "missing memory is taken for a bad token or key");
	}
	if (ERR_peek_error() != 0) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "queue", "the library's queue is not empty");
	}
	agent_keyset_free(set);
	agent_buf_clear(&public);
	agent_buf_clear(&claims);
	agent_buf_clear(&token);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	add_key *hmac = add_hmac, *pem = add_pem;
	torture("HS256", scenario, &hmac);
	torture("EdDSA", scenario, &pem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_hs256_is_accepted),
		cmocka_unit_test(rfc_7515_is_accepted),
		cmocka_unit_test(rfc_8037_is_accepted_and_its_thumbprint_ours),
		cmocka_unit_test(a_pem_key_signs_what_its_public_half_verifies),
		cmocka_unit_test(what_was_signed_is_verified),
		cmocka_unit_test(one_key_signs_all_verify_and_the_kid_picks),
		cmocka_unit_test(who_holds_public_keys_signs_nothing),
		cmocka_unit_test(key_sets_are_published_without_secrets),
		cmocka_unit_test(what_is_no_secret_is_refused),
		cmocka_unit_test(what_is_no_private_key_is_refused),
		cmocka_unit_test(points_that_are_no_keys_are_refused),
		cmocka_unit_test(sets_have_bounds),
		cmocka_unit_test(a_large_token_is_not_made),
		cmocka_unit_test(long_secrets_are_hmac_s),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

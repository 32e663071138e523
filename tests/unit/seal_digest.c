/* SPDX-License-Identifier: MIT
 * seal/: digests, keyed digests, derived keys and sealed values, by published vectors.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <openssl/err.h>

#include "ext/seal/seal.h"
#include "tests/support/torture.h"

static agent_str repeated(char *room, char c, size_t len)
{
	memset(room, c, len);
	return (agent_str){ room, len };
}

static void assert_hex(const unsigned char *bytes, size_t len, const char *hex)
{
	agent_buf text;
	agent_buf_init(&text, 1000);
	for (size_t i = 0; i < len; i++) {
		agent_buf_addf(&text, "%02x", bytes[i]);
	}
	agent_buf_add_char(&text, '\0');
	assert_string_equal(text.ptr, hex);
	agent_buf_clear(&text);
}

static void sha256_gives_the_published_digests(void **state)
{
	(void)state;
	agent_error err;
	char hex[65];
	assert_int_equal(agent_sha256_hex(AGENT_STR("abc"), hex, &err), AGENT_OK);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(agent_sha256_hex(AGENT_STR_EMPTY, hex, &err), AGENT_OK);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_non_null(strstr(agent_seal_version(), "OpenSSL"));
}

static void hmac_gives_the_vectors_of_rfc_4231(void **state)
{
	(void)state;
	char key[200], data[200];
	unsigned char mac[32];
	agent_error err;
	const struct { agent_str key, data; const char *mac; } cases[] = {
		{ repeated(key, '\x0b', 20), AGENT_STR("Hi There"),
			"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
		{ AGENT_STR("Jefe"), AGENT_STR("what do ya want for nothing?"),
			"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
		{ AGENT_STR_EMPTY, AGENT_STR_EMPTY,
		"b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(agent_hmac_sha256(cases[i].key, cases[i].data, mac, &err), AGENT_OK);
		assert_hex(mac, 32, cases[i].mac);
	}
	assert_int_equal(agent_hmac_sha256(repeated(key, '\xaa', 20), repeated(data, '\xdd', 50), mac, &err),
		AGENT_OK);
	assert_hex(mac, 32, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	assert_int_equal(agent_hmac_sha256(repeated(key, '\xaa', 131),
		AGENT_STR("Test Using Larger Than Block-Size Key - Hash Key First"), mac, &err), AGENT_OK);
	assert_hex(mac, 32, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void derived_key_gives_case_3_of_rfc_5869(void **state)
{
	(void)state;
	char secret[22];
	agent_key a, b;
	agent_error err;
	assert_int_equal(agent_key_derive(repeated(secret, '\x0b', 22), AGENT_STR_EMPTY, &a, &err), AGENT_OK);
	assert_hex(a.bytes, 32, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
	assert_int_equal(agent_key_derive(repeated(secret, '\x0b', 22), AGENT_STR("other"), &b, &err), AGENT_OK);
	assert_memory_not_equal(a.bytes, b.bytes, 32);
}

static void a_sealed_value_opens_with_its_key_and_name_only(void **state)
{
	(void)state;
	agent_key key = { { 7 } };
	agent_key other = { { 8 } };
	agent_error err;
	agent_buf sealed, again, text;
	agent_buf_init(&sealed, 1000);
	agent_buf_init(&again, 1000);
	agent_buf_init(&text, 1000);
	assert_int_equal(agent_seal(&key, AGENT_STR("name"), AGENT_STR("a secret"), &sealed, &err), AGENT_OK);
	assert_int_equal(agent_seal(&key, AGENT_STR("name"), AGENT_STR("a secret"), &again, &err), AGENT_OK);
	assert_false(agent_str_eq(agent_buf_str(&sealed), agent_buf_str(&again)));
	assert_int_equal(agent_unseal(&key, AGENT_STR("name"), agent_buf_str(&sealed), &text, &err), AGENT_OK);
	assert_true(agent_str_is(agent_buf_str(&text), "a secret"));
	agent_buf_reset(&text);
	assert_int_equal(agent_unseal(&other, AGENT_STR("name"), agent_buf_str(&sealed), &text, &err), AGENT_ERR);
	assert_string_equal(err.code, "sealed");
	assert_int_equal(agent_unseal(&key, AGENT_STR("nam"), agent_buf_str(&sealed), &text, &err), AGENT_ERR);
	for (size_t i = 0; i < sealed.len; i++) { /* each bit counts */
		sealed.ptr[i] ^= 1;
		assert_int_equal(agent_unseal(&key, AGENT_STR("name"), agent_buf_str(&sealed), &text, &err),
			AGENT_ERR);
		assert_int_equal(err.domain, AGENT_DOMAIN_CRYPTO);
		sealed.ptr[i] ^= 1;
	}
	for (size_t len = 0; len < sealed.len; len++) {
		assert_int_equal(agent_unseal(&key, AGENT_STR("name"), agent_str_cut(agent_buf_str(&sealed), 0, len),
			&text, &err), AGENT_ERR);
	}
	assert_int_equal(text.len, 0);
	assert_int_equal(ERR_peek_error(), 0);
	agent_buf_clear(&sealed);
	agent_buf_clear(&again);
	agent_buf_clear(&text);
}

/* NIST's GCM test vectors have no version byte in the associated data, so the round is checked and the form
 * here. */
static void an_empty_value_can_be_sealed(void **state)
{
	(void)state;
	agent_key key = { { 1 } };
	agent_error err;
	agent_buf sealed, text;
	agent_buf_init(&sealed, 1000);
	agent_buf_init(&text, 1000);
	assert_int_equal(agent_seal(&key, AGENT_STR_EMPTY, AGENT_STR_EMPTY, &sealed, &err), AGENT_OK);
	assert_int_equal(sealed.len, 29);
	assert_int_equal(sealed.ptr[0], 1);
	assert_int_equal(agent_unseal(&key, AGENT_STR_EMPTY, agent_buf_str(&sealed), &text, &err), AGENT_OK);
	assert_int_equal(text.len, 0);
	agent_buf_clear(&sealed);
	agent_buf_clear(&text);
}

static void secrets_compare_by_all_bytes(void **state)
{
	(void)state;
	char bytes[16];
	agent_error err;
	assert_true(agent_equal_secret(AGENT_STR("same"), AGENT_STR("same")));
	assert_false(agent_equal_secret(AGENT_STR("same"), AGENT_STR("sama")));
	assert_false(agent_equal_secret(AGENT_STR("same"), AGENT_STR("samee")));
	assert_true(agent_equal_secret(AGENT_STR_EMPTY, AGENT_STR_EMPTY));
	memset(bytes, 1, sizeof bytes);
	agent_wipe(bytes, sizeof bytes);
	assert_int_equal(bytes[0] | bytes[15], 0);
	assert_int_equal(agent_random_bytes(bytes, sizeof bytes, &err), AGENT_OK);
}

static agent_status scenario(void *state, agent_error *err)
{
	(void)state;
	agent_key key;
	agent_buf sealed, text;
	agent_buf_init(&sealed, 1000);
	agent_buf_init(&text, 1000);
	agent_status status = agent_key_derive(AGENT_STR("secret"), AGENT_STR("purpose"), &key, err);
	if (status == AGENT_OK) {
		status = agent_seal(&key, AGENT_STR("name"), AGENT_STR("a secret"), &sealed, err);
	}
	if (status == AGENT_OK) {
		status = agent_unseal(&key, AGENT_STR("name"), agent_buf_str(&sealed), &text, err);
	}
	if (status == AGENT_OK && !agent_str_is(agent_buf_str(&text), "a secret")) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "text", "the text differs");
	}
	if (status == AGENT_OK && ERR_peek_error() != 0) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "queue", "the error queue is not empty");
	}
	agent_buf_clear(&sealed);
	agent_buf_clear(&text);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("seal", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_gives_the_published_digests),
		cmocka_unit_test(hmac_gives_the_vectors_of_rfc_4231),
		cmocka_unit_test(derived_key_gives_case_3_of_rfc_5869),
		cmocka_unit_test(a_sealed_value_opens_with_its_key_and_name_only),
		cmocka_unit_test(an_empty_value_can_be_sealed),
		cmocka_unit_test(secrets_compare_by_all_bytes),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

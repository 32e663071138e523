/* SPDX-License-Identifier: MIT
 * Key sets and tokens of the tests of seal/: fixed keys, and tokens with a right signature over anything.
 * Only for tests/unit/seal_token*.c. */
#ifndef AGENT_TESTS_SEAL_SUPPORT_H
#define AGENT_TESTS_SEAL_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <openssl/err.h>

#include "ext/base/b64url.h"
#include "ext/seal/keyset_own.h"
#include "ext/seal/token.h"
#include "tests/support/torture.h"

#define GOOD_CLAIMS "{\"sub\":\"1\",\"exp\":1700000000}"
/* The specimen of jwt.io, key "your-256-bit-secret"; HMAC fills keys with zeros, so 32 bytes give the same. */
#define SPECIMEN_SIGNED "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ"
#define SPECIMEN SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
#define SECRET ((agent_str){ "your-256-bit-secret\0\0\0\0\0\0\0\0\0\0\0\0", 32 })
#define OTHER_SECRET AGENT_STR("another secret of thirty-two bytes and more")

/* RFC 8037 appendix A */
#define SEED_TEXT "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
#define POINT_TEXT "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define THUMBPRINT "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"

static inline const unsigned char *bytes_of(const char *text, unsigned char out[33])
{
	assert_true(agent_b64url_get(out, agent_str_cstr(text)));
	return out;
}

/* One HMAC key without a kid. */
static inline agent_keyset *secret_set(agent_str kid, agent_str secret)
{
	agent_error err;
	agent_keyset *set = agent_keyset_new();
	assert_non_null(set);
	assert_int_equal(agent_keyset_add_secret(set, kid, secret, true, &err), AGENT_OK);
	return set;
}

static inline agent_keyset *seed_set(agent_str kid)
{
	agent_error err;
	unsigned char seed[33];
	agent_keyset *set = agent_keyset_new();
	assert_non_null(set);
	assert_int_equal(agent_keyset_add_seed(set, kid, bytes_of(SEED_TEXT, seed), true, &err), AGENT_OK);
	return set;
}

static inline agent_keyset *public_set(agent_str kid)
{
	agent_error err;
	unsigned char point[33];
	agent_keyset *set = agent_keyset_new();
	assert_non_null(set);
	assert_int_equal(agent_keyset_add_public(set, kid, bytes_of(POINT_TEXT, point), &err), AGENT_OK);
	return set;
}

/* Signs header.claims with a secret, whatever the header says. */
static inline void build_hmac(agent_buf *out, agent_str header, agent_str claims, agent_str secret)
{
	unsigned char mac[32];
	agent_error err;
	agent_buf_reset(out);
	agent_b64url_encode(out, header);
	agent_buf_add_char(out, '.');
	agent_b64url_encode(out, claims);
	assert_int_equal(agent_hmac_sha256(secret, agent_buf_str(out), mac, &err), AGENT_OK);
	agent_buf_add_char(out, '.');
	agent_b64url_encode(out, (agent_str){ (const char *)mac, 32 });
}

/* The same with the Ed25519 key above. */
static inline void build_ed25519(agent_buf *out, agent_str header, agent_str claims)
{
	unsigned char signature[64];
	agent_error err;
	agent_keyset *set = seed_set(AGENT_STR("k"));
	agent_buf_reset(out);
	agent_b64url_encode(out, header);
	agent_buf_add_char(out, '.');
	agent_b64url_encode(out, claims);
	assert_int_equal(agent_ed25519_sign(&set->keys[0], agent_buf_str(out), signature, &err), AGENT_OK);
	agent_buf_add_char(out, '.');
	agent_b64url_encode(out, (agent_str){ (const char *)signature, 64 });
	agent_keyset_free(set);
}

/* Refused with this code, nothing given out, the library's queue left empty. "" for code: accepted. */
static inline void verdict(const agent_keyset *set, agent_str token, const char *code)
{
	agent_error err = { 0 };
	agent_buf claims;
	agent_buf_init(&claims, 10000);
	agent_buf_add_lit(&claims, "kept");
	agent_status status = agent_token_verify(set, token, &claims, &err);
	const char *got = status == AGENT_OK ? "" : err.code;
	if (strcmp(got, code) != 0 || (status != AGENT_OK && err.domain != AGENT_DOMAIN_CRYPTO)) {
		fail_msg("%.*s: \"%s\" instead of \"%s\"", (int)(token.len < 400 ? token.len : 400), token.ptr, got, code);
	}
	if (status != AGENT_OK) {
		assert_true(agent_str_is(agent_buf_str(&claims), "kept"));
	}
	assert_int_equal(ERR_peek_error(), 0);
	agent_buf_clear(&claims);
}

#endif

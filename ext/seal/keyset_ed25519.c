/* SPDX-License-Identifier: MIT
 * Ed25519 keys: from a seed, a PEM text or a public point; signing, verifying, their thumbprint.
 * Knows no token. */
#include "ext/seal/keyset_own.h"

#include <limits.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "ext/base/b64url.h"
#include "ext/seal/library.h"

#define PEM_MAX ((size_t)16 * 1024)

static agent_status finish(agent_keyset_key *key, agent_error *err)
{
	size_t len = sizeof key->point;
	key->kind = AGENT_KEY_EDDSA;
	if (key->pkey == NULL || EVP_PKEY_get_raw_public_key(key->pkey, key->point, &len) != 1 || len != sizeof key->point) {
		return agent_seal_failed("Ed25519", err);
	}
	key->md = EVP_MD_CTX_new();
	ERR_clear_error();
	return key->md != NULL ? AGENT_OK : agent_fail_memory(err);
}

agent_status agent_ed25519_open_seed(agent_keyset_key *key, const unsigned char seed[AGENT_ED25519_SIZE], agent_error *err)
{
	ERR_clear_error();
	key->pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, AGENT_ED25519_SIZE);
	return finish(key, err);
}

/* The points whose order divides 8 (y of their encoding, sign bit cleared; the last two are not reduced). Under such a key signatures can be
 * made without any private one, and OpenSSL does not mind. */
static bool small_order(const unsigned char point[AGENT_ED25519_SIZE])
{
	static const unsigned char list[][AGENT_ED25519_SIZE] = {
		{ 0 },
		{ 1 },
		{ 0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33,
			0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05 },
		{ 0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc,
			0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a },
		{ 0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
			0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
		{ 0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
			0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
		{ 0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
			0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
	};
	unsigned char y[AGENT_ED25519_SIZE];
	memcpy(y, point, sizeof y);
	y[31] &= 0x7f;
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		if (memcmp(list[i], y, sizeof y) == 0) {
			return true;
		}
	}
	return false;
}

/* y must be less than 2^255 - 19. */
static bool canonical(const unsigned char point[AGENT_ED25519_SIZE])
{
	if ((point[31] & 0x7f) != 0x7f || point[0] < 0xed) {
		return true;
	}
	for (size_t i = 1; i < 31; i++) {
		if (point[i] != 0xff) {
			return true;
		}
	}
	return false;
}

agent_status agent_ed25519_open_public(agent_keyset_key *key, const unsigned char bytes[AGENT_ED25519_SIZE], agent_error *err)
{
	if (!canonical(bytes) || small_order(bytes)) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "key_weak", "this is no proper Ed25519 public key: anybody could sign under it");
	}
	ERR_clear_error();
	key->pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, bytes, AGENT_ED25519_SIZE);
	return finish(key, err);
}

static int no_password(char *buf, int size, int rwflag, void *user)
{
	(void)buf;
	(void)size;
	(void)rwflag;
	(void)user;
	return -1; /* else the library would ask at the terminal */
}

/* Whether missing memory is why nothing was read: the library may say so in the queue, or not at all. */
static bool memory_was_missing(void)
{
	bool missing = false;
	unsigned long code;
	while ((code = ERR_get_error()) != 0) {
		missing = missing || ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE;
	}
	return missing;
}

agent_status agent_ed25519_open_pem(agent_keyset_key *key, agent_str pem, agent_error *err)
{
	if (pem.len > PEM_MAX || !agent_str_starts(pem, AGENT_STR("-----BEGIN PRIVATE KEY-----"))) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "key_form", "an EdDSA key must be an Ed25519 private key in PEM (\"BEGIN PRIVATE KEY\")");
	}
	ERR_clear_error();
	BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
	if (bio == NULL) {
		ERR_clear_error();
		return agent_fail_memory(err);
	}
	key->pkey = PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
	BIO_free(bio);
	if (key->pkey == NULL && memory_was_missing()) {
		return agent_fail_memory(err);
	}
	ERR_clear_error();
	if (key->pkey == NULL || EVP_PKEY_is_a(key->pkey, "ED25519") != 1) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "key_form", "an EdDSA key must be an Ed25519 private key in PEM, without a password");
	}
	return finish(key, err);
}

agent_status agent_ed25519_sign(const agent_keyset_key *key, agent_str text, unsigned char out[64], agent_error *err)
{
	size_t len = 64;
	ERR_clear_error();
	bool done = EVP_DigestSignInit(key->md, NULL, NULL, NULL, key->pkey) == 1
		&& EVP_DigestSign(key->md, out, &len, (const unsigned char *)text.ptr, text.len) == 1 && len == 64;
	agent_status status = done ? AGENT_OK : agent_seal_failed("Ed25519", err);
	EVP_MD_CTX_reset(key->md);
	ERR_clear_error();
	return status;
}

agent_status agent_ed25519_verify(const agent_keyset_key *key, agent_str text, const unsigned char signature[64], bool *genuine, agent_error *err)
{
	agent_status status = AGENT_OK;
	*genuine = false;
	ERR_clear_error();
	if (EVP_DigestVerifyInit(key->md, NULL, NULL, NULL, key->pkey) != 1) {
		status = agent_seal_failed("Ed25519", err);
	} else {
		*genuine = EVP_DigestVerify(key->md, signature, 64, (const unsigned char *)text.ptr, text.len) == 1;
	}
	EVP_MD_CTX_reset(key->md);
	ERR_clear_error();
	return status;
}

void agent_ed25519_close(agent_keyset_key *key)
{
	EVP_MD_CTX_free(key->md);
	EVP_PKEY_free(key->pkey);
	key->md = NULL;
	key->pkey = NULL;
}

agent_status agent_ed25519_thumbprint(const agent_keyset_key *key, char out[43], agent_error *err)
{
	unsigned char digest[32];
	agent_buf text;
	agent_buf_init(&text, 128);
	agent_buf_add_lit(&text, "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"");
	agent_b64url_encode(&text, (agent_str){ (const char *)key->point, sizeof key->point });
	agent_buf_add_lit(&text, "\"}");
	agent_status status = agent_buf_check(&text, "a key's thumbprint", err);
	if (status == AGENT_OK) {
		status = agent_sha256(agent_buf_str(&text), digest, err);
	}
	if (status == AGENT_OK) {
		agent_b64url_put(out, (agent_str){ (const char *)digest, sizeof digest });
	}
	agent_buf_clear(&text);
	return status;
}

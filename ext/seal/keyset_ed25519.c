/* SPDX-License-Identifier: MIT
 * Ed25519 keys: from a seed, a PEM text or a public point; signing, verifying, their thumbprint.
 * Knows no token. */
#include "ext/seal/keyset_own.h"

#include <openssl/err.h>

#include "ext/base/b64url.h"
#include "ext/seal/library.h"

#define PEM_ROOM 128 /* characters of base64; a key has 64 or 112 */

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

/* The base64 between the two lines of a PEM text, blanks left out; 0: it is none, or longer than `room`. */
static size_t pem_body(agent_str pem, char *out, size_t room)
{
	static const agent_str begin = AGENT_STR_INIT("-----BEGIN PRIVATE KEY-----"), end = AGENT_STR_INIT("-----END PRIVATE KEY-----");
	size_t stop = agent_str_find(pem, end, 0);
	size_t len = 0;
	if (!agent_str_starts(pem, begin) || stop == (size_t)-1 || agent_str_trim(agent_str_from(pem, stop + end.len)).len > 0) {
		return 0;
	}
	for (size_t i = begin.len; i < stop; i++) {
		if (strchr(" \t\r\n", pem.ptr[i]) != NULL && pem.ptr[i] != '\0') {
			continue;
		}
		if (len == room) {
			return 0;
		}
		out[len++] = pem.ptr[i];
	}
	return len;
}

/* PKCS #8 of an Ed25519 key (RFC 8410) has two forms, with and without the public key, and both are fixed but for the keys: so they are
 * compared, not parsed. The library's decoder would make three thousand allocations, and leaks where one of them fails. */
static bool pkcs8_seed(const unsigned char *der, size_t len, const unsigned char **seed, const unsigned char **point)
{
	static const unsigned char v1[] = { 0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20 };
	static const unsigned char v2[] = { 0x30, 0x51, 2, 1, 1, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20 };
	static const unsigned char behind[] = { 0x81, 0x21, 0 };
	*seed = der + sizeof v1;
	*point = NULL;
	if (len == sizeof v1 + 32) {
		return memcmp(der, v1, sizeof v1) == 0;
	}
	*point = der + sizeof v2 + 32 + sizeof behind;
	return len == sizeof v2 + 32 + sizeof behind + 32 && memcmp(der, v2, sizeof v2) == 0 && memcmp(der + sizeof v2 + 32, behind, sizeof behind) == 0;
}

agent_status agent_ed25519_open_pem(agent_keyset_key *key, agent_str pem, agent_error *err)
{
	char text[PEM_ROOM];
	unsigned char der[PEM_ROOM];
	const unsigned char *seed = NULL, *point = NULL;
	size_t len = pem_body(pem, text, sizeof text);
	int decoded = len > 0 && len % 4 == 0 ? EVP_DecodeBlock(der, (const unsigned char *)text, (int)len) : -1;
	size_t padding = decoded < 0 ? 0 : text[len - 2] == '=' ? 2 : text[len - 1] == '=' ? 1 : 0;
	agent_status status;
	if (decoded > 0 && pkcs8_seed(der, (size_t)decoded - padding, &seed, &point)) {
		status = agent_ed25519_open_seed(key, seed, err);
		if (status == AGENT_OK && point != NULL && memcmp(point, key->point, sizeof key->point) != 0) {
			status = agent_fail(err, AGENT_DOMAIN_CRYPTO, "key_form", "the PEM's public key is not that of its private key");
		}
	} else {
		status = agent_fail(err, AGENT_DOMAIN_CRYPTO, "key_form",
			"an EdDSA key must be an Ed25519 private key in PEM (\"BEGIN PRIVATE KEY\"), without a password");
	}
	agent_wipe(text, sizeof text);
	agent_wipe(der, sizeof der);
	return status;
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

/* SPDX-License-Identifier: MIT
 * SHA-256, HMAC, key derivation, randomness, comparison and wiping, through OpenSSL's EVP.
 * No ciphers, no tokens. */
#include "ext/seal/seal.h"

#include <limits.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "ext/seal/library.h"

/* The library names missing memory itself only where it can still make an entry; mostly a later step then
 * says that it could not begin. */
agent_status agent_seal_failed(const char *what, agent_error *err)
{
	bool missing = false;
	for (unsigned long code = ERR_get_error(); code != 0; code = ERR_get_error()) {
		int reason = ERR_GET_REASON(code);
		missing = missing || reason == ERR_R_UNSUPPORTED || reason == EVP_R_UNSUPPORTED_ALGORITHM;
	}
	ERR_clear_error(); /* frees what reading leaves behind */
	if (missing) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "openssl", "this OpenSSL offers no %s", what);
	}
	return agent_fail_memory(err);
}

agent_status agent_sha256(agent_str bytes, unsigned char out[32], agent_error *err)
{
	ERR_clear_error();
	if (EVP_Digest(bytes.ptr, bytes.len, out, NULL, EVP_sha256(), NULL) != 1) {
		return agent_seal_failed("SHA-256", err);
	}
	return AGENT_OK;
}

agent_status agent_sha256_hex(agent_str bytes, char out[65], agent_error *err)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char digest[32];
	if (agent_sha256(bytes, digest, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	for (size_t i = 0; i < sizeof digest; i++) {
		out[2 * i] = digits[digest[i] >> 4];
		out[2 * i + 1] = digits[digest[i] & 15];
	}
	out[64] = '\0';
	return AGENT_OK;
}

agent_status agent_hmac_sha256(agent_str key, agent_str bytes, unsigned char out[32], agent_error *err)
{
	size_t len = 0;
	ERR_clear_error();
	if (EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key.ptr, key.len, (const unsigned char *)bytes.ptr,
			bytes.len, out, 32, &len) == NULL || len != 32) {
		return agent_seal_failed("HMAC", err);
	}
	ERR_clear_error();
	return AGENT_OK;
}

/* RFC 5869 with a salt of zeros and one block of output: two HMACs, so the library's KDF layer is not
 * needed. */
agent_status agent_key_derive(agent_str secret, agent_str purpose, agent_key *out, agent_error *err)
{
	static const char no_salt[32] = { 0 };
	unsigned char extracted[32];
	if (purpose.len > 4096) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "purpose", "the purpose of a key is too long");
	}
	if (agent_hmac_sha256((agent_str){ no_salt, sizeof no_salt }, secret, extracted, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_buf info;
	agent_buf_init(&info, 4097);
	agent_buf_add(&info, purpose);
	agent_buf_add_char(&info, '\x01');
	agent_status status = agent_buf_check(&info, "the purpose of a key", err);
	if (status == AGENT_OK) {
		agent_str prk = { (const char *)extracted, sizeof extracted };
		status = agent_hmac_sha256(prk, agent_buf_str(&info), out->bytes, err);
	}
	agent_buf_clear(&info);
	agent_wipe(extracted, sizeof extracted);
	return status;
}

agent_status agent_random_bytes(void *bytes, size_t len, agent_error *err)
{
	ERR_clear_error();
	if (len > INT_MAX || RAND_bytes(bytes, (int)len) != 1) {
		agent_wipe(bytes, len);
		ERR_clear_error();
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "random", "the random generator gives nothing");
	}
	return AGENT_OK;
}

bool agent_equal_secret(agent_str a, agent_str b)
{
	return a.len == b.len && CRYPTO_memcmp(a.ptr, b.ptr, a.len) == 0;
}

void agent_wipe(void *bytes, size_t len)
{
	OPENSSL_cleanse(bytes, len);
}

const char *agent_seal_version(void)
{
	return OpenSSL_version(OPENSSL_VERSION);
}

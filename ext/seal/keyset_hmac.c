/* SPDX-License-Identifier: MIT
 * HMAC-SHA256 with a key that is prepared once.
 * Knows no token. */
#include "ext/seal/keyset_own.h"

#include <openssl/core_names.h>
#include <openssl/err.h>

#include "ext/seal/library.h"

/* A public key taken for an HMAC secret is known to everybody, so whoever configures one has mixed something up. */
static bool looks_public(agent_str secret)
{
	static const agent_str marks[] = { AGENT_STR_INIT("-----BEGIN "), AGENT_STR_INIT("ssh-"), AGENT_STR_INIT("ecdsa-sha2-"),
		AGENT_STR_INIT("\"kty\"") };
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t at = agent_str_find(secret, marks[i], 0);
		if (at != (size_t)-1 && (at == 0 || i == 0 || i == 3)) {
			return true;
		}
	}
	return false;
}

static bool start(const agent_keyset_key *key)
{
	return key->rekey ? EVP_MAC_init(key->mac, key->secret, key->secret_len, NULL) == 1 : EVP_MAC_init(key->mac, NULL, 0, NULL) == 1;
}

static bool run(const agent_keyset_key *key, agent_str text, unsigned char out[32])
{
	size_t len = 0;
	return EVP_MAC_update(key->mac, (const unsigned char *)text.ptr, text.len) == 1 && EVP_MAC_final(key->mac, out, &len, 32) == 1
		&& len == 32;
}

/* Some releases cannot begin anew without the key, and say nothing about it: so it is tried once. */
static agent_status try_anew(agent_keyset_key *key, agent_error *err)
{
	unsigned char first[32], second[32];
	const agent_str text = AGENT_STR("tried");
	key->rekey = true;
	if (!start(key) || !run(key, text, first)) {
		return agent_seal_failed("HMAC", err);
	}
	key->rekey = false;
	key->rekey = !start(key) || !run(key, text, second) || CRYPTO_memcmp(first, second, sizeof first) != 0;
	ERR_clear_error();
	return AGENT_OK;
}

agent_status agent_hmac_key_open(agent_keyset_key *key, agent_str secret, agent_error *err)
{
	if (secret.len < AGENT_SECRET_MIN) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "key_weak", "an HS256 key must have %d bytes at least", AGENT_SECRET_MIN);
	}
	if (looks_public(secret)) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "key_weak", "a PEM, SSH or JWK text is no HS256 key: it may be public");
	}
	key->kind = AGENT_KEY_HS256;
	if (secret.len <= sizeof key->secret) {
		memcpy(key->secret, secret.ptr, secret.len);
		key->secret_len = secret.len;
	} else { /* as HMAC itself does with keys longer than a block */
		if (agent_sha256(secret, key->secret, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		key->secret_len = 32;
	}
	ERR_clear_error();
	char name[] = "SHA256";
	const OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0), OSSL_PARAM_construct_end() };
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	key->mac = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;
	EVP_MAC_free(mac); /* the context keeps it */
	if (key->mac == NULL || EVP_MAC_init(key->mac, key->secret, key->secret_len, params) != 1) {
		return agent_seal_failed("HMAC", err);
	}
	return try_anew(key, err);
}

/* The error queue is not cleared on the way of success: these calls put nothing there, and clearing costs a tenth of the whole. */
agent_status agent_hmac_key_mac(const agent_keyset_key *key, agent_str text, unsigned char out[32], agent_error *err)
{
	return start(key) && run(key, text, out) ? AGENT_OK : agent_seal_failed("HMAC", err);
}

void agent_hmac_key_close(agent_keyset_key *key)
{
	EVP_MAC_CTX_free(key->mac);
	key->mac = NULL;
	agent_wipe(key->secret, sizeof key->secret);
}

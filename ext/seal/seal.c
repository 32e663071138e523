/* SPDX-License-Identifier: MIT
 * Sealed values: AES-256-GCM with a random nonce, bound to the value's name.
 * Knows no key's origin and no file. */
#include "ext/seal/seal.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "ext/base/alloc.h"
#include "ext/seal/library.h"

#define VERSION 1
#define NONCE_SIZE 12
#define TAG_SIZE 16
#define OVERHEAD (1 + NONCE_SIZE + TAG_SIZE)
#define TEXT_MAX ((size_t)16 * 1024 * 1024)

/* The version byte is authenticated too, so that a later form cannot be passed off as this one. */
static bool begin(EVP_CIPHER_CTX *ctx, bool encrypt, const agent_key *key, const unsigned char *head,
	agent_str bound)
{
	int len = 0;
	return EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, key->bytes, head + 1, encrypt) == 1
		&& EVP_CipherUpdate(ctx, NULL, &len, head, 1) == 1
		&& (bound.len == 0
			|| EVP_CipherUpdate(ctx, NULL, &len, (const unsigned char *)bound.ptr, (int)bound.len) == 1);
}

/* out: room for text.len + OVERHEAD bytes; the nonce stands there already. */
static bool encrypt_into(const agent_key *key, agent_str bound, agent_str text, unsigned char *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char *body = out + 1 + NONCE_SIZE;
	int len = 0;
	int rest = 0;
	bool done = ctx != NULL && begin(ctx, true, key, out, bound)
		&& (text.len == 0
			|| EVP_EncryptUpdate(ctx, body, &len, (const unsigned char *)text.ptr, (int)text.len) == 1)
		&& EVP_EncryptFinal_ex(ctx, body + len, &rest) == 1 && (size_t)len + (size_t)rest == text.len
		&& EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG_SIZE, body + text.len) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return done;
}

agent_status agent_seal(const agent_key *key, agent_str bound, agent_str text, agent_buf *out,
	agent_error *err)
{
	if (text.len > TEXT_MAX || bound.len > TEXT_MAX) {
		return agent_fail(err, AGENT_DOMAIN_LIMIT, "too_large", "a sealed value holds at most %zu bytes",
			TEXT_MAX);
	}
	unsigned char *sealed = agent_malloc(text.len + OVERHEAD);
	if (sealed == NULL) {
		return agent_fail_memory(err);
	}
	sealed[0] = VERSION;
	agent_status status = agent_random_bytes(sealed + 1, NONCE_SIZE, err);
	if (status == AGENT_OK) {
		ERR_clear_error();
		status = encrypt_into(key, bound, text, sealed) ? AGENT_OK : agent_seal_failed("AES-256-GCM", err);
		ERR_clear_error();
	}
	if (status == AGENT_OK) {
		agent_buf_add(out, (agent_str){ (const char *)sealed, text.len + OVERHEAD });
		status = agent_buf_check(out, "the sealed value", err);
	}
	agent_free(sealed);
	return status;
}

/* *genuine tells a false tag from a failure of the library. */
static bool decrypt_into(const agent_key *key, agent_str bound, agent_str sealed, unsigned char *out,
	bool *genuine)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	const unsigned char *in = (const unsigned char *)sealed.ptr;
	size_t body_len = sealed.len - OVERHEAD;
	unsigned char tag[TAG_SIZE];
	int len = 0;
	int rest = 0;
	memcpy(tag, in + sealed.len - TAG_SIZE, TAG_SIZE);
	bool done = ctx != NULL && begin(ctx, false, key, in, bound)
		&& (body_len == 0 || EVP_DecryptUpdate(ctx, out, &len, in + 1 + NONCE_SIZE, (int)body_len) == 1)
		&& EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG_SIZE, tag) == 1;
	*genuine = done && EVP_DecryptFinal_ex(ctx, out + len, &rest) == 1
		&& (size_t)len + (size_t)rest == body_len;
	EVP_CIPHER_CTX_free(ctx);
	return done;
}

agent_status agent_unseal(const agent_key *key, agent_str bound, agent_str sealed, agent_buf *out,
	agent_error *err)
{
	if (sealed.len < OVERHEAD || sealed.len > TEXT_MAX + OVERHEAD || bound.len > TEXT_MAX) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "sealed_form", "this is no sealed value");
	}
	if ((unsigned char)sealed.ptr[0] != VERSION) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "sealed_version",
			"the value was sealed by another version");
	}
	size_t room = sealed.len - OVERHEAD + TAG_SIZE;
	unsigned char *text = agent_malloc(room);
	if (text == NULL) {
		return agent_fail_memory(err);
	}
	bool genuine = false;
	agent_status status = AGENT_OK;
	ERR_clear_error();
	if (!decrypt_into(key, bound, sealed, text, &genuine)) {
		status = agent_seal_failed("AES-256-GCM", err);
	} else if (!genuine) {
		status = agent_fail(err, AGENT_DOMAIN_CRYPTO, "sealed",
			"the value was sealed with another key, or changed");
	}
	ERR_clear_error();
	if (status == AGENT_OK) {
		agent_buf_add(out, (agent_str){ (const char *)text, sealed.len - OVERHEAD });
		status = agent_buf_check(out, "the unsealed value", err);
	}
	agent_wipe(text, room);
	agent_free(text);
	return status;
}

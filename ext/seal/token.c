/* SPDX-License-Identifier: MIT
 * Tokens: made, and taken apart in the order size, form, header, signature, claims.
 * No claim is judged, no clock is read. */
#include "ext/seal/token.h"

#include "ext/base/b64url.h"
#include "ext/seal/token_header.h"

#define MAC_TEXT 43              /* base64url of 32 bytes */
#define SIGNATURE_TEXT 86        /* base64url of 64 bytes */

static agent_status too_large(agent_error *err)
{
	return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_size", "the claims are too large for a token");
}

static agent_status put_signature(const agent_keyset_key *key, size_t start, agent_buf *out, agent_error *err)
{
	unsigned char bytes[64];
	char text[SIGNATURE_TEXT];
	agent_str signed_text = agent_str_from(agent_buf_str(out), start);
	bool hmac = key->kind == AGENT_KEY_HS256;
	if ((hmac ? agent_hmac_key_mac(key, signed_text, bytes, err) : agent_ed25519_sign(key, signed_text, bytes, err)) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_buf_add_char(out, '.');
	agent_buf_add(out, (agent_str){ text, agent_b64url_put(text, (agent_str){ (const char *)bytes, hmac ? 32 : 64 }) });
	return agent_buf_check(out, "the token", err);
}

agent_status agent_token_sign(const agent_keyset *set, agent_str claims, agent_buf *out, agent_error *err)
{
	size_t start = out->len;
	if (set->signer >= set->count) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_key", "no key here can sign: public keys only verify");
	}
	const agent_keyset_key *key = &set->keys[set->signer];
	size_t tail = 1 + (key->kind == AGENT_KEY_HS256 ? MAC_TEXT : SIGNATURE_TEXT);
	if (claims.len > AGENT_TOKEN_MAX || key->header_len + 1 + (claims.len * 4 + 2) / 3 + tail > AGENT_TOKEN_MAX) {
		return too_large(err);
	}
	agent_buf_add(out, (agent_str){ key->header, key->header_len });
	agent_buf_add_char(out, '.');
	agent_b64url_encode(out, claims);
	agent_status status = agent_buf_check(out, "the token", err);
	if (status == AGENT_OK) {
		status = put_signature(key, start, out, err);
	}
	if (status != AGENT_OK) {
		out->len = start;
	}
	return status;
}

/* The segments around the first and the last dot, none empty. A dot in the middle one is found later: it is no base64url. */
static bool split(agent_str token, agent_str parts[3])
{
	const char *end = token.ptr + token.len;
	const char *last = memrchr(token.ptr, '.', token.len);
	const char *first = last != NULL ? memchr(token.ptr, '.', (size_t)(last - token.ptr)) : NULL;
	if (first == NULL) {
		return false;
	}
	parts[0] = (agent_str){ token.ptr, (size_t)(first - token.ptr) };
	parts[1] = (agent_str){ first + 1, (size_t)(last - first - 1) };
	parts[2] = (agent_str){ last + 1, (size_t)(end - last - 1) };
	return parts[0].len > 0 && parts[1].len > 0 && parts[2].len > 0;
}

/* A header that reads exactly as one of ours needs no reading. */
static const agent_keyset_key *known_header(const agent_keyset *set, agent_str segment)
{
	for (size_t i = 0; i < set->count; i++) {
		const agent_keyset_key *key = &set->keys[i];
		if (agent_str_eq(segment, (agent_str){ key->header, key->header_len })) {
			return key;
		}
	}
	return NULL;
}

static agent_status no_fit(agent_error *err)
{
	return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_signature", "the token's signature does not fit");
}

static agent_status check_mac(const agent_keyset_key *key, agent_str signed_text, agent_str signature, agent_error *err)
{
	unsigned char mac[32];
	if (agent_hmac_key_mac(key, signed_text, mac, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (agent_equal_secret((agent_str){ (const char *)mac, sizeof mac }, signature)) {
		return AGENT_OK; /* what the sender has needs no wiping */
	}
	agent_wipe(mac, sizeof mac);
	return no_fit(err);
}

static agent_status check_ed25519(const agent_keyset_key *key, agent_str signed_text, agent_str signature, agent_error *err)
{
	bool genuine = false;
	if (signature.len != 64) {
		return no_fit(err);
	}
	if (agent_ed25519_verify(key, signed_text, (const unsigned char *)signature.ptr, &genuine, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return genuine ? AGENT_OK : no_fit(err);
}

static agent_status check_signature(const agent_keyset_key *key, agent_str signed_text, agent_str segment, agent_error *err)
{
	unsigned char bytes[AGENT_TOKEN_MAX * 3 / 4];
	agent_str signature = { (const char *)bytes, segment.len * 3 / 4 };
	if (!agent_b64url_get(bytes, segment)) {
		return agent_token_bad_form(err, "a segment is no canonical base64url");
	}
	return key->kind == AGENT_KEY_HS256 ? check_mac(key, signed_text, signature, err) : check_ed25519(key, signed_text, signature, err);
}

static agent_status not_three(agent_error *err)
{
	return agent_token_bad_form(err, "it has not three segments");
}

agent_status agent_token_verify(const agent_keyset *set, agent_str token, agent_buf *claims, agent_error *err)
{
	agent_str parts[3];
	size_t start = claims->len;
	if (token.len > AGENT_TOKEN_MAX) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_size", "a token has at most %d bytes", AGENT_TOKEN_MAX);
	}
	if (!split(token, parts)) {
		return not_three(err);
	}
	const agent_keyset_key *key = known_header(set, parts[0]);
	agent_str signed_text = { token.ptr, parts[0].len + 1 + parts[1].len };
	if ((key == NULL && agent_token_key(set, parts[0], &key, err) != AGENT_OK) || check_signature(key, signed_text, parts[2], err) != AGENT_OK) {
		return memchr(parts[1].ptr, '.', parts[1].len) != NULL && err->domain == AGENT_DOMAIN_CRYPTO ? not_three(err) : AGENT_ERR;
	}
	if (agent_b64url_decode(claims, parts[1])) {
		return AGENT_OK;
	}
	agent_status status = agent_buf_check(claims, "the token's claims", err);
	claims->len = start;
	return status != AGENT_OK ? AGENT_ERR : agent_token_bad_form(err, "a segment is no canonical base64url");
}

agent_str agent_token_kid(const agent_keyset *set, agent_str token)
{
	agent_str parts[3];
	agent_error ignored;
	if (token.len > AGENT_TOKEN_MAX || !split(token, parts)) {
		return AGENT_STR_EMPTY;
	}
	const agent_keyset_key *key = known_header(set, parts[0]);
	return key != NULL || agent_token_key(set, parts[0], &key, &ignored) == AGENT_OK ? agent_keyset_kid(key) : AGENT_STR_EMPTY;
}

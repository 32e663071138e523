/* SPDX-License-Identifier: MIT
 * Key sets: filled, looked at, published.
 * What a key does is keyset_hmac.c's and keyset_ed25519.c's. */
#include "ext/seal/keyset_own.h"

#include "ext/base/alloc.h"
#include "ext/base/b64url.h"
#include "ext/contract/json.h"

agent_keyset *agent_keyset_new(void)
{
	return agent_calloc(1, sizeof(agent_keyset));
}

static void close_key(agent_keyset_key *key)
{
	agent_hmac_key_close(key);
	agent_ed25519_close(key);
}

void agent_keyset_free(agent_keyset *set)
{
	if (set == NULL) {
		return;
	}
	for (size_t i = 0; i < set->count; i++) {
		close_key(&set->keys[i]);
	}
	agent_free(set->keys);
	agent_free(set);
}

agent_str agent_key_algorithm(const agent_keyset_key *key)
{
	return key->kind == AGENT_KEY_HS256 ? AGENT_STR("HS256") : AGENT_STR("EdDSA");
}

/* What stands in a header as it is, without an escape. */
static bool plain_kid(agent_str kid)
{
	for (size_t i = 0; i < kid.len; i++) {
		unsigned char c = (unsigned char)kid.ptr[i];
		if (c <= 0x20 || c >= 0x7f || c == '"' || c == '\\') {
			return false;
		}
	}
	return kid.len <= AGENT_KID_MAX;
}

static agent_status take_kid(const agent_keyset *set, agent_keyset_key *key, agent_str kid, agent_error *err)
{
	if (!plain_kid(kid)) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "key_kid", "a kid has 1 to %d bytes of printable ASCII without blank, quote and backslash",
			AGENT_KID_MAX);
	}
	for (size_t i = 0; i < set->count; i++) {
		if (kid.len == 0 || set->keys[i].kid_len == 0) {
			return agent_fail(err, AGENT_DOMAIN_CRYPTO, "key_kid", "where there are several keys each has a kid");
		}
		if (agent_str_eq(agent_keyset_kid(&set->keys[i]), kid)) {
			return agent_fail(err, AGENT_DOMAIN_CRYPTO, "key_kid", "two keys have the same kid");
		}
	}
	memcpy(key->kid, kid.ptr, kid.len);
	key->kid_len = kid.len;
	return AGENT_OK;
}

static agent_status write_header(agent_keyset_key *key, agent_error *err)
{
	agent_buf json;
	agent_buf_init(&json, AGENT_HEADER_MAX);
	agent_buf_add_char(&json, '{');
	agent_json_put_member(&json, "alg", agent_key_algorithm(key));
	agent_json_put_member(&json, "typ", AGENT_STR("JWT"));
	if (key->kid_len > 0) {
		agent_json_put_member(&json, "kid", agent_keyset_kid(key));
	}
	agent_buf_add_char(&json, '}');
	agent_status status = agent_buf_check(&json, "a token's header", err);
	if (status == AGENT_OK && (json.len * 4 + 2) / 3 > sizeof key->header) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "header", "a token's header is larger than was thought");
	}
	if (status == AGENT_OK) {
		key->header_len = agent_b64url_put(key->header, agent_buf_str(&json));
	}
	agent_buf_clear(&json);
	return status;
}

/* Makes room, takes over what the key holds, in every case. */
static agent_status take(agent_keyset *set, agent_keyset_key *key, agent_str kid, bool signs, agent_error *err)
{
	agent_status status = AGENT_OK;
	if (set->count == AGENT_KEYSET_MAX) {
		status = agent_fail(err, AGENT_DOMAIN_CRYPTO, "key_count", "a set has at most %d keys", AGENT_KEYSET_MAX);
	} else if (signs && set->signer < set->count) {
		status = agent_fail(err, AGENT_DOMAIN_CRYPTO, "key_count", "one key of a set signs");
	} else if (take_kid(set, key, kid, err) != AGENT_OK || write_header(key, err) != AGENT_OK) {
		status = AGENT_ERR;
	}
	agent_keyset_key *keys = status == AGENT_OK ? agent_malloc((set->count + 1) * sizeof *keys) : NULL;
	if (keys == NULL) {
		close_key(key);
		return status == AGENT_OK ? agent_fail_memory(err) : AGENT_ERR;
	}
	if (set->count > 0) { /* no realloc: it may leave secrets behind */
		memcpy(keys, set->keys, set->count * sizeof *keys);
		agent_wipe(set->keys, set->count * sizeof *keys);
	}
	agent_free(set->keys);
	keys[set->count] = *key;
	agent_wipe(key, sizeof *key);
	set->keys = keys;
	bool had = set->signer < set->count;
	set->signer = had ? set->signer : signs ? set->count : set->count + 1;
	set->count++;
	return AGENT_OK;
}

agent_status agent_keyset_add_secret(agent_keyset *set, agent_str kid, agent_str secret, bool signs, agent_error *err)
{
	agent_keyset_key key = { 0 };
	if (agent_hmac_key_open(&key, secret, err) != AGENT_OK) {
		close_key(&key);
		return AGENT_ERR;
	}
	return take(set, &key, kid, signs, err);
}

agent_status agent_keyset_add_seed(agent_keyset *set, agent_str kid, const unsigned char seed[AGENT_ED25519_SIZE], bool signs, agent_error *err)
{
	agent_keyset_key key = { 0 };
	if (agent_ed25519_open_seed(&key, seed, err) != AGENT_OK) {
		close_key(&key);
		return AGENT_ERR;
	}
	return take(set, &key, kid, signs, err);
}

agent_status agent_keyset_add_pem(agent_keyset *set, agent_str pem, bool signs, agent_error *err)
{
	char kid[43];
	agent_keyset_key key = { 0 };
	if (agent_ed25519_open_pem(&key, pem, err) != AGENT_OK || agent_ed25519_thumbprint(&key, kid, err) != AGENT_OK) {
		close_key(&key);
		return AGENT_ERR;
	}
	return take(set, &key, (agent_str){ kid, sizeof kid }, signs, err);
}

agent_status agent_keyset_add_public(agent_keyset *set, agent_str kid, const unsigned char bytes[AGENT_ED25519_SIZE], agent_error *err)
{
	agent_keyset_key key = { 0 };
	if (agent_ed25519_open_public(&key, bytes, err) != AGENT_OK) {
		close_key(&key);
		return AGENT_ERR;
	}
	return take(set, &key, kid, false, err);
}

bool agent_keyset_signs(const agent_keyset *set)
{
	return set->signer < set->count;
}

size_t agent_keyset_count(const agent_keyset *set)
{
	return set->count;
}

void agent_keyset_public(const agent_keyset *set, agent_buf *out)
{
	char x[43];
	bool first = true;
	agent_buf_add_lit(out, "{\"keys\":[");
	for (size_t i = 0; i < set->count; i++) {
		const agent_keyset_key *key = &set->keys[i];
		if (key->kind != AGENT_KEY_EDDSA) {
			continue;
		}
		agent_b64url_put(x, (agent_str){ (const char *)key->point, sizeof key->point });
		agent_buf_add(out, first ? AGENT_STR("{") : AGENT_STR(",{"));
		agent_json_put_member(out, "kty", AGENT_STR("OKP"));
		agent_json_put_member(out, "crv", AGENT_STR("Ed25519"));
		agent_json_put_member(out, "kid", agent_keyset_kid(key));
		agent_json_put_member(out, "alg", AGENT_STR("EdDSA"));
		agent_json_put_member(out, "use", AGENT_STR("sig"));
		agent_json_put_member(out, "x", (agent_str){ x, sizeof x });
		agent_buf_add_char(out, '}');
		first = false;
	}
	agent_buf_add_lit(out, "]}");
}

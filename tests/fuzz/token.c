/* SPDX-License-Identifier: MIT
 * Tokens: any bytes against fixed key sets; header, claims and signature put together from the input; and tokens with a right signature, mutated.
 * What opens must have been signed here; what is refused leaves nothing. */
#include <stdlib.h>

#include <openssl/err.h>

#include "ext/base/b64url.h"
#include "ext/hands/hands.h"
#include "ext/seal/token.h"

#define SECRET AGENT_STR("a secret of the fuzzer, of 32 bytes and more")
#define CLAIMS "{\"iss\":\"agent\",\"aud\":\"a\",\"sub\":\"wp:42\",\"scope\":\"order:read\",\"iat\":1700000000,\"nbf\":1700000000,\"exp\":1700000060}"

static agent_keyset *hmac, *eddsa, *mixed, *plain;
static agent_arena *arena;

static void must(bool fine)
{
	if (!fine) {
		abort();
	}
}

static void begin(void)
{
	static const unsigned char seed[32] = { 7 };
	agent_error err;
	hmac = agent_keyset_new();
	eddsa = agent_keyset_new();
	mixed = agent_keyset_new();
	plain = agent_keyset_new();
	must(agent_keyset_add_secret(hmac, AGENT_STR("k"), SECRET, true, &err) == AGENT_OK);
	must(agent_keyset_add_seed(eddsa, AGENT_STR("k"), seed, true, &err) == AGENT_OK);
	must(agent_keyset_add_seed(mixed, AGENT_STR("e"), seed, false, &err) == AGENT_OK);
	must(agent_keyset_add_secret(mixed, AGENT_STR("k"), SECRET, true, &err) == AGENT_OK);
	must(agent_keyset_add_secret(plain, AGENT_STR_EMPTY, SECRET, true, &err) == AGENT_OK);
}

static bool opens(const agent_keyset *set, agent_str token, agent_buf *claims)
{
	agent_error err = { 0 };
	agent_buf_reset(claims);
	agent_status status = agent_token_verify(set, token, claims, &err);
	must(ERR_peek_error() == 0);
	if (status != AGENT_OK) {
		must(claims->len == 0 && err.domain == AGENT_DOMAIN_CRYPTO && strncmp(err.code, "token_", 6) == 0);
	}
	return status == AGENT_OK;
}

static void read_claims(agent_str text)
{
	agent_error err = { 0 };
	agent_claims claims;
	arena = agent_arena_new(65536);
	if (agent_claims_read(text, arena, &claims, &err) == AGENT_OK) {
		must(claims.issued_s >= 0 && claims.not_before_s >= 0 && claims.expires_s >= 0 && claims.audience.ptr != NULL);
		(void)agent_token_time(claims.issued_s, claims.not_before_s, claims.expires_s, AGENT_TOKEN_LIFE_S, 1700000000);
	} else {
		must(err.domain == AGENT_DOMAIN_CRYPTO);
	}
	agent_arena_free(arena);
}

/* The input up to the first NUL is the header, up to the second one the claims; the signature is right. */
static void signed_by_us(agent_str input, agent_buf *token, agent_buf *claims)
{
	unsigned char mac[32];
	agent_error err;
	size_t end = agent_str_find(input, (agent_str){ "\0", 1 }, 0);
	agent_str header = end == (size_t)-1 ? input : agent_str_cut(input, 0, end);
	agent_str body = end == (size_t)-1 ? AGENT_STR(CLAIMS) : agent_str_from(input, end + 1);
	agent_buf_reset(token);
	agent_b64url_encode(token, header);
	agent_buf_add_char(token, '.');
	agent_b64url_encode(token, body);
	must(agent_hmac_sha256(SECRET, agent_buf_str(token), mac, &err) == AGENT_OK);
	agent_buf_add_char(token, '.');
	agent_b64url_encode(token, (agent_str){ (const char *)mac, 32 });
	if (opens(mixed, agent_buf_str(token), claims)) {
		must(agent_str_eq(agent_buf_str(claims), body));
		read_claims(agent_buf_str(claims));
	}
	must(!opens(eddsa, agent_buf_str(token), claims));
}

/* Pairs of bytes: a place and what is put there. Whatever changes, a token that still opens is the same one. */
static void mutated(const agent_keyset *set, agent_str input, agent_buf *token, agent_buf *claims)
{
	agent_error err;
	agent_buf first;
	bool changed = false;
	agent_buf_init(&first, 8192);
	agent_buf_reset(token);
	must(agent_token_sign(set, AGENT_STR(CLAIMS), token, &err) == AGENT_OK);
	agent_buf_add(&first, agent_buf_str(token));
	for (size_t i = 0; i + 1 < input.len && i < 16; i += 2) {
		size_t at = (size_t)(unsigned char)input.ptr[i] * token->len / 256;
		token->ptr[at] = input.ptr[i + 1];
	}
	changed = !agent_str_eq(agent_buf_str(&first), agent_buf_str(token));
	must(opens(set, agent_buf_str(token), claims) == !changed);
	if (!changed) {
		must(agent_str_is(agent_buf_str(claims), CLAIMS));
	}
	agent_buf_clear(&first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	agent_str input = { (const char *)data, size };
	agent_buf token, claims;
	if (hmac == NULL) {
		begin();
	}
	agent_buf_init(&token, 2 * size + 8192);
	agent_buf_init(&claims, 8192);
	if (size > 0 && data[0] < 128) {
		const agent_keyset *sets[] = { hmac, eddsa, mixed, plain };
		for (size_t i = 0; i < 4; i++) {
			if (opens(sets[i], input, &claims)) { /* only if it came from a seed */
				read_claims(agent_buf_str(&claims));
			}
		}
	}
	signed_by_us(input, &token, &claims);
	read_claims(input);
	mutated(hmac, input, &token, &claims);
	if (size < 64) { /* a signature takes a tenth of a millisecond */
		mutated(eddsa, input, &token, &claims);
	}
	agent_buf_clear(&claims);
	agent_buf_clear(&token);
	return 0;
}

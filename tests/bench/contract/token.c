/* SPDX-License-Identifier: MIT
 * CPU time of signing and verifying a token, beside the bare calls of OpenSSL of the same algorithm over the same bytes, in the same run.
 *
 *   token [milliseconds per figure]
 *
 * Bare: EVP_MAC begun anew with the key it has, EVP_DigestSign and EVP_DigestVerify, and the constant-time comparison. Each round measures both
 * sides, so that a machine that slows down slows both; the figure is the median round. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "ext/hands/hands.h"
#include "ext/seal/token.h"

#define ROUNDS 31
/* What one tool call's token holds. */
#define CLAIMS "{\"iss\":\"agent\",\"aud\":\"https://shop.example/tools\",\"sub\":\"wp:42\",\"scope\":\"order:read\",\"session\":\"jY0qJfQ3y1rB7l5vWm2x9A\"," \
	"\"turn\":\"Zk3nT8aQ4cV6bN1mL0pX7w\",\"call\":\"call_9f2c1e\",\"dig\":\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"," \
	"\"iat\":1795300000,\"nbf\":1795300000,\"exp\":1795300060,\"jti\":\"pQ4rS6tU8vW0xY2zA4bC6d\"}"

typedef struct bench {
	agent_keyset *set;
	EVP_MAC_CTX *mac;
	EVP_PKEY *pkey;
	EVP_MD_CTX *md;
	agent_buf token, out;
	agent_arena *arena;
	agent_str text;              /* what is signed */
	unsigned char signature[64];
} bench;

typedef void job(bench *b);

static void must(bool fine, const char *what)
{
	if (!fine) {
		fprintf(stderr, "token: %s failed\n", what);
		exit(1);
	}
}

static void sign(bench *b)
{
	agent_error err;
	agent_buf_reset(&b->out);
	must(agent_token_sign(b->set, AGENT_STR(CLAIMS), &b->out, &err) == AGENT_OK, "sign");
}

static void verify(bench *b)
{
	agent_error err;
	agent_buf_reset(&b->out);
	must(agent_token_verify(b->set, agent_buf_str(&b->token), &b->out, &err) == AGENT_OK, "verify");
}

static void verify_and_read(bench *b)
{
	agent_error err;
	agent_claims claims;
	verify(b);
	must(agent_claims_read(agent_buf_str(&b->out), b->arena, &claims, &err) == AGENT_OK, "read");
}

static void bare_mac(bench *b, unsigned char out[32])
{
	size_t len;
	must(EVP_MAC_init(b->mac, NULL, 0, NULL) == 1 && EVP_MAC_update(b->mac, (const unsigned char *)b->text.ptr, b->text.len) == 1
		&& EVP_MAC_final(b->mac, out, &len, 32) == 1, "EVP_MAC");
}

static void bare_hs256_sign(bench *b)
{
	unsigned char out[32];
	bare_mac(b, out);
}

static void bare_hs256_verify(bench *b)
{
	unsigned char out[32];
	bare_mac(b, out);
	must(CRYPTO_memcmp(out, b->signature, 32) == 0, "CRYPTO_memcmp");
}

static void bare_eddsa_sign(bench *b)
{
	unsigned char out[64];
	size_t len = 64;
	must(EVP_DigestSignInit(b->md, NULL, NULL, NULL, b->pkey) == 1
		&& EVP_DigestSign(b->md, out, &len, (const unsigned char *)b->text.ptr, b->text.len) == 1, "EVP_DigestSign");
}

static void bare_eddsa_verify(bench *b)
{
	must(EVP_DigestVerifyInit(b->md, NULL, NULL, NULL, b->pkey) == 1
		&& EVP_DigestVerify(b->md, b->signature, 64, (const unsigned char *)b->text.ptr, b->text.len) == 1, "EVP_DigestVerify");
}

static double now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double one_round(bench *b, job *run, long times)
{
	double begin = now_ns();
	for (long i = 0; i < times; i++) {
		run(b);
	}
	return (now_ns() - begin) / (double)times;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void compare(bench *b, const char *name, job *ours, job *bare, double budget_ms)
{
	double mine[ROUNDS], theirs[ROUNDS], ratio[ROUNDS];
	long times = (long)(budget_ms * 1e6 / ROUNDS / one_round(b, ours, 100)) + 1;
	for (int i = 0; i < ROUNDS; i++) {
		mine[i] = one_round(b, ours, times);
		theirs[i] = one_round(b, bare, times);
		ratio[i] = mine[i] / theirs[i];
	}
	qsort(mine, ROUNDS, sizeof *mine, by_value);
	qsort(theirs, ROUNDS, sizeof *theirs, by_value);
	qsort(ratio, ROUNDS, sizeof *ratio, by_value);
	printf("%-28s %9.0f ns   bare %9.0f ns   ratio %.2f\n", name, mine[ROUNDS / 2], theirs[ROUNDS / 2], ratio[ROUNDS / 2]);
}

static void begin(bench *b)
{
	agent_error err;
	agent_buf_init(&b->token, 8192);
	agent_buf_init(&b->out, 8192);
	b->arena = agent_arena_new(65536);
	must(b->set != NULL && b->arena != NULL && agent_token_sign(b->set, AGENT_STR(CLAIMS), &b->token, &err) == AGENT_OK, "the token");
	agent_str token = agent_buf_str(&b->token);
	size_t first = agent_str_find(token, AGENT_STR("."), 0);
	b->text = agent_str_cut(token, 0, agent_str_find(token, AGENT_STR("."), first + 1));
}

static void end(bench *b)
{
	agent_keyset_free(b->set);
	agent_arena_free(b->arena);
	agent_buf_clear(&b->token);
	agent_buf_clear(&b->out);
	EVP_MAC_CTX_free(b->mac);
	EVP_MD_CTX_free(b->md);
	EVP_PKEY_free(b->pkey);
}

int main(int argc, char **argv)
{
	double budget_ms = argc > 1 ? atof(argv[1]) : 1000;
	static const unsigned char key[32] = { 1, 2, 3 };
	agent_error err;
	bench hs256 = { .set = agent_keyset_new() }, eddsa = { .set = agent_keyset_new() };
	must(agent_keyset_add_secret(hs256.set, AGENT_STR("abcdefghijkl"), (agent_str){ (const char *)key, 32 }, true, &err) == AGENT_OK, "the key");
	must(agent_keyset_add_seed(eddsa.set, AGENT_STR("abcdefghijkl"), key, true, &err) == AGENT_OK, "the key");
	begin(&hs256);
	begin(&eddsa);
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end() };
	hs256.mac = EVP_MAC_CTX_new(mac);
	must(EVP_MAC_init(hs256.mac, key, 32, params) == 1, "EVP_MAC_init");
	EVP_MAC_free(mac);
	bare_mac(&hs256, hs256.signature);
	size_t len = 64;
	eddsa.pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key, 32);
	eddsa.md = EVP_MD_CTX_new();
	must(EVP_DigestSignInit(eddsa.md, NULL, NULL, NULL, eddsa.pkey) == 1
		&& EVP_DigestSign(eddsa.md, eddsa.signature, &len, (const unsigned char *)eddsa.text.ptr, eddsa.text.len) == 1, "EVP_DigestSign");
	printf("token of %zu bytes, %s\n", hs256.token.len, agent_seal_version());
	compare(&hs256, "HS256 sign", sign, bare_hs256_sign, budget_ms);
	compare(&hs256, "HS256 verify", verify, bare_hs256_verify, budget_ms);
	compare(&hs256, "HS256 verify, claims read", verify_and_read, bare_hs256_verify, budget_ms);
	compare(&eddsa, "EdDSA sign", sign, bare_eddsa_sign, budget_ms);
	compare(&eddsa, "EdDSA verify", verify, bare_eddsa_verify, budget_ms);
	compare(&eddsa, "EdDSA verify, claims read", verify_and_read, bare_eddsa_verify, budget_ms);
	end(&hs256);
	end(&eddsa);
	return 0;
}

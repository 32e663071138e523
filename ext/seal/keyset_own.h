/* SPDX-License-Identifier: MIT
 * The inside of a key set, for the files of seal/ that sign and verify.
 * Not for anyone outside. */
#ifndef AGENT_SEAL_KEYSET_OWN_H
#define AGENT_SEAL_KEYSET_OWN_H

#include <openssl/evp.h>

#include "ext/seal/keyset.h"

#define AGENT_HMAC_BLOCK 64
/* base64url of {"alg":"EdDSA","typ":"JWT","kid":"…"} */
#define AGENT_HEADER_MAX ((42 + AGENT_KID_MAX) * 4 / 3 + 2)

typedef enum agent_key_kind { AGENT_KEY_HS256, AGENT_KEY_EDDSA } agent_key_kind;

typedef struct agent_keyset_key {
	agent_key_kind kind;
	char kid[AGENT_KID_MAX];
	size_t kid_len;
	char header[AGENT_HEADER_MAX];   /* the first segment of its tokens, as it is written here */
	size_t header_len;
	/* HS256 */
	EVP_MAC_CTX *mac;                /* holds the key; each use begins it anew */
	bool rekey;                      /* this library forgets the key when begun anew (OpenSSL 3.0.0 to 3.0.2) */
	unsigned char secret[AGENT_HMAC_BLOCK];
	size_t secret_len;
	/* EdDSA */
	EVP_PKEY *pkey;
	EVP_MD_CTX *md;
	unsigned char point[AGENT_ED25519_SIZE];
} agent_keyset_key;

struct agent_keyset {
	agent_keyset_key *keys;
	size_t count;
	size_t signer;                   /* == count: none signs */
};

static inline agent_str agent_keyset_kid(const agent_keyset_key *key)
{
	return (agent_str){ key->kid, key->kid_len };
}

/* "HS256" or "EdDSA". */
agent_str agent_key_algorithm(const agent_keyset_key *key);

/* keyset_hmac.c */
agent_status agent_hmac_key_open(agent_keyset_key *key, agent_str secret, agent_error *err);
agent_status agent_hmac_key_mac(const agent_keyset_key *key, agent_str text, unsigned char out[32], agent_error *err);
void agent_hmac_key_close(agent_keyset_key *key);

/* keyset_ed25519.c */
agent_status agent_ed25519_open_seed(agent_keyset_key *key, const unsigned char seed[AGENT_ED25519_SIZE], agent_error *err);
agent_status agent_ed25519_open_pem(agent_keyset_key *key, agent_str pem, agent_error *err);
agent_status agent_ed25519_open_public(agent_keyset_key *key, const unsigned char bytes[AGENT_ED25519_SIZE], agent_error *err);
agent_status agent_ed25519_sign(const agent_keyset_key *key, agent_str text, unsigned char out[64], agent_error *err);
/* *genuine tells a false signature from a failure of the library, but for memory that is missing within its verification: of that it says
 * nothing, so the signature counts as false. */
agent_status agent_ed25519_verify(const agent_keyset_key *key, agent_str text, const unsigned char signature[64], bool *genuine, agent_error *err);
void agent_ed25519_close(agent_keyset_key *key);
/* RFC 7638: base64url of the SHA-256 of the canonical public JWK; 43 characters, no NUL. */
agent_status agent_ed25519_thumbprint(const agent_keyset_key *key, char out[43], agent_error *err);

#endif

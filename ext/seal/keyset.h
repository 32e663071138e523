/* SPDX-License-Identifier: MIT
 * The keys of one audience's tokens, parsed once: one signs, all verify, a kid picks, the key fixes the algorithm.
 * Where keys come from and when they retire is run/'s: what is not to verify any more is not in the set. */
#ifndef AGENT_SEAL_KEYSET_H
#define AGENT_SEAL_KEYSET_H

#include "ext/seal/seal.h"

#define AGENT_KEYSET_MAX 32
#define AGENT_KID_MAX 128
#define AGENT_SECRET_MIN 32      /* bytes of an HMAC key: as many as its digest has (RFC 7518 section 3.2) */
#define AGENT_ED25519_SIZE 32    /* bytes of a seed, and of a public key */

/* Filled, then immutable to its users. It holds contexts of the library that each use begins anew, so it belongs to one thread; a forked
 * process may go on with its copy. */
typedef struct agent_keyset agent_keyset;

/* NULL when out of memory. */
agent_keyset *agent_keyset_new(void);
void agent_keyset_free(agent_keyset *set); /* NULL is allowed; secrets are wiped */

/* Each adds one key. kid: 1 … AGENT_KID_MAX bytes of printable ASCII without blank, quote and backslash, no two the same; empty: the set has
 * this one key, and its tokens bear no kid. `signs`: it makes the tokens (one per set); such a key verifies, too.
 * CRYPTO errors: "key_kid", "key_count", "key_weak" (a secret too short or that looks like a public key, a point of small order), "key_form". */
agent_status agent_keyset_add_secret(agent_keyset *set, agent_str kid, agent_str secret, bool signs, agent_error *err);
/* An Ed25519 private key by its seed. */
agent_status agent_keyset_add_seed(agent_keyset *set, agent_str kid, const unsigned char seed[AGENT_ED25519_SIZE], bool signs, agent_error *err);
/* An Ed25519 private key in PEM (PKCS #8, not encrypted), alone in the text; its kid is its thumbprint (RFC 7638). */
agent_status agent_keyset_add_pem(agent_keyset *set, agent_str pem, bool signs, agent_error *err);
/* An Ed25519 public key. */
agent_status agent_keyset_add_public(agent_keyset *set, agent_str kid, const unsigned char bytes[AGENT_ED25519_SIZE], agent_error *err);

bool agent_keyset_signs(const agent_keyset *set);
size_t agent_keyset_count(const agent_keyset *set);
/* Appends {"keys":[…]}: the public halves of the Ed25519 keys (RFC 7517, RFC 8037). HMAC keys have none and are left out. */
void agent_keyset_public(const agent_keyset *set, agent_buf *out);

#endif

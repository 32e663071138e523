/* SPDX-License-Identifier: MIT
 * Digests, keyed digests, sealed values, constant-time comparison: the one door to OpenSSL.
 * No file, no clock. */
#ifndef AGENT_SEAL_SEAL_H
#define AGENT_SEAL_SEAL_H

#include "ext/base/buf.h"

#define AGENT_KEY_SIZE 32

typedef struct agent_key { unsigned char bytes[AGENT_KEY_SIZE]; } agent_key;

agent_status agent_sha256(agent_str bytes, unsigned char out[32], agent_error *err);
/* 64 hexadecimal digits and a NUL. */
agent_status agent_sha256_hex(agent_str bytes, char out[65], agent_error *err);
agent_status agent_hmac_sha256(agent_str key, agent_str bytes, unsigned char out[32], agent_error *err);
/* HKDF-SHA256 (RFC 5869) without salt: one key per purpose ("token:https://shop.example/tools"). */
agent_status agent_key_derive(agent_str secret, agent_str purpose, agent_key *out, agent_error *err);
/* AES-256-GCM: version byte, random nonce, text, tag. `bound` is authenticated with it (the name of the value). */
agent_status agent_seal(const agent_key *key, agent_str bound, agent_str text, agent_buf *out, agent_error *err);
agent_status agent_unseal(const agent_key *key, agent_str bound, agent_str sealed, agent_buf *out, agent_error *err);
agent_status agent_random_bytes(void *bytes, size_t len, agent_error *err);
bool agent_equal_secret(agent_str a, agent_str b);
void agent_wipe(void *bytes, size_t len);
/* "OpenSSL 3.0.22 …" */
const char *agent_seal_version(void);

#endif

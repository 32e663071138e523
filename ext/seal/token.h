/* SPDX-License-Identifier: MIT
 * JSON Web Tokens (RFC 7519), HS256 only; the algorithm comes from the key, never from the token (RFC 8725).
 * Signature and form here; what the claims allow is judged in hands/. */
#ifndef AGENT_SEAL_TOKEN_H
#define AGENT_SEAL_TOKEN_H

#include "ext/contract/json.h"
#include "ext/seal/seal.h"

#define AGENT_TOKEN_MAX 4096

/* claims: a JSON object's text. Appends header.claims.signature. */
agent_status agent_token_sign(const agent_key *key, agent_str claims, agent_buf *out, agent_error *err);
/* CRYPTO errors, codes: "token_form" (segments, base64url, JSON, a header with anything but alg and typ), "token_alg", "token_signature", "token_size".
 * *claims (an object) belongs to the caller. Times are not judged here. */
agent_status agent_token_verify(const agent_key *key, agent_str token, agent_json **claims, agent_error *err);

#endif

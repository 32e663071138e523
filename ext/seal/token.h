/* SPDX-License-Identifier: MIT
 * JSON Web Tokens (RFC 7519): HS256 and EdDSA (Ed25519). The algorithm is the key's, never the token's (RFC 8725).
 * Signature and form here; what the claims hold is read and judged in hands/. */
#ifndef AGENT_SEAL_TOKEN_H
#define AGENT_SEAL_TOKEN_H

#include "ext/seal/keyset.h"

#define AGENT_TOKEN_MAX 4096

/* claims: a JSON object's text. Appends header.claims.signature; nothing where it fails. CRYPTO errors: "token_size", "token_key" (no key of the
 * set signs). */
agent_status agent_token_sign(const agent_keyset *set, agent_str claims, agent_buf *out, agent_error *err);
/* Appends the claims' bytes, once the signature fits; that they are strict JSON is agent_claims_read's to say. Nothing where it fails. No memory
 * is taken but for them, whatever the token's size.
 *
 * CRYPTO errors: "token_size" · "token_form" (segments, base64url, a header that is no strict JSON or holds anything but alg, typ and kid) ·
 * "token_kid" (no key of the set has it, or not any more; or there is none although the set has several keys) · "token_alg" (not the key's) ·
 * "token_signature".
 *
 * The kid only picks from the set. A token without one is accepted where the set has exactly one key: with more, an attacker would choose
 * which of them is tried. Where the one key has no kid itself (a shared secret), a token with a kid is none of its. */
agent_status agent_token_verify(const agent_keyset *set, agent_str token, agent_buf *claims, agent_error *err);
/* The kid of the key that a verified token was signed with, a view into the set; empty where that key has none. */
agent_str agent_token_kid(const agent_keyset *set, agent_str token);

#endif

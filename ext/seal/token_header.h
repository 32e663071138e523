/* SPDX-License-Identifier: MIT
 * A token's header as a stranger wrote it.
 * Not for anyone outside seal/. */
#ifndef AGENT_SEAL_TOKEN_HEADER_H
#define AGENT_SEAL_TOKEN_HEADER_H

#include "ext/seal/keyset_own.h"

agent_status agent_token_bad_form(agent_error *err, const char *why);
/* The key of the set that the header (a base64url segment) asks for. Takes no memory. */
agent_status agent_token_key(const agent_keyset *set, agent_str segment, const agent_keyset_key **out, agent_error *err);

#endif

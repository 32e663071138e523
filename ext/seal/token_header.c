/* SPDX-License-Identifier: MIT
 * From a token's header to the key of the set: strict JSON of alg, typ and kid, and nothing else.
 * No signature is looked at. */
#include "ext/seal/token_header.h"

#include "ext/base/b64url.h"
#include "ext/contract/reader.h"

#define BYTES_MAX 512 /* of the header's JSON */

typedef struct header {
	agent_str alg, kid;
	bool has_kid;
} header;

agent_status agent_token_bad_form(agent_error *err, const char *why)
{
	return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_form", "the token is malformed: %s", why);
}

/* Which of the three members the last key is: 0 … 2, or -1. A name written with escapes is none: who writes one has something to hide. */
static int member(const agent_json_reader *reader)
{
	static const char *const names[] = { "alg", "typ", "kid" };
	for (int i = 0; i < 3; i++) {
		if (!reader->escaped && agent_str_is(reader->raw, names[i])) {
			return i;
		}
	}
	return -1;
}

/* Whatever else stands there (jwk, jku, x5u, x5c, crit, b64, zip, cty …) asks for something that is not offered here, so the token is not for
 * us. Values are strings without escapes; none stands there twice. */
static agent_status read_header(agent_str text, header *out, agent_error *err)
{
	agent_json_reader reader;
	agent_json_token token;
	agent_str values[3] = { AGENT_STR_EMPTY, AGENT_STR_EMPTY, AGENT_STR_EMPTY };
	bool seen[3] = { false, false, false };
	agent_json_reader_init(&reader, text, 1);
	if (agent_json_next(&reader) != AGENT_JSON_OBJECT) {
		return agent_token_bad_form(err, "its header is no JSON object");
	}
	while ((token = agent_json_next(&reader)) == AGENT_JSON_KEY) {
		int i = member(&reader);
		if (i < 0 || seen[i]) {
			return agent_token_bad_form(err, "its header has members beside alg, typ and kid");
		}
		if (agent_json_next(&reader) != AGENT_JSON_STRING || reader.escaped) {
			return agent_token_bad_form(err, "a header member is no plain string");
		}
		values[i] = reader.raw;
		seen[i] = true;
	}
	if (token != AGENT_JSON_OBJECT_END || agent_json_next(&reader) != AGENT_JSON_END) {
		return agent_token_bad_form(err, "its header is no JSON object");
	}
	if (seen[1] && !agent_str_is(values[1], "JWT")) {
		return agent_token_bad_form(err, "its type is not JWT");
	}
	*out = (header){ values[0], values[2], seen[2] };
	return AGENT_OK;
}

static const agent_keyset_key *pick(const agent_keyset *set, const header *h)
{
	if (!h->has_kid) {
		return set->count == 1 ? &set->keys[0] : NULL;
	}
	for (size_t i = 0; i < set->count; i++) {
		if (h->kid.len > 0 && agent_str_eq(agent_keyset_kid(&set->keys[i]), h->kid)) {
			return &set->keys[i];
		}
	}
	return NULL;
}

agent_status agent_token_key(const agent_keyset *set, agent_str segment, const agent_keyset_key **out, agent_error *err)
{
	unsigned char bytes[BYTES_MAX];
	header h = { AGENT_STR_EMPTY, AGENT_STR_EMPTY, false };
	if (segment.len * 3 / 4 > sizeof bytes) {
		return agent_token_bad_form(err, "its header is too long");
	}
	if (!agent_b64url_get(bytes, segment)) {
		return agent_token_bad_form(err, "a segment is no canonical base64url");
	}
	if (read_header((agent_str){ (const char *)bytes, segment.len * 3 / 4 }, &h, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (!agent_str_is(h.alg, "HS256") && !agent_str_is(h.alg, "EdDSA")) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_alg", "the token's algorithm is neither HS256 nor EdDSA");
	}
	const agent_keyset_key *key = pick(set, &h);
	if (key == NULL) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_kid", h.has_kid ? "the token's key is not known, or not any more"
			: "the token does not name its key");
	}
	if (!agent_str_eq(h.alg, agent_key_algorithm(key))) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_alg", "the token's algorithm is not its key's");
	}
	*out = key;
	return AGENT_OK;
}

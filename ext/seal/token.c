/* SPDX-License-Identifier: MIT
 * Tokens: made, and taken apart in the order size, form, header, signature, claims.
 * No claim is judged, no clock is read. */
#include "ext/seal/token.h"

#include "ext/base/b64url.h"
#include "ext/contract/reader.h"

#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define SIGNATURE_TEXT 43 /* base64url of 32 bytes */
#define CLAIMS_DEPTH 8

static agent_status bad_form(agent_error *err, const char *why)
{
	return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_form", "the token is malformed: %s", why);
}

agent_status agent_token_sign(const agent_key *key, agent_str claims, agent_buf *out, agent_error *err)
{
	size_t start = out->len;
	unsigned char mac[32];
	agent_str secret = { (const char *)key->bytes, sizeof key->bytes };
	if (claims.len > AGENT_TOKEN_MAX) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_size", "the claims are too large for a token");
	}
	agent_b64url_encode(out, AGENT_STR(HEADER));
	agent_buf_add_char(out, '.');
	agent_b64url_encode(out, claims);
	agent_status status = agent_buf_check(out, "the token", err);
	if (status == AGENT_OK && out->len - start + 1 + SIGNATURE_TEXT > AGENT_TOKEN_MAX) {
		status = agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_size", "the claims are too large for a token");
	}
	if (status == AGENT_OK) {
		status = agent_hmac_sha256(secret, agent_str_from(agent_buf_str(out), start), mac, err);
	}
	if (status == AGENT_OK) {
		agent_buf_add_char(out, '.');
		agent_b64url_encode(out, (agent_str){ (const char *)mac, sizeof mac });
		status = agent_buf_check(out, "the token", err);
	}
	if (status != AGENT_OK) {
		out->len = start;
	}
	return status;
}

/* Exactly three segments, none empty. */
static bool split(agent_str token, agent_str parts[3])
{
	size_t first = agent_str_find(token, AGENT_STR("."), 0);
	if (first == (size_t)-1) {
		return false;
	}
	size_t second = agent_str_find(token, AGENT_STR("."), first + 1);
	if (second == (size_t)-1 || agent_str_find(token, AGENT_STR("."), second + 1) != (size_t)-1) {
		return false;
	}
	parts[0] = agent_str_cut(token, 0, first);
	parts[1] = agent_str_cut(token, first + 1, second - first - 1);
	parts[2] = agent_str_from(token, second + 1);
	return parts[0].len > 0 && parts[1].len > 0 && parts[2].len > 0;
}

/* The value of one header member, which must be a string without escapes. */
static bool plain_string(agent_json_reader *reader, agent_str *out)
{
	if (agent_json_next(reader) != AGENT_JSON_STRING || reader->escaped) {
		return false;
	}
	*out = reader->raw;
	return true;
}

/* An object with alg "HS256" and, if at all, typ "JWT". Whatever else stands there (kid, jwk, crit …) asks
 * for something that is not offered here, so the token is not for us. */
static agent_status check_header(agent_str text, agent_error *err)
{
	agent_json_reader reader;
	agent_str alg = AGENT_STR_EMPTY;
	agent_str typ = AGENT_STR_EMPTY;
	bool has_alg = false;
	bool has_typ = false;
	agent_json_token token;
	agent_json_reader_init(&reader, text, 1);
	if (agent_json_next(&reader) != AGENT_JSON_OBJECT) {
		return bad_form(err, "its header is no JSON object");
	}
	while ((token = agent_json_next(&reader)) == AGENT_JSON_KEY) {
		bool is_alg = !reader.escaped && agent_json_key_is(&reader, "alg");
		bool is_typ = !reader.escaped && agent_json_key_is(&reader, "typ");
		if ((!is_alg && !is_typ) || (is_alg && has_alg) || (is_typ && has_typ)) {
			return bad_form(err, "its header has members beside alg and typ");
		}
		if (!plain_string(&reader, is_alg ? &alg : &typ)) {
			return bad_form(err, "a header member is no plain string");
		}
		has_alg = has_alg || is_alg;
		has_typ = has_typ || is_typ;
	}
	if (token != AGENT_JSON_OBJECT_END || agent_json_next(&reader) != AGENT_JSON_END) {
		return bad_form(err, "its header is no JSON object");
	}
	if (!has_alg || !agent_str_is(alg, "HS256")) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_alg", "the token's algorithm is not HS256");
	}
	if (has_typ && !agent_str_is(typ, "JWT")) {
		return bad_form(err, "its type is not JWT");
	}
	return AGENT_OK;
}

/* Decodes into out, emptied before. */
static agent_status decode(agent_str segment, agent_buf *out, agent_error *err)
{
	agent_buf_reset(out);
	if (agent_b64url_decode(out, segment)) {
		return AGENT_OK;
	}
	if (out->fault != AGENT_BUF_FINE) {
		return agent_buf_check(out, "the token", err);
	}
	return bad_form(err, "a segment is no canonical base64url");
}

static agent_status check_signature(const agent_key *key, agent_str signed_text, agent_str signature,
	agent_error *err)
{
	unsigned char mac[32];
	agent_str secret = { (const char *)key->bytes, sizeof key->bytes };
	if (agent_hmac_sha256(secret, signed_text, mac, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	bool same = agent_equal_secret((agent_str){ (const char *)mac, sizeof mac }, signature);
	agent_wipe(mac, sizeof mac);
	if (!same) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_signature", "the token's signature does not fit");
	}
	return AGENT_OK;
}

static agent_status parse_claims(agent_str text, agent_json **claims, agent_error *err)
{
	agent_json *tree = NULL;
	agent_json_limits limits = { AGENT_TOKEN_MAX, CLAIMS_DEPTH };
	if (agent_json_parse(text, limits, "the token's claims", &tree, err) != AGENT_OK) {
		return err->domain == AGENT_DOMAIN_MEMORY ? AGENT_ERR
			: bad_form(err, "its claims are no strict JSON");
	}
	if (agent_json_kind_of(tree) != AGENT_JSON_KIND_OBJECT) {
		agent_json_free(tree);
		return bad_form(err, "its claims are no JSON object");
	}
	*claims = tree;
	return AGENT_OK;
}

agent_status agent_token_verify(const agent_key *key, agent_str token, agent_json **claims, agent_error *err)
{
	agent_str parts[3];
	*claims = NULL;
	if (token.len > AGENT_TOKEN_MAX) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_size", "a token has at most %d bytes",
			AGENT_TOKEN_MAX);
	}
	if (!split(token, parts)) {
		return bad_form(err, "it has not three segments");
	}
	agent_str signed_text = agent_str_cut(token, 0, parts[0].len + 1 + parts[1].len);
	agent_buf bytes;
	agent_buf_init(&bytes, AGENT_TOKEN_MAX);
	agent_status status = decode(parts[0], &bytes, err);
	if (status == AGENT_OK) {
		status = check_header(agent_buf_str(&bytes), err);
	}
	if (status == AGENT_OK) {
		status = decode(parts[2], &bytes, err);
	}
	if (status == AGENT_OK) {
		status = check_signature(key, signed_text, agent_buf_str(&bytes), err);
	}
	if (status == AGENT_OK) {
		status = decode(parts[1], &bytes, err);
	}
	if (status == AGENT_OK) {
		status = parse_claims(agent_buf_str(&bytes), claims, err);
	}
	agent_buf_clear(&bytes);
	return status;
}

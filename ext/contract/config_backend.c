/* SPDX-License-Identifier: MIT
 * The backend: audience, issuer, and the keys of its tokens.
 * No secret is read here; that a point is one of the curve is seal/'s to say. */
#include "ext/base/b64url.h"
#include "ext/contract/config_parts.h"

#define KID_MAX 128

static const char *rule_algorithm(agent_str text)
{
	return agent_str_is(text, "HS256") || agent_str_is(text, "EdDSA") ? NULL : "must be HS256 or EdDSA";
}

static const char *rule_kty(agent_str text)
{
	return agent_str_is(text, "OKP") ? NULL : "must be OKP: an Ed25519 public key";
}

static const char *rule_crv(agent_str text)
{
	return agent_str_is(text, "Ed25519") ? NULL : "must be Ed25519";
}

static const char *rule_jwk_alg(agent_str text)
{
	return agent_str_is(text, "EdDSA") ? NULL : "must be EdDSA";
}

static const char *rule_use(agent_str text)
{
	return agent_str_is(text, "sig") ? NULL : "must be sig";
}

static const char *rule_kid(agent_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c <= 0x20 || c >= 0x7f || c == '"' || c == '\\') {
			return "must be printable ASCII without blank, quote and backslash";
		}
	}
	return NULL;
}

static const char *rule_operation(agent_str text)
{
	return agent_str_is(text, "verify") ? NULL : "must be verify";
}

static const char *rule_x(agent_str text)
{
	unsigned char point[33];
	return text.len == 43 && agent_b64url_get(point, text) ? NULL : "must be 32 bytes in base64url, without padding";
}

/* What a private key would hold beside the public one (RFC 7518): told before "not known", because it is a leak and not a slip. */
static agent_status refuse_private(agent_place *place, const agent_json *node)
{
	static const char *const names[] = { "d", "k", "p", "q", "dp", "dq", "qi", "oth" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (agent_json_has(node, names[i])) {
			return agent_place_refuse(place, names[i], "private_key",
				"is part of a private or secret key: only public keys belong here. This one is known to this side now, so make another");
		}
	}
	return AGENT_OK;
}

static agent_status read_jwk(agent_place *place, const agent_json *node, agent_public_key *out)
{
	agent_str checked = AGENT_STR_EMPTY, x = AGENT_STR_EMPTY;
	const agent_str *operations = NULL;
	size_t count = 0;
	if (agent_json_kind_of(node) == AGENT_JSON_KIND_OBJECT && refuse_private(place, node) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (agent_members_closed(place, node, "kty crv x kid alg use key_ops") != AGENT_OK
		|| agent_member_str(place, node, "kty", (agent_text_rule){ true, 1, 16, rule_kty }, &checked) != AGENT_OK
		|| agent_member_str(place, node, "crv", (agent_text_rule){ true, 1, 16, rule_crv }, &checked) != AGENT_OK
		|| agent_member_str(place, node, "alg", (agent_text_rule){ false, 1, 16, rule_jwk_alg }, &checked) != AGENT_OK
		|| agent_member_str(place, node, "use", (agent_text_rule){ false, 1, 16, rule_use }, &checked) != AGENT_OK
		|| agent_member_strs(place, node, "key_ops", 1, (agent_text_rule){ true, 1, 16, rule_operation }, &operations, &count) != AGENT_OK
		|| agent_member_str(place, node, "kid", (agent_text_rule){ true, 1, KID_MAX, rule_kid }, &out->kid) != AGENT_OK
		|| agent_member_str(place, node, "x", (agent_text_rule){ true, 1, 64, rule_x }, &x) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_b64url_get(out->point, x) ? AGENT_OK : agent_place_refuse(place, "x", "rule", "must be 32 bytes in base64url");
}

static agent_status check_kids(agent_place *place, const agent_public_key *keys, size_t last)
{
	for (size_t i = 0; i < last; i++) {
		if (agent_str_eq(keys[i].kid, keys[last].kid)) {
			return agent_place_refuse(place, "kid", "duplicate", "is the kid of another key of the set");
		}
	}
	return AGENT_OK;
}

static agent_status read_keys(agent_place *place, const agent_json *array, agent_config *config)
{
	size_t count = agent_json_count(array);
	if (agent_json_kind_of(array) != AGENT_JSON_KIND_ARRAY || count < 1 || count > AGENT_BACKEND_KEYS_MAX) {
		return agent_place_refuse(place, NULL, "range", "must be an array of 1 to %d keys", AGENT_BACKEND_KEYS_MAX);
	}
	agent_public_key *keys = agent_arena_array(place->arena, count, sizeof *keys);
	if (keys == NULL) {
		return agent_arena_fail(place->arena, place->err);
	}
	for (size_t i = 0; i < count; i++) {
		size_t mark = agent_place_enter_index(place, i);
		if (read_jwk(place, agent_json_at(array, i), &keys[i]) != AGENT_OK || check_kids(place, keys, i) != AGENT_OK) {
			return AGENT_ERR;
		}
		agent_place_leave(place, mark);
	}
	config->backend_keys = keys;
	config->backend_key_count = count;
	return AGENT_OK;
}

static agent_status read_key_set(agent_place *place, const agent_json *node, agent_config *config)
{
	if (config->backend_key.source != AGENT_SECRET_NONE) {
		return agent_place_refuse(place, "key_set", "rule", "must not stand beside key: a side that has a key verifies with it");
	}
	if (agent_json_has(node, "algorithm") && config->backend_algorithm != AGENT_TOKEN_EDDSA) {
		return agent_place_refuse(place, "algorithm", "rule", "must be EdDSA: a key_set holds public keys, and an HS256 key is none");
	}
	config->backend_algorithm = AGENT_TOKEN_EDDSA;
	size_t mark = agent_place_enter(place, AGENT_STR("key_set"));
	const agent_json *set = agent_json_get(node, "key_set");
	if (agent_members_closed(place, set, "keys") != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_place_enter(place, AGENT_STR("keys"));
	if (read_keys(place, agent_json_get(set, "keys"), config) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_place_leave(place, mark);
	return AGENT_OK;
}

agent_status agent_config_read_backend(agent_place *place, const agent_json *node, agent_config *config)
{
	agent_str algorithm = AGENT_STR_EMPTY;
	if (agent_members_closed(place, node, "audience issuer algorithm key key_set") != AGENT_OK
		|| agent_member_str(place, node, "audience", (agent_text_rule){ true, 1, 500, NULL }, &config->audience) != AGENT_OK
		|| agent_member_str(place, node, "issuer", (agent_text_rule){ false, 1, 200, NULL }, &config->issuer) != AGENT_OK
		|| agent_member_str(place, node, "algorithm", (agent_text_rule){ false, 1, 16, rule_algorithm }, &algorithm) != AGENT_OK
		|| agent_config_read_secret(place, node, "key", &config->backend_key) != AGENT_OK) {
		return AGENT_ERR;
	}
	config->backend_algorithm = agent_str_is(algorithm, "EdDSA") ? AGENT_TOKEN_EDDSA : AGENT_TOKEN_HS256;
	return agent_json_has(node, "key_set") ? read_key_set(place, node, config) : AGENT_OK;
}

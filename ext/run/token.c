/* SPDX-License-Identifier: MIT
 * Tokens of a site: claims filled in and signed, verified and judged by audience and time.
 * The form of a token is seal/'s, what claims allow is hands/'. */
#include "ext/hands/hands.h"
#include "ext/run/internal.h"
#include "ext/run/admin.h"
#include "ext/seal/token.h"

#define CLAIMS_MAX ((size_t)3072)

agent_status agent_request_digest(agent_str method, agent_str path, agent_str body, char out[65], agent_error *err)
{
	agent_buf text;
	agent_buf_init(&text, method.len + path.len + body.len + 3);
	agent_buf_add(&text, method);
	agent_buf_add_char(&text, '\n');
	agent_buf_add(&text, path);
	agent_buf_add_char(&text, '\n');
	agent_buf_add(&text, body);
	agent_buf_add_char(&text, '\n');
	agent_status status = agent_buf_check(&text, "the request", err);
	if (status == AGENT_OK) {
		status = agent_sha256_hex(agent_buf_str(&text), out, err);
	}
	agent_buf_clear(&text);
	return status;
}

static agent_status put_claims(agent_site *site, const agent_json *claims, int64_t seconds, agent_buf *out, agent_error *err)
{
	static const char *const passed[] = { "aud", "sub", "scope", "session", "turn", "call", "dig", "addr" };
	char id[23];
	int64_t now_s = site->clock.wall_ms(site->clock.state) / 1000;
	if (agent_random_id(id, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_buf_add_char(out, '{');
	agent_json_put_member(out, "iss", site->config->issuer);
	for (size_t i = 0; i < sizeof passed / sizeof *passed; i++) {
		agent_str value;
		if (agent_json_str(agent_json_get(claims, passed[i]), &value)) {
			agent_json_put_member(out, passed[i], value);
		}
	}
	agent_json_put_member_int(out, "iat", now_s);
	agent_json_put_member_int(out, "nbf", now_s);
	agent_json_put_member_int(out, "exp", now_s + seconds);
	agent_json_put_member(out, "jti", agent_str_cstr(id));
	agent_buf_add_char(out, '}');
	return agent_buf_check(out, "the token's claims", err);
}

static agent_status check_names(const agent_json *claims, agent_error *err)
{
	static const agent_str known[] = { AGENT_STR_INIT("aud"), AGENT_STR_INIT("sub"), AGENT_STR_INIT("scope"), AGENT_STR_INIT("session"),
		AGENT_STR_INIT("turn"), AGENT_STR_INIT("call"), AGENT_STR_INIT("dig"), AGENT_STR_INIT("addr") };
	if (agent_json_kind_of(claims) != AGENT_JSON_KIND_OBJECT) {
		return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "claims", "claims must be an array with names");
	}
	agent_str key, text;
	agent_json *value;
	agent_json_iter it = agent_json_members(claims);
	while (agent_json_member(&it, &key, &value)) {
		bool found = false;
		for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
			found = found || agent_str_eq(known[i], key);
		}
		if (!found || !agent_json_str(value, &text)) {
			return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "claims", "claim \"%.*s\": %s", AGENT_STR_ARG(key),
				found ? "must be a string" : "is not one of aud, sub, scope, session, turn, call, dig, addr");
		}
	}
	if (!agent_json_str(agent_json_get(claims, "aud"), &text) || text.len == 0) {
		return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "claims", "claim \"aud\" is required");
	}
	return AGENT_OK;
}

static agent_status check_life(const agent_site *site, agent_str audience, int64_t seconds, agent_error *err)
{
	int64_t most = agent_token_life(audience, site->config->audience);
	if (seconds < 1 || seconds > most) {
		return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "seconds", "seconds must be from 1 to %lld for the audience \"%.*s\"", (long long)most,
			AGENT_STR_ARG(audience));
	}
	return AGENT_OK;
}

agent_status agent_token_issue(agent_site *site, agent_str claims, int64_t seconds, agent_buf *out, agent_error *err)
{
	agent_json *tree;
	const agent_keyset *keys;
	agent_str audience = AGENT_STR_EMPTY;
	if (agent_json_parse(claims, AGENT_JSON_LIMITS, "claims", &tree, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_buf text;
	agent_buf_init(&text, CLAIMS_MAX);
	agent_status status = check_names(tree, err);
	if (status == AGENT_OK) {
		agent_json_str(agent_json_get(tree, "aud"), &audience);
		status = check_life(site, audience, seconds, err);
	}
	if (status == AGENT_OK) {
		status = put_claims(site, tree, seconds, &text, err);
	}
	if (status == AGENT_OK) {
		status = agent_keys_of(site, audience, &keys, err);
	}
	if (status == AGENT_OK && !agent_keyset_signs(keys)) {
		status = agent_fail(err, AGENT_DOMAIN_CONFIG, "key_set", "/backend/key_set: its public keys verify tool calls, they cannot sign any");
	}
	if (status == AGENT_OK) {
		status = agent_token_sign(keys, agent_buf_str(&text), out, err);
	}
	agent_buf_clear(&text);
	agent_json_free(tree);
	return status;
}

static agent_status judge(const agent_site *site, const agent_claims *claims, agent_str audience, agent_error *err)
{
	if (!agent_str_eq(claims->audience, audience)) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_audience", "the token is for another audience");
	}
	if (!agent_str_eq(claims->issuer, site->config->issuer)) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_issuer", "the token was issued by somebody else");
	}
	int64_t life_s = agent_token_life(audience, site->config->audience);
	const char *code = agent_token_time(claims->issued_s, claims->not_before_s, claims->expires_s, life_s, site->clock.wall_ms(site->clock.state) / 1000);
	if (code == NULL) {
		return AGENT_OK;
	}
	if (strcmp(code, "expired") == 0) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_expired", "the token has expired");
	}
	if (strcmp(code, "not_yet") == 0) {
		return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_not_yet", "the token is not valid yet");
	}
	return agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_times", "the token's times are missing or not plausible");
}

/* What leaves is what was read and judged, written anew: never the text that came in. */
static void write_claims(const agent_claims *c, agent_buf *out)
{
	const struct { const char *name; agent_str value; } texts[] = {
		{ "iss", c->issuer }, { "aud", c->audience }, { "sub", c->subject }, { "scope", c->scope }, { "session", c->session }, { "turn", c->turn },
		{ "call", c->call }, { "dig", c->digest }, { "jti", c->id }
	};
	agent_buf_add_char(out, '{');
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (texts[i].value.len > 0 || (i == 2 && c->has_subject)) {
			agent_json_put_member(out, texts[i].name, texts[i].value);
		}
	}
	agent_json_put_member_int(out, "iat", c->issued_s);
	agent_json_put_member_int(out, "nbf", c->not_before_s);
	agent_json_put_member_int(out, "exp", c->expires_s);
	agent_buf_add_char(out, '}');
}

agent_status agent_token_check(agent_site *site, agent_str token, agent_str audience, agent_buf *claims, agent_error *err)
{
	const agent_keyset *keys;
	agent_claims read;
	agent_buf text;
	agent_arena *arena = NULL;
	agent_buf_init(&text, AGENT_TOKEN_MAX);
	agent_status status = agent_keys_of(site, audience, &keys, err);
	if (status == AGENT_OK) {
		status = agent_token_verify(keys, token, &text, err);
	}
	if (status == AGENT_OK && (arena = agent_arena_new(2 * AGENT_TOKEN_MAX)) == NULL) {
		status = agent_fail_memory(err);
	}
	if (status == AGENT_OK) {
		status = agent_claims_read(agent_buf_str(&text), arena, &read, err);
	}
	if (status == AGENT_OK) {
		status = judge(site, &read, audience, err);
	}
	if (status == AGENT_OK) {
		write_claims(&read, claims);
		status = agent_buf_check(claims, "the claims", err);
	}
	agent_arena_free(arena);
	agent_buf_clear(&text);
	return status;
}

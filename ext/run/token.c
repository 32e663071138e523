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
	static const char *const passed[] = { "aud", "sub", "scope", "session", "turn", "call", "dig" };
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
		AGENT_STR_INIT("turn"), AGENT_STR_INIT("call"), AGENT_STR_INIT("dig") };
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
				found ? "must be a string" : "is not one of aud, sub, scope, session, turn, call, dig");
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
	agent_key key;
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
	if (status == AGENT_OK && agent_audience_key(site, audience, &key, err) == AGENT_OK) {
		status = agent_token_sign(&key, agent_buf_str(&text), out, err);
		agent_wipe(&key, sizeof key);
	} else {
		status = AGENT_ERR;
	}
	agent_buf_clear(&text);
	agent_json_free(tree);
	return status;
}

static agent_status check_times(const agent_json *claims, int64_t life_s, int64_t now_s, agent_error *err)
{
	int64_t iat, nbf, exp;
	const char *code = "too_long";
	if (agent_json_int(agent_json_get(claims, "iat"), &iat) && agent_json_int(agent_json_get(claims, "nbf"), &nbf)
		&& agent_json_int(agent_json_get(claims, "exp"), &exp)) {
		code = agent_token_time(iat, nbf, exp, life_s, now_s);
	}
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

agent_status agent_token_check(agent_site *site, agent_str token, agent_str audience, agent_buf *claims, agent_error *err)
{
	agent_key key;
	agent_json *tree;
	agent_str text;
	if (agent_audience_key(site, audience, &key, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = agent_token_verify(&key, token, &tree, err);
	agent_wipe(&key, sizeof key);
	if (status != AGENT_OK) {
		return AGENT_ERR;
	}
	if (!agent_json_str(agent_json_get(tree, "aud"), &text) || !agent_str_eq(text, audience)) {
		status = agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_audience", "the token is for another audience");
	} else if (!agent_json_str(agent_json_get(tree, "iss"), &text) || !agent_str_eq(text, site->config->issuer)) {
		status = agent_fail(err, AGENT_DOMAIN_CRYPTO, "token_issuer", "the token was issued by somebody else");
	} else {
		status = check_times(tree, agent_token_life(audience, site->config->audience), site->clock.wall_ms(site->clock.state) / 1000, err);
	}
	if (status == AGENT_OK) {
		agent_json_write(tree, claims);
		status = agent_buf_check(claims, "the claims", err);
	}
	agent_json_free(tree);
	return status;
}

/* SPDX-License-Identifier: MIT
 * The backend's keys where the configuration names them: a shared secret, a private key in PEM, or public keys.
 * The key ring is keys.c's. */
#include "ext/run/keys_own.h"

agent_status agent_keys_secret_path(const agent_site *site, agent_buf *out, agent_error *err)
{
	const agent_secret_ref *ref = &site->config->backend_key;
	if (ref->source == AGENT_SECRET_FILE) {
		agent_buf_add(out, ref->name);
	} else if (ref->source == AGENT_SECRET_PUT) {
		agent_buf_add(out, site->dir);
		agent_buf_addf(out, "/secret/%.32s.", site->key);
		agent_buf_add(out, ref->name);
	}
	if (out->len > 0) {
		agent_buf_add_char(out, '\0');
	}
	return agent_buf_check(out, "the secret's path", err);
}

static agent_status make_of_secret(const agent_site *site, agent_str secret, agent_keyset **out, agent_error *err)
{
	agent_keyset *set = agent_keyset_new();
	if (set == NULL) {
		return agent_fail_memory(err);
	}
	/* A shared secret is the HMAC key itself, without a kid: the other side has a plain JWT library. */
	agent_status status = site->config->backend_algorithm == AGENT_TOKEN_EDDSA ? agent_keyset_add_pem(set, secret, true, err)
		: agent_keyset_add_secret(set, AGENT_STR_EMPTY, secret, true, err);
	if (status == AGENT_OK) {
		*out = set;
		return AGENT_OK;
	}
	agent_keyset_free(set);
	if (err->domain == AGENT_DOMAIN_CRYPTO && strncmp(err->code, "key_", 4) == 0) {
		agent_error why = *err;
		agent_fail(err, AGENT_DOMAIN_CONFIG, "secret", "/backend/key: %s", why.message);
	}
	return AGENT_ERR;
}

static agent_status read_secret(agent_site *site, agent_error *err)
{
	agent_site_keys *keys = site->keys;
	const agent_secret_ref *ref = &site->config->backend_key;
	agent_file_stamp stamp = { 0 };
	if (keys->secret_file.path.len > 0 && agent_keys_source_same(&keys->secret_file, &stamp) && keys->backend != NULL) {
		return AGENT_OK;
	}
	agent_buf secret;
	agent_keyset *set = NULL;
	agent_buf_init(&secret, AGENT_KEYS_SECRET_MAX);
	keys->secret_file.known = false;
	agent_status status = agent_secret_resolve(site, ref, "/backend/key", &secret, err);
	bool same = status == AGENT_OK && keys->backend != NULL && agent_equal_secret(agent_buf_str(&secret), agent_buf_str(&keys->secret));
	if (status == AGENT_OK && !same) {
		status = make_of_secret(site, agent_buf_str(&secret), &set, err);
		agent_keys_drop_backend(keys);
	}
	if (set != NULL) {
		keys->backend = set;
		keys->secret = secret; /* moves */
	} else {
		agent_secret_clear(&secret);
	}
	if (status == AGENT_OK) {
		agent_keys_source_read(&keys->secret_file, &stamp, &site->clock);
	} else {
		agent_keys_drop_backend(keys); /* a key that is gone signs and opens nothing any more */
	}
	return status;
}

static agent_status make_of_public(const agent_config *config, agent_keyset **out, agent_error *err)
{
	agent_keyset *set = agent_keyset_new();
	agent_status status = set != NULL ? AGENT_OK : agent_fail_memory(err);
	for (size_t i = 0; status == AGENT_OK && i < config->backend_key_count; i++) {
		status = agent_keyset_add_public(set, config->backend_keys[i].kid, config->backend_keys[i].point, err);
		if (status != AGENT_OK && err->domain == AGENT_DOMAIN_CRYPTO && strncmp(err->code, "key_", 4) == 0) {
			agent_error why = *err;
			agent_fail(err, AGENT_DOMAIN_CONFIG, "key_set", "/backend/key_set/keys/%zu: %s", i, why.message);
		}
	}
	if (status != AGENT_OK) {
		agent_keyset_free(set);
		return AGENT_ERR;
	}
	*out = set;
	return AGENT_OK;
}

agent_status agent_keys_check(const agent_config *config, agent_error *err)
{
	agent_keyset *set = NULL;
	if (config->backend_key_count == 0) {
		return AGENT_OK;
	}
	for (size_t i = 0; i < config->manifest.count; i++) {
		if (config->manifest.tools[i].url.len > 0) {
			return agent_fail(err, AGENT_DOMAIN_CONFIG, "key_set",
				"/backend/key_set: its public keys only verify, but /tools/%zu has a url: its calls must be signed", i);
		}
	}
	agent_status status = make_of_public(config, &set, err);
	agent_keyset_free(set);
	return status;
}

agent_status agent_keys_configured(agent_site *site, agent_error *err)
{
	if (site->config->backend_key.source != AGENT_SECRET_NONE) {
		return read_secret(site, err);
	}
	return site->keys->backend != NULL ? AGENT_OK : make_of_public(site->config, &site->keys->backend, err);
}

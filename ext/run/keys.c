/* SPDX-License-Identifier: MIT
 * The keys of a site's tokens, parsed once and kept with the site: those of its key ring, and which keys an audience has.
 * What changes is noticed by a look at its file; where that is the same, nothing is read. Configured keys are keys_backend.c's. */
#include "ext/base/alloc.h"
#include "ext/run/admin.h"
#include "ext/run/keys_own.h"

/* A file that is replaced twice within one tick of the file system's clock could look the same: one so young is read again. */
#define SETTLED_NS INT64_C(100000000)

/* --- files --- */

bool agent_keys_source_same(const agent_keys_source *s, agent_file_stamp *now)
{
	*now = agent_file_stamp_of(s->path.ptr);
	return s->known && !s->young && now->inode != 0 && agent_file_stamp_eq(now, &s->stamp);
}

void agent_keys_source_read(agent_keys_source *s, const agent_file_stamp *stamp, const agent_clock *clock)
{
	int64_t age_ns = clock->wall_ms(clock->state) * 1000000 - stamp->changed_ns;
	s->known = true;
	s->stamp = *stamp;
	s->young = age_ns < SETTLED_NS && age_ns > -SETTLED_NS; /* a file of the future, from before the clock was set, is none */
}

/* --- life --- */

static agent_status find_files(const agent_site *site, agent_site_keys *keys, agent_error *err)
{
	agent_buf_init(&keys->ring_file.path, 8192);
	agent_buf_init(&keys->secret_file.path, 8192);
	agent_status status = agent_ring_path(site->dir, site->key, &keys->ring_file.path, err);
	return status == AGENT_OK ? agent_keys_secret_path(site, &keys->secret_file.path, err) : AGENT_ERR;
}

static agent_status open_keys(agent_site *site, agent_error *err)
{
	if (site->keys != NULL) {
		return AGENT_OK;
	}
	agent_site_keys *keys = agent_calloc(1, sizeof *keys);
	if (keys == NULL) {
		return agent_fail_memory(err);
	}
	agent_buf_init(&keys->secret, AGENT_KEYS_SECRET_MAX);
	if (find_files(site, keys, err) != AGENT_OK) {
		agent_keys_free(keys);
		return AGENT_ERR;
	}
	site->keys = keys;
	return AGENT_OK;
}

void agent_keys_drop_backend(agent_site_keys *keys)
{
	agent_keyset_free(keys->backend);
	keys->backend = NULL;
	agent_secret_clear(&keys->secret);
}

static void drop_audiences(agent_site_keys *keys)
{
	for (size_t i = 0; i < AGENT_KEYS_AUDIENCES; i++) {
		agent_keyset_free(keys->audiences[i].set);
		agent_free(keys->audiences[i].name);
		keys->audiences[i].set = NULL;
		keys->audiences[i].name = NULL;
	}
}

void agent_keys_free(agent_site_keys *keys)
{
	if (keys != NULL) {
		agent_keys_drop_backend(keys);
		drop_audiences(keys);
		agent_ring_free(keys->ring);
		agent_buf_clear(&keys->ring_file.path);
		agent_buf_clear(&keys->secret_file.path);
		agent_free(keys);
	}
}

/* --- the ring --- */

/* Takes over `fresh`. */
static void take_ring(agent_site *site, agent_ring *fresh)
{
	agent_site_keys *keys = site->keys;
	bool same = keys->ring != NULL && memcmp(keys->ring, fresh, sizeof *fresh) == 0;
	agent_ring_free(keys->ring);
	keys->ring = fresh;
	keys->retire_s = 0;
	for (size_t i = 1; i < fresh->count; i++) {
		int64_t until = fresh->keys[i].until_s;
		keys->retire_s = keys->retire_s == 0 || until < keys->retire_s ? until : keys->retire_s;
	}
	if (!same) {
		drop_audiences(keys);
		if (agent_keys_of_ring(site->config)) {
			agent_keys_drop_backend(keys);
		}
	}
}

static agent_status read_ring(agent_site *site, agent_error *err)
{
	agent_site_keys *keys = site->keys;
	const agent_clock *clock = &site->clock;
	agent_file_stamp stamp;
	if (agent_keys_source_same(&keys->ring_file, &stamp) && (keys->retire_s == 0 || clock->wall_ms(clock->state) / 1000 < keys->retire_s)) {
		return AGENT_OK;
	}
	keys->ring_file.known = false;
	/* The directory may have been removed under the worker: it is made again, as it is for the store. */
	if (stamp.inode == 0 && agent_site_ready(site, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_ring *fresh = agent_ring_new();
	if (fresh == NULL) {
		return agent_fail_memory(err);
	}
	if (agent_ring_load(site->dir, site->key, clock, clock->mono_ms(clock->state) + AGENT_BUSY_MS, fresh, err) != AGENT_OK) {
		agent_ring_free(fresh);
		return AGENT_ERR;
	}
	take_ring(site, fresh);
	agent_keys_source_read(&keys->ring_file, &stamp, clock);
	return AGENT_OK;
}

agent_status agent_site_derive(const agent_site *site, const agent_key *from, const char *what,
	agent_str audience, agent_key *out, agent_error *err)
{
	agent_buf purpose;
	agent_buf_init(&purpose, 4096);
	agent_buf_addf(&purpose, "%s:%zu:", what, site->config->site.len);
	agent_buf_add(&purpose, site->config->site);
	agent_buf_add_char(&purpose, ':');
	agent_buf_add(&purpose, audience);
	agent_status status = agent_buf_check(&purpose, "the audience", err);
	if (status == AGENT_OK) {
		status = agent_key_derive((agent_str){ (const char *)from->bytes, AGENT_KEY_SIZE }, agent_buf_str(&purpose), out, err);
	}
	agent_buf_clear(&purpose);
	return status;
}

/* All keys of the ring for one audience; eddsa: as Ed25519 keys. */
static agent_status make_of_ring(const agent_site *site, agent_str audience, bool eddsa, agent_keyset **out, agent_error *err)
{
	const agent_ring *ring = site->keys->ring;
	agent_keyset *set = agent_keyset_new();
	agent_status status = set != NULL ? AGENT_OK : agent_fail_memory(err);
	for (size_t i = 0; status == AGENT_OK && i < ring->count; i++) {
		agent_key key;
		agent_str kid = { ring->keys[i].kid, AGENT_RING_KID };
		status = agent_site_derive(site, &ring->keys[i].secret, eddsa ? "ed25519" : "token", audience, &key, err);
		if (status == AGENT_OK) {
			status = eddsa ? agent_keyset_add_seed(set, kid, key.bytes, i == 0, err)
				: agent_keyset_add_secret(set, kid, (agent_str){ (const char *)key.bytes, sizeof key.bytes }, i == 0, err);
		}
		agent_wipe(&key, sizeof key);
	}
	if (status != AGENT_OK) {
		agent_keyset_free(set);
		return AGENT_ERR;
	}
	*out = set;
	return AGENT_OK;
}

static agent_status of_audience(agent_site *site, agent_str audience, const agent_keyset **out, agent_error *err)
{
	agent_site_keys *keys = site->keys;
	size_t at = 0;
	while (at < AGENT_KEYS_AUDIENCES && keys->audiences[at].set != NULL
		&& !agent_str_eq((agent_str){ keys->audiences[at].name, keys->audiences[at].len }, audience)) {
		at++;
	}
	if (at == AGENT_KEYS_AUDIENCES || keys->audiences[at].set == NULL) {
		agent_keyset *set;
		char *name = agent_malloc(audience.len);
		if (name == NULL) {
			return agent_fail_memory(err);
		}
		if (make_of_ring(site, audience, false, &set, err) != AGENT_OK) {
			agent_free(name);
			return AGENT_ERR;
		}
		memcpy(name, audience.ptr, audience.len);
		at = at == AGENT_KEYS_AUDIENCES ? AGENT_KEYS_AUDIENCES - 1 : at;
		agent_keyset_free(keys->audiences[at].set);
		agent_free(keys->audiences[at].name);
		keys->audiences[at].name = name;
		keys->audiences[at].len = audience.len;
		keys->audiences[at].set = set;
	}
	agent_keys_audience found = keys->audiences[at];
	memmove(keys->audiences + 1, keys->audiences, at * sizeof found);
	keys->audiences[0] = found;
	*out = found.set;
	return AGENT_OK;
}

/* --- what others call --- */

static agent_status of_backend(agent_site *site, const agent_keyset **out, agent_error *err)
{
	agent_site_keys *keys = site->keys;
	const agent_config *config = site->config;
	agent_status status;
	if (!agent_keys_of_ring(config)) {
		status = agent_keys_configured(site, err);
	} else {
		status = read_ring(site, err);
		if (status == AGENT_OK && config->backend_algorithm == AGENT_TOKEN_HS256) {
			return of_audience(site, config->audience, out, err);
		}
		if (status == AGENT_OK && keys->backend == NULL) {
			status = make_of_ring(site, config->audience, true, &keys->backend, err);
		}
	}
	*out = keys->backend;
	return status;
}

agent_status agent_keys_of(agent_site *site, agent_str audience, const agent_keyset **out, agent_error *err)
{
	*out = NULL;
	if (open_keys(site, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (audience.len > 0 && agent_str_eq(audience, site->config->audience)) {
		return of_backend(site, out, err);
	}
	return read_ring(site, err) == AGENT_OK ? of_audience(site, audience, out, err) : AGENT_ERR;
}

agent_status agent_site_key_set(agent_site *site, agent_buf *out, agent_error *err)
{
	const agent_config *config = site->config;
	const agent_keyset *set;
	if (config->backend_algorithm != AGENT_TOKEN_EDDSA || config->backend_key_count > 0) {
		agent_buf_add_lit(out, "{\"keys\":[]}");
		return agent_buf_check(out, "the key set", err);
	}
	if (agent_keys_of(site, config->audience, &set, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_keyset_public(set, out);
	return agent_buf_check(out, "the key set", err);
}

agent_status agent_site_key_rotate(agent_site *site, int64_t overlap_s, agent_buf *kid, agent_error *err)
{
	const agent_clock *clock = &site->clock;
	if (overlap_s < 0 || overlap_s > AGENT_KEY_OVERLAP_MAX_S) {
		return agent_fail(err, AGENT_DOMAIN_ARGUMENT, "overlap", "overlap must be from 0 to %d", AGENT_KEY_OVERLAP_MAX_S);
	}
	if (open_keys(site, err) != AGENT_OK || agent_site_ready(site, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_ring *fresh = agent_ring_new();
	if (fresh == NULL) {
		return agent_fail_memory(err);
	}
	site->keys->ring_file.known = false;
	if (agent_ring_rotate(site->dir, site->key, overlap_s, clock, clock->mono_ms(clock->state) + AGENT_BUSY_MS, fresh, err) != AGENT_OK) {
		agent_ring_free(fresh);
		return AGENT_ERR;
	}
	agent_buf_add(kid, (agent_str){ fresh->keys[0].kid, AGENT_RING_KID });
	agent_ring_free(fresh);
	return agent_buf_check(kid, "the key's id", err);
}

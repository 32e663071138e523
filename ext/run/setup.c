/* SPDX-License-Identifier: MIT
 * Configurations: read and held against the host's caps, stored by digest, selected and joined with their ports.
 * A selected one is immutable and shared by the requests of a worker. */
#include <unistd.h>

#include "ext/base/alloc.h"
#include "ext/run/internal.h"
#include "ext/turn/turn.h"

#define CONFIG_TEXT_MAX ((size_t)1024 * 1024)

/* --- step 1: reading --- */

static agent_status check_cap(const agent_config *config, const char *name, int value, int most, const char *ini, agent_error *err)
{
	if (value <= most || agent_json_get(agent_json_get(config->document, "budget"), name) == NULL) {
		return AGENT_OK;
	}
	return agent_fail(err, AGENT_DOMAIN_CONFIG, "cap", "/budget/%s: must be at most %d (%s)", name, most, ini);
}

static agent_status check_urls(const agent_host *host, const agent_config *config, agent_error *err)
{
	if (config->brain.protocol != AGENT_PROTOCOL_LOCAL
		&& agent_wire_url_check(config->brain.base_url, host->allow_private, "/brain/base_url", err) != AGENT_OK) {
		return AGENT_ERR;
	}
	for (size_t i = 0; i < config->manifest.count; i++) {
		char what[32];
		agent_buf name;
		agent_buf_init(&name, sizeof what - 1);
		agent_buf_addf(&name, "/tools/%zu/url", i);
		agent_str text = agent_buf_str(&name);
		memcpy(what, text.ptr, text.len);
		what[text.len] = '\0';
		agent_buf_clear(&name);
		agent_str url = config->manifest.tools[i].url;
		if (url.len > 0 && config->audience.len == 0) {
			return agent_fail(err, AGENT_DOMAIN_CONFIG, "audience", "/backend/audience: is required, because /tools/%zu has a url: its token is for this audience", i);
		}
		if (url.len > 0 && agent_wire_url_check(url, host->allow_private, what, err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

static agent_status check(const agent_host *host, agent_config *config, agent_error *err)
{
	const agent_budget_config *budget = &config->budget;
	if (check_cap(config, "tools", budget->tools, host->max_tools, "agent.max_tools", err) != AGENT_OK
		|| check_cap(config, "passes", budget->passes, host->max_passes, "agent.max_passes", err) != AGENT_OK
		|| check_cap(config, "wall_ms", budget->wall_ms, host->max_wall_ms, "agent.max_wall_ms", err) != AGENT_OK
		|| check_cap(config, "tokens", budget->tokens, host->max_tokens, "agent.max_tokens", err) != AGENT_OK) {
		return AGENT_ERR;
	}
	for (size_t i = 0; i < config->text_count; i++) {
		const agent_text *text = &config->texts[i];
		if (!agent_text_known(text->name)) {
			return agent_fail(err, AGENT_DOMAIN_CONFIG, "text", "/texts/%.*s/%.*s: there is no sentence of this name", AGENT_STR_ARG(text->locale), AGENT_STR_ARG(text->name));
		}
	}
	return check_urls(host, config, err) == AGENT_OK ? agent_keys_check(config, err) : AGENT_ERR;
}

static agent_status fill_digest(agent_config *config, agent_buf *canonical, agent_error *err)
{
	agent_json_write_canonical(config->document, canonical);
	if (agent_buf_check(canonical, "the configuration", err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_sha256_hex(agent_buf_str(canonical), config->digest, err);
}

agent_status agent_setup_read(const agent_host *host, agent_str text, agent_config **out, agent_error *err)
{
	agent_config *config;
	*out = NULL;
	if (agent_config_read(text, &config, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (check(host, config, err) != AGENT_OK) {
		agent_config_free(config);
		return AGENT_ERR;
	}
	*out = config;
	return AGENT_OK;
}

size_t agent_setup_paths(const agent_config *config, agent_str *paths, size_t max)
{
	size_t count = 0;
	const agent_str all[] = {
		config->data_dir,
		config->brain.key.source == AGENT_SECRET_FILE ? config->brain.key.name : AGENT_STR_EMPTY,
		config->backend_key.source == AGENT_SECRET_FILE ? config->backend_key.name : AGENT_STR_EMPTY
	};
	for (size_t i = 0; i < sizeof all / sizeof *all && count < max; i++) {
		if (all[i].len > 0) {
			paths[count++] = all[i];
		}
	}
	return count;
}

/* --- directories --- */

/* <tmp>/agent-<uid>: the sticky temporary directory is shared, ours in it is not. */
static agent_status tmp_base(const agent_host *host, agent_arena *arena, agent_str *real, agent_error *err)
{
	agent_buf path;
	agent_buf_init(&path, 4096);
	agent_buf_add(&path, host->tmp_dir.len > 0 ? host->tmp_dir : AGENT_STR("/tmp"));
	agent_buf_addf(&path, "/agent-%lu", (unsigned long)geteuid());
	agent_status status = agent_buf_check(&path, "the temporary directory's path", err);
	if (status == AGENT_OK) {
		status = agent_datadir_open(agent_buf_str(&path), arena, real, err);
	}
	agent_buf_clear(&path);
	return status;
}

static agent_status base_dir(const agent_host *host, agent_arena *arena, agent_str *real, agent_error *err)
{
	return host->data_dir.len > 0 ? agent_datadir_open(host->data_dir, arena, real, err) : tmp_base(host, arena, real, err);
}

static agent_status site_dir(agent_site *site, agent_error *err)
{
	const agent_config *config = site->config;
	site->dir_configured = true;
	if (site->host.data_dir.len > 0) {
		site->dir = site->base;
		return AGENT_OK;
	}
	if (config->data_dir.len > 0) {
		return agent_datadir_open(config->data_dir, site->arena, &site->dir, err);
	}
	site->dir_configured = false;
	agent_buf path;
	agent_buf_init(&path, 4096);
	agent_buf_add(&path, site->base);
	agent_buf_add_char(&path, '/');
	agent_buf_add(&path, config->site);
	agent_status status = agent_buf_check(&path, "the data directory's path", err);
	if (status == AGENT_OK) {
		status = agent_datadir_open(agent_buf_str(&path), site->arena, &site->dir, err);
	}
	agent_buf_clear(&path);
	return status;
}

/* Where the shared memory lies. */
static agent_status shm_dir(agent_site *site, agent_error *err)
{
	site->shm = site->dir;
	return site->host.shm_dir.len > 0 ? agent_region_dir(site->host.shm_dir, site->arena, &site->shm, err) : AGENT_OK;
}

/* --- sites --- */

static agent_status copy_host(agent_site *site, const agent_host *host, agent_error *err)
{
	site->host = *host;
	if (!agent_arena_dup(site->arena, host->data_dir, &site->host.data_dir) || !agent_arena_dup(site->arena, host->shm_dir, &site->host.shm_dir)
		|| !agent_arena_dup(site->arena, host->allow_private, &site->host.allow_private)
		|| !agent_arena_dup(site->arena, host->proxy, &site->host.proxy)
		|| !agent_arena_dup(site->arena, host->ca_file, &site->host.ca_file) || !agent_arena_dup(site->arena, host->tmp_dir, &site->host.tmp_dir)) {
		return agent_arena_fail(site->arena, err);
	}
	return AGENT_OK;
}

/* The stricter of the two, per second and so in the long run. */
static void tighten(agent_rate *rate, int count, int window_s)
{
	if (count > 0 && (rate->count == 0 || (int64_t)count * rate->window_s < (int64_t)rate->count * window_s)) {
		*rate = (agent_rate){ count, window_s };
	}
}

/* What the host allows is the most, also where the configuration is silent. */
static void clamp(agent_config *config, const agent_host *host)
{
	agent_budget_config *b = &config->budget;
	b->tools = b->tools < host->max_tools ? b->tools : host->max_tools;
	b->passes = b->passes < host->max_passes ? b->passes : host->max_passes;
	b->wall_ms = b->wall_ms < host->max_wall_ms ? b->wall_ms : host->max_wall_ms;
	b->tokens = b->tokens < host->max_tokens ? b->tokens : host->max_tokens;
	tighten(&config->session_rate, host->session_messages, 600);
	tighten(&config->address_rate, host->address_messages, 3600);
}

/* Takes over config in every case. */
static agent_status site_new(agent_worker *worker, const agent_host *host, agent_config *config, agent_str base, agent_site **out, agent_error *err)
{
	agent_site *site = agent_calloc(1, sizeof *site);
	if (site == NULL) {
		agent_config_free(config);
		return agent_fail_memory(err);
	}
	site->refs = 1;
	site->worker = worker;
	site->config = config;
	site->clock = agent_system_clock();
	site->http = agent_wire_port(worker->wire);
	site->dir = site->shm = site->base = AGENT_STR_EMPTY;
	site->arena = agent_arena_new(64 * 1024);
	if (site->arena == NULL) {
		agent_site_release(site);
		return agent_fail_memory(err);
	}
	if (copy_host(site, host, err) != AGENT_OK || !agent_arena_dup(site->arena, base, &site->base) || site_dir(site, err) != AGENT_OK || shm_dir(site, err) != AGENT_OK
		|| agent_site_key(config->site, site->dir, site->key, err) != AGENT_OK || agent_site_ready(site, err) != AGENT_OK) {
		if (site->base.len == 0) {
			agent_arena_fail(site->arena, err);
		}
		agent_site_release(site);
		return AGENT_ERR;
	}
	clamp(config, host);
	*out = site;
	return AGENT_OK;
}

static void remember(agent_worker *worker, agent_site *site)
{
	agent_site_release(worker->sites[AGENT_SITES_MAX - 1]);
	memmove(worker->sites + 1, worker->sites, (AGENT_SITES_MAX - 1) * sizeof *worker->sites);
	worker->sites[0] = site;
	site->refs++;
}

/* The INI decides addresses and directories, so a site of another INI (a virtual host in the same worker) is another site. */
static bool same_host(const agent_host *a, const agent_host *b)
{
	return agent_str_eq(a->data_dir, b->data_dir) && agent_str_eq(a->shm_dir, b->shm_dir) && a->max_turns == b->max_turns && a->queue_ms == b->queue_ms
		&& agent_str_eq(a->allow_private, b->allow_private) && agent_str_eq(a->proxy, b->proxy) && agent_str_eq(a->ca_file, b->ca_file)
		&& agent_str_eq(a->tmp_dir, b->tmp_dir) && a->max_tools == b->max_tools && a->max_passes == b->max_passes && a->max_wall_ms == b->max_wall_ms
		&& a->max_tokens == b->max_tokens && a->session_messages == b->session_messages && a->address_messages == b->address_messages;
}

static agent_site *recall(agent_worker *worker, const agent_host *host, agent_str digest)
{
	for (size_t i = 0; i < AGENT_SITES_MAX && worker->sites[i] != NULL; i++) {
		agent_site *site = worker->sites[i];
		if (agent_str_is(digest, site->config->digest) && same_host(&site->host, host)) {
			memmove(worker->sites + 1, worker->sites, i * sizeof *worker->sites);
			worker->sites[0] = site;
			return site;
		}
	}
	return NULL;
}

/* --- step 2: storing; selecting --- */

agent_status agent_setup_store(agent_worker *worker, const agent_host *host, agent_config *config, char digest[65], agent_error *err)
{
	agent_buf canonical;
	agent_buf_init(&canonical, CONFIG_TEXT_MAX * 2);
	agent_site *site = NULL;
	agent_str base;
	agent_arena *arena = agent_arena_new(16 * 1024);
	agent_status status = arena != NULL ? fill_digest(config, &canonical, err) : agent_fail_memory(err);
	if (status == AGENT_OK) {
		status = base_dir(host, arena, &base, err);
	}
	if (status == AGENT_OK) {
		memcpy(digest, config->digest, 65);
		status = site_new(worker, host, config, base, &site, err); /* the whole of it works, or it is not stored */
		config = NULL;
	}
	if (status == AGENT_OK) {
		status = agent_datadir_config_put(base, digest, agent_buf_str(&canonical), err);
	}
	if (status == AGENT_OK && recall(worker, host, agent_str_cstr(digest)) == NULL) {
		remember(worker, site);
	}
	agent_site_release(site);
	agent_config_free(config);
	agent_arena_free(arena);
	agent_buf_clear(&canonical);
	return status;
}

static agent_status load(agent_worker *worker, const agent_host *host, agent_str digest, agent_site **out, agent_error *err)
{
	agent_buf text;
	agent_buf canonical;
	agent_buf_init(&text, CONFIG_TEXT_MAX * 2);
	agent_buf_init(&canonical, CONFIG_TEXT_MAX * 2);
	agent_config *config = NULL;
	agent_str base;
	agent_arena *arena = agent_arena_new(16 * 1024);
	agent_status status = arena != NULL ? base_dir(host, arena, &base, err) : agent_fail_memory(err);
	if (status == AGENT_OK) {
		status = agent_datadir_config_get(base, digest, &text, err);
	}
	if (status == AGENT_OK) {
		status = agent_setup_read(host, agent_buf_str(&text), &config, err);
	}
	if (status == AGENT_OK) {
		status = fill_digest(config, &canonical, err);
	}
	if (status == AGENT_OK && !agent_str_is(digest, config->digest)) {
		status = agent_fail(err, AGENT_DOMAIN_CONFIG, "digest", "the stored configuration was changed: its digest is another one");
	}
	if (status == AGENT_OK) {
		status = site_new(worker, host, config, base, out, err);
		config = NULL;
	}
	agent_config_free(config);
	agent_arena_free(arena);
	agent_buf_clear(&canonical);
	agent_buf_clear(&text);
	return status;
}

agent_status agent_setup_use(agent_worker *worker, const agent_host *host, agent_str digest, agent_site **out, agent_error *err)
{
	agent_site *site = recall(worker, host, digest);
	*out = NULL;
	worker->used = true;
	if (site != NULL) {
		if (agent_site_ready(site, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		site->refs++;
		*out = site;
		return AGENT_OK;
	}
	if (load(worker, host, digest, &site, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	remember(worker, site);
	*out = site;
	return AGENT_OK;
}

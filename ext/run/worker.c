/* SPDX-License-Identifier: MIT
 * A worker's life: warm connections and the sites it used last.
 * One per thread; nothing in it is shared. */
#include "ext/base/alloc.h"
#include "ext/run/internal.h"

agent_status agent_process_startup(agent_error *err)
{
	return agent_wire_startup(err);
}

void agent_process_shutdown(void)
{
	agent_wire_shutdown();
}

agent_worker *agent_worker_new(void)
{
	agent_worker *worker = agent_calloc(1, sizeof *worker);
	if (worker == NULL) {
		return NULL;
	}
	worker->wire = agent_wire_new();
	if (worker->wire == NULL) {
		agent_free(worker);
		return NULL;
	}
	return worker;
}

void agent_worker_free(agent_worker *worker)
{
	if (worker == NULL) {
		return;
	}
	for (size_t i = 0; i < AGENT_SITES_MAX; i++) {
		agent_site_release(worker->sites[i]);
	}
	agent_wire_free(worker->wire);
	agent_free(worker);
}

#define EXPIRE_ROWS 50
#define EXPIRE_EVERY_MS 10000

static void expire(agent_site *site)
{
	agent_error ignored;
	int64_t now_ms = site->clock.mono_ms(site->clock.state);
	if (site->expired_ms != 0 && now_ms - site->expired_ms < EXPIRE_EVERY_MS) {
		return;
	}
	site->expired_ms = now_ms;
	int64_t now_s = site->clock.wall_ms(site->clock.state) / 1000;
	int64_t before_s = now_s - (int64_t)site->config->retention_days * 86400;
	(void)site->journal.expire(site->journal.state, before_s, EXPIRE_ROWS, &ignored); /* tried again next time */
}

void agent_worker_idle(agent_worker *worker)
{
	agent_site *site = worker->sites[0]; /* the one this request used */
	if (!worker->used) {
		return;
	}
	worker->used = false;
	if (site == NULL || site->db == NULL || !agent_sqlite_is_ours(site->db)) {
		return;
	}
	/* The connection may still wait for us: what cannot be done at once is left for the next time. */
	agent_sqlite_patience(site->db, 0);
	agent_sqlite_checkpoint(site->db);
	expire(site);
	agent_sqlite_patience(site->db, AGENT_BUSY_MS);
}

void agent_site_poll(agent_site *site, int timeout_ms)
{
	site->http.poll(site->http.state, timeout_ms);
}

void agent_site_release(agent_site *site)
{
	if (site == NULL || --site->refs > 0) {
		return;
	}
	agent_keys_free(site->keys);
	agent_sqlite_close(site->db);
	agent_region_close(site->region);
	agent_config_free(site->config);
	agent_arena_free(site->arena);
	agent_free(site);
}

const agent_config *agent_site_config(const agent_site *site)
{
	return site->config;
}

int agent_site_tool(const agent_site *site, agent_str name)
{
	const agent_tool *tool = agent_manifest_find(&site->config->manifest, name);
	return tool != NULL ? (int)(tool - site->config->manifest.tools) : -1;
}

/* SPDX-License-Identifier: MIT
 * The system's clock and random bytes as ports, and the check that a site's store still belongs to this process.
 * Everything else implements its port in memory/ or wire/. */
#include <time.h>

#include "ext/base/b64url.h"
#include "ext/run/internal.h"
#include "ext/seal/seal.h"

static int64_t now(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t mono_ms(void *state)
{
	(void)state;
	return now(CLOCK_MONOTONIC);
}

static int64_t wall_ms(void *state)
{
	(void)state;
	return now(CLOCK_REALTIME);
}

static int64_t mono_us(void *state)
{
	struct timespec t;
	(void)state;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

agent_clock agent_system_clock(void)
{
	return (agent_clock){ mono_ms, wall_ms, mono_us, NULL };
}

static agent_status open_region(agent_site *site, agent_error *err)
{
	if (site->region != NULL && agent_region_is_there(site->region)) {
		return AGENT_OK;
	}
	agent_region_close(site->region);
	site->region = NULL;
	agent_status status = agent_region_open(site->shm, site->key, &site->region, err);
	site->limits = agent_shared_limits(&site->region);
	site->slots_state.region = &site->region;
	site->slots = agent_shared_slots(&site->slots_state);
	site->breakers = agent_region_breakers(site->region);
	return status;
}

static agent_status open_store(agent_site *site, agent_error *err)
{
	if (site->db != NULL && agent_sqlite_is_ours(site->db) && agent_sqlite_is_there(site->db)) {
		return AGENT_OK;
	}
	agent_sqlite_close(site->db);
	site->db = NULL;
	agent_arena *arena = agent_arena_new(16 * 1024);
	agent_str real;
	agent_status status = arena != NULL ? agent_datadir_open(site->dir, arena, &real, err) : agent_fail_memory(err);
	agent_arena_free(arena);
	if (status != AGENT_OK) {
		return AGENT_ERR;
	}
	if (agent_sqlite_open(site->dir, site->key, &site->clock, AGENT_BUSY_MS, &site->db, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	site->sessions = agent_sqlite_sessions(site->db);
	site->journal = agent_sqlite_journal(site->db);
	site->knowledge = agent_sqlite_knowledge(site->db);
	site->audit = agent_sqlite_audit(site->db);
	return AGENT_OK;
}

agent_status agent_site_ready(agent_site *site, agent_error *err)
{
	return open_store(site, err) == AGENT_OK ? open_region(site, err) : AGENT_ERR;
}

agent_status agent_random_id(char out[23], agent_error *err)
{
	char bytes[16];
	if (agent_random_bytes(bytes, sizeof bytes, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	out[agent_b64url_put(out, (agent_str){ bytes, sizeof bytes })] = '\0';
	return AGENT_OK;
}

/* For jitter only: where the source fails, no jitter is better than no answer. */
uint32_t agent_random_32(void)
{
	uint32_t value = 0;
	agent_error ignored;
	return agent_random_bytes(&value, sizeof value, &ignored) == AGENT_OK ? value : 0;
}

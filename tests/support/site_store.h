/* SPDX-License-Identifier: MIT
 * A data directory of a test program's own, and the sites in it as a worker opens them.
 * Header only: each test program has its own. What a site is asked stands in the tests. */
#ifndef AGENT_TESTS_SITE_STORE_H
#define AGENT_TESTS_SITE_STORE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ext/run/internal.h"

static char site_dir[64];
static char site_digest[65];                 /* of what site_store stored last */
static const char *site_allow_private = "";

static inline agent_host site_host(void)
{
	return (agent_host){ .data_dir = agent_str_cstr(site_dir), .shm_dir = AGENT_STR_EMPTY, .proxy = AGENT_STR_EMPTY,
		.allow_private = agent_str_cstr(site_allow_private), .ca_file = AGENT_STR_EMPTY, .tmp_dir = AGENT_STR("/tmp"),
		.max_tools = 3, .max_passes = 8, .max_wall_ms = 60000, .max_tokens = 20000 };
}

/* No connection is open afterwards, so a test may fork. */
static inline agent_status site_store(const char *config_text, agent_error *err)
{
	agent_config *config;
	agent_host host = site_host();
	agent_worker *worker = agent_worker_new();
	agent_status status = worker == NULL ? agent_fail_memory(err) : agent_setup_read(&host, agent_str_cstr(config_text), &config, err);
	if (status == AGENT_OK) {
		status = agent_setup_store(worker, &host, config, site_digest, err);
	}
	agent_worker_free(worker);
	return status;
}

/* For a group's setup: 0 when the directory is there, the process ready and the configuration stored. NULL: none yet. */
static inline int site_begin(const char *name, const char *config_text)
{
	agent_error err = { 0 };
	snprintf(site_dir, sizeof site_dir, "%s/agent-%s-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", name);
	if (mkdtemp(site_dir) == NULL || agent_process_startup(&err) != AGENT_OK || (config_text != NULL && site_store(config_text, &err) != AGENT_OK)) {
		printf("# %s\n", err.message);
		return 1;
	}
	return 0;
}

/* A group's teardown. */
static inline int site_end(void **state)
{
	(void)state;
	char command[128];
	agent_process_shutdown();
	snprintf(command, sizeof command, "rm -rf '%s'", site_dir);
	return system(command) == 0 ? 0 : 1;
}

/* A worker with the site that was stored last. */
typedef struct opened {
	agent_worker *worker;
	agent_site *site;
} opened;

/* Is closed also where it failed. */
static inline agent_status site_open(opened *o, agent_error *err)
{
	agent_host host = site_host();
	*o = (opened){ .worker = agent_worker_new() };
	return o->worker == NULL ? agent_fail_memory(err) : agent_setup_use(o->worker, &host, agent_str_cstr(site_digest), &o->site, err);
}

static inline void site_close(opened *o)
{
	agent_site_release(o->site);
	agent_worker_free(o->worker);
}

#endif

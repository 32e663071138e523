/* SPDX-License-Identifier: MIT
 * Setup: a worker (one per thread), and sites: a configuration joined with its ports.
 * Knows no PHP; bind/ hands in the INI as agent_host. */
#ifndef AGENT_RUN_SITE_H
#define AGENT_RUN_SITE_H

#include "ext/base/port.h"
#include "ext/contract/config.h"

/* What the host's INI allows. Strings need to live only during the call they are given to. */
typedef struct agent_host {
	agent_str data_dir;          /* agent.data_dir, empty: not set */
	agent_str shm_dir;           /* agent.shm_dir, empty: regions lie in the data directory */
	agent_str allow_private;     /* agent.allow_private: "127.0.0.1:8081, …" */
	agent_str proxy;             /* agent.proxy: "http://host:port", empty: none. Calls of allow_private do not go through it */
	agent_str ca_file;           /* agent.ca_file, empty: the system's */
	agent_str tmp_dir;           /* where <tmp>/agent-<uid>/ is made */
	int max_tools, max_passes, max_wall_ms, max_tokens;
	int session_messages;        /* per 10 minutes; 0: the configuration alone decides */
	int address_messages;        /* per hour */
	int max_turns;               /* of one site at the same time; 0: no limit */
	int queue_ms;                /* how long a turn waits for another to end */
} agent_host;

/* Warm connections, open databases and the 16 last used configurations of one thread. */
typedef struct agent_worker agent_worker;
/* NULL when out of memory. */
agent_worker *agent_worker_new(void);
/* After a fork only what belongs to this process is closed. NULL is allowed. */
void agent_worker_free(agent_worker *worker);
/* Called after the response: checkpoints, old rows, idle connections. Short. */
void agent_worker_idle(agent_worker *worker);

/* Step 1 of agent_configure: reads and checks, also against the host's caps and the network rule. */
agent_status agent_setup_read(const agent_host *host, agent_str text, agent_config **out, agent_error *err);
/* The paths a configuration names (data_dir, secret files), for open_basedir: how many were written, at most max. */
size_t agent_setup_paths(const agent_config *config, agent_str *paths, size_t max);
/* Step 2: stores it. Takes over config in every case. digest: 64 hexadecimal digits and a NUL. */
agent_status agent_setup_store(agent_worker *worker, const agent_host *host, agent_config *config, char digest[65], agent_error *err);

/* A selected configuration with its ports. Counted: agent_setup_use gives one reference, agent_site_release takes it back. */
typedef struct agent_site agent_site;
agent_status agent_setup_use(agent_worker *worker, const agent_host *host, agent_str digest, agent_site **out, agent_error *err);
void agent_site_release(agent_site *site); /* NULL is allowed */
const agent_config *agent_site_config(const agent_site *site);
/* Index of a tool by name, -1 when there is none. */
int agent_site_tool(const agent_site *site, agent_str name);

agent_status agent_site_secret_put(agent_site *site, agent_str name, agent_str value, agent_error *err);
/* Appends the health report, one JSON object (stub: agent_health). site may be NULL. */
void agent_site_health(agent_site *site, const agent_host *host, agent_str version, agent_buf *out);
/* The libraries and their versions: {"libcurl":"7.88.1", …}. */
void agent_libraries(agent_buf *out);

/* Once per process. */
agent_status agent_process_startup(agent_error *err);
void agent_process_shutdown(void);

#endif

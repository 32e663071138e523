/* SPDX-License-Identifier: MIT
 * One turn at a time per session, by a lock that the kernel frees when its process dies.
 * Knows sessions by name only; no table. */
#ifndef AGENT_MEMORY_LEASE_FILE_H
#define AGENT_MEMORY_LEASE_FILE_H

#include "ext/base/port.h"

/* The sessions port's lease on <dir>/lease. dir: the open data directory. */
agent_status agent_lease_take(int dir, agent_str site, agent_str session, const agent_clock *clock,
	int64_t deadline_ms, agent_lease **out, agent_error *err);
agent_status agent_lease_renew(agent_lease *lease, int64_t deadline_ms, agent_error *err);
void agent_lease_release(agent_lease *lease);

#endif

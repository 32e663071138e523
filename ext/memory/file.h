/* SPDX-License-Identifier: MIT
 * Small private files in a checked directory: read bounded, written whole or not at all.
 * Every path is one name relative to an open directory; no path is followed. */
#ifndef AGENT_MEMORY_FILE_H
#define AGENT_MEMORY_FILE_H

#include "ext/base/buf.h"

/* Opens a directory that must be ours: no link, owned by the effective user, no group or world access.
 * CONFIG/data_dir. *fd belongs to the caller, -1 on failure. */
agent_status agent_dir_open(agent_str path, int *fd, agent_error *err);
/* The same for a directory inside it. Missing: made (0700) where `make` says so, else *fd is -1 with
 * AGENT_OK. */
agent_status agent_dir_sub(int dir, const char *name, bool make, int *fd, agent_error *err);
/* What agent_dir_open asks of an open directory. `what` names it in the message. */
agent_status agent_dir_check(int fd, const char *what, agent_error *err);
/* NULL is never given; fd -1 is allowed. errno is kept. */
void agent_fd_close(int fd);

/* Appends a regular file of ours, of at most max bytes. Missing: *found false with AGENT_OK. */
agent_status agent_file_read(int dir, const char *name, size_t max, agent_buf *out, bool *found,
	agent_error *err);
/* Writes to a temporary name (0600), syncs, and puts it in place: over an older one, or, with `only_new`,
 * only if there is none (AGENT_OK either way: read what stands there). */
agent_status agent_file_write(int dir, const char *name, agent_str bytes, bool only_new, agent_error *err);
/* Missing already is AGENT_OK. A link goes, not what it leads to. */
agent_status agent_file_remove(int dir, const char *name, agent_error *err);

#endif

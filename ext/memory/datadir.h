/* SPDX-License-Identifier: MIT
 * The data directory: found, checked (owner, 0700, no link, no network file system), and the small files in it.
 * Configurations by digest, sealed secrets, the installation's key. */
#ifndef AGENT_MEMORY_DATADIR_H
#define AGENT_MEMORY_DATADIR_H

#include "ext/base/port.h"
#include "ext/seal/seal.h"

/* Makes the directory (0700, parents must exist) where it is missing. *real: its real path, in the arena. CONFIG/data_dir names what is wrong:
 * relative, a link, another owner, group or world access, a network file system (NFS, SMB, CIFS, 9p, FUSE remote ones), not writable. */
agent_status agent_datadir_open(agent_str path, agent_arena *arena, agent_str *real, agent_error *err);
/* Hexadecimal SHA-256 prefix (32 digits) of site name, effective uid and real path: the `site` of every row. */
agent_status agent_site_key(agent_str site, agent_str real_dir, char out[33], agent_error *err);

/* config/<digest>.json, written to a temporary name and renamed. */
agent_status agent_datadir_config_put(agent_str dir, const char digest[65], agent_str text, agent_error *err);
/* CONFIG/unknown_digest when there is none. Appends the text. */
agent_status agent_datadir_config_get(agent_str dir, agent_str digest, agent_buf *out, agent_error *err);

/* The installation's key: `key`, 32 random bytes, made once (0600), race-safe between processes. */
agent_status agent_datadir_key(agent_str dir, agent_key *out, agent_error *err);
/* secret/<site key>.<name>, sealed with a key derived from the installation's (which is this directory's own) and bound to the file's name, so that one
 * cannot be passed off as another. Names: [a-z0-9_.-]{1,64}, no first dot; values at most 16 KiB. An empty value deletes: one
 * that is missing and one that is empty must not be two things. ARGUMENT/secret_name, CONFIG/unknown_secret. */
agent_status agent_datadir_secret_put(agent_str dir, const char *site_key, agent_str name, agent_str value, agent_error *err);
agent_status agent_datadir_secret_get(agent_str dir, const char *site_key, agent_str name, agent_buf *out, agent_error *err);

#endif

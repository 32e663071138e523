/* SPDX-License-Identifier: MIT
 * The inside of a site's keys, shared by keys.c (the ring, the audiences) and keys_backend.c (what the configuration names).
 * Not for anyone else. */
#ifndef AGENT_RUN_KEYS_OWN_H
#define AGENT_RUN_KEYS_OWN_H

#include "ext/memory/datadir_ring.h"
#include "ext/run/internal.h"

#define AGENT_KEYS_AUDIENCES 8
#define AGENT_KEYS_SECRET_MAX ((size_t)16 * 1024)

/* A file that keys are read from. */
typedef struct agent_keys_source {
	agent_buf path;              /* with a NUL; empty: nothing to look at */
	bool known;                  /* stamp and young are of what was read last */
	bool young;
	agent_file_stamp stamp;
} agent_keys_source;

typedef struct agent_keys_audience { char *name; size_t len; agent_keyset *set; } agent_keys_audience;

struct agent_site_keys {
	agent_keys_source ring_file;
	agent_ring *ring;
	int64_t retire_s;            /* when the next key of the ring retires; 0: none does */
	agent_keys_audience audiences[AGENT_KEYS_AUDIENCES];   /* HS256 of the ring, last used first */
	agent_keyset *backend;       /* of the backend's audience, where it is none of those */
	agent_keys_source secret_file;
	agent_buf secret;            /* what backend was made of */
};

/* True: the file is the one that was read. Else *now is to be given to _read after reading. */
bool agent_keys_source_same(const agent_keys_source *s, agent_file_stamp *now);
void agent_keys_source_read(agent_keys_source *s, const agent_file_stamp *stamp, const agent_clock *clock);
void agent_keys_drop_backend(agent_site_keys *keys);

/* keys_backend.c */
/* Appends the path of the file that the configured secret lies in, with a NUL; nothing where it lies in none. */
agent_status agent_keys_secret_path(const agent_site *site, agent_buf *out, agent_error *err);
static inline bool agent_keys_of_ring(const agent_config *config)
{
	return config->backend_key.source == AGENT_SECRET_NONE && config->backend_key_count == 0;
}
/* keys->backend from the configured secret or the public keys, as it is now. Not where it is of the ring. */
agent_status agent_keys_configured(agent_site *site, agent_error *err);

#endif

/* SPDX-License-Identifier: MIT
 * A site's key ring in the data directory: the secrets that its tokens' keys are made of. One signs, the older ones verify until they retire.
 * Knows no token and no algorithm. */
#ifndef AGENT_MEMORY_DATADIR_RING_H
#define AGENT_MEMORY_DATADIR_RING_H

#include "ext/base/port.h"
#include "ext/seal/seal.h"

#define AGENT_RING_MAX 32
#define AGENT_RING_KID 12        /* characters of base64url: 72 random bits */

typedef struct agent_ring_key {
	char kid[AGENT_RING_KID + 1];
	agent_key secret;
	int64_t made_s;
	int64_t until_s;             /* refused from then on; 0: the one that signs, which has no end */
} agent_ring_key;

/* Newest first; the first one signs, and there always is one. */
typedef struct agent_ring {
	size_t count;
	agent_ring_key keys[AGENT_RING_MAX];
} agent_ring;

/* NULL when out of memory. Free wipes; NULL is allowed. */
agent_ring *agent_ring_new(void);
void agent_ring_free(agent_ring *ring);

/* Tells one state of a file from another without reading it. All zero: there is no such file. */
typedef struct agent_file_stamp {
	uint64_t device, inode;
	int64_t size, changed_ns, modified_ns;
} agent_file_stamp;

/* Any regular file; what cannot be examined has the stamp of a missing one. */
agent_file_stamp agent_file_stamp_of(const char *path);
static inline bool agent_file_stamp_eq(const agent_file_stamp *a, const agent_file_stamp *b)
{
	return a->inode == b->inode && a->device == b->device && a->size == b->size && a->changed_ns == b->changed_ns
		&& a->modified_ns == b->modified_ns;
}

/* <dir>/ring/<site key>, where it lies (it may not be there yet). CONFIG/data_dir when that is too long. */
agent_status agent_ring_path(agent_str dir, const char *site_key, agent_buf *out, agent_error *err);

/* The site's ring without the keys that have retired by now_s, which are deleted where that can be done at once; made where there is none.
 * Sealed like a secret, replaced by rename under a lock that the kernel frees at the holder's death: of several processes that make or rotate
 * it at once each adds its key in turn, and whoever dies or fails meanwhile leaves the ring as it was. Waits for the lock until deadline_ms of
 * the clock (TIMEOUT/key_ring_busy). CRYPTO/key_ring: it was sealed with another key, or changed. */
agent_status agent_ring_load(agent_str dir, const char *site_key, const agent_clock *clock, int64_t deadline_ms, agent_ring *out, agent_error *err);
/* A new key signs; each older one retires after overlap_s seconds, if not before. LIMIT/key_ring_full when AGENT_RING_MAX would verify. */
agent_status agent_ring_rotate(agent_str dir, const char *site_key, int64_t overlap_s, const agent_clock *clock, int64_t deadline_ms, agent_ring *out, agent_error *err);

#endif

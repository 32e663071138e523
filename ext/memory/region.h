/* SPDX-License-Identifier: MIT
 * A site's shared memory: one mapped file of 64-bit atomic words that all its workers see. Found, checked, replaced here.
 * What a word means is its user's (run/limits.c, run/slots.c, run/breakers.c). */
#ifndef AGENT_MEMORY_REGION_H
#define AGENT_MEMORY_REGION_H

#include <stdatomic.h>

#include "ext/base/arena.h"

/* Sizes. Each stands in the file's header: a file of other sizes is one of another version, and replaced. */
#define AGENT_REGION_BREAKERS_MAX 64
#define AGENT_REGION_BREAKER_WORDS 1168
#define AGENT_REGION_NAME 64         /* bytes of a breaker's key that are kept for reports */
#define AGENT_REGION_SETS 8192       /* of buckets … */
#define AGENT_REGION_WAYS 16         /* … in each of which a key has this many places */
#define AGENT_REGION_PLACES 1024     /* for turns, and as many for those that wait */

typedef struct agent_region agent_region;

/* The directory for regions inside agent.shm_dir: <shm_dir>/agent-<uid>, made (0700) where it is missing. shm_dir must be the effective user's
 * or root's, and sticky where others may write. CONFIG/shm_dir, CONFIG/data_dir. */
agent_status agent_region_dir(agent_str shm_dir, agent_arena *arena, agent_str *real, agent_error *err);

/* <dir>/<site_key>.region. Made where it is missing; replaced where it is not a regular file of ours with one name and mode 0600, or has
 * another length, version or site. dir: a checked directory (agent_datadir_open). All pages exist afterwards, so a full disk is an error
 * here (STORE/region) and no SIGBUS later. A mapping is shared with the children of a fork and stays valid there. */
agent_status agent_region_open(agent_str dir, const char site_key[33], agent_region **out, agent_error *err);
void agent_region_close(agent_region *region); /* NULL is allowed */

/* Still the file of that name, and whole. False: close and open again, or one works on something that nobody else sees. */
bool agent_region_is_there(const agent_region *region);
/* Still as long as it was mapped: touching a page that somebody cut off is a SIGBUS. One system call, for uses that lie long behind
 * agent_region_is_there. We only ever replace the file; who cuts it in the moments between look and use ends the worker, as with any mapped
 * file (SQLite's own -shm among them), and only this user and root can. */
bool agent_region_is_whole(const agent_region *region);

typedef enum agent_region_table {
	AGENT_REGION_BREAKERS,       /* AGENT_REGION_BREAKER_WORDS words of `key` */
	AGENT_REGION_TURNS,          /* AGENT_REGION_PLACES words, whatever the key */
	AGENT_REGION_WAITING         /* the same */
} agent_region_table;

/* The words of `key`: found, or taken for it (an entry that nobody asked for in an hour is taken over). Zero at first.
 * NULL when the table is full of live ones. Not to be kept: the next agent_site_ready may map another file. */
_Atomic uint64_t *agent_region_words(agent_region *region, agent_region_table table, agent_str key, int64_t now_ms);
/* For reports: BREAKERS only. Begin with *cursor 0; false: no more. *name is valid until the next call with this region. */
bool agent_region_next(agent_region *region, agent_region_table table, size_t *cursor, agent_str *name, _Atomic uint64_t **words);

/* The AGENT_REGION_WAYS places that `key` may have as a bucket, and what tells it from others there: *tag, 1 … 2^19 - 1.
 * Nobody outside can choose keys that meet: the hash is keyed with random bytes of the file. */
_Atomic uint64_t *agent_region_bucket(agent_region *region, agent_str key, uint32_t *tag);

#endif

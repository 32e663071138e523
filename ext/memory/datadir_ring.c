/* SPDX-License-Identifier: MIT
 * The key ring's file: sealed, locked while it is changed, replaced whole.
 * What is signed with the keys is run/'s. */
#include "ext/memory/datadir_ring.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ext/base/alloc.h"
#include "ext/base/b64url.h"
#include "ext/memory/datadir.h"
#include "ext/memory/file.h"

#define MAGIC "agentring1"
#define MAGIC_LEN (sizeof MAGIC - 1)
#define RECORD (AGENT_RING_KID + AGENT_KEY_SIZE + 8 + 8)
#define TEXT_MAX (MAGIC_LEN + 1 + AGENT_RING_MAX * RECORD)
#define SEALED_MAX (TEXT_MAX + 64)
#define NAP_MS 5

agent_ring *agent_ring_new(void)
{
	return agent_calloc(1, sizeof(agent_ring));
}

void agent_ring_free(agent_ring *ring)
{
	if (ring != NULL) {
		agent_wipe(ring, sizeof *ring);
		agent_free(ring);
	}
}

/* --- stamps --- */

static int64_t nanoseconds(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

agent_file_stamp agent_file_stamp_of(const char *path)
{
	struct stat st;
	if (stat(path, &st) != 0) {
		return (agent_file_stamp){ 0 };
	}
	return (agent_file_stamp){ (uint64_t)st.st_dev, (uint64_t)st.st_ino, (int64_t)st.st_size, nanoseconds(st.st_ctim), nanoseconds(st.st_mtim) };
}

agent_status agent_ring_path(agent_str dir, const char *site_key, agent_buf *out, agent_error *err)
{
	agent_buf_add(out, dir);
	agent_buf_addf(out, "/ring/%.32s", site_key);
	agent_buf_add_char(out, '\0');
	return agent_buf_check(out, "the key ring's path", err);
}

/* --- the text: fixed records, numbers in network order --- */

static void put_number(unsigned char *out, int64_t value)
{
	for (int i = 0; i < 8; i++) {
		out[i] = (unsigned char)((uint64_t)value >> (56 - 8 * i));
	}
}

static int64_t get_number(const unsigned char *in)
{
	uint64_t value = 0;
	for (int i = 0; i < 8; i++) {
		value = value << 8 | in[i];
	}
	return (int64_t)value;
}

static size_t write_ring(const agent_ring *ring, unsigned char out[TEXT_MAX])
{
	unsigned char *p = out + MAGIC_LEN;
	memcpy(out, MAGIC, MAGIC_LEN);
	*p++ = (unsigned char)ring->count;
	for (size_t i = 0; i < ring->count; i++, p += RECORD) {
		const agent_ring_key *key = &ring->keys[i];
		memcpy(p, key->kid, AGENT_RING_KID);
		memcpy(p + AGENT_RING_KID, key->secret.bytes, AGENT_KEY_SIZE);
		put_number(p + AGENT_RING_KID + AGENT_KEY_SIZE, key->made_s);
		put_number(p + AGENT_RING_KID + AGENT_KEY_SIZE + 8, key->until_s);
	}
	return (size_t)(p - out);
}

static bool read_ring(agent_str text, agent_ring *out)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	if (text.len < MAGIC_LEN + 1 || memcmp(p, MAGIC, MAGIC_LEN) != 0) {
		return false;
	}
	size_t count = p[MAGIC_LEN];
	if (count < 1 || count > AGENT_RING_MAX || text.len != MAGIC_LEN + 1 + count * RECORD) {
		return false;
	}
	p += MAGIC_LEN + 1;
	out->count = count;
	for (size_t i = 0; i < count; i++, p += RECORD) {
		agent_ring_key *key = &out->keys[i];
		memcpy(key->kid, p, AGENT_RING_KID);
		key->kid[AGENT_RING_KID] = '\0';
		memcpy(key->secret.bytes, p + AGENT_RING_KID, AGENT_KEY_SIZE);
		key->made_s = get_number(p + AGENT_RING_KID + AGENT_KEY_SIZE);
		key->until_s = get_number(p + AGENT_RING_KID + AGENT_KEY_SIZE + 8);
		if ((key->until_s == 0) != (i == 0)) {
			return false;
		}
	}
	return true;
}

/* --- the file --- */

/* What the ring is sealed with, and what it is bound to. */
typedef struct place {
	int dir;                     /* <dir>/ring */
	agent_str root;
	char name[33];
	agent_key key;
} place;

static agent_status open_place(agent_str root, const char *site_key, bool make, place *out, agent_error *err)
{
	int top = -1;
	*out = (place){ .dir = -1, .root = root };
	snprintf(out->name, sizeof out->name, "%.32s", site_key);
	if (agent_dir_open(root, &top, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = agent_dir_sub(top, "ring", make, &out->dir, err);
	agent_fd_close(top);
	return status;
}

static void close_place(place *p)
{
	agent_fd_close(p->dir); /* frees the lock, too */
	agent_wipe(&p->key, sizeof p->key);
}

static agent_status derive(place *p, agent_error *err)
{
	agent_key installation;
	if (agent_datadir_key(p->root, &installation, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_str secret = { (const char *)installation.bytes, sizeof installation.bytes };
	agent_status status = agent_key_derive(secret, AGENT_STR("agent ring 1"), &p->key, err);
	agent_wipe(&installation, sizeof installation);
	return status;
}

static void wipe_buf(agent_buf *buf)
{
	if (buf->ptr != NULL) {
		agent_wipe(buf->ptr, buf->capacity);
	}
	agent_buf_clear(buf);
}

static agent_status read_file(place *p, agent_ring *out, bool *found, agent_error *err)
{
	agent_buf sealed, text;
	agent_buf_init(&sealed, SEALED_MAX + 4096);
	agent_buf_init(&text, TEXT_MAX);
	*found = false;
	agent_status status = agent_file_read(p->dir, p->name, SEALED_MAX, &sealed, found, err);
	if (status == AGENT_OK && *found) {
		status = derive(p, err);
		status = status == AGENT_OK ? agent_unseal(&p->key, agent_str_cstr(p->name), agent_buf_str(&sealed), &text, err) : status;
		bool foreign = status != AGENT_OK && err->domain == AGENT_DOMAIN_CRYPTO && strncmp(err->code, "sealed", 6) == 0;
		if (foreign || (status == AGENT_OK && !read_ring(agent_buf_str(&text), out))) {
			status = agent_fail(err, AGENT_DOMAIN_CRYPTO, "key_ring",
				"the file ring/%s in the data directory was sealed with another key, or changed: without it a new ring begins", p->name);
		}
	}
	wipe_buf(&text);
	agent_buf_clear(&sealed);
	return status;
}

static agent_status write_file(place *p, const agent_ring *ring, agent_error *err)
{
	unsigned char text[TEXT_MAX];
	agent_buf sealed;
	agent_buf_init(&sealed, SEALED_MAX);
	agent_status status = derive(p, err);
	if (status == AGENT_OK) {
		agent_str view = { (const char *)text, write_ring(ring, text) };
		status = agent_seal(&p->key, agent_str_cstr(p->name), view, &sealed, err);
		agent_wipe(text, sizeof text);
	}
	if (status == AGENT_OK) {
		status = agent_file_write(p->dir, p->name, agent_buf_str(&sealed), false, err);
	}
	agent_buf_clear(&sealed);
	return status;
}

/* A writer that was killed leaves its temporary file; whoever holds the lock is the only writer. */
static void sweep(const place *p)
{
	int fd = dup(p->dir);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (dir == NULL) {
		agent_fd_close(fd);
		return;
	}
	rewinddir(dir);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		if (strncmp(entry->d_name, ".new-", 5) == 0) {
			unlinkat(p->dir, entry->d_name, 0);
		}
	}
	closedir(dir);
}

static agent_status lock(const place *p, const agent_clock *clock, int64_t deadline_ms, agent_error *err)
{
	while (flock(p->dir, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR) {
			return agent_fail(err, AGENT_DOMAIN_STORE, "file", "the directory ring in the data directory cannot be locked: %m");
		}
		if (clock->mono_ms(clock->state) >= deadline_ms) {
			agent_fail(err, AGENT_DOMAIN_TIMEOUT, "key_ring_busy", "another process is changing the key ring");
			err->retry = true;
			return AGENT_ERR;
		}
		struct timespec nap = { 0, NAP_MS * 1000000L };
		nanosleep(&nap, NULL);
	}
	sweep(p);
	return AGENT_OK;
}

/* --- what changes --- */

static agent_status new_key(int64_t now_s, agent_ring_key *out, agent_error *err)
{
	unsigned char random[AGENT_RING_KID / 4 * 3];
	*out = (agent_ring_key){ .made_s = now_s };
	if (agent_random_bytes(random, sizeof random, err) != AGENT_OK || agent_random_bytes(out->secret.bytes, sizeof out->secret.bytes, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_b64url_put(out->kid, (agent_str){ (const char *)random, sizeof random });
	return AGENT_OK;
}

/* True: some have retired and are gone from the ring. */
static bool prune(agent_ring *ring, int64_t now_s)
{
	size_t kept = 0;
	for (size_t i = 0; i < ring->count; i++) {
		if (ring->keys[i].until_s == 0 || ring->keys[i].until_s > now_s) {
			if (kept != i) {
				ring->keys[kept] = ring->keys[i];
			}
			kept++;
		}
	}
	agent_wipe(&ring->keys[kept], (AGENT_RING_MAX - kept) * sizeof ring->keys[0]);
	bool some = kept < ring->count;
	ring->count = kept;
	return some;
}

static agent_status add_key(agent_ring *ring, int64_t overlap_s, int64_t now_s, agent_error *err)
{
	agent_ring_key key;
	for (size_t i = 0; i < ring->count; i++) {
		int64_t until = now_s + overlap_s > 0 ? now_s + overlap_s : 1; /* 0 is the signing key's; a clock may stand at 1970 */
		int64_t before = ring->keys[i].until_s;
		ring->keys[i].until_s = before != 0 && before < until ? before : until;
	}
	prune(ring, now_s);
	if (ring->count == AGENT_RING_MAX) {
		return agent_fail(err, AGENT_DOMAIN_LIMIT, "key_ring_full", "%d keys still verify: one must retire first, or all do (overlap 0)", AGENT_RING_MAX);
	}
	if (new_key(now_s, &key, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	memmove(&ring->keys[1], &ring->keys[0], ring->count * sizeof ring->keys[0]);
	ring->keys[0] = key;
	ring->count++;
	agent_wipe(&key, sizeof key);
	return AGENT_OK;
}

typedef enum change { MAKE, PRUNE, ROTATE } change;

/* Under the lock what stands there is read again: another process may have been first. */
static agent_status change_file(place *p, change what, int64_t overlap_s, const agent_clock *clock, int64_t deadline_ms, agent_ring *ring, agent_error *err)
{
	bool found = false;
	bool changed;
	if (lock(p, clock, deadline_ms, err) != AGENT_OK || read_file(p, ring, &found, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	int64_t now_s = clock->wall_ms(clock->state) / 1000;
	if (found && what != ROTATE) {
		changed = prune(ring, now_s);
	} else {
		ring->count = found ? ring->count : 0;
		changed = true;
		if (add_key(ring, overlap_s, now_s, err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return changed ? write_file(p, ring, err) : AGENT_OK;
}

static void prune_file(place *p, const agent_clock *clock)
{
	agent_error ignored;
	agent_ring *ring = agent_ring_new();
	if (ring != NULL) {
		(void)change_file(p, PRUNE, 0, clock, clock->mono_ms(clock->state), ring, &ignored);
	}
	agent_ring_free(ring);
}

agent_status agent_ring_load(agent_str dir, const char *site_key, const agent_clock *clock, int64_t deadline_ms, agent_ring *out, agent_error *err)
{
	place p;
	bool found = false;
	agent_status status = open_place(dir, site_key, true, &p, err);
	if (status == AGENT_OK) {
		status = read_file(&p, out, &found, err);
	}
	if (status == AGENT_OK && !found) {
		status = change_file(&p, MAKE, 0, clock, deadline_ms, out, err);
	} else if (status == AGENT_OK && prune(out, clock->wall_ms(clock->state) / 1000)) {
		prune_file(&p, clock); /* what has retired is refused whether or not this works */
	}
	close_place(&p);
	return status;
}

agent_status agent_ring_rotate(agent_str dir, const char *site_key, int64_t overlap_s, const agent_clock *clock, int64_t deadline_ms, agent_ring *out, agent_error *err)
{
	place p;
	agent_status status = open_place(dir, site_key, true, &p, err);
	if (status == AGENT_OK) {
		status = change_file(&p, ROTATE, overlap_s, clock, deadline_ms, out, err);
	}
	close_place(&p);
	return status;
}

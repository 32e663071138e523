/* SPDX-License-Identifier: MIT
 * The file of a region: made, checked, mapped, replaced. Only ever replaced by a rename, never cut or written over.
 * The tables in it are region_table.c's. */
#include "ext/memory/region_own.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ext/base/alloc.h"
#include "ext/memory/datadir.h"
#include "ext/memory/file.h"

#define SIZE sizeof(agent_region_map)
#define NAP_MS 5
#define PATIENCE_MS 2000

static agent_status failed(const char *what, agent_error *err)
{
	return agent_fail(err, AGENT_DOMAIN_STORE, "region", "the site's shared memory %s: %m", what);
}

static uint64_t header_check(const agent_region_header *header)
{
	static const uint64_t fixed[2] = { 0x6167656e74207265u, 0x67696f6e20636865u };
	return agent_region_hash(fixed, (agent_str){ (const char *)header, offsetof(agent_region_header, check) });
}

static void fill_header(agent_region_header *header, const char *site_key)
{
	static const uint64_t sizes[5] = { AGENT_REGION_BREAKERS_MAX, AGENT_REGION_BREAKER_WORDS,
		AGENT_REGION_NAME, (uint64_t)AGENT_REGION_SETS << 32 | AGENT_REGION_WAYS, AGENT_REGION_PLACES };
	memcpy(header->magic, "AGNTREG\n", 8);
	header->version = AGENT_REGION_VERSION;
	header->size = SIZE;
	memcpy(header->sizes, sizes, sizeof sizes);
	memcpy(header->site, site_key, 32);
	header->check = header_check(header);
}

/* All but the secret is known beforehand. */
static bool header_is_good(const agent_region_header *header, const char *site_key)
{
	agent_region_header wanted = { .secret = { header->secret[0], header->secret[1] } };
	fill_header(&wanted, site_key);
	return memcmp(header, &wanted, sizeof wanted) == 0;
}

static bool is_ours(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_uid == geteuid() && (st->st_mode & 07777) == 0600 && st->st_nlink == 1
		&& st->st_size == (off_t)SIZE;
}

/* *found false, with AGENT_OK: there is none, or none that can be used. The header is read, not mapped: whatever happens to the file
 * meanwhile, a read is an answer and no signal. */
static agent_status open_there(agent_region *region, const char *site_key, bool *found, agent_error *err)
{
	struct stat st;
	agent_region_header header;
	*found = false;
	int fd = openat(region->dir, region->file, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		bool odd = errno == ENOENT || errno == ELOOP || errno == EACCES || errno == EISDIR || errno == ENXIO;
		return odd ? AGENT_OK : failed("cannot be opened", err);
	}
	if (fstat(fd, &st) != 0 || !is_ours(&st) || pread(fd, &header, sizeof header, 0) != (ssize_t)sizeof header
		|| !header_is_good(&header, site_key)) {
		agent_fd_close(fd);
		return AGENT_OK;
	}
	void *map = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED) {
		agent_fd_close(fd);
		return failed("cannot be mapped", err);
	}
	region->map = map;
	region->fd = fd;
	memcpy(region->secret, header.secret, sizeof region->secret);
	*found = true;
	return AGENT_OK;
}

static agent_status write_new(int fd, const agent_region_header *header, agent_error *err)
{
	int rc = 0;
	if (fchmod(fd, 0600) != 0) { /* the umask may have taken bits that are needed */
		return failed("cannot be made", err);
	}
	/* A file with holes on a disk that is full is a SIGBUS at the first write. */
	do {
		rc = posix_fallocate(fd, 0, (off_t)SIZE);
	} while (rc == EINTR);
	if (rc != 0) {
		errno = rc;
		return failed("finds no room", err);
	}
	errno = EIO;
	return pwrite(fd, header, sizeof *header, 0) == (ssize_t)sizeof *header ? AGENT_OK : failed("cannot be written", err);
}

static agent_status replace(agent_region *region, const char *site_key, agent_error *err)
{
	char temporary[40];
	unsigned char random[16];
	agent_region_header header = { .version = 0 };
	if (agent_random_bytes(header.secret, sizeof header.secret, err) != AGENT_OK
		|| agent_random_bytes(random, sizeof random, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	memcpy(temporary, ".new-", 6);
	for (size_t i = 0; i < sizeof random; i++) {
		snprintf(temporary + 5 + 2 * i, 3, "%02x", random[i]);
	}
	int fd = openat(region->dir, temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		return failed("cannot be made", err);
	}
	fill_header(&header, site_key);
	agent_status status = write_new(fd, &header, err);
	agent_fd_close(fd);
	if (status == AGENT_OK && renameat(region->dir, temporary, region->dir, region->file) != 0) {
		status = failed("cannot be put in place", err);
	}
	if (status != AGENT_OK) {
		unlinkat(region->dir, temporary, 0);
	}
	return status;
}

static int64_t mono_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* One at a time replaces, so that nobody puts a new file over one that another has just begun to use. The kernel frees the lock of a
 * process that dies; one that was stopped just there keeps others waiting for two seconds each. */
static agent_status lock(int dir, agent_error *err)
{
	const struct timespec nap = { 0, NAP_MS * 1000000L };
	int64_t until = mono_ms() + PATIENCE_MS;
	while (flock(dir, LOCK_EX | LOCK_NB) != 0) {
		if ((errno != EWOULDBLOCK && errno != EINTR) || mono_ms() >= until) {
			failed("is being made by another process", err);
			err->retry = true;
			return AGENT_ERR;
		}
		nanosleep(&nap, NULL);
	}
	return AGENT_OK;
}

static agent_status open_or_make(agent_region *region, const char *site_key, agent_error *err)
{
	bool found = false;
	if (open_there(region, site_key, &found, err) != AGENT_OK || found) {
		return found ? AGENT_OK : AGENT_ERR;
	}
	if (lock(region->dir, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = open_there(region, site_key, &found, err); /* another may have been first */
	if (status == AGENT_OK && !found) {
		status = replace(region, site_key, err);
		status = status == AGENT_OK ? open_there(region, site_key, &found, err) : status;
	}
	flock(region->dir, LOCK_UN);
	if (status == AGENT_OK && !found) {
		status = agent_fail(err, AGENT_DOMAIN_STORE, "region", "the site's shared memory vanished while it was made");
	}
	return status;
}

agent_status agent_region_open(agent_str dir, const char site_key[33], agent_region **out, agent_error *err)
{
	*out = NULL;
	agent_region *region = agent_calloc(1, sizeof *region);
	if (region == NULL) {
		return agent_fail_memory(err);
	}
	region->fd = -1;
	snprintf(region->file, sizeof region->file, "%.32s.region", site_key);
	if (agent_dir_open(dir, &region->dir, err) != AGENT_OK || open_or_make(region, site_key, err) != AGENT_OK) {
		agent_region_close(region);
		return AGENT_ERR;
	}
	*out = region;
	return AGENT_OK;
}

void agent_region_close(agent_region *region)
{
	if (region == NULL) {
		return;
	}
	if (region->map != NULL) {
		munmap(region->map, SIZE);
	}
	agent_fd_close(region->fd);
	agent_fd_close(region->dir);
	agent_free(region);
}

bool agent_region_is_whole(const agent_region *region)
{
	struct stat st;
	return fstat(region->fd, &st) == 0 && st.st_size == (off_t)SIZE;
}

bool agent_region_is_there(const agent_region *region)
{
	struct stat mapped, named;
	return fstat(region->fd, &mapped) == 0 && fstatat(region->dir, region->file, &named, AT_SYMLINK_NOFOLLOW) == 0
		&& mapped.st_ino == named.st_ino && mapped.st_dev == named.st_dev && is_ours(&named);
}

agent_status agent_region_dir(agent_str shm_dir, agent_arena *arena, agent_str *real, agent_error *err)
{
	struct stat st;
	agent_buf path;
	*real = AGENT_STR_EMPTY;
	agent_buf_init(&path, 4096);
	agent_buf_add(&path, shm_dir);
	agent_buf_add_char(&path, '\0');
	agent_status status = agent_buf_check(&path, "agent.shm_dir", err);
	if (status == AGENT_OK && (shm_dir.ptr[0] != '/' || strlen(path.ptr) != shm_dir.len || lstat(path.ptr, &st) != 0 || !S_ISDIR(st.st_mode))) {
		status = agent_fail(err, AGENT_DOMAIN_CONFIG, "shm_dir", "agent.shm_dir %.150s is no directory with an absolute path", path.ptr);
	}
	if (status == AGENT_OK && ((st.st_uid != geteuid() && st.st_uid != 0) || ((st.st_mode & 022) != 0 && (st.st_mode & S_ISVTX) == 0))) {
		status = agent_fail(err, AGENT_DOMAIN_CONFIG, "shm_dir",
			"agent.shm_dir %.150s must belong to this user or to root, and be sticky where others may write (as /dev/shm is)", path.ptr);
	}
	if (status == AGENT_OK) {
		path.len--;
		agent_buf_addf(&path, "/agent-%lu", (unsigned long)geteuid());
		status = agent_buf_check(&path, "agent.shm_dir", err);
	}
	if (status == AGENT_OK) {
		status = agent_datadir_open(agent_buf_str(&path), arena, real, err);
	}
	agent_buf_clear(&path);
	return status;
}

/* SPDX-License-Identifier: MIT
 * The data directory itself: made, checked, resolved; and the key of a site in it.
 * No file in it is opened here. */
#include "ext/memory/datadir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "ext/memory/file.h"

#define PATH_ROOM (PATH_MAX - 128) /* leaves room for the names inside */
#define FUSE_MAGIC 0x65735546u

static agent_status refused(agent_error *err, const char *path, const char *why)
{
	return agent_fail(err, AGENT_DOMAIN_CONFIG, "data_dir", "the data directory %.150s %s", path, why);
}

/* File systems where several machines see one file: SQLite's locks and shared memory do not work across
 * them. */
static const char *network_name(uint32_t type)
{
	static const struct { uint32_t type; const char *name; } table[] = {
		{ 0x6969u, "NFS" }, { 0x517Bu, "SMB" }, { 0xFF534D42u, "CIFS" }, { 0xFE534D42u, "SMB2" },
		{ 0x01021997u, "9p" }, { 0x73757245u, "Coda" }, { 0x5346414Fu, "AFS" }, { 0x6B414653u, "AFS" },
		{ 0x564Cu, "NCP" }, { 0x00C36400u, "Ceph" }, { 0x0BD00BD0u, "Lustre" }, { 0x01161970u, "GFS2" },
		{ 0x7461636Fu, "OCFS2" }, { 0x47504653u, "GPFS" }, { 0x20030528u, "OrangeFS" },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (table[i].type == type) {
			return table[i].name;
		}
	}
	return NULL;
}

/* The type's name of the mounted file system with this device number, from /proc/self/mountinfo: "36 35 98:0
 * /a /b rw - type …". */
static bool mount_type(dev_t device, char *name, size_t size)
{
	char want[40];
	char line[2 * PATH_MAX];
	bool found = false;
	snprintf(want, sizeof want, " %u:%u ", major(device), minor(device));
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	if (mounts == NULL) {
		return false;
	}
	while (!found && fgets(line, sizeof line, mounts) != NULL) {
		const char *at = strstr(line, " - ");
		found = at != NULL && strstr(line, want) != NULL;
		if (found) {
			size_t len = strcspn(at + 3, " \n");
			len = len < size ? len : size - 1;
			memcpy(name, at + 3, len);
			name[len] = '\0';
		}
	}
	fclose(mounts);
	return found;
}

/* FUSE says one number for all its file systems; those known to be on this machine are let through. */
static bool fuse_is_local(dev_t device)
{
	static const char *const local[] = { "fuseblk", "virtiofs", "fuse.fuse-overlayfs", "fuse.bindfs",
		"fuse.mergerfs",
		"fuse.ext4", "fuse.fuse2fs", "fuse.gocryptfs", "fuse.encfs", "fuse.zfs" };
	char name[64];
	if (!mount_type(device, name, sizeof name)) {
		return false;
	}
	for (size_t i = 0; i < sizeof local / sizeof *local; i++) {
		if (strcmp(local[i], name) == 0) {
			return true;
		}
	}
	return false;
}

static agent_status check_file_system(int fd, const char *path, agent_error *err)
{
	struct statfs fs;
	struct stat st;
	if (fstatfs(fd, &fs) != 0 || fstat(fd, &st) != 0) {
		return agent_fail(err, AGENT_DOMAIN_CONFIG, "data_dir", "the data directory %.150s: %m", path);
	}
	const char *name = network_name((uint32_t)fs.f_type);
	if (name == NULL && (uint32_t)fs.f_type == FUSE_MAGIC && !fuse_is_local(st.st_dev)) {
		name = "remote FUSE";
	}
	if (name != NULL) {
		return agent_fail(err, AGENT_DOMAIN_CONFIG, "data_dir",
			"the data directory %.120s is on a network file system (%s): use a local disk", path, name);
	}
	if (faccessat(fd, ".", R_OK | W_OK | X_OK, AT_EACCESS) != 0) {
		return refused(err, path, "is not writable");
	}
	return AGENT_OK;
}

/* Copies the path without trailing slashes. */
static agent_status take_path(agent_str path, char out[PATH_ROOM], agent_error *err)
{
	while (path.len > 1 && path.ptr[path.len - 1] == '/') {
		path.len--;
	}
	if (path.len >= PATH_ROOM || memchr(path.ptr, '\0', path.len) != NULL) {
		return agent_fail(err, AGENT_DOMAIN_CONFIG, "data_dir",
			"the data directory's path is too long or holds a NUL");
	}
	memcpy(out, path.ptr, path.len);
	out[path.len] = '\0';
	return out[0] == '/' ? AGENT_OK : refused(err, out, "is no absolute path");
}

static agent_status make_if_missing(const char *path, bool *made, agent_error *err)
{
	struct stat st;
	*made = false;
	if (lstat(path, &st) == 0) {
		return S_ISLNK(st.st_mode) ? refused(err, path, "is a link") : AGENT_OK;
	}
	if (errno != ENOENT) {
		return agent_fail(err, AGENT_DOMAIN_CONFIG, "data_dir", "the data directory %.150s: %m", path);
	}
	*made = mkdir(path, 0700) == 0;
	if (!*made && errno != EEXIST) {
		return agent_fail(err, AGENT_DOMAIN_CONFIG, "data_dir",
			"the data directory %.150s cannot be made: %m", path);
	}
	return AGENT_OK;
}

/* The real path, which must lead to the directory that was checked. */
static agent_status resolve(int fd, const char *path, agent_arena *arena, agent_str *real, agent_error *err)
{
	char resolved[PATH_MAX];
	struct stat checked;
	struct stat st;
	if (realpath(path, resolved) == NULL || strlen(resolved) >= PATH_ROOM || fstat(fd, &checked) != 0
		|| lstat(resolved, &st) != 0 || st.st_dev != checked.st_dev || st.st_ino != checked.st_ino) {
		return refused(err, path, "changed while it was examined");
	}
	return agent_arena_dup(arena, agent_str_cstr(resolved), real) ? AGENT_OK : agent_arena_fail(arena, err);
}

agent_status agent_datadir_open(agent_str path, agent_arena *arena, agent_str *real, agent_error *err)
{
	char name[PATH_ROOM];
	bool made = false;
	*real = AGENT_STR_EMPTY;
	if (take_path(path, name, err) != AGENT_OK || make_if_missing(name, &made, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	int fd = open(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		return agent_fail(err, AGENT_DOMAIN_CONFIG, "data_dir",
			"the data directory %.150s cannot be opened: %m", name);
	}
	agent_status status = AGENT_OK;
	if (made && fchmod(fd, 0700) != 0) { /* the umask may have taken bits that are needed */
		status = agent_fail(err, AGENT_DOMAIN_CONFIG, "data_dir", "the mode of %.150s cannot be set: %m",
			name);
	}
	if (status == AGENT_OK) {
		status = agent_dir_check(fd, name, err);
	}
	if (status == AGENT_OK) {
		status = check_file_system(fd, name, err);
	}
	if (status == AGENT_OK) {
		status = resolve(fd, name, arena, real, err);
	}
	agent_fd_close(fd);
	return status;
}

agent_status agent_site_key(agent_str site, agent_str real_dir, char out[33], agent_error *err)
{
	char digest[65];
	agent_buf text;
	/* lengths first: no two different triples give the same text */
	agent_buf_init(&text, site.len + real_dir.len + 128);
	agent_buf_addf(&text, "site:%zu:%ld:%zu:", site.len, (long)geteuid(), real_dir.len);
	agent_buf_add(&text, site);
	agent_buf_add(&text, real_dir);
	agent_status status = agent_buf_check(&text, "the site's key", err);
	if (status == AGENT_OK) {
		status = agent_sha256_hex(agent_buf_str(&text), digest, err);
	}
	agent_buf_clear(&text);
	if (status == AGENT_OK) {
		memcpy(out, digest, 32);
		out[32] = '\0';
	}
	return status;
}

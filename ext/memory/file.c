/* SPDX-License-Identifier: MIT
 * Small private files: opened without following links, checked after opening, replaced by rename.
 * No format of a file is known here. */
#include "ext/memory/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ext/seal/seal.h"

#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static agent_status file_failed(const char *what, const char *name, agent_error *err)
{
	return agent_fail(err, AGENT_DOMAIN_STORE, "file", "%s %s: %m", what, name);
}

void agent_fd_close(int fd)
{
	int kept = errno;
	if (fd >= 0) {
		close(fd);
	}
	errno = kept;
}

agent_status agent_dir_check(int fd, const char *what, agent_error *err)
{
	struct stat st;
	if (fstat(fd, &st) != 0) {
		return agent_fail(err, AGENT_DOMAIN_CONFIG, "data_dir", "%s cannot be examined: %m", what);
	}
	if (!S_ISDIR(st.st_mode)) {
		return agent_fail(err, AGENT_DOMAIN_CONFIG, "data_dir", "%s is no directory", what);
	}
	if (st.st_uid != geteuid()) {
		return agent_fail(err, AGENT_DOMAIN_CONFIG, "data_dir",
			"%s belongs to user %ld, this process is user %ld", what, (long)st.st_uid, (long)geteuid());
	}
	if ((st.st_mode & 077) != 0) {
		return agent_fail(err, AGENT_DOMAIN_CONFIG, "data_dir",
			"%s is open to others (mode %04o): it must be 0700", what, (unsigned)(st.st_mode & 07777));
	}
	return AGENT_OK;
}

static agent_status dir_at(int at, const char *name, int *fd, agent_error *err)
{
	struct stat st;
	*fd = openat(at, name, DIR_FLAGS);
	if (*fd < 0) {
		if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode)) {
			return agent_fail(err, AGENT_DOMAIN_CONFIG, "data_dir", "%s is a link", name);
		}
		return agent_fail(err, AGENT_DOMAIN_CONFIG, "data_dir", "%s cannot be opened: %m", name);
	}
	if (agent_dir_check(*fd, name, err) != AGENT_OK) {
		agent_fd_close(*fd);
		*fd = -1;
		return AGENT_ERR;
	}
	return AGENT_OK;
}

agent_status agent_dir_open(agent_str path, int *fd, agent_error *err)
{
	char name[PATH_MAX];
	*fd = -1;
	if (path.len == 0 || path.len >= sizeof name || memchr(path.ptr, '\0', path.len) != NULL) {
		return agent_fail(err, AGENT_DOMAIN_CONFIG, "data_dir",
			"the data directory's path is empty, too long or holds a NUL");
	}
	memcpy(name, path.ptr, path.len);
	name[path.len] = '\0';
	return dir_at(AT_FDCWD, name, fd, err);
}

agent_status agent_dir_sub(int dir, const char *name, bool make, int *fd, agent_error *err)
{
	struct stat st;
	*fd = -1;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT) {
		return dir_at(dir, name, fd, err);
	}
	if (!make) {
		return AGENT_OK;
	}
	/* chmod: the umask may have taken bits that are needed */
	if (mkdirat(dir, name, 0700) == 0) {
		if (fchmodat(dir, name, 0700, 0) != 0) {
			return file_failed("cannot set the mode of", name, err);
		}
	} else if (errno != EEXIST) {
		return file_failed("cannot make", name, err);
	}
	return dir_at(dir, name, fd, err);
}

static agent_status check_file(int fd, const char *name, size_t max, agent_error *err)
{
	struct stat st;
	if (fstat(fd, &st) != 0) {
		return file_failed("cannot examine", name, err);
	}
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0) {
		return agent_fail(err, AGENT_DOMAIN_STORE, "file",
			"%s must be a regular file of this user, mode 0600", name);
	}
	if (st.st_size < 0 || (uintmax_t)st.st_size > max) {
		return agent_fail(err, AGENT_DOMAIN_STORE, "file", "%s is larger than %zu bytes", name, max);
	}
	return AGENT_OK;
}

agent_status agent_file_read(int dir, const char *name, size_t max, agent_buf *out, bool *found,
	agent_error *err)
{
	/* O_NONBLOCK: a FIFO in the file's place must not hold a worker up */
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	*found = fd >= 0;
	if (fd < 0) {
		return errno == ENOENT ? AGENT_OK : file_failed("cannot open", name, err);
	}
	agent_status status = check_file(fd, name, max, err);
	size_t total = 0;
	char piece[4096];
	while (status == AGENT_OK) {
		ssize_t got = read(fd, piece, sizeof piece);
		if (got == 0) {
			break;
		}
		if (got < 0) {
			if (errno != EINTR) {
				status = file_failed("cannot read", name, err);
			}
			continue;
		}
		total += (size_t)got;
		agent_buf_add(out, (agent_str){ piece, (size_t)got });
		if (total > max) { /* it grew since it was measured */
			status = agent_fail(err, AGENT_DOMAIN_STORE, "file", "%s is larger than %zu bytes", name, max);
		} else {
			status = agent_buf_check(out, name, err);
		}
	}
	agent_wipe(piece, sizeof piece);
	agent_fd_close(fd);
	return status;
}

static bool write_all(int fd, agent_str bytes)
{
	while (bytes.len > 0) {
		ssize_t put = write(fd, bytes.ptr, bytes.len);
		if (put < 0) {
			if (errno == EINTR) {
				continue;
			}
			return false;
		}
		bytes = agent_str_from(bytes, (size_t)put);
	}
	return true;
}

/* A new file under a name nobody can guess; begins with a dot, as no name of ours does. */
static agent_status write_temporary(int dir, agent_str bytes, char temporary[40], agent_error *err)
{
	unsigned char random[16];
	if (agent_random_bytes(random, sizeof random, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	memcpy(temporary, ".new-", 6);
	for (size_t i = 0; i < sizeof random; i++) {
		snprintf(temporary + 5 + 2 * i, 3, "%02x", random[i]);
	}
	int fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		return file_failed("cannot make", temporary, err);
	}
	if (fchmod(fd, 0600) != 0 || !write_all(fd, bytes) || fsync(fd) != 0) {
		agent_status status = file_failed("cannot write", temporary, err);
		agent_fd_close(fd);
		unlinkat(dir, temporary, 0);
		return status;
	}
	agent_fd_close(fd);
	return AGENT_OK;
}

agent_status agent_file_write(int dir, const char *name, agent_str bytes, bool only_new, agent_error *err)
{
	char temporary[40];
	if (write_temporary(dir, bytes, temporary, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	/* link fails where the name is taken, and does so in one step; rename replaces in one step */
	int rc = only_new ? linkat(dir, temporary, dir, name, 0) : renameat(dir, temporary, dir, name);
	agent_status status = AGENT_OK;
	if (rc != 0 && !(only_new && errno == EEXIST)) {
		status = file_failed("cannot put in place", name, err);
	}
	if (only_new || status != AGENT_OK) {
		unlinkat(dir, temporary, 0);
	}
	if (status == AGENT_OK && fsync(dir) != 0 && errno != EINVAL) {
		status = file_failed("cannot sync the directory of", name, err);
	}
	return status;
}

agent_status agent_file_remove(int dir, const char *name, agent_error *err)
{
	if (unlinkat(dir, name, 0) != 0) {
		return errno == ENOENT ? AGENT_OK : file_failed("cannot remove", name, err);
	}
	return fsync(dir) == 0 || errno == EINVAL ? AGENT_OK : file_failed("cannot sync the directory of", name, err);
}

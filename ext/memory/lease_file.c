/* SPDX-License-Identifier: MIT
 * Session leases as open-file-description locks on one byte each of a lock file.
 * Nothing is ever written into that file. */
#include "ext/memory/lease_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "ext/base/alloc.h"
#include "ext/memory/file.h"
#include "ext/seal/seal.h"

#define NAP_MS 5

struct agent_lease {
	int fd;
	pid_t pid;
	off_t offset;
};

/* Two sessions that fall on one byte (1 in 2^62) merely wait for each other. */
static agent_status offset_of(agent_str site, agent_str session, off_t *out, agent_error *err)
{
	unsigned char digest[32];
	agent_buf name;
	agent_buf_init(&name, site.len + session.len + 1);
	agent_buf_add(&name, site);
	agent_buf_add_char(&name, '/');
	agent_buf_add(&name, session);
	agent_status status = agent_buf_check(&name, "the session's name", err);
	if (status == AGENT_OK) {
		status = agent_sha256(agent_buf_str(&name), digest, err);
	}
	agent_buf_clear(&name);
	if (status != AGENT_OK) {
		return AGENT_ERR;
	}
	uint64_t value = 0;
	for (int i = 0; i < 8; i++) {
		value = value << 8 | digest[i];
	}
	*out = (off_t)(value >> 2);
	return AGENT_OK;
}

static agent_status open_file(int dir, int *fd, agent_error *err)
{
	struct stat st;
	*fd = openat(dir, "lease", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
	if (*fd < 0 || fstat(*fd, &st) != 0) {
		agent_fail(err, AGENT_DOMAIN_STORE, "file", "the file lease in the data directory: %m");
		agent_fd_close(*fd);
		return AGENT_ERR;
	}
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid()) {
		agent_fd_close(*fd);
		return agent_fail(err, AGENT_DOMAIN_STORE, "file",
			"the file lease must be a regular file of this user");
	}
	if ((st.st_mode & 0777) != 0600) {
		fchmod(*fd, 0600); /* the umask of whoever made it */
	}
	return AGENT_OK;
}

/* 1: taken, 0: somebody has it, -1: errno. */
static int try_lock(int fd, off_t offset, short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = offset, .l_len = 1 };
	int rc = 0;
	do {
		rc = fcntl(fd, F_OFD_SETLK, &lock);
	} while (rc != 0 && errno == EINTR);
	if (rc == 0) {
		return 1;
	}
	return errno == EAGAIN || errno == EACCES ? 0 : -1;
}

static void nap(int64_t ms)
{
	struct timespec left = { 0, (long)(ms < NAP_MS ? ms : NAP_MS) * 1000000L };
	nanosleep(&left, NULL); /* a signal shortens one nap, not the wait: the loop reads the clock */
}

static agent_status wait_for(int fd, off_t offset, const agent_clock *clock, int64_t deadline_ms,
	agent_error *err)
{
	for (;;) {
		int got = try_lock(fd, offset, F_WRLCK);
		if (got > 0) {
			return AGENT_OK;
		}
		if (got < 0) {
			return agent_fail(err, AGENT_DOMAIN_STORE, "lease", "the session cannot be locked: %m");
		}
		int64_t left = deadline_ms - clock->mono_ms(clock->state);
		if (left <= 0) {
			agent_fail(err, AGENT_DOMAIN_TIMEOUT, "session_busy",
				"another turn of this session is still running");
			err->retry = true;
			return AGENT_ERR;
		}
		nap(left);
	}
}

agent_status agent_lease_take(int dir, agent_str site, agent_str session, const agent_clock *clock,
	int64_t deadline_ms, agent_lease **out, agent_error *err)
{
	*out = NULL;
	agent_lease *lease = agent_calloc(1, sizeof *lease);
	if (lease == NULL) {
		return agent_fail_memory(err);
	}
	lease->fd = -1;
	lease->pid = getpid();
	agent_status status = offset_of(site, session, &lease->offset, err);
	if (status == AGENT_OK) {
		status = open_file(dir, &lease->fd, err);
	}
	if (status == AGENT_OK) {
		status = wait_for(lease->fd, lease->offset, clock, deadline_ms, err);
		if (status != AGENT_OK) {
			agent_fd_close(lease->fd);
		}
	}
	if (status != AGENT_OK) {
		agent_free(lease);
		return AGENT_ERR;
	}
	*out = lease;
	return AGENT_OK;
}

agent_status agent_lease_renew(agent_lease *lease, int64_t deadline_ms, agent_error *err)
{
	(void)lease;
	(void)deadline_ms;
	(void)err;
	return AGENT_OK; /* the kernel holds it until it is released or the process ends */
}

void agent_lease_release(agent_lease *lease)
{
	if (lease == NULL) {
		return;
	}
	if (lease->pid == getpid()) {
		/* said explicitly: a child forked meanwhile shares the description, and closing ours would not free
		 * it */
		try_lock(lease->fd, lease->offset, F_UNLCK);
	}
	agent_fd_close(lease->fd);
	agent_free(lease);
}

/* SPDX-License-Identifier: MIT
 * What the tests of memory/ share: a scratch directory, a clock, an open database.
 * Test code only. */
#ifndef AGENT_TESTS_MEMORY_SUPPORT_H
#define AGENT_TESTS_MEMORY_SUPPORT_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "ext/memory/datadir.h"
#include "ext/memory/sqlite.h"
#include "tests/support/torture.h"

#define SITE "0123456789abcdef0123456789abcdef"
#define OTHER_SITE "fedcba9876543210fedcba9876543210"

static inline int64_t support_now(void *state)
{
	struct timespec now;
	(void)state;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline int64_t support_now_us(void *state)
{
	return support_now(state) * 1000;
}

static const agent_clock support_clock = { .mono_ms = support_now, .wall_ms = support_now, .mono_us = support_now_us };

/* A new directory (0700), on memory where there is some. */
static inline agent_str support_dir(char room[64])
{
	snprintf(room, 64, "%s/agent-test-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(room));
	return agent_str_cstr(room);
}

static inline void support_remove(const char *path)
{
	char inner[512];
	struct stat st;
	if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		chmod(path, 0700);
		DIR *dir = opendir(path);
		for (struct dirent *entry = NULL; dir != NULL && (entry = readdir(dir)) != NULL;) {
			int len = snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
			if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 && len > 0
				&& len < (int)sizeof inner) {
				support_remove(inner);
			}
		}
		if (dir != NULL) {
			closedir(dir);
		}
		rmdir(path);
	} else {
		unlink(path);
	}
}

static inline agent_sqlite *support_open(const char *dir, const char *site)
{
	agent_error err = { 0 };
	agent_sqlite *db = NULL;
	if (agent_sqlite_open(agent_str_cstr(dir), site, &support_clock, 2000, &db, &err) != AGENT_OK) {
		fail_msg("open: %s", err.message);
	}
	return db;
}

static inline void support_session(agent_sqlite *db, const char *id)
{
	agent_error err = { 0 };
	agent_sessions sessions = agent_sqlite_sessions(db);
	agent_session session = { .id = agent_str_cstr(id), .subject = AGENT_STR_EMPTY, .locale = AGENT_STR("en"),
		.created_s = 100, .updated_s = 100 };
	if (sessions.start(sessions.state, &session, &err) != AGENT_OK) {
		fail_msg("start: %s", err.message);
	}
}

#define assert_ok(call) do { \
		agent_error assert_err = { 0 }; \
		agent_error *err = &assert_err; \
		if ((call) != AGENT_OK) { \
			fail_msg("%s: %s: %s", #call, err->code, err->message); \
		} \
	} while (0)

#define assert_fails(call, code_) do { \
		agent_error assert_err = { 0 }; \
		agent_error *err = &assert_err; \
		if ((call) == AGENT_OK) { \
			fail_msg("%s succeeds", #call); \
		} \
		if (strcmp(err->code, code_) != 0) { \
			fail_msg("%s: %s (%s) instead of %s", #call, err->code, err->message, code_); \
		} \
	} while (0)

#endif

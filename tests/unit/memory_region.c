/* SPDX-License-Identifier: MIT
 * A site's shared memory: its file and what may have happened to it, its tables and what may stand in them.
 * What limits and turns make of the words is tested with them. */
#include "tests/unit/memory_support.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "ext/memory/region_own.h"

static agent_region *opened(const char *dir)
{
	agent_region *region = NULL;
	assert_ok(agent_region_open(agent_str_cstr(dir), SITE, &region, err));
	return region;
}

static void path_of(const char *dir, char path[160])
{
	snprintf(path, 160, "%s/%s.region", dir, SITE);
}

/* A mark that tells this file from the next one. */
static void mark(agent_region *region, uint64_t value)
{
	atomic_store(agent_region_words(region, AGENT_REGION_TURNS, AGENT_STR_EMPTY, 0), value);
}

static uint64_t marked(const char *dir)
{
	agent_region *region = opened(dir);
	uint64_t value = atomic_load(agent_region_words(region, AGENT_REGION_TURNS, AGENT_STR_EMPTY, 0));
	agent_region_close(region);
	return value;
}

static void workers_see_one_memory_and_it_outlives_them(void **state)
{
	(void)state;
	char root[64], path[160];
	struct stat st;
	support_dir(root);
	path_of(root, path);
	mode_t before = umask(0);
	agent_region *a = opened(root);
	umask(before);
	agent_region *b = opened(root);
	mark(a, 7);
	assert_int_equal(marked(root), 7);
	if (fork() == 0) {
		mark(b, 8);
		_exit(0);
	}
	wait(NULL);
	assert_int_equal(atomic_load(agent_region_words(a, AGENT_REGION_TURNS, AGENT_STR_EMPTY, 0)), 8);
	assert_int_equal(stat(path, &st), 0);
	assert_true((st.st_mode & 0777) == 0600 && st.st_uid == geteuid() && (size_t)st.st_size == sizeof(agent_region_map));
	assert_true((size_t)st.st_blocks * 512 >= (size_t)st.st_size); /* no holes */
	agent_region_close(a);
	agent_region_close(b);
	assert_int_equal(marked(root), 8);
	agent_region *other = NULL;
	assert_ok(agent_region_open(agent_str_cstr(root), OTHER_SITE, &other, err));
	assert_int_equal(atomic_load(agent_region_words(other, AGENT_REGION_TURNS, AGENT_STR_EMPTY, 0)), 0);
	agent_region_close(other);
	support_remove(root);
}

typedef void (*harm)(const char *path);

static void h_empty(const char *path) { assert_int_equal(truncate(path, 0), 0); }
static void h_short(const char *path) { assert_int_equal(truncate(path, 5000), 0); }
static void h_less(const char *path) { assert_int_equal(truncate(path, (off_t)sizeof(agent_region_map) - 1), 0); }
static void h_long(const char *path) { assert_int_equal(truncate(path, (off_t)sizeof(agent_region_map) + 4096), 0); }
static void h_mode(const char *path) { assert_int_equal(chmod(path, 0640), 0); }
static void h_gone(const char *path) { assert_int_equal(unlink(path), 0); }
static void h_fifo(const char *path) { assert_int_equal(unlink(path) | mkfifo(path, 0600), 0); }

static void h_symlink(const char *path)
{
	char other[200];
	snprintf(other, sizeof other, "%s.other", path);
	assert_int_equal(rename(path, other) | symlink(other, path), 0);
}

static void h_hardlink(const char *path)
{
	char other[200];
	snprintf(other, sizeof other, "%s.other", path);
	assert_int_equal(link(path, other), 0);
}

static void overwrite(const char *path, size_t at, const void *bytes, size_t len)
{
	int fd = open(path, O_WRONLY);
	assert_true(fd >= 0 && pwrite(fd, bytes, len, (off_t)at) == (ssize_t)len);
	close(fd);
}

static void h_magic(const char *path) { overwrite(path, 3, "x", 1); }
static void h_version(const char *path) { overwrite(path, offsetof(agent_region_header, version), "\2", 1); }
static void h_size(const char *path) { overwrite(path, offsetof(agent_region_header, size), "\1", 1); }
static void h_words(const char *path) { overwrite(path, offsetof(agent_region_header, sizes) + 8, "\1", 1); }
static void h_site(const char *path) { overwrite(path, offsetof(agent_region_header, site), "f", 1); }
static void h_secret(const char *path) { overwrite(path, offsetof(agent_region_header, secret), "12345678", 8); }

static void h_owner(const char *path)
{
	assert_int_equal(geteuid(), 0); /* the tests run as root, as in CI */
	assert_int_equal(chown(path, 65534, 65534), 0);
}

static void what_is_not_ours_or_not_whole_is_replaced(void **state)
{
	(void)state;
	static const harm harms[] = { h_empty, h_short, h_less, h_long, h_mode, h_gone, h_fifo, h_symlink, h_hardlink, h_magic, h_version, h_size,
		h_words, h_site, h_secret, h_owner };
	for (size_t i = 0; i < sizeof harms / sizeof *harms; i++) {
		char root[64], path[160];
		support_dir(root);
		path_of(root, path);
		agent_region *region = opened(root);
		mark(region, 5);
		assert_true(agent_region_is_there(region) && agent_region_is_whole(region));
		harms[i](path);
		bool other_file = harms[i] == h_gone || harms[i] == h_fifo || harms[i] == h_symlink;
		bool other_size = harms[i] == h_empty || harms[i] == h_short || harms[i] == h_less || harms[i] == h_long;
		assert_int_equal(agent_region_is_whole(region), !other_size);
		if (other_file || other_size || harms[i] == h_mode || harms[i] == h_owner || harms[i] == h_hardlink) {
			assert_false(agent_region_is_there(region)); /* one that has it mapped notices */
		}
		assert_int_equal(marked(root), 0);
		assert_false(agent_region_is_there(region)); /* another file has the name now */
		agent_region_close(region);
		region = opened(root);
		assert_true(agent_region_is_there(region));
		agent_region_close(region);
		support_remove(root);
	}
}

static void what_cannot_be_replaced_is_an_error(void **state)
{
	(void)state;
	char root[64], path[160];
	agent_region *region = NULL;
	support_dir(root);
	path_of(root, path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_fails(agent_region_open(agent_str_cstr(root), SITE, &region, err), "region");
	assert_null(region);
	rmdir(path);
	assert_int_equal(chmod(root, 0755), 0);
	assert_fails(agent_region_open(agent_str_cstr(root), SITE, &region, err), "data_dir");
	chmod(root, 0700);
	support_remove(root);
	assert_fails(agent_region_open(AGENT_STR("/nowhere"), SITE, &region, err), "data_dir");
}

static int names_in(const char *path)
{
	int count = 0;
	DIR *dir = opendir(path);
	for (struct dirent *entry = NULL; dir != NULL && (entry = readdir(dir)) != NULL;) {
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	}
	closedir(dir);
	return count;
}

static void no_room(const char *dir)
{
	agent_error err = { 0 };
	agent_region *region = NULL;
	assert_int_equal(agent_region_open(agent_str_cstr(dir), SITE, &region, &err), AGENT_ERR);
	assert_string_equal(err.code, "region");
	assert_int_equal(err.domain, AGENT_DOMAIN_STORE);
	assert_int_equal(names_in(dir), 0); /* and nothing is left behind */
}

/* A file that may not become as long as it must, and, where this process may mount one, a disk that is full: an error at the opening. */
static void no_room_is_an_error_and_no_signal(void **state)
{
	(void)state;
	char root[64];
	struct rlimit before;
	support_dir(root);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	struct rlimit small = { 1024 * 1024, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	no_room(root);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_DFL);
	if (mount("none", root, "tmpfs", 0, "size=1m,mode=0700") == 0) {
		no_room(root);
		assert_int_equal(umount(root), 0);
	}
	assert_int_equal(marked(root), 0); /* there is room again */
	support_remove(root);
}

/* Many that find no file, or a damaged one, end on the same one. */
static void one_of_many_makes_it(void **state)
{
	(void)state;
	char root[64], path[160];
	support_dir(root);
	path_of(root, path);
	for (int round = 0; round < 20; round++) {
		int bad = 0;
		if (round % 2 == 1) {
			h_magic(path);
		} else if (round > 0) {
			h_gone(path);
		}
		for (int i = 0; i < 8; i++) {
			if (fork() == 0) {
				agent_error err;
				agent_region *region = NULL;
				if (agent_region_open(agent_str_cstr(root), SITE, &region, &err) != AGENT_OK) {
					_exit(1);
				}
				atomic_fetch_add(agent_region_words(region, AGENT_REGION_WAITING, AGENT_STR_EMPTY, 0), 1);
				agent_region_close(region);
				_exit(0);
			}
		}
		int status;
		while (wait(&status) > 0) {
			bad += status != 0;
		}
		assert_int_equal(bad, 0);
		agent_region *region = opened(root);
		assert_int_equal(atomic_load(agent_region_words(region, AGENT_REGION_WAITING, AGENT_STR_EMPTY, 0)), 8);
		agent_region_close(region);
	}
	support_remove(root);
}

static size_t reported(agent_region *region)
{
	size_t cursor = 0, count = 0;
	agent_str name;
	_Atomic uint64_t *words;
	while (agent_region_next(region, AGENT_REGION_BREAKERS, &cursor, &name, &words)) {
		assert_true(name.len <= AGENT_REGION_NAME && words != NULL);
		count++;
	}
	return count;
}

static _Atomic uint64_t *breaker(agent_region *region, int n, int64_t now_ms)
{
	char key[32];
	snprintf(key, sizeof key, "tool:%d", n);
	return agent_region_words(region, AGENT_REGION_BREAKERS, agent_str_cstr(key), now_ms);
}

static void breakers_have_words_of_their_own(void **state)
{
	(void)state;
	char root[64];
	support_dir(root);
	agent_region *region = opened(root);
	agent_region *other = opened(root);
	int64_t now = 1790000000000;
	assert_int_equal(reported(region), 0);
	for (int i = 0; i < AGENT_REGION_BREAKERS_MAX; i++) {
		_Atomic uint64_t *words = breaker(region, i, now);
		assert_non_null(words);
		assert_int_equal(atomic_load(words), 0);
		for (size_t k = 0; k < AGENT_REGION_BREAKER_WORDS; k++) {
			atomic_store(words + k, (uint64_t)i);
		}
	}
	for (int i = 0; i < AGENT_REGION_BREAKERS_MAX; i++) {
		assert_int_equal(atomic_load(breaker(other, i, now + 1000) + AGENT_REGION_BREAKER_WORDS - 1), (uint64_t)i);
	}
	assert_int_equal(reported(other), AGENT_REGION_BREAKERS_MAX);
	assert_null(breaker(region, 1000, now));
	assert_int_equal(atomic_load(breaker(region, 3, now + 3000000)), 3); /* in use: not taken over */
	_Atomic uint64_t *taken = breaker(region, 1000, now + 3700000);
	assert_non_null(taken);
	for (size_t k = 0; k < AGENT_REGION_BREAKER_WORDS; k++) {
		assert_int_equal(atomic_load(taken + k), 0);
	}
	assert_int_equal(atomic_load(breaker(region, 3, now + 3700000)), 3);
	assert_ptr_equal(breaker(region, 1000, now + 3700000), taken);
	assert_int_equal(reported(region), AGENT_REGION_BREAKERS_MAX);
	char long_key[200];
	memset(long_key, 'x', sizeof long_key);
	size_t cursor = 0;
	agent_str name;
	bool seen = false;
	_Atomic uint64_t *words = agent_region_words(region, AGENT_REGION_BREAKERS, (agent_str){ long_key, sizeof long_key }, now + 3700000);
	assert_non_null(words);
	long_key[199] = 'y';
	assert_ptr_not_equal(agent_region_words(region, AGENT_REGION_BREAKERS, (agent_str){ long_key, sizeof long_key }, now + 3700000), words);
	for (_Atomic uint64_t *each; agent_region_next(region, AGENT_REGION_BREAKERS, &cursor, &name, &each);) {
		seen = seen || (each == words && name.len == AGENT_REGION_NAME && name.ptr[0] == 'x');
	}
	assert_true(seen);
	agent_region_close(region);
	agent_region_close(other);
	support_remove(root);
}

/* Whatever stands in the tables: keys find words or none, reports end. */
static void any_bytes_in_the_tables_are_harmless(void **state)
{
	(void)state;
	char root[64];
	support_dir(root);
	agent_region *region = opened(root);
	uint64_t x = 88172645463325252u;
	unsigned char *bytes = (unsigned char *)region->map->turns;
	for (int round = 0; round < 4; round++) {
		for (size_t i = 0; i < sizeof(agent_region_map) - offsetof(agent_region_map, turns); i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			bytes[i] = round == 0 ? 0xff : (unsigned char)x;
		}
		for (int i = 0; i < 200; i++) {
			(void)breaker(region, i, 1790000000000 + i);
		}
		(void)reported(region);
	}
	agent_region_close(region);
	support_remove(root);
}

/* One that was killed while it took an entry: the next one that asks has it after some seconds. */
static void an_entry_half_taken_is_found_again(void **state)
{
	(void)state;
	char root[64];
	support_dir(root);
	agent_region *region = opened(root);
	int64_t now = 1790000000000;
	for (int i = 0; i < AGENT_REGION_BREAKERS_MAX; i++) {
		atomic_store(breaker(region, i, now), 9);
	}
	agent_region_breaker *entry = &region->map->breakers[5];
	atomic_store(&entry->hash, (uint64_t)now << 2 | 2);
	assert_null(breaker(region, 500, now + 1000));
	_Atomic uint64_t *words = breaker(region, 500, now + 6000);
	assert_ptr_equal(words, entry->words);
	assert_int_equal(atomic_load(words), 0);
	/* a name half written is not reported, and mended by the next use */
	atomic_store(&entry->name[0], 0x4141414141414141u);
	assert_int_equal(reported(region), AGENT_REGION_BREAKERS_MAX - 1);
	assert_ptr_equal(breaker(region, 500, now + 6001), words);
	assert_int_equal(reported(region), AGENT_REGION_BREAKERS_MAX);
	agent_region_close(region);
	support_remove(root);
}

static void the_host_s_directory_is_checked(void **state)
{
	(void)state;
	char root[64], path[160], want[200];
	agent_str real;
	struct stat st;
	support_dir(root);
	agent_arena *arena = agent_arena_new(100000);
	snprintf(path, sizeof path, "%s/shm", root);
	assert_fails(agent_region_dir(agent_str_cstr(path), arena, &real, err), "shm_dir");
	assert_fails(agent_region_dir(AGENT_STR("shm"), arena, &real, err), "shm_dir");
	assert_fails(agent_region_dir((agent_str){ "/tmp\0x", 6 }, arena, &real, err), "shm_dir");
	mkdir(path, 0777);
	chmod(path, 0777);
	assert_fails(agent_region_dir(agent_str_cstr(path), arena, &real, err), "shm_dir"); /* not sticky */
	chmod(path, 01777);
	assert_ok(agent_region_dir(agent_str_cstr(path), arena, &real, err));
	snprintf(want, sizeof want, "%s/agent-%lu", path, (unsigned long)geteuid());
	assert_true(agent_str_is(real, want) && stat(want, &st) == 0 && (st.st_mode & 07777) == 0700);
	chmod(want, 0750);
	assert_fails(agent_region_dir(agent_str_cstr(path), arena, &real, err), "data_dir");
	rmdir(want);
	assert_int_equal(symlink("/tmp", want), 0); /* somebody was first in the common directory */
	assert_fails(agent_region_dir(agent_str_cstr(path), arena, &real, err), "data_dir");
	assert_int_equal(chown(path, 65534, 65534), 0);
	assert_fails(agent_region_dir(agent_str_cstr(path), arena, &real, err), "shm_dir");
	snprintf(want, sizeof want, "%s/link", root);
	assert_int_equal(symlink(path, want), 0);
	assert_fails(agent_region_dir(agent_str_cstr(want), arena, &real, err), "shm_dir");
	agent_arena_free(arena);
	support_remove(root);
}

static agent_status open_round(void *state, agent_error *err)
{
	agent_region *region = NULL;
	agent_str real;
	agent_arena *arena = agent_arena_new(20000);
	if (arena == NULL) {
		return agent_fail_memory(err);
	}
	agent_status status = agent_region_dir(agent_str_cstr(state), arena, &real, err);
	status = status == AGENT_OK ? agent_region_open(real, SITE, &region, err) : status;
	if (status == AGENT_OK && breaker(region, 1, 1000) == NULL) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "region", "no words");
	}
	agent_region_close(region);
	agent_arena_free(arena);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	char root[64];
	support_dir(root);
	torture("a region is made or opened", open_round, root);
	support_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(workers_see_one_memory_and_it_outlives_them),
		cmocka_unit_test(what_is_not_ours_or_not_whole_is_replaced),
		cmocka_unit_test(what_cannot_be_replaced_is_an_error),
		cmocka_unit_test(no_room_is_an_error_and_no_signal),
		cmocka_unit_test(one_of_many_makes_it),
		cmocka_unit_test(breakers_have_words_of_their_own),
		cmocka_unit_test(any_bytes_in_the_tables_are_harmless),
		cmocka_unit_test(an_entry_half_taken_is_found_again),
		cmocka_unit_test(the_host_s_directory_is_checked),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

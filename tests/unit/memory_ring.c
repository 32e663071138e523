/* SPDX-License-Identifier: MIT
 * memory/datadir_ring.h: the key ring under rotation, by several processes, killed ones, a full disk, and hostile files.
 */
#include "tests/unit/memory_support.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "ext/memory/datadir_ring.h"

static int64_t wall_s = 1700000000;

static int64_t wall(void *state)
{
	(void)state;
	return wall_s * 1000;
}

static const agent_clock ring_clock = { .mono_ms = support_now, .wall_ms = wall, .mono_us = support_now_us };

static agent_status load_at(const char *dir, const char *site, agent_ring *ring, agent_error *err)
{
	return agent_ring_load(agent_str_cstr(dir), site, &ring_clock, support_now(NULL) + 10000, ring, err);
}

static agent_status rotate_at(const char *dir, const char *site, int64_t overlap_s, agent_ring *ring, agent_error *err)
{
	return agent_ring_rotate(agent_str_cstr(dir), site, overlap_s, &ring_clock, support_now(NULL) + 10000, ring, err);
}

static void load(const char *dir, agent_ring *ring)
{
	agent_error err;
	if (load_at(dir, SITE, ring, &err) != AGENT_OK) {
		fail_msg("load: %s", err.message);
	}
	assert_true(ring->count >= 1 && ring->keys[0].until_s == 0);
}

static void rotate(const char *dir, int64_t overlap_s, agent_ring *ring)
{
	agent_error err;
	if (rotate_at(dir, SITE, overlap_s, ring, &err) != AGENT_OK) {
		fail_msg("rotate: %s", err.message);
	}
}

static size_t read_whole(const char *dir, char *out, size_t room)
{
	char path[200];
	snprintf(path, sizeof path, "%s/ring/" SITE, dir);
	int fd = open(path, O_RDONLY);
	ssize_t n = fd >= 0 ? read(fd, out, room) : 0;
	if (fd >= 0) {
		close(fd);
	}
	return n > 0 ? (size_t)n : 0;
}

static void write_whole(const char *dir, const char *bytes, size_t len)
{
	char path[200];
	snprintf(path, sizeof path, "%s/ring/" SITE, dir);
	int fd = open(path, O_WRONLY | O_TRUNC | O_CREAT, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

static int count_files(const char *dir)
{
	char path[200];
	int count = 0;
	snprintf(path, sizeof path, "%s/ring", dir);
	DIR *list = opendir(path);
	for (struct dirent *entry; list != NULL && (entry = readdir(list)) != NULL;) {
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	}
	if (list != NULL) {
		closedir(list);
	}
	return count;
}

static void it_is_made_once_sealed_and_private(void **state)
{
	(void)state;
	char dir[64], path[200], text[8192];
	struct stat st;
	agent_ring first, second;
	support_dir(dir);
	load(dir, &first);
	load(dir, &second);
	assert_int_equal(first.count, 1);
	assert_string_equal(first.keys[0].kid, second.keys[0].kid);
	assert_memory_equal(first.keys[0].secret.bytes, second.keys[0].secret.bytes, AGENT_KEY_SIZE);
	assert_int_equal(strlen(first.keys[0].kid), AGENT_RING_KID);
	snprintf(path, sizeof path, "%s/ring/" SITE, dir);
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	agent_str sealed = { text, read_whole(dir, text, sizeof text) };
	assert_true(sealed.len > 0);
	assert_int_equal(agent_str_find(sealed, agent_str_cstr(first.keys[0].kid), 0), (size_t)-1);
	assert_int_equal(agent_str_find(sealed, (agent_str){ (char *)first.keys[0].secret.bytes, 8 }, 0), (size_t)-1);
	support_remove(dir);
}

static void older_keys_verify_for_the_overlap_and_are_deleted(void **state)
{
	(void)state;
	char dir[64], before[8192], after[8192];
	agent_ring ring;
	support_dir(dir);
	wall_s = 1700000000;
	load(dir, &ring);
	char first[13], second[13];
	memcpy(first, ring.keys[0].kid, 13);
	rotate(dir, 100, &ring);
	memcpy(second, ring.keys[0].kid, 13);
	assert_int_equal(ring.count, 2);
	assert_string_not_equal(first, second);
	assert_string_equal(ring.keys[1].kid, first);
	assert_int_equal(ring.keys[1].until_s, 1700000100);
	wall_s += 10;
	rotate(dir, 1000, &ring); /* does not lengthen what retires sooner */
	assert_int_equal(ring.keys[1].until_s, 1700001010);
	assert_int_equal(ring.keys[2].until_s, 1700000100);
	wall_s += 10;
	rotate(dir, 20, &ring); /* but shortens what would retire later */
	assert_int_equal(ring.count, 4);
	assert_int_equal(ring.keys[1].until_s, 1700000040);
	assert_int_equal(ring.keys[2].until_s, 1700000040);
	assert_int_equal(ring.keys[3].until_s, 1700000040);
	wall_s = 1700000039;
	load(dir, &ring);
	assert_int_equal(ring.count, 4);
	size_t len = read_whole(dir, before, sizeof before);
	wall_s = 1700000040;
	load(dir, &ring);
	assert_int_equal(ring.count, 1);
	assert_true(read_whole(dir, after, sizeof after) < len); /* from the file, too */
	rotate(dir, 0, &ring);
	assert_int_equal(ring.count, 1);
	for (int i = 1; i < AGENT_RING_MAX; i++) {
		rotate(dir, 1000, &ring);
	}
	assert_int_equal(ring.count, AGENT_RING_MAX);
	assert_fails(rotate_at(dir, SITE, 1000, &ring, err), "key_ring_full");
	load(dir, &ring);
	assert_int_equal(ring.count, AGENT_RING_MAX);
	rotate(dir, 0, &ring);
	assert_int_equal(ring.count, 1);
	support_remove(dir);
}

/* A clock that jumps back lengthens what verifies; it never takes the key that signs. */
static void a_clock_that_jumps_leaves_the_signing_key(void **state)
{
	(void)state;
	char dir[64];
	agent_ring ring;
	support_dir(dir);
	static const int64_t times[] = { 1700000000, 1, 0, 253402300799, 1700000000 };
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		wall_s = times[i];
		load(dir, &ring);
		rotate(dir, i % 2 == 0 ? 0 : 86400, &ring);
		load(dir, &ring);
	}
	wall_s = 1700000000;
	support_remove(dir);
}

static void what_was_changed_is_neither_used_nor_replaced(void **state)
{
	(void)state;
	char dir[64], good[8192], bad[8192], path[200], other[200];
	agent_ring ring;
	agent_error err;
	support_dir(dir);
	load(dir, &ring);
	size_t len = read_whole(dir, good, sizeof good);
	for (size_t i = 0; i < len; i++) {
		memcpy(bad, good, len);
		bad[i] ^= 1;
		write_whole(dir, bad, len);
		assert_int_equal(load_at(dir, SITE, &ring, &err), AGENT_ERR);
		assert_string_equal(err.code, "key_ring");
		assert_int_equal(rotate_at(dir, SITE, 10, &ring, &err), AGENT_ERR);
		assert_string_equal(err.code, "key_ring");
	}
	for (size_t cut = 0; cut < len; cut += 7) {
		write_whole(dir, good, cut);
		assert_int_equal(load_at(dir, SITE, &ring, &err), AGENT_ERR);
		assert_string_equal(err.code, "key_ring");
	}
	/* another site's, which was sealed with the same key */
	assert_int_equal(load_at(dir, OTHER_SITE, &ring, &err), AGENT_OK);
	snprintf(path, sizeof path, "%s/ring/" SITE, dir);
	snprintf(other, sizeof other, "%s/ring/" OTHER_SITE, dir);
	assert_int_equal(rename(other, path), 0);
	assert_int_equal(load_at(dir, SITE, &ring, &err), AGENT_ERR);
	assert_string_equal(err.code, "key_ring");
	/* as it was, but the installation's key is another one */
	write_whole(dir, good, len);
	load(dir, &ring);
	snprintf(other, sizeof other, "%s/key", dir);
	assert_int_equal(unlink(other), 0);
	assert_int_equal(load_at(dir, SITE, &ring, &err), AGENT_ERR);
	assert_string_equal(err.code, "key_ring");
	unlink(path);
	load(dir, &ring); /* without it a new ring begins */
	/* a link, a FIFO, a directory, one that others may read, a large one */
	static const char *const kinds[] = { "link", "fifo", "dir", "mode", "large" };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		unlink(path);
		if (i == 0) {
			assert_int_equal(symlink("/etc/passwd", path), 0);
		} else if (i == 1) {
			assert_int_equal(mkfifo(path, 0600), 0);
		} else if (i == 2) {
			assert_int_equal(mkdir(path, 0700), 0);
		} else {
			write_whole(dir, good, i == 4 ? sizeof good : len);
			assert_int_equal(chmod(path, i == 3 ? 0644 : 0600), 0);
		}
		if (load_at(dir, SITE, &ring, &err) == AGENT_OK || strcmp(err.code, "file") != 0) {
			fail_msg("%s: %s", kinds[i], err.code);
		}
		if (i == 2) {
			rmdir(path);
		}
	}
	support_remove(dir);
}

/* Each of `count` children runs `job` once a byte comes over the pipe, so that they begin together. */
static bool together(int count, const char *dir, int (*job)(const char *dir, int number))
{
	int gate[2];
	bool fine = true;
	pid_t children[16];
	assert_int_equal(pipe(gate), 0);
	for (int i = 0; i < count; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			char byte;
			close(gate[1]);
			_exit(read(gate[0], &byte, 1) == 0 ? job(dir, i) : 9);
		}
	}
	close(gate[0]);
	close(gate[1]);
	for (int i = 0; i < count; i++) {
		int status = 0;
		waitpid(children[i], &status, 0);
		fine = fine && WIFEXITED(status) && WEXITSTATUS(status) == 0;
	}
	return fine;
}

static int job_load(const char *dir, int number)
{
	agent_ring ring;
	agent_error err;
	char path[200];
	if (load_at(dir, SITE, &ring, &err) != AGENT_OK || ring.count != 1) {
		return 1;
	}
	snprintf(path, sizeof path, "%s/seen-%d-%s", dir, number, ring.keys[0].kid);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	return 0;
}

static int job_rotate(const char *dir, int number)
{
	agent_ring ring;
	agent_error err;
	(void)number;
	for (int i = 0; i < 5; i++) {
		if (rotate_at(dir, SITE, 1000, &ring, &err) != AGENT_OK || ring.keys[0].until_s != 0) {
			return 1;
		}
	}
	return 0;
}

static void processes_at_once_lose_no_key(void **state)
{
	(void)state;
	char dir[64];
	agent_ring ring;
	agent_error err;
	support_dir(dir);
	assert_true(together(6, dir, job_load)); /* of six that find none, one makes it */
	load(dir, &ring);
	DIR *list = opendir(dir);
	int seen = 0;
	for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
		if (strncmp(entry->d_name, "seen-", 5) == 0) {
			assert_string_equal(entry->d_name + 7, ring.keys[0].kid);
			seen++;
		}
	}
	closedir(list);
	assert_int_equal(seen, 6);
	assert_true(together(6, dir, job_rotate));
	load(dir, &ring);
	assert_int_equal(ring.count, 31);
	for (size_t i = 0; i < ring.count; i++) {
		for (size_t k = 0; k < i; k++) {
			assert_string_not_equal(ring.keys[i].kid, ring.keys[k].kid);
		}
	}
	assert_int_equal(rotate_at(dir, SITE, 0, &ring, &err), AGENT_OK);
	assert_int_equal(count_files(dir), 1);
	support_remove(dir);
}

/* Killed wherever they are: between two system calls, with the lock, with half a temporary file. */
static void a_killed_process_leaves_the_ring_whole(void **state)
{
	(void)state;
	char dir[64];
	agent_ring ring;
	support_dir(dir);
	for (int round = 0; round < 60; round++) {
		pid_t child = fork();
		if (child == 0) {
			agent_error err;
			for (;;) {
				if (rotate_at(dir, SITE, 0, &ring, &err) != AGENT_OK) {
					_exit(1);
				}
			}
		}
		struct timespec nap = { 0, (round * 137 % 61) * 50000L };
		nanosleep(&nap, NULL);
		int status;
		assert_int_equal(kill(child, SIGKILL), 0);
		waitpid(child, &status, 0);
		assert_true(WIFSIGNALED(status));
		load(dir, &ring); /* the lock is free again, too */
	}
	rotate(dir, 0, &ring);
	assert_int_equal(count_files(dir), 1); /* what they left behind is gone */
	support_remove(dir);
}

/* Run in a child: no byte can be written to any file. */
static int job_full_disk(const char *dir, int number)
{
	const struct rlimit none = { 0, 0 };
	agent_ring ring;
	agent_error err;
	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &none) != 0) {
		return 2;
	}
	if (number == 0) {
		return rotate_at(dir, SITE, 10, &ring, &err) != AGENT_OK && err.domain == AGENT_DOMAIN_STORE ? 0 : 1;
	}
	/* what has retired is refused although it cannot be deleted */
	wall_s += 1000;
	return load_at(dir, SITE, &ring, &err) == AGENT_OK && ring.count == 1 ? 0 : 1;
}

static int job_full_first(const char *dir, int number)
{
	const struct rlimit none = { 0, 0 };
	agent_ring ring;
	agent_error err;
	(void)number;
	signal(SIGXFSZ, SIG_IGN);
	return setrlimit(RLIMIT_FSIZE, &none) == 0 && load_at(dir, SITE, &ring, &err) != AGENT_OK && err.domain == AGENT_DOMAIN_STORE ? 0 : 1;
}

static void a_full_disk_changes_nothing(void **state)
{
	(void)state;
	char dir[64], before[8192], after[8192];
	agent_ring ring;
	support_dir(dir);
	assert_true(together(1, dir, job_full_first));
	assert_int_equal(count_files(dir), 0);
	load(dir, &ring);
	rotate(dir, 100, &ring);
	size_t len = read_whole(dir, before, sizeof before);
	assert_true(together(2, dir, job_full_disk));
	assert_int_equal(read_whole(dir, after, sizeof after), len);
	assert_memory_equal(before, after, len);
	assert_int_equal(count_files(dir), 1);
	load(dir, &ring);
	assert_int_equal(ring.count, 2);
	support_remove(dir);
}

static void who_holds_the_lock_is_waited_for_and_not_for_ever(void **state)
{
	(void)state;
	char dir[64], path[200];
	agent_ring ring;
	agent_error err = { 0 };
	support_dir(dir);
	load(dir, &ring);
	snprintf(path, sizeof path, "%s/ring", dir);
	int fd = open(path, O_RDONLY | O_DIRECTORY);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(agent_ring_rotate(agent_str_cstr(dir), SITE, 10, &ring_clock, support_now(NULL) + 20, &ring, &err), AGENT_ERR);
	assert_string_equal(err.code, "key_ring_busy");
	assert_true(err.retry && err.domain == AGENT_DOMAIN_TIMEOUT);
	load(dir, &ring); /* reading needs no lock */
	close(fd);
	rotate(dir, 10, &ring);
	assert_int_equal(ring.count, 2);
	support_remove(dir);
}

static void stamps_tell_one_state_from_another(void **state)
{
	(void)state;
	char dir[64], path[200];
	agent_ring ring;
	support_dir(dir);
	snprintf(path, sizeof path, "%s/ring/" SITE, dir);
	agent_file_stamp missing = agent_file_stamp_of(path);
	assert_int_equal(missing.inode, 0);
	load(dir, &ring);
	agent_file_stamp first = agent_file_stamp_of(path), again = agent_file_stamp_of(path);
	assert_true(agent_file_stamp_eq(&first, &again) && !agent_file_stamp_eq(&first, &missing));
	rotate(dir, 0, &ring);
	again = agent_file_stamp_of(path);
	assert_false(agent_file_stamp_eq(&first, &again));
	support_remove(dir);
}

static agent_status scenario(void *state, agent_error *err)
{
	const char *dir = state;
	char path[200];
	agent_ring ring, check;
	agent_error ignored;
	agent_status status = load_at(dir, SITE, &ring, err);
	if (status == AGENT_OK) {
		status = rotate_at(dir, SITE, 100, &ring, err);
	}
	if (status == AGENT_OK) {
		status = rotate_at(dir, SITE, 0, &ring, err);
	}
	/* whatever failed: what stands there is whole, or not there yet */
	snprintf(path, sizeof path, "%s/ring/" SITE, dir);
	if (access(path, F_OK) == 0 && load_at(dir, SITE, &check, &ignored) == AGENT_OK && check.keys[0].until_s != 0) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "ring", "no key signs");
	}
	if (status != AGENT_OK && strcmp(err->code, "key_ring") == 0) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "ring", "missing memory is taken for a changed ring");
	}
	unlink(path);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	char dir[64];
	support_dir(dir);
	torture("ring", scenario, dir);
	support_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_made_once_sealed_and_private),
		cmocka_unit_test(older_keys_verify_for_the_overlap_and_are_deleted),
		cmocka_unit_test(a_clock_that_jumps_leaves_the_signing_key),
		cmocka_unit_test(what_was_changed_is_neither_used_nor_replaced),
		cmocka_unit_test(processes_at_once_lose_no_key),
		cmocka_unit_test(a_killed_process_leaves_the_ring_whole),
		cmocka_unit_test(a_full_disk_changes_nothing),
		cmocka_unit_test(who_holds_the_lock_is_waited_for_and_not_for_ever),
		cmocka_unit_test(stamps_tell_one_state_from_another),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

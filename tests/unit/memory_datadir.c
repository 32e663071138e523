/* SPDX-License-Identifier: MIT
 * memory/datadir.h: which directories are refused, and the files inside.
 */
#include "tests/unit/memory_support.h"

#include <fcntl.h>
#include <sys/wait.h>

#define NOBODY 65534

static agent_status open_dir(const char *path, agent_error *err)
{
	agent_str real;
	agent_arena *arena = agent_arena_new(100000);
	agent_status status = agent_datadir_open(agent_str_cstr(path), arena, &real, err);
	if (status == AGENT_OK && (real.len == 0 || real.ptr[0] != '/')) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "real", "the real path is no path");
	}
	agent_arena_free(arena);
	return status;
}

static void a_missing_directory_is_made_private_whatever_the_umask(void **state)
{
	(void)state;
	char root[64], path[128];
	struct stat st;
	support_dir(root);
	static const mode_t masks[] = { 0, 022, 077, 0777 };
	size_t count = geteuid() == 0 ? 4 : 3; /* a directory made under 0777 opens to root alone */
	for (size_t i = 0; i < count; i++) {
		mode_t before = umask(masks[i]);
		snprintf(path, sizeof path, "%s/d%zu//", root, i);
		assert_ok(open_dir(path, err));
		assert_ok(open_dir(path, err));
		agent_key key;
		assert_ok(agent_datadir_secret_put(agent_str_of(path, strlen(path) - 2), SITE, AGENT_STR("a"),
			AGENT_STR("v"), err));
		assert_ok(agent_datadir_key(agent_str_of(path, strlen(path) - 2), &key, err));
		umask(before);
		assert_int_equal(lstat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0700);
		snprintf(path, sizeof path, "%s/d%zu/secret", root, i);
		assert_int_equal(lstat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0700);
		snprintf(path, sizeof path, "%s/d%zu/secret/" SITE ".a", root, i);
		assert_int_equal(lstat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
		snprintf(path, sizeof path, "%s/d%zu/key", root, i);
		assert_int_equal(lstat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
	}
	support_remove(root);
}

static void paths_that_cannot_be_trusted_are_refused(void **state)
{
	(void)state;
	char root[64], path[200], link_path[128];
	support_dir(root);
	assert_fails(open_dir("", err), "data_dir");
	assert_fails(open_dir("relative/path", err), "data_dir");
	assert_fails(open_dir("./x", err), "data_dir");
	agent_arena *arena = agent_arena_new(1000);
	agent_str real;
	assert_fails(agent_datadir_open((agent_str){ "/tmp\0/x", 7 }, arena, &real, err), "data_dir");
	agent_arena_free(arena);
	snprintf(path, sizeof path, "%s/missing/deeper", root);
	assert_fails(open_dir(path, err), "data_dir");
	snprintf(path, sizeof path, "%s/target", root);
	assert_ok(open_dir(path, err));
	snprintf(link_path, sizeof link_path, "%s/link", root);
	assert_int_equal(symlink(path, link_path), 0);
	assert_fails(open_dir(link_path, err), "data_dir");
	snprintf(link_path, sizeof link_path, "%s/link/", root); /* a slash must not make the system follow it */
	assert_fails(open_dir(link_path, err), "data_dir");
	snprintf(link_path, sizeof link_path, "%s/dangling", root);
	assert_int_equal(symlink("/nowhere/at/all", link_path), 0);
	assert_fails(open_dir(link_path, err), "data_dir");
	snprintf(link_path, sizeof link_path, "%s/file", root);
	close(open(link_path, O_CREAT | O_WRONLY, 0600));
	assert_fails(open_dir(link_path, err), "data_dir");
	static const mode_t modes[] = { 0750, 0701, 0770, 0777, 0704, 01777 };
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		assert_int_equal(chmod(path, modes[i]), 0);
		assert_fails(open_dir(path, err), "data_dir");
		assert_fails(agent_datadir_secret_put(agent_str_cstr(path), SITE, AGENT_STR("a"), AGENT_STR("v"), err),
			"data_dir");
	}
	support_remove(root);
}

static void the_error_says_what_is_wrong(void **state)
{
	(void)state;
	char root[64];
	agent_error err;
	support_dir(root);
	chmod(root, 0755);
	assert_int_equal(open_dir(root, &err), AGENT_ERR);
	assert_int_equal(err.domain, AGENT_DOMAIN_CONFIG);
	assert_non_null(strstr(err.message, "0755"));
	support_remove(root);
}

/* Runs the check as another user, in a process of its own. */
static bool refused_as_nobody(const char *path)
{
	pid_t child = fork();
	if (child == 0) {
		agent_error err;
		if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0) {
			_exit(2);
		}
		_exit(open_dir(path, &err) != AGENT_OK && strcmp(err.code, "data_dir") == 0 ? 0 : 1);
	}
	int status = 0;
	waitpid(child, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void another_owner_and_a_read_only_directory_are_refused(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		skip();
	}
	char root[64], path[128];
	support_dir(root);
	snprintf(path, sizeof path, "%s/d", root);
	chmod(root, 0711);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_ok(open_dir(path, err));
	assert_int_equal(chown(path, NOBODY, NOBODY), 0);
	assert_fails(open_dir(path, err), "data_dir");
	assert_false(refused_as_nobody(path));
	assert_int_equal(chmod(path, 0500), 0);
	assert_true(refused_as_nobody(path));
	snprintf(path, sizeof path, "%s/new", root); /* the parent is not writable for them */
	assert_true(refused_as_nobody(path));
	support_remove(root);
}

static void site_keys_differ_by_site_and_directory(void **state)
{
	(void)state;
	char a[33], b[33], c[33], d[33];
	assert_ok(agent_site_key(AGENT_STR("shop"), AGENT_STR("/var/a"), a, err));
	assert_ok(agent_site_key(AGENT_STR("shop"), AGENT_STR("/var/b"), b, err));
	assert_ok(agent_site_key(AGENT_STR("shop2"), AGENT_STR("/var/a"), c, err));
	assert_ok(agent_site_key(AGENT_STR("shop/var"), AGENT_STR("/a"), d, err));
	assert_int_equal(strlen(a), 32);
	assert_true(strcmp(a, b) != 0 && strcmp(a, c) != 0 && strcmp(a, d) != 0);
}

static void configurations_are_found_by_digest_only(void **state)
{
	(void)state;
	static const char digest[65] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	static const char *const bad[] = { "", "../key",
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a",
		"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
		"../../../../../../../../../../../../../../../../../etc/passwd00000",
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ae" };
	char root[64], path[200];
	agent_str dir = support_dir(root);
	agent_buf text;
	agent_buf_init(&text, 10000);
	assert_fails(agent_datadir_config_get(dir, agent_str_cstr(digest), &text, err), "unknown_digest");
	assert_ok(agent_datadir_config_put(dir, digest, AGENT_STR("{\"a\":1}"), err));
	struct stat first, second;
	snprintf(path, sizeof path, "%s/config/%s.json", root, digest);
	assert_int_equal(lstat(path, &first), 0);
	assert_ok(agent_datadir_config_put(dir, digest, AGENT_STR("{\"a\":1}"), err));
	assert_int_equal(lstat(path, &second), 0);
	assert_int_equal(first.st_ino, second.st_ino); /* nothing was written the second time */
	assert_ok(agent_datadir_config_get(dir, agent_str_cstr(digest), &text, err));
	assert_true(agent_str_is(agent_buf_str(&text), "{\"a\":1}"));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_fails(agent_datadir_config_get(dir, agent_str_cstr(bad[i]), &text, err), "unknown_digest");
	}
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/etc/passwd", path), 0); /* no link is followed, for reading or for writing */
	assert_fails(agent_datadir_config_get(dir, agent_str_cstr(digest), &text, err), "file");
	assert_ok(agent_datadir_config_put(dir, digest, AGENT_STR("{\"a\":2}"), err));
	assert_int_equal(lstat(path, &first), 0);
	assert_true(S_ISREG(first.st_mode));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_fails(agent_datadir_config_get(dir, agent_str_cstr(digest), &text, err), "file");
	agent_buf_clear(&text);
	support_remove(root);
}

static void secrets_are_sealed_and_bound_to_their_name(void **state)
{
	(void)state;
	static const char *const bad[] = { "", ".", "..", ".hidden", "a/b", "../key", "A", "a b", "\xc3\xa4",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
	char root[64], from[128], to[128];
	agent_str dir = support_dir(root);
	agent_buf out;
	agent_buf_init(&out, 20000);
	assert_fails(agent_datadir_secret_get(dir, SITE, AGENT_STR("openai.key"), &out, err), "unknown_secret");
	assert_ok(agent_datadir_secret_put(dir, SITE, AGENT_STR("openai.key"), AGENT_STR("old"), err));
	assert_ok(agent_datadir_secret_put(dir, SITE, AGENT_STR("openai.key"), AGENT_STR("sk-123"), err));
	assert_ok(agent_datadir_secret_get(dir, SITE, AGENT_STR("openai.key"), &out, err));
	assert_true(agent_str_is(agent_buf_str(&out), "sk-123"));
	snprintf(from, sizeof from, "%s/secret/" SITE ".openai.key", root);
	snprintf(to, sizeof to, "%s/secret/" SITE ".other", root);
	char sealed[256];
	int fd = open(from, O_RDONLY);
	ssize_t len = read(fd, sealed, sizeof sealed);
	close(fd);
	assert_null(memmem(sealed, (size_t)len, "sk-123", 6));
	assert_int_equal(rename(from, to), 0);
	assert_fails(agent_datadir_secret_get(dir, SITE, AGENT_STR("other"), &out, err), "sealed");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_fails(agent_datadir_secret_put(dir, SITE, agent_str_cstr(bad[i]), AGENT_STR("x"), err),
			"secret_name");
		assert_fails(agent_datadir_secret_get(dir, SITE, agent_str_cstr(bad[i]), &out, err), "secret_name");
	}
	assert_fails(agent_datadir_secret_get(dir, SITE, (agent_str){ "a\0b", 3 }, &out, err), "secret_name");
	char *large = calloc(1, 16385);
	assert_ok(agent_datadir_secret_put(dir, SITE, AGENT_STR("large"), (agent_str){ large, 16384 }, err));
	agent_buf_reset(&out);
	assert_ok(agent_datadir_secret_get(dir, SITE, AGENT_STR("large"), &out, err));
	assert_int_equal(out.len, 16384);
	assert_fails(agent_datadir_secret_put(dir, SITE, AGENT_STR("large"), (agent_str){ large, 16385 }, err),
		"too_large");
	free(large);
	agent_buf_clear(&out);
	support_remove(root);
}

static void an_empty_value_deletes_a_secret(void **state)
{
	(void)state;
	char root[64], path[128], target[128];
	struct stat st;
	agent_str dir = support_dir(root);
	agent_buf out;
	agent_buf_init(&out, 20000);
	assert_ok(agent_datadir_secret_put(dir, SITE, AGENT_STR("k"), AGENT_STR_EMPTY, err)); /* nothing is there, and nothing is made */
	snprintf(path, sizeof path, "%s/secret", root);
	assert_int_equal(lstat(path, &st), -1);
	assert_ok(agent_datadir_secret_put(dir, SITE, AGENT_STR("k"), AGENT_STR("v"), err));
	assert_ok(agent_datadir_secret_put(dir, SITE, AGENT_STR("kk"), AGENT_STR("vv"), err));
	assert_ok(agent_datadir_secret_put(dir, OTHER_SITE, AGENT_STR("k"), AGENT_STR("theirs"), err));
	for (int i = 0; i < 2; i++) {
		assert_ok(agent_datadir_secret_put(dir, SITE, AGENT_STR("k"), AGENT_STR_EMPTY, err));
		assert_fails(agent_datadir_secret_get(dir, SITE, AGENT_STR("k"), &out, err), "unknown_secret");
	}
	assert_fails(agent_datadir_secret_put(dir, SITE, AGENT_STR("../key"), AGENT_STR_EMPTY, err), "secret_name");
	assert_fails(agent_datadir_secret_put(dir, SITE, AGENT_STR_EMPTY, AGENT_STR_EMPTY, err), "secret_name");
	assert_ok(agent_datadir_secret_get(dir, SITE, AGENT_STR("kk"), &out, err));
	assert_ok(agent_datadir_secret_get(dir, OTHER_SITE, AGENT_STR("k"), &out, err));
	assert_true(agent_str_is(agent_buf_str(&out), "vvtheirs"));
	snprintf(path, sizeof path, "%s/secret/" SITE ".k", root);
	snprintf(target, sizeof target, "%s/key", root);
	assert_int_equal(symlink(target, path), 0);
	assert_ok(agent_datadir_secret_put(dir, SITE, AGENT_STR("k"), AGENT_STR_EMPTY, err));
	assert_int_equal(lstat(path, &st), -1);
	assert_int_equal(lstat(target, &st), 0); /* not what the link leads to */
	assert_int_equal(mkdir(path, 0700), 0);
	assert_fails(agent_datadir_secret_put(dir, SITE, AGENT_STR("k"), AGENT_STR_EMPTY, err), "file");
	assert_ok(agent_datadir_secret_put(dir, SITE, AGENT_STR("k2"), AGENT_STR("v"), err));
	agent_buf_clear(&out);
	support_remove(root);
}

static void a_damaged_or_open_key_is_not_used(void **state)
{
	(void)state;
	char root[64], path[128];
	agent_key key;
	agent_str dir = support_dir(root);
	snprintf(path, sizeof path, "%s/key", root);
	int fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_int_equal(write(fd, "short", 5), 5);
	close(fd);
	assert_fails(agent_datadir_key(dir, &key, err), "key_file");
	assert_int_equal(unlink(path), 0);
	assert_ok(agent_datadir_key(dir, &key, err));
	assert_int_equal(chmod(path, 0644), 0);
	assert_fails(agent_datadir_key(dir, &key, err), "file");
	support_remove(root);
}

/* Sixteen processes ask at the same moment; all must get the same key. */
static void processes_that_race_for_the_key_get_one(void **state)
{
	(void)state;
	char root[64];
	int go[2], back[2];
	agent_str dir = support_dir(root);
	assert_int_equal(pipe(go) | pipe(back), 0);
	for (int i = 0; i < 16; i++) {
		if (fork() == 0) {
			agent_key key = { { 0 } };
			agent_error err;
			char c;
			close(go[1]);
			ssize_t got = read(go[0], &c, 1); /* until the parent closes */
			agent_datadir_key(dir, &key, &err);
			got = write(back[1], key.bytes, sizeof key.bytes);
			_exit(got == sizeof key.bytes ? 0 : 1);
		}
	}
	close(go[0]);
	close(go[1]);
	agent_key first, next;
	assert_ok(agent_datadir_key(dir, &first, err));
	for (int i = 0; i < 16; i++) {
		assert_int_equal(read(back[0], next.bytes, sizeof next.bytes), sizeof next.bytes);
		assert_memory_equal(first.bytes, next.bytes, sizeof next.bytes);
	}
	close(back[0]);
	close(back[1]);
	while (wait(NULL) > 0) {
		continue;
	}
	DIR *list = opendir(root);
	int files = 0;
	while (readdir(list) != NULL) {
		files++;
	}
	closedir(list);
	assert_int_equal(files, 3); /* . and .. and key: nothing temporary is left */
	support_remove(root);
}

static agent_status scenario(void *state, agent_error *err)
{
	agent_str dir = agent_str_cstr(state);
	agent_buf out;
	agent_str real;
	agent_arena *arena = agent_arena_new(100000);
	agent_buf_init(&out, 1000);
	agent_status status = arena != NULL ? agent_datadir_open(dir, arena, &real, err) : agent_fail_memory(err);
	if (status == AGENT_OK) {
		status = agent_datadir_secret_put(real, SITE, AGENT_STR("name"), AGENT_STR("value"), err);
	}
	if (status == AGENT_OK) {
		status = agent_datadir_secret_get(real, SITE, AGENT_STR("name"), &out, err);
	}
	if (status == AGENT_OK && !agent_str_is(agent_buf_str(&out), "value")) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "value", "the value differs");
	}
	if (status == AGENT_OK) {
		status = agent_datadir_secret_put(real, SITE, AGENT_STR("name"), AGENT_STR_EMPTY, err);
	}
	agent_buf_clear(&out);
	agent_arena_free(arena);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	char root[64];
	support_dir(root);
	torture("datadir", scenario, root);
	support_remove(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_missing_directory_is_made_private_whatever_the_umask),
		cmocka_unit_test(paths_that_cannot_be_trusted_are_refused),
		cmocka_unit_test(the_error_says_what_is_wrong),
		cmocka_unit_test(another_owner_and_a_read_only_directory_are_refused),
		cmocka_unit_test(site_keys_differ_by_site_and_directory),
		cmocka_unit_test(configurations_are_found_by_digest_only),
		cmocka_unit_test(secrets_are_sealed_and_bound_to_their_name),
		cmocka_unit_test(an_empty_value_deletes_a_secret),
		cmocka_unit_test(a_damaged_or_open_key_is_not_used),
		cmocka_unit_test(processes_that_race_for_the_key_get_one),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

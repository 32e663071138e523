/* SPDX-License-Identifier: MIT
 * brain/: recorded streams of vendors, whole, byte by byte and cut. They are no part of the project: the folder is AGENT_FIXTURES,
 * else $AGENT_ROOT/../shared/fixtures; where there is none, there are no tests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <glob.h>

#include "tests/support/brain_stream.h"

#define FILE_MAX ((size_t)4 * 1024 * 1024)

static agent_json *read_json(agent_str text)
{
	agent_error err = { 0 };
	agent_json *tree = NULL;
	agent_json_limits limits = { FILE_MAX, 64 };
	if (agent_json_parse(text, limits, "the fixture", &tree, &err) != AGENT_OK) {
		fail_msg("%s: %.*s", err.message, AGENT_STR_ARG(agent_str_cut(text, 0, 200)));
	}
	return tree;
}

static void read_file(const char *path, agent_buf *out)
{
	char piece[65536];
	size_t len;
	FILE *file = fopen(path, "rb");
	agent_buf_init(out, FILE_MAX);
	if (file == NULL) {
		fail_msg("%s cannot be read", path);
	}
	while ((len = fread(piece, 1, sizeof piece, file)) > 0) {
		agent_buf_add(out, (agent_str){ piece, len });
	}
	fclose(file);
	assert_int_equal(out->fault, AGENT_BUF_FINE);
}

static void compare_member(const char *path, const agent_json *want, const agent_json *got, const char *name)
{
	agent_buf a, b;
	agent_buf_init(&a, FILE_MAX);
	agent_buf_init(&b, FILE_MAX);
	agent_json_write_canonical(agent_json_get(want, name), &a);
	agent_json_write_canonical(agent_json_get(got, name), &b);
	if (!agent_str_eq(agent_buf_str(&a), agent_buf_str(&b))) {
		fail_msg("%s: %s is\n%.*s\nbut should be\n%.*s", path, name, AGENT_STR_ARG(agent_buf_str(&b)),
			AGENT_STR_ARG(agent_buf_str(&a)));
	}
	agent_buf_clear(&a);
	agent_buf_clear(&b);
}

static void compare(const char *path, const agent_json *want, agent_str line)
{
	static const char *const names[] = { "text", "reasoning", "refusal", "tool_calls", "finish", "usage" };
	agent_json *got = read_json(line);
	agent_str contains, message = AGENT_STR_EMPTY;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		compare_member(path, want, got, names[i]);
	}
	bool failed = agent_json_str(agent_json_get(agent_json_get(got, "error"), "message"), &message);
	if (agent_json_str(agent_json_get(agent_json_get(want, "error"), "message_contains"), &contains)) {
		if (!failed || (contains.len > 0 && agent_str_find(message, contains, 0) == (size_t)-1)) {
			fail_msg("%s: the error is \"%.*s\"", path, AGENT_STR_ARG(message));
		}
	} else {
		assert_false(failed);
	}
	agent_json_free(got);
}

static void decode(const char *path, agent_str body, size_t step, agent_buf *line)
{
	agent_error err = { 0 };
	agent_buf_reset(line);
	if (brain_stream_run(&agent_codec_openai_chat, body, step, FILE_MAX, line, &err) != AGENT_OK) {
		fail_msg("%s: %s", path, err.message);
	}
}

/* Cut anywhere, it ends as a stream ends; before its terminal event it is never taken for a whole answer. */
static void cut(const char *path, agent_str body, agent_buf *line)
{
	size_t terminal = agent_str_find(body, AGENT_STR("\"finish_reason\":\""), 0);
	size_t step = body.len / 97 + 1;
	for (size_t at = 0; at < body.len; at += step) {
		decode(path, agent_str_cut(body, 0, at), 0, line);
		agent_json *got = read_json(agent_buf_str(line));
		agent_str finish;
		assert_true(agent_json_str(agent_json_get(got, "finish"), &finish));
		if (at < terminal && !agent_str_is(finish, "error") && !agent_str_is(finish, "truncated")) {
			fail_msg("%s: cut at %zu it ends in %.*s", path, at, AGENT_STR_ARG(finish));
		}
		agent_json_free(got);
	}
}

static void replay(void **state)
{
	static const size_t steps[] = { 0, 1, 7, 1000 };
	const char *path = *state;
	agent_buf body, expected, line;
	char json[4096];
	snprintf(json, sizeof json, "%.*s.json", (int)(strlen(path) - 4), path);
	read_file(path, &body);
	read_file(json, &expected);
	agent_buf_init(&line, FILE_MAX);
	agent_json *want = read_json(agent_buf_str(&expected));
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		decode(path, agent_buf_str(&body), steps[i], &line);
		compare(path, want, agent_buf_str(&line));
	}
	cut(path, agent_buf_str(&body), &line);
	agent_json_free(want);
	agent_buf_clear(&body);
	agent_buf_clear(&expected);
	agent_buf_clear(&line);
}

static bool ours(const char *path)
{
	char json[4096], text[4096];
	snprintf(json, sizeof json, "%.*s.json", (int)(strlen(path) - 4), path);
	FILE *file = fopen(json, "rb");
	if (file == NULL) {
		return false;
	}
	size_t len = fread(text, 1, sizeof text, file);
	fclose(file);
	return agent_str_find((agent_str){ text, len }, AGENT_STR("\"protocol\": \"openai-chat\""),
		0) != (size_t)-1;
}

int main(void)
{
	const char *folder = getenv("AGENT_FIXTURES"), *root = getenv("AGENT_ROOT");
	char pattern[4096];
	glob_t files = { 0 };
	size_t count = 0;
	snprintf(pattern, sizeof pattern, "%s%s/wire/*/*.sse", folder != NULL ? folder : root != NULL ? root : ".",
		folder != NULL ? "" : "/../shared/fixtures");
	if (glob(pattern, 0, NULL, &files) != 0) {
		printf("1..0 # no recorded streams\n");
		return 0;
	}
	struct CMUnitTest *tests = calloc(files.gl_pathc, sizeof *tests);
	for (size_t i = 0; tests != NULL && i < files.gl_pathc; i++) {
		if (ours(files.gl_pathv[i])) {
			tests[count++] = (struct CMUnitTest){ strrchr(files.gl_pathv[i], '/') + 1, replay, NULL, NULL,
				files.gl_pathv[i] };
		}
	}
	int failed = count > 0 ? _cmocka_run_group_tests("recorded streams", tests, count, NULL, NULL) : 0;
	free(tests);
	globfree(&files);
	return failed;
}

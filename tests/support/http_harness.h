/* SPDX-License-Identifier: MIT
 * What the tests of the HTTP client share: the scripted server, its log, and exchanges with it.
 * One server and one client per test program. */
#ifndef AGENT_TESTS_HTTP_HARNESS_H
#define AGENT_TESTS_HTTP_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "ext/wire/http.h"

#define PATIENCE_MS 20000

typedef struct outcome {
	agent_http_state state;
	agent_error err;
	agent_http_answer answer;
	char type[64];
	char body[4096];    /* its beginning */
	size_t len;
} outcome;

static char folder[] = "/tmp/wire-XXXXXX";
static char allow[64];
static int port;
static pid_t server;
static int server_stdin = -1;
static agent_wire *wire;
static agent_http http;

/* --- the server --- */

static inline void server_path(char *path, size_t size)
{
	const char *given = getenv("AGENT_UPSTREAM");
	if (given != NULL) {
		snprintf(path, size, "%s", given);
		return;
	}
	ssize_t len = readlink("/proc/self/exe", path, size - 1);
	path[len > 0 ? len : 0] = '\0';
	char *slash = strrchr(path, '/');
	assert_non_null(slash);
	snprintf(slash, size - (size_t)(slash - path), "/upstream");
}

static inline void start_server(void)
{
	int in[2], out[2];
	char path[1024], log[64], line[64] = "";
	server_path(path, sizeof path);
	snprintf(log, sizeof log, "%s/log", folder);
	assert_int_equal(pipe2(in, O_CLOEXEC) | pipe2(out, O_CLOEXEC), 0);
	server = fork();
	if (server == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		execl(path, path, "--port", "0", "--dir", folder, "--log", log, "--bodies", folder, "--until-eof",
			(char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	server_stdin = in[1];
	for (size_t len = 0; len < sizeof line - 1 && strchr(line, '\n') == NULL;) {
		ssize_t n = read(out[0], line + len, sizeof line - 1 - len);
		if (n <= 0) {
			fail_msg("%s does not start", path);
		}
		len += (size_t)n;
	}
	close(out[0]);
	port = (int)strtol(line + 5, NULL, 10);
	snprintf(allow, sizeof allow, "127.0.0.1:%d", port);
}

static inline void script(const char *name, const char *lines)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s.txt", folder, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(lines, f);
	fclose(f);
}

static inline void read_file(const char *name, char *to, size_t size)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	size_t n = fread(to, 1, size - 1, f);
	to[n] = '\0';
	fclose(f);
}

static char log_text[256 * 1024];

/* How many lines of the log hold an event that begins so, behind line `after`. */
static inline int logged(const char *event, int after)
{
	int count = 0;
	read_file("log", log_text, sizeof log_text);
	for (char *line = log_text; *line != '\0'; line = strchr(line, '\n') + 1) {
		char *words;
		int number = (int)strtol(line, &words, 10);
		count += number > after && strncmp(words + 1, event, strlen(event)) == 0;
	}
	return count;
}

static inline int log_length(void)
{
	return logged("", 0);
}

/* The number of the first such line, 0: none. */
static inline int line_of(const char *event, int after)
{
	read_file("log", log_text, sizeof log_text);
	for (char *line = log_text; *line != '\0'; line = strchr(line, '\n') + 1) {
		char *words;
		int number = (int)strtol(line, &words, 10);
		if (number > after && strncmp(words + 1, event, strlen(event)) == 0) {
			return number;
		}
	}
	return 0;
}

static inline void wait_for(const char *event, int count, int after)
{
	for (int i = 0; i < PATIENCE_MS / 5; i++) {
		if (logged(event, after) >= count) {
			return;
		}
		usleep(5000);
	}
	fail_msg("the server has not logged \"%s\" %d times:\n%s", event, count, log_text);
}

/* --- calls --- */

static inline agent_http_request request_for(const char *path, char *url, size_t size)
{
	snprintf(url, size, "http://127.0.0.1:%d/%s", port, path);
	return (agent_http_request){
		.method = AGENT_STR("POST"), .url = agent_str_cstr(url), .body = AGENT_STR("{\"a\":1}"),
		.connect_ms = PATIENCE_MS, .total_ms = PATIENCE_MS, .max_body = 1000000,
		.allow_private = agent_str_cstr(allow), .ca_file = AGENT_STR(""),
	};
}

static inline agent_http_call *begin(const char *path)
{
	char url[256];
	agent_http_call *call = NULL;
	agent_error err = { 0 };
	agent_http_request request = request_for(path, url, sizeof url);
	if (http.start(http.state, &request, &call, &err) != AGENT_OK) {
		fail_msg("%s: %s", path, err.message);
	}
	return call;
}

static inline void take(agent_http_call *call, outcome *out)
{
	agent_str chunk;
	out->state = http.read(call, &chunk, &out->err);
	if (chunk.len > 0 && out->len < sizeof out->body - 1) {
		size_t n = chunk.len < sizeof out->body - 1 - out->len ? chunk.len : sizeof out->body - 1 - out->len;
		memcpy(out->body + out->len, chunk.ptr, n);
		out->body[out->len + n] = '\0';
	}
	out->len += chunk.len;
}

/* A poll that waited for its whole minute would be cut short by the alarm. */
static inline void end(agent_http_call *call, outcome *out)
{
	for (take(call, out); out->state == AGENT_HTTP_RUNNING; take(call, out)) {
		http.poll(http.state, 60000);
	}
	http.answer(call, &out->answer);
	snprintf(out->type, sizeof out->type, "%.*s", AGENT_STR_ARG(out->answer.content_type));
	http.finish(call);
}

static inline outcome exchange(const agent_http_request *request)
{
	outcome out = { .state = AGENT_HTTP_RUNNING };
	agent_http_call *call = NULL;
	if (http.start(http.state, request, &call, &out.err) != AGENT_OK) {
		assert_null(call);
		out.state = AGENT_HTTP_FAILED;
		return out;
	}
	end(call, &out);
	return out;
}

static inline outcome get(const char *path)
{
	char url[256];
	agent_http_request request = request_for(path, url, sizeof url);
	return exchange(&request);
}

static inline void assert_failed(const outcome *out, agent_domain domain, const char *code, bool retry)
{
	assert_int_equal(out->state, AGENT_HTTP_FAILED);
	assert_string_equal(out->err.code, code);
	assert_int_equal(out->err.domain, domain);
	assert_int_equal(out->err.retry, retry);
	assert_null(strstr(out->err.message, "://")); /* host and port only */
	assert_non_null(strstr(out->err.message, "127.0.0.1"));
}

static inline int harness_set_up(void **state)
{
	(void)state;
	agent_error err;
	alarm(120);
	signal(SIGPIPE, SIG_DFL);
	setenv("http_proxy", "http://127.0.0.1:1/", 1);
	setenv("https_proxy", "http://127.0.0.1:1/", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1/", 1);
	if (mkdtemp(folder) == NULL || agent_wire_startup(&err) != AGENT_OK) {
		return -1;
	}
	start_server();
	wire = agent_wire_new();
	http = agent_wire_port(wire);
	return 0;
}

static inline int harness_tear_down(void **state)
{
	(void)state;
	int from = log_length();
	agent_wire_free(wire);
	agent_wire_free(NULL);
	wait_for("close", 1, from); /* warm connections end with the client */
	close(server_stdin);
	waitpid(server, NULL, 0);
	agent_wire_shutdown();
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

#endif

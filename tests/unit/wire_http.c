/* SPDX-License-Identifier: MIT
 * wire/http against the scripted server: connections, requests, streams, forks.
 * What is asserted is the order of events in the server's log, never how long something took. */
#include "tests/support/http_harness.h"

static void twenty_calls_go_over_one_connection(void **state)
{
	(void)state;
	script("warm", "json {\"ok\":true}\n");
	int from = log_length();
	for (int i = 0; i < 20; i++) {
		outcome out = get("warm/x?y=1");
		assert_int_equal(out.state, AGENT_HTTP_DONE);
		assert_int_equal(out.answer.status, 200);
		assert_int_equal(out.answer.reused, i > 0);
		assert_string_equal(out.type, "application/json");
		assert_string_equal(out.body, "{\"ok\":true}");
		assert_int_equal(out.answer.retry_after_ms, -1);
	}
	assert_int_equal(logged("open", from), 1);
	assert_int_equal(logged("request", from), 20);
}

static void a_request_is_what_was_asked_for(void **state)
{
	(void)state;
	script("echo", "echo\n");
	char url[256];
	const agent_str headers[] = {
		AGENT_STR_INIT("Content-Type: application/json"), AGENT_STR_INIT("X-Key: s3cret"),
	};
	agent_http_request request = request_for("echo/a?b=c", url, sizeof url);
	request.headers = headers;
	request.header_count = 2;
	request.body = (agent_str){ "{\"a\0b\":1}", 9 };
	outcome out = exchange(&request);
	assert_non_null(strstr(out.body, "\"method\":\"POST\",\"path\":\"/echo/a?b=c\""));
	assert_non_null(strstr(out.body, "\"user-agent\":\"php-agent\""));
	assert_non_null(strstr(out.body, "\"content-type\":\"application/json\""));
	assert_non_null(strstr(out.body, "\"x-key\":\"s3cret\""));
	assert_non_null(strstr(out.body, "\"content-length\":\"9\""));
	assert_non_null(strstr(out.body, "\"body\":\"{\\u0022a\\u0000b\\u0022:1}\""));
	assert_null(strstr(out.body, "expect"));
	assert_null(strstr(out.body, "encoding"));
	request = request_for("echo/", url, sizeof url);
	out = exchange(&request);
	assert_null(strstr(out.body, "content-type"));
	request.method = AGENT_STR("GET");
	request.body = AGENT_STR("");
	out = exchange(&request);
	assert_non_null(strstr(out.body, "\"method\":\"GET\""));
	assert_null(strstr(out.body, "content-length"));
}

static void a_large_request_arrives_whole(void **state)
{
	(void)state;
	static char large[3000000];
	script("sink", "json {}\n");
	char url[256];
	agent_http_request request = request_for("sink/", url, sizeof url);
	memset(large, 'y', sizeof large);
	request.body = (agent_str){ large, sizeof large };
	int from = log_length();
	assert_int_equal(exchange(&request).state, AGENT_HTTP_DONE);
	assert_int_equal(logged("request c", from), 1);
	assert_non_null(strstr(log_text, "/sink/ 3000000\n"));
}

static void eight_connections_stay_open(void **state)
{
	(void)state;
	script("wide", "wait 100\njson {}\n");
	int from = log_length();
	for (int round = 0; round < 2; round++) {
		agent_http_call *calls[12];
		for (int i = 0; i < 12; i++) {
			calls[i] = begin("wide/");
		}
		for (int i = 0; i < 12; i++) {
			outcome out = { .len = 0 };
			end(calls[i], &out);
			assert_int_equal(out.state, AGENT_HTTP_DONE);
		}
		assert_int_equal(logged("request", line_of("done", from)), 0); /* all had come before the first answer */
		wait_for("close", 4, from);
		assert_int_equal(logged("open", from), round == 0 ? 11 : 4); /* one was there from the tests before */
		from = log_length();
	}
	script("warm", "json {}\n");
	for (int i = 0; i < 3; i++) {
		assert_true(get("warm/").answer.reused);
	}
	assert_int_equal(logged("close", from), 0);
}

static void calls_run_side_by_side(void **state)
{
	(void)state;
	script("slow", "chunk a\nwait 300\nchunk b\n");
	script("fast", "json {}\n");
	int from = log_length();
	outcome slow = { .len = 0 };
	agent_str chunk;
	agent_error err;
	agent_http_call *call = begin("slow/");
	while (http.read(call, &chunk, &err) == AGENT_HTTP_RUNNING && chunk.len == 0) {
		http.poll(http.state, 60000);
	}
	assert_true(agent_str_is(chunk, "a"));
	outcome fast = get("fast/");
	assert_int_equal(fast.state, AGENT_HTTP_DONE);
	assert_true(agent_str_is(chunk, "a")); /* the view outlives what other calls did */
	end(call, &slow);
	assert_string_equal(slow.body, "b");
	assert_int_equal(logged("done", from), 2);
	assert_true(line_of("chunk", line_of("done", from)) > 0);
}

static void bytes_are_there_as_soon_as_they_came(void **state)
{
	(void)state;
	script("stream", "type text/event-stream\nsse 1\nstall\n");
	outcome out = { .len = 0 };
	int from = log_length();
	agent_http_call *call = begin("stream/");
	while (out.len == 0) {
		http.poll(http.state, 60000);
		take(call, &out);
		assert_int_equal(out.state, AGENT_HTTP_RUNNING);
	}
	assert_string_equal(out.body, "data: 1\n\n");
	http.answer(call, &out.answer);
	assert_int_equal(out.answer.status, 200);
	assert_true(agent_str_is(out.answer.content_type, "text/event-stream"));
	assert_int_equal(logged("gone", from), 0);
	http.finish(call);
	wait_for("gone", 1, from);
}

static void a_cancelled_stream_is_seen_by_the_server(void **state)
{
	(void)state;
	script("long", "pace 10\nchunk x\nrepeat 2000\n");
	outcome out = { .len = 0 };
	int from = log_length();
	agent_http_call *call = begin("long/");
	while (out.len < 3) {
		http.poll(http.state, 60000);
		take(call, &out);
	}
	http.finish(call);
	wait_for("gone", 1, from);
	assert_true(logged("chunk", from) < 2000);
	assert_int_equal(logged("done", from), 0);
	http.finish(NULL);
}

static int in_the_child(agent_http_call *call)
{
	agent_str chunk;
	agent_error err = { 0 };
	agent_http_answer answer;
	http.poll(http.state, 60000);
	if (http.read(call, &chunk, &err) != AGENT_HTTP_FAILED || strcmp(err.code, "forked") != 0) {
		return 1;
	}
	http.answer(call, &answer);
	outcome first = get("warm/"), second = get("warm/");
	http.finish(call);
	if (first.state != AGENT_HTTP_DONE || first.answer.reused || !second.answer.reused) {
		return 2;
	}
	agent_wire_free(wire);
	return 0;
}

static void a_fork_leaves_connections_to_the_parent(void **state)
{
	(void)state;
	script("warm", "json {}\n");
	script("half", "chunk a\nwait 500\nchunk b\n");
	outcome out = { .len = 0 };
	get("warm/");
	int from = log_length();
	agent_http_call *call = begin("half/");
	while (out.len == 0) {
		http.poll(http.state, 60000);
		take(call, &out);
	}
	pid_t child = fork();
	if (child == 0) {
		_exit(in_the_child(call));
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	end(call, &out);
	assert_int_equal(out.state, AGENT_HTTP_DONE);
	assert_string_equal(out.body, "ab");
	assert_true(get("warm/").answer.reused);
	assert_int_equal(logged("gone", from), 0);
	assert_int_equal(logged("request", from), 4);
}

static void signals_are_as_they_were(void **state)
{
	(void)state;
	struct sigaction action;
	sigset_t mask;
	script("cut", "cut\n");
	get("cut/");
	sigaction(SIGPIPE, NULL, &action);
	assert_true(action.sa_handler == SIG_DFL);
	pthread_sigmask(SIG_BLOCK, NULL, &mask);
	assert_int_equal(sigismember(&mask, SIGPIPE), 0);
}

static void the_library_says_what_it_is(void **state)
{
	(void)state;
	agent_buf out;
	agent_buf_init(&out, 200);
	agent_wire_version(&out);
	assert_true(agent_str_starts(agent_buf_str(&out), AGENT_STR("libcurl 7.")) || out.len > 0);
	assert_true(agent_str_find(agent_buf_str(&out), AGENT_STR(", asynchronous DNS: "), 0) != (size_t)-1);
	agent_buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(twenty_calls_go_over_one_connection),
		cmocka_unit_test(a_request_is_what_was_asked_for),
		cmocka_unit_test(a_large_request_arrives_whole),
		cmocka_unit_test(eight_connections_stay_open),
		cmocka_unit_test(calls_run_side_by_side),
		cmocka_unit_test(bytes_are_there_as_soon_as_they_came),
		cmocka_unit_test(a_cancelled_stream_is_seen_by_the_server),
		cmocka_unit_test(a_fork_leaves_connections_to_the_parent),
		cmocka_unit_test(signals_are_as_they_were),
		cmocka_unit_test(the_library_says_what_it_is),
	};
	return cmocka_run_group_tests(tests, harness_set_up, harness_tear_down);
}

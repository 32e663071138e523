/* SPDX-License-Identifier: MIT
 * The process dies at each barrier, and right after each: the next message resumes or closes the turn. Two processes on one session wait.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "ext/run/admin.h"
#include "ext/run/chat.h"
#include "ext/run/internal.h"
#include "tests/support/site_store.h"
#include "tests/support/turn_script.h"

static char calls_file[96];
static const char message[] = "Where is my order ABC-12345?";

static const char config_text[] =
	"{\"site\":\"crash\",\"contact\":{\"url\":\"https://shop.example/contact\"},\"tools\":[{\"name\":\"get_order_status\",\"description\":\"Status of an order\","
	"\"scope\":\"order:read\",\"examples\":[\"Where is my order ABC-12345?\"],\"timeouts_ms\":5000,"
	"\"input_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"order_number\"],\"properties\":{\"order_number\":"
	"{\"type\":\"string\",\"title\":\"Order number\",\"pattern\":\"^[A-Z]{3}-[0-9]{5}$\"}}},"
	"\"output_schema\":{\"type\":\"object\",\"properties\":{\"order_number\":{\"type\":\"string\",\"title\":\"Order number\"},"
	"\"status\":{\"type\":\"string\",\"title\":\"Status\"}}}}]}";

static int setup(void **state)
{
	(void)state;
	if (site_begin("crash", config_text) != 0) {
		return 1;
	}
	snprintf(calls_file, sizeof calls_file, "%s/calls", site_dir);
	return 0;
}

/* --- dying on purpose: the journal's append, wrapped --- */

static agent_status (*real_append)(void *state, const agent_journal_batch *batch, agent_error *err);
static int die_at;               /* 1: before the first barrier is written, 2: after it, 3: before the second … */
static int barriers;

static agent_status dying_append(void *state, const agent_journal_batch *batch, agent_error *err)
{
	if (++barriers == die_at) {
		raise(SIGKILL);
	}
	agent_status status = real_append(state, batch, err);
	if (++barriers == die_at) {
		raise(SIGKILL);
	}
	return status;
}

static void note_call(agent_str call)
{
	int fd = open(calls_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	char line[128];
	int len = snprintf(line, sizeof line, "%.*s\n", AGENT_STR_ARG(call));
	if (fd < 0 || write(fd, line, (size_t)len) != len) {
		_exit(9);
	}
	close(fd);
}

static int count_calls(char first[128])
{
	FILE *file = fopen(calls_file, "r");
	char line[128];
	int count = 0;
	first[0] = '\0';
	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		if (count++ > 0 && strcmp(first, line) != 0) {
			count += 100; /* another idempotency key: the backend could not tell that it is the same call */
		}
		memcpy(first, line, sizeof line);
	}
	if (file != NULL) {
		fclose(file);
	}
	return count;
}

/* Runs one turn to its end; the handler notes the call and answers. */
static agent_status run_turn(agent_site *site, const char *session, const char *text, const char *id, agent_buf *report, agent_error *err)
{
	agent_chat_options options = { .session = agent_str_cstr(session), .message = agent_str_cstr(text), .subject = AGENT_STR("wp:1"), .has_subject = true,
		.message_id = agent_str_cstr(id), .address = AGENT_STR_EMPTY, .locale = AGENT_STR_EMPTY, .local_tools = 1 };
	agent_chat *chat;
	agent_event event;
	if (agent_chat_open(site, &options, &chat, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	do {
		if (agent_chat_step(chat, 250, &event, err) != AGENT_OK) {
			agent_chat_close(chat);
			return AGENT_ERR;
		}
		if (event.kind == AGENT_EVENT_RUN_PHP) {
			agent_json *context = NULL;
			agent_str call = AGENT_STR_EMPTY;
			agent_php_result result = { .outcome = AGENT_PHP_RETURNED, .json = AGENT_STR("{\"order_number\":\"ABC-12345\",\"status\":\"shipped\"}"), .reason = AGENT_STR_EMPTY, .message = AGENT_STR_EMPTY };
			if (agent_json_parse(event.context, AGENT_JSON_LIMITS, "context", &context, err) == AGENT_OK) {
				agent_json_str(agent_json_get(context, "call"), &call);
				note_call(call);
			}
			agent_json_free(context);
			if (agent_chat_php_result(chat, &result, err) != AGENT_OK) {
				agent_chat_close(chat);
				return AGENT_ERR;
			}
		}
	} while (event.kind != AGENT_EVENT_END);
	agent_buf_add(report, agent_chat_report(chat));
	agent_chat_close(chat);
	return AGENT_OK;
}

static agent_worker *worker_with(agent_site **site, int deadly)
{
	agent_error err = { 0 };
	agent_host host = site_host();
	agent_worker *worker = agent_worker_new();
	if (agent_setup_use(worker, &host, agent_str_cstr(site_digest), site, &err) != AGENT_OK) {
		print_message("# %s\n", err.message);
		_exit(8);
	}
	die_at = deadly;
	barriers = 0;
	if (deadly > 0) {
		real_append = (*site)->journal.append;
		(*site)->journal.append = dying_append;
	}
	return worker;
}

/* In a child: the turn, dying at barrier event `deadly`. Returns the signal, 0 when it lived. */
static int child_turn(const char *session, int deadly, const char *id)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		agent_site *site;
		agent_error err = { 0 };
		agent_buf report;
		(void)worker_with(&site, deadly);
		agent_buf_init(&report, 1 << 20);
		agent_status status = run_turn(site, session, message, id, &report, &err);
		_exit(status == AGENT_OK ? 0 : 7);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status)) {
		assert_int_equal(WEXITSTATUS(status), 0);
	}
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void new_session(char id[23])
{
	agent_site *site;
	agent_error err = { 0 };
	agent_worker *worker = worker_with(&site, 0);
	assert_int_equal(agent_session_start(site, true, AGENT_STR("wp:1"), AGENT_STR_EMPTY, NULL, id, &err), AGENT_OK);
	agent_site_release(site);
	agent_worker_free(worker);
}

/* The session's turns: every history balanced; returns how many. */
static size_t check_session(const char *session, bool check_order)
{
	agent_site *site;
	agent_error err = { 0 };
	agent_buf text;
	agent_json *tree;
	agent_buf_init(&text, 1 << 22);
	agent_worker *worker = worker_with(&site, 0);
	assert_int_equal(agent_session_get(site, agent_str_cstr(session), true, AGENT_STR("wp:1"), 50, &text, &err), AGENT_OK);
	const agent_json_limits limits = { 1 << 22, 32 };
	assert_int_equal(agent_json_parse(agent_buf_str(&text), limits, "session", &tree, &err), AGENT_OK);
	agent_json *turns = agent_json_get(tree, "turns");
	size_t count = agent_json_count(turns);
	for (size_t i = 0; i < count; i++) {
		agent_buf history;
		agent_buf_init(&history, 1 << 20);
		agent_json_write(agent_json_get(agent_json_at(turns, i), "messages"), &history);
		assert_true(script_balanced(agent_buf_str(&history)));
		agent_buf_clear(&history);
		int64_t number = 0;
		assert_true(agent_json_int(agent_json_get(agent_json_at(turns, i), "number"), &number));
		assert_true(!check_order || number == (int64_t)i + 1);
	}
	agent_json_free(tree);
	agent_buf_clear(&text);
	agent_site_release(site);
	agent_worker_free(worker);
	return count;
}

static void again(const char *session, const char *text, const char *id, agent_buf *report)
{
	agent_site *site;
	agent_error err = { 0 };
	agent_worker *worker = worker_with(&site, 0);
	agent_buf_reset(report);
	if (run_turn(site, session, text, id, report, &err) != AGENT_OK) {
		fail_msg("%s", err.message);
	}
	agent_site_release(site);
	agent_worker_free(worker);
}

static bool says(const agent_buf *report, const char *what)
{
	return agent_str_find(agent_buf_str(report), agent_str_cstr(what), 0) != (size_t)-1;
}

static void a_repeated_message_resumes_the_turn(void **state)
{
	(void)state;
	int deaths = 0;
	for (int deadly = 1;; deadly++) {
		char session[23], call[128];
		agent_buf report, repeat;
		agent_buf_init(&report, 1 << 20);
		agent_buf_init(&repeat, 1 << 20);
		unlink(calls_file);
		new_session(session);
		int signal = child_turn(session, deadly, "m1");
		again(session, message, "m1", &report);
		assert_true(says(&report, "\"outcome\":\"answered\""));
		assert_true(says(&report, "shipped"));
		again(session, message, "m1", &repeat);
		assert_true(agent_str_eq(agent_buf_str(&report), agent_buf_str(&repeat)));
		assert_int_equal(check_session(session, true), 1);
		/* Only where the result had come but was not stored yet is the tool asked again, and then under the same key. */
		int count = count_calls(call);
		assert_int_equal(count, deadly == 3 ? 2 : 1);
		agent_buf_clear(&report);
		agent_buf_clear(&repeat);
		deaths += signal == SIGKILL;
		if (signal == 0) {
			break;
		}
	}
	assert_int_equal(deaths, 6); /* three barriers: before the tool, after its result, at the end */
}

static void another_message_closes_the_turn(void **state)
{
	(void)state;
	for (int deadly = 1; deadly <= 6; deadly++) {
		char session[23], call[128];
		agent_buf report;
		agent_buf_init(&report, 1 << 20);
		unlink(calls_file);
		new_session(session);
		assert_int_equal(child_turn(session, deadly, "m1"), SIGKILL);
		int before = count_calls(call);
		assert_true(before <= 1);
		again(session, "Hello!", "m2", &report);
		assert_false(says(&report, "interrupted"));
		assert_int_equal(count_calls(call), before); /* the dead turn's tool is not called */
		/* Nothing was stored before the first barrier: that turn never was. */
		assert_int_equal(check_session(session, true), deadly == 1 ? 1 : 2);
		agent_buf_reset(&report);
		if (deadly > 1) {
			again(session, message, "m1", &report);
			assert_true(says(&report, deadly == 6 ? "\"outcome\":\"answered\"" : "\"outcome\":\"interrupted\""));
		}
		agent_buf_clear(&report);
	}
}

/* Changes the journal behind the store's back. */
static void damage(const char *sql)
{
	char path[96];
	sqlite3 *db;
	snprintf(path, sizeof path, "%s/agent.sqlite", site_dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void what_cannot_be_read_again_is_closed_and_stands_in_nobodys_way(void **state)
{
	(void)state;
	static const char *const damages[] = {
		"UPDATE journal SET entry = '{\"k\":'", "UPDATE journal SET entry = '{\"k\":\"from the future\"}' WHERE n > 1",
		"UPDATE journal SET entry = replace(entry, '\"machine\":', '\"machine\":9')", "UPDATE journal SET entry = replace(entry, '\"max_tools\":2', '\"max_tools\":1')",
		"DELETE FROM journal", "UPDATE turn SET started_s = started_s - 100000 WHERE open"
	};
	for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
		for (int same = 0; same < 2; same++) {
			char session[23];
			agent_buf report;
			agent_buf_init(&report, 1 << 20);
			new_session(session);
			assert_int_equal(child_turn(session, 3, "m1"), SIGKILL);
			damage(damages[i]);
			again(session, same ? message : "Hello!", same ? "m1" : "m2", &report);
			assert_true(says(&report, same ? "\"outcome\":\"interrupted\"" : "\"outcome\":\"asked\""));
			assert_int_equal(check_session(session, true), same ? 1 : 2);
			agent_buf_clear(&report);
		}
	}
}

static void a_session_that_ended_meanwhile_gets_no_answer(void **state)
{
	(void)state;
	char session[23];
	agent_site *site;
	agent_error err = { 0 };
	agent_lease *lease;
	agent_chat *chat;
	agent_event event;
	new_session(session);
	agent_worker *worker = worker_with(&site, 0);
	agent_chat_options options = { .session = agent_str_cstr(session), .message = agent_str_cstr(message), .subject = AGENT_STR("wp:1"), .has_subject = true,
		.message_id = AGENT_STR_EMPTY, .address = AGENT_STR_EMPTY, .locale = AGENT_STR_EMPTY };
	int64_t now = site->clock.mono_ms(site->clock.state);
	assert_int_equal(site->sessions.lease(site->sessions.state, options.session, AGENT_STR("other"), now + 100, &lease, &err), AGENT_OK);
	assert_int_equal(agent_chat_open(site, &options, &chat, &err), AGENT_OK);
	assert_int_equal(agent_chat_step(chat, 10, &event, &err), AGENT_OK);
	assert_int_equal(event.kind, AGENT_EVENT_TICK);
	assert_int_equal(agent_session_end(site, options.session, &err), AGENT_OK);
	site->sessions.release(lease);
	assert_int_equal(agent_chat_step(chat, 250, &event, &err), AGENT_ERR);
	assert_string_equal(err.code, "ended");
	agent_chat_close(chat);
	agent_site_release(site);
	agent_worker_free(worker);
}

static void two_processes_on_one_session_wait_for_each_other(void **state)
{
	(void)state;
	char session[23];
	pid_t children[4];
	new_session(session);
	for (int i = 0; i < 4; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			agent_site *site;
			agent_error err = { 0 };
			agent_buf report;
			char id[16];
			snprintf(id, sizeof id, "p%d", i);
			(void)worker_with(&site, 0);
			agent_buf_init(&report, 1 << 20);
			agent_status status = run_turn(site, session, message, id, &report, &err);
			_exit(status == AGENT_OK && says(&report, "\"outcome\":\"answered\"") ? 0 : 7);
		}
	}
	for (int i = 0; i < 4; i++) {
		int status;
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
	assert_int_equal(check_session(session, true), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_repeated_message_resumes_the_turn),
		cmocka_unit_test(another_message_closes_the_turn),
		cmocka_unit_test(what_cannot_be_read_again_is_closed_and_stands_in_nobodys_way),
		cmocka_unit_test(a_session_that_ended_meanwhile_gets_no_answer),
		cmocka_unit_test(two_processes_on_one_session_wait_for_each_other),
	};
	return cmocka_run_group_tests(tests, setup, site_end);
}

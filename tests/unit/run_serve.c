/* SPDX-License-Identifier: MIT
 * A served tool over its real store: what the audit holds of each request, buckets that are taken all or none; the same gate for a handler
 * of this process; and every allocation failing.
 */
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
#include "ext/run/internal.h"
#include "ext/run/serve.h"
#include "tests/support/site_store.h"
#include "tests/support/torture.h"

#define SCHEMAS "\"input_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"order\"],\"properties\":{\"order\":{\"type\":\"string\"}}}," \
	"\"output_schema\":{\"type\":\"object\",\"required\":[\"status\"],\"properties\":{\"status\":{\"type\":\"string\"}}}"
#define BODY "{\"order\":\"A-1\"}"

enum { READ, WRITE, RATED, FAR };

static const char config_text[] = "{\"site\":\"serve\",\"backend\":{\"audience\":\"shop\"},\"tools\":["
	"{\"name\":\"status\",\"description\":\"d\",\"scope\":\"order:read\",\"resource\":\"order\"," SCHEMAS "},"
	"{\"name\":\"cancel\",\"description\":\"d\",\"scope\":\"order:write\",\"effect\":\"write\"," SCHEMAS "},"
	"{\"name\":\"rated\",\"description\":\"d\",\"scope\":\"order:read\",\"rate\":\"2/h\"," SCHEMAS "},"
	"{\"name\":\"far\",\"description\":\"d\",\"scope\":\"order:read\",\"method\":\"GET\",\"url\":\"https://192.0.2.1/t\"," SCHEMAS "}]}";

static int setup(void **state)
{
	(void)state;
	site_allow_private = "192.0.2.1:443";
	return site_begin("serve", config_text);
}

/* One request; more: members of the claims beside audience and digest (",\"sub\":\"x\""). answer NULL: the handler, if it runs, never comes back. */
typedef struct asked {
	int tool;
	const char *claims, *key, *answer;
	bool other_body;             /* than the token was made for */
} asked;

static bool die_in_handler;

static agent_status serve(opened *o, const asked *a, int *status, bool *ran, agent_error *err)
{
	static const char *const methods = "POST";
	char hash[65];
	agent_buf claims, header;
	agent_serve *open = NULL;
	agent_buf_init(&claims, 2048);
	agent_buf_init(&header, 8192);
	agent_str body = a->other_body ? AGENT_STR("{\"order\":\"B-2\"}") : AGENT_STR(BODY);
	agent_status result = agent_request_digest(AGENT_STR("POST"), AGENT_STR("/t"), AGENT_STR(BODY), hash, err);
	agent_buf_addf(&claims, "{\"aud\":\"shop\",\"dig\":\"%s\",\"turn\":\"t\",\"call\":\"c\"%s}", result == AGENT_OK ? hash : "", a->claims);
	agent_buf_add_lit(&header, "Bearer ");
	result = result == AGENT_OK ? agent_buf_check(&claims, "claims", err) : result;
	result = result == AGENT_OK ? agent_token_issue(o->site, agent_buf_str(&claims), 60, &header, err) : result;
	agent_serve_request request = { .tool = a->tool, .method = agent_str_cstr(methods), .path = AGENT_STR("/t"), .body = body,
		.authorization = agent_buf_str(&header), .idempotency_key = agent_str_cstr(a->key) };
	result = result == AGENT_OK ? agent_serve_open(o->site, &request, &open, err) : result;
	*ran = false;
	*status = 0;
	if (result == AGENT_OK && agent_serve_wants_handler(open)) {
		*ran = true;
		if (die_in_handler) {
			raise(SIGKILL);
		}
		agent_php_result php = { .outcome = AGENT_PHP_RETURNED, .json = agent_str_cstr(a->answer != NULL ? a->answer : ""), .reason = AGENT_STR_EMPTY,
			.message = AGENT_STR_EMPTY };
		result = a->answer != NULL ? agent_serve_answer(open, &php, err) : AGENT_OK;
	}
	if (result == AGENT_OK && (!*ran || a->answer != NULL)) {
		agent_serve_response response;
		agent_serve_take(open, &response);
		*status = response.status;
	}
	agent_serve_close(open);
	agent_buf_clear(&claims);
	agent_buf_clear(&header);
	return result;
}

/* The last row of the audit, its columns one blank apart. */
static void last_row(char *out, size_t size)
{
	char path[128];
	sqlite3 *handle = NULL;
	sqlite3_stmt *statement = NULL;
	snprintf(path, sizeof path, "%s/agent.sqlite", site_dir);
	assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(handle, "SELECT count(*) OVER () || ' ' || tool || ' ' || effect || ' ' || subject || ' ' || session || ' ' || issuer || ' '"
		" || turn || ' ' || call || ' ' || length(token) || ' ' || length(key) || ' ' || length(arguments_digest) || ' ' || result || ' ' || code || ' ' || status || ' '"
		" || (length(key_id) > 0) FROM audit ORDER BY row DESC LIMIT 1", -1, &statement, NULL), SQLITE_OK);
	out[0] = '\0';
	if (sqlite3_step(statement) == SQLITE_ROW) {
		snprintf(out, size, "%s", (const char *)sqlite3_column_text(statement, 0));
	}
	sqlite3_finalize(statement);
	sqlite3_close(handle);
}

static void each_request_with_a_valid_token_is_recorded(void **state)
{
	(void)state;
#define WHO ",\"sub\":\"wp:42\",\"session\":\"s\",\"scope\":\"order:read order:write\""
	static const struct {
		asked ask;
		int status;
		const char *row;
	} rows[] = {
		{ { READ, WHO, "k1", "{\"status\":\"ok\"}", false }, 200, "1 status read wp:42 s agent t c 22 64 64 ok  200 1" },
		{ { READ, WHO, "k1", "{\"status\":\"ok\"}", false }, 200, "2 status read wp:42 s agent t c 22 64 64 repeated  200 1" },
		{ { READ, WHO, "", "{\"status\":\"ok\"}", false }, 200, "3 status read wp:42 s agent t c 22 0 64 ok  200 1" },
		{ { READ, WHO, "", "{\"status\":1}", false }, 500, "4 status read wp:42 s agent t c 22 0 64 failed contract 500 1" },
		{ { READ, WHO, "", "no JSON", false }, 500, "5 status read wp:42 s agent t c 22 0 64 failed contract 500 1" },
		{ { READ, WHO, "", NULL, false }, 0, "6 status read wp:42 s agent t c 22 0 64 failed  0 1" },
		{ { READ, WHO, "", "{}", true }, 401, "7 status read wp:42 s agent t c 22 0 0 refused digest 401 1" },
		{ { READ, ",\"scope\":\"order:read\"", "", "{}", false }, 403, "8 status read   agent t c 22 0 64 refused proof_required 403 1" },
		{ { READ, ",\"scope\":\"order:A-1:read\"", "", "{\"status\":\"ok\"}", false }, 200, "9 status read   agent t c 22 0 64 ok  200 1" },
		{ { WRITE, WHO, "", "{}", false }, 400, "10 cancel write wp:42 s agent t c 22 0 64 refused idempotency_key 400 1" },
		{ { WRITE, WHO, "w", NULL, false }, 0, "12 cancel write wp:42 s agent t c 22 64 64 failed  0 1" },
		{ { WRITE, WHO, "w", "{\"status\":\"ok\"}", false }, 409, "13 cancel write wp:42 s agent t c 22 64 64 refused unknown 409 1" },
		{ { WRITE, ",\"sub\":\"wp:42\",\"scope\":\"order:read\"", "w", "{}", false }, 403, "14 cancel write wp:42  agent t c 22 0 0 refused scope 403 1" },
	};
	opened o;
	agent_error err = { 0 };
	char row[512];
	assert_int_equal(site_open(&o, &err), AGENT_OK);
	/* A write has two rows: one before its handler runs, one behind it. */
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int status;
		bool ran;
		if (serve(&o, &rows[i].ask, &status, &ran, &err) != AGENT_OK) {
			fail_msg("request %zu: %s", i, err.message);
		}
		last_row(row, sizeof row);
		if (status != rows[i].status || strcmp(row, rows[i].row) != 0) {
			fail_msg("request %zu: %d, %s", i, status, row);
		}
	}
	/* Who has no valid token leaves no row. */
	agent_serve_request request = { .tool = READ, .method = AGENT_STR("POST"), .path = AGENT_STR("/t"), .body = AGENT_STR(BODY),
		.authorization = AGENT_STR("Bearer x.y.z"), .idempotency_key = AGENT_STR_EMPTY };
	agent_serve *open = NULL;
	assert_int_equal(agent_serve_open(o.site, &request, &open, &err), AGENT_OK);
	agent_serve_close(open);
	last_row(row, sizeof row);
	assert_string_equal(row, rows[sizeof rows / sizeof *rows - 1].row);
	site_close(&o);
}

/* Nothing runs behind the death of a worker, so what is to be known must be known before. */
static void a_write_whose_worker_dies_is_on_record(void **state)
{
	(void)state;
	char row[512];
	int status = 0;
	pid_t child = fork();
	if (child == 0) {
		opened o;
		agent_error err = { 0 };
		bool ran = false;
		die_in_handler = true;
		asked a = { WRITE, WHO, "killed", NULL, false };
		if (site_open(&o, &err) == AGENT_OK) {
			(void)serve(&o, &a, &status, &ran, &err);
		}
		_exit(1);
	}
	assert_true(child > 0 && waitpid(child, &status, 0) == child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	last_row(row, sizeof row);
	assert_string_equal(strchr(row, ' '), " cancel write wp:42 s agent t c 22 64 64 begun  0 1");
}

static int rated(opened *o, const char *subject, const char *session, const char *address)
{
	char claims[256];
	agent_error err = { 0 };
	int status;
	bool ran;
	snprintf(claims, sizeof claims, ",\"scope\":\"order:read\",\"sub\":\"%s\",\"session\":\"%s\",\"addr\":\"%s\"", subject, session, address);
	asked a = { RATED, claims, "", "{\"status\":\"ok\"}", false };
	assert_int_equal(serve(o, &a, &status, &ran, &err), AGENT_OK);
	assert_true(ran == (status == 200));
	return status;
}

static void subject_session_and_address_have_a_bucket_each_taken_all_or_none(void **state)
{
	(void)state;
	opened o;
	agent_error err = { 0 };
	assert_int_equal(site_open(&o, &err), AGENT_OK);
	assert_int_equal(rated(&o, "a", "s1", "x"), 200);
	assert_int_equal(rated(&o, "a", "s2", "y"), 200);
	for (int i = 0; i < 5; i++) { /* the subject has had its two: neither session nor address pay for what it asks in vain */
		assert_int_equal(rated(&o, "a", "s3", "z"), 429);
	}
	assert_int_equal(rated(&o, "b", "s3", "z"), 200);
	assert_int_equal(rated(&o, "b", "s3", "w"), 200);
	assert_int_equal(rated(&o, "c", "s3", "v"), 429); /* the session */
	assert_int_equal(rated(&o, "c", "s4", "z"), 200);
	assert_int_equal(rated(&o, "d", "s5", "z"), 429); /* the address */
	assert_int_equal(rated(&o, "d", "s5", "u"), 200);
	assert_int_equal(rated(&o, "d", "s6", ""), 200);
	assert_int_equal(rated(&o, "", "s7", ""), 200);
	assert_int_equal(rated(&o, "", "", ""), 200); /* nobody in particular is one caller */
	assert_int_equal(rated(&o, "", "", ""), 200);
	assert_int_equal(rated(&o, "", "", ""), 429);
	site_close(&o);
}

static void an_address_becomes_a_word_that_tells_nothing(void **state)
{
	(void)state;
	opened o;
	agent_error err = { 0 };
	char one[AGENT_ADDRESS_CLAIM], two[AGENT_ADDRESS_CLAIM];
	static const struct { const char *a, *b; bool same; } pairs[] = {
		{ "192.0.2.1", "192.0.2.1", true }, { "192.0.2.1", "192.0.2.2", false }, { "192.0.2.1", "::ffff:192.0.2.1", true },
		{ "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true }, { "2001:db8:1:2::1", "2001:db8:1:3::1", false },
	};
	assert_int_equal(site_open(&o, &err), AGENT_OK);
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		assert_int_equal(agent_address_claim(o.site, agent_str_cstr(pairs[i].a), one, &err), AGENT_OK);
		assert_int_equal(agent_address_claim(o.site, agent_str_cstr(pairs[i].b), two, &err), AGENT_OK);
		assert_int_equal(strlen(one), 22);
		assert_int_equal(strcmp(one, two) == 0, pairs[i].same);
	}
	assert_int_equal(agent_address_claim(o.site, AGENT_STR_EMPTY, one, &err), AGENT_OK);
	assert_int_equal(one[0], '\0');
	site_close(&o);
}

/* The calling side for a handler of this process: a guest with one grant, another without, and a rate. */
static agent_status call_here(opened *o, int tool, agent_str session, agent_result_class *result, agent_error *err)
{
	agent_call *call = NULL;
	agent_tool_result got = { .result = AGENT_RESULT_SKIPPED };
	agent_call_options options = { .tool = tool, .arguments = AGENT_STR(BODY), .subject = AGENT_STR_EMPTY, .session = session,
		.turn = AGENT_STR_EMPTY, .call = AGENT_STR("c"), .address = AGENT_STR("192.0.2.1"), .by_hand = true };
	if (agent_call_open(o->site, &options, o->site->clock.mono_ms(o->site->clock.state) + 1000, &call, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = AGENT_OK;
	if (!agent_call_step(call, &got)) {
		agent_php_result php = { .outcome = AGENT_PHP_RETURNED, .json = AGENT_STR("{\"status\":\"ok\"}"), .reason = AGENT_STR_EMPTY, .message = AGENT_STR_EMPTY };
		agent_str context;
		status = agent_call_context(call, &context, err);
		status = status == AGENT_OK ? agent_call_of_php(call, &php, &got, err) : status;
	}
	*result = got.result;
	agent_call_close(call);
	return status;
}

/* What a turn read of its session when it began is not what holds when a tool is called. */
static void a_grant_ends_while_the_turn_goes_on(void **state)
{
	opened o;
	agent_error err = { 0 };
	agent_result_class results[2];
	(void)state;
	assert_int_equal(site_open(&o, &err), AGENT_OK);
	int64_t now_s = o.site->clock.wall_ms(o.site->clock.state) / 1000;
	for (int i = 0; i < 2; i++) {
		agent_grant grants[] = { { AGENT_STR("order:B-2:read"), now_s + 1000 }, { AGENT_STR("order:A-1:read"), i == 0 ? now_s + 1000 : now_s } };
		agent_call_options options = { .tool = READ, .arguments = AGENT_STR(BODY), .subject = AGENT_STR_EMPTY, .session = AGENT_STR("s"),
			.turn = AGENT_STR_EMPTY, .call = AGENT_STR("c"), .address = AGENT_STR_EMPTY, .grants = grants, .grant_count = 2 };
		agent_call *call;
		agent_tool_result got = { .result = AGENT_RESULT_OK };
		assert_int_equal(agent_call_open(o.site, &options, o.site->clock.mono_ms(o.site->clock.state) + 1000, &call, &err), AGENT_OK);
		(void)agent_call_step(call, &got);
		results[i] = got.result;
		agent_call_close(call);
	}
	site_close(&o);
	assert_int_equal(results[0], AGENT_RESULT_OK); /* the handler's turn */
	assert_int_equal(results[1], AGENT_RESULT_PROOF);
}

/* A model may send more than an address holds: a result, not the end of the turn. */
static void arguments_that_no_address_holds_are_a_result(void **state)
{
	opened o;
	agent_error err = { 0 };
	agent_call *call;
	agent_tool_result got = { .result = AGENT_RESULT_OK };
	static char text[30 * 1024];
	(void)state;
	memset(text, '!', sizeof text - 1);
	memcpy(text, "{\"order\":\"", 10);
	memcpy(text + sizeof text - 3, "\"}", 2);
	assert_int_equal(site_open(&o, &err), AGENT_OK);
	agent_call_options options = { .tool = FAR, .arguments = agent_str_cstr(text), .has_subject = true, .subject = AGENT_STR("x"), .session = AGENT_STR_EMPTY,
		.turn = AGENT_STR_EMPTY, .call = AGENT_STR("c"), .address = AGENT_STR_EMPTY };
	assert_int_equal(agent_call_open(o.site, &options, o.site->clock.mono_ms(o.site->clock.state) + 1000, &call, &err), AGENT_OK);
	assert_true(agent_call_step(call, &got));
	assert_int_equal(got.result, AGENT_RESULT_INVALID);
	agent_call_close(call);
	site_close(&o);
}

static agent_status call_scenario(void *state, agent_error *err)
{
	opened o = { NULL, NULL };
	agent_result_class result = AGENT_RESULT_SKIPPED;
	agent_str session = *(agent_str *)state;
	agent_status status = site_open(&o, err);
	status = status == AGENT_OK ? call_here(&o, READ, session, &result, err) : status;
	if (status == AGENT_OK && result != AGENT_RESULT_OK) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "granted", "%s", agent_result_class_name(result));
	}
	status = status == AGENT_OK ? call_here(&o, READ, AGENT_STR("none"), &result, err) : status;
	if (status == AGENT_OK && result != AGENT_RESULT_PROOF) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "guest", "%s", agent_result_class_name(result));
	}
	status = status == AGENT_OK ? call_here(&o, RATED, session, &result, err) : status;
	if (status == AGENT_OK && result != AGENT_RESULT_OK && result != AGENT_RESULT_TRANSIENT) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "rated", "%s", agent_result_class_name(result));
	}
	site_close(&o);
	return status;
}

static void a_handler_here_has_the_same_gate(void **state)
{
	(void)state;
	opened o;
	agent_error err = { 0 };
	agent_session session = { .id = AGENT_STR("AAAAAAAAAAAAAAAAAAAAAA"), .subject = AGENT_STR_EMPTY, .locale = AGENT_STR("en") };
	assert_int_equal(site_open(&o, &err), AGENT_OK);
	assert_int_equal(o.site->sessions.start(o.site->sessions.state, &session, &err), AGENT_OK);
	assert_int_equal(o.site->sessions.grant(o.site->sessions.state, session.id, AGENT_STR("order:A-1:read"), INT64_C(4000000000), &err), AGENT_OK);
	site_close(&o);
	torture("a call here", call_scenario, &session.id);
}

/* Nobody serves it, so nobody else would keep a record. */
static void a_call_answered_here_is_recorded(void **state)
{
	(void)state;
	static const agent_result_class classes[] = { AGENT_RESULT_OK, AGENT_RESULT_PROOF };
	static const char *const ends[] = { " status read  BBBBBBBBBBBBBBBBBBBBBB   c 0 0 64 ok  0 0", " status read  none   c 0 0 64 refused proof 0 0",
		" status read  BBBBBBBBBBBBBBBBBBBBBB  t1 c1 0 0 64 failed failed 0 0" };
	opened o;
	agent_error err = { 0 };
	char row[512];
	long before = -1;
	agent_session session = { .id = AGENT_STR("BBBBBBBBBBBBBBBBBBBBBB"), .subject = AGENT_STR_EMPTY, .locale = AGENT_STR("en") };
	agent_grant grant = { AGENT_STR("order:A-1:read"), INT64_C(4000000000) };
	assert_int_equal(site_open(&o, &err), AGENT_OK);
	assert_int_equal(o.site->sessions.start(o.site->sessions.state, &session, &err), AGENT_OK);
	assert_int_equal(o.site->sessions.grant(o.site->sessions.state, session.id, grant.scope, grant.expires_s, &err), AGENT_OK);
	for (int i = 0; i < 3; i++) {
		agent_result_class result = AGENT_RESULT_SKIPPED;
		if (i < 2) {
			assert_int_equal(call_here(&o, READ, i == 0 ? session.id : AGENT_STR("none"), &result, &err), AGENT_OK);
			assert_int_equal(result, classes[i]);
		} else { /* its handler ended the script */
			agent_call *call;
			agent_call_options options = { .tool = READ, .arguments = AGENT_STR(BODY), .subject = AGENT_STR_EMPTY, .session = session.id,
				.turn = AGENT_STR("t1"), .call = AGENT_STR("c1"), .address = AGENT_STR_EMPTY, .grants = &grant, .grant_count = 1 };
			assert_int_equal(agent_call_open(o.site, &options, o.site->clock.mono_ms(o.site->clock.state) + 1000, &call, &err), AGENT_OK);
			agent_call_begin_here(call);
			agent_call_close(call);
		}
		last_row(row, sizeof row);
		char *end;
		long count = strtol(row, &end, 10);
		assert_string_equal(end, ends[i]);
		assert_true(before < 0 || count == before + 1);
		before = count;
	}
	site_close(&o);
}

/* A new key each time: what a failed round left must not answer for the next. */
static agent_status scenario(void *state, agent_error *err)
{
	static int n;
	char key[32];
	opened o = { NULL, NULL };
	int status = 0;
	bool ran = false;
	(void)state;
	snprintf(key, sizeof key, "torture%d", n++);
	asked first = { WRITE, WHO ",\"addr\":\"x\"", key, "{\"status\":\"ok\"}", false };
	agent_status result = site_open(&o, err);
	result = result == AGENT_OK ? serve(&o, &first, &status, &ran, err) : result;
	bool once = ran && status == 200;
	if (result == AGENT_OK && !once) {
		result = agent_fail(err, AGENT_DOMAIN_INTERNAL, "first", "%d", status);
	}
	result = result == AGENT_OK ? serve(&o, &first, &status, &ran, err) : result;
	if (result == AGENT_OK && (ran || status != 200)) {
		result = agent_fail(err, AGENT_DOMAIN_INTERNAL, "again", "%d", status);
	}
	site_close(&o);
	return result;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("a served write", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_request_with_a_valid_token_is_recorded),
		cmocka_unit_test(a_write_whose_worker_dies_is_on_record),
		cmocka_unit_test(subject_session_and_address_have_a_bucket_each_taken_all_or_none),
		cmocka_unit_test(an_address_becomes_a_word_that_tells_nothing),
		cmocka_unit_test(a_grant_ends_while_the_turn_goes_on),
		cmocka_unit_test(arguments_that_no_address_holds_are_a_result),
		cmocka_unit_test(a_handler_here_has_the_same_gate),
		cmocka_unit_test(a_call_answered_here_is_recorded),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests_name("run serve", tests, setup, site_end);
}

/* SPDX-License-Identifier: MIT
 * The plain functions of a site beside a turn, over its real store: sessions of a given id, the list of documents.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "ext/run/admin.h"
#include "ext/run/internal.h"
#include "tests/support/site_store.h"
#include "tests/support/torture.h"

static const char config_text[] = "{\"site\":\"admin\",\"tools\":[],\"locale\":\"en\"}";

static int setup(void **state)
{
	(void)state;
	return site_begin("admin", config_text);
}

static agent_status start(agent_site *site, const char *subject, const char *id, char got[23], agent_error *err)
{
	agent_str wanted = agent_str_cstr(id);
	return agent_session_start(site, subject != NULL, agent_str_cstr(subject != NULL ? subject : ""), AGENT_STR_EMPTY, &wanted, got, err);
}

static void expect(agent_site *site, const char *subject, const char *id, const char *code)
{
	char got[23];
	agent_error err = { 0 };
	agent_status status = start(site, subject, id, got, &err);
	if (*code == '\0') {
		if (status != AGENT_OK) {
			fail_msg("%s: %s", id, err.message);
		}
		assert_string_equal(got, id);
	} else {
		assert_int_equal(status, AGENT_ERR);
		assert_string_equal(err.code, code);
	}
}

static void a_session_of_an_id_is_its_subjects(void **state)
{
	(void)state;
	opened o;
	agent_error err = { 0 };
	static const char id[] = "0123456789-_abcdefghij";
	assert_int_equal(site_open(&o, &err), AGENT_OK);
	expect(o.site, "wp:1", id, "");
	expect(o.site, "wp:1", id, "");
	expect(o.site, "wp:2", id, "subject");
	expect(o.site, NULL, id, "subject");
	expect(o.site, NULL, "guest56789-_abcdefghij", "");
	expect(o.site, NULL, "guest56789-_abcdefghij", "");
	expect(o.site, "", "guest56789-_abcdefghij", "subject"); /* no subject at all: refused as an argument */
	assert_int_equal(agent_session_end(o.site, agent_str_cstr(id), &err), AGENT_OK);
	expect(o.site, "wp:1", id, "ended");
	expect(o.site, "wp:2", id, "subject"); /* who may not see it does not learn that it has ended */
	expect(o.site, NULL, "", "id");
	expect(o.site, NULL, "0123456789-_abcdefghi", "id");
	expect(o.site, NULL, "0123456789-_abcdefghijk", "id");
	expect(o.site, NULL, "0123456789-_abcdefghi/", "id");
	site_close(&o);
}

/* Each child begins the same hundred sessions as fast as it can. */
static void several_processes_begin_one_session(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++) {
		if (fork() == 0) {
			opened o;
			agent_error err = { 0 };
			char id[32], got[23];
			if (site_open(&o, &err) != AGENT_OK) {
				_exit(1);
			}
			for (int k = 0; k < 100; k++) {
				snprintf(id, sizeof id, "together-%013d", k);
				if (start(o.site, "wp:7", id, got, &err) != AGENT_OK || strcmp(got, id) != 0) {
					fprintf(stderr, "# %s\n", err.message);
					_exit(2);
				}
			}
			site_close(&o);
			_exit(0);
		}
	}
	int status = 0;
	while (wait(&status) > 0) {
		assert_int_equal(status, 0);
	}
}

static agent_status scenario(void *state, agent_error *err)
{
	opened o;
	char id[32], got[23];
	static int run;
	(void)state;
	snprintf(id, sizeof id, "torture--%013d", run++);
	agent_status status = site_open(&o, err);
	for (int i = 0; i < 2 && status == AGENT_OK; i++) {
		status = start(o.site, "wp:7", id, got, err);
		if (status == AGENT_OK && strcmp(got, id) != 0) {
			status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "id", "another session");
		}
	}
	if (status == AGENT_OK && start(o.site, "wp:8", id, got, err) == AGENT_OK) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "subject", "somebody else's session");
	} else if (status == AGENT_OK && strcmp(err->code, "subject") != 0) {
		status = AGENT_ERR;
	}
	site_close(&o);
	return status;
}

static agent_status list_documents(void *state, agent_error *err)
{
	opened o;
	agent_buf out;
	(void)state;
	agent_buf_init(&out, 4096);
	agent_status status = site_open(&o, err);
	if (status == AGENT_OK) {
		status = agent_knowledge_list(o.site, AGENT_STR("a"), AGENT_STR_EMPTY, 2, &out, err);
	}
	if (status == AGENT_OK && !agent_str_is(agent_buf_str(&out), "[\"b\\\"\",\"c\"]")) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "list", "%.*s", AGENT_STR_ARG(agent_buf_str(&out)));
	}
	agent_buf_clear(&out);
	site_close(&o);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("sessions of an id", scenario, NULL);
	static const char *const ids[] = { "d", "b\\\"", "a", "c" };
	opened o;
	agent_error err = { 0 };
	assert_int_equal(site_open(&o, &err), AGENT_OK);
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		char document[80];
		size_t chunks = 0;
		snprintf(document, sizeof document, "{\"id\":\"%s\",\"title\":\"T\",\"text\":\"t\"}", ids[i]);
		assert_int_equal(agent_knowledge_put(o.site, agent_str_cstr(document), &chunks, &err), AGENT_OK);
	}
	site_close(&o);
	torture("the list of documents", list_documents, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_of_an_id_is_its_subjects),
		cmocka_unit_test(several_processes_begin_one_session),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, setup, site_end);
}

/* SPDX-License-Identifier: MIT
 * run/keys.c: keys are parsed once, retire by the clock alone, are noticed when they change, and survive a fork and missing memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/err.h>

#include "ext/run/admin.h"
#include "ext/run/internal.h"
#include "ext/seal/token.h"
#include "tests/support/site_store.h"
#include "tests/support/torture.h"

#define BACKEND "https://shop.example/tools"
#define JWK "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"

static agent_worker *worker;
static int64_t shift_ms;             /* the site's clock against the system's */

static int64_t shifted_wall(void *state)
{
	(void)state;
	agent_clock clock = agent_system_clock();
	return clock.wall_ms(clock.state) + shift_ms;
}

static agent_site *use(const char *backend)
{
	agent_error err = { 0 };
	agent_host host = site_host();
	agent_site *site = NULL;
	agent_buf text;
	agent_buf_init(&text, 10000);
	agent_buf_addf(&text, "{\"site\":\"keys\",\"backend\":{\"audience\":\"" BACKEND "\"%s}}", backend);
	agent_buf_add_char(&text, '\0');
	if (site_store(text.ptr, &err) != AGENT_OK || agent_setup_use(worker, &host, agent_str_cstr(site_digest), &site, &err) != AGENT_OK) {
		fail_msg("%s: %s", backend, err.message);
	}
	agent_buf_clear(&text);
	shift_ms = 0;
	site->clock.wall_ms = shifted_wall;
	return site;
}

static void drop(agent_site *site)
{
	agent_keys_free(site->keys);
	site->keys = NULL;
}

static const agent_keyset *keys_of(agent_site *site, const char *audience)
{
	agent_error err;
	const agent_keyset *set = NULL;
	if (agent_keys_of(site, agent_str_cstr(audience), &set, &err) != AGENT_OK) {
		fail_msg("%s: %s", audience, err.message);
	}
	return set;
}

static void issue(agent_site *site, const char *audience, int64_t seconds, agent_buf *out)
{
	agent_error err;
	agent_buf claims;
	agent_buf_init(&claims, 1000);
	agent_buf_addf(&claims, "{\"aud\":\"%s\",\"sub\":\"wp:42\"}", audience);
	agent_buf_reset(out);
	if (agent_token_issue(site, agent_buf_str(&claims), seconds, out, &err) != AGENT_OK) {
		fail_msg("issue: %s", err.message);
	}
	agent_buf_clear(&claims);
}

/* "" or the code. */
static const char *check(agent_site *site, const char *audience, const agent_buf *token)
{
	static agent_error err;
	agent_buf claims;
	agent_buf_init(&claims, 10000);
	agent_status status = agent_token_check(site, agent_buf_str(token), agent_str_cstr(audience), &claims, &err);
	agent_buf_clear(&claims);
	return status == AGENT_OK ? "" : err.code;
}

/* A file so young is read once more, in case it is replaced within the same tick of the clock: until it has settled. */
static void settle(agent_site *site)
{
	struct timespec nap = { 0, 120000000L };
	nanosleep(&nap, NULL);
	(void)keys_of(site, "browser");
}

static void they_are_parsed_once_and_audiences_are_apart(void **state)
{
	(void)state;
	agent_site *site = use("");
	agent_buf token;
	agent_buf_init(&token, 10000);
	settle(site);
	const agent_keyset *browser = keys_of(site, "browser"), *backend = keys_of(site, BACKEND);
	assert_ptr_not_equal(browser, backend);
	assert_ptr_equal(browser, keys_of(site, "browser"));
	assert_ptr_equal(backend, keys_of(site, BACKEND));
	issue(site, "browser", 3600, &token);
	assert_string_equal(check(site, "browser", &token), "");
	assert_string_equal(check(site, "ticket", &token), "token_signature"); /* another key, not only another claim */
	assert_string_equal(check(site, BACKEND, &token), "token_signature");
	for (int i = 0; i < 40; i++) { /* more audiences than are kept */
		char name[32];
		snprintf(name, sizeof name, "audience-%d", i % 13);
		issue(site, name, 60, &token);
		assert_string_equal(check(site, name, &token), "");
	}
	agent_site_release(site);
	agent_buf_clear(&token);
}

static void a_key_retires_although_nothing_changes(void **state)
{
	(void)state;
	agent_error err;
	agent_buf token, kid;
	agent_site *site = use("");
	agent_buf_init(&token, 10000);
	agent_buf_init(&kid, 100);
	issue(site, "browser", 3600, &token);
	assert_int_equal(agent_site_key_rotate(site, 600, &kid, &err), AGENT_OK);
	settle(site);
	assert_string_equal(check(site, "browser", &token), "");
	shift_ms = 598000;
	assert_string_equal(check(site, "browser", &token), "");
	shift_ms = 601000;
	assert_string_equal(check(site, "browser", &token), "token_kid");
	assert_int_equal(agent_keyset_count(keys_of(site, "browser")), 1);
	shift_ms = 0;
	assert_string_equal(check(site, "browser", &token), "token_kid"); /* deleted: it does not come back with the clock */
	agent_buf_clear(&kid);
	agent_buf_clear(&token);
	agent_site_release(site);
}

static void two_sites_of_one_name_see_each_other_s_rotation(void **state)
{
	(void)state;
	agent_error err;
	agent_buf token, kid;
	agent_site *first = use(""), *second = use(",\"issuer\":\"agent\",\"algorithm\":\"EdDSA\"");
	agent_buf_init(&token, 10000);
	agent_buf_init(&kid, 100);
	for (int i = 0; i < 20; i++) { /* at once: no time for the file's clock to tick */
		issue(first, "browser", 3600, &token);
		assert_string_equal(check(second, "browser", &token), "");
		agent_buf_reset(&kid);
		assert_int_equal(agent_site_key_rotate(i % 2 == 0 ? first : second, i % 3 == 0 ? 0 : 100, &kid, &err), AGENT_OK);
		assert_string_equal(check(second, "browser", &token), i % 3 == 0 ? "token_kid" : "");
		assert_string_equal(check(first, "browser", &token), i % 3 == 0 ? "token_kid" : "");
	}
	agent_site_release(first);
	agent_site_release(second);
	agent_buf_clear(&kid);
	agent_buf_clear(&token);
}

static void children_go_on_with_what_was_parsed(void **state)
{
	(void)state;
	agent_buf token;
	agent_buf_init(&token, 10000);
	static const char *const backends[] = { "", ",\"algorithm\":\"EdDSA\"" };
	for (size_t b = 0; b < 2; b++) {
		agent_site *site = use(backends[b]);
		pid_t children[4];
		issue(site, BACKEND, 60, &token);
		settle(site);
		const agent_keyset *set = keys_of(site, BACKEND);
		for (int i = 0; i < 4; i++) {
			children[i] = fork();
			if (children[i] == 0) {
				agent_error err;
				agent_buf claims, own;
				bool fine = keys_of(site, BACKEND) == set;
				for (int n = 0; fine && n < 50; n++) {
					agent_buf_init(&claims, 10000);
					agent_buf_init(&own, 10000);
					fine = agent_token_verify(set, agent_buf_str(&token), &claims, &err) == AGENT_OK
						&& agent_token_sign(set, agent_buf_str(&claims), &own, &err) == AGENT_OK && agent_str_eq(agent_buf_str(&own), agent_buf_str(&token));
					agent_buf_clear(&own);
					agent_buf_clear(&claims);
				}
				_exit(fine ? 0 : 1);
			}
		}
		for (int i = 0; i < 4; i++) {
			int status;
			waitpid(children[i], &status, 0);
			assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
		}
		assert_string_equal(check(site, BACKEND, &token), "");
		agent_site_release(site);
	}
	agent_buf_clear(&token);
}

typedef struct torn { agent_site *site; bool signs; bool rotates; } torn;

/* From nothing parsed to a token issued and checked, the set published, the ring rotated. */
static agent_status scenario(void *state, agent_error *err)
{
	torn *t = state;
	const agent_keyset *set;
	agent_buf token, claims, out;
	agent_buf_init(&token, 10000);
	agent_buf_init(&claims, 10000);
	agent_buf_init(&out, 10000);
	agent_status status = agent_keys_of(t->site, AGENT_STR(BACKEND), &set, err);
	if (status == AGENT_OK && t->signs) {
		status = agent_token_issue(t->site, AGENT_STR("{\"aud\":\"" BACKEND "\",\"sub\":\"wp:42\"}"), 60, &token, err);
		if (status == AGENT_OK) {
			status = agent_token_check(t->site, agent_buf_str(&token), AGENT_STR(BACKEND), &claims, err);
		}
	}
	if (status == AGENT_OK && t->signs && agent_str_find(agent_buf_str(&claims), AGENT_STR("\"sub\":\"wp:42\""), 0) == (size_t)-1) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "claims", "the claims differ");
	}
	status = status == AGENT_OK ? agent_site_key_set(t->site, &out, err) : status;
	agent_buf_reset(&out);
	if (status == AGENT_OK && t->rotates) {
		status = agent_site_key_rotate(t->site, 0, &out, err);
	}
	status = status == AGENT_OK ? agent_keys_of(t->site, AGENT_STR("browser"), &set, err) : status;
	drop(t->site);
	bool told = strcmp(err->code, "token_signature") == 0; /* Ed25519: seal/keyset_own.h says why */
	if (status != AGENT_OK && (err->domain == AGENT_DOMAIN_CONFIG || (err->domain == AGENT_DOMAIN_CRYPTO && !told && strcmp(err->code, "openssl") != 0))) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "verdict", "missing memory is taken for something else");
	}
	if (ERR_peek_error() != 0) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "queue", "the library's queue is not empty");
	}
	agent_buf_clear(&out);
	agent_buf_clear(&claims);
	agent_buf_clear(&token);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	agent_error err;
	agent_site *sites[] = { use(""), use(",\"algorithm\":\"EdDSA\""), use(",\"key\":{\"put\":\"shared\"}"), use(",\"key_set\":{\"keys\":[" JWK "]}") };
	static const char *const names[] = { "ring, HS256", "ring, EdDSA", "secret", "key set" };
	assert_int_equal(agent_site_secret_put(sites[2], AGENT_STR("shared"), AGENT_STR("a shared secret of thirty-two bytes, or more"), &err), AGENT_OK);
	for (size_t i = 0; i < 4; i++) {
		torn t = { sites[i], i != 3, i == 0 };
		drop(sites[i]);
		torture(names[i], scenario, &t);
	}
	for (size_t i = 0; i < 4; i++) {
		agent_site_release(sites[i]);
	}
}

static int setup(void **state)
{
	(void)state;
	return site_begin("keys", NULL) != 0 || (worker = agent_worker_new()) == NULL;
}

static int teardown(void **state)
{
	agent_worker_free(worker);
	return site_end(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_are_parsed_once_and_audiences_are_apart),
		cmocka_unit_test(a_key_retires_although_nothing_changes),
		cmocka_unit_test(two_sites_of_one_name_see_each_other_s_rotation),
		cmocka_unit_test(children_go_on_with_what_was_parsed),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}

/* SPDX-License-Identifier: MIT
 * base/: buffers, arenas, errors, base64url, integers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/base/alloc.h"
#include "ext/base/arena.h"
#include "ext/base/b64url.h"
#include "tests/support/torture.h"

static void buffer_stops_at_its_ceiling(void **state)
{
	(void)state;
	agent_buf buf;
	agent_error err;
	agent_buf_init(&buf, 10);
	agent_buf_add_lit(&buf, "12345");
	agent_buf_add_lit(&buf, "67890");
	assert_int_equal(agent_buf_check(&buf, "text", &err), AGENT_OK);
	agent_buf_add_char(&buf, 'x');
	agent_buf_add_lit(&buf, "");
	assert_int_equal(buf.len, 10);
	assert_int_equal(agent_buf_check(&buf, "text", &err), AGENT_ERR);
	assert_string_equal(err.code, "too_large");
	agent_buf_reset(&buf);
	agent_buf_add_int(&buf, INT64_MIN / 10000000000);
	assert_int_equal(agent_buf_check(&buf, "text", &err), AGENT_OK);
	agent_buf_clear(&buf);
}

static void buffer_grows_to_any_ceiling(void **state)
{
	(void)state;
	for (size_t limit = 1; limit < 300; limit++) {
		agent_buf buf;
		agent_buf_init(&buf, limit);
		for (size_t i = 0; i < limit; i++) {
			agent_buf_add_char(&buf, (char)i);
		}
		assert_int_equal(buf.fault, AGENT_BUF_FINE);
		assert_int_equal(buf.len, limit);
		assert_int_equal((char)(limit / 2), buf.ptr[limit / 2]);
		agent_buf_clear(&buf);
	}
}

static void arena_keeps_its_limit_and_its_alignment(void **state)
{
	(void)state;
	agent_error err;
	agent_arena *arena = agent_arena_new(100000);
	assert_non_null(arena);
	for (size_t i = 0; i < 200; i++) {
		char *p = agent_arena_alloc(arena, i);
		assert_non_null(p);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t k = 0; k < i; k++) {
			assert_int_equal(p[k], 0);
			p[k] = 'x';
		}
	}
	assert_null(agent_arena_alloc(arena, 100000));
	assert_int_equal(agent_arena_fail(arena, &err), AGENT_ERR);
	assert_int_equal(err.domain, AGENT_DOMAIN_LIMIT);
	assert_null(agent_arena_array(arena, SIZE_MAX, 2));
	agent_arena_free(arena);
}

static void error_message_is_cut_at_a_character(void **state)
{
	(void)state;
	agent_error err;
	char text[400];
	memset(text, 'a', sizeof text);
	memcpy(text + 253, "\xe2\x82\xac", 3);
	text[399] = '\0';
	agent_fail(&err, AGENT_DOMAIN_TOOL, "code", "%s", text);
	assert_int_equal(strlen(err.message), 253);
	agent_fail(&err, AGENT_DOMAIN_TOOL, "code", "a\nb\x7f");
	assert_string_equal(err.message, "a?b?");
}

static void base64url_is_strict(void **state)
{
	(void)state;
	static const char *const bad[] = { "A", "AA=", "AB", "AAB", "A+", "A/", "A A", "AAAAA" };
	agent_buf out;
	agent_buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		agent_buf_reset(&out);
		assert_false(agent_b64url_decode(&out, agent_str_cstr(bad[i])));
	}
	for (size_t len = 0; len < 64; len++) {
		unsigned char bytes[64];
		agent_buf text;
		agent_buf_init(&text, 1000);
		for (size_t i = 0; i < len; i++) {
			bytes[i] = (unsigned char)(i * 37 + len);
		}
		agent_b64url_encode(&text, (agent_str){ (char *)bytes, len });
		agent_buf_reset(&out);
		assert_true(agent_b64url_decode(&out, agent_buf_str(&text)));
		assert_int_equal(out.len, len);
		assert_true(len == 0 || memcmp(out.ptr, bytes, len) == 0);
		agent_buf_clear(&text);
	}
	agent_buf_clear(&out);
}

static void integers_keep_to_64_bits(void **state)
{
	(void)state;
	int64_t v;
	assert_true(agent_str_to_int(AGENT_STR("-9223372036854775808"), &v) && v == INT64_MIN);
	assert_true(agent_str_to_int(AGENT_STR("9223372036854775807"), &v) && v == INT64_MAX);
	assert_false(agent_str_to_int(AGENT_STR("9223372036854775808"), &v));
	assert_false(agent_str_to_int(AGENT_STR("-9223372036854775809"), &v));
	assert_false(agent_str_to_int(AGENT_STR("-"), &v) || agent_str_to_int(AGENT_STR(""), &v) || agent_str_to_int(AGENT_STR("1 "), &v));
}

static agent_status scenario(void *state, agent_error *err)
{
	(void)state;
	agent_status status = AGENT_ERR;
	agent_buf buf;
	agent_buf_init(&buf, 100000);
	agent_arena *arena = agent_arena_new(100000);
	if (arena == NULL) {
		agent_fail_memory(err);
		goto cleanup;
	}
	for (int i = 0; i < 5000; i++) {
		agent_buf_add_int(&buf, i);
	}
	agent_str copy;
	if (agent_buf_check(&buf, "numbers", err) != AGENT_OK) {
		goto cleanup;
	}
	if (!agent_arena_dup(arena, agent_buf_str(&buf), &copy)) {
		agent_arena_fail(arena, err);
		goto cleanup;
	}
	status = agent_str_eq(copy, agent_buf_str(&buf)) ? AGENT_OK : agent_fail(err, AGENT_DOMAIN_INTERNAL, "copy", "the copy differs");
cleanup:
	agent_arena_free(arena);
	agent_buf_clear(&buf);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("base", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buffer_stops_at_its_ceiling),
		cmocka_unit_test(buffer_grows_to_any_ceiling),
		cmocka_unit_test(arena_keeps_its_limit_and_its_alignment),
		cmocka_unit_test(error_message_is_cut_at_a_character),
		cmocka_unit_test(base64url_is_strict),
		cmocka_unit_test(integers_keep_to_64_bits),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

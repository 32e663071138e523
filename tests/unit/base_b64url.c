/* SPDX-License-Identifier: MIT
 * base/b64url.h: blocks and leftovers against a naive reference, every foreign byte at every place, what is not canonical.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ext/base/b64url.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static size_t naive_put(char *out, const unsigned char *in, size_t len)
{
	size_t n = 0;
	for (size_t bit = 0; bit < len * 8; bit += 6) {
		unsigned v = 0;
		for (size_t i = bit; i < bit + 6; i++) {
			v = v << 1 | (i < len * 8 ? in[i / 8] >> (7 - i % 8) & 1u : 0);
		}
		out[n++] = alphabet[v];
	}
	return n;
}

static void every_length_is_written_and_read_back(void **state)
{
	(void)state;
	uint32_t random = 1;
	for (size_t len = 0; len < 300; len++) {
		unsigned char *in = malloc(len + 1), *back = malloc(len + 1); /* as large as is promised, so that ASan sees one byte more */
		char *text = malloc((len * 4 + 2) / 3 + 1), expected[500];
		for (size_t i = 0; i < len; i++) {
			random = random * 1664525 + 1013904223;
			in[i] = (unsigned char)(random >> 24);
		}
		char *exact = realloc(text, (len * 4 + 2) / 3 + (len == 0));
		size_t n = agent_b64url_put(exact, (agent_str){ (char *)in, len });
		assert_int_equal(n, naive_put(expected, in, len));
		assert_memory_equal(exact, expected, n);
		unsigned char *small = realloc(back, len + (len == 0));
		assert_true(agent_b64url_get(small, (agent_str){ exact, n }));
		assert_memory_equal(small, in, len);
		agent_buf buf;
		agent_buf_init(&buf, 1000);
		agent_buf_add_lit(&buf, "x");
		agent_b64url_encode(&buf, (agent_str){ (char *)in, len });
		assert_int_equal(buf.len, n + 1);
		assert_memory_equal(buf.ptr + 1, expected, n);
		agent_buf_reset(&buf);
		assert_true(agent_b64url_decode(&buf, (agent_str){ exact, n }));
		assert_int_equal(buf.len, len);
		agent_buf_clear(&buf);
		free(small);
		free(exact);
		free(in);
	}
}

static void a_foreign_byte_is_seen_at_every_place(void **state)
{
	(void)state;
	unsigned char out[200];
	for (size_t len = 0; len <= 104; len++) {
		char *text = malloc(len + 1);
		memset(text, 'A', len);
		assert_int_equal(agent_b64url_get(out, (agent_str){ text, len }), len % 4 != 1);
		for (size_t at = 0; at < len; at++) {
			for (int c = 0; c < 256; c++) {
				bool known = c != 0 && strchr(alphabet, c) != NULL;
				/* the last character of a text whose length is no multiple of 4 has bits that must be zero */
				bool spare = known && at == len - 1 && ((len % 4 == 2 && (strchr(alphabet, c) - alphabet) % 16 != 0)
					|| (len % 4 == 3 && (strchr(alphabet, c) - alphabet) % 4 != 0));
				text[at] = (char)c;
				assert_int_equal(agent_b64url_get(out, (agent_str){ text, len }), known && !spare && len % 4 != 1);
			}
			text[at] = 'A';
		}
		free(text);
	}
}

static void a_refused_text_leaves_nothing(void **state)
{
	(void)state;
	static const char *const texts[] = { "A", "AAAAA", "AAA=", "AAAA====", "+AAA", "/AAA", "AA\n", "A A", "AB", "AAB", "AAAA\n",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };
	agent_buf buf;
	agent_buf_init(&buf, 40);
	agent_buf_add_lit(&buf, "x");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_false(agent_b64url_decode(&buf, agent_str_cstr(texts[i])));
		assert_true(buf.fault != AGENT_BUF_FINE || buf.len == 1);
		buf.fault = AGENT_BUF_FINE;
	}
	assert_true(agent_b64url_decode(&buf, AGENT_STR("")));
	assert_int_equal(buf.len, 1);
	agent_buf_clear(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_length_is_written_and_read_back),
		cmocka_unit_test(a_foreign_byte_is_seen_at_every_place),
		cmocka_unit_test(a_refused_text_leaves_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

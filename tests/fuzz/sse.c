/* SPDX-License-Identifier: MIT
 * libFuzzer: the same bytes fed whole, one by one and at random cuts give the same events.
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined -I. tests/fuzz/sse.c ext/wire/sse.c ext/base/[a-s]*.c */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "ext/base/alloc.h"
#include "ext/wire/sse.h"

#define EVENT_LIMIT 64

static void note(agent_buf *out, agent_sse_event event)
{
	if (event.data.len == 0 || event.data.len + event.name.len > EVENT_LIMIT) {
		abort();
	}
	agent_buf_addf(out, "%zu,%zu:", event.name.len, event.data.len);
	agent_buf_add(out, event.name);
	agent_buf_add(out, event.data);
}

static agent_status feed(agent_sse *sse, agent_str bytes, agent_buf *out)
{
	for (;;) {
		size_t used;
		bool ready;
		agent_sse_event event;
		agent_error err;
		if (agent_sse_feed(sse, bytes, &used, &ready, &event, &err) != AGENT_OK) {
			agent_buf_add(out, agent_str_cstr(err.code));
			return AGENT_ERR;
		}
		if (used > bytes.len || (!ready && used != bytes.len)) {
			abort();
		}
		bytes = agent_str_from(bytes, used);
		if (!ready) {
			return AGENT_OK;
		}
		note(out, event);
	}
}

/* Pieces of random length up to `most`, each a block of its own so that ASan sees its borders. */
static void run(agent_str text, size_t most, uint32_t seed, agent_buf *out)
{
	agent_buf_init(out, 64 * 1024 * 1024);
	agent_sse *sse = agent_sse_new(EVENT_LIMIT);
	agent_status status = AGENT_OK;
	while (text.len > 0 && status == AGENT_OK) {
		seed = seed * 1664525 + 1013904223;
		agent_str piece = agent_str_cut(text, 0, most == 1 || most >= text.len ? most : 1 + (seed >> 8) % most);
		char *copy = agent_malloc(piece.len);
		memcpy(copy, piece.ptr, piece.len);
		status = feed(sse, (agent_str){ copy, piece.len }, out);
		agent_free(copy);
		text = agent_str_from(text, piece.len);
	}
	bool ready;
	agent_sse_event event;
	agent_sse_end(sse, &ready, &event);
	if (ready) {
		agent_buf_add_char(out, '$');
		note(out, event);
	}
	agent_sse_free(sse);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	agent_str text = agent_str_of((const char *)bytes, len);
	uint32_t seed = (uint32_t)len;
	for (size_t i = 0; i < len; i++) {
		seed = seed * 31 + bytes[i];
	}
	agent_buf whole;
	run(text, len + 1, 0, &whole);
	for (size_t most = 1; most <= 16; most *= 4) {
		agent_buf pieces;
		run(text, most, seed, &pieces);
		if (!agent_str_eq(agent_buf_str(&whole), agent_buf_str(&pieces))) {
			abort();
		}
		agent_buf_clear(&pieces);
	}
	agent_buf_clear(&whole);
	return 0;
}

/* SPDX-License-Identifier: MIT
 * Fuzz target: any bytes through the reader, the tree and the writer;
 * what was written is read again and written the same. */
#include <stdlib.h>

#include "ext/base/alloc.h"
#include "ext/contract/json.h"
#include "ext/contract/reader.h"

static void must(bool truth)
{
	if (!truth) {
		abort();
	}
}

/* The pull reader alone: next to the end, and skip; both say the same. */
static bool pull(agent_str text, bool skip)
{
	agent_json_reader reader;
	agent_json_reader_init(&reader, text, 32);
	if (skip) {
		return agent_json_skip(&reader) && agent_json_next(&reader) == AGENT_JSON_END;
	}
	agent_buf out;
	agent_buf_init(&out, text.len);
	for (;;) {
		agent_json_token token = agent_json_next(&reader);
		must(reader.pos <= text.len && reader.start <= text.len && reader.depth >= 0 && reader.depth <= 32);
		if (token == AGENT_JSON_KEY || token == AGENT_JSON_STRING) {
			agent_buf_reset(&out);
			agent_json_unescape(reader.raw, &out);
			must(out.fault == AGENT_BUF_FINE && (out.len == 0 || memchr(out.ptr, 0, out.len) == NULL));
			(void)agent_json_key_is(&reader, "content");
		}
		if (token <= AGENT_JSON_END) {
			must((token == AGENT_JSON_ERROR) == (reader.error != NULL && reader.code != NULL));
			agent_buf_clear(&out);
			return token == AGENT_JSON_END;
		}
	}
}

static void write_all(const agent_json *node, agent_buf *out)
{
	agent_buf_reset(out);
	agent_json_write(node, out);
	must(out->fault == AGENT_BUF_FINE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	agent_str text = agent_str_of((const char *)data, size);
	agent_error err;
	agent_json *first, *second;
	bool valid = pull(text, false);
	must(valid == pull(text, true));
	if (agent_json_parse(text, AGENT_JSON_LIMITS, "the text", &first, &err) != AGENT_OK) {
		/* The tree refuses more than the reader: doubled keys and numbers out of range. */
		must(!valid || agent_str_is(agent_str_cstr(err.code), "duplicate_key")
			|| agent_str_is(agent_str_cstr(err.code), "number")
			|| agent_str_is(agent_str_cstr(err.code), "too_large"));
		return 0;
	}
	must(valid);
	agent_buf a, b;
	agent_buf_init(&a, size * 6 + 64);
	agent_buf_init(&b, size * 6 + 64);
	write_all(first, &a);
	must(agent_json_parse(agent_buf_str(&a), AGENT_JSON_LIMITS, "the written text", &second,
		&err) == AGENT_OK);
	write_all(second, &b);
	must(agent_str_eq(agent_buf_str(&a), agent_buf_str(&b)));
	agent_buf_reset(&a);
	agent_json_write_canonical(first, &a);
	must(a.fault == AGENT_BUF_FINE && a.len == b.len);
	agent_buf_clear(&a);
	agent_buf_clear(&b);
	agent_json_free(first);
	agent_json_free(second);
	return 0;
}

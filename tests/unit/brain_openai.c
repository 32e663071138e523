/* SPDX-License-Identifier: MIT
 * brain/: the codec for OpenAI Chat Completions, against transcripts in the formats that vendors document.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/brain_stream.h"
#include "tests/support/torture.h"

#define CODEC (&agent_codec_openai_chat)
#define LIMIT ((size_t)100000)
#define USAGE_NONE "\"usage\":null,"
#define HEAD "{\"protocol\":\"openai-chat\",\"text\":"
#define DELTA(delta) "data: {\"choices\":[{\"index\":0,\"delta\":" delta ",\"finish_reason\":null}]}\n\n"
#define REASON(reason) "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" reason "\"}]}\n\n"
#define DONE "data: [DONE]\n\n"

static void expect_in(const char *name, agent_str body, const char *line)
{
	agent_buf got;
	agent_error err = { 0 };
	agent_buf_init(&got, LIMIT);
	for (size_t step = 0; step < 4; step++) {
		agent_buf_reset(&got);
		assert_int_equal(brain_stream_run(CODEC, body, step, LIMIT, &got, &err), AGENT_OK);
		if (!agent_str_is(agent_buf_str(&got), line)) {
			fail_msg("%s (pieces of %zu): got\n%.*s\nwant\n%s", name, step,
				AGENT_STR_ARG(agent_buf_str(&got)), line);
		}
	}
	agent_buf_clear(&got);
}

typedef struct row {
	const char *name, *body, *line;
} row;

static void expect(const row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		expect_in(rows[i].name, agent_str_cstr(rows[i].body), rows[i].line);
	}
}

#define EXPECT(rows) expect((rows), sizeof(rows) / sizeof *(rows))
#define PLAIN(text, finish) HEAD text ",\"reasoning\":false,\"refusal\":null,\"tool_calls\":[],\"finish\":\"" finish "\"," USAGE_NONE "\"error\":null}"
#define CALLS(text, calls, finish) HEAD text ",\"reasoning\":false,\"refusal\":null,\"tool_calls\":[" calls "],\"finish\":\"" finish "\"," USAGE_NONE "\"error\":null}"
#define FAILED(text, message) HEAD text ",\"reasoning\":false,\"refusal\":null,\"tool_calls\":[],\"finish\":\"error\"," USAGE_NONE "\"error\":{\"message\":\"" message "\"}}"

static void text_is_the_concatenated_content(void **state)
{
	(void)state;
	static const row rows[] = {
		{ "plain", DELTA("{\"role\":\"assistant\",\"content\":\"\"}") DELTA("{\"content\":\"Hel\"}") DELTA("{\"content\":\"lo\"}")
			REASON("stop") DONE, PLAIN("\"Hello\"", "stop") },
		{ "a zero is text", DELTA("{\"content\":\"38\"}") DELTA("{\"content\":\"0\"}") DELTA("{\"content\":\"0\"}") REASON("stop"),
			PLAIN("\"3800\"", "stop") },
		{ "DONE inside a text", DELTA("{\"content\":\"Status: [DONE], refunded.\"}") REASON("stop") DONE,
			PLAIN("\"Status: [DONE], refunded.\"", "stop") },
		{ "nothing is trimmed", DELTA("{\"content\":\" a\\n\"}") DELTA("{\"content\":\" \"}") REASON("stop"),
		PLAIN("\" a\\n \"", "stop") },
		{ "null content", DELTA("{\"content\":null}") REASON("stop"), PLAIN("\"\"", "stop") },
		{ "surrogate pair", DELTA("{\"content\":\"\\ud83d\\ude00\"}") REASON("stop"),
		PLAIN("\"\xf0\x9f\x98\x80\"", "stop") },
		{ "parts", DELTA("{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}") REASON("stop"),
			PLAIN("\"ab\"", "stop") },
		{ "other choices", "data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"index\":1},{\"delta\":{\"content\":\"a\"},\"index\":0}]}\n\n"
			"data: {\"choices\":[{\"index\":1,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n" REASON("stop"), PLAIN("\"a\"", "stop") },
		{ "no index", "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"index\":null},{\"delta\":{\"content\":\"b\"}}]}\n\n" REASON("stop"),
			PLAIN("\"ab\"", "stop") },
		{ "Azure begins without a choice",
		"data: {\"choices\":[],\"prompt_filter_results\":[{}]}\n\n" DELTA("{\"content\":\"a\"}") REASON("stop"),
			PLAIN("\"a\"", "stop") },
		{ "keep-alives", ": OPENROUTER PROCESSING\n\n: x\r\n\r\n" DELTA("{\"content\":\"a\"}") REASON("stop"),
		PLAIN("\"a\"", "stop") },
		{ "no JSON object", "data: hello\n\ndata: [1]\n\ndata: {\"choices\":\n\n" DELTA("{\"content\":\"a\"}") REASON("stop"), PLAIN("\"a\"", "stop") },
		{ "wrong types", "data: {\"choices\":{},\"usage\":[],\"x_groq\":1,\"object\":2}\n\ndata: {\"choices\":[1,{\"delta\":[]},{\"delta\":"
			"{\"content\":{},\"tool_calls\":{},\"refusal\":7}}]}\n\n" REASON("stop"), PLAIN("\"\"", "stop") },
	};
	EXPECT(rows);
}

static void reasoning_and_refusal_are_no_answer(void **state)
{
	(void)state;
	static const row rows[] = {
		{ "reasoning", DELTA("{\"reasoning\":\"hm\"}") DELTA("{\"content\":\"a\"}") REASON("stop"),
			HEAD "\"a\",\"reasoning\":true,\"refusal\":null,\"tool_calls\":[],\"finish\":\"stop\"," USAGE_NONE "\"error\":null}" },
		{ "reasoning_content", DELTA("{\"reasoning_content\":\"hm\"}") REASON("stop"),
			HEAD "\"\",\"reasoning\":true,\"refusal\":null,\"tool_calls\":[],\"finish\":\"stop\"," USAGE_NONE "\"error\":null}" },
		{ "thinking parts", DELTA("{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"hm\"}]},"
			"{\"type\":\"text\",\"text\":\"a\"}]}") REASON("stop"),
			HEAD "\"a\",\"reasoning\":true,\"refusal\":null,\"tool_calls\":[],\"finish\":\"stop\"," USAGE_NONE "\"error\":null}" },
		{ "empty reasoning", DELTA("{\"reasoning\":\"\",\"reasoning_content\":null,\"reasoning_details\":[]}") REASON("stop"), PLAIN("\"\"", "stop") },
		{ "refusal", DELTA("{\"refusal\":\"I \"}") DELTA("{\"refusal\":\"cannot.\"}") REASON("stop"),
			HEAD "\"\",\"reasoning\":false,\"refusal\":\"I cannot.\",\"tool_calls\":[],\"finish\":\"refusal\"," USAGE_NONE "\"error\":null}" },
		{ "a length outweighs a refusal", DELTA("{\"refusal\":\"I \"}") REASON("length"),
			HEAD "\"\",\"reasoning\":false,\"refusal\":\"I \",\"tool_calls\":[],\"finish\":\"length\"," USAGE_NONE "\"error\":null}" },
	};
	EXPECT(rows);
}

#define CALL(id, name, arguments) "{\"id\":\"" id "\",\"name\":\"" name "\",\"arguments\":\"" arguments "\"}"

static void calls_are_put_together_by_index(void **state)
{
	(void)state;
	static const row rows[] = {
		{ "in pieces", DELTA("{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}")
			DELTA("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}]}")
			DELTA("{\"tool_calls\":[{\"index\":0,\"id\":\"c9\",\"function\":{\"name\":\"\",\"arguments\":\":1}\"}}]}") REASON("tool_calls") DONE,
			CALLS("\"\"", CALL("c1", "f", "{\\\"a\\\":1}"), "tool_calls") },
		{ "interleaved, from 1",
		DELTA("{\"tool_calls\":[{\"index\":2,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{\"}}]}")
			DELTA("{\"tool_calls\":[{\"function\":{\"arguments\":\"{\",\"name\":\"f\"},\"id\":\"a\",\"index\":1},{\"index\":2,\"function\":{\"arguments\":\"}\"}}]}")
			DELTA("{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"}\"}}]}") REASON("tool_calls"),
			CALLS("\"\"", CALL("a", "f", "{}") "," CALL("b", "g", "{}"), "tool_calls") },
		{ "no index: place in the list",
		DELTA("{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},"
			"{\"index\":null,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"[]\"}}]}") REASON("stop"),
			CALLS("\"\"", CALL("a", "f", "{}") "," CALL("b", "g", "[]"), "tool_calls") },
		{ "no arguments", DELTA("{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\"}}]}") REASON("tool_calls"),
			CALLS("\"\"", CALL("a", "f", "{}"), "tool_calls") },
		{ "wrong arguments stay as they are",
		DELTA("{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{'a':1,\"}}]}")
			REASON("tool_calls"), CALLS("\"\"", CALL("a", "f", "{'a':1,"), "tool_calls") },
		{ "length cuts a call",
		DELTA("{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\"}}]}") REASON("length"),
			CALLS("\"\"", CALL("a", "f", ""), "length") },
		{ "the stream breaks",
		DELTA("{\"content\":\"x\",\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}"),
			CALLS("\"x\"", CALL("a", "f", "{}"), "truncated") },
		{ "half a surrogate pair in each piece",
		DELTA("{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\\\"\\\\ud83d\"}}]}")
			DELTA("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\\ude00\\\"\"}}]}") REASON("tool_calls"),
			CALLS("\"\"", CALL("a", "f", "\\\"\\\\ud83d\\\\ude00\\\""), "tool_calls") },
	};
	EXPECT(rows);
}

static void the_end_is_what_the_stream_says(void **state)
{
	(void)state;
	static const row rows[] = {
		{ "nothing", "", PLAIN("\"\"", "truncated") },
		{ "no terminal event", DELTA("{\"content\":\"a\"}"), PLAIN("\"a\"", "truncated") },
		{ "DONE alone", DELTA("{\"content\":\"a\"}") DONE, PLAIN("\"a\"", "stop") },
		{ "DONE without its line end", DELTA("{\"content\":\"a\"}") "data: [DONE]", PLAIN("\"a\"", "stop") },
		{ "last chunk without its line end",
		"data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}",
		PLAIN("\"a\"", "stop") },
		{ "last chunk cut", DELTA("{\"content\":\"a\"}") "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]", PLAIN("\"a\"", "truncated") },
		{ "cut inside a character",
		DELTA("{\"content\":\"a\"}") "data: {\"choices\":[{\"delta\":{\"content\":\"\xe2\x82",
		PLAIN("\"a\"", "truncated") },
		{ "after DONE", REASON("stop") DONE DELTA("{\"content\":\"a\"}") "data: {\"error\":\"late\"}\n\n",
		PLAIN("\"\"", "stop") },
		{ "model_length", REASON("model_length"), PLAIN("\"\"", "length") },
		{ "max_tokens", REASON("max_tokens"), PLAIN("\"\"", "length") },
		{ "filter", REASON("content_filter"), PLAIN("\"\"", "content_filter") },
		{ "function_call", REASON("function_call"), PLAIN("\"\"", "stop") },
		{ "another", REASON("eos"), PLAIN("\"\"", "stop") },
		{ "an empty reason is none", REASON(""), PLAIN("\"\"", "truncated") },
		{ "length, then stop", REASON("length") REASON("stop"), PLAIN("\"\"", "length") },
	};
	EXPECT(rows);
}

static void an_error_is_never_an_answer(void **state)
{
	(void)state;
	static const row rows[] = {
		{ "in a chunk, after the reason",
			DELTA("{\"content\":\"a\"}") REASON("stop") "data: {\"error\":{\"message\":\"m\",\"code\":400},\"choices\":[]}\n\n" DONE,
			FAILED("\"a\"", "m") },
		{ "as text", "data: {\"error\":\"m\"}\n\n", FAILED("\"\"", "m") },
		{ "event: error", "event: error\ndata: {\"error\":{\"message\":\"m\",\"code\":\"x\"}}\n\n",
		FAILED("\"\"", "m") },
		{ "event: error, no JSON", "event: error\ndata: busy\n\n", FAILED("\"\"", "busy") },
		{ "object error", "data: {\"object\":\"error\",\"message\":\"m\"}\n\n", FAILED("\"\"", "m") },
		{ "finish_reason error", REASON("error"),
		FAILED("\"\"", "the server ended the answer with an error") },
		{ "OpenRouter's choice",
		"data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"error\",\"error\":{\"message\":\"m\"}}]}\n\n",
		FAILED("\"\"", "m") },
		{ "the first one stays", "data: {\"error\":\"m\"}\n\ndata: {\"error\":\"n\"}\n\n",
		FAILED("\"\"", "m") },
		{ "null is none", "data: {\"error\":null,\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\n", PLAIN("\"a\"", "stop") },
		{ "a character we do not take", DELTA("{\"content\":\"a\\u0000b\"}") REASON("stop"),
		FAILED("\"\"", "an event of the stream cannot be read") },
	};
	EXPECT(rows);
}

#define USAGE(input, output, cached) HEAD "\"\",\"reasoning\":false,\"refusal\":null,\"tool_calls\":[],\"finish\":\"stop\",\"usage\":" \
	"{\"input\":" input ",\"output\":" output ",\"cached\":" cached "},\"error\":null}"

static void the_last_usage_wins(void **state)
{
	(void)state;
	static const row rows[] = {
		{ "after the reason",
			REASON("stop") "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,"
			"\"prompt_tokens_details\":{\"cached_tokens\":4}}}\n\n" DONE, USAGE("10", "5", "4") },
		{ "growing", "data: {\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":1}}\n\ndata: {\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2}}\n\n"
			REASON("stop"), USAGE("10", "2", "0") },
		{ "Groq", "data: {\"x_groq\":{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}},\"choices\":[]}\n\n" REASON("stop"), USAGE("3", "2", "0") },
		{ "DeepSeek", "data: {\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"prompt_cache_hit_tokens\":1}}\n\n" REASON("stop"), USAGE("3", "2", "1") },
		{ "null is none", "data: {\"usage\":{\"prompt_tokens\":3}}\n\ndata: {\"usage\":null}\n\n" REASON("stop"), USAGE("3", "0", "0") },
		{ "no numbers", "data: {\"usage\":{\"prompt_tokens\":-3,\"completion_tokens\":1e99,\"cached_tokens\":2.0}}\n\n" REASON("stop"), USAGE("0", "0", "2") },
	};
	EXPECT(rows);
}

static void a_malformed_call_is_no_outage(void **state)
{
	(void)state;
	brain_stream s;
	agent_error err = { 0 };
	assert_int_equal(brain_stream_open(&s, CODEC, LIMIT, &err), AGENT_OK);
	agent_str body = AGENT_STR("event: error\ndata: {\"error\":{\"message\":\"bad call\",\"code\":\"tool_use_failed\",\"failed_generation\":\"\"}}\n\n");
	assert_int_equal(brain_stream_feed(&s, body, &err), AGENT_OK);
	assert_int_equal(brain_stream_end(&s, &err), AGENT_OK);
	assert_int_equal(s.end.finish, AGENT_FINISH_ERROR);
	assert_true(s.end.malformed_call);
	brain_stream_clear(&s);
}

static void text_that_is_not_taken_waits(void **state)
{
	(void)state;
	agent_error err = { 0 };
	agent_brain_event event;
	agent_decoder *decoder = CODEC->open(LIMIT);
	assert_non_null(decoder);
	assert_false(CODEC->next(decoder, &event));
	CODEC->event(decoder, AGENT_STR_EMPTY, AGENT_STR("{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}"),
		&err);
	CODEC->event(decoder, AGENT_STR_EMPTY, AGENT_STR("{\"choices\":[{\"delta\":{\"content\":\"b\"}}]}"),
		&err);
	assert_true(CODEC->next(decoder, &event));
	assert_true(agent_str_is(event.text, "ab"));
	assert_false(CODEC->next(decoder, &event));
	CODEC->event(decoder, AGENT_STR_EMPTY, AGENT_STR("{\"choices\":[{\"delta\":{\"content\":\"c\"}}]}"),
		&err);
	CODEC->finish(decoder, &err);
	assert_true(CODEC->next(decoder, &event));
	assert_true(agent_str_is(event.text, "c"));
	assert_true(CODEC->next(decoder, &event));
	assert_int_equal(event.kind, AGENT_BRAIN_END);
	assert_false(CODEC->next(decoder, &event));
	CODEC->close(decoder);
	CODEC->close(NULL);
}

static void what_is_kept_has_a_ceiling(void **state)
{
	(void)state;
	agent_error err = { 0 };
	agent_buf line;
	agent_buf_init(&line, LIMIT);
	agent_str call = AGENT_STR(DELTA("{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"0123456789\"}}]}"));
	agent_str text = AGENT_STR(DELTA("{\"content\":\"0123456789\"}") DELTA("{\"content\":\"0123456789\"}") DONE);
	assert_int_equal(brain_stream_run(CODEC, call, 0, 1000, &line, &err), AGENT_OK);
	agent_buf_reset(&line);
	assert_int_equal(brain_stream_run(CODEC, text, 0, 12, &line, &err), AGENT_OK);
	assert_int_equal(brain_stream_run(CODEC, call, 0, 100, &line, &err), AGENT_ERR);
	assert_int_equal(err.domain, AGENT_DOMAIN_LIMIT);
	assert_string_equal(err.code, "too_large");
	agent_buf_clear(&line);
}

static const agent_brain_call sent[] = {
	{ AGENT_STR_INIT("c1"), AGENT_STR_INIT("f"), AGENT_STR_INIT("{\"a\":\"\\n\"}") },
	{ AGENT_STR_INIT("c2"), AGENT_STR_INIT("g"), AGENT_STR_INIT("{}") },
};

static const agent_message history[] = {
	{ .role = AGENT_ROLE_USER, .text = AGENT_STR_INIT("Where is \"it\"?") },
	{ .role = AGENT_ROLE_ASSISTANT, .text = AGENT_STR_INIT(""), .calls = sent, .call_count = 2 },
	{ .role = AGENT_ROLE_TOOL, .text = AGENT_STR_INIT("{\"b\":1}"), .call_id = AGENT_STR_INIT("c1") },
	{ .role = AGENT_ROLE_TOOL, .text = AGENT_STR_INIT("{}"), .call_id = AGENT_STR_INIT("c2") },
	{ .role = AGENT_ROLE_ASSISTANT, .text = AGENT_STR_INIT("There.") },
};

static const agent_tool offered[] = {
	{ .name = AGENT_STR_INIT("f"), .description = AGENT_STR_INIT("F"),
		.input_text = AGENT_STR_INIT("{\"type\":\"object\"}") },
	{ .name = AGENT_STR_INIT("hidden"), .input_text = AGENT_STR_INIT("{}") },
	{ .name = AGENT_STR_INIT("g"), .description = AGENT_STR_INIT("G"), .input_text = AGENT_STR_INIT("{}") },
};

static const agent_brain_request request = {
	.policy = AGENT_STR_INIT("Be kind."), .tools = offered, .tool_count = 3, .tool_mask = 5,
		.tools_allowed = true,
	.messages = history, .message_count = 5, .instruction = AGENT_STR_INIT("Answer now."), .max_tokens = 800,
};

#define TOOLS_JSON "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"F\",\"parameters\":{\"type\":\"object\"}}}," \
	"{\"type\":\"function\",\"function\":{\"name\":\"g\",\"description\":\"G\",\"parameters\":{}}}]"
#define MESSAGES_JSON "\"messages\":[{\"role\":\"system\",\"content\":\"Be kind.\"},{\"role\":\"user\",\"content\":\"Where is \\\"it\\\"?\"}," \
	"{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\"," \
	"\"arguments\":\"{\\\"a\\\":\\\"\\\\n\\\"}\"}},{\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]}," \
	"{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"{\\\"b\\\":1}\"},{\"role\":\"tool\",\"tool_call_id\":\"c2\",\"content\":\"{}\"}," \
	"{\"role\":\"assistant\",\"content\":\"There.\"},{\"role\":\"system\",\"content\":\"Answer now.\"}]"
#define OPENING(model) "{\"model\":\"" model "\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"

static void encodes(const agent_brain_request *asked, const char *model, const char *want)
{
	agent_error err = { 0 };
	agent_buf out;
	agent_buf_init(&out, LIMIT);
	assert_int_equal(CODEC->encode(asked, agent_str_cstr(model), &out, &err), AGENT_OK);
	if (!agent_str_is(agent_buf_str(&out), want)) {
		fail_msg("got\n%.*s\nwant\n%s", AGENT_STR_ARG(agent_buf_str(&out)), want);
	}
	agent_buf_clear(&out);
}

static void the_request_is_the_same_bytes_each_time(void **state)
{
	(void)state;
	agent_brain_request asked = request;
	encodes(&asked, "m", OPENING("m") TOOLS_JSON "," MESSAGES_JSON ",\"max_tokens\":800}");
	asked.tools_allowed = false;
	encodes(&asked, "gpt-5-mini",
		OPENING("gpt-5-mini") TOOLS_JSON "," MESSAGES_JSON ",\"tool_choice\":\"none\",\"max_completion_tokens\":800}");
	asked = (agent_brain_request){ .tools = offered, .tool_count = 3, .policy = AGENT_STR_EMPTY,
		.instruction = AGENT_STR_EMPTY,
		.messages = history, .message_count = 1 };
	encodes(&asked, "m", OPENING("m") "\"messages\":[{\"role\":\"user\",\"content\":\"Where is \\\"it\\\"?\"}]}");
}

static void a_request_has_a_ceiling(void **state)
{
	(void)state;
	agent_error err = { 0 };
	agent_buf out;
	agent_buf_init(&out, 200);
	assert_int_equal(CODEC->encode(&request, AGENT_STR("m"), &out, &err), AGENT_ERR);
	assert_string_equal(err.code, "too_large");
	agent_buf_reset(&out);
	CODEC->key_header(AGENT_STR("sk-1"), &out);
	assert_true(agent_str_is(agent_buf_str(&out), "Authorization: Bearer sk-1"));
	agent_buf_reset(&out);
	CODEC->key_header(AGENT_STR_EMPTY, &out);
	assert_int_equal(out.len, 0);
	agent_buf_clear(&out);
}

static void names_and_codecs(void **state)
{
	(void)state;
	for (int i = AGENT_FINISH_STOP; i <= AGENT_FINISH_TRUNCATED; i++) {
		agent_finish finish;
		assert_true(agent_finish_parse(agent_str_cstr(agent_finish_name((agent_finish)i)), &finish));
		assert_int_equal(finish, i);
	}
	agent_finish other;
	assert_false(agent_finish_parse(AGENT_STR("end_turn"), &other));
	assert_ptr_equal(agent_codec_for(AGENT_PROTOCOL_OPENAI_CHAT), CODEC);
	assert_null(agent_codec_for(AGENT_PROTOCOL_LOCAL));
}

static void a_failed_request_says_why(void **state)
{
	(void)state;
	static const struct {
		const char *body, *message;
		bool malformed;
	} rows[] = {
		{ "{\"error\":{\"message\":\"No such model\",\"type\":\"x\",\"code\":\"model_not_found\"}}",
			"No such model", false },
		{ "{\"error\":{\"message\":\"Bad call\",\"code\":\"tool_use_failed\",\"failed_generation\":\"\"}}",
		"Bad call", true },
		{ "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}",
		"Overloaded", false },
		{ "{\"error\":\"model 'x' not found\"}", "model 'x' not found", false },
		{ "{\"object\":\"error\",\"message\":\"Unauthorized\"}", "Unauthorized", false },
		{ "{\"detail\":\"Not found\"}", "Not found", false },
		{ "{\"detail\":[{\"msg\":\"x\"}]}", "", false },
		{ "[{\"error\":{\"code\":429,\"message\":\"Quota\"}}]", "Quota", false },
		{ "[]", "", false },
		{ "\"x\"", "", false },
		{ "<html><body>502</body></html>", "", false },
		{ "", "", false },
		{ "{\"error\":{\"message\":\"cut", "", false },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		agent_buf out;
		bool malformed = true;
		agent_buf_init(&out, LIMIT);
		agent_brain_error_body(agent_str_cstr(rows[i].body), &out, &malformed);
		assert_true(agent_str_is(agent_buf_str(&out), rows[i].message));
		assert_int_equal(malformed, rows[i].malformed);
		agent_buf_clear(&out);
	}
}

static agent_status scenario(void *state, agent_error *err)
{
	(void)state;
	static const char body[] = DELTA("{\"content\":[{\"type\":\"text\",\"text\":\"a\\u00e9\"}],\"refusal\":\"r\"}")
		DELTA("{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}},{\"id\":\"b\",\"function\":{\"name\":\"g\"}}]}")
		DELTA("{\"tool_calls\":[{\"index\":7,\"function\":{\"arguments\":\"}\"}},{},{},{},{}]}")
		"data: {\"error\":{\"message\":\"m\\u0041\"},\"usage\":{\"prompt_tokens\":1}}\n\n" REASON("tool_calls") DONE;
	static const char want[] = HEAD "\"a\xc3\xa9\",\"reasoning\":false,\"refusal\":\"r\",\"tool_calls\":["
		CALL("a", "f", "{") "," CALL("b", "g", "") "," CALL("", "", "") "," CALL("", "", "") "," CALL("", "",
			"") "," CALL("", "", "}")
		"],\"finish\":\"error\",\"usage\":{\"input\":1,\"output\":0,\"cached\":0},\"error\":{\"message\":\"mA\"}}";
	agent_buf line;
	agent_buf_init(&line, LIMIT);
	agent_status status = brain_stream_run(CODEC, agent_str_cstr(body), 64, LIMIT, &line, err);
	if (status == AGENT_OK && !agent_str_is(agent_buf_str(&line), want)) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "line", "%.*s", AGENT_STR_ARG(agent_buf_str(&line)));
	}
	agent_buf_reset(&line);
	if (status == AGENT_OK) {
		status = CODEC->encode(&request, AGENT_STR("m"), &line, err);
	}
	agent_buf_clear(&line);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("openai-chat", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_the_concatenated_content),
		cmocka_unit_test(reasoning_and_refusal_are_no_answer),
		cmocka_unit_test(calls_are_put_together_by_index),
		cmocka_unit_test(the_end_is_what_the_stream_says),
		cmocka_unit_test(an_error_is_never_an_answer),
		cmocka_unit_test(the_last_usage_wins),
		cmocka_unit_test(a_malformed_call_is_no_outage),
		cmocka_unit_test(text_that_is_not_taken_waits),
		cmocka_unit_test(what_is_kept_has_a_ceiling),
		cmocka_unit_test(the_request_is_the_same_bytes_each_time),
		cmocka_unit_test(a_request_has_a_ceiling),
		cmocka_unit_test(names_and_codecs),
		cmocka_unit_test(a_failed_request_says_why),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

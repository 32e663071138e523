/* SPDX-License-Identifier: MIT
 * A model's stream through the event parser and a codec, to the one line of JSON that says what it means.
 * For brain_dump and the tests; no transport. */
#ifndef AGENT_TESTS_BRAIN_STREAM_H
#define AGENT_TESTS_BRAIN_STREAM_H

#include "ext/brain/brain.h"
#include "ext/contract/json.h"
#include "ext/wire/sse.h"

#define BRAIN_STREAM_LIMIT ((size_t)32 * 1024 * 1024)

typedef struct brain_stream {
	const agent_codec *codec;
	agent_sse *sse;
	agent_decoder *decoder;
	agent_buf text, calls;
	agent_brain_event end;       /* its views live as long as the decoder */
	int texts;                   /* pieces of text that came */
} brain_stream;

static inline void brain_stream_clear(brain_stream *s)
{
	if (s->codec != NULL) {
		s->codec->close(s->decoder);
	}
	agent_sse_free(s->sse);
	agent_buf_clear(&s->text);
	agent_buf_clear(&s->calls);
}

static inline agent_status brain_stream_open(brain_stream *s, const agent_codec *codec, size_t limit,
	agent_error *err)
{
	*s = (brain_stream){ .codec = codec };
	agent_buf_init(&s->text, BRAIN_STREAM_LIMIT);
	agent_buf_init(&s->calls, BRAIN_STREAM_LIMIT);
	s->sse = agent_sse_new(BRAIN_STREAM_LIMIT);
	s->decoder = codec->open(limit);
	return s->sse != NULL && s->decoder != NULL ? AGENT_OK : agent_fail_memory(err);
}

static inline void brain_stream_take(brain_stream *s)
{
	agent_brain_event event;
	while (s->codec->next(s->decoder, &event)) {
		switch (event.kind) {
			case AGENT_BRAIN_TEXT:
				agent_buf_add(&s->text, event.text);
				s->texts++;
				break;
			case AGENT_BRAIN_CALL:
				agent_buf_add(&s->calls, s->calls.len > 0 ? AGENT_STR(",{") : AGENT_STR("{"));
				agent_json_put_member(&s->calls, "id", event.call.id);
				agent_json_put_member(&s->calls, "name", event.call.name);
				agent_json_put_member(&s->calls, "arguments", event.call.arguments);
				agent_buf_add_char(&s->calls, '}');
				break;
			case AGENT_BRAIN_END:
				s->end = event;
				break;
		}
	}
}

static inline agent_status brain_stream_feed(brain_stream *s, agent_str bytes, agent_error *err)
{
	bool ready = false;
	while (bytes.len > 0 || ready) {
		size_t used = 0;
		agent_sse_event event;
		if (agent_sse_feed(s->sse, bytes, &used, &ready, &event, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		bytes = agent_str_from(bytes, used);
		if (ready && s->codec->event(s->decoder, event.name, event.data, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		brain_stream_take(s);
	}
	return AGENT_OK;
}

static inline agent_status brain_stream_end(brain_stream *s, agent_error *err)
{
	agent_sse_event event;
	bool ready = false;
	agent_sse_end(s->sse, &ready, &event);
	if (ready && s->codec->event(s->decoder, event.name, event.data, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	brain_stream_take(s);
	if (s->codec->finish(s->decoder, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	brain_stream_take(s);
	return AGENT_OK;
}

static inline void brain_stream_put_rest(const brain_stream *s, agent_buf *out)
{
	agent_json_put_member(out, "finish", agent_str_cstr(agent_finish_name(s->end.finish)));
	agent_json_put_key(out, "usage");
	if (s->end.usage.known) {
		agent_buf_add_char(out, '{');
		agent_json_put_member_int(out, "input", s->end.usage.input);
		agent_json_put_member_int(out, "output", s->end.usage.output);
		agent_json_put_member_int(out, "cached", s->end.usage.cached);
		agent_buf_add_char(out, '}');
	} else {
		agent_buf_add_lit(out, "null");
	}
	agent_json_put_key(out, "error");
	if (s->end.finish == AGENT_FINISH_ERROR) {
		agent_buf_add_char(out, '{');
		agent_json_put_member(out, "message", s->end.message);
		agent_buf_add_char(out, '}');
	} else {
		agent_buf_add_lit(out, "null");
	}
}

/* As the fixtures' README says, without a line end. */
static inline void brain_stream_line(const brain_stream *s, agent_buf *out)
{
	agent_buf_add_char(out, '{');
	agent_json_put_member(out, "protocol", agent_str_cstr(s->codec->protocol));
	agent_json_put_member(out, "text", agent_buf_str(&s->text));
	agent_json_put_member_bool(out, "reasoning", s->end.reasoning);
	agent_json_put_key(out, "refusal");
	if (s->end.refusal.len > 0) {
		agent_json_put_str(out, s->end.refusal);
	} else {
		agent_buf_add_lit(out, "null");
	}
	agent_json_put_key(out, "tool_calls");
	agent_buf_add_char(out, '[');
	agent_buf_add(out, agent_buf_str(&s->calls));
	agent_buf_add_char(out, ']');
	brain_stream_put_rest(s, out);
	agent_buf_add_char(out, '}');
}

/* The whole body in pieces of `step` bytes (0: at once). */
static inline agent_status brain_stream_run(const agent_codec *codec, agent_str body, size_t step,
	size_t limit, agent_buf *line,
	agent_error *err)
{
	brain_stream s;
	agent_status status = brain_stream_open(&s, codec, limit, err);
	for (size_t at = 0; status == AGENT_OK && at < body.len; at += step > 0 ? step : body.len) {
		status = brain_stream_feed(&s, agent_str_cut(body, at, step > 0 ? step : body.len), err);
	}
	if (status == AGENT_OK) {
		status = brain_stream_end(&s, err);
	}
	if (status == AGENT_OK) {
		brain_stream_line(&s, line);
		status = agent_buf_check(&s.text, "text", err);
	}
	if (status == AGENT_OK) {
		status = agent_buf_check(&s.calls, "calls", err);
	}
	brain_stream_clear(&s);
	return status == AGENT_OK ? agent_buf_check(line, "line", err) : status;
}

#endif

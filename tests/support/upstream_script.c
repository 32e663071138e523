/* SPDX-License-Identifier: MIT
 * The test server's script language: one response becomes steps.
 * No socket here.
 *
 * A script is responses separated by `next`: one per request, the last repeats; a changed script begins again.
 * One with `match TEXT` lines is taken instead when the request (head or body) contains all of these texts;
 * it does not count.
 *   status 429 · header Name: value · type text/html     for the head, which goes out with the first bytes of
 *                     the body. With a Content-Length header the body is sent as it is, else chunked.
 *   wait MS           before what follows (the head, too)
 *   pace MS           from now on before each chunk but the first
 *   chunk TEXT        \n \r \t \" \\ \xNN; an empty one sends the head only
 *   sse DATA          data: DATA, no escapes        event NAME DATA     the same with an event field
 *   text TEXT         an OpenAI chat delta with this content (escapes as in chunk)
 *   words TEXT        the same, a delta per word
 *   call NAME {JSON}  a tool call in three deltas: its name, two halves of its arguments
 *   usage IN OUT      the figures for `finish`, else they are guessed
 *   finish REASON     the last delta, the usage chunk and [DONE]
 *   repeat N          the last chunk again, N times
 *   json JSON · echo · body-size N     a whole body with its length: this text, the request as JSON, filler
 *   raw TEXT          bytes as they are, outside the head and the chunks (1xx answers, nonsense)
 *   cut [fin]         the connection is reset (or closed) here · stall: nothing more until the client leaves
 *   close             the connection is closed after the answer
 * Lines that are empty or begin with # are passed over. */
#define _GNU_SOURCE
#include "tests/support/upstream.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SSE "text/event-stream"

typedef struct script {  /* a response while it is being compiled to steps */
	conn *c;
	const char *request;
	text headers;
	int status;
	long pace;
	bool head_sent, chunked, typed, first;
	int calls;
	long in_tokens, out_tokens, seen;
} script;

static step *push(conn *c, kind k, long n)
{
	c->steps = text_grow(c->steps, (c->count + 1) * sizeof *c->steps);
	c->steps[c->count] = (step){ .kind = k, .n = n };
	return &c->steps[c->count++];
}

static void send_head(script *s, const char *type, long length)
{
	if (s->head_sent) {
		return;
	}
	text *t = &push(s->c, BYTES, 0)->bytes;
	bool own_length = s->headers.ptr != NULL && strcasestr(s->headers.ptr, "\r\ncontent-length:") != NULL;
	s->head_sent = true;
	s->chunked = length < 0 && !own_length;
	text_addf(t, "HTTP/1.1 %d Scripted", s->status);
	if (s->headers.len > 0) {
		text_add(t, s->headers.ptr, s->headers.len);
	}
	if (!s->typed && type != NULL) {
		text_addf(t, "\r\nContent-Type: %s", type);
	}
	if (s->chunked) {
		text_addf(t, "\r\nTransfer-Encoding: chunked");
	} else if (!own_length) {
		text_addf(t, "\r\nContent-Length: %ld", length);
	}
	text_addf(t, "%s\r\n\r\n", s->c->close_after ? "\r\nConnection: close" : "");
}

static void send_chunk(script *s, const char *type, const char *bytes, size_t len)
{
	send_head(s, type, -1);
	if (len == 0) {
		return;
	}
	if (s->pace > 0 && !s->first) {
		push(s->c, WAIT, s->pace);
	}
	s->first = false;
	step *st = push(s->c, BYTES, (long)len);
	if (s->chunked) {
		text_addf(&st->bytes, "%zx\r\n", len);
	}
	text_add(&st->bytes, bytes, len);
	if (s->chunked) {
		text_add(&st->bytes, "\r\n", 2);
	}
}

static void unescape(text *t, const char *p)
{
	text_add(t, "", 0);
	for (; *p != '\0'; p++) {
		if (*p != '\\' || p[1] == '\0') {
			text_add(t, p, 1);
			continue;
		}
		p++;
		char hex[3] = { p[0] == 'x' ? p[1] : '\0', p[0] == 'x' && p[1] != '\0' ? p[2] : '\0', '\0' };
		char c = *p == 'n' ? '\n' : *p == 'r' ? '\r' : *p == 't' ? '\t' : *p;
		if (isxdigit((unsigned char)hex[0]) && isxdigit((unsigned char)hex[1])) {
			c = (char)strtol(hex, NULL, 16);
			p += 2;
		}
		text_add(t, &c, 1);
	}
}

static void add_json(text *t, const char *bytes, size_t len)
{
	text_add(t, "\"", 1);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];
		if (c < 0x20 || c == '"' || c == '\\') {
			text_addf(t, "\\u%04x", c);
		} else {
			text_add(t, bytes + i, 1);
		}
	}
	text_add(t, "\"", 1);
}

static void send_delta(script *s, const char *delta, const char *finish)
{
	text t = { .ptr = NULL };
	text_addf(&t, "data: {\"id\":\"chatcmpl-%ld\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
		"\"model\":\"script\",\"choices\":[{\"index\":0,\"delta\":", upstream_requests);
	text_add(&t, delta, strlen(delta));
	const char *quote = finish != NULL ? "\"" : "";
	text_addf(&t, ",\"finish_reason\":%s%s%s}]}\n\n", quote, finish != NULL ? finish : "null", quote);
	send_chunk(s, SSE, t.ptr, t.len);
	text_clear(&t);
}

static void send_text(script *s, const char *bytes, size_t len)
{
	text t = { .ptr = NULL };
	text_addf(&t, "{\"content\":");
	add_json(&t, bytes, len);
	text_add(&t, "}", 1);
	send_delta(s, t.ptr, NULL);
	s->seen += (long)len;
	text_clear(&t);
}

static void send_words(script *s, const text *t)
{
	for (size_t from = 0, to; from < t->len; from = to) {
		for (to = from + 1; to < t->len && !(t->ptr[to] == ' ' && t->ptr[to - 1] != ' '); to++) {
		}
		send_text(s, t->ptr + from, to - from);
	}
}

static void send_call(script *s, char *arg)
{
	char *json = strchr(arg, ' ');
	json = json != NULL ? (*json = '\0', json + 1) : arg + strlen(arg);
	size_t len = strlen(json), half = len / 2;
	while (half > 0 && ((unsigned char)json[half] & 0xC0) == 0x80) {
		half--;
	}
	text t = { .ptr = NULL };
	text_addf(&t, "{\"tool_calls\":[{\"index\":%d,\"id\":\"call_%ld_%d\",\"type\":\"function\","
		"\"function\":{\"name\":\"%s\",\"arguments\":\"\"}}]}", s->calls, upstream_requests, s->calls, arg);
	send_delta(s, t.ptr, NULL);
	for (int i = 0; i < 2; i++) {
		t.len = 0;
		text_addf(&t, "{\"tool_calls\":[{\"index\":%d,\"function\":{\"arguments\":", s->calls);
		add_json(&t, i == 0 ? json : json + half, i == 0 ? half : len - half);
		text_addf(&t, "}}]}");
		send_delta(s, t.ptr, NULL);
	}
	text_clear(&t);
	s->seen += (long)len;
	s->calls++;
}

static void send_finish(script *s, const char *reason)
{
	text t = { .ptr = NULL };
	long in = s->in_tokens >= 0 ? s->in_tokens : (long)(s->c->request_len - s->c->head_len) / 4;
	long out = s->out_tokens >= 0 ? s->out_tokens : s->seen / 4 + 1;
	send_delta(s, "{}", reason);
	text_addf(&t, "data: {\"id\":\"chatcmpl-%ld\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
		"\"model\":\"script\",\"choices\":[],"
		"\"usage\":{\"prompt_tokens\":%ld,\"completion_tokens\":%ld,\"total_tokens\":%ld}}\n\n",
		upstream_requests, in, out, in + out);
	send_chunk(s, SSE, t.ptr, t.len);
	send_chunk(s, SSE, "data: [DONE]\n\n", 14);
	text_clear(&t);
}

static void send_whole(script *s, const char *bytes, size_t len)
{
	send_head(s, "application/json", (long)len);
	text_add(&push(s->c, BYTES, (long)len)->bytes, bytes, len);
}

static void send_echo(script *s)
{
	const char *p = s->request, *head_end = s->request + s->c->head_len - 2;
	size_t method = strcspn(p, " "), path = strcspn(p + method + 1, " ");
	text t = { .ptr = NULL };
	text_addf(&t, "{\"method\":");
	add_json(&t, p, method);
	text_addf(&t, ",\"path\":");
	add_json(&t, p + method + 1, path);
	text_addf(&t, ",\"headers\":{");
	const char *between = "";
	for (p = strstr(p, "\r\n") + 2; p < head_end; p = strstr(p, "\r\n") + 2) {
		size_t name = strcspn(p, ":\r"), skip = name + 1 + strspn(p + name + 1, " ");
		char lower[256];
		for (size_t i = 0; i < name && i < sizeof lower; i++) {
			lower[i] = (char)tolower((unsigned char)p[i]);
		}
		text_addf(&t, "%s", between);
		add_json(&t, lower, name < sizeof lower ? name : sizeof lower);
		text_add(&t, ":", 1);
		add_json(&t, p + skip, strcspn(p + skip, "\r"));
		between = ",";
	}
	text_addf(&t, "},\"body\":");
	add_json(&t, s->request + s->c->head_len, s->c->request_len - s->c->head_len);
	text_add(&t, "}", 1);
	send_whole(s, t.ptr, t.len);
	text_clear(&t);
}

static void send_repeat(script *s, long n)
{
	conn *c = s->c;
	for (size_t last = c->count; last-- > 0;) {
		if (c->steps[last].kind == BYTES && c->steps[last].n > 0) {
			for (; n > 0; n--) {
				if (s->pace > 0) {
					push(c, WAIT, s->pace);
				}
				step *st = push(c, BYTES, c->steps[last].n);
				text_add(&st->bytes, c->steps[last].bytes.ptr, c->steps[last].bytes.len);
			}
			return;
		}
	}
}

#define IS(name) (strcmp(word, name) == 0)

static void send_sse(script *s, const char *arg, bool with_name)
{
	text t = { .ptr = NULL };
	size_t name = with_name ? strcspn(arg, " ") : 0;
	if (with_name) {
		text_addf(&t, "event: %.*s\n", (int)name, arg);
		name += arg[name] == ' ';
	}
	text_addf(&t, "data: ");
	text_add(&t, arg + name, strlen(arg + name));
	text_add(&t, "\n\n", 2);
	send_chunk(s, SSE, t.ptr, t.len);
	text_clear(&t);
}

/* What models stream; t: the argument without its escapes. false: not one of these. */
static bool compile_stream(script *s, const char *word, char *arg, const text *t)
{
	if (IS("chunk")) {
		send_chunk(s, "text/plain", t->ptr, t->len);
	} else if (IS("sse") || IS("event")) {
		send_sse(s, arg, IS("event"));
	} else if (IS("text")) {
		send_text(s, t->ptr, t->len);
	} else if (IS("words")) {
		send_words(s, t);
	} else if (IS("call")) {
		send_call(s, arg);
	} else if (IS("usage")) {
		char *rest;
		s->in_tokens = strtol(arg, &rest, 10);
		s->out_tokens = strtol(rest, NULL, 10);
	} else if (IS("finish")) {
		send_finish(s, arg);
	} else if (IS("repeat")) {
		send_repeat(s, strtol(arg, NULL, 10));
	} else {
		return false;
	}
	return true;
}

/* The head, whole bodies and what happens to the connection. */
static bool compile_plain(script *s, const char *word, char *arg, const text *t)
{
	conn *c = s->c;
	long n = strtol(arg, NULL, 10);
	if (IS("status")) {
		s->status = (int)n;
	} else if (IS("header") || IS("type")) {
		text_addf(&s->headers, "\r\n%s%s", IS("type") ? "Content-Type: " : "", arg);
		s->typed = s->typed || IS("type") || strncasecmp(arg, "content-type:", 13) == 0;
	} else if (IS("wait")) {
		push(c, WAIT, n);
	} else if (IS("pace")) {
		s->pace = n;
	} else if (IS("json")) {
		send_whole(s, arg, strlen(arg));
	} else if (IS("echo")) {
		send_echo(s);
	} else if (IS("body-size")) {
		send_head(s, "text/plain", n);
		push(c, FILL, n);
	} else if (IS("raw")) {
		text_add(&push(c, BYTES, 0)->bytes, t->ptr, t->len);
	} else if (IS("cut")) {
		push(c, strcmp(arg, "fin") == 0 ? FIN : CUT, 0);
	} else if (IS("stall")) {
		push(c, STALL, 0);
	} else if (IS("close")) {
		c->close_after = true;
	} else {
		return IS("match");
	}
	return true;
}

void upstream_compile_error(conn *c, int status, const char *why)
{
	script s = { .c = c, .status = status };
	upstream_log("error c%d %s", c->id, why);
	send_whole(&s, "{}", 2);
}

void upstream_compile(conn *c, char *lines)
{
	script s = { .c = c, .request = c->in.ptr, .status = 200, .first = true, .in_tokens = -1, .out_tokens = -1 };
	char *line;
	while ((line = strsep(&lines, "\n")) != NULL) {
		char *arg = strchr(line, ' ');
		arg = arg != NULL ? (*arg = '\0', arg + 1) : line + strlen(line);
		text plain = { .ptr = NULL };
		unescape(&plain, arg);
		if (*line != '\0' && *line != '#' && !compile_stream(&s, line, arg, &plain)
			&& !compile_plain(&s, line, arg, &plain)) {
			upstream_log("error c%d no such directive: %s", c->id, line);
		}
		text_clear(&plain);
	}
	kind last = c->count > 0 ? c->steps[c->count - 1].kind : BYTES;
	if (last != CUT && last != FIN && last != STALL) {
		send_head(&s, NULL, 0);
		if (s.chunked) {
			text_add(&push(c, BYTES, 0)->bytes, "0\r\n\r\n", 5);
		}
	}
	text_clear(&s.headers);
}

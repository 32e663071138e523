/* SPDX-License-Identifier: MIT
 * The test server's requests: reading one, keeping it for tests to see, choosing its response in a script.
 * No event loop here. */
#define _GNU_SOURCE
#include "tests/support/upstream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct counter {
	char name[64];
	unsigned long digest;   /* of the script: a changed one begins again */
	size_t played;
} counter;

long upstream_requests;
const char *upstream_dir = ".", *upstream_bodies;
static counter *counters;
static size_t counter_count;

static void keep(const char *suffix, const char *bytes, size_t len)
{
	char path[1024];
	snprintf(path, sizeof path, "%s/%ld.%s", upstream_bodies, upstream_requests, suffix);
	FILE *f = fopen(path, "w");
	if (f != NULL) {
		fwrite(bytes, 1, len, f);
		fclose(f);
	}
}

/* Each line "match TEXT" of the response; false also where there is none. */
static bool matches(const conn *c, const char *response)
{
	bool any = false;
	for (const char *line = response; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, "match ", 6) == 0) {
			any = true;
			if (memmem(c->in.ptr, c->request_len, line + 6, strcspn(line + 6, "\n")) == NULL) {
				return false;
			}
		}
	}
	return any;
}

static bool has_match(const char *response)
{
	return strncmp(response, "match ", 6) == 0 || strstr(response, "\nmatch ") != NULL;
}

static size_t count_one(const char *name, const text *lines)
{
	unsigned long digest = 5381;
	for (size_t i = 0; i < lines->len; i++) {
		digest = digest * 33 + (unsigned char)lines->ptr[i];
	}
	size_t i = 0;
	while (i < counter_count && strcmp(counters[i].name, name) != 0) {
		i++;
	}
	if (i == counter_count) {
		counters = text_grow(counters, ++counter_count * sizeof *counters);
		counters[i] = (counter){ .digest = digest };
		snprintf(counters[i].name, sizeof counters[i].name, "%s", name);
	}
	if (counters[i].digest != digest) {
		counters[i].digest = digest;
		counters[i].played = 0;
	}
	return counters[i].played++;
}

/* The response that this request gets; it stands in lines, cut off by NULs. */
static char *choose(const conn *c, const char *name, text *lines)
{
	text original = { .ptr = NULL };
	char *found[256];
	size_t count = 0;
	text_add(&original, lines->ptr, lines->len);
	for (char *at = lines->ptr; at != NULL && count < 256;) {
		found[count++] = at;
		char *next = strncmp(at, "next\n", 5) == 0 ? at : strstr(at, "\nnext\n");
		at = next != NULL ? next + (next == at ? 5 : 6) : NULL;
		if (next != NULL) {
			*next = '\0';
		}
	}
	char *plain[256];
	size_t plain_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (matches(c, found[i])) {
			text_clear(&original);
			return found[i];
		}
		if (!has_match(found[i])) {
			plain[plain_count++] = found[i];
		}
	}
	size_t turn = plain_count > 0 ? count_one(name, &original) : 0;
	text_clear(&original);
	return plain_count == 0 ? NULL : plain[turn < plain_count ? turn : plain_count - 1];
}

static void answer(conn *c, const char *path, size_t path_len)
{
	char name[64], file[1024];
	size_t len = path_len > 0 ? strcspn(path + 1, "/? ") : 0;
	text lines = { .ptr = NULL };
	if (len == 0 || len >= sizeof name || path[1] == '.') {
		upstream_compile_error(c, 404, "no script in the path");
		return;
	}
	snprintf(name, sizeof name, "%.*s", (int)len, path + 1);
	snprintf(file, sizeof file, "%s/%s.txt", upstream_dir, name);
	FILE *f = fopen(file, "r");
	if (f == NULL) {
		upstream_compile_error(c, 404, "no such script");
		return;
	}
	char block[4096];
	for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;) {
		text_add(&lines, block, n);
	}
	fclose(f);
	text_add(&lines, "\n", 1);
	char *response = choose(c, name, &lines);
	if (response != NULL) {
		upstream_compile(c, response);
	} else {
		upstream_compile_error(c, 404, "no response of the script matches");
	}
	text_clear(&lines);
}

void upstream_next_request(conn *c)
{
	if (c->in.len > 0 && (c->in.ptr[0] < 'A' || c->in.ptr[0] > 'Z')) { /* TLS, for one */
		c->close_after = c->playing = true;
		c->head_len = c->request_len = c->in.len;
		upstream_compile_error(c, 400, "this is no HTTP");
		return;
	}
	char *end = c->in.len > 0 ? memmem(c->in.ptr, c->in.len, "\r\n\r\n", 4) : NULL;
	if (end == NULL) {
		return;
	}
	c->head_len = (size_t)(end - c->in.ptr) + 4;
	char saved = c->in.ptr[c->head_len];
	c->in.ptr[c->head_len] = '\0';
	char *length = strcasestr(c->in.ptr, "\r\ncontent-length:");
	c->request_len = c->head_len + (length != NULL ? strtoul(length + 17, NULL, 10) : 0);
	c->close_after = strcasestr(c->in.ptr, "\r\nconnection: close") != NULL;
	bool wants_continue = strcasestr(c->in.ptr, "\r\nexpect: 100-continue") != NULL;
	c->in.ptr[c->head_len] = saved;
	if (c->in.len < c->request_len) {
		if (wants_continue && !c->continued) {
			c->continued = true;
			text_addf(&c->out, "HTTP/1.1 100 Continue\r\n\r\n");
			upstream_flush(c);
		}
		return;
	}
	size_t method = strcspn(c->in.ptr, " "), path = strcspn(c->in.ptr + method + 1, " \r");
	upstream_requests++;
	if (upstream_bodies != NULL) {
		keep("head", c->in.ptr, c->head_len);
		keep("txt", c->in.ptr + c->head_len, c->request_len - c->head_len);
	}
	upstream_log("request c%d %.*s %.*s %zu", c->id, (int)method, c->in.ptr, (int)path, c->in.ptr + method + 1,
		c->request_len - c->head_len);
	c->playing = true;
	answer(c, c->in.ptr + method + 1, path);
}

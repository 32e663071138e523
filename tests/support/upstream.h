/* SPDX-License-Identifier: MIT
 * What the test server's files share: texts, steps, connections.
 * Tests only. */
#ifndef AGENT_TESTS_UPSTREAM_H
#define AGENT_TESTS_UPSTREAM_H

#include <stdbool.h>
#include <stddef.h>

typedef struct text {
	char *ptr;
	size_t len, capacity;
} text;

typedef enum kind { BYTES, WAIT, FILL, CUT, FIN, STALL } kind;

typedef struct step {
	kind kind;
	text bytes;         /* BYTES */
	long n;             /* WAIT: milliseconds; FILL: bytes left; BYTES: what the log says, 0 nothing */
} step;

typedef struct conn {
	int fd, id;
	text in, out;
	size_t request_len; /* of the request under way, at the front of in */
	size_t head_len;
	step *steps;
	size_t count, at;
	bool playing, close_after, continued, done;
	long long wake;
} conn;

extern long upstream_requests;  /* how many have come */
extern const char *upstream_dir, *upstream_bodies;

void *text_grow(void *block, size_t size);
void text_add(text *t, const char *bytes, size_t len);
__attribute__((format(printf, 2, 3))) void text_addf(text *t, const char *format, ...);
void text_clear(text *t);
void text_drop(text *t, size_t n);
__attribute__((format(printf, 1, 2))) void upstream_log(const char *format, ...);

/* Writes what the socket takes. */
void upstream_flush(conn *c);
/* Begins the next request when it is there as a whole. */
void upstream_next_request(conn *c);
/* Steps of the answer to the request at the front of c->in. response: NUL-terminated, changed in place. */
void upstream_compile(conn *c, char *response);
void upstream_compile_error(conn *c, int status, const char *why);

#endif

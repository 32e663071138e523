/* SPDX-License-Identifier: MIT
 * A test server that plays models and tools from scripts: HTTP/1.1 on 127.0.0.1, one process, no library.
 * Tests only: it trusts its scripts and its clients. The script language: upstream_script.c.
 *
 *   gcc -I. tests/support/upstream*.c -o upstream
 *   upstream --port 0 --dir SCRIPTS --log FILE [--pid FILE] [--bodies DIR] [--until-eof]
 *
 * prints "port N" when it listens. A request to /name/... plays SCRIPTS/name.txt, read anew each time.
 * --bodies: N.head and N.txt hold the Nth request. --until-eof: ends with its standard input.
 * The log has one line per event, numbered from 1:
 *   open cI           close cI          the client left an idle connection
 *   request cI METHOD PATH BYTES        chunk cI BYTES
 *   done cI           the last bytes of the answer go out
 *   gone cI           the client left a request that was under way
 *   cut cI            as the script said                        error cI WHY */
#define _GNU_SOURCE
#include "tests/support/upstream.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int log_fd = -1, conn_ids;
static long log_number;
static conn **conns;
static struct pollfd *polled;
static size_t conn_count;

void *text_grow(void *block, size_t size)
{
	void *p = realloc(block, size > 0 ? size : 1);
	if (p == NULL) {
		perror("upstream");
		exit(1);
	}
	return p;
}

void text_add(text *t, const char *bytes, size_t len)
{
	if (t->len + len + 1 > t->capacity) {
		t->capacity = (t->len + len + 1) * 2;
		t->ptr = text_grow(t->ptr, t->capacity);
	}
	if (len > 0) {
		memcpy(t->ptr + t->len, bytes, len);
	}
	t->len += len;
	t->ptr[t->len] = '\0';
}

void text_addf(text *t, const char *format, ...)
{
	char line[8192];
	va_list args;
	va_start(args, format);
	int len = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	text_add(t, line, len < (int)sizeof line ? (size_t)len : sizeof line - 1);
}

void text_clear(text *t)
{
	free(t->ptr);
	*t = (text){ .ptr = NULL };
}

void text_drop(text *t, size_t n)
{
	memmove(t->ptr, t->ptr + n, t->len - n);
	t->len -= n;
	t->ptr[t->len] = '\0';
}

static long long now_ms(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

void upstream_log(const char *format, ...)
{
	text line = { .ptr = NULL };
	char event[2048];
	va_list args;
	va_start(args, format);
	vsnprintf(event, sizeof event, format, args);
	va_end(args);
	text_addf(&line, "%ld %s\n", ++log_number, event);
	if (log_fd >= 0 && write(log_fd, line.ptr, line.len) < 0) {
		perror("upstream: log");
	}
	text_clear(&line);
}

/* --- connections --- */

static void forget_answer(conn *c)
{
	for (size_t i = 0; i < c->count; i++) {
		text_clear(&c->steps[i].bytes);
	}
	c->count = c->at = 0;
	c->wake = 0;
	c->playing = c->continued = c->done = false;
}

static void hang_up(conn *c)
{
	close(c->fd);
	c->fd = -1; /* taken off the list by the loop */
	forget_answer(c);
}

static void client_left(conn *c)
{
	upstream_log("%s c%d", c->playing || c->in.len > 0 ? "gone" : "close", c->id);
	hang_up(c);
}

void upstream_flush(conn *c)
{
	while (c->out.len > 0) {
		ssize_t n = send(c->fd, c->out.ptr, c->out.len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n < 0) {
			if (errno != EAGAIN) {
				client_left(c);
			}
			return;
		}
		text_drop(&c->out, (size_t)n);
	}
}

static void cut(conn *c, bool reset)
{
	struct linger now = { 1, 0 };
	upstream_log("cut c%d", c->id);
	if (reset) {
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	}
	hang_up(c);
}

static void fill(conn *c, step *s)
{
	static char filler[65536];
	memset(filler, 'x', sizeof filler);
	long n = s->n < (long)sizeof filler ? s->n : (long)sizeof filler;
	text_add(&c->out, filler, (size_t)n);
	s->n -= n;
	c->at += s->n == 0;
}

/* Goes as far as time and the socket allow. */
static void play(conn *c)
{
	while (c->fd >= 0 && c->playing && c->out.len == 0 && c->at < c->count) {
		step *s = &c->steps[c->at];
		switch (s->kind) {
			case BYTES:
				text_add(&c->out, s->bytes.ptr, s->bytes.len);
				if (s->n > 0) {
					upstream_log("chunk c%d %ld", c->id, s->n);
				}
				c->at++;
				break;
			case WAIT:
				c->wake = c->wake > 0 ? c->wake : now_ms() + s->n;
				if (now_ms() < c->wake) {
					return;
				}
				c->wake = 0;
				c->at++;
				break;
			case FILL:
				fill(c, s);
				break;
			case CUT:
			case FIN:
				cut(c, s->kind == CUT);
				return;
			case STALL:
				return;
		}
		if (c->at == c->count && !c->done) { /* said first, so that who has the answer finds it in the log */
			c->done = true;
			upstream_log("done c%d", c->id);
		}
		upstream_flush(c);
	}
	if (c->fd >= 0 && c->playing && c->out.len == 0) {
		bool end = c->close_after;
		forget_answer(c);
		text_drop(&c->in, c->request_len);
		if (end) {
			hang_up(c);
		}
	}
}

static void readable(conn *c)
{
	char block[65536];
	ssize_t n = recv(c->fd, block, sizeof block, 0);
	if (n > 0) {
		text_add(&c->in, block, (size_t)n);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		client_left(c);
	}
}

static void go_on(conn *c)
{
	upstream_flush(c);
	for (bool more = true; more && c->fd >= 0;) {
		if (!c->playing) {
			upstream_next_request(c);
		}
		more = c->playing;
		play(c);
		more = more && !c->playing; /* one answer is done: perhaps another request is there */
	}
}

static void welcome(int listener)
{
	int fd, on = 1;
	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		conn *c = text_grow(NULL, sizeof *c);
		*c = (conn){ .fd = fd, .id = ++conn_ids };
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		conns = text_grow(conns, (conn_count + 1) * sizeof *conns);
		conns[conn_count++] = c;
		upstream_log("open c%d", c->id);
	}
}

static void forget_closed(void)
{
	size_t kept = 0;
	for (size_t i = 0; i < conn_count; i++) {
		conn *c = conns[i];
		if (c->fd >= 0) {
			conns[kept++] = c;
			continue;
		}
		text_clear(&c->in);
		text_clear(&c->out);
		free(c->steps);
		free(c);
	}
	conn_count = kept;
}

/* One round; false when the standard input has ended. */
static bool serve(int listener, bool until_eof)
{
	long long wait = -1, now = now_ms();
	polled = text_grow(polled, (conn_count + 2) * sizeof *polled);
	polled[0] = (struct pollfd){ .fd = listener, .events = POLLIN };
	polled[1] = (struct pollfd){ .fd = until_eof ? 0 : -1, .events = POLLIN };
	for (size_t i = 0; i < conn_count; i++) {
		const conn *c = conns[i];
		polled[i + 2] = (struct pollfd){ .fd = c->fd, .events = c->out.len > 0 ? POLLIN | POLLOUT : POLLIN };
		if (c->wake > 0 && c->out.len == 0) {
			long long left = c->wake > now ? c->wake - now : 0;
			wait = wait < 0 || left < wait ? left : wait;
		}
	}
	size_t count = conn_count;
	if (poll(polled, count + 2, (int)wait) < 0) {
		return errno == EINTR;
	}
	for (size_t i = 0; i < count; i++) {
		if ((polled[i + 2].revents & ~POLLOUT) != 0) {
			readable(conns[i]);
		}
		if (conns[i]->fd >= 0) {
			go_on(conns[i]);
		}
	}
	if (polled[0].revents != 0) {
		welcome(listener);
	}
	forget_closed();
	char ignored[64];
	return polled[1].revents == 0 || read(0, ignored, sizeof ignored) > 0;
}

static int listen_on(unsigned short port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	socklen_t len = sizeof address;
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, 512) != 0
		|| getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
		perror("upstream: listen");
		exit(1);
	}
	printf("port %d\n", ntohs(address.sin_port));
	fflush(stdout);
	return fd;
}

int main(int argc, char **argv)
{
	unsigned short port = 0;
	bool until_eof = false;
	const char *pid_file = NULL;
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";
		if (strcmp(argv[i], "--until-eof") == 0) {
			until_eof = true;
			continue;
		}
		if (strcmp(argv[i], "--port") == 0) {
			port = (unsigned short)strtol(value, NULL, 10);
		} else if (strcmp(argv[i], "--dir") == 0) {
			upstream_dir = value;
		} else if (strcmp(argv[i], "--log") == 0) {
			log_fd = open(value, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
		} else if (strcmp(argv[i], "--pid") == 0) {
			pid_file = value;
		} else if (strcmp(argv[i], "--bodies") == 0) {
			upstream_bodies = value;
		} else {
			fprintf(stderr, "upstream: what is %s?\n", argv[i]);
			return 2;
		}
		i++;
	}
	signal(SIGPIPE, SIG_IGN);
	FILE *f = pid_file != NULL ? fopen(pid_file, "w") : NULL;
	if (f != NULL) {
		fprintf(f, "%ld\n", (long)getpid());
		fclose(f);
	}
	int listener = listen_on(port);
	while (serve(listener, until_eof)) {
	}
	return 0;
}

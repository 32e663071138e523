/* SPDX-License-Identifier: MIT
 * A name server of the test's own: libc's getaddrinfo() and connect() replaced in a test program, for libcurl too.
 * Names in .test have the answers the test gives; what connects to 93.184.216.34 reaches 127.0.0.1 and takes it for that. */
#ifndef AGENT_TESTS_RESOLVER_H
#define AGENT_TESTS_RESOLVER_H

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Public addresses: to the one the test server answers, at the other nobody does. */
#define PUBLIC "93.184.216.34"
#define PUBLIC_DEAD "93.184.216.35"

typedef int (*getaddrinfo_function)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static pthread_mutex_t resolver_lock = PTHREAD_MUTEX_INITIALIZER; /* libcurl asks in a thread of its own */
static const char *const *resolver_rounds;  /* one per look-up, "a b c"; the last one stays */
static int resolver_asked;
static char connected_to[1024];             /* "a b c": every address that a connection was begun to */

/* From now on names in .test have these addresses: the first look-up the first text, and so on; ends with NULL. */
static inline void resolve_to(const char *const *rounds)
{
	pthread_mutex_lock(&resolver_lock);
	resolver_rounds = rounds;
	resolver_asked = 0;
	connected_to[0] = '\0';
	pthread_mutex_unlock(&resolver_lock);
}

static inline int lookups(void)
{
	pthread_mutex_lock(&resolver_lock);
	int asked = resolver_asked;
	pthread_mutex_unlock(&resolver_lock);
	return asked;
}

static inline const char *next_answer(void)
{
	pthread_mutex_lock(&resolver_lock);
	int round = 0;
	while (resolver_rounds != NULL && round < resolver_asked && resolver_rounds[round + 1] != NULL) {
		round++;
	}
	resolver_asked++;
	const char *answer = resolver_rounds != NULL ? resolver_rounds[round] : "";
	pthread_mutex_unlock(&resolver_lock);
	return answer;
}

/* As libc's, so that its freeaddrinfo() takes the list. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
	getaddrinfo_function libc;
	*(void **)&libc = dlsym(RTLD_NEXT, "getaddrinfo");
	size_t len = node != NULL ? strlen(node) : 0;
	bool numeric = hints != NULL && (hints->ai_flags & AI_NUMERICHOST) != 0;
	if (numeric || len < 5 || strcmp(node + len - 5, ".test") != 0) {
		return libc(node, service, hints, result);
	}
	struct addrinfo wanted = hints != NULL ? *hints : (struct addrinfo){ 0 }, *first = NULL, **last = &first;
	char answer[256], *save = NULL;
	wanted.ai_flags = AI_NUMERICHOST;
	snprintf(answer, sizeof answer, "%s", next_answer());
	for (char *one = strtok_r(answer, " ", &save); one != NULL; one = strtok_r(NULL, " ", &save)) {
		if (libc(one, service, &wanted, last) == 0) {
			for (; *last != NULL; last = &(*last)->ai_next) { }
		}
	}
	*result = first;
	return first != NULL ? 0 : EAI_NONAME;
}

static bool diverted[1024];                 /* by descriptor */

int connect(int fd, const struct sockaddr *address, socklen_t len)
{
	char text[64];
	struct sockaddr_in v4;
	bool known = fd >= 0 && fd < (int)sizeof diverted;
	if (known) {
		diverted[fd] = false;
	}
	if (getnameinfo(address, len, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0) {
		size_t used = strlen(connected_to);
		snprintf(connected_to + used, sizeof connected_to - used, "%s%s", used > 0 ? " " : "", text);
		if (strcmp(text, PUBLIC_DEAD) == 0) {
			errno = ECONNREFUSED;
			return -1;
		}
		if (strcmp(text, PUBLIC) == 0) {
			memcpy(&v4, address, sizeof v4);
			v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
			diverted[fd] = known;
			address = (const struct sockaddr *)(const void *)&v4;
		}
	}
	return (int)syscall(SYS_connect, fd, address, len);
}

int getpeername(int fd, struct sockaddr *restrict address, socklen_t *restrict len)
{
	int status = (int)syscall(SYS_getpeername, fd, address, len);
	if (status == 0 && fd < (int)sizeof diverted && diverted[fd]) {
		inet_pton(AF_INET, PUBLIC, &((struct sockaddr_in *)(void *)address)->sin_addr);
	}
	return status;
}

#endif

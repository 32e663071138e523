/* SPDX-License-Identifier: MIT
 * How a failure travels: a status as the return value, the reason in the caller's agent_error.
 * No allocation, no secret in a message. */
#ifndef AGENT_BASE_ERROR_H
#define AGENT_BASE_ERROR_H

#include "ext/base/str.h"

typedef enum agent_status {
	AGENT_OK = 0,
	AGENT_ERR = -1
} agent_status;

/* One domain is one exception class in ext/bind/exceptions.c. */
typedef enum agent_domain {
	AGENT_DOMAIN_NONE = 0,
	AGENT_DOMAIN_CONFIG,    /* configuration, manifest, data directory */
	AGENT_DOMAIN_ARGUMENT,  /* a caller's argument that only the core can judge */
	AGENT_DOMAIN_HTTP,      /* connection, TLS, transfer */
	AGENT_DOMAIN_PROVIDER,  /* a model's server answered with an error */
	AGENT_DOMAIN_TOOL,
	AGENT_DOMAIN_SCHEMA,    /* JSON text or a value against its contract */
	AGENT_DOMAIN_SESSION,
	AGENT_DOMAIN_KNOWLEDGE,
	AGENT_DOMAIN_CRYPTO,    /* tokens, keys, sealed values */
	AGENT_DOMAIN_TIMEOUT,
	AGENT_DOMAIN_CANCELLED,
	AGENT_DOMAIN_LIMIT,     /* a ceiling of ours: size, rate, budget */
	AGENT_DOMAIN_STORE,     /* SQLite and files */
	AGENT_DOMAIN_MEMORY,
	AGENT_DOMAIN_INTERNAL
} agent_domain;

#define AGENT_ERROR_MESSAGE 256

/* Filled only on failure. `code` is a stable short word for programs ("duplicate_key"), message a sentence for people. */
typedef struct agent_error {
	agent_domain domain;
	char code[32];
	bool retry;      /* the same request may succeed later */
	int http;        /* HTTP status, 0 if none */
	char message[AGENT_ERROR_MESSAGE];
} agent_error;

/* Fills err and returns AGENT_ERR. A message that is too long is cut at a UTF-8 border; bytes of a control character
 * become '?'. err is never NULL. */
agent_status agent_fail(agent_error *err, agent_domain domain, const char *code, const char *format, ...) AGENT_PRINTF(4, 5);
agent_status agent_fail_memory(agent_error *err);

#endif

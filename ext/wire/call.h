/* SPDX-License-Identifier: MIT
 * One exchange: an easy handle with its options, callbacks and outcome.
 * The multi handle, polling and processes: http.c. */
#ifndef AGENT_WIRE_CALL_H
#define AGENT_WIRE_CALL_H

#include <curl/curl.h>
#include <sys/types.h>

#include "ext/base/port.h"
#include "ext/wire/address.h"
#include "ext/wire/head.h"

#define AGENT_WIRE_HEAD_MAX ((size_t)256 * 1024)

struct agent_http_call {
	CURL *easy;
	struct curl_slist *headers;
	CURLM *multi;               /* NULL: not running there */
	pid_t pid;                  /* of the process that started it */
	bool *happened;             /* set when bytes came or the call ended */
	agent_http_state state;
	agent_error error;          /* of a failed call */
	agent_wire_target target;
	agent_wire_target proxy;    /* port 0: the connection goes to the target itself */
	agent_wire_head head;
	size_t head_bytes;
	agent_buf incoming;
	agent_buf shown;            /* what the last read handed out */
	size_t total, max_body;
	bool post;
	bool too_large, head_too_large, no_memory;
	bool refused;               /* an address that the name resolved to is not allowed */
	bool repeated;              /* libcurl wanted to send a POST a second time */
	bool asked;                 /* the request was about to go out, once at least */
	long sent_before;           /* bytes until then: what the proxy was told */
	char refused_address[64];
	char tls_error[CURL_ERROR_SIZE];
};

/* Not yet in a multi handle. */
agent_http_call *agent_wire_call_new(const agent_http_request *request, bool *happened, agent_error *err);
/* The transfer ended with `code`. */
void agent_wire_call_end(agent_http_call *call, CURLcode code);
/* own false: the easy handle belongs to another process's connections and is left alone. */
void agent_wire_call_free(agent_http_call *call, bool own);

#endif

/* SPDX-License-Identifier: MIT
 * The HTTP client: one libcurl multi handle per worker, pulled, with connections that stay warm between PHP requests.
 * The one door to libcurl; no callback of libcurl leaves this room. */
#ifndef AGENT_WIRE_HTTP_H
#define AGENT_WIRE_HTTP_H

#include "ext/base/port.h"

/* Balanced pair, once per process (MINIT, MSHUTDOWN). */
agent_status agent_wire_startup(agent_error *err);
void agent_wire_shutdown(void);

/* At most 8 idle connections, idle 60 s. In another process than the one that opened it (fork) the handle is abandoned without a
 * word on its sockets, and a new one made at the next start. NULL when out of memory. */
typedef struct agent_wire agent_wire;
agent_wire *agent_wire_new(void);
void agent_wire_free(agent_wire *wire); /* NULL is allowed; running calls must have been finished */
agent_http agent_wire_port(agent_wire *wire);
/* How a call fails: HTTP/resolve, connect, tls, cut (all retry), protocol, transfer, address_refused, proxy, forked (started by another
 * process); TIMEOUT/connect_timeout (retry: nothing was sent), timeout; LIMIT/too_large; ARGUMENT/bad_request at start. http is the status
 * where the header had come. A POST of which anything went out is never sent again by itself, not even over a warm connection
 * that died under it: that is HTTP/cut. */

/* The network rule, before any connection: scheme, host form, and for literal addresses the range. HTTP/address_refused. `what` names the
 * setting in the message ("/tools/0/url"). */
agent_status agent_wire_url_check(agent_str url, agent_str allow_private, const char *what, agent_error *err);
/* HTTP/proxy: agent.proxy is not "http://host:port". Empty is fine. */
agent_status agent_wire_proxy_check(agent_str proxy, agent_error *err);
/* "libcurl 7.88.1 (OpenSSL/3.0.22), asynchronous DNS: yes" */
void agent_wire_version(agent_buf *out);

#endif

/* SPDX-License-Identifier: MIT
 * The pull client: one multi handle per worker, its warm connections, forks and SIGPIPE.
 * What one exchange is: call.c, outcome.c. */
#include "ext/wire/http.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "ext/base/alloc.h"
#include "ext/wire/call.h"

#define IDLE_CONNECTIONS 8L

struct agent_wire {
	CURLM *multi;       /* made at the first start */
	pid_t pid;          /* of the process that made it */
	int running;
	bool happened;      /* something to read that no poll has reported yet */
};

/* --- SIGPIPE: libcurl leaves signals alone with CURLOPT_NOSIGNAL, and before 7.87 its OpenSSL wrote without
 * MSG_NOSIGNAL. PHP's own programs ignore it; elsewhere it is blocked in this thread while libcurl works, and one of
 * ours is taken out again. --- */

typedef struct pipe_guard {
	bool blocked;
	bool pending;       /* one was waiting before: not ours */
	sigset_t old;
} pipe_guard;

static pipe_guard guard_enter(void)
{
	pipe_guard guard = { .blocked = false };
	struct sigaction action;
	if (sigaction(SIGPIPE, NULL, &action) != 0 || action.sa_handler == SIG_IGN) {
		return guard;
	}
	sigset_t pipe_set, pending;
	sigemptyset(&pipe_set);
	sigaddset(&pipe_set, SIGPIPE);
	sigemptyset(&pending);
	sigpending(&pending);
	guard.pending = sigismember(&pending, SIGPIPE) == 1;
	guard.blocked = pthread_sigmask(SIG_BLOCK, &pipe_set, &guard.old) == 0;
	return guard;
}

static void guard_leave(const pipe_guard *guard)
{
	if (!guard->blocked) {
		return;
	}
	if (!guard->pending) {
		const struct timespec at_once = { 0, 0 };
		sigset_t pipe_set;
		sigemptyset(&pipe_set);
		sigaddset(&pipe_set, SIGPIPE);
		sigtimedwait(&pipe_set, NULL, &at_once);
	}
	pthread_sigmask(SIG_SETMASK, &guard->old, NULL);
}

/* --- the multi handle --- */

/* Another process's multi handle is forgotten: closing it would say goodbye on that process's connections. */
static agent_status make_multi(agent_wire *wire, agent_error *err)
{
	if (wire->multi != NULL && wire->pid == getpid()) {
		return AGENT_OK;
	}
	wire->multi = curl_multi_init();
	wire->running = 0;
	if (wire->multi == NULL) {
		return agent_fail_memory(err);
	}
	wire->pid = getpid();
	curl_multi_setopt(wire->multi, CURLMOPT_MAXCONNECTS, IDLE_CONNECTIONS);
	return AGENT_OK;
}

static void collect_ended(agent_wire *wire)
{
	CURLMsg *message;
	int left;
	while ((message = curl_multi_info_read(wire->multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE) {
			continue;
		}
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result;
		char *private = NULL;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
		agent_http_call *call = (agent_http_call *)(void *)private;
		curl_multi_remove_handle(wire->multi, easy); /* the connection is free for the next call */
		call->multi = NULL;
		agent_wire_call_end(call, code);
	}
}

static void perform(agent_wire *wire)
{
	pipe_guard guard = guard_enter();
	curl_multi_perform(wire->multi, &wire->running);
	collect_ended(wire);
	guard_leave(&guard);
}

/* --- the port --- */

static agent_status wire_start(void *state, const agent_http_request *request, agent_http_call **out,
	agent_error *err)
{
	agent_wire *wire = state;
	*out = NULL;
	if (make_multi(wire, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_http_call *call = agent_wire_call_new(request, &wire->happened, err);
	if (call == NULL) {
		return AGENT_ERR;
	}
	CURLMcode code = curl_multi_add_handle(wire->multi, call->easy);
	if (code != CURLM_OK) {
		agent_wire_call_free(call, true);
		return code == CURLM_OUT_OF_MEMORY ? agent_fail_memory(err)
			: agent_fail(err, AGENT_DOMAIN_INTERNAL, "libcurl", "libcurl: %s", curl_multi_strerror(code));
	}
	call->multi = wire->multi;
	*out = call;
	perform(wire); /* the connection is on its way while the caller does something else */
	return AGENT_OK;
}

static void wire_poll(void *state, int timeout_ms)
{
	agent_wire *wire = state;
	if (wire->multi == NULL || wire->pid != getpid()) {
		return;
	}
	perform(wire);
	if (timeout_ms > 0 && !wire->happened) { /* also with nothing under way: a retry's pause is waited for here */
		curl_multi_poll(wire->multi, NULL, 0, timeout_ms, NULL);
		perform(wire);
	}
	wire->happened = false;
}

static bool foreign(const agent_http_call *call)
{
	return call->pid != getpid();
}

static agent_http_state call_read(agent_http_call *call, agent_str *chunk, agent_error *err)
{
	*chunk = AGENT_STR_EMPTY;
	if (foreign(call)) {
		agent_fail(err, AGENT_DOMAIN_HTTP, "forked", "the request to %s was started by another process",
			call->target.name);
		return AGENT_HTTP_FAILED;
	}
	/* Two buffers, so that what was handed out stays while other calls move on. */
	agent_buf fresh = call->incoming;
	call->incoming = call->shown;
	call->shown = fresh;
	agent_buf_reset(&call->incoming);
	*chunk = agent_buf_str(&call->shown);
	if (call->state == AGENT_HTTP_FAILED) {
		*err = call->error;
	}
	return call->state;
}

static void call_answer(const agent_http_call *call, agent_http_answer *answer)
{
	long connects = 1;
	if (!foreign(call)) {
		curl_easy_getinfo(call->easy, CURLINFO_NUM_CONNECTS, &connects);
	}
	*answer = (agent_http_answer){
		.status = call->head.complete ? call->head.status : 0,
		.content_type = agent_str_cstr(call->head.type),
		.retry_after_ms = agent_wire_head_retry_after(&call->head, (int64_t)time(NULL)),
		.reused = call->head.complete && connects == 0,
	};
}

static void call_finish(agent_http_call *call)
{
	if (call == NULL) {
		return;
	}
	bool own = !foreign(call);
	pipe_guard guard = guard_enter();
	if (own && call->multi != NULL) {
		curl_multi_remove_handle(call->multi, call->easy); /* closes the connection of an unfinished transfer */
	}
	agent_wire_call_free(call, own);
	guard_leave(&guard);
}

agent_http agent_wire_port(agent_wire *wire)
{
	return (agent_http){ wire_start, wire_poll, call_read, call_answer, call_finish, wire };
}

agent_wire *agent_wire_new(void)
{
	return agent_calloc(1, sizeof(agent_wire));
}

void agent_wire_free(agent_wire *wire)
{
	if (wire == NULL) {
		return;
	}
	if (wire->multi != NULL && wire->pid == getpid()) {
		pipe_guard guard = guard_enter();
		curl_multi_cleanup(wire->multi);
		guard_leave(&guard);
	}
	agent_free(wire);
}

/* --- the library --- */

agent_status agent_wire_startup(agent_error *err)
{
	CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
	if (code != CURLE_OK) {
		return agent_fail(err, AGENT_DOMAIN_INTERNAL, "libcurl", "libcurl does not start: %s",
			curl_easy_strerror(code));
	}
	return AGENT_OK;
}

void agent_wire_shutdown(void)
{
	curl_global_cleanup();
}

void agent_wire_version(agent_buf *out)
{
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
	agent_buf_addf(out, "libcurl %s (%s), asynchronous DNS: %s", info->version,
		info->ssl_version != NULL ? info->ssl_version : "no TLS",
		(info->features & CURL_VERSION_ASYNCHDNS) != 0 ? "yes" : "no");
}

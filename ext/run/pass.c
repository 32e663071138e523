/* SPDX-License-Identifier: MIT
 * One pass of a model over HTTP: request, stream, retries before the first content. Joins wire/ (bytes, events) with brain/ (codecs).
 * Never fails the turn: what goes wrong is the pass's END event with an error. */
#include "ext/base/alloc.h"
#include "ext/contract/reader.h"
#include "ext/run/internal.h"
#include "ext/wire/sse.h"

#define REQUEST_MAX ((size_t)2 * 1024 * 1024)
#define EVENT_MAX ((size_t)1024 * 1024)       /* one server-sent event */
#define STREAM_MAX ((size_t)16 * 1024 * 1024) /* a whole stream */
#define CALLS_MAX ((size_t)256 * 1024)        /* what a decoder may keep */
#define ERROR_BODY_MAX ((size_t)64 * 1024)
#define BACKOFF_MS 250

struct agent_pass {
	agent_site *site;
	const agent_codec *codec;
	agent_buf url, body, key, breaker;
	agent_attempt try;           /* the one under way, for the model's breaker */
	int64_t deadline_ms, retry_at_ms;
	int attempt;
	agent_http_call *http;
	agent_http_answer answer;
	bool answered;               /* status and content type are known */
	agent_sse *sse;
	agent_decoder *decoder;
	agent_str chunk;             /* what has been read but not yet fed */
	agent_http_state state;
	bool flushed;                /* the decoder has been told that the stream is over */
	bool content;                /* the machine got something: no retry any more */
	bool ended;
	agent_buf error_body;
	char message[AGENT_ERROR_MESSAGE];
};

static void end_attempt(agent_pass *pass)
{
	pass->site->http.finish(pass->http);
	pass->codec->close(pass->decoder);
	agent_sse_free(pass->sse);
	pass->http = NULL;
	pass->decoder = NULL;
	pass->sse = NULL;
	pass->chunk = AGENT_STR_EMPTY;
	pass->answered = pass->flushed = false;
	agent_buf_reset(&pass->error_body);
}

static agent_status start_attempt(agent_pass *pass, agent_error *err)
{
	const agent_brain_config *brain = &pass->site->config->brain;
	agent_site *site = pass->site;
	int64_t left = pass->deadline_ms - site->clock.mono_ms(site->clock.state);
	const agent_str headers[] = { AGENT_STR("Content-Type: application/json"), AGENT_STR("Accept: text/event-stream"), agent_buf_str(&pass->key) };
	agent_http_request request = {
		.method = AGENT_STR("POST"), .url = agent_buf_str(&pass->url), .headers = headers, .header_count = pass->key.len > 0 ? 3 : 2,
		.body = agent_buf_str(&pass->body), .connect_ms = brain->connect_ms, .total_ms = (int)(left > 1 ? left : 1),
		.max_body = STREAM_MAX, .allow_private = site->host.allow_private, .ca_file = site->host.ca_file,
		.proxy = site->host.proxy
	};
	if (brain->total_ms > 0 && request.total_ms > brain->total_ms) {
		request.total_ms = brain->total_ms;
	}
	if (!agent_attempt_begin(site, &pass->try, request.total_ms)) {
		return agent_fail(err, AGENT_DOMAIN_PROVIDER, "breaker_open", "the model failed too often just now; it is left alone for a moment");
	}
	pass->attempt++;
	pass->state = AGENT_HTTP_RUNNING;
	pass->sse = agent_sse_new(EVENT_MAX);
	pass->decoder = pass->codec->open(CALLS_MAX);
	if (pass->sse == NULL || pass->decoder == NULL) {
		return agent_fail_memory(err);
	}
	return site->http.start(site->http.state, &request, &pass->http, err);
}

/* "brain:<host:port>/<model>": two models of one server, or one behind two servers, fail on their own. */
static agent_status name_breaker(agent_pass *pass, agent_error *err)
{
	const agent_brain_config *brain = &pass->site->config->brain;
	size_t scheme = agent_str_find(brain->base_url, AGENT_STR("://"), 0);
	agent_str host = agent_str_from(brain->base_url, scheme == (size_t)-1 ? 0 : scheme + 3);
	size_t end = agent_str_find(host, AGENT_STR("/"), 0);
	host = end == (size_t)-1 ? host : agent_str_cut(host, 0, end);
	size_t bracket = agent_str_find(host, AGENT_STR("]"), 0); /* of an IPv6 address */
	agent_buf_add_lit(&pass->breaker, "brain:");
	agent_buf_add(&pass->breaker, host);
	if (agent_str_find(host, AGENT_STR(":"), bracket == (size_t)-1 ? 0 : bracket) == (size_t)-1) {
		agent_buf_add(&pass->breaker, scheme == 4 ? AGENT_STR(":80") : AGENT_STR(":443"));
	}
	agent_buf_add_char(&pass->breaker, '/');
	agent_buf_add(&pass->breaker, brain->model);
	pass->try.key = agent_buf_str(&pass->breaker);
	return agent_buf_check(&pass->breaker, "the breaker's key", err);
}

agent_status agent_pass_open(agent_site *site, const agent_brain_request *request, int64_t deadline_ms, agent_pass **out, agent_error *err)
{
	const agent_brain_config *brain = &site->config->brain;
	agent_pass *pass = agent_calloc(1, sizeof *pass);
	*out = NULL;
	if (pass == NULL) {
		return agent_fail_memory(err);
	}
	pass->site = site;
	pass->codec = agent_codec_for(brain->protocol);
	pass->deadline_ms = deadline_ms;
	pass->chunk = AGENT_STR_EMPTY;
	agent_buf_init(&pass->url, 4096);
	agent_buf_init(&pass->body, REQUEST_MAX);
	agent_buf_init(&pass->key, 32 * 1024);
	agent_buf_init(&pass->breaker, 8 * 1024);
	agent_buf_init(&pass->error_body, ERROR_BODY_MAX);
	agent_buf secret;
	agent_buf_init(&secret, 16 * 1024);
	agent_buf_add(&pass->url, brain->base_url);
	while (pass->url.len > 0 && pass->url.ptr[pass->url.len - 1] == '/') {
		pass->url.len--;
	}
	agent_buf_add(&pass->url, agent_str_cstr(pass->codec->path));
	agent_status status = agent_secret_resolve(site, &brain->key, "/brain/key", &secret, err);
	if (status == AGENT_OK && secret.len > 0) {
		pass->codec->key_header(agent_buf_str(&secret), &pass->key);
		status = agent_buf_check(&pass->key, "the key's header", err);
	}
	agent_secret_clear(&secret);
	status = status == AGENT_OK ? agent_buf_check(&pass->url, "the model's address", err) : status;
	status = status == AGENT_OK ? pass->codec->encode(request, brain->model, &pass->body, err) : status;
	status = status == AGENT_OK ? name_breaker(pass, err) : status;
	status = status == AGENT_OK ? start_attempt(pass, err) : status;
	if (status != AGENT_OK) {
		agent_pass_close(pass);
		return AGENT_ERR;
	}
	*out = pass;
	return AGENT_OK;
}

void agent_pass_close(agent_pass *pass)
{
	if (pass == NULL) {
		return;
	}
	agent_attempt_end(pass->site, &pass->try, AGENT_BREAKER_NOTHING, false); /* given up */
	end_attempt(pass);
	agent_buf_clear(&pass->breaker);
	agent_buf_clear(&pass->url);
	agent_buf_clear(&pass->body);
	agent_secret_clear(&pass->key);
	agent_buf_clear(&pass->error_body);
	agent_free(pass);
}

int agent_pass_wait_ms(const agent_pass *pass)
{
	if (pass->http != NULL) {
		return -1;
	}
	int64_t left = pass->retry_at_ms - pass->site->clock.mono_ms(pass->site->clock.state);
	return left > 0 ? (int)left : 0;
}

/* --- failures --- */

static bool retryable(int status)
{
	return status == 0 || status == 408 || status == 409 || status == 429 || status >= 500;
}

/* What an answer that is no stream says about the model. 401, 402, 404 … are the site's own doing: the server works, answers at once, and waiting
 * mends nothing. 429 is the account's limit, the same for all visitors: there waiting is what helps. */
static void tell_refused(agent_pass *pass, bool malformed)
{
	int status = pass->answer.status;
	bool works = malformed || (status >= 400 && status < 500 && status != 408 && status != 429 && status != 498);
	agent_attempt_end(pass->site, &pass->try, works ? AGENT_BREAKER_OK : AGENT_BREAKER_FAILED, false);
}

/* Plans another attempt, with full jitter and the server's own wish, while the deadline allows it. */
static bool again(agent_pass *pass, int status, int retry_after_ms)
{
	int64_t now = pass->site->clock.mono_ms(pass->site->clock.state);
	if (pass->content || pass->attempt > pass->site->config->brain.retries || !retryable(status)) {
		return false;
	}
	int64_t wait = (int64_t)(agent_random_32() % ((uint32_t)BACKOFF_MS << (pass->attempt - 1)));
	wait = retry_after_ms > wait ? retry_after_ms : wait;
	if (now + wait + 100 >= pass->deadline_ms) {
		return false;
	}
	end_attempt(pass);
	pass->retry_at_ms = now + wait;
	return true;
}

static bool fail(agent_pass *pass, agent_brain_event *event, agent_str message)
{
	size_t len = message.len < sizeof pass->message - 1 ? message.len : sizeof pass->message - 1;
	memcpy(pass->message, message.ptr, len);
	pass->message[len] = '\0';
	*event = (agent_brain_event){ .kind = AGENT_BRAIN_END, .text = AGENT_STR_EMPTY, .refusal = AGENT_STR_EMPTY,
		.finish = pass->content ? AGENT_FINISH_TRUNCATED : AGENT_FINISH_ERROR, .message = agent_str_cstr(pass->message) };
	pass->ended = true;
	return true;
}

/* An answer that is no stream: an error's body, gathered until it is over. */
static bool step_refused(agent_pass *pass, agent_brain_event *event, bool *malformed)
{
	size_t room = ERROR_BODY_MAX - pass->error_body.len;
	agent_buf_add(&pass->error_body, agent_str_cut(pass->chunk, 0, room));
	pass->chunk = AGENT_STR_EMPTY;
	if (pass->state == AGENT_HTTP_RUNNING) {
		return false;
	}
	agent_buf message;
	agent_buf_init(&message, ERROR_BODY_MAX);
	agent_brain_error_body(agent_buf_str(&pass->error_body), &message, malformed);
	tell_refused(pass, *malformed);
	bool done = false;
	if (*malformed || !again(pass, pass->answer.status, pass->answer.retry_after_ms)) {
		done = fail(pass, event, message.len > 0 ? agent_buf_str(&message) : AGENT_STR("the model's server refused the request"));
	}
	agent_buf_clear(&message);
	return done;
}

/* --- the stream --- */

/* Feeds until the decoder has an event or the chunk is used up. */
static agent_status feed_chunk(agent_pass *pass, agent_error *err)
{
	size_t used;
	bool ready;
	agent_sse_event event;
	if (agent_sse_feed(pass->sse, pass->chunk, &used, &ready, &event, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	pass->chunk = agent_str_from(pass->chunk, used);
	return ready ? pass->codec->event(pass->decoder, event.name, event.data, err) : AGENT_OK;
}

static agent_status flush(agent_pass *pass, agent_error *err)
{
	bool ready;
	agent_sse_event event;
	pass->flushed = true;
	agent_sse_end(pass->sse, &ready, &event);
	if (ready) {
		agent_json_reader reader;
		agent_json_reader_init(&reader, event.data, AGENT_JSON_DEPTH);
		bool whole = agent_str_is(agent_str_trim(event.data), "[DONE]") || (agent_json_skip(&reader) && agent_json_next(&reader) == AGENT_JSON_END);
		if (whole && pass->codec->event(pass->decoder, event.name, event.data, err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return pass->codec->finish(pass->decoder, err);
}

static bool deliver(agent_pass *pass, agent_brain_event *event, bool *malformed)
{
	if (event->kind == AGENT_BRAIN_END) {
		pass->ended = true;
		*malformed = event->malformed_call;
		bool broken = event->finish == AGENT_FINISH_ERROR || event->finish == AGENT_FINISH_TRUNCATED;
		agent_attempt_end(pass->site, &pass->try, broken && !*malformed ? AGENT_BREAKER_FAILED : AGENT_BREAKER_OK, true);
		if (broken && !*malformed && again(pass, 0, -1)) {
			pass->ended = false;
			return false;
		}
	} else {
		agent_attempt_answers(pass->site, &pass->try);
		pass->content = true;
	}
	return true;
}

static bool step_stream(agent_pass *pass, agent_brain_event *event, bool *malformed)
{
	agent_error err;
	for (;;) {
		if (pass->codec->next(pass->decoder, event)) {
			return deliver(pass, event, malformed);
		}
		agent_status status = AGENT_OK;
		if (pass->chunk.len > 0) {
			status = feed_chunk(pass, &err);
		} else if (pass->state != AGENT_HTTP_RUNNING && !pass->flushed) {
			status = flush(pass, &err);
		} else if (pass->flushed) {
			agent_attempt_end(pass->site, &pass->try, AGENT_BREAKER_FAILED, false);
			return fail(pass, event, AGENT_STR("the stream ended without an end"));
		} else {
			return false;
		}
		if (status != AGENT_OK) {
			agent_attempt_end(pass->site, &pass->try, err.domain == AGENT_DOMAIN_MEMORY ? AGENT_BREAKER_NOTHING : AGENT_BREAKER_FAILED, false);
			return fail(pass, event, agent_str_cstr(err.message));
		}
	}
}

/* Before the first byte of an answer nothing is known; a failure then may be tried again. */
static bool step_read(agent_pass *pass, agent_brain_event *event, bool *done)
{
	agent_error err = { 0 };
	agent_http *http = &pass->site->http;
	if (pass->state == AGENT_HTTP_RUNNING) {
		pass->state = http->read(pass->http, &pass->chunk, &err);
	}
	http->answer(pass->http, &pass->answer);
	*done = false;
	if (pass->state == AGENT_HTTP_FAILED && pass->chunk.len == 0) {
		bool timeout = err.domain == AGENT_DOMAIN_TIMEOUT;
		agent_breaker_class failure = agent_attempt_failure(&pass->try, &err, pass->site->config->brain.total_ms);
		if (!timeout && err.retry && again(pass, 0, -1)) {
			agent_attempt_end(pass->site, &pass->try, failure, false);
			return false;
		}
		if (!pass->answered || timeout) { /* else a stream was cut, and its decoder says what that means */
			agent_attempt_end(pass->site, &pass->try, failure, false);
			*done = fail(pass, event, agent_str_cstr(err.message));
			return false;
		}
	}
	if (pass->answer.status == 0) {
		return false;
	}
	pass->answered = true;
	return true;
}

bool agent_pass_step(agent_pass *pass, agent_brain_event *event, bool *malformed)
{
	agent_error err;
	*malformed = false;
	if (pass->ended) {
		return false;
	}
	if (pass->http == NULL) {
		if (agent_pass_wait_ms(pass) > 0) {
			return false;
		}
		if (start_attempt(pass, &err) != AGENT_OK) {
			return fail(pass, event, agent_str_cstr(err.message));
		}
	}
	if (pass->answered && pass->decoder != NULL && pass->codec->next(pass->decoder, event)) {
		return deliver(pass, event, malformed);
	}
	if (pass->chunk.len == 0) {
		bool done;
		if (!step_read(pass, event, &done)) {
			return done;
		}
	}
	bool stream = pass->answer.status == 200 && agent_str_is(pass->answer.content_type, "text/event-stream");
	return stream ? step_stream(pass, event, malformed) : step_refused(pass, event, malformed);
}

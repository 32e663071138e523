/* SPDX-License-Identifier: MIT
 * OpenAI Chat Completions: one chunk of the stream, as its many servers really send it.
 * Knows neither the stream's end nor what a turn does with it. */
#include "ext/brain/openai_chat.h"

#include "ext/base/alloc.h"
#include "ext/brain/fields.h"
#include "ext/text/utf8.h"

#define MESSAGE_MAX ((size_t)2048)

static agent_status keep(agent_decoder *decoder, size_t bytes, agent_error *err)
{
	if (bytes > decoder->limit - decoder->kept) {
		return agent_fail(err, AGENT_DOMAIN_LIMIT, "too_large", "the model's answer is larger than %zu bytes",
			decoder->limit);
	}
	decoder->kept += bytes;
	return AGENT_OK;
}

/* Appends a string and counts what it added. */
static agent_status collect(agent_decoder *decoder, const agent_field *field, agent_buf *to, agent_error *err)
{
	size_t before = to->len;
	agent_field_str(field, to);
	if (agent_buf_check(to, "the model's answer", err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return keep(decoder, to->len - before, err);
}

static agent_status call_at(agent_decoder *decoder, int64_t position, agent_chat_call **out, agent_error *err)
{
	size_t at = decoder->call_count;
	while (at > 0 && decoder->calls[at - 1].position > position) {
		at--;
	}
	if (at > 0 && decoder->calls[at - 1].position == position) {
		*out = &decoder->calls[at - 1];
		return AGENT_OK;
	}
	if (keep(decoder, sizeof(agent_chat_call), err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (decoder->call_count == decoder->call_room) {
		size_t room = decoder->call_room == 0 ? 4 : decoder->call_room * 2;
		agent_chat_call *calls = agent_realloc(decoder->calls, room * sizeof *calls);
		if (calls == NULL) {
			return agent_fail_memory(err);
		}
		decoder->calls = calls;
		decoder->call_room = room;
	}
	agent_chat_call *c = &decoder->calls[at];
	memmove(c + 1, c, (decoder->call_count - at) * sizeof *c);
	decoder->call_count++;
	c->position = position;
	agent_buf_init(&c->id, decoder->limit);
	agent_buf_init(&c->name, decoder->limit);
	agent_buf_init(&c->arguments, decoder->limit);
	*out = c;
	return AGENT_OK;
}

/* id and name: the first that are not empty (they come once, or again as ""); arguments: all pieces. */
static agent_status call_delta(agent_decoder *decoder, const agent_json_reader *item, int64_t place,
	agent_error *err)
{
	enum { INDEX, ID, FUNCTION, NAME = 0, ARGUMENTS };
	agent_field fields[] = { { .name = "index" }, { .name = "id" }, { .name = "function" } };
	agent_field function[] = { { .name = "name" }, { .name = "arguments" } };
	int64_t position = place;
	agent_chat_call *c = NULL;
	if (!agent_fields_read(item, fields, 3)) {
		return AGENT_OK;
	}
	agent_field_int(&fields[INDEX], &position);
	if (call_at(decoder, position, &c, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (c->id.len == 0 && collect(decoder, &fields[ID], &c->id, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (!fields[FUNCTION].present || !agent_fields_read(&fields[FUNCTION].at, function, 2)) {
		return AGENT_OK;
	}
	if (c->name.len == 0 && collect(decoder, &function[NAME], &c->name, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return collect(decoder, &function[ARGUMENTS], &c->arguments, err);
}

/* A string, or a list of parts (Mistral). The text is for the caller, who takes it with next. */
static agent_status content(agent_decoder *decoder, const agent_field *field, agent_error *err)
{
	agent_json_reader items, item;
	if (!field->present) {
		return AGENT_OK;
	}
	if (agent_items_begin(&field->at, &items)) {
		while (agent_items_next(&items, &item)) {
			agent_field part[] = { { .name = "type" }, { .name = "text" } };
			if (!agent_fields_read(&item, part, 2)) {
				continue;
			}
			if (agent_field_is(&part[0], "text")) {
				agent_field_str(&part[1], &decoder->text);
			} else if (agent_field_is(&part[0], "thinking")) {
				decoder->reasoning = true;
			}
		}
	} else {
		agent_field_str(field, &decoder->text);
	}
	return agent_buf_check(&decoder->text, "a piece of the model's answer", err);
}

static agent_status delta(agent_decoder *decoder, const agent_field *field, agent_error *err)
{
	enum { CONTENT, REFUSAL, CALLS, REASONING, REASONING_CONTENT, REASONING_DETAILS, COUNT };
	agent_field fields[COUNT] = { { .name = "content" }, { .name = "refusal" }, { .name = "tool_calls" },
		{ .name = "reasoning" }, { .name = "reasoning_content" }, { .name = "reasoning_details" } };
	agent_json_reader items, item;
	if (!field->present || !agent_fields_read(&field->at, fields, COUNT)) {
		return AGENT_OK;
	}
	for (int i = REASONING; i < COUNT; i++) {
		decoder->reasoning = decoder->reasoning || agent_field_filled(&fields[i]);
	}
	if (content(decoder, &fields[CONTENT], err) != AGENT_OK
		|| collect(decoder, &fields[REFUSAL], &decoder->refusal, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (fields[CALLS].present && agent_items_begin(&fields[CALLS].at, &items)) {
		for (int64_t place = 0; agent_items_next(&items, &item); place++) {
			if (call_delta(decoder, &item, place, err) != AGENT_OK) {
				return AGENT_ERR;
			}
		}
	}
	return AGENT_OK;
}

void agent_chat_fail(agent_decoder *decoder, agent_str message)
{
	if (!decoder->failed) {
		agent_buf_add(&decoder->message, agent_str_cut(message, 0, agent_utf8_cut(message, MESSAGE_MAX)));
	}
	decoder->failed = true;
}

/* The first error's message stays. It is an object with a message, or the message itself. */
static void fail_with(agent_decoder *decoder, const agent_field *error)
{
	agent_field fields[] = { { .name = "message" }, { .name = "code" } };
	agent_buf *to = &decoder->message;
	if (decoder->failed) {
		return;
	}
	decoder->failed = true;
	if (!agent_field_str(error, to) && error->present && agent_fields_read(&error->at, fields, 2)) {
		agent_field_str(&fields[0], to);
		decoder->malformed_call = agent_field_is(&fields[1], "tool_use_failed");
	}
	to->len = agent_utf8_cut(agent_buf_str(to), MESSAGE_MAX);
}

/* Some servers send a reason twice; of two that differ the graver one stays, so that nothing cut short is
 * taken for whole. */
static void reason(agent_decoder *decoder, const agent_field *field)
{
	static const struct {
		const char *name;
		agent_finish finish;
	} known[] = {
		{ "length", AGENT_FINISH_LENGTH }, { "model_length", AGENT_FINISH_LENGTH },
			{ "max_tokens", AGENT_FINISH_LENGTH },
		{ "content_filter", AGENT_FINISH_FILTER },
	};
	if (!agent_field_filled(field)) {
		return;
	}
	decoder->terminal = true;
	if (agent_field_is(field, "error")) {
		agent_chat_fail(decoder, AGENT_STR("the server ended the answer with an error"));
	}
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (agent_field_is(field, known[i].name) && decoder->reason != AGENT_FINISH_FILTER) {
			decoder->reason = known[i].finish;
		}
	}
}

static agent_status choice(agent_decoder *decoder, const agent_json_reader *item, agent_error *err)
{
	enum { INDEX, DELTA, REASON, ERROR, COUNT };
	agent_field fields[COUNT] = { { .name = "index" }, { .name = "delta" }, { .name = "finish_reason" },
		{ .name = "error" } };
	int64_t index = 0;
	if (!agent_fields_read(item, fields, COUNT)) {
		return AGENT_OK;
	}
	agent_field_int(&fields[INDEX], &index);
	if (index != 0) {
		return AGENT_OK;
	}
	if (agent_field_filled(&fields[ERROR])) { /* OpenRouter, beside finish_reason "error" */
		fail_with(decoder, &fields[ERROR]);
	}
	reason(decoder, &fields[REASON]);
	return delta(decoder, &fields[DELTA], err);
}

static int64_t count_of(const agent_field *field)
{
	int64_t value = 0;
	return agent_field_int(field, &value) && value > 0 ? value : 0;
}

/* The last one wins: it may come in each chunk, growing, and Groq sends it twice. */
static void usage(agent_decoder *decoder, const agent_field *field)
{
	enum { INPUT, OUTPUT, DETAILS, CACHE_HIT, CACHED, COUNT };
	agent_field fields[COUNT] = { { .name = "prompt_tokens" }, { .name = "completion_tokens" },
		{ .name = "prompt_tokens_details" }, { .name = "prompt_cache_hit_tokens" },
		{ .name = "cached_tokens" } };
	agent_field details = { .name = "cached_tokens" };
	if (!field->present || !agent_fields_read(&field->at, fields, COUNT)) {
		return;
	}
	if (fields[DETAILS].present) {
		agent_fields_read(&fields[DETAILS].at, &details, 1);
	}
	const agent_field *cached = details.present ? &details : fields[CACHE_HIT].present ? &fields[CACHE_HIT]
		: &fields[CACHED];
	decoder->usage = (agent_usage){ true, count_of(&fields[INPUT]), count_of(&fields[OUTPUT]),
		count_of(cached) };
}

agent_status agent_chat_chunk(agent_decoder *decoder, agent_str json, bool error_event, agent_error *err)
{
	enum { CHOICES, USAGE, GROQ, ERROR, OBJECT, MESSAGE, COUNT };
	agent_field fields[COUNT] = { { .name = "choices" }, { .name = "usage" }, { .name = "x_groq" },
		{ .name = "error" },
		{ .name = "object" }, { .name = "message" } };
	agent_field groq[] = { { .name = "usage" }, { .name = "error" } };
	agent_json_reader at, items, item;
	agent_json_reader_init(&at, json, AGENT_JSON_DEPTH);
	agent_fields_read(&at, fields, COUNT);
	if (fields[GROQ].present) {
		agent_fields_read(&fields[GROQ].at, groq, 2);
	}
	usage(decoder, fields[USAGE].present ? &fields[USAGE] : &groq[0]);
	if (agent_field_filled(&fields[ERROR]) || agent_field_filled(&groq[1])) {
		fail_with(decoder, agent_field_filled(&fields[ERROR]) ? &fields[ERROR] : &groq[1]);
	} else if (error_event || agent_field_is(&fields[OBJECT], "error")) {
		fail_with(decoder, fields[MESSAGE].present ? &fields[MESSAGE] : &fields[ERROR]);
	}
	if (fields[CHOICES].present && agent_items_begin(&fields[CHOICES].at, &items)) {
		while (agent_items_next(&items, &item)) {
			if (choice(decoder, &item, err) != AGENT_OK) {
				return AGENT_ERR;
			}
		}
	}
	return agent_buf_check(&decoder->message, "the server's error message", err);
}

/* SPDX-License-Identifier: MIT
 * Server-sent events: one pass over the bytes, nothing kept but the fields of the event under way.
 * Knows events, not what they mean. */
#include "ext/wire/sse.h"

#include "ext/base/alloc.h"

typedef enum target {
	TARGET_NONE,        /* a comment or a field that is not kept */
	TARGET_DATA,
	TARGET_NAME
} target;

typedef enum state {
	IN_FIELD,           /* at the start of a line or in its field name */
	AFTER_COLON,        /* one space is skipped here */
	IN_VALUE
} state;

struct agent_sse {
	agent_buf data;
	agent_buf name;
	size_t limit;
	state state;
	target target;
	char field[8];      /* the longest name we know has 5 letters */
	size_t field_len;   /* stops at sizeof field: an unknown one */
	bool fresh;         /* a BOM may still come */
	bool after_cr;      /* a LF that follows belongs to the CR before it */
	bool has_data;      /* a data line was seen: the next one is joined by LF */
	bool shown;         /* the event was handed out; the next feed starts a new one */
};

agent_sse *agent_sse_new(size_t limit)
{
	agent_sse *sse = agent_calloc(1, sizeof *sse);
	if (sse == NULL) {
		return NULL;
	}
	agent_buf_init(&sse->data, limit);
	agent_buf_init(&sse->name, limit);
	sse->limit = limit;
	sse->fresh = true;
	return sse;
}

void agent_sse_free(agent_sse *sse)
{
	if (sse == NULL) {
		return;
	}
	agent_buf_clear(&sse->data);
	agent_buf_clear(&sse->name);
	agent_free(sse);
}

static void forget_event(agent_sse *sse)
{
	agent_buf_reset(&sse->data);
	agent_buf_reset(&sse->name);
	sse->has_data = false;
	sse->shown = false;
}

static void keep(agent_sse *sse, agent_buf *buf, agent_str bytes)
{
	if (bytes.len > sse->limit - sse->data.len - sse->name.len) {
		buf->fault = AGENT_BUF_FULL;
		return;
	}
	agent_buf_add(buf, bytes);
}

/* The field name is complete: where its value goes. Names are compared with case, as the standard has it. */
static void begin_value(agent_sse *sse)
{
	agent_str field = { sse->field, sse->field_len };
	sse->target = TARGET_NONE;
	if (sse->field_len >= sizeof sse->field) {
		return;
	}
	if (agent_str_is(field, "data")) {
		sse->target = TARGET_DATA;
		if (sse->has_data) {
			keep(sse, &sse->data, AGENT_STR("\n"));
		}
		sse->has_data = true;
	} else if (agent_str_is(field, "event")) {
		sse->target = TARGET_NAME;
		agent_buf_reset(&sse->name);
	}
}

/* true: a blank line ended an event that has data. */
static bool end_line(agent_sse *sse)
{
	bool blank = sse->state == IN_FIELD && sse->field_len == 0;
	if (sse->state == IN_FIELD && !blank) { /* a line without a colon is a field with an empty value */
		begin_value(sse);
	}
	sse->state = IN_FIELD;
	sse->target = TARGET_NONE;
	sse->field_len = 0;
	sse->fresh = false;
	if (!blank) {
		return false;
	}
	if (sse->data.len > 0) {
		return true;
	}
	forget_event(sse);
	return false;
}

static void field_byte(agent_sse *sse, char c)
{
	if (c == ':') {
		begin_value(sse);
		sse->state = AFTER_COLON;
		return;
	}
	if (sse->field_len < sizeof sse->field) {
		sse->field[sse->field_len++] = c;
	}
	if (sse->fresh && sse->field_len == 3) {
		sse->fresh = false;
		if (memcmp(sse->field, "\xEF\xBB\xBF", 3) == 0) {
			sse->field_len = 0;
		}
	}
}

/* How many bytes stand before the end of the line. */
static size_t rest_of_line(agent_str bytes)
{
	const char *lf = memchr(bytes.ptr, '\n', bytes.len);
	size_t len = lf != NULL ? (size_t)(lf - bytes.ptr) : bytes.len;
	const char *cr = memchr(bytes.ptr, '\r', len);
	return cr != NULL ? (size_t)(cr - bytes.ptr) : len;
}

/* Consumes one or more bytes; *ready as in end_line. */
static size_t step(agent_sse *sse, agent_str bytes, bool *ready)
{
	char c = bytes.ptr[0];
	if (c == '\n' && sse->after_cr) {
		sse->after_cr = false;
		return 1;
	}
	sse->after_cr = c == '\r';
	if (c == '\r' || c == '\n') {
		*ready = end_line(sse);
		return 1;
	}
	if (sse->state == IN_FIELD) {
		field_byte(sse, c);
		return 1;
	}
	if (sse->state == AFTER_COLON) {
		sse->state = IN_VALUE;
		if (c == ' ') {
			return 1;
		}
	}
	size_t len = rest_of_line(bytes);
	if (sse->target != TARGET_NONE) {
		keep(sse, sse->target == TARGET_DATA ? &sse->data : &sse->name, agent_str_cut(bytes, 0, len));
	}
	return len;
}

static agent_status check(const agent_sse *sse, agent_error *err)
{
	if (sse->data.fault == AGENT_BUF_FINE && sse->name.fault == AGENT_BUF_FINE) {
		return AGENT_OK;
	}
	if (sse->data.fault == AGENT_BUF_FULL || sse->name.fault == AGENT_BUF_FULL) {
		return agent_fail(err, AGENT_DOMAIN_LIMIT, "event_too_large",
			"an event of the stream is larger than %zu bytes", sse->limit);
	}
	return agent_fail_memory(err);
}

static void show(agent_sse *sse, agent_sse_event *event)
{
	event->name = agent_buf_str(&sse->name);
	event->data = agent_buf_str(&sse->data);
	sse->shown = true;
}

agent_status agent_sse_feed(agent_sse *sse, agent_str bytes, size_t *used, bool *ready,
	agent_sse_event *event, agent_error *err)
{
	*used = 0;
	*ready = false;
	if (sse->shown) {
		forget_event(sse);
	}
	while (check(sse, err) == AGENT_OK) { /* a failure stays: the parser is of no more use */
		if (*ready) {
			show(sse, event);
			return AGENT_OK;
		}
		if (*used == bytes.len) {
			return AGENT_OK;
		}
		*used += step(sse, agent_str_from(bytes, *used), ready);
	}
	*ready = false;
	return AGENT_ERR;
}

void agent_sse_end(agent_sse *sse, bool *ready, agent_sse_event *event)
{
	if (sse->shown) {
		forget_event(sse);
	}
	agent_error err;
	*ready = sse->data.len > 0 && check(sse, &err) == AGENT_OK;
	if (*ready) {
		show(sse, event);
	}
}

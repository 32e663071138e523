/* SPDX-License-Identifier: MIT
 * Faults: where, which rule, and a sentence a model can act on.
 * Called only on a run that collects; a run that only asks yes or no allocates nothing. */
#include "ext/contract/schema_compile.h"

#include <stdarg.h>
#include <stdio.h>

#include "ext/text/utf8.h"

#define POINTER_MAX ((size_t)4096)

bool agent_run_out_of_memory(agent_run *run)
{
	if (!run->broken) {
		run->broken = true;
		agent_fail_memory(run->err);
	}
	return false;
}

bool agent_run_work(agent_run *run, long amount)
{
	run->work -= amount;
	if (run->work < 0 && !run->broken) {
		run->broken = true;
		agent_fail(run->err, AGENT_DOMAIN_LIMIT, "schema_limit",
			"checking the value against its schema takes too many steps");
	}
	return !run->broken;
}

bool agent_run_over(const agent_run *run)
{
	return run->broken || run->faults == NULL || run->count >= run->max;
}

static void put_frames(agent_buf *out, const agent_frame *frame)
{
	const agent_frame *path[256];
	size_t count = 0;
	while (frame != NULL && frame->parent != NULL && count < sizeof path / sizeof *path) {
		path[count++] = frame;
		frame = frame->parent;
	}
	while (count-- > 0) {
		if (path[count]->is_index) {
			agent_buf_addf(out, "/%zu", path[count]->index);
		} else {
			agent_json_pointer_add(out, path[count]->key);
		}
	}
}

static bool keep(agent_run *run, agent_buf *buf, agent_str *out)
{
	if (buf->fault == AGENT_BUF_FULL) { /* a path of enormous keys: better cut than none */
		buf->fault = AGENT_BUF_FINE;
	}
	bool ok = buf->fault == AGENT_BUF_FINE && agent_arena_dup(run->arena, agent_buf_str(buf), out);
	if (!ok && !run->broken) {
		run->broken = true;
		if (buf->fault == AGENT_BUF_FINE) {
			agent_arena_fail(run->arena, run->err);
		} else {
			agent_buf_check(buf, "a fault", run->err);
		}
	}
	return ok;
}

bool agent_fault_at(agent_run *run, const agent_node *node, const char *keyword, const agent_str *key,
	agent_str message)
{
	if (agent_run_over(run)) {
		return false;
	}
	agent_schema_fault *fault = &run->faults[run->count];
	agent_buf buf;
	fault->types = 0;
	agent_buf_init(&buf, POINTER_MAX);
	put_frames(&buf, run->frame);
	if (key != NULL) {
		agent_json_pointer_add(&buf, *key);
	}
	bool ok = keep(run, &buf, &fault->instance);
	agent_buf_reset(&buf);
	agent_buf_add(&buf, node->pointer);
	if (keyword != NULL) {
		agent_json_pointer_add(&buf, agent_str_cstr(keyword));
	}
	ok = ok && keep(run, &buf, &fault->schema);
	agent_buf_reset(&buf);
	agent_buf_add(&buf, run->naming ? AGENT_STR("the member's name ") : AGENT_STR_EMPTY);
	agent_buf_add(&buf, message);
	ok = ok && keep(run, &buf, &fault->message);
	agent_buf_clear(&buf);
	fault->keyword = keyword != NULL ? agent_str_cstr(keyword) : AGENT_STR("false");
	run->count += ok;
	return false;
}

bool agent_fault(agent_run *run, const agent_check *check, const char *format, ...)
{
	char text[512];
	va_list args;
	if (agent_run_over(run)) {
		return false;
	}
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	agent_str message = agent_str_cstr(text);
	message.len = agent_utf8_cut(message, sizeof text - 2);
	return agent_fault_at(run, check->node, check->keyword->name, NULL, message);
}

bool agent_fault_buf(agent_run *run, const agent_check *check, agent_buf *message)
{
	if (message->fault == AGENT_BUF_NO_MEMORY) {
		agent_run_out_of_memory(run);
	} else {
		agent_fault_at(run, check->node, check->keyword->name, NULL, agent_buf_str(message));
	}
	agent_buf_clear(message);
	return false;
}

void agent_fault_put_text(agent_buf *out, agent_str text, size_t max)
{
	size_t len = agent_utf8_cut(text, max);
	agent_buf_add(out, (agent_str){ text.ptr, len });
	if (len < text.len) {
		agent_buf_add_lit(out, "\xE2\x80\xA6");
	}
}

void agent_fault_put_value(agent_buf *out, const agent_json *value)
{
	agent_buf text;
	agent_buf_init(&text, 4096);
	agent_json_write(value, &text);
	if (text.fault == AGENT_BUF_NO_MEMORY) {
		out->fault = out->fault != AGENT_BUF_FINE ? out->fault : AGENT_BUF_NO_MEMORY;
	}
	agent_fault_put_text(out, agent_buf_str(&text), 80);
	agent_buf_clear(&text);
}

void agent_schema_faults_write(const agent_schema_fault *faults, size_t count, agent_buf *out)
{
	agent_buf_add_char(out, '[');
	for (size_t i = 0; i < count; i++) {
		agent_buf_add(out, i > 0 ? AGENT_STR(",{") : AGENT_STR("{"));
		agent_json_put_member(out, "instance", faults[i].instance);
		agent_json_put_member(out, "schema", faults[i].schema);
		agent_json_put_member(out, "keyword", faults[i].keyword);
		agent_json_put_member(out, "message", faults[i].message);
		agent_buf_add_char(out, '}');
	}
	agent_buf_add_char(out, ']');
}

/* SPDX-License-Identifier: MIT
 * Result classes, and what a tool's answer is taken for.
 * No HTTP; the projection by output_schema is in project.c. */
#include "ext/hands/hands.h"

#include "ext/text/utf8.h"

#define MESSAGE_MAX ((size_t)300)
#define RESULT_MAX ((size_t)1024 * 1024)
#define KEPT_MAX ((size_t)128 * 1024) /* of it, for the model and for the visitor: more fits no prompt */

static const char *const class_names[] = {
	[AGENT_RESULT_OK] = "ok",
	[AGENT_RESULT_INVALID] = "invalid",
	[AGENT_RESULT_TRANSIENT] = "transient",
	[AGENT_RESULT_TIMEOUT] = "timeout",
	[AGENT_RESULT_REFUSED] = "refused",
	[AGENT_RESULT_PROOF] = "proof",
	[AGENT_RESULT_MALFORMED] = "malformed",
	[AGENT_RESULT_UNKNOWN_TOOL] = "unknown_tool",
	[AGENT_RESULT_FAILED] = "failed",
	[AGENT_RESULT_SKIPPED] = "skipped",
	[AGENT_RESULT_BREAKER] = "breaker_open",
};

const char *agent_result_class_name(agent_result_class result)
{
	return class_names[result];
}

bool agent_result_class_parse(agent_str name, agent_result_class *out)
{
	for (size_t i = 0; i < sizeof class_names / sizeof *class_names; i++) {
		if (agent_str_is(name, class_names[i])) {
			*out = (agent_result_class)i;
			return true;
		}
	}
	return false;
}

/* One line of at most MESSAGE_MAX bytes, into the arena. */
static agent_status say(agent_str text, agent_arena *arena, agent_tool_result *out, agent_error *err)
{
	char line[MESSAGE_MAX];
	size_t len = agent_utf8_cut(text, MESSAGE_MAX);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		line[i] = c < 0x20 || c == 0x7f ? ' ' : text.ptr[i];
	}
	if (!agent_arena_dup(arena, agent_str_trim((agent_str){ line, len }), &out->message)) {
		return agent_arena_fail(arena, err);
	}
	return AGENT_OK;
}

static agent_status write(const agent_json *tree, agent_arena *arena, agent_str *out, agent_error *err)
{
	agent_buf buf;
	agent_buf_init(&buf, KEPT_MAX);
	agent_json_write(tree, &buf);
	agent_status status = agent_buf_check(&buf, "the tool's result", err);
	if (status == AGENT_OK && !agent_arena_dup(arena, agent_buf_str(&buf), out)) {
		status = agent_arena_fail(arena, err);
	}
	agent_buf_clear(&buf);
	return status;
}

static agent_status broken(agent_str why, agent_arena *arena, agent_tool_result *out, agent_error *err)
{
	out->result = AGENT_RESULT_TRANSIENT;
	return say(why, arena, out, err);
}

static agent_status take(const agent_tool *tool, const agent_json *value, agent_arena *arena,
	agent_tool_result *out, agent_error *err)
{
	agent_json *model = NULL, *visitor = NULL;
	if (agent_result_project(tool, value, &model, &visitor, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_status status = write(model, arena, &out->model, err);
	if (status == AGENT_OK && visitor != NULL) {
		status = write(visitor, arena, &out->visitor, err);
	}
	agent_json_free(model);
	agent_json_free(visitor);
	out->result = AGENT_RESULT_OK;
	if (status != AGENT_OK && err->domain == AGENT_DOMAIN_LIMIT) {
		out->model = out->visitor = AGENT_STR_EMPTY;
		return broken(AGENT_STR("The tool's answer is too large."), arena, out, err);
	}
	return status;
}

/* The place is named in the words of the schema, which are ours: the answer's, names of members included, may be anything. */
static agent_status against_contract(const agent_schema_fault *fault, agent_arena *arena,
	agent_tool_result *out, agent_error *err)
{
	agent_buf buf;
	agent_buf_init(&buf, 4096);
	agent_buf_addf(&buf, "The tool's answer breaks its contract at \"%.*s\" (%.*s).",
		AGENT_STR_ARG(agent_str_cut(fault->schema, 0, 150)),
		AGENT_STR_ARG(agent_str_cut(fault->keyword, 0, 40)));
	agent_status status = agent_buf_check(&buf, "the message", err);
	if (status == AGENT_OK) {
		status = broken(agent_buf_str(&buf), arena, out, err);
	}
	agent_buf_clear(&buf);
	return status;
}

/* The reader's own sentence may quote the answer; its code is a word of ours. */
static agent_status no_json(const char *code, agent_arena *arena, agent_tool_result *out, agent_error *err)
{
	agent_buf buf;
	agent_buf_init(&buf, 256);
	agent_buf_addf(&buf, "The tool's answer is no JSON that can be taken (%s).", code);
	agent_status status = agent_buf_check(&buf, "the message", err);
	if (status == AGENT_OK) {
		status = broken(agent_buf_str(&buf), arena, out, err);
	}
	agent_buf_clear(&buf);
	return status;
}

agent_status agent_result_of_json(const agent_tool *tool, agent_str json, agent_arena *arena,
	agent_tool_result *out, agent_error *err)
{
	agent_json *value = NULL;
	agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
	size_t count = 0;
	*out = (agent_tool_result){ .model = AGENT_STR_EMPTY, .visitor = AGENT_STR_EMPTY,
		.message = AGENT_STR_EMPTY };
	agent_json_limits limits = { RESULT_MAX, 32 };
	if (agent_json_parse(json, limits, "the tool's answer", &value, err) != AGENT_OK) {
		return err->domain == AGENT_DOMAIN_SCHEMA ? no_json(err->code, arena, out, err) : AGENT_ERR;
	}
	agent_status status = agent_schema_validate(tool->output, value, arena, faults, &count, err);
	if (status != AGENT_OK && err->domain != AGENT_DOMAIN_MEMORY) { /* a pattern gave up on the answer */
		status = broken(AGENT_STR("The tool's answer could not be checked."), arena, out, err);
	} else if (status == AGENT_OK) {
		status = count == 0 ? take(tool, value, arena, out, err)
			: against_contract(&faults[0], arena, out, err);
	}
	agent_json_free(value);
	return status;
}

static bool is_json(agent_str type)
{
	agent_str suffix = AGENT_STR("+json");
	return type.len == 0 || agent_str_is(type, "application/json")
		|| (type.len > suffix.len && agent_str_eq(agent_str_from(type, type.len - suffix.len), suffix));
}

static agent_result_class class_of(int status)
{
	if (status == 401 || status == 403) {
		return AGENT_RESULT_REFUSED;
	}
	if (status == 408 || status == 409 || status == 425 || status == 429) {
		return AGENT_RESULT_TRANSIENT;
	}
	return status >= 400 && status < 500 ? AGENT_RESULT_INVALID : AGENT_RESULT_TRANSIENT;
}

static agent_status say_status(int status, agent_arena *arena, agent_tool_result *out, agent_error *err)
{
	agent_buf buf;
	agent_buf_init(&buf, 100);
	agent_buf_addf(&buf, "The tool answered with status %d.", status);
	agent_status done = agent_buf_check(&buf, "the message", err);
	if (done == AGENT_OK) {
		done = say(agent_buf_str(&buf), arena, out, err);
	}
	agent_buf_clear(&buf);
	return done;
}

/* The backend's own sentence, where it is one of ours: {"error": {"code", "message"}}. */
static agent_status explain(int status, agent_str body, agent_arena *arena, agent_tool_result *out,
	agent_error *err)
{
	agent_json *value = NULL;
	agent_str code, message;
	agent_json_limits limits = { RESULT_MAX, 32 };
	if (agent_json_parse(body, limits, "the tool's answer", &value, err) != AGENT_OK
		&& err->domain == AGENT_DOMAIN_MEMORY) {
		return AGENT_ERR;
	}
	const agent_json *error = agent_json_get(value, "error");
	if (status == 403 && agent_json_str(agent_json_get(error, "code"), &code)
		&& agent_str_is(code, "proof_required")) {
		out->result = AGENT_RESULT_PROOF;
	}
	agent_status done = agent_json_str(agent_json_get(error, "message"), &message)
		&& agent_str_trim(message).len > 0
		? say(agent_str_trim(message), arena, out, err) : say_status(status, arena, out, err);
	agent_json_free(value);
	return done;
}

agent_status agent_result_read(const agent_tool *tool, int status, agent_str content_type, agent_str body,
	agent_arena *arena, agent_tool_result *out, agent_error *err)
{
	if (status >= 200 && status < 300 && is_json(content_type)) {
		return agent_result_of_json(tool, body, arena, out, err);
	}
	*out = (agent_tool_result){ .model = AGENT_STR_EMPTY, .visitor = AGENT_STR_EMPTY,
		.message = AGENT_STR_EMPTY };
	if (status >= 200 && status < 300) {
		return broken(AGENT_STR("The tool's answer is no JSON."), arena, out, err);
	}
	out->result = class_of(status);
	if (out->result == AGENT_RESULT_TRANSIENT) {
		return say_status(status, arena, out, err);
	}
	return explain(status, body, arena, out, err);
}

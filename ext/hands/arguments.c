/* SPDX-License-Identifier: MIT
 * Arguments as a model sent them, against the tool's input schema.
 * Calls nothing and repairs nothing. */
#include "ext/hands/hands.h"

#define ARGUMENTS_MAX ((size_t)64 * 1024)
#define FAULTS_MAX ((size_t)64 * 1024)

static agent_status keep(agent_buf *buf, agent_arena *arena, agent_str *out, agent_error *err)
{
	agent_status status = agent_buf_check(buf, "what is wrong with the arguments", err);
	if (status == AGENT_OK && !agent_arena_dup(arena, agent_buf_str(buf), out)) {
		status = agent_arena_fail(arena, err);
	}
	agent_buf_clear(buf);
	return status;
}

static agent_status put_faults(const agent_schema_fault *faults, size_t count, agent_arena *arena,
	agent_str *out, agent_error *err)
{
	agent_buf buf;
	agent_buf_init(&buf, FAULTS_MAX);
	agent_schema_faults_write(faults, count, &buf);
	return keep(&buf, arena, out, err);
}

static agent_status put_fault(agent_str keyword, agent_str message, agent_arena *arena, agent_str *out,
	agent_error *err)
{
	agent_schema_fault fault = { AGENT_STR_EMPTY, AGENT_STR_EMPTY, keyword, message, 0 };
	return put_faults(&fault, 1, arena, out, err);
}

/* The one required argument that is not there; empty if it is not exactly one. */
static agent_str missing_of(const agent_tool *tool, const agent_json *value)
{
	const agent_json *required = agent_json_get(tool->input_document, "required");
	agent_str missing = AGENT_STR_EMPTY;
	for (size_t i = 0; i < agent_json_count(required); i++) {
		agent_str name;
		if (!agent_json_str(agent_json_at(required, i), &name)) {
			continue;
		}
		agent_json_iter it = agent_json_members(value);
		agent_str key;
		agent_json *member;
		bool there = false;
		while (agent_json_member(&it, &key, &member)) {
			there = there || agent_str_eq(key, name);
		}
		if (!there && missing.len > 0) {
			return AGENT_STR_EMPTY;
		}
		missing = there ? missing : name;
	}
	return missing;
}

static agent_status check(const agent_tool *tool, const agent_json *value, agent_arena *arena,
	agent_str *faults, agent_str *missing, size_t *count, agent_error *err)
{
	agent_schema_fault list[AGENT_SCHEMA_FAULTS];
	if (agent_json_kind_of(value) != AGENT_JSON_KIND_OBJECT) {
		*count = 1;
		return put_fault(AGENT_STR("type"), AGENT_STR("the arguments must be one JSON object"), arena, faults,
			err);
	}
	if (agent_schema_validate(tool->input, value, arena, list, count, err) != AGENT_OK) {
		if (err->domain == AGENT_DOMAIN_MEMORY) {
			return AGENT_ERR;
		}
		*count = 1; /* a pattern gave up on this value: it cannot be trusted */
		return put_fault(AGENT_STR("pattern"), agent_str_cstr(err->message), arena, faults, err);
	}
	if (*count == 0) {
		return AGENT_OK;
	}
	if (*count == 1 && agent_str_is(list[0].keyword, "required")) {
		agent_str name = missing_of(tool, value);
		if (!agent_arena_dup(arena, name, missing)) {
			return agent_arena_fail(arena, err);
		}
	}
	return put_faults(list, *count, arena, faults, err);
}

agent_status agent_arguments_check(const agent_tool *tool, agent_str text, agent_arena *arena, bool *valid,
	agent_str *canonical, agent_str *faults, agent_str *missing, agent_error *err)
{
	agent_json *value = NULL;
	size_t count = 0;
	*valid = false;
	*canonical = *faults = *missing = AGENT_STR_EMPTY;
	agent_json_limits limits = { ARGUMENTS_MAX, 16 };
	if (agent_json_parse(text, limits, "the arguments", &value, err) != AGENT_OK) {
		if (err->domain != AGENT_DOMAIN_SCHEMA) {
			return AGENT_ERR;
		}
		return put_fault(agent_str_cstr(err->code), agent_str_cstr(err->message), arena, faults, err);
	}
	agent_status status = check(tool, value, arena, faults, missing, &count, err);
	if (status == AGENT_OK && count == 0) {
		agent_buf buf;
		agent_buf_init(&buf, ARGUMENTS_MAX * 2);
		agent_json_write_canonical(value, &buf);
		status = keep(&buf, arena, canonical, err);
		*valid = status == AGENT_OK;
	}
	agent_json_free(value);
	return status;
}

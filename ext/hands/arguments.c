/* SPDX-License-Identifier: MIT
 * Arguments as a model sent them, against the tool's input schema.
 * Calls nothing; of a text that is refused nothing gets into what is told about it. */
#include "ext/contract/coerce.h"
#include "ext/contract/strict.h"
#include "ext/hands/hands.h"
#include "ext/text/utf8.h"

#define ARGUMENTS_MAX ((size_t)64 * 1024)
#define FAULTS_MAX ((size_t)8 * 1024)
#define COERCIONS_MAX ((size_t)256 * 1024)
#define FAULT_POINTER ((size_t)200)
#define FAULT_MESSAGE ((size_t)600)

static agent_status keep(agent_buf *buf, agent_arena *arena, agent_str *out, agent_error *err)
{
	agent_status status = agent_buf_check(buf, "what is wrong with the arguments", err);
	if (status == AGENT_OK && !agent_arena_dup(arena, agent_buf_str(buf), out)) {
		status = agent_arena_fail(arena, err);
	}
	agent_buf_clear(buf);
	return status;
}

/* --- what is told --- */

/* A member that some object of the schema knows by name. */
static bool is_known(const agent_json *schema, const char *name)
{
	agent_str key;
	agent_json *value;
	if (agent_json_has(agent_json_get(schema, "properties"), name)) {
		return true;
	}
	for (agent_json_iter it = agent_json_members(schema); agent_json_member(&it, &key, &value);) {
		if (is_known(value, name)) {
			return true;
		}
	}
	for (size_t i = 0; agent_json_kind_of(schema) == AGENT_JSON_KIND_ARRAY && i < agent_json_count(schema); i++) {
		if (is_known(agent_json_at(schema, i), name)) {
			return true;
		}
	}
	return false;
}

/* One reference token, still encoded, into *value, which becomes what it leads to: an index of an array, or a name of the schema. */
static bool is_ours(const agent_json *schema, agent_str token, const agent_json **value)
{
	char name[FAULT_POINTER + 1];
	size_t len = 0;
	int64_t index;
	if (agent_json_kind_of(*value) == AGENT_JSON_KIND_ARRAY) {
		bool is_index = agent_str_to_int(token, &index) && index >= 0 && (uint64_t)index < agent_json_count(*value);
		*value = is_index ? agent_json_at(*value, (size_t)index) : NULL;
		return is_index;
	}
	if (token.len > FAULT_POINTER) {
		return false;
	}
	for (size_t i = 0; i < token.len; i++) {
		bool escape = token.ptr[i] == '~' && i + 1 < token.len;
		name[len++] = !escape ? token.ptr[i] : token.ptr[++i] == '1' ? '/' : '~';
	}
	name[len] = '\0';
	*value = agent_json_get(*value, name);
	return is_known(schema, name);
}

/* A pointer as far as the schema knows its names: a name that the model made up would bring its text back to it. */
static agent_str known_part(const agent_json *schema, const agent_json *value, agent_str pointer)
{
	size_t end = 0;
	while (end < pointer.len) {
		size_t next = agent_str_find(pointer, AGENT_STR("/"), end + 1);
		next = next == (size_t)-1 ? pointer.len : next;
		if (next > FAULT_POINTER || !is_ours(schema, agent_str_cut(pointer, end + 1, next - end - 1), &value)) {
			break;
		}
		end = next;
	}
	return agent_str_cut(pointer, 0, end);
}

/* The value has no name that the schema does not know. Such a name is not searched for in a text: it may stand there cut short, or
 * written as a pointer writes it. */
static bool is_clean(const agent_json *schema, const agent_json *value)
{
	agent_str key;
	agent_json *member;
	for (agent_json_iter it = agent_json_members(value); agent_json_member(&it, &key, &member);) {
		if (!is_known(schema, key.ptr) || !is_clean(schema, member)) {
			return false;
		}
	}
	for (size_t i = 0; agent_json_kind_of(value) == AGENT_JSON_KIND_ARRAY && i < agent_json_count(value); i++) {
		if (!is_clean(schema, agent_json_at(value, i))) {
			return false;
		}
	}
	return true;
}

static agent_str cut(agent_str text, size_t max)
{
	return agent_str_cut(text, 0, agent_utf8_cut(text, max));
}

/* So that a model may read it: nothing but the schema's own words. */
static void clean(const agent_json *schema, const agent_json *value, agent_schema_fault *fault)
{
	bool alternatives = agent_str_is(fault->keyword, "anyOf") || agent_str_is(fault->keyword, "oneOf");
	fault->instance = known_part(schema, value, fault->instance);
	if (alternatives && !is_clean(schema, value)) {
		fault->message = AGENT_STR("matches none of the alternatives, or more than one");
	}
}

/* Bounded, whatever the value was. */
static agent_status put_faults(agent_schema_fault *faults, size_t count, agent_arena *arena, agent_str *out, agent_error *err)
{
	const size_t most = FAULT_POINTER * 2 + FAULT_MESSAGE + 200;
	agent_buf buf;
	size_t kept = 0;
	size_t bytes = 0;
	while (kept < count && bytes + most <= FAULTS_MAX) {
		agent_schema_fault *fault = &faults[kept];
		fault->instance = cut(fault->instance, FAULT_POINTER);
		fault->schema = cut(fault->schema, FAULT_POINTER);
		fault->message = cut(fault->message, FAULT_MESSAGE);
		bytes += fault->instance.len + fault->schema.len + fault->keyword.len + fault->message.len + 64;
		kept++;
	}
	agent_buf_init(&buf, FAULTS_MAX * 8); /* a control character is written as six */
	agent_schema_faults_write(faults, kept, &buf);
	return keep(&buf, arena, out, err);
}

static agent_status put_fault(agent_str keyword, agent_str message, agent_arena *arena, agent_str *out,
	agent_error *err)
{
	agent_schema_fault fault = { AGENT_STR_EMPTY, AGENT_STR_EMPTY, keyword, message, 0 };
	agent_buf buf;
	agent_buf_init(&buf, FAULTS_MAX);
	agent_schema_faults_write(&fault, 1, &buf);
	return keep(&buf, arena, out, err);
}

/* --- what is missing --- */

/* The one required argument that is not there (a null stands for nothing, too); empty if it is not exactly one. */
static agent_str missing_of(const agent_tool *tool, const agent_json *value)
{
	const agent_json *required = agent_json_get(tool->input_document, "required");
	agent_str missing = AGENT_STR_EMPTY;
	for (size_t i = 0; i < agent_json_count(required); i++) {
		agent_str name;
		if (!agent_json_str(agent_json_at(required, i), &name) || agent_json_get(value, name.ptr) != NULL) {
			continue;
		}
		if (missing.len > 0) {
			return AGENT_STR_EMPTY;
		}
		missing = name;
	}
	return missing;
}

/* The faults say no more than that this argument is not there. */
static bool only_missing(const agent_schema_fault *faults, size_t count, agent_str name)
{
	for (size_t i = 0; i < count; i++) {
		agent_str instance = faults[i].instance;
		if (!agent_str_starts(instance, AGENT_STR("/")) || !agent_str_eq(agent_str_from(instance, 1), name)) {
			return false;
		}
	}
	return count > 0 && name.len > 0;
}

/* --- the check --- */

static agent_status validate(const agent_tool *tool, agent_json *value, agent_arena *arena, agent_schema_fault *faults, size_t *count,
	agent_buf *log, agent_error *err)
{
	if (log == NULL) {
		return agent_schema_validate(tool->input, value, arena, faults, count, err);
	}
	if (tool->strict_text.len > 0) {
		agent_strict_undo(tool->input_document, value);
	}
	agent_buf_add_char(log, '[');
	if (agent_coerce(tool->input, value, arena, faults, count, log, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_buf_add_char(log, ']');
	return AGENT_OK;
}

static agent_status check(const agent_tool *tool, agent_json *value, agent_arena *arena, agent_str *faults, agent_str *missing, size_t *count,
	agent_buf *log, agent_error *err)
{
	agent_schema_fault list[AGENT_SCHEMA_FAULTS];
	if (agent_json_kind_of(value) != AGENT_JSON_KIND_OBJECT) {
		*count = 1;
		return put_fault(AGENT_STR("type"), AGENT_STR("the arguments must be one JSON object"), arena, faults,
			err);
	}
	if (validate(tool, value, arena, list, count, log, err) != AGENT_OK) {
		if (err->domain == AGENT_DOMAIN_MEMORY) {
			return AGENT_ERR;
		}
		*count = 1; /* a pattern gave up on this value: it cannot be trusted */
		return put_fault(AGENT_STR("pattern"), agent_str_cstr(err->message), arena, faults, err);
	}
	if (*count == 0) {
		return AGENT_OK;
	}
	agent_str name = missing_of(tool, value);
	if (only_missing(list, *count, name) && !agent_arena_dup(arena, name, missing)) {
		return agent_arena_fail(arena, err);
	}
	for (size_t i = 0; log != NULL && i < *count; i++) {
		clean(tool->input_document, value, &list[i]);
	}
	return put_faults(list, *count, arena, faults, err);
}

/* A text that is no JSON of ours. The reader's message quotes a name where it stands twice: that is said without it. */
static agent_status unreadable(const agent_error *reason, agent_arena *arena, agent_str *faults, agent_error *err)
{
	agent_str message = strcmp(reason->code, "duplicate_key") == 0
		? AGENT_STR("the arguments: the same member stands twice in an object") : agent_str_cstr(reason->message);
	return put_fault(agent_str_cstr(reason->code), message, arena, faults, err);
}

agent_status agent_arguments_check(const agent_tool *tool, agent_str text, agent_arena *arena, bool *valid,
	agent_str *canonical, agent_str *faults, agent_str *missing, agent_str *coercions, agent_error *err)
{
	agent_json *value = NULL;
	agent_buf log, buf;
	size_t count = 0;
	*valid = false;
	*canonical = *faults = *missing = AGENT_STR_EMPTY;
	if (coercions != NULL) {
		*coercions = AGENT_STR_EMPTY;
	}
	agent_json_limits limits = { ARGUMENTS_MAX, 16 };
	if (agent_json_parse(text, limits, "the arguments", &value, err) != AGENT_OK) {
		agent_error reason = *err;
		return reason.domain == AGENT_DOMAIN_SCHEMA ? unreadable(&reason, arena, faults, err) : AGENT_ERR;
	}
	agent_buf_init(&log, COERCIONS_MAX);
	agent_status status = check(tool, value, arena, faults, missing, &count, coercions != NULL ? &log : NULL, err);
	if (status == AGENT_OK && count == 0) {
		agent_buf_init(&buf, ARGUMENTS_MAX * 2);
		agent_json_write_canonical(value, &buf);
		status = keep(&buf, arena, canonical, err);
		if (status == AGENT_OK && log.len > 2) { /* more than [] */
			status = keep(&log, arena, coercions, err);
		}
		*valid = status == AGENT_OK;
	}
	agent_buf_clear(&log);
	agent_json_free(value);
	return status;
}

/* SPDX-License-Identifier: MIT
 * The manifest of tools: every member checked, schemas compiled.
 * No call of a tool. */
#include "ext/contract/manifest.h"

#include "ext/contract/manifest_input.h"

#define MEMBERS "name description method url input_schema output_schema timeouts_ms retries scope resource effect " \
	"confirm rate examples"
#define INPUT_TEXT_MAX ((size_t)64 * 1024)

static const char *rule_name(agent_str text)
{
	return agent_rule_chars(text, "_-") ? NULL : "must consist of letters, digits, _ and -";
}

static const char *rule_scope(agent_str text)
{
	return agent_rule_chars(text, "_-.:") ? NULL
		: "must consist of letters, digits, _ - . and :, as in order:read";
}

static const char *rule_method(agent_str text)
{
	return agent_str_is(text, "GET") || agent_str_is(text, "POST") ? NULL : "must be GET or POST";
}

static const char *rule_effect(agent_str text)
{
	return agent_str_is(text, "read") || agent_str_is(text, "write") ? NULL : "must be read or write";
}

static const char *rule_rate(agent_str text)
{
	agent_rate rate;
	return agent_rate_parse(text, &rate) ? NULL : "must be a rate as 30/m, 5/10m or 100/h";
}

bool agent_rate_parse(agent_str text, agent_rate *out)
{
	int64_t count, window = 1;
	size_t slash = agent_str_find(text, AGENT_STR("/"), 0);
	*out = (agent_rate){ 0, 0 };
	if (slash == (size_t)-1 || text.len - slash < 2 || text.ptr[0] == '-' || text.ptr[0] == '0'
		|| !agent_str_to_int(agent_str_cut(text, 0, slash), &count)) {
		return false;
	}
	agent_str number = agent_str_cut(text, slash + 1, text.len - slash - 2);
	if (number.len > 0 && (number.ptr[0] == '-' || number.ptr[0] == '0' || !agent_str_to_int(number, &window))) {
		return false;
	}
	int64_t unit;
	switch (text.ptr[text.len - 1]) {
		case 's':
			unit = 1;
			break;
		case 'm':
			unit = 60;
			break;
		case 'h':
			unit = 3600;
			break;
		default:
			return false;
	}
	if (count < 1 || count > 1000000 || window < 1 || window > 86400 / unit) {
		return false;
	}
	*out = (agent_rate){ (int)count, (int)(window * unit) };
	return true;
}

/* A schema's own error begins with its pointer, which goes behind ours. */
static agent_status compile_schema(agent_place *place, const char *name, agent_json *document,
	agent_schema **out)
{
	static const agent_schema_options strict = { .formats = true, .closed = true };
	agent_error reason;
	if (agent_schema_compile(document, &strict, out, &reason) == AGENT_OK) {
		return AGENT_OK;
	}
	if (reason.domain != AGENT_DOMAIN_SCHEMA) {
		*place->err = reason;
		return AGENT_ERR;
	}
	size_t mark = agent_place_enter(place, agent_str_cstr(name));
	agent_str pointer = agent_buf_str(&place->pointer);
	agent_fail(place->err, AGENT_DOMAIN_CONFIG, reason.code, "%.*s%s", AGENT_STR_ARG(pointer),
		reason.message);
	agent_place_leave(place, mark);
	return AGENT_ERR;
}

static agent_status read_schema(agent_place *place, const agent_json *node, const char *name,
	agent_json **document, agent_schema **out)
{
	if (!agent_json_has(node, name)) {
		return agent_place_refuse(place, name, "required", "is required");
	}
	*document = agent_json_get(node, name);
	if (agent_json_kind_of(*document) != AGENT_JSON_KIND_OBJECT) {
		return agent_place_refuse(place, name, "type", "must be an object: a JSON Schema");
	}
	return compile_schema(place, name, *document, out);
}

/* The arguments of a tool are a closed object. */
static agent_status read_input(agent_place *place, const agent_json *node, agent_tool *tool)
{
	if (read_schema(place, node, "input_schema", &tool->input_document, &tool->input) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (agent_manifest_check_input(place, tool->input_document) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_buf text;
	tool->strict_text = AGENT_STR_EMPTY;
	agent_buf_init(&text, INPUT_TEXT_MAX);
	agent_json_write(tool->input_document, &text);
	agent_status status = AGENT_OK;
	if (text.fault == AGENT_BUF_FULL) {
		status = agent_place_refuse(place, "input_schema", "range", "must be at most %zu bytes long",
			INPUT_TEXT_MAX);
	} else if (text.fault != AGENT_BUF_FINE) {
		status = agent_fail_memory(place->err);
	} else if (!agent_arena_dup(place->arena, agent_buf_str(&text), &tool->input_text)) {
		status = agent_arena_fail(place->arena, place->err);
	}
	agent_buf_clear(&text);
	return status;
}

/* That what is marked for passages has their shape, the schema's compiler has seen to. */
static agent_status read_output(agent_place *place, const agent_json *node, agent_tool *tool)
{
	agent_str key, deliver;
	agent_json *member;
	tool->passages = AGENT_STR_EMPTY;
	if (read_schema(place, node, "output_schema", &tool->output_document, &tool->output) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_json_iter it = agent_json_members(agent_json_get(tool->output_document, "properties"));
	while (agent_json_member(&it, &key, &member)) {
		if (!agent_json_str(agent_json_get(member, "deliver"), &deliver) || !agent_str_is(deliver, "passages")) {
			continue;
		}
		if (tool->passages.len > 0) {
			(void)agent_place_enter(place, AGENT_STR("output_schema"));
			(void)agent_place_enter(place, AGENT_STR("properties"));
			(void)agent_place_enter(place, key);
			return agent_place_refuse(place, "deliver", "rule", "must be \"passages\" for one member of an answer only");
		}
		if (key.len == 0) {
			return agent_place_refuse(place, "output_schema", "rule", "must give a name to the member whose \"deliver\" is \"passages\"");
		}
		tool->passages = key;
	}
	return AGENT_OK;
}

static agent_status read_words(agent_place *place, const agent_json *node, agent_tool *tool)
{
	const agent_text_rule example = { .min = 1, .max = 500 };
	tool->method = AGENT_STR("POST");
	tool->url = AGENT_STR_EMPTY;
	if (agent_member_str(place, node, "name", (agent_text_rule){ true, 1, 64, rule_name },
		&tool->name) != AGENT_OK
		|| agent_member_str(place, node, "description", (agent_text_rule){ true, 1, 2000, NULL },
			&tool->description) != AGENT_OK
		|| agent_member_str(place, node, "method", (agent_text_rule){ false, 1, 8, rule_method },
			&tool->method) != AGENT_OK
		|| agent_member_str(place, node, "url", (agent_text_rule){ false, 1, 2000, agent_rule_http_url },
			&tool->url) != AGENT_OK
		|| agent_member_str(place, node, "scope", (agent_text_rule){ true, 1, 64, rule_scope },
			&tool->scope) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_member_strs(place, node, "examples", 64, example, &tool->examples, &tool->example_count);
}

static agent_status read_figures(agent_place *place, const agent_json *node, agent_tool *tool)
{
	agent_str effect = AGENT_STR("read");
	agent_str rate = AGENT_STR_EMPTY;
	tool->timeout_ms = 2500;
	tool->retries = 1;
	if (agent_member_int(place, node, "timeouts_ms", 50, 30000, &tool->timeout_ms) != AGENT_OK
		|| agent_member_int(place, node, "retries", 0, 2, &tool->retries) != AGENT_OK
		|| agent_member_str(place, node, "effect", (agent_text_rule){ false, 1, 8, rule_effect },
			&effect) != AGENT_OK
		|| agent_member_str(place, node, "rate", (agent_text_rule){ false, 1, 32, rule_rate },
			&rate) != AGENT_OK) {
		return AGENT_ERR;
	}
	tool->effect = agent_str_is(effect, "write") ? AGENT_TOOL_WRITE : AGENT_TOOL_READ;
	tool->confirm = tool->effect == AGENT_TOOL_WRITE;
	if (rate.len > 0 && !agent_rate_parse(rate, &tool->rate)) {
		return agent_place_refuse(place, "rate", "rule", "%s", rule_rate(rate));
	}
	return agent_member_bool(place, node, "confirm", &tool->confirm);
}

/* Always there and always a string: what a scope names must not depend on how a caller words it. */
static agent_status read_resource(agent_place *place, const agent_json *node, agent_tool *tool)
{
	agent_str key, type;
	agent_json *member;
	tool->resource = AGENT_STR_EMPTY;
	if (!agent_json_has(node, "resource")) {
		return AGENT_OK;
	}
	if (agent_member_str(place, node, "resource", (agent_text_rule){ true, 1, 64, NULL }, &tool->resource) != AGENT_OK) {
		return AGENT_ERR;
	}
	bool text = false, required = false;
	agent_json_iter it = agent_json_members(agent_json_get(tool->input_document, "properties"));
	while (agent_json_member(&it, &key, &member)) {
		text = text || (agent_str_eq(key, tool->resource) && agent_json_str(agent_json_get(member, "type"), &type)
			&& agent_str_is(type, "string"));
	}
	const agent_json *list = agent_json_get(tool->input_document, "required");
	for (size_t i = 0; i < agent_json_count(list); i++) {
		required = required || (agent_json_str(agent_json_at(list, i), &key) && agent_str_eq(key, tool->resource));
	}
	return text && required ? AGENT_OK : agent_place_refuse(place, "resource", "rule",
		"must name a member of input_schema that is required and says \"type\": \"string\"");
}

static agent_status read_tool(agent_place *place, const agent_json *node, const agent_manifest *manifest,
	agent_tool *tool)
{
	if (agent_members_closed(place, node, MEMBERS) != AGENT_OK || read_words(place, node, tool) != AGENT_OK) {
		return AGENT_ERR;
	}
	for (const agent_tool *other = manifest->tools; other < tool; other++) {
		if (agent_str_eq(other->name, tool->name)) {
			return agent_place_refuse(place, "name", "rule", "must not be the name of another tool");
		}
	}
	if (read_figures(place, node, tool) != AGENT_OK || read_input(place, node, tool) != AGENT_OK
		|| read_resource(place, node, tool) != AGENT_OK) {
		return AGENT_ERR;
	}
	return read_output(place, node, tool);
}

static agent_status read_tools(agent_place *place, const agent_json *tools, agent_manifest *out)
{
	size_t count = agent_json_count(tools);
	if (agent_json_kind_of(tools) != AGENT_JSON_KIND_ARRAY || count > AGENT_TOOLS_MAX) {
		return agent_place_refuse(place, NULL, "type", "must be an array of at most %d tools",
			AGENT_TOOLS_MAX);
	}
	out->tools = agent_arena_array(place->arena, count, sizeof *out->tools);
	if (out->tools == NULL) {
		return agent_arena_fail(place->arena, place->err);
	}
	for (size_t i = 0; i < count; i++) {
		size_t mark = agent_place_enter_index(place, i);
		out->count = i + 1; /* also of one that fails: its schemas must be freed */
		if (read_tool(place, agent_json_at(tools, i), out, &out->tools[i]) != AGENT_OK) {
			return AGENT_ERR;
		}
		agent_place_leave(place, mark);
	}
	return AGENT_OK;
}

agent_status agent_manifest_read(const agent_json *tools, const char *base, agent_arena *arena,
	agent_manifest *out, agent_error *err)
{
	agent_place place;
	*out = (agent_manifest){ NULL, 0 };
	agent_place_init(&place, base, arena, err);
	agent_status status = read_tools(&place, tools, out);
	if (status == AGENT_OK) {
		status = agent_buf_check(&place.pointer, "a pointer", err);
	}
	agent_place_clear(&place);
	if (status != AGENT_OK) {
		agent_manifest_clear(out);
	}
	return status;
}

static agent_status derive_one(agent_tool *tool, agent_strict_form form, agent_arena *arena, agent_error *err)
{
	agent_strict strict;
	if (agent_strict_derive(tool->input_document, form, &strict, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (strict.document == NULL) {
		return AGENT_OK;
	}
	agent_buf text;
	agent_buf_init(&text, INPUT_TEXT_MAX * 2); /* more cannot come of it: a type or a name in "required" per member */
	agent_json_write(strict.document, &text);
	agent_status status = AGENT_OK;
	if (text.fault == AGENT_BUF_NO_MEMORY) {
		status = agent_fail_memory(err);
	} else if (text.fault == AGENT_BUF_FINE && !agent_arena_dup(arena, agent_buf_str(&text), &tool->strict_text)) {
		status = agent_arena_fail(arena, err);
	}
	agent_buf_clear(&text);
	agent_json_free(strict.document);
	return status;
}

agent_status agent_manifest_strict(agent_manifest *manifest, agent_strict_form form, agent_arena *arena, agent_error *err)
{
	for (size_t i = 0; i < manifest->count; i++) {
		if (derive_one(&manifest->tools[i], form, arena, err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

void agent_manifest_clear(agent_manifest *manifest)
{
	for (size_t i = 0; i < manifest->count; i++) {
		agent_schema_free(manifest->tools[i].input);
		agent_schema_free(manifest->tools[i].output);
	}
	*manifest = (agent_manifest){ NULL, 0 };
}

const agent_tool *agent_manifest_find(const agent_manifest *manifest, agent_str name)
{
	for (size_t i = 0; i < manifest->count; i++) {
		if (agent_str_eq(manifest->tools[i].name, name)) {
			return &manifest->tools[i];
		}
	}
	return NULL;
}

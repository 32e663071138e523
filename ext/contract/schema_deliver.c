/* SPDX-License-Identifier: MIT
 * "deliver": to whom a member of a tool's answer goes, and what an array of passages must look like.
 * Changes nothing about which values are valid. */
#include "ext/contract/schema_compile.h"

/* Where the refused thing stands, below the node that is being read. */
static agent_status refuse(agent_compiler *c, const char *const *path, const char *rule)
{
	static const size_t here = sizeof "/deliver" - 1;
	c->pointer.len -= c->pointer.len >= here ? here : 0;
	for (; *path != NULL; path++) {
		agent_json_pointer_add(&c->pointer, agent_str_cstr(*path));
	}
	return agent_compile_refuse(c, "schema", "%s where \"deliver\" is \"passages\"", rule);
}

#define REFUSE(c, rule, ...) refuse(c, (const char *const[]){ __VA_ARGS__, NULL }, rule)

/* "/properties/<name>/deliver": the keyword of a member of the answer itself. */
static bool directly_below(agent_str pointer)
{
	size_t steps = 0;
	for (size_t i = 0; i < pointer.len; i++) {
		steps += pointer.ptr[i] == '/';
	}
	return steps == 3 && agent_str_starts(pointer, AGENT_STR("/properties/"));
}

static bool says_type(const agent_json *schema, const char *type)
{
	agent_str text;
	return agent_json_str(agent_json_get(schema, "type"), &text) && agent_str_is(text, type);
}

static bool requires(const agent_json *schema, const char *name)
{
	const agent_json *list = agent_json_get(schema, "required");
	agent_str text;
	for (size_t i = 0; i < agent_json_count(list); i++) {
		if (agent_json_str(agent_json_at(list, i), &text) && agent_str_is(text, name)) {
			return true;
		}
	}
	return false;
}

static agent_status check_passages(agent_compiler *c)
{
	static const struct { const char *name, *type; bool required; } members[] = {
		{ "title", "string", true }, { "url", "string", true }, { "text", "string", true }, { "id", "string", false },
		{ "heading", "string", false }, { "language", "string", false }, { "updated", "integer", false },
	};
	const agent_json *items = agent_json_get(c->node->json, "items");
	const agent_json *properties = agent_json_get(items, "properties");
	if (!says_type(c->node->json, "array")) {
		return REFUSE(c, "must be \"array\"", "type");
	}
	if (agent_json_has(c->node->json, "prefixItems")) {
		return REFUSE(c, "must not be there", "prefixItems");
	}
	if (!says_type(items, "object")) {
		return REFUSE(c, "must be \"object\"", "items", "type");
	}
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		if (members[i].required && !requires(items, members[i].name)) {
			return REFUSE(c, "must name title, url and text", "items", "required");
		}
		if ((members[i].required || agent_json_has(properties, members[i].name))
			&& !says_type(agent_json_get(properties, members[i].name), members[i].type)) {
			return REFUSE(c, members[i].type[0] == 's' ? "must be \"string\"" : "must be \"integer\"", "items", "properties",
				members[i].name, "type");
		}
	}
	return AGENT_OK;
}

agent_status agent_compile_deliver(agent_compiler *c, agent_check *check)
{
	agent_str text = AGENT_STR_EMPTY;
	(void)agent_json_str(check->value, &text);
	if (agent_str_is(text, "visitor")) {
		return AGENT_OK;
	}
	if (!agent_str_is(text, "passages")) {
		return agent_compile_refuse(c, "schema", "must be \"visitor\" or \"passages\"");
	}
	return directly_below(agent_buf_str(&c->pointer)) ? check_passages(c)
		: agent_compile_refuse(c, "schema", "must be \"visitor\" here: \"passages\" stands directly below the schema's \"properties\" only");
}

/* SPDX-License-Identifier: MIT
 * That a tool's arguments are closed: a walk over its input_schema.
 * No validation and no compiling: the schema has been compiled before. */
#include "ext/contract/manifest_input.h"

#define DEPTH_MAX 64
#define WORK_MAX 20000

enum mode {
	VALUE,                       /* describes a value of its own */
	IN_PLACE,                    /* an alternative for the same value, which nobody has closed so far */
	COVERED                      /* the same, and what holds it has said what other members may be */
};

typedef struct walk {
	agent_place *place;
	const agent_json *root;
	const agent_json *open[DEPTH_MAX]; /* schemas being looked at, each in its mode: references lead back to them */
	enum mode modes[DEPTH_MAX];
	int depth;
	int work;
} walk;

static const struct {
	const char *name;
	bool list, map, value;       /* value: of another value than the schema's own */
} keywords[] = {
	{ "properties", false, true, true }, { "patternProperties", false, true, true }, { "additionalProperties", false, false, true },
	{ "unevaluatedProperties", false, false, true }, { "items", false, false, true }, { "prefixItems", true, false, true },
	{ "contains", false, false, true }, { "unevaluatedItems", false, false, true }, { "allOf", true, false, false }, { "anyOf", true, false, false },
	{ "oneOf", true, false, false }, { "then", false, false, false }, { "else", false, false, false }, { "dependentSchemas", false, true, false },
};

static agent_status look(walk *w, const agent_json *schema, enum mode mode);

/* 1: "object" is named, 0: other types are, -1: none. */
static int names_object(const agent_json *schema)
{
	const agent_json *type = agent_json_get(schema, "type");
	agent_str text;
	if (!agent_json_has(schema, "type")) {
		return -1;
	}
	bool found = agent_json_str(type, &text) && agent_str_is(text, "object");
	for (size_t i = 0; agent_json_kind_of(type) == AGENT_JSON_KIND_ARRAY && i < agent_json_count(type); i++) {
		found = found || (agent_json_str(agent_json_at(type, i), &text) && agent_str_is(text, "object"));
	}
	return found;
}

static bool says_others(const agent_json *schema)
{
	return agent_json_has(schema, "additionalProperties") || agent_json_has(schema, "unevaluatedProperties");
}

static agent_status refuse_words(walk *w, const agent_json *schema)
{
	static const char *const words[] = { "$id", "$anchor", "$dynamicRef", "$dynamicAnchor" };
	agent_str text;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (agent_json_has(schema, words[i])) {
			return agent_place_refuse(w->place, words[i], "rule", "must not stand in the schema of arguments");
		}
	}
	if (agent_json_str(agent_json_get(schema, "$schema"), &text) && !agent_str_is(text, "https://json-schema.org/draft/2020-12/schema")) {
		return agent_place_refuse(w->place, "$schema", "rule", "must be \"https://json-schema.org/draft/2020-12/schema\"");
	}
	return AGENT_OK;
}

/* NULL: nothing that this place may refer to. */
static const agent_json *target(const walk *w, agent_str ref)
{
	const agent_json *at = w->root;
	char key[256];
	if (ref.len == 0 || ref.ptr[0] != '#' || (ref.len > 1 && ref.ptr[1] != '/') || agent_str_find(ref, AGENT_STR("%"), 0) != (size_t)-1) {
		return NULL;
	}
	for (size_t i = 1; i < ref.len && at != NULL;) {
		size_t len = 0;
		int64_t index;
		for (i++; i < ref.len && ref.ptr[i] != '/'; i++) {
			char c = ref.ptr[i];
			if (c == '~' && i + 1 < ref.len) {
				c = ref.ptr[++i] == '1' ? '/' : '~';
			}
			if (len + 1 >= sizeof key) {
				return NULL;
			}
			key[len++] = c;
		}
		key[len] = '\0';
		bool in_list = agent_json_kind_of(at) == AGENT_JSON_KIND_ARRAY;
		at = !in_list ? agent_json_get(at, key)
			: agent_str_to_int((agent_str){ key, len }, &index) && index >= 0 ? agent_json_at(at, (size_t)index) : NULL;
	}
	return at;
}

static agent_status look_ref(walk *w, const agent_json *schema, enum mode mode)
{
	agent_str ref;
	if (!agent_json_str(agent_json_get(schema, "$ref"), &ref)) {
		return AGENT_OK;
	}
	const agent_json *found = target(w, ref);
	if (found == NULL) {
		return agent_place_refuse(w->place, "$ref", "rule", "must be # or a JSON Pointer into this schema, as #/$defs/address");
	}
	for (int i = 0; i < w->depth; i++) {
		if (w->open[i] == found && w->modes[i] == mode) {
			return AGENT_OK;
		}
	}
	size_t mark = agent_place_enter(w->place, AGENT_STR("$ref"));
	agent_status status = look(w, found, mode);
	agent_place_leave(w->place, mark);
	return status;
}

static agent_status look_list(walk *w, const agent_json *list, enum mode mode)
{
	for (size_t i = 0; i < agent_json_count(list); i++) {
		size_t mark = agent_place_enter_index(w->place, i);
		if (look(w, agent_json_at(list, i), mode) != AGENT_OK) {
			return AGENT_ERR;
		}
		agent_place_leave(w->place, mark);
	}
	return AGENT_OK;
}

static agent_status look_map(walk *w, const agent_json *map, enum mode mode)
{
	agent_str key;
	agent_json *schema;
	for (agent_json_iter it = agent_json_members(map); agent_json_member(&it, &key, &schema);) {
		size_t mark = agent_place_enter(w->place, key);
		if (look(w, schema, mode) != AGENT_OK) {
			return AGENT_ERR;
		}
		agent_place_leave(w->place, mark);
	}
	return AGENT_OK;
}

static agent_status look_deeper(walk *w, const agent_json *schema, enum mode mode)
{
	enum mode same = mode == COVERED || says_others(schema) ? COVERED : IN_PLACE;
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
		const agent_json *value = agent_json_get(schema, keywords[i].name);
		enum mode as = keywords[i].value ? VALUE : same;
		size_t mark = agent_place_enter(w->place, agent_str_cstr(keywords[i].name));
		agent_status status = keywords[i].list ? look_list(w, value, as) : keywords[i].map ? look_map(w, value, as) : look(w, value, as);
		if (status != AGENT_OK) {
			return AGENT_ERR;
		}
		agent_place_leave(w->place, mark);
	}
	return look_ref(w, schema, same == COVERED ? COVERED : mode);
}

static agent_status look(walk *w, const agent_json *schema, enum mode mode)
{
	if (agent_json_kind_of(schema) != AGENT_JSON_KIND_OBJECT) {
		return AGENT_OK;
	}
	if (w->depth >= DEPTH_MAX || ++w->work > WORK_MAX) {
		return agent_place_refuse(w->place, NULL, "depth", "must not be nested so deeply, nor refer to so much");
	}
	int object = names_object(schema);
	bool demand = mode == VALUE ? object == 1 || (object < 0 && agent_json_has(schema, "properties")) : mode == IN_PLACE && object == 1;
	if (refuse_words(w, schema) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (demand && !says_others(schema)) {
		return agent_place_refuse(w->place, NULL, "rule", "must say \"additionalProperties\": false (or true, or a schema)");
	}
	w->open[w->depth] = schema;
	w->modes[w->depth++] = mode;
	agent_status status = look_deeper(w, schema, mode);
	w->depth--;
	return status;
}

agent_status agent_manifest_check_input(agent_place *place, const agent_json *document)
{
	walk w = { .place = place, .root = document };
	agent_str type;
	bool additional = true, unevaluated = true;
	if (!agent_json_str(agent_json_get(document, "type"), &type) || !agent_str_is(type, "object")) {
		return agent_place_refuse(place, "input_schema", "rule", "must say \"type\": \"object\"");
	}
	(void)agent_json_bool(agent_json_get(document, "additionalProperties"), &additional);
	(void)agent_json_bool(agent_json_get(document, "unevaluatedProperties"), &unevaluated);
	if (additional && unevaluated) {
		return agent_place_refuse(place, "input_schema", "rule", "must say \"additionalProperties\": false");
	}
	size_t mark = agent_place_enter(place, AGENT_STR("input_schema"));
	agent_status status = look(&w, document, VALUE);
	agent_place_leave(place, mark);
	return status;
}

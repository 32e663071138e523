/* SPDX-License-Identifier: MIT
 * Deriving: a walk over the source that copies what the form can say and stops at the first thing it cannot.
 * Undoing is at the end. Nothing is compiled or validated here. */
#include "ext/contract/strict_walk.h"

#define POINTER_MAX ((size_t)1024)
#define HOPS_MAX 16

/* What the walk may answer: AGENT_OK with *out, AGENT_OK with d->out->why (not expressible), AGENT_ERR (memory). */
static agent_status derive(agent_strict_walk *d, const agent_json *from, int level, agent_json **out);

/* Takes over value. */
static agent_status add(agent_strict_walk *d, agent_json *object, const char *name, agent_json *value)
{
	return value != NULL && agent_json_add(object, agent_str_cstr(name), value) ? AGENT_OK : agent_fail_memory(d->err);
}

/* --- references --- */

static agent_status derive_ref(agent_strict_walk *d, const agent_json *from, agent_json **out)
{
	size_t index;
	agent_str key, ref;
	agent_json *value;
	if (agent_strict_definition(d, from, &index) == NULL || !agent_json_str(agent_json_get(from, "$ref"), &ref)) {
		return agent_strict_no(d, "$ref to something else than a plain name in $defs");
	}
	if (d->form == AGENT_STRICT_ANTHROPIC && d->in_definition && index >= d->definition) {
		return agent_strict_no(d, "$ref to a definition that does not stand before it");
	}
	for (agent_json_iter it = agent_json_members(from); agent_json_member(&it, &key, &value);) {
		if (!agent_str_is(key, "$ref") && !agent_strict_is_annotation(key)) {
			return agent_strict_no(d, "other keywords beside $ref");
		}
	}
	*out = agent_json_new_object();
	if (*out == NULL || add(d, *out, "$ref", agent_json_new_str(ref)) != AGENT_OK) {
		agent_json_free(*out);
		*out = NULL;
		return agent_fail_memory(d->err);
	}
	return AGENT_OK;
}

/* --- objects --- */

/* Lets null stand beside what a schema says; takes over `made`, which is *out on success or freed. */
static agent_status or_null(agent_strict_walk *d, agent_json *made, agent_json **out)
{
	agent_str type;
	agent_json *list = agent_json_new_array();
	agent_json *either = agent_json_new_object();
	bool plainly = agent_json_str(agent_json_get(made, "type"), &type) && !agent_json_has(made, "enum") && !agent_json_has(made, "const")
		&& !agent_json_has(made, "anyOf");
	agent_json *null = agent_json_new_str(AGENT_STR("null"));
	bool fine = list != NULL && either != NULL && null != NULL;
	*out = NULL;
	if (fine && plainly) { /* "type": ["string", "null"]; all other keywords that are let in here speak of one type */
		agent_json *one = agent_json_new_str(type);
		fine = one != NULL && agent_json_push(list, one);
		fine = fine && agent_json_push(list, agent_json_ref(null));
		fine = fine && agent_json_add(made, AGENT_STR("type"), agent_json_ref(list));
		*out = fine ? agent_json_ref(made) : NULL;
	} else if (fine) {
		agent_json *other = agent_json_new_object();
		fine = other != NULL && agent_json_add(other, AGENT_STR("type"), agent_json_ref(null)) && agent_json_push(list, agent_json_ref(made));
		fine = fine && agent_json_push(list, agent_json_ref(other));
		fine = fine && agent_json_add(either, AGENT_STR("anyOf"), agent_json_ref(list));
		agent_json_free(other);
		*out = fine ? agent_json_ref(either) : NULL;
	}
	agent_json_free(null);
	agent_json_free(list);
	agent_json_free(either);
	agent_json_free(made);
	return fine ? AGENT_OK : agent_fail_memory(d->err);
}

static agent_status derive_property(agent_strict_walk *d, const agent_json *object, agent_str name, const agent_json *from, int level, agent_json *properties)
{
	agent_json *made = NULL;
	bool optional = !agent_strict_is_required(object, name);
	size_t mark = d->pointer.len;
	agent_json_pointer_add(&d->pointer, name);
	d->properties++;
	d->text += name.len;
	if (optional) {
		d->out->optionals++;
		d->optional_in_definition = d->optional_in_definition || d->in_definition;
		if (d->form == AGENT_STRICT_OPENAI && d->in_any_of) {
			return agent_strict_no(d, "an optional property inside an alternative");
		}
	}
	if (derive(d, from, level, &made) != AGENT_OK || agent_strict_stopped(d)) {
		return agent_strict_stopped(d) ? AGENT_OK : AGENT_ERR;
	}
	if (optional && d->form == AGENT_STRICT_OPENAI && agent_strict_may_be_null(d, from, 0)) {
		agent_json_free(made);
		return agent_strict_no(d, "an optional property that may be null by itself");
	}
	if (optional && d->form == AGENT_STRICT_OPENAI && or_null(d, made, &made) != AGENT_OK) {
		return AGENT_ERR;
	}
	d->pointer.len = mark;
	return agent_json_add(properties, name, made) ? AGENT_OK : agent_fail_memory(d->err);
}

static agent_status derive_properties(agent_strict_walk *d, const agent_json *from, int level, agent_json *properties, agent_json *required)
{
	agent_str key, name;
	agent_json *value;
	const agent_json *wanted = agent_json_get(from, "required");
	for (size_t i = 0; i < agent_json_count(wanted); i++) {
		if (!agent_json_str(agent_json_at(wanted, i), &name) || !agent_json_has(agent_json_get(from, "properties"), name.ptr)) {
			return agent_strict_no(d, "a required member without a schema");
		}
	}
	for (agent_json_iter it = agent_json_members(agent_json_get(from, "properties")); agent_json_member(&it, &key, &value);) {
		if (derive_property(d, from, key, value, level, properties) != AGENT_OK) {
			return AGENT_ERR;
		}
		if (agent_strict_stopped(d)) {
			return AGENT_OK;
		}
		if (d->form == AGENT_STRICT_OPENAI || agent_strict_is_required(from, key)) {
			agent_json *listed = agent_json_new_str(key);
			if (listed == NULL || !agent_json_push(required, listed)) {
				return agent_fail_memory(d->err);
			}
		}
	}
	return AGENT_OK;
}

static agent_status derive_object(agent_strict_walk *d, const agent_json *from, int level, agent_json *out)
{
	bool open = true;
	if (!agent_json_bool(agent_json_get(from, "additionalProperties"), &open) || open) {
		return agent_strict_no(d, "an object that is not closed by additionalProperties");
	}
	agent_json *properties = agent_json_new_object();
	agent_json *required = agent_json_new_array();
	size_t mark = d->pointer.len;
	agent_status status = properties != NULL && required != NULL ? AGENT_OK : agent_fail_memory(d->err);
	if (status == AGENT_OK) {
		agent_json_pointer_add(&d->pointer, AGENT_STR("properties"));
		status = derive_properties(d, from, level + 1, properties, required);
		d->pointer.len = agent_strict_stopped(d) ? d->pointer.len : mark;
	}
	if (status == AGENT_OK && !agent_strict_stopped(d)
		&& (add(d, out, "properties", agent_json_ref(properties)) != AGENT_OK || add(d, out, "required", agent_json_ref(required)) != AGENT_OK
		|| add(d, out, "additionalProperties", agent_json_new_bool(false)) != AGENT_OK)) {
		status = AGENT_ERR;
	}
	agent_json_free(properties);
	agent_json_free(required);
	return status;
}

/* --- the rest of a schema --- */

static agent_status derive_items(agent_strict_walk *d, const agent_json *from, int level, agent_json *out)
{
	agent_json *items = NULL;
	agent_json_pointer_add(&d->pointer, AGENT_STR("items"));
	if (derive(d, agent_json_get(from, "items"), level + 1, &items) != AGENT_OK || agent_strict_stopped(d)) {
		return agent_strict_stopped(d) ? AGENT_OK : AGENT_ERR;
	}
	return add(d, out, "items", items);
}

static agent_status derive_any(agent_strict_walk *d, const agent_json *from, int level, agent_json *out)
{
	const agent_json *list = agent_json_get(from, "anyOf");
	agent_json *made = agent_json_new_array();
	bool outer = d->in_any_of;
	agent_status status = made != NULL ? AGENT_OK : agent_fail_memory(d->err);
	agent_json_pointer_add(&d->pointer, AGENT_STR("anyOf"));
	d->in_any_of = d->any_of = true;
	for (size_t i = 0; status == AGENT_OK && !agent_strict_stopped(d) && i < agent_json_count(list); i++) {
		agent_json *one = NULL;
		size_t mark = d->pointer.len;
		agent_buf_addf(&d->pointer, "/%zu", i);
		status = derive(d, agent_json_at(list, i), level, &one);
		if (status == AGENT_OK && !agent_strict_stopped(d)) {
			d->pointer.len = mark;
			status = agent_json_push(made, one) ? AGENT_OK : agent_fail_memory(d->err);
		}
	}
	d->in_any_of = outer;
	if (status == AGENT_OK && !agent_strict_stopped(d)) {
		return add(d, out, "anyOf", made);
	}
	agent_json_free(made);
	return status;
}

static agent_status copy_plain(agent_strict_walk *d, const agent_json *from, agent_json *out)
{
	agent_str key;
	agent_json *value;
	for (agent_json_iter it = agent_json_members(from); agent_json_member(&it, &key, &value);) {
		if (agent_strict_is_kept(d, key) && !agent_json_add(out, key, agent_json_ref(value))) {
			return agent_fail_memory(d->err);
		}
	}
	return AGENT_OK;
}

static agent_status fill(agent_strict_walk *d, const agent_json *from, int level, agent_json *out)
{
	size_t mark = d->pointer.len;
	agent_status status = agent_strict_check(d, from);
	if (status == AGENT_OK && !agent_strict_stopped(d)) {
		status = copy_plain(d, from, out);
	}
	if (status == AGENT_OK && !agent_strict_stopped(d) && agent_strict_has_type(from, "object")) {
		status = derive_object(d, from, level, out);
	}
	if (status == AGENT_OK && !agent_strict_stopped(d) && agent_json_has(from, "items")) {
		status = derive_items(d, from, level, out);
		d->pointer.len = agent_strict_stopped(d) ? d->pointer.len : mark;
	}
	if (status == AGENT_OK && !agent_strict_stopped(d) && agent_json_has(from, "anyOf")) {
		status = derive_any(d, from, level, out);
		d->pointer.len = agent_strict_stopped(d) ? d->pointer.len : mark;
	}
	d->out->unions += agent_json_has(from, "anyOf") || agent_json_kind_of(agent_json_get(from, "type")) == AGENT_JSON_KIND_ARRAY;
	return status;
}

static agent_status derive(agent_strict_walk *d, const agent_json *from, int level, agent_json **out)
{
	*out = NULL;
	if (agent_json_kind_of(from) != AGENT_JSON_KIND_OBJECT) {
		return agent_strict_no(d, "true and false are no schemas there");
	}
	if (agent_json_has(from, "$ref")) {
		return derive_ref(d, from, out);
	}
	if (level > AGENT_STRICT_LEVELS) {
		return agent_strict_no(d, "more than %d levels", AGENT_STRICT_LEVELS);
	}
	*out = agent_json_new_object();
	if (*out == NULL) {
		return agent_fail_memory(d->err);
	}
	agent_status status = fill(d, from, level, *out);
	if (status != AGENT_OK || agent_strict_stopped(d)) {
		agent_json_free(*out);
		*out = NULL;
	}
	return status;
}

static agent_status derive_definitions(agent_strict_walk *d, agent_json *out)
{
	agent_str key;
	agent_json *value;
	if (!agent_json_has(d->source, "$defs")) {
		return AGENT_OK;
	}
	agent_json *list = agent_json_new_object();
	agent_status status = list != NULL ? AGENT_OK : agent_fail_memory(d->err);
	d->in_definition = true;
	d->definition = 0;
	for (agent_json_iter it = agent_json_members(agent_json_get(d->source, "$defs"));
		status == AGENT_OK && !agent_strict_stopped(d) && agent_json_member(&it, &key, &value); d->definition++) {
		agent_json *made = NULL;
		agent_buf_reset(&d->pointer);
		agent_buf_add_lit(&d->pointer, "/$defs");
		agent_json_pointer_add(&d->pointer, key);
		d->text += key.len;
		status = derive(d, value, 1, &made);
		if (status == AGENT_OK && !agent_strict_stopped(d)) {
			status = agent_json_add(list, key, made) ? AGENT_OK : agent_fail_memory(d->err);
		}
	}
	if (status == AGENT_OK && !agent_strict_stopped(d)) {
		return add(d, out, "$defs", list);
	}
	agent_json_free(list);
	return status;
}

static agent_status check_caps(agent_strict_walk *d)
{
	const agent_strict *out = d->out;
	agent_buf_reset(&d->pointer);
	if (d->form == AGENT_STRICT_ANTHROPIC) {
		return out->optionals > AGENT_STRICT_OPTIONALS ? agent_strict_no(d, "more than %d optional properties", AGENT_STRICT_OPTIONALS)
			: out->unions > AGENT_STRICT_UNIONS ? agent_strict_no(d, "more than %d unions", AGENT_STRICT_UNIONS) : AGENT_OK;
	}
	if (d->any_of && d->optional_in_definition) {
		return agent_strict_no(d, "optional properties in a definition, and alternatives that may lead there");
	}
	return d->properties > AGENT_STRICT_PROPERTIES ? agent_strict_no(d, "more than %d properties", AGENT_STRICT_PROPERTIES)
		: d->values > AGENT_STRICT_ENUM ? agent_strict_no(d, "more than %d values of enums", AGENT_STRICT_ENUM)
		: d->text > AGENT_STRICT_TEXT ? agent_strict_no(d, "more than %d bytes of names and values", AGENT_STRICT_TEXT) : AGENT_OK;
}

agent_status agent_strict_derive(const agent_json *source, agent_strict_form form, agent_strict *out, agent_error *err)
{
	*out = (agent_strict){ .document = NULL };
	agent_strict_walk d = { .source = source, .form = form, .out = out, .err = err };
	agent_str type;
	agent_buf_init(&d.pointer, POINTER_MAX);
	agent_status status = AGENT_OK;
	if (!agent_json_str(agent_json_get(source, "type"), &type) || !agent_str_is(type, "object") || agent_json_has(source, "anyOf")) {
		status = agent_strict_no(&d, "the root is not plainly an object");
	}
	if (status == AGENT_OK && !agent_strict_stopped(&d)) {
		status = derive(&d, source, 1, &out->document);
	}
	if (status == AGENT_OK && !agent_strict_stopped(&d)) {
		status = derive_definitions(&d, out->document);
	}
	if (status == AGENT_OK && !agent_strict_stopped(&d)) {
		status = check_caps(&d);
	}
	agent_buf_clear(&d.pointer);
	if (status != AGENT_OK || agent_strict_stopped(&d)) {
		agent_json_free(out->document);
		out->document = NULL;
	}
	return status;
}

/* --- undoing --- */

static void undo(const agent_strict_walk *d, const agent_json *schema, agent_json *value, int hops)
{
	size_t index;
	agent_str key;
	agent_json *from;
	if (agent_json_has(schema, "$ref")) {
		if (hops < HOPS_MAX) {
			undo(d, agent_strict_definition(d, schema, &index), value, hops + 1);
		}
		return;
	}
	for (size_t i = 0; agent_json_kind_of(value) == AGENT_JSON_KIND_ARRAY && i < agent_json_count(value); i++) {
		undo(d, agent_json_get(schema, "items"), agent_json_at(value, i), 0);
	}
	if (agent_json_kind_of(value) != AGENT_JSON_KIND_OBJECT) {
		return;
	}
	for (agent_json_iter it = agent_json_members(agent_json_get(schema, "properties")); agent_json_member(&it, &key, &from);) {
		if (!agent_json_has(value, key.ptr)) {
			continue;
		}
		if (agent_json_get(value, key.ptr) != NULL) {
			undo(d, from, agent_json_get(value, key.ptr), 0);
		} else if (!agent_strict_is_required(schema, key)) {
			agent_json_drop(value, key.ptr);
		}
	}
}

void agent_strict_undo(const agent_json *source, agent_json *value)
{
	const agent_strict_walk d = { .source = source };
	undo(&d, source, value, 0);
}

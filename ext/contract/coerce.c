/* SPDX-License-Identifier: MIT
 * Coercion, driven by the faults of validation: what is no fault is never touched.
 * No rule about tools, no text of a model beyond the value at hand. */
#include "ext/contract/coerce.h"

#include "ext/text/utf8.h"

#define ROUNDS 8
#define INSTANCE_MAX ((size_t)1024) /* a fault's pointer is cut only far beyond this */
#define KEY_MAX ((size_t)512)

typedef struct change {
	agent_str instance, from, to;
	bool wrapped;                /* stands only while nothing is wrong with the array or its item */
	bool undone;
} change;

typedef struct coercion {
	agent_json *root;
	agent_arena *arena;
	agent_error *err;
	change *changes;
	size_t count;
} coercion;

/* Where a value hangs. */
typedef struct slot {
	agent_json *parent;
	char key[KEY_MAX];
	size_t key_len;
	size_t index;
	agent_json *value;
} slot;

/* The next reference token of a pointer, decoded; *at stands on its '/'. false: too long for us. */
static bool take_token(agent_str pointer, size_t *at, slot *s)
{
	s->key_len = 0;
	for (++*at; *at < pointer.len && pointer.ptr[*at] != '/'; ++*at) {
		char c = pointer.ptr[*at];
		if (c == '~' && *at + 1 < pointer.len) {
			c = pointer.ptr[++*at] == '1' ? '/' : '~';
		}
		if (s->key_len + 1 >= KEY_MAX) {
			return false;
		}
		s->key[s->key_len++] = c;
	}
	s->key[s->key_len] = '\0';
	return true;
}

static bool find(agent_json *root, agent_str pointer, slot *s)
{
	s->parent = NULL;
	s->value = root;
	for (size_t at = 0; at < pointer.len;) {
		int64_t index;
		s->parent = s->value;
		if (!take_token(pointer, &at, s)) {
			return false;
		}
		if (agent_json_kind_of(s->parent) == AGENT_JSON_KIND_OBJECT) {
			if (!agent_json_has(s->parent, s->key)) {
				return false;
			}
			s->value = agent_json_get(s->parent, s->key);
		} else if (agent_json_kind_of(s->parent) == AGENT_JSON_KIND_ARRAY
			&& agent_str_to_int((agent_str){ s->key, s->key_len }, &index) && index >= 0
			&& (uint64_t)index < agent_json_count(s->parent)) {
			s->index = (size_t)index;
			s->value = agent_json_at(s->parent, s->index);
		} else {
			return false;
		}
	}
	return s->parent != NULL;
}

/* Takes over `value`. */
static agent_status hang(coercion *c, const slot *s, agent_json *value)
{
	bool ok = agent_json_kind_of(s->parent) == AGENT_JSON_KIND_OBJECT
		? agent_json_add(s->parent, (agent_str){ s->key, s->key_len }, value)
		: agent_json_put(s->parent, s->index, value);
	return ok ? AGENT_OK : agent_fail_memory(c->err);
}

/* -?(0|[1-9][0-9]*)(\.[0-9]+)?, but no zero with a sign. */
static bool is_decimal(agent_str text, bool fraction)
{
	bool negative = text.len > 0 && text.ptr[0] == '-';
	size_t first = negative;
	size_t i = first;
	bool zero = true;
	for (; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++) {
		zero = zero && text.ptr[i] == '0';
	}
	if (i == first || (text.ptr[first] == '0' && i - first > 1)) {
		return false;
	}
	if (fraction && i + 1 < text.len && text.ptr[i] == '.') {
		for (i++; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++) {
			zero = zero && text.ptr[i] == '0';
		}
	}
	return i == text.len && !(negative && zero);
}

/* What a string says, of one of these types. *out NULL: nothing that is certain. */
static agent_status read_scalar(agent_str text, unsigned types, agent_json **out, agent_error *err)
{
	*out = NULL;
	if ((types & AGENT_TYPE_BOOL) != 0 && (agent_str_is(text, "true") || agent_str_is(text, "false"))) {
		*out = agent_json_new_bool(text.ptr[0] == 't');
		return *out != NULL ? AGENT_OK : agent_fail_memory(err);
	}
	if ((types & (AGENT_TYPE_INTEGER | AGENT_TYPE_NUMBER)) != 0 && is_decimal(text, (types & AGENT_TYPE_NUMBER) != 0)) {
		agent_error reason;
		agent_json_limits limits = { AGENT_COERCION_TEXT, 1 };
		if (agent_json_parse(text, limits, "a number", out, &reason) != AGENT_OK && reason.domain == AGENT_DOMAIN_MEMORY) {
			*err = reason;
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

static agent_status wrap(agent_json *value, agent_json **out, agent_error *err)
{
	*out = agent_json_new_array();
	if (*out == NULL || !agent_json_push(*out, agent_json_ref(value))) {
		agent_json_free(*out);
		*out = NULL;
		return agent_fail_memory(err);
	}
	return AGENT_OK;
}

static agent_status text_of(coercion *c, const agent_json *value, agent_str *out)
{
	agent_buf text;
	agent_buf_init(&text, 256 * 1024);
	agent_json_write(value, &text);
	agent_status status = agent_buf_check(&text, "a value", c->err);
	if (status == AGENT_OK) {
		size_t cut = agent_utf8_cut(agent_buf_str(&text), AGENT_COERCION_TEXT);
		if (cut < text.len) {
			text.len = cut;
			agent_buf_add_lit(&text, "\xE2\x80\xA6");
		}
		status = agent_buf_check(&text, "a value", c->err);
		if (status == AGENT_OK && !agent_arena_dup(c->arena, agent_buf_str(&text), out)) {
			status = agent_arena_fail(c->arena, c->err);
		}
	}
	agent_buf_clear(&text);
	return status;
}

static bool was_changed(const coercion *c, agent_str instance)
{
	for (size_t i = 0; i < c->count; i++) {
		if (agent_str_eq(c->changes[i].instance, instance)) {
			return true;
		}
	}
	return false;
}

/* Puts `made` (taken over) in the slot's place and notes it. */
static agent_status replace(coercion *c, agent_str instance, const slot *s, agent_json *made, bool wrapped)
{
	change *note = &c->changes[c->count];
	*note = (change){ .wrapped = wrapped };
	agent_status status = text_of(c, s->value, &note->from);
	if (status == AGENT_OK) {
		status = text_of(c, made, &note->to);
	}
	if (status == AGENT_OK && !agent_arena_dup(c->arena, instance, &note->instance)) {
		status = agent_arena_fail(c->arena, c->err);
	}
	if (status != AGENT_OK) {
		agent_json_free(made);
		return AGENT_ERR;
	}
	c->count++;
	return hang(c, s, made);
}

/* A text that may stand for a list itself, or for an empty one, is not the one item of it. */
static bool is_no_item(const agent_json *value)
{
	agent_str text;
	if (agent_json_kind_of(value) == AGENT_JSON_KIND_OBJECT) {
		return agent_json_count(value) == 0;
	}
	if (!agent_json_str(value, &text)) {
		return agent_json_kind_of(value) == AGENT_JSON_KIND_NULL;
	}
	text = agent_str_trim(text);
	return text.len == 0 || text.ptr[0] == '[' || text.ptr[0] == '{';
}

static agent_status mend(coercion *c, const agent_schema_fault *fault, bool *changed)
{
	slot s;
	agent_str text;
	agent_json *scalar = NULL, *list = NULL;
	if (fault->types == 0 || fault->instance.len > INSTANCE_MAX || c->count >= AGENT_COERCIONS || was_changed(c, fault->instance)
		|| !find(c->root, fault->instance, &s)) {
		return AGENT_OK;
	}
	if (agent_json_str(s.value, &text) && read_scalar(text, fault->types, &scalar, c->err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_json_kind kind = agent_json_kind_of(s.value);
	if ((fault->types & AGENT_TYPE_ARRAY) != 0 && kind != AGENT_JSON_KIND_ARRAY && !is_no_item(s.value)
		&& wrap(s.value, &list, c->err) != AGENT_OK) {
		agent_json_free(scalar);
		return AGENT_ERR;
	}
	if ((scalar == NULL) == (list == NULL)) { /* nothing, or two ways to read it */
		agent_json_free(scalar);
		agent_json_free(list);
		return AGENT_OK;
	}
	*changed = true;
	return replace(c, fault->instance, &s, list != NULL ? list : scalar, list != NULL);
}

static bool is_within(agent_str instance, agent_str outer)
{
	return agent_str_starts(instance, outer) && (instance.len == outer.len || instance.ptr[outer.len] == '/');
}

/* An array that was made here and is not what was wanted becomes its item again: its author is told about what they wrote. */
static agent_status unwrap(coercion *c, const agent_schema_fault *faults, size_t count, bool *changed)
{
	for (size_t i = 0; i < c->count; i++) {
		change *note = &c->changes[i];
		bool wrong = false;
		slot s;
		for (size_t k = 0; note->wrapped && !note->undone && k < count; k++) {
			wrong = wrong || is_within(faults[k].instance, note->instance);
		}
		if (!wrong || !find(c->root, note->instance, &s)) {
			continue;
		}
		note->undone = *changed = true;
		if (hang(c, &s, agent_json_ref(agent_json_at(s.value, 0))) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

static void put_changes(const coercion *c, agent_buf *log)
{
	for (size_t i = 0; i < c->count; i++) {
		const change *note = &c->changes[i];
		if (note->undone) {
			continue;
		}
		agent_buf_add(log, log->len > 0 && log->ptr[log->len - 1] == '}' ? AGENT_STR(",{") : AGENT_STR("{"));
		agent_json_put_member(log, "instance", note->instance);
		agent_json_put_member(log, "from", note->from);
		agent_json_put_member(log, "to", note->to);
		agent_buf_add_char(log, '}');
	}
}

/* One look at what is wrong. */
static agent_status mend_all(coercion *c, const agent_schema_fault *faults, size_t count, bool *changed)
{
	bool unwrapped = false;
	if (unwrap(c, faults, count, &unwrapped) != AGENT_OK) {
		return AGENT_ERR;
	}
	*changed = unwrapped;
	for (size_t i = 0; i < count && !unwrapped; i++) { /* else the faults are of another tree */
		if (mend(c, &faults[i], changed) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

agent_status agent_coerce(const agent_schema *schema, agent_json *value, agent_arena *arena, agent_schema_fault *faults, size_t *count, agent_buf *log,
	agent_error *err)
{
	coercion c = { .root = value, .arena = arena, .err = err };
	bool changed = true;
	for (int round = 0; changed; round++) {
		changed = false;
		if (agent_schema_validate(schema, value, arena, faults, count, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		if (*count == 0) {
			put_changes(&c, log);
			return AGENT_OK;
		}
		if (c.changes == NULL && (c.changes = agent_arena_array(arena, AGENT_COERCIONS, sizeof *c.changes)) == NULL) {
			return agent_arena_fail(arena, err);
		}
		if (round < ROUNDS && mend_all(&c, faults, *count, &changed) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

/* SPDX-License-Identifier: MIT
 * A tool's result in plain sentences: every value exactly as it came, named by output_schema's titles.
 * Adds no fact of its own. */
#include "ext/brain/local.h"

#define SHORT_MAX ((size_t)100)
#define LIST_MAX ((size_t)10)
#define DEPTH_MAX 6

static const agent_json *member_of(const agent_json *object, agent_str key)
{
	agent_json_iter it = agent_json_members(object);
	agent_str name;
	agent_json *value;
	while (agent_json_member(&it, &name, &value)) {
		if (agent_str_eq(name, key)) {
			return value;
		}
	}
	return NULL;
}

static const agent_json *property(const agent_json *schema, agent_str key)
{
	return member_of(agent_json_get(schema, "properties"), key);
}

/* Text of several sentences, or long, gets a sentence of its own. */
static bool is_long(const agent_json *value)
{
	agent_str text;
	return agent_json_str(value, &text)
		&& (text.len > SHORT_MAX || agent_str_find(text, AGENT_STR(". "), 0) != (size_t)-1
		|| agent_str_find(text, AGENT_STR("\n"), 0) != (size_t)-1);
}

static bool empty(const agent_json *value)
{
	agent_str text;
	return value == NULL || (agent_json_str(value, &text) && agent_str_trim(text).len == 0);
}

/* "shipped on", "valid until": the value follows without a verb. */
static bool ends_in_preposition(agent_str label)
{
	static const char *const list[] = { " on", " at", " by", " to", " from", " until", " since", " for",
		" with", " in", " via" };
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		agent_str end = agent_str_cstr(list[i]);
		if (label.len > end.len && agent_str_eq(agent_str_from(label, label.len - end.len), end)) {
			return true;
		}
	}
	return false;
}

static void put_scalar(agent_local *local, const agent_json *value)
{
	agent_str text;
	bool truth;
	if (agent_json_str(value, &text)) {
		agent_buf_add(&local->text, agent_str_trim(text));
	} else if (agent_json_bool(value, &truth)) {
		agent_buf_add(&local->text, agent_str_cstr(truth ? agent_local_english.yes : agent_local_english.no));
	} else {
		agent_json_write(value, &local->text);
	}
}

/* "points", but not "status" or "address". */
static bool plural(agent_str label)
{
	return label.len > 2 && label.ptr[label.len - 1] == 's'
		&& strchr("sui", label.ptr[label.len - 2]) == NULL;
}

/* "status is shipped", "shipped on 2026-11-19", "points: 120", "paid: yes" */
static void put_named(agent_local *local, agent_str label, const agent_json *value)
{
	agent_buf_add(&local->text, label);
	if (agent_json_kind_of(value) == AGENT_JSON_KIND_BOOL || plural(label)) {
		agent_buf_add_lit(&local->text, ": ");
	} else if (ends_in_preposition(label)) {
		agent_buf_add_char(&local->text, ' ');
	} else {
		agent_buf_add(&local->text, agent_str_cstr(agent_local_english.is));
	}
	put_scalar(local, value);
}

/* The short members of an object, those of objects inside it under both names. Returns how many were
 * written. */
static size_t put_short(agent_local *local, const agent_json *schema, const agent_json *object,
	agent_str prefix, agent_str skip, size_t written, int depth)
{
	agent_json_iter it = agent_json_members(object);
	agent_str key;
	agent_json *value;
	while (depth < DEPTH_MAX && agent_json_member(&it, &key, &value)) {
		const agent_json *node = property(schema, key);
		agent_json_kind kind = agent_json_kind_of(value);
		if (empty(value) || is_long(value) || kind == AGENT_JSON_KIND_ARRAY
			|| (skip.len > 0 && agent_str_eq(key, skip))) {
			continue;
		}
		agent_str label = agent_local_label(local, key, node);
		if (prefix.len > 0) {
			agent_buf both;
			agent_buf_init(&both, 1024);
			agent_buf_add(&both, prefix);
			agent_buf_add_char(&both, ' ');
			agent_buf_add(&both, label);
			if (both.fault == AGENT_BUF_NO_MEMORY) {
				agent_local_memory(local);
			}
			label = agent_local_keep(local, agent_buf_str(&both));
			agent_buf_clear(&both);
		}
		if (kind == AGENT_JSON_KIND_OBJECT) {
			written = put_short(local, node, value, label, AGENT_STR_EMPTY, written, depth + 1);
			continue;
		}
		agent_buf_add(&local->text, written > 0 ? AGENT_STR(", ") : AGENT_STR(""));
		put_named(local, label, value);
		written++;
	}
	return written;
}

static void put_capital(agent_local *local, agent_str label)
{
	if (label.len > 0) {
		char c = label.ptr[0];
		agent_buf_add_char(&local->text, c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
		agent_buf_add(&local->text, agent_str_from(label, 1));
	}
}

/* "Blue mug: quantity is 2": what an item is called goes first. */
static void put_item(agent_local *local, const agent_json *schema, const agent_json *item)
{
	static const char *const names[] = { "name", "title", "product", "label" };
	agent_str name = AGENT_STR_EMPTY, text;
	for (size_t i = 0; i < sizeof names / sizeof *names && name.len == 0; i++) {
		if (agent_json_str(agent_json_get(item, names[i]), &text) && agent_str_trim(text).len > 0) {
			name = agent_str_cstr(names[i]);
			agent_buf_add(&local->text, agent_str_trim(text));
		}
	}
	size_t before = local->text.len;
	agent_buf_add(&local->text, name.len > 0 ? AGENT_STR(": ") : AGENT_STR(""));
	if (put_short(local, schema, item, AGENT_STR_EMPTY, name, 0, 1) == 0 && local->text.len > before) {
		local->text.len = before;
	}
}

static void put_array(agent_local *local, const agent_json *items, const agent_json *array)
{
	size_t count = agent_json_count(array);
	bool lines = agent_json_kind_of(agent_json_at(array, 0)) == AGENT_JSON_KIND_OBJECT;
	if (count == 0) {
		agent_buf_add_char(&local->text, ' ');
		agent_buf_add(&local->text, agent_str_cstr(agent_local_english.none));
	}
	for (size_t i = 0; i < count && i <= LIST_MAX; i++) {
		const agent_json *item = agent_json_at(array, i);
		agent_buf_add(&local->text, lines ? AGENT_STR("\n- ") : i > 0 ? AGENT_STR(", ") : AGENT_STR(" "));
		if (i == LIST_MAX) {
			agent_buf_add(&local->text, agent_str_cstr(agent_local_english.more));
		} else if (agent_json_kind_of(item) == AGENT_JSON_KIND_OBJECT) {
			put_item(local, items, item);
		} else {
			put_scalar(local, item);
		}
	}
	if (!lines) {
		agent_buf_add_char(&local->text, '.');
	}
}

static bool speaks_for_itself(agent_str key)
{
	static const char *const names[] = { "message", "summary", "text", "answer", "note" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (agent_str_is(key, names[i])) {
			return true;
		}
	}
	return false;
}

static void put_long(agent_local *local, agent_str key, const agent_json *schema, agent_str text)
{
	agent_buf_add(&local->text, local->text.len == 0 ? AGENT_STR("") : AGENT_STR(" "));
	if (!speaks_for_itself(key)) {
		put_capital(local, agent_local_label(local, key, schema));
		agent_buf_add_lit(&local->text, ": ");
	}
	agent_buf_add(&local->text, text);
	agent_buf_add(&local->text, text.len > 0 && strchr(".!?", text.ptr[text.len - 1]) != NULL ? AGENT_STR("")
		: AGENT_STR("."));
}

/* What did not fit into the first sentence: texts, then lists. Returns how many were written. */
static size_t put_rest(agent_local *local, const agent_json *schema, const agent_json *object)
{
	agent_str key, text;
	agent_json *value;
	size_t written = 0;
	for (int lists = 0; lists < 2; lists++) {
		agent_json_iter it = agent_json_members(object);
		while (agent_json_member(&it, &key, &value)) {
			const agent_json *node = property(schema, key);
			if (!lists && is_long(value) && agent_json_str(value, &text)) {
				put_long(local, key, node, agent_str_trim(text));
				written++;
			} else if (lists && agent_json_kind_of(value) == AGENT_JSON_KIND_ARRAY) {
				agent_buf_add(&local->text, local->text.len == 0 ? AGENT_STR("") : AGENT_STR("\n"));
				put_capital(local, agent_local_label(local, key, node));
				agent_buf_add_char(&local->text, ':');
				put_array(local, agent_json_get(node, "items"), value);
				written++;
			}
		}
	}
	return written;
}

/* The argument that the result repeats names what the sentence is about: "Your order ABC-12345". */
static agent_str subject_of(const agent_json *arguments, const agent_json *result, agent_str *value)
{
	agent_json_iter it = agent_json_members(arguments);
	agent_str key, said, got;
	agent_json *argument;
	while (agent_json_member(&it, &key, &argument)) {
		if (agent_json_str(argument, &said) && agent_json_str(member_of(result, key), &got)
			&& agent_str_eq_nocase(said, got)
			&& got.len > 0 && got.len <= SHORT_MAX) {
			*value = got;
			return key;
		}
	}
	return AGENT_STR_EMPTY;
}

/* A required member for the visitor's page, which this text never holds. */
static bool delivers(const agent_json *schema)
{
	const agent_json *list = agent_json_get(schema, "required");
	for (size_t i = 0; i < agent_json_count(list); i++) {
		agent_str name, deliver;
		if (agent_json_str(agent_json_at(list, i), &name)
			&& agent_json_str(agent_json_get(property(schema, name), "deliver"), &deliver)
			&& agent_str_is(deliver, "visitor")) {
			return true;
		}
	}
	return false;
}

static void put_object(agent_local *local, const agent_json *schema, const agent_json *arguments,
	const agent_json *object)
{
	const agent_local_texts *texts = &agent_local_english;
	agent_str value = AGENT_STR_EMPTY;
	agent_str subject = subject_of(arguments, object, &value);
	size_t before = local->text.len;
	if (subject.len > 0) {
		agent_str label = agent_local_label(local, subject, property(schema, subject));
		agent_str noun = agent_local_noun(label);
		agent_local_say(local, texts->your, noun.len > 0 ? noun : label, value, AGENT_STR_EMPTY);
	} else {
		agent_local_say(local, texts->here, AGENT_STR_EMPTY, AGENT_STR_EMPTY, AGENT_STR_EMPTY);
	}
	size_t written = put_short(local, schema, object, AGENT_STR_EMPTY, subject, 0, 0);
	if (written > 0) {
		agent_buf_add_char(&local->text, '.');
	} else {
		local->text.len = before; /* the opening has nothing to open */
	}
	written += put_rest(local, schema, object);
	bool below = delivers(schema);
	if (below) {
		agent_buf_add(&local->text, written > 0 ? AGENT_STR(" ") : AGENT_STR(""));
		agent_buf_add(&local->text, agent_str_cstr(texts->below));
	} else if (written == 0) {
		agent_buf_add(&local->text, agent_str_cstr(texts->nothing));
	}
}

/* {"error": "…"} or {"error": {"type", "message"}}: what was wrong with the request, and what to do.
 * false: the visitor can do nothing about it, or it was the brain that called wrongly. */
static bool put_error(agent_local *local, const agent_json *error)
{
	static const char *const told[] = { "invalid", "refused", "proof" };
	const agent_local_texts *texts = &agent_local_english;
	agent_str message = AGENT_STR_EMPTY, type = AGENT_STR("invalid");
	bool tell = false;
	if (!agent_json_str(error, &message)) {
		agent_json_str(agent_json_get(error, "message"), &message);
		agent_json_str(agent_json_get(error, "type"), &type);
	}
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		tell = tell || agent_str_is(type, told[i]);
	}
	message = agent_str_trim(message);
	bool code = message.len > 0 && agent_str_find(message, AGENT_STR(" "), 0) == (size_t)-1;
	if (!tell || code) {
		return false;
	}
	if (message.len == 0 || agent_str_starts(message, AGENT_STR("The tool answered"))) { /* for the log */
		message = agent_str_cstr(agent_str_is(type, "invalid") ? texts->not_there : texts->not_yours);
	}
	agent_buf_add(&local->text, message);
	agent_buf_add(&local->text, strchr(".!?", message.ptr[message.len - 1]) != NULL ? AGENT_STR("")
		: AGENT_STR("."));
	agent_buf_add(&local->text, agent_str_cstr(texts->failed_because));
	return true;
}

static agent_json *parse(agent_local *local, agent_str text)
{
	agent_json *tree = NULL;
	if (agent_json_parse(text, AGENT_JSON_LIMITS, "a result", &tree, local->err) != AGENT_OK) {
		local->status = local->err->domain == AGENT_DOMAIN_MEMORY ? AGENT_ERR : local->status;
		tree = NULL;
	}
	return tree;
}

agent_local_told agent_local_word_result(agent_local *local, const agent_tool *tool, agent_str arguments,
	agent_str result)
{
	agent_json *value = parse(local, result), *said = parse(local, arguments);
	const agent_json *schema = tool != NULL ? tool->output_document : NULL;
	agent_json_kind kind = agent_json_kind_of(value);
	agent_local_told told = AGENT_LOCAL_TOLD;
	if (kind == AGENT_JSON_KIND_OBJECT && agent_json_get(value, "error") != NULL
		&& property(schema, AGENT_STR("error")) == NULL) {
		told = put_error(local, agent_json_get(value, "error")) ? AGENT_LOCAL_TOLD : AGENT_LOCAL_NOTHING;
	} else if (tool != NULL && tool->passages.len > 0) {
		told = AGENT_LOCAL_PASSAGES;
	} else if (kind == AGENT_JSON_KIND_OBJECT) {
		put_object(local, schema, said, value);
	} else if (kind == AGENT_JSON_KIND_ARRAY) {
		agent_buf_add(&local->text, agent_str_trim(agent_str_cstr(agent_local_english.here)));
		put_array(local, agent_json_get(schema, "items"), value);
	} else if (!empty(value)) {
		agent_buf_add(&local->text, agent_str_cstr(agent_local_english.here));
		put_scalar(local, value);
		agent_buf_add_char(&local->text, '.');
	} else {
		told = AGENT_LOCAL_NOTHING;
	}
	agent_json_free(value);
	agent_json_free(said);
	return told;
}

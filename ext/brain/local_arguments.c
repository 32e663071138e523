/* SPDX-License-Identifier: MIT
 * From the visitor's words to a tool's arguments, and the question for one that is missing.
 * What a single argument looks like in a text is known in local_form.c. */
#include "ext/brain/local.h"

#include "ext/text/utf8.h"

#define EARLIER_MAX 6

static bool is_required(const agent_json *document, agent_str name)
{
	const agent_json *list = agent_json_get(document, "required");
	for (size_t i = 0; i < agent_json_count(list); i++) {
		agent_str each;
		if (agent_json_str(agent_json_at(list, i), &each) && agent_str_eq(each, name)) {
			return true;
		}
	}
	return false;
}

/* In the visitor's earlier messages, the newest first. */
static agent_local_form find_earlier(agent_local *local, agent_str name, const agent_json *schema,
	agent_json **value)
{
	const agent_brain_request *request = local->request;
	size_t at = request->turn_start < request->message_count ? request->turn_start : request->message_count;
	if (agent_local_says(local, request->message, "other")
		|| agent_local_says(local, request->message, "another")) {
		return AGENT_LOCAL_FORM_ABSENT;
	}
	for (int tried = 0; at > 0 && tried < EARLIER_MAX; at--) {
		const agent_message *message = &request->messages[at - 1];
		if (message->role != AGENT_ROLE_USER) {
			continue;
		}
		tried++;
		agent_local_form form = agent_local_find(local, name, schema, message->text, value);
		if (form != AGENT_LOCAL_FORM_ABSENT) {
			return form;
		}
	}
	return AGENT_LOCAL_FORM_ABSENT;
}

/* Any text will do: the message itself. */
static agent_json *whole_message(agent_local *local, const agent_json *schema)
{
	agent_str text = agent_str_trim(local->request->message);
	int64_t most;
	if (agent_json_int(agent_json_get(schema, "maxLength"), &most) && most >= 0
		&& (uint64_t)most < text.len) {
		text = agent_str_cut(text, 0, agent_utf8_cut(text, (size_t)most));
	}
	agent_json *value = agent_json_new_str(text);
	if (value == NULL) {
		agent_local_memory(local);
	}
	return value;
}

/* One of a list says little about which tool is meant, and a number may be anything. */
static bool telling(const agent_json *schema)
{
	agent_str type = AGENT_STR("string");
	agent_json_str(agent_json_get(schema, "type"), &type);
	return agent_str_is(type, "string") && agent_json_get(schema, "enum") == NULL
		&& agent_json_get(schema, "const") == NULL;
}

static void fill_one(agent_local *local, agent_str name, const agent_json *schema, bool required,
	agent_local_fill *out)
{
	agent_json *value = NULL;
	agent_local_form form = agent_local_find(local, name, schema, local->request->message, &value);
	if (form == AGENT_LOCAL_FORM_FOUND && required && telling(schema)) {
		out->found = true;
	}
	if (form == AGENT_LOCAL_FORM_ABSENT && required && telling(schema)) {
		form = find_earlier(local, name, schema, &value);
	}
	if (form == AGENT_LOCAL_FORM_FREE && required) {
		value = whole_message(local, schema);
	}
	if (value != NULL && !agent_json_add(out->arguments, name, value)) {
		agent_local_memory(local);
	}
	if (value == NULL && required && out->missing.len == 0) {
		out->missing = name;
		out->missing_schema = schema;
	}
}

/* What does not pass the whole schema is not sent: without required arguments none are, else the first is
 * asked for. */
static void judge(agent_local *local, const agent_tool *tool, agent_local_fill *out)
{
	size_t faults = 0;
	agent_str name;
	agent_json *schema;
	if (local->status != AGENT_OK || out->missing.len > 0) {
		return;
	}
	if (agent_schema_validate(tool->input, out->arguments, NULL, NULL, &faults, local->err) != AGENT_OK) {
		local->status = local->err->domain == AGENT_DOMAIN_MEMORY ? AGENT_ERR : AGENT_OK;
		faults = 1;
	}
	if (faults == 0) {
		return;
	}
	agent_json_iter it = agent_json_members(agent_json_get(tool->input_document, "properties"));
	while (agent_json_member(&it, &name, &schema)) {
		if (is_required(tool->input_document, name)) {
			out->missing = name;
			out->missing_schema = schema;
			return;
		}
	}
	agent_json_free(out->arguments);
	out->arguments = agent_json_new_object();
	if (out->arguments == NULL) {
		agent_local_memory(local);
	}
}

void agent_local_fill_in(agent_local *local, const agent_tool *tool, agent_local_fill *out)
{
	agent_json_iter it = agent_json_members(agent_json_get(tool->input_document, "properties"));
	agent_str name;
	agent_json *schema;
	*out = (agent_local_fill){ .arguments = agent_json_new_object(), .missing = AGENT_STR_EMPTY };
	if (out->arguments == NULL) {
		agent_local_memory(local);
		return;
	}
	while (local->status == AGENT_OK && agent_json_member(&it, &name, &schema)) {
		fill_one(local, name, schema, is_required(tool->input_document, name), out);
	}
	judge(local, tool, out);
}

static agent_str choices(agent_local *local, const agent_json *list)
{
	agent_buf buf;
	agent_buf_init(&buf, 4096);
	for (size_t i = 0; i < agent_json_count(list); i++) {
		agent_str value;
		if (agent_json_str(agent_json_at(list, i), &value)) {
			agent_buf_add(&buf, buf.len == 0 ? AGENT_STR("") : i + 1 == agent_json_count(list)
				? AGENT_STR(" or ") : AGENT_STR(", "));
			agent_buf_add(&buf, value);
		}
	}
	if (buf.fault == AGENT_BUF_NO_MEMORY) {
		agent_local_memory(local);
	}
	agent_str text = agent_local_keep(local, agent_buf_str(&buf));
	agent_buf_clear(&buf);
	return text;
}

/* An example as a form, "ABC-#####": a figure of ours must not look like one of the visitor's. Empty where
 * nothing would be left. */
static agent_str form_of(agent_local *local, agent_str example)
{
	agent_str form = agent_local_keep(local, example);
	char *bytes = (char *)form.ptr; /* the arena's, ours alone */
	for (size_t i = 0; i < form.len; i++) {
		if (bytes[i] == '@' || bytes[i] == '/') {
			return AGENT_STR_EMPTY;
		}
		bytes[i] = bytes[i] >= '0' && bytes[i] <= '9' ? '#' : bytes[i];
	}
	return form;
}

void agent_local_ask(agent_local *local, agent_str name, const agent_json *schema)
{
	const agent_local_texts *texts = &agent_local_english;
	agent_str label = agent_local_label(local, name, schema);
	agent_str noun = agent_local_noun(label), example = AGENT_STR_EMPTY, described;
	if (agent_json_str(agent_json_at(agent_json_get(schema, "examples"), 0), &example)) {
		example = form_of(local, example);
	}
	if (noun.len > 0) {
		agent_local_say(local, texts->which, noun, AGENT_STR_EMPTY, AGENT_STR_EMPTY);
	}
	if (agent_json_count(agent_json_get(schema, "enum")) > 0) {
		agent_local_say(local, texts->choose, label, choices(local, agent_json_get(schema, "enum")),
			AGENT_STR_EMPTY);
	} else if (example.len > 0) {
		agent_local_say(local, texts->give_example, label, example, AGENT_STR_EMPTY);
	} else if (agent_json_str(agent_json_get(schema, "description"), &described)
		&& (described = form_of(local, described)).len > 0) {
		agent_str end = agent_str_cut(described, described.len - 1, 1);
		agent_local_say(local, texts->give_described, label, described, AGENT_STR_EMPTY);
		agent_buf_add(&local->text, agent_str_is(end, ".") ? AGENT_STR("") : AGENT_STR("."));
	} else {
		agent_local_say(local, texts->give, label, AGENT_STR_EMPTY, AGENT_STR_EMPTY);
	}
}

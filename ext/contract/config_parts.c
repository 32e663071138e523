/* SPDX-License-Identifier: MIT
 * Brain, contact, rates, texts, and the secrets they name.
 * No secret is read here. */
#include "ext/contract/config_parts.h"

#define TEXTS_MAX ((size_t)2000)

const char *agent_rule_locale(agent_str text)
{
	static const char reason[] = "must be a language tag as en or de-AT";
	size_t part = 0; /* where the current subtag began */
	for (size_t i = 0; i <= text.len; i++) {
		if (i == text.len || text.ptr[i] == '-') {
			if (i - part < (part == 0 ? 2u : 1u) || i - part > 8) {
				return reason;
			}
			part = i + 1;
		} else if (!agent_rule_chars(agent_str_cut(text, i, 1), "") || (part == 0 && text.ptr[i] <= '9')) {
			return reason;
		}
	}
	return NULL;
}

static const char *rule_env(agent_str text)
{
	return agent_rule_chars(text, "_") && text.ptr[0] > '9' ? NULL
		: "must be the name of an environment variable";
}

static const char *rule_put(agent_str text)
{
	bool fine = agent_rule_chars(text, "_-.") && text.ptr[0] != '.';
	for (size_t i = 0; i < text.len; i++) {
		fine = fine && !(text.ptr[i] >= 'A' && text.ptr[i] <= 'Z');
	}
	return fine ? NULL : "must consist of a-z, digits, _ - and . and not begin with a dot";
}

agent_status agent_config_read_secret(agent_place *place, const agent_json *object, const char *name,
	agent_secret_ref *out)
{
	static const struct {
		const char *name;
		agent_secret_source source;
		size_t max;
		const char *(*check)(agent_str text);
	} kinds[] = {
		{ "env", AGENT_SECRET_ENV, 128, rule_env },
		{ "file", AGENT_SECRET_FILE, 1000, agent_rule_path },
		{ "put", AGENT_SECRET_PUT, 64, rule_put },
	};
	if (!agent_json_has(object, name)) {
		return AGENT_OK;
	}
	const agent_json *node = agent_json_get(object, name);
	if (agent_json_kind_of(node) != AGENT_JSON_KIND_OBJECT || agent_json_count(node) != 1) {
		return agent_place_refuse(place, name, "type",
			"must name a secret: {\"env\": …}, {\"file\": …} or {\"put\": …}");
	}
	size_t mark = agent_place_enter(place, agent_str_cstr(name));
	if (agent_members_closed(place, node, "env file put") != AGENT_OK) {
		return AGENT_ERR;
	}
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (agent_json_has(node, kinds[i].name)) {
			agent_text_rule rule = { true, 1, kinds[i].max, kinds[i].check };
			out->source = kinds[i].source;
			if (agent_member_str(place, node, kinds[i].name, rule, &out->name) != AGENT_OK) {
				return AGENT_ERR;
			}
		}
	}
	agent_place_leave(place, mark);
	return AGENT_OK;
}

static const char *rule_protocol(agent_str text)
{
	return agent_str_is(text, "local") || agent_str_is(text, "openai-chat") ? NULL
		: "must be local or openai-chat";
}

static const char *rule_base_url(agent_str text)
{
	const char *reason = agent_rule_http_url(text);
	if (reason == NULL && agent_str_find(text, AGENT_STR("?"), 0) != (size_t)-1) {
		reason = "must be an address without a query";
	}
	return reason;
}

static agent_status read_server(agent_place *place, const agent_json *node, agent_brain_config *brain)
{
	const char *members = "protocol base_url model key max_tokens connect_ms total_ms retries strict";
	brain->protocol = AGENT_PROTOCOL_OPENAI_CHAT;
	if (agent_members_closed(place, node, members) != AGENT_OK
		|| agent_member_str(place, node, "base_url", (agent_text_rule){ true, 1, 2000, rule_base_url },
			&brain->base_url) != AGENT_OK
		|| agent_member_str(place, node, "model", (agent_text_rule){ true, 1, 200, NULL },
			&brain->model) != AGENT_OK
		|| agent_config_read_secret(place, node, "key", &brain->key) != AGENT_OK
		|| agent_member_int(place, node, "max_tokens", 1, 100000, &brain->max_tokens) != AGENT_OK
		|| agent_member_int(place, node, "connect_ms", 50, 30000, &brain->connect_ms) != AGENT_OK
		|| agent_member_int(place, node, "total_ms", 100, 120000, &brain->total_ms) != AGENT_OK) {
		return AGENT_ERR;
	}
	while (brain->base_url.ptr[brain->base_url.len - 1] == '/') { /* the protocol's path begins with one */
		brain->base_url.len--;
	}
	if (agent_member_int(place, node, "retries", 0, 3, &brain->retries) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_member_bool(place, node, "strict", &brain->strict);
}

agent_status agent_config_read_brain(agent_place *place, const agent_json *node, agent_config *config)
{
	agent_str protocol;
	if (agent_json_str(node, &protocol)) { /* "local" alone */
		return agent_str_is(protocol, "local") ? AGENT_OK
			: agent_place_refuse(place, NULL, "rule", "must be local or an object");
	}
	if (agent_json_kind_of(node) != AGENT_JSON_KIND_OBJECT) {
		return agent_place_refuse(place, NULL, "type", "must be local or an object");
	}
	if (agent_member_str(place, node, "protocol", (agent_text_rule){ true, 1, 32, rule_protocol },
		&protocol) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_str_is(protocol, "local") ? agent_members_closed(place, node, "protocol")
		: read_server(place, node, &config->brain);
}

agent_status agent_config_read_contact(agent_place *place, const agent_json *node, agent_config *config)
{
	const agent_text_rule url = { true, 1, 2000, agent_rule_http_url };
	config->contact_label = AGENT_STR("Contact us");
	if (agent_members_closed(place, node, "url label") != AGENT_OK
		|| agent_member_str(place, node, "url", url, &config->contact_url) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_member_str(place, node, "label", (agent_text_rule){ false, 1, 200, NULL },
		&config->contact_label);
}

static agent_status read_one_rate(agent_place *place, const agent_json *node, const char *name,
	agent_rate *out)
{
	agent_str text = AGENT_STR_EMPTY;
	if (agent_member_str(place, node, name, (agent_text_rule){ false, 1, 32, NULL }, &text) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (text.len > 0 && !agent_rate_parse(text, out)) {
		return agent_place_refuse(place, name, "rule", "must be a rate as 30/m, 5/10m or 100/h");
	}
	return AGENT_OK;
}

agent_status agent_config_read_rate(agent_place *place, const agent_json *node, agent_config *config)
{
	if (agent_members_closed(place, node, "session address") != AGENT_OK
		|| read_one_rate(place, node, "session", &config->session_rate) != AGENT_OK) {
		return AGENT_ERR;
	}
	return read_one_rate(place, node, "address", &config->address_rate);
}

/* The texts of one locale; the place stands there. */
static agent_status read_locale(agent_place *place, agent_str locale, const agent_json *node,
	agent_text *list, size_t *count)
{
	agent_str name;
	agent_json *ignored;
	if (locale.len == 0 || agent_rule_locale(locale) != NULL) {
		return agent_place_refuse(place, NULL, "rule", "must be named by a language tag as en or de-AT");
	}
	if (agent_json_kind_of(node) != AGENT_JSON_KIND_OBJECT) {
		return agent_place_refuse(place, NULL, "type", "must be an object of texts");
	}
	for (agent_json_iter it = agent_json_members(node); agent_json_member(&it, &name, &ignored); ++*count) {
		agent_text *text = &list[*count];
		*text = (agent_text){ locale, name, AGENT_STR_EMPTY };
		if (name.len == 0 || name.len > 64 || !agent_rule_chars(name, "_-.")) {
			return agent_place_refuse(place, name.ptr, "rule", "must be named by letters, digits, _ - and .");
		}
		if (agent_member_str(place, node, name.ptr, (agent_text_rule){ true, 1, 1000, NULL },
			&text->text) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

agent_status agent_config_read_texts(agent_place *place, const agent_json *node, agent_config *config)
{
	agent_str locale;
	agent_json *texts;
	size_t count = 0;
	if (agent_json_kind_of(node) != AGENT_JSON_KIND_OBJECT) {
		return agent_place_refuse(place, NULL, "type",
			"must be an object: a language tag to an object of texts");
	}
	for (agent_json_iter it = agent_json_members(node); agent_json_member(&it, &locale, &texts);) {
		count += agent_json_count(texts);
	}
	if (count > TEXTS_MAX) {
		return agent_place_refuse(place, NULL, "range", "must be at most %zu texts", TEXTS_MAX);
	}
	agent_text *list = agent_arena_array(place->arena, count, sizeof *list);
	if (list == NULL) {
		return agent_arena_fail(place->arena, place->err);
	}
	for (agent_json_iter it = agent_json_members(node); agent_json_member(&it, &locale, &texts);) {
		size_t mark = agent_place_enter(place, locale);
		if (read_locale(place, locale, texts, list, &config->text_count) != AGENT_OK) {
			return AGENT_ERR;
		}
		agent_place_leave(place, mark);
	}
	config->texts = list;
	return AGENT_OK;
}

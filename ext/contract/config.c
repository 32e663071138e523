/* SPDX-License-Identifier: MIT
 * The configuration: its own members, defaults, ownership.
 * The backend's members are config_backend.c, the other parts' config_parts.c, the tools' manifest.c. */
#include "ext/contract/config.h"

#include "ext/base/alloc.h"
#include "ext/contract/config_parts.h"

#define MEMBERS "site data_dir locale instructions brain tools backend contact urls budget rate texts " \
	"retention_days"
#define MEMORY_MAX ((size_t)8 * 1024 * 1024)

static const char *rule_site(agent_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-') {
			return "must consist of a-z, 0-9, . _ and -";
		}
	}
	/* it names a folder */
	return agent_str_is(text, ".") || agent_str_is(text, "..") ? "must not be . or .." : NULL;
}

static agent_status read_own(agent_place *place, const agent_json *node, agent_config *config)
{
	const agent_text_rule url = { .min = 1, .max = 2000, .check = agent_rule_http_url };
	if (agent_member_str(place, node, "site", (agent_text_rule){ true, 1, 64, rule_site },
		&config->site) != AGENT_OK
		|| agent_member_str(place, node, "data_dir", (agent_text_rule){ false, 1, 1000, agent_rule_path },
			&config->data_dir) != AGENT_OK
		|| agent_member_str(place, node, "locale", (agent_text_rule){ false, 2, 35, agent_rule_locale },
			&config->locale) != AGENT_OK
		|| agent_member_str(place, node, "instructions", (agent_text_rule){ false, 0, 4000, NULL },
			&config->instructions) != AGENT_OK
		|| agent_member_int(place, node, "retention_days", 1, 3650, &config->retention_days) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_member_strs(place, node, "urls", 64, url, &config->urls, &config->url_count);
}

static agent_status read_budget(agent_place *place, const agent_json *node, agent_config *config)
{
	agent_budget_config *b = &config->budget;
	if (agent_members_closed(place, node, "tokens input tools wall_ms passes") != AGENT_OK
		|| agent_member_int(place, node, "tokens", 100, 1000000, &b->tokens) != AGENT_OK
		|| agent_member_int(place, node, "input", 500, 1000000, &b->input) != AGENT_OK
		|| agent_member_int(place, node, "tools", 0, 16, &b->tools) != AGENT_OK
		|| agent_member_int(place, node, "wall_ms", 500, 120000, &b->wall_ms) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_member_int(place, node, "passes", 1, 16, &b->passes);
}

typedef agent_status part_reader(agent_place *place, const agent_json *node, agent_config *config);

/* The members that are objects of their own. */
static agent_status read_part(agent_place *place, const agent_json *node, const char *name,
	agent_config *config, part_reader *read)
{
	if (!agent_json_has(node, name)) {
		return AGENT_OK;
	}
	size_t mark = agent_place_enter(place, agent_str_cstr(name));
	if (read(place, agent_json_get(node, name), config) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_place_leave(place, mark);
	return AGENT_OK;
}

static agent_status read_all(agent_place *place, agent_config *config)
{
	const agent_json *node = config->document;
	if (agent_members_closed(place, node, MEMBERS) != AGENT_OK || read_own(place, node, config) != AGENT_OK
		|| read_part(place, node, "budget", config, read_budget) != AGENT_OK
		|| read_part(place, node, "brain", config, agent_config_read_brain) != AGENT_OK
		|| read_part(place, node, "backend", config, agent_config_read_backend) != AGENT_OK
		|| read_part(place, node, "contact", config, agent_config_read_contact) != AGENT_OK
		|| read_part(place, node, "rate", config, agent_config_read_rate) != AGENT_OK
		|| read_part(place, node, "texts", config, agent_config_read_texts) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (config->brain.total_ms == 0) {
		config->brain.total_ms = config->budget.wall_ms;
	}
	if (!agent_json_has(node, "tools")) {
		return AGENT_OK;
	}
	if (agent_manifest_read(agent_json_get(node, "tools"), "/tools", config->arena, &config->manifest, place->err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return config->brain.strict ? agent_manifest_strict(&config->manifest, AGENT_STRICT_OPENAI, config->arena, place->err) : AGENT_OK;
}

static void defaults(agent_config *config)
{
	config->site = config->data_dir = config->instructions = AGENT_STR_EMPTY;
	config->locale = AGENT_STR("en");
	config->brain = (agent_brain_config){
		.protocol = AGENT_PROTOCOL_LOCAL, .base_url = AGENT_STR_EMPTY, .model = AGENT_STR_EMPTY,
		.key = { .name = AGENT_STR_EMPTY },
		.max_tokens = 800, .connect_ms = 1000, .retries = 1,
	};
	config->audience = AGENT_STR_EMPTY;
	config->issuer = AGENT_STR("agent");
	config->backend_key = (agent_secret_ref){ AGENT_SECRET_NONE, AGENT_STR_EMPTY };
	config->contact_url = config->contact_label = AGENT_STR_EMPTY;
	config->budget = (agent_budget_config){
		.tokens = 3000, .input = 12000, .tools = 2, .wall_ms = 8000, .passes = 4,
	};
	config->session_rate = (agent_rate){ 20, 600 };
	config->address_rate = (agent_rate){ 60, 3600 };
	config->retention_days = 30;
}

static agent_status fill(agent_str text, agent_config *config, agent_error *err)
{
	agent_place place;
	if (agent_json_parse(text, AGENT_JSON_LIMITS, "the configuration", &config->document, err) != AGENT_OK) {
		err->domain = err->domain == AGENT_DOMAIN_SCHEMA ? AGENT_DOMAIN_CONFIG : err->domain;
		return AGENT_ERR;
	}
	config->arena = agent_arena_new(MEMORY_MAX);
	if (config->arena == NULL) {
		return agent_fail_memory(err);
	}
	defaults(config);
	agent_place_init(&place, "", config->arena, err);
	agent_status status = read_all(&place, config);
	if (status == AGENT_OK) {
		status = agent_buf_check(&place.pointer, "a pointer", err);
	}
	agent_place_clear(&place);
	return status;
}

agent_status agent_config_read(agent_str text, agent_config **out, agent_error *err)
{
	*out = NULL;
	agent_config *config = agent_calloc(1, sizeof *config);
	if (config == NULL) {
		return agent_fail_memory(err);
	}
	if (fill(text, config, err) != AGENT_OK) {
		agent_config_free(config);
		return AGENT_ERR;
	}
	*out = config;
	return AGENT_OK;
}

void agent_config_free(agent_config *config)
{
	if (config != NULL) {
		agent_manifest_clear(&config->manifest);
		agent_arena_free(config->arena);
		agent_json_free(config->document);
		agent_free(config);
	}
}

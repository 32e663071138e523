/* SPDX-License-Identifier: MIT
 * contract/manifest and contract/config: defaults, and every kind of mistake by its place and rule.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/contract/config.h"
#include "tests/support/torture.h"

#define SCHEMAS "\"input_schema\":{\"type\":\"object\",\"properties\":{\"order_number\":{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}-[0-9]{5}$\"}}," \
	"\"required\":[\"order_number\"],\"additionalProperties\":false},\"output_schema\":{\"type\":\"object\",\"properties\":{\"status\":{\"type\":\"string\"}}}"
#define TOOL_REST "\"description\":\"The status of an order\",\"scope\":\"order:read\"," SCHEMAS
#define TOOL "{\"name\":\"get_order_status\"," TOOL_REST "}"
/* A configuration with one tool that has one more member; the same with one more member of its own. */
#define WITH_TOOL(member) "{\"site\":\"s\",\"tools\":[{\"name\":\"t\"," TOOL_REST "," member "}]}"
#define WITH(member) "{\"site\":\"s\"," member "}"
#define WITH_BRAIN(member) WITH("\"brain\":{\"protocol\":\"openai-chat\",\"base_url\":\"https://h/v1\",\"model\":\"m\"," member "}")

static agent_config *read(const char *text)
{
	agent_error err;
	agent_config *config;
	if (agent_config_read(agent_str_cstr(text), &config, &err) != AGENT_OK) {
		fail_msg("%s: %s", text, err.message);
	}
	return config;
}

static void the_least_gives_defaults(void **state)
{
	(void)state;
	agent_config *c = read("{\"site\":\"demo-store\"}");
	assert_true(agent_str_is(c->site, "demo-store") && agent_str_is(c->locale, "en") && agent_str_is(c->issuer, "agent"));
	assert_true(c->data_dir.len == 0 && c->instructions.len == 0 && c->contact_url.len == 0 && c->contact_label.len == 0 && c->audience.len == 0);
	assert_true(c->brain.protocol == AGENT_PROTOCOL_LOCAL && c->brain.max_tokens == 800 && c->brain.connect_ms == 1000);
	assert_true(c->brain.total_ms == 8000 && c->brain.retries == 1 && c->brain.key.source == AGENT_SECRET_NONE);
	assert_true(c->budget.tokens == 3000 && c->budget.input == 12000 && c->budget.tools == 2 && c->budget.wall_ms == 8000 && c->budget.passes == 4);
	assert_true(c->manifest.count == 0 && c->url_count == 0 && c->text_count == 0 && c->retention_days == 30);
	assert_true(c->session_rate.count == 20 && c->session_rate.window_s == 600 && c->address_rate.count == 60 && c->address_rate.window_s == 3600);
	assert_int_equal(c->digest[0], 0);
	agent_config_free(c);
	agent_config_free(NULL);
}

static void all_of_it_is_read(void **state)
{
	(void)state;
	agent_config *c = read("{\"site\":\"a.b_c-1\",\"data_dir\":\"/var/lib/agent/demo\",\"locale\":\"de-AT\",\"instructions\":\"You are \xC3\xA9\","
		"\"brain\":{\"protocol\":\"openai-chat\",\"base_url\":\"https://api.example/v1/\",\"model\":\"m\",\"key\":{\"env\":\"KEY_1\"},\"max_tokens\":100,\"connect_ms\":500,\"total_ms\":4000,\"retries\":0},"
		"\"tools\":[" TOOL ",{\"name\":\"cancel\",\"method\":\"GET\",\"url\":\"http://127.0.0.1:8080/x?y=1\",\"timeouts_ms\":50,\"retries\":2,\"effect\":\"write\",\"resource\":\"order_number\",\"rate\":\"5/10m\",\"examples\":[\"a\",\"b\"]," TOOL_REST "},"
		"{\"name\":\"w\",\"effect\":\"write\",\"confirm\":false," TOOL_REST "},{\"name\":\"r\",\"confirm\":true," TOOL_REST "}],"
		"\"backend\":{\"audience\":\"https://shop.example/tools\",\"issuer\":\"me\",\"key\":{\"file\":\"/etc/key\"}},\"contact\":{\"url\":\"https://shop.example/contact\",\"label\":\"Write us\"},"
		"\"urls\":[\"https://shop.example/\",\"https://help.example/\"],\"budget\":{\"tokens\":1000,\"input\":2000,\"tools\":3,\"wall_ms\":5000,\"passes\":2},"
		"\"rate\":{\"session\":\"1/s\",\"address\":\"100/h\"},\"texts\":{\"de\":{\"declined\":\"Nein\",\"shed\":\"Sp\xC3\xA4ter\"},\"fr\":{\"declined\":\"Non\"}},\"retention_days\":7}");
	assert_true(agent_str_is(c->brain.base_url, "https://api.example/v1") && agent_str_is(c->brain.key.name, "KEY_1"));
	assert_true(c->brain.protocol == AGENT_PROTOCOL_OPENAI_CHAT && c->brain.key.source == AGENT_SECRET_ENV && c->brain.total_ms == 4000 && c->brain.retries == 0);
	assert_true(c->backend_key.source == AGENT_SECRET_FILE && agent_str_is(c->backend_key.name, "/etc/key") && agent_str_is(c->issuer, "me"));
	assert_true(agent_str_is(c->contact_label, "Write us") && c->url_count == 2 && agent_str_is(c->urls[1], "https://help.example/"));
	assert_true(c->budget.tools == 3 && c->budget.passes == 2 && c->session_rate.window_s == 1 && c->address_rate.count == 100 && c->retention_days == 7);
	assert_true(c->text_count == 3 && agent_str_is(c->texts[2].locale, "fr") && agent_str_is(c->texts[2].name, "declined") && agent_str_is(c->texts[2].text, "Non"));
	assert_int_equal(c->manifest.count, 4);
	const agent_tool *t = agent_manifest_find(&c->manifest, AGENT_STR("get_order_status"));
	assert_true(t != NULL && agent_str_is(t->method, "POST") && t->url.len == 0 && t->timeout_ms == 2500 && t->retries == 1);
	assert_true(t->effect == AGENT_TOOL_READ && !t->confirm && t->rate.count == 0 && t->example_count == 0 && t->resource.len == 0 && t->input != NULL && t->output != NULL);
	assert_true(agent_str_starts(t->input_text, AGENT_STR("{\"type\":\"object\",\"properties\":{\"order_number\"")));
	assert_true(agent_json_kind_of(t->output_document) == AGENT_JSON_KIND_OBJECT && agent_json_has(t->input_document, "required"));
	t = agent_manifest_find(&c->manifest, AGENT_STR("cancel"));
	assert_true(t->effect == AGENT_TOOL_WRITE && t->confirm && t->rate.count == 5 && t->rate.window_s == 600 && t->timeout_ms == 50 && t->retries == 2 && agent_str_is(t->resource, "order_number"));
	assert_true(agent_str_is(t->method, "GET") && agent_str_is(t->url, "http://127.0.0.1:8080/x?y=1") && t->example_count == 2 && agent_str_is(t->examples[1], "b"));
	assert_false(agent_manifest_find(&c->manifest, AGENT_STR("w"))->confirm);
	assert_true(agent_manifest_find(&c->manifest, AGENT_STR("r"))->confirm);
	assert_null(agent_manifest_find(&c->manifest, AGENT_STR("get_order")));
	agent_config_free(c);
	c = read(WITH("\"brain\":\"local\",\"budget\":{\"wall_ms\":3000}"));
	assert_true(c->brain.protocol == AGENT_PROTOCOL_LOCAL && c->brain.total_ms == 3000);
	agent_config_free(c);
	agent_config_free(read(WITH("\"brain\":{\"protocol\":\"local\"},\"contact\":{\"url\":\"https://a/\"},\"tools\":[],\"texts\":{},\"urls\":[]")));
	agent_config_free(read(WITH_BRAIN("\"key\":{\"put\":\"openai\"}")));
}

static const struct { const char *text, *message; } mistakes[] = {
	/* JSON itself */
	{ "", "the configuration: the text ends too early, at byte 0" }, { "{\"site\":\"s\",}", "the configuration: a member's name in quotes was expected, at byte 12" },
	{ "{\"site\":\"s\",\"site\":\"t\"}", "the configuration: the member \"site\" stands there twice, at byte 12" },
	/* its own members */
	{ "[]", ": must be an object" }, { "null", ": must be an object" }, { "{}", "/site: is required" }, { "{\"site\":1}", "/site: must be a string" }, { "{\"site\":null}", "/site: must be a string" },
	{ "{\"site\":\"\"}", "/site: must be a string of 1 to 64 bytes" }, { "{\"site\":\"Demo\"}", "/site: must consist of a-z, 0-9, . _ and -" }, { "{\"site\":\"a/b\"}", "/site: must consist of a-z, 0-9, . _ and -" },
	{ "{\"site\":\"..\"}", "/site: must not be . or .." }, { "{\"site\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}", "/site: must be a string of 1 to 64 bytes" },
	{ WITH("\"sites\":1"), "/sites: is not known; allowed are: site data_dir locale instructions brain tools backend contact urls budget rate texts retention_days" },
	{ WITH("\"a/b\":1"), "/a~1b: is not known;" }, { WITH("\"data_dir\":\"x\""), "/data_dir: must be an absolute path" }, { WITH("\"data_dir\":\"/a/../b\""), "/data_dir: must be a path without .." }, { WITH("\"data_dir\":\"/a/..\""), "/data_dir: must be a path without .." },
	{ WITH("\"locale\":\"e\""), "/locale: must be a string of 2 to 35 bytes" }, { WITH("\"locale\":\"e-n\""), "/locale: must be a language tag" }, { WITH("\"locale\":\"en_US\""), "/locale: must be a language tag" }, { WITH("\"locale\":\"en-\""), "/locale: must be a language tag" }, { WITH("\"locale\":\"12\""), "/locale: must be a language tag" },
	{ WITH("\"instructions\":[]"), "/instructions: must be a string" }, { WITH("\"retention_days\":0"), "/retention_days: must be an integer from 1 to 3650" }, { WITH("\"retention_days\":\"30\""), "/retention_days: must be an integer" }, { WITH("\"retention_days\":30.0"), "/retention_days: must be an integer" },
	{ WITH("\"urls\":\"x\""), "/urls: must be an array of at most 64 strings" }, { WITH("\"urls\":[1]"), "/urls/0: must be a string" }, { WITH("\"urls\":[\"https://a/\",\"ftp://b/\"]"), "/urls/1: must be an address that begins with https:// or http://" },
	/* brain */
	{ WITH("\"brain\":\"openai\""), "/brain: must be local or an object" }, { WITH("\"brain\":1"), "/brain: must be local or an object" }, { WITH("\"brain\":{}"), "/brain/protocol: is required" }, { WITH("\"brain\":{\"protocol\":\"x\"}"), "/brain/protocol: must be local or openai-chat" },
	{ WITH("\"brain\":{\"protocol\":\"local\",\"model\":\"m\"}"), "/brain/model: is not known; allowed are: protocol" }, { WITH("\"brain\":{\"protocol\":\"openai-chat\"}"), "/brain/base_url: is required" },
	{ WITH("\"brain\":{\"protocol\":\"openai-chat\",\"base_url\":\"https://h\"}"), "/brain/model: is required" }, { WITH("\"brain\":{\"protocol\":\"openai-chat\",\"base_url\":\"h\",\"model\":\"m\"}"), "/brain/base_url: must be an address that begins" },
	{ WITH("\"brain\":{\"protocol\":\"openai-chat\",\"base_url\":\"https://h?x\",\"model\":\"m\"}"), "/brain/base_url: must be an address without a query" }, { WITH("\"brain\":{\"protocol\":\"openai-chat\",\"base_url\":\"https://\",\"model\":\"m\"}"), "/brain/base_url: must be an address with a host" },
	{ WITH_BRAIN("\"api_key\":\"sk\""), "/brain/api_key: is not known; allowed are: protocol base_url" }, { WITH_BRAIN("\"key\":\"sk-123\""), "/brain/key: must name a secret: {\"env\": \xE2\x80\xA6}" }, { WITH_BRAIN("\"key\":{}"), "/brain/key: must name a secret" },
	{ WITH_BRAIN("\"key\":{\"env\":\"A\",\"put\":\"b\"}"), "/brain/key: must name a secret" }, { WITH_BRAIN("\"key\":{\"value\":\"A\"}"), "/brain/key/value: is not known; allowed are: env file put" }, { WITH_BRAIN("\"key\":{\"env\":\"1A\"}"), "/brain/key/env: must be the name of an environment variable" },
	{ WITH_BRAIN("\"key\":{\"env\":\"A B\"}"), "/brain/key/env: must be the name" }, { WITH_BRAIN("\"key\":{\"env\":\"\"}"), "/brain/key/env: must be a string of 1 to 128 bytes" }, { WITH_BRAIN("\"key\":{\"file\":\"k\"}"), "/brain/key/file: must be an absolute path" },
	{ WITH_BRAIN("\"key\":{\"put\":\"a/b\"}"), "/brain/key/put: must consist of" }, { WITH_BRAIN("\"key\":{\"put\":1}"), "/brain/key/put: must be a string" }, { WITH_BRAIN("\"max_tokens\":0"), "/brain/max_tokens: must be an integer from 1 to 100000" },
	{ WITH_BRAIN("\"connect_ms\":1"), "/brain/connect_ms: must be an integer from 50 to 30000" }, { WITH_BRAIN("\"total_ms\":null"), "/brain/total_ms: must be an integer" }, { WITH_BRAIN("\"retries\":4"), "/brain/retries: must be an integer from 0 to 3" },
	/* the other parts */
	{ WITH("\"backend\":{}"), "/backend/audience: is required" }, { WITH("\"backend\":[]"), "/backend: must be an object" }, { WITH("\"backend\":{\"audience\":\"a\",\"x\":1}"), "/backend/x: is not known" }, { WITH("\"backend\":{\"audience\":\"a\",\"key\":1}"), "/backend/key: must name a secret" },
	{ WITH("\"backend\":{\"audience\":\"a\",\"issuer\":\"\"}"), "/backend/issuer: must be a string of 1 to 200 bytes" },
	{ WITH("\"contact\":{}"), "/contact/url: is required" }, { WITH("\"contact\":{\"url\":\"mailto:a@b.c\"}"), "/contact/url: must be an address that begins" }, { WITH("\"contact\":{\"url\":\"https://a/\",\"label\":5}"), "/contact/label: must be a string" }, { WITH("\"contact\":\"https://a/\""), "/contact: must be an object" },
	{ WITH("\"budget\":1"), "/budget: must be an object" }, { WITH("\"budget\":{\"money\":1}"), "/budget/money: is not known; allowed are: tokens input tools wall_ms passes" }, { WITH("\"budget\":{\"tokens\":99}"), "/budget/tokens: must be an integer from 100 to 1000000" },
	{ WITH("\"budget\":{\"tools\":-1}"), "/budget/tools: must be an integer from 0 to 16" }, { WITH("\"budget\":{\"wall_ms\":1e4}"), "/budget/wall_ms: must be an integer from 500 to 120000" }, { WITH("\"budget\":{\"passes\":0}"), "/budget/passes: must be an integer from 1 to 16" },
	{ WITH("\"rate\":\"1/m\""), "/rate: must be an object" }, { WITH("\"rate\":{\"session\":\"fast\"}"), "/rate/session: must be a rate as 30/m, 5/10m or 100/h" }, { WITH("\"rate\":{\"address\":5}"), "/rate/address: must be a string" }, { WITH("\"rate\":{\"ip\":\"1/m\"}"), "/rate/ip: is not known" },
	{ WITH("\"texts\":[]"), "/texts: must be an object" }, { WITH("\"texts\":{\"de\":\"x\"}"), "/texts/de: must be an object of texts" }, { WITH("\"texts\":{\"deutsche sprache\":{}}"), "/texts/deutsche sprache: must be named by a language tag" }, { WITH("\"texts\":{\"de\":{\"a b\":\"x\"}}"), "/texts/de/a b: must be named by" },
	{ WITH("\"texts\":{\"de\":{\"a\":1}}"), "/texts/de/a: must be a string" }, { WITH("\"texts\":{\"de\":{\"a\":\"\"}}"), "/texts/de/a: must be a string of 1 to 1000 bytes" }, { WITH("\"texts\":{\"\":{\"a\":\"x\"}}"), "/texts/: must be named by a language tag" },
	/* tools */
	{ WITH("\"tools\":{}"), "/tools: must be an array of at most 64 tools" }, { WITH("\"tools\":null"), "/tools: must be an array" }, { WITH("\"tools\":[1]"), "/tools/0: must be an object" }, { WITH("\"tools\":[{}]"), "/tools/0/name: is required" },
	{ WITH("\"tools\":[{\"name\":\"a b\"}]"), "/tools/0/name: must consist of letters, digits, _ and -" }, { WITH("\"tools\":[{\"name\":\"t\"}]"), "/tools/0/description: is required" }, { WITH("\"tools\":[{\"name\":\"t\",\"description\":\"\"}]"), "/tools/0/description: must be a string of 1 to 2000 bytes" },
	{ WITH("\"tools\":[{\"name\":\"t\",\"description\":\"d\"," SCHEMAS "}]"), "/tools/0/scope: is required" }, { WITH("\"tools\":[" TOOL "," TOOL "]"), "/tools/1/name: must not be the name of another tool" },
	{ WITH_TOOL("\"timeout_ms\":1"), "/tools/0/timeout_ms: is not known; allowed are: name description method url" }, { WITH_TOOL("\"timeouts_ms\":49"), "/tools/0/timeouts_ms: must be an integer from 50 to 30000" }, { WITH_TOOL("\"timeouts_ms\":30001"), "/tools/0/timeouts_ms: must be an integer from 50 to 30000" },
	{ WITH_TOOL("\"timeouts_ms\":\"2500\""), "/tools/0/timeouts_ms: must be an integer" }, { WITH_TOOL("\"timeouts_ms\":18446744073709551615"), "/tools/0/timeouts_ms: must be an integer" }, { WITH_TOOL("\"retries\":3"), "/tools/0/retries: must be an integer from 0 to 2" }, { WITH_TOOL("\"retries\":-1"), "/tools/0/retries: must be" },
	{ WITH_TOOL("\"method\":\"PUT\""), "/tools/0/method: must be GET or POST" }, { WITH_TOOL("\"method\":\"get\""), "/tools/0/method: must be GET or POST" }, { WITH_TOOL("\"effect\":\"delete\""), "/tools/0/effect: must be read or write" }, { WITH_TOOL("\"confirm\":1"), "/tools/0/confirm: must be true or false" },
	{ WITH_TOOL("\"url\":\"file:///etc/passwd\""), "/tools/0/url: must be an address that begins with https:// or http://" }, { WITH_TOOL("\"url\":\"https://u:p@h/\""), "/tools/0/url: must be an address without a user name" }, { WITH_TOOL("\"url\":\"https://h/#x\""), "/tools/0/url: must be an address without a fragment" },
	{ WITH_TOOL("\"url\":\"https://h/a b\""), "/tools/0/url: must be an address of plain ASCII" }, { WITH_TOOL("\"url\":\"https://h\\\\@x/\""), "/tools/0/url: must be an address of plain ASCII" }, { WITH_TOOL("\"url\":\"https:///x\""), "/tools/0/url: must be an address with a host" }, { WITH_TOOL("\"url\":\"HTTPS://h/\""), "/tools/0/url: must be an address that begins" },
	{ WITH_TOOL("\"url\":\"\""), "/tools/0/url: must be a string of 1 to 2000 bytes" }, { WITH_TOOL("\"rate\":\"30\""), "/tools/0/rate: must be a rate as 30/m, 5/10m or 100/h" }, { WITH_TOOL("\"rate\":30"), "/tools/0/rate: must be a string" }, { WITH_TOOL("\"examples\":\"x\""), "/tools/0/examples: must be an array" },
	{ WITH_TOOL("\"examples\":[\"a\",\"\"]"), "/tools/0/examples/1: must be a string of 1 to 500 bytes" }, { WITH_TOOL("\"examples\":[{}]"), "/tools/0/examples/0: must be a string" },
	{ "{\"site\":\"s\",\"tools\":[{\"name\":\"t\",\"description\":\"d\",\"scope\":\"a b\"}]}", "/tools/0/scope: must consist of letters" }, { "{\"site\":\"s\",\"tools\":[{\"name\":\"t\",\"description\":\"d\",\"scope\":\"a\"}]}", "/tools/0/input_schema: is required" },
	{ WITH_TOOL("\"resource\":\"order\""), "/tools/0/resource: must name a member of input_schema that is required and says \"type\": \"string\"" }, { WITH_TOOL("\"resource\":\"\""), "/tools/0/resource: must be a string of 1 to 64 bytes" },
	{ WITH_TOOL("\"resource\":[\"order_number\"]"), "/tools/0/resource: must be a string" }, { WITH_TOOL("\"resource\":null"), "/tools/0/resource: must be a string" }, { WITH_TOOL("\"resource\":\"order_number \""), "/tools/0/resource: must name" },
#define RESOURCE(properties, required) "{\"site\":\"s\",\"tools\":[{\"name\":\"t\",\"description\":\"d\",\"scope\":\"a\",\"resource\":\"o\",\"output_schema\":{},\"input_schema\":" \
	"{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{" properties "},\"required\":[" required "]}}]}"
	{ RESOURCE("\"o\":{\"type\":\"string\"}", ""), "/tools/0/resource: must name a member" }, { RESOURCE("\"o\":{\"type\":\"string\"},\"p\":{}", "\"p\""), "/tools/0/resource: must name a member" }, { RESOURCE("\"o\":{\"type\":\"integer\"}", "\"o\""), "/tools/0/resource: must name a member" },
	{ RESOURCE("\"o\":{\"type\":[\"string\",\"null\"]}", "\"o\""), "/tools/0/resource: must name a member" }, { RESOURCE("\"o\":{\"minLength\":1}", "\"o\""), "/tools/0/resource: must name a member" }, { RESOURCE("\"o\":true", "\"o\""), "/tools/0/resource: must name a member" },
	{ RESOURCE("\"p\":{\"type\":\"string\"}", "\"o\",\"p\""), "/tools/0/resource: must name a member" },
#define OPEN(schema) "{\"site\":\"s\",\"tools\":[{\"name\":\"t\",\"description\":\"d\",\"scope\":\"a\",\"input_schema\":" schema "}]}"
	{ OPEN("true"), "/tools/0/input_schema: must be an object: a JSON Schema" }, { OPEN("{}"), "/tools/0/input_schema: must say \"type\": \"object\"" }, { OPEN("{\"type\":[\"object\"]}"), "/tools/0/input_schema: must say \"type\"" }, { OPEN("{\"type\":\"object\"}"), "/tools/0/input_schema: must say \"additionalProperties\": false" },
	{ OPEN("{\"type\":\"object\",\"additionalProperties\":true}"), "/tools/0/input_schema: must say \"additionalProperties\": false" }, { OPEN("{\"type\":\"object\",\"additionalProperties\":{}}"), "/tools/0/input_schema: must say \"additionalProperties\"" },
	{ OPEN("{\"type\":\"object\",\"properties\":{\"a\":{\"minLenght\":1}}}"), "/tools/0/input_schema/properties/a/minLenght: is not a keyword" }, { OPEN("{\"type\":\"object\",\"properties\":{\"a\":{\"pattern\":\"(\"}}}"), "/tools/0/input_schema/properties/a/pattern: is no regular expression" },
	{ OPEN("{\"type\":\"object\",\"additionalProperties\":false}"), "/tools/0/output_schema: is required" }, { OPEN("{\"type\":\"object\",\"additionalProperties\":false},\"output_schema\":{\"type\":\"x\"}"), "/tools/0/output_schema/type: must be one of" },
#define ANSWERS(schema) OPEN("{\"type\":\"object\",\"additionalProperties\":false},\"output_schema\":" schema)
#define PASSAGES "{\"type\":\"array\",\"deliver\":\"passages\",\"items\":{\"type\":\"object\",\"required\":[\"title\",\"url\",\"text\"],\"properties\":{" \
	"\"title\":{\"type\":\"string\"},\"url\":{\"type\":\"string\",\"format\":\"uri\"},\"text\":{\"type\":\"string\"},\"updated\":{\"type\":\"integer\"}}}}"
	{ ANSWERS("{\"type\":\"object\",\"properties\":{\"a\":" PASSAGES ",\"b/c\":" PASSAGES "}}"), "/tools/0/output_schema/properties/b~1c/deliver: must be \"passages\" for one member of an answer only" },
	{ ANSWERS("{\"type\":\"object\",\"properties\":{\"\":" PASSAGES "}}"), "/tools/0/output_schema: must give a name to the member" },
	{ ANSWERS("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\",\"deliver\":\"passages\",\"items\":{}}}}"), "/tools/0/output_schema/properties/a/items/type: must be \"object\" where" },
	{ ANSWERS(PASSAGES), "/tools/0/output_schema/deliver: must be \"visitor\" here" },
	{ OPEN("{\"type\":\"object\",\"additionalProperties\":false},\"output_schema\":[]"), "/tools/0/output_schema: must be an object" }, { WITH("\"tools\":[" TOOL ",{\"name\":\"u\",\"description\":7}]"), "/tools/1/description: must be a string" },
};

static void a_member_may_be_delivered_as_passages(void **state)
{
	(void)state;
	agent_config *c = read(ANSWERS("{\"type\":\"object\",\"properties\":{\"note\":{\"type\":\"string\"},\"passages\":" PASSAGES "}}"));
	assert_true(agent_str_is(c->manifest.tools[0].passages, "passages"));
	agent_config_free(c);
	c = read(WITH("\"tools\":[" TOOL "]"));
	assert_int_equal(c->manifest.tools[0].passages.len, 0);
	agent_config_free(c);
}

static void mistakes_are_named_by_place_and_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		agent_error err;
		agent_config *config;
		if (agent_config_read(agent_str_cstr(mistakes[i].text), &config, &err) == AGENT_OK) {
			fail_msg("%s: accepted", mistakes[i].text);
		}
		assert_null(config);
		assert_int_equal(err.domain, AGENT_DOMAIN_CONFIG);
		if (strncmp(err.message, mistakes[i].message, strlen(mistakes[i].message)) != 0) {
			fail_msg("%s: %s", mistakes[i].text, err.message);
		}
	}
}

static void rates_are_count_per_window(void **state)
{
	(void)state;
	static const struct { const char *text; int count, window; } cases[] = {
		{ "30/m", 30, 60 }, { "5/10m", 5, 600 }, { "100/h", 100, 3600 }, { "20/s", 20, 1 }, { "1/24h", 1, 86400 }, { "1000000/86400s", 1000000, 86400 },
		{ "", 0, 0 }, { "/m", 0, 0 }, { "30", 0, 0 }, { "30/", 0, 0 }, { "30/d", 0, 0 }, { "0/m", 0, 0 }, { "-1/m", 0, 0 }, { "1/0m", 0, 0 }, { "1/-1m", 0, 0 }, { "1/25h", 0, 0 },
		{ "1000001/m", 0, 0 }, { " 1/m", 0, 0 }, { "1/m ", 0, 0 }, { "1/1.5m", 0, 0 }, { "1/m/m", 0, 0 }, { "99999999999999999999/m", 0, 0 }, { "+1/m", 0, 0 }, { "-0/m", 0, 0 }, { "030/m", 0, 0 }, { "1/01m", 0, 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_rate rate;
		assert_int_equal(agent_rate_parse(agent_str_cstr(cases[i].text), &rate), cases[i].count > 0);
		assert_true(rate.count == cases[i].count && rate.window_s == cases[i].window);
	}
}

static void a_manifest_is_read_alone(void **state)
{
	(void)state;
	agent_error err;
	agent_json *tools;
	agent_manifest manifest;
	agent_arena *arena = agent_arena_new(100000);
	assert_int_equal(agent_json_parse(AGENT_STR("[" TOOL "]"), AGENT_JSON_LIMITS, "tools", &tools, &err), AGENT_OK);
	assert_int_equal(agent_manifest_read(tools, "", arena, &manifest, &err), AGENT_OK);
	assert_int_equal(manifest.count, 1);
	agent_manifest_clear(&manifest);
	agent_manifest_clear(&manifest);
	assert_true(agent_json_push(tools, agent_json_new_int(1)));
	assert_int_equal(agent_manifest_read(tools, "/a/b", arena, &manifest, &err), AGENT_ERR);
	assert_string_equal(err.message, "/a/b/1: must be an object");
	assert_int_equal(manifest.count, 0);
	agent_json_free(tools);
	agent_arena_free(arena);
}

static agent_status scenario(void *state, agent_error *err)
{
	(void)state;
	agent_config *config;
	if (agent_config_read(agent_str_cstr(WITH("\"tools\":[" TOOL ",{\"name\":\"u\",\"examples\":[\"a\",\"b\"]," TOOL_REST "}],\"brain\":{\"protocol\":\"openai-chat\",\"base_url\":\"https://h/\","
		"\"model\":\"m\",\"key\":{\"env\":\"K\"}},\"urls\":[\"https://a/\"],\"texts\":{\"de\":{\"a\":\"b\"}}")), &config, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	bool whole = config->manifest.count == 2 && config->text_count == 1 && config->url_count == 1 && config->manifest.tools[1].example_count == 2
		&& config->manifest.tools[1].input_text.len > 0;
	agent_config_free(config);
	return whole ? AGENT_OK : agent_fail(err, AGENT_DOMAIN_INTERNAL, "part", "a part of the configuration is missing");
}

/* Also what is refused must be refused by its own reason or for want of memory, never accepted. */
static agent_status refused(void *state, agent_error *err)
{
	(void)state;
	agent_config *config;
	if (agent_config_read(agent_str_cstr(WITH("\"tools\":[" TOOL "," TOOL "]")), &config, err) == AGENT_OK) {
		agent_config_free(config);
		return agent_fail(err, AGENT_DOMAIN_INTERNAL, "accepted", "a doubled name was accepted");
	}
	return err->domain == AGENT_DOMAIN_CONFIG ? AGENT_OK : AGENT_ERR;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("config", scenario, NULL);
	torture("refused config", refused, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_least_gives_defaults),
		cmocka_unit_test(all_of_it_is_read),
		cmocka_unit_test(a_member_may_be_delivered_as_passages),
		cmocka_unit_test(mistakes_are_named_by_place_and_rule),
		cmocka_unit_test(rates_are_count_per_window),
		cmocka_unit_test(a_manifest_is_read_alone),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

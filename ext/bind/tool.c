/* SPDX-License-Identifier: MIT
 * Tools on the calling side: agent_tool_register and agent_tool_call.
 * The gate is the core's; what a handler may do is decided there, not here. */
#include "ext/bind/bind.h"

#include "zend_exceptions.h"

#define PHP_AGENT_TICK_MS 250

int php_agent_tool_index(const php_agent_site *site, zend_string *tool)
{
	int index = agent_site_tool(site->site, php_agent_view(tool));

	if (index < 0 || index >= AGENT_TOOLS_MAX) {
		php_agent_throw_reason(php_agent_ce_tool, "unknown_tool", "The configuration has no tool of this name");
		return -1;
	}
	return index;
}

PHP_FUNCTION(agent_tool_register)
{
	zend_string *tool;
	zend_fcall_info fci;
	zend_fcall_info_cache fcc;
	php_agent_site *site;
	php_agent_callback old;
	int index;

	ZEND_PARSE_PARAMETERS_START(2, 2)
		Z_PARAM_STR(tool)
		Z_PARAM_FUNC(fci, fcc)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled() || (site = php_agent_selected()) == NULL || (index = php_agent_tool_index(site, tool)) < 0) {
		RETURN_THROWS();
	}
	/* One place answers a tool: an address or this process. Were both allowed, a call might run twice. */
	if (agent_site_config(site->site)->manifest.tools[index].url.len > 0) {
		php_agent_throw_reason(php_agent_ce_tool, "has_url", "The tool %s is answered at its url; leave the url out to answer it in this process", ZSTR_VAL(tool));
		RETURN_THROWS();
	}
	old = site->handlers[index];
	php_agent_callback_set(&site->handlers[index], &fci, &fcc);
	site->local_tools |= UINT64_C(1) << index;
	if (!site->pinned) {
		site->pinned = true;
		site->refs++;
	}
	if (Z_TYPE(old.callable) != IS_UNDEF) {
		php_agent_callback_clear(&old);
	}
}

/* Runs the handler of this process for an open call. False: an exception, or the script is ending; the handle is closed then. */
static bool call_handler(php_agent_live *live, int index, agent_tool_result *result)
{
	php_agent_answer answer;
	agent_error err = { 0 };
	agent_str text;
	zval arguments, context;
	bool ok;

	if (agent_call_context(live->call, &text, &err) != AGENT_OK) {
		php_agent_live_close(live);
		php_agent_throw(&err);
		return false;
	}
	if (!php_agent_decode_array(&context, text)) {
		php_agent_live_close(live);
		return false;
	}
	if (!php_agent_decode_array(&arguments, agent_call_arguments(live->call))) {
		zval_ptr_dtor(&context);
		php_agent_live_close(live);
		return false;
	}
	agent_call_begin_here(live->call);
	if (php_agent_handler_run(&live->site->handlers[index], agent_site_config(live->site->site)->manifest.tools[index].name, &arguments, &context, true, &answer) != PHP_AGENT_RETURNED) {
		php_agent_live_close(live);
		return false;
	}
	ok = agent_call_of_php(live->call, &answer.result, result, &err) == AGENT_OK;
	php_agent_answer_clear(&answer);
	if (!ok) {
		php_agent_live_close(live);
		php_agent_throw(&err);
	}
	return ok;
}

PHP_FUNCTION(agent_tool_call)
{
	zend_string *tool, *text;
	zval *arguments;
	HashTable *list = NULL;
	php_agent_option options[] = { { "session", IS_STRING, NULL }, { "subject", IS_STRING, NULL }, { "call_id", IS_STRING, NULL } };
	php_agent_site *site;
	php_agent_live *live;
	agent_call_options call = { 0 };
	agent_tool_result result = { 0 };
	agent_error err = { 0 };
	int index;
	bool opened, local, made;

	ZEND_PARSE_PARAMETERS_START(2, 3)
		Z_PARAM_STR(tool)
		Z_PARAM_ARRAY(arguments)
		Z_PARAM_OPTIONAL
		Z_PARAM_ARRAY_HT(list)
	ZEND_PARSE_PARAMETERS_END();

	/* Encoding may run PHP (jsonSerialize), which may select another configuration or change a referenced option: what is used is read
	 * after it. */
	if (!php_agent_enabled() || !php_agent_options_read(list, 3, options, sizeof(options) / sizeof(options[0]))
			|| php_agent_selected() == NULL || (text = php_agent_encode_object(arguments, 2)) == NULL) {
		RETURN_THROWS();
	}
	if (!php_agent_options_read(list, 3, options, sizeof(options) / sizeof(options[0])) || (site = php_agent_selected()) == NULL
			|| (index = php_agent_tool_index(site, tool)) < 0) {
		zend_string_release(text);
		RETURN_THROWS();
	}
	local = agent_site_config(site->site)->manifest.tools[index].url.len == 0;
	if (local && Z_TYPE(site->handlers[index].callable) == IS_UNDEF) {
		zend_string_release(text);
		php_agent_throw_reason(php_agent_ce_tool, "no_handler", "The tool %s has no url and no handler: call agent_tool_register() first", ZSTR_VAL(tool));
		RETURN_THROWS();
	}
	call.tool = index;
	call.arguments = php_agent_view(text);
	call.session = php_agent_option_str(&options[0]);
	call.has_subject = options[1].value != NULL;
	call.subject = php_agent_option_str(&options[1]);
	call.turn = AGENT_STR_EMPTY;
	call.call = php_agent_option_str(&options[2]);
	call.address = AGENT_STR_EMPTY;
	call.by_hand = true;

	live = php_agent_live_new(PHP_AGENT_CALL, site);
	opened = agent_call_open(site->site, &call, php_agent_mono_ms() + agent_site_config(site->site)->budget.wall_ms, &live->call, &err) == AGENT_OK;
	zend_string_release(text);
	if (!opened) {
		php_agent_live_close(live);
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	while (!agent_call_step(live->call, &result)) {
		int wait;

		if (local) {
			if (!call_handler(live, index, &result)) {
				return;
			}
			break;
		}
		wait = agent_call_wait_ms(live->call);
		agent_site_poll(live->site->site, wait < 0 || wait > PHP_AGENT_TICK_MS ? PHP_AGENT_TICK_MS : wait);
		if (!php_agent_live_goes_on(live)) {
			php_agent_live_close(live);
			return;
		}
	}
	made = php_agent_make_tool_result(return_value, &result);
	php_agent_live_close(live);
	if (!made) {
		RETURN_THROWS();
	}
}

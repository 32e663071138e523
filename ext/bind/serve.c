/* SPDX-License-Identifier: MIT
 * agent_tool_serve: the secured backend of one tool. The core checks the request, the handler runs, the core checks the answer.
 * What the request did wrong is a response, never an exception. */
#include "ext/bind/bind.h"

#include "zend_exceptions.h"

/* Names compared without case, '_' as '-': frameworks hand headers out in either spelling. */
static bool name_is(const zend_string *name, const char *wanted)
{
	size_t len = strlen(wanted);

	if (ZSTR_LEN(name) != len) {
		return false;
	}
	for (size_t i = 0; i < len; i++) {
		char c = ZSTR_VAL(name)[i];

		c = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
		if (c != wanted[i]) {
			return false;
		}
	}
	return true;
}

/* A second value that differs is none of ours to choose from. */
static void note_value(zval *value, agent_str *out, bool *found, bool *repeated)
{
	ZVAL_DEREF(value);
	if (Z_TYPE_P(value) != IS_STRING) {
		return;
	}
	if (*found && !agent_str_eq(*out, php_agent_view(Z_STR_P(value)))) {
		*repeated = true;
	}
	*out = php_agent_view(Z_STR_P(value));
	*found = true;
}

/* The header's value: a string, or a list of strings. Empty where there is none; what is no string is no header. */
static agent_str header_of(HashTable *headers, const char *wanted, bool *repeated)
{
	agent_str out = AGENT_STR_EMPTY;
	bool found = false;
	zend_string *name;
	zval *value, *item;

	ZEND_HASH_FOREACH_STR_KEY_VAL(headers, name, value) {
		if (name == NULL || !name_is(name, wanted)) {
			continue;
		}
		ZVAL_DEREF(value);
		if (Z_TYPE_P(value) == IS_ARRAY) {
			ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(value), item) {
				note_value(item, &out, &found, repeated);
			} ZEND_HASH_FOREACH_END();
		} else {
			note_value(value, &out, &found, repeated);
		}
	} ZEND_HASH_FOREACH_END();
	return out;
}

/* False: an exception of the handler (or of ours), or the script is ending. */
static bool run_handler(php_agent_live *live, const php_agent_callback *handler, agent_str tool)
{
	php_agent_answer answer;
	agent_error err = { 0 };
	zval arguments, context;
	bool ok;

	if (!php_agent_decode_array(&arguments, agent_serve_arguments(live->serve))) {
		return false;
	}
	if (!php_agent_decode_array(&context, agent_serve_context(live->serve))) {
		zval_ptr_dtor(&arguments);
		return false;
	}
	/* Not swallowed: the backend's own error handling wants to see it. */
	if (php_agent_handler_run(handler, tool, &arguments, &context, false, &answer) != PHP_AGENT_RETURNED) {
		return false;
	}
	ok = agent_serve_answer(live->serve, &answer.result, &err) == AGENT_OK;
	php_agent_answer_clear(&answer);
	if (!ok) {
		php_agent_throw(&err);
	}
	return ok;
}

PHP_FUNCTION(agent_tool_serve)
{
	zend_string *tool, *method, *path, *body;
	HashTable *headers;
	zend_fcall_info fci;
	zend_fcall_info_cache fcc;
	php_agent_callback handler;
	php_agent_site *site;
	php_agent_live *live;
	agent_serve_request request = { 0 };
	agent_serve_response response = { 0 };
	agent_error err = { 0 };
	bool ok = true;

	ZEND_PARSE_PARAMETERS_START(6, 6)
		Z_PARAM_STR(tool)
		Z_PARAM_STR(method)
		Z_PARAM_STR(path)
		Z_PARAM_STR(body)
		Z_PARAM_ARRAY_HT(headers)
		Z_PARAM_FUNC(fci, fcc)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled() || (site = php_agent_selected()) == NULL || (request.tool = php_agent_tool_index(site, tool)) < 0) {
		RETURN_THROWS();
	}
	request.method = php_agent_view(method);
	request.path = php_agent_view(path);
	request.body = php_agent_view(body);
	request.authorization = header_of(headers, "authorization", &request.repeated);
	if (request.authorization.len == 0) { /* a web server that keeps it to itself: the agent sends the token twice */
		request.authorization = header_of(headers, "x-agent-authorization", &request.repeated);
	}
	request.idempotency_key = header_of(headers, "idempotency-key", &request.repeated);

	live = php_agent_live_new(PHP_AGENT_SERVE, site);
	if (agent_serve_open(site->site, &request, &live->serve, &err) != AGENT_OK) {
		php_agent_live_close(live);
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	if (agent_serve_wants_handler(live->serve)) {
		php_agent_callback_set(&handler, &fci, &fcc);
		ok = run_handler(live, &handler, php_agent_view(tool));
		php_agent_callback_clear(&handler);
	}
	if (ok) {
		agent_serve_take(live->serve, &response);
		ok = php_agent_make_response(return_value, &response);
	}
	php_agent_live_close(live);
}

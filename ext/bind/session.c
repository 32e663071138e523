/* SPDX-License-Identifier: MIT
 * agent_session_start, _get, _grant and _end.
 * Sessions belong to the selected configuration's site. */
#include "ext/bind/bind.h"

#include "zend_exceptions.h"

PHP_FUNCTION(agent_session_start)
{
	zend_string *subject = NULL;
	HashTable *list = NULL;
	php_agent_option options[] = { { "locale", IS_STRING, NULL }, { "id", IS_STRING, NULL } };
	agent_str wanted;
	php_agent_site *site;
	agent_error err = { 0 };
	char id[23];

	ZEND_PARSE_PARAMETERS_START(0, 2)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR_OR_NULL(subject)
		Z_PARAM_ARRAY_HT(list)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled() || !php_agent_options_read(list, 2, options, 2) || (site = php_agent_selected()) == NULL) {
		RETURN_THROWS();
	}
	wanted = php_agent_option_str(&options[1]);
	if (agent_session_start(site->site, subject != NULL, subject != NULL ? php_agent_view(subject) : AGENT_STR_EMPTY,
			php_agent_option_str(&options[0]), options[1].value != NULL ? &wanted : NULL, id, &err) != AGENT_OK) {
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	RETURN_STRINGL(id, 22);
}

PHP_FUNCTION(agent_session_get)
{
	zend_string *session;
	HashTable *list = NULL;
	php_agent_option options[] = { { "subject", IS_STRING, NULL }, { "limit", IS_LONG, NULL } };
	php_agent_site *site;
	agent_buf *out;
	agent_error err = { 0 };
	zend_long limit = 50;

	ZEND_PARSE_PARAMETERS_START(1, 2)
		Z_PARAM_STR(session)
		Z_PARAM_OPTIONAL
		Z_PARAM_ARRAY_HT(list)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled() || !php_agent_options_read(list, 2, options, 2)) {
		RETURN_THROWS();
	}
	if (options[1].value != NULL) {
		limit = Z_LVAL_P(options[1].value);
		if (limit < 1 || limit > 1000) {
			zend_argument_value_error(2, "must have a number between 1 and 1000 as option \"limit\"");
			RETURN_THROWS();
		}
	}
	if ((site = php_agent_selected()) == NULL) {
		RETURN_THROWS();
	}
	out = php_agent_scratch();
	if (agent_session_get(site->site, php_agent_view(session), options[0].value != NULL, php_agent_option_str(&options[0]), limit, out, &err) != AGENT_OK
			|| agent_buf_check(out, "the session", &err) != AGENT_OK) {
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	if (!php_agent_decode_array(return_value, agent_buf_str(out))) {
		RETURN_THROWS();
	}
}

PHP_FUNCTION(agent_session_grant)
{
	zend_string *session, *scope;
	zend_long seconds;
	php_agent_site *site;
	agent_error err = { 0 };

	ZEND_PARSE_PARAMETERS_START(3, 3)
		Z_PARAM_STR(session)
		Z_PARAM_STR(scope)
		Z_PARAM_LONG(seconds)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled()) {
		RETURN_THROWS();
	}
	if (seconds < 1 || seconds > 86400) {
		zend_argument_value_error(3, "must be between 1 and 86400");
		RETURN_THROWS();
	}
	if ((site = php_agent_selected()) == NULL) {
		RETURN_THROWS();
	}
	if (agent_session_grant(site->site, php_agent_view(session), php_agent_view(scope), seconds, &err) != AGENT_OK) {
		php_agent_throw(&err);
		RETURN_THROWS();
	}
}

PHP_FUNCTION(agent_session_end)
{
	zend_string *session;
	php_agent_site *site;
	agent_error err = { 0 };

	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_STR(session)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled() || (site = php_agent_selected()) == NULL) {
		RETURN_THROWS();
	}
	if (agent_session_end(site->site, php_agent_view(session), &err) != AGENT_OK) {
		php_agent_throw(&err);
		RETURN_THROWS();
	}
}

/* SPDX-License-Identifier: MIT
 * The agent_token_ functions.
 * Keys never come here. */
#include "ext/bind/bind.h"

#include "zend_exceptions.h"

PHP_FUNCTION(agent_token_issue)
{
	zval *claims;
	zend_long seconds = 60;
	zend_string *text;
	php_agent_site *site;
	agent_buf *out;
	agent_error err = { 0 };
	agent_status status;

	ZEND_PARSE_PARAMETERS_START(1, 2)
		Z_PARAM_ARRAY(claims)
		Z_PARAM_OPTIONAL
		Z_PARAM_LONG(seconds)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled()) {
		RETURN_THROWS();
	}
	/* For the backend's audience the core allows less. */
	if (seconds < 1 || seconds > 2592000) {
		zend_argument_value_error(2, "must be between 1 and 2592000");
		RETURN_THROWS();
	}
	if (php_agent_selected() == NULL || (text = php_agent_encode_object(claims, 1)) == NULL) {
		RETURN_THROWS();
	}
	/* Encoding may have run PHP code that selected another configuration. */
	site = php_agent_selected();
	out = php_agent_scratch();
	status = agent_token_issue(site->site, php_agent_view(text), seconds, out, &err);
	zend_string_release(text);
	if (status != AGENT_OK || agent_buf_check(out, "the token", &err) != AGENT_OK) {
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	RETURN_STR(php_agent_zstr(agent_buf_str(out)));
}

PHP_FUNCTION(agent_token_verify)
{
	zend_string *token, *audience;
	php_agent_site *site;
	agent_buf *out;
	agent_error err = { 0 };

	ZEND_PARSE_PARAMETERS_START(2, 2)
		Z_PARAM_STR(token)
		Z_PARAM_STR(audience)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled() || (site = php_agent_selected()) == NULL) {
		RETURN_THROWS();
	}
	out = php_agent_scratch();
	if (agent_token_check(site->site, php_agent_view(token), php_agent_view(audience), out, &err) != AGENT_OK || agent_buf_check(out, "the claims", &err) != AGENT_OK) {
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	if (!php_agent_decode_array(return_value, agent_buf_str(out))) {
		RETURN_THROWS();
	}
}

PHP_FUNCTION(agent_token_key_set)
{
	php_agent_site *site;
	agent_buf *out;
	agent_error err = { 0 };

	ZEND_PARSE_PARAMETERS_NONE();

	if (!php_agent_enabled() || (site = php_agent_selected()) == NULL) {
		RETURN_THROWS();
	}
	out = php_agent_scratch();
	if (agent_site_key_set(site->site, out, &err) != AGENT_OK) {
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	if (!php_agent_decode_array(return_value, agent_buf_str(out))) {
		RETURN_THROWS();
	}
}

PHP_FUNCTION(agent_token_key_rotate)
{
	zend_long overlap = 86400;
	php_agent_site *site;
	agent_buf *out;
	agent_error err = { 0 };

	ZEND_PARSE_PARAMETERS_START(0, 1)
		Z_PARAM_OPTIONAL
		Z_PARAM_LONG(overlap)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled()) {
		RETURN_THROWS();
	}
	if (overlap < 0 || overlap > AGENT_KEY_OVERLAP_MAX_S) {
		zend_argument_value_error(1, "must be between 0 and %d", AGENT_KEY_OVERLAP_MAX_S);
		RETURN_THROWS();
	}
	if ((site = php_agent_selected()) == NULL) {
		RETURN_THROWS();
	}
	out = php_agent_scratch();
	if (agent_site_key_rotate(site->site, overlap, out, &err) != AGENT_OK) {
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	RETURN_STR(php_agent_zstr(agent_buf_str(out)));
}

/* SPDX-License-Identifier: MIT
 * agent_knowledge_put, _delete, _list and _search.
 * What a document may hold is the core's to judge. */
#include "ext/bind/bind.h"

#include "zend_exceptions.h"

#define PHP_AGENT_SCOPES_MAX 64

PHP_FUNCTION(agent_knowledge_put)
{
	zval *document;
	zend_string *text;
	php_agent_site *site;
	agent_error err = { 0 };
	agent_status status;
	size_t chunks = 0;

	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_ARRAY(document)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled() || (site = php_agent_selected()) == NULL || (text = php_agent_encode_object(document, 1)) == NULL) {
		RETURN_THROWS();
	}
	/* Encoding may have run PHP code that selected another configuration. */
	site = php_agent_selected();
	status = agent_knowledge_put(site->site, php_agent_view(text), &chunks, &err);
	zend_string_release(text);
	if (status != AGENT_OK) {
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	RETURN_LONG((zend_long) chunks);
}

PHP_FUNCTION(agent_knowledge_delete)
{
	zend_string *id;
	php_agent_site *site;
	agent_error err = { 0 };
	bool found;

	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_STR(id)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled() || (site = php_agent_selected()) == NULL) {
		RETURN_THROWS();
	}
	if (agent_knowledge_delete(site->site, php_agent_view(id), &found, &err) != AGENT_OK) {
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	RETURN_BOOL(found);
}

PHP_FUNCTION(agent_knowledge_list)
{
	HashTable *list = NULL;
	php_agent_option options[] = { { "after", IS_STRING, NULL }, { "prefix", IS_STRING, NULL }, { "limit", IS_LONG, NULL } };
	zend_long limit = 1000;
	php_agent_site *site;
	agent_buf *out;
	agent_error err = { 0 };

	ZEND_PARSE_PARAMETERS_START(0, 1)
		Z_PARAM_OPTIONAL
		Z_PARAM_ARRAY_HT(list)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled() || !php_agent_options_read(list, 1, options, sizeof(options) / sizeof(options[0]))) {
		RETURN_THROWS();
	}
	if (options[2].value != NULL) {
		limit = Z_LVAL_P(options[2].value);
		if (limit < 1 || limit > 10000) {
			zend_argument_value_error(1, "must have a number between 1 and 10000 as option \"limit\"");
			RETURN_THROWS();
		}
	}
	if ((site = php_agent_selected()) == NULL) {
		RETURN_THROWS();
	}
	out = php_agent_scratch();
	if (agent_knowledge_list(site->site, php_agent_option_str(&options[0]), php_agent_option_str(&options[1]), (size_t) limit, out, &err) != AGENT_OK) {
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	if (!php_agent_decode_array(return_value, agent_buf_str(out))) {
		RETURN_THROWS();
	}
}

PHP_FUNCTION(agent_knowledge_search)
{
	zend_string *query;
	HashTable *list = NULL;
	php_agent_option options[] = { { "limit", IS_LONG, NULL }, { "language", IS_STRING, NULL }, { "scopes", IS_ARRAY, NULL } };
	agent_str scopes[PHP_AGENT_SCOPES_MAX];
	size_t scope_count = 0;
	zend_long limit = 5;
	php_agent_site *site;
	agent_buf *out;
	agent_error err = { 0 };

	ZEND_PARSE_PARAMETERS_START(1, 2)
		Z_PARAM_STR(query)
		Z_PARAM_OPTIONAL
		Z_PARAM_ARRAY_HT(list)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled() || !php_agent_options_read(list, 2, options, sizeof(options) / sizeof(options[0]))) {
		RETURN_THROWS();
	}
	if (options[0].value != NULL) {
		limit = Z_LVAL_P(options[0].value);
		if (limit < 1 || limit > 20) {
			zend_argument_value_error(2, "must have a number between 1 and 20 as option \"limit\"");
			RETURN_THROWS();
		}
	}
	if (options[2].value != NULL) {
		zval *scope;

		ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(options[2].value), scope) {
			ZVAL_DEREF(scope);
			if (Z_TYPE_P(scope) != IS_STRING) {
				zend_argument_type_error(2, "must have an array of strings as option \"scopes\", %s found in it", zend_zval_type_name(scope));
				RETURN_THROWS();
			}
			if (scope_count == PHP_AGENT_SCOPES_MAX) {
				zend_argument_value_error(2, "must have at most %d strings as option \"scopes\"", PHP_AGENT_SCOPES_MAX);
				RETURN_THROWS();
			}
			scopes[scope_count++] = php_agent_view(Z_STR_P(scope));
		} ZEND_HASH_FOREACH_END();
	}
	if ((site = php_agent_selected()) == NULL) {
		RETURN_THROWS();
	}
	out = php_agent_scratch();
	if (agent_knowledge_search(site->site, php_agent_view(query), php_agent_option_str(&options[1]), scopes, scope_count, (size_t) limit, out, &err) != AGENT_OK
			|| agent_buf_check(out, "the passages", &err) != AGENT_OK) {
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	if (!php_agent_decode_array(return_value, agent_buf_str(out))) {
		RETURN_THROWS();
	}
}

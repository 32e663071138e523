/* SPDX-License-Identifier: MIT
 * agent_schema_check.
 * What a schema means is contract/. */
#include "ext/bind/bind.h"

#define PHP_AGENT_REGISTRY_MAX 64

/* The option "registry" as views; false with an exception where it is something else. */
static bool registry_read(HashTable *texts, agent_schema_text *list, size_t *count)
{
	zend_string *uri;
	zend_ulong number;
	zval *text;

	ZEND_HASH_FOREACH_KEY_VAL(texts, number, uri, text) {
		agent_str address;

		ZVAL_DEREF(text);
		if (uri == NULL) {
			zend_argument_value_error(3, "must have an array of JSON texts by their URIs as option \"registry\", key " ZEND_LONG_FMT " found in it", (zend_long) number);
			return false;
		}
		if (Z_TYPE_P(text) != IS_STRING) {
			zend_argument_type_error(3, "must have an array of JSON texts by their URIs as option \"registry\", %s found in it", zend_zval_type_name(text));
			return false;
		}
		address = php_agent_view(uri);
		if (address.len > 0 && address.ptr[address.len - 1] == '#') {
			address.len--;
		}
		if (address.len == 0 || memchr(address.ptr, '#', address.len) != NULL) {
			zend_argument_value_error(3, "must have URIs without a fragment as keys of option \"registry\", \"%s\" found in it", ZSTR_VAL(uri));
			return false;
		}
		if (*count == PHP_AGENT_REGISTRY_MAX) {
			zend_argument_value_error(3, "must have at most %d documents as option \"registry\"", PHP_AGENT_REGISTRY_MAX);
			return false;
		}
		list[*count].uri = address;
		list[(*count)++].json = php_agent_view(Z_STR_P(text));
	} ZEND_HASH_FOREACH_END();
	return true;
}

PHP_FUNCTION(agent_schema_check)
{
	zend_string *schema, *json;
	HashTable *list = NULL;
	php_agent_option options[] = { { "dialect", IS_STRING, NULL }, { "registry", IS_ARRAY, NULL }, { "formats", _IS_BOOL, NULL } };
	agent_schema_text registry[PHP_AGENT_REGISTRY_MAX];
	agent_schema_request request = { 0 };
	agent_buf *out;
	agent_error err = { 0 };

	ZEND_PARSE_PARAMETERS_START(2, 3)
		Z_PARAM_STR(schema)
		Z_PARAM_STR(json)
		Z_PARAM_OPTIONAL
		Z_PARAM_ARRAY_HT(list)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled() || !php_agent_options_read(list, 3, options, sizeof(options) / sizeof(options[0]))) {
		RETURN_THROWS();
	}
	if (options[0].value != NULL && Z_STRLEN_P(options[0].value) == 0) {
		zend_argument_value_error(3, "must have a URI as option \"dialect\"");
		RETURN_THROWS();
	}
	if (options[1].value != NULL && !registry_read(Z_ARRVAL_P(options[1].value), registry, &request.registry_count)) {
		RETURN_THROWS();
	}
	request.schema = php_agent_view(schema);
	request.json = php_agent_view(json);
	request.dialect = php_agent_option_str(&options[0]);
	request.registry = registry;
	request.formats = options[2].value == NULL || Z_TYPE_P(options[2].value) == IS_TRUE;
	out = php_agent_scratch();
	if (agent_schema_check(&request, out, &err) != AGENT_OK || agent_buf_check(out, "the list of errors", &err) != AGENT_OK) {
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	if (!php_agent_decode_array(return_value, agent_buf_str(out))) {
		RETURN_THROWS();
	}
}

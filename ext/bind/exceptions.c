/* SPDX-License-Identifier: MIT
 * From the core's errors to exceptions of PHP: one switch from a domain to its class.
 * No message is made here that the core could make. */
#include "ext/bind/bind.h"

#include "zend_exceptions.h"

static zend_class_entry *class_of(agent_domain domain)
{
	switch (domain) {
		case AGENT_DOMAIN_CONFIG:    return php_agent_ce_config;
		case AGENT_DOMAIN_ARGUMENT:  return zend_ce_value_error;
		case AGENT_DOMAIN_HTTP:      return php_agent_ce_http;
		case AGENT_DOMAIN_PROVIDER:  return php_agent_ce_provider;
		case AGENT_DOMAIN_TOOL:      return php_agent_ce_tool;
		case AGENT_DOMAIN_SCHEMA:    return php_agent_ce_schema;
		case AGENT_DOMAIN_SESSION:   return php_agent_ce_session;
		case AGENT_DOMAIN_KNOWLEDGE: return php_agent_ce_knowledge;
		case AGENT_DOMAIN_CRYPTO:    return php_agent_ce_token;
		case AGENT_DOMAIN_TIMEOUT:   return php_agent_ce_timeout;
		case AGENT_DOMAIN_CANCELLED: return php_agent_ce_cancelled;
		case AGENT_DOMAIN_LIMIT:     return php_agent_ce_limit;
		case AGENT_DOMAIN_STORE:     return php_agent_ce_store;
		case AGENT_DOMAIN_NONE:
		case AGENT_DOMAIN_MEMORY:
		case AGENT_DOMAIN_INTERNAL:
			break;
	}
	return php_agent_ce_internal;
}

static void throw_with(zend_class_entry *ce, zend_string *message, const char *reason, bool retry, zend_long code)
{
	zval exception, value;

	if (object_init_ex(&exception, ce) != SUCCESS) {
		zend_string_release(message);
		return;
	}
	ZVAL_STR(&value, message);
	zend_update_property_ex(zend_ce_exception, Z_OBJ(exception), ZSTR_KNOWN(ZEND_STR_MESSAGE), &value);
	zval_ptr_dtor(&value);
	ZVAL_LONG(&value, code);
	zend_update_property_ex(zend_ce_exception, Z_OBJ(exception), ZSTR_KNOWN(ZEND_STR_CODE), &value);
	/* Readonly: written once, here, straight into their slots. */
	ZVAL_STRING(php_agent_slot(Z_OBJ(exception), php_agent_ce_exception, "reason"), reason);
	ZVAL_BOOL(php_agent_slot(Z_OBJ(exception), php_agent_ce_exception, "retry"), retry);
	zend_throw_exception_object(&exception);
}

void php_agent_throw(const agent_error *err)
{
	zend_class_entry *ce = class_of(err->domain);

	if (ce == zend_ce_value_error) {
		zend_value_error("%s", err->message);
		return;
	}
	throw_with(ce, zend_string_init(err->message, strlen(err->message), 0), err->code, err->retry, err->http);
}

void php_agent_throw_reason(zend_class_entry *ce, const char *reason, const char *format, ...)
{
	va_list arguments;
	zend_string *message;

	va_start(arguments, format);
	message = zend_vstrpprintf(0, format, arguments);
	va_end(arguments);
	throw_with(ce, message, reason, false, 0);
}

/* new Agent\ToolRefusal($status, $reason, $message) */
PHP_METHOD(Agent_ToolRefusal, __construct)
{
	zend_long status;
	zend_string *reason, *message = NULL;
	zend_object *object = Z_OBJ_P(ZEND_THIS);
	zval *slot, value;

	ZEND_PARSE_PARAMETERS_START(2, 3)
		Z_PARAM_LONG(status)
		Z_PARAM_STR(reason)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR(message)
	ZEND_PARSE_PARAMETERS_END();

	if (status < 400 || status > 599) {
		zend_argument_value_error(1, "must be between 400 and 599");
		RETURN_THROWS();
	}
	if (ZSTR_LEN(reason) == 0 || ZSTR_LEN(reason) > 64
			|| strspn(ZSTR_VAL(reason), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") != ZSTR_LEN(reason)) {
		zend_argument_value_error(2, "must be 1 to 64 letters, digits, '_', '.' or '-'");
		RETURN_THROWS();
	}
	slot = php_agent_slot(object, php_agent_ce_refusal, "status");
	if (Z_TYPE_P(slot) != IS_UNDEF) {
		zend_throw_error(NULL, "Cannot construct an Agent\\ToolRefusal twice");
		RETURN_THROWS();
	}
	ZVAL_LONG(slot, status);
	ZVAL_STR_COPY(php_agent_slot(object, php_agent_ce_refusal, "reason"), reason);
	if (message != NULL) {
		ZVAL_STR(&value, message);
		zend_update_property_ex(zend_ce_exception, object, ZSTR_KNOWN(ZEND_STR_MESSAGE), &value);
	}
}

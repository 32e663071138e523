/* SPDX-License-Identifier: MIT
 * Values across the border, as JSON text in both directions, by PHP's own encoder and decoder; and arrays of options.
 * No walker of our own: what PHP code sees is what ext/json makes of the text. */
#include "ext/bind/bind.h"

#include "ext/json/php_json.h"
#include "zend_exceptions.h"
#include "zend_smart_str.h"

/* More than any answer of the core holds; its own ceilings are far below. */
#define PHP_AGENT_SCRATCH_MAX (64u << 20)
#define PHP_AGENT_DEPTH 128

agent_buf *php_agent_scratch(void)
{
	agent_buf *scratch = &AGENT_G(scratch);

	if (scratch->limit == 0) {
		agent_buf_init(scratch, PHP_AGENT_SCRATCH_MAX);
	} else {
		agent_buf_reset(scratch);
	}
	return scratch;
}

bool php_agent_decode(zval *out, agent_str json)
{
	/* A copy with a NUL behind it: PHP's scanner reads one byte past the end. */
	zend_string *text = php_agent_zstr(json);
	php_json_error_code before = JSON_G(error_code);
	/* Integers beyond PHP's int (ours go to 2^64-1) come as strings of their digits: a float would be another number. */
	zend_result result = php_json_decode_ex(out, ZSTR_VAL(text), ZSTR_LEN(text), PHP_JSON_OBJECT_AS_ARRAY | PHP_JSON_BIGINT_AS_STRING, PHP_JSON_PARSER_DEFAULT_DEPTH);

	/* json_last_error() belongs to the script. */
	JSON_G(error_code) = before;
	zend_string_release(text);
	if (result != SUCCESS) {
		if (!EG(exception)) {
			php_agent_throw_reason(php_agent_ce_internal, "json", "The core gave a text that is no JSON");
		}
		return false;
	}
	return true;
}

bool php_agent_decode_array(zval *out, agent_str json)
{
	if (json.len == 0) {
		ZVAL_EMPTY_ARRAY(out);
		return true;
	}
	if (!php_agent_decode(out, json)) {
		return false;
	}
	if (Z_TYPE_P(out) != IS_ARRAY) {
		zval_ptr_dtor(out);
		ZVAL_EMPTY_ARRAY(out);
	}
	return true;
}

static const char *fault_of(php_json_error_code code)
{
	switch (code) {
		case PHP_JSON_ERROR_DEPTH:            return "it is nested too deeply";
		case PHP_JSON_ERROR_UTF8:             return "a string in it is not valid UTF-8";
		case PHP_JSON_ERROR_RECURSION:        return "it contains itself";
		case PHP_JSON_ERROR_INF_OR_NAN:       return "a number in it is infinite or not a number";
		case PHP_JSON_ERROR_UNSUPPORTED_TYPE: return "a value in it has no JSON form";
		case PHP_JSON_ERROR_NON_BACKED_ENUM:  return "an enum in it has no values";
		default:                              return "it has no JSON form";
	}
}

/* Floats by their shortest text that reads back as the same float, whatever the script's INI says: with serialize_precision=17 an amount of
 * 19.9 would leave as 19.899999999999999. */
static zend_result encode_exactly(smart_str *out, zval *value)
{
	zend_long before = PG(serialize_precision);
	volatile zend_result result = FAILURE;

	PG(serialize_precision) = -1;
	zend_try {
		result = php_json_encode_ex(out, value, PHP_JSON_UNESCAPED_SLASHES | PHP_JSON_UNESCAPED_UNICODE | PHP_JSON_PRESERVE_ZERO_FRACTION, PHP_AGENT_DEPTH);
	} zend_catch {
		PG(serialize_precision) = before;
		zend_bailout();
	} zend_end_try();
	PG(serialize_precision) = before;
	return result;
}

zend_string *php_agent_encode(zval *value, const char **fault)
{
	smart_str out = { 0 };
	php_json_error_code before = JSON_G(error_code), code;
	zend_result result;

	*fault = NULL;
	result = encode_exactly(&out, value);
	code = JSON_G(error_code);
	JSON_G(error_code) = before;

	if (EG(exception)) {
		smart_str_free(&out);
		return NULL;
	}
	/* A number without a JSON form sets the code alone. */
	if (result != SUCCESS || code != PHP_JSON_ERROR_NONE) {
		*fault = fault_of(code);
		smart_str_free(&out);
		return NULL;
	}
	return smart_str_extract(&out);
}

zend_string *php_agent_encode_object(zval *value, uint32_t arg)
{
	const char *fault;
	zend_string *text;

	if (zend_hash_num_elements(Z_ARRVAL_P(value)) == 0) {
		return zend_string_init(ZEND_STRL("{}"), 0);
	}
	text = php_agent_encode(value, &fault);
	if (text == NULL) {
		if (fault != NULL) {
			zend_argument_value_error(arg, "cannot become JSON: %s", fault);
		}
		return NULL;
	}
	if (ZSTR_VAL(text)[0] != '{') {
		zend_string_release(text);
		zend_argument_value_error(arg, "must have names as keys");
		return NULL;
	}
	return text;
}

static const char *type_word(uint8_t type)
{
	switch (type) {
		case IS_STRING: return "a string";
		case IS_LONG:   return "an integer";
		case _IS_BOOL:  return "true or false";
		default:        return "an array";
	}
}

static bool fits(const zval *value, uint8_t type)
{
	if (type == _IS_BOOL) {
		return Z_TYPE_P(value) == IS_TRUE || Z_TYPE_P(value) == IS_FALSE;
	}
	return Z_TYPE_P(value) == type;
}

static void unknown_option(zend_string *name, zend_long number, uint32_t arg, const php_agent_option *list, size_t count)
{
	smart_str names = { 0 };

	for (size_t i = 0; i < count; i++) {
		smart_str_appends(&names, i == 0 ? "" : ", ");
		smart_str_appends(&names, list[i].name);
	}
	smart_str_0(&names);
	if (name != NULL) {
		zend_argument_value_error(arg, "must not have an option \"%s\"; the options are: %s", ZSTR_VAL(name), ZSTR_VAL(names.s));
	} else {
		zend_argument_value_error(arg, "must not have an option " ZEND_LONG_FMT "; the options are: %s", number, ZSTR_VAL(names.s));
	}
	smart_str_free(&names);
}

bool php_agent_options_read(HashTable *options, uint32_t arg, php_agent_option *list, size_t count)
{
	zend_string *name;
	zend_ulong number;
	zval *value;

	for (size_t i = 0; i < count; i++) {
		list[i].value = NULL;
	}
	if (options == NULL) {
		return true;
	}
	ZEND_HASH_FOREACH_KEY_VAL(options, number, name, value) {
		php_agent_option *option = NULL;

		for (size_t i = 0; name != NULL && i < count; i++) {
			if (zend_string_equals_cstr(name, list[i].name, strlen(list[i].name))) {
				option = &list[i];
				break;
			}
		}
		if (option == NULL) {
			unknown_option(name, (zend_long) number, arg, list, count);
			return false;
		}
		ZVAL_DEREF(value);
		if (Z_TYPE_P(value) == IS_NULL) {
			continue;
		}
		if (!fits(value, option->type)) {
			zend_argument_type_error(arg, "must have %s as option \"%s\", %s given", type_word(option->type), option->name, zend_zval_type_name(value));
			return false;
		}
		option->value = value;
	} ZEND_HASH_FOREACH_END();
	return true;
}

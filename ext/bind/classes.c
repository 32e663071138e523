/* SPDX-License-Identifier: MIT
 * Objects of our classes, made from the core's JSON texts. Registered in module.c, where the generated code stands.
 * The objects are plain values; no handle hides in them. */
#include "ext/bind/bind.h"

#include "zend_enum.h"
#include "zend_exceptions.h"
#include "main/SAPI.h"
#include "main/php_output.h"

zend_class_entry *php_agent_ce_outcome, *php_agent_ce_turn, *php_agent_ce_event, *php_agent_ce_result, *php_agent_ce_response, *php_agent_ce_refusal;
zend_class_entry *php_agent_ce_exception, *php_agent_ce_config, *php_agent_ce_http, *php_agent_ce_provider, *php_agent_ce_tool, *php_agent_ce_schema, *php_agent_ce_session,
	*php_agent_ce_knowledge, *php_agent_ce_token, *php_agent_ce_timeout, *php_agent_ce_cancelled, *php_agent_ce_limit, *php_agent_ce_store, *php_agent_ce_internal;

zval *php_agent_slot(zend_object *object, zend_class_entry *ce, const char *name)
{
	zend_property_info *info = zend_hash_str_find_ptr(&ce->properties_info, name, strlen(name));

	ZEND_ASSERT(info != NULL && "the stub declares it");
	return OBJ_PROP(object, info->offset);
}

typedef struct member {
	const char *name;
	uint8_t type;                /* IS_STRING, IS_LONG, _IS_BOOL, IS_ARRAY */
	bool nullable;
} member;

/* Every slot gets a value of its declared type: a member that is missing or of another type becomes the type's empty value, for
 * a typed property with a wrong value would break the VM. */
static void fill(zend_object *object, const member *members, size_t count, HashTable *from)
{
	for (size_t i = 0; i < count; i++) {
		zval *slot = php_agent_slot(object, object->ce, members[i].name);
		zval *value = zend_hash_str_find_deref(from, members[i].name, strlen(members[i].name));

		if (value != NULL && (Z_TYPE_P(value) == members[i].type
				|| (members[i].type == _IS_BOOL && (Z_TYPE_P(value) == IS_TRUE || Z_TYPE_P(value) == IS_FALSE))
				|| (members[i].nullable && Z_TYPE_P(value) == IS_NULL))) {
			ZVAL_COPY(slot, value);
		} else if (members[i].nullable) {
			ZVAL_NULL(slot);
		} else {
			switch (members[i].type) {
				case IS_STRING: ZVAL_EMPTY_STRING(slot); break;
				case IS_LONG:   ZVAL_LONG(slot, 0); break;
				case _IS_BOOL:  ZVAL_FALSE(slot); break;
				default:        ZVAL_EMPTY_ARRAY(slot); break;
			}
		}
	}
}

static zend_object *outcome_case(HashTable *report)
{
	static const char *const names[][2] = {
		{ "answered", "Answered" }, { "asked", "Asked" }, { "declined", "Declined" }, { "needs_proof", "NeedsProof" },
		{ "needs_confirmation", "NeedsConfirmation" }, { "escalated", "Escalated" }, { "shed", "Shed" },
		{ "interrupted", "Interrupted" }, { "failed", "Failed" }
	};
	zval *value = zend_hash_str_find_deref(report, ZEND_STRL("outcome"));

	if (value != NULL && Z_TYPE_P(value) == IS_STRING) {
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			if (zend_string_equals_cstr(Z_STR_P(value), names[i][0], strlen(names[i][0]))) {
				return zend_enum_get_case_cstr(php_agent_ce_outcome, names[i][1]);
			}
		}
	}
	return zend_enum_get_case_cstr(php_agent_ce_outcome, "Failed");
}

bool php_agent_make_turn(zval *out, agent_str report)
{
	static const member members[] = {
		{ "id", IS_STRING, false }, { "session", IS_STRING, false }, { "degraded", _IS_BOOL, false }, { "reply", IS_STRING, false },
		{ "citations", IS_ARRAY, false }, { "files", IS_ARRAY, false }, { "tool_calls", IS_ARRAY, false }, { "confirmation", IS_ARRAY, true },
		{ "notice", IS_STRING, true }, { "usage", IS_ARRAY, false }, { "timings", IS_ARRAY, false }, { "model", IS_STRING, false }
	};
	zval decoded;

	if (!php_agent_decode_array(&decoded, report)) {
		return false;
	}
	object_init_ex(out, php_agent_ce_turn);
	ZVAL_OBJ_COPY(php_agent_slot(Z_OBJ_P(out), php_agent_ce_turn, "outcome"), outcome_case(Z_ARRVAL(decoded)));
	fill(Z_OBJ_P(out), members, sizeof(members) / sizeof(members[0]), Z_ARRVAL(decoded));
	zval_ptr_dtor(&decoded);
	return true;
}

static const char *event_name(agent_event_kind kind)
{
	switch (kind) {
		case AGENT_EVENT_STATE:    return "state";
		case AGENT_EVENT_TEXT:     return "text";
		case AGENT_EVENT_TOOL:     return "tool";
		case AGENT_EVENT_CITATION: return "citation";
		case AGENT_EVENT_FILE:     return "file";
		case AGENT_EVENT_NOTICE:   return "notice";
		case AGENT_EVENT_WAITING:  return "waiting";
		case AGENT_EVENT_END:      return "end";
		case AGENT_EVENT_TICK:     /* neither leaves this room */
		case AGENT_EVENT_RUN_PHP:
			break;
	}
	return "";
}

void php_agent_make_event(zval *out, agent_event_kind kind, zend_string *text, zval *data)
{
	object_init_ex(out, php_agent_ce_event);
	ZVAL_STRING(php_agent_slot(Z_OBJ_P(out), php_agent_ce_event, "kind"), event_name(kind));
	ZVAL_STR(php_agent_slot(Z_OBJ_P(out), php_agent_ce_event, "text"), text);
	ZVAL_COPY_VALUE(php_agent_slot(Z_OBJ_P(out), php_agent_ce_event, "data"), data);
}

bool php_agent_make_tool_result(zval *out, const agent_tool_result *result)
{
	zval data, visitor;
	zend_object *object;

	if (!php_agent_decode_array(&data, result->model)) {
		return false;
	}
	if (!php_agent_decode_array(&visitor, result->visitor)) {
		zval_ptr_dtor(&data);
		return false;
	}
	object_init_ex(out, php_agent_ce_result);
	object = Z_OBJ_P(out);
	ZVAL_BOOL(php_agent_slot(object, php_agent_ce_result, "ok"), result->result == AGENT_RESULT_OK);
	ZVAL_STRING(php_agent_slot(object, php_agent_ce_result, "result"), agent_result_class_name(result->result));
	ZVAL_COPY_VALUE(php_agent_slot(object, php_agent_ce_result, "data"), &data);
	ZVAL_COPY_VALUE(php_agent_slot(object, php_agent_ce_result, "visitor"), &visitor);
	ZVAL_STR(php_agent_slot(object, php_agent_ce_result, "message"), php_agent_zstr(result->message));
	ZVAL_LONG(php_agent_slot(object, php_agent_ce_result, "attempts"), result->attempts);
	ZVAL_LONG(php_agent_slot(object, php_agent_ce_result, "latency_ms"), (zend_long) result->latency_ms);
	return true;
}

bool php_agent_make_response(zval *out, const agent_serve_response *response)
{
	zval headers;

	if (!php_agent_decode_array(&headers, response->headers)) {
		return false;
	}
	object_init_ex(out, php_agent_ce_response);
	ZVAL_LONG(php_agent_slot(Z_OBJ_P(out), php_agent_ce_response, "status"), response->status);
	ZVAL_COPY_VALUE(php_agent_slot(Z_OBJ_P(out), php_agent_ce_response, "headers"), &headers);
	ZVAL_STR(php_agent_slot(Z_OBJ_P(out), php_agent_ce_response, "body"), php_agent_zstr(response->body));
	return true;
}

PHP_METHOD(Agent_ToolResponse, send)
{
	zend_object *object = Z_OBJ_P(ZEND_THIS);
	zend_string *name, *body;
	zval *headers, *value;

	ZEND_PARSE_PARAMETERS_NONE();

	if (!php_agent_enabled()) {
		RETURN_THROWS();
	}
	if (Z_TYPE_P(php_agent_slot(object, php_agent_ce_response, "status")) != IS_LONG) { /* made by reflection, without a constructor */
		zend_throw_error(NULL, "The Agent\\ToolResponse is empty");
		RETURN_THROWS();
	}
	if (SG(headers_sent) && !SG(request_info).no_headers) {
		php_agent_throw_reason(php_agent_ce_tool, "headers_sent", "The answer cannot be sent: output has begun");
		RETURN_THROWS();
	}
	headers = php_agent_slot(object, php_agent_ce_response, "headers");
	ZEND_HASH_FOREACH_STR_KEY_VAL(Z_ARRVAL_P(headers), name, value) {
		if (name != NULL && Z_TYPE_P(value) == IS_STRING) {
			sapi_header_line line = { 0 };
			zend_string *text = zend_strpprintf(0, "%s: %s", ZSTR_VAL(name), Z_STRVAL_P(value));

			line.line = ZSTR_VAL(text);
			line.line_len = ZSTR_LEN(text);
			sapi_header_op(SAPI_HEADER_REPLACE, &line);
			zend_string_release(text);
		}
	} ZEND_HASH_FOREACH_END();
	/* Behind the headers: PHP makes 401 of the status when it sees WWW-Authenticate, and 302 of Location. */
	sapi_header_op(SAPI_HEADER_SET_STATUS, (void *) (uintptr_t) Z_LVAL_P(php_agent_slot(object, php_agent_ce_response, "status")));

	/* An output handler may be PHP code that drops this object. */
	body = zend_string_copy(Z_STR_P(php_agent_slot(object, php_agent_ce_response, "body")));
	php_output_write(ZSTR_VAL(body), ZSTR_LEN(body));
	zend_string_release(body);
}

/* Private: the core's results are the only source of these objects. */
static void no_construction(INTERNAL_FUNCTION_PARAMETERS)
{
	ZEND_PARSE_PARAMETERS_NONE();
}

PHP_METHOD(Agent_Turn, __construct) { no_construction(INTERNAL_FUNCTION_PARAM_PASSTHRU); }
PHP_METHOD(Agent_Event, __construct) { no_construction(INTERNAL_FUNCTION_PARAM_PASSTHRU); }
PHP_METHOD(Agent_ToolResult, __construct) { no_construction(INTERNAL_FUNCTION_PARAM_PASSTHRU); }
PHP_METHOD(Agent_ToolResponse, __construct) { no_construction(INTERNAL_FUNCTION_PARAM_PASSTHRU); }

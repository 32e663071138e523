/* This is a generated file, edit the .stub.php file instead.
 * Stub hash: 7eade7cac1c4d4220a6a136e519867dd890c083d */

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_agent_configure, 0, 1, IS_STRING, 0)
	ZEND_ARG_TYPE_MASK(0, config, MAY_BE_ARRAY|MAY_BE_STRING, NULL)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_agent_use, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, digest, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_agent_secret_put, 0, 2, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, name, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, value, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_agent_chat, 0, 2, Agent\\Turn, 0)
	ZEND_ARG_TYPE_INFO(0, session, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, message, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, on_event, IS_CALLABLE, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_agent_tool_call, 0, 2, Agent\\ToolResult, 0)
	ZEND_ARG_TYPE_INFO(0, tool, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, arguments, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_agent_tool_register, 0, 2, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, tool, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, handler, IS_CALLABLE, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_OBJ_INFO_EX(arginfo_agent_tool_serve, 0, 6, Agent\\ToolResponse, 0)
	ZEND_ARG_TYPE_INFO(0, tool, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, method, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, path, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, body, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, headers, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, handler, IS_CALLABLE, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_agent_session_start, 0, 0, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, subject, IS_STRING, 1, "null")
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_agent_session_get, 0, 1, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, session, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_agent_session_grant, 0, 3, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, session, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, scope, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, seconds, IS_LONG, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_agent_session_end, 0, 1, IS_VOID, 0)
	ZEND_ARG_TYPE_INFO(0, session, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_agent_knowledge_put, 0, 1, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, document, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_agent_knowledge_delete, 0, 1, _IS_BOOL, 0)
	ZEND_ARG_TYPE_INFO(0, id, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_agent_knowledge_list, 0, 0, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_agent_knowledge_search, 0, 1, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, query, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_agent_token_issue, 0, 1, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, claims, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, seconds, IS_LONG, 0, "60")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_agent_token_verify, 0, 2, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, token, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, audience, IS_STRING, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_agent_token_key_set, 0, 0, IS_ARRAY, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_agent_token_key_rotate, 0, 0, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, overlap, IS_LONG, 0, "86400")
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_agent_schema_check, 0, 2, IS_ARRAY, 0)
	ZEND_ARG_TYPE_INFO(0, schema, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO(0, json, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, options, IS_ARRAY, 0, "[]")
ZEND_END_ARG_INFO()

#define arginfo_agent_health arginfo_agent_token_key_set

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Agent_Turn___construct, 0, 0, 0)
ZEND_END_ARG_INFO()

#define arginfo_class_Agent_Event___construct arginfo_class_Agent_Turn___construct

#define arginfo_class_Agent_ToolResult___construct arginfo_class_Agent_Turn___construct

#define arginfo_class_Agent_ToolResponse___construct arginfo_class_Agent_Turn___construct

ZEND_BEGIN_ARG_WITH_RETURN_TYPE_INFO_EX(arginfo_class_Agent_ToolResponse_send, 0, 0, IS_VOID, 0)
ZEND_END_ARG_INFO()

ZEND_BEGIN_ARG_INFO_EX(arginfo_class_Agent_ToolRefusal___construct, 0, 0, 2)
	ZEND_ARG_TYPE_INFO(0, status, IS_LONG, 0)
	ZEND_ARG_TYPE_INFO(0, reason, IS_STRING, 0)
	ZEND_ARG_TYPE_INFO_WITH_DEFAULT_VALUE(0, message, IS_STRING, 0, "\"\"")
ZEND_END_ARG_INFO()


ZEND_FUNCTION(agent_configure);
ZEND_FUNCTION(agent_use);
ZEND_FUNCTION(agent_secret_put);
ZEND_FUNCTION(agent_chat);
ZEND_FUNCTION(agent_tool_call);
ZEND_FUNCTION(agent_tool_register);
ZEND_FUNCTION(agent_tool_serve);
ZEND_FUNCTION(agent_session_start);
ZEND_FUNCTION(agent_session_get);
ZEND_FUNCTION(agent_session_grant);
ZEND_FUNCTION(agent_session_end);
ZEND_FUNCTION(agent_knowledge_put);
ZEND_FUNCTION(agent_knowledge_delete);
ZEND_FUNCTION(agent_knowledge_list);
ZEND_FUNCTION(agent_knowledge_search);
ZEND_FUNCTION(agent_token_issue);
ZEND_FUNCTION(agent_token_verify);
ZEND_FUNCTION(agent_token_key_set);
ZEND_FUNCTION(agent_token_key_rotate);
ZEND_FUNCTION(agent_schema_check);
ZEND_FUNCTION(agent_health);
ZEND_METHOD(Agent_Turn, __construct);
ZEND_METHOD(Agent_Event, __construct);
ZEND_METHOD(Agent_ToolResult, __construct);
ZEND_METHOD(Agent_ToolResponse, __construct);
ZEND_METHOD(Agent_ToolResponse, send);
ZEND_METHOD(Agent_ToolRefusal, __construct);


static const zend_function_entry ext_functions[] = {
	ZEND_FE(agent_configure, arginfo_agent_configure)
	ZEND_FE(agent_use, arginfo_agent_use)
	ZEND_FE(agent_secret_put, arginfo_agent_secret_put)
	ZEND_FE(agent_chat, arginfo_agent_chat)
	ZEND_FE(agent_tool_call, arginfo_agent_tool_call)
	ZEND_FE(agent_tool_register, arginfo_agent_tool_register)
	ZEND_FE(agent_tool_serve, arginfo_agent_tool_serve)
	ZEND_FE(agent_session_start, arginfo_agent_session_start)
	ZEND_FE(agent_session_get, arginfo_agent_session_get)
	ZEND_FE(agent_session_grant, arginfo_agent_session_grant)
	ZEND_FE(agent_session_end, arginfo_agent_session_end)
	ZEND_FE(agent_knowledge_put, arginfo_agent_knowledge_put)
	ZEND_FE(agent_knowledge_delete, arginfo_agent_knowledge_delete)
	ZEND_FE(agent_knowledge_list, arginfo_agent_knowledge_list)
	ZEND_FE(agent_knowledge_search, arginfo_agent_knowledge_search)
	ZEND_FE(agent_token_issue, arginfo_agent_token_issue)
	ZEND_FE(agent_token_verify, arginfo_agent_token_verify)
	ZEND_FE(agent_token_key_set, arginfo_agent_token_key_set)
	ZEND_FE(agent_token_key_rotate, arginfo_agent_token_key_rotate)
	ZEND_FE(agent_schema_check, arginfo_agent_schema_check)
	ZEND_FE(agent_health, arginfo_agent_health)
	ZEND_FE_END
};


static const zend_function_entry class_Agent_Outcome_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Agent_Turn_methods[] = {
	ZEND_ME(Agent_Turn, __construct, arginfo_class_Agent_Turn___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Agent_Event_methods[] = {
	ZEND_ME(Agent_Event, __construct, arginfo_class_Agent_Event___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Agent_ToolResult_methods[] = {
	ZEND_ME(Agent_ToolResult, __construct, arginfo_class_Agent_ToolResult___construct, ZEND_ACC_PRIVATE)
	ZEND_FE_END
};


static const zend_function_entry class_Agent_ToolResponse_methods[] = {
	ZEND_ME(Agent_ToolResponse, __construct, arginfo_class_Agent_ToolResponse___construct, ZEND_ACC_PRIVATE)
	ZEND_ME(Agent_ToolResponse, send, arginfo_class_Agent_ToolResponse_send, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};


static const zend_function_entry class_Agent_Exception_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Agent_ConfigException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Agent_HttpException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Agent_ProviderException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Agent_ToolException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Agent_SchemaException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Agent_SessionException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Agent_KnowledgeException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Agent_TokenException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Agent_TimeoutException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Agent_CancelledException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Agent_LimitException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Agent_StoreException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Agent_InternalException_methods[] = {
	ZEND_FE_END
};


static const zend_function_entry class_Agent_ToolRefusal_methods[] = {
	ZEND_ME(Agent_ToolRefusal, __construct, arginfo_class_Agent_ToolRefusal___construct, ZEND_ACC_PUBLIC)
	ZEND_FE_END
};

static void register_agent_symbols(int module_number)
{

	zend_add_parameter_attribute(zend_hash_str_find_ptr(CG(function_table), "agent_secret_put", sizeof("agent_secret_put") - 1), 1, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(CG(function_table), "agent_tool_serve", sizeof("agent_tool_serve") - 1), 4, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);

	zend_add_parameter_attribute(zend_hash_str_find_ptr(CG(function_table), "agent_token_verify", sizeof("agent_token_verify") - 1), 0, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);
}

static zend_class_entry *register_class_Agent_Outcome(void)
{
	zend_class_entry *class_entry = zend_register_internal_enum("Agent\\Outcome", IS_STRING, class_Agent_Outcome_methods);

	zval enum_case_Answered_value;
	zend_string *enum_case_Answered_value_str = zend_string_init("answered", strlen("answered"), 1);
	ZVAL_STR(&enum_case_Answered_value, enum_case_Answered_value_str);
	zend_enum_add_case_cstr(class_entry, "Answered", &enum_case_Answered_value);

	zval enum_case_Asked_value;
	zend_string *enum_case_Asked_value_str = zend_string_init("asked", strlen("asked"), 1);
	ZVAL_STR(&enum_case_Asked_value, enum_case_Asked_value_str);
	zend_enum_add_case_cstr(class_entry, "Asked", &enum_case_Asked_value);

	zval enum_case_Declined_value;
	zend_string *enum_case_Declined_value_str = zend_string_init("declined", strlen("declined"), 1);
	ZVAL_STR(&enum_case_Declined_value, enum_case_Declined_value_str);
	zend_enum_add_case_cstr(class_entry, "Declined", &enum_case_Declined_value);

	zval enum_case_NeedsProof_value;
	zend_string *enum_case_NeedsProof_value_str = zend_string_init("needs_proof", strlen("needs_proof"), 1);
	ZVAL_STR(&enum_case_NeedsProof_value, enum_case_NeedsProof_value_str);
	zend_enum_add_case_cstr(class_entry, "NeedsProof", &enum_case_NeedsProof_value);

	zval enum_case_NeedsConfirmation_value;
	zend_string *enum_case_NeedsConfirmation_value_str = zend_string_init("needs_confirmation", strlen("needs_confirmation"), 1);
	ZVAL_STR(&enum_case_NeedsConfirmation_value, enum_case_NeedsConfirmation_value_str);
	zend_enum_add_case_cstr(class_entry, "NeedsConfirmation", &enum_case_NeedsConfirmation_value);

	zval enum_case_Escalated_value;
	zend_string *enum_case_Escalated_value_str = zend_string_init("escalated", strlen("escalated"), 1);
	ZVAL_STR(&enum_case_Escalated_value, enum_case_Escalated_value_str);
	zend_enum_add_case_cstr(class_entry, "Escalated", &enum_case_Escalated_value);

	zval enum_case_Shed_value;
	zend_string *enum_case_Shed_value_str = zend_string_init("shed", strlen("shed"), 1);
	ZVAL_STR(&enum_case_Shed_value, enum_case_Shed_value_str);
	zend_enum_add_case_cstr(class_entry, "Shed", &enum_case_Shed_value);

	zval enum_case_Interrupted_value;
	zend_string *enum_case_Interrupted_value_str = zend_string_init("interrupted", strlen("interrupted"), 1);
	ZVAL_STR(&enum_case_Interrupted_value, enum_case_Interrupted_value_str);
	zend_enum_add_case_cstr(class_entry, "Interrupted", &enum_case_Interrupted_value);

	zval enum_case_Failed_value;
	zend_string *enum_case_Failed_value_str = zend_string_init("failed", strlen("failed"), 1);
	ZVAL_STR(&enum_case_Failed_value, enum_case_Failed_value_str);
	zend_enum_add_case_cstr(class_entry, "Failed", &enum_case_Failed_value);

	return class_entry;
}

static zend_class_entry *register_class_Agent_Turn(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "Turn", class_Agent_Turn_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_id_default_value;
	ZVAL_UNDEF(&property_id_default_value);
	zend_string *property_id_name = zend_string_init("id", sizeof("id") - 1, 1);
	zend_declare_typed_property(class_entry, property_id_name, &property_id_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_id_name);

	zval property_session_default_value;
	ZVAL_UNDEF(&property_session_default_value);
	zend_string *property_session_name = zend_string_init("session", sizeof("session") - 1, 1);
	zend_declare_typed_property(class_entry, property_session_name, &property_session_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_session_name);

	zend_string *property_outcome_class_Agent_Outcome = zend_string_init("Agent\\Outcome", sizeof("Agent\\Outcome")-1, 1);
	zval property_outcome_default_value;
	ZVAL_UNDEF(&property_outcome_default_value);
	zend_string *property_outcome_name = zend_string_init("outcome", sizeof("outcome") - 1, 1);
	zend_declare_typed_property(class_entry, property_outcome_name, &property_outcome_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_CLASS(property_outcome_class_Agent_Outcome, 0, 0));
	zend_string_release(property_outcome_name);

	zval property_degraded_default_value;
	ZVAL_UNDEF(&property_degraded_default_value);
	zend_string *property_degraded_name = zend_string_init("degraded", sizeof("degraded") - 1, 1);
	zend_declare_typed_property(class_entry, property_degraded_name, &property_degraded_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_degraded_name);

	zval property_reply_default_value;
	ZVAL_UNDEF(&property_reply_default_value);
	zend_string *property_reply_name = zend_string_init("reply", sizeof("reply") - 1, 1);
	zend_declare_typed_property(class_entry, property_reply_name, &property_reply_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_reply_name);

	zval property_citations_default_value;
	ZVAL_UNDEF(&property_citations_default_value);
	zend_string *property_citations_name = zend_string_init("citations", sizeof("citations") - 1, 1);
	zend_declare_typed_property(class_entry, property_citations_name, &property_citations_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_citations_name);

	zval property_files_default_value;
	ZVAL_UNDEF(&property_files_default_value);
	zend_string *property_files_name = zend_string_init("files", sizeof("files") - 1, 1);
	zend_declare_typed_property(class_entry, property_files_name, &property_files_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_files_name);

	zval property_tool_calls_default_value;
	ZVAL_UNDEF(&property_tool_calls_default_value);
	zend_string *property_tool_calls_name = zend_string_init("tool_calls", sizeof("tool_calls") - 1, 1);
	zend_declare_typed_property(class_entry, property_tool_calls_name, &property_tool_calls_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_tool_calls_name);

	zval property_confirmation_default_value;
	ZVAL_UNDEF(&property_confirmation_default_value);
	zend_string *property_confirmation_name = zend_string_init("confirmation", sizeof("confirmation") - 1, 1);
	zend_declare_typed_property(class_entry, property_confirmation_name, &property_confirmation_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY|MAY_BE_NULL));
	zend_string_release(property_confirmation_name);

	zval property_notice_default_value;
	ZVAL_UNDEF(&property_notice_default_value);
	zend_string *property_notice_name = zend_string_init("notice", sizeof("notice") - 1, 1);
	zend_declare_typed_property(class_entry, property_notice_name, &property_notice_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING|MAY_BE_NULL));
	zend_string_release(property_notice_name);

	zval property_usage_default_value;
	ZVAL_UNDEF(&property_usage_default_value);
	zend_string *property_usage_name = zend_string_init("usage", sizeof("usage") - 1, 1);
	zend_declare_typed_property(class_entry, property_usage_name, &property_usage_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_usage_name);

	zval property_timings_default_value;
	ZVAL_UNDEF(&property_timings_default_value);
	zend_string *property_timings_name = zend_string_init("timings", sizeof("timings") - 1, 1);
	zend_declare_typed_property(class_entry, property_timings_name, &property_timings_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_timings_name);

	zval property_model_default_value;
	ZVAL_UNDEF(&property_model_default_value);
	zend_string *property_model_name = zend_string_init("model", sizeof("model") - 1, 1);
	zend_declare_typed_property(class_entry, property_model_name, &property_model_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_model_name);

	return class_entry;
}

static zend_class_entry *register_class_Agent_Event(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "Event", class_Agent_Event_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_kind_default_value;
	ZVAL_UNDEF(&property_kind_default_value);
	zend_string *property_kind_name = zend_string_init("kind", sizeof("kind") - 1, 1);
	zend_declare_typed_property(class_entry, property_kind_name, &property_kind_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_kind_name);

	zval property_text_default_value;
	ZVAL_UNDEF(&property_text_default_value);
	zend_string *property_text_name = zend_string_init("text", sizeof("text") - 1, 1);
	zend_declare_typed_property(class_entry, property_text_name, &property_text_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_text_name);

	zval property_data_default_value;
	ZVAL_UNDEF(&property_data_default_value);
	zend_string *property_data_name = zend_string_init("data", sizeof("data") - 1, 1);
	zend_declare_typed_property(class_entry, property_data_name, &property_data_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_data_name);

	return class_entry;
}

static zend_class_entry *register_class_Agent_ToolResult(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "ToolResult", class_Agent_ToolResult_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_ok_default_value;
	ZVAL_UNDEF(&property_ok_default_value);
	zend_string *property_ok_name = zend_string_init("ok", sizeof("ok") - 1, 1);
	zend_declare_typed_property(class_entry, property_ok_name, &property_ok_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_ok_name);

	zval property_result_default_value;
	ZVAL_UNDEF(&property_result_default_value);
	zend_string *property_result_name = zend_string_init("result", sizeof("result") - 1, 1);
	zend_declare_typed_property(class_entry, property_result_name, &property_result_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_result_name);

	zval property_data_default_value;
	ZVAL_UNDEF(&property_data_default_value);
	zend_string *property_data_name = zend_string_init("data", sizeof("data") - 1, 1);
	zend_declare_typed_property(class_entry, property_data_name, &property_data_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_data_name);

	zval property_visitor_default_value;
	ZVAL_UNDEF(&property_visitor_default_value);
	zend_string *property_visitor_name = zend_string_init("visitor", sizeof("visitor") - 1, 1);
	zend_declare_typed_property(class_entry, property_visitor_name, &property_visitor_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_visitor_name);

	zval property_message_default_value;
	ZVAL_UNDEF(&property_message_default_value);
	zend_string *property_message_name = zend_string_init("message", sizeof("message") - 1, 1);
	zend_declare_typed_property(class_entry, property_message_name, &property_message_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_message_name);

	zval property_attempts_default_value;
	ZVAL_UNDEF(&property_attempts_default_value);
	zend_string *property_attempts_name = zend_string_init("attempts", sizeof("attempts") - 1, 1);
	zend_declare_typed_property(class_entry, property_attempts_name, &property_attempts_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_attempts_name);

	zval property_latency_ms_default_value;
	ZVAL_UNDEF(&property_latency_ms_default_value);
	zend_string *property_latency_ms_name = zend_string_init("latency_ms", sizeof("latency_ms") - 1, 1);
	zend_declare_typed_property(class_entry, property_latency_ms_name, &property_latency_ms_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_latency_ms_name);

	return class_entry;
}

static zend_class_entry *register_class_Agent_ToolResponse(void)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "ToolResponse", class_Agent_ToolResponse_methods);
	class_entry = zend_register_internal_class_ex(&ce, NULL);
	class_entry->ce_flags |= ZEND_ACC_FINAL|ZEND_ACC_NOT_SERIALIZABLE;

	zval property_status_default_value;
	ZVAL_UNDEF(&property_status_default_value);
	zend_string *property_status_name = zend_string_init("status", sizeof("status") - 1, 1);
	zend_declare_typed_property(class_entry, property_status_name, &property_status_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_status_name);

	zval property_headers_default_value;
	ZVAL_UNDEF(&property_headers_default_value);
	zend_string *property_headers_name = zend_string_init("headers", sizeof("headers") - 1, 1);
	zend_declare_typed_property(class_entry, property_headers_name, &property_headers_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_ARRAY));
	zend_string_release(property_headers_name);

	zval property_body_default_value;
	ZVAL_UNDEF(&property_body_default_value);
	zend_string *property_body_name = zend_string_init("body", sizeof("body") - 1, 1);
	zend_declare_typed_property(class_entry, property_body_name, &property_body_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_body_name);

	return class_entry;
}

static zend_class_entry *register_class_Agent_Exception(zend_class_entry *class_entry_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "Exception", class_Agent_Exception_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Exception);

	zval property_reason_default_value;
	ZVAL_UNDEF(&property_reason_default_value);
	zend_string *property_reason_name = zend_string_init("reason", sizeof("reason") - 1, 1);
	zend_declare_typed_property(class_entry, property_reason_name, &property_reason_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_reason_name);

	zval property_retry_default_value;
	ZVAL_UNDEF(&property_retry_default_value);
	zend_string *property_retry_name = zend_string_init("retry", sizeof("retry") - 1, 1);
	zend_declare_typed_property(class_entry, property_retry_name, &property_retry_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_BOOL));
	zend_string_release(property_retry_name);

	return class_entry;
}

static zend_class_entry *register_class_Agent_ConfigException(zend_class_entry *class_entry_Agent_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "ConfigException", class_Agent_ConfigException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Agent_Exception);

	return class_entry;
}

static zend_class_entry *register_class_Agent_HttpException(zend_class_entry *class_entry_Agent_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "HttpException", class_Agent_HttpException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Agent_Exception);

	return class_entry;
}

static zend_class_entry *register_class_Agent_ProviderException(zend_class_entry *class_entry_Agent_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "ProviderException", class_Agent_ProviderException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Agent_Exception);

	return class_entry;
}

static zend_class_entry *register_class_Agent_ToolException(zend_class_entry *class_entry_Agent_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "ToolException", class_Agent_ToolException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Agent_Exception);

	return class_entry;
}

static zend_class_entry *register_class_Agent_SchemaException(zend_class_entry *class_entry_Agent_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "SchemaException", class_Agent_SchemaException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Agent_Exception);

	return class_entry;
}

static zend_class_entry *register_class_Agent_SessionException(zend_class_entry *class_entry_Agent_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "SessionException", class_Agent_SessionException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Agent_Exception);

	return class_entry;
}

static zend_class_entry *register_class_Agent_KnowledgeException(zend_class_entry *class_entry_Agent_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "KnowledgeException", class_Agent_KnowledgeException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Agent_Exception);

	return class_entry;
}

static zend_class_entry *register_class_Agent_TokenException(zend_class_entry *class_entry_Agent_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "TokenException", class_Agent_TokenException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Agent_Exception);

	return class_entry;
}

static zend_class_entry *register_class_Agent_TimeoutException(zend_class_entry *class_entry_Agent_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "TimeoutException", class_Agent_TimeoutException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Agent_Exception);

	return class_entry;
}

static zend_class_entry *register_class_Agent_CancelledException(zend_class_entry *class_entry_Agent_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "CancelledException", class_Agent_CancelledException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Agent_Exception);

	return class_entry;
}

static zend_class_entry *register_class_Agent_LimitException(zend_class_entry *class_entry_Agent_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "LimitException", class_Agent_LimitException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Agent_Exception);

	return class_entry;
}

static zend_class_entry *register_class_Agent_StoreException(zend_class_entry *class_entry_Agent_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "StoreException", class_Agent_StoreException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Agent_Exception);

	return class_entry;
}

static zend_class_entry *register_class_Agent_InternalException(zend_class_entry *class_entry_Agent_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "InternalException", class_Agent_InternalException_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Agent_Exception);

	return class_entry;
}

static zend_class_entry *register_class_Agent_ToolRefusal(zend_class_entry *class_entry_Exception)
{
	zend_class_entry ce, *class_entry;

	INIT_NS_CLASS_ENTRY(ce, "Agent", "ToolRefusal", class_Agent_ToolRefusal_methods);
	class_entry = zend_register_internal_class_ex(&ce, class_entry_Exception);

	zval property_status_default_value;
	ZVAL_UNDEF(&property_status_default_value);
	zend_string *property_status_name = zend_string_init("status", sizeof("status") - 1, 1);
	zend_declare_typed_property(class_entry, property_status_name, &property_status_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_LONG));
	zend_string_release(property_status_name);

	zval property_reason_default_value;
	ZVAL_UNDEF(&property_reason_default_value);
	zend_string *property_reason_name = zend_string_init("reason", sizeof("reason") - 1, 1);
	zend_declare_typed_property(class_entry, property_reason_name, &property_reason_default_value, ZEND_ACC_PUBLIC|ZEND_ACC_READONLY, NULL, (zend_type) ZEND_TYPE_INIT_MASK(MAY_BE_STRING));
	zend_string_release(property_reason_name);

	return class_entry;
}

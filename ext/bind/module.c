/* SPDX-License-Identifier: MIT
 * The module entry and the ends of processes, threads and requests.
 * MINIT opens nothing: one master serves many pools, and a worker is made at first use. */
#include "ext/bind/bind.h"

#include "ext/standard/info.h"
#include "zend_attributes.h"
#include "zend_enum.h"
#include "zend_exceptions.h"

/* The generated code: the table of functions and the registration of classes. Included here alone. */
#include "stubs/agent_arginfo.h"

ZEND_DECLARE_MODULE_GLOBALS(agent)

#ifdef COMPILE_DL_AGENT
# ifdef ZTS
ZEND_TSRMLS_CACHE_DEFINE()
# endif
ZEND_GET_MODULE(agent)
#endif

/* Between MINIT and MSHUTDOWN: the core's libraries are up. */
static bool process_up;

static PHP_GINIT_FUNCTION(agent)
{
#if defined(COMPILE_DL_AGENT) && defined(ZTS)
	ZEND_TSRMLS_CACHE_UPDATE();
#endif
	memset(agent_globals, 0, sizeof(*agent_globals));
}

static PHP_GSHUTDOWN_FUNCTION(agent)
{
	/* Runs after MSHUTDOWN for threads that outlived it; their worker goes with the process then. */
	if (process_up) {
		agent_worker_free(agent_globals->worker);
		agent_globals->worker = NULL;
	}
}

static void register_classes(int module_number)
{
	zend_class_entry *base;

	register_agent_symbols(module_number);
	php_agent_ce_outcome = register_class_Agent_Outcome();
	php_agent_ce_turn = register_class_Agent_Turn();
	php_agent_ce_event = register_class_Agent_Event();
	php_agent_ce_result = register_class_Agent_ToolResult();
	php_agent_ce_response = register_class_Agent_ToolResponse();
	php_agent_ce_refusal = register_class_Agent_ToolRefusal(zend_ce_exception);

	base = php_agent_ce_exception = register_class_Agent_Exception(zend_ce_exception);
	php_agent_ce_config = register_class_Agent_ConfigException(base);
	php_agent_ce_http = register_class_Agent_HttpException(base);
	php_agent_ce_provider = register_class_Agent_ProviderException(base);
	php_agent_ce_tool = register_class_Agent_ToolException(base);
	php_agent_ce_schema = register_class_Agent_SchemaException(base);
	php_agent_ce_session = register_class_Agent_SessionException(base);
	php_agent_ce_knowledge = register_class_Agent_KnowledgeException(base);
	php_agent_ce_token = register_class_Agent_TokenException(base);
	php_agent_ce_timeout = register_class_Agent_TimeoutException(base);
	php_agent_ce_cancelled = register_class_Agent_CancelledException(base);
	php_agent_ce_limit = register_class_Agent_LimitException(base);
	php_agent_ce_store = register_class_Agent_StoreException(base);
	php_agent_ce_internal = register_class_Agent_InternalException(base);
}

static PHP_MINIT_FUNCTION(agent)
{
	agent_error err = { 0 };

	if (zend_register_ini_entries(php_agent_ini(), module_number) != SUCCESS) {
		return FAILURE;
	}
	if (agent_process_startup(&err) != AGENT_OK) {
		php_error_docref(NULL, E_WARNING, "%s", err.message);
		return FAILURE;
	}
	process_up = true;
	register_classes(module_number);
	return SUCCESS;
}

static PHP_MSHUTDOWN_FUNCTION(agent)
{
	/* Before the libraries go; in a build without threads GSHUTDOWN would come after. */
	php_agent_worker_drop();
	if (process_up) {
		process_up = false;
		agent_process_shutdown();
	}
	UNREGISTER_INI_ENTRIES();
	return SUCCESS;
}

static PHP_RINIT_FUNCTION(agent)
{
#if defined(COMPILE_DL_AGENT) && defined(ZTS)
	ZEND_TSRMLS_CACHE_UPDATE();
#endif
	return SUCCESS;
}

/* After a fatal error too. Turns that still run are closed as Interrupted and saved; then go the selected configuration and the handlers. */
static PHP_RSHUTDOWN_FUNCTION(agent)
{
	php_agent_live_shutdown();
	php_agent_sites_shutdown();
	agent_buf_clear(&AGENT_G(scratch));
	memset(&AGENT_G(scratch), 0, sizeof(AGENT_G(scratch)));
	return SUCCESS;
}

/* Housekeeping of the store: last of all, when every other module (its session locks too) has let go. */
static ZEND_MODULE_POST_ZEND_DEACTIVATE_D(agent)
{
	if (AGENT_G(worker_temporary)) {
		php_agent_worker_drop();
	} else if (AGENT_G(worker) != NULL) {
		agent_worker_idle(AGENT_G(worker));
	}
	return SUCCESS;
}

/* Versions only. The settings follow as phpinfo shows any; none of them holds a secret. */
static PHP_MINFO_FUNCTION(agent)
{
	agent_buf *out = php_agent_scratch();
	zend_string *name;
	zval libraries, *version;

	php_info_print_table_start();
	php_info_print_table_row(2, "agent support", AGENT_G(enabled) ? "enabled" : "disabled (agent.enabled=0)");
	php_info_print_table_row(2, "Version", PHP_AGENT_VERSION);
	agent_libraries(out);
	if (out->fault == AGENT_BUF_FINE && php_agent_decode_array(&libraries, agent_buf_str(out))) {
		ZEND_HASH_FOREACH_STR_KEY_VAL(Z_ARRVAL(libraries), name, version) {
			if (name != NULL && Z_TYPE_P(version) == IS_STRING) {
				php_info_print_table_row(2, ZSTR_VAL(name), Z_STRVAL_P(version));
			}
		} ZEND_HASH_FOREACH_END();
		zval_ptr_dtor(&libraries);
	}
	if (AGENT_G(proxy) != NULL && AGENT_G(proxy)[0] != '\0') {
		php_info_print_table_row(2, "Outgoing connections", "through agent.proxy: names are resolved there, so it must refuse private addresses itself");
	}
	php_info_print_table_end();
	DISPLAY_INI_ENTRIES();
}

static const zend_module_dep dependencies[] = {
	ZEND_MOD_REQUIRED("json")
	ZEND_MOD_END
};

zend_module_entry agent_module_entry = {
	STANDARD_MODULE_HEADER_EX,
	NULL,
	dependencies,
	"agent",
	ext_functions,
	PHP_MINIT(agent),
	PHP_MSHUTDOWN(agent),
	PHP_RINIT(agent),
	PHP_RSHUTDOWN(agent),
	PHP_MINFO(agent),
	PHP_AGENT_VERSION,
	PHP_MODULE_GLOBALS(agent),
	PHP_GINIT(agent),
	PHP_GSHUTDOWN(agent),
	ZEND_MODULE_POST_ZEND_DEACTIVATE_N(agent),
	STANDARD_MODULE_PROPERTIES_EX
};

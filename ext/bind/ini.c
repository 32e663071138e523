/* SPDX-License-Identifier: MIT
 * The INI settings: what the host allows. All of them PHP_INI_SYSTEM, so no script, .user.ini or ini_set() widens them.
 * Nothing here reads a configuration. */
#include "ext/bind/bind.h"

#include "main/php_open_temporary_file.h"

/* More than any machine needs; keeps all arithmetic of the core inside an int. */
#define PHP_AGENT_INI_MAX 100000000

static ZEND_INI_MH(on_update_limit)
{
	zend_long value;
	zend_long *target = (zend_long *) ZEND_INI_GET_ADDR();

	value = zend_ini_parse_quantity_warn(new_value, entry->name);
	if (value < 0 || value > PHP_AGENT_INI_MAX) {
		/* A refused value leaves the default in force, and says so: a limit that silently is another one is worse than none. */
		php_error_docref(NULL, E_WARNING, "%s must be between 0 and %d", ZSTR_VAL(entry->name), PHP_AGENT_INI_MAX);
		return FAILURE;
	}
	*target = value;
	return SUCCESS;
}

PHP_INI_BEGIN()
	STD_PHP_INI_BOOLEAN("agent.enabled", "1", PHP_INI_SYSTEM, OnUpdateBool, enabled, zend_agent_globals, agent_globals)
	STD_PHP_INI_ENTRY("agent.data_dir", "", PHP_INI_SYSTEM, OnUpdateString, data_dir, zend_agent_globals, agent_globals)
	STD_PHP_INI_ENTRY("agent.shm_dir", "", PHP_INI_SYSTEM, OnUpdateString, shm_dir, zend_agent_globals, agent_globals)
	STD_PHP_INI_ENTRY("agent.allow_private", "", PHP_INI_SYSTEM, OnUpdateString, allow_private, zend_agent_globals, agent_globals)
	STD_PHP_INI_ENTRY("agent.proxy", "", PHP_INI_SYSTEM, OnUpdateString, proxy, zend_agent_globals, agent_globals)
	STD_PHP_INI_ENTRY("agent.ca_file", "", PHP_INI_SYSTEM, OnUpdateString, ca_file, zend_agent_globals, agent_globals)
	STD_PHP_INI_ENTRY("agent.max_tools", "3", PHP_INI_SYSTEM, on_update_limit, max_tools, zend_agent_globals, agent_globals)
	STD_PHP_INI_ENTRY("agent.max_passes", "8", PHP_INI_SYSTEM, on_update_limit, max_passes, zend_agent_globals, agent_globals)
	STD_PHP_INI_ENTRY("agent.max_wall_ms", "60000", PHP_INI_SYSTEM, on_update_limit, max_wall_ms, zend_agent_globals, agent_globals)
	STD_PHP_INI_ENTRY("agent.max_tokens", "20000", PHP_INI_SYSTEM, on_update_limit, max_tokens, zend_agent_globals, agent_globals)
	STD_PHP_INI_ENTRY("agent.rate_session", "0", PHP_INI_SYSTEM, on_update_limit, rate_session, zend_agent_globals, agent_globals)
	STD_PHP_INI_ENTRY("agent.rate_address", "0", PHP_INI_SYSTEM, on_update_limit, rate_address, zend_agent_globals, agent_globals)
	/* Twice as many places as this are ever taken (turns, and those that wait for one): together less than the five children that php-fpm's own
	 * example of a pool has. */
	STD_PHP_INI_ENTRY("agent.max_turns", "2", PHP_INI_SYSTEM, on_update_limit, max_turns, zend_agent_globals, agent_globals)
	STD_PHP_INI_ENTRY("agent.queue_ms", "1500", PHP_INI_SYSTEM, on_update_limit, queue_ms, zend_agent_globals, agent_globals)
PHP_INI_END()

const zend_ini_entry_def *php_agent_ini(void)
{
	return ini_entries;
}

bool php_agent_enabled(void)
{
	if (EXPECTED(AGENT_G(enabled))) {
		return true;
	}
	php_agent_throw_reason(php_agent_ce_config, "disabled", "The agent is disabled here (agent.enabled=0)");
	return false;
}

void php_agent_host(agent_host *host)
{
	memset(host, 0, sizeof(*host));
	host->data_dir = agent_str_cstr(AGENT_G(data_dir));
	host->shm_dir = agent_str_cstr(AGENT_G(shm_dir));
	host->allow_private = agent_str_cstr(AGENT_G(allow_private));
	host->proxy = agent_str_cstr(AGENT_G(proxy));
	host->ca_file = agent_str_cstr(AGENT_G(ca_file));
	host->tmp_dir = agent_str_cstr(php_get_temporary_directory());
	host->max_tools = (int) AGENT_G(max_tools);
	host->max_passes = (int) AGENT_G(max_passes);
	host->max_wall_ms = (int) AGENT_G(max_wall_ms);
	host->max_tokens = (int) AGENT_G(max_tokens);
	host->session_messages = (int) AGENT_G(rate_session);
	host->address_messages = (int) AGENT_G(rate_address);
	host->max_turns = (int) AGENT_G(max_turns);
	host->queue_ms = (int) AGENT_G(queue_ms);
}

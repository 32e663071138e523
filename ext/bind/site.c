/* SPDX-License-Identifier: MIT
 * Configurations: agent_configure, agent_use, agent_secret_put, agent_health; which one this request has selected, and the thread's worker.
 * A configuration selected here is request state; the compiled one behind it is the core's. */
#include "ext/bind/bind.h"

#include "main/fopen_wrappers.h"
#include "zend_exceptions.h"

/* As many as a configuration can name: its data directory and the secrets of brain and backend. */
#define PHP_AGENT_PATHS_MAX 16

agent_worker *php_agent_worker(void)
{
	if (AGENT_G(worker) == NULL) {
		AGENT_G(worker) = agent_worker_new();
		if (AGENT_G(worker) == NULL) {
			agent_error err = { 0 };

			(void) agent_fail_memory(&err);
			php_agent_throw(&err);
			return NULL;
		}
		/* A preload script may run in the process that forks the others later: it leaves nothing open to them. */
		AGENT_G(worker_temporary) = (CG(compiler_options) & ZEND_COMPILE_PRELOAD) != 0;
	}
	return AGENT_G(worker);
}

void php_agent_worker_drop(void)
{
	agent_worker *worker = AGENT_G(worker);

	AGENT_G(worker) = NULL;
	AGENT_G(worker_temporary) = false;
	agent_worker_free(worker);
}

php_agent_site *php_agent_selected(void)
{
	if (AGENT_G(selected) == NULL) {
		php_agent_throw_reason(php_agent_ce_config, "no_configuration", "No configuration is selected: call agent_use() first");
	}
	return AGENT_G(selected);
}

static void site_destroy(php_agent_site *site)
{
	php_agent_site **link = &AGENT_G(sites);

	while (*link != NULL && *link != site) {
		link = &(*link)->next;
	}
	if (*link == site) {
		*link = site->next;
	}
	agent_site_release(site->site);
	site->site = NULL;
	for (size_t i = 0; i < AGENT_TOOLS_MAX; i++) {
		if (Z_TYPE(site->handlers[i].callable) != IS_UNDEF) {
			php_agent_callback_clear(&site->handlers[i]);
		}
	}
	efree(site);
}

void php_agent_site_unref(php_agent_site *site)
{
	if (site != NULL && --site->refs == 0) {
		site_destroy(site);
	}
}

void php_agent_sites_shutdown(void)
{
	AGENT_G(selected) = NULL;
	while (AGENT_G(sites) != NULL) {
		site_destroy(AGENT_G(sites));
	}
}

/* The paths come from PHP code by way of the configuration, so they obey its open_basedir, like any path given to a function. */
static bool paths_allowed(const agent_config *config)
{
	agent_str paths[PHP_AGENT_PATHS_MAX];
	size_t count;

	if (PG(open_basedir) == NULL || PG(open_basedir)[0] == '\0') {
		return true;
	}
	count = agent_setup_paths(config, paths, PHP_AGENT_PATHS_MAX);
	for (size_t i = 0; i < count && i < PHP_AGENT_PATHS_MAX; i++) {
		zend_string *path = php_agent_zstr(paths[i]);
		bool allowed = !zend_str_has_nul_byte(path) && php_check_open_basedir_ex(ZSTR_VAL(path), 0) == 0;

		if (!allowed) {
			php_agent_throw_reason(php_agent_ce_config, "open_basedir", "open_basedir does not allow the path %s", ZSTR_VAL(path));
		}
		zend_string_release(path);
		if (!allowed) {
			return false;
		}
	}
	return true;
}

/* An array is encoded first. PHP's empty array becomes [], so an empty object in an array is `new stdClass` (or the configuration is given
 * as JSON text). */
PHP_FUNCTION(agent_configure)
{
	HashTable *array;
	zend_string *text;
	agent_worker *worker;
	agent_config *config = NULL;
	agent_host host;
	agent_error err = { 0 };
	char digest[65];

	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_ARRAY_HT_OR_STR(array, text)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled() || (worker = php_agent_worker()) == NULL) {
		RETURN_THROWS();
	}
	if (array != NULL) {
		/* The argument itself: ZVAL_ARR would give a literal array, which Opcache shares between processes, a counter to write to. */
		text = php_agent_encode_object(ZEND_CALL_ARG(execute_data, 1), 1);
		if (text == NULL) {
			RETURN_THROWS();
		}
	} else {
		zend_string_addref(text);
	}
	php_agent_host(&host);
	if (agent_setup_read(&host, php_agent_view(text), &config, &err) != AGENT_OK) {
		zend_string_release(text);
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	zend_string_release(text);
	if (!paths_allowed(config)) {
		agent_config_free(config);
		RETURN_THROWS();
	}
	if (agent_setup_store(worker, &host, config, digest, &err) != AGENT_OK) {
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	RETURN_STRINGL(digest, 64);
}

static void site_select(php_agent_site *site)
{
	php_agent_site *old = AGENT_G(selected);

	site->refs++;
	AGENT_G(selected) = site;
	php_agent_site_unref(old);
}

PHP_FUNCTION(agent_use)
{
	zend_string *digest;
	agent_worker *worker;
	php_agent_site *site;
	agent_host host;
	agent_error err = { 0 };

	ZEND_PARSE_PARAMETERS_START(1, 1)
		Z_PARAM_STR(digest)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled() || (worker = php_agent_worker()) == NULL) {
		RETURN_THROWS();
	}
	/* Already open in this request: the same object, with the handlers registered for it. */
	for (site = AGENT_G(sites); site != NULL; site = site->next) {
		if (site->site != NULL && zend_string_equals_cstr(digest, site->digest, strlen(site->digest))) {
			site_select(site);
			return;
		}
	}
	/* In the list before the core gives the reference: an emalloc after it could leave by a longjmp. */
	site = ecalloc(1, sizeof(*site));
	site->refs = 1;
	site->next = AGENT_G(sites);
	AGENT_G(sites) = site;
	for (size_t i = 0; i < AGENT_TOOLS_MAX; i++) {
		ZVAL_UNDEF(&site->handlers[i].callable);
	}
	php_agent_host(&host);
	if (agent_setup_use(worker, &host, php_agent_view(digest), &site->site, &err) != AGENT_OK) {
		php_agent_site_unref(site);
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	if (!paths_allowed(agent_site_config(site->site))) {
		php_agent_site_unref(site);
		RETURN_THROWS();
	}
	snprintf(site->digest, sizeof(site->digest), "%s", ZSTR_VAL(digest));
	site_select(site);
	php_agent_site_unref(site);
}

PHP_FUNCTION(agent_secret_put)
{
	zend_string *name, *value;
	php_agent_site *site;
	agent_error err = { 0 };

	ZEND_PARSE_PARAMETERS_START(2, 2)
		Z_PARAM_STR(name)
		Z_PARAM_STR(value)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled() || (site = php_agent_selected()) == NULL) {
		RETURN_THROWS();
	}
	if (agent_site_secret_put(site->site, php_agent_view(name), php_agent_view(value), &err) != AGENT_OK) {
		php_agent_throw(&err);
		RETURN_THROWS();
	}
}

PHP_FUNCTION(agent_health)
{
	agent_host host;
	agent_buf *out;
	agent_error err = { 0 };

	ZEND_PARSE_PARAMETERS_NONE();

	if (!php_agent_enabled() || php_agent_worker() == NULL) {
		RETURN_THROWS();
	}
	php_agent_host(&host);
	out = php_agent_scratch();
	agent_site_health(AGENT_G(selected) != NULL ? AGENT_G(selected)->site : NULL, &host, AGENT_STR(PHP_AGENT_VERSION), out);
	if (agent_buf_check(out, "the health report", &err) != AGENT_OK) {
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	if (!php_agent_decode_array(return_value, agent_buf_str(out))) {
		RETURN_THROWS();
	}
}

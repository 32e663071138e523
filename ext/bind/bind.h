/* SPDX-License-Identifier: MIT
 * What the files of bind/ share: module globals, the selected configuration, live handles, conversions, callbacks.
 * Only bind/ includes this; while a core function is on the C stack none of these runs. */
#ifndef AGENT_BIND_BIND_H
#define AGENT_BIND_BIND_H

#ifdef HAVE_CONFIG_H
# include <config.h>
#endif

#include "ext/bind/compat.h"
#include "php_agent.h"

#include "ext/run/admin.h"
#include "ext/run/call.h"
#include "ext/run/chat.h"
#include "ext/run/serve.h"
#include "ext/run/site.h"

/* --- callbacks (callback.c) --- */

/* A callable kept beyond the parsing of the arguments. */
typedef struct php_agent_callback {
	zval callable;               /* UNDEF: none */
	zend_fcall_info_cache fcc;   /* function_handler NULL: resolved at each call (__call, __callStatic) */
} php_agent_callback;

/* How PHP code ended that was called from here. The fifth way, a longjmp (fatal error), does not return: request shutdown cleans up. */
typedef enum php_agent_end {
	PHP_AGENT_RETURNED,
	PHP_AGENT_THREW,             /* EG(exception) is an exception that PHP code may catch */
	PHP_AGENT_LEFT               /* exit(), a destroyed fiber, the memory limit: return to the VM as fast as possible, clear nothing */
} php_agent_end;

void php_agent_callback_set(php_agent_callback *callback, const zend_fcall_info *fci, const zend_fcall_info_cache *fcc);
void php_agent_callback_copy(php_agent_callback *to, const php_agent_callback *from);
void php_agent_callback_clear(php_agent_callback *callback);
/* Fibers cannot be switched during the call: Fiber::suspend() in it throws a FiberError. retval may be NULL. */
php_agent_end php_agent_callback_call(const php_agent_callback *callback, zval *retval, uint32_t argc, zval *argv);

/* What a tool's handler answered, with the strings that `result` looks at. */
typedef struct php_agent_answer {
	agent_php_result result;
	zend_string *json, *reason, *message;
} php_agent_answer;

/* Runs a tool's handler; takes over arguments and context. RETURNED: the answer is filled (it may be a refusal or AGENT_PHP_THREW) and must
 * be cleared. `swallow`: an ordinary exception of the handler is logged and becomes AGENT_PHP_THREW; else it stays pending (THREW). */
php_agent_end php_agent_handler_run(const php_agent_callback *handler, agent_str tool, zval *arguments, zval *context, bool swallow, php_agent_answer *answer);
void php_agent_answer_clear(php_agent_answer *answer);

/* --- selected configurations (site.c) --- */

/* One selected configuration of this request, with the handlers registered for its tools. Counted. */
typedef struct php_agent_site {
	struct php_agent_site *next;
	uint32_t refs;
	bool pinned;                 /* it has handlers, so it stays (one reference) until the request ends */
	char digest[65];
	agent_site *site;
	uint64_t local_tools;
	php_agent_callback handlers[AGENT_TOOLS_MAX];
} php_agent_site;

/* The selected one; NULL with an exception when there is none. */
php_agent_site *php_agent_selected(void);
void php_agent_site_unref(php_agent_site *site);
void php_agent_sites_shutdown(void);
/* The index of a tool of the selected configuration; -1 with an exception. */
int php_agent_tool_index(const php_agent_site *site, zend_string *tool);
/* The thread's worker, made at first use; NULL with an exception. */
agent_worker *php_agent_worker(void);
void php_agent_worker_drop(void);
void php_agent_host(agent_host *host);

/* --- live handles (live.c) --- */

typedef enum php_agent_kind {
	PHP_AGENT_CHAT,
	PHP_AGENT_CALL,
	PHP_AGENT_SERVE
} php_agent_kind;

/* An open handle of the core. Owned by the list in the module globals from birth to close, so that a longjmp loses nothing. */
typedef struct php_agent_live {
	struct php_agent_live *next;
	php_agent_kind kind;
	bool clean;                  /* born before any fatal error of this request */
	bool aborted;                /* born after the client had left: that it is gone is no news then */
	php_agent_site *site;
	agent_chat *chat;
	agent_call *call;
	agent_serve *serve;
} php_agent_live;

php_agent_live *php_agent_live_new(php_agent_kind kind, php_agent_site *site);
void php_agent_live_close(php_agent_live *live);
/* Closes what a fatal error left behind, for shutdown functions that go on. */
void php_agent_live_sweep(void);
void php_agent_live_shutdown(void);
bool php_agent_live_has_session(zend_string *session);
/* Between two steps: may the handle go on? False: stop it and return; an exception is set unless the VM ends the script anyway.
 * Does not return when the time limit was hit (the handle is closed first). */
bool php_agent_live_goes_on(php_agent_live *live);

/* --- conversions (convert.c) --- */

static inline agent_str php_agent_view(const zend_string *text)
{
	return agent_str_of(ZSTR_VAL(text), ZSTR_LEN(text));
}

static inline zend_string *php_agent_zstr(agent_str text)
{
	return zend_string_init(text.ptr, text.len, 0);
}

/* Output of the core on its way to PHP: a buffer of the module globals, so that a longjmp out of emalloc does not lose it. Emptied by the next call. */
agent_buf *php_agent_scratch(void);
/* JSON text of the core to a PHP value, objects as arrays. False with an exception. */
bool php_agent_decode(zval *out, agent_str json);
/* The same; what is no array becomes an empty one. */
bool php_agent_decode_array(zval *out, agent_str json);
/* A PHP value to JSON text; runs jsonSerialize(). NULL with the reason in *fault (static), or with an exception and *fault NULL. */
zend_string *php_agent_encode(zval *value, const char **fault);
/* An array that must become a JSON object: [] is {}. NULL with an exception about argument `arg`. */
zend_string *php_agent_encode_object(zval *value, uint32_t arg);

typedef struct php_agent_option {
	const char *name;
	uint8_t type;                /* IS_STRING, IS_LONG, _IS_BOOL, IS_ARRAY */
	zval *value;                 /* out: NULL where it was not given or null */
} php_agent_option;

/* Reads an array of options strictly; false with a ValueError or TypeError about argument `arg`. options may be NULL. */
bool php_agent_options_read(HashTable *options, uint32_t arg, php_agent_option *list, size_t count);
/* The string option, or the empty view. */
static inline agent_str php_agent_option_str(const php_agent_option *option)
{
	return option->value != NULL ? php_agent_view(Z_STR_P(option->value)) : AGENT_STR_EMPTY;
}

/* --- classes (classes.c) and exceptions (exceptions.c) --- */

bool php_agent_make_turn(zval *out, agent_str report);
/* Takes over text and data (an array). */
void php_agent_make_event(zval *out, agent_event_kind kind, zend_string *text, zval *data);
bool php_agent_make_tool_result(zval *out, const agent_tool_result *result);
bool php_agent_make_response(zval *out, const agent_serve_response *response);
/* The slot of a declared property. */
zval *php_agent_slot(zend_object *object, zend_class_entry *ce, const char *name);

extern zend_class_entry *php_agent_ce_outcome, *php_agent_ce_turn, *php_agent_ce_event, *php_agent_ce_result, *php_agent_ce_response, *php_agent_ce_refusal;
extern zend_class_entry *php_agent_ce_exception, *php_agent_ce_config, *php_agent_ce_tool, *php_agent_ce_cancelled, *php_agent_ce_internal;
extern zend_class_entry *php_agent_ce_http, *php_agent_ce_provider, *php_agent_ce_schema, *php_agent_ce_session, *php_agent_ce_knowledge, *php_agent_ce_token,
	*php_agent_ce_timeout, *php_agent_ce_limit, *php_agent_ce_store;

/* Throws what the core reported. */
void php_agent_throw(const agent_error *err);
void php_agent_throw_reason(zend_class_entry *ce, const char *reason, const char *format, ...) ZEND_ATTRIBUTE_FORMAT(printf, 3, 4);

/* --- module --- */

ZEND_BEGIN_MODULE_GLOBALS(agent)
	/* INI, set by the host alone */
	bool enabled;
	char *data_dir, *shm_dir, *allow_private, *proxy, *ca_file;
	zend_long max_tools, max_passes, max_wall_ms, max_tokens, rate_session, rate_address, max_turns, queue_ms;
	/* thread */
	agent_worker *worker;
	bool worker_temporary;       /* made while preloading: not kept for the requests, nor inherited by children */
	/* request */
	php_agent_site *selected;
	php_agent_site *sites;
	php_agent_live *live;
	agent_buf scratch;
ZEND_END_MODULE_GLOBALS(agent)

ZEND_EXTERN_MODULE_GLOBALS(agent)
#define AGENT_G(v) ZEND_MODULE_GLOBALS_ACCESSOR(agent, v)

#if defined(ZTS) && defined(COMPILE_DL_AGENT)
ZEND_TSRMLS_CACHE_EXTERN()
#endif

const zend_ini_entry_def *php_agent_ini(void);
/* False with an exception when agent.enabled=0. Every function asks after its arguments were parsed. */
bool php_agent_enabled(void);

#endif

/* SPDX-License-Identifier: MIT
 * Calling PHP code: event callbacks and tool handlers, and telling apart how they end.
 * Called only while no frame of the core is on the C stack. */
#include "ext/bind/bind.h"

#include "zend_exceptions.h"
#include "zend_fibers.h"
#include "zend_interfaces.h"

#ifdef PHP_WIN32
# include "win32/syslog.h"
#else
# include <syslog.h>
#endif

/* The resolved function is kept, because a private method may be called only from where it was named; the value is kept, because it owns
 * the closure or the object. A trampoline (__call) lives for one call only, so it is looked up anew each time. */
void php_agent_callback_set(php_agent_callback *callback, const zend_fcall_info *fci, const zend_fcall_info_cache *fcc)
{
	ZVAL_COPY(&callback->callable, &fci->function_name);
	callback->fcc = *fcc;
	if (callback->fcc.function_handler != NULL && (callback->fcc.function_handler->common.fn_flags & ZEND_ACC_CALL_VIA_TRAMPOLINE) != 0) {
		callback->fcc.function_handler = NULL;
	}
	/* 'parent::method' and the like: the object is the caller's $this, which the value does not hold. */
	if (callback->fcc.object != NULL) {
		GC_ADDREF(callback->fcc.object);
	}
}

void php_agent_callback_copy(php_agent_callback *to, const php_agent_callback *from)
{
	ZVAL_COPY(&to->callable, &from->callable);
	to->fcc = from->fcc;
	if (to->fcc.object != NULL) {
		GC_ADDREF(to->fcc.object);
	}
}

void php_agent_callback_clear(php_agent_callback *callback)
{
	zend_object *object = callback->fcc.object;
	zval callable;

	/* Emptied first: a destructor may look here again. */
	ZVAL_COPY_VALUE(&callable, &callback->callable);
	ZVAL_UNDEF(&callback->callable);
	memset(&callback->fcc, 0, sizeof(callback->fcc));
	if (object != NULL) {
		OBJ_RELEASE(object);
	}
	zval_ptr_dtor(&callable);
}

php_agent_end php_agent_callback_call(const php_agent_callback *callback, zval *retval, uint32_t argc, zval *argv)
{
	zend_fcall_info_cache fcc = callback->fcc;
	zend_fcall_info fci = { 0 };
	zval ignored;
	zend_result result;

	fci.size = sizeof(fci);
	ZVAL_COPY_VALUE(&fci.function_name, &callback->callable);
	fci.retval = retval != NULL ? retval : &ignored;
	fci.params = argv;
	fci.param_count = argc;
	ZVAL_UNDEF(fci.retval);

	/* A suspended fiber would leave a turn hanging with its lease taken, its time running. A fatal error skips the unblocking: fibers stay
	 * blocked for the shutdown functions of that request (as under the engine's own ticks), the next request begins anew. */
	zend_fiber_switch_block();
	result = zend_call_function(&fci, fcc.function_handler != NULL ? &fcc : NULL);
	zend_fiber_switch_unblock();

	if (retval == NULL) {
		zval_ptr_dtor(&ignored);
	}
	if (EG(exception)) {
		return zend_is_unwind_exit(EG(exception)) || zend_is_graceful_exit(EG(exception)) ? PHP_AGENT_LEFT : PHP_AGENT_THREW;
	}
	if (PHP_AGENT_OUT_OF_MEMORY()) {
		return PHP_AGENT_LEFT;
	}
	if (result != SUCCESS) {
		zend_throw_error(NULL, "The callback could not be called");
		return PHP_AGENT_THREW;
	}
	return PHP_AGENT_RETURNED;
}

/* To the error log alone: a warning would go to the page of the visitor, and through error handlers that throw. */
static void log_handler(agent_str tool, zend_object *exception, const char *fault)
{
	zend_string *line;

	if (!PG(log_errors)) {
		return;
	}
	if (exception != NULL) {
		zval rv;
		zend_string *message = zval_get_string(zend_read_property_ex(zend_ce_exception, exception, ZSTR_KNOWN(ZEND_STR_MESSAGE), 1, &rv));
		zend_string *file = zval_get_string(zend_read_property_ex(zend_ce_exception, exception, ZSTR_KNOWN(ZEND_STR_FILE), 1, &rv));
		zend_long number = zval_get_long(zend_read_property_ex(zend_ce_exception, exception, ZSTR_KNOWN(ZEND_STR_LINE), 1, &rv));

		line = zend_strpprintf(0, "agent: the handler of tool %.*s threw %s: %s in %s:" ZEND_LONG_FMT,
			AGENT_STR_ARG(tool), ZSTR_VAL(exception->ce->name), ZSTR_VAL(message), ZSTR_VAL(file), number);
		zend_string_release(message);
		zend_string_release(file);
	} else {
		line = zend_strpprintf(0, "agent: the handler of tool %.*s %s", AGENT_STR_ARG(tool), fault);
	}
	php_log_err_with_severity(ZSTR_VAL(line), LOG_WARNING);
	zend_string_release(line);
}

static void failed(php_agent_answer *answer, agent_str tool, zend_object *exception, const char *fault)
{
	log_handler(tool, exception, fault);
	answer->result.outcome = AGENT_PHP_THREW;
}

/* A subclass may have skipped the constructor: its slots are then undefined. */
static void refused(php_agent_answer *answer, zend_object *refusal)
{
	const zval *status = php_agent_slot(refusal, php_agent_ce_refusal, "status");
	const zval *reason = php_agent_slot(refusal, php_agent_ce_refusal, "reason");
	zval rv;

	answer->result.outcome = AGENT_PHP_REFUSED;
	answer->result.status = Z_TYPE_P(status) == IS_LONG ? (int) Z_LVAL_P(status) : 400;
	if (Z_TYPE_P(reason) == IS_STRING) {
		answer->reason = zend_string_copy(Z_STR_P(reason));
	} else {
		answer->reason = zend_string_init(ZEND_STRL("refused"), 0);
	}
	answer->message = zval_get_string(zend_read_property_ex(zend_ce_exception, refusal, ZSTR_KNOWN(ZEND_STR_MESSAGE), 1, &rv));
}

/* From the handler's value to JSON text. An array that is empty is an empty object: tools answer objects. */
static php_agent_end returned(php_agent_answer *answer, agent_str tool, zval *value, bool swallow)
{
	const char *fault;

	ZVAL_DEREF(value);
	if (Z_TYPE_P(value) != IS_ARRAY) {
		failed(answer, tool, NULL, "returned no array");
		return PHP_AGENT_RETURNED;
	}
	if (zend_hash_num_elements(Z_ARRVAL_P(value)) == 0) {
		answer->json = zend_string_init(ZEND_STRL("{}"), 0);
	} else {
		answer->json = php_agent_encode(value, &fault);
		if (answer->json == NULL && fault == NULL) {
			if (zend_is_unwind_exit(EG(exception)) || zend_is_graceful_exit(EG(exception))) {
				return PHP_AGENT_LEFT;
			}
			if (!swallow) {
				return PHP_AGENT_THREW;
			}
			failed(answer, tool, EG(exception), NULL);
			zend_clear_exception();
			return PHP_AGENT_RETURNED;
		}
		if (answer->json == NULL) {
			failed(answer, tool, NULL, "returned an array that has no JSON form");
			return PHP_AGENT_RETURNED;
		}
	}
	answer->result.outcome = AGENT_PHP_RETURNED;
	return PHP_AGENT_RETURNED;
}

php_agent_end php_agent_handler_run(const php_agent_callback *handler, agent_str tool, zval *arguments, zval *context, bool swallow, php_agent_answer *answer)
{
	php_agent_callback own;
	php_agent_end end;
	zval argv[2], value;

	memset(answer, 0, sizeof(*answer));
	answer->result.outcome = AGENT_PHP_THREW;
	/* The handler may register another one in its place while it runs. */
	php_agent_callback_copy(&own, handler);
	ZVAL_COPY_VALUE(&argv[0], arguments);
	ZVAL_COPY_VALUE(&argv[1], context);
	end = php_agent_callback_call(&own, &value, 2, argv);

	if (end == PHP_AGENT_THREW && instanceof_function(EG(exception)->ce, php_agent_ce_refusal)) {
		refused(answer, EG(exception));
		zend_clear_exception();
		end = PHP_AGENT_RETURNED;
	} else if (end == PHP_AGENT_THREW && swallow) {
		failed(answer, tool, EG(exception), NULL);
		zend_clear_exception();
		end = PHP_AGENT_RETURNED;
	} else if (end == PHP_AGENT_RETURNED) {
		end = returned(answer, tool, &value, swallow);
	}
	zval_ptr_dtor(&value);
	zval_ptr_dtor(&argv[0]);
	zval_ptr_dtor(&argv[1]);
	php_agent_callback_clear(&own);
	/* Destructors ran just now. */
	if (end == PHP_AGENT_RETURNED && EG(exception)) {
		end = zend_is_unwind_exit(EG(exception)) || zend_is_graceful_exit(EG(exception)) ? PHP_AGENT_LEFT : PHP_AGENT_THREW;
	}
	if (end != PHP_AGENT_RETURNED) {
		php_agent_answer_clear(answer);
		return end;
	}
	answer->result.json = answer->json != NULL ? php_agent_view(answer->json) : AGENT_STR_EMPTY;
	answer->result.reason = answer->reason != NULL ? php_agent_view(answer->reason) : AGENT_STR_EMPTY;
	answer->result.message = answer->message != NULL ? php_agent_view(answer->message) : AGENT_STR_EMPTY;
	return PHP_AGENT_RETURNED;
}

void php_agent_answer_clear(php_agent_answer *answer)
{
	if (answer->json != NULL) {
		zend_string_release(answer->json);
	}
	if (answer->reason != NULL) {
		zend_string_release(answer->reason);
	}
	if (answer->message != NULL) {
		zend_string_release(answer->message);
	}
	memset(answer, 0, sizeof(*answer));
}

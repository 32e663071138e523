/* SPDX-License-Identifier: MIT
 * Open handles of the core: one list in the module globals, which request shutdown walks; and the check between two steps.
 * A handle is in the list from before it is opened, so that no longjmp loses it. */
#include "ext/bind/bind.h"

#include "zend_exceptions.h"
#include "zend_fibers.h"

php_agent_live *php_agent_live_new(php_agent_kind kind, php_agent_site *site)
{
	php_agent_live *live = ecalloc(1, sizeof(*live));

	live->kind = kind;
	live->clean = !CG(unclean_shutdown);
	live->aborted = (PG(connection_status) & PHP_CONNECTION_ABORTED) != 0;
	live->site = site;
	site->refs++;
	live->next = AGENT_G(live);
	AGENT_G(live) = live;
	return live;
}

void php_agent_live_close(php_agent_live *live)
{
	php_agent_live **link = &AGENT_G(live);

	while (*link != NULL && *link != live) {
		link = &(*link)->next;
	}
	if (*link == live) {
		*link = live->next;
	}
	agent_chat_close(live->chat);
	agent_call_close(live->call);
	agent_serve_close(live->serve);
	php_agent_site_unref(live->site);
	efree(live);
}

/* A fatal error unwinds the C frames that would have closed their handles; shutdown functions run before request shutdown and may
 * start new turns, also on the same session. */
void php_agent_live_sweep(void)
{
	php_agent_live *live = AGENT_G(live);

	while (CG(unclean_shutdown) && live != NULL) {
		php_agent_live *next = live->next;

		if (live->clean) {
			php_agent_live_close(live);
		}
		live = next;
	}
}

void php_agent_live_shutdown(void)
{
	while (AGENT_G(live) != NULL) {
		php_agent_live_close(AGENT_G(live));
	}
}

bool php_agent_live_has_session(zend_string *session)
{
	for (const php_agent_live *live = AGENT_G(live); live != NULL; live = live->next) {
		if (live->chat != NULL && agent_str_eq(agent_chat_session(live->chat), php_agent_view(session))) {
			return true;
		}
	}
	return false;
}

/* What the VM does at its interrupts, done here because a turn may keep the VM waiting for many seconds. The order is the VM's own:
 *  - the time limit: close, then zend_timeout(), as zend_call_function() does after an internal function. Waiting for the VM to do it
 *    would be the same error later, and a hard limit (NTS: _exit in the signal handler) might come first;
 *  - the memory limit, where it is noticed late: end the turn, leave the interrupt set, let the VM raise it;
 *  - anything else (pcntl's asynchronous signals, profilers): the interrupt function runs, again as in zend_call_function(); nothing of
 *    the core is on the stack, so the PHP code of a signal handler may run here. What it throws ends the turn. */
static bool interrupted(php_agent_live *live)
{
	if (!zend_atomic_bool_load_ex(&EG(vm_interrupt))) {
		return false;
	}
	zend_atomic_bool_store_ex(&EG(vm_interrupt), false);
	if (zend_atomic_bool_load_ex(&EG(timed_out))) {
		php_agent_live_close(live);
		zend_timeout();
		return true; /* not reached */
	}
	if (PHP_AGENT_OUT_OF_MEMORY()) {
		zend_atomic_bool_store_ex(&EG(vm_interrupt), true);
		return true;
	}
	if (zend_interrupt_function != NULL && EG(current_execute_data) != NULL) {
		zend_fiber_switch_block();
		zend_interrupt_function(EG(current_execute_data));
		zend_fiber_switch_unblock();
	}
	return false;
}

bool php_agent_live_goes_on(php_agent_live *live)
{
	if (EG(exception) || PHP_AGENT_OUT_OF_MEMORY() || interrupted(live) || EG(exception)) {
		return false;
	}
	if (!live->aborted && (PG(connection_status) & PHP_CONNECTION_ABORTED) != 0) {
		php_agent_throw_reason(php_agent_ce_cancelled, "client_left", "The client has left");
		return false;
	}
	return true;
}

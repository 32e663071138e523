/* SPDX-License-Identifier: MIT
 * agent_chat: the pull loop. The core gives an event and returns; then PHP code runs; then the core is asked for the next one.
 * No PHP code and no allocation of PHP's while a function of the core runs. */
#include "ext/bind/bind.h"

#include "zend_exceptions.h"

/* How long the core may wait at most before we look at the clock, the signals and the client. */
#define PHP_AGENT_TICK_MS 250

/* One event to the callback; takes over text and data, which were copied out of the core before. */
static bool tell(const php_agent_callback *on_event, agent_event_kind kind, zend_string *text, zval *data)
{
	zval event;
	php_agent_end end;

	php_agent_make_event(&event, kind, text, data);
	end = php_agent_callback_call(on_event, NULL, 1, &event);
	zval_ptr_dtor(&event);
	return end == PHP_AGENT_RETURNED && !EG(exception);
}

/* The views of an event die with the next step, so they are copied first. */
static bool tell_event(const php_agent_callback *on_event, const agent_event *event)
{
	zval data;

	if (!php_agent_decode_array(&data, event->data)) {
		return false;
	}
	return tell(on_event, event->kind, php_agent_zstr(event->text), &data);
}

/* RUN_PHP: the handler's answer goes back into the chat. An exception of the handler is the tool's failure, not the turn's. */
static bool run_handler(php_agent_live *live, const agent_event *event)
{
	const agent_config *config = agent_site_config(live->site->site);
	php_agent_answer answer;
	agent_error err = { 0 };
	zval arguments, context;
	int tool = event->tool;
	bool ok;

	if (tool < 0 || tool >= AGENT_TOOLS_MAX || (size_t) tool >= config->manifest.count || Z_TYPE(live->site->handlers[tool].callable) == IS_UNDEF) {
		/* A turn that is resumed after a crash, in a request that did not register the tool again. */
		agent_php_result none = { .outcome = AGENT_PHP_THREW, .json = AGENT_STR_EMPTY, .reason = AGENT_STR("no_handler"),
			.message = AGENT_STR("the tool has no handler in this request") };
		if (agent_chat_php_result(live->chat, &none, &err) != AGENT_OK) {
			php_agent_throw(&err);
			return false;
		}
		return true;
	}
	if (!php_agent_decode_array(&arguments, event->arguments)) {
		return false;
	}
	if (!php_agent_decode_array(&context, event->context)) {
		zval_ptr_dtor(&arguments);
		return false;
	}
	if (php_agent_handler_run(&live->site->handlers[tool], config->manifest.tools[tool].name, &arguments, &context, true, &answer) != PHP_AGENT_RETURNED) {
		return false;
	}
	ok = agent_chat_php_result(live->chat, &answer.result, &err) == AGENT_OK;
	php_agent_answer_clear(&answer);
	if (!ok) {
		php_agent_throw(&err);
	}
	return ok;
}

/* The last event: everything is copied, the chat is closed (the session is free again), then the callback hears of the end. */
static bool finish(php_agent_live *live, const php_agent_callback *on_event, const agent_event *event, zval *turn)
{
	zval data;
	zend_string *text;

	if (!php_agent_make_turn(turn, agent_chat_report(live->chat))) {
		php_agent_live_close(live);
		return false;
	}
	if (Z_TYPE(on_event->callable) == IS_UNDEF) {
		php_agent_live_close(live);
		return true;
	}
	if (!php_agent_decode_array(&data, event->data)) {
		php_agent_live_close(live);
		return false;
	}
	text = php_agent_zstr(event->text);
	php_agent_live_close(live);
	return tell(on_event, AGENT_EVENT_END, text, &data);
}

/* True: the turn is in *turn. False: an exception is set, or the VM is about to end the script. The handle is closed in every case. */
static bool pull(php_agent_live *live, const php_agent_callback *on_event, zval *turn)
{
	for (;;) {
		agent_event event = { 0 };
		agent_error err = { 0 };
		bool ok = true;

		if (agent_chat_step(live->chat, PHP_AGENT_TICK_MS, &event, &err) != AGENT_OK) {
			php_agent_live_close(live);
			php_agent_throw(&err);
			return false;
		}
		switch (event.kind) {
			case AGENT_EVENT_TICK:
				break;
			case AGENT_EVENT_RUN_PHP:
				ok = run_handler(live, &event);
				break;
			case AGENT_EVENT_END:
				return finish(live, on_event, &event, turn);
			default:
				if (Z_TYPE(on_event->callable) != IS_UNDEF) {
					ok = tell_event(on_event, &event);
				}
				break;
		}
		if (!ok || !php_agent_live_goes_on(live)) {
			php_agent_live_close(live);
			return false;
		}
	}
}

PHP_FUNCTION(agent_chat)
{
	zend_string *session, *message;
	zend_fcall_info fci = empty_fcall_info;
	zend_fcall_info_cache fcc = empty_fcall_info_cache;
	HashTable *list = NULL;
	php_agent_option options[] = {
		{ "subject", IS_STRING, NULL }, { "message_id", IS_STRING, NULL }, { "address", IS_STRING, NULL }, { "locale", IS_STRING, NULL },
		{ "utc_offset", IS_LONG, NULL }
	};
	agent_chat_options chat = { 0 };
	php_agent_callback on_event;
	php_agent_site *site;
	php_agent_live *live;
	agent_error err = { 0 };
	zval turn;
	bool ok;

	ZEND_PARSE_PARAMETERS_START(2, 4)
		Z_PARAM_STR(session)
		Z_PARAM_STR(message)
		Z_PARAM_OPTIONAL
		Z_PARAM_FUNC_OR_NULL(fci, fcc)
		Z_PARAM_ARRAY_HT(list)
	ZEND_PARSE_PARAMETERS_END();

	if (!php_agent_enabled() || !php_agent_options_read(list, 4, options, sizeof(options) / sizeof(options[0]))
			|| (site = php_agent_selected()) == NULL || php_agent_worker() == NULL) {
		RETURN_THROWS();
	}
	if (options[4].value != NULL && (Z_LVAL_P(options[4].value) < -1440 || Z_LVAL_P(options[4].value) > 1440)) {
		zend_argument_value_error(4, "must have minutes between -1440 and 1440 as option \"utc_offset\"");
		RETURN_THROWS();
	}
	php_agent_live_sweep();
	if (php_agent_live_has_session(session)) {
		zend_throw_error(NULL, "agent_chat(): a turn of this session is running in this request");
		RETURN_THROWS();
	}

	chat.session = php_agent_view(session);
	chat.message = php_agent_view(message);
	chat.has_subject = options[0].value != NULL;
	chat.subject = php_agent_option_str(&options[0]);
	chat.message_id = php_agent_option_str(&options[1]);
	chat.address = php_agent_option_str(&options[2]);
	chat.locale = php_agent_option_str(&options[3]);
	chat.utc_offset = options[4].value != NULL ? (int) Z_LVAL_P(options[4].value) : 0;
	chat.local_tools = site->local_tools;

	live = php_agent_live_new(PHP_AGENT_CHAT, site);
	if (agent_chat_open(site->site, &chat, &live->chat, &err) != AGENT_OK) {
		php_agent_live_close(live);
		php_agent_throw(&err);
		RETURN_THROWS();
	}
	/* Held by us: the callback may overwrite the variable that holds it, through a reference. */
	ZVAL_UNDEF(&on_event.callable);
	memset(&on_event.fcc, 0, sizeof(on_event.fcc));
	if (ZEND_FCI_INITIALIZED(fci)) {
		php_agent_callback_set(&on_event, &fci, &fcc);
	}
	ZVAL_UNDEF(&turn);
	ok = pull(live, &on_event, &turn);
	if (Z_TYPE(on_event.callable) != IS_UNDEF) {
		php_agent_callback_clear(&on_event);
	}
	if (!ok || EG(exception)) {
		zval_ptr_dtor(&turn);
		return;
	}
	RETURN_COPY_VALUE(&turn);
}

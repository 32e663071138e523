/* SPDX-License-Identifier: MIT
 * Module entry and version of the PHP extension `agent`.
 * Everything else: ext/bind/. */
#ifndef PHP_AGENT_H
#define PHP_AGENT_H

#define PHP_AGENT_VERSION "0.1.0-dev"

extern zend_module_entry agent_module_entry;
#define phpext_agent_ptr &agent_module_entry

#endif

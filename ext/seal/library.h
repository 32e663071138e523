/* SPDX-License-Identifier: MIT
 * What the files of seal/ share: a failure of the library in our words.
 * Not for anyone outside. */
#ifndef AGENT_SEAL_LIBRARY_H
#define AGENT_SEAL_LIBRARY_H

#include "ext/base/error.h"

/* Drains the error queue, which belongs to the thread and is read by curl and PHP's own OpenSSL too: nothing
 * of ours may stay in it. Our arguments are always valid, so what fails is an algorithm that is missing, or
 * memory. */
agent_status agent_seal_failed(const char *what, agent_error *err);

#endif

/* SPDX-License-Identifier: MIT
 * Runs a scenario again and again, each time with another allocation failing (ours and the libraries').
 * A scenario frees all it made, checks its own results, and returns AGENT_ERR for every failure. */
#ifndef AGENT_TESTS_TORTURE_H
#define AGENT_TESTS_TORTURE_H

#include "ext/base/error.h"

typedef agent_status (*torture_scenario)(void *state, agent_error *err);

/* Fails the running cmocka test when the scenario crashes, leaks, reports success with a wrong result (it then returns
 * AGENT_DOMAIN_INTERNAL) or fails although nothing was made to fail. Without the interposer (ASan build) it runs the scenario once. */
void torture(const char *name, torture_scenario scenario, void *state);

/* From here on every allocation fails, or none does any more: for what must work without memory. Nothing in the ASan build. */
void torture_starve(bool every);

#endif

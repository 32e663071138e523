/* SPDX-License-Identifier: MIT
 * The failing allocator: this file's malloc replaces libc's in the torture build (-DAGENT_TORTURE).
 * Freed blocks are overwritten, so that a use after free shows. */
#include "tests/support/torture.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#ifdef AGENT_TORTURE

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void __libc_free(void *block);

static long countdown = -1; /* -1: not armed */
static bool failed;
static bool starving;
static long live;

static bool refuse(void)
{
	if (starving) {
		return true;
	}
	if (countdown < 0) {
		return false;
	}
	if (countdown-- == 0) {
		failed = true;
		countdown = -1;
		return true;
	}
	return false;
}

void *malloc(size_t size)
{
	void *p = refuse() ? NULL : __libc_malloc(size);
	live += p != NULL;
	return p;
}

void *calloc(size_t count, size_t size)
{
	void *p = refuse() ? NULL : __libc_calloc(count, size);
	live += p != NULL;
	return p;
}

void *realloc(void *block, size_t size)
{
	if (refuse()) {
		return NULL;
	}
	void *p = __libc_realloc(block, size);
	live += block == NULL && p != NULL;
	return p;
}

void free(void *block)
{
	if (block != NULL) {
		live--;
		memset(block, 0xDD, malloc_usable_size(block));
		__libc_free(block);
	}
}

void torture_starve(bool every)
{
	starving = every;
}

void torture(const char *name, torture_scenario scenario, void *state)
{
	agent_error err = { 0 };
	if (scenario(state, &err) != AGENT_OK) { /* also fills caches that live as long as the process */
		fail_msg("%s: fails without a failing allocation: %s", name, err.message);
	}
	for (long n = 0;; n++) {
		err = (agent_error){ 0 };
		failed = false;
		long before = live;
		countdown = n;
		agent_status status = scenario(state, &err);
		countdown = -1;
		if (status != AGENT_OK && err.domain == AGENT_DOMAIN_INTERNAL) {
			fail_msg("%s: allocation %ld failing gives a wrong result: %s", name, n, err.message);
		}
		if (live != before) {
			fail_msg("%s: allocation %ld failing leaks %ld blocks", name, n, live - before);
		}
		if (!failed) {
			if (status != AGENT_OK) {
				fail_msg("%s: fails without a failing allocation: %s", name, err.message);
			}
			printf("# %s: %ld allocations\n", name, n);
			return;
		}
		if (n > 1000000) {
			fail_msg("%s: does not end", name);
		}
	}
}

#else

void torture_starve(bool every)
{
	(void)every;
}

void torture(const char *name, torture_scenario scenario, void *state)
{
	agent_error err = { 0 };
	if (scenario(state, &err) != AGENT_OK) {
		fail_msg("%s: %s", name, err.message);
	}
}

#endif

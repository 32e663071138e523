/* SPDX-License-Identifier: MIT
 * The one door to malloc, so that tests can make each allocation fail in turn.
 * Nothing of ZendMM. */
#include "ext/base/alloc.h"

#include <stdint.h>
#include <stdlib.h>

void *agent_malloc(size_t size)
{
	return malloc(size > 0 ? size : 1);
}

void *agent_calloc(size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size) {
		return NULL;
	}
	return calloc(count > 0 ? count : 1, size > 0 ? size : 1);
}

void *agent_realloc(void *block, size_t size)
{
	return realloc(block, size > 0 ? size : 1);
}

void agent_free(void *block)
{
	free(block);
}

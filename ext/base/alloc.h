/* SPDX-License-Identifier: MIT
 * The one door to malloc.
 * No ceiling here: buffers and arenas carry their own. */
#ifndef AGENT_BASE_ALLOC_H
#define AGENT_BASE_ALLOC_H

#include <stddef.h>

/* NULL on failure, like malloc. Sizes of 0 give a block that can be freed. */
void *agent_malloc(size_t size);
/* Zeroed; NULL also when count * size overflows. */
void *agent_calloc(size_t count, size_t size);
void *agent_realloc(void *block, size_t size);
void agent_free(void *block);

#endif

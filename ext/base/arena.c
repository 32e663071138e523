/* SPDX-License-Identifier: MIT
 * The arena: a list of blocks.
 * Nothing in it is freed alone. */
#include "ext/base/arena.h"

#include <stddef.h>

#include "ext/base/alloc.h"

#define BLOCK_SIZE ((size_t)8192)

typedef struct block {
	struct block *next;
	size_t used;
	size_t size;
	max_align_t data[];
} block;

struct agent_arena {
	block *blocks;
	size_t used;
	size_t limit;
	bool over_limit;
};

agent_arena *agent_arena_new(size_t limit)
{
	agent_arena *arena = agent_calloc(1, sizeof *arena);
	if (arena != NULL) {
		arena->limit = limit;
	}
	return arena;
}

void agent_arena_free(agent_arena *arena)
{
	if (arena == NULL) {
		return;
	}
	for (block *b = arena->blocks; b != NULL;) {
		block *next = b->next;
		agent_free(b);
		b = next;
	}
	agent_free(arena);
}

static block *block_for(agent_arena *arena, size_t size)
{
	block *first = arena->blocks;
	if (first != NULL && first->size - first->used >= size) {
		return first;
	}
	size_t room = size > BLOCK_SIZE / 4 ? size : BLOCK_SIZE;
	block *b = agent_malloc(sizeof *b + room);
	if (b == NULL) {
		return NULL;
	}
	b->used = 0;
	b->size = room;
	if (room == size && first != NULL) { /* a block of its own; the current one keeps its free rest */
		b->next = first->next;
		first->next = b;
	} else {
		b->next = first;
		arena->blocks = b;
	}
	return b;
}

void *agent_arena_alloc(agent_arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	if (size > arena->limit - arena->used || size > SIZE_MAX - align) {
		arena->over_limit = true;
		return NULL;
	}
	size_t rounded = size == 0 ? align : (size + align - 1) / align * align;
	block *b = block_for(arena, rounded);
	if (b == NULL) {
		arena->over_limit = false;
		return NULL;
	}
	void *p = (char *)b->data + b->used;
	b->used += rounded;
	arena->used = rounded > arena->limit - arena->used ? arena->limit : arena->used + rounded;
	memset(p, 0, rounded);
	return p;
}

void *agent_arena_array(agent_arena *arena, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size) {
		arena->over_limit = true;
		return NULL;
	}
	return agent_arena_alloc(arena, count * size);
}

bool agent_arena_dup(agent_arena *arena, agent_str text, agent_str *out)
{
	*out = AGENT_STR_EMPTY;
	char *copy = agent_arena_alloc(arena, text.len + 1);
	if (copy == NULL) {
		return false;
	}
	memcpy(copy, text.ptr, text.len);
	*out = (agent_str){ copy, text.len };
	return true;
}

agent_status agent_arena_fail(const agent_arena *arena, agent_error *err)
{
	if (arena->over_limit) {
		return agent_fail(err, AGENT_DOMAIN_LIMIT, "too_large", "more than %zu bytes of memory would be needed", arena->limit);
	}
	return agent_fail_memory(err);
}

size_t agent_arena_used(const agent_arena *arena)
{
	return arena->used;
}

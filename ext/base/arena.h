/* SPDX-License-Identifier: MIT
 * Memory that lives and dies together: one arena per turn, with a ceiling.
 * Nothing in it is freed alone. */
#ifndef AGENT_BASE_ARENA_H
#define AGENT_BASE_ARENA_H

#include "ext/base/error.h"

typedef struct agent_arena agent_arena;

/* limit: bytes that may be handed out in all. NULL when out of memory. */
agent_arena *agent_arena_new(size_t limit);
/* NULL is allowed. */
void agent_arena_free(agent_arena *arena);
/* Zeroed, aligned for any type; NULL at the ceiling or when out of memory. */
void *agent_arena_alloc(agent_arena *arena, size_t size);
void *agent_arena_array(agent_arena *arena, size_t count, size_t size);
/* Copies text (with a NUL behind it) and points *out at the copy; false at the ceiling or when out of memory, *out then empty. */
bool agent_arena_dup(agent_arena *arena, agent_str text, agent_str *out) AGENT_MUST_USE;
/* The failure of the last call that returned NULL or false. */
agent_status agent_arena_fail(const agent_arena *arena, agent_error *err);
size_t agent_arena_used(const agent_arena *arena);

#endif

/* SPDX-License-Identifier: MIT
 * How well a tool's examples and description fit a message.
 * Compares words; what a message holds for a tool's arguments is found in local_arguments.c. */
#include "ext/brain/local.h"

/* "get_order_status" as words. */
static agent_str spaced(agent_str name, char *room, size_t size)
{
	size_t len = name.len < size ? name.len : size;
	for (size_t i = 0; i < len; i++) {
		room[i] = name.ptr[i] == '_' || name.ptr[i] == '-' ? ' ' : name.ptr[i];
	}
	return (agent_str){ room, len };
}

int agent_local_score(agent_local *local, const agent_tool *tool, const agent_local_words *words,
	const agent_local_words *all, uint64_t *hits)
{
	char room[64];
	int best = 0;
	*hits = agent_local_hits(local, words, tool->description, NULL)
		| agent_local_hits(local, words, spaced(tool->name, room, sizeof room), NULL);
	if (words->total == 0) {
		return 0;
	}
	for (size_t i = 0; i < tool->example_count; i++) {
		int others = 0;
		uint64_t shared = agent_local_hits(local, words, tool->examples[i], &others);
		int weight = agent_local_weight(words, shared);
		int content = weight == 0 ? 0 : 2000 * weight / (words->total + weight + others);
		int score = (content + agent_local_alike(local, all, tool->examples[i])) * 35 / 100;
		best = score > best ? score : best;
		*hits |= shared;
	}
	return best + 300 * agent_local_weight(words, *hits) / words->total;
}

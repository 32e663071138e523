/* SPDX-License-Identifier: MIT
 * Packing blocks into chunks: a heading begins one, a full one ends at a paragraph or a sentence.
 * Marks are markdown.c's, sentences text/'s. */
#include "ext/memory/chunk.h"

#include "ext/memory/markdown.h"
#include "ext/text/utf8.h"
#include "ext/text/words.h"

#define ENOUGH 600               /* from here on a paragraph that does not fit begins a new chunk */
#define REST 200                 /* a last piece shorter than this joins the one before it */
#define LEVELS 6

typedef struct splitter {
	agent_arena *arena;
	agent_error *err;
	agent_chunk *chunks;
	size_t count, room;
	size_t section;              /* number of the first chunk under the current heading */
	agent_str headings[LEVELS];
	agent_str path;
	int level;                   /* of the current heading, 0: none yet */
	agent_block_kind last;
	agent_buf text;              /* the chunk being filled */
} splitter;

static agent_status push(splitter *s, agent_str text)
{
	if (s->count == AGENT_CHUNK_MAX) {
		return agent_fail(s->err, AGENT_DOMAIN_KNOWLEDGE, "too_large",
			"the document has more than %d passages: split it", AGENT_CHUNK_MAX);
	}
	if (s->count == s->room) {
		size_t room = s->room == 0 ? 16 : s->room * 2;
		agent_chunk *larger = agent_arena_array(s->arena, room, sizeof *larger);
		if (larger == NULL) {
			return agent_arena_fail(s->arena, s->err);
		}
		if (s->count > 0) {
			memcpy(larger, s->chunks, s->count * sizeof *larger);
		}
		s->chunks = larger;
		s->room = room;
	}
	agent_chunk *chunk = &s->chunks[s->count];
	chunk->heading = s->path;
	if (!agent_arena_dup(s->arena, text, &chunk->text)) {
		return agent_arena_fail(s->arena, s->err);
	}
	s->count++;
	return AGENT_OK;
}

/* Puts the filled chunk away. `last`: the section ends here, so a short rest may join the chunk before it. */
static agent_status flush(splitter *s, bool last)
{
	agent_status status = agent_buf_check(&s->text, "a passage", s->err);
	agent_str text = agent_str_trim(agent_buf_str(&s->text));
	if (status != AGENT_OK || text.len == 0) {
		agent_buf_reset(&s->text);
		return status;
	}
	agent_chunk *before = last && text.len < REST && s->count > s->section ? &s->chunks[s->count - 1] : NULL;
	if (before != NULL && before->text.len + text.len < AGENT_CHUNK_BYTES + REST) {
		char *joined = agent_arena_alloc(s->arena, before->text.len + text.len + 2);
		if (joined == NULL) {
			return agent_arena_fail(s->arena, s->err);
		}
		memcpy(joined, before->text.ptr, before->text.len);
		joined[before->text.len] = '\n';
		memcpy(joined + before->text.len + 1, text.ptr, text.len);
		before->text = (agent_str){ joined, before->text.len + 1 + text.len };
	} else {
		status = push(s, text);
	}
	agent_buf_reset(&s->text);
	return status;
}

static agent_status make_path(splitter *s)
{
	agent_buf path;
	agent_buf_init(&path, LEVELS * 400);
	for (int i = 0; i < LEVELS; i++) {
		if (s->headings[i].len > 0) {
			if (path.len > 0) {
				agent_buf_add_lit(&path, " \xe2\x80\x93 ");
			}
			agent_buf_add(&path, s->headings[i]);
		}
	}
	agent_status status = agent_buf_check(&path, "a heading", s->err);
	if (status == AGENT_OK && !agent_arena_dup(s->arena, agent_buf_str(&path), &s->path)) {
		status = agent_arena_fail(s->arena, s->err);
	}
	agent_buf_clear(&path);
	return status;
}

/* A section that is over without a word of text: its heading is all it says, so that becomes the text. */
static agent_status end_section(splitter *s, int next_level)
{
	if (flush(s, true) != AGENT_OK) {
		return AGENT_ERR;
	}
	if (s->level > 0 && s->count == s->section && next_level <= s->level) {
		return push(s, s->headings[s->level - 1]);
	}
	return AGENT_OK;
}

static agent_status add_heading(splitter *s, const agent_block *block)
{
	if (end_section(s, block->level) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_str text = agent_str_cut(block->text, 0, agent_utf8_cut(block->text, 300));
	if (!agent_arena_dup(s->arena, text, &s->headings[block->level - 1])) {
		return agent_arena_fail(s->arena, s->err);
	}
	for (int i = block->level; i < LEVELS; i++) {
		s->headings[i] = AGENT_STR_EMPTY;
	}
	s->level = block->level;
	s->section = s->count;
	return make_path(s);
}

static void separate(splitter *s, agent_block_kind kind)
{
	if (s->text.len > 0) {
		bool close = kind == AGENT_BLOCK_ITEM && s->last != AGENT_BLOCK_CODE;
		agent_buf_add(&s->text, close ? AGENT_STR("\n") : AGENT_STR("\n\n"));
	}
}

/* Sentence after sentence, so that no chunk ends inside of one that would fit a chunk. */
static agent_status add_sentences(splitter *s, agent_str text)
{
	while (text.len > 0) {
		size_t len = agent_sentence_end(text, true);
		if (len == 0 || len > AGENT_CHUNK_BYTES) {
			len = agent_utf8_cut(text, AGENT_CHUNK_BYTES);
		}
		agent_str sentence = agent_str_cut(text, 0, len);
		if (s->text.len > 0 && s->text.len + agent_str_trim(sentence).len > AGENT_CHUNK_BYTES
			&& flush(s, false) != AGENT_OK) {
			return AGENT_ERR;
		}
		agent_buf_add(&s->text, sentence);
		text = agent_str_from(text, len);
	}
	return AGENT_OK;
}

static agent_status add_text(splitter *s, const agent_block *block)
{
	bool fits = s->text.len + 2 + block->text.len <= AGENT_CHUNK_BYTES;
	if (!fits && s->text.len >= ENOUGH && flush(s, false) != AGENT_OK) {
		return AGENT_ERR;
	}
	separate(s, block->kind);
	s->last = block->kind;
	return add_sentences(s, block->text);
}

agent_status agent_chunk_split(agent_str text, agent_arena *arena, agent_chunk **out, size_t *count,
	agent_error *err)
{
	splitter s = { .arena = arena, .err = err, .path = AGENT_STR_EMPTY };
	agent_markdown reader = { text, 0 };
	agent_block block;
	agent_buf plain;
	agent_status status = AGENT_OK;
	for (int i = 0; i < LEVELS; i++) {
		s.headings[i] = AGENT_STR_EMPTY;
	}
	agent_buf_init(&s.text, 8 * AGENT_CHUNK_BYTES);
	agent_buf_init(&plain, text.len + 4096);
	while (status == AGENT_OK && agent_markdown_next(&reader, &plain, &block)) {
		status = block.kind == AGENT_BLOCK_HEADING ? add_heading(&s, &block) : add_text(&s, &block);
	}
	if (status == AGENT_OK) {
		status = agent_buf_check(&plain, "the document", err);
	}
	if (status == AGENT_OK) {
		status = end_section(&s, 0);
	}
	agent_buf_clear(&plain);
	agent_buf_clear(&s.text);
	*out = status == AGENT_OK ? s.chunks : NULL;
	*count = status == AGENT_OK ? s.count : 0;
	return status;
}

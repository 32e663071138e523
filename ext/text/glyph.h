/* SPDX-License-Identifier: MIT
 * What a reader sees: characters with look-alike digits, blanks and signs made plain, and the invisible ones left out.
 * Judges nothing; no allocation. */
#ifndef AGENT_TEXT_GLYPH_H
#define AGENT_TEXT_GLYPH_H

#include "ext/text/utf8.h"

/* One visible character. A figure written in full-width or Arabic digits, with a no-break blank or with a zero-width
 * character inside reads as the plain one: otherwise each of these would be a way around the ground check. */
typedef struct agent_glyph {
	uint32_t c;                  /* made plain; 0 at the end of the text */
	size_t start, next;          /* bytes; invisible characters behind it belong to it */
} agent_glyph;

/* The glyph at or after pos. Blanks give ' ', line breaks '\n', hyphens and minus '-', longer dashes U+2013. Markdown's
 * emphasis and bare tags are not seen either: "**5**00" reads 500. */
agent_glyph agent_glyph_at(agent_str text, size_t pos);
/* The same with markup kept, so that a glyph does not depend on the text behind it. */
agent_glyph agent_glyph_raw_at(agent_str text, size_t pos);
/* The glyph that ends at pos, 0 at the start of the text. */
uint32_t agent_glyph_before(agent_str text, size_t pos);
/* Where what one sees of text[start … end) ends, without the invisible things behind its last glyph. */
size_t agent_glyph_seen_end(agent_str text, size_t start, size_t end);
/* Behind the blanks at pos; at most one line break is crossed (a paragraph's end stays where it is). */
size_t agent_glyph_skip_blanks(agent_str text, size_t pos);
/* Do glyphs at pos spell this ASCII text (case aside)? *next is then the place behind it. */
bool agent_glyph_spells(agent_str text, size_t pos, const char *ascii, size_t *next);
/* The run of ASCII-able letters at pos, lower case, without accents, NUL-terminated; "" where there is none or it is
 * longer than size - 1. *next: behind the run. */
void agent_glyph_word_at(agent_str text, size_t pos, char *word, size_t size, size_t *next);

/* True for what a reader does not see: zero-width and format characters, combining marks, variation selectors. */
bool agent_glyph_hidden(uint32_t c);
/* Lower case without accents: one or two code points. */
size_t agent_glyph_fold(uint32_t c, uint32_t out[2]);

/* All of these take a glyph's c. */
bool agent_glyph_letter(uint32_t c);
bool agent_glyph_lower(uint32_t c);

static inline bool agent_glyph_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static inline bool agent_glyph_word(uint32_t c)
{
	return agent_glyph_digit(c) || agent_glyph_letter(c);
}

static inline bool agent_glyph_blank(uint32_t c)
{
	return c == ' ' || c == '\n';
}

/* ASCII letters only. */
static inline uint32_t agent_glyph_small(uint32_t c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

#endif

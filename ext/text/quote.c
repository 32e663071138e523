/* SPDX-License-Identifier: MIT
 * Quotations: which marks open, which close.
 * Whether a quotation is true is the ground check's matter. */
#include "ext/text/glyph.h"
#include "ext/text/recognise.h"
#include "ext/text/words.h"

static bool doubled(uint32_t c)
{
	return c == '"' || (c >= 0x201c && c <= 0x201f) || c == 0x2033 || c == 0x301d || c == 0x301e;
}

/* Does c open a quotation? A double mark behind a digit is inches. */
static bool opens(uint32_t c, uint32_t before)
{
	switch (c) {
		case 0xab:
		case 0xbb:
		case 0x2039:
		case 0x300c:
		case 0x300e:
			return true;
		case '"':
		case 0x2033:
			return !agent_glyph_digit(before);
		case 0x201d:
			return !agent_glyph_word(before) && before != '.' && before != '!' && before != '?';
		default:
			return doubled(c);
	}
}

/* Models mix straight and curly marks, so that any double mark closes any other; only “ inside “…” does
 * not. */
static bool closes(uint32_t c, uint32_t opener)
{
	switch (opener) {
		case 0xab:
			return c == 0xbb;
		case 0xbb:
			return c == 0xab;
		case 0x2039:
			return c == 0x203a;
		case 0x300c:
			return c == 0x300d;
		case 0x300e:
			return c == 0x300f;
		case 0x201c:
			return doubled(c) && c != 0x201c;
		default:
			return doubled(c);
	}
}

static void close_at(agent_quote *quote, size_t end, bool closed)
{
	quote->len = end - quote->start;
	quote->closed = closed;
}

#define SINGLE_MOST ((size_t)600)

/* Where the quotation in single marks closes that this glyph opens; 0: it is an apostrophe. */
static size_t single_close(agent_str text, agent_glyph opener, uint32_t before)
{
	size_t pos = opener.start;
	uint32_t raw = agent_utf8_next(text, &pos);
	bool mark = raw == '\'' || raw == 0x2018 || raw == 0x201a;
	if (!mark || agent_glyph_word(before) || before == '\'' || !agent_glyph_letter(agent_glyph_at(text, opener.next).c)) {
		return 0;
	}
	uint32_t last = ' ';
	for (agent_glyph glyph = agent_glyph_at(text, opener.next); glyph.c != 0 && glyph.start - opener.next < SINGLE_MOST;
		glyph = agent_glyph_at(text, glyph.next)) {
		if (glyph.c == '\'' && !agent_glyph_blank(last) && !agent_glyph_word(agent_glyph_at(text, glyph.next).c)) {
			return glyph.start;
		}
		if (glyph.c == '\n' && last == '\n') {
			return 0;
		}
		last = glyph.c;
	}
	return 0;
}

bool agent_quote_next(agent_str text, size_t *pos, agent_quote *quote)
{
	uint32_t opener = 0;
	uint32_t before = agent_glyph_before(text, *pos);
	agent_glyph glyph = agent_glyph_at(text, *pos);
	for (; glyph.c != 0; glyph = agent_glyph_at(text, glyph.next)) {
		size_t single = opener == 0 && (glyph.c == '\'' || glyph.c == 0x201a) ? single_close(text, glyph, before) : 0;
		if (single != 0) {
			*quote = (agent_quote){ .start = glyph.next, .mark = glyph.start };
			close_at(quote, single, true);
			*pos = agent_glyph_at(text, single).next;
			return true;
		}
		if (opener == 0 && opens(glyph.c, before)) {
			opener = glyph.c;
			*quote = (agent_quote){ .start = glyph.next, .mark = glyph.start };
		} else if (opener != 0 && closes(glyph.c, opener)) {
			close_at(quote, glyph.start, true);
			*pos = glyph.next;
			return true;
		} else if (opener != 0 && glyph.c == '\n' && before == '\n') {
			break; /* a mark that nobody closed does not reach into the next paragraph */
		}
		before = glyph.c;
	}
	*pos = glyph.start;
	if (opener == 0) {
		return false;
	}
	close_at(quote, glyph.start, false);
	return true;
}

bool agent_quote_says(agent_str inner)
{
	size_t pos = 0;
	int words = 0;
	agent_str word;
	while (words < 2 && agent_word_next(inner, &pos, &word)) {
		/* Chinese and Japanese put no blanks between words. */
		size_t first = 0;
		words += agent_utf8_next(word, &first) >= 0x2e80 && word.len >= 12 ? 2 : 1;
	}
	return words >= 2;
}

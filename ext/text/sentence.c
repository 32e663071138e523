/* SPDX-License-Identifier: MIT
 * Where a sentence ends, decided by the text alone, whatever the borders of the chunks it came in.
 * No judgement of what a sentence says. */
#include "ext/text/words.h"

#include "ext/text/glyph.h"

/* A run without an end is cut here, so that a reader does not wait for ever. */
#define RUN 1000

/* Each question about the text that follows has a third answer: ask again when there is more. Nothing may
 * be decided against a possible end before it, or the answer would depend on how much had come. */
typedef enum answer {
	NO, YES, WAIT
} answer;

typedef struct scan {
	agent_str text;
	bool last;                   /* no more text will come */
	size_t line;                 /* where the current line begins, behind its blanks */
} scan;

static answer at_end(const scan *s)
{
	return s->last ? NO : WAIT;
}

/* --- lists, headings, tables ---------------------------------------------------------------------------- */

/* "1." "12)" "a)" and a blank. */
static answer numbered(const scan *s, size_t pos)
{
	int digits = 0;
	agent_glyph glyph = agent_glyph_raw_at(s->text, pos);
	for (; agent_glyph_digit(glyph.c) && digits < 4; digits++) {
		glyph = agent_glyph_raw_at(s->text, glyph.next);
	}
	if (digits == 0 && agent_glyph_letter(glyph.c)) {
		glyph = agent_glyph_raw_at(s->text, glyph.next);
		if (glyph.c != ')') {
			return glyph.c == 0 ? at_end(s) : NO;
		}
	}
	if (digits > 3 || (glyph.c != '.' && glyph.c != ')') || (digits == 0 && glyph.c == '.')) {
		return glyph.c == 0 && digits < 4 ? at_end(s) : NO;
	}
	glyph = agent_glyph_raw_at(s->text, glyph.next);
	return agent_glyph_blank(glyph.c) ? YES : glyph.c == 0 ? at_end(s) : NO;
}

/* Does a list item, heading, quotation or table row begin here? */
static answer begins_block(const scan *s, size_t pos)
{
	agent_glyph glyph = agent_glyph_raw_at(s->text, pos);
	switch (glyph.c) {
		case 0:
			return at_end(s);
		case '>':
		case '|':
			return YES;
		case '#':
			while (glyph.c == '#') {
				glyph = agent_glyph_raw_at(s->text, glyph.next);
			}
			break;
		case '-':
		case '*':
		case '+':
		case 0x2013:
		case 0x2022:
		case 0x2023:
		case 0x25e6:
		case 0x25aa:
		case 0xb7:
			glyph = agent_glyph_raw_at(s->text, glyph.next);
			break;
		default:
			return numbered(s, pos);
	}
	return agent_glyph_blank(glyph.c) ? YES : glyph.c == 0 ? at_end(s) : NO;
}

/* --- abbreviations -------------------------------------------------------------------------------------- */

static bool listed(agent_str word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (agent_str_eq_nocase(word, agent_str_cstr(list[i]))) {
			return true;
		}
	}
	return false;
}

static bool ascii_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "e.g", "U.S", but not "p.m", which may well end a sentence. */
static bool dotted(agent_str word)
{
	if (word.len < 3 || word.len % 2 == 0 || agent_str_eq_nocase(word, AGENT_STR("a.m")) ||
		agent_str_eq_nocase(word, AGENT_STR("p.m"))) {
		return false;
	}
	for (size_t i = 0; i < word.len; i++) {
		if (i % 2 == 0 ? !ascii_letter(word.ptr[i]) : word.ptr[i] != '.') {
			return false;
		}
	}
	return true;
}

/* "24. November": the day of a date, once the word behind it is whole. */
static answer month_follows(const scan *s, size_t pos)
{
	static const char *const months[] = {
		"january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
		"november", "december", "januar", "februar", "marz", "mai", "juni", "juli", "oktober", "dezember",
	};
	char word[12] = "";
	size_t len = 0;
	agent_glyph glyph = agent_glyph_raw_at(s->text, pos);
	for (; agent_glyph_letter(glyph.c); glyph = agent_glyph_raw_at(s->text, glyph.next)) {
		uint32_t folded[2];
		agent_glyph_fold(glyph.c, folded);
		word[len < sizeof word - 1 ? len++ : 0] = (char)(folded[0] < 0x80 ? folded[0] : '?');
	}
	if (glyph.c == 0 && !s->last) {
		return WAIT;
	}
	return listed(agent_str_cstr(word), months, sizeof months / sizeof *months) ? YES : NO;
}

static answer number_goes_on(const scan *s, agent_str word, size_t start, size_t following)
{
	if (word.len <= 3 && start == s->line) {
		return YES; /* the marker of a list item */
	}
	return word.len <= 2 ? month_follows(s, following) : NO;
}

/* Is the full stop at `dot` part of an abbreviation or of a number, with a sentence that goes on at
 * `following`? */
static answer stop_of_word(const scan *s, size_t dot, size_t following)
{
	static const char *const always[] = {
		"dr", "mr", "mrs", "ms", "prof", "rev", "hon", "gen", "sen", "rep", "st", "mt", "messrs", "vs", "cf",
		"eg", "ie", "viz", "approx", "ca", "incl", "excl", "resp", "bzw", "ggf", "attn", "dept", "cust",
	};
	static const char *const before_figures[] = {
		"no", "nos", "nr", "art", "sec", "fig", "vol", "ch", "p", "pp", "par", "para", "abs", "ext", "tel",
		"max", "min", "ver", "v", "rev", "pos", "ref", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
		"sept", "oct", "nov", "dec", "rs", "fr", "ed", "item",
	};
	const char *text = s->text.ptr;
	size_t start = dot;
	bool figure = true;
	while (start > 0 && (ascii_letter(text[start - 1]) || text[start - 1] == '.' ||
		(text[start - 1] >= '0' && text[start - 1] <= '9'))) {
		start--;
		figure &= text[start] >= '0' && text[start] <= '9';
	}
	agent_str word = agent_str_cut(s->text, start, dot - start);
	if (word.len == 0 || (start > 0 && (unsigned char)text[start - 1] >= 0x80)) {
		return NO;
	}
	if (figure) {
		return number_goes_on(s, word, start, following);
	}
	uint32_t next = agent_glyph_raw_at(s->text, following).c;
	if ((agent_glyph_digit(next) || next == '#') &&
		listed(word, before_figures, sizeof before_figures / sizeof *before_figures)) {
		return YES;
	}
	if (word.len == 1 && word.ptr[0] >= 'A' && word.ptr[0] <= 'Z' && word.ptr[0] != 'I') {
		return YES; /* an initial */
	}
	return dotted(word) || listed(word, always, sizeof always / sizeof *always) ? YES : NO;
}

/* --- ends ----------------------------------------------------------------------------------------------- */

static bool wide_stop(uint32_t c)
{
	return c == 0x3002 || c == 0xff61 || c == 0x203c || c == 0x2047;
}

static bool is_stop(uint32_t c)
{
	return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x061f || c == 0x06d4 || c == 0x0964 ||
		wide_stop(c);
}

static bool is_closer(uint32_t c)
{
	switch (c) {
		case ')':
		case ']':
		case '}':
		case '"':
		case '\'':
		case '*':
		case '_':
		case '`':
		case '~':
		case 0x201c:
		case 0x201d:
		case 0xbb:
		case 0xab:
		case 0x203a:
		case 0x300d:
		case 0x300f:
		case 0x3011:
			return true;
		default:
			return false;
	}
}

/* Full-width ! and ? end a sentence without a blank; the plain forms that glyphs give them do not tell, so
 * look at the bytes. The full-width point does not: it stands in figures. */
static bool wide_here(agent_str text, agent_glyph glyph)
{
	size_t pos = glyph.start;
	uint32_t c = agent_utf8_next(text, &pos);
	return wide_stop(c) || c == 0xff01 || c == 0xff1f;
}

/* Behind the blanks at pos; *breaks counts the line breaks among them. */
static agent_glyph behind_blanks(agent_str text, size_t pos, int *breaks)
{
	agent_glyph glyph = agent_glyph_raw_at(text, pos);
	for (*breaks = 0; agent_glyph_blank(glyph.c); glyph = agent_glyph_raw_at(text, glyph.next)) {
		*breaks += glyph.c == '\n';
	}
	return glyph;
}

/* At a line break. YES: *end is set; NO: the sentence goes on in the next line. */
static answer line_ends(scan *s, size_t pos, size_t *end)
{
	int breaks;
	agent_glyph next = behind_blanks(s->text, pos, &breaks);
	*end = next.start;
	if (next.c == 0) {
		return s->last ? YES : WAIT;
	}
	if (breaks > 1) {
		return YES;
	}
	answer block = begins_block(s, next.start);
	if (block == NO) {
		scan line = *s;
		line.last = true;
		block = begins_block(&line, s->line) == YES && !agent_glyph_lower(next.c) ? YES : NO;
	}
	if (block == NO) {
		s->line = next.start;
	}
	return block;
}

/* At the first of . ! ? … — *pos is moved behind the stops and the closing marks. YES: *end is set. */
static answer stop_ends(const scan *s, size_t *pos, size_t *end)
{
	agent_glyph glyph = agent_glyph_raw_at(s->text, *pos);
	bool single = glyph.c == '.';
	bool wide = false;
	size_t dot = glyph.start;
	for (; is_stop(glyph.c); glyph = agent_glyph_raw_at(s->text, glyph.next)) {
		single &= glyph.start == dot;
		wide = wide_here(s->text, glyph);
	}
	while (is_closer(glyph.c)) {
		glyph = agent_glyph_raw_at(s->text, glyph.next);
	}
	*pos = glyph.start;
	int breaks;
	agent_glyph next = behind_blanks(s->text, *pos, &breaks);
	*end = next.start;
	if (next.c == 0) {
		return s->last ? YES : WAIT;
	}
	if (wide || breaks > 1) {
		return YES;
	}
	if (next.start == *pos) {
		return NO;
	}
	if (breaks == 1) {
		answer block = begins_block(s, next.start);
		if (block != NO) {
			return block;
		}
	}
	if (agent_glyph_lower(next.c) || is_stop(next.c)) {
		return NO; /* is_stop: ". . ." */
	}
	answer word = single ? stop_of_word(s, dot, next.start) : NO;
	return word == WAIT ? WAIT : word == YES ? NO : YES;
}

static size_t find_end(agent_str text, bool last)
{
	int breaks;
	size_t pos = behind_blanks(text, 0, &breaks).start;
	scan s = { text, last, pos };
	while (pos < text.len) {
		agent_glyph glyph = agent_glyph_raw_at(text, pos);
		size_t end = 0;
		answer ends = NO;
		if (glyph.c == '\n') {
			ends = line_ends(&s, pos, &end);
			pos = ends == NO ? s.line : pos;
		} else if (is_stop(glyph.c)) {
			ends = stop_ends(&s, &pos, &end);
		} else {
			pos = glyph.next;
		}
		if (ends != NO) {
			return ends == YES ? end : 0;
		}
	}
	return last ? text.len : 0;
}

size_t agent_sentence_end(agent_str text, bool final)
{
	agent_str head = agent_str_cut(text, 0, RUN);
	bool last = final && text.len <= RUN;
	if (!last) {
		head.len -= agent_utf8_partial(head);
	}
	size_t end = find_end(head, last);
	if (end != 0 || text.len <= RUN) {
		return end;
	}
	for (end = RUN; end > 0; end--) {
		char c = text.ptr[end - 1];
		if (c == ' ' || c == '\n' || c == '\t') {
			return end;
		}
	}
	return agent_utf8_cut(text, RUN);
}

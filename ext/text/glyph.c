/* SPDX-License-Identifier: MIT
 * Characters as a reader sees them: tables of digits, blanks, signs and what is invisible; stepping over them.
 * No words, no meaning. */
#include "ext/text/glyph.h"

typedef struct span {
	uint32_t first, last;
} span;

static bool within(const span *spans, size_t count, uint32_t c)
{
	size_t low = 0;
	while (low < count) {
		size_t middle = low + (count - low) / 2;
		if (c > spans[middle].last) {
			low = middle + 1;
		} else if (c < spans[middle].first) {
			count = middle;
		} else {
			return true;
		}
	}
	return false;
}

#define WITHIN(spans, c) within((spans), sizeof(spans) / sizeof *(spans), (c))

bool agent_glyph_hidden(uint32_t c)
{
	static const span hidden[] = {
		{ 0x00ad, 0x00ad }, { 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x061c, 0x061c }, { 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x200b, 0x200f },
		{ 0x202a, 0x202e }, { 0x2060, 0x206f }, { 0x20d0, 0x20ff }, { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f },
		{ 0xfe20, 0xfe2f }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe0fff },
	};
	return c >= 0xad && WITHIN(hidden, c);
}

/* The zeros of the scripts whose digits stand in order behind them. */
static uint32_t digit_of(uint32_t c)
{
	static const uint32_t zeros[] = {
		0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66,
		0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
		0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0x2080, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
		0xff10, 0x104a0, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1fbf0,
	};
	/* Those that begin with one: ① ❶ ➀ ➊ ⑴ ⒈ */
	static const uint32_t ones[] = { 0x2460, 0x2474, 0x2488, 0x24f5, 0x2776, 0x2780, 0x278a };
	for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++) {
		if (c >= zeros[i] && c < zeros[i] + 10) {
			return '0' + (c - zeros[i]);
		}
	}
	for (size_t i = 0; i < sizeof ones / sizeof *ones; i++) {
		if (c >= ones[i] && c < ones[i] + 9) {
			return '1' + (c - ones[i]);
		}
	}
	/* Superscripts, but not ¹ ² ³, which stand in "m²". */
	if (c == 0x2070 || (c >= 0x2074 && c <= 0x2079)) {
		return '0' + (c - 0x2070);
	}
	return c == 0x24ea || c == 0x24ff ? '0' : 0;
}

static uint32_t sign_of(uint32_t c)
{
	static const uint32_t pairs[][2] = {
		{ 0x00a0, ' ' }, { 0x1680, ' ' }, { 0x202f, ' ' }, { 0x205f, ' ' }, { 0x3000, ' ' }, { 0x2800, ' ' },
		{ 0x0085, '\n' }, { 0x2028, '\n' }, { 0x2029, '\n' },
		{ 0x2010, '-' }, { 0x2011, '-' }, { 0x2212, '-' }, { 0xfe63, '-' }, { 0x2043, '-' },
		{ 0x2012, 0x2013 }, { 0x2014, 0x2013 }, { 0x2015, 0x2013 }, { 0xfe58, 0x2013 },
		{ 0x066a, '%' }, { 0xfe6a, '%' }, { 0x066b, '.' }, { 0x2024, '.' }, { 0xfe52, '.' }, { 0x066c, ',' },
		{ 0xfe50, ',' }, { 0x2044, '/' }, { 0x2215, '/' }, { 0x29f8, '/' }, { 0xfe69, '$' }, { 0xfe6b, '@' },
		{ 0xfe5f, '#' }, { 0xfe55, ':' }, { 0x2236, ':' }, { 0xa789, ':' },
		{ 0xffe0, 0xa2 }, { 0xffe1, 0xa3 }, { 0xffe5, 0xa5 }, { 0xffe6, 0x20a9 },
		{ 0x2018, '\'' }, { 0x2019, '\'' }, { 0x201b, '\'' }, { 0x02bc, '\'' },
	};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		if (pairs[i][0] == c) {
			return pairs[i][1];
		}
	}
	return c;
}

static uint32_t plain(uint32_t c)
{
	if (c < 0x80) {
		if (c == '\t' || c == '\r') {
			return ' ';
		}
		return c == '\v' || c == '\f' ? '\n' : c != 0 ? c : 0xfffd;
	}
	uint32_t digit = digit_of(c);
	if (digit != 0) {
		return digit;
	}
	if (c >= 0xff01 && c <= 0xff5e) {
		return c - 0xff01 + '!';
	}
	return c >= 0x2000 && c <= 0x200a ? ' ' : sign_of(c);
}

/* --- markup --------------------------------------------------------------------------------------------- */

static bool word_byte(agent_str text, size_t pos)
{
	unsigned char c = pos < text.len ? (unsigned char)text.ptr[pos] : ' ';
	return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "&nbsp;" or "<b>", "</b>", "<br/>": letters only. A tag with attributes may hold an address, so it is
 * not overlooked. */
static size_t letters_between(agent_str text, size_t pos, char close)
{
	size_t at = pos + 1;
	bool tag = close == '>';
	at += tag && at < text.len && text.ptr[at] == '/';
	size_t first = at;
	while (at < text.len && at - first < 10 && word_byte(text, at) && (unsigned char)text.ptr[at] < 0x80) {
		at++;
	}
	bool letter = first < text.len && !(text.ptr[first] >= '0' && text.ptr[first] <= '9');
	bool enough = letter && at - first >= (tag ? 1 : 2);
	at += tag && at < text.len && text.ptr[at] == '/';
	return enough && at < text.len && text.ptr[at] == close ? at + 1 - pos : 0;
}

/* Bytes at pos that a renderer of Markdown leaves out; 0: none. */
static size_t markup_at(agent_str text, size_t pos)
{
	switch (text.ptr[pos]) {
		case '*':
		case '`':
			return 1;
		case '~':
		case '_': {
			size_t end = pos;
			while (end < text.len && text.ptr[end] == text.ptr[pos]) {
				end++;
			}
			/* Within a word one is no emphasis: snake_case, "5~10". Two tildes are. */
			bool outside = pos == 0 || !word_byte(text, pos - 1) || !word_byte(text, end);
			return outside || (text.ptr[pos] == '~' && end - pos > 1) ? end - pos : 0;
		}
		case '\\':
			return pos + 1 < text.len && strchr(".,$%()[]-#!+*_`~", text.ptr[pos + 1]) != NULL &&
				text.ptr[pos + 1] != '\0';
		case '&':
			return letters_between(text, pos, ';');
		case '<':
			return letters_between(text, pos, '>');
		default:
			return 0;
	}
}

/* Bytes before pos that are markup and end there. */
static size_t markup_before(agent_str text, size_t pos)
{
	for (size_t len = 1; len <= 14 && len <= pos; len++) {
		if (markup_at(text, pos - len) == len) {
			return len;
		}
	}
	return 0;
}

/* Behind the invisible things at pos. */
static size_t skip_hidden(agent_str text, size_t pos, bool markup)
{
	while (pos < text.len) {
		size_t next = pos + (markup ? markup_at(text, pos) : 0);
		if (next == pos &&
			((unsigned char)text.ptr[pos] < 0x80 || !agent_glyph_hidden(agent_utf8_next(text, &next)))) {
			break;
		}
		pos = next;
	}
	return pos;
}

/* ASCII that is neither markup nor a control character: nearly all of nearly every text. */
static bool simple(agent_str text, size_t pos)
{
	/* Bits of the characters 0 … 63 and 64 … 127: not & * < and not \ _ ` ~ DEL. */
	static const uint64_t plain_ones[] = { 0xeffffbbf00000000u, 0x3ffffffe6fffffffu };
	unsigned char c = (unsigned char)text.ptr[pos];
	return c < 0x80 && (plain_ones[c >> 6] >> (c & 63) & 1) != 0;
}

static agent_glyph glyph_at(agent_str text, size_t pos, bool markup)
{
	if (pos < text.len && simple(text, pos) && (pos + 1 == text.len || simple(text, pos + 1))) {
		return (agent_glyph){ (unsigned char)text.ptr[pos], pos, pos + 1 };
	}
	pos = skip_hidden(text, pos, markup);
	if (pos >= text.len) {
		return (agent_glyph){ 0, text.len, text.len };
	}
	size_t next = pos;
	uint32_t c = plain(agent_utf8_next(text, &next));
	return (agent_glyph){ c, pos, skip_hidden(text, next, markup) };
}

agent_glyph agent_glyph_at(agent_str text, size_t pos)
{
	return glyph_at(text, pos, true);
}

agent_glyph agent_glyph_raw_at(agent_str text, size_t pos)
{
	return glyph_at(text, pos, false);
}

size_t agent_glyph_seen_end(agent_str text, size_t start, size_t end)
{
	size_t seen = start;
	for (agent_glyph glyph = agent_glyph_at(text, start); glyph.c != 0 && glyph.start < end;) {
		seen = glyph.start;
		agent_utf8_next(text, &seen);
		glyph = agent_glyph_at(text, glyph.next);
	}
	return seen;
}

uint32_t agent_glyph_before(agent_str text, size_t pos)
{
	while (pos > 0) {
		size_t markup = markup_before(text, pos);
		size_t start = pos - (markup > 0 ? markup : 1);
		while (markup == 0 && start > 0 && pos - start < 4 &&
			((unsigned char)text.ptr[start] & 0xc0) == 0x80) {
			start--;
		}
		size_t at = start;
		uint32_t c = agent_utf8_next(text, &at);
		if (markup == 0 && at != pos) {
			return 0xfffd;
		}
		if (markup == 0 && !agent_glyph_hidden(c)) {
			return plain(c);
		}
		pos = start;
	}
	return 0;
}

size_t agent_glyph_skip_blanks(agent_str text, size_t pos)
{
	bool broken = false;
	for (;;) {
		agent_glyph glyph = agent_glyph_at(text, pos);
		if (glyph.c != ' ' && (glyph.c != '\n' || broken)) {
			return pos;
		}
		broken |= glyph.c == '\n';
		pos = glyph.next;
	}
}

bool agent_glyph_spells(agent_str text, size_t pos, const char *ascii, size_t *next)
{
	for (; *ascii != '\0'; ascii++) {
		agent_glyph glyph = agent_glyph_at(text, pos);
		if (agent_glyph_small(glyph.c) != agent_glyph_small((unsigned char)*ascii)) {
			return false;
		}
		pos = glyph.next;
	}
	*next = pos;
	return true;
}

void agent_glyph_word_at(agent_str text, size_t pos, char *word, size_t size, size_t *next)
{
	size_t len = 0;
	for (;;) {
		agent_glyph glyph = agent_glyph_at(text, pos);
		if (!agent_glyph_letter(glyph.c)) {
			break;
		}
		uint32_t folded[2];
		size_t count = agent_glyph_fold(glyph.c, folded);
		for (size_t i = 0; i < count; i++) {
			/* One letter beyond ASCII spoils the word: none of our lists knows it. */
			len = folded[i] < 0x80 && len + 1 < size ? len : size;
			if (len < size) {
				word[len++] = (char)folded[i];
			}
		}
		pos = glyph.next;
	}
	word[len < size ? len : 0] = '\0';
	*next = pos;
}

bool agent_glyph_letter(uint32_t c)
{
	static const span others[] = { /* beyond ASCII, what is no letter */
		{ 0x0080, 0x00a9 }, { 0x00ab, 0x00b4 }, { 0x00b6, 0x00b9 }, { 0x00bb, 0x00bf }, { 0x00d7, 0x00d7 },
		{ 0x00f7, 0x00f7 }, { 0x02c2, 0x02df }, { 0x037e, 0x037e }, { 0x0387, 0x0387 }, { 0x055a, 0x055f },
		{ 0x0589, 0x058f }, { 0x05be, 0x05be }, { 0x05c0, 0x05c0 }, { 0x05c3, 0x05c3 }, { 0x05f3, 0x05f4 },
		{ 0x0600, 0x060f }, { 0x061b, 0x061f }, { 0x066a, 0x066d }, { 0x06d4, 0x06d4 }, { 0x0964, 0x0965 },
		{ 0x0e3f, 0x0e3f }, { 0x0e4f, 0x0e5b }, { 0x104a, 0x104f }, { 0x1361, 0x1368 }, { 0x17d4, 0x17dc },
		{ 0x1800, 0x180a }, { 0x2000, 0x2bff }, { 0x2e00, 0x2e7f }, { 0x3000, 0x3004 }, { 0x3007, 0x3020 },
		{ 0x3030, 0x3030 }, { 0x303d, 0x303f }, { 0x30a0, 0x30a0 }, { 0x30fb, 0x30fb }, { 0x3200, 0x33ff },
		{ 0xd800, 0xf8ff }, { 0xfd3e, 0xfd3f }, { 0xfe10, 0xfe6f }, { 0xff00, 0xff0f }, { 0xff1a, 0xff20 },
		{ 0xff3b, 0xff40 }, { 0xff5b, 0xff65 }, { 0xffe0, 0xffff }, { 0x1d6c1, 0x1d6c1 },
		{ 0x1f000, 0x1faff }, { 0xe0000, 0x10ffff },
	};
	if (c < 0x80) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	}
	return !WITHIN(others, c);
}

bool agent_glyph_lower(uint32_t c)
{
	if (c < 0x80) {
		return c >= 'a' && c <= 'z';
	}
	if (c >= 0x100 && c <= 0x17f) {
		bool odd_is_upper = (c >= 0x139 && c <= 0x148) || (c >= 0x178 && c <= 0x17e);
		return c == 0x138 || c == 0x17f || ((c & 1) != 0) != odd_is_upper;
	}
	if (c >= 0x460 && c <= 0x52f) {
		return (c & 1) != 0;
	}
	return (c >= 0xdf && c <= 0xff && c != 0xf7) || c == 0x390 || (c >= 0x3ac && c <= 0x3ce) ||
		(c >= 0x430 && c <= 0x45f) || (c >= 0x561 && c <= 0x587);
}

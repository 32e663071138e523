/* SPDX-License-Identifier: MIT
 * UTF-8: checking, stepping, cutting.
 * No allocation, no tables of characters (those are in glyph.c). */
#include "ext/text/utf8.h"

/* Bytes of the character that begins with `lead`, 0 for a byte that begins none. C0, C1 and F5 … FF never
 * do. */
static size_t length_of(unsigned char lead)
{
	if (lead < 0x80) {
		return 1;
	}
	if (lead >= 0xc2 && lead <= 0xdf) {
		return 2;
	}
	if (lead >= 0xe0 && lead <= 0xef) {
		return 3;
	}
	return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/* Overlong forms, surrogates and code points past the last are all told by the second byte. */
static bool second_fits(unsigned char lead, unsigned char second)
{
	switch (lead) {
		case 0xe0:
			return second >= 0xa0 && second <= 0xbf;
		case 0xed:
			return second >= 0x80 && second <= 0x9f;
		case 0xf0:
			return second >= 0x90 && second <= 0xbf;
		case 0xf4:
			return second >= 0x80 && second <= 0x8f;
		default:
			return second >= 0x80 && second <= 0xbf;
	}
}

/* How many of the first `have` bytes of one character are in order. */
static size_t good_bytes(const unsigned char *p, size_t have, size_t need)
{
	size_t i = 1;
	while (i < need && i < have) {
		if (i == 1 ? !second_fits(p[0], p[1]) : (p[i] & 0xc0) != 0x80) {
			break;
		}
		i++;
	}
	return i;
}

uint32_t agent_utf8_next(agent_str text, size_t *pos)
{
	const unsigned char *p = (const unsigned char *)text.ptr + *pos;
	size_t have = text.len - *pos;
	size_t need = length_of(p[0]);
	if (need == 1) {
		(*pos)++;
		return p[0];
	}
	if (need == 0 || need > have || good_bytes(p, have, need) < need) {
		(*pos)++;
		return 0xfffd;
	}
	uint32_t c = p[0] & (0xffu >> (need + 1));
	for (size_t i = 1; i < need; i++) {
		c = (c << 6) | (p[i] & 0x3fu);
	}
	*pos += need;
	return c;
}

bool agent_utf8_valid(agent_str text)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	for (size_t i = 0; i < text.len;) {
		size_t need = length_of(p[i]);
		if (need == 0 || need > text.len - i || good_bytes(p + i, text.len - i, need) < need) {
			return false;
		}
		i += need;
	}
	return true;
}

size_t agent_utf8_cut(agent_str text, size_t max)
{
	if (text.len <= max) {
		return text.len;
	}
	size_t cut = max;
	while (cut > 0 && max - cut < 3 && ((unsigned char)text.ptr[cut] & 0xc0) == 0x80) {
		cut--;
	}
	/* Three continuation bytes and still no lead: not UTF-8, then any place is as good. */
	return ((unsigned char)text.ptr[cut] & 0xc0) == 0x80 ? max : cut;
}

size_t agent_utf8_partial(agent_str text)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	for (size_t back = 1; back <= 3 && back <= text.len; back++) {
		const unsigned char *lead = p + text.len - back;
		size_t need = length_of(*lead);
		if (need > back) {
			return good_bytes(lead, back, need) == back ? back : 0;
		}
		if ((*lead & 0xc0) != 0x80) {
			return 0;
		}
	}
	return 0;
}

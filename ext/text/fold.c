/* SPDX-License-Identifier: MIT
 * Lower case without accents: the tables for Latin, Greek and Cyrillic.
 * Other scripts stay as they are. */
#include "ext/text/glyph.h"

/* U+00C0 … U+017F. '*': stays; digits: two letters, see below. */
static const char latin[] =
	"aaaaaa1ceeeeiiiidnooooo*ouuuuy23aaaaaa1ceeeeiiiidnooooo*ouuuuy2y"
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii44jjkkkllllllllllnnnnnnnnn"
	"oooooo55rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static const char pairs[][2] = { { 'a', 'e' }, { 't', 'h' }, { 's', 's' }, { 'i', 'j' }, { 'o', 'e' } };

static uint32_t greek(uint32_t c)
{
	static const uint16_t accented[][2] = {
		{ 0x386, 0x3b1 }, { 0x388, 0x3b5 }, { 0x389, 0x3b7 }, { 0x38a, 0x3b9 }, { 0x38c, 0x3bf },
		{ 0x38e, 0x3c5 }, { 0x38f, 0x3c9 }, { 0x390, 0x3b9 }, { 0x3aa, 0x3b9 }, { 0x3ab, 0x3c5 },
		{ 0x3ac, 0x3b1 }, { 0x3ad, 0x3b5 }, { 0x3ae, 0x3b7 }, { 0x3af, 0x3b9 }, { 0x3b0, 0x3c5 },
		{ 0x3c2, 0x3c3 }, { 0x3ca, 0x3b9 }, { 0x3cb, 0x3c5 }, { 0x3cc, 0x3bf }, { 0x3cd, 0x3c5 },
		{ 0x3ce, 0x3c9 },
	};
	for (size_t i = 0; i < sizeof accented / sizeof *accented; i++) {
		if (accented[i][0] == c) {
			return accented[i][1];
		}
	}
	return c >= 0x391 && c <= 0x3a9 ? c + 0x20 : c;
}

static uint32_t cyrillic(uint32_t c)
{
	if (c <= 0x40f) {
		c += 0x50;
	} else if (c <= 0x42f) {
		c += 0x20;
	} else if (c >= 0x460 && (c & 1) == 0 && !(c >= 0x482 && c <= 0x489) && !(c >= 0x4c0 && c <= 0x4cf)) {
		c += 1;
	}
	switch (c) {
		case 0x450:
		case 0x451:
			return 0x435;
		case 0x453:
			return 0x433;
		case 0x457:
			return 0x456;
		case 0x45c:
			return 0x43a;
		case 0x45d:
		case 0x439:
			return 0x438;
		case 0x45e:
			return 0x443;
		default:
			return c;
	}
}

size_t agent_glyph_fold(uint32_t c, uint32_t out[2])
{
	out[0] = c;
	if (c < 0x80) {
		out[0] = agent_glyph_small(c);
	} else if (c >= 0xc0 && c <= 0x17f) {
		char base = latin[c - 0xc0];
		if (base >= '1' && base <= '5') {
			out[0] = (unsigned char)pairs[base - '1'][0];
			out[1] = (unsigned char)pairs[base - '1'][1];
			return 2;
		}
		out[0] = base != '*' ? (unsigned char)base : c;
	} else if (c >= 0x386 && c <= 0x3ce) {
		out[0] = greek(c);
	} else if (c >= 0x400 && c <= 0x52f) {
		out[0] = cyrillic(c);
	}
	return 1;
}

/* SPDX-License-Identifier: MIT
 * Words, their folded forms and stems, stop words, the token estimate.
 * No sentences (sentence.c), no meaning. */
#include "ext/text/words.h"

#include "ext/text/glyph.h"

bool agent_word_next(agent_str text, size_t *pos, agent_str *word)
{
	agent_glyph glyph = agent_glyph_at(text, *pos);
	while (glyph.c != 0 && !agent_glyph_word(glyph.c)) {
		glyph = agent_glyph_at(text, glyph.next);
	}
	if (glyph.c == 0) {
		*pos = text.len;
		return false;
	}
	size_t start = glyph.start;
	size_t end = glyph.next;
	for (;;) {
		glyph = agent_glyph_at(text, end);
		if (glyph.c == '\'' || glyph.c == '-') {
			glyph = agent_glyph_at(text, glyph.next);
		}
		if (!agent_glyph_word(glyph.c)) {
			break;
		}
		end = glyph.next;
	}
	*word = agent_str_cut(text, start, end - start);
	*pos = end;
	return true;
}

static void add_utf8(agent_buf *out, uint32_t c)
{
	char bytes[4];
	size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	for (size_t i = len; i-- > 1; c >>= 6) {
		bytes[i] = (char)(0x80 | (c & 0x3f));
	}
	bytes[0] = (char)(leads[len] | c);
	agent_buf_add(out, (agent_str){ bytes, len });
}

void agent_word_fold(agent_str word, agent_buf *out)
{
	for (size_t pos = 0;;) {
		agent_glyph glyph = agent_glyph_at(word, pos);
		if (glyph.c == 0) {
			return;
		}
		uint32_t folded[2];
		size_t count = agent_glyph_fold(glyph.c, folded);
		for (size_t i = 0; i < count; i++) {
			add_utf8(out, folded[i]);
		}
		pos = glyph.next;
	}
}

/* --- stems ---------------------------------------------------------------------------------------------- */

static bool ends(agent_str word, const char *suffix)
{
	size_t len = strlen(suffix);
	return word.len >= len && memcmp(word.ptr + word.len - len, suffix, len) == 0;
}

static bool vowel(char c)
{
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

/* Without the suffix, if what is left is a stem: long enough and with a vowel. */
static bool strip(agent_str *word, const char *suffix, size_t least)
{
	if (!ends(*word, suffix)) {
		return false;
	}
	size_t left = word->len - strlen(suffix);
	bool sounds = false;
	for (size_t i = 0; i < left; i++) {
		sounds |= vowel(word->ptr[i]);
	}
	if (left < least || !sounds) {
		return false;
	}
	word->len = left;
	return true;
}

static void strip_plural(agent_str *word)
{
	if (ends(*word, "ss") || ends(*word, "us") || ends(*word, "is")) {
		return;
	}
	if (word->len > 4 && ends(*word, "ies")) {
		word->len -= 2; /* the i falls like the y of the singular */
		return;
	}
	if (ends(*word, "sses") || ends(*word, "xes") || ends(*word, "zes") || ends(*word, "ches") ||
		ends(*word, "shes")) {
		word->len -= 2;
		return;
	}
	strip(word, "s", 3);
}

agent_str agent_word_stem(agent_str folded)
{
	agent_str word = folded;
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];
		if (!((c >= 'a' && c <= 'z') || c == '\'')) {
			return folded; /* not an English word */
		}
	}
	if (ends(word, "'s") || ends(word, "s'")) {
		word.len -= ends(word, "'s") ? 2 : 1;
	}
	if (word.len <= 2) {
		return word;
	}
	strip_plural(&word);
	if (!ends(word, "eed") && !strip(&word, "ing", 2)) {
		strip(&word, "ed", 2);
	}
	if (!ends(word, "ply") && strip(&word, "ly", 4)) {
		strip_plural(&word);
	}
	if (!strip(&word, "ation", 3) && !strip(&word, "ment", 3)) {
		strip(&word, "ness", 3);
	}
	bool weak = ends(word, "i") || (ends(word, "y") && !vowel(word.ptr[word.len - 2]));
	if ((word.len > 2 && ends(word, "e")) || (word.len > 3 && weak)) {
		word.len--;
	}
	if (word.len > 3 && word.ptr[word.len - 1] == word.ptr[word.len - 2] && !vowel(word.ptr[word.len - 1])) {
		word.len--;
	}
	return word;
}

bool agent_word_is_stop(agent_str folded)
{
	static const char *const words[] = { /* sorted by bytes */
		"a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "anything", "are", "aren't", "as", "at",
		"be", "because", "been", "before", "being", "but", "by", "can", "can't", "cannot", "could",
		"couldn't", "did", "didn't", "do", "does", "doesn't", "doing", "don't", "for", "from", "get", "got",
		"had", "has", "have", "having", "he", "hello", "her", "here", "hers", "hi", "him", "his", "how", "i",
		"i'd", "i'll", "i'm", "i've", "if", "in", "into", "is", "isn't", "it", "it's", "its", "just", "know",
		"let", "like", "long", "may", "me", "might", "mine", "much", "must", "my", "myself", "need", "no", "not",
		"now", "of", "off", "on", "once", "only", "or", "our", "ours", "out", "over", "own", "please", "she",
		"should", "so", "some", "something", "such", "tell", "than", "thank", "thanks", "that", "that's", "the", "their",
		"them", "then", "there", "these", "they", "this", "those", "through", "to", "too", "under", "up",
		"us", "very", "want", "was", "wasn't", "we", "were", "what", "what's", "when", "where", "where's",
		"which", "while", "who", "whom", "whose", "why", "will", "with", "won't", "would", "you", "you're",
		"your", "yours", "yourself",
	};
	size_t low = 0;
	size_t high = sizeof words / sizeof *words;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		agent_str word = agent_str_cstr(words[middle]);
		size_t common = word.len < folded.len ? word.len : folded.len;
		int order = memcmp(folded.ptr, word.ptr, common);
		if (order == 0 && word.len == folded.len) {
			return true;
		}
		if (order < 0 || (order == 0 && folded.len < word.len)) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}
	return false;
}

/* --- tokens --------------------------------------------------------------------------------------------- */

/* Hundredths of a token that one character costs. Measured encodings come out 10–30 % lower on running
 * text. */
static int64_t weight(uint32_t c)
{
	if (c < 0x80) {
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
			return 28;
		}
		return c == ' ' ? 10 : c >= '0' && c <= '9' ? 50 : 60;
	}
	if (c < 0x250) {
		return 80;
	}
	if (c < 0x900) {
		return 70; /* Greek, Cyrillic, Hebrew, Arabic */
	}
	if (c >= 0x2e80 && c < 0xfb00) {
		return 140; /* Chinese, Japanese, Korean */
	}
	return c < 0x2000 ? 150 : c < 0x2070 ? 100 : 300;
}

int64_t agent_token_estimate(agent_str text)
{
	int64_t hundredths = 0;
	for (size_t pos = 0; pos < text.len;) {
		hundredths += weight(agent_utf8_next(text, &pos));
	}
	return (hundredths + 99) / 100;
}

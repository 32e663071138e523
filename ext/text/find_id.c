/* SPDX-License-Identifier: MIT
 * Identifiers: order numbers, invoice numbers, tracking codes, coupon codes.
 * What merely counts something is a figure (find_number.c). */
#include "ext/text/find.h"

#define LONGEST 128

typedef struct token {
	size_t end;
	size_t letters, digits;
	bool large;                  /* some letter is a capital */
	bool mixed;                  /* a part has a digit behind a letter: "a716" */
} token;

/* Scripts without blanks between words do not glue a figure to a word. */
static bool id_char(uint32_t c)
{
	return agent_glyph_word(c) && c < 0x530;
}

static token read_token(agent_str text, size_t pos)
{
	token out = { .end = pos };
	bool letter = false;
	size_t length = 0;
	for (agent_glyph glyph = agent_glyph_at(text, pos); length < LONGEST; length++) {
		if ((glyph.c == '-' || glyph.c == '_') && length > 0) {
			glyph = agent_glyph_at(text, glyph.next);
			letter = false;
		}
		if (!id_char(glyph.c)) {
			break;
		}
		if (agent_glyph_digit(glyph.c)) {
			out.digits++;
			out.mixed |= letter;
		} else {
			out.letters++;
			letter = true;
			out.large |= !agent_glyph_lower(glyph.c);
		}
		out.end = glyph.next;
		glyph = agent_glyph_at(text, glyph.next);
	}
	return out;
}

/* The ASCII word that ends before *pos, blanks and the marks that join it to a number skipped; *pos moved
 * to its start. */
static agent_str word_before(agent_str text, size_t *pos, bool *stopped)
{
	size_t end = *pos;
	*stopped = false;
	while (end > 0 && strchr(" \t#:.(*_\"", text.ptr[end - 1]) != NULL && text.ptr[end - 1] != '\0') {
		*stopped |= text.ptr[end - 1] == '.';
		end--;
	}
	size_t start = end;
	while (start > 0 && end - start < 16 && agent_glyph_letter((unsigned char)text.ptr[start - 1]) &&
		(unsigned char)text.ptr[start - 1] < 0x80) {
		start--;
	}
	*pos = start;
	return agent_str_cut(text, start, end - start);
}

static bool one_of(agent_str word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (agent_str_eq_nocase(word, agent_str_cstr(list[i]))) {
			return true;
		}
	}
	return false;
}

/* Says the text before a number that it names something? "order 10023" does, "you may order 10023" does
 * not. */
static bool named_before(agent_str text, size_t pos)
{
	static const char *const nouns[] = {
		"invoice", "ticket", "reference", "ref", "tracking", "booking", "receipt", "transaction", "account",
		"customer", "rma", "parcel", "shipment", "number", "id", "nr", "code", "case",
	};
	static const char *const before_order[] = {
		"the", "your", "my", "this", "that", "of", "for", "about", "regarding", "with", "on", "and", "our",
		"in", "find",
	};
	bool stopped;
	agent_str word = word_before(text, &pos, &stopped);
	if (agent_str_eq_nocase(word, AGENT_STR("is"))) {
		word = word_before(text, &pos, &stopped);
		return agent_str_eq_nocase(word, AGENT_STR("number")) || agent_str_eq_nocase(word, AGENT_STR("id"));
	}
	if (agent_str_eq_nocase(word, AGENT_STR("no")) && stopped) {
		return true;
	}
	if (one_of(word, nouns, sizeof nouns / sizeof *nouns)) {
		return true;
	}
	if (!agent_str_eq_nocase(word, AGENT_STR("order"))) {
		return false;
	}
	agent_str first = word_before(text, &pos, &stopped);
	return first.len == 0 || stopped ||
		one_of(first, before_order, sizeof before_order / sizeof *before_order);
}

static bool set(agent_found *found, size_t start, size_t end)
{
	*found = (agent_found){ .kind = AGENT_FOUND_ID, .start = start, .len = end - start };
	return true;
}

/* "within-30-days": words and a figure, whatever joins them. "SAVE20", all capitals, is a coupon. */
static bool only_words(agent_str text, size_t pos, size_t end)
{
	static const char *const words[] = {
		"within", "mid", "pre", "post", "non", "after", "before", "under", "over", "up", "to", "in", "of",
		"for", "top", "at", "only", "about", "around", "than", "next", "last", "first", "per", "any", "until",
		"day", "days", "hour", "hours", "week", "weeks", "month", "months", "year", "years", "minutes", "off",
		"back", "refund", "discount", "save", "free", "the", "and", "or", "get",
	};
	while (pos < end) {
		char word[12];
		size_t next;
		agent_glyph_word_at(text, pos, word, sizeof word, &next);
		bool shouted = !agent_glyph_lower(agent_glyph_before(text, next));
		if (!shouted && one_of(agent_str_cstr(word), words, sizeof words / sizeof *words)) {
			return true;
		}
		pos = next > pos ? next : agent_glyph_at(text, pos).next;
	}
	return false;
}

bool agent_find_id(agent_str text, size_t pos, agent_found *found)
{
	agent_glyph glyph = agent_glyph_at(text, pos);
	if (glyph.c == '#') {
		token named = read_token(text, glyph.next);
		return named.digits >= 2 && set(found, glyph.start, named.end);
	}
	token t = read_token(text, pos);
	if (t.digits < 2) {
		return false;
	}
	if (agent_glyph_digit(glyph.c)) {
		/* "30-day" and "100ml" are figures; "12AB34" and a UUID are not. */
		bool code = t.mixed && (t.large || t.digits + t.letters >= 8);
		bool number = t.letters == 0 && t.digits >= 4 && named_before(text, glyph.start);
		return (code || number) && set(found, glyph.start, t.end);
	}
	return !only_words(text, glyph.start, t.end) && set(found, glyph.start, t.end);
}

bool agent_find_code(agent_str text, size_t pos, agent_found *found)
{
	static const char *const nouns[] = { "code", "coupon", "voucher", "promo", "number", "pin" };
	static const char *const names[] = { "PDF", "ZIP", "USA", "FAQ", "VAT", "EUR", "USD", "GBP" };
	size_t start = agent_glyph_at(text, pos).start;
	size_t at = start;
	bool stopped;
	agent_str word = word_before(text, &at, &stopped);
	if (agent_str_eq_nocase(word, AGENT_STR("is"))) {
		word = word_before(text, &at, &stopped);
	}
	bool code = one_of(word, nouns, sizeof nouns / sizeof *nouns);
	if (stopped || (!code && !agent_str_eq_nocase(word, AGENT_STR("order")))) {
		return false;
	}
	token t = read_token(text, start);
	for (size_t i = start; i < t.end; i++) {
		if (text.ptr[i] >= 'a' && text.ptr[i] <= 'z') {
			return false;
		}
	}
	bool name = one_of(agent_str_cut(text, start, t.end - start), names, sizeof names / sizeof *names);
	bool figure = t.digits == 1 && t.letters >= 1;
	return ((code && t.letters >= 3 && t.large && !name) || figure) && set(found, start, t.end);
}

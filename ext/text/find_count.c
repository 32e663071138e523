/* SPDX-License-Identifier: MIT
 * Counts in words ("three days", "the fee is ten"), shares ("half of it"), and the words around a figure.
 * English only: other languages are in find_foreign.c. */
#include "ext/text/find.h"

/* The ASCII word before pos on the same line, lower case; "" where something else stands there. */
void agent_find_word_before(agent_str text, size_t pos, char *word, size_t size)
{
	size_t end = pos;
	while (end > 0 && strchr(" *_\t", text.ptr[end - 1]) != NULL && text.ptr[end - 1] != '\0') {
		end--;
	}
	size_t start = end;
	while (start > 0 && (unsigned char)text.ptr[start - 1] < 0x80 &&
		agent_glyph_letter((unsigned char)text.ptr[start - 1])) {
		start--;
	}
	size_t len = end - start < size ? end - start : 0;
	for (size_t i = 0; i < len; i++) {
		word[i] = (char)agent_glyph_small((unsigned char)text.ptr[start + i]);
	}
	word[len] = '\0';
}

/* The next word behind pos; false where something else than a blank or a dash stands between. */
bool agent_find_word_behind(agent_str text, size_t pos, char *word, size_t size, size_t *next)
{
	size_t at = agent_glyph_skip_blanks(text, pos);
	if (agent_glyph_at(text, at).c == '-') {
		at = agent_glyph_at(text, at).next;
	}
	agent_glyph_word_at(text, at, word, size, next);
	return at > pos && *next > at;
}

static bool one_of(const char *word, const char *const *list, size_t count)
{
	size_t len = strlen(word);
	for (size_t i = 0; i < count; i++) {
		size_t known = strlen(list[i]);
		bool plural = len == known + 1 && word[known] == 's';
		if ((len == known || plural) && memcmp(word, list[i], known) == 0) {
			return true;
		}
	}
	return false;
}

static bool unit_of_time(const char *word)
{
	static const char *const units[] = {
		"second", "minute", "hour", "day", "night", "week", "weekend", "fortnight", "month", "quarter",
		"year", "decade", "workday",
	};
	return one_of(word, units, sizeof units / sizeof *units);
}

static bool counted(const char *word)
{
	static const char *const things[] = {
		"item", "piece", "unit", "product", "article", "order", "package", "parcel", "box", "boxe",
		"shipment", "delivery", "deliverie", "payment", "instalment", "installment", "time", "attempt",
		"user", "device", "licence", "license", "copy", "copie", "person", "people", "guest", "refund",
		"return", "point", "star", "mile", "kilometer", "kilometre", "km", "customer", "ticket", "voucher",
		"coupon", "invoice", "pack", "bottle", "pair", "set", "seat", "subscription", "download", "gift",
		"card", "bag", "meter", "metre", "kilo", "kg", "gram", "liter", "litre",
	};
	return unit_of_time(word) || one_of(word, things, sizeof things / sizeof *things);
}

static bool joins(const char *word)
{
	static const char *const words[] =
		{ "to", "or", "and", "through", "business", "working", "calendar", "full" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(word, words[i]) == 0) {
			return true;
		}
	}
	return false;
}

/* "three days", "three to five business days", "two brand-new items": is it a count of something? A lone
 * "two" is not, nor is "one" unless it is time ("one business day"). */
static bool counts_something(agent_str text, const agent_figure *figure)
{
	bool one = figure->minor == 10000;
	size_t pos = figure->end;
	for (int words = 0, steps = 0; words < 3 && steps < 8; steps++) {
		size_t at = agent_glyph_skip_blanks(text, pos);
		agent_glyph dash = agent_glyph_at(text, at);
		at = dash.c == '-' || dash.c == 0x2013 ? agent_glyph_skip_blanks(text, dash.next) : at;
		if (at == pos) {
			return false;
		}
		char word[16];
		size_t next;
		agent_figure second;
		bool small;
		agent_glyph_word_at(text, at, word, sizeof word, &next);
		if (next == at) {
			return agent_glyph_digit(agent_glyph_at(text, at).c) && dash.c != ' '; /* "two-3 days" */
		}
		if (one ? unit_of_time(word) : counted(word)) {
			return true;
		}
		if (agent_find_number_words(text, at, &second, &small)) {
			next = second.end;
			one = false;
		} else if (!joins(word)) {
			words += one ? 3 : 1;
		}
		pos = next;
	}
	return false;
}

/* "The fee is ten.": nothing is counted, but it is said to be so many. */
static bool told(agent_str text, const agent_figure *figure)
{
	static const char *const verbs[] = { "is", "are", "was", "were", "costs", "cost", "takes", "equals" };
	char word[12];
	agent_find_word_before(text, figure->start, word, sizeof word);
	uint32_t c = agent_glyph_at(text, figure->end).c;
	return figure->minor > 10000 && AGENT_FIND_LISTED(word, verbs) &&
		(c == 0 || c == '.' || c == ',' || c == '!' || c == '?' || c == ';' || c == '\n');
}

bool agent_find_count(agent_str text, size_t pos, agent_found *found)
{
	agent_figure figure;
	bool small;
	if (!agent_find_number_words(text, pos, &figure, &small)) {
		return false;
	}
	agent_find_amount(text, &figure, found);
	return found->kind != AGENT_FOUND_NUMBER || !small || counts_something(text, &figure) ||
		told(text, &figure);
}

/* "half", "a quarter of", "two thirds off", "twice the price": what is grounded by "half" or by "50%". */
bool agent_find_share(agent_str text, size_t pos, agent_found *found)
{
	static const char *const of[] = { "of", "off", "the", "your", "its", "our", "as", "price", "points", "money",
		"refund", "value", "that" };
	static const char *const parts[] = { "half", "third", "thirds", "quarter", "quarters", "fifth", "fifths",
		"tenth", "tenths" };
	static const char *const times[] = { "twice", "double", "triple", "treble" };
	static const char *const counts[] = { "a", "one", "two", "three" };
	char word[12];
	char behind[12];
	size_t start = agent_glyph_at(text, pos).start;
	size_t end;
	size_t next;
	agent_glyph_word_at(text, pos, word, sizeof word, &end);
	if (strcmp(word, "fiver") == 0 || strcmp(word, "tenner") == 0) {
		return agent_found_set(found, AGENT_FOUND_MONEY, start, end, word[0] == 'f' ? 50000 : 100000);
	}
	if (strcmp(word, "half") == 0) {
		bool article = agent_find_word_behind(text, end, behind, sizeof behind, &next) &&
			(strcmp(behind, "a") == 0 || strcmp(behind, "an") == 0);
		return article ? agent_found_set(found, AGENT_FOUND_NUMBER, start, next, 5000)
			: agent_found_set(found, AGENT_FOUND_PERCENT, start, end, 500000);
	}
	if (AGENT_FIND_LISTED(word, times)) {
		bool figure = agent_glyph_digit(agent_glyph_at(text, agent_glyph_skip_blanks(text, end)).c);
		bool price = agent_find_word_behind(text, end, behind, sizeof behind, &next) && AGENT_FIND_LISTED(behind, of);
		return (figure || price) &&
			agent_found_set(found, AGENT_FOUND_PERCENT, start, end, word[1] == 'r' ? 3000000 : 2000000);
	}
	if (!AGENT_FIND_LISTED(word, counts) || !agent_find_word_behind(text, end, behind, sizeof behind, &next) ||
		!AGENT_FIND_LISTED(behind, parts)) {
		return false;
	}
	int count = word[0] == 't' ? (word[1] == 'w' ? 2 : 3) : 1;
	int part = behind[0] == 'h' ? 2 : behind[0] == 'q' ? 4 : behind[0] == 'f' ? 5 : behind[1] == 'e' ? 10 : 0;
	end = next;
	return agent_find_word_behind(text, end, behind, sizeof behind, &next) && AGENT_FIND_LISTED(behind, of) &&
		agent_found_set(found, AGENT_FOUND_PERCENT, start, end, part == 0 ? INT64_MIN : 1000000 * count / part);
}

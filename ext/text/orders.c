/* SPDX-License-Identifier: MIT
 * Word patterns of orders to a language model.
 * Lower case as it is written: no word list here needs a fold. */
#include "ext/text/orders.h"

#include "ext/text/words.h"

#include <string.h>

/* Each list has a blank before and behind every word. */
static const char verbs[] = " ignore ignores ignoring disregard forget override bypass ignoriere ignorieren missachte vergiss ignorez oublie oubliez "
	"ignora ignoren olvida olvide dimentica ignorate esqueça esquece negeer vergeet ";
static const char nouns[] = " instruction instructions prompt prompts rules guidelines directives anweisung anweisungen regeln instruktionen vorgaben "
	"consignes règles instrucciones reglas istruzioni regole instruções regras instructies regels ";
/* Whose or which orders: without one of these they may be a label's. */
static const char marks[] = " your all any previous prior above earlier preceding system every deine ihre alle vorherigen bisherigen vorigen obigen sämtliche tes vos "
	"toutes précédentes tus sus todas anteriores tue tutte precedenti suas je jouw uw vorige eerdere ";
static const char fillers[] = " the of and my these those other former safety die den der les las los le as os de of i ";

#define WORD_MAX 24

/* The next word in small letters, one blank before and behind it; false at the end. A long one is none of ours: "". */
static bool next(agent_str text, size_t *pos, char out[WORD_MAX + 3])
{
	agent_str word;
	if (!agent_word_next(text, pos, &word)) {
		return false;
	}
	size_t n = 0;
	if (word.len <= WORD_MAX) {
		out[n++] = ' ';
		for (size_t i = 0; i < word.len; i++) {
			char c = word.ptr[i];
			out[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
		}
		out[n++] = ' ';
	}
	out[n] = '\0';
	return true;
}

static bool in(const char *list, const char *word)
{
	return *word != '\0' && strstr(list, word) != NULL;
}

/* Behind "ignorez les instructions": "précédentes". */
static bool marked_behind(agent_str text, size_t pos)
{
	char word[WORD_MAX + 3];
	for (int i = 0; i < 2 && next(text, &pos, word); i++) {
		if (in(marks, word)) {
			return true;
		}
	}
	return false;
}

bool agent_text_orders(agent_str text)
{
	char word[WORD_MAX + 3], before[WORD_MAX + 3] = "";
	bool verb = false, marked = false;
	size_t pos = 0;
	while (next(text, &pos, word)) {
		if (strcmp(before, " system ") == 0 && in(" prompt prompts ", word)) {
			return true;
		}
		if (verb && in(nouns, word) && (marked || marked_behind(text, pos))) {
			return true;
		}
		if (in(verbs, word)) {
			verb = true;
			marked = false;
		} else if (verb && in(marks, word)) {
			marked = true;
		} else if (!in(fillers, word)) {
			verb = false;
		}
		memcpy(before, word, sizeof before);
	}
	return false;
}

bool agent_paragraph_next(agent_str text, size_t *pos, agent_str *paragraph)
{
	size_t start = *pos, i = start;
	if (start >= text.len) {
		return false;
	}
	for (bool line_end = false; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '\n' && line_end) {
			while (i < text.len && (text.ptr[i] == '\n' || text.ptr[i] == ' ' || text.ptr[i] == '\t' || text.ptr[i] == '\r')) {
				i++;
			}
			break;
		}
		line_end = c == '\n' || (line_end && (c == ' ' || c == '\t' || c == '\r'));
	}
	*paragraph = agent_str_cut(text, start, i - start);
	*pos = i;
	return true;
}

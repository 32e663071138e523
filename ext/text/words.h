/* SPDX-License-Identifier: MIT
 * Words, sentences and a token estimate.
 * Plain rules, no dictionaries but the lists of stop words and abbreviations. */
#ifndef AGENT_TEXT_WORDS_H
#define AGENT_TEXT_WORDS_H

#include "ext/base/buf.h"

/* The next word (letters and digits of any script, with inner ' and -) at or after *pos; *pos moved behind it. false at the end. */
bool agent_word_next(agent_str text, size_t *pos, agent_str *word);
/* Lower case (ASCII, Latin-1, Latin Extended-A, Greek, Cyrillic) without accents, appended to out: two words are compared by this. */
void agent_word_fold(agent_str word, agent_buf *out);
/* The Porter-like stem of a folded English word: "returned", "returns" and "return" give the same. A view into folded (a prefix). */
agent_str agent_word_stem(agent_str folded);
/* An English word that says nothing about the topic ("the", "where", "is", "my"). Takes the folded form. */
bool agent_word_is_stop(agent_str folded);

/* The end of the first sentence of text, including its closing quotes and brackets and the blanks behind it; 0 while the sentence may go on.
 * `final`: no more text will come, so what is left is a sentence. Decided by the text alone: for any prefix, the answer for a longer
 * prefix is either the same or the first non-zero one. Sentences end at . ! ? … 。！？ followed by blank and no lower-case letter (not in "e.g.",
 * "No. 5", "3.50", "shop.example"), and at a line break that ends a paragraph or list item. A run of 1000 bytes without an end is
 * cut at its last blank. */
size_t agent_sentence_end(agent_str text, bool final);

/* Tokens a model would count, by bytes per token of each script. For budgets: errs upwards. */
int64_t agent_token_estimate(agent_str text);

#endif

/* SPDX-License-Identifier: MIT
 * From a question to a full-text query: stop words out, the rest quoted, so that no word is an operator.
 * Ranking is the engine's. */
#include "ext/memory/knowledge_query.h"

#include "ext/text/words.h"

#define WORDS_MAX 20 /* each is one more list to rank: the cost is theirs, not the message's length */
#define WORD_BYTES 64
#define PART_BYTES 3

typedef struct terms {
	agent_buf *out;
	agent_buf seen;              /* folded words between line breaks */
	agent_buf folded;            /* "\nword\n" of the one at hand */
	size_t count;
} terms;

/* Quoted as it was written: the index folds with its own rules, and what it keeps must not be folded away
 * here. */
static void add_term(terms *t, agent_str word)
{
	if (word.len == 0 || word.len > WORD_BYTES || t->count == WORDS_MAX) {
		return;
	}
	agent_buf_reset(&t->folded);
	agent_buf_add_char(&t->folded, '\n');
	agent_word_fold(word, &t->folded);
	agent_str folded = agent_str_from(agent_buf_str(&t->folded), 1);
	if (folded.len == 0 || agent_word_is_stop(folded)) {
		return;
	}
	agent_buf_add_char(&t->folded, '\n');
	if (agent_str_find(agent_buf_str(&t->seen), agent_buf_str(&t->folded), 0) != (size_t)-1) {
		return;
	}
	agent_buf_add(&t->seen, agent_buf_str(&t->folded));
	if (t->count++ > 0) {
		agent_buf_add_lit(t->out, " OR ");
	}
	agent_buf_add_char(t->out, '"');
	agent_buf_add(t->out, word);
	agent_buf_add_char(t->out, '"');
}

/* "e-mail" is searched as the phrase it is to the index, and by its longer parts: documents write it in more
 * than one way. */
static void add_parts(terms *t, agent_str word)
{
	size_t start = 0;
	for (size_t i = 0; i <= word.len; i++) {
		bool border = i == word.len || word.ptr[i] == '-' || word.ptr[i] == '\'';
		if (border) {
			if (i - start >= PART_BYTES && i - start < word.len) {
				add_term(t, agent_str_cut(word, start, i - start));
			}
			start = i + 1;
		}
	}
}

agent_status agent_knowledge_match(agent_str text, agent_buf *out, agent_error *err)
{
	terms t = { .out = out };
	agent_str word;
	size_t pos = 0;
	agent_buf_init(&t.seen, AGENT_KNOWLEDGE_MATCH);
	agent_buf_init(&t.folded, 1024);
	while (t.count < WORDS_MAX && agent_word_next(text, &pos, &word)) {
		size_t before = t.count;
		add_term(&t, word);
		if (t.count > before) {
			add_parts(&t, word);
		}
	}
	agent_status status = agent_buf_check(&t.seen, "the query", err);
	if (status == AGENT_OK) {
		status = agent_buf_check(&t.folded, "the query", err);
	}
	if (status == AGENT_OK) {
		status = agent_buf_check(out, "the query", err);
	}
	agent_buf_clear(&t.seen);
	agent_buf_clear(&t.folded);
	return status;
}

static agent_str primary(agent_str language)
{
	size_t len = 0;
	while (len < language.len && language.ptr[len] != '-' && language.ptr[len] != '_') {
		len++;
	}
	return agent_str_cut(language, 0, len);
}

bool agent_knowledge_speaks(const agent_knowledge_query *query, agent_str language)
{
	return query->language.len == 0 || language.len == 0 || agent_str_eq_nocase(primary(query->language),
		primary(language));
}

bool agent_knowledge_may_see(const agent_knowledge_query *query, agent_str access)
{
	if (access.len == 0) {
		return true;
	}
	for (size_t i = 0; i < query->scope_count; i++) {
		if (agent_str_eq(query->scopes[i], access)) {
			return true;
		}
	}
	return false;
}

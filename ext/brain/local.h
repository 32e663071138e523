/* SPDX-License-Identifier: MIT
 * The parts of the local brain, for each other only.
 * No contract of its own: that is agent_local_brain in brain.h. */
#ifndef AGENT_BRAIN_LOCAL_H
#define AGENT_BRAIN_LOCAL_H

#include "ext/brain/brain.h"

/* One run. After the first failure `status` stays AGENT_ERR with *err filled, and what follows does no
 * harm: it is looked at once. */
typedef struct agent_local {
	const agent_brain_request *request;
	agent_arena *arena;
	agent_error *err;
	agent_status status;
	agent_buf fold;              /* scratch of agent_local_stem_next */
	agent_buf text;              /* the answer as it is written */
} agent_local;

void agent_local_memory(agent_local *local);
/* Keeps `text` in the arena. */
agent_str agent_local_keep(agent_local *local, agent_str text);

/* --- local_words.c: what a text is about --- */

#define AGENT_LOCAL_WORDS 64

/* The stems of a message that say something, each once. */
typedef struct agent_local_words {
	agent_str stems[AGENT_LOCAL_WORDS];
	int weights[AGENT_LOCAL_WORDS];
	size_t count;
	int total;                   /* of the weights */
} agent_local_words;

/* What a word is worth when two texts are compared. */
enum { AGENT_LOCAL_WEAK = 1, AGENT_LOCAL_FIGURE = 2, AGENT_LOCAL_STRONG = 4, AGENT_LOCAL_NAME = 8 };

/* The next word of text as a stem (a view, valid until the next call) and its weight (may be NULL), 0 for
 * one that says nothing. false at the end. */
bool agent_local_stem_next(agent_local *local, agent_str text, size_t *pos, agent_str *stem, int *weight);
/* all: also those that say nothing, with weight 0. */
void agent_local_words_read(agent_local *local, agent_str text, bool all, agent_local_words *out);
/* Which of the words stand in text; *others (may be NULL): the weight of text's words that are none of
 * them, doubles counted. */
uint64_t agent_local_hits(agent_local *local, const agent_local_words *words, agent_str text, int *others);
int agent_local_weight(const agent_local_words *words, uint64_t hits);
/* How alike two texts are when every word counts, 0 … 1000. all: one of them, read with `all`. */
int agent_local_alike(agent_local *local, const agent_local_words *all, agent_str text);
/* The folded word stands in text. */
bool agent_local_says(agent_local *local, agent_str text, const char *word);

typedef enum agent_local_courtesy {
	AGENT_LOCAL_NONE, AGENT_LOCAL_GREETING, AGENT_LOCAL_THANKS, AGENT_LOCAL_BYE
} agent_local_courtesy;

/* Whether the message is nothing but a courtesy. */
agent_local_courtesy agent_local_courtesy_of(agent_local *local, agent_str text);

/* "I want to talk to a human": a person is named and a wish to reach one. */
bool agent_local_wants_human(agent_local *local, agent_str text);

/* --- local_arguments.c: from a message to arguments --- */

typedef struct agent_local_fill {
	agent_json *arguments;       /* an object; belongs to the caller */
	agent_str missing;           /* the first required argument that was not found; empty: all are there */
	const agent_json *missing_schema;
	bool found;                  /* a required argument was recognised by its form in the message itself */
} agent_local_fill;

/* What has a form is looked for in the message, then in the visitor's earlier ones, newest first. */
void agent_local_fill_in(agent_local *local, const agent_tool *tool, agent_local_fill *out);
/* The question for a missing argument. */
void agent_local_ask(agent_local *local, agent_str name, const agent_json *schema);
/* --- local_form.c: finding in a text what a schema describes --- */

typedef enum agent_local_form {
	AGENT_LOCAL_FORM_FREE,       /* any text will do */
	AGENT_LOCAL_FORM_ABSENT,     /* nothing of this form stands in the text */
	AGENT_LOCAL_FORM_FOUND
} agent_local_form;

/* *value belongs to the caller when FOUND. */
agent_local_form agent_local_find(agent_local *local, agent_str name, const agent_json *schema,
	agent_str text, agent_json **value);
/* A word that names what a label counts: "order number" is about an "order". Empty when the label has no
 * such end. */
agent_str agent_local_noun(agent_str label);
/* What people call a member: its title, else its name with blanks for underscores, the first letter small.
 * In the arena. */
agent_str agent_local_label(agent_local *local, agent_str name, const agent_json *schema);

/* --- choosing and wording; what is said goes to local->text --- */

/* local_route.c: how much the tool's examples and description are about the same, 0 … 1000; *hits: the
 * words they hold. */
int agent_local_score(agent_local *local, const agent_tool *tool, const agent_local_words *words,
	const agent_local_words *all, uint64_t *hits);
/* local_passage.c: how much of the question stands in the best passage, and how close together, 0 … 1000;
 * a little more if its title is about it. *hits: the words in it. */
int agent_local_best_passage(agent_local *local, const agent_local_words *words, size_t *best,
	uint64_t *hits);
void agent_local_quote(agent_local *local, const agent_local_words *words, const agent_passage *passage);
/* local_result.c: the result of one call. */
typedef enum agent_local_told {
	AGENT_LOCAL_TOLD,
	AGENT_LOCAL_NOTHING,         /* it brought nothing that a visitor should hear about */
	AGENT_LOCAL_PASSAGES         /* it brought passages, or none: they are quoted like those that were looked up */
} agent_local_told;
agent_local_told agent_local_word_result(agent_local *local, const agent_tool *tool, agent_str arguments,
	agent_str result);

/* --- local_texts.c: the sentences --- */

typedef struct agent_local_texts {
	const char *greeting, *thanks, *bye, *example;
	const char *which, *give, *give_example, *give_described, *choose;
	const char *according, *according_plain, *see, *not_found, *closest, *closest_plain;
	const char *your, *here, *nothing, *below, *yes, *no, *none, *is, *more;
	const char *failed, *not_there, *not_yours, *failed_because;
} agent_local_texts;

extern const agent_local_texts agent_local_english;

/* Appends a sentence; {a}, {b} and {c} in it are replaced. */
void agent_local_say(agent_local *local, const char *sentence, agent_str a, agent_str b, agent_str c);

#endif

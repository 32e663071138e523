/* SPDX-License-Identifier: MIT
 * What a text is about: stems, what they weigh, and what two texts share.
 * No schema, no passage, no sentence of ours. */
#include "ext/brain/local.h"

#include "ext/text/words.h"

/* Words that are no stop words but fit any question. */
static const char *const weak[] = {
	"long", "much", "many", "something", "anything", "thing", "know", "tell", "want", "need", "get",
	"got", "give", "take", "make", "let", "use", "find", "look", "see", "say", "show", "help", "work",
	"question", "information", "info", "possible", "item", "time", "day", "way", "still", "already",
	"yet", "now", "today", "soon", "like", "go", "happen", "check", "come", "ask", "new", "one", "ok",
	"okay", "also", "just", "really", "exactly", "currently", "actually", "able", "buy", "bought",
	"purchase", "would", "could", "shall", "should", "may", "might", "keep", "put", "try", "store",
	"shop", "customer", "support", "until", "till", "reach", "second",
};

static const char *const greetings[] = {
	"hi", "hello", "hey", "hallo", "greetings", "morning", "afternoon", "evening", "good", "dear",
	"there",
};
static const char *const thanks[] = {
	"thanks", "thank", "thx", "cheers", "great", "perfect", "please", "you", "very", "much", "lot",
	"so", "ok", "okay", "many", "for", "the", "help", "your", "that", "nice", "good", "all", "a", "was",
	"it", "s", "that's",
};
static const char *const byes[] = {
	"bye", "goodbye", "ciao", "see", "you", "later", "good", "night",
};

static bool listed(agent_str folded, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (agent_str_is(folded, list[i])) {
			return true;
		}
	}
	return false;
}

#define LISTED(folded, list) listed((folded), (list), sizeof(list) / sizeof *(list))

/* The stem of each word of the list is what a text's stem is compared with. */
static bool is_weak(agent_str folded, agent_str stem)
{
	if (LISTED(folded, weak)) {
		return true;
	}
	for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) {
		if (agent_str_eq(stem, agent_word_stem(agent_str_cstr(weak[i])))) {
			return true;
		}
	}
	return false;
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digits_of(agent_str word)
{
	size_t count = 0;
	for (size_t i = 0; i < word.len; i++) {
		count += digit(word.ptr[i]);
	}
	return count;
}

/* An order number says which thing is meant, not what is asked; a short figure may be part of a name
 * ("Model 15"). */
static int weight_of(agent_str word, agent_str folded, agent_str stem, bool first)
{
	size_t digits = digits_of(word);
	if (digits > 0) {
		return digits == word.len && digits <= 3 ? AGENT_LOCAL_FIGURE : 0;
	}
	if (folded.len < 2 || agent_word_is_stop(folded) || agent_str_is(folded, "please")
		|| agent_str_is(folded, "thanks")
		|| agent_str_is(folded, "hi") || agent_str_is(folded, "hello") || agent_str_is(folded, "hey")) {
		return 0;
	}
	if (is_weak(folded, stem)) {
		return AGENT_LOCAL_WEAK;
	}
	return !first && word.ptr[0] >= 'A' && word.ptr[0] <= 'Z' ? AGENT_LOCAL_NAME : AGENT_LOCAL_STRONG;
}

static bool fold(agent_local *local, agent_str word)
{
	agent_buf_reset(&local->fold);
	agent_word_fold(word, &local->fold);
	if (local->fold.fault == AGENT_BUF_FULL) { /* that is no word */
		agent_buf_reset(&local->fold);
	} else if (local->fold.fault == AGENT_BUF_NO_MEMORY) {
		agent_local_memory(local);
	}
	return local->status == AGENT_OK;
}

bool agent_local_stem_next(agent_local *local, agent_str text, size_t *pos, agent_str *stem, int *weight)
{
	bool first = *pos == 0;
	agent_str word;
	if (!agent_word_next(text, pos, &word) || !fold(local, word)) {
		return false;
	}
	agent_str folded = agent_buf_str(&local->fold);
	*stem = agent_word_stem(folded);
	if (weight != NULL) {
		*weight = weight_of(word, folded, *stem, first);
	}
	return true;
}

static size_t index_of(const agent_local_words *words, agent_str stem)
{
	size_t i = 0;
	while (i < words->count && !agent_str_eq(words->stems[i], stem)) {
		i++;
	}
	return i;
}

void agent_local_words_read(agent_local *local, agent_str text, bool all, agent_local_words *out)
{
	agent_str stem;
	int weight;
	out->count = 0;
	out->total = 0;
	for (size_t pos = 0; agent_local_stem_next(local, text, &pos, &stem, &weight);) {
		if (weight == 0 && !(all && digits_of(stem) == 0)) {
			continue;
		}
		if (out->count == AGENT_LOCAL_WORDS || index_of(out, stem) < out->count) {
			continue;
		}
		out->stems[out->count] = agent_local_keep(local, stem);
		out->weights[out->count++] = weight;
		out->total += weight;
	}
}

uint64_t agent_local_hits(agent_local *local, const agent_local_words *words, agent_str text, int *others)
{
	uint64_t hits = 0;
	agent_str stem;
	int weight = 0;
	for (size_t pos = 0; agent_local_stem_next(local, text, &pos, &stem, others != NULL ? &weight : NULL);) {
		size_t i = index_of(words, stem);
		if (i < words->count) {
			hits |= (uint64_t)1 << i;
		} else if (others != NULL) {
			*others += weight < AGENT_LOCAL_STRONG ? weight : AGENT_LOCAL_STRONG;
		}
	}
	return hits;
}

int agent_local_weight(const agent_local_words *words, uint64_t hits)
{
	int sum = 0;
	for (size_t i = 0; i < words->count; i++) {
		sum += (hits >> i & 1) != 0 ? words->weights[i] : 0;
	}
	return sum;
}

bool agent_local_says(agent_local *local, agent_str text, const char *word)
{
	agent_str each;
	for (size_t pos = 0; agent_word_next(text, &pos, &each);) {
		if (fold(local, each) && agent_str_is(agent_buf_str(&local->fold), word)) {
			return true;
		}
	}
	return false;
}

int agent_local_alike(agent_local *local, const agent_local_words *all, agent_str text)
{
	uint64_t hits = 0;
	size_t length = 0, shared = 0;
	agent_str stem;
	for (size_t pos = 0; agent_local_stem_next(local, text, &pos, &stem, NULL);) {
		if (digits_of(stem) > 0) {
			continue;
		}
		size_t i = index_of(all, stem);
		length++;
		if (i < all->count && (hits >> i & 1) == 0) {
			hits |= (uint64_t)1 << i;
			shared++;
		}
	}
	return length == 0 ? 0 : (int)(2000 * shared / (all->count + length));
}

agent_local_courtesy agent_local_courtesy_of(agent_local *local, agent_str text)
{
	size_t words = 0, greeting = 0, thank = 0, bye = 0;
	bool greets = false, thanked = false, parts = false;
	agent_str word;
	for (size_t pos = 0; agent_word_next(text, &pos, &word);) {
		if (!fold(local, word)) {
			return AGENT_LOCAL_NONE;
		}
		agent_str folded = agent_buf_str(&local->fold);
		words++;
		greeting += LISTED(folded, greetings);
		thank += LISTED(folded, thanks);
		bye += LISTED(folded, byes);
		greets = greets || listed(folded, greetings, 8);
		thanked = thanked || listed(folded, thanks, 6);
		parts = parts || listed(folded, byes, 3) || agent_str_is(folded, "later");
	}
	if (words == 0 || words > 8) {
		return AGENT_LOCAL_NONE;
	}
	if (parts && bye == words) {
		return AGENT_LOCAL_BYE;
	}
	if (thanked && thank == words) {
		return AGENT_LOCAL_THANKS;
	}
	return greets && greeting == words ? AGENT_LOCAL_GREETING : AGENT_LOCAL_NONE;
}

bool agent_local_wants_human(agent_local *local, agent_str text)
{
	static const char *const people[] = { "human", "person", "somebody", "someone", "representative", "operator", "employee", "staff", "manager", "agent" };
	static const char *const reach[] = { "talk", "speak", "chat", "connect", "transfer", "reach", "real" };
	bool person = false;
	bool wish = false;
	size_t words = 0;
	agent_str word;
	for (size_t pos = 0; agent_word_next(text, &pos, &word); words++) {
		if (!fold(local, word)) {
			return false;
		}
		person = person || LISTED(agent_buf_str(&local->fold), people);
		wish = wish || LISTED(agent_buf_str(&local->fold), reach);
	}
	return person && (wish || words == 1);
}

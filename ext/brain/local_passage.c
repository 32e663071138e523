/* SPDX-License-Identifier: MIT
 * Which passage answers a question, and which of its sentences are quoted, word for word.
 * Searches nothing: the passages came with the request. */
#include "ext/brain/local.h"

#include "ext/text/recognise.h"
#include "ext/text/words.h"

#define SENTENCES_MAX 128
#define QUOTE_MAX ((size_t)600)
/* Chosen on stackfaq's questions: these answer most of those that have an answer among the passages, and
 * fewest of the others. */
#define TITLE_BONUS 300
#define WHOLE 1
#define NEAR 2
#define COMMON_MIN 3
#define PASSAGES_MAX 16
/* A passage that answers nearly as well as the best is taken if one of its sentences answers better. */
#define CLOSE 250
#define BEST_SENTENCE 500
/* In tenths of a weak word: a word in the heading, a figure of the kind that is asked for. */
#define OWN 10
#define HEADING 4
#define FITTING 30

/* What kinds of figure a question asks for, or a sentence holds. */
enum { FIGURE_TIME = 1, FIGURE_MONEY = 2, FIGURE_ANY = 4, FIGURE_EVENT = 8 };

typedef struct sentence {
	size_t start, end;           /* in the passage */
	uint64_t hits;
	uint64_t heading;            /* hits of the heading above it */
	bool usable;
	int figures;                 /* FIGURE_… that it holds */
	bool joined;                 /* only blanks between it and the one before */
} sentence;

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What stands before the text of a line: "- ", "* ", "2. ", "> ", "## ". *plain: the line can be quoted
 * behind it. */
static size_t marker(agent_str line, bool *plain)
{
	size_t i = 0, from;
	*plain = true;
	while (i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t')) {
		i++;
	}
	if (i == line.len) {
		return 0;
	}
	from = i;
	if (line.ptr[i] == '#' || line.ptr[i] == '|' || line.ptr[i] == '`') {
		*plain = false;
		return i + 1;
	}
	while (i < line.len && digit(line.ptr[i])) {
		i++;
	}
	if (i > from && i + 1 < line.len && (line.ptr[i] == '.' || line.ptr[i] == ')')
		&& line.ptr[i + 1] == ' ') {
		return i + 2;
	}
	bool bullet = line.ptr[from] == '-' || line.ptr[from] == '*' || line.ptr[from] == '+'
		|| line.ptr[from] == '>';
	return bullet && from + 1 < line.len && line.ptr[from + 1] == ' ' ? from + 2 : 0;
}

/* A run of lines that belong together: one heading, one list item or one paragraph. Returns where the next
 * one begins. */
static size_t block(agent_str text, size_t at, size_t *start, size_t *end, bool *plain)
{
	*start = *end = at;
	for (bool first = true; at < text.len; first = false) {
		size_t line_end = agent_str_find(text, AGENT_STR("\n"), at);
		size_t behind = line_end == (size_t)-1 ? text.len : line_end + 1;
		agent_str line = agent_str_cut(text, at, behind - at);
		bool quotable;
		size_t skip = marker(line, &quotable);
		if (agent_str_trim(line).len == 0) {
			return behind;
		}
		if (!first && skip > 0) {
			return at;
		}
		if (first) {
			*start = at + skip;
			*plain = quotable;
		}
		*end = at = behind;
		if (first && !quotable) {
			return at;
		}
	}
	return at;
}

/* No marks of Markdown or HTML, and quotation marks of one kind at most. */
static bool quotable(agent_str text)
{
	size_t words = 0, pos = 0;
	agent_str word;
	bool straight = agent_str_find(text, AGENT_STR("\""), 0) != (size_t)-1;
	bool curly = agent_str_find(text, AGENT_STR("“"), 0) != (size_t)-1
		|| agent_str_find(text, AGENT_STR("”"), 0) != (size_t)-1;
	for (size_t i = 0; i < text.len; i++) {
		if (strchr("*`[]|<>#_", text.ptr[i]) != NULL) {
			return false;
		}
	}
	while (words < 2 && agent_word_next(text, &pos, &word)) {
		words++;
	}
	return words == 2 && text.len <= QUOTE_MAX && !(straight && curly);
}

static bool says_one_of(agent_local *local, agent_str text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (agent_local_says(local, text, list[i])) {
			return true;
		}
	}
	return false;
}

#define SAYS_ONE_OF(local, text, list) says_one_of((local), (text), (list), sizeof(list) / sizeof *(list))

/* What kind of figure the message asks for: 0 if none. */
static int asked_for(agent_local *local)
{
	static const char *const times[] = { "long", "soon", "fast", "quickly", "late", "days", "weeks", "months", "hours",
		"minutes", "years" };
	static const char *const amounts[] = { "cost", "costs", "price", "fee", "expensive" };
	static const char *const extremes[] = { "minimum", "maximum", "smallest", "largest", "cheapest", "least", "limit" };
	agent_str message = local->request->message;
	bool how = agent_local_says(local, message, "how");
	int kinds = 0;
	if (agent_local_says(local, message, "when")) {
		kinds |= FIGURE_TIME | FIGURE_EVENT;
	}
	if ((how && SAYS_ONE_OF(local, message, times)) || agent_local_says(local, message, "deadline")
		|| (agent_local_says(local, message, "opening") && agent_local_says(local, message, "hours"))) {
		kinds |= FIGURE_TIME;
	}
	if ((how && agent_local_says(local, message, "much")) || SAYS_ONE_OF(local, message, amounts)) {
		kinds |= FIGURE_MONEY;
	}
	if (kinds == 0 && how && agent_local_says(local, message, "many")) {
		kinds = FIGURE_ANY;
	} else if (kinds == 0 && SAYS_ONE_OF(local, message, extremes)) {
		kinds = FIGURE_ANY | FIGURE_MONEY;
	}
	return kinds;
}

static int figures_of(agent_local *local, agent_str text, int asked)
{
	static const char *const free_words[] = { "free", "nothing" };
	static const char *const events[] = { "when", "until", "after", "once", "before" };
	static const char *const small[] = { "one", "two", "three", "four", "five", "six", "ten" };
	int kinds = 0;
	agent_found found;
	agent_time_unit unit;
	for (size_t pos = 0; agent_recognise_plain(text, &pos, &found);) {
		if (found.kind == AGENT_FOUND_MONEY) {
			kinds |= FIGURE_MONEY | FIGURE_ANY;
		} else if (found.kind == AGENT_FOUND_DATE || (found.kind == AGENT_FOUND_NUMBER
			&& agent_time_unit_behind(text, found.start + found.len, &unit))) {
			kinds |= FIGURE_TIME | FIGURE_ANY;
		} else if (found.kind == AGENT_FOUND_NUMBER || found.kind == AGENT_FOUND_PERCENT) {
			kinds |= FIGURE_ANY;
		}
	}
	if ((asked & FIGURE_MONEY & ~kinds) != 0 && SAYS_ONE_OF(local, text, free_words)) {
		kinds |= FIGURE_MONEY;
	}
	if ((asked & FIGURE_EVENT) != 0 && SAYS_ONE_OF(local, text, events)) {
		kinds |= FIGURE_EVENT;
	}
	if ((asked & FIGURE_ANY & ~kinds) != 0 && SAYS_ONE_OF(local, text, small)) {
		kinds |= FIGURE_ANY;
	}
	return kinds;
}

static void add_sentence(agent_local *local, const agent_local_words *words, agent_str text, size_t start,
	size_t end, bool plain, int asked, sentence *list, size_t *count)
{
	while (start < end && blank(text.ptr[start])) {
		start++;
	}
	while (end > start && blank(text.ptr[end - 1])) {
		end--;
	}
	agent_str view = agent_str_cut(text, start, end - start);
	if (view.len == 0 || *count == SENTENCES_MAX) {
		return;
	}
	sentence *s = &list[(*count)++];
	*s = (sentence){ .start = start, .end = end, .usable = plain && quotable(view) };
	s->hits = agent_local_hits(local, words, view, NULL);
	s->figures = asked != 0 && s->usable ? figures_of(local, view, asked) : 0;
}

static size_t split(agent_local *local, const agent_local_words *words, agent_str text, int asked, sentence *list)
{
	size_t count = 0;
	uint64_t heading = 0;
	for (size_t at = 0; at < text.len;) {
		size_t start, end, first = count;
		bool plain = false;
		at = block(text, at, &start, &end, &plain);
		while (start < end) {
			size_t len = agent_sentence_end(agent_str_cut(text, start, end - start), true);
			len = len == 0 ? end - start : len;
			size_t before = count;
			add_sentence(local, words, text, start, start + len, plain, asked, list, &count);
			if (count > before) {
				list[before].joined = before > first;
				heading = plain ? heading : list[before].hits;
				list[before].heading = heading & ~list[before].hits;
			}
			start += len;
		}
	}
	return count;
}

static sentence *sentences(agent_local *local)
{
	sentence *list = agent_arena_array(local->arena, SENTENCES_MAX, sizeof *list);
	if (list == NULL) {
		local->status = agent_arena_fail(local->arena, local->err);
	}
	return list;
}

/* A word that stands in every passage found says little about which one answers: it counts half. */
static void reweigh(const agent_local_words *words, const uint64_t *hits, size_t count,
	agent_local_words *out)
{
	uint64_t common = count >= COMMON_MIN ? UINT64_MAX : 0;
	for (size_t i = 0; i < count; i++) {
		common &= hits[i];
	}
	*out = *words;
	out->total = 0;
	for (size_t i = 0; i < out->count; i++) {
		out->weights[i] = out->weights[i] * 2 / ((common >> i & 1) != 0 ? 2 : 1);
		out->total += out->weights[i];
	}
}

/* How well a sentence answers by itself. */
static int worth(const agent_local_words *words, const sentence *s, int asked, int weight)
{
	int fits = s->figures & asked;
	return OWN * agent_local_weight(words, s->hits) + HEADING * agent_local_weight(words, s->heading)
		+ (fits != 0 ? FITTING * weight : 0) + ((fits & (fits - 1)) != 0 ? FITTING / 4 * weight : 0);
}

/* Of 1000: what the best sentence that can be quoted says by itself. */
static int best_sentence(const agent_local_words *words, const sentence *list, size_t count, int asked)
{
	int most = 0;
	for (size_t i = 0; i < count; i++) {
		int each = list[i].usable && list[i].hits != 0 ? worth(words, &list[i], asked, 2) : 0;
		most = each > most ? each : most;
	}
	return most * 1000 / (OWN * words->total);
}

/* Of 1000: the title and the best three sentences in a row, and the passage as a whole. */
static int share(const agent_local_words *words, uint64_t title, const sentence *list, size_t count)
{
	uint64_t all = title;
	int near = 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t run = title | list[i].hits | (i + 1 < count ? list[i + 1].hits : 0) | (i + 2 < count
			? list[i + 2].hits : 0);
		int weight = agent_local_weight(words, run);
		near = weight > near ? weight : near;
		all |= list[i].hits;
	}
	return (WHOLE * agent_local_weight(words, all) + NEAR * near) * 1000 / ((WHOLE + NEAR) * words->total)
		+ TITLE_BONUS * agent_local_weight(words, title) / words->total;
}

int agent_local_best_passage(agent_local *local, const agent_local_words *words, size_t *best, uint64_t *hits)
{
	const agent_brain_request *request = local->request;
	size_t count = request->passage_count < PASSAGES_MAX ? request->passage_count : PASSAGES_MAX;
	uint64_t title[PASSAGES_MAX], both[PASSAGES_MAX];
	agent_local_words weighed;
	int score[PASSAGES_MAX], rank[PASSAGES_MAX];
	int most = 0, highest = -1;
	int asked = asked_for(local);
	*best = 0;
	*hits = 0;
	sentence *list = sentences(local);
	if (words->total == 0 || list == NULL) {
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		agent_str heading = request->passages[i].heading;
		title[i] = agent_local_hits(local, words, request->passages[i].title, NULL)
			| agent_local_hits(local, words, agent_str_of(heading.ptr, heading.len), NULL);
		both[i] = title[i] | agent_local_hits(local, words, request->passages[i].text, NULL);
	}
	reweigh(words, both, count, &weighed);
	for (size_t i = 0; i < count; i++) {
		size_t found = split(local, words, request->passages[i].text, asked, list);
		score[i] = share(&weighed, title[i], list, found);
		rank[i] = score[i] + BEST_SENTENCE * best_sentence(&weighed, list, found, asked) / 1000;
		most = score[i] > most ? score[i] : most;
	}
	for (size_t i = 0; i < count; i++) {
		if (score[i] > 0 && score[i] + CLOSE >= most && rank[i] > highest) {
			highest = rank[i];
			*best = i;
			*hits = both[i];
		}
	}
	return most;
}

static size_t choose(const agent_local_words *words, const sentence *list, size_t count, int asked)
{
	size_t best = count;
	int most = -1;
	for (size_t i = 0; i < count; i++) {
		int score = worth(words, &list[i], asked, 1);
		if (list[i].usable && score > most) {
			best = i;
			most = score;
		}
	}
	return best;
}

/* Takes in a neighbour that says more about the question, up to three sentences. */
static void widen(const sentence *list, size_t count, int asked, size_t *from, size_t *to)
{
	uint64_t hits = list[*from].hits;
	bool has_figure = (list[*from].figures & asked) != 0;
	for (int more = 0; more < 2; more++) {
		const sentence *next = *to + 1 < count && list[*to + 1].joined && list[*to + 1].usable
			? &list[*to + 1] : NULL;
		const sentence *before = *from > 0 && list[*from].joined && list[*from - 1].usable ? &list[*from - 1]
			: NULL;
		if (next != NULL && next->end - list[*from].start <= QUOTE_MAX
			&& ((next->hits & ~hits) != 0 || (!has_figure && (next->figures & asked) != 0))) {
			hits |= next->hits;
			has_figure = has_figure || (next->figures & asked) != 0;
			++*to;
		} else if (before != NULL && list[*to].end - before->start <= QUOTE_MAX
			&& (before->hits & ~hits) != 0) {
			hits |= before->hits;
			--*from;
		} else {
			return;
		}
	}
}

/* Line breaks inside a quotation become blanks. */
static void put_quote(agent_local *local, agent_str quote)
{
	bool curly = agent_str_find(quote, AGENT_STR("\""), 0) != (size_t)-1;
	bool gap = false;
	agent_buf_add(&local->text, curly ? AGENT_STR("“") : AGENT_STR("\""));
	for (size_t i = 0; i < quote.len; i++) {
		if (blank(quote.ptr[i])) {
			gap = true;
			continue;
		}
		if (gap) {
			agent_buf_add_char(&local->text, ' ');
			gap = false;
		}
		agent_buf_add_char(&local->text, quote.ptr[i]);
	}
	agent_buf_add(&local->text, curly ? AGENT_STR("”") : AGENT_STR("\""));
	if (strchr(".!?", quote.ptr[quote.len - 1]) == NULL) {
		agent_buf_add_char(&local->text, '.');
	}
}

void agent_local_quote(agent_local *local, const agent_local_words *words, const agent_passage *passage)
{
	const agent_local_texts *texts = &agent_local_english;
	int asked = asked_for(local);
	sentence *list = sentences(local);
	if (list == NULL) {
		return;
	}
	size_t count = split(local, words, passage->text, asked, list);
	size_t from = choose(words, list, count, asked), to = from;
	if (from == count) {
		agent_local_say(local, texts->see, passage->title, passage->url, AGENT_STR_EMPTY);
		return;
	}
	widen(list, count, asked, &from, &to);
	agent_local_say(local, passage->url.len > 0 ? texts->according : texts->according_plain, passage->title,
		passage->url, AGENT_STR_EMPTY);
	agent_str quote = agent_str_cut(passage->text, list[from].start, list[to].end - list[from].start);
	if (list[from].start >= list[to].end) {
		return;
	}
	put_quote(local, quote);
}

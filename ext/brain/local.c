/* SPDX-License-Identifier: MIT
 * The local brain: words a result, calls a tool, asks, quotes, or says that nothing fits. By rules alone.
 * How each of these is done stands in local_*.c. */
#include "ext/brain/local.h"

#define ANSWER_MAX ((size_t)64 * 1024)
/* Of 1000. Tried on the messages of tests/unit/brain_local.c. */
#define TOOL_FITS 600
#define WRITE_FITS 500
#define PASSAGE_FITS 600
#define PERSONAL 150

void agent_local_memory(agent_local *local)
{
	local->status = agent_fail_memory(local->err);
}

agent_str agent_local_keep(agent_local *local, agent_str text)
{
	agent_str copy;
	if (!agent_arena_dup(local->arena, text, &copy)) {
		local->status = agent_arena_fail(local->arena, local->err);
	}
	return copy;
}

static const agent_tool *tool_of(const agent_brain_request *request, agent_str name)
{
	for (size_t i = 0; i < request->tool_count; i++) {
		if (agent_str_eq(request->tools[i].name, name)) {
			return &request->tools[i];
		}
	}
	return NULL;
}

/* The call that a result answers: the latest of that id before it. */
static const agent_brain_call *call_of(const agent_brain_request *request, size_t result)
{
	for (size_t i = result; i > 0; i--) {
		const agent_message *message = &request->messages[i - 1];
		for (size_t k = 0; k < message->call_count; k++) {
			if (agent_str_eq(message->calls[k].id, request->messages[result].call_id)) {
				return &message->calls[k];
			}
		}
	}
	return NULL;
}

/* The results of this turn, in order; *tried: there are some, though perhaps none to tell; *failed: one had
 * nothing to tell. false: nothing was written. */
static bool word_results(agent_local *local, bool *tried, bool *failed)
{
	const agent_brain_request *request = local->request;
	bool any = false;
	*tried = *failed = false;
	for (size_t i = request->turn_start; i < request->message_count; i++) {
		size_t before = local->text.len;
		if (request->messages[i].role != AGENT_ROLE_TOOL) {
			continue;
		}
		const agent_brain_call *call = call_of(request, i);
		agent_str arguments = call != NULL ? call->arguments : AGENT_STR("{}");
		agent_buf_add(&local->text, any ? AGENT_STR("\n") : AGENT_STR(""));
		*tried = true;
		agent_local_told told = agent_local_word_result(local,
			call != NULL ? tool_of(request, call->name) : NULL, arguments, request->messages[i].text);
		if (told == AGENT_LOCAL_TOLD) {
			any = true;
		} else {
			local->text.len = before;
			*failed = *failed || told == AGENT_LOCAL_NOTHING;
		}
	}
	return any;
}

typedef struct candidate {
	const agent_tool *tool;
	agent_local_fill fill;
	int score;                   /* by its words */
	uint64_t hits;
} candidate;

static int rank(const candidate *c)
{
	return c->score + (c->fill.found ? 1000 : 0);
}

/* searched: passages were asked for in this turn already. */
static void best_tool(agent_local *local, const agent_local_words *words, const agent_local_words *all,
	bool searched, candidate *best)
{
	const agent_brain_request *request = local->request;
	bool personal = agent_local_says(local, request->message, "my")
		|| agent_local_says(local, request->message, "mine");
	for (size_t i = 0; i < request->tool_count && i < AGENT_TOOLS_MAX && request->tools_allowed; i++) {
		candidate c = { .tool = &request->tools[i] };
		if ((request->tool_mask >> i & 1) == 0) {
			continue;
		}
		c.score = agent_local_score(local, c.tool, words, all, &c.hits);
		c.score += c.score > 0 && personal ? PERSONAL : 0;
		agent_local_fill_in(local, c.tool, &c.fill);
		bool careless = c.tool->effect == AGENT_TOOL_WRITE && c.score < WRITE_FITS;
		if (c.tool->passages.len > 0) { /* passages were looked up already: only where its examples ask for it */
			c.fill.found = false;
			careless = careless || searched || c.tool->example_count == 0 || c.score < TOOL_FITS;
		}
		if (local->status == AGENT_OK && !careless && (best->tool == NULL || rank(&c) > rank(best))) {
			agent_json_free(best->fill.arguments);
			*best = c;
		} else {
			agent_json_free(c.fill.arguments);
		}
	}
}

/* "local-3" after "local-2", wherever in the history that stands. */
static void put_id(const agent_brain_request *request, agent_buf *out)
{
	agent_str prefix = AGENT_STR("local-");
	int64_t last = 0;
	for (size_t i = 0; i < request->message_count; i++) {
		for (size_t k = 0; k < request->messages[i].call_count; k++) {
			agent_str id = request->messages[i].calls[k].id;
			int64_t number;
			if (agent_str_starts(id, prefix) && agent_str_to_int(agent_str_from(id, prefix.len), &number)
				&& number > last
				&& number < INT32_MAX) {
				last = number;
			}
		}
	}
	agent_buf_add(out, prefix);
	agent_buf_add_int(out, last + 1);
}

static void call(agent_local *local, const candidate *chosen, agent_local_answer *out)
{
	agent_buf text;
	if (chosen->fill.missing.len > 0) {
		agent_local_ask(local, chosen->fill.missing, chosen->fill.missing_schema);
		out->asked = true;
		return;
	}
	agent_buf_init(&text, ANSWER_MAX);
	out->is_call = true;
	out->call.name = chosen->tool->name;
	put_id(local->request, &text);
	out->call.id = agent_local_keep(local, agent_buf_str(&text));
	size_t id = text.len;
	agent_json_write(chosen->fill.arguments, &text);
	out->call.arguments = agent_local_keep(local, agent_str_from(agent_buf_str(&text), id));
	if (agent_buf_check(&text, "the arguments", local->err) != AGENT_OK) {
		local->status = AGENT_ERR;
	}
	agent_buf_clear(&text);
}

static void greet(agent_local *local)
{
	const agent_brain_request *request = local->request;
	agent_buf_add(&local->text, agent_str_cstr(agent_local_english.greeting));
	for (size_t i = 0; i < request->tool_count && i < AGENT_TOOLS_MAX; i++) {
		const agent_tool *tool = &request->tools[i];
		for (size_t k = 0; k < tool->example_count && (request->tool_mask >> i & 1) != 0; k++) {
			agent_str example = tool->examples[k];
			bool figure = false;
			for (size_t c = 0; c < example.len; c++) {
				figure = figure || (example.ptr[c] >= '0' && example.ptr[c] <= '9');
			}
			if (!figure) { /* a made-up order number is no example to show */
				agent_local_say(local, agent_local_english.example, example, AGENT_STR_EMPTY,
					AGENT_STR_EMPTY);
				return;
			}
		}
	}
}

static bool courtesy(agent_local *local)
{
	switch (agent_local_courtesy_of(local, local->request->message)) {
		case AGENT_LOCAL_GREETING:
			greet(local);
			return true;
		case AGENT_LOCAL_THANKS:
			agent_buf_add(&local->text, agent_str_cstr(agent_local_english.thanks));
			return true;
		case AGENT_LOCAL_BYE:
			agent_buf_add(&local->text, agent_str_cstr(agent_local_english.bye));
			return true;
		case AGENT_LOCAL_NONE:
			break;
	}
	return false;
}

static void decline(agent_local *local, agent_local_answer *out)
{
	const agent_local_texts *texts = &agent_local_english;
	const agent_brain_request *request = local->request;
	out->declined = true;
	agent_buf_add(&local->text, agent_str_cstr(texts->not_found));
	if (request->passage_count > 0) {
		const agent_passage *nearest = &request->passages[0];
		agent_local_say(local, nearest->url.len > 0 ? texts->closest : texts->closest_plain, nearest->title,
			nearest->url, AGENT_STR_EMPTY);
	}
}

/* What the question is about. A message that holds nothing but an argument ("ABC-12345") goes on with what
 * was asked before. */
static void topic(agent_local *local, agent_local_words *words, agent_local_words *all)
{
	const agent_brain_request *request = local->request;
	size_t at = request->turn_start < request->message_count ? request->turn_start : request->message_count;
	agent_local_words_read(local, request->message, false, words);
	agent_local_words_read(local, request->message, true, all);
	for (; words->count == 0 && at > 0; at--) {
		if (request->messages[at - 1].role == AGENT_ROLE_USER) {
			agent_local_words_read(local, request->messages[at - 1].text, false, words);
			agent_local_words_read(local, request->messages[at - 1].text, true, all);
			return;
		}
	}
}

static bool has_strong(const agent_local_words *words)
{
	for (size_t i = 0; i < words->count; i++) {
		if (words->weights[i] >= AGENT_LOCAL_STRONG) {
			return true;
		}
	}
	return false;
}

/* "Can I return my order?": the page knows a word the tool does not, and the tool none that outweighs it. */
static bool page_knows_better(const agent_local_words *words, int passage, uint64_t page, uint64_t tool)
{
	int more = agent_local_weight(words, page & ~tool);
	return passage >= PASSAGE_FITS && more > 0 && more >= agent_local_weight(words, tool & ~page);
}

/* tried: a tool was called in this turn and brought nothing but passages; failed: it brought nothing at all, so the
 * pages that were looked up are what is left. */
static void decide(agent_local *local, bool tried, bool failed, agent_local_answer *out)
{
	agent_local_words words, all;
	candidate chosen = { 0 };
	size_t page;
	uint64_t hits;
	topic(local, &words, &all);
	if (!failed) {
		best_tool(local, &words, &all, tried, &chosen);
	}
	int passage = agent_local_best_passage(local, &words, &page, &hits);
	bool by_form = chosen.fill.found && (chosen.score > 0 || passage < PASSAGE_FITS);
	bool by_words = chosen.score >= TOOL_FITS && chosen.score >= passage * 85 / 100
		&& !page_knows_better(&words, passage, hits, chosen.hits);
	if (local->status == AGENT_OK && chosen.tool != NULL && (by_form || by_words)) {
		call(local, &chosen, out);
	} else if (passage >= PASSAGE_FITS && has_strong(&words)) {
		agent_local_quote(local, &words, &local->request->passages[page]);
	} else if (failed) {
		agent_buf_add(&local->text, agent_str_cstr(agent_local_english.failed));
	} else if (!tried && !has_strong(&words)
		&& (words.count == 0 || agent_local_says(local, local->request->message, "help"))) {
		greet(local);
	} else {
		decline(local, out);
	}
	agent_json_free(chosen.fill.arguments);
}

agent_status agent_local_brain(const agent_brain_request *request, agent_arena *arena,
	agent_local_answer *out, agent_error *err)
{
	agent_local local = { .request = request, .arena = arena, .err = err, .status = AGENT_OK };
	*out = (agent_local_answer){ .text = AGENT_STR_EMPTY,
		.call = { AGENT_STR_EMPTY, AGENT_STR_EMPTY, AGENT_STR_EMPTY } };
	agent_buf_init(&local.fold, 4096);
	agent_buf_init(&local.text, ANSWER_MAX);
	bool tried, failed;
	if (!word_results(&local, &tried, &failed) && local.status == AGENT_OK && !courtesy(&local)
		&& local.status == AGENT_OK) {
		out->human = agent_local_wants_human(&local, request->message);
		if (!out->human && local.status == AGENT_OK) {
			decide(&local, tried, failed, out);
		}
	}
	if (local.status == AGENT_OK) {
		local.status = agent_buf_check(&local.text, "the local brain's answer", err);
	}
	if (local.status == AGENT_OK) {
		out->text = agent_local_keep(&local, agent_buf_str(&local.text));
	}
	agent_buf_clear(&local.fold);
	agent_buf_clear(&local.text);
	return local.status;
}

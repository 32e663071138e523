/* SPDX-License-Identifier: MIT
 * What the visitor sees: sentence by sentence after the ground check, notices, citations.
 * Decides from the concatenated text of a pass alone, never from the borders of its pieces. */
#include "ext/text/words.h"
#include "ext/turn/internal.h"

#define EVIDENCE_URLS 256

agent_status agent_turn_say(agent_turn *turn, agent_say_kind kind, agent_str text, agent_str data, agent_error *err)
{
	agent_effect *effect = agent_turn_effect(turn, AGENT_EFFECT_SAY, err);
	if (effect == NULL) {
		return AGENT_ERR;
	}
	effect->say = kind;
	if (agent_turn_dup(turn, text, &effect->text, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return data.len > 0 ? agent_turn_dup(turn, data, &effect->data, err) : AGENT_OK;
}

agent_status agent_turn_notice(agent_turn *turn, agent_text_id id, bool offer_human, agent_error *err)
{
	const agent_config *config = turn->setup.config;
	agent_buf *out = &turn->scratch;
	agent_buf_reset(out);
	if (turn->notice.len > 0) {
		agent_buf_add(out, turn->notice);
		agent_buf_add_char(out, ' ');
	}
	size_t start = out->len;
	agent_buf_add(out, agent_text_get(config, turn->setup.locale, id));
	if (offer_human && config->contact_url.len > 0) {
		agent_buf with_url;
		agent_buf_init(&with_url, AGENT_SCRATCH);
		agent_str label = config->contact_label.len > 0 ? config->contact_label : config->contact_url;
		agent_text_fill(agent_text_get(config, turn->setup.locale, AGENT_TEXT_CONTACT), AGENT_STR("url"), config->contact_url, &with_url);
		agent_buf_add_char(out, ' ');
		agent_text_fill(agent_buf_str(&with_url), AGENT_STR("label"), label, out);
		if (with_url.fault != AGENT_BUF_FINE && out->fault == AGENT_BUF_FINE) {
			out->fault = with_url.fault;
		}
		agent_buf_clear(&with_url);
	}
	agent_str all;
	if (agent_turn_take_scratch(turn, "the notice", &all, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	turn->notice = all;
	return agent_turn_say(turn, AGENT_SAY_NOTICE, agent_str_from(all, start), AGENT_STR_EMPTY, err);
}

/* Text of an earlier pass and text of this one stand in paragraphs of their own. */
static void separate(agent_turn *turn, agent_buf *out)
{
	agent_str said = agent_buf_str(&turn->reply);
	if (said.len > 0 && turn->shown.len == 0) {
		if (said.ptr[said.len - 1] != '\n') {
			agent_buf_add_lit(out, "\n");
		}
		if (said.len < 2 || agent_str_trim(agent_str_from(said, said.len - 2)).len > 0) {
			agent_buf_add_lit(out, "\n");
		}
	}
}

agent_status agent_turn_reply(agent_turn *turn, agent_str text, agent_error *err)
{
	agent_buf_reset(&turn->scratch);
	separate(turn, &turn->scratch);
	agent_buf_add(&turn->scratch, text);
	agent_str said;
	if (agent_turn_take_scratch(turn, "the reply", &said, err) != AGENT_OK
		|| agent_turn_say(turn, AGENT_SAY_TEXT, said, AGENT_STR_EMPTY, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_buf_add(&turn->shown, text);
	agent_buf_add(&turn->reply, said);
	if (agent_buf_check(&turn->shown, "the reply", err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return agent_buf_check(&turn->reply, "the reply", err);
}

bool agent_turn_page_in(const agent_turn *turn, uint64_t passages, size_t index)
{
	const agent_passage *page = &turn->passages[index];
	for (size_t i = 0; i < turn->passage_count; i++) {
		if ((passages >> i & 1) != 0 && agent_str_eq(turn->passages[i].url, page->url) && agent_str_eq(turn->passages[i].title, page->title)) {
			return true;
		}
	}
	return false;
}

static agent_status cite(agent_turn *turn, agent_str paragraph, agent_error *err)
{
	if (turn->passage_count == 0) {
		return AGENT_OK;
	}
	uint64_t fresh = agent_ground_cited(paragraph, turn->passages, turn->passage_count) & ~turn->cited;
	for (size_t i = 0; i < turn->passage_count; i++) {
		if ((fresh >> i & 1) == 0) {
			continue;
		}
		bool named = agent_turn_page_in(turn, turn->cited, i);
		turn->cited |= UINT64_C(1) << i;
		if (named) {
			continue;
		}
		agent_buf *out = &turn->scratch;
		agent_buf_reset(out);
		agent_buf_add_char(out, '{');
		agent_json_put_member(out, "id", turn->passages[i].id);
		agent_json_put_member(out, "title", turn->passages[i].title);
		agent_json_put_member(out, "url", turn->passages[i].url);
		agent_buf_add_char(out, '}');
		agent_str data;
		if (agent_turn_take_scratch(turn, "a citation", &data, err) != AGENT_OK
			|| agent_turn_say(turn, AGENT_SAY_CITATION, AGENT_STR_EMPTY, data, err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	return AGENT_OK;
}

/* Days to civil date, Howard Hinnant's algorithm (proleptic Gregorian calendar). */
static void today(int64_t seconds, agent_evidence *evidence)
{
	int64_t z = seconds / 86400 + 719468;
	int64_t era = z / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	evidence->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	evidence->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	evidence->year = (int)(yoe + era * 400 + (evidence->month <= 2 ? 1 : 0));
}

static bool grounded(agent_turn *turn, size_t end)
{
	const agent_config *config = turn->setup.config;
	agent_str urls[EVIDENCE_URLS];
	size_t count = 0;
	for (; count < config->url_count && count + 1 < EVIDENCE_URLS; count++) {
		urls[count] = config->urls[count];
	}
	if (config->contact_url.len > 0) {
		urls[count++] = config->contact_url;
	}
	agent_evidence evidence = {
		.said = turn->said.items, .said_count = turn->said.count,
		.results = turn->results.items, .result_count = turn->results.count,
		.result_urls = turn->result_urls.items, .result_url_count = turn->result_urls.count,
		.passages = turn->passages, .passage_count = turn->passage_count,
		.urls = urls, .url_count = count
	};
	if (turn->now_s > 0) {
		today(turn->now_s, &evidence);
	}
	agent_str text = agent_buf_str(&turn->text);
	agent_str paragraph = agent_str_cut(text, turn->paragraph, end - turn->paragraph);
	agent_str sentence = agent_str_cut(text, turn->released, end - turn->released);
	return agent_ground_check(paragraph, sentence, &evidence, &turn->violation);
}

static agent_status release_one(agent_turn *turn, size_t end, agent_error *err)
{
	agent_str text = agent_buf_str(&turn->text);
	agent_str sentence = agent_str_cut(text, turn->released, end - turn->released);
	agent_str paragraph = agent_str_cut(text, turn->paragraph, end - turn->paragraph);
	size_t blanks = end; /* those behind a sentence are said with the next one, so that an answer does not end in them */
	while (blanks > turn->released && agent_str_trim(agent_str_cut(text, blanks - 1, 1)).len == 0) {
		blanks--;
	}
	if (blanks == turn->released && turn->shown.len == 0) {
		turn->released = turn->said_to = end; /* before the first word */
		return AGENT_OK;
	}
	if (!grounded(turn, end)) {
		turn->left_out = true;
		if (turn->pass != AGENT_PASS_REPAIR && !turn->held) {
			turn->held = true;
			turn->held_from = turn->released;
		}
	} else if (!turn->held) {
		agent_str say = agent_str_cut(text, turn->said_to, blanks - turn->said_to);
		if (agent_turn_reply(turn, say, err) != AGENT_OK || cite(turn, paragraph, err) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	turn->released = end;
	turn->said_to = blanks;
	if (agent_str_find(sentence, AGENT_STR("\n\n"), 0) != (size_t)-1) {
		turn->paragraph = end;
	}
	return AGENT_OK;
}

/* The shortest prefix of rest that already shows where its first sentence ends: what the journal keeps of a pass that is cut
 * there does not depend on how much of the next piece had come. */
static size_t decided_by(agent_str rest, size_t len)
{
	size_t enough = len;
	while (enough < rest.len && agent_sentence_end(agent_str_cut(rest, 0, enough), false) != len) {
		enough++;
	}
	return enough;
}

agent_status agent_turn_release(agent_turn *turn, bool final, agent_error *err)
{
	while (turn->in_pass && !turn->held) {
		agent_str rest = agent_str_from(agent_buf_str(&turn->text), turn->released);
		size_t len = rest.len > 0 ? agent_sentence_end(rest, final) : 0;
		if (len == 0) {
			break;
		}
		if (release_one(turn, turn->released + len, err) != AGENT_OK) {
			return AGENT_ERR;
		}
		int64_t used = agent_token_estimate(agent_str_cut(agent_buf_str(&turn->text), 0, turn->released));
		if (!final && !turn->local && turn->budget.tokens + used > turn->budget.max_tokens) { /* at its end the pass has been counted */
			turn->budget.tokens += used;
			turn->text.len = turn->released - len + decided_by(rest, len);
			if (agent_journal_put_partial(turn, err) != AGENT_OK) {
				return AGENT_ERR;
			}
			return agent_turn_cap(turn, AGENT_CAP_TOKENS, err);
		}
	}
	return AGENT_OK;
}

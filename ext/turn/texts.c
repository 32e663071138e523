/* SPDX-License-Identifier: MIT
 * The table of the machine's own sentences.
 * No figure and no promise in them: they are shown without a check. */
#include "ext/turn/texts.h"

#include "ext/turn/turn.h"

static const struct {
	agent_text_id id;
	agent_str name;
	agent_str text;
} texts[AGENT_TEXT_COUNT] = {
	{ AGENT_TEXT_CONTACT, AGENT_STR_INIT("contact"), AGENT_STR_INIT("You can reach a person here: {label} ({url})") },
	{ AGENT_TEXT_CUT_SHORT, AGENT_STR_INIT("cut_short"), AGENT_STR_INIT("My answer was cut short.") },
	{ AGENT_TEXT_DECLINED, AGENT_STR_INIT("declined"), AGENT_STR_INIT("I could not find that in our help pages.") },
	{ AGENT_TEXT_HUMAN, AGENT_STR_INIT("human"), AGENT_STR_INIT("A person can help you with this.") },
	{ AGENT_TEXT_LATE, AGENT_STR_INIT("late"), AGENT_STR_INIT("This is taking longer than it should, so I stopped here.") },
	{ AGENT_TEXT_LEFT_OUT, AGENT_STR_INIT("left_out"), AGENT_STR_INIT("I left out a part that I could not verify.") },
	{ AGENT_TEXT_LIMIT, AGENT_STR_INIT("limit"), AGENT_STR_INIT("This question needs more steps than I may take in one answer.") },
	{ AGENT_TEXT_MISSING, AGENT_STR_INIT("missing"), AGENT_STR_INIT("To look that up I need one more thing: {name}. Could you tell me?") },
	{ AGENT_TEXT_NEEDS_PROOF, AGENT_STR_INIT("needs_proof"), AGENT_STR_INIT("Before I can show this, please confirm that it is yours.") },
	{ AGENT_TEXT_NO_ANSWER, AGENT_STR_INIT("no_answer"), AGENT_STR_INIT("I could not find an answer that I can stand behind.") },
	{ AGENT_TEXT_TOOL_DOWN, AGENT_STR_INIT("tool_down"), AGENT_STR_INIT("Our order system cannot be reached at the moment, so I can only answer from our help pages.") },
	{ AGENT_TEXT_TOOL_LATE, AGENT_STR_INIT("tool_late"), AGENT_STR_INIT("Our order system did not answer in time.") },
};

bool agent_text_known(agent_str name)
{
	for (size_t i = 0; i < AGENT_TEXT_COUNT; i++) {
		if (agent_str_eq(texts[i].name, name)) {
			return true;
		}
	}
	return false;
}

static const agent_text *configured(const agent_config *config, agent_str locale, agent_str name)
{
	for (size_t i = 0; i < config->text_count; i++) {
		const agent_text *t = &config->texts[i];
		if (agent_str_eq_nocase(t->locale, locale) && agent_str_eq(t->name, name)) {
			return t;
		}
	}
	return NULL;
}

static agent_str language_of(agent_str locale)
{
	for (size_t i = 0; i < locale.len; i++) {
		if (locale.ptr[i] == '-' || locale.ptr[i] == '_') {
			return agent_str_cut(locale, 0, i);
		}
	}
	return locale;
}

agent_str agent_text_get(const agent_config *config, agent_str locale, agent_text_id id)
{
	const agent_str wanted[] = { locale, language_of(locale), config->locale, language_of(config->locale) };
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		const agent_text *t = wanted[i].len > 0 ? configured(config, wanted[i], texts[id].name) : NULL;
		if (t != NULL) {
			return t->text;
		}
	}
	return texts[id].text;
}

void agent_text_fill(agent_str text, agent_str name, agent_str value, agent_buf *out)
{
	size_t done = 0;
	for (size_t i = 0; i + name.len + 2 <= text.len; i++) {
		if (text.ptr[i] == '{' && text.ptr[i + name.len + 1] == '}' && agent_str_eq(agent_str_cut(text, i + 1, name.len), name)) {
			agent_buf_add(out, agent_str_cut(text, done, i - done));
			agent_buf_add(out, value);
			i += name.len + 1;
			done = i + 1;
		}
	}
	agent_buf_add(out, agent_str_from(text, done));
}

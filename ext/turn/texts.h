/* SPDX-License-Identifier: MIT
 * The machine's own sentences: one table, English, replaced per locale by configuration.texts.
 * What the local brain words stands in brain/. */
#ifndef AGENT_TURN_TEXTS_H
#define AGENT_TURN_TEXTS_H

#include "ext/contract/config.h"

typedef enum agent_text_id {
	AGENT_TEXT_CONTACT,          /* behind any offer of a human; {url} and {label} are filled in */
	AGENT_TEXT_CUT_SHORT,
	AGENT_TEXT_DECLINED,
	AGENT_TEXT_HUMAN,
	AGENT_TEXT_LATE,
	AGENT_TEXT_LEFT_OUT,
	AGENT_TEXT_LIMIT,
	AGENT_TEXT_MISSING,          /* {name} is filled in */
	AGENT_TEXT_NEEDS_PROOF,
	AGENT_TEXT_NO_ANSWER,
	AGENT_TEXT_TOOL_DOWN,
	AGENT_TEXT_TOOL_LATE,
	AGENT_TEXT_COUNT
} agent_text_id;

/* By locale, then its language, then the site's, then English. A view into the configuration or the table. */
agent_str agent_text_get(const agent_config *config, agent_str locale, agent_text_id id);
/* The sentence with {name} replaced by value everywhere, appended. */
void agent_text_fill(agent_str text, agent_str name, agent_str value, agent_buf *out);

#endif

/* SPDX-License-Identifier: MIT
 * All that the local brain says in words of its own. English.
 * No rules: only sentences and how they are filled. */
#include "ext/brain/local.h"

/* No quotation marks here: what stands between them is checked against the help pages. */
const agent_local_texts agent_local_english = {
	.greeting = "Hello! How can I help you today?",
	.thanks = "You are welcome! Is there anything else I can help you with?",
	.bye = "Goodbye, and thank you for your visit.",
	.example = " You can ask me, for example: {a}",
	.which = "Which {a} do you mean? ",
	.give = "Please give me the {a}.",
	.give_example = "Please give me the {a} (it looks like {b}).",
	.give_described = "Please give me the {a}. {b}",
	.choose = "Please tell me the {a}. You can choose: {b}.",
	.according = "According to {a} ({b}): ",
	.according_plain = "According to {a}: ",
	.see = "You will find that in {a} ({b}).",
	.not_found = "I could not find that in our help pages.",
	.closest = " The closest page is {a} ({b}).",
	.closest_plain = " The closest page is {a}.",
	.your = "Your {a} {b}: ",
	.here = "Here is what I found: ",
	.nothing = "I looked that up, but there is nothing more to show.",
	.below = "You will find it right below this message.",
	.yes = "yes",
	.no = "no",
	.none = "none",
	.is = " is ",
	.more = "and more",
	.failed = "I could not get that just now. Please try again in a moment, or contact us.",
	.not_there = "I could not find anything for what you gave me.",
	.not_yours = "I may not show you that.",
	.failed_because = " Please check what you entered and try again, or contact us.",
};

void agent_local_say(agent_local *local, const char *sentence, agent_str a, agent_str b, agent_str c)
{
	agent_str rest = agent_str_cstr(sentence);
	while (rest.len > 0) {
		size_t open = agent_str_find(rest, AGENT_STR("{"), 0);
		agent_buf_add(&local->text, agent_str_cut(rest, 0, open));
		if (open == (size_t)-1) {
			return;
		}
		switch (rest.ptr[open + 1]) { /* each place is {x}: the table is ours */
			case 'a':
				agent_buf_add(&local->text, a);
				break;
			case 'b':
				agent_buf_add(&local->text, b);
				break;
			default:
				agent_buf_add(&local->text, c);
				break;
		}
		rest = agent_str_from(rest, open + 3);
	}
}

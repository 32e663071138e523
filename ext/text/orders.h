/* SPDX-License-Identifier: MIT
 * Text that gives orders to a language model instead of telling a reader something.
 * A filter against what is planted in pages, not a proof: what passes is still data, and still checked. */
#ifndef AGENT_TEXT_ORDERS_H
#define AGENT_TEXT_ORDERS_H

#include "ext/base/str.h"

/* "Ignore your instructions", "disregard all previous rules", "system prompt", in English and six more languages; not
 * "ignore the washing instructions". */
bool agent_text_orders(agent_str text);

/* The next paragraph (it ends at an empty line, or at the end) at or after *pos, with the line ends behind it; *pos moved there.
 * false at the end. */
bool agent_paragraph_next(agent_str text, size_t *pos, agent_str *paragraph);

#endif

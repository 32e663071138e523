/* SPDX-License-Identifier: MIT
 * The ground check: may this sentence be shown? Everything in it that can be checked must stand on something.
 * Pure; judges one sentence against evidence that the caller collected. */
#ifndef AGENT_GUARD_GROUND_H
#define AGENT_GUARD_GROUND_H

#include "ext/base/port.h"
#include "ext/contract/json.h"

typedef struct agent_evidence {
	/* The visitor's words of this turn and earlier ones: ground identifiers (order numbers, e-mail), nothing else. */
	const agent_str *said;
	size_t said_count;
	/* Tool results (this turn's, and earlier ones of the last ten minutes), as the model saw them: ground identifiers, amounts, dates, figures. */
	const agent_json *const *results;
	size_t result_count;
	/* Result members whose schema says format: uri. */
	const agent_str *result_urls;
	size_t result_url_count;
	/* Passages given to this pass. One grounds figures only where the sentence or its paragraph cites it. */
	const agent_passage *passages;
	size_t passage_count;
	/* The site's configured addresses, by prefix. */
	const agent_str *urls;
	size_t url_count;
	/* Today, so that "today", "tomorrow" need no ground of their own: 0 if unknown. */
	int year, month, day;
} agent_evidence;

typedef struct agent_violation {
	agent_str what;              /* the thing itself, a view into the sentence */
	const char *rule;            /* "identifier", "amount", "date", "percentage", "figure", "address", "citation", "quotation" */
	char message[192];           /* a sentence for the repair pass */
} agent_violation;

/* paragraph: the text of the paragraph so far, `sentence` being its last part (a view into it). true: may be shown.
 * Rules in design order: identifiers from said, results or passages cited; amounts, dates, percentages and figures only from results or
 * from a passage cited in the same sentence or paragraph ("According to <title> (<url>)"); addresses only a given passage's own,
 * result_urls, or by prefix urls; a citation must be one of the passages (title and url belong together); quotations stand word for word (blanks
 * folded) in a passage or result. Small figures are checked like others; list markers at the start of a line ("1.", "2)") are not figures. */
bool agent_ground_check(agent_str paragraph, agent_str sentence, const agent_evidence *evidence, agent_violation *violation);
/* The passages that the text cites, as a bit mask over the first 64. */
uint64_t agent_ground_cited(agent_str text, const agent_passage *passages, size_t count);

#endif

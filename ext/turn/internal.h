/* SPDX-License-Identifier: MIT
 * The turn's inside, shared by the files of turn/ only.
 * Public types and contracts: turn.h. */
#ifndef AGENT_TURN_INTERNAL_H
#define AGENT_TURN_INTERNAL_H

#include "ext/guard/ground.h"
#include "ext/turn/texts.h"
#include "ext/turn/turn.h"

#define AGENT_PASS_CALLS 16          /* calls taken of one pass, far more than a turn may make; the rest is passed over */
#define AGENT_PASS_TEXT ((size_t)128 * 1024)
#define AGENT_REPLY_TEXT ((size_t)256 * 1024)
#define AGENT_SCRATCH ((size_t)4 * 1024 * 1024)
#define AGENT_EARLIER_SECONDS 600    /* results of earlier turns ground figures for ten minutes */
#define AGENT_PASSAGES_MAX 64        /* bits of `cited` */
#define AGENT_TOOL_PASSAGES 8        /* of these, from the turn's tools: with the bytes below no more than a prompt bears */
#define AGENT_TOOL_PASSAGE_BYTES ((size_t)24 * 1024)

/* A growing array in the turn's arena. */
typedef struct agent_list {
	void *items;
	size_t count, capacity;
} agent_list;

/* A result of an earlier turn. */
typedef struct agent_earlier_result {
	const agent_json *tree;
	int tool;
	int64_t at_s;
} agent_earlier_result;

typedef enum agent_pass_kind {
	AGENT_PASS_PLAN,             /* tools offered */
	AGENT_PASS_ANSWER,           /* in words */
	AGENT_PASS_REPAIR            /* in words, once, after the ground check held something back */
} agent_pass_kind;

typedef struct agent_turn_call {
	agent_str id, name, arguments;
	int tool;                    /* index, -1: unknown */
	bool open;
	agent_result_class result;
	agent_str model, visitor, message;
	agent_str coercions;         /* JSON array of what was coerced in the model's arguments; empty: nothing */
	agent_str rest;              /* model without its passages; empty: it has none */
	int attempts;
	int64_t latency_ms;
} agent_turn_call;

struct agent_turn {
	agent_turn_setup setup;
	agent_arena *arena;
	agent_budget budget;
	agent_state state;
	agent_outcome outcome;
	bool broken, ended, received, looking_up, degraded, local, tools_down;
	agent_str message;
	int64_t now_s;
	agent_str policy;
	int64_t prefix_tokens;       /* of policy and tools */

	agent_list messages;         /* agent_message: earlier turns, then this one */
	size_t earlier;              /* how many of them are of earlier turns */
	size_t counted;              /* messages whose tokens are in the budget */
	agent_list turns;            /* size_t: where each earlier turn begins, for trimming */
	size_t trimmed;              /* messages dropped from the front of requests */
	agent_list said;             /* agent_str: visitors' words */
	agent_list trees;            /* agent_json *: owned */
	agent_list earlier_results;  /* agent_earlier_result */
	agent_list results;          /* const agent_json *: evidence */
	agent_list result_urls;      /* agent_str */
	agent_passage *passages;
	size_t passage_count, passage_room;
	size_t tool_passages, tool_passage_bytes;
	bool passages_told;          /* those looked up are a message, the first of this turn */
	uint64_t cited;

	agent_pass_kind pass;
	bool in_pass;
	agent_buf text;              /* of this pass, whole */
	size_t released;             /* of it, decided on */
	size_t said_to;              /* behind the last word that was said or left out */
	size_t paragraph;            /* where the current paragraph began */
	agent_buf shown;             /* of this pass, what was said */
	size_t reply_taken;          /* bytes of reply that stand in messages already */
	bool held;
	size_t held_from;
	agent_violation violation;
	bool left_out;
	agent_list pass_calls;       /* agent_brain_call as the model sent them */
	int bad_passes;              /* passes in which a call was malformed or unknown */
	agent_str missing;           /* what is missing in the wrong calls of the last pass, if it is one argument of one tool */
	int missing_tool;

	agent_list calls;            /* agent_turn_call, the whole turn's */
	size_t open_calls;
	agent_buf reply;
	agent_str notice;
	agent_str history;
	int64_t usage_input, usage_output, usage_cached;
	bool usage_estimated;

	agent_list effects;
	size_t next_effect;
	agent_list entries;          /* agent_str */
	size_t entries_stored;
	agent_buf scratch;
};

/* turn.c */
void *agent_list_push(agent_turn *turn, agent_list *list, size_t item_size, agent_error *err); /* zeroed; NULL: err filled */
agent_status agent_turn_dup(agent_turn *turn, agent_str text, agent_str *out, agent_error *err);
/* The scratch buffer's contents as a string in the arena. */
agent_status agent_turn_take_scratch(agent_turn *turn, const char *what, agent_str *out, agent_error *err);
agent_effect *agent_turn_effect(agent_turn *turn, agent_effect_kind kind, agent_error *err);
agent_status agent_turn_keep_tree(agent_turn *turn, agent_json *tree, agent_error *err); /* takes over tree */

/* say.c */
agent_status agent_turn_say(agent_turn *turn, agent_say_kind kind, agent_str text, agent_str data, agent_error *err);
/* One of the machine's sentences, with the contact line behind it where `offer_human`. */
agent_status agent_turn_notice(agent_turn *turn, agent_text_id id, bool offer_human, agent_error *err);
agent_status agent_turn_reply(agent_turn *turn, agent_str text, agent_error *err);
/* One of these passages (a bit mask) is of the same page as passages[index]: a page is named once. */
bool agent_turn_page_in(const agent_turn *turn, uint64_t passages, size_t index);
/* Checks and says all sentences that are whole. */
agent_status agent_turn_release(agent_turn *turn, bool final, agent_error *err);

/* passages.c */
agent_status agent_turn_passages(agent_turn *turn, const agent_input *input, agent_error *err);
/* What an OK result delivers as passages can be cited from now on; call->model then holds these alone, and call->rest none. tree: the
 * parsed model text, kept by the turn. */
agent_status agent_turn_take_passages(agent_turn *turn, agent_turn_call *call, const agent_json *tree, agent_error *err);

/* pass.c */
agent_status agent_turn_pass(agent_turn *turn, agent_pass_kind kind, agent_error *err);
agent_status agent_turn_text(agent_turn *turn, agent_str text, agent_error *err);
agent_status agent_turn_pass_end(agent_turn *turn, const agent_input *input, agent_error *err);
/* A pass that can call tools if any may still be called, else one in words. */
agent_status agent_turn_plan(agent_turn *turn, agent_error *err);

/* calls.c */
agent_status agent_turn_calls(agent_turn *turn, agent_error *err);
agent_status agent_turn_result(agent_turn *turn, agent_str call_id, const agent_tool_result *result, agent_error *err);
/* Every open call gets a result of this class. */
agent_status agent_turn_close_calls(agent_turn *turn, agent_result_class result, agent_error *err);
agent_turn_call *agent_turn_call_at(const agent_turn *turn, size_t index);
/* The call of this turn whose result a message is; NULL: of an earlier turn. */
const agent_turn_call *agent_turn_call_of(const agent_turn *turn, const agent_message *message);
/* What of a message outlives the turn and counts as input: a result without its passages. */
agent_str agent_turn_lasting(const agent_turn *turn, const agent_message *message);

/* Results enter the messages together, in the order of the calls. */
agent_status agent_turn_tool_messages(agent_turn *turn, agent_error *err);

/* repair.c */
/* {"error": {"type": …, "message": …, "faults": […]}}: what the model sees of a call that brought nothing. */
agent_status agent_turn_error_text(agent_turn *turn, agent_result_class result, agent_str message, agent_str faults, agent_str *out, agent_error *err);
agent_status agent_turn_unknown_tool(agent_turn *turn, agent_str *out, agent_error *err);
/* A wrong call misses this argument and nothing else is wrong with it (empty: something else is). bad: wrong calls of the pass before it. */
void agent_turn_note_missing(agent_turn *turn, int tool, agent_str missing, size_t bad);
/* All calls of the pass were wrong: one re-prompt with the errors, then a question or a human. */
agent_status agent_turn_all_bad(agent_turn *turn, agent_error *err);

/* finish.c */
agent_status agent_turn_finish(agent_turn *turn, agent_outcome outcome, agent_error *err);
agent_status agent_turn_cap(agent_turn *turn, agent_cap cap, agent_error *err);

/* prompt.c */
agent_status agent_prompt_policy(agent_turn *turn, agent_error *err);
agent_status agent_prompt_passages(agent_turn *turn, agent_error *err);
agent_status agent_prompt_request(agent_turn *turn, agent_pass_kind kind, int max_tokens, const agent_brain_request **out, agent_error *err);
int64_t agent_prompt_tokens(const agent_turn *turn);

/* history.c */
agent_message *agent_turn_message(agent_turn *turn, agent_role role, agent_str text, agent_error *err);
agent_status agent_history_read(agent_turn *turn, const agent_turn_row *rows, size_t count, agent_error *err);
/* Results of the last ten minutes become evidence, once now_s is known. */
agent_status agent_history_evidence(agent_turn *turn, agent_error *err);
/* One OK result as evidence: figures, identifiers and addresses in it may be shown, but for its passages, which must be cited. */
agent_status agent_turn_evidence(agent_turn *turn, int tool, const agent_json *tree, agent_error *err);
agent_status agent_history_write(agent_turn *turn, agent_error *err);

/* journal.c */
agent_status agent_journal_put_begin(agent_turn *turn, agent_error *err);
agent_status agent_journal_put(agent_turn *turn, const agent_input *input, agent_error *err);
/* What was made of a model's arguments, behind the pass that called. It is written down for people: replay finds it anew. */
agent_status agent_journal_put_coercions(agent_turn *turn, const agent_turn_call *call, agent_error *err);
/* The text of a pass that did not come to its end. */
agent_status agent_journal_put_partial(agent_turn *turn, agent_error *err);

#endif

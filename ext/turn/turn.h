/* SPDX-License-Identifier: MIT
 * The machine of one turn: inputs in, effects out. RECEIVE -> PLAN -> (EXECUTE_TOOL -> OBSERVE -> PLAN)* -> RESPOND -> END.
 * Pure: no clock, no randomness, no socket, no store; the same inputs give the same effects, byte for byte. */
#ifndef AGENT_TURN_TURN_H
#define AGENT_TURN_TURN_H

#include "ext/brain/brain.h"
#include "ext/guard/budget.h"
#include "ext/hands/hands.h"

/* A journal of another version is closed, never resumed: raise it with every change of states, effects or entries. */
#define AGENT_MACHINE_VERSION 4
#define AGENT_PROMPT_VERSION 2

typedef enum agent_state {
	AGENT_STATE_RECEIVE,         /* until message and passages are there */
	AGENT_STATE_PLAN,            /* a pass of the brain that may call tools */
	AGENT_STATE_EXECUTE_TOOL,    /* calls are being handed out */
	AGENT_STATE_OBSERVE,         /* all are handed out, results are awaited */
	AGENT_STATE_RESPOND,         /* a pass that must answer in words */
	AGENT_STATE_END
} agent_state;
#define AGENT_STATES 6

typedef enum agent_outcome {
	AGENT_OUTCOME_ANSWERED, AGENT_OUTCOME_ASKED, AGENT_OUTCOME_DECLINED, AGENT_OUTCOME_NEEDS_PROOF,
	AGENT_OUTCOME_ESCALATED, AGENT_OUTCOME_SHED, AGENT_OUTCOME_INTERRUPTED, AGENT_OUTCOME_FAILED
} agent_outcome;

const char *agent_state_name(agent_state state);
const char *agent_outcome_name(agent_outcome outcome);

/* --- inputs ----------------------------------------------------------------------------------------------------- */

typedef enum agent_input_kind {
	AGENT_INPUT_MESSAGE,         /* the first one */
	AGENT_INPUT_PASSAGES,        /* answers LOOKUP */
	AGENT_INPUT_TEXT,            /* the model's words, any borders */
	AGENT_INPUT_CALL,            /* one whole call of the model */
	AGENT_INPUT_PASS_END,        /* answers BRAIN */
	AGENT_INPUT_RESULT,          /* answers TOOL or PHP_TOOL */
	AGENT_INPUT_TIME,            /* milliseconds since the turn began */
	AGENT_INPUT_STOP             /* the client left, the callback threw, the turn is closed after a crash */
} agent_input_kind;
#define AGENT_INPUTS 8

/* Views need to live only during the feed. An input that the state does not wait for (a late result) changes nothing. */
typedef struct agent_input {
	agent_input_kind kind;
	agent_str text;              /* MESSAGE, TEXT */
	int64_t now_s;               /* MESSAGE: wall clock */
	const agent_passage *passages; /* PASSAGES */
	size_t passage_count;
	agent_brain_call call;       /* CALL */
	agent_finish finish;         /* PASS_END */
	agent_usage usage;
	bool malformed;              /* PASS_END with ERROR: the server refused the model's own call */
	bool asked, declined, human; /* PASS_END of the local brain */
	agent_str call_id;           /* RESULT: as in the effect */
	agent_tool_result result;
	int64_t wall_ms;             /* TIME */
} agent_input;

/* --- effects ---------------------------------------------------------------------------------------------------- */

typedef enum agent_effect_kind {
	AGENT_EFFECT_NONE,           /* feed more */
	AGENT_EFFECT_LOOKUP,         /* search `text`; answer with PASSAGES */
	AGENT_EFFECT_BRAIN,          /* ask `request`; answer with TEXT*, CALL*, PASS_END */
	AGENT_EFFECT_TOOL,           /* call tools[tool] by HTTP; answer with RESULT */
	AGENT_EFFECT_PHP_TOOL,       /* the same, by the handler in this process */
	AGENT_EFFECT_SAY,            /* show `text` / `data` as `say` */
	AGENT_EFFECT_PROOF,          /* tools[tool] would answer after a proof of ownership */
	AGENT_EFFECT_SAVE,           /* barrier: store the entries that agent_turn_entries gives; `close`: with record and history */
	AGENT_EFFECT_END             /* the last one; whatever still runs upstream is cancelled */
} agent_effect_kind;

typedef enum agent_say_kind {
	AGENT_SAY_TEXT,              /* checked; part of the reply */
	AGENT_SAY_NOTICE,
	AGENT_SAY_CITATION,          /* data {"id", "title", "url"} */
	AGENT_SAY_FILE               /* data: members for the visitor only */
} agent_say_kind;

/* Views are valid while the turn lives. */
typedef struct agent_effect {
	agent_effect_kind kind;
	const agent_brain_request *request;
	bool local;                  /* BRAIN: by the local brain */
	agent_say_kind say;
	agent_str text;
	agent_str data;              /* a JSON object's text */
	int tool;
	agent_str call_id;
	agent_str arguments;         /* canonical JSON */
	bool close;
	agent_outcome outcome;       /* END */
} agent_effect;

/* --- a turn ----------------------------------------------------------------------------------------------------- */

typedef struct agent_turn_setup {
	const agent_config *config;  /* outlives the turn */
	agent_budget budget;         /* the caps; counters 0 */
	agent_str turn;              /* its id: prefix of call ids */
	agent_str locale;
	const agent_turn_row *history; /* closed turns, oldest first; need to live only during agent_turn_new */
	size_t history_count;
	uint64_t tool_mask;          /* tools that may be offered */
	uint64_t local_tools;        /* of these, answered in this process */
	size_t memory;               /* bytes the turn may use; 0: 8 MiB */
} agent_turn_setup;

typedef struct agent_turn agent_turn;

agent_status agent_turn_new(const agent_turn_setup *setup, agent_turn **out, agent_error *err);
void agent_turn_free(agent_turn *turn); /* NULL is allowed */
/* AGENT_ERR: memory or a ceiling; the turn cannot go on and its journal must be left as it is. */
agent_status agent_turn_feed(agent_turn *turn, const agent_input *input, agent_error *err);
void agent_turn_next(agent_turn *turn, agent_effect *effect);

agent_state agent_turn_state(const agent_turn *turn);
/* The journal entries (JSON texts) that are not stored yet. Valid while the turn lives. */
void agent_turn_entries(const agent_turn *turn, const agent_str **entries, size_t *count);
/* All there are now are stored: they are not given again. */
void agent_turn_entries_stored(agent_turn *turn);
/* After the closing SAVE: the turn's messages, a balanced JSON array. */
agent_str agent_turn_history(const agent_turn *turn);
/* What the runner knows beside the machine. */
typedef struct agent_report_extra {
	agent_str session;
	agent_str model;
	agent_str timings;           /* a JSON object's text */
} agent_report_extra;
/* The turn as a JSON object: the record of the row, and what Agent\Turn shows. */
void agent_turn_report(const agent_turn *turn, const agent_report_extra *extra, agent_buf *out);

/* Names of the machine's own sentences (turn/texts.c), for checking configuration.texts. */
bool agent_text_known(agent_str name);

/* --- journal ---------------------------------------------------------------------------------------------------- */

typedef struct agent_journal_begin {
	int machine, prompt;
	agent_str config;            /* digest */
	uint64_t tool_mask, local_tools;
	agent_str locale;
	agent_budget budget;         /* the caps */
} agent_journal_begin;

/* Reads the first entry. Strings in the arena. */
agent_status agent_journal_read_begin(agent_str entry, agent_arena *arena, agent_journal_begin *out, agent_error *err);
/* Turns one later entry into inputs (a pass is text, calls and its end): at most AGENT_ENTRY_INPUTS. Strings in the arena. */
#define AGENT_ENTRY_INPUTS 24
agent_status agent_journal_read_entry(agent_str entry, agent_arena *arena, agent_input *inputs, size_t *count, agent_error *err);

#endif

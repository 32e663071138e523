/* SPDX-License-Identifier: MIT
 * The runner's inside, shared by chat.c, chat_begin.c, chat_queue.c, chat_step.c and chat_report.c.
 * What may happen in a turn is the machine's business (turn/); here it is made to happen. */
#ifndef AGENT_RUN_CHAT_INTERNAL_H
#define AGENT_RUN_CHAT_INTERNAL_H

#include "ext/run/internal.h"
#include "ext/turn/turn.h"

#define AGENT_CHAT_MEMORY ((size_t)16 * 1024 * 1024)
#define AGENT_CHAT_CALLS 16
#define AGENT_WAITING_MS 2000
#define AGENT_PASSAGES 4
#define AGENT_HISTORY_TURNS 20
#define AGENT_HISTORY_BYTES ((size_t)64 * 1024)

typedef enum agent_chat_phase {
	AGENT_CHAT_QUEUED,           /* the lease is not ours yet */
	AGENT_CHAT_WAITING,          /* the lease is, but there is no place for the turn yet */
	AGENT_CHAT_RUNNING,
	AGENT_CHAT_ENDED
} agent_chat_phase;

/* A call that is under way. */
typedef struct agent_chat_call {
	agent_call *call;
	agent_str id;                /* the machine's */
	int tool;
	bool php;                    /* waits for the caller's handler */
	bool announced;              /* RUN_PHP has been given out */
} agent_chat_call;

typedef struct agent_chat_event {
	struct agent_chat_event *next;
	agent_event event;           /* strings in the arena */
} agent_chat_event;

struct agent_chat {
	agent_site *site;
	agent_arena *arena;
	agent_chat_options options;  /* strings in the arena */
	agent_chat_phase phase;
	agent_session session;
	agent_turn_place *place;     /* NULL: none */
	agent_slot waiting;
	int64_t nap_ms, waiting_since_ms;
	agent_lease *lease;
	char turn_id[23], message_id[23];
	agent_turn *turn;
	agent_pass *pass;
	agent_chat_call calls[AGENT_CHAT_CALLS];
	size_t call_count;
	int php;                     /* index of the call whose handler runs now, -1: none */
	agent_chat_event *first, *last;
	int64_t started_ms, deadline_ms, state_since_ms, event_ms;
	agent_state state;           /* last one told */
	int64_t timings[AGENT_STATES];
	bool saved;
	agent_buf report;
};

int64_t agent_chat_now(const agent_chat *chat);
/* Exists, not ended, of this subject. */
agent_status agent_chat_check_session(agent_chat *chat, agent_error *err);
/* Queues an event; strings are copied. */
agent_status agent_chat_tell(agent_chat *chat, agent_event_kind kind, agent_str text, agent_str data, agent_error *err);
agent_status agent_chat_tell_tool(agent_chat *chat, const agent_chat_call *call, const char *status, agent_error *err);
/* A state that is new is told, and the time of the old one counted. */
agent_status agent_chat_note_state(agent_chat *chat, agent_error *err);

/* chat_queue.c: before that */
/* The session's lease, then a place for the turn among those that the site may have at the same time: takes what is to be had within tick_ms.
 * Who has a place never waits for a lease, so all who wait come on. */
agent_status agent_chat_queue(agent_chat *chat, int tick_ms, agent_error *err);
/* Lease and places, in whatever state the chat is. */
void agent_chat_give_back(agent_chat *chat);

/* chat_begin.c: once the lease is ours */
agent_status agent_chat_begin(agent_chat *chat, agent_error *err);

/* chat_step.c */
/* Does what one effect asks for. */
agent_status agent_chat_perform(agent_chat *chat, const agent_effect *effect, agent_error *err);
agent_status agent_chat_say(agent_chat *chat, const agent_effect *effect, agent_error *err);
/* Feeds whatever has arrived; *moved: something did. */
agent_status agent_chat_progress(agent_chat *chat, bool *moved, agent_error *err);
int agent_chat_wait_ms(const agent_chat *chat, int at_most);
void agent_chat_cancel(agent_chat *chat);
/* The entries that are not stored yet; record: the finished turn's, NULL while it goes on. */
agent_status agent_chat_store(agent_chat *chat, agent_turn *turn, agent_str turn_id, agent_str message_id, const agent_buf *record, agent_error *err);

/* chat_report.c */
/* The last event; the chat is over, its lease and its place given back. */
agent_status agent_chat_tell_end(agent_chat *chat, agent_str outcome, agent_error *err);
agent_status agent_chat_write_report(agent_chat *chat, const agent_turn *turn, agent_buf *out, agent_error *err);
/* A turn that never ran: too many messages, too many turns, or the session was busy for the whole wall time. */
agent_status agent_chat_shed(agent_chat *chat, agent_str notice, agent_error *err);
/* A turn that ended before: its record, told again. */
agent_status agent_chat_repeat(agent_chat *chat, agent_str record, agent_error *err);

#endif

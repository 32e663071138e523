/* SPDX-License-Identifier: MIT
 * Every port: what run/ asks of the world, as tables of functions. Implemented in memory/, wire/ and run/, called only from run/.
 * Contracts stand at the function pointers; no port calls back, none blocks past the deadline it was given. */
#ifndef AGENT_BASE_PORT_H
#define AGENT_BASE_PORT_H

#include "ext/base/arena.h"
#include "ext/base/buf.h"

/* --- clock ------------------------------------------------------------------------------------------------------ */

typedef struct agent_clock {
	int64_t (*mono_ms)(void *state);   /* monotonic milliseconds; deadlines are values of this clock */
	int64_t (*wall_ms)(void *state);   /* milliseconds since 1970-01-01T00:00:00Z */
	int64_t (*mono_us)(void *state);   /* mono_ms in microseconds: for latencies */
	void *state;
} agent_clock;

/* --- random ----------------------------------------------------------------------------------------------------- */

typedef struct agent_random {
	/* Fills len bytes from a cryptographic source, or fails whole. */
	agent_status (*fill)(void *state, void *bytes, size_t len, agent_error *err);
	void *state;
} agent_random;

/* --- http ------------------------------------------------------------------------------------------------------- */

/* The network rule of one request. https to public addresses is always allowed; anything else only where
 * `allow_private` (the INI agent.allow_private: "host:port" items separated by commas or blanks) names host and port. */
typedef struct agent_http_request {
	agent_str method;            /* GET, POST */
	agent_str url;
	const agent_str *headers;    /* "Name: value", no CR or LF */
	size_t header_count;
	agent_str body;              /* copied by start */
	int connect_ms;
	int total_ms;                /* the whole exchange */
	size_t max_body;             /* bytes of the answer; more is a failure (LIMIT/too_large) */
	agent_str allow_private;
	agent_str ca_file;           /* empty: the system's */
	agent_str proxy;             /* "http://host:port" for what allow_private does not name; empty: none, whatever the environment says */
} agent_http_request;

typedef enum agent_http_state {
	AGENT_HTTP_RUNNING,
	AGENT_HTTP_DONE,             /* the answer is complete */
	AGENT_HTTP_FAILED
} agent_http_state;

typedef struct agent_http_answer {
	int status;                  /* 0 until the header has come */
	agent_str content_type;      /* lower case, without parameters; valid until finish */
	int retry_after_ms;          /* -1: none sent. Looked at on failures only */
	bool reused;                 /* went over a connection that was already open */
} agent_http_answer;

typedef struct agent_http_call agent_http_call;

/* A pull client. One owner (thread); several calls may run at the same time. */
typedef struct agent_http {
	/* Starts an exchange and returns at once. *call belongs to the caller until finish. Refused addresses fail here
	 * (HTTP/address_refused) or, when only the resolved address tells, in the call. */
	agent_status (*start)(void *state, const agent_http_request *request, agent_http_call **call, agent_error *err);
	/* Moves all calls on; waits at most timeout_ms for something to happen (0: does not wait). */
	void (*poll)(void *state, int timeout_ms);
	/* The bytes that came since the last read (a view, valid until the next call of any function with this call) and the
	 * state after them. Never blocks. *chunk may be empty in any state. On FAILED err is filled. */
	agent_http_state (*read)(agent_http_call *call, agent_str *chunk, agent_error *err);
	void (*answer)(const agent_http_call *call, agent_http_answer *answer);
	/* Ends the call: a running one is cancelled (its connection is closed). NULL is allowed. */
	void (*finish)(agent_http_call *call);
	void *state;
} agent_http;

/* --- sessions --------------------------------------------------------------------------------------------------- */

typedef struct agent_grant {
	agent_str scope;
	int64_t expires_s;           /* wall clock, seconds */
} agent_grant;

typedef struct agent_session {
	agent_str id;
	bool has_subject;            /* false: a guest */
	agent_str subject;
	agent_str locale;
	int64_t created_s, updated_s;
	const agent_grant *grants;   /* those that have not expired */
	size_t grant_count;
	bool ended;
} agent_session;

typedef struct agent_lease agent_lease;

/* A turn as the session remembers it. `record` is the JSON text of the finished turn (what Agent\Turn shows), `history` the
 * JSON array of its messages, balanced: every call has exactly one result. Both empty while the turn is open. */
typedef struct agent_turn_row {
	agent_str turn, message_id;
	int64_t number;              /* 1, 2, 3 … within the session */
	bool open;
	int64_t started_s;
	agent_str record, history;
} agent_turn_row;

typedef struct agent_sessions {
	/* SESSION/exists when there is one of this id: of several that start it at once, one does. */
	agent_status (*start)(void *state, const agent_session *session, agent_error *err);
	/* SESSION/unknown when there is none (or it was another site's). Strings go into the arena. now_s decides which grants live. */
	agent_status (*get)(void *state, agent_str id, int64_t now_s, agent_arena *arena, agent_session *out, agent_error *err);
	agent_status (*grant)(void *state, agent_str id, agent_str scope, int64_t expires_s, agent_error *err);
	/* Later messages are refused with SESSION/ended; the history stays until retention takes it. */
	agent_status (*end)(void *state, agent_str id, int64_t now_s, agent_error *err);
	/* Takes the session for one turn. Blocks until it is free, in naps of 5 ms, at most until deadline_ms (clock.mono_ms);
	 * then TIMEOUT/session_busy. A lease ends with its process at the latest. */
	agent_status (*lease)(void *state, agent_str session, agent_str turn, int64_t deadline_ms, agent_lease **out, agent_error *err);
	/* Moves the deadline of a lease that expires (engines with owner and expiry); does nothing elsewhere. */
	agent_status (*renew)(agent_lease *lease, int64_t deadline_ms, agent_error *err);
	void (*release)(agent_lease *lease); /* NULL is allowed */
	void *state;
} agent_sessions;

/* --- journal ---------------------------------------------------------------------------------------------------- */

typedef struct agent_journal_batch {
	agent_str session, turn, message_id;
	int64_t now_s;
	const agent_str *entries;    /* JSON texts, in order, behind those already stored */
	size_t entry_count;
	bool close;                  /* the turn ends with this batch */
	agent_str record, history;   /* with close */
} agent_journal_batch;

typedef struct agent_journal {
	/* One transaction: the turn's row (made by its first batch), the entries and, with close, record and history. */
	agent_status (*append)(void *state, const agent_journal_batch *batch, agent_error *err);
	/* The entries of a turn in order; none is not an error. */
	agent_status (*read)(void *state, agent_str session, agent_str turn, agent_arena *arena, agent_str **entries, size_t *count, agent_error *err);
	/* The open turn of a session, if any (there is at most one). *found says so. */
	agent_status (*open_turn)(void *state, agent_str session, agent_arena *arena, agent_turn_row *out, bool *found, agent_error *err);
	agent_status (*by_message)(void *state, agent_str session, agent_str message_id, agent_arena *arena, agent_turn_row *out, bool *found, agent_error *err);
	/* The closed turns, oldest first: the newest `max_turns`, and of those as many as fit max_bytes of history. */
	agent_status (*history)(void *state, agent_str session, size_t max_turns, size_t max_bytes, agent_arena *arena, agent_turn_row **rows, size_t *count, agent_error *err);
	/* Deletes turns, journals, sessions, audit rows, kept answers and tokens seen not touched since before_s, at most `max` of each. */
	agent_status (*expire)(void *state, int64_t before_s, int max, agent_error *err);
	void *state;
} agent_journal;

/* --- knowledge -------------------------------------------------------------------------------------------------- */

typedef struct agent_document {
	agent_str id;                /* the caller's; putting it again replaces all its chunks */
	agent_str title, url, text;  /* text: plain or Markdown */
	agent_str language;          /* BCP 47, empty: unknown */
	agent_str access;            /* empty: public; else a scope that the session must hold */
	int64_t updated_s;
} agent_document;

/* One chunk of a document, as found. */
typedef struct agent_passage {
	agent_str id;                /* document id and chunk number: "returns#2" */
	agent_str title, url, text, language;
	agent_str heading;           /* those it stands under, outermost first, " – " between; empty: none */
	int64_t updated_s;
	double score;                /* higher is better; comparable within one search only */
} agent_passage;

typedef struct agent_knowledge_query {
	agent_str text;
	agent_str language;          /* empty: any */
	const agent_str *scopes;     /* what the session holds beside public documents */
	size_t scope_count;
	size_t limit;                /* passages */
} agent_knowledge_query;

typedef struct agent_knowledge_range {
	agent_str after;             /* only ids greater than it; empty: from the first */
	agent_str prefix;            /* only ids that begin with it; empty: all */
	size_t limit;                /* ids, 10000 at most */
} agent_knowledge_range;

typedef struct agent_knowledge {
	/* One transaction. *chunks: how many passages the document became. A document without text is removed (*chunks 0). */
	agent_status (*put)(void *state, const agent_document *document, size_t *chunks, agent_error *err);
	/* One transaction: the document of this id and its passages go. *found false: there was none, which is no error. Any text is an id. */
	agent_status (*remove)(void *state, agent_str id, bool *found, agent_error *err);
	/* The site's ids, public or not, in ascending order of their bytes. Reads no more rows than it gives. None is no error; any bytes are a range. */
	agent_status (*list)(void *state, const agent_knowledge_range *range, agent_arena *arena, agent_str **ids, size_t *count, agent_error *err);
	/* Best first, none found is not an error. Any text is a valid query. */
	agent_status (*search)(void *state, const agent_knowledge_query *query, agent_arena *arena, agent_passage **out, size_t *count, agent_error *err);
	void *state;
} agent_knowledge;

/* --- limits ----------------------------------------------------------------------------------------------------- */

/* At most `count` in any burst, refilled evenly over window_s seconds (GCRA). */
typedef struct agent_rate {
	int count;                   /* 0: no limit */
	int window_s;
} agent_rate;

typedef struct agent_limits {
	/* Takes one from the bucket `key`, across all workers of the site: exactly count of them get one. *allowed false: *wait_ms until one is free, or
	 * until there is room for a bucket of this key. Never waits. */
	agent_status (*take)(void *state, agent_str key, agent_rate rate, int64_t now_ms, bool *allowed, int64_t *wait_ms, agent_error *err);
	void *state;
	/* Puts back what a take of the same rate took: for a request that another bucket refused. A full bucket stays full. */
	agent_status (*give)(void *state, agent_str key, agent_rate rate, int64_t now_ms, agent_error *err);
} agent_limits;

/* --- breakers --------------------------------------------------------------------------------------------------- */

/* Leave to make one call; given back by tell. */
typedef struct agent_breaker_pass {
	uint32_t epoch;
	bool probe;                  /* the one call of a half-open breaker */
	int64_t wait_ms;             /* refused: after how long to ask again */
} agent_breaker_pass;

typedef enum agent_breaker_class {
	AGENT_BREAKER_OK,            /* an answer, whatever it says */
	AGENT_BREAKER_FAILED,        /* none, too late, or one that breaks its contract */
	AGENT_BREAKER_NOTHING        /* given up half-way, or never sent: says nothing about the other side */
} agent_breaker_class;

typedef enum agent_breaker_state { AGENT_BREAKER_IS_CLOSED, AGENT_BREAKER_IS_OPEN, AGENT_BREAKER_IS_HALF_OPEN } agent_breaker_state;

typedef struct agent_breaker_report {
	char key[65];                /* its first 64 bytes, and a NUL */
	agent_breaker_state state;
	uint32_t calls, bad;         /* in the window */
	int64_t p50_us, p95_us;      /* of the recent answers; 0: none */
	int64_t wait_ms;             /* until the next probe may be made; 0 when it may be, and when closed */
} agent_breaker_report;

/* One breaker per key, shared by all workers of the site. The rule is in guard/breaker.h. Never blocks, never fails: where there is no room
 * for another key its calls are simply made. now_ms: clock.wall_ms. */
typedef struct agent_breakers {
	/* false: open, the call must not be made. Else each attempt is told once; one that is never told was made by a worker that died. */
	bool (*ask)(void *state, agent_str key, int64_t within_ms, int64_t now_ms, agent_breaker_pass *pass);
	/* latency_us: of an answer; negative: not to be counted among the latencies. */
	void (*tell)(void *state, agent_str key, const agent_breaker_pass *pass, agent_breaker_class result, int64_t latency_us, int64_t now_ms);
	/* The breakers of the site one after the other; *cursor is 0 at first. false: no more. */
	bool (*next)(void *state, size_t *cursor, int64_t now_ms, agent_breaker_report *out);
	void *state;
} agent_breakers;

/* --- slots ------------------------------------------------------------------------------------------------------ */

typedef enum agent_slot_kind {
	AGENT_SLOT_TURN,             /* a turn that runs */
	AGENT_SLOT_WAITING           /* one that waits for another to end */
} agent_slot_kind;

typedef struct agent_slot {
	agent_slot_kind kind;
	int place;                   /* -1: none */
	uint64_t word;
} agent_slot;

/* Places for turns in flight, across all workers of the site. A place belongs to a process: one of a process that died is free again at
 * once, one of a process that was stopped (or that cannot be seen from here: another container) two seconds after until_ms. */
typedef struct agent_slots {
	/* Takes one of the first `max` places, 1024 at most. *taken false: all are taken. Never waits. Times are wall_ms. */
	agent_status (*enter)(void *state, agent_slot_kind kind, int max, int64_t now_ms, int64_t until_ms, agent_slot *slot, bool *taken, agent_error *err);
	/* Moves the end of a place's time. */
	void (*extend)(void *state, agent_slot *slot, int64_t until_ms);
	/* Gives it back, unless it has become another's; in a child of the process that took it, does nothing. The slot is none afterwards. */
	void (*leave)(void *state, agent_slot *slot);
	/* How many are taken now. */
	int (*count)(void *state, agent_slot_kind kind, int64_t now_ms);
	void *state;
} agent_slots;

/* --- audit ------------------------------------------------------------------------------------------------------ */

/* One request with a valid token, whatever came of it. Strings that say nothing are empty. */
typedef struct agent_audit_row {
	int64_t at_ms;
	agent_str tool, effect;      /* read, write */
	agent_str subject, session;  /* who */
	agent_str issuer, key_id;    /* who says so: the token's iss, and the kid of its key */
	agent_str turn, call, token; /* token: its jti */
	agent_str key;               /* the idempotency key, digested with who asked and for what */
	agent_str arguments_digest;  /* SHA-256 in hexadecimal; the arguments themselves are not kept */
	agent_str result, code;      /* begun, ok, repeated, refused, failed; the error's code */
	int status;                  /* HTTP; 0: none was sent */
	int64_t latency_ms;
} agent_audit_row;

typedef enum agent_claim {
	AGENT_CLAIM_MINE,            /* the caller runs the handler, then settles */
	AGENT_CLAIM_ANSWERED,        /* it ran before: its answer */
	AGENT_CLAIM_BUSY,            /* another request is running it */
	AGENT_CLAIM_UNKNOWN          /* a write whose handler began, and nobody knows what came of it */
} agent_claim;

typedef enum agent_settled {
	AGENT_SETTLED_ANSWER,        /* kept for those who ask again */
	AGENT_SETTLED_NOTHING,       /* nothing was done: the claim is given back, and a retry runs the handler */
	AGENT_SETTLED_UNKNOWN        /* a write that began: never run again under this key */
} agent_settled;

/* What a served tool keeps: who did what (append-only), which tokens a write has seen, and answers by idempotency key so that a repeated
 * request does not run its handler again. */
typedef struct agent_audit {
	agent_status (*append)(void *state, const agent_audit_row *row, agent_error *err);
	/* Remembers a token's id until expires_s. *first false: it was seen before. Of several at once exactly one is the first. */
	agent_status (*once)(void *state, agent_str id, int64_t expires_s, int64_t now_s, bool *first, agent_error *err);
	/* Claims key for this request; *answer is filled for ANSWERED. A read's claim whose owner died is free again after 60 s; a write's never
	 * is, it is UNKNOWN then. A write's claim is on the disk before this returns. */
	agent_status (*claim)(void *state, agent_str tool, agent_str key, bool write, int64_t now_s, agent_arena *arena, agent_claim *out, agent_str *answer, agent_error *err);
	/* Ends a claim. An answer that came is kept, whatever was thought of the claim meanwhile; of two answers the first. */
	agent_status (*settle)(void *state, agent_str tool, agent_str key, agent_settled how, agent_str answer, int64_t now_s, agent_error *err);
	void *state;
} agent_audit;

#endif

/* SPDX-License-Identifier: MIT
 * The inside of run/, shared by its files only.
 * Ports are called from this room and from nowhere else. */
#ifndef AGENT_RUN_INTERNAL_H
#define AGENT_RUN_INTERNAL_H

#include "ext/brain/brain.h"
#include "ext/memory/datadir.h"
#include "ext/memory/region.h"
#include "ext/memory/sqlite.h"
#include "ext/run/call.h"
#include "ext/run/shared.h"
#include "ext/run/site.h"
#include "ext/seal/keyset.h"
#include "ext/wire/http.h"

#define AGENT_SITES_MAX 16
#define AGENT_BUSY_MS 2000           /* how long SQLite may be waited for */

/* The place that this worker's turns of a site share: a turn begun inside another one's callback keeps no second worker busy, and must not
 * wait for the first one to end. */
typedef struct agent_turn_place {
	char site[33];
	int64_t pid;
	int turns;                   /* 0: this record is free */
	int64_t until_ms;
	agent_slot slot;
} agent_turn_place;

struct agent_worker {
	agent_wire *wire;
	bool used;                   /* by the request at hand */
	agent_site *sites[AGENT_SITES_MAX];  /* the last used ones, newest first */
	agent_turn_place places[AGENT_SITES_MAX];
};

typedef struct agent_site_keys agent_site_keys;

struct agent_site {
	int refs;
	agent_worker *worker;
	agent_config *config;
	agent_arena *arena;              /* the strings below */
	agent_str dir;                   /* real path of the data directory */
	agent_str base;                  /* where configurations are kept */
	char key[33];
	bool dir_configured;             /* false: it lies under the temporary directory */
	agent_host host;                 /* its strings copied */
	agent_str shm;                   /* where the region's file lies: in agent.shm_dir, else dir */
	agent_site_keys *keys;           /* keys.c; NULL until first used */
	agent_sqlite *db;
	agent_region *region;            /* never NULL after agent_site_ready */
	int64_t expired_ms;          /* when old rows were last looked for */
	agent_clock clock;
	agent_http http;
	agent_sessions sessions;
	agent_journal journal;
	agent_knowledge knowledge;
	agent_limits limits;
	agent_breakers breakers;
	agent_slots slots;
	agent_slots_state slots_state;
	agent_audit audit;
	bool has_address_key;            /* tool_rate.c: the key that addresses are hashed with, once it was needed */
	agent_key address_key;
};

/* ports.c */
agent_clock agent_system_clock(void);
/* Opens the store again where a fork has made it somebody else's, or its directory was removed, and the region where its file was replaced or cut.
 * Called first by everything that uses a port. */
agent_status agent_site_ready(agent_site *site, agent_error *err);
/* 22 characters of base64url (128 random bits) and a NUL. */
agent_status agent_random_id(char out[23], agent_error *err);
uint32_t agent_random_32(void);

/* secrets.c */
/* Appends the value; CONFIG/secret when it is not there. The caller wipes. */
agent_status agent_secret_resolve(const agent_site *site, const agent_secret_ref *ref, const char *what, agent_buf *out, agent_error *err);
void agent_secret_clear(agent_buf *secret);

/* keys.c */
/* The key of one purpose: "<what>:<length of the site's name>:<site>:<audience>". The site is part of it, because a data directory may serve
 * many; the audience, so that the key of one opens no other. */
agent_status agent_site_derive(const agent_site *site, const agent_key *from, const char *what, agent_str audience, agent_key *out, agent_error *err);
/* The keys that sign and verify tokens of an audience; the site's, valid until the next call with it. */
agent_status agent_keys_of(agent_site *site, agent_str audience, const agent_keyset **out, agent_error *err);
/* What agent_configure refuses: public keys that are none, or that would have to sign. */
agent_status agent_keys_check(const agent_config *config, agent_error *err);
void agent_keys_free(agent_site_keys *keys); /* NULL is allowed */

/* token.c */
/* SHA-256 of method, path and body, each followed by LF; 64 hexadecimal digits. */
agent_status agent_request_digest(agent_str method, agent_str path, agent_str body, char out[65], agent_error *err);

/* breakers.c */
agent_breakers agent_region_breakers(agent_region *region); /* NULL is allowed: every call may be made */
/* One attempt at a tool or a model, as its breaker sees it. Each retry is one of its own and asks again. */
typedef struct agent_attempt {
	agent_str key;               /* "tool:<name>", "brain:<host:port>/<model>" */
	agent_breaker_pass pass;
	bool under_way;
	int64_t within_ms;           /* the time it was given */
	int64_t began_us, took_us;
} agent_attempt;
/* false: the breaker is open, it must not be made. */
bool agent_attempt_begin(agent_site *site, agent_attempt *attempt, int64_t within_ms);
/* The answer begins: a stream's latency is the time until here, not that of all its words. Later calls of this do nothing. */
void agent_attempt_answers(agent_site *site, agent_attempt *attempt);
/* measured: its latency is an answer's. Does nothing when it is not under way. */
void agent_attempt_end(agent_site *site, agent_attempt *attempt, agent_breaker_class result, bool measured);
/* What a failed transfer is. Late is a failure of the other side only if it had at least half of fair_ms. */
agent_breaker_class agent_attempt_failure(const agent_attempt *attempt, const agent_error *err, int64_t fair_ms);
/* Appends a JSON array (stub: agent_health). */
void agent_breakers_report(const agent_site *site, agent_buf *out);
/* call_audit.c */
/* Puts a call that a handler of this process answers, or would have answered, on record. arguments: canonical. */
agent_status agent_call_audit(agent_site *site, const agent_call_options *options, agent_str arguments, agent_result_class result, int64_t latency_ms,
	agent_error *err);

/* call_gate.c */
/* A call by hand gets the grants of its session, where there is one and it is this subject's; nothing is granted otherwise. */
agent_status agent_call_grants(agent_site *site, agent_call_options *options, agent_arena *arena, agent_error *err);
/* The scopes of the call's token, one blank apart. value: of the tool's resource (agent_gate_resource). */
agent_status agent_call_scope(const agent_tool *tool, const agent_call_options *options, agent_str value, agent_arena *arena, agent_str *out,
	agent_error *err);

/* tool_rate.c */
/* Who calls, as far as is known; address: hashed (agent_address_claim). */
typedef struct agent_tool_caller {
	agent_str subject, session, address;
} agent_tool_caller;
/* One call of the tool from the bucket of each that is known, or from none of them: then *wait_ms is the longest wait, else 0. */
agent_status agent_tool_take(agent_site *site, const agent_tool *tool, const agent_tool_caller *caller, int64_t *wait_ms, agent_error *err);
#define AGENT_ADDRESS_CLAIM 23
/* What a token says of the visitor's address: the same for the same one (IPv6: the same /64), and of no use to who has not our key. Empty for
 * an empty one. */
agent_status agent_address_claim(agent_site *site, agent_str address, char out[AGENT_ADDRESS_CLAIM], agent_error *err);

/* address.c: IPv6 by its /64, a mapped IPv4 as IPv4, anything else as it is; a view of address or of out */
#define AGENT_RATE_ADDRESS 65
agent_str agent_rate_address(agent_str address, char out[AGENT_RATE_ADDRESS]);

/* pass.c: one pass of a model over HTTP */
typedef struct agent_pass agent_pass;
agent_status agent_pass_open(agent_site *site, const agent_brain_request *request, int64_t deadline_ms, agent_pass **out, agent_error *err);
/* true: *event holds the next one (END is the last); false: nothing yet. */
bool agent_pass_step(agent_pass *pass, agent_brain_event *event, bool *malformed);
int agent_pass_wait_ms(const agent_pass *pass);
void agent_pass_close(agent_pass *pass);

#endif

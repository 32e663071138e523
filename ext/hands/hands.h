/* SPDX-License-Identifier: MIT
 * Tools on the calling side: arguments in, result classes out.
 * Pure: no HTTP, no clock. */
#ifndef AGENT_HANDS_HANDS_H
#define AGENT_HANDS_HANDS_H

#include "ext/contract/manifest.h"

typedef enum agent_result_class {
	AGENT_RESULT_OK,
	AGENT_RESULT_INVALID,        /* 4xx: the arguments or the request; guide */
	AGENT_RESULT_TRANSIENT,      /* 5xx, connection errors, an answer that breaks its contract */
	AGENT_RESULT_TIMEOUT,
	AGENT_RESULT_REFUSED,        /* 401, 403: not for this visitor */
	AGENT_RESULT_PROOF,          /* refused, and a proof of ownership would open it */
	AGENT_RESULT_MALFORMED,      /* the model's call was no JSON object or against the schema: not made */
	AGENT_RESULT_UNKNOWN_TOOL,
	AGENT_RESULT_FAILED,         /* an in-process handler threw */
	AGENT_RESULT_SKIPPED,        /* the turn ended first (cap, stop) */
	AGENT_RESULT_BREAKER         /* the tool failed too often just now: not made */
} agent_result_class;

const char *agent_result_class_name(agent_result_class result);
bool agent_result_class_parse(agent_str name, agent_result_class *out);

/* Arguments against the tool's schema. On success *canonical is the re-serialised tree (canonical JSON) in the arena. On failure AGENT_OK
 * with *valid false, and *faults a JSON array (schema.h; at most 8 KB, whatever came in) in the arena; *missing is the name of the argument
 * if exactly one required argument is missing or null and nothing else is wrong, else empty. AGENT_ERR only for memory.
 *
 * coercions NULL: the contract is exact, as for what a server is sent and for what PHP code calls with.
 * Else a model wrote the text. Then null for an optional argument is its absence if the tool was offered by its strict schema (strict.h: that
 * is how absence is written there; it is not told), and what is of the wrong type is coerced where nothing can be lost (coerce.h):
 * *coercions is a JSON array of what was done, empty where nothing was. And *faults holds no text of the model's: a name that the schema does
 * not know is left out of pointers, which then end at the object that has it. */
agent_status agent_arguments_check(const agent_tool *tool, agent_str text, agent_arena *arena, bool *valid,
	agent_str *canonical, agent_str *faults, agent_str *missing, agent_str *coercions, agent_error *err);

typedef struct agent_tool_result {
	agent_result_class result;
	agent_str model;             /* JSON for the model: what output_schema names and does not mark */
	agent_str visitor;           /* JSON object of the members marked deliver: visitor; empty if none */
	agent_str message;           /* a sentence: what was wrong (never the body of a failed answer) */
	int attempts;
	int64_t latency_ms;
} agent_tool_result;

/* An HTTP answer of a tool to a result. body: what came, whole. 2xx: strict JSON, validated against
 * output_schema, projected. 4xx: the message of {"error": {"code", "message"}} if it is one (at most 300
 * bytes), else the status. 403 with code "proof_required": PROOF. 408, 409, 425, 429 and 5xx: TRANSIENT.
 * Strings in the arena. */
agent_status agent_result_read(const agent_tool *tool, int status, agent_str content_type, agent_str body,
	agent_arena *arena, agent_tool_result *out, agent_error *err);
/* The same for the JSON value a PHP handler returned. */
agent_status agent_result_of_json(const agent_tool *tool, agent_str json, agent_arena *arena,
	agent_tool_result *out, agent_error *err);
/* Drops what output_schema does not name and splits the rest. Both trees belong to the caller. */
agent_status agent_result_project(const agent_tool *tool, const agent_json *value, agent_json **model,
	agent_json **visitor, agent_error *err);
/* The members of a result (model view) whose schema says format: uri, as views into value. Returns how
 * many were written (at most max). */
size_t agent_result_urls(const agent_tool *tool, const agent_json *value, agent_str *out, size_t max);

/* The array of the member that the tool delivers as passages, in a result (model view); NULL: the tool has no such member, or it is not
 * there. */
const agent_json *agent_result_passages(const agent_tool *tool, const agent_json *value);
/* One of its items as a passage, views into it. false: it cannot be cited, because title, url (http or https) or text is missing or longer
 * than 500, 2000 and 8192 bytes, or the first two are no plain line. Without an id it is known by its url. */
bool agent_result_passage(const agent_json *item, agent_passage *out);
/* The result with other passages, or with that member left out (NULL); for a tool that has it. *out belongs to the caller and shares
 * the rest. */
agent_status agent_result_with_passages(const agent_tool *tool, const agent_json *value, agent_json *passages, agent_json **out,
	agent_error *err);

/* Whether a failed attempt is tried again, and after how long: full jitter over 100 ms · 2^(attempt-1), or
 * the server's retry-after where that is longer; never past the deadline. random: 32 random bits. */
bool agent_retry_rule(const agent_tool *tool, agent_result_class result, int attempt, int retry_after_ms,
	int64_t left_ms, uint32_t random, int *wait_ms);

/* --- the serving side: what a verified request may do --- */

#define AGENT_TOKEN_SKEW_S 30            /* by which clocks may differ */
#define AGENT_TOKEN_LIFE_CALL_S 60       /* one tool call */
#define AGENT_TOKEN_LIFE_S 2592000       /* 30 days: a browser's session, a link */

/* The seconds a token of this audience may live at most. backend: the audience that opens tools. */
int64_t agent_token_life(agent_str audience, agent_str backend);
/* The times of a token. NULL: it lives; else a static code: "too_long" (or not plausible), "not_yet", "expired". Clock skew 30 s. Any
 * number may come in. */
const char *agent_token_time(int64_t issued_s, int64_t not_before_s, int64_t expires_s, int64_t life_s, int64_t now_s);

typedef struct agent_claims {
	agent_str issuer, audience, subject, scope, session, turn, call, id;   /* id: jti */
	agent_str digest;            /* dig */
	agent_str address;           /* addr: a keyed hash of the visitor's, of use for telling visitors apart only */
	int64_t issued_s, not_before_s, expires_s;
	bool has_subject;
} agent_claims;

/* The claims' text of a verified token. Strings are views into it, or in the arena where they were written with escapes. CRYPTO errors:
 * "token_form" (no strict JSON object, a name that stands there twice or with escapes, more than 32, a text that is no string), "token_audience"
 * (aud is no string: an array means several, and the token is for one), "token_times" (iat, nbf, exp: missing, or no integer from 0). Unknown
 * claims are passed over. */
agent_status agent_claims_read(agent_str text, agent_arena *arena, agent_claims *out, agent_error *err);

/* Verified claims against what the backend is and what was asked; digest: of method, path and body. NULL: they fit; else a static
 * code: "audience", "issuer", "too_long", "not_yet", "expired", "digest". */
const char *agent_gate_check(const agent_claims *claims, agent_str audience, agent_str issuer, agent_str digest, int64_t now_s);

/* The value of the tool's `resource` in checked arguments (a JSON object's text), copied; empty where the tool has none. */
agent_status agent_gate_resource(const agent_tool *tool, agent_str arguments, agent_arena *arena, agent_str *value, agent_error *err);
/* Whether this one scope is the form that opens this one resource of the tool: the first part of the tool's scope, the value, the
 * rest ("order:ABC-12345:read" for "order:read"). A value with a blank, a colon or a control character has no such form. */
bool agent_gate_names(const agent_tool *tool, agent_str scope, agent_str value);
/* Whether scopes (one blank apart) open the tool: its own scope does; where the tool has a resource, its own scope together with a
 * subject, or the resource's form. NULL: they do; else "scope", or "proof_required" for a guest whom a proof would let in. The one
 * rule for a backend, for the caller before it sends, and for handlers in its process. */
const char *agent_gate_scope(const agent_tool *tool, agent_str scopes, bool has_subject, agent_str value);

#endif

/* SPDX-License-Identifier: MIT
 * The claims of a verified token: one strict JSON object to the struct that is judged.
 * Verifies no signature and judges no value; that is gate.c's. */
#include "ext/contract/reader.h"
#include "ext/hands/hands.h"

#define CLAIMS_MAX 32            /* members */
#define CLAIMS_DEPTH 8

typedef enum claim_kind { TEXT, AUDIENCE, TIME } claim_kind;

typedef struct claim {
	agent_str name;
	claim_kind kind;
	size_t offset;               /* in agent_claims */
} claim;

static const claim list[] = {
	{ AGENT_STR_INIT("aud"), AUDIENCE, offsetof(agent_claims, audience) }, { AGENT_STR_INIT("iss"), TEXT, offsetof(agent_claims, issuer) },
	{ AGENT_STR_INIT("sub"), TEXT, offsetof(agent_claims, subject) }, { AGENT_STR_INIT("exp"), TIME, offsetof(agent_claims, expires_s) },
	{ AGENT_STR_INIT("nbf"), TIME, offsetof(agent_claims, not_before_s) }, { AGENT_STR_INIT("iat"), TIME, offsetof(agent_claims, issued_s) },
	{ AGENT_STR_INIT("jti"), TEXT, offsetof(agent_claims, id) }, { AGENT_STR_INIT("scope"), TEXT, offsetof(agent_claims, scope) },
	{ AGENT_STR_INIT("dig"), TEXT, offsetof(agent_claims, digest) }, { AGENT_STR_INIT("session"), TEXT, offsetof(agent_claims, session) },
	{ AGENT_STR_INIT("turn"), TEXT, offsetof(agent_claims, turn) }, { AGENT_STR_INIT("call"), TEXT, offsetof(agent_claims, call) },
	{ AGENT_STR_INIT("addr"), TEXT, offsetof(agent_claims, address) },
};

#define KNOWN (sizeof list / sizeof *list)

typedef struct reading {
	agent_json_reader reader;
	agent_arena *arena;
	agent_claims *out;
	agent_error *err;
	size_t count;
	uint32_t seen;               /* a bit for each of the list */
	agent_str others[CLAIMS_MAX];
	size_t other_count;
} reading;

static agent_status refuse(agent_error *err, const char *code, const char *why)
{
	return agent_fail(err, AGENT_DOMAIN_CRYPTO, code, "the token's claims: %s", why);
}

static agent_status twice(agent_error *err)
{
	return refuse(err, "token_form", "one stands there twice");
}

/* A name written with escapes could be another one's second self, so it is refused, as is a second one of the same name. *known: its place in
 * the list, or KNOWN. */
static agent_status take_name(reading *r, size_t *known)
{
	agent_str name = r->reader.raw;
	size_t i = 0;
	if (r->reader.escaped || r->count++ == CLAIMS_MAX) {
		return refuse(r->err, "token_form", r->reader.escaped ? "a name is written with escapes" : "there are too many");
	}
	while (i < KNOWN && !(list[i].name.len == name.len && list[i].name.ptr[0] == name.ptr[0] && agent_str_eq(list[i].name, name))) {
		i++;
	}
	*known = i;
	if (i < KNOWN) {
		uint32_t bit = (uint32_t)1 << i;
		bool again = (r->seen & bit) != 0;
		r->seen |= bit;
		return again ? twice(r->err) : AGENT_OK;
	}
	for (i = 0; i < r->other_count; i++) {
		if (agent_str_eq(r->others[i], name)) {
			return twice(r->err);
		}
	}
	r->others[r->other_count++] = name;
	return AGENT_OK;
}

static agent_status bad_json(reading *r)
{
	return refuse(r->err, "token_form", r->reader.error != NULL ? r->reader.error : "they are no JSON object");
}

static agent_status take_text(reading *r, claim_kind kind, agent_str *out)
{
	agent_json_token token = agent_json_next(&r->reader);
	if (token == AGENT_JSON_ERROR) {
		return bad_json(r);
	}
	if (token != AGENT_JSON_STRING) {
		return kind == AUDIENCE ? refuse(r->err, "token_audience", "aud must be one string") : refuse(r->err, "token_form", "a text is no string");
	}
	*out = r->reader.raw;
	if (!r->reader.escaped) {
		return AGENT_OK;
	}
	agent_buf text;
	agent_buf_init(&text, r->reader.raw.len);
	agent_json_unescape(r->reader.raw, &text);
	agent_status status = agent_buf_check(&text, "a claim", r->err);
	if (status == AGENT_OK && !agent_arena_dup(r->arena, agent_buf_str(&text), out)) {
		status = agent_arena_fail(r->arena, r->err);
	}
	agent_buf_clear(&text);
	return status;
}

/* Only an integer written as one: 17e8 and 1700000000.0 are other numbers to other readers. */
static agent_status take_time(reading *r, int64_t *out)
{
	agent_json_token token = agent_json_next(&r->reader);
	if (token == AGENT_JSON_ERROR) {
		return bad_json(r);
	}
	if (token != AGENT_JSON_NUMBER || r->reader.raw.ptr[0] == '-' || !agent_str_to_int(r->reader.raw, out)) {
		return refuse(r->err, "token_times", "a time is no integer of seconds");
	}
	return AGENT_OK;
}

static agent_status take_value(reading *r, size_t known)
{
	if (known == KNOWN) {
		return agent_json_skip(&r->reader) ? AGENT_OK : bad_json(r);
	}
	char *place = (char *)r->out + list[known].offset;
	if (list[known].kind == TIME) {
		return take_time(r, (int64_t *)(void *)place);
	}
	r->out->has_subject = r->out->has_subject || list[known].offset == offsetof(agent_claims, subject);
	return take_text(r, list[known].kind, (agent_str *)(void *)place);
}

agent_status agent_claims_read(agent_str text, agent_arena *arena, agent_claims *out, agent_error *err)
{
	reading r; /* not zeroed as a whole: the names alone are half a kilobyte */
	agent_json_token token;
	size_t known = KNOWN;
	r.arena = arena;
	r.out = out;
	r.err = err;
	r.count = r.other_count = 0;
	r.seen = 0;
	*out = (agent_claims){
		.issuer = AGENT_STR_EMPTY, .audience = AGENT_STR_EMPTY, .subject = AGENT_STR_EMPTY, .scope = AGENT_STR_EMPTY, .session = AGENT_STR_EMPTY,
		.turn = AGENT_STR_EMPTY, .call = AGENT_STR_EMPTY, .id = AGENT_STR_EMPTY, .digest = AGENT_STR_EMPTY, .address = AGENT_STR_EMPTY,
		.issued_s = -1, .not_before_s = -1, .expires_s = -1
	};
	agent_json_reader_init(&r.reader, text, CLAIMS_DEPTH);
	if (agent_json_next(&r.reader) != AGENT_JSON_OBJECT) {
		return bad_json(&r);
	}
	while ((token = agent_json_next(&r.reader)) == AGENT_JSON_KEY) {
		if (take_name(&r, &known) != AGENT_OK || take_value(&r, known) != AGENT_OK) {
			return AGENT_ERR;
		}
	}
	if (token != AGENT_JSON_OBJECT_END || agent_json_next(&r.reader) != AGENT_JSON_END) {
		return bad_json(&r);
	}
	if (out->issued_s < 0 || out->not_before_s < 0 || out->expires_s < 0) {
		return refuse(err, "token_times", "iat, nbf and exp are required");
	}
	return AGENT_OK;
}

/* SPDX-License-Identifier: MIT
 * A site's configuration: JSON text, checked, to plain structs.
 * Knows no INI and opens no file. */
#ifndef AGENT_CONTRACT_CONFIG_H
#define AGENT_CONTRACT_CONFIG_H

#include "ext/contract/manifest.h"

/* Where a secret comes from: {"env": "NAME"}, {"file": "/path"} or {"put": "name"} (agent_secret_put). */
typedef enum agent_secret_source {
	AGENT_SECRET_NONE, AGENT_SECRET_ENV, AGENT_SECRET_FILE, AGENT_SECRET_PUT
} agent_secret_source;

typedef struct agent_secret_ref {
	agent_secret_source source;
	agent_str name;
} agent_secret_ref;

/* Of the tokens for the backend. */
typedef enum agent_token_algorithm { AGENT_TOKEN_HS256, AGENT_TOKEN_EDDSA } agent_token_algorithm;

#define AGENT_BACKEND_KEYS_MAX 16

/* An Ed25519 public key of a JWK. */
typedef struct agent_public_key {
	agent_str kid;
	unsigned char point[32];
} agent_public_key;

typedef enum agent_protocol {
	AGENT_PROTOCOL_LOCAL,
	AGENT_PROTOCOL_OPENAI_CHAT
} agent_protocol;

typedef struct agent_brain_config {
	agent_protocol protocol;
	agent_str base_url;          /* "https://host/v1", without the protocol's own path */
	agent_str model;
	agent_secret_ref key;
	int max_tokens;              /* per pass, default 800 */
	int connect_ms;              /* default 1000 */
	int total_ms;                /* default: the turn's wall time */
	int retries;                 /* default 1 */
	bool strict;                 /* default false: many servers that speak the protocol refuse the mode */
} agent_brain_config;

typedef struct agent_budget_config {
	int tokens;                  /* default 3000 */
	int input;                   /* default 12000, per pass */
	int tools;                   /* default 2 */
	int wall_ms;                 /* default 8000 */
	int passes;                  /* default 4 */
} agent_budget_config;

/* One of the machine's own sentences in one language: texts.<locale>.<name>. */
typedef struct agent_text {
	agent_str locale, name, text;
} agent_text;

/* Strings are views into `document`. All of it is immutable after agent_config_read.
 *
 * { "site": "demo-store",                        [a-z0-9._-]{1,64}, required
 *   "data_dir": "/var/lib/agent/demo",           absolute; where the pool's INI names none
 *   "locale": "en",
 *   "instructions": "You are …",                 the site's own words to the model, at most 4000 bytes
 *   "brain": {"protocol": "local"} or {"protocol": "openai-chat", "base_url": …, "model": …, "key": <secret>,
 *             "max_tokens": 800, "connect_ms": 1000, "total_ms": 8000, "retries": 1, "strict": false},   default local
 *                                               strict: tools whose input_schema the server's strict function calling can say exactly (strict.h) are offered
 *                                               that way; the others, and all where it is false, by their schema alone. What comes is validated here always
 *   "tools": [ manifest … ],
 *   "backend": {"audience": "https://shop.example/tools", "issuer": "agent", "algorithm": "HS256" or "EdDSA", and for another party
 *               "key": <secret>, a shared HS256 secret or an Ed25519 private key in PEM, or
 *               "key_set": {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": …, "x": …}, … ]}, Ed25519 public keys: this side only verifies;
 *               without both the site's own key ring},      algorithm: default HS256, EdDSA where there is a key_set
 *   "contact": {"url": "https://shop.example/contact", "label": "Contact us"},
 *   "urls": ["https://shop.example/"],           addresses an answer may show, by prefix
 *   "budget": {"tokens", "input", "tools", "wall_ms", "passes"},
 *   "rate": {"session": "20/10m", "address": "60/h"},
 *   "texts": {"de": {"declined": "…"}},
 *   "retention_days": 30 } */
typedef struct agent_config {
	agent_json *document;
	agent_arena *arena;
	char digest[65];             /* SHA-256 of the canonical text, hexadecimal; filled by run/ */
	agent_str site, data_dir, locale, instructions;
	agent_brain_config brain;
	agent_manifest manifest;
	agent_str audience, issuer;
	agent_token_algorithm backend_algorithm;
	agent_secret_ref backend_key;
	const agent_public_key *backend_keys;    /* of key_set */
	size_t backend_key_count;                /* 0: there is no key_set */
	agent_str contact_url, contact_label;
	const agent_str *urls;
	size_t url_count;
	agent_budget_config budget;
	agent_rate session_rate, address_rate;
	const agent_text *texts;
	size_t text_count;
	int retention_days;
} agent_config;

/* CONFIG error: the message begins with the JSON Pointer of the place and names the rule; JSON errors name the byte. */
agent_status agent_config_read(agent_str text, agent_config **out, agent_error *err);
void agent_config_free(agent_config *config); /* NULL is allowed */

#endif

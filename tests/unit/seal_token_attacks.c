/* SPDX-License-Identifier: MIT
 * seal/token.h: the ways to pass off another token that RFC 8725 and the vendors' reports tell of, each refused with its code.
 * Attacks in the claims are in hands_claims.c, those of a whole request in tests/bind/tool_serve_attacks.phpt. */
#include "tests/unit/seal_support.h"

typedef struct header_case { const char *header, *code; } header_case;

/* Headers with a right signature: who could sign would not need them, but a confused issuer might write them. */
static void headers(const header_case *cases, size_t count)
{
	agent_buf token;
	agent_buf_init(&token, 10000);
	agent_keyset *hs = secret_set(AGENT_STR("k"), SECRET), *ed = public_set(AGENT_STR("k"));
	for (size_t i = 0; i < count; i++) {
		build_hmac(&token, agent_str_cstr(cases[i].header), AGENT_STR(GOOD_CLAIMS), SECRET);
		verdict(hs, agent_buf_str(&token), cases[i].code);
		if (cases[i].code[0] != '\0') { /* where both keys refuse, the Ed25519 key says the same */
			build_ed25519(&token, agent_str_cstr(cases[i].header), AGENT_STR(GOOD_CLAIMS));
			verdict(ed, agent_buf_str(&token), cases[i].code);
		}
	}
	agent_keyset_free(hs);
	agent_keyset_free(ed);
	agent_buf_clear(&token);
}

static void no_algorithm_is_none(void **state)
{
	(void)state;
	static const header_case cases[] = {
		{ "{\"alg\":\"none\"}", "token_alg" }, { "{\"alg\":\"None\"}", "token_alg" }, { "{\"alg\":\"NONE\"}", "token_alg" },
		{ "{\"alg\":\"nOnE\",\"typ\":\"JWT\"}", "token_alg" }, { "{\"alg\":\"noNe\",\"kid\":\"k\"}", "token_alg" }, { "{\"alg\":\"none \"}", "token_alg" },
		{ "{\"alg\":\" none\"}", "token_alg" }, { "{\"alg\":\"none\\t\"}", "token_form" }, { "{\"alg\":\"n\\u006fne\"}", "token_form" },
		{ "{\"alg\":\"none\\u0000\"}", "token_form" }, { "{\"alg\":\"\"}", "token_alg" }, { "{\"alg\":\"null\"}", "token_alg" },
		{ "{\"typ\":\"JWT\"}", "token_alg" }, { "{}", "token_alg" }, { "{\"alg\":null}", "token_form" }, { "{\"alg\":false}", "token_form" },
		{ "{\"alg\":[\"none\",\"HS256\"]}", "token_form" }, { "{\"alg\":{}}", "token_form" }, { "{\"alg\":0}", "token_form" },
	};
	headers(cases, sizeof cases / sizeof *cases);
	/* and without a signature, as such tokens come */
	agent_keyset *set = secret_set(AGENT_STR_EMPTY, SECRET);
	verdict(set, AGENT_STR("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."), "token_form");
	verdict(set, AGENT_STR("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0"), "token_form");
	verdict(set, AGENT_STR("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.AA"), "token_alg");
	verdict(set, AGENT_STR("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0."), "token_form");
	agent_keyset_free(set);
}

static void other_algorithms_are_not_known(void **state)
{
	(void)state;
	static const header_case cases[] = {
		{ "{\"alg\":\"hs256\"}", "token_alg" }, { "{\"alg\":\"HS256 \"}", "token_alg" }, { "{\"alg\":\"HS384\"}", "token_alg" },
		{ "{\"alg\":\"HS512\"}", "token_alg" }, { "{\"alg\":\"RS256\"}", "token_alg" }, { "{\"alg\":\"ES256\"}", "token_alg" },
		{ "{\"alg\":\"ES256K\"}", "token_alg" }, { "{\"alg\":\"PS256\"}", "token_alg" }, { "{\"alg\":\"eddsa\"}", "token_alg" },
		{ "{\"alg\":\"Ed25519\"}", "token_alg" }, { "{\"alg\":\"Ed448\"}", "token_alg" }, { "{\"alg\":\"HS2567\"}", "token_alg" },
		{ "{\"alg\":\"HS1\"}", "token_alg" }, { "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}", "token_form" }, { "{\"alg\":\"A128KW\"}", "token_alg" },
		{ "{\"alg\":\"PBES2-HS256+A128KW\",\"p2c\":2147483647}", "token_form" }, { "{\"alg\":\"RSA1_5\"}", "token_alg" },
		{ "{\"alg\":\"HS\\u003256\"}", "token_form" }, { "{\"Alg\":\"HS256\"}", "token_form" }, { "{\"alg\":\"HS256\xff\"}", "token_form" },
	};
	headers(cases, sizeof cases / sizeof *cases);
}

static void what_else_a_header_asks_for_is_refused(void **state)
{
	(void)state;
	static const char *const members[] = {
		"\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}", "\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" POINT_TEXT "\"}", "\"jwk\":null",
		"\"jku\":\"https://evil.example/keys\"", "\"jku\":\"file:///etc/passwd\"", "\"x5u\":\"https://evil.example/cert\"", "\"x5c\":[\"AA\"]",
		"\"x5t\":\"AA\"", "\"x5t#S256\":\"AA\"", "\"crit\":[\"exp\"]", "\"crit\":[]", "\"crit\":[\"b64\"],\"b64\":false", "\"b64\":true",
		"\"crit\":[\"http://example.com/UNDEFINED\"],\"http://example.com/UNDEFINED\":true", "\"crit\":null", "\"crit\":[\"alg\"]",
		"\"zip\":\"DEF\"", "\"cty\":\"JWT\"", "\"cty\":\"text/xml\"", "\"enc\":\"A256GCM\"", "\"epk\":{}", "\"apu\":\"\"", "\"p2s\":\"\"", "\"nonce\":\"1\"",
		"\"url\":\"/\"", "\"iss\":\"agent\"", "\"\":\"\"", "\"kid \":\"k\"", "\"KID\":\"k\"", "\"typ\":\"JWE\"", "\"typ\":\"jwt\"", "\"typ\":\"at+jwt\"",
		"\"typ\":1", "\"typ\":null", "\"typ\":[\"JWT\"]", "\"typ\":\"JW\\u0054\"",
	};
	agent_buf token, text;
	agent_buf_init(&token, 10000);
	agent_buf_init(&text, 10000);
	agent_keyset *set = secret_set(AGENT_STR("k"), SECRET);
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		for (int before = 0; before < 2; before++) {
			agent_buf_reset(&text);
			agent_buf_addf(&text, before ? "{%s,\"alg\":\"HS256\",\"kid\":\"k\"}" : "{\"alg\":\"HS256\",\"kid\":\"k\",%s}", members[i]);
			build_hmac(&token, agent_buf_str(&text), AGENT_STR(GOOD_CLAIMS), SECRET);
			verdict(set, agent_buf_str(&token), "token_form");
		}
	}
	agent_keyset_free(set);
	agent_buf_clear(&text);
	agent_buf_clear(&token);
}

static void headers_are_one_strict_object(void **state)
{
	(void)state;
	static const header_case cases[] = {
		{ "{\"alg\":\"HS256\",\"alg\":\"HS256\"}", "token_form" }, { "{\"alg\":\"none\",\"alg\":\"HS256\"}", "token_form" },
		{ "{\"alg\":\"HS256\",\"alg\":\"none\"}", "token_form" }, { "{\"\\u0061lg\":\"HS256\"}", "token_form" },
		{ "{\"alg\":\"HS256\",\"\\u0061lg\":\"none\"}", "token_form" }, { "{\"a\\u006cg\":\"none\",\"alg\":\"HS256\"}", "token_form" },
		{ "{\"alg\":\"HS256\",\"kid\":\"k\",\"kid\":\"k\"}", "token_form" }, { "{\"alg\":\"HS256\",\"kid\":\"x\",\"\\u006bid\":\"k\"}", "token_form" },
		{ "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"typ\":\"JWT\"}", "token_form" }, { "{\"alg\\u0000\":\"HS256\"}", "token_form" },
		{ "{\"alg\":\"HS256\"}{}", "token_form" }, { "{\"alg\":\"HS256\"}x", "token_form" }, { "{\"alg\":\"HS256\"", "token_form" },
		{ "{\"alg\":\"HS256\",}", "token_form" }, { "{,\"alg\":\"HS256\"}", "token_form" }, { "{'alg':'HS256'}", "token_form" },
		{ "{alg:\"HS256\"}", "token_form" }, { "[\"alg\",\"HS256\"]", "token_form" }, { "[{\"alg\":\"HS256\"}]", "token_form" }, { "\"HS256\"", "token_form" },
		{ "null", "token_form" }, { "1", "token_form" }, { " ", "token_form" }, { "\xef\xbb\xbf{\"alg\":\"HS256\"}", "token_form" },
		{ "{\"alg\":\"HS256\"}\n//", "token_form" }, { "/**/{\"alg\":\"HS256\"}", "token_form" }, { "{\"alg\":\"HS256\" \"kid\":\"k\"}", "token_form" },
		{ "{\"alg\":\"\xed\xa0\x80\"}", "token_form" }, { "{\"alg\":\"\xc0\xae\"}", "token_form" }, { "{\"kid\":\"\\ud800\",\"alg\":\"HS256\"}", "token_form" },
		/* strict, but blanks and another order are JSON too */
		{ "{\"alg\":\"HS256\"} ", "" }, { " {\"alg\" : \"HS256\"}", "" }, { "{\"typ\":\"JWT\",\"alg\":\"HS256\"}", "" },
		{ "{\"kid\":\"k\",\"typ\":\"JWT\",\"alg\":\"HS256\"}", "" }, { "\r\n\t{\"alg\":\"HS256\",\r\n \"kid\":\"k\"}", "" },
	};
	headers(cases, sizeof cases / sizeof *cases);
	agent_buf token;
	agent_buf_init(&token, 10000);
	agent_keyset *set = secret_set(AGENT_STR("k"), SECRET);
	build_hmac(&token, (agent_str){ "{\"alg\":\"HS256\"}\0", 16 }, AGENT_STR(GOOD_CLAIMS), SECRET);
	verdict(set, agent_buf_str(&token), "token_form");
	build_hmac(&token, (agent_str){ "{\"alg\":\"HS256\"\0}", 16 }, AGENT_STR(GOOD_CLAIMS), SECRET);
	verdict(set, agent_buf_str(&token), "token_form");
	agent_keyset_free(set);
	agent_buf_clear(&token);
}

/* A kid leads nowhere: to no file, no query, no address; it is compared with those of the set. */
static void a_kid_only_picks(void **state)
{
	(void)state;
	static const header_case cases[] = {
		{ "{\"alg\":\"HS256\",\"kid\":\"../../../dev/null\"}", "token_kid" }, { "{\"alg\":\"HS256\",\"kid\":\"/dev/null\"}", "token_kid" },
		{ "{\"alg\":\"HS256\",\"kid\":\"' UNION SELECT 'a';--\"}", "token_kid" }, { "{\"alg\":\"HS256\",\"kid\":\"k' OR '1'='1\"}", "token_kid" },
		{ "{\"alg\":\"HS256\",\"kid\":\"| whoami\"}", "token_kid" }, { "{\"alg\":\"HS256\",\"kid\":\"https://evil.example/k\"}", "token_kid" },
		{ "{\"alg\":\"HS256\",\"kid\":\"\"}", "token_kid" }, { "{\"alg\":\"HS256\",\"kid\":\"K\"}", "token_kid" }, { "{\"alg\":\"HS256\",\"kid\":\"k \"}", "token_kid" },
		{ "{\"alg\":\"HS256\",\"kid\":\"kk\"}", "token_kid" }, { "{\"alg\":\"HS256\",\"kid\":\"*\"}", "token_kid" }, { "{\"alg\":\"HS256\",\"kid\":\"%\"}", "token_kid" },
		{ "{\"alg\":\"EdDSA\",\"kid\":\"x\"}", "token_kid" }, { "{\"alg\":\"HS256\",\"kid\":\"k\\u0000x\"}", "token_form" },
		{ "{\"alg\":\"HS256\",\"kid\":\"\\u006b\"}", "token_form" }, { "{\"alg\":\"HS256\",\"kid\":null}", "token_form" },
		{ "{\"alg\":\"HS256\",\"kid\":1}", "token_form" }, { "{\"alg\":\"HS256\",\"kid\":0}", "token_form" }, { "{\"alg\":\"HS256\",\"kid\":[\"k\"]}", "token_form" },
		{ "{\"alg\":\"HS256\",\"kid\":{\"$ne\":null}}", "token_form" }, { "{\"alg\":\"HS256\",\"kid\":true}", "token_form" },
	};
	headers(cases, sizeof cases / sizeof *cases);
	agent_buf token, header;
	agent_buf_init(&token, 100000);
	agent_buf_init(&header, 100000);
	agent_keyset *set = secret_set(AGENT_STR("k"), SECRET);
	for (size_t len = 100; len <= 3000; len += 450) { /* very long */
		agent_buf_reset(&header);
		agent_buf_add_lit(&header, "{\"alg\":\"HS256\",\"kid\":\"");
		for (size_t i = 0; i < len; i++) {
			agent_buf_add_char(&header, 'k');
		}
		agent_buf_add_lit(&header, "\"}");
		build_hmac(&token, agent_buf_str(&header), AGENT_STR("{}"), SECRET);
		verdict(set, agent_buf_str(&token), token.len > AGENT_TOKEN_MAX ? "token_size" : len > 480 ? "token_form" : "token_kid");
	}
	build_hmac(&token, (agent_str){ "{\"alg\":\"HS256\",\"kid\":\"k\0\"}", 27 }, AGENT_STR("{}"), SECRET);
	verdict(set, agent_buf_str(&token), "token_form");
	agent_keyset_free(set);
	agent_buf_clear(&header);
	agent_buf_clear(&token);
}

/* A public key is known to everybody. Whoever makes an HMAC with it, in whatever form, must not be believed (CVE-2015-9235 and its many kin). */
static void a_public_key_is_no_hmac_secret(void **state)
{
	(void)state;
	unsigned char point[33], der[44] = { 0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0 };
	memcpy(der + 12, bytes_of(POINT_TEXT, point), 32);
	const agent_str forms[] = {
		{ (const char *)point, 32 }, { (const char *)der, sizeof der }, AGENT_STR(POINT_TEXT), AGENT_STR(POINT_TEXT "="),
		AGENT_STR("MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="),
		AGENT_STR("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n"),
		AGENT_STR("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----"),
		AGENT_STR("-----BEGIN PUBLIC KEY-----\r\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\r\n-----END PUBLIC KEY-----\r\n"),
		AGENT_STR("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" POINT_TEXT "\"}"),
		AGENT_STR("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" POINT_TEXT "\"}"),
		AGENT_STR(THUMBPRINT), AGENT_STR("k"), { "\0", 1 },
	};
	agent_buf token;
	agent_buf_init(&token, 10000);
	agent_keyset *set = public_set(AGENT_STR("k"));
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		build_hmac(&token, AGENT_STR("{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"k\"}"), AGENT_STR(GOOD_CLAIMS), forms[i]);
		verdict(set, agent_buf_str(&token), "token_alg");
		build_hmac(&token, AGENT_STR("{\"alg\":\"HS256\"}"), AGENT_STR(GOOD_CLAIMS), forms[i]);
		verdict(set, agent_buf_str(&token), "token_alg");
		build_hmac(&token, AGENT_STR("{\"alg\":\"EdDSA\",\"kid\":\"k\"}"), AGENT_STR(GOOD_CLAIMS), forms[i]); /* 32 bytes are no signature */
		verdict(set, agent_buf_str(&token), "token_signature");
	}
	agent_keyset_free(set);
	agent_buf_clear(&token);
}

/* The same kid here and there, another algorithm: the key's counts. */
static void the_algorithm_is_the_key_s(void **state)
{
	(void)state;
	agent_error err;
	agent_buf token;
	agent_buf_init(&token, 10000);
	unsigned char point[33];
	agent_keyset *hs = secret_set(AGENT_STR("k"), SECRET), *mixed = secret_set(AGENT_STR("h"), SECRET);
	assert_int_equal(agent_keyset_add_public(mixed, AGENT_STR("e"), bytes_of(POINT_TEXT, point), &err), AGENT_OK);
	build_ed25519(&token, AGENT_STR("{\"alg\":\"EdDSA\",\"kid\":\"k\"}"), AGENT_STR(GOOD_CLAIMS));
	verdict(hs, agent_buf_str(&token), "token_alg");
	build_ed25519(&token, AGENT_STR("{\"alg\":\"EdDSA\",\"kid\":\"e\"}"), AGENT_STR(GOOD_CLAIMS));
	verdict(mixed, agent_buf_str(&token), "");
	build_ed25519(&token, AGENT_STR("{\"alg\":\"EdDSA\",\"kid\":\"h\"}"), AGENT_STR(GOOD_CLAIMS));
	verdict(mixed, agent_buf_str(&token), "token_alg");
	build_hmac(&token, AGENT_STR("{\"alg\":\"HS256\",\"kid\":\"e\"}"), AGENT_STR(GOOD_CLAIMS), SECRET);
	verdict(mixed, agent_buf_str(&token), "token_alg");
	build_hmac(&token, AGENT_STR("{\"alg\":\"HS256\",\"kid\":\"h\"}"), AGENT_STR(GOOD_CLAIMS), SECRET);
	verdict(mixed, agent_buf_str(&token), "");
	/* an empty key, as libraries once made of one they did not find */
	build_hmac(&token, AGENT_STR("{\"alg\":\"HS256\",\"kid\":\"h\"}"), AGENT_STR(GOOD_CLAIMS), AGENT_STR_EMPTY);
	verdict(mixed, agent_buf_str(&token), "token_signature");
	static const char zeros[64] = { 0 };
	for (size_t len = 1; len <= sizeof zeros; len *= 2) {
		build_hmac(&token, AGENT_STR("{\"alg\":\"HS256\",\"kid\":\"k\"}"), AGENT_STR(GOOD_CLAIMS), (agent_str){ zeros, len });
		verdict(hs, agent_buf_str(&token), "token_signature");
	}
	agent_keyset_free(hs);
	agent_keyset_free(mixed);
	agent_buf_clear(&token);
}

static void segments_are_three_and_canonical(void **state)
{
	(void)state;
	static const struct { const char *token, *code; } cases[] = {
		{ "", "token_form" }, { ".", "token_form" }, { "..", "token_form" }, { "...", "token_form" }, { "a.b.c", "token_form" },
		{ SPECIMEN_SIGNED, "token_form" }, { SPECIMEN_SIGNED ".", "token_form" }, { "." SPECIMEN, "token_form" },
		{ SPECIMEN ".", "token_form" }, { SPECIMEN ".AAAA", "token_form" }, { SPECIMEN " ", "token_form" }, { SPECIMEN "\n", "token_form" },
		{ " " SPECIMEN, "token_form" }, { "\t" SPECIMEN, "token_form" }, { SPECIMEN "=", "token_form" }, { SPECIMEN "==", "token_form" },
		{ SPECIMEN "\xef\xbb\xbf", "token_form" }, { "\xef\xbb\xbf" SPECIMEN, "token_form" }, { "Bearer " SPECIMEN, "token_form" }, { "\"" SPECIMEN "\"", "token_form" },
		/* the last two bits */
		{ SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5d", "token_form" },
		{ SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5e", "token_form" },
		/* the other alphabet, line breaks and blanks within */
		{ SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV/adQssw5c", "token_form" },
		{ SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6y\nJV_adQssw5c", "token_form" },
		{ SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6y JV_adQssw5c", "token_form" },
		{ SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5", "token_form" },
		{ SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5cAAAA", "token_signature" },
		{ SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5cA", "token_signature" },
		{ SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpA", "token_signature" }, { SPECIMEN_SIGNED ".AA", "token_signature" },
		{ SPECIMEN_SIGNED ".AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "token_signature" },
		/* more segments: a second signature, claims in between, an encrypted token's five */
		{ SPECIMEN_SIGNED ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "token_form" },
		{ SPECIMEN_SIGNED ".eyJzdWIiOiIyIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "token_form" },
		{ SPECIMEN_SIGNED "..SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "token_form" }, { "a.b.c.d.e", "token_form" },
		{ "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA", "token_form" },
		/* reordered, missing, changed */
		{ "eyJzdWIiOiIxIn0.eyJhbGciOiJIUzI1NiJ9.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "token_form" },
		{ "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c." SPECIMEN_SIGNED, "token_form" },
		{ "eyJhbGciOiJIUzI1NiJ9..SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "token_form" },
		{ "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIyIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "token_signature" },
		{ "eyJhbGciOiJIUzI1NiJ8.eyJzdWIiOiIyIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "token_form" },
		{ "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9=.eyJzdWIiOiIyIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "token_form" },
		/* JSON serialisation */
		{ "{\"payload\":\"e30\",\"signatures\":[]}", "token_form" },
		{ "{\"protected\":\"eyJhbGciOiJIUzI1NiJ9\",\"payload\":\"e30\",\"signature\":\"AA\"}", "token_form" },
		{ "{\".\":\".\",\"payload\":\"e30\"}", "token_form" },
	};
	agent_keyset *set = secret_set(AGENT_STR_EMPTY, SECRET);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		verdict(set, agent_str_cstr(cases[i].token), cases[i].code);
	}
	verdict(set, (agent_str){ SPECIMEN "\0", sizeof SPECIMEN }, "token_form");
	verdict(set, (agent_str){ "\0" SPECIMEN, sizeof SPECIMEN }, "token_form");
	/* claims that were signed although they are no canonical base64url are still not read */
	static const char *const claims[] = { "e30=", "e31", "e30\n", " e30", "e3+/", "e30.", "e", "!!!!" };
	agent_buf token;
	agent_buf_init(&token, 1000);
	for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
		unsigned char mac[32];
		agent_error err;
		agent_buf_reset(&token);
		agent_buf_addf(&token, "eyJhbGciOiJIUzI1NiJ9.%s", claims[i]);
		assert_int_equal(agent_hmac_sha256(SECRET, agent_buf_str(&token), mac, &err), AGENT_OK);
		agent_buf_add_char(&token, '.');
		agent_b64url_encode(&token, (agent_str){ (const char *)mac, 32 });
		verdict(set, agent_buf_str(&token), "token_form");
	}
	agent_keyset_free(set);
	agent_buf_clear(&token);
}

static void a_hostile_size_takes_no_memory(void **state)
{
	(void)state;
	agent_buf token;
	agent_keyset *set = secret_set(AGENT_STR_EMPTY, SECRET);
	agent_buf_init(&token, 3000000);
	static const char *const begins[] = { SPECIMEN, SPECIMEN_SIGNED ".", "eyJhbGciOiJIUzI1NiJ9.", "", "...................." };
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
		agent_buf_reset(&token);
		agent_buf_add(&token, agent_str_cstr(begins[i]));
		while (token.len < 1024 * 1024) {
			agent_buf_add_lit(&token, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
		}
		agent_error err;
		agent_buf claims;
		agent_buf_init(&claims, 3000000);
		assert_int_equal(agent_token_verify(set, agent_buf_str(&token), &claims, &err), AGENT_ERR);
		assert_string_equal(err.code, "token_size");
		assert_null(claims.ptr);
		/* and of those that are not too large, only what opens takes any */
		assert_int_equal(agent_token_verify(set, agent_str_cut(agent_buf_str(&token), 0, AGENT_TOKEN_MAX), &claims, &err), AGENT_ERR);
		assert_null(claims.ptr);
	}
	agent_keyset_free(set);
	agent_buf_clear(&token);
}

/* An Ed25519 signature is (R, S) with S below the group's order L: with S + L the sum is the same, so a verifier that does not look accepts a
 * second signature of one text. With R or the key of small order there are such that nobody made. */
static void ed25519_signatures_are_not_malleable(void **state)
{
	(void)state;
	static const unsigned char order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10 };
	agent_error err;
	agent_buf token;
	unsigned char signature[64], changed[65];
	agent_buf_init(&token, 1000);
	agent_keyset *signer = seed_set(AGENT_STR("k")), *set = public_set(AGENT_STR("k"));
	assert_int_equal(agent_token_sign(signer, AGENT_STR(GOOD_CLAIMS), &token, &err), AGENT_OK);
	size_t start = token.len - 86;
	assert_true(agent_b64url_get(signature, agent_str_from(agent_buf_str(&token), start)));
	for (int times = 1; times <= 8; times++) { /* S + L … S + 8 L, as far as 256 bits go */
		unsigned carry = 0;
		memcpy(changed, signature, 64);
		for (int n = 0; n < times; n++) {
			carry = 0;
			for (int i = 0; i < 32; i++) {
				carry += changed[32 + i] + (unsigned)order[i];
				changed[32 + i] = (unsigned char)carry;
				carry >>= 8;
			}
		}
		token.len = start;
		agent_b64url_encode(&token, (agent_str){ (const char *)changed, 64 });
		verdict(set, agent_buf_str(&token), "token_signature");
	}
	/* R: neutral, of order 2, zero, not reduced; S: zero, L, all ones */
	static const unsigned char parts[][32] = { { 1 }, { 0 }, { 0xec, [1 ... 30] = 0xff, [31] = 0x7f }, { 0xee, [1 ... 30] = 0xff, [31] = 0x7f },
		{ 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10 }, { [0 ... 31] = 0xff } };
	for (size_t r = 0; r < sizeof parts / sizeof *parts; r++) {
		for (size_t s = 0; s <= sizeof parts / sizeof *parts; s++) {
			memcpy(changed, parts[r], 32);
			memcpy(changed + 32, s < sizeof parts / sizeof *parts ? parts[s] : signature + 32, 32);
			token.len = start;
			agent_b64url_encode(&token, (agent_str){ (const char *)changed, 64 });
			verdict(set, agent_buf_str(&token), "token_signature");
		}
	}
	/* one byte less, one more, the halves exchanged */
	for (size_t len = 0; len <= 65; len++) {
		memset(changed, 0, sizeof changed);
		memcpy(changed, signature, 64);
		token.len = start;
		agent_b64url_encode(&token, (agent_str){ (const char *)changed, len });
		verdict(set, agent_buf_str(&token), len == 0 ? "token_form" : len == 64 ? "" : "token_signature");
	}
	memcpy(changed, signature + 32, 32);
	memcpy(changed + 32, signature, 32);
	token.len = start;
	agent_b64url_encode(&token, (agent_str){ (const char *)changed, 64 });
	verdict(set, agent_buf_str(&token), "token_signature");
	agent_keyset_free(signer);
	agent_keyset_free(set);
	agent_buf_clear(&token);
}

/* Under the neutral point the signature (neutral, 0) fits every text: where the library accepts it (3.0 does), only the refusal of such keys
 * stands between anybody and a token. */
static void nobody_signs_under_a_neutral_key(void **state)
{
	(void)state;
	static const unsigned char neutral[32] = { 1 }, signature[64] = { 1 };
	agent_error err;
	agent_keyset_key key = { 0 };
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, neutral, 32);
	bool accepted = pkey != NULL && EVP_DigestVerifyInit(md, NULL, NULL, NULL, pkey) == 1
		&& EVP_DigestVerify(md, signature, 64, (const unsigned char *)"any text", 8) == 1;
	print_message("# the library %s it\n", accepted ? "accepts" : "refuses");
	EVP_PKEY_free(pkey);
	EVP_MD_CTX_free(md);
	ERR_clear_error();
	assert_int_equal(agent_ed25519_open_public(&key, neutral, &err), AGENT_ERR);
	assert_string_equal(err.code, "key_weak");
	assert_null(key.pkey);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_algorithm_is_none),
		cmocka_unit_test(other_algorithms_are_not_known),
		cmocka_unit_test(what_else_a_header_asks_for_is_refused),
		cmocka_unit_test(headers_are_one_strict_object),
		cmocka_unit_test(a_kid_only_picks),
		cmocka_unit_test(a_public_key_is_no_hmac_secret),
		cmocka_unit_test(the_algorithm_is_the_key_s),
		cmocka_unit_test(segments_are_three_and_canonical),
		cmocka_unit_test(a_hostile_size_takes_no_memory),
		cmocka_unit_test(ed25519_signatures_are_not_malleable),
		cmocka_unit_test(nobody_signs_under_a_neutral_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

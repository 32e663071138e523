/* SPDX-License-Identifier: MIT
 * contract/schema: what is valid, what is refused, what faults say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ext/contract/pattern.h"
#include "ext/contract/schema.h"
#include "tests/support/torture.h"

static const agent_schema_options strict = { .formats = true, .closed = true };
static const agent_schema_options annotated = { .closed = true };

static agent_json *parse(const char *text)
{
	agent_error err;
	agent_json *node;
	if (agent_json_parse(agent_str_cstr(text), AGENT_JSON_LIMITS, "the text", &node, &err) != AGENT_OK) {
		fail_msg("%s: %s", text, err.message);
	}
	return node;
}

static agent_schema *compile(const char *text)
{
	agent_error err;
	agent_schema *schema;
	agent_json *document = parse(text);
	if (agent_schema_compile(document, &strict, &schema, &err) != AGENT_OK) {
		fail_msg("%s: %s", text, err.message);
	}
	agent_json_free(document);
	return schema;
}

static const struct { const char *schema, *valid, *invalid; } values[] = { /* values separated by blanks */
	{ "true", "1 null {}", "" }, { "false", "", "1 null {}" }, { "{}", "1 \"a\" [] null", "" },
	{ "{\"type\":\"null\"}", "null", "0 false \"\" {} []" }, { "{\"type\":\"boolean\"}", "true false", "0 \"true\" null" },
	{ "{\"type\":\"integer\"}", "1 1.0 -0 1e2 18446744073709551615 1.5e1", "1.5 \"1\" null 1e-1" },
	{ "{\"type\":\"number\"}", "1 1.5 1e300", "\"1\" null []" }, { "{\"type\":\"string\"}", "\"\" \"a\"", "1 null [\"a\"]" },
	{ "{\"type\":\"array\"}", "[] [1]", "{} \"[]\"" }, { "{\"type\":\"object\"}", "{} {\"a\":1}", "[] null" },
	{ "{\"type\":[\"string\",\"null\"]}", "\"a\" null", "1 {}" }, { "{\"type\":[\"integer\",\"number\"]}", "1 1.5", "\"\"" },
	{ "{\"enum\":[1,\"a\",null,[1,2],{\"a\":1,\"b\":2}]}", "1 1.0 10e-1 \"a\" null [1,2] [1.0,2] {\"b\":2,\"a\":1}", "2 \"A\" [2,1] {\"a\":1} false {} {\"a\":1,\"b\":2,\"c\":3}" },
	{ "{\"const\":0}", "0 -0 0.0 0e5", "false null \"\" 1" }, { "{\"const\":false}", "false", "0 null []" }, { "{\"const\":null}", "null", "0 false" },
	{ "{\"const\":[{\"a\":[1]}]}", "[{\"a\":[1.0]}]", "[{\"a\":[true]}] [{\"a\":1}]" }, { "{\"const\":9007199254740993}", "9007199254740993.0", "9007199254740992" },
	{ "{\"minimum\":1.1}", "1.1 1.10 2 \"0\" 1.1000000000000000000001", "1 1.0999999999999999999999 -5" }, { "{\"maximum\":3}", "3 3.0 -1e300", "3.0000000000000000001 4" },
	{ "{\"exclusiveMinimum\":0}", "1e-300 1", "0 -0.0 -1" }, { "{\"exclusiveMaximum\":18446744073709551615}", "18446744073709551614 1", "18446744073709551615 1e20" },
	{ "{\"minimum\":-9223372036854775808}", "-9223372036854775808 0", "-9223372036854775808.5" },
	{ "{\"multipleOf\":0.01}", "4.35 0 19.99 -0.07 1e2", "4.351 0.001" }, { "{\"multipleOf\":3}", "9 -3 3e300", "10 1e300" }, { "{\"multipleOf\":2.5}", "5 7.5", "4" },
	{ "{\"minLength\":2}", "\"ab\" \"\xC3\xA9\xC3\xA9\" 1", "\"a\" \"\xF0\x9F\x98\x80\" \"\"" }, { "{\"maxLength\":2}", "\"ab\" \"\xF0\x9F\x98\x80\xF0\x9F\x98\x80\" \"\"", "\"abc\"" },
	{ "{\"minLength\":2.0}", "\"ab\"", "\"a\"" }, { "{\"maxLength\":0}", "\"\"", "\"a\"" },
	{ "{\"pattern\":\"^[A-Z]{3}-[0-9]{5}$\"}", "\"ABC-12345\" 5 null", "\"ABC-1234\" \"xABC-12345\" \"ABC-12345\\n\" \"\"" },
	{ "{\"pattern\":\"b\"}", "\"abc\"", "\"ac\"" }, { "{\"pattern\":\"^\\\\d+$\"}", "\"12\"", "\"\xD9\xA1\" \"a\"" }, { "{\"pattern\":\"^\\\\w$\"}", "\"a\" \"_\"", "\"\xC3\xA9\"" },
	{ "{\"pattern\":\"^.$\"}", "\"\xC3\xA9\" \"\xF0\x9F\x98\x80\" \"\\u0085\"", "\"ab\" \"\\n\" \"\\u2028\" \"\\r\"" }, { "{\"pattern\":\"^\\\\s\\\\S$\"}", "\"\\u00a0x\" \" y\" \"\\ufeffx\"", "\"x \" \"  \"" },
	{ "{\"pattern\":\"^[\\\\S]$\"}", "\"x\" \"\xF0\x9F\x98\x80\"", "\"\\u00a0\" \"\\u3000\" \"\\t\"" }, { "{\"pattern\":\"^[\\\\s\\\\d]$\"}", "\"\\u2003\" \"7\"", "\"x\"" },
	{ "{\"pattern\":\"^[[:alpha:]]$\"}", "\"a]\" \":]\" \"[]\"", "\"b\" \"z\"" }, { "{\"pattern\":\"^\\\\u00e9\\\\x41\\\\u{1F600}$\"}", "\"\xC3\xA9" "A\xF0\x9F\x98\x80\"", "\"e\"" },
	{ "{\"pattern\":\"^\\\\uD83D\\\\uDE00$\"}", "\"\xF0\x9F\x98\x80\"", "\"x\"" }, { "{\"pattern\":\"^(a)\\\\1$\"}", "\"aa\"", "\"ab\"" }, { "{\"pattern\":\"^(?<x>a|b)\\\\k<x>$\"}", "\"bb\"", "\"ba\"" },
	{ "{\"pattern\":\"^\\\\p{Lu}\\\\P{Lu}$\"}", "\"\xC3\x89x\"", "\"xx\"" }, { "{\"pattern\":\"^\\\\p{Letter}+$\"}", "\"\xC3\xA9\"", "\"1\"" }, { "{\"pattern\":\"^[^]$\"}", "\"\\n\"", "\"\"" },
	{ "{\"pattern\":\"[]\"}", "", "\"a\" \"\"" }, { "{\"pattern\":\"^a(?=b)b(?!c)(?<=b)(?:d)?$\"}", "\"ab\" \"abd\"", "\"abc\"" }, { "{\"pattern\":\"^\\\\cA\\\\v$\"}", "\"\\u0001\\u000b\"", "\"x\"" },
	{ "{\"pattern\":\"^a{2,3}?b{1}c{0,}$\"}", "\"aab\" \"aaabcc\"", "\"ab\"" }, { "{\"pattern\":\"^\\\\-\\\\/\\\\@$\"}", "\"-/@\"", "\"x\"" },
	{ "{\"format\":\"date\"}", "\"2026-02-28\" \"2024-02-29\" \"2000-02-29\" 1", "\"2026-02-29\" \"1900-02-29\" \"2026-13-01\" \"2026-1-01\" \"26-01-01\" \"2026-04-31\" \"2026-01-01x\" \"2026-01-00\" \"\"" },
	{ "{\"format\":\"time\"}", "\"12:00:00Z\" \"23:59:60Z\" \"12:00:00.123+01:30\" \"22:59:60-01:00\" \"00:29:60+00:30\"", "\"12:00:00\" \"24:00:00Z\" \"12:60:00Z\" \"12:00:60Z\" \"12:00:00.Z\" \"12:00Z\" \"12:00:00+1:00\" \"12:00:00+24:00\" \"12:00:00Zx\"" },
	{ "{\"format\":\"date-time\"}", "\"2026-11-24T12:00:00Z\" \"2026-11-24t12:00:00.5-08:00\"", "\"2026-11-24\" \"2026-11-24 12:00:00Z\" \"2026-11-24T12:00:00\" \"2026-11-31T12:00:00Z\"" },
	{ "{\"format\":\"email\"}", "\"a@b.example\" \"a.b+c@x-y.example\" \"a@[127.0.0.1]\" \"\\\"a b\\\"@c.example\" \"a@[IPv6:::1]\" \"~@x.example\"", "\"a\" \"@b\" \"a@\" \".a@b.c\" \"a..b@c.d\" \"a@b@c\" \"a b@c.d\" \"a@-b.c\" \"a@[1.2.3]\" \"a@b..c\" \"\\\"a\\\"b\\\"@c.d\"" },
	{ "{\"format\":\"uri\"}", "\"https://shop.example/a?b=c#d\" \"mailto:a@b.c\" \"urn:x:y\" \"http://[::1]:80/\" \"a:\" \"http://u:p@h:1/%20\" \"ldap://[2001:db8::7]/c=GB?x?one\"",
		"\"shop.example\" \"/a\" \"https://a b\" \"http://h/%2\" \"1a:b\" \"http://[::1\" \"http://h:x/\" \":a\" \"a:\\\\b\" \"\" \"http://a/\xC3\xA9\" \"a:<b>\" \"a:#b#c\" \"http://[1.2.3.4]/\"" },
	{ "{\"format\":\"uuid\"}", "\"2eb8aa08-aa98-11ea-b4aa-73b441d16380\" \"2EB8AA08-AA98-11EA-B4AA-73B441D16380\"", "\"2eb8aa08-aa98-11ea-b4aa-73b441d1638\" \"2eb8aa08aa98-11ea-b4aa-73b441d163800\" \"2eb8aa08-aa98-11ea-b4aa-73b441d1638g\"" },
	{ "{\"format\":\"ipv4\"}", "\"127.0.0.1\" \"0.0.0.0\" \"255.255.255.255\"", "\"256.0.0.1\" \"1.2.3\" \"1.2.3.4.5\" \"01.2.3.4\" \"1..2.3\" \"a.b.c.d\" \"1.2.3.4 \" \"0x7f.1.1.1\" \"1.2.3.0000\"" },
	{ "{\"format\":\"ipv6\"}", "\"::\" \"::1\" \"1::\" \"1:2:3:4:5:6:7:8\" \"::ffff:1.2.3.4\" \"1::8\" \"1:2:3:4:5:6:1.2.3.4\" \"1:2:3:4:5:6:7::\"",
		"\":\" \":::\" \":::1\" \"1::2::3\" \"12345::\" \"1:2:3:4:5:6:7\" \"1:2:3:4:5:6:7:8:9\" \"1:2:3:4:5:6:7:8::\" \"1:\" \":1\" \"g::\" \"::1.2.3\" \"1:2:3:4:5:6:7:1.2.3.4\" \"1.2.3.4\" \"::1%eth0\" \"\" \"1.2.3.4::\"" },
	{ "{\"format\":\"hostname\"}", "\"a\" \"shop.example\" \"a-b.c1\" \"xn--4gbwdl.xn--wgbh1c\"", "\"-a\" \"a-\" \"a..b\" \".a\" \"a.\" \"a_b\" \"\" \"a b\"" },
	{ "{\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":false}}", "{} {\"a\":1} {\"c\":1} []", "{\"a\":\"x\"} {\"b\":1} {\"a\":null}" },
	{ "{\"required\":[\"a\",\"b\"]}", "{\"a\":1,\"b\":null} []", "{} {\"a\":1} {\"b\":1}" }, { "{\"required\":[]}", "{}", "" },
	{ "{\"properties\":{\"a\":true},\"additionalProperties\":false}", "{} {\"a\":1}", "{\"b\":1} {\"a\":1,\"A\":2}" }, { "{\"additionalProperties\":{\"type\":\"string\"}}", "{\"x\":\"y\"}", "{\"x\":1}" },
	{ "{\"additionalProperties\":false}", "{} 1", "{\"\":1}" }, { "{\"minProperties\":1,\"maxProperties\":2}", "{\"a\":1} {\"a\":1,\"b\":2} 5", "{} {\"a\":1,\"b\":2,\"c\":3}" },
	{ "{\"items\":{\"type\":\"integer\"}}", "[] [1,2] {}", "[1,\"a\"]" }, { "{\"items\":false}", "[]", "[1]" }, { "{\"prefixItems\":[{\"type\":\"string\"},true],\"items\":{\"type\":\"null\"}}", "[] [\"a\"] [\"a\",1,null]", "[1] [\"a\",1,2]" },
	{ "{\"prefixItems\":[{\"const\":1}],\"items\":false}", "[1] []", "[1,2] [2]" }, { "{\"minItems\":1,\"maxItems\":2}", "[1] [1,2]", "[] [1,2,3]" },
	{ "{\"uniqueItems\":true}", "[] [1,2,\"1\"] [1,true] [0,false,null,\"\"] [{\"a\":1},{\"a\":2}] [[1],[2]]", "[1,1.0] [{\"a\":1,\"b\":2},{\"b\":2,\"a\":1}] [[],[]] [null,null] [\"a\",\"b\",\"a\"]" },
	{ "{\"uniqueItems\":false}", "[1,1]", "" },
	{ "{\"allOf\":[{\"minimum\":1},{\"maximum\":3}]}", "1 3", "0 4" }, { "{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":5}]}", "\"a\" 5", "4" },
	{ "{\"oneOf\":[{\"multipleOf\":2},{\"multipleOf\":3}]}", "2 3 4 9", "6 1 0" }, { "{\"not\":{\"type\":\"string\"}}", "1 null", "\"a\"" }, { "{\"not\":{}}", "", "1 null" }, { "{\"not\":false}", "1", "" },
	{ "{\"not\":{\"not\":{\"type\":\"string\"}}}", "\"a\"", "1" }, { "{\"anyOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}]}", "{\"a\":1} {\"b\":1}", "{} {\"c\":1}" },
	{ "{\"oneOf\":[{\"anyOf\":[{\"const\":1},{\"const\":2}]},{\"const\":3}]}", "1 2 3", "4" },
	{ "{\"title\":\"t\",\"description\":\"d\",\"default\":{},\"examples\":[1],\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$id\":\"x\",\"$comment\":\"c\",\"deprecated\":true,\"readOnly\":false,\"writeOnly\":false,\"deliver\":\"visitor\"}", "1", "" },
	{ "{\"properties\":{\"p\":{\"type\":\"array\",\"deliver\":\"passages\",\"items\":{\"type\":\"object\",\"required\":[\"title\",\"url\",\"text\"],\"properties\":{\"title\":{\"type\":\"string\"},\"url\":{\"type\":\"string\"},\"text\":{\"type\":\"string\"},\"id\":{\"type\":\"string\"},\"heading\":{\"type\":\"string\"},\"language\":{\"type\":\"string\"},\"updated\":{\"type\":\"integer\"},\"more\":{}}}}}}", "{\"p\":[]}", "{\"p\":1}" },
	{ "{\"properties\":{\"a\":{\"properties\":{\"b\":{\"items\":{\"enum\":[\"x\"]}}}}}}", "{\"a\":{\"b\":[\"x\"]}}", "{\"a\":{\"b\":[\"x\",\"y\"]}}" },
	{ "{\"properties\":{\"\":{\"const\":1},\"a/b~c\":{\"const\":2}}}", "{\"\":1,\"a/b~c\":2}", "{\"\":2} {\"a/b~c\":1}" },
	{ "{\"patternProperties\":{\"^a\":{\"type\":\"integer\"},\"b$\":{\"minimum\":5}}}", "{} {\"a\":1} {\"ab\":5} {\"c\":\"x\"}", "{\"a\":\"x\"} {\"ab\":4} {\"xb\":1}" },
	{ "{\"patternProperties\":{\"^a\":true},\"properties\":{\"b\":true},\"additionalProperties\":false}", "{\"a1\":1,\"b\":2} {}", "{\"c\":1}" },
	{ "{\"propertyNames\":{\"pattern\":\"^[a-z]+$\",\"maxLength\":3}}", "{\"abc\":1} {} 5", "{\"abcd\":1} {\"A\":1}" },
	{ "{\"propertyNames\":{\"enum\":[\"a\",\"b\"]}}", "{\"a\":1}", "{\"c\":1}" },
	{ "{\"propertyNames\":false}", "{} 1", "{\"a\":1}" },
	{ "{\"propertyNames\":{\"type\":[\"null\",\"object\"]}}", "{}", "{\"a\":1}" },
	{ "{\"dependentRequired\":{\"a\":[\"b\",\"c\"]}}", "{} {\"b\":1} {\"a\":1,\"b\":2,\"c\":3}", "{\"a\":1,\"b\":2}" },
	{ "{\"dependentSchemas\":{\"a\":{\"required\":[\"b\"]},\"c\":false}}", "{} {\"a\":1,\"b\":2}", "{\"a\":1} {\"c\":1}" },
	{ "{\"if\":{\"type\":\"string\"},\"then\":{\"minLength\":2},\"else\":{\"type\":\"null\"}}", "\"ab\" null", "\"a\" 1" },
	{ "{\"if\":false,\"then\":false}", "1", "" },
	{ "{\"then\":false,\"else\":false}", "1", "" },
	{ "{\"if\":true,\"else\":false}", "1", "" },
	{ "{\"contains\":{\"type\":\"string\"}}", "[\"a\"] [1,\"a\"] {}", "[] [1]" },
	{ "{\"contains\":{\"type\":\"string\"},\"minContains\":2,\"maxContains\":3}", "[\"a\",1,\"b\"] [\"a\",\"b\",\"c\"]", "[\"a\"] [\"a\",\"b\",\"c\",\"d\"]" },
	{ "{\"contains\":false,\"minContains\":0}", "[] [1]", "" },
	{ "{\"contains\":true,\"maxContains\":0,\"minContains\":0}", "[]", "[1]" },
	{ "{\"maxContains\":0}", "[1]", "" },
	{ "{\"properties\":{\"a\":true},\"unevaluatedProperties\":false}", "{\"a\":1} {} []", "{\"b\":1}" },
	{ "{\"allOf\":[{\"properties\":{\"a\":true}},{\"not\":{\"properties\":{\"b\":false}}}],\"unevaluatedProperties\":{\"type\":\"null\"}}", "{\"a\":1,\"b\":null}", "{\"b\":1}" },
	{ "{\"prefixItems\":[true],\"unevaluatedItems\":{\"type\":\"null\"}}", "[1,null] []", "[1,1]" },
	{ "{\"anyOf\":[{\"prefixItems\":[{\"const\":1},true]},{\"prefixItems\":[true]}],\"unevaluatedItems\":false}", "[1,2] [2]", "[2,2] [1,2,3]" },
	{ "{\"contentMediaType\":\"application/json\",\"contentEncoding\":\"base64\",\"contentSchema\":{\"type\":\"null\"}}", "\"x\" 1", "" },
	{ "{\"required\":[\"a\",\"a b\",\"c/d\"],\"properties\":{\"c/d\":{\"type\":\"null\"}}}", "{\"a\":1,\"a b\":1,\"c/d\":null}", "{\"a\":1,\"a b\":1} {\"a\":1,\"a b\":1,\"c/d\":1}" },
};

/* The next value of the list: up to a blank outside of strings. */
static const char *next_value(const char *list, char *value, size_t size)
{
	bool quoted = false;
	size_t len = 0;
	for (; *list != '\0' && (quoted || *list != ' '); list++) {
		assert_true(len + 2 < size);
		if (*list == '\\' && quoted) {
			value[len++] = *list++;
		} else if (*list == '"') {
			quoted = !quoted;
		}
		value[len++] = *list;
	}
	value[len] = '\0';
	return *list == ' ' ? list + 1 : list;
}

static size_t check_list(const agent_schema *schema, const char *name, const char *list, bool valid)
{
	size_t checked = 0;
	while (*list != '\0') {
		char text[256];
		agent_error err;
		agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
		size_t count, quiet;
		list = next_value(list, text, sizeof text);
		agent_json *value = parse(text);
		agent_arena *arena = agent_arena_new(100000);
		assert_int_equal(agent_schema_validate(schema, value, arena, faults, &count, &err), AGENT_OK);
		assert_int_equal(agent_schema_validate(schema, value, NULL, NULL, &quiet, &err), AGENT_OK);
		if ((count == 0) != valid || (quiet == 0) != valid) {
			fail_msg("%s: %s is %s", name, text, valid ? "refused" : "accepted");
		}
		assert_true(!valid || agent_arena_used(arena) == 0);
		for (size_t i = 0; i < count; i++) {
			assert_true(faults[i].message.len > 0 && faults[i].keyword.len > 0);
		}
		agent_arena_free(arena);
		agent_json_free(value);
		checked++;
	}
	return checked;
}

static void values_are_judged(void **state)
{
	(void)state;
	size_t checked = 0;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		agent_schema *schema = compile(values[i].schema);
		checked += check_list(schema, values[i].schema, values[i].valid, true);
		checked += check_list(schema, values[i].schema, values[i].invalid, false);
		agent_schema_free(schema);
	}
	assert_true(checked > 400);
}

static void schemas_are_refused(void **state)
{
	(void)state;
	static const struct { const char *schema, *begin, *code; } cases[] = {
		{ "1", ": must be a schema", "schema" }, { "[]", ": must be a schema", "schema" }, { "null", ": must be a schema", "schema" }, { "\"x\"", ": must be a schema", "schema" },
		{ "{\"typ\":\"string\"}", "/typ: is not a keyword", "keyword" }, { "{\"properties\":{\"a\":{\"iff\":true}}}", "/properties/a/iff: is not a keyword", "keyword" },
		{ "{\"a/b~\":1}", "/a~1b~0: is not a keyword", "keyword" }, { "{\"items\":{\"not\":{\"x\":1}}}", "/items/not/x: is not", "keyword" }, { "{\"anyOf\":[{},{\"y\":1}]}", "/anyOf/1/y: is not", "keyword" },
		{ "{\"type\":\"str\"}", "/type: must be one of", NULL }, { "{\"type\":[]}", "/type: must be one of", NULL }, { "{\"type\":[\"null\",\"null\"]}", "/type: must be one of", NULL }, { "{\"type\":1}", "/type: must be one of", NULL }, { "{\"type\":{\"a\":1}}", "/type: must be one of", NULL },
		{ "{\"enum\":[]}", "/enum: must be an array", NULL }, { "{\"enum\":{\"a\":1}}", "/enum: must be an array", NULL }, { "{\"minimum\":\"1\"}", "/minimum: must be a number", NULL }, { "{\"maximum\":null}", "/maximum: must be a number", NULL },
		{ "{\"multipleOf\":0}", "/multipleOf: must be a number more than 0", NULL }, { "{\"multipleOf\":-1}", "/multipleOf: must be", NULL }, { "{\"multipleOf\":1234567890123456789}", "/multipleOf: must be", NULL }, { "{\"multipleOf\":\"x\"}", "/multipleOf: must be", NULL },
		{ "{\"minLength\":-1}", "/minLength: must be an integer of 0 or more", NULL }, { "{\"minLength\":1.5}", "/minLength: must", NULL }, { "{\"maxLength\":\"1\"}", "/maxLength: must", NULL }, { "{\"maxLength\":1e30}", "/maxLength: must", NULL },
		{ "{\"minItems\":-1}", "/minItems: must be an integer", NULL }, { "{\"maxProperties\":null}", "/maxProperties: must be an integer", NULL }, { "{\"uniqueItems\":1}", "/uniqueItems: must be true or false", NULL },
		{ "{\"pattern\":1}", "/pattern: must be a string", NULL }, { "{\"pattern\":\"(\"}", "/pattern: is no regular expression", "pattern" }, { "{\"pattern\":\"[\"}", "/pattern: is no regular", "pattern" }, { "{\"pattern\":\"a++\"}", "/pattern: is no", "pattern" },
		{ "{\"pattern\":\"(?R)\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"(?C1)\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"(?1)\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"(*ACCEPT)\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"(?i)a\"}", "/pattern: is no", "pattern" },
		{ "{\"pattern\":\"(?>a)\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"(?#a)\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"(?P<a>b)\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"\\\\Qa\\\\E\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"\\\\A\"}", "/pattern: is no", "pattern" },
		{ "{\"pattern\":\"\\\\z\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"\\\\C\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"\\\\K\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"\\\\R\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"\\\\g{1}\"}", "/pattern: is no", "pattern" },
		{ "{\"pattern\":\"\\\\\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"\\\\u12\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"\\\\uD800\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"\\\\u{110000}\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"\\\\p{}\"}", "/pattern: is no", "pattern" },
		{ "{\"pattern\":\"\\\\p{NoSuch}\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"a{\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"*\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"\\\\2(a)\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"[z-a]\"}", "/pattern: is no", "pattern" },
		{ "{\"pattern\":\"[\\\\1]\"}", "/pattern: is no", "pattern" }, { "{\"pattern\":\"\\\\012\"}", "/pattern: is no", "pattern" },
		{ "{\"format\":1}", "/format: must be a string", NULL }, { "{\"format\":\"phone\"}", "/format: must be a format that is known", NULL },
		{ "{\"properties\":[]}", "/properties: must be an object", NULL }, { "{\"properties\":{\"a\":1}}", "/properties/a: must be a schema", NULL }, { "{\"required\":\"a\"}", "/required: must be an array", NULL }, { "{\"required\":[1]}", "/required: must be an array", NULL }, { "{\"required\":[\"a\",\"a\"]}", "/required: must", NULL },
		{ "{\"additionalProperties\":1}", "/additionalProperties: must be a schema", NULL }, { "{\"items\":[{}]}", "/items: must be a schema", NULL }, { "{\"prefixItems\":[]}", "/prefixItems: must be an array", NULL }, { "{\"prefixItems\":[1]}", "/prefixItems/0: must be a schema", NULL },
		{ "{\"allOf\":[]}", "/allOf: must be an array", NULL }, { "{\"anyOf\":{}}", "/anyOf: must be an array", NULL }, { "{\"oneOf\":[1]}", "/oneOf/0: must be a schema", NULL }, { "{\"not\":null}", "/not: must be a schema", NULL },
		{ "{\"$schema\":\"http://json-schema.org/draft-04/schema#\"}", "/$schema: must be", NULL }, { "{\"deliver\":\"model\"}", "/deliver: must be \"visitor\" or \"passages\"", NULL }, { "{\"deliver\":1}", "/deliver: must be \"visitor\" or", NULL }, { "{\"title\":1}", "/title: must be a string", NULL }, { "{\"examples\":1}", "/examples: must be an array", NULL }, { "{\"readOnly\":1}", "/readOnly: must be true", NULL },
		{ "{\"deliver\":\"passages\"}", "/deliver: must be \"visitor\" here: \"passages\" stands directly below", NULL },
		{ "{\"items\":{\"deliver\":\"passages\"}}", "/items/deliver: must be \"visitor\" here", NULL },
		{ "{\"properties\":{\"a\":{\"properties\":{\"p\":{\"deliver\":\"passages\"}}}}}", "/properties/a/properties/p/deliver: must be \"visitor\" here", NULL },
		{ "{\"allOf\":[{\"properties\":{\"p\":{\"deliver\":\"passages\"}}}]}", "/allOf/0/properties/p/deliver: must be \"visitor\" here", NULL },
		{ "{\"properties\":{\"p\":{\"deliver\":\"passages\"}}}", "/properties/p/type: must be \"array\" where \"deliver\" is \"passages\"", NULL },
		{ "{\"properties\":{\"a/b\":{\"deliver\":\"passages\",\"type\":[\"array\"]}}}", "/properties/a~1b/type: must be \"array\"", NULL },
		{ "{\"properties\":{\"p\":{\"type\":\"array\",\"deliver\":\"passages\"}}}", "/properties/p/items/type: must be \"object\"", NULL },
		{ "{\"properties\":{\"p\":{\"type\":\"array\",\"deliver\":\"passages\",\"items\":true}}}", "/properties/p/items/type: must be \"object\"", NULL },
		{ "{\"properties\":{\"p\":{\"type\":\"array\",\"deliver\":\"passages\",\"items\":{\"type\":\"object\"}}}}", "/properties/p/items/required: must name title, url and text", NULL },
		{ "{\"properties\":{\"p\":{\"type\":\"array\",\"deliver\":\"passages\",\"items\":{\"type\":\"object\",\"required\":[\"title\",\"url\"],\"properties\":{\"title\":{\"type\":\"string\"},\"url\":{\"type\":\"string\"},\"text\":{\"type\":\"string\"}}}}}}", "/properties/p/items/required: must name title, url and text", NULL },
		{ "{\"properties\":{\"p\":{\"type\":\"array\",\"deliver\":\"passages\",\"items\":{\"type\":\"object\",\"required\":[\"title\",\"url\",\"text\"],\"properties\":{\"title\":{\"type\":[\"string\",\"null\"]},\"url\":{\"type\":\"string\"},\"text\":{\"type\":\"string\"}}}}}}", "/properties/p/items/properties/title/type: must be \"string\"", NULL },
		{ "{\"properties\":{\"p\":{\"type\":\"array\",\"deliver\":\"passages\",\"items\":{\"type\":\"object\",\"required\":[\"title\",\"url\",\"text\"],\"properties\":{\"title\":{\"type\":\"string\"},\"url\":{\"type\":\"string\"}}}}}}", "/properties/p/items/properties/text/type: must be \"string\"", NULL },
		{ "{\"properties\":{\"p\":{\"type\":\"array\",\"deliver\":\"passages\",\"items\":{\"type\":\"object\",\"required\":[\"title\",\"url\",\"text\"],\"properties\":{\"title\":{\"type\":\"string\"},\"url\":{\"type\":\"string\"},\"text\":{\"type\":\"string\"},\"id\":{\"type\":\"integer\"}}}}}}", "/properties/p/items/properties/id/type: must be \"string\"", NULL },
		{ "{\"properties\":{\"p\":{\"type\":\"array\",\"deliver\":\"passages\",\"items\":{\"type\":\"object\",\"required\":[\"title\",\"url\",\"text\"],\"properties\":{\"title\":{\"type\":\"string\"},\"url\":{\"type\":\"string\"},\"text\":{\"type\":\"string\"},\"heading\":{}}}}}}", "/properties/p/items/properties/heading/type: must be \"string\"", NULL },
		{ "{\"properties\":{\"p\":{\"type\":\"array\",\"deliver\":\"passages\",\"items\":{\"type\":\"object\",\"required\":[\"title\",\"url\",\"text\"],\"properties\":{\"title\":{\"type\":\"string\"},\"url\":{\"type\":\"string\"},\"text\":{\"type\":\"string\"},\"language\":{\"enum\":[\"de\"]}}}}}}", "/properties/p/items/properties/language/type: must be \"string\"", NULL },
		{ "{\"properties\":{\"p\":{\"type\":\"array\",\"deliver\":\"passages\",\"items\":{\"type\":\"object\",\"required\":[\"title\",\"url\",\"text\"],\"properties\":{\"title\":{\"type\":\"string\"},\"url\":{\"type\":\"string\"},\"text\":{\"type\":\"string\"},\"updated\":{\"type\":\"string\"}}}}}}", "/properties/p/items/properties/updated/type: must be \"integer\"", NULL },
		{ "{\"properties\":{\"p\":{\"type\":\"array\",\"deliver\":\"passages\",\"items\":{\"type\":\"object\",\"required\":[\"title\",\"url\",\"text\"],\"properties\":{\"title\":{\"type\":\"string\"},\"url\":{\"type\":\"string\"},\"text\":{\"type\":\"string\"}}},\"prefixItems\":[{}]}}}", "/properties/p/prefixItems: must not be there", NULL },
		{ "{\"patternProperties\":{\"(\":true}}", "/patternProperties/(: is no regular expression", "pattern" },
		{ "{\"patternProperties\":1}", "/patternProperties: must be an object", NULL },
		{ "{\"propertyNames\":1}", "/propertyNames: must be a schema", NULL },
		{ "{\"dependentRequired\":{\"a\":1}}", "/dependentRequired: must be an object of arrays", NULL },
		{ "{\"dependentSchemas\":{\"a\":1}}", "/dependentSchemas/a: must be a schema", NULL },
		{ "{\"minContains\":-1}", "/minContains: must be an integer", NULL },
		{ "{\"contains\":[]}", "/contains: must be a schema", NULL },
		{ "{\"if\":1}", "/if: must be a schema", NULL },
		{ "{\"then\":1}", "/then: must be a schema", NULL },
		{ "{\"unevaluatedItems\":1}", "/unevaluatedItems: must be a schema", NULL },
		{ "{\"$defs\":1}", "/$defs: must be an object", NULL },
		{ "{\"$vocabulary\":1}", "/$vocabulary: must be an object", NULL },
		{ "{\"contentSchema\":1}", "/contentSchema: must be a schema", NULL },
		{ "{\"dependencies\":{}}", "/dependencies: is not a keyword", "keyword" },
		{ "{\"additionalItems\":true}", "/additionalItems: is not a keyword", "keyword" },
		{ "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"prefixItems\":[true]}", "/prefixItems: is not a keyword", "keyword" },
		{ "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"dependencies\":{\"a\":[1]}}", "/dependencies: must be an object of schemas or", NULL },
		{ "{\"$schema\":1}", "/$schema: must be a string", NULL },
		{ "{\"$id\":1}", "/$id: must be a string", NULL },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_error err;
		agent_schema *schema;
		agent_json *document = parse(cases[i].schema);
		if (agent_schema_compile(document, &strict, &schema, &err) == AGENT_OK) {
			fail_msg("%s: accepted", cases[i].schema);
		}
		assert_null(schema);
		assert_int_equal(err.domain, AGENT_DOMAIN_SCHEMA);
		assert_string_equal(err.code, cases[i].code != NULL ? cases[i].code : "schema");
		if (strncmp(err.message, cases[i].begin, strlen(cases[i].begin)) != 0) {
			fail_msg("%s: %s", cases[i].schema, err.message);
		}
		agent_json_free(document);
	}
}

/* "instance|schema|keyword|message" of each fault, in order. */
static void check_faults(const char *schema_text, const char *text, const char *const *expected)
{
	agent_error err;
	agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
	size_t count;
	agent_schema *schema = compile(schema_text);
	agent_json *value = parse(text);
	agent_arena *arena = agent_arena_new(100000);
	assert_int_equal(agent_schema_validate(schema, value, arena, faults, &count, &err), AGENT_OK);
	for (size_t i = 0; i < count; i++) {
		agent_buf line;
		agent_buf_init(&line, 10000);
		agent_buf_add(&line, faults[i].instance);
		agent_buf_add_char(&line, '|');
		agent_buf_add(&line, faults[i].schema);
		agent_buf_add_char(&line, '|');
		agent_buf_add(&line, faults[i].keyword);
		agent_buf_add_char(&line, '|');
		agent_buf_add(&line, faults[i].message);
		agent_buf_add_char(&line, '\0');
		if (expected[i] == NULL || strcmp(expected[i], line.ptr) != 0) {
			fail_msg("%s: got %s", text, line.ptr);
		}
		agent_buf_clear(&line);
	}
	assert_null(expected[count]);
	agent_arena_free(arena);
	agent_json_free(value);
	agent_schema_free(schema);
}

static void faults_say_what_to_do(void **state)
{
	(void)state;
	static const struct { const char *schema, *value; const char *faults[5]; } cases[] = {
		{ "{\"type\":\"object\",\"properties\":{\"order_number\":{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}-[0-9]{5}$\"}},\"required\":[\"order_number\"],\"additionalProperties\":false}", "{\"order\":1,\"b/c\":2}",
			{ "/order_number|/required|required|is required", "/order|/additionalProperties|additionalProperties|unknown property; allowed are: order_number",
			"/b~1c|/additionalProperties|additionalProperties|unknown property; allowed are: order_number" } },
		{ "{\"properties\":{\"order_number\":{\"pattern\":\"^[A-Z]{3}-[0-9]{5}$\"}}}", "{\"order_number\":\"12\"}",
			{ "/order_number|/properties/order_number/pattern|pattern|must match the pattern ^[A-Z]{3}-[0-9]{5}$" } },
		{ "{\"type\":\"integer\"}", "1.5", { "|/type|type|must be an integer, is a number" } }, { "{\"type\":[\"string\",\"null\"]}", "{}", { "|/type|type|must be null or a string, is an object" } },
		{ "{\"type\":\"string\"}", "5", { "|/type|type|must be a string, is an integer" } },
		{ "{\"enum\":[\"a\",1]}", "2", { "|/enum|enum|must be one of \"a\", 1" } }, { "{\"const\":{\"a\":1}}", "2", { "|/const|const|must be {\"a\":1}" } },
		{ "{\"items\":{\"minimum\":1,\"multipleOf\":0.5}}", "[1,0.7,2]", { "/1|/items/minimum|minimum|must be at least 1", "/1|/items/multipleOf|multipleOf|must be a multiple of 0.5" } },
		{ "{\"maximum\":1.50,\"exclusiveMaximum\":1}", "7", { "|/maximum|maximum|must be at most 1.50", "|/exclusiveMaximum|exclusiveMaximum|must be less than 1" } },
		{ "{\"exclusiveMinimum\":7}", "7", { "|/exclusiveMinimum|exclusiveMinimum|must be more than 7" } },
		{ "{\"minLength\":1}", "\"\"", { "|/minLength|minLength|must have at least 1 character" } }, { "{\"maxLength\":2}", "\"abc\"", { "|/maxLength|maxLength|must have at most 2 characters" } },
		{ "{\"minItems\":1}", "[]", { "|/minItems|minItems|must have at least 1 item" } }, { "{\"maxItems\":0}", "[1]", { "|/maxItems|maxItems|must have at most 0 items" } }, { "{\"minProperties\":2}", "{}", { "|/minProperties|minProperties|must have at least 2 members" } },
		{ "{\"uniqueItems\":true}", "[1,2,1.0]", { "|/uniqueItems|uniqueItems|must not hold the same item twice: items 0 and 2 are equal" } },
		{ "{\"format\":\"date\"}", "\"24.11.2026\"", { "|/format|format|must be a date as YYYY-MM-DD" } }, { "{\"properties\":{\"a\":false}}", "{\"a\":1}", { "/a|/properties/a|false|is not allowed" } },
		{ "{\"additionalProperties\":false}", "{\"a\":1}", { "/a|/additionalProperties|additionalProperties|unknown property; none is allowed" } },
		{ "{\"additionalProperties\":{\"type\":\"null\"}}", "{\"a\":1}", { "/a|/additionalProperties/type|type|must be null, is an integer" } },
		{ "{\"anyOf\":[{\"required\":[\"order\"]},{\"required\":[\"email\"]}]}", "{}", { "|/anyOf|anyOf|matches none of the alternatives: 1. /order is required; 2. /email is required" } },
		{ "{\"oneOf\":[{\"type\":\"string\"},{\"minimum\":5}]}", "1", { "|/oneOf|oneOf|matches none of the alternatives: 1. must be a string, is an integer; 2. must be at least 5" } },
		{ "{\"oneOf\":[{},{\"type\":\"string\"},{\"minimum\":5}]}", "5", { "|/oneOf|oneOf|must match exactly one of the alternatives, but matches 1 and 3" } },
		{ "{\"allOf\":[{\"minimum\":5},{\"maximum\":0}]}", "1", { "|/allOf/0/minimum|minimum|must be at least 5", "|/allOf/1/maximum|maximum|must be at most 0" } },
		{ "{\"not\":{\"const\":1}}", "1", { "|/not|not|must not match {\"const\":1}" } }, { "false", "1", { "||false|is not allowed" } },
		{ "{\"prefixItems\":[true,{\"type\":\"string\"}]}", "[0,1]", { "/1|/prefixItems/1/type|type|must be a string, is an integer" } },
		{ "{\"patternProperties\":{\"^a\":{\"type\":\"null\"}},\"properties\":{\"b\":true},\"additionalProperties\":false}", "{\"a1\":1,\"c\":1}",
			{ "/a1|/patternProperties/^a/type|type|must be null, is an integer", "/c|/additionalProperties|additionalProperties|unknown property; allowed are: b, names that match ^a" } },
		{ "{\"propertyNames\":{\"maxLength\":2}}", "{\"abc\":1}",
			{ "/abc|/propertyNames/maxLength|maxLength|the member's name must have at most 2 characters" } },
		{ "{\"dependentRequired\":{\"card\":[\"address\"]}}", "{\"card\":1}",
			{ "/address|/dependentRequired|dependentRequired|is required where card is given" } },
		{ "{\"dependentSchemas\":{\"a\":{\"required\":[\"b\"]}}}", "{\"a\":1}",
			{ "/b|/dependentSchemas/a/required|required|is required" } },
		{ "{\"if\":{\"type\":\"string\"},\"then\":{\"minLength\":2}}", "\"a\"",
			{ "|/then/minLength|minLength|must have at least 2 characters" } },
		{ "{\"contains\":{\"const\":1}}", "[2]",
			{ "|/contains|contains|must have at least 1 item that matches {\"const\":1}" } },
		{ "{\"contains\":{\"const\":1},\"minContains\":2}", "[1]",
			{ "|/minContains|minContains|must have at least 2 items that match {\"const\":1}" } },
		{ "{\"contains\":{\"const\":1},\"maxContains\":1}", "[1,1]",
			{ "|/maxContains|maxContains|must have at most 1 item that matches {\"const\":1}" } },
		{ "{\"unevaluatedProperties\":false,\"allOf\":[{\"properties\":{\"a\":{\"type\":\"null\"}}}]}", "{\"a\":1,\"b\":1}",
			{ "/a|/allOf/0/properties/a/type|type|must be null, is an integer", "/b|/unevaluatedProperties|unevaluatedProperties|unknown property; no part of the schema that applies here allows it" } },
		{ "{\"unevaluatedItems\":false,\"prefixItems\":[true]}", "[1,2]",
			{ "/1|/unevaluatedItems|false|is not allowed" } },
		{ "{\"required\":[\"b\",\"a\"],\"properties\":{\"c\":{\"type\":\"null\"}}}", "{\"c\":1}",
			{ "/b|/required|required|is required", "/a|/required|required|is required", "/c|/properties/c/type|type|must be null, is an integer" } },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		check_faults(cases[i].schema, cases[i].value, cases[i].faults);
	}
}

static void faults_are_sixteen_at_most(void **state)
{
	(void)state;
	agent_error err;
	agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
	size_t count;
	agent_schema *schema = compile("{\"items\":{\"type\":\"string\"}}");
	agent_json *value = parse("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]");
	agent_arena *arena = agent_arena_new(100000);
	assert_int_equal(agent_schema_validate(schema, value, arena, faults, &count, &err), AGENT_OK);
	assert_int_equal(count, AGENT_SCHEMA_FAULTS);
	assert_true(agent_str_is(faults[15].instance, "/15"));
	assert_int_equal(faults[15].types, AGENT_TYPE_STRING);
	agent_buf out;
	agent_buf_init(&out, 100000);
	agent_schema_faults_write(faults, 1, &out);
	assert_true(agent_str_is(agent_buf_str(&out),
		"[{\"instance\":\"/0\",\"schema\":\"/items/type\",\"keyword\":\"type\",\"message\":\"must be a string, is an integer\"}]"));
	agent_buf_clear(&out);
	agent_arena_free(arena);
	agent_arena *small = agent_arena_new(40);
	assert_int_equal(agent_schema_validate(schema, value, small, faults, &count, &err), AGENT_ERR);
	assert_string_equal(err.code, "too_large");
	agent_arena_free(small);
	agent_json_free(value);
	agent_schema_free(schema);
}

static void work_is_bounded(void **state)
{
	(void)state;
	agent_error err;
	size_t count;
	agent_buf text;
	agent_buf_init(&text, 1024 * 1024);
	agent_schema *schema = compile("{\"uniqueItems\":true}");
	agent_buf_add_char(&text, '[');
	for (int i = 0; i < 60000; i++) {
		agent_buf_addf(&text, "%s{\"n\":%d}", i > 0 ? "," : "", i);
	}
	agent_buf_add_lit(&text, ",{\"n\":59999.0}]");
	agent_buf_add_char(&text, 0);
	agent_json *value = parse(text.ptr);
	assert_int_equal(agent_schema_validate(schema, value, NULL, NULL, &count, &err), AGENT_OK); /* many items, little work */
	assert_int_equal(count, 1);
	agent_schema_free(schema);
	agent_json_free(value);

	agent_buf_reset(&text); /* every item against every alternative */
	agent_buf_add_lit(&text, "{\"items\":{\"allOf\":[true");
	for (int i = 0; i < 200; i++) {
		agent_buf_add_lit(&text, ",{}");
	}
	agent_buf_add_lit(&text, "]}}");
	agent_buf_add_char(&text, '\0');
	schema = compile(text.ptr);
	agent_buf_reset(&text);
	agent_buf_add_lit(&text, "[0");
	for (int i = 0; i < 20000; i++) {
		agent_buf_add_lit(&text, ",0");
	}
	agent_buf_add_lit(&text, "]");
	agent_buf_add_char(&text, '\0');
	value = parse(text.ptr);
	assert_int_equal(agent_schema_validate(schema, value, NULL, NULL, &count, &err), AGENT_ERR);
	assert_string_equal(err.code, "schema_limit");
	agent_schema_free(schema);
	agent_json_free(value);

	schema = compile("{\"pattern\":\"^(a+)+$\"}");
	value = parse("\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"");
	assert_int_equal(agent_schema_validate(schema, value, NULL, NULL, &count, &err), AGENT_ERR);
	assert_int_equal(err.domain, AGENT_DOMAIN_LIMIT);
	assert_string_equal(err.code, "pattern_limit");
	agent_schema_free(schema);
	agent_json_free(value);
	agent_buf_clear(&text);
}

static void formats_may_be_left_alone(void **state)
{
	(void)state;
	agent_error err;
	size_t count;
	agent_schema *schema;
	agent_json *document = parse("{\"anyOf\":[{\"format\":\"date\"}],\"format\":\"phone\"}");
	agent_json *value = parse("\"x\"");
	assert_int_equal(agent_schema_compile(document, &annotated, &schema, &err), AGENT_OK);
	agent_json_free(document); /* the schema keeps it */
	assert_int_equal(agent_schema_validate(schema, value, NULL, NULL, &count, &err), AGENT_OK);
	assert_int_equal(count, 0);
	agent_schema_free(schema);
	agent_json_free(value);
}

static void patterns_are_found(void **state)
{
	(void)state;
	agent_error err;
	agent_pattern *pattern;
	bool found;
	size_t start, end;
	agent_str text = AGENT_STR("x \xC3\xA9 A1 B22");
	assert_int_equal(agent_pattern_compile(AGENT_STR("[A-Z]\\d+"), &pattern, &err), AGENT_OK);
	assert_int_equal(agent_pattern_find(pattern, text, 0, &found, &start, &end, &err), AGENT_OK);
	assert_true(found && start == 5 && end == 7);
	assert_int_equal(agent_pattern_find(pattern, text, end, &found, &start, &end, &err), AGENT_OK);
	assert_true(found && start == 8 && end == 11);
	assert_int_equal(agent_pattern_find(pattern, text, end, &found, &start, &end, &err), AGENT_OK);
	assert_false(found);
	assert_int_equal(agent_pattern_find(pattern, text, 1000, &found, &start, &end, &err), AGENT_OK);
	assert_int_equal(agent_pattern_find(pattern, AGENT_STR("A1\xFF"), 0, &found, &start, &end, &err), AGENT_ERR);
	agent_pattern_free(pattern);
	agent_pattern_free(NULL);
}

static agent_status scenario(void *state, agent_error *err)
{
	(void)state;
	static const char document_text[] = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"^\\\\w+\\\\s$\"},\"b\":{\"enum\":[1,\"x\"]},"
		"\"c\":{\"anyOf\":[{\"type\":\"null\"},{\"minimum\":5},{\"not\":{\"multipleOf\":3}}]},\"d\":{\"uniqueItems\":true,\"prefixItems\":[true]},\"e\":{\"not\":{\"const\":1}}},"
		"\"required\":[\"z\"],\"additionalProperties\":false}";
	static const char value_text[] = "{\"a\":\"-\",\"b\":2,\"c\":3,\"e\":1,\"f\":0,\"d\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,33]}";
	agent_status status = AGENT_ERR;
	agent_json *document = NULL, *value = NULL;
	agent_schema *schema = NULL;
	agent_schema_fault faults[AGENT_SCHEMA_FAULTS];
	size_t count = 0;
	agent_buf out;
	agent_buf_init(&out, 100000);
	agent_arena *arena = agent_arena_new(100000);
	if (arena == NULL) {
		agent_fail_memory(err);
		goto cleanup;
	}
	if (agent_json_parse(agent_str_cstr(document_text), AGENT_JSON_LIMITS, "schema", &document, err) != AGENT_OK
		|| agent_json_parse(agent_str_cstr(value_text), AGENT_JSON_LIMITS, "value", &value, err) != AGENT_OK
		|| agent_schema_compile(document, &strict, &schema, err) != AGENT_OK
		|| agent_schema_validate(schema, value, arena, faults, &count, err) != AGENT_OK) {
		goto cleanup;
	}
	if (count != 7) {
		agent_fail(err, AGENT_DOMAIN_INTERNAL, "count", "%zu faults, not 7", count);
		goto cleanup;
	}
	agent_schema_faults_write(faults, count, &out);
	status = agent_buf_check(&out, "the faults", err);
cleanup:
	agent_schema_free(schema);
	agent_json_free(document);
	agent_json_free(value);
	agent_arena_free(arena);
	agent_buf_clear(&out);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	torture("schema", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_judged),
		cmocka_unit_test(schemas_are_refused),
		cmocka_unit_test(faults_say_what_to_do),
		cmocka_unit_test(faults_are_sixteen_at_most),
		cmocka_unit_test(work_is_bounded),
		cmocka_unit_test(formats_may_be_left_alone),
		cmocka_unit_test(patterns_are_found),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

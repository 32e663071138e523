/* SPDX-License-Identifier: MIT
 * contract/schema_format: what each format takes and what not, beyond the official suite.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ext/contract/schema_program.h"
#include "tests/support/torture.h"

#define LABEL63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct { const char *format, *yes[7], *no[12]; } cases[] = {
	{ "date-time", { "2024-02-29T00:00:00Z", "1985-04-12t23:20:50.52z", "1996-12-19T16:39:57-08:00", "1990-12-31T23:59:60Z", "1990-12-31T15:59:60-08:00", "2017-01-01T08:59:60.5+09:00", "0000-01-01T00:00:00-00:00" },
		{ "2023-02-29T00:00:00Z", "2024-01-01 00:00:00Z", "2024-01-01T00:00:00", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00+0100", "1990-12-30T23:59:60Z", "1990-12-31T23:58:60Z", "2016-12-31T15:59:60-07:00", "2017-01-02T08:59:60+09:00", "2024-1-1T00:00:00Z", "2024-01-01T00:00:00Z " } },
	{ "date", { "2000-02-29", "0001-12-31" }, { "1900-02-29", "2024-13-01", "2024-00-10", "2024-01-00", "2024-01-32", "24-01-01", "2024-01-01Z", "", "2024/01/01", "+024-01-01" } },
	{ "time", { "23:59:60Z", "00:29:60+00:30", "12:00:00.123456789+23:59", "08:30:06z" }, { "23:59:61Z", "22:59:60Z", "12:00:00", "12:00Z", "24:00:00Z", "12:60:00Z", "12:00:00+24:00", "12:00:00+1:00", "1:00:00Z", "12:00:00,5Z" } },
	{ "duration", { "P4DT12H30M5S", "P2W", "PT0S", "P1Y2M3D", "P1MT1M", "P36D", "PT36H" }, { "P", "PT", "P1DT", "P1Y1D", "PT1H1S", "P1Y2W", "P1W2D", "1D", "P-1D", "P1.5D", "P1S", "p1d" } },
	{ "email", { "a@b", "o'neil+x@shop.example", "\"a b\\\"\"@example.com", "\"\"@x", "a@[127.0.0.1]", "a@[IPv6:::1]", "a@xn--exmple-cua.com" },
		{ "a", "@b", "a@", "a@b@c", ".a@b", "a..b@c", "a.@b", "\"\\\"@b", "a b@c", "a@[127.0.0.256]", "a@b..c", "a@[IPv6:1:2:3:4:5:6:7::]" } },
	{ "hostname", { "a", "www.example.com", "1.2.3.4", LABEL63 ".a", "xn--mnchen-3ya.de", "XN--a" }, { "", ".", "a.", ".a", "a..b", "-a", "a-", LABEL63 "a", "a_b", "ab--c", "\xC3\xA9.de", "a b" } },
	{ "ipv4", { "0.0.0.0", "255.255.255.255" }, { "256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4 ", "1.2..4", "0x7f.0.0.1", "2130706433", "1.2.3.4\n", "" } },
	{ "ipv6", { "::", "::1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::ffff:1.2.3.4", "fe80::a", "1:2:3:4:5:6:1.2.3.4" },
		{ "", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "fe80::1%eth0", "::1.2.3", "[::1]", "1:" } },
	{ "uri", { "http://a", "urn:x:y", "http://u:p@[::1]:80/p?q#f", "http://[v1.a:b]/", "a:", "file:///x%20y", "http://a:/" },
		{ "", "/a", "a", "//a", "http://a b", "http://[::1", "http://a:b/", "1a:b", "http://a/%2", "http://a/[", "http://\xC3\xA9/", "a:#b#c" } },
	{ "uri-reference", { "", "/a", "a/b:c", "//a:80/b", "?q", "#f", "http://a" }, { "a b", "1:b", "#a#b", "//a:x", "\\a", "%zz", "[", "a^", "{x}", ":a" } },
	{ "uuid", { "2EB8AA08-aa98-11ea-b4aa-73b441d16380", "ffffffff-ffff-ffff-ffff-ffffffffffff" }, { "2eb8aa08-aa98-11ea-b4aa-73b441d1638", "2eb8aa08aa9811eab4aa73b441d16380", "{2eb8aa08-aa98-11ea-b4aa-73b441d16380}", "2eb8aa08-aa98-11ea-b4aa-73b441d16380 ", "" } },
	{ "regex", { "", "^a$", "(?<n>a)\\k<n>", "\\p{Lu}" }, { "(", "\\A", "a**", "[z-a]", "(?i)a", "\\a" } },
	{ "json-pointer", { "", "/", "/a~1b/~0/0", "//", "/\xC3\xA9 %" }, { "a", "#/a", "/~", "/~2", "/a~", " /" } },
};

static bool take(const agent_format *format, agent_str text)
{
	agent_error err;
	bool fine;
	if (format->judge == NULL) {
		return format->check(text);
	}
	assert_int_equal(format->judge(text, &fine, &err), AGENT_OK);
	return fine;
}

static void formats_take_what_their_documents_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const agent_format *format = agent_format_find(agent_str_cstr(cases[i].format));
		assert_non_null(format);
		for (size_t k = 0; k < 7 && cases[i].yes[k] != NULL; k++) {
			if (!take(format, agent_str_cstr(cases[i].yes[k]))) {
				fail_msg("%s: %s is refused", cases[i].format, cases[i].yes[k]);
			}
		}
		for (size_t k = 0; k < 12 && cases[i].no[k] != NULL; k++) {
			if (take(format, agent_str_cstr(cases[i].no[k]))) {
				fail_msg("%s: %s is taken", cases[i].format, cases[i].no[k]);
			}
		}
		/* no character but a regular expression's and a pointer's may be U+0000 */
		if (format->judge == NULL && strcmp(format->name, "json-pointer") != 0) {
			assert_false(take(format, (agent_str){ "a\0b", 3 }));
		}
	}
}

static void every_format_has_cases(void **state)
{
	(void)state;
	agent_buf names;
	size_t count = 1;
	agent_buf_init(&names, 200);
	agent_format_names(&names);
	for (size_t i = 0; i < names.len; i++) {
		count += names.ptr[i] == ',';
	}
	assert_int_equal(count, sizeof cases / sizeof *cases);
	agent_buf_clear(&names);
	assert_null(agent_format_find(AGENT_STR("idn-email")));
	assert_null(agent_format_find(AGENT_STR("")));
}

static agent_status scenario(void *state, agent_error *err)
{
	(void)state;
	bool fine;
	const agent_format *format = agent_format_find(AGENT_STR("regex"));
	if (format->judge(AGENT_STR("^[a-z]+$"), &fine, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	return fine ? AGENT_OK : agent_fail(err, AGENT_DOMAIN_INTERNAL, "test", "is refused");
}

static void want_of_memory_makes_no_text_wrong(void **state)
{
	(void)state;
	torture("format regex", scenario, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_take_what_their_documents_say), cmocka_unit_test(every_format_has_cases),
		cmocka_unit_test(want_of_memory_makes_no_text_wrong),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT
 * contract/pattern: ECMA-262's unicode mode, what is refused, and how long anything may take.
 * What texts match was compared with V8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <pthread.h>

#include "ext/contract/pattern.h"
#include "tests/support/torture.h"

static agent_pattern *compile(const char *source)
{
	agent_error err;
	agent_pattern *pattern;
	if (agent_pattern_compile(agent_str_cstr(source), &pattern, &err) != AGENT_OK) {
		fail_msg("%s: %s", source, err.message);
	}
	return pattern;
}

/* 1: found, 0: not, -1: the limit. */
static int search(const agent_pattern *pattern, agent_str text)
{
	agent_error err = { 0 };
	bool found;
	size_t start, end;
	if (agent_pattern_find(pattern, text, 0, &found, &start, &end, &err) != AGENT_OK) {
		assert_int_equal(err.domain, AGENT_DOMAIN_LIMIT);
		assert_string_equal(err.code, "pattern_limit");
		return -1;
	}
	assert_true(start <= end && end <= text.len);
	return found;
}

static const struct { const char *source, *matches[3], *others[3]; } meanings[] = {
	{ "^\\d+$", { "12" }, { "\xD9\xA1", "12\n" } }, { "^\\w$", { "a", "_" }, { "\xC3\xA9", "\xC5\xBF" } }, { "^\\W$", { "\xC3\xA9" }, { "a" } },
	{ "\\bx", { "\xC3\xA9x" }, { "ax" } }, { "^a$", { "a" }, { "a\n", "b\na" } }, { "^.$", { "\xC3\xA9", "\xF0\x9F\x98\x80", "\xC2\x85" }, { "\n", "\r", "\xE2\x80\xA8" } },
	{ "^\\s$", { " ", "\xC2\xA0", "\xEF\xBB\xBF" }, { "\xE2\x80\x8B", "\xC2\x85" } }, { "^\\S$", { "x", "\xC2\x85" }, { "\xE3\x80\x80" } }, { "^[^\\s]$", { "x" }, { "\xE2\x80\x83" } },
	{ "^[\\S\\n]$", { "\n", "x" }, { "\t" } }, { "^[^\\W\\p{Nd}]$", { "a" }, { "\xF0\x9F\x98\x80", "7" } }, { "^[^\\D\\p{L}]$", { "7" }, { "\xC3\xA9", "\xF0\x9F\x98\x80" } },
	{ "^\\u00e9\\x41\\u{1F600}$", { "\xC3\xA9" "A\xF0\x9F\x98\x80" }, { "e" } }, { "^\\uD83D\\uDE00+$", { "\xF0\x9F\x98\x80\xF0\x9F\x98\x80" }, { "x" } },
	{ "^[\\uD83D\\uDE00-\\uD83D\\uDE02]$", { "\xF0\x9F\x98\x81" }, { "\xF0\x9F\x98\x83" } }, { "^\\u{000061}$", { "a" }, { "b" } }, { "^\\cJ\\cj\\t\\v\\f\\r\\0?$", { "\n\n\t\v\f\r" }, { "x" } },
	{ "^\\p{Lu}\\P{Lu}$", { "\xC3\x89x" }, { "xx" } }, { "^\\p{Letter}+$", { "\xC3\xA9" }, { "1" } }, { "^\\p{General_Category=Uppercase_Letter}\\p{gc=Nd}$", { "A1" }, { "a1" } },
	{ "^\\p{Script=Greek}\\p{sc=Latn}\\p{scx=Cyrl}$", { "\xCE\xB1z\xD0\xB6" }, { "zzz" } }, { "^\\p{Alphabetic}\\p{ASCII}\\p{Any}\\p{Assigned}$", { "\xC3\xA9" "a\n1" }, { "1aaa" } },
	{ "^\\P{Assigned}$", { "\xCD\xB8" }, { "a" } }, { "^[\\p{LC}\\p{Emoji_Presentation}]$", { "a", "\xF0\x9F\x98\x80" }, { "1" } },
	{ "^(a)\\1$", { "aa" }, { "ab" } }, { "^(?<x1>a|b)\\k<x1>$", { "bb" }, { "ba" } }, { "^\\1(a)$", { "a" }, { "aa" } }, { "(?<=\\$)\\d(?!\\d)(?<!7)", { "$1" }, { "1", "$12", "$7" } },
	{ "^(?:a|b)+?c{2}d{1,}e{0,2}?$", { "abccd", "accddee" }, { "acd" } }, { "^[^]$", { "\n" }, { "" } }, { "a[]", { NULL }, { "a", "a]" } }, { "^x[]*$", { "x" }, { "x]" } },
	{ "^[[:alpha:]]$", { "a]", ":]" }, { "b" } }, { "^[a-c-e]$", { "-", "b", "e" }, { "d" } }, { "^[\\w-.]+@$", { "a-b.c@" }, { "a,@" } }, { "^[\\w-]$", { "-" }, { "." } }, { "^[+--]$", { "," }, { "/" } },
	{ "^[\\s-x]+$", { " -x" }, { "y" } }, { "^\\-\\@\\/\\\"\\ \\_$", { "-@/\" _" }, { "" } }, { "^]}$", { "]}" }, { "" } }, { "^[\\b\\-\\]]$", { "\b", "]" }, { "b" } }, { "", { "", "a" }, { NULL } },
	{ "^[^\\n-\\r]\xC3\xA9?$", { "a", "x\xC3\xA9" }, { "\v" } }, { "\\$\\^\\{\\|", { "$^{|" }, { "" } },
};

static void patterns_mean_what_ecmascript_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
		agent_pattern *pattern = compile(meanings[i].source);
		for (size_t k = 0; k < 3; k++) {
			const char *yes = meanings[i].matches[k], *no = meanings[i].others[k];
			if (yes != NULL && yes[0] != '\0' && search(pattern, agent_str_cstr(yes)) != 1) {
				fail_msg("%s does not match %s", meanings[i].source, yes);
			}
			if (no != NULL && no[0] != '\0' && search(pattern, agent_str_cstr(no)) != 0) {
				fail_msg("%s matches %s", meanings[i].source, no);
			}
		}
		/* the same in a text that is matched by the counted program */
		char filler[200];
		memset(filler, '~', sizeof filler);
		(void)search(pattern, (agent_str){ filler, sizeof filler });
		agent_pattern_free(pattern);
	}
}

static void what_ecmascript_does_not_know_is_refused(void **state)
{
	(void)state;
	static const char *const sources[] = {
		"(?i)a", "(?i:a)", "(?>a)", "(?|a|b)", "(?#a)", "(?P<n>a)", "(?R)", "(?1)", "(?&n)", "(?(1)a)", "(?'n'a)", "(?<1>a)", "(?<n>a)(?<n>b)", "(*FAIL)", "(*UTF)a", "(*LIMIT_MATCH=9)a",
		"a++", "a*+", "a?+", "a{2}+", "a**", "a{2}{3}", "*a", "(*a)", "a|*", "^*", "$+", "\\b+", "(?=a)*", "(?<=a)+", "a{2,1}", "a{70000}", "a{", "a{,5}", "{5}",
		"\\A", "\\z", "\\Z", "\\a", "\\e", "\\h", "\\H", "\\R", "\\X", "\\N", "\\K", "\\G", "\\C", "\\Q.\\E", "\\V", "\\o{101}", "\\g1", "\\x4", "\\x{41}", "\\u12", "\\u{110000}", "\\u{}", "\\uD83D", "\\uDE00",
		"\\c1", "\\c", "\\8", "\\2(a)", "\\01", "\\k", "\\k<n>", "\\\xC3\xA9", "\\", "a\\", "\\p", "\\pL", "\\p{}", "\\p{lu}", "\\p{Greek}", "\\p{Xan}", "\\p{L&}", "\\p{^Lu}", "\\p{Script=}", "\\p{Script=Nope}",
		"\\p{gc=Script}", "\\p{Line_Break=AL}", "\\p{L", "[\\B]", "[\\1]", "[\\k<n>]", "[a-\\d]", "[b-a]", "[", "[a", "[\\", "(", ")", "(a", "(?", "(?<", "(?<n", "(?<a-b>c)", "(?<=a*)b",
	};
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		agent_error err;
		agent_pattern *pattern;
		if (agent_pattern_compile(agent_str_cstr(sources[i]), &pattern, &err) == AGENT_OK) {
			fail_msg("%s is taken", sources[i]);
		}
		assert_null(pattern);
		assert_int_equal(err.domain, AGENT_DOMAIN_SCHEMA);
		assert_string_equal(err.code, "pattern");
	}
}

/* Writes `head`, then `body` as often as told, then `tail`. */
static agent_str repeated(agent_buf *out, const char *head, const char *body, size_t times, const char *tail)
{
	agent_buf_reset(out);
	agent_buf_add(out, agent_str_cstr(head));
	for (size_t i = 0; i < times; i++) {
		agent_buf_add(out, agent_str_cstr(body));
	}
	agent_buf_add(out, agent_str_cstr(tail));
	return agent_buf_str(out);
}

static void what_would_compile_to_too_much_is_refused(void **state)
{
	(void)state;
	agent_buf source;
	agent_error err;
	agent_pattern *pattern;
	agent_buf_init(&source, 1000000);
	static const char *const refused[] = { "(a{1000}){1000}", "((a{100}){100}){100}", "(?:a{0,1000}b){0,1000}", "((((((((a{9}){9}){9}){9}){9}){9}){9}){9})", "a{20000}", "(abcdefgh){5000}" };
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		assert_int_equal(agent_pattern_compile(agent_str_cstr(refused[i]), &pattern, &err), AGENT_ERR);
		assert_string_equal(err.code, "pattern");
	}
	assert_int_equal(agent_pattern_compile(repeated(&source, "", "(", 51, "a"), &pattern, &err), AGENT_ERR);
	assert_int_equal(agent_pattern_compile(repeated(&source, "", "a", 4097, ""), &pattern, &err), AGENT_ERR);
	assert_int_equal(agent_pattern_compile(repeated(&source, "", "[\\s\\p{L}]", 450, ""), &pattern, &err), AGENT_ERR);
	static const char *const taken[] = { "^.{0,65535}$", "^(\\d{3}){4}$", "^(?:[A-Za-z0-9+/]{4}){0,200}$", "^.{1,5000}$", "((a{10}){10}){10}" };
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
		pattern = compile(taken[i]);
		assert_true(agent_pattern_size(pattern) > 0 && agent_pattern_size(pattern) < 70000);
		agent_pattern_free(pattern);
	}
	agent_buf_clear(&source);
}

/* Each would take seconds to ages without a limit; in a test of seconds, what ends has been stopped. */
static void catastrophic_patterns_end(void **state)
{
	(void)state;
	static const struct { const char *source, *body; size_t times; const char *tail; } cases[] = {
		{ "^(a+)+$", "a", 40, "b" }, { "^(a+)+$", "a", 3000, "b" }, { "^(a|a)*$", "a", 60, "b" }, { "^(?:a|b|ab)*[xz]$", "ab", 32, "" }, { "[ab]*[cd]", "a", 1000000, "" }, { "(?:a|b)*[cd]", "a", 200000, "" },
		{ "[ab]{10000}[cd]", "a", 1000000, "" }, { "(a*)\\1[xz]", "a", 100000, "" }, { ".*[xy]", "a", 100000, "" }, { "(?=(a+))a*\\1[yz]", "a", 100000, "" }, { "^(.*?,){11}[PQ]", "1,", 100, "" },
		{ "(?:.(?=.*[cd]))*[de]$", "a", 10000, "" }, { "(?<=a)[ab]*[cd]", "a", 1000000, "" },
	};
	agent_buf text;
	agent_buf_init(&text, 4000000);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_pattern *pattern = compile(cases[i].source);
		if (search(pattern, repeated(&text, "", cases[i].body, cases[i].times, cases[i].tail)) != -1) {
			fail_msg("%s was not stopped", cases[i].source);
		}
		agent_pattern_free(pattern);
	}
	agent_buf_clear(&text);
}

static void long_texts_are_no_reason_to_stop(void **state)
{
	(void)state;
	static const struct { const char *source, *body; size_t times; int found; } cases[] = {
		{ "^[\\x20-\\x7e]*$", "a", 1000000, 1 }, { "[^a]", "a", 1000000, 0 }, { "\\d{4}-\\d{2}", "a1b2 ", 200000, 0 }, { "^(?:[a-z]+ ?)*$", "abc ", 20000, 1 },
		{ "^(?:[A-Za-z0-9+/]{4})*$", "aBcD", 25000, 1 }, { "^[^\\s@]+@[^\\s@]+$", "a", 1000000, 0 }, { "\\p{Script=Greek}", "\xC3\xA9", 500000, 0 },
	};
	agent_buf text;
	agent_buf_init(&text, 4000000);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_pattern *pattern = compile(cases[i].source);
		assert_int_equal(search(pattern, repeated(&text, "", cases[i].body, cases[i].times, "")), cases[i].found);
		agent_pattern_free(pattern);
	}
	agent_buf_clear(&text);
}

static void work_is_taken_from_what_there_is(void **state)
{
	(void)state;
	agent_error err;
	bool found;
	long work = 1000000;
	agent_pattern *pattern = compile("^(a+)+$");
	agent_buf text;
	agent_buf_init(&text, 100000);
	assert_int_equal(agent_pattern_test(pattern, AGENT_STR("aaa"), &work, &found, &err), AGENT_OK);
	assert_true(found && work <= 999990 && work > 999000);
	assert_int_equal(agent_pattern_test(pattern, repeated(&text, "", "a", 16, "b"), &work, &found, &err), AGENT_OK);
	assert_false(found);
	assert_true(work > 900000);
	work = 100;
	assert_int_equal(agent_pattern_test(pattern, repeated(&text, "", "a", 16, "b"), &work, &found, &err), AGENT_ERR);
	assert_string_equal(err.code, "pattern_limit");
	assert_true(work <= 0);
	agent_pattern_free(pattern);
	agent_buf_clear(&text);
}

static void searches_go_on_from_a_place(void **state)
{
	(void)state;
	agent_error err;
	bool found;
	size_t start, end;
	agent_str text = AGENT_STR("xA1 B22");
	agent_pattern *pattern = compile("[A-Z]\\d+");
	assert_int_equal(agent_pattern_find(pattern, text, 0, &found, &start, &end, &err), AGENT_OK);
	assert_true(found && start == 1 && end == 3);
	assert_int_equal(agent_pattern_find(pattern, text, end, &found, &start, &end, &err), AGENT_OK);
	assert_true(found && start == 4 && end == 7);
	assert_int_equal(agent_pattern_find(pattern, text, 8, &found, &start, &end, &err), AGENT_OK);
	assert_false(found);
	assert_int_equal(agent_pattern_find(pattern, AGENT_STR("A1\xFF"), 0, &found, &start, &end, &err), AGENT_ERR);
	assert_string_equal(err.code, "pattern_text");
	agent_pattern_free(pattern);
}

#define THREADS 4

typedef struct worker {
	const agent_pattern *pattern;
	char letter;
	size_t wrong;
} worker;

static void *search_often(void *state)
{
	worker *w = state;
	char text[100];
	memset(text, w->letter, sizeof text);
	for (int i = 0; i < 2000; i++) {
		size_t len = i % 2 == 0 ? 40 : sizeof text; /* either program */
		agent_error err;
		bool found;
		size_t start, end;
		text[len - 1] = i % 3 == 0 ? '!' : w->letter;
		w->wrong += agent_pattern_find(w->pattern, (agent_str){ text, len }, 0, &found, &start, &end, &err) != AGENT_OK
			|| found != (i % 3 != 0) || (found && end != len);
		text[len - 1] = w->letter;
	}
	return NULL;
}

static void threads_share_a_pattern(void **state)
{
	(void)state;
	pthread_t threads[THREADS];
	worker workers[THREADS];
	agent_pattern *pattern = compile("^(?<x>.)\\k<x>+$");
	for (int i = 0; i < THREADS; i++) {
		workers[i] = (worker){ pattern, (char)('a' + i), 0 };
		assert_int_equal(pthread_create(&threads[i], NULL, search_often, &workers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(workers[i].wrong, 0);
	}
	agent_pattern_free(pattern);
}

static uint32_t random_below(uint32_t below)
{
	static uint64_t seed = 88172645463325252u;
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)((seed >> 32) % below);
}

/* A pattern of one to five items, most of them simple. */
static void random_pattern(agent_buf *out)
{
	static const char *const items[] = { "a", "b", "-", "\\d", "\\w", "\\.", "[a-c]", "[0-9b]", "[\\d.]", "[-a]", "[a-]", "[^a]", "[\\w-]", "[a\\-]", ".", "\\s", "(a)", "1", " ", "[[a]" };
	static const char *const counts[] = { "", "", "", "", "+", "*", "?", "{2}", "{0,2}", "{1,}", "{1,3}", "{0}", "+?", "{2}?" };
	agent_buf_reset(out);
	agent_buf_add_lit(out, "^");
	for (uint32_t i = random_below(5) + 1; i > 0; i--) {
		agent_buf_add(out, agent_str_cstr(items[random_below(sizeof items / sizeof *items)]));
		agent_buf_add(out, agent_str_cstr(counts[random_below(sizeof counts / sizeof *counts)]));
	}
	agent_buf_add(out, random_below(20) > 0 ? AGENT_STR("$") : AGENT_STR("\\$"));
}

static void simple_patterns_judge_as_pcre2_does(void **state)
{
	(void)state;
	static const char letters[] = "aabbc-1209. _[$x\n";
	agent_error err;
	agent_buf source;
	agent_buf_init(&source, 1000);
	for (int i = 0; i < 4000; i++) {
		random_pattern(&source);
		agent_buf_add_char(&source, '\0');
		agent_pattern *pattern = compile(source.ptr);
		for (int k = 0; k < 30; k++) {
			char text[8];
			size_t len = random_below(7);
			long work = 1000000;
			bool found;
			for (size_t c = 0; c < len; c++) {
				text[c] = letters[random_below(sizeof letters - 1)];
			}
			assert_int_equal(agent_pattern_test(pattern, (agent_str){ text, len }, &work, &found, &err), AGENT_OK);
			if (found != (search(pattern, (agent_str){ text, len }) == 1)) {
				fail_msg("%s and %.*s: %d", source.ptr, (int)len, text, found);
			}
		}
		agent_pattern_free(pattern);
	}
	agent_buf_clear(&source);
}

static agent_status scenario(void *state, agent_error *err)
{
	agent_pattern *pattern;
	agent_buf *text = state;
	bool found;
	size_t start, end;
	agent_status status = agent_pattern_compile(AGENT_STR("^(?:(?<word>[a-z\\s]+) ?)*\\k<word>?$"), &pattern, err);
	if (status == AGENT_OK) {
		status = agent_pattern_find(pattern, agent_buf_str(text), 0, &found, &start, &end, err);
		if (status == AGENT_OK && !found) {
			status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "test", "is not found");
		}
	}
	agent_pattern_free(pattern);
	if (status == AGENT_OK) {
		status = agent_pattern_compile(AGENT_STR("^[A-Z]{3}-\\d{5}$"), &pattern, err);
		agent_pattern_free(pattern);
	}
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	agent_buf text;
	agent_buf_init(&text, 100000);
	(void)repeated(&text, "", "abc1 ", 1, "");
	agent_buf_reset(&text);
	(void)repeated(&text, "", "ab ", 2000, "");
	torture("a pattern", scenario, &text);
	agent_buf_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_mean_what_ecmascript_says), cmocka_unit_test(what_ecmascript_does_not_know_is_refused),
		cmocka_unit_test(what_would_compile_to_too_much_is_refused), cmocka_unit_test(catastrophic_patterns_end),
		cmocka_unit_test(long_texts_are_no_reason_to_stop), cmocka_unit_test(work_is_taken_from_what_there_is),
		cmocka_unit_test(searches_go_on_from_a_place), cmocka_unit_test(simple_patterns_judge_as_pcre2_does), cmocka_unit_test(threads_share_a_pattern), cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

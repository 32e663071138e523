/* SPDX-License-Identifier: MIT
 * memory/chunk.h: Markdown to plain passages of the right size.
 */
#include "tests/unit/memory_support.h"

#include "ext/memory/chunk.h"
#include "ext/memory/markdown.h"
#include "ext/text/utf8.h"

static void inline_marks_go_and_words_stay(void **state)
{
	(void)state;
	static const struct { const char *from, *to; } cases[] = {
		{ "**see** [here](/x) and *there*", "see here and there" },
		{ "a `code * span` b", "a code * span b" },
		{ "``a ` b``", "a ` b" },
		{ "3 * 4 = 12, 5*3 = 15", "3 * 4 = 12, 5*3 = 15" },
		{ "snake_case _word_ __strong__ ____", "snake_case word strong ____" },
		{ "![logo](/l.png) [a][ref] [x]", "logo a [x]" },
		{ "[**bold** link](https://a.example/b_(c)_d)", "bold link" },
		{ "<https://a.example/x_y_z> <mailto:a@b.example> a<br>b <b>c</b>",
		"https://a.example/x_y_z a@b.example a\nb <b>c</b>" },
		{ "https://a.example/_x_/y* end", "https://a.example/_x_/y end" },
		{ "see **https://a.example/b**.", "see https://a.example/b**." },
		{ "\\*not emphasis\\* \\[x\\] C:\\dir", "*not emphasis* [x] C:\\dir" },
		{ "~~old~~ ~5 days &amp; &lt;3 &nbsp;x &unknown;", "old ~5 days & <3 x &unknown;" },
		{ "a  \t  b", "a b" },
		{ "[open [[[ never closed (", "[open [[[ never closed (" },
		{ "\xc3\xa9*\xc3\xa9*\xc3\xa9", "\xc3\xa9\xc3\xa9\xc3\xa9" },
		{ "#10023 costs $5", "#10023 costs $5" },
	};
	agent_buf out;
	agent_buf_init(&out, 10000);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		agent_buf_reset(&out);
		agent_markdown_plain(agent_str_cstr(cases[i].from), &out);
		if (!agent_str_is(agent_buf_str(&out), cases[i].to)) {
			fail_msg("%s gives %.*s", cases[i].from, AGENT_STR_ARG(agent_buf_str(&out)));
		}
	}
	agent_buf_clear(&out);
}

static agent_chunk *split(const char *text, agent_arena *arena, size_t *count)
{
	agent_chunk *chunks = NULL;
	assert_ok(agent_chunk_split(agent_str_cstr(text), arena, &chunks, count, err));
	return chunks;
}

static void expect(agent_str is, const char *want)
{
	if (!agent_str_is(is, want)) {
		fail_msg("\"%.*s\" instead of \"%s\"", AGENT_STR_ARG(is), want);
	}
}

static void headings_begin_chunks_and_give_context(void **state)
{
	(void)state;
	size_t count = 0;
	agent_arena *arena = agent_arena_new(1000000);
	agent_chunk *c =
		split("Intro line.\n\n# Shipping #\n\nWe ship daily.\n\n## Abroad\n- **EU**: 5 days\n- US:\n  9"
		" days\n1. First\n2) Second\n\n"
		"Returns\n=======\nWithin 30 days.\n\nOf delivery\n---\n> Quoted *text*\n> goes on.\n\n"
		"| Zone | Price |\n|------|:-----:|\n| EU | 5 |\n\n---\n### Empty\n\n```\nx = **y**\n```\n[a]:"
		" https://x.example\n", arena, &count);
	assert_int_equal(count, 6);
	expect(c[0].heading, "");
	expect(c[0].text, "Intro line.");
	expect(c[1].heading, "Shipping");
	expect(c[1].text, "We ship daily.");
	expect(c[2].heading, "Shipping \xe2\x80\x93 Abroad");
	expect(c[2].text, "EU: 5 days\nUS:\n9 days\n1. First\n2) Second");
	expect(c[3].heading, "Returns");
	expect(c[4].heading, "Returns \xe2\x80\x93 Of delivery");
	expect(c[4].text, "Quoted text goes on.\nZone | Price\nEU | 5");
	expect(c[5].heading, "Returns \xe2\x80\x93 Of delivery \xe2\x80\x93 Empty");
	expect(c[5].text, "x = **y**");
	agent_arena_free(arena);
}

static void a_heading_without_text_is_kept(void **state)
{
	(void)state;
	size_t count = 0;
	agent_arena *arena = agent_arena_new(1000000);
	agent_chunk *c = split("# Top\n## We are closed on Sundays\n## Phone\n555", arena, &count);
	assert_int_equal(count, 2);
	expect(c[0].text, "We are closed on Sundays");
	expect(c[1].text, "555");
	c = split("# Only", arena, &count);
	assert_int_equal(count, 1);
	expect(c[0].text, "Only");
	split("", arena, &count);
	assert_int_equal(count, 0);
	split("\n \r\n\t\n---\n", arena, &count);
	assert_int_equal(count, 0);
	agent_arena_free(arena);
}

static void wrapped_lines_are_joined_and_short_ones_kept(void **state)
{
	(void)state;
	size_t count = 0;
	agent_arena *arena = agent_arena_new(1000000);
	agent_chunk *c =
		split("This is a long line that an editor wrapped at its margin, so the\nNext one belongs to the"
		" same sentence.\r\n\r\n"
		"Mon 9-17\r\nTue 9-17\nand so on", arena, &count);
	assert_int_equal(count, 1);
	expect(c[0].text,
		"This is a long line that an editor wrapped at its margin, so the Next one belongs to the same"
		" sentence.\n\n"
		"Mon 9-17\nTue 9-17 and so on");
	agent_arena_free(arena);
}

static void long_texts_are_cut_at_sentences(void **state)
{
	(void)state;
	size_t count = 0;
	agent_buf text;
	agent_arena *arena = agent_arena_new(10000000);
	agent_buf_init(&text, 1000000);
	for (int i = 0; i < 300; i++) {
		agent_buf_addf(&text, "Sentence number %d says that a parcel takes about %d days. ", i, i % 9);
		if (i % 40 == 39) {
			agent_buf_add_lit(&text, "\n\n");
		}
	}
	agent_buf_add_lit(&text, "The end.");
	agent_buf_add_char(&text, '\0');
	agent_chunk *c = split(text.ptr, arena, &count);
	assert_true(count >= 15 && count <= 30);
	size_t total = 0;
	for (size_t i = 0; i < count; i++) {
		assert_true(c[i].text.len <= 1200 && c[i].text.len >= 200);
		assert_int_equal(c[i].text.ptr[c[i].text.len - 1], '.');
		assert_true(agent_str_starts(c[i].text, AGENT_STR("Sentence")));
		total += c[i].text.len;
	}
	assert_true(total > text.len - 3 * count - 30 && total <= text.len); /* nothing lost, nothing twice */
	agent_buf_clear(&text);
	agent_arena_free(arena);
}

static void text_without_sentences_is_cut_between_characters(void **state)
{
	(void)state;
	size_t count = 0;
	agent_buf text;
	agent_arena *arena = agent_arena_new(20000000);
	agent_buf_init(&text, 1000000);
	for (int i = 0; i < 5000; i++) {
		agent_buf_add_lit(&text, "\xe6\x97\xa5");
	}
	agent_buf_add_char(&text, '\0');
	agent_chunk *c = split(text.ptr, arena, &count);
	size_t total = 0;
	for (size_t i = 0; i < count; i++) {
		assert_true(c[i].text.len <= 1200 && agent_utf8_valid(c[i].text));
		total += c[i].text.len;
	}
	assert_true(total >= 15000 && total <= 15000 + count);
	agent_buf_clear(&text);
	agent_arena_free(arena);
}

static void too_many_chunks_are_an_error(void **state)
{
	(void)state;
	agent_buf text;
	agent_chunk *chunks = NULL;
	size_t count = 0;
	agent_buf_init(&text, 1000000);
	agent_arena *arena = agent_arena_new(20000000);
	for (int i = 0; i < 2001; i++) {
		agent_buf_addf(&text, "# H%d\ntext\n", i);
	}
	assert_fails(agent_chunk_split(agent_buf_str(&text), arena, &chunks, &count, err), "too_large");
	agent_buf_clear(&text);
	agent_arena_free(arena);
}

/* Marks thrown together at random: every byte of input is either kept, or a mark; sizes and UTF-8 hold. */
static void any_text_can_be_split(void **state)
{
	(void)state;
	static const char *const bits[] = { "# ", "## ", "- ", "1. ", "* ", "**", "_", "`", "```\n", "\n", "\n\n",
		"[", "](", ")", "![", "<", ">",
		"&amp;", "|", "---", "===", "word ", "A sentence. ", "\xc3\xa9", "\xe2\x80\x9c", "\\",
		"https://a.example/x ", "~~", "\t", "12.5 ", "\r\n" };
	uint32_t seed = 1;
	for (int round = 0; round < 3000; round++) {
		agent_buf text;
		agent_chunk *chunks = NULL;
		size_t count = 0;
		agent_buf_init(&text, 100000);
		int length = round % 10 == 0 ? 2000 : 60;
		for (int i = 0; i < length; i++) {
			seed = seed * 1664525u + 1013904223u;
			agent_buf_add(&text, agent_str_cstr(bits[(seed >> 16) % (sizeof bits / sizeof *bits)]));
		}
		agent_arena *arena = agent_arena_new(4000000);
		assert_ok(agent_chunk_split(agent_buf_str(&text), arena, &chunks, &count, err));
		for (size_t i = 0; i < count; i++) {
			assert_true(chunks[i].text.len > 0 && chunks[i].text.len <= 1200);
			assert_true(agent_utf8_valid(chunks[i].text) && agent_utf8_valid(chunks[i].heading));
		}
		agent_arena_free(arena);
		agent_buf_clear(&text);
	}
}

/* Open brackets and ticks by the ten thousand must not take quadratic time. */
static void hostile_marks_take_little_time(void **state)
{
	(void)state;
	static const char *const bits[] = { "[", "![", "`", "<", "[[](", "*", "&", "[a](", "h", "- ", "> ", "|" };
	for (size_t k = 0; k < sizeof bits / sizeof *bits; k++) {
		agent_buf text;
		agent_chunk *chunks = NULL;
		size_t count = 0;
		agent_error err;
		agent_buf_init(&text, 300000);
		for (int i = 0; i < 50000; i++) {
			agent_buf_add(&text, agent_str_cstr(bits[k]));
		}
		agent_arena *arena = agent_arena_new(20000000);
		int64_t begin = support_now(NULL);
		(void)agent_chunk_split(agent_buf_str(&text), arena, &chunks, &count, &err);
		int64_t took = support_now(NULL) - begin;
		if (took > 3000) {
			fail_msg("%s: %lld ms", bits[k], (long long)took);
		}
		agent_arena_free(arena);
		agent_buf_clear(&text);
	}
}

static agent_status scenario(void *state, agent_error *err)
{
	agent_chunk *chunks = NULL;
	size_t count = 0;
	agent_arena *arena = agent_arena_new(1000000);
	if (arena == NULL) {
		return agent_fail_memory(err);
	}
	agent_status status = agent_chunk_split(agent_str_cstr(state), arena, &chunks, &count, err);
	if (status == AGENT_OK && count != 40) {
		status = agent_fail(err, AGENT_DOMAIN_INTERNAL, "count", "%zu chunks", count);
	}
	agent_arena_free(arena);
	return status;
}

static void allocations_may_fail(void **state)
{
	(void)state;
	agent_buf text;
	agent_buf_init(&text, 100000);
	for (int i = 0; i < 40; i++) {
		agent_buf_addf(&text, "## Heading %d\n\nA **paragraph** with [a link](/x).\n- item\n- item\n\n", i);
	}
	agent_buf_add_char(&text, '\0');
	torture("chunk", scenario, text.ptr);
	agent_buf_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inline_marks_go_and_words_stay),
		cmocka_unit_test(headings_begin_chunks_and_give_context),
		cmocka_unit_test(a_heading_without_text_is_kept),
		cmocka_unit_test(wrapped_lines_are_joined_and_short_ones_kept),
		cmocka_unit_test(long_texts_are_cut_at_sentences),
		cmocka_unit_test(text_without_sentences_is_cut_between_characters),
		cmocka_unit_test(too_many_chunks_are_an_error),
		cmocka_unit_test(any_text_can_be_split),
		cmocka_unit_test(hostile_marks_take_little_time),
		cmocka_unit_test(allocations_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

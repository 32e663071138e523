/* SPDX-License-Identifier: MIT
 * Markdown inside a line: emphasis, code, links, escapes.
 * Lines and blocks are markdown.c's. */
#include "ext/memory/markdown.h"

#define LABEL_MAX 1000 /* bytes looked ahead, so that open brackets cost no more than that */
#define TARGET_MAX 2000
#define NESTING 4

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Letters of other scripts come as bytes above ASCII. */
static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool is_punctuation(char c)
{
	return c > ' ' && c < 0x7f && !is_word(c);
}

/* The byte at i, a blank outside of the text. */
static char at(agent_str text, size_t i)
{
	return i < text.len ? text.ptr[i] : ' ';
}

static char before(agent_str text, size_t i)
{
	return i > 0 ? text.ptr[i - 1] : ' ';
}

static void add_blank(agent_buf *out)
{
	if (out->len > 0 && !is_blank(out->ptr[out->len - 1])) {
		agent_buf_add_char(out, ' ');
	}
}

/* The offset of the bracket that closes the one at `open`, or 0. */
static size_t closing(agent_str text, size_t open, char left, char right, size_t max)
{
	size_t end = text.len - open > max ? open + max : text.len;
	int depth = 0;
	for (size_t i = open; i < end; i++) {
		char c = text.ptr[i];
		if (c == '\\') {
			i++;
		} else if (c == left) {
			depth++;
		} else if (c == right && --depth == 0) {
			return i;
		}
	}
	return 0;
}

static void plain(agent_str text, agent_buf *out, int nesting);

/* [label](target) and [label][name]: the label stays. Gives the offset behind it, or 0 if it is no link. */
static size_t link_at(agent_str text, size_t i, agent_buf *out, int nesting)
{
	size_t close = nesting < NESTING ? closing(text, i, '[', ']', LABEL_MAX) : 0;
	char next = at(text, close + 1);
	if (close == 0 || (next != '(' && next != '[')) {
		return 0;
	}
	size_t end = closing(text, close + 1, next, next == '(' ? ')' : ']', TARGET_MAX);
	if (end == 0) {
		return 0;
	}
	plain(agent_str_cut(text, i + 1, close - i - 1), out, nesting + 1);
	return end + 1;
}

/* `code`: its inside stays as it is. */
static size_t code_at(agent_str text, size_t i, agent_buf *out)
{
	size_t ticks = 0;
	while (at(text, i + ticks) == '`') {
		ticks++;
	}
	agent_str mark = agent_str_cut(text, i, ticks);
	size_t end = agent_str_find(agent_str_cut(text, 0, i + ticks + LABEL_MAX), mark, i + ticks);
	if (end == (size_t)-1) {
		return i + ticks;
	}
	agent_buf_add(out, agent_str_trim(agent_str_cut(text, i + ticks, end - i - ticks)));
	return end + ticks;
}

/* <https://…>, <br>; other tags are left to the reader. */
static size_t angle_at(agent_str text, size_t i, agent_buf *out)
{
	agent_str rest = agent_str_cut(text, i, TARGET_MAX);
	size_t end = agent_str_find(rest, AGENT_STR(">"), 0);
	if (end == (size_t)-1) {
		return 0;
	}
	agent_str inner = agent_str_cut(rest, 1, end - 1);
	if (agent_str_starts(inner, AGENT_STR("https://")) || agent_str_starts(inner, AGENT_STR("http://"))) {
		agent_buf_add(out, inner);
		return i + end + 1;
	}
	if (agent_str_starts(inner, AGENT_STR("mailto:"))) {
		agent_buf_add(out, agent_str_from(inner, 7));
		return i + end + 1;
	}
	if (agent_str_is(inner, "br") || agent_str_is(inner, "br/") || agent_str_is(inner, "br /")) {
		agent_buf_add_char(out, '\n');
		return i + end + 1;
	}
	return 0;
}

/* An address stays as it is: its _ and * are no marks, but those behind it are. */
static size_t address_at(agent_str text, size_t i, agent_buf *out)
{
	agent_str rest = agent_str_from(text, i);
	if (is_word(before(text, i)) || (!agent_str_starts(rest, AGENT_STR("https://"))
		&& !agent_str_starts(rest, AGENT_STR("http://")))) {
		return 0;
	}
	size_t len = 0;
	while (len < rest.len && !is_blank(rest.ptr[len]) && memchr("<>\"`)]", rest.ptr[len], 6) == NULL) {
		len++;
	}
	while (len > 0 && (rest.ptr[len - 1] == '*' || rest.ptr[len - 1] == '_')) {
		len--;
	}
	agent_buf_add(out, agent_str_cut(rest, 0, len));
	return i + len;
}

/* A run of * or _ that is no mark: "3 * 4", "5*3", "snake_case". */
static bool stands_for_itself(agent_str text, size_t i, size_t len, char c)
{
	char left = before(text, i);
	char right = at(text, i + len);
	if (is_blank(left) && is_blank(right)) {
		return true;
	}
	return c == '*' ? is_digit(left) && is_digit(right) : is_word(left) && is_word(right);
}

static size_t emphasis_at(agent_str text, size_t i, agent_buf *out)
{
	char c = text.ptr[i];
	size_t len = 1;
	while (at(text, i + len) == c) {
		len++;
	}
	if (c == '~' ? len != 2 : stands_for_itself(text, i, len, c)) {
		agent_buf_add(out, agent_str_cut(text, i, len));
	}
	return i + len;
}

static size_t entity_at(agent_str text, size_t i, agent_buf *out)
{
	static const struct { const char *name, *text; } entities[] = {
		{ "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" }, { "&quot;", "\"" }, { "&#39;", "'" },
		{ "&nbsp;", " " },
	};
	for (size_t k = 0; k < sizeof entities / sizeof *entities; k++) {
		agent_str name = agent_str_cstr(entities[k].name);
		if (agent_str_starts(agent_str_from(text, i), name)) {
			if (is_blank(entities[k].text[0])) {
				add_blank(out);
			} else {
				agent_buf_add(out, agent_str_cstr(entities[k].text));
			}
			return i + name.len;
		}
	}
	return 0;
}

/* What the character at i opens; 0 if nothing. */
static size_t mark_at(agent_str text, size_t i, agent_buf *out, int nesting)
{
	switch (text.ptr[i]) {
		case '\\':
			if (!is_punctuation(at(text, i + 1))) {
				return 0;
			}
			agent_buf_add_char(out, text.ptr[i + 1]);
			return i + 2;
		case '!':
			return at(text, i + 1) == '[' ? link_at(text, i + 1, out, nesting) : 0;
		case '[':
			return link_at(text, i, out, nesting);
		case '`':
			return code_at(text, i, out);
		case '<':
			return angle_at(text, i, out);
		case '&':
			return entity_at(text, i, out);
		case 'h':
			return address_at(text, i, out);
		case '*':
		case '_':
		case '~':
			return emphasis_at(text, i, out);
		default:
			return 0;
	}
}

static void plain(agent_str text, agent_buf *out, int nesting)
{
	for (size_t i = 0; i < text.len;) {
		size_t next = mark_at(text, i, out, nesting);
		if (next > i) {
			i = next;
			continue;
		}
		if (text.ptr[i] == ' ' || text.ptr[i] == '\t' || text.ptr[i] == '\r') {
			add_blank(out);
		} else {
			agent_buf_add_char(out, text.ptr[i]);
		}
		i++;
	}
}

void agent_markdown_plain(agent_str text, agent_buf *out)
{
	plain(text, out, 0);
}

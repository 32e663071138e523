/* SPDX-License-Identifier: MIT
 * Markdown by lines: headings, paragraphs, list items, tables, code.
 * Marks inside a line are markdown_inline.c's. */
#include "ext/memory/markdown.h"

typedef enum line_kind {
	LINE_EMPTY, LINE_TEXT, LINE_HEADING, LINE_ITEM, LINE_FENCE, LINE_RULE, LINE_TABLE, LINE_SKIP
} line_kind;

typedef struct line {
	line_kind kind;
	int level;                   /* HEADING */
	agent_str text;              /* without what made its kind known */
	size_t next;                 /* offset of the line behind it */
} line;

/* Lines shorter than this were ended by their author, not by an editor's margin. */
#define WRAPPED 60

static size_t run_of(agent_str text, char c)
{
	size_t len = 0;
	while (len < text.len && text.ptr[len] == c) {
		len++;
	}
	return len;
}

static bool blank_at(agent_str text, size_t i)
{
	return i >= text.len || text.ptr[i] == ' ' || text.ptr[i] == '\t';
}

/* Only one of - * _ = and blanks, three of them at least. */
static bool is_rule(agent_str text, const char *marks)
{
	size_t count = 0;
	if (text.len == 0 || strchr(marks, text.ptr[0]) == NULL) {
		return false;
	}
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == text.ptr[0]) {
			count++;
		} else if (text.ptr[i] != ' ') {
			return false;
		}
	}
	return count >= 3;
}

/* "- ", "* ", "+ " or "12. ": the bytes of the mark, 0 if there is none. A number stays in the text: steps
 * are counted. */
static size_t item_mark(agent_str text, bool *numbered)
{
	size_t digits = 0;
	*numbered = false;
	if (text.len > 1 && strchr("-*+", text.ptr[0]) != NULL && blank_at(text, 1)) {
		return 2;
	}
	while (digits < text.len && digits < 9 && text.ptr[digits] >= '0' && text.ptr[digits] <= '9') {
		digits++;
	}
	*numbered = digits > 0 && digits + 1 < text.len && (text.ptr[digits] == '.' || text.ptr[digits] == ')')
		&& blank_at(text, digits + 1);
	return *numbered ? digits + 2 : 0;
}

static bool is_separator_row(agent_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (strchr("|-: ", text.ptr[i]) == NULL) {
			return false;
		}
	}
	return true;
}

/* "[name]: https://…" says where a link leads and is no text. */
static bool is_definition(agent_str text)
{
	size_t close = agent_str_find(text, AGENT_STR("]:"), 0);
	return text.len > 0 && text.ptr[0] == '[' && close != (size_t)-1 && close < 100 && text.ptr[1] != ']';
}

static void classify(line *l)
{
	bool numbered = false;
	while (l->text.len > 0 && l->text.ptr[0] == '>') { /* a quotation's text is text */
		l->text = agent_str_trim(agent_str_from(l->text, 1));
	}
	size_t hashes = run_of(l->text, '#');
	size_t mark = item_mark(l->text, &numbered);
	l->kind = LINE_TEXT;
	if (l->text.len == 0) {
		l->kind = LINE_EMPTY;
	} else if (hashes >= 1 && hashes <= 6 && blank_at(l->text, hashes)) {
		l->kind = LINE_HEADING;
		l->level = (int)hashes;
		l->text = agent_str_trim(agent_str_from(l->text, hashes));
		while (l->text.len > 0 && l->text.ptr[l->text.len - 1] == '#') {
			l->text.len--;
		}
	} else if (run_of(l->text, '`') >= 3 || run_of(l->text, '~') >= 3) {
		l->kind = LINE_FENCE;
	} else if (is_rule(l->text, "-*_")) {
		l->kind = LINE_RULE;
	} else if (mark > 0) {
		l->kind = LINE_ITEM;
		l->text = numbered ? l->text : agent_str_trim(agent_str_from(l->text, mark));
	} else if (l->text.ptr[0] == '|') {
		l->kind = is_separator_row(l->text) ? LINE_SKIP : LINE_TABLE;
	} else if (is_definition(l->text)
		|| (agent_str_starts(l->text, AGENT_STR("<!--")) && l->text.ptr[l->text.len - 1] == '>')) {
		l->kind = LINE_SKIP;
	}
}

static agent_str raw_line(agent_str text, size_t pos, size_t *next)
{
	size_t end = agent_str_find(text, AGENT_STR("\n"), pos);
	end = end == (size_t)-1 ? text.len : end;
	*next = end < text.len ? end + 1 : end;
	return agent_str_cut(text, pos, end - pos);
}

static line line_at(const agent_markdown *reader, size_t pos)
{
	line l = { LINE_EMPTY, 0, AGENT_STR_EMPTY, 0 };
	l.text = agent_str_trim(raw_line(reader->text, pos, &l.next));
	classify(&l);
	return l;
}

/* Code stays as it is, line by line, up to the closing fence or the end. */
static void read_code(agent_markdown *reader, const line *fence, agent_buf *out)
{
	char mark = fence->text.ptr[0];
	reader->pos = fence->next;
	while (reader->pos < reader->text.len) {
		size_t next = 0;
		agent_str raw = raw_line(reader->text, reader->pos, &next);
		reader->pos = next;
		if (run_of(agent_str_trim(raw), mark) >= 3) {
			break;
		}
		agent_buf_add(out, raw);
		agent_buf_add_char(out, '\n');
	}
}

static void read_table_row(agent_str row, agent_buf *out)
{
	bool first = true;
	for (size_t pos = 0; pos < row.len;) {
		size_t bar = agent_str_find(row, AGENT_STR("|"), pos);
		bar = bar == (size_t)-1 ? row.len : bar;
		agent_str cell = agent_str_trim(agent_str_cut(row, pos, bar - pos));
		if (cell.len > 0) {
			if (!first) {
				agent_buf_add_lit(out, " | ");
			}
			agent_markdown_plain(cell, out);
			first = false;
		}
		pos = bar + 1;
	}
}

/* An editor wraps long lines; an address or opening hours have short ones, which mean something. */
static char joint(agent_str above, agent_str below)
{
	char c = below.ptr[0];
	bool goes_on = c >= 'a' && c <= 'z';
	return above.len >= WRAPPED || goes_on ? ' ' : '\n';
}

/* Lines up to one that cannot belong to the paragraph or item. Tells of a line of = or - under it, which
 * makes it a heading. */
static int read_lines(agent_markdown *reader, line l, agent_buf *out)
{
	int lines = 1;
	agent_markdown_plain(l.text, out);
	for (;;) {
		agent_str above = l.text;
		reader->pos = l.next;
		if (reader->pos >= reader->text.len) {
			return 0;
		}
		l = line_at(reader, reader->pos);
		if (lines == 1 && (is_rule(l.text, "=") || (l.kind == LINE_RULE && l.text.ptr[0] == '-'))) {
			reader->pos = l.next;
			return l.text.ptr[0] == '=' ? 1 : 2;
		}
		if (l.kind != LINE_TEXT) {
			return 0;
		}
		agent_buf_add_char(out, joint(above, l.text));
		agent_markdown_plain(l.text, out);
		lines++;
	}
}

static void read_block(agent_markdown *reader, const line *l, agent_buf *out, agent_block *block)
{
	block->level = l->level;
	reader->pos = l->next;
	switch (l->kind) {
		case LINE_HEADING:
			block->kind = AGENT_BLOCK_HEADING;
			agent_markdown_plain(agent_str_trim(l->text), out);
			return;
		case LINE_FENCE:
			block->kind = AGENT_BLOCK_CODE;
			read_code(reader, l, out);
			return;
		case LINE_TABLE:
			block->kind = AGENT_BLOCK_ITEM;
			read_table_row(l->text, out);
			return;
		case LINE_ITEM:
			block->kind = AGENT_BLOCK_ITEM;
			read_lines(reader, *l, out);
			return;
		case LINE_TEXT:
			block->level = read_lines(reader, *l, out);
			block->kind = block->level > 0 ? AGENT_BLOCK_HEADING : AGENT_BLOCK_PARAGRAPH;
			return;
		case LINE_EMPTY:
		case LINE_RULE:
		case LINE_SKIP:
			return;
	}
}

bool agent_markdown_next(agent_markdown *reader, agent_buf *out, agent_block *block)
{
	while (reader->pos < reader->text.len) {
		line l = line_at(reader, reader->pos);
		agent_buf_reset(out);
		read_block(reader, &l, out, block);
		block->text = agent_str_trim(agent_buf_str(out));
		if (out->fault != AGENT_BUF_FINE) {
			return false;
		}
		if (block->text.len > 0) {
			return true;
		}
	}
	return false;
}

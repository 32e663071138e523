/* SPDX-License-Identifier: MIT
 * Passages in a tool's answer: which items can be cited, and the answer without them.
 * How many a turn takes is turn/'s. */
#include "ext/hands/hands.h"
#include "ext/text/glyph.h"

/* The sizes of documents (memory/knowledge), but for the text: this is one passage, not a page. */
#define TITLE_MAX ((size_t)500)
#define URL_MAX ((size_t)2000)
#define TEXT_MAX ((size_t)8 * 1024)
#define ID_MAX ((size_t)200)
#define HEADING_MAX ((size_t)500)
#define LANGUAGE_MAX ((size_t)35)

static agent_str line(const agent_json *item, const char *name, size_t max)
{
	agent_str text = AGENT_STR_EMPTY;
	(void)agent_json_str(agent_json_get(item, name), &text);
	text = agent_str_trim(text);
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f) {
			return AGENT_STR_EMPTY;
		}
	}
	return text.len <= max ? text : AGENT_STR_EMPTY;
}

/* What a browser opens; nothing in it ends the brackets it will stand in. */
static bool web_address(agent_str url)
{
	agent_str secure = AGENT_STR("https://"), plain = AGENT_STR("http://");
	for (size_t i = 0; i < url.len; i++) {
		if (strchr(" \"<>\\", url.ptr[i]) != NULL) {
			return false;
		}
	}
	return (url.len > secure.len && agent_str_eq_nocase(agent_str_cut(url, 0, secure.len), secure))
		|| (url.len > plain.len && agent_str_eq_nocase(agent_str_cut(url, 0, plain.len), plain));
}

/* A title of blanks and marks would stand in every sentence. */
static bool names_something(agent_str title)
{
	for (agent_glyph glyph = agent_glyph_at(title, 0); glyph.c != 0; glyph = agent_glyph_at(title, glyph.next)) {
		if (agent_glyph_word(glyph.c)) {
			return true;
		}
	}
	return false;
}

bool agent_result_passage(const agent_json *item, agent_passage *out)
{
	agent_str text = AGENT_STR_EMPTY;
	(void)agent_json_str(agent_json_get(item, "text"), &text);
	text = agent_str_trim(text);
	*out = (agent_passage){ .id = line(item, "id", ID_MAX), .title = line(item, "title", TITLE_MAX), .url = line(item, "url", URL_MAX),
		.text = text, .language = line(item, "language", LANGUAGE_MAX), .heading = line(item, "heading", HEADING_MAX) };
	if (!names_something(out->title) || !web_address(out->url) || text.len == 0 || text.len > TEXT_MAX) {
		return false;
	}
	if (!agent_json_int(agent_json_get(item, "updated"), &out->updated_s) || out->updated_s < 0) {
		out->updated_s = 0;
	}
	out->id = out->id.len > 0 ? out->id : out->url;
	return true;
}

const agent_json *agent_result_passages(const agent_tool *tool, const agent_json *value)
{
	agent_json_iter it = agent_json_members(value);
	agent_str key;
	agent_json *member;
	while (tool->passages.len > 0 && agent_json_member(&it, &key, &member)) {
		if (agent_str_eq(key, tool->passages)) {
			return member;
		}
	}
	return NULL;
}

agent_status agent_result_with_passages(const agent_tool *tool, const agent_json *value, agent_json *passages, agent_json **out,
	agent_error *err)
{
	agent_json_iter it = agent_json_members(value);
	agent_str key;
	agent_json *member;
	*out = agent_json_new_object();
	bool fine = *out != NULL;
	while (fine && agent_json_member(&it, &key, &member)) {
		bool here = agent_str_eq(key, tool->passages);
		if (!here || passages != NULL) {
			fine = agent_json_add(*out, key, agent_json_ref(here ? passages : member)); /* immutable, so shared */
		}
	}
	if (!fine) {
		agent_json_free(*out);
		*out = NULL;
	}
	return fine ? AGENT_OK : agent_fail_memory(err);
}

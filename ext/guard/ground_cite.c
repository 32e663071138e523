/* SPDX-License-Identifier: MIT
 * Citations and addresses: which passages a text names, which addresses it may show.
 * Reads no passage's text. */
#include "ext/guard/ground_parts.h"
#include "ext/text/glyph.h"

/* --- addresses ------------------------------------------------------------------------------------------ */

/* Behind "https://" or "http://"; 0: another scheme or none. */
static size_t web_scheme(agent_str url)
{
	static const char *const schemes[] = { "https://", "http://" };
	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(schemes[i]);
		if (url.len > len && agent_str_eq_nocase(agent_str_cut(url, 0, len), agent_str_cstr(schemes[i]))) {
			return len;
		}
	}
	return 0;
}

static size_t authority_end(agent_str url)
{
	size_t at = web_scheme(url);
	while (at < url.len && strchr("/?#\\", url.ptr[at]) == NULL) {
		at++;
	}
	return at;
}

/* Scheme and host whatever their case, the rest to the letter: how many bytes of `known` begin `url`, all
 * or none. A sentence may leave out the scheme ("shop.example/help"), but not name another one. */
static bool begins_with(agent_str url, agent_str known, size_t *len)
{
	if (web_scheme(url) == 0 && memchr(url.ptr, ':', url.len) == NULL) {
		known = agent_str_from(known, web_scheme(known));
	}
	size_t host = authority_end(known);
	*len = known.len;
	return known.len > 0 && url.len >= known.len &&
		agent_str_eq_nocase(agent_str_cut(url, 0, host), agent_str_cut(known, 0, host)) &&
		agent_str_eq(agent_str_cut(url, host, known.len - host), agent_str_from(known, host));
}

static agent_str without_slash(agent_str url)
{
	if (url.len > 0 && url.ptr[url.len - 1] == '/') {
		url.len--;
	}
	return url;
}

static bool same_address(agent_str url, agent_str known)
{
	size_t len;
	url = without_slash(url);
	return begins_with(url, without_slash(agent_str_trim(known)), &len) && len == url.len;
}

/* Inside the configured place, and with nothing in it that leads out again. */
static bool below(agent_str url, agent_str prefix)
{
	size_t len;
	prefix = agent_str_trim(prefix);
	bool web = web_scheme(prefix) != 0;
	if (!web || authority_end(prefix) == web_scheme(prefix)) {
		return same_address(url, prefix); /* mailto:, tel: and the like only whole */
	}
	if (!begins_with(url, without_slash(prefix), &len)) {
		return false;
	}
	agent_str rest = agent_str_from(url, len);
	if (rest.len == 0) {
		return true;
	}
	static const char *const outward[] = { "..", "\\", "%2e", "%5c", "%2f" };
	for (size_t i = 0; i < sizeof outward / sizeof *outward; i++) {
		if (agent_str_find_nocase(rest, agent_str_cstr(outward[i]), 0) != (size_t)-1) {
			return false;
		}
	}
	return rest.ptr[0] == '/' || rest.ptr[0] == '?' || rest.ptr[0] == '#';
}

bool agent_address_allowed(agent_str url, const agent_evidence *evidence)
{
	for (size_t i = 0; i < evidence->passage_count; i++) {
		if (same_address(url, evidence->passages[i].url)) {
			return true;
		}
	}
	for (size_t i = 0; i < evidence->result_url_count; i++) {
		if (same_address(url, evidence->result_urls[i])) {
			return true;
		}
	}
	for (size_t i = 0; i < evidence->url_count; i++) {
		if (below(url, evidence->urls[i])) {
			return true;
		}
	}
	return false;
}

/* --- citations ------------------------------------------------------------------------------------------ */

/* What may stand between a title and its address. */
static bool between(agent_str text, size_t from, size_t to)
{
	int count = 0;
	bool bracket = false;
	for (agent_glyph glyph = agent_glyph_at(text, from); glyph.start < to;
		glyph = agent_glyph_at(text, glyph.next)) {
		bool mark = glyph.c == '"' || glyph.c == '\'' || glyph.c == '*' || glyph.c == '_' || glyph.c == '`' ||
			glyph.c == ']' || glyph.c == '<' || glyph.c == 0x201d || glyph.c == 0x201c || glyph.c == 0xbb;
		bracket |= glyph.c == '(';
		if ((!mark && glyph.c != '(' && !agent_glyph_blank(glyph.c)) || ++count > 8) {
			return false;
		}
	}
	return bracket;
}

/* Where the title that leads to the address at `url` begins; (size_t)-1 if it is another one. */
static size_t title_before(agent_str text, size_t url, agent_str title)
{
	title = agent_str_trim(title);
	uint32_t first = agent_glyph_at(title, 0).c;
	for (agent_glyph glyph = agent_glyph_at(text, 0); glyph.start < url;
		glyph = agent_glyph_at(text, glyph.next)) {
		size_t end;
		bool inside = agent_glyph_word(first) && agent_glyph_word(agent_glyph_before(text, glyph.start));
		if (!inside && agent_match_at(text, glyph.start, title, true, &end) && end <= url &&
			between(text, end, url)) {
			return glyph.start;
		}
	}
	return (size_t)-1;
}

/* "according to" with the blanks behind it, at pos? */
static bool according(agent_str text, size_t pos, size_t *next)
{
	if (agent_glyph_word(agent_glyph_before(text, pos)) ||
		!agent_glyph_spells(text, pos, "according to", next)) {
		return false;
	}
	size_t behind = agent_glyph_skip_blanks(text, *next);
	bool blank = behind > *next;
	*next = behind;
	return blank;
}

/* A document without an address can only be cited by its title. */
static bool names_title(agent_str text, agent_str title)
{
	size_t next;
	size_t end;
	for (agent_glyph glyph = agent_glyph_at(text, 0); glyph.c != 0;
		glyph = agent_glyph_at(text, glyph.next)) {
		if (!according(text, glyph.start, &next)) {
			continue;
		}
		agent_glyph mark = agent_glyph_at(text, next);
		while (mark.c == '"' || mark.c == 0x201c || mark.c == '*' || mark.c == '_') {
			mark = agent_glyph_at(text, mark.next);
		}
		if (agent_match_at(text, mark.start, title, true, &end) &&
			!agent_glyph_word(agent_glyph_at(text, end).c)) {
			return true;
		}
	}
	return false;
}

uint64_t agent_ground_cited(agent_str text, const agent_passage *passages, size_t count)
{
	uint64_t mask = 0;
	agent_found found;
	count = count < 64 ? count : 64;
	for (size_t pos = 0; agent_recognise_plain(text, &pos, &found);) {
		if (found.kind != AGENT_FOUND_URL) {
			continue;
		}
		agent_str url = agent_str_cut(text, found.start, found.len);
		for (size_t i = 0; i < count; i++) {
			bool fits = same_address(url, passages[i].url);
			if (fits && title_before(text, found.start, passages[i].title) != (size_t)-1) {
				mask |= (uint64_t)1 << i;
			}
		}
	}
	for (size_t i = 0; i < count; i++) {
		agent_str title = agent_str_trim(passages[i].title);
		if (passages[i].url.len == 0 && title.len > 0 && names_title(text, title)) {
			mask |= (uint64_t)1 << i;
		}
	}
	return mask;
}

/* Is text[from … to) only what people put before a title? "our", "the" and marks. */
static bool only_article(agent_str text, size_t from, size_t to)
{
	static const char *const words[] =
		{ "the", "our", "your", "this", "a", "page", "article", "document", "guide", "store" };
	while (from < to) {
		char word[12];
		size_t next;
		agent_glyph_word_at(text, from, word, sizeof word, &next);
		bool known = next == from;
		for (size_t i = 0; !known && i < sizeof words / sizeof *words; i++) {
			known = strcmp(word, words[i]) == 0;
		}
		if (!known) {
			return false;
		}
		from = next > from ? next : agent_glyph_at(text, from).next;
	}
	return true;
}

/* The address that stands in round brackets first behind pos, and what stands between: "<title> (<url>)". */
static bool bracketed_url(agent_str text, size_t pos, agent_found *url)
{
	while (agent_recognise_plain(text, &pos, url)) {
		if (url->kind == AGENT_FOUND_URL) {
			uint32_t before = agent_glyph_before(text, url->start);
			return before == '(' || before == '<';
		}
	}
	return false;
}

static bool citation_holds(agent_str text, size_t title, const agent_found *url,
	const agent_evidence *evidence)
{
	agent_str address = agent_str_cut(text, url->start, url->len);
	for (size_t i = 0; i < evidence->passage_count; i++) {
		size_t start = same_address(address, evidence->passages[i].url) ?
			title_before(agent_str_cut(text, 0, url->start), url->start,
				evidence->passages[i].title) : (size_t)-1;
		if (start != (size_t)-1 && start >= title && only_article(text, title, start)) {
			return true;
		}
	}
	return false;
}

bool agent_citations_hold(agent_str text, size_t from, const agent_evidence *evidence, agent_str *what)
{
	for (agent_glyph glyph = agent_glyph_at(text, from); glyph.c != 0;
		glyph = agent_glyph_at(text, glyph.next)) {
		size_t title;
		agent_found url;
		if (!according(text, glyph.start, &title) || !bracketed_url(text, title, &url)) {
			continue;
		}
		/* "According to the carrier, it is late; see Returns (https://…)" cites Returns, not the carrier. */
		agent_str claimed = agent_str_cut(text, title, url.start - title);
		bool one_clause = true;
		for (size_t i = 0; i < claimed.len; i++) {
			one_clause &= claimed.ptr[i] != ',' && claimed.ptr[i] != ';' && claimed.ptr[i] != ':';
		}
		if (one_clause && !citation_holds(text, title, &url, evidence)) {
			*what = agent_str_cut(text, title, url.start + url.len - title);
			return false;
		}
	}
	return true;
}

/* SPDX-License-Identifier: MIT
 * Addresses: URLs of any scheme, bare hosts, link targets of Markdown, e-mail.
 * No opinion on where they lead. */
#include "ext/text/find.h"

/* May stand in a URL? `depth` counts open round brackets, so that the one around "(https://…)" does not
 * belong to it. */
static bool body_char(uint32_t c, int *depth)
{
	if (c == 0 || agent_glyph_blank(c) || c < 0x20 || c == '<' || c == '>' || c == '"' || c == '`' ||
		c == '|') {
		return false;
	}
	if (c == '(') {
		(*depth)++;
	} else if (c == ')') {
		return --*depth >= 0;
	}
	bool quote = c == 0x201c || c == 0x201d || c == 0x201e || c == 0xab || c == 0xbb;
	bool wide = (c >= 0x3001 && c <= 0x3002) || (c >= 0x3008 && c <= 0x3011);
	return !quote && !wide && c != ']' && c != '[';
}

static bool trailing(uint32_t c)
{
	return c == '.' || c == ',' || c == ';' || c == ':' || c == '!' || c == '?' || c == '\'' || c == '*' ||
		c == '_' ||
		c == '~' || c == '}' || c == 0x2026 || c == 0x2013;
}

/* The end of the URL whose body goes on at pos, without the punctuation of the sentence. */
static size_t body_end(agent_str text, size_t pos)
{
	int depth = 0;
	size_t end = pos;
	for (;;) {
		agent_glyph glyph = agent_glyph_at(text, pos);
		if (!body_char(glyph.c, &depth)) {
			return end;
		}
		if (!trailing(glyph.c)) {
			end = glyph.next;
		}
		pos = glyph.next;
	}
}

static bool set(agent_found *found, agent_found_kind kind, agent_str text, size_t pos, size_t end)
{
	size_t start = agent_glyph_at(text, pos).start;
	*found = (agent_found){ .kind = kind, .start = start, .len = end - start };
	return end > start;
}

/* --- with a scheme -------------------------------------------------------------------------------------- */

/* Schemes that need no "//" behind them; a browser acts on each of them. */
static bool known_scheme(const char *name)
{
	static const char *const names[] = {
		"javascript", "data", "mailto", "tel", "sms", "vbscript", "file", "blob", "about", "http", "https",
		"ftp", "geo", "view-source", "whatsapp", "callto", "facetime", "intent", "market", "magnet",
		"bitcoin", "skype", "xmpp", "sip", "urn", "ws", "wss", "chrome", "ms-word", "livescript", "jar",
		"cid", "tg", "viber", "smsto",
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(name, names[i]) == 0) {
			return true;
		}
	}
	return false;
}

/* pos at the first letter. "Note: …" is no scheme, "note://…" is one. */
static bool with_scheme(agent_str text, size_t pos, agent_found *found)
{
	char name[40];
	size_t len = 0;
	agent_glyph glyph = agent_glyph_at(text, pos);
	while (glyph.c < 0x80 && len + 1 < sizeof name) {
		bool inner = glyph.c == '+' || glyph.c == '-' || glyph.c == '.';
		if (!agent_glyph_word(glyph.c) && !(inner && len > 0)) {
			break;
		}
		name[len++] = (char)agent_glyph_small(glyph.c);
		glyph = agent_glyph_at(text, glyph.next);
	}
	name[len] = '\0';
	if (len == 0 || glyph.c != ':') {
		return false;
	}
	size_t body = glyph.next;
	agent_glyph first = agent_glyph_at(text, body);
	agent_glyph second = agent_glyph_at(text, first.next);
	bool slashes = (first.c == '/' || first.c == '\\') && (second.c == '/' || second.c == '\\');
	if (!slashes && (!known_scheme(name) || first.c == 0 || agent_glyph_blank(first.c))) {
		return false;
	}
	size_t end = body_end(text, body);
	return end > body && set(found, AGENT_FOUND_URL, text, pos, end);
}

/* --- bare hosts ----------------------------------------------------------------------------------------- */

/* Ends of a bare host that people and mail programs take for an address even without a path. */
static bool common_top(const char *label)
{
	static const char *const tops[] = {
		"com", "net", "org", "io", "co", "info", "biz", "shop", "store", "online", "site", "app", "dev", "ai",
		"me", "xyz", "top", "club", "example", "test", "invalid", "localhost", "edu", "gov", "eu", "uk", "de",
		"fr", "nl", "at", "ch", "es", "se", "pl", "be", "dk", "no", "fi", "ie", "pt", "cz", "ru", "cn", "jp",
		"kr", "in", "br", "ca", "au", "nz", "us", "mx", "ar", "tv", "cc", "ly", "gl", "to", "link", "live",
		"pro", "tech", "support", "help", "page", "cloud", "space", "website", "gift", "gifts", "money", "click",
		"win", "bid", "loan", "vip", "icu", "fun", "cyou", "sbs", "press", "blog", "zip", "mov", "travel", "museum",
		"mobi", "agency", "email", "digital", "network", "solutions", "services", "company", "deals", "discount",
		"cash", "finance", "bank", "wiki", "ink", "lol", "bar", "download", "review", "trade", "party", "webcam",
		"pw", "ws", "su", "ua", "tk", "ml", "ga", "cf", "gq", "gr", "hu", "ro", "bg", "sk", "lt", "lv", "ee", "il",
		"ae", "hk", "tw", "sg", "vn", "za", "ng", "cl", "pe", "lu", "li", "gg", "fm", "nu",
	};
	for (size_t i = 0; i < sizeof tops / sizeof *tops; i++) {
		if (strcmp(label, tops[i]) == 0) {
			return true;
		}
	}
	return false;
}

typedef struct host {
	size_t end;                  /* behind the last label */
	int labels;
	bool letters;                /* the last label has letters only */
	bool figures;                /* all labels are figures */
	bool small;                  /* the last label is not capitalised: "policy.If" lacks a blank */
	char top[12];
} host;

/* No honest host and no local part is longer, and of a longer one the end is found; without a bound a run of
 * dots and letters would be read again and again. */
#define LONGEST 128
#define LABELS 16

static bool host_char(uint32_t c)
{
	return agent_glyph_word(c) || c == '-' || c == '_';
}

static host read_host(agent_str text, size_t pos)
{
	host out = { .end = pos, .figures = true };
	size_t total = 0;
	for (;;) {
		size_t len = 0;
		bool letters = true;
		bool digits = true;
		bool plain = true;
		agent_glyph glyph = agent_glyph_at(text, pos);
		uint32_t first = glyph.c;
		uint32_t last = 0;
		for (; host_char(glyph.c) && glyph.c != 0 && total++ < LONGEST;
			glyph = agent_glyph_at(text, glyph.next)) {
			letters &= agent_glyph_letter(glyph.c);
			digits &= agent_glyph_digit(glyph.c);
			plain &= glyph.c < 0x80;
			last = glyph.c;
			out.top[len < sizeof out.top - 1 ? len : sizeof out.top - 1] =
				(char)agent_glyph_small(glyph.c & 0x7f);
			len++;
			pos = glyph.next;
		}
		if (len == 0) {
			return out;
		}
		out.top[len < sizeof out.top - 1 && plain ? len : 0] = '\0';
		out.labels++;
		out.letters = letters && len >= 2;
		out.figures &= digits;
		out.small = (first >= 'A' && first <= 'Z') == (last >= 'A' && last <= 'Z');
		out.end = pos;
		if (glyph.c != '.' || out.labels == LABELS || !host_char(agent_glyph_at(text, glyph.next).c)) {
			return out;
		}
		pos = glyph.next;
	}
}

/* "evil[.]example", "evil(dot)com", "evil dot com", "evil .com": an address for whoever reads it. */
static bool spelled_out(agent_str text, size_t pos, agent_found *found)
{
	static const char *const dots[] = { "[.]", "(.)", "{.}", "[dot]", "(dot)", " [dot] ", " (dot) ", " dot ", " . ", " ." };
	static const char *const tops[] = { "com", "net", "org", "info", "shop", "example", "io", "co", "biz", "online" };
	host h = read_host(text, pos);
	size_t next;
	for (size_t i = 0; h.labels == 1 && i < sizeof dots / sizeof *dots; i++) {
		if (!agent_glyph_spells(text, h.end, dots[i], &next)) {
			continue;
		}
		host top = read_host(text, next);
		char label[12];
		size_t end;
		agent_glyph_word_at(text, next, label, sizeof label, &end);
		for (size_t k = 0; k < sizeof tops / sizeof *tops; k++) {
			if (strcmp(label, tops[k]) == 0 && agent_glyph_lower(agent_glyph_at(text, next).c)) {
				return set(found, AGENT_FOUND_URL, text, pos, top.end);
			}
		}
	}
	return false;
}

/* "<a href=…>": a tag with attributes may lead anywhere. */
static bool tag(agent_str text, size_t pos, agent_found *found)
{
	size_t start = agent_glyph_at(text, pos).start;
	bool equal = false;
	if (start + 1 >= text.len || text.ptr[start] != '<' || !agent_glyph_letter((unsigned char)text.ptr[start + 1]) ||
		(unsigned char)text.ptr[start + 1] >= 0x80) {
		return false;
	}
	bool blank = false;
	for (size_t i = start + 1; i < text.len && i < start + 300; i++) {
		blank |= text.ptr[i] == ' ' || text.ptr[i] == '\n' || text.ptr[i] == '/';
		if (!blank && !agent_glyph_word((unsigned char)text.ptr[i]) && text.ptr[i] != '>') {
			return false; /* "<https://…>" */
		}
		equal |= text.ptr[i] == '=';
		if (text.ptr[i] == '>') {
			return equal && set(found, AGENT_FOUND_URL, text, start, i + 1);
		}
	}
	return false;
}

/* "[x]: evil": what a reference of Markdown leads to. */
static bool reference(agent_str text, size_t pos, agent_found *found)
{
	size_t at = agent_glyph_at(text, pos).start;
	if (at >= text.len || text.ptr[at] != '[' || (at > 0 && text.ptr[at - 1] != '\n')) {
		return false;
	}
	size_t close = agent_str_find(text, AGENT_STR("]:"), at);
	size_t line = agent_str_find(text, AGENT_STR("\n"), at);
	if (close == (size_t)-1 || (line != (size_t)-1 && line < close)) {
		return false;
	}
	size_t body = agent_glyph_skip_blanks(text, close + 2);
	size_t end = body_end(text, body);
	return end > body && set(found, AGENT_FOUND_URL, text, body, end);
}

/* "www.evil.example", "evil.example/path", "evil.example:8080", "//evil.example", "evil.example" */
static bool bare_host(agent_str text, size_t pos, agent_found *found)
{
	agent_glyph glyph = agent_glyph_at(text, pos);
	size_t start = pos;
	size_t behind;
	bool slashes = glyph.c == '/' || glyph.c == '\\';
	if (slashes) {
		glyph = agent_glyph_at(text, glyph.next);
		if (glyph.c != '/' && glyph.c != '\\') {
			return false;
		}
		start = glyph.next;
	}
	host h = read_host(text, start);
	glyph = agent_glyph_at(text, h.end);
	agent_glyph second = agent_glyph_at(text, glyph.next);
	bool port = glyph.c == ':' && agent_glyph_digit(second.c);
	bool path = port ||
		((glyph.c == '/' || glyph.c == '?' || glyph.c == '#' || glyph.c == '\\') && second.c != 0 &&
		!agent_glyph_blank(second.c)) || glyph.c == '/';
	bool named = h.labels >= 2 && h.letters && (path || slashes || (h.small && common_top(h.top)));
	bool www = h.labels >= 2 && agent_glyph_spells(text, start, "www.", &behind);
	bool quad = h.labels == 4 && h.figures;
	bool puny = h.labels >= 2 && strncmp(h.top, "xn--", 4) == 0;
	if (!named && !www && !quad && !puny) {
		return false;
	}
	return set(found, AGENT_FOUND_URL, text, pos, path ? body_end(text, h.end) : h.end);
}

/* The target of a Markdown link or of <…>: an address whatever it looks like, for a page will make a link
 * of it. */
static bool target(agent_str text, size_t pos, agent_found *found)
{
	uint32_t before = agent_glyph_before(text, pos);
	uint32_t first = agent_glyph_at(text, pos).c;
	if ((before != '(' && before != '<' && before != ' ') || first == 0 || first == ' ' || first == '<' || pos == 0) {
		return false;
	}
	/* "[x]( evil )" and "[x](<evil>)" lead somewhere, too. */
	size_t bracket = pos - 1;
	while (bracket > 0 && strchr(" <", text.ptr[bracket]) != NULL && text.ptr[bracket] != '\0') {
		bracket--;
	}
	while (before == '(' && bracket > 0 && agent_glyph_at(text, bracket).c != '(') {
		bracket--;
	}
	if (text.ptr[bracket] != '(' && before != '(') {
		return false;
	}
	if (agent_glyph_before(text, bracket) != ']') {
		return false;
	}
	int depth = 0;
	size_t end = pos;
	for (agent_glyph glyph = agent_glyph_at(text, pos); body_char(glyph.c, &depth);
		glyph = agent_glyph_at(text, glyph.next)) {
		end = glyph.next;
	}
	return end > pos && set(found, AGENT_FOUND_URL, text, pos, end);
}

bool agent_find_url(agent_str text, size_t pos, agent_found *found)
{
	return with_scheme(text, pos, found) || target(text, pos, found) || bare_host(text, pos, found) ||
		spelled_out(text, pos, found) || tag(text, pos, found) || reference(text, pos, found);
}

/* --- e-mail --------------------------------------------------------------------------------------------- */

/* "•" and "*": results show masked addresses. */
static bool local_char(uint32_t c)
{
	return agent_glyph_word(c) || c == '.' || c == '_' || c == '+' || c == '-' || c == '%' || c == '*' ||
		c == 0x2022;
}

bool agent_find_email(agent_str text, size_t pos, agent_found *found)
{
	agent_glyph glyph = agent_glyph_at(text, pos);
	size_t start = glyph.start;
	while (glyph.c != 0 && local_char(glyph.c) && glyph.start - start < LONGEST) {
		glyph = agent_glyph_at(text, glyph.next);
	}
	if (glyph.c != '@' || glyph.start == start) {
		return false;
	}
	host h = read_host(text, glyph.next);
	return h.labels >= 2 && set(found, AGENT_FOUND_EMAIL, text, pos, h.end);
}

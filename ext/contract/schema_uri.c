/* SPDX-License-Identifier: MIT
 * Addresses of schemas: references against their base (RFC 3986, 5.2), fragments.
 * Nothing is normalised beyond that: two spellings are two addresses. */
#include "ext/contract/schema_compile.h"

typedef struct parts {
	agent_str scheme, authority, path, query;
	bool has_scheme, has_authority, has_query;
} parts;

void agent_uri_split(agent_str uri, agent_str *address, agent_str *fragment)
{
	const char *hash = memchr(uri.ptr, '#', uri.len);
	size_t len = hash != NULL ? (size_t)(hash - uri.ptr) : uri.len;
	*address = agent_str_cut(uri, 0, len);
	*fragment = agent_str_from(uri, len + 1);
}

static bool is_scheme_char(char c, bool first)
{
	bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
	return letter || (!first && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'));
}

static size_t until(agent_str s, size_t from, const char *stops)
{
	while (from < s.len && memchr(stops, s.ptr[from], strlen(stops)) == NULL) {
		from++;
	}
	return from;
}

/* address: without a fragment. */
static parts parse(agent_str s)
{
	parts p = { .scheme = AGENT_STR_EMPTY, .authority = AGENT_STR_EMPTY, .path = AGENT_STR_EMPTY, .query = AGENT_STR_EMPTY };
	size_t i = 0;
	while (i < s.len && is_scheme_char(s.ptr[i], i == 0)) {
		i++;
	}
	if (i > 0 && i < s.len && s.ptr[i] == ':') {
		p.has_scheme = true;
		p.scheme = agent_str_cut(s, 0, i);
		s = agent_str_from(s, i + 1);
	}
	if (agent_str_starts(s, AGENT_STR("//"))) {
		size_t end = until(s, 2, "/?");
		p.has_authority = true;
		p.authority = agent_str_cut(s, 2, end - 2);
		s = agent_str_from(s, end);
	}
	size_t end = until(s, 0, "?");
	p.path = agent_str_cut(s, 0, end);
	p.has_query = end < s.len;
	p.query = agent_str_from(s, end + 1);
	return p;
}

/* 5.2.4, on a path that may come in two pieces; `start` is where the path begins in out. */
static void add_without_dots(agent_buf *out, agent_str path)
{
	size_t start = out->len;
	while (path.len > 0) {
		size_t end = until(path, path.ptr[0] == '/' ? 1 : 0, "/");
		agent_str segment = agent_str_cut(path, 0, end);
		agent_str name = segment.ptr[0] == '/' ? agent_str_from(segment, 1) : segment;
		bool last = end == path.len;
		path = agent_str_from(path, end);
		if (agent_str_is(name, ".") || agent_str_is(name, "..")) {
			while (name.len == 2 && out->len > start && out->ptr[--out->len] != '/') {
			}
			if (last && segment.ptr[0] == '/') {
				agent_buf_add_char(out, '/');
			}
			continue;
		}
		agent_buf_add(out, segment);
	}
}

/* 5.2.3: the base's path up to its last '/', then the reference's. */
static void add_merged(agent_buf *out, const parts *base, agent_str path)
{
	agent_buf whole;
	agent_buf_init(&whole, out->limit);
	size_t keep = base->path.len;
	while (keep > 0 && base->path.ptr[keep - 1] != '/') {
		keep--;
	}
	if (base->has_authority && base->path.len == 0) {
		agent_buf_add_char(&whole, '/');
	}
	agent_buf_add(&whole, agent_str_cut(base->path, 0, keep));
	agent_buf_add(&whole, path);
	add_without_dots(out, agent_buf_str(&whole));
	if (whole.fault != AGENT_BUF_FINE && out->fault == AGENT_BUF_FINE) {
		out->fault = whole.fault;
	}
	agent_buf_clear(&whole);
}

void agent_uri_resolve(agent_str base_text, agent_str reference, agent_buf *out)
{
	agent_str address, fragment;
	agent_uri_split(base_text, &address, &fragment);
	parts base = parse(address);
	agent_uri_split(reference, &address, &fragment);
	parts r = parse(address);
	bool same_authority = !r.has_scheme && !r.has_authority;
	const parts *authority = same_authority ? &base : &r;
	if (r.has_scheme || base.has_scheme) {
		agent_buf_add(out, r.has_scheme ? r.scheme : base.scheme);
		agent_buf_add_char(out, ':');
	}
	if (authority->has_authority) {
		agent_buf_add_lit(out, "//");
		agent_buf_add(out, authority->authority);
	}
	bool same_path = same_authority && r.path.len == 0;
	if (same_path) {
		agent_buf_add(out, base.path);
	} else if (!same_authority || r.path.ptr[0] == '/') {
		add_without_dots(out, r.path);
	} else {
		add_merged(out, &base, r.path);
	}
	const parts *query = same_path && !r.has_query ? &base : &r;
	if (query->has_query) {
		agent_buf_add_char(out, '?');
		agent_buf_add(out, query->query);
	}
}

static int hex(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	return (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

bool agent_uri_unescape(agent_str text, agent_buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] != '%') {
			agent_buf_add_char(out, text.ptr[i]);
			continue;
		}
		int high = text.len - i > 2 ? hex(text.ptr[i + 1]) : -1;
		int low = text.len - i > 2 ? hex(text.ptr[i + 2]) : -1;
		if (high < 0 || low < 0 || high * 16 + low == 0) {
			return false;
		}
		agent_buf_add_char(out, (char)(high * 16 + low));
		i += 2;
	}
	return true;
}

/* SPDX-License-Identifier: MIT
 * The formats that are asserted: their table, and those that are short.
 * Others are annotations: the internationalised ones, uri-template, relative-json-pointer. */
#include "ext/contract/schema_format.h"

#include "ext/contract/schema_program.h"

static bool is_uuid(agent_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? s.ptr[i] != '-' : !agent_format_hex(s.ptr[i])) {
			return false;
		}
	}
	return s.len == 36;
}

/* RFC 6901, as a string: no fragment. */
static bool is_json_pointer(agent_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '~' && !agent_format_at(s, i + 1, '0') && !agent_format_at(s, i + 1, '1')) {
			return false;
		}
	}
	return s.len == 0 || s.ptr[0] == '/';
}

/* What the keyword "pattern" takes: one that is refused there as too large is none here either. */
static agent_status judge_regex(agent_str s, bool *fine, agent_error *err)
{
	agent_pattern *pattern;
	agent_error reason;
	*fine = agent_pattern_compile(s, &pattern, &reason) == AGENT_OK;
	agent_pattern_free(pattern);
	if (!*fine && reason.domain != AGENT_DOMAIN_SCHEMA) {
		*err = reason;
		return AGENT_ERR;
	}
	return AGENT_OK;
}

static const agent_format formats[] = {
	{ "date-time", agent_format_date_time, NULL, "must be a date and time as YYYY-MM-DDThh:mm:ssZ" },
	{ "date", agent_format_date, NULL, "must be a date as YYYY-MM-DD" },
	{ "time", agent_format_time, NULL, "must be a time with its offset as hh:mm:ssZ" },
	{ "duration", agent_format_duration, NULL, "must be a duration as P1DT12H" },
	{ "email", agent_format_email, NULL, "must be an e-mail address" },
	{ "hostname", agent_format_hostname, NULL, "must be a host name" },
	{ "ipv4", agent_format_ipv4, NULL, "must be an IPv4 address" },
	{ "ipv6", agent_format_ipv6, NULL, "must be an IPv6 address" },
	{ "uri", agent_format_uri, NULL, "must be a URI with its scheme" },
	{ "uri-reference", agent_format_uri_reference, NULL, "must be a URI or a reference relative to one" },
	{ "uuid", is_uuid, NULL, "must be a UUID" },
	{ "regex", NULL, judge_regex, "must be a regular expression of ECMA-262" },
	{ "json-pointer", is_json_pointer, NULL, "must be a JSON Pointer as /a/0" },
};

const agent_format *agent_format_find(agent_str name)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		if (agent_str_is(name, formats[i].name)) {
			return &formats[i];
		}
	}
	return NULL;
}

void agent_format_names(agent_buf *out)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		agent_buf_addf(out, "%s%s", i > 0 ? ", " : "", formats[i].name);
	}
}

/* SPDX-License-Identifier: MIT
 * How often a tool may be called: by one subject, in one session, from one address.
 * The rule for a backend and for handlers in this process; the buckets are the limits port's. */
#include "ext/base/b64url.h"
#include "ext/run/internal.h"

#define KEY_TEXT_MAX ((size_t)8192)
#define BUCKETS 3

static bool put_key(const agent_tool *tool, const char *kind, agent_str who, agent_buf *out)
{
	agent_buf_reset(out);
	agent_buf_add_lit(out, "tool:");
	agent_buf_add(out, tool->name);
	agent_buf_add(out, agent_str_cstr(kind));
	agent_buf_add(out, who);
	return out->fault == AGENT_BUF_FINE;
}

/* Asks all buckets, so that the longest wait is known; one that refuses costs nothing by itself. */
static agent_status take_all(agent_site *site, const agent_tool *tool, agent_buf *keys, size_t count, int64_t now_ms, int64_t *wait_ms,
	agent_error *err)
{
	agent_limits *limits = &site->limits;
	bool taken[BUCKETS] = { false };
	agent_status status = AGENT_OK;
	for (size_t i = 0; i < count && status == AGENT_OK; i++) {
		int64_t wait = 0;
		status = limits->take(limits->state, agent_buf_str(&keys[i]), tool->rate, now_ms, &taken[i], &wait, err);
		if (status == AGENT_OK && !taken[i]) {
			wait = wait < 1 ? 1 : wait;
			*wait_ms = wait > *wait_ms ? wait : *wait_ms;
		}
	}
	for (size_t i = 0; i < count && (status != AGENT_OK || *wait_ms > 0); i++) {
		agent_error ignored; /* the error that is told is the first one */
		if (taken[i]) {
			(void)limits->give(limits->state, agent_buf_str(&keys[i]), tool->rate, now_ms, &ignored);
		}
	}
	return status;
}

agent_status agent_tool_take(agent_site *site, const agent_tool *tool, const agent_tool_caller *caller, int64_t *wait_ms, agent_error *err)
{
	const struct { const char *kind; agent_str who; } buckets[BUCKETS] = {
		{ ":subject:", caller->subject }, { ":session:", caller->session }, { ":address:", caller->address }
	};
	agent_buf keys[BUCKETS];
	size_t count = 0;
	bool fine = true;
	*wait_ms = 0;
	if (tool->rate.count == 0) {
		return AGENT_OK;
	}
	for (size_t i = 0; i < BUCKETS; i++) {
		agent_buf_init(&keys[i], KEY_TEXT_MAX);
	}
	for (size_t i = 0; i < BUCKETS; i++) {
		if (buckets[i].who.len > 0) {
			fine = put_key(tool, buckets[i].kind, buckets[i].who, &keys[count++]) && fine;
		}
	}
	if (count == 0) { /* whoever says nothing of themselves is one caller */
		fine = put_key(tool, ":", AGENT_STR("nobody"), &keys[count++]);
	}
	agent_status status = fine ? AGENT_OK : agent_fail(err, AGENT_DOMAIN_LIMIT, "too_large", "a rate's key is too large");
	if (status == AGENT_OK) {
		status = take_all(site, tool, keys, count, site->clock.wall_ms(site->clock.state), wait_ms, err);
	}
	for (size_t i = 0; i < BUCKETS; i++) {
		agent_buf_clear(&keys[i]);
	}
	return status;
}

/* From the installation's own key and not the backend's, which another party may hold. */
static agent_status address_key(agent_site *site, agent_error *err)
{
	agent_key installation;
	if (site->has_address_key) {
		return AGENT_OK;
	}
	agent_status status = agent_datadir_key(site->dir, &installation, err);
	if (status == AGENT_OK) {
		status = agent_site_derive(site, &installation, "address", site->config->audience, &site->address_key, err);
		agent_wipe(&installation, sizeof installation);
	}
	site->has_address_key = status == AGENT_OK;
	return status;
}

agent_status agent_address_claim(agent_site *site, agent_str address, char out[AGENT_ADDRESS_CLAIM], agent_error *err)
{
	unsigned char hash[32];
	char room[AGENT_RATE_ADDRESS];
	out[0] = '\0';
	if (address.len == 0) {
		return AGENT_OK;
	}
	if (address_key(site, err) != AGENT_OK || agent_hmac_sha256((agent_str){ (const char *)site->address_key.bytes, sizeof site->address_key.bytes },
			agent_rate_address(address, room), hash, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	out[agent_b64url_put(out, (agent_str){ (const char *)hash, 16 })] = '\0';
	return AGENT_OK;
}

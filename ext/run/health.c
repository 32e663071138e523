/* SPDX-License-Identifier: MIT
 * How the extension and a site are: versions, directory, store, settings that will hurt. No secret, and nothing of another site.
 * Asks nothing of the network. */
#include "ext/contract/pattern.h"
#include "ext/run/internal.h"

void agent_libraries(agent_buf *out)
{
	agent_buf text;
	agent_buf_init(&text, 256);
	agent_buf_add_char(out, '{');
	agent_wire_version(&text);
	agent_json_put_member(out, "libcurl", agent_buf_str(&text));
	agent_json_put_member(out, "json-c", agent_str_cstr(agent_json_version()));
	agent_json_put_member(out, "openssl", agent_str_cstr(agent_seal_version()));
	agent_json_put_member(out, "sqlite", agent_str_cstr(agent_sqlite_version()));
	agent_buf_reset(&text);
	agent_pattern_version(&text);
	agent_json_put_member(out, "pcre2", agent_buf_str(&text));
	agent_buf_add_char(out, '}');
	agent_buf_clear(&text);
}

static void put_check(agent_buf *out, const char *name, bool ok, agent_str message)
{
	agent_buf_add(out, out->ptr[out->len - 1] == '[' ? AGENT_STR("{") : AGENT_STR(",{"));
	agent_json_put_member(out, "name", agent_str_cstr(name));
	agent_json_put_member_bool(out, "ok", ok);
	agent_json_put_member(out, "message", message);
	agent_buf_add_char(out, '}');
}

static bool check_directory(const agent_site *site, agent_buf *out)
{
	bool fine = site->dir_configured;
	put_check(out, "data_dir", fine, fine ? AGENT_STR("set")
		: AGENT_STR("neither agent.data_dir nor data_dir is set: sessions and documents lie in the temporary directory and go with it"));
	return fine;
}

static bool check_configurations(const agent_site *site, agent_buf *out)
{
	bool fine = site->host.data_dir.len > 0;
	put_check(out, "config_dir", fine, fine ? AGENT_STR("in agent.data_dir")
		: AGENT_STR("agent.data_dir is not set: stored configurations lie in the temporary directory and go with it; agent_configure() stores them again"));
	return fine;
}

static bool check_store(agent_site *site, agent_buf *out)
{
	agent_error err;
	bool fine = agent_site_ready(site, &err) == AGENT_OK && agent_sqlite_ping(site->db, &err) == AGENT_OK;
	put_check(out, "store", fine, fine ? AGENT_STR("reads and writes") : agent_str_cstr(err.message));
	return fine;
}

static bool check_secrets(agent_site *site, agent_buf *out)
{
	agent_error err = { 0 };
	const agent_keyset *keys;
	agent_buf secret;
	agent_buf_init(&secret, 16 * 1024);
	bool fine = agent_secret_resolve(site, &site->config->brain.key, "/brain/key", &secret, &err) == AGENT_OK
		&& agent_keys_of(site, site->config->audience, &keys, &err) == AGENT_OK;
	agent_secret_clear(&secret);
	put_check(out, "secrets", fine, fine ? AGENT_STR("all are there") : agent_str_cstr(err.message));
	return fine;
}

/* Behind a proxy the network rule sees names only: what they resolve to is the proxy's affair. */
static bool check_proxy(const agent_host *host, agent_buf *out)
{
	agent_error err;
	if (host->proxy.len == 0) {
		return true;
	}
	bool fine = agent_wire_proxy_check(host->proxy, &err) == AGENT_OK;
	put_check(out, "proxy", fine, fine ? AGENT_STR("agent.proxy is set: names are resolved there, so the proxy itself must refuse private addresses")
		: agent_str_cstr(err.message));
	return fine;
}

/* The site is ready. */
static void check_turns(const agent_site *site, agent_buf *out)
{
	agent_buf text;
	int64_t now_ms = site->clock.wall_ms(site->clock.state);
	int max = site->host.max_turns;
	agent_buf_init(&text, 256);
	agent_buf_addf(&text, "%d running", site->slots.count(site->slots.state, AGENT_SLOT_TURN, now_ms));
	if (max > 0) {
		agent_buf_addf(&text, " of %d at most, %d waiting", max, site->slots.count(site->slots.state, AGENT_SLOT_WAITING, now_ms));
	} else {
		agent_buf_add_lit(&text, "; agent.max_turns is 0: chat may keep every worker of the pool busy");
	}
	put_check(out, "turns", max > 0, agent_buf_str(&text));
	agent_buf_clear(&text);
}

/* {"running", "waiting", "max"}; null: no site, or one that is not ready. */
static void put_turns(agent_buf *out, const agent_site *site)
{
	agent_json_put_key(out, "turns");
	if (site == NULL) {
		agent_buf_add_lit(out, "null");
		return;
	}
	int64_t now_ms = site->clock.wall_ms(site->clock.state);
	agent_buf_add_char(out, '{');
	agent_json_put_member_int(out, "running", site->slots.count(site->slots.state, AGENT_SLOT_TURN, now_ms));
	agent_json_put_member_int(out, "waiting", site->slots.count(site->slots.state, AGENT_SLOT_WAITING, now_ms));
	agent_json_put_member_int(out, "max", site->host.max_turns);
	agent_buf_add_char(out, '}');
}

void agent_site_health(agent_site *site, const agent_host *host, agent_str version, agent_buf *out)
{
	bool ok = true, ready = false;
	agent_buf checks;
	agent_buf_init(&checks, 16 * 1024);
	agent_buf_add_char(&checks, '[');
	if (site != NULL) {
		ok = check_directory(site, &checks);
		check_configurations(site, &checks); /* a warning: agent_configure() mends it */
		ready = check_store(site, &checks);
		ok = ready && ok;
		if (ready) {
			check_turns(site, &checks); /* a warning: the host may have another guard */
		}
		ok = check_secrets(site, &checks) && ok;
	}
	if (host->allow_private.len > 0) {
		put_check(&checks, "allow_private", true, host->allow_private);
	}
	ok = check_proxy(host, &checks) && ok;
	agent_buf_add_char(&checks, ']');
	agent_buf_add_char(out, '{');
	agent_json_put_member_bool(out, "ok", ok);
	agent_json_put_member(out, "version", version);
	agent_json_put_key(out, "libraries");
	agent_libraries(out);
	agent_json_put_key(out, "site");
	if (site != NULL) {
		agent_json_put_str(out, site->config->site);
	} else {
		agent_buf_add_lit(out, "null");
	}
	agent_json_put_key(out, "checks");
	agent_buf_add(out, agent_buf_str(&checks));
	agent_json_put_key(out, "breakers");
	agent_breakers_report(ready ? site : NULL, out);
	put_turns(out, ready ? site : NULL);
	agent_buf_add_char(out, '}');
	agent_buf_clear(&checks);
}

/* SPDX-License-Identifier: MIT
 * The audit of calls that a handler of this process answers: nobody else keeps a record of them.
 * A call over HTTP is on record where it is served (serve.c). */
#include "ext/run/internal.h"
#include "ext/seal/seal.h"

static const char *summary(agent_result_class result)
{
	switch (result) {
		case AGENT_RESULT_OK:
			return "ok";
		case AGENT_RESULT_INVALID:
		case AGENT_RESULT_REFUSED:
		case AGENT_RESULT_PROOF:
			return "refused";
		default:
			return "failed";
	}
}

agent_status agent_call_audit(agent_site *site, const agent_call_options *options, agent_str arguments, agent_result_class result, int64_t latency_ms,
	agent_error *err)
{
	char digest[65];
	const agent_tool *tool = &site->config->manifest.tools[options->tool];
	if (agent_site_ready(site, err) != AGENT_OK || agent_sha256_hex(arguments, digest, err) != AGENT_OK) {
		return AGENT_ERR;
	}
	agent_audit_row row = {
		.at_ms = site->clock.wall_ms(site->clock.state), .tool = tool->name,
		.effect = tool->effect == AGENT_TOOL_WRITE ? AGENT_STR("write") : AGENT_STR("read"),
		.subject = options->has_subject ? options->subject : AGENT_STR_EMPTY, .session = options->session, .issuer = AGENT_STR_EMPTY,
		.key_id = AGENT_STR_EMPTY, .turn = options->turn, .call = options->call, .token = AGENT_STR_EMPTY, .key = AGENT_STR_EMPTY,
		.arguments_digest = agent_str_cstr(digest), .result = agent_str_cstr(summary(result)),
		.code = result == AGENT_RESULT_OK ? AGENT_STR_EMPTY : agent_str_cstr(agent_result_class_name(result)), .latency_ms = latency_ms
	};
	return site->audit.append(site->audit.state, &row, err);
}

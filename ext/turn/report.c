/* SPDX-License-Identifier: MIT
 * The finished turn as one JSON object: the record that is stored, and what Agent\Turn shows.
 * Nothing here that only the model or only the log may see. */
#include "ext/turn/internal.h"

static void put_citations(const agent_turn *turn, agent_buf *out)
{
	bool first = true;
	agent_json_put_key(out, "citations");
	agent_buf_add_char(out, '[');
	for (size_t i = 0; i < turn->passage_count; i++) {
		if ((turn->cited >> i & 1) == 0 || agent_turn_page_in(turn, turn->cited & ((UINT64_C(1) << i) - 1), i)) {
			continue;
		}
		agent_buf_add(out, first ? AGENT_STR("{") : AGENT_STR(",{"));
		agent_json_put_member(out, "id", turn->passages[i].id);
		agent_json_put_member(out, "title", turn->passages[i].title);
		agent_json_put_member(out, "url", turn->passages[i].url);
		agent_buf_add_char(out, '}');
		first = false;
	}
	agent_buf_add_char(out, ']');
}

static void put_files(const agent_turn *turn, agent_buf *out)
{
	bool first = true;
	agent_json_put_key(out, "files");
	agent_buf_add_char(out, '[');
	for (size_t i = 0; i < turn->calls.count; i++) {
		const agent_turn_call *call = agent_turn_call_at(turn, i);
		if (call->visitor.len <= 2) {
			continue;
		}
		agent_buf_add(out, first ? AGENT_STR_EMPTY : AGENT_STR(","));
		agent_buf_add(out, call->visitor);
		first = false;
	}
	agent_buf_add_char(out, ']');
}

static void put_calls(const agent_turn *turn, agent_buf *out)
{
	agent_json_put_key(out, "tool_calls");
	agent_buf_add_char(out, '[');
	for (size_t i = 0; i < turn->calls.count; i++) {
		const agent_turn_call *call = agent_turn_call_at(turn, i);
		agent_buf_add(out, i > 0 ? AGENT_STR(",{") : AGENT_STR("{"));
		agent_json_put_member(out, "id", call->id);
		agent_json_put_member(out, "name", call->name);
		agent_json_put_key(out, "arguments");
		agent_buf_add(out, call->arguments);
		agent_json_put_member(out, "result", agent_str_cstr(agent_result_class_name(call->result)));
		agent_json_put_member_int(out, "attempts", call->attempts);
		agent_json_put_member_int(out, "latency_ms", call->latency_ms);
		agent_json_put_key(out, "coercions");
		agent_buf_add(out, call->coercions.len > 0 ? call->coercions : AGENT_STR("[]"));
		agent_buf_add_char(out, '}');
	}
	agent_buf_add_char(out, ']');
}

void agent_turn_report(const agent_turn *turn, const agent_report_extra *extra, agent_buf *out)
{
	agent_buf_add_char(out, '{');
	agent_json_put_member(out, "id", turn->setup.turn);
	agent_json_put_member(out, "session", extra->session);
	agent_json_put_member(out, "outcome", agent_str_cstr(agent_outcome_name(turn->outcome)));
	agent_json_put_member_bool(out, "degraded", turn->degraded);
	agent_json_put_member(out, "reply", agent_str_trim(agent_buf_str(&turn->reply)));
	put_citations(turn, out);
	put_files(turn, out);
	put_calls(turn, out);
	agent_json_put_key(out, "confirmation");
	agent_buf_add_lit(out, "null");
	agent_json_put_key(out, "notice");
	if (turn->notice.len > 0) {
		agent_json_put_str(out, turn->notice);
	} else {
		agent_buf_add_lit(out, "null");
	}
	agent_json_put_key(out, "usage");
	agent_buf_add_char(out, '{');
	agent_json_put_member_int(out, "input", turn->usage_input);
	agent_json_put_member_int(out, "output", turn->usage_output);
	agent_json_put_member_int(out, "cached", turn->usage_cached);
	agent_json_put_member_bool(out, "estimated", turn->usage_estimated);
	agent_json_put_member_int(out, "passes", turn->budget.passes + turn->budget.repairs);
	agent_buf_add_char(out, '}');
	agent_json_put_key(out, "timings");
	agent_buf_add(out, extra->timings);
	agent_json_put_member(out, "model", extra->model);
	agent_buf_add_char(out, '}');
}

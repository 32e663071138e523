/* SPDX-License-Identifier: MIT
 * guard/: the caps of a turn.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ext/guard/budget.h"

static const agent_budget fresh = {
	.max_tokens = 3000, .max_input = 12000, .max_tools = 2, .max_wall_ms = 8000, .max_passes = 4,
};

static void each_cap_is_a_hard_stop(void **state)
{
	(void)state;
	agent_budget b = fresh;
	assert_int_equal(agent_budget_pass(&b, 12000, false), AGENT_CAP_NONE);
	assert_int_equal(agent_budget_pass(&b, 12001, false), AGENT_CAP_INPUT);
	b.tokens = 3000;
	assert_int_equal(agent_budget_pass(&b, 1, false), AGENT_CAP_TOKENS);
	b = fresh;
	b.passes = 4;
	assert_int_equal(agent_budget_pass(&b, 1, false), AGENT_CAP_PASSES);
	assert_int_equal(agent_budget_pass(&b, 1, true), AGENT_CAP_NONE);
	b.repairs = 1;
	assert_int_equal(agent_budget_pass(&b, 1, true), AGENT_CAP_PASSES);
	b = fresh;
	b.tools = 1;
	assert_int_equal(agent_budget_tool(&b), AGENT_CAP_NONE);
	b.tools = 2;
	assert_int_equal(agent_budget_tool(&b), AGENT_CAP_TOOLS);
	b.wall_ms = 7999;
	assert_false(agent_budget_late(&b));
	b.wall_ms = 8000;
	assert_true(agent_budget_late(&b));
	assert_int_equal(agent_budget_tool(&b), AGENT_CAP_WALL);
	assert_int_equal(agent_budget_pass(&b, 1, true), AGENT_CAP_WALL);
}

static void room_is_never_more_than_is_left(void **state)
{
	(void)state;
	agent_budget b = fresh;
	assert_int_equal(agent_budget_room(&b, 800), 800);
	b.tokens = 2500;
	assert_int_equal(agent_budget_room(&b, 800), 500);
	b.tokens = 4000;
	assert_int_equal(agent_budget_room(&b, 800), 0);
	assert_int_equal(agent_budget_room(&fresh, -1), 0);
	b.tokens = INT64_MAX;
	assert_int_equal(agent_budget_room(&b, 800), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_cap_is_a_hard_stop),
		cmocka_unit_test(room_is_never_more_than_is_left),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

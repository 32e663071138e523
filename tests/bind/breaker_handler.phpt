--TEST--
A handler that keeps throwing is left alone, too; refusals are answers
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

function calls(int $times, callable $handler): void
{
    $runs = 0;
    agent_tool_register('get_order_status', function (array $arguments) use ($handler, &$runs) {
        $runs++;
        return $handler();
    });
    for ($i = 0; $i < $times; $i++) {
        $result = agent_tool_call('get_order_status', ['order' => 'ABC-12345']);
    }
    $breaker = agent_health()['breakers'][0];
    echo "$result->result after $result->attempts, $runs runs; $breaker[state], $breaker[failures] of $breaker[calls]\n";
}

site_use(['site' => 'phpt1']);
calls(8, fn() => throw new Agent\ToolRefusal(404, 'not_found', 'There is no such order'));
calls(2, fn() => ['status' => 'shipped']);
site_use(['site' => 'phpt2']);
calls(7, fn() => throw new RuntimeException());
// Nobody was asked: arguments that do not fit, the breaker of another site.
echo agent_tool_call('get_order_status', ['order' => 'x'])->result, "\n";
site_use(['site' => 'phpt1']);
calls(1, fn() => ['status' => 'shipped']);
site_remove();
?>
--EXPECT--
invalid after 1, 8 runs; closed, 0 of 8
ok after 1, 2 runs; closed, 0 of 10
breaker_open after 0, 5 runs; open, 5 of 5
malformed
ok after 1, 1 runs; closed, 0 of 11

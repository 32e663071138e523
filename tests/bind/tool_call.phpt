--TEST--
agent_tool_call in this process: context, contract, results
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use(['tools' => [order_tool(), order_tool(['name' => 'cancel_order', 'effect' => 'write'])]]);
function say(Agent\ToolResult $r): void
{
    echo var_export($r->ok, true), ' ', $r->result, ' ', json_encode($r->data), ' ', json_encode($r->visitor), ' ', $r->message, ' ', $r->attempts, "\n";
}
agent_tool_register('get_order_status', function (array $arguments, array $context) {
    echo json_encode($arguments), ' ', json_encode($context), "\n";
    return ['status' => 'shipped', 'order' => $arguments['order'], 'internal_note' => 'not in the schema'];
});
say(agent_tool_call('get_order_status', ['order' => 'ABC-12345'], ['subject' => 'wp:1', 'session' => 's1', 'call_id' => 'c1']));
say(agent_tool_call('get_order_status', ['order' => 'ABC-12345']));
say(agent_tool_call('get_order_status', ['order' => 'nonsense']));
say(agent_tool_call('get_order_status', []));
agent_tool_register('cancel_order', function () { echo "must not run\n"; });
say(agent_tool_call('cancel_order', ['order' => 'ABC-12345']));
site_remove();
?>
--EXPECT--
{"order":"ABC-12345"} {"subject":"wp:1","session":"s1","turn":"","call":"c1","scope":"order:read"}
true ok {"status":"shipped","order":"ABC-12345"} []  1
{"order":"ABC-12345"} {"subject":null,"session":"","turn":"","call":"","scope":"order:read"}
true ok {"status":"shipped","order":"ABC-12345"} []  1
false malformed [] [] [{"instance":"/order","schema":"/properties/order/pattern","keyword":"pattern","message":"must match the pattern ^[A-Z]{3}-[0-9]{5}$"}] 0
false malformed [] [] [{"instance":"/order","schema":"/required","keyword":"required","message":"is required"}] 0
false refused [] [] this tool changes something and needs a confirmation 0

--TEST--
What a handler does wrong is a result, not an exception
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$sites = 0;
foreach ([
    'refusal' => fn() => throw new Agent\ToolRefusal(404, 'not_found', 'There is no such order'),
    'proof' => fn() => throw new Agent\ToolRefusal(403, 'proof_required', 'Prove it'),
    'exception' => fn() => throw new RuntimeException('private words'),
    'error' => fn() => no_such_function(),
    'no array' => fn() => 'a string',
    'null' => function () {},
    'not UTF-8' => fn() => ['status' => "\xff"],
    'empty' => fn() => [],
    'contract' => fn() => ['status' => 1],
    'subclass' => fn() => throw new class extends Agent\ToolRefusal { function __construct() {} },
] as $name => $handler) {
    site_use(['site' => 'phpt' . ++$sites]); // each with breakers of its own
    agent_tool_register('get_order_status', $handler);
    $r = agent_tool_call('get_order_status', ['order' => 'ABC-12345']);
    echo $name, ': ', $r->result, ' ', str_contains(json_encode([$r->data, $r->visitor, $r->message]), 'private') ? 'private words shown' : '', "\n";
}
site_remove();
?>
--EXPECT--
refusal: invalid 
proof: proof 
exception: failed 
error: failed 
no array: failed 
null: failed 
not UTF-8: failed 
empty: transient 
contract: transient 
subclass: invalid

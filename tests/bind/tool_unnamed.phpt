--TEST--
What output_schema does not name reaches nobody, in arrays too
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';
site_use(['tools' => [order_tool(['output_schema' => ['type' => 'object', 'properties' => [
    'any' => ['type' => 'array'],
    'first' => ['type' => 'array', 'prefixItems' => [['type' => 'string']]],
    'rows' => ['type' => 'array', 'items' => ['type' => 'object', 'properties' => ['name' => ['type' => 'string'], 'link' => ['type' => 'string', 'deliver' => 'visitor']]]],
]]])]]);
agent_tool_register('get_order_status', fn() => [
    'any' => ['secret', [], ['secret']], 'first' => ['one', 'secret'], 'other' => 'secret', 'rows' => [['name' => 'a', 'link' => 'l', 'cost' => 'secret']],
]);
$result = agent_tool_call('get_order_status', ['order' => 'ABC-12345']);
echo json_encode($result->data), "\n", json_encode($result->visitor), "\n";
site_remove();
?>
--EXPECT--
{"any":[],"first":["one"],"rows":[{"name":"a"}]}
{"rows":[{"link":"l"}]}

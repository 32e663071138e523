--TEST--
Arguments of the wrong type are read as what they plainly mean and sent so, and the turn says what was done; money keeps its digits
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28111,127.0.0.1:28112,127.0.0.1:28113,127.0.0.1:28114,127.0.0.1:28115,127.0.0.1:28116,127.0.0.1:28117,127.0.0.1:28118
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
upstream_use(['input_schema' => [
    'type' => 'object', 'additionalProperties' => false, 'required' => ['order'],
    'properties' => [
        'order' => ['type' => 'string'], 'lines' => ['type' => 'array', 'items' => ['type' => 'integer']], 'amount' => ['type' => 'number'],
        'gift' => ['type' => 'boolean'], 'since' => ['type' => 'string', 'format' => 'date-time'],
    ],
]]);
script('order', 'json {"status":"shipped"}');
foreach ([
    '{"order":"ABC-12345","lines":7,"amount":"1.10","gift":"true"}',
    '{"order":"ABC-12345","amount":19.90}',
    '{"order":12345}',
    '{"order":"ABC-12345","since":"2026-11-22T10:00:00"}',
    '{"order":"ABC-12345","lines":null}',
] as $arguments) {
    script('model', "match \"role\":\"tool\"\nwords Done.\nfinish stop\nnext\ncall get_order_status $arguments\nfinish tool_calls");
    foreach (ask('Where is my order ABC-12345?')->tool_calls[0]['coercions'] as $coercion) {
        echo "    {$coercion['instance']}: {$coercion['from']} -> {$coercion['to']}\n";
    }
}
foreach (glob(site_dir() . '/upstream/bodies/*.head') as $head) {
    if (str_starts_with(file_get_contents($head), 'POST /order/')) {
        echo file_get_contents(substr($head, 0, -4) . 'txt'), "\n";
    }
}
site_remove();
?>
--EXPECT--
answered
  get_order_status: ok
  Done.
    /lines: 7 -> [7]
    /amount: "1.10" -> 1.10
    /gift: "true" -> true
answered
  get_order_status: ok
  Done.
answered
  get_order_status: malformed
  Done.
answered
  get_order_status: malformed
  Done.
answered
  get_order_status: malformed
  Done.
{"amount":1.10,"gift":true,"lines":[7],"order":"ABC-12345"}
{"amount":19.90,"order":"ABC-12345"}

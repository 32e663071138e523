--TEST--
Half a call, an unknown tool and wrong arguments are answered once and never executed
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
upstream_use();
script('order', 'json {"status":"shipped"}');
foreach ([
    'half a call' => "call get_order_status {\"order\":\"ABC\nfinish length",
    'unknown tool' => "call delete_order {\"order\":\"ABC-12345\"}\nfinish tool_calls",
    'wrong arguments' => "call get_order_status {\"order\":7,\"x\":1}\nfinish tool_calls",
    'NUL in a key' => 'call get_order_status {"or\\u0000der":"ABC-12345"}' . "\nfinish tool_calls",
    'no object' => "call get_order_status [1]\nfinish tool_calls",
] as $name => $wrong) {
    script('model', "match \"role\":\"tool\"\nwords I cannot look that up.\nfinish stop\nnext\n$wrong");
    echo "--- $name: ";
    ask('Where is my order ABC-12345?');
    script('model', $wrong);
    ask('Where is my order ABC-12345?');
}
echo upstream_count('request c\\d+ POST /order'), " calls\n";
site_remove();
?>
--EXPECT--
--- half a call: answered
  get_order_status: malformed
  I cannot look that up.
escalated
  get_order_status: malformed
  get_order_status: malformed
  notice: I could not find an answer that I can stand behind. You can reach a person here: Contact us (https://shop.example/contact)
--- unknown tool: answered
  unknown: unknown_tool
  I cannot look that up.
escalated
  unknown: unknown_tool
  unknown: unknown_tool
  notice: I could not find an answer that I can stand behind. You can reach a person here: Contact us (https://shop.example/contact)
--- wrong arguments: answered
  get_order_status: malformed
  I cannot look that up.
escalated
  get_order_status: malformed
  get_order_status: malformed
  notice: I could not find an answer that I can stand behind. You can reach a person here: Contact us (https://shop.example/contact)
--- NUL in a key: answered
  get_order_status: malformed
  I cannot look that up.
escalated
  get_order_status: malformed
  get_order_status: malformed
  notice: I could not find an answer that I can stand behind. You can reach a person here: Contact us (https://shop.example/contact)
--- no object: answered
  get_order_status: malformed
  I cannot look that up.
escalated
  get_order_status: malformed
  get_order_status: malformed
  notice: I could not find an answer that I can stand behind. You can reach a person here: Contact us (https://shop.example/contact)
0 calls

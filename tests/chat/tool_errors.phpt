--TEST--
What goes wrong in a tool guides, is retried once, or offers a human
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
$sites = 0;
$call = <<<'S'
match "role":"tool"
words That is all I can say.
finish stop
next
call get_order_status {"order":"ABC-12345"}
finish tool_calls
S;
foreach ([
    '404' => 'status 404' . "\n" . 'json {"error":{"code":"not_found","message":"There is no such order."}}',
    '403' => 'status 403' . "\n" . 'json {"error":{"code":"forbidden","message":"Not yours."}}',
    'proof' => 'status 403' . "\n" . 'json {"error":{"code":"proof_required","message":"Prove it."}}',
    '500 once' => 'status 500' . "\n" . 'json {}' . "\nnext\n" . 'json {"status":"shipped"}',
    '500 twice' => 'status 500' . "\n" . 'json {}',
    'cut' => 'chunk {"sta' . "\ncut",
    'html' => "type text/html\nchunk <html>busy</html>",
    '10 MB' => "type application/json\nbody-size 10000000",
    'against its schema' => 'json {"order":7}',
    'no JSON' => "type application/json\nchunk {\"status\":",
    'doubled key' => 'json {"status":"a","status":"b"}',
    'too late' => "wait 5000\njson {\"status\":\"shipped\"}",
] as $name => $order) {
    upstream_use(['timeouts_ms' => 1000], [], ['site' => 'phpt' . ++$sites]); // each with breakers of its own
    script('model', $call);
    script('order', $order);
    echo "--- $name: ";
    ask('Where is my order ABC-12345?');
}
$requests = upstream_requests('model');
echo end($requests[1]['messages'])['content'], "\n";
site_remove();
?>
--EXPECT--
--- 404: answered
  get_order_status: invalid
  That is all I can say.
--- 403: answered
  get_order_status: refused
  That is all I can say.
--- proof: needs_proof
  get_order_status: proof
  notice: Before I can show this, please confirm that it is yours.
--- 500 once: answered
  get_order_status: ok after 2 attempts
  That is all I can say.
--- 500 twice: answered (degraded)
  get_order_status: transient after 2 attempts
  That is all I can say.
  notice: Our order system cannot be reached at the moment, so I can only answer from our help pages. You can reach a person here: Contact us (https://shop.example/contact)
--- cut: answered (degraded)
  get_order_status: transient after 2 attempts
  That is all I can say.
  notice: Our order system cannot be reached at the moment, so I can only answer from our help pages. You can reach a person here: Contact us (https://shop.example/contact)
--- html: answered (degraded)
  get_order_status: transient after 2 attempts
  That is all I can say.
  notice: Our order system cannot be reached at the moment, so I can only answer from our help pages. You can reach a person here: Contact us (https://shop.example/contact)
--- 10 MB: answered (degraded)
  get_order_status: transient after 2 attempts
  That is all I can say.
  notice: Our order system cannot be reached at the moment, so I can only answer from our help pages. You can reach a person here: Contact us (https://shop.example/contact)
--- against its schema: answered (degraded)
  get_order_status: transient after 2 attempts
  That is all I can say.
  notice: Our order system cannot be reached at the moment, so I can only answer from our help pages. You can reach a person here: Contact us (https://shop.example/contact)
--- no JSON: answered (degraded)
  get_order_status: transient after 2 attempts
  That is all I can say.
  notice: Our order system cannot be reached at the moment, so I can only answer from our help pages. You can reach a person here: Contact us (https://shop.example/contact)
--- doubled key: answered (degraded)
  get_order_status: transient after 2 attempts
  That is all I can say.
  notice: Our order system cannot be reached at the moment, so I can only answer from our help pages. You can reach a person here: Contact us (https://shop.example/contact)
--- too late: escalated
  get_order_status: timeout
  notice: Our order system did not answer in time. You can reach a person here: Contact us (https://shop.example/contact)
{"error":{"type":"invalid","message":"There is no such order."}}

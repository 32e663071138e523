--TEST--
A stream that breaks its rules ends in the local brain or in a cut answer, never in a crash
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
$sites = 0;
foreach ([
    '20 MB delta' => "type text/event-stream\nbody-size 20000000",
    'invalid UTF-8' => 'type text/event-stream' . "\n" . 'chunk data: {"choices":[{"index":0,"delta":{"content":"\xff\xfe"}}]}\n\n' . "\nfinish stop",
    'NUL in a key' => 'sse {"choices":[{"index":0,"delta":{"con\\u0000tent":"x"}}]}' . "\nfinish stop",
    'error in a 200 stream' => "words Hello there.\nsse {\"error\":{\"message\":\"overloaded\"}}",
    'error at once' => "sse {\"error\":{\"message\":\"overloaded\"}}",
    'no end' => "words Hello there. And\nclose",
    'cut' => "words Hello there. And\ncut",
    'HTML' => "type text/html\nchunk <h1>502</h1>",
    '500' => "status 500\njson {}",
    '401' => "status 401\njson {\"error\":{\"message\":\"bad key\"}}",
] as $name => $script) {
    upstream_use([], ['retries' => 0], ['site' => 'phpt' . ++$sites]); // each with breakers of its own
    agent_knowledge_put(['id' => 'r', 'title' => 'Returns', 'url' => 'https://shop.example/returns', 'text' => 'You can return an item within 30 days of delivery.']);
    script('model', $script);
    echo "--- $name: ";
    ask('How long may I return an item?');
}
site_remove();
?>
--EXPECT--
--- 20 MB delta: answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
--- invalid UTF-8: answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
--- NUL in a key: answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
--- error in a 200 stream: answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
--- error at once: answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
--- no end: escalated
  Hello there.
  notice: My answer was cut short. You can reach a person here: Contact us (https://shop.example/contact)
--- cut: escalated
  Hello there.
  notice: My answer was cut short. You can reach a person here: Contact us (https://shop.example/contact)
--- HTML: answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
--- 500: answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."
--- 401: answered (degraded)
  According to Returns (https://shop.example/returns): "You can return an item within 30 days of delivery."

--TEST--
A turn whose tool is left alone says so and answers from what it has
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
upstream_use(['retries' => 0]);
script('order', "status 500\njson {}");
for ($i = 0; $i < 5; $i++) {
    agent_tool_call('get_order_status', ['order' => 'ABC-12345']);
}
script('model', <<<'S'
match "role":"tool"
words That is all I can say.
finish stop
next
call get_order_status {"order":"ABC-12345"}
finish tool_calls
S);
$events = [];
ask('Where is my order ABC-12345?', function (Agent\Event $event) use (&$events) {
    if ($event->kind === 'tool') {
        $events[] = $event->data['status'];
    }
});
echo implode(' ', $events), "\n";
echo count(upstream_requests('order')), " requests to the tool\n";
site_remove();
?>
--EXPECT--
answered (degraded)
  get_order_status: breaker_open
  That is all I can say.
  notice: Our order system cannot be reached at the moment, so I can only answer from our help pages. You can reach a person here: Contact us (https://shop.example/contact)
started breaker_open
5 requests to the tool

--TEST--
An order is looked up over HTTP and the checked answer is streamed sentence by sentence
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
upstream_use();
script('order', 'json {"order":"ABC-12345","status":"shipped on 2026-11-19"}');
script('model', <<<'S'
words Let me look that up.
call get_order_status {"order":"ABC-12345"}
finish tool_calls
next
words Your order ABC-12345 was shipped on November 19. Is there anything else?
finish stop
S);
ask('Where is my order ABC-12345?', function (Agent\Event $event) {
    echo $event->kind === 'text' ? '[' . trim($event->text) . "]\n" : "($event->kind" . ($event->kind === 'tool' ? " {$event->data['status']}" : '') . ")\n";
});
[$first, $second] = upstream_requests('model');
echo implode(' ', array_column($first['messages'], 'role')), "\n", implode(' ', array_column($second['messages'], 'role')), "\n";
echo upstream_count('open') <= 2 ? "warm\n" : upstream_log();
site_remove();
?>
--EXPECT--
(state)
(state)
[Let me look that up.]
(state)
(tool started)
(state)
(tool ok)
(state)
[Your order ABC-12345 was shipped on November 19.]
[Is there anything else?]
(state)
(end)
answered
  get_order_status: ok
  Let me look that up. / Your order ABC-12345 was shipped on November 19. Is there anything else?
system user
system user assistant tool
warm

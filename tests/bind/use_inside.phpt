--TEST--
agent_use and agent_configure inside a callback: the running turn keeps its site and its handlers
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$first = site_use();
agent_tool_register('get_order_status', fn(array $a) => ['status' => 'of the first']);
$session = agent_session_start();
$turn = agent_chat($session, 'Where is my order ABC-12345?', function (Agent\Event $e) use (&$second) {
    if ($e->kind === 'state' && $second === null) {
        $second = site_use(['locale' => 'de']);
        agent_tool_register('get_order_status', fn(array $a) => ['status' => 'of the second']);
    }
});
echo $turn->tool_calls[0]['result'], ' ', str_contains($turn->reply, 'of the first') ? 'of the first' : $turn->reply, "\n";
echo agent_tool_call('get_order_status', ['order' => 'ABC-12345'])->data['status'], "\n";
agent_use($first);
echo agent_tool_call('get_order_status', ['order' => 'ABC-12345'])->data['status'], "\n";
site_remove();
?>
--EXPECT--
ok of the first
of the second
of the first

--TEST--
A repeated message id gives the same turn and runs no tool again
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use();
$runs = 0;
agent_tool_register('get_order_status', function (array $a) use (&$runs) { $runs++; return ['status' => 'shipped']; });
$session = agent_session_start();
$one = agent_chat($session, 'Where is my order ABC-12345?', null, ['message_id' => 'm1']);
$two = agent_chat($session, 'Where is my order ABC-12345?', null, ['message_id' => 'm1']);
echo $one->id === $two->id ? 'same turn' : 'another turn', ' ', $one->reply === $two->reply ? 'same reply' : 'another reply', " $runs\n";
site_remove();
?>
--EXPECT--
same turn same reply 1

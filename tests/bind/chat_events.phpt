--TEST--
agent_chat: events in order, the end last, the turn as the session keeps it
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use();
agent_tool_register('get_order_status', fn(array $a) => ['order' => $a['order'], 'status' => 'shipped']);
$session = agent_session_start();
$kinds = [];
$text = '';
$turn = agent_chat($session, 'Where is my order ABC-12345?', function (Agent\Event $e) use (&$kinds, &$text) {
    $kinds[] = $e->kind;
    $text .= $e->kind === 'text' ? $e->text : '';
    if ($e->kind === 'end') {
        echo 'end: ', $e->data['outcome'], "\n";
    }
});
echo $kinds[0], ' ', end($kinds), ' ', array_count_values($kinds)['end'], "\n";
echo $turn->outcome::class, ' ', $turn->outcome->name, ' ', $turn->session === $session ? 'session' : '?', "\n";
echo trim($text) === trim($turn->reply) ? "the sentences are the reply\n" : "reply: $turn->reply\ntext: $text\n";
echo $turn->tool_calls[0]['name'], ' ', $turn->tool_calls[0]['result'], ' ', json_encode($turn->tool_calls[0]['arguments']), "\n";
echo str_contains($turn->reply, 'shipped') ? "shipped\n" : $turn->reply . "\n";
echo history($session), "\n";
try {
    $turn->reply = 'x';
} catch (Error $e) {
    echo $e->getMessage(), "\n";
}
$again = agent_chat($session, 'Where is my order ABC-12345?');
echo $again->id !== $turn->id ? "another turn\n" : "the same turn\n";
echo history($session), "\n";
site_remove();
?>
--EXPECT--
end: answered
state end 1
Agent\Outcome Answered session
the sentences are the reply
get_order_status ok {"order":"ABC-12345"}
shipped
answered, balanced
Cannot modify readonly property Agent\Turn::$reply
another turn
answered answered, balanced

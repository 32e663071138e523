--TEST--
A process killed at any event: the repeated message is answered, the tool's handler ran once, the history is balanced
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/backend.php.inc';
$digest = backend_start();
for ($event = 1, $killed = true; $killed; $event++) {
    @unlink(site_dir() . '/calls');
    $session = agent_session_start('wp:1');
    $killed = run_killed($digest, $session, 'm1', $event);
    $turn = agent_chat($session, 'Where is my order ABC-12345?', null, ['subject' => 'wp:1', 'message_id' => 'm1']);
    $again = agent_chat($session, 'Where is my order ABC-12345?', null, ['subject' => 'wp:1', 'message_id' => 'm1']);
    $turns = agent_session_get($session, ['subject' => 'wp:1'])['turns'];
    $fine = $turn->outcome === Agent\Outcome::Answered && $again == $turn && count($turns) === 1 && balanced($session) && str_contains($turn->reply, 'shipped');
    echo $event, ': ', $killed ? 'killed' : 'lived', ', ', $fine ? 'answered' : var_export($turn, true), ', ', backend_calls(), " call\n";
}
backend_stop();
site_remove();
?>
--EXPECTF--
1: killed, answered, 1 call
2: killed, answered, 1 call
3: killed, answered, 1 call
4: killed, answered, 1 call
5: killed, answered, 1 call
6: killed, answered, 1 call
7: killed, answered, 1 call
8: killed, answered, 1 call
9: %s, answered, 1 call%A

--TEST--
What runs upstream is cancelled when the callback throws or exits, and when the model stalls
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
upstream_use([], [], ['budget' => ['wall_ms' => 2400]]);
script('model', "pace 50\ntext Hello there. \nrepeat 200\nfinish stop");
$session = agent_session_start('wp:1');
try {
    agent_chat($session, 'Hi', function (Agent\Event $event) {
        if ($event->kind === 'text') {
            throw new DomainException('enough');
        }
    }, ['subject' => 'wp:1']);
} catch (DomainException $e) {
    echo $e->getMessage(), "\n";
}
var_dump(upstream_says('gone'), balanced($session));
$turns = agent_session_get($session, ['subject' => 'wp:1'])['turns'];
echo count($turns), ' ', $turns[0]['record']['outcome'], "\n";
script('model', "words Hello there.\nstall");
ask('Hi again', null, $session);
var_dump(upstream_says('gone', 2));
script('model', "words Hello there. And\nstall");
ask('Hi once more', null, $session);
var_dump(upstream_says('gone', 3));
site_remove();
?>
--EXPECT--
enough
bool(true)
bool(true)
1 interrupted
asked (degraded)
  Hello! How can I help you today?
bool(true)
escalated
  Hello there.
  notice: My answer was cut short. You can reach a person here: Contact us (https://shop.example/contact)
bool(true)

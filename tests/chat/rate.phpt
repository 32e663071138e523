--TEST--
Messages over the session's or the address's rate are shed with a notice, and leave no turn behind
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
site_use(['rate' => ['session' => '3/10m', 'address' => '5/h']]);
function outcomes(string $session, int $count): string
{
    $outcomes = [];
    for ($i = 0; $i < $count; $i++) {
        $outcomes[] = agent_chat($session, 'Hello', null, ['address' => '192.0.2.7'])->outcome->value;
    }
    return implode(' ', $outcomes);
}
$first = agent_session_start();
$second = agent_session_start();
echo outcomes($first, 4), "\n", outcomes($second, 3), "\n";
echo agent_chat(agent_session_start(), 'Hello', null, ['address' => '192.0.2.8'])->outcome->value, "\n"; // another address
$turn = agent_chat($first, 'Hello', function (Agent\Event $event) {
    echo "$event->kind: $event->text\n";
});
echo $turn->reply === '' && $turn->tool_calls === [] ? "nothing done\n" : "?\n";
echo count(agent_session_get($first)['turns']), "\n";
// Without a rate in the configuration: 20 in ten minutes.
site_use(['site' => 'default']);
$session = agent_session_start();
echo array_count_values(explode(' ', outcomes($session, 21)))['shed'], "\n";
site_remove();
?>
--EXPECT--
asked asked asked shed
asked asked shed
asked
notice: You have sent many messages in a short time. Please wait a little and send it again.
end: 
nothing done
3
1

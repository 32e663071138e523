--TEST--
More turns than may run at once: the surplus is shed with a notice, and every end of a turn gives its place back
--EXTENSIONS--
agent
--INI--
agent.max_turns=1
agent.queue_ms=0
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$digest = site_use();

/** The outcome of a message in another worker. */
function elsewhere(string $end = ''): string
{
    global $digest;
    $code = 'agent_use($argv[1]); $turn = agent_chat(agent_session_start(), "Hello", function ($e) { ' . $end . ' });'
        . 'echo $turn->outcome->value, $turn->notice === null ? "" : ": $turn->notice";';
    $command = array_merge(php_command(['agent.max_turns' => '1', 'agent.queue_ms' => '0', 'display_errors' => '0']), ['-r', $code, '--', $digest]);
    $process = proc_open($command, [1 => ['pipe', 'w']], $pipes);
    $said = trim(stream_get_contents($pipes[1]));
    proc_close($process);
    return $said;
}

function turns(): string
{
    return array_column(agent_health()['checks'], 'message', 'name')['turns'];
}

$session = agent_session_start();
$told = false;
$turn = agent_chat($session, 'Hello', function (Agent\Event $event) use (&$told) {
    if (!$told) {
        $told = true;
        echo turns(), "\n", elsewhere(), "\n";
        // A turn inside a turn keeps no second worker busy.
        echo agent_chat(agent_session_start(), 'Hello')->outcome->value, "\n", turns(), "\n";
    }
});
echo $turn->outcome->value, "\n", turns(), "\n", elsewhere(), "\n";

try {
    agent_chat($session, 'Hello', fn() => throw new LogicException('thrown'));
} catch (LogicException $e) {
    echo $e->getMessage(), ': ', turns(), "\n";
}
// Ends that no function of the language sees.
foreach (['exit(1);', 'exec("kill -9 " . getmypid());'] as $end) {
    echo $end, ' ', elsewhere($end), ' ', turns(), ' ', elsewhere(), "\n";
}
echo count(agent_session_get($session)['turns']), "\n";
site_remove();
?>
--EXPECT--
1 running of 1 at most, 0 waiting
shed: Many visitors are asking just now. Please send your message again in a moment.
asked
1 running of 1 at most, 0 waiting
asked
0 running of 1 at most, 0 waiting
asked
thrown: 0 running of 1 at most, 0 waiting
exit(1);  0 running of 1 at most, 0 waiting asked
exec("kill -9 " . getmypid());  0 running of 1 at most, 0 waiting asked
2

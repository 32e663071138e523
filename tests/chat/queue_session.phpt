--TEST--
A turn that waits for another one of its session takes no place from other visitors' turns
--EXTENSIONS--
agent
--INI--
agent.max_turns=2
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$digest = site_use(['budget' => ['wall_ms' => 60000]]);
$session = agent_session_start();

/** @return array{resource, resource} a worker with a message */
function worker(string $session): array
{
    global $digest;
    $code = 'agent_use($argv[1]); $turn = agent_chat($argv[2], "Hello"); echo $turn->outcome->value, $turn->notice === null ? "" : ": $turn->notice";';
    $process = proc_open(array_merge(php_command(['agent.max_turns' => '2']), ['-r', $code, '--', $digest, $session]), [1 => ['pipe', 'w']], $pipes);
    return [$process, $pipes[1]];
}

function answer(array $worker): string
{
    $text = stream_get_contents($worker[1]);
    proc_close($worker[0]);
    return $text;
}

function until(string $turns): void
{
    for ($i = 0; $i < 1000 && ($said = array_column(agent_health()['checks'], 'message', 'name')['turns']) !== $turns; $i++) {
        usleep(10000);
    }
    echo $said, "\n";
}

$first = true;
agent_chat($session, 'Hello', function () use (&$first, &$patient, $session) {
    if ($first) {
        $first = false;
        $patient = [worker($session), worker($session)];
        until('1 running of 2 at most, 2 waiting');
        echo answer(worker(agent_session_start())), "\n";
        echo answer(worker($session)), "\n";
        until('1 running of 2 at most, 2 waiting');
    }
});
echo answer($patient[0]), ' ', answer($patient[1]), "\n";
until('0 running of 2 at most, 0 waiting');
echo count(agent_session_get($session)['turns']), "\n";
site_remove();
?>
--EXPECT--
1 running of 2 at most, 2 waiting
asked
shed: Another message of this conversation is still being answered. Please send it again in a moment.
1 running of 2 at most, 2 waiting
asked asked
0 running of 2 at most, 0 waiting
3

--TEST--
A turn waits for another one's place, as long as agent.queue_ms says; one more than may wait is shed at once
--EXTENSIONS--
agent
--INI--
agent.max_turns=1
agent.queue_ms=60000
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$digest = site_use();

/** @return array{resource, array} a worker with a message of its own */
function worker(int $queue_ms): array
{
    global $digest;
    $code = 'agent_use($argv[1]); $turn = agent_chat(agent_session_start(), "Hello"); echo $turn->outcome->value;';
    $command = array_merge(php_command(['agent.max_turns' => '1', 'agent.queue_ms' => (string) $queue_ms]), ['-r', $code, '--', $digest]);
    $process = proc_open($command, [1 => ['pipe', 'w']], $pipes);
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
agent_chat(agent_session_start(), 'Hello', function (Agent\Event $event) use (&$first, &$patient) {
    if ($first) {
        $first = false;
        $patient = worker(60000);
        until('1 running of 1 at most, 1 waiting');
        echo answer(worker(60000)), "\n"; // no room to wait in
        proc_terminate($patient[0], 9);
        until('1 running of 1 at most, 0 waiting');
        answer($patient);
        echo answer(worker(30)), "\n"; // waits, and is shed
        until('1 running of 1 at most, 0 waiting');
        $patient = worker(60000);
        until('1 running of 1 at most, 1 waiting');
    }
});
echo answer($patient), "\n";
until('0 running of 1 at most, 0 waiting');
site_remove();
?>
--EXPECT--
1 running of 1 at most, 1 waiting
shed
1 running of 1 at most, 0 waiting
shed
1 running of 1 at most, 0 waiting
1 running of 1 at most, 1 waiting
asked
0 running of 1 at most, 0 waiting

--TEST--
A tool that keeps failing is left alone by all processes, tried again with one call, and used again when that succeeds
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';

$digest = upstream_use(['retries' => 0]);

function call(): Agent\ToolResult
{
    return agent_tool_call('get_order_status', ['order' => 'ABC-12345'], ['subject' => 'wp:1']);
}

function breaker(): array
{
    return array_column(agent_health()['breakers'], null, 'key')['tool:get_order_status'];
}

function wait_until(string $state): void
{
    for ($i = 0; $i < 1000 && breaker()['state'] !== $state; $i++) {
        usleep(10000);
    }
    echo 'it is ', breaker()['state'], "\n";
}

function elsewhere(string $digest): void
{
    $code = 'agent_use($argv[1]); $r = agent_tool_call("get_order_status", ["order" => "ABC-12345"]); echo "elsewhere: ", $r->result, ", ", agent_health()["breakers"][0]["state"], "\n";';
    $process = proc_open([...php_command(['agent.allow_private' => ini_get('agent.allow_private')]), '-r', $code, '--', $digest], [1 => ['pipe', 'w'], 2 => ['pipe', 'w']], $pipes);
    echo stream_get_contents($pipes[1]), stream_get_contents($pipes[2]);
    proc_close($process);
}

echo count(agent_health()['breakers']), " breakers before the first call\n";
script('order', "status 500\njson {}");
for ($i = 1; $i <= 5; $i++) {
    echo call()->result, ' ', breaker()['state'], "\n";
}
$open = breaker();
echo "$open[failures] of $open[calls]; ", $open['retry_in_ms'] > 0 && $open['retry_in_ms'] <= 1000 ? 'again within a second' : $open['retry_in_ms'], "\n";
$result = call();
echo $result->result, ', ', $result->attempts, " attempts, $result->message\n";
elsewhere($digest);
echo upstream_count('request'), " requests\n";

// The one call of the half-open breaker fails: twice as long.
wait_until('half_open');
echo call()->result, ', then ', call()->result, "\n";
echo breaker()['retry_in_ms'] > 1000 ? "twice as long\n" : "?\n";
echo upstream_count('request'), " requests\n";

script('order', 'json {"order":"ABC-12345","status":"shipped"}');
wait_until('half_open');
elsewhere($digest);
echo call()->result, "\n";
$closed = breaker();
echo "$closed[state], $closed[failures] of $closed[calls], ", is_float($closed['p50_ms']) && $closed['p50_ms'] <= $closed['p95_ms'] ? 'known' : '?', ", $closed[retry_in_ms] ms\n";
site_remove();
?>
--EXPECT--
0 breakers before the first call
transient closed
transient closed
transient closed
transient closed
transient open
5 of 5; again within a second
breaker_open, 0 attempts, the tool failed too often just now; it is left alone for a moment
elsewhere: breaker_open, open
5 requests
it is half_open
transient, then breaker_open
twice as long
6 requests
it is half_open
elsewhere: ok, closed
ok
closed, 0 of 1, known, 0 ms

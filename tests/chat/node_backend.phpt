--TEST--
The example backend in Node: the agent calls it with its own key, answers and refusals come back, a new key is fetched
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/node_backend.php.inc';

$port = node_start();
$code = <<<'PHP'
    require $argv[1];
    $port = $argv[2];
    $tool = fn (string $name) => order_tool(['name' => $name, 'url' => "http://127.0.0.1:$port/$name", 'retries' => 0, 'scope' => 'order:read',
        'input_schema' => ['type' => 'object', 'properties' => ['order_number' => ['type' => 'string']], 'required' => ['order_number'], 'additionalProperties' => false],
        'output_schema' => ['type' => 'object', 'required' => ['status'], 'properties' => ['status' => ['type' => 'string'], 'tracking_url' => ['type' => 'string', 'format' => 'uri']]]]);
    site_use(['tools' => [$tool('get_order_status')], 'backend' => ['audience' => NODE_AUDIENCE, 'algorithm' => 'EdDSA']]);
    $call = function (string $number, array $options = ['subject' => 'customer:42']): void {
        $result = agent_tool_call('get_order_status', ['order_number' => $number], $options);
        echo $result->result, ' ', json_encode($result->data, JSON_UNESCAPED_SLASHES), ' ', $result->message, "\n";
    };
    echo "Nobody has told the backend of the key: ";
    $call('ABC-12345');
    node_keys(agent_token_key_set());
    sleep(1); // strangers cannot make it ask more often
    usleep(100000);
    $call('ABC-12345');
    echo "Another's order, none, a number that is none, a guest:\n";
    $call('ABC-12346');
    $call('ABC-99999');
    $call('abc');
    $call('ABC-12345', []);
    $old = agent_token_key_set()['keys'][0]['kid'];
    $new = agent_token_key_rotate();
    $set = agent_token_key_set();
    node_keys($set);
    usleep(1100000);
    echo 'A new key', array_column($set['keys'], 'kid') === [$new, $old] ? ', beside the old one: ' : ', alone: ';
    $call('ABC-12345');
    site_remove();
    PHP;
$command = [...php_command(['agent.allow_private' => "127.0.0.1:$port"]), '-r', $code, '--', __DIR__ . '/../support/node_backend.php.inc', (string) $port];
$child = proc_open($command, [['file', '/dev/null', 'r'], ['pipe', 'w'], ['pipe', 'w']], $pipes, null, ['AGENT_TEST_PUBLIC' => site_dir() . '/public'] + getenv());
echo stream_get_contents($pipes[1]), stream_get_contents($pipes[2]);
proc_close($child);
echo node_complaints();
node_stop();
site_remove();
?>
--EXPECT--
Nobody has told the backend of the key: refused [] the request needs a valid token
ok {"status":"shipped","tracking_url":"https://track.example/ABC-12345"} 
Another's order, none, a number that is none, a guest:
invalid [] There is no such order in this account.
invalid [] There is no such order in this account.
invalid [] the arguments do not fit the tool's schema
invalid [] There is no such order in this account.
A new key, beside the old one: ok {"status":"shipped","tracking_url":"https://track.example/ABC-12345"}

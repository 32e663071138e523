--TEST--
Calls go through agent.proxy, except those agent.allow_private names; health says who must filter then
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

// A proxy that notes what it is told and refuses, and a server beside it.
$proxy = stream_socket_server('tcp://127.0.0.1:0');
$direct = stream_socket_server('tcp://127.0.0.1:0');
$names = array_map(fn ($s) => stream_socket_get_name($s, false), [$proxy, $direct]);
$code = <<<'PHP'
    require $argv[1];
    $tool = fn (string $name, string $url) => order_tool(['name' => $name, 'url' => $url, 'retries' => 0, 'timeouts_ms' => 5000]);
    site_use(['tools' => [$tool('outside', 'https://tools.example/order'), $tool('inside', "http://$argv[2]/order")]]);
    foreach (agent_health()['checks'] as $check) {
        echo $check['name'] === 'proxy' ? var_export($check['ok'], true) . " $check[message]\n" : '';
    }
    foreach (['outside', 'inside'] as $name) {
        $result = agent_tool_call($name, ['order' => 'ABC-12345'], ['subject' => 'wp:42']);
        echo $name, ': ', $result->result, ' ', $result->message, "\n";
    }
    site_remove();
    PHP;
function child(string $proxy, string $direct, string $code): array
{
    $command = [...php_command(['agent.proxy' => $proxy, 'agent.allow_private' => $direct]), '-r', $code, '--', __DIR__ . '/../support/site.php.inc', $direct];
    $child = proc_open($command, [1 => ['pipe', 'w'], 2 => STDERR], $pipes, null, ['http_proxy' => 'http://127.0.0.1:1', 'NO_PROXY' => '*'] + getenv());
    return [$child, $pipes[1]];
}
function hear($server, string $answer): string
{
    $connection = stream_socket_accept($server, 20);
    $head = '';
    while (!str_contains($head, "\r\n\r\n") && ($bytes = fread($connection, 8192)) !== '' && $bytes !== false) {
        $head .= $bytes;
    }
    fwrite($connection, $answer);
    fclose($connection);
    return preg_replace('~:\d+~', ':PORT', strtok($head, "\r\n")) . (stripos($head, 'authorization') !== false ? ', with a token' : ', without a token');
}
[$child, $out] = child("http://$names[0]", $names[1], $code);
echo hear($proxy, "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"), "\n";
echo hear($direct, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n{\"status\":\"there\"}"), "\n";
echo preg_replace('~:\d+~', ':PORT', stream_get_contents($out));
proc_close($child);
[$child, $out] = child('socks5://127.0.0.1:1080', $names[1], $code);
hear($direct, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
echo strtok(stream_get_contents($out), "\n"), "\n";
proc_close($child);
?>
--EXPECT--
CONNECT tools.example:PORT HTTP/1.1, without a token
POST /order HTTP/1.1, with a token
true agent.proxy is set: names are resolved there, so the proxy itself must refuse private addresses
outside: transient the proxy (agent.proxy) answered 403 and did not connect to tools.example:PORT
inside: ok 
false agent.proxy is not "http://host:port"

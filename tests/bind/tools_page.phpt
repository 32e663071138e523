--TEST--
tools.md: its manifest, its errors, its backend and its exchange are what they are said to be
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

preg_match_all('~^```\w+ (\w+)\n(.*?)\n```$~ms', file_get_contents(__DIR__ . '/../../tools.md'), $blocks);
$page = array_combine($blocks[1], $blocks[2]);
$manifest = json_decode($page['manifest'], true, 32, JSON_THROW_ON_ERROR);
$audience = json_decode($page['claims'], true)['aud'];
$config = fn (array $tool, array $backend = []) => ['tools' => [$tool], 'backend' => ['audience' => $audience] + $backend];
$differs = function (string $what, mixed $page, mixed $real): void {
    if ($page !== $real) {
        echo "$what\n  tools.md: ", is_string($page) ? $page : json_encode($page), "\n  real:     ", is_string($real) ? $real : json_encode($real), "\n";
    }
};

// --- the manifest and its errors
foreach (explode("\n", $page['errors']) as $line) {
    preg_match('~^(\{.*?\}) {2,}(/.*)$~', $line, $m);
    try {
        site_use($config(array_replace_recursive($manifest, json_decode($m[1], true))));
        echo "taken: $line\n";
    } catch (Agent\ConfigException | Agent\HttpException $e) {
        $differs($m[1], $m[2], $e->getMessage());
    }
}
$digest = site_use($config($manifest));
echo count(explode("\n", $page['errors'])), " errors\n";

// --- the backend
file_put_contents(site_dir() . '/digest', $digest);
function serve_with(string $code): array
{
    file_put_contents(site_dir() . '/tools.php', "$code\n");
    $probe = stream_socket_server('tcp://127.0.0.1:0');
    $address = stream_socket_get_name($probe, false);
    fclose($probe);
    $log = ['file', site_dir() . '/log', 'a'];
    $server = proc_open([...php_command(), '-S', $address, site_dir() . '/tools.php'], [['file', '/dev/null', 'r'], $log, $log], $pipes);
    for ($i = 0; $i < 500 && !@stream_socket_client("tcp://$address"); $i++) {
        usleep(20000);
    }
    return [$server, $address];
}
[$server, $address] = serve_with($page['serve']);
$path = parse_url($manifest['url'], PHP_URL_PATH);
$ask = function (string $body, array $claims = [], array $more = []) use (&$address, $path, $audience): string {
    $method = $more['method'] ?? 'POST';
    $token = agent_token_issue($claims + ['aud' => $audience, 'sub' => 'customer:42', 'scope' => 'order:read', 'session' => 's', 'call' => 'c', 'dig' => hash('sha256', "$method\n$path\n$body\n")]);
    $headers = ['Content-Type: application/json', 'Authorization: ' . ($more['authorization'] ?? "Bearer $token")];
    $answer = file_get_contents("http://$address$path", false, stream_context_create(['http' => ['method' => $method, 'header' => $headers, 'content' => $body, 'ignore_errors' => true]]));
    return substr($http_response_header[0], 9, 3) . " $answer";
};
$body = explode("\n\n", $page['request'])[1];
$real = [
    $ask($body),
    $ask('{"order_number":"abc"}'),
    $ask($body, [], ['authorization' => '']),
    $ask($body, ['dig' => hash('sha256', 'other')]),
    $ask($body, ['scope' => 'invoice:read']),
    $ask($body, ['sub' => 'customer:7']),
    $ask($body, [], ['method' => 'PUT']),
];
for ($i = 0; $i < 31; $i++) {
    $last = $ask($body, ['sub' => 'customer:8', 'session' => 'r']);
}
$real[] = $last;
proc_terminate($server, 9);
proc_close($server);
[$server, $address] = serve_with(str_replace("['status' =>", "['state' =>", $page['serve']));
$real[] = $ask($body);
proc_terminate($server, 9);
proc_close($server);
$numbers = fn (string $text) => preg_replace('~"retry_after_ms":\d+~', '"retry_after_ms":N', $text);
$differs('refusals', explode("\n", $numbers($page['refusals'])), array_map($numbers, $real));
echo count($real), " answers\n";

// --- the exchange: what the agent sends
$listener = stream_socket_server('tcp://127.0.0.1:0');
$here = stream_socket_get_name($listener, false);
$code = 'require $argv[1]; site_use(json_decode($argv[2], true)); echo agent_tool_call("get_order_status", ["order_number" => "ABC-12345"], ["subject" => "customer:42", "call_id" => "k"])->result; site_remove();';
$child = proc_open([...php_command(['agent.allow_private' => $here]), '-r', $code, '--', __DIR__ . '/../support/site.php.inc',
    json_encode($config(['url' => "http://$here$path"] + $manifest))], [['file', '/dev/null', 'r'], ['pipe', 'w'], STDERR], $pipes);
$connection = stream_socket_accept($listener, 20);
$sent = '';
while (!str_ends_with($sent, '}') && ($bytes = fread($connection, 8192)) !== '' && $bytes !== false) {
    $sent .= $bytes;
}
fwrite($connection, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{\"status\":\"shipped\"}");
fclose($connection);
echo stream_get_contents($pipes[1]), "\n";
proc_close($child);
/** Line and body; headers by name, without those the page leaves out. */
$parts = function (string $text): array {
    [$head, $body] = preg_split('~\r?\n\r?\n~', $text, 2);
    $lines = preg_split('~\r?\n~', $head);
    $line = array_shift($lines);
    $headers = [];
    foreach ($lines as $one) {
        [$name, $value] = explode(': ', $one, 2);
        $headers[$name] = $value;
    }
    $left = array_diff_key($headers, ['Host' => 1, 'User-Agent' => 1, 'Content-Length' => 1]);
    return [$line, $left, $body];
};
[$line, $headers, $sent_body] = $parts($sent);
[$page_line, $page_headers, $page_body] = $parts($page['request']);
$differs('request line and body', [$page_line, $page_body], [$line, $sent_body]);
$differs('names of headers', array_keys($page_headers), array_keys($headers));
$differs('the second token', $headers['Authorization'], $headers['X-Agent-Authorization']);
foreach (['Accept', 'Content-Type'] as $name) {
    $differs($name, $page_headers[$name], $headers[$name]);
}
$names = fn (string $json) => array_keys(json_decode($json, true));
$bytes = fn (string $text) => base64_decode(strtr($text, '-_', '+/'));
[$h, $c] = explode('.', substr($headers['Authorization'], 7));
// A call by hand is of no session.
$differs('names of claims', array_values(array_diff($names($page['claims']), ['session', 'turn'])), array_values(array_diff($names($bytes($c)), ['session', 'turn'])));
$differs('names in the header', $names($page['header']), $names($bytes($h)));

// --- the token of the page: of RFC 8037's key
$seed = hex2bin('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
file_put_contents(site_dir() . '/key.pem', "-----BEGIN PRIVATE KEY-----\n" . base64_encode(hex2bin('302e020100300506032b657004220420') . $seed) . "\n-----END PRIVATE KEY-----\n");
chmod(site_dir() . '/key.pem', 0600);
site_use($config($manifest, ['algorithm' => 'EdDSA', 'key' => ['file' => site_dir() . '/key.pem']]));
$differs('keys', $page['keys'], json_encode(agent_token_key_set(), JSON_UNESCAPED_SLASHES));
$url = fn (string $bytes) => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
$text = $url($page['header']) . '.' . $url($page['claims']);
$secret = sodium_crypto_sign_secretkey(sodium_crypto_sign_seed_keypair($seed));
$differs('token', substr($page_headers['Authorization'], 7), "$text." . $url(sodium_crypto_sign_detached($text, $secret)));
$claims = json_decode($page['claims'], true);
$differs('dig', $claims['dig'], hash('sha256', "POST\n$path\n$page_body\n"));
$differs('call and key', $claims['call'], $page_headers['Idempotency-Key']);
$differs('by agent_token_verify', 'token_expired', substr(strstr(thrown(fn () => agent_token_verify("$text." . $url(sodium_crypto_sign_detached($text, $secret)), $audience)), '['), 1, 13));
site_use($config(array_diff_key($manifest, ['url' => 1]), ['key_set' => json_decode($page['keys'], true)]));
echo "the public keys alone: ", thrown(fn () => agent_token_issue(['aud' => $audience])), "\n";
echo file_exists(site_dir() . '/log') && preg_match('~Fatal|Warning~', file_get_contents(site_dir() . '/log')) ? file_get_contents(site_dir() . '/log') : '';
site_remove();
?>
--EXPECT--
9 errors
9 answers
ok
the public keys alone: Agent\ConfigException [key_set] /backend/key_set: its public keys verify tool calls, they cannot sign any

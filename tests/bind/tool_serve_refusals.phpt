--TEST--
agent_tool_serve: every refusal has one shape, its status and its headers; odd methods and headers run no handler and warn of nothing
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use(['tools' => [order_tool(['rate' => '2/h']), order_tool(['name' => 'get', 'method' => 'GET']), order_tool(['name' => 'cancel', 'effect' => 'write'])]]);
$never = function () { echo "must not run\n"; };
$body = '{"order":"ABC-12345"}';
function say(string $what, Agent\ToolResponse $r): void
{
    $error = json_decode($r->body, true, 32, JSON_THROW_ON_ERROR)['error'] ?? null;
    echo "$what: $r->status ", is_string($error['code'] ?? null) && is_string($error['message'] ?? null) ? $error['code'] : $r->body;
    $more = array_diff_key($r->headers, ['Content-Type' => 1, 'Cache-Control' => 1]) + array_diff_key($error ?? [], ['code' => 1, 'message' => 1, 'faults' => 1]);
    foreach ($more as $name => $value) {
        echo " · $name: ", $name === 'retry_after_ms' ? ($value > 1790000 && $value <= 1800000 ? 'half an hour' : $value) : (is_array($value) ? json_encode($value) : $value);
    }
    echo "\n";
}
$ask = fn(string $method, array $headers, string $tool = 'get_order_status', ?string $text = null, string $path = '/t') => agent_tool_serve($tool, $method, $path, $text ?? $body, $headers, $never);
$token = fn(array $more = [], string $method = 'POST', ?string $text = null, string $path = '/t') => 'Bearer ' . tool_token($method, $path, $text ?? $body, $more);

foreach (['HEAD', 'OPTIONS', 'PUT', 'post', '', "PO\0ST", 'BREW ' . str_repeat('x', 100000)] as $method) {
    say('method ' . json_encode(substr($method, 0, 10)), $ask($method, ['Authorization' => $token([], $method)]));
}
say('a GET tool', $ask('POST', ['Authorization' => $token()], 'get'));
say('no token', $ask('POST', []));
say('none after the word', $ask('POST', ['Authorization' => 'Bearer ']));
say('another scheme', $ask('POST', ['Authorization' => 'Basic Og==']));
say('no token at all', $ask('POST', ['Authorization' => 'Bearer x.y.z']));
say('control characters', $ask('POST', ['Authorization' => "Bearer x\r\ny\0"]));
say('another audience', $ask('POST', ['Authorization' => 'Bearer ' . agent_token_issue(['aud' => 'x', 'scope' => 'order:read'])]));
say('another body', $ask('POST', ['Authorization' => $token(text: '{}')]));
say('another scope', $ask('POST', ['Authorization' => $token(['scope' => 'order:write'])]));
say('a large body', $ask('POST', ['Authorization' => $token()], text: str_repeat(' ', 256 * 1024 + 1)));
say('a long address', $ask('POST', ['Authorization' => $token()], path: '/' . str_repeat('x', 256 * 1024)));
say('wrong arguments', $ask('POST', ['Authorization' => $token(text: '{"order":1}')], text: '{"order":1}'));
$long = json_encode([str_repeat('~', 60000) => 1]);
say('arguments whose faults fill no page', $ask('POST', ['Authorization' => $token(text: $long)], text: $long));
$path = '/t?arguments=' . rawurlencode('{"order":1}');
say('wrong arguments of a GET', $ask('GET', ['Authorization' => $token([], 'GET', '', $path)], 'get', '', $path));
say('a GET without', $ask('GET', ['Authorization' => $token([], 'GET', '', '/t')], 'get', '', '/t'));
$other = rawurlencode('{"order":"XYZ-99999"}');
$good = rawurlencode($body);
foreach (['two' => "/t?arguments=$good&arguments=$other", 'one in the path' => "/t&arguments=$other&?a=1"] as $what => $path) {
    say("a GET with $what", $ask('GET', ['Authorization' => $token([], 'GET', '', $path)], 'get', '', $path));
}
foreach (["/t&arguments=$other&?a&arguments=$good&&b=", "/t??arguments=$other&arguments=$good", '/t?arguments=' . str_replace('%22', '"', $good)] as $path) {
    echo agent_tool_serve('get', 'GET', $path, '', ['Authorization' => $token([], 'GET', '', $path)], fn($a) => ['status' => $a['order']])->body, "\n";
}
say('a write without a key', $ask('POST', ['Authorization' => $token()], 'cancel'));
say('an empty key', $ask('POST', ['Authorization' => $token(), 'Idempotency-Key' => ''], 'cancel'));
say('a long key', $ask('POST', ['Authorization' => $token(), 'Idempotency-Key' => str_repeat('k', 256)]));
say('two tokens', $ask('POST', ['Authorization' => $token(), 'authorization' => $token()]));
say('two in a list', $ask('POST', ['Authorization' => [$token(), 'Bearer x']]));
say('two keys', $ask('POST', ['Authorization' => $token(), 'Idempotency-Key' => 'a', 'IDEMPOTENCY_KEY' => ['b']]));
$odd = [null, 1, 1.5, true, [], [[]], [['x']], [null], new stdClass, fn() => 1, STDIN, ['a' => ['b' => 'c']]];
foreach ($odd as $i => $value) {
    $r = $ask('POST', ['Authorization' => $value, 'Idempotency-Key' => $value, 5 => 'x', '' => $value]);
    echo json_decode($r->body)->error->code === 'token_missing' ? '.' : " $i: $r->body";
}
echo "\n";
// The same value twice is one; references are looked through; the order of lists does not matter.
$one = $token();
foreach ([['Authorization' => $one, 'AUTHORIZATION' => $one], ['Authorization' => ['x' => &$one]]] as $headers) {
    echo agent_tool_serve('get_order_status', 'POST', '/t', $body, $headers, fn() => ['status' => 'ok'])->status, "\n";
}
say('too often', $ask('POST', ['Authorization' => $token()]));
foreach ([401, 405, 429, 503] as $status) {
    say("a handler's $status", agent_tool_serve('get', 'GET', $p = '/t?arguments=' . rawurlencode($body), '', ['Authorization' => $token([], 'GET', '', $p)],
        fn() => throw new Agent\ToolRefusal($status, 'sorry', "no\n\"thing\xff")));
}
site_remove();
?>
--EXPECT--
method "HEAD": 405 method · Allow: POST
method "OPTIONS": 405 method · Allow: POST
method "PUT": 405 method · Allow: POST
method "post": 405 method · Allow: POST
method "": 405 method · Allow: POST
method "PO\u0000ST": 405 method · Allow: POST
method "BREW xxxxx": 405 method · Allow: POST
a GET tool: 405 method · Allow: GET
no token: 401 token_missing · WWW-Authenticate: Bearer realm="tools"
none after the word: 401 token_missing · WWW-Authenticate: Bearer realm="tools"
another scheme: 401 token_missing · WWW-Authenticate: Bearer realm="tools"
no token at all: 401 token_invalid · WWW-Authenticate: Bearer realm="tools", error="invalid_token"
control characters: 401 token_invalid · WWW-Authenticate: Bearer realm="tools", error="invalid_token"
another audience: 401 token_invalid · WWW-Authenticate: Bearer realm="tools", error="invalid_token"
another body: 401 digest · WWW-Authenticate: Bearer realm="tools", error="invalid_token"
another scope: 403 scope
a large body: 413 too_large
a long address: 414 too_large
wrong arguments: 400 arguments
arguments whose faults fill no page: 400 arguments
wrong arguments of a GET: 400 arguments
a GET without: 400 arguments
a GET with two: 400 arguments
a GET with one in the path: 400 arguments
{"status":"ABC-12345"}
{"status":"ABC-12345"}
{"status":"ABC-12345"}
a write without a key: 400 idempotency_key
an empty key: 400 idempotency_key
a long key: 400 idempotency_key
two tokens: 400 header_repeated
two in a list: 400 header_repeated
two keys: 400 header_repeated
............
200
200
too often: 429 rate · Retry-After: 1800 · retry_after_ms: half an hour
a handler's 401: 401 sorry · WWW-Authenticate: Bearer realm="tools"
a handler's 405: 405 sorry · Allow: GET
a handler's 429: 429 sorry
a handler's 503: 503 sorry

--TEST--
A write runs once: per token, per key, and never again when nobody knows what came of it
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use(['tools' => [order_tool(['name' => 'cancel_order', 'effect' => 'write']), order_tool()]]);
$runs = 0;
function write(string $key, callable $handler, ?string $token = null, string $tool = 'cancel_order', array $claims = []): string
{
    $body = '{"order":"ABC-12345"}';
    $token ??= tool_token('POST', '/t', $body, $claims);
    try {
        $r = agent_tool_serve($tool, 'POST', '/t', $body, ['Authorization' => "Bearer $token", 'Idempotency-Key' => $key], function (...$all) use ($handler) {
            $GLOBALS['runs']++;
            return $handler(...$all);
        });
    } catch (Throwable $e) {
        return $e::class . ' ' . $e->getMessage();
    }
    $error = json_decode($r->body, true)['error'] ?? null;
    return $r->status . ' ' . ($error['code'] ?? $r->body) . (isset($r->headers['Retry-After']) ? ' Retry-After' : '');
}
$good = fn() => ['status' => 'cancelled'];
$token = tool_token('POST', '/t', '{"order":"ABC-12345"}');
echo write('a', $good, $token), "\n";
echo write('a', $good, $token), " · the same token and key\n";
echo write('b', $good, $token), " · the same token, another key\n";
echo write('a', $good), " · the same key, another token\n";
echo write('a', $good, null, 'cancel_order', ['scope' => 'order:read order:XYZ-00001:read']), " · whatever was granted since\n";
echo write('a', $good, null, 'cancel_order', ['sub' => 'wp:7']), " · another subject\n";
echo write('r', $good, $token, 'get_order_status'), ' ', write('r2', $good, $token, 'get_order_status'), " · reads may have it again\n";
echo "$runs runs\n\n";

// A key is bytes: no two that differ are one, whatever text they would be.
$runs = 0;
foreach ($odd = ["\xff", "\xfe", "\u{fffd}", "\xff\xff", "k\0a", "k\0b", "\"", '\\"', 'é', "e\u{301}", 'A', 'a '] as $key) {
    write($key, $good);
    write($key, $good);
}
echo count($odd), " odd keys, $runs runs\n\n";

foreach ([
    'a value that is no answer' => fn() => ['status' => 1],
    'no array' => fn() => 'done',
    'what has no JSON form' => fn() => ['status' => "\xff"],
    'too much' => fn() => ['status' => str_repeat('x', 1 << 20)],
    'an exception' => fn() => throw new RuntimeException('mine'),
    'an error' => fn() => no_such_function(),
    'a refusal with 503' => fn() => throw new Agent\ToolRefusal(503, 'gateway', 'no answer from the bank'),
] as $name => $handler) {
    foreach (['cancel_order', 'get_order_status'] as $tool) {
        $runs = 0;
        $first = write($name, $handler, null, $tool);
        echo "$name, $tool: $first, then ", write($name, $good, null, $tool), ", ran $runs\n";
    }
}
foreach ([400, 403, 404, 409, 429] as $status) {
    $runs = 0;
    $first = write("no$status", fn() => throw new Agent\ToolRefusal($status, 'no'));
    echo "refused with $status: $first, then ", write("no$status", $good), ", ran $runs\n";
}
// From inside a handler: the same request is being answered.
$inner = '';
echo write('n', function () use (&$inner, $good) {
    $inner = write('n', $good);
    return $good();
}), ", inside: $inner\n";
site_remove();
?>
--EXPECT--
200 {"status":"cancelled"}
401 token_replayed · the same token and key
401 token_replayed · the same token, another key
200 {"status":"cancelled"} · the same key, another token
200 {"status":"cancelled"} · whatever was granted since
200 {"status":"cancelled"} · another subject
200 {"status":"cancelled"} 200 {"status":"cancelled"} · reads may have it again
4 runs

12 odd keys, 12 runs

a value that is no answer, cancel_order: 500 contract, then 409 unknown, ran 1
a value that is no answer, get_order_status: 500 contract, then 200 {"status":"cancelled"}, ran 2
no array, cancel_order: 500 failed, then 409 unknown, ran 1
no array, get_order_status: 500 failed, then 200 {"status":"cancelled"}, ran 2
what has no JSON form, cancel_order: 500 failed, then 409 unknown, ran 1
what has no JSON form, get_order_status: 500 failed, then 200 {"status":"cancelled"}, ran 2
too much, cancel_order: 500 contract, then 409 unknown, ran 1
too much, get_order_status: 500 contract, then 200 {"status":"cancelled"}, ran 2
an exception, cancel_order: RuntimeException mine, then 409 unknown, ran 1
an exception, get_order_status: RuntimeException mine, then 200 {"status":"cancelled"}, ran 2
an error, cancel_order: Error Call to undefined function no_such_function(), then 409 unknown, ran 1
an error, get_order_status: Error Call to undefined function no_such_function(), then 200 {"status":"cancelled"}, ran 2
a refusal with 503, cancel_order: 503 gateway, then 409 unknown, ran 1
a refusal with 503, get_order_status: 503 gateway, then 200 {"status":"cancelled"}, ran 2
refused with 400: 400 no, then 200 {"status":"cancelled"}, ran 2
refused with 403: 403 no, then 200 {"status":"cancelled"}, ran 2
refused with 404: 404 no, then 200 {"status":"cancelled"}, ran 2
refused with 409: 409 no, then 200 {"status":"cancelled"}, ran 2
refused with 429: 429 no, then 200 {"status":"cancelled"}, ran 2
200 {"status":"cancelled"}, inside: 409 in_progress Retry-After

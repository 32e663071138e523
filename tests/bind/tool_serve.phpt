--TEST--
agent_tool_serve: a good request runs the handler, a bad one never does
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use();
function say(Agent\ToolResponse $r): void
{
    echo $r->status, ' ', implode(',', array_keys($r->headers)), ' ', $r->body, "\n";
}
$handler = function (array $arguments, array $context) {
    echo json_encode($arguments), ' ', json_encode($context), "\n";
    return ['status' => 'shipped', 'internal' => 1];
};
$never = function () { echo "must not run\n"; };
say(serve($handler));
$body = '{"order":"ABC-12345"}';
$token = tool_token('POST', '/t', $body);
foreach ([['authorization' => "Bearer $token"], ['AUTHORIZATION' => "Bearer $token"], ['authorization' => ["Bearer $token"]]] as $headers) {
    echo agent_tool_serve('get_order_status', 'POST', '/t', $body, $headers, fn() => ['status' => 'ok'])->status, "\n";
}
echo agent_tool_serve('get_order_status', 'POST', '/t', $body, [], $never)->status, "\n";
// A web server may keep Authorization to itself; where it is there it counts, whatever else is.
foreach ([[], ['Authorization' => '']] as $headers) {
    echo agent_tool_serve('get_order_status', 'POST', '/t', $body, $headers + ['X-Agent-Authorization' => "Bearer $token"], fn() => ['status' => 'ok'])->status, ' ';
}
foreach ([['Authorization' => 'Bearer x', 'X-Agent-Authorization' => "Bearer $token"], ['Authorization' => 'Basic eDp5', 'X-Agent-Authorization' => "Bearer $token"],
    ['X-Agent-Authorization' => 'Bearer x'], ['X-Agent-Authorization' => $token]] as $headers) {
    echo agent_tool_serve('get_order_status', 'POST', '/t', $body, $headers, $never)->status, ' ';
}
echo "\n";
echo agent_tool_serve('get_order_status', 'POST', '/t', $body, ['Authorization' => 'Bearer x'], $never)->status, "\n";
echo agent_tool_serve('get_order_status', 'POST', '/other', $body, ['Authorization' => "Bearer $token"], $never)->status, "\n";
echo agent_tool_serve('get_order_status', 'POST', '/t', '{"order":"XYZ-00001"}', ['Authorization' => "Bearer $token"], $never)->status, "\n";
echo serve($never, ['order' => 'nonsense'])->status, "\n";
// The same key again: the stored answer, the handler does not run.
$first = serve(fn() => ['status' => 'one'], headers: ['idempotency_key' => 'k1']);
$again = serve($never, headers: ['Idempotency-Key' => 'k1']);
echo $again->status, ' ', $again->body === $first->body ? 'same' : 'another', "\n";
site_remove();
?>
--EXPECT--
{"order":"ABC-12345"} {"subject":"wp:42","session":"s","turn":"t","call":"c","scope":"order:read"}
200 Content-Type,Cache-Control {"status":"shipped","internal":1}
200
200
200
401
200 200 401 401 401 401 
401
401
401
400
200 same

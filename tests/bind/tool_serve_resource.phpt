--TEST--
A tool with a resource: opened by its scope for a subject, by the resource's own form for a guest; the same in this process
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$tool = order_tool(['resource' => 'order', 'input_schema' => ['type' => 'object', 'properties' => ['order' => ['type' => 'string'], 'note' => ['type' => 'string']],
    'required' => ['order'], 'additionalProperties' => false]]);
site_use(['tools' => [$tool]]);
function ask(?string $subject, string $scope, string $order = 'ABC-12345'): string
{
    $body = json_encode(['order' => $order]);
    $token = agent_token_issue(array_filter(['aud' => 'https://shop.example/tools', 'sub' => $subject, 'scope' => $scope, 'session' => 's',
        'dig' => hash('sha256', "POST\n/t\n$body\n")], fn($claim) => $claim !== null));
    $ran = false;
    $r = agent_tool_serve('get_order_status', 'POST', '/t', $body, ['Authorization' => "Bearer $token"], function () use (&$ran) {
        $ran = true;
        return ['status' => 'shipped'];
    });
    return $r->status . ' ' . (json_decode($r->body, true)['error']['code'] ?? 'opens') . ($ran === ($r->status === 200) ? '' : ' ?');
}
foreach ([
    ['wp:42', 'order:read'], ['wp:42', 'order:ABC-12345:read'], ['wp:42', 'order:ABC-12346:read'], ['wp:42', 'invoice:read'],
    [null, 'order:read'], [null, 'order:ABC-12345:read'], [null, 'order:read order:ABC-12346:read'], [null, ''], ['', 'order:read'],
    [null, 'order:A:B:read', 'A:B'], [null, 'order:A B:read', 'A B'], [null, "order:A\tB:read", "A\tB"], [null, 'order:*:read'], [null, 'order::read', ''],
] as $row) {
    echo json_encode($row), ': ', ask(...$row), "\n";
}
// A subject without a word is a guest to the handler, too.
$body = '{"order":"ABC-12345"}';
$token = agent_token_issue(['aud' => 'https://shop.example/tools', 'sub' => '', 'scope' => 'order:ABC-12345:read', 'dig' => hash('sha256', "POST\n/t\n$body\n")]);
agent_tool_serve('get_order_status', 'POST', '/t', $body, ['Authorization' => "Bearer $token"], function (array $arguments, array $context) {
    echo 'subject ', json_encode($context['subject']), "\n";
    return ['status' => 'shipped'];
});

// In this process: the same rule, before the handler.
agent_tool_register('get_order_status', function (array $arguments, array $context) {
    echo '  ', json_encode($context['subject']), ' ', json_encode($context['scope']), "\n";
    return ['status' => 'shipped'];
});
function call(array $options, string $order = 'ABC-12345'): string
{
    $r = agent_tool_call('get_order_status', ['order' => $order], $options);
    return "$r->result $r->attempts $r->message\n";
}
$guest = agent_session_start();
$customer = agent_session_start('wp:42');
echo call([]), call(['session' => $guest]), call(['session' => 'none']), call(['subject' => '']);
echo call(['subject' => 'wp:42', 'session' => $customer]);
agent_session_grant($guest, 'order:DEF-00001:read', 60);
echo call(['session' => $guest, 'subject' => ''], 'DEF-00001');
agent_session_grant($guest, 'order:read', 60); // a guest is not given the tool's whole scope, whoever grants it
agent_session_grant($guest, 'order:XYZ-00001:read', 60);
echo call(['session' => $guest]);
agent_session_grant($guest, 'order:ABC-12345:read', 60);
echo call(['session' => $guest]);
echo call(['session' => $guest, 'subject' => 'wp:7']); // another's session: its grants are not this subject's
echo call(['session' => $guest], 'A B'), call(['session' => $guest], 'ABC-1234');
// However many grants: the one that counts is among those that fit a token.
for ($i = 0; $i < 300; $i++) {
    agent_session_grant($guest, sprintf('order:AAA-%05d:read', $i), 60);
}
ob_start();
$result = call(['session' => $guest]);
$scopes = json_decode(explode(' ', trim(ob_get_clean()), 2)[1]);
echo $result, strlen($scopes) <= 2048 ? 'fits, ' : strlen($scopes), strtok($scopes, ' '), "\n";
// Through the chat a guest is asked for a proof, and the handler does not run.
$turn = agent_chat(agent_session_start(), 'Where is my order ABC-12345?');
echo $turn->outcome->value, ' ', $turn->tool_calls[0]['result'], "\n";
site_remove();
?>
--EXPECT--
["wp:42","order:read"]: 200 opens
["wp:42","order:ABC-12345:read"]: 200 opens
["wp:42","order:ABC-12346:read"]: 403 scope
["wp:42","invoice:read"]: 403 scope
[null,"order:read"]: 403 proof_required
[null,"order:ABC-12345:read"]: 200 opens
[null,"order:read order:ABC-12346:read"]: 403 proof_required
[null,""]: 403 proof_required
["","order:read"]: 403 proof_required
[null,"order:A:B:read","A:B"]: 403 proof_required
[null,"order:A B:read","A B"]: 403 proof_required
[null,"order:A\tB:read","A\tB"]: 403 proof_required
[null,"order:*:read"]: 403 proof_required
[null,"order::read",""]: 403 proof_required
subject null
proof 0 a guest proves first that this is theirs
proof 0 a guest proves first that this is theirs
proof 0 a guest proves first that this is theirs
proof 0 a guest proves first that this is theirs
  "wp:42" "order:read"
ok 1 
  null "order:DEF-00001:read"
ok 1 
proof 0 a guest proves first that this is theirs
  null "order:ABC-12345:read order:DEF-00001:read order:XYZ-00001:read"
ok 1 
  "wp:7" "order:read"
ok 1 
proof 0 a guest proves first that this is theirs
proof 0 a guest proves first that this is theirs
ok 1 
fits, order:ABC-12345:read
needs_proof proof

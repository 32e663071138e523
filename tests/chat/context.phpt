--TEST--
A handler is told the same of its caller wherever it runs: subject, session, turn, call, and the scope with the session's grants
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use();
$seen = [];
agent_tool_register('get_order_status', function (array $arguments, array $context) use (&$seen): array {
    $seen[] = $context;
    return ['status' => 'shipped'];
});
foreach (['wp:42', null] as $subject) {
    $session = agent_session_start($subject);
    agent_session_grant($session, 'order:ABC-12345:read', 900);
    agent_session_grant($session, 'order:XYZ-00001:read', 900);
    $turn = agent_chat($session, 'Where is my order ABC-12345?', null, $subject === null ? [] : ['subject' => $subject]);
    $here = array_pop($seen);
    echo $turn->outcome->value, ' ', json_encode(array_diff_key($here, ['session' => 1, 'turn' => 1, 'call' => 1])), "\n";
    echo $here['session'] === $session && $here['turn'] === $turn->id && str_starts_with($here['call'], $turn->id) ? "its own\n" : json_encode($here) . "\n";
    // What a token with the same claims gives a served handler.
    $body = '{"order":"ABC-12345"}';
    $claims = ['aud' => 'https://shop.example/tools', 'dig' => hash('sha256', "POST\n/t\n$body\n")] + ($subject === null ? [] : ['sub' => $subject])
        + array_diff_key($here, ['subject' => 1]);
    agent_tool_serve('get_order_status', 'POST', '/t', $body, ['Authorization' => 'Bearer ' . agent_token_issue($claims)], function (array $arguments, array $context) use ($here): array {
        echo $context === $here ? 'the same' : json_encode($context), "\n";
        return ['status' => 'shipped'];
    });
}
site_remove();
?>
--EXPECT--
answered {"subject":"wp:42","scope":"order:read order:ABC-12345:read order:XYZ-00001:read"}
its own
the same
answered {"subject":null,"scope":"order:read order:ABC-12345:read order:XYZ-00001:read"}
its own
the same

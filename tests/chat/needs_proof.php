<?php
require __DIR__ . '/../support/upstream.php.inc';

function calls(Agent\Turn $turn): void
{
    foreach ($turn->tool_calls as $call) {
        echo '  ', json_encode(array_diff_key($call, ['id' => 1, 'latency_ms' => 1])), ' ', str_starts_with($call['id'], $turn->id) ? 'its own' : $call['id'], "\n";
    }
}
// A model, and a tool behind HTTP.
upstream_use();
script('order', "status 403\njson {\"error\":{\"code\":\"proof_required\",\"message\":\"not yours\"}}");
script('model', "words One moment.\ncall get_order_status { \"order\" :\"ABC-12345\" }\nfinish tool_calls");
$session = agent_session_start('wp:1');
$first = agent_chat($session, 'Where is my order ABC-12345?', null, ['subject' => 'wp:1', 'message_id' => 'm1']);
echo $first->outcome->value, ' ', $first->outcome === Agent\Outcome::NeedsProof ? 'NeedsProof' : '?', "\n";
calls($first);
// The same message again is the same turn, its calls too.
$again = agent_chat($session, 'Where is my order ABC-12345?', null, ['subject' => 'wp:1', 'message_id' => 'm1']);
echo $again->outcome->value, ' ', $again->tool_calls === $first->tool_calls ? 'the same' : json_encode($again->tool_calls), "\n";

// The local brain, and a handler of this process; the proof opens it.
site_use();
agent_tool_register('get_order_status', function (array $arguments, array $context): array {
    $scopes = explode(' ', $context['scope']);
    if (!in_array("order:{$arguments['order']}:read", $scopes, true)) {
        throw new Agent\ToolRefusal(403, 'proof_required', 'A proof is needed.');
    }
    return ['status' => 'shipped'];
});
$guest = agent_session_start();
$turn = agent_chat($guest, 'where is my order abc-12345?');
echo $turn->outcome->value, "\n";
calls($turn);
agent_session_grant($guest, 'order:' . $turn->tool_calls[0]['arguments']['order'] . ':read', 900);
$turn = agent_chat($guest, 'where is my order abc-12345?');
echo $turn->outcome->value, ' ', $turn->reply, "\n";
site_remove();
?>

--TEST--
A proof is needed: the turn names the refused call and its arguments, with which a form can begin
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
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
--EXPECT--
needs_proof NeedsProof
  {"name":"get_order_status","arguments":{"order":"ABC-12345"},"result":"proof","attempts":1,"coercions":[]} its own
needs_proof the same
needs_proof
  {"name":"get_order_status","arguments":{"order":"ABC-12345"},"result":"proof","attempts":1,"coercions":[]} its own
answered Here is what I found: status is shipped.

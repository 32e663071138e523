--TEST--
EdDSA: the agent signs with a key of its ring, the backend holds the public half alone and verifies tool calls; it cannot sign any
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$audience = 'https://shop.example/tools';
$body = '{"order":"ABC-12345"}';
$call = fn() => agent_token_issue(['aud' => $audience, 'sub' => 'wp:42', 'scope' => 'order:read', 'session' => 's', 'turn' => 't', 'call' => 'c',
    'dig' => hash('sha256', "POST\n/t\n$body\n")]);
$serve = function (string $token) use ($body): string {
    $answer = agent_tool_serve('get_order_status', 'POST', '/t', $body, ['Authorization' => "Bearer $token"], fn() => ['status' => 'fine']);
    return $answer->status . ' ' . (json_decode($answer->body, true)['error']['code'] ?? 'ok');
};

$agent = site_use(['site' => 'agent', 'backend' => ['audience' => $audience, 'algorithm' => 'EdDSA']]);
$token = $call();
[$header] = array_map(fn($s) => base64_decode(strtr($s, '-_', '+/')), explode('.', $token));
$set = agent_token_key_set();
echo $header === '{"alg":"EdDSA","typ":"JWT","kid":"' . $set['keys'][0]['kid'] . '"}' ? 'the published key signed' : $header, "\n";
echo count($set['keys']), ' ', implode(' ', array_keys($set['keys'][0])), ' ', strlen($set['keys'][0]['x']), "\n";
// PHP's own libsodium, where it is there, says the same.
[$h, $c, $s] = explode('.', $token);
$decode = fn($text) => base64_decode(strtr($text, '-_', '+/'));
echo !function_exists('sodium_crypto_sign_verify_detached') || sodium_crypto_sign_verify_detached($decode($s), "$h.$c", $decode($set['keys'][0]['x'])) ? 'verified' : 'false', "\n";
$browser = agent_token_issue(['aud' => 'browser', 'session' => 's'], 3600);
echo json_decode($decode(explode('.', $browser)[0]), true)['alg'], "\n";

$backend = site_use(['site' => 'backend', 'backend' => ['audience' => $audience, 'key_set' => $set]]);
echo $serve($token), ', ', agent_token_verify($token, $audience)['sub'], "\n";
echo thrown($call), "\n";
echo json_encode(agent_token_key_set()), ' ', thrown(fn() => agent_token_verify($browser, 'browser')), "\n";

// A rotation: the backend needs the new set.
agent_use($agent);
$kid = agent_token_key_rotate();
$new = $call();
$both = agent_token_key_set();
echo count($both['keys']), ' ', $both['keys'][0]['kid'] === $kid && $both['keys'][1] === $set['keys'][0] ? 'the new one first' : 'wrong', "\n";
agent_use($backend);
echo $serve($new), "\n";
site_use(['site' => 'backend', 'backend' => ['audience' => $audience, 'key_set' => $both]]);
echo $serve($new), ', ', $serve($token), "\n";

// HS256 publishes nothing.
site_use(['site' => 'agent', 'backend' => ['audience' => $audience]]);
echo json_encode(agent_token_key_set()), "\n";
site_remove();
?>
--EXPECT--
the published key signed
1 kty crv kid alg use x 43
verified
HS256
200 ok, wp:42
Agent\ConfigException [key_set] /backend/key_set: its public keys verify tool calls, they cannot sign any
{"keys":[]} Agent\TokenException [token_kid] the token's key is not known, or not any more
2 the new one first
401 token_invalid
200 ok, 200 ok
{"keys":[]}

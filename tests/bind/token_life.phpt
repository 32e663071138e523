--TEST--
Tokens that open tools live a minute, others up to 30 days; whoever signed one for longer is refused
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$backend = 'https://shop.example/tools';
$strict = site_use();
foreach (['browser' => [1, 3600, 2592000], $backend => [1, 60]] as $audience => $lives) {
    foreach ($lives as $seconds) {
        $claims = agent_token_verify(agent_token_issue(['aud' => $audience, 'session' => 's'], $seconds), $audience);
        echo $audience, ' ', $claims['exp'] - $claims['iat'], "\n";
    }
}
echo thrown(fn() => agent_token_issue(['aud' => $backend], 61)), "\n";
echo thrown(fn() => agent_token_issue(['aud' => $backend], 2592000)), "\n";
foreach ([0, -1, 2592001, PHP_INT_MAX, PHP_INT_MIN] as $seconds) {
    echo thrown(fn() => agent_token_issue(['aud' => 'browser'], $seconds)), "\n";
}
// A long token of the browser's is none for the tools.
$long = agent_token_issue(['aud' => 'browser', 'scope' => 'order:read'], 3600);
echo preg_replace('~\].*~', ']', thrown(fn() => agent_token_verify($long, $backend))), "\n";

// The same site under a configuration that has another backend signs a long one for this audience.
$body = '{"order":"ABC-12345"}';
$claims = ['aud' => $backend, 'sub' => 'wp:42', 'scope' => 'order:read', 'session' => 's', 'turn' => 't', 'call' => 'c', 'dig' => hash('sha256', "POST\n/t\n$body\n")];
site_use(['backend' => ['audience' => 'another']]);
$tokens = [60 => agent_token_issue($claims, 60), 61 => agent_token_issue($claims, 61)];
echo count(agent_token_verify($tokens[61], $backend)), " claims\n";
agent_use($strict);
foreach ($tokens as $seconds => $token) {
    $answer = agent_tool_serve('get_order_status', 'POST', '/t', $body, ['Authorization' => "Bearer $token"], fn() => ['status' => 'fine']);
    echo $seconds, ': ', $answer->status, ' ', json_decode($answer->body, true)['error']['code'] ?? '', ' ', thrown(fn() => agent_token_verify($token, $backend)), "\n";
}
site_remove();
?>
--EXPECT--
browser 1
browser 3600
browser 2592000
https://shop.example/tools 1
https://shop.example/tools 60
ValueError: seconds must be from 1 to 60 for the audience "https://shop.example/tools"
ValueError: seconds must be from 1 to 60 for the audience "https://shop.example/tools"
ValueError: agent_token_issue(): Argument #2 ($seconds) must be between 1 and 2592000
ValueError: agent_token_issue(): Argument #2 ($seconds) must be between 1 and 2592000
ValueError: agent_token_issue(): Argument #2 ($seconds) must be between 1 and 2592000
ValueError: agent_token_issue(): Argument #2 ($seconds) must be between 1 and 2592000
ValueError: agent_token_issue(): Argument #2 ($seconds) must be between 1 and 2592000
Agent\TokenException [token_signature]
12 claims
60: 200  nothing
61: 401 too_long Agent\TokenException [token_times] the token's times are missing or not plausible

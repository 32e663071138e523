--TEST--
The example backend in Node refuses what is not the agent's: other bodies, other times, other keys and algorithms, a write twice
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/node_backend.php.inc';

[$secret, $pem] = node_key_pair();
$public = sodium_crypto_sign_publickey_from_secretkey($secret);
file_put_contents(site_dir() . '/key.pem', $pem);
chmod(site_dir() . '/key.pem', 0600);
site_use(['backend' => ['audience' => NODE_AUDIENCE, 'algorithm' => 'EdDSA', 'key' => ['file' => site_dir() . '/key.pem']]]);
$set = agent_token_key_set();
$jwk = $set['keys'][0];
echo $jwk['x'] === base64url($public) && !isset($jwk['d']) ? "the public key alone is published\n" : "?\n";
$port = node_start();
node_keys($set);

$body = '{"order_number":"ABC-12345"}';
$dig = fn (string $path, string $body, string $method = 'POST') => hash('sha256', "$method\n$path\n$body\n");
$now = time();
$claims = ['iss' => 'agent', 'aud' => NODE_AUDIENCE, 'sub' => 'customer:42', 'scope' => 'order:read', 'dig' => $dig('/get_order_status', $body), 'iat' => $now, 'nbf' => $now, 'exp' => $now + 60, 'jti' => 'j'];
$head = ['alg' => 'EdDSA', 'typ' => 'JWT', 'kid' => $jwk['kid']];
$encode = fn (array $part) => base64url(json_encode($part, JSON_UNESCAPED_SLASHES));
$sign = function (array $head, array $claims, ?callable $by = null) use ($encode, $secret): string {
    $text = $encode($head) . '.' . $encode($claims);
    return "$text." . base64url($by === null ? sodium_crypto_sign_detached($text, $secret) : $by($text));
};
$ask = fn (string $token, string $path = '/get_order_status', string $sent = '', array $more = []) =>
    node_request($port, $path, $sent === '' ? $body : $sent, $more + ['Authorization' => "Bearer $token", 'Content-Type' => 'application/json']);
$code = fn (string $answer) => substr($answer, 0, 4) . (json_decode(substr($answer, 4), true)['error']['code'] ?? 'answered');

$good = $sign($head, $claims);
echo 'good: ', $ask($good), "\n";
$issued = agent_token_issue(['aud' => NODE_AUDIENCE, 'sub' => 'customer:42', 'scope' => 'order:read x', 'dig' => $claims['dig']]);
echo 'by agent_token_issue: ', $code($ask($issued)), "\n";
echo 'in the second header: ', $code(node_request($port, '/get_order_status', $body, ['X-Agent-Authorization' => "Bearer $good"])), "\n";

$hmac = fn (string $key) => fn (string $text) => hash_hmac('sha256', $text, $key, true);
$spki = hex2bin('302a300506032b6570032100') . $public;
$spki_pem = "-----BEGIN PUBLIC KEY-----\n" . base64_encode($spki) . "\n-----END PUBLIC KEY-----\n";
[$other] = node_key_pair();
$by_other = fn (string $text) => sodium_crypto_sign_detached($text, $other);
$other_jwk = ['x' => base64url(sodium_crypto_sign_publickey_from_secretkey($other))] + $jwk;
[$h, $c, $s] = explode('.', $good);
$hs = ['alg' => 'HS256'] + $head;
$attacks = [
    'another body' => $code($ask($good, '/get_order_status', '{"order_number":"ABC-12346"}')),
    'a blank more' => $code($ask($good, '/get_order_status', "$body ")),
    'another path' => $code($ask($good, '/cancel_order')),
    'a query' => $code($ask($good, '/get_order_status?x=1')),
    'another method' => $code(node_request($port, '/get_order_status', $body, ['Authorization' => "Bearer $good"], 'PUT')),
    'changed claims' => $code($ask("$h." . $encode(['sub' => 'customer:7'] + $claims) . ".$s")),
    'no token' => $code(node_request($port, '/get_order_status', $body, [])),
    'Basic' => $code(node_request($port, '/get_order_status', $body, ['Authorization' => 'Basic eDp5'])),
    'Basic, and the second header' => $code(node_request($port, '/get_order_status', $body, ['Authorization' => 'Basic eDp5', 'X-Agent-Authorization' => "Bearer $good"])),
    'expired' => $code($ask($sign($head, ['iat' => $now - 100, 'nbf' => $now - 100, 'exp' => $now - 40] + $claims))),
    'not yet' => $code($ask($sign($head, ['iat' => $now + 100, 'nbf' => $now + 100, 'exp' => $now + 160] + $claims))),
    'an hour' => $code($ask($sign($head, ['exp' => $now + 3600] + $claims))),
    'no end' => $code($ask($sign($head, array_diff_key($claims, ['exp' => 1])))),
    'an end in words' => $code($ask($sign($head, ['exp' => (string) ($now + 60)] + $claims))),
    'an end in parts' => $code($ask($sign($head, ['exp' => $now + 59.5] + $claims))),
    'another audience' => $code($ask($sign($head, ['aud' => 'https://other.example/'] + $claims))),
    'a list of audiences' => $code($ask($sign($head, ['aud' => [NODE_AUDIENCE]] + $claims))),
    'another issuer' => $code($ask($sign($head, ['iss' => 'other'] + $claims))),
    'another scope' => $code($ask($sign($head, ['scope' => 'order:reads xorder:read order'] + $claims))),
    'no digest' => $code($ask($sign($head, array_diff_key($claims, ['dig' => 1])))),
    'HS256 with the key in PEM' => $code($ask($sign($hs, $claims, $hmac($spki_pem)))),
    'HS256 with the key in PEM, without its last line end' => $code($ask($sign($hs, $claims, $hmac(rtrim($spki_pem))))),
    'HS256 with the key in DER' => $code($ask($sign($hs, $claims, $hmac($spki)))),
    'HS256 with the key itself' => $code($ask($sign($hs, $claims, $hmac($public)))),
    'HS256 with the key\'s x' => $code($ask($sign($hs, $claims, $hmac($jwk['x'])))),
    'HS256 with the JWK' => $code($ask($sign($hs, $claims, $hmac(json_encode($jwk))))),
    'HS256 with nothing' => $code($ask($sign($hs, $claims, $hmac('')))),
    'a MAC that calls itself EdDSA' => $code($ask($sign($head, $claims, $hmac($public)))),
    'no algorithm' => $code($ask($encode(['alg' => 'none'] + $head) . ".$c.")),
    'NONE' => $code($ask($encode(['alg' => 'NONE'] + $head) . ".$c.$s")),
    'no signature' => $code($ask("$h.$c.")),
    'another key' => $code($ask($sign($head, $claims, $by_other))),
    'another key, brought along' => $code($ask($sign(['jwk' => $other_jwk] + $head, $claims, $by_other))),
    'another key, to be fetched' => $code($ask($sign(['jku' => "http://127.0.0.1:$port/", 'x5u' => "http://127.0.0.1:$port/"] + $head, $claims, $by_other))),
    'an unknown kid' => $code($ask($sign(['kid' => 'x'] + $head, $claims))),
    'a kid of every object' => $code($ask($sign(['kid' => '__proto__'] + $head, $claims))),
    'a kid that is a path' => $code($ask($sign(['kid' => '../../../dev/null'] + $head, $claims, $hmac('')))),
    'no kid' => $code($ask($sign(array_diff_key($head, ['kid' => 1]), $claims))),
    'something critical' => $code($ask($sign(['crit' => ['exp']] + $head, $claims))),
    'a fourth part' => $code($ask("$good.x")),
    'padding' => $code($ask("$h.$c.$s=")),
    'loose bits' => $code($ask("$h.$c." . substr($s, 0, -1) . chr(ord(substr($s, -1)) + 1))),
    'too long a token' => $code($ask("$h.$c." . str_repeat('A', 10000))),
    'claims that are a list' => $code($ask($sign($head, [1]))),
];
foreach ($attacks as $what => $answer) {
    echo "$what: $answer\n";
}

echo "A write:\n";
$write = fn (string $jti, string $key, string $number = 'ABC-12346', string $subject = 'customer:7') => (function () use ($sign, $head, $claims, $dig, $ask, $jti, $key, $number, $subject) {
    $body = "{\"order_number\":\"$number\"}";
    $token = $sign($head, ['jti' => $jti, 'sub' => $subject, 'scope' => 'order:write', 'dig' => $dig('/cancel_order', $body)] + $claims);
    return $ask($token, '/cancel_order', $body, ['Idempotency-Key' => $key]);
})();
foreach ([['a', 'one'], ['a', 'one'], ['b', 'one'], ['c', 'two'], ['d', 'one', 'ABC-12346', 'customer:42']] as $one) {
    echo implode(' ', $one), ': ', $write(...$one), "\n";
}
echo node_complaints();
node_stop();
site_remove();
?>
--EXPECT--
the public key alone is published
good: 200 {"status":"shipped","tracking_url":"https://track.example/ABC-12345"}
by agent_token_issue: 200 answered
in the second header: 200 answered
another body: 401 digest
a blank more: 401 digest
another path: 401 digest
a query: 401 digest
another method: 404 unknown_tool
changed claims: 401 token_invalid
no token: 401 token_missing
Basic: 401 token_missing
Basic, and the second header: 401 token_missing
expired: 401 expired
not yet: 401 not_yet
an hour: 401 too_long
no end: 401 too_long
an end in words: 401 too_long
an end in parts: 401 too_long
another audience: 401 audience
a list of audiences: 401 audience
another issuer: 401 issuer
another scope: 403 scope
no digest: 401 digest
HS256 with the key in PEM: 401 token_invalid
HS256 with the key in PEM, without its last line end: 401 token_invalid
HS256 with the key in DER: 401 token_invalid
HS256 with the key itself: 401 token_invalid
HS256 with the key's x: 401 token_invalid
HS256 with the JWK: 401 token_invalid
HS256 with nothing: 401 token_invalid
a MAC that calls itself EdDSA: 401 token_invalid
no algorithm: 401 token_invalid
NONE: 401 token_invalid
no signature: 401 token_invalid
another key: 401 token_invalid
another key, brought along: 401 token_invalid
another key, to be fetched: 401 token_invalid
an unknown kid: 401 token_invalid
a kid of every object: 401 token_invalid
a kid that is a path: 401 token_invalid
no kid: 401 token_invalid
something critical: 401 token_invalid
a fourth part: 401 token_invalid
padding: 401 token_invalid
loose bits: 401 token_invalid
too long a token: 401 token_invalid
claims that are a list: 401 audience
A write:
a one: 200 {"status":"cancelled"}
a one: 401 {"error":{"code":"replayed","message":"the request needs a valid token"}}
b one: 200 {"status":"cancelled"}
c two: 409 {"error":{"code":"not_possible","message":"This order cannot be cancelled any more."}}
d one ABC-12346 customer:42: 409 {"error":{"code":"not_possible","message":"This order cannot be cancelled any more."}}

--TEST--
Known attacks on a served tool: no algorithm, public keys as secrets, another audience, issuer, site or kid, forged times and claims; the handler never runs
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$audience = 'https://shop.example/tools';
$secret = 'a shared secret of thirty-two bytes, or more';
$body = '{"order":"ABC-12345"}';
function b64(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}
$claims = fn(array $more = []) => array_filter($more + ['iss' => 'agent', 'aud' => $audience, 'sub' => 'wp:42', 'scope' => 'order:read', 'session' => 's', 'turn' => 't', 'call' => 'c',
    'jti' => bin2hex(random_bytes(8)), 'dig' => hash('sha256', "POST\n/t\n$body\n"), 'iat' => time(), 'nbf' => time(), 'exp' => time() + 60], fn($v) => $v !== null);
$sign = function (array|string $claims, string $key, array|string $header = ['alg' => 'HS256', 'typ' => 'JWT']): string {
    $text = b64(is_string($header) ? $header : json_encode($header)) . '.' . b64(is_string($claims) ? $claims : json_encode($claims));
    return $text . '.' . b64(hash_hmac('sha256', $text, $key, true));
};
$ran = 0;
$serve = function (string $authorization) use ($body, &$ran): string {
    $answer = agent_tool_serve('get_order_status', 'POST', '/t', $body, ['Authorization' => $authorization], function () use (&$ran) {
        $ran++;
        return ['status' => 'fine'];
    });
    return $answer->status . ' ' . (json_decode($answer->body, true)['error']['code'] ?? 'ok');
};

site_use(['backend' => ['audience' => $audience, 'key' => ['put' => 'shared']]]);
agent_secret_put('shared', $secret);
$good = $sign($claims(), $secret);
[$h, $c, $s] = explode('.', $good);
echo $serve("Bearer $good"), ', handler ran ', $ran, "\n";
$now = time();
$text = json_encode($claims());
$attacks = [
    'none' => 'Bearer ' . b64('{"alg":"none"}') . ".$c.", 'none signed' => 'Bearer ' . $sign($claims(), $secret, ['alg' => 'none']),
    'empty key' => 'Bearer ' . $sign($claims(), ''), 'kid is a file' => 'Bearer ' . $sign($claims(), '', ['alg' => 'HS256', 'kid' => '/dev/null']),
    'jwk' => 'Bearer ' . $sign($claims(), 'AA', ['alg' => 'HS256', 'jwk' => ['kty' => 'oct', 'k' => 'QUE']]), 'crit' => 'Bearer ' . $sign($claims(), $secret, ['alg' => 'HS256', 'crit' => ['x'], 'x' => 1]),
    'four segments' => "Bearer $good.AA", 'claims exchanged' => "Bearer $h." . b64(json_encode($claims(['sub' => 'wp:1']))) . ".$s", 'no signature' => "Bearer $h.$c.", 'newline' => "Bearer $h.$c\n.$s",
    'basic' => 'Basic ' . base64_encode("x:$good"), 'no scheme' => $good, 'two tokens' => "Bearer $good $good", 'two tokens, comma' => "Bearer $good, Bearer $good", 'megabyte' => 'Bearer ' . $good . str_repeat('A', 1048576),
    'other audience' => 'Bearer ' . $sign($claims(['aud' => 'browser']), $secret), 'audience list' => 'Bearer ' . $sign($claims(['aud' => [$audience]]), $secret),
    'audience longer' => 'Bearer ' . $sign($claims(['aud' => "$audience/"]), $secret), 'no audience' => 'Bearer ' . $sign($claims(['aud' => null]), $secret),
    'other issuer' => 'Bearer ' . $sign($claims(['iss' => 'Agent']), $secret), 'no issuer' => 'Bearer ' . $sign($claims(['iss' => null]), $secret),
    'expired' => 'Bearer ' . $sign($claims(['iat' => $now - 200, 'nbf' => $now - 200, 'exp' => $now - 140]), $secret),
    'not yet' => 'Bearer ' . $sign($claims(['iat' => $now + 100, 'nbf' => $now + 100, 'exp' => $now + 160]), $secret), 'too long' => 'Bearer ' . $sign($claims(['exp' => $now + 3600]), $secret),
    'no end' => 'Bearer ' . $sign($claims(['exp' => null]), $secret), 'float end' => 'Bearer ' . $sign(preg_replace('~"exp":(\d+)~', '"exp":$1.5', $text), $secret),
    'string end' => 'Bearer ' . $sign($claims(['exp' => (string) ($now + 60)]), $secret), 'exponent' => 'Bearer ' . $sign(preg_replace('~"exp":\d+~', '"exp":9e9', $text), $secret),
    'huge end' => 'Bearer ' . $sign(preg_replace('~"exp":\d+~', '"exp":99999999999999999999', $text), $secret), 'negative' => 'Bearer ' . $sign($claims(['iat' => -1]), $secret),
    'twice' => 'Bearer ' . $sign('{"sub":"wp:1",' . substr($text, 1), $secret), 'twice, escaped' => 'Bearer ' . $sign('{"\u0073ub":"wp:1",' . substr($text, 1), $secret),
    'behind it' => 'Bearer ' . $sign("$text{}", $secret), 'byte order mark' => 'Bearer ' . $sign("\xEF\xBB\xBF$text", $secret), 'bad UTF-8' => 'Bearer ' . $sign(str_replace('wp:42', "wp:\xFF", $text), $secret),
    'no digest' => 'Bearer ' . $sign($claims(['dig' => null]), $secret), 'digest of another' => 'Bearer ' . $sign($claims(['dig' => hash('sha256', "POST\n/t\n{}\n")]), $secret),
    'no scope' => 'Bearer ' . $sign($claims(['scope' => null]), $secret), 'wider by a prefix' => 'Bearer ' . $sign($claims(['scope' => 'order:readall order']), $secret),
];
foreach ($attacks as $name => $authorization) {
    echo $name, ': ', $serve($authorization), "\n";
}
// The backend that holds a public key, and those who know it.
$x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
$raw = base64_decode(strtr($x, '-_', '+/'));
$der = hex2bin('302a300506032b6570032100') . $raw;
$pem = "-----BEGIN PUBLIC KEY-----\n" . base64_encode($der) . "\n-----END PUBLIC KEY-----\n";
$jwk = ['kty' => 'OKP', 'crv' => 'Ed25519', 'kid' => 'k', 'x' => $x];
site_use(['backend' => ['audience' => $audience, 'key_set' => ['keys' => [$jwk]]]]);
foreach (['raw' => $raw, 'DER' => $der, 'PEM' => $pem, 'JWK' => json_encode($jwk), 'x' => $x] as $name => $key) {
    echo "public key as $name: ", $serve('Bearer ' . $sign($claims(), $key, ['alg' => 'HS256', 'kid' => 'k'])), ' ', $serve('Bearer ' . $sign($claims(), $key, ['alg' => 'HS256'])), "\n";
}
echo 'handler ran ', $ran, "\n";
site_remove();
?>
--EXPECT--
200 ok, handler ran 1
none: 401 token_invalid
none signed: 401 token_invalid
empty key: 401 token_invalid
kid is a file: 401 token_invalid
jwk: 401 token_invalid
crit: 401 token_invalid
four segments: 401 token_invalid
claims exchanged: 401 token_invalid
no signature: 401 token_invalid
newline: 401 token_invalid
basic: 401 token_missing
no scheme: 401 token_missing
two tokens: 401 token_invalid
two tokens, comma: 401 token_invalid
megabyte: 401 token_invalid
other audience: 401 audience
audience list: 401 token_invalid
audience longer: 401 audience
no audience: 401 audience
other issuer: 401 issuer
no issuer: 401 issuer
expired: 401 expired
not yet: 401 not_yet
too long: 401 too_long
no end: 401 token_invalid
float end: 401 token_invalid
string end: 401 token_invalid
exponent: 401 token_invalid
huge end: 401 token_invalid
negative: 401 token_invalid
twice: 401 token_invalid
twice, escaped: 401 token_invalid
behind it: 401 token_invalid
byte order mark: 401 token_invalid
bad UTF-8: 401 token_invalid
no digest: 401 digest
digest of another: 401 digest
no scope: 403 scope
wider by a prefix: 403 scope
public key as raw: 401 token_invalid 401 token_invalid
public key as DER: 401 token_invalid 401 token_invalid
public key as PEM: 401 token_invalid 401 token_invalid
public key as JWK: 401 token_invalid 401 token_invalid
public key as x: 401 token_invalid 401 token_invalid
handler ran 1

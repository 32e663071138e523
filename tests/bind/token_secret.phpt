--TEST--
backend.key: a shared HS256 secret is the HMAC key itself, a PEM an Ed25519 key; weak or wrong ones are refused, a changed one is noticed
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$audience = 'https://shop.example/tools';
$issue = fn() => agent_token_issue(['aud' => $audience, 'sub' => 'wp:42']);
$why = fn(callable $call) => preg_replace('~^Agent.(\w+) \[(\w+)\] ~', '$2: ', thrown($call));
function b64(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}
/** A token as any JWT library makes it. */
function foreign(string $secret, array $header = ['alg' => 'HS256', 'typ' => 'JWT']): string
{
    $text = b64(json_encode($header)) . '.' . b64(json_encode(['iss' => 'agent', 'aud' => 'https://shop.example/tools', 'sub' => 'x', 'iat' => time(), 'nbf' => time(), 'exp' => time() + 60]));
    return $text . '.' . b64(hash_hmac('sha256', $text, $secret, true));
}

// Stored by agent_secret_put.
site_use(['backend' => ['audience' => $audience, 'key' => ['put' => 'shared']]]);
echo $why($issue), "\n";
agent_secret_put('shared', str_repeat('s', 31));
echo $why($issue), "\n";
agent_secret_put('shared', $first = str_repeat('s', 32));
echo $why($issue), ' ', agent_token_verify(foreign($first), $audience)['sub'], ' ', $why(fn() => agent_token_verify(foreign($first, ['alg' => 'HS256', 'kid' => 'k']), $audience)), "\n";
$token = $issue();
[$header] = explode('.', $token);
echo base64_decode($header), "\n";
agent_secret_put('shared', str_repeat('t', 32));
echo $why(fn() => agent_token_verify($token, $audience)), ', ', $why(fn() => agent_token_verify($issue(), $audience)), "\n";
agent_secret_put('shared', "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n");
echo $why($issue), "\n";
agent_secret_put('shared', '');
echo $why($issue), "\n";

// A file, replaced under a warm worker.
$file = site_dir() . '/secret-file';
file_put_contents($file, str_repeat('f', 40) . "\n");
site_use(['backend' => ['audience' => $audience, 'key' => ['file' => $file]]]);
$token = $issue();
echo $why(fn() => agent_token_verify($token, $audience)), ' ', agent_token_verify(foreign(str_repeat('f', 40)), $audience)['sub'], "\n";
file_put_contents("$file.new", str_repeat('g', 40));
rename("$file.new", $file);
echo $why(fn() => agent_token_verify($token, $audience)), "\n";
unlink($file);
echo $why(fn() => agent_token_verify($token, $audience)), "\n";
$health = array_column(agent_health()['checks'], null, 'name')['secrets'];
echo var_export($health['ok'], true), ' ', $health['message'], "\n";

// An environment variable.
putenv('AGENT_TEST_KEY=' . str_repeat('e', 32));
site_use(['backend' => ['audience' => $audience, 'key' => ['env' => 'AGENT_TEST_KEY']]]);
$token = $issue();
echo $why(fn() => agent_token_verify($token, $audience)), "\n";
putenv('AGENT_TEST_KEY=' . str_repeat('E', 32));
echo $why(fn() => agent_token_verify($token, $audience)), "\n";

// Ed25519 in PEM: its kid is the thumbprint of RFC 7638.
agent_secret_put('pem', "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n");
site_use(['backend' => ['audience' => $audience, 'algorithm' => 'EdDSA', 'key' => ['put' => 'pem']]]);
$token = $issue();
echo base64_decode(explode('.', $token)[0]), ' ', $why(fn() => agent_token_verify($token, $audience)), "\n", json_encode(agent_token_key_set()), "\n";
agent_token_key_rotate(0); // the ring's, not this one
echo $why(fn() => agent_token_verify($token, $audience)), "\n";
site_use(['backend' => ['audience' => $audience, 'key' => ['put' => 'pem']]]);
echo $why($issue), "\n";
site_use(['backend' => ['audience' => $audience, 'algorithm' => 'EdDSA', 'key' => ['env' => 'AGENT_TEST_KEY']]]);
echo $why($issue), "\n";
site_remove();
?>
--EXPECT--
unknown_secret: no secret shared is stored
secret: /backend/key: an HS256 key must have 32 bytes at least
nothing x token_kid: the token's key is not known, or not any more
{"alg":"HS256","typ":"JWT"}
token_signature: the token's signature does not fit, nothing
secret: /backend/key: a PEM, SSH or JWK text is no HS256 key: it may be public
unknown_secret: no secret shared is stored
nothing x
token_signature: the token's signature does not fit
secret: /backend/key: the file that holds the secret cannot be read
false /backend/key: the file that holds the secret cannot be read
nothing
token_signature: the token's signature does not fit
{"alg":"EdDSA","typ":"JWT","kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"} nothing
{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k","alg":"EdDSA","use":"sig","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}
nothing
secret: /backend/key: a PEM, SSH or JWK text is no HS256 key: it may be public
secret: /backend/key: an EdDSA key must be an Ed25519 private key in PEM ("BEGIN PRIVATE KEY"), without a password

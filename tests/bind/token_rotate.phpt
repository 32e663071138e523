--TEST--
A rotation: a new key signs, tokens of the older ones verify for the overlap, then they are refused; other workers notice
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

function kid(string $token): string
{
    return json_decode(base64_decode(strtr(explode('.', $token)[0], '-_', '+/')), true)['kid'] ?? 'none';
}
function opens(string $token): string
{
    return preg_replace('~^Agent.*\[(.*)\].*~', '$1', thrown(fn() => agent_token_verify($token, 'browser')));
}

$digest = site_use();
$first = agent_token_issue(['aud' => 'browser', 'session' => 's'], 3600);
$second_kid = agent_token_key_rotate();
$second = agent_token_issue(['aud' => 'browser', 'session' => 's'], 3600);
echo kid($first) !== kid($second) && kid($second) === $second_kid ? 'another key' : 'the same key', ' ', opens($first), ' ', opens($second), "\n";

// Another process rotates; this one, warm, signs with the new key at once and still opens what it signed before.
$code = 'require ' . var_export(__DIR__ . '/../support/site.php.inc', true) . '; agent_use("' . $digest . '"); echo agent_token_key_rotate(3600);';
$third_kid = shell_exec(implode(' ', array_map('escapeshellarg', [...php_command(), '-r', $code])));
$third = agent_token_issue(['aud' => 'browser', 'session' => 's'], 3600);
echo kid($third) === $third_kid ? 'noticed' : 'not noticed', ' ', opens($first), ' ', opens($second), ' ', opens($third), "\n";

// Without an overlap the older ones are refused at once, also for the backend's audience.
$tool = agent_token_issue(['aud' => 'https://shop.example/tools']);
agent_token_key_rotate(0);
echo opens($first), ' ', opens($third), ' ', opens(agent_token_issue(['aud' => 'browser'])), "\n";
echo thrown(fn() => agent_token_verify($tool, 'https://shop.example/tools')), "\n";

// What would verify is bounded.
for ($i = 1; $i < 32; $i++) {
    agent_token_key_rotate();
}
$kept = agent_token_issue(['aud' => 'browser']);
echo thrown(fn() => agent_token_key_rotate()), "\n", opens($kept), "\n";
foreach ([-1, 2592001, PHP_INT_MIN, PHP_INT_MAX] as $overlap) {
    echo thrown(fn() => agent_token_key_rotate($overlap)), "\n";
}
// A second is enough to retire one.
agent_token_key_rotate(0);
$kept = agent_token_issue(['aud' => 'browser']);
agent_token_key_rotate(1);
$gone = opens($kept);
do {
    usleep(100000);
} while (opens($kept) === 'nothing');
echo $gone, ', then ', opens($kept), "\n";
echo thrown(fn() => agent_token_key_rotate()), "\n";
site_remove();
?>
--EXPECT--
another key nothing nothing
noticed nothing nothing nothing
token_kid token_kid nothing
Agent\TokenException [token_kid] the token's key is not known, or not any more
Agent\LimitException [key_ring_full] 32 keys still verify: one must retire first, or all do (overlap 0)
nothing
ValueError: agent_token_key_rotate(): Argument #1 ($overlap) must be between 0 and 2592000
ValueError: agent_token_key_rotate(): Argument #1 ($overlap) must be between 0 and 2592000
ValueError: agent_token_key_rotate(): Argument #1 ($overlap) must be between 0 and 2592000
ValueError: agent_token_key_rotate(): Argument #1 ($overlap) must be between 0 and 2592000
nothing, then token_kid
nothing

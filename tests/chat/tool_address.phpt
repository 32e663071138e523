--TEST--
A tool call's token says of the visitor's address a keyed hash alone, the same for the same visitor; a tool's rate counts it, here and there
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';

upstream_use([], [], ['brain' => ['protocol' => 'local']]);
script('order', 'json {"status":"shipped"}');
function claims(?string $address): array
{
    $session = agent_session_start('wp:1');
    agent_chat($session, 'Where is my order ABC-12345?', null, ['subject' => 'wp:1'] + ($address === null ? [] : ['address' => $address]));
    $heads = glob(site_dir() . '/upstream/bodies/*.head');
    natsort($heads);
    preg_match('~^Authorization: Bearer [^.]+\.([^.]+)~mi', file_get_contents(end($heads)), $m);
    return json_decode(base64_decode(strtr($m[1], '-_', '+/')), true);
}
$hash = fn(?string $address) => claims($address)['addr'] ?? null;
$one = $hash('192.0.2.17');
echo preg_match('~^[\w-]{22}$~', $one), ' ', var_export(str_contains(json_encode(claims('192.0.2.17')), '192.0.2'), true), "\n";
var_dump($hash('192.0.2.17') === $one, $hash('::ffff:192.0.2.17') === $one, $hash('192.0.2.18') === $one, $hash(null));
upstream_use([], [], ['brain' => ['protocol' => 'local'], 'site' => 'another']);
var_dump($hash('192.0.2.17') === $one);

// In this process: two of an hour for each subject, session and address.
site_use(['tools' => [order_tool(['rate' => '2/h'])]]);
agent_tool_register('get_order_status', fn() => ['status' => 'shipped']);
function turn(string $subject, string $session, string $address): string
{
    $turn = agent_chat($session, 'Where is my order ABC-12345?', null, ['subject' => $subject, 'address' => $address]);
    return $turn->tool_calls[0]['result'];
}
$new = fn(string $subject) => agent_session_start($subject);
echo turn('a', $s1 = $new('a'), '192.0.2.1'), ' ', turn('a', $new('a'), '192.0.2.2'), ' ', turn('a', $new('a'), '192.0.2.3'), " the subject's third\n";
echo turn('b', $new('b'), '192.0.2.1'), ' ', turn('c', $new('c'), '192.0.2.1'), " the address's third\n";
echo turn('c', $s2 = $new('c'), '192.0.2.4'), ' ', turn('c', $s2, '192.0.2.5'), ' ', turn('d', $new('d'), '192.0.2.3'), ' ', turn('d', $new('d'), '192.0.2.3'), " what was refused cost nothing\n";
$by_hand = fn(array $options) => agent_tool_call('get_order_status', ['order' => 'ABC-12345'], $options);
echo $by_hand(['subject' => 'a'])->result, ' ', $by_hand(['subject' => 'e', 'session' => 'x'])->result, ' ', $by_hand(['subject' => 'a'])->message, "\n";
site_remove();
?>
--EXPECT--
1 false
bool(true)
bool(true)
bool(false)
NULL
bool(false)
ok ok transient the subject's third
ok transient the address's third
ok ok ok ok what was refused cost nothing
transient ok too many requests for this tool

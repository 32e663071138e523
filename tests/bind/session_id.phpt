--TEST--
A session of a given id: begun once, given again, nobody else's; also by two processes at once
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$digest = site_use();
$id = 'Aa0-_Zz9AAAAAAAAAAAAAA';
echo agent_session_start('wp:42', ['id' => $id, 'locale' => 'de']) === $id ? 'begun' : '?', "\n";
agent_session_grant($id, 'order:ABC-12345:read', 60);
echo agent_session_start('wp:42', ['id' => $id, 'locale' => 'fr']) === $id ? 'the same' : '?', "\n";
$got = agent_session_get($id, ['subject' => 'wp:42']);
echo $got['subject'], ' ', $got['locale'], ' ', $got['grants'][0]['scope'], "\n";
foreach (['wp:1', null] as $subject) {
    echo thrown(fn() => agent_session_start($subject, ['id' => $id])), "\n";
}
$guest = strrev($id);
echo agent_session_start(null, ['id' => $guest]) === agent_session_start(options: ['id' => $guest]) ? 'a guest' : '?', "\n";
echo thrown(fn() => agent_session_start('wp:42', ['id' => $guest])), "\n";
agent_session_end($guest);
echo thrown(fn() => agent_session_start('wp:42', ['id' => $guest])), "\n";
echo thrown(fn() => agent_session_start(null, ['id' => $guest])), "\n";
foreach (['', 'short', "$id-", str_repeat('A', 21) . '=', str_repeat('A', 21) . '+', str_repeat('A', 21) . "\n", str_repeat('A', 20) . 'ü', str_repeat('A', 21) . "\0"] as $bad) {
    echo thrown(fn() => agent_session_start(null, ['id' => $bad])), "\n";
}
echo thrown(fn() => agent_session_start(null, ['id' => 7])), "\n";
echo strlen(agent_session_start(null, ['id' => null])), "\n";

// Processes that have never heard of the session and come at the same moment.
$script = 'echo "."; fgets(STDIN); foreach (range(0, 99) as $i) { echo agent_session_start("wp:42", ["id" => sprintf("%022d", $i)]) === sprintf("%022d", $i) ? "" : "?"; }';
$processes = [];
foreach ([0, 1, 2] as $n) {
    $processes[] = [proc_open([...php_command(['agent.data_dir' => ini_get('agent.data_dir')]), '-r', "agent_use('$digest'); $script"],
        [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']], $pipes), $pipes];
}
foreach ($processes as [, $pipes]) {
    echo fread($pipes[1], 1);
}
foreach ($processes as [, $pipes]) {
    fwrite($pipes[0], "go\n");
}
foreach ($processes as [$process, $pipes]) {
    echo stream_get_contents($pipes[1]), stream_get_contents($pipes[2]), proc_close($process);
}
echo "\n", count(agent_session_get(sprintf('%022d', 99), ['subject' => 'wp:42'])['turns']), "\n";
site_remove();
?>
--EXPECT--
begun
the same
wp:42 de order:ABC-12345:read
Agent\SessionException [subject] the session belongs to somebody else
Agent\SessionException [subject] the session belongs to somebody else
a guest
Agent\SessionException [subject] the session belongs to somebody else
Agent\SessionException [subject] the session belongs to somebody else
Agent\SessionException [ended] the session has ended
ValueError: a session's id has 22 characters of base64url
ValueError: a session's id has 22 characters of base64url
ValueError: a session's id has 22 characters of base64url
ValueError: a session's id has 22 characters of base64url
ValueError: a session's id has 22 characters of base64url
ValueError: a session's id has 22 characters of base64url
ValueError: a session's id has 22 characters of base64url
ValueError: a session's id has 22 characters of base64url
TypeError: agent_session_start(): Argument #2 ($options) must have a string as option "id", int given
22
...000
0

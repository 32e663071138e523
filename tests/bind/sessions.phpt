--TEST--
Sessions: begun, shown, granted, ended; another subject is refused
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use();
$guest = agent_session_start();
$member = agent_session_start('wp:42', ['locale' => 'de']);
echo strlen($guest), ' ', $guest !== $member ? 'different' : 'same', "\n";
$got = agent_session_get($member, ['subject' => 'wp:42']);
echo $got['subject'], ' ', $got['locale'], ' ', var_export($got['ended'], true), ' ', count($got['turns']), "\n";
agent_session_grant($guest, 'order:ABC-12345:read', 60);
$grant = agent_session_get($guest)['grants'][0];
echo $grant['scope'], ' ', $grant['expires'] - time() > 50 ? 'later' : 'now', "\n";
foreach ([[$member, []], [$member, ['subject' => 'wp:1']], [$guest, ['subject' => 'wp:42']], ['nobody', []], [str_repeat('A', 22), []]] as [$id, $options]) {
    echo thrown(fn() => agent_session_get($id, $options)), "\n";
}
agent_session_end($guest);
echo var_export(agent_session_get($guest)['ended'], true), "\n";
echo preg_replace('~\].*~', ']', thrown(fn() => agent_chat($guest, 'Hello'))), "\n";
site_remove();
?>
--EXPECT--
22 different
wp:42 de false 0
order:ABC-12345:read later
Agent\SessionException [subject] the session belongs to somebody else
Agent\SessionException [subject] the session belongs to somebody else
Agent\SessionException [subject] the session belongs to somebody else
Agent\SessionException [unknown] there is no such session
Agent\SessionException [unknown] there is no such session
true
Agent\SessionException [ended]

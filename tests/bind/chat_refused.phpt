--TEST--
agent_chat refuses what is no message of this session
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use();
$guest = agent_session_start();
$member = agent_session_start('wp:42');
echo thrown(fn() => agent_chat(str_repeat('A', 22), 'Hello')), "\n";
echo thrown(fn() => agent_chat($member, 'Hello')), "\n";
echo thrown(fn() => agent_chat($member, 'Hello', null, ['subject' => 'wp:1'])), "\n";
echo thrown(fn() => agent_chat($guest, 'Hello', null, ['subject' => 'wp:42'])), "\n";
echo preg_replace('~:.*~', '', thrown(fn() => agent_chat($guest, ''))), "\n";
echo preg_replace('~:.*~', '', thrown(fn() => agent_chat($guest, str_repeat('x', 8001)))), "\n";
echo preg_replace('~:.*~', '', thrown(fn() => agent_chat($guest, "\xff"))), "\n";
echo thrown(fn() => agent_chat($guest, 'Hello', null, ['utc_offset' => 10000])), "\n";
site_remove();
?>
--EXPECT--
Agent\SessionException [unknown] there is no such session
Agent\SessionException [subject] the session belongs to somebody else
Agent\SessionException [subject] the session belongs to somebody else
Agent\SessionException [subject] the session belongs to somebody else
ValueError
ValueError
ValueError
ValueError: agent_chat(): Argument #4 ($options) must have minutes between -1440 and 1440 as option "utc_offset"

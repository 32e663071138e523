--TEST--
A data directory that is removed under a running worker is made again; nothing is written into the void
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';
$digest = site_use();
$session = agent_session_start();
remove_tree(site_dir());
try {
    agent_session_get($session);
} catch (Agent\SessionException $e) {
    echo $e->reason, "\n";
}
$session = agent_session_start();
echo agent_chat($session, 'Hello')->outcome->value, ' ', file_exists(site_dir() . '/agent.sqlite') ? 'stored' : 'lost', "\n";
site_remove();
?>
--EXPECT--
unknown
asked stored

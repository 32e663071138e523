--TEST--
Sites of one data directory share neither tokens nor secrets nor sessions nor documents
--EXTENSIONS--
agent
--INI--
agent.data_dir={TMP}/agent-phpt-sites-apart
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';
remove_tree(ini_get('agent.data_dir'));
mkdir(ini_get('agent.data_dir'), 0700);
$alpha = agent_configure(site_config(['site' => 'alpha', 'backend' => ['audience' => 'https://shop.example/tools', 'key' => ['put' => 'k']]]));
$beta = agent_configure(site_config(['site' => 'beta', 'backend' => ['audience' => 'https://shop.example/tools', 'key' => ['put' => 'k']]]));
$plain = agent_configure(site_config(['site' => 'gamma']));
agent_use($alpha);
agent_secret_put('k', 'a secret of alpha alone, 32 bytes long');
agent_knowledge_put(['id' => 'x', 'title' => 'Returns', 'text' => 'Items can be returned within 30 days.']);
$session = agent_session_start();
$token = agent_token_issue(['aud' => 'https://shop.example/tools', 'sub' => 'admin']);
agent_use($beta);
try {
    agent_token_verify($token, 'https://shop.example/tools');
} catch (Agent\Exception $e) {
    echo $e->reason, "\n";
}
agent_secret_put('k', 'a secret of beta alone, 32 bytes or so');
agent_use($alpha);
echo agent_token_verify($token, 'https://shop.example/tools')['sub'], "\n";
agent_use($plain);
try {
    agent_token_verify($token, 'https://shop.example/tools');
} catch (Agent\TokenException $e) {
    echo $e->reason, "\n";
}
try {
    agent_session_get($session);
} catch (Agent\SessionException $e) {
    echo $e->reason, "\n";
}
echo count(agent_knowledge_search('returned items')), "\n";
echo count(agent_knowledge_list()), "\n";
agent_secret_put('k', ''); // this site's: the other ones keep theirs
agent_use($alpha);
echo agent_token_verify($token, 'https://shop.example/tools')['sub'], ' ', implode(' ', agent_knowledge_list()), "\n";
remove_tree(ini_get('agent.data_dir'));
site_remove();
?>
--EXPECT--
unknown_secret
admin
token_signature
unknown
0
0
admin x

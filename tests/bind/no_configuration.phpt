--TEST--
What needs a configuration says so
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$calls = [
    fn() => agent_secret_put('a', 'b'), fn() => agent_chat('', ''), fn() => agent_tool_call('', []), fn() => agent_tool_register('', 'strlen'),
    fn() => agent_tool_serve('', '', '', '', [], 'strlen'), fn() => agent_session_start(), fn() => agent_session_get(''),
    fn() => agent_session_grant('', '', 1), fn() => agent_session_end(''), fn() => agent_knowledge_put(['id' => 'a']), fn() => agent_knowledge_delete(''), fn() => agent_knowledge_list(), fn() => agent_knowledge_search(''),
    fn() => agent_token_issue(['aud' => 'a']), fn() => agent_token_verify('', ''),
];
echo implode("\n", array_unique(array_map('thrown', $calls))), "\n";
?>
--EXPECT--
Agent\ConfigException [no_configuration] No configuration is selected: call agent_use() first

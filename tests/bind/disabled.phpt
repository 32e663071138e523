--TEST--
agent.enabled=0: every function throws
--EXTENSIONS--
agent
--INI--
agent.enabled=0
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$calls = [
    fn() => agent_configure([]), fn() => agent_use(''), fn() => agent_secret_put('a', 'b'), fn() => agent_chat('', ''), fn() => agent_tool_call('', []),
    fn() => agent_tool_register('', 'strlen'), fn() => agent_tool_serve('', '', '', '', [], 'strlen'), fn() => agent_session_start(),
    fn() => agent_session_get(''), fn() => agent_session_grant('', '', 1), fn() => agent_session_end(''), fn() => agent_knowledge_put([]),
    fn() => agent_knowledge_delete(''), fn() => agent_knowledge_list(), fn() => agent_knowledge_search(''), fn() => agent_token_issue([]), fn() => agent_token_verify('', ''),
    fn() => agent_token_key_set(), fn() => agent_token_key_rotate(), fn() => agent_schema_check('', ''),
    fn() => agent_health(),
];
$found = array_unique(array_map('thrown', $calls));
echo implode("\n", $found), "\n", count($calls) === count(get_extension_funcs('agent')) ? 'all' : 'a function is missing here', "\n";
echo ini_set('agent.enabled', '1') === false ? "not by ini_set\n" : "by ini_set\n";
?>
--EXPECT--
Agent\ConfigException [disabled] The agent is disabled here (agent.enabled=0)
all
not by ini_set

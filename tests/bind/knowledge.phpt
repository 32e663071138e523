--TEST--
Documents: put, found, replaced, deleted; what only a scope opens stays hidden
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use();
echo agent_knowledge_put(['id' => 'returns', 'title' => 'Returns', 'text' => "You can return goods within 30 days.\n\nShipping back is free.", 'url' => 'https://shop.example/returns']), "\n";
agent_knowledge_put(['id' => 'wholesale', 'title' => 'Wholesale', 'text' => 'Wholesale customers return goods within 90 days.', 'access' => 'wholesale']);
foreach (agent_knowledge_search('How can I return goods?') as $p) {
    echo $p['title'], ' ', $p['url'], ' ', get_debug_type($p['score']), ' ', get_debug_type($p['updated']), "\n";
}
echo count(agent_knowledge_search('return goods', ['scopes' => ['wholesale'], 'limit' => 5])) > 1 ? "with scope: more\n" : "with scope: the same\n";
var_dump(agent_knowledge_search('zzzyx'));
var_dump(agent_knowledge_delete('wholesale'), agent_knowledge_delete('wholesale'), agent_knowledge_delete(''), agent_knowledge_delete("\0'\xff"));
echo count(agent_knowledge_search('return goods', ['scopes' => ['wholesale']])), "\n";
agent_knowledge_put(['id' => 'wholesale', 'title' => 'Wholesale', 'text' => 'Wholesale customers return goods within 60 days.']);
echo agent_knowledge_search('Wholesale')[0]['text'], "\n";
echo preg_replace('~\].*~', ']', thrown(fn() => agent_knowledge_put(['id' => 'a', 'title' => 'A']))), "\n";
echo preg_replace('~\].*~', ']', thrown(fn() => agent_knowledge_put(['id' => 'a', 'titel' => 'A']))), "\n";
site_remove();
?>
--EXPECT--
1
Returns https://shop.example/returns float int
with scope: more
array(0) {
}
bool(true)
bool(false)
bool(false)
bool(false)
1
Wholesale customers return goods within 60 days.
Agent\KnowledgeException [document]
Agent\KnowledgeException [document]

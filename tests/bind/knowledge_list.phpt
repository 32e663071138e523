--TEST--
The ids of the documents: in order, after one, of a prefix, so many; another site's never
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

function ids(array $options = []): void
{
    $ids = agent_knowledge_list($options);
    echo json_encode($ids, JSON_UNESCAPED_SLASHES), array_is_list($ids) && $ids === array_filter($ids, 'is_string') ? '' : ' no list of strings', "\n";
}
site_use(['site' => 'other']);
foreach (['a', 'post:1', 'post:3', 'z'] as $id) {
    agent_knowledge_put(['id' => $id, 'title' => 'T', 'text' => 'Of the other site.']);
}
site_use();
ids();
foreach (['post:2', '50%', '50_', '505', 'post:10', 'post:1', 'Post:1', 'ÿ', '7', 'é"\\', "\u{10FFFF}", 'page:1'] as $id) {
    agent_knowledge_put(['id' => $id, 'title' => 'T', 'text' => 'Words.', 'access' => $id === 'page:1' ? 'staff' : '']);
}
agent_knowledge_put(['id' => 'post:1', 'title' => 'T', 'text' => 'Other words.']);
echo "all\n";
ids();
ids(['after' => '', 'prefix' => '', 'limit' => 10000]);
ids(['after' => null, 'prefix' => null, 'limit' => null]);
echo "limit, after\n";
ids(['limit' => 2]);
ids(['limit' => 3, 'after' => 'Post:1']);
ids(['after' => 'post:1']);
ids(['after' => 'post:1x']);
ids(['after' => "post:1\0"]);
ids(['after' => "\xff"]);
ids(['after' => str_repeat('p', 100000), 'limit' => 1]);
echo "prefix\n";
ids(['prefix' => 'post:']);
ids(['prefix' => 'post:1']);
ids(['prefix' => 'post:1', 'after' => 'post:1']);
ids(['prefix' => 'post:', 'after' => 'a', 'limit' => 2]);
ids(['prefix' => 'post:', 'after' => 'q']);
ids(['prefix' => '50%']);
ids(['prefix' => '50_']);
ids(['prefix' => '%']);
ids(['prefix' => '_']);
ids(['prefix' => 'POST']);
ids(['prefix' => "\xc3"]);
ids(['prefix' => "\xf4\x8f\xbf"]);
ids(['prefix' => "\xff"]);
ids(['prefix' => "post:\xff"]);
ids(['prefix' => "\0"]);
ids(['prefix' => str_repeat('post:', 1000)]);
echo "batches\n";
for ($n = 100; $n < 350; $n++) {
    agent_knowledge_put(['id' => "b:$n", 'title' => 'T', 'text' => 'Words.']);
}
$after = '';
$seen = [];
while (($some = agent_knowledge_list(['prefix' => 'b:', 'after' => $after, 'limit' => 100])) !== []) {
    echo count($some), ' ';
    array_push($seen, ...$some);
    $after = end($some);
    agent_knowledge_delete($after);
}
echo $seen === array_map(fn($n) => "b:$n", range(100, 349)) ? "each once\n" : "not each once\n";
ids(['prefix' => 'b:34']);
site_remove();
?>
--EXPECT--
[]
all
["50%","505","50_","7","Post:1","page:1","post:1","post:10","post:2","\u00e9\"\\","\u00ff","\udbff\udfff"]
["50%","505","50_","7","Post:1","page:1","post:1","post:10","post:2","\u00e9\"\\","\u00ff","\udbff\udfff"]
["50%","505","50_","7","Post:1","page:1","post:1","post:10","post:2","\u00e9\"\\","\u00ff","\udbff\udfff"]
limit, after
["50%","505"]
["page:1","post:1","post:10"]
["post:10","post:2","\u00e9\"\\","\u00ff","\udbff\udfff"]
["post:2","\u00e9\"\\","\u00ff","\udbff\udfff"]
["post:10","post:2","\u00e9\"\\","\u00ff","\udbff\udfff"]
[]
["\u00e9\"\\"]
prefix
["post:1","post:10","post:2"]
["post:1","post:10"]
["post:10"]
["post:1","post:10"]
[]
["50%"]
["50_"]
[]
[]
[]
["\u00e9\"\\","\u00ff"]
["\udbff\udfff"]
[]
[]
[]
[]
batches
100 100 50 each once
["b:340","b:341","b:342","b:343","b:344","b:345","b:346","b:347","b:348"]

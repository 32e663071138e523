--TEST--
agent_schema_check lists the faults, and tells a schema that is none
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$schema = '{"type":"object","properties":{"n":{"type":"integer","minimum":1},"m":{"type":"string","format":"email"}},"required":["n"],"additionalProperties":false}';
var_dump(agent_schema_check($schema, '{"n":1}'));
foreach (agent_schema_check($schema, '{"n":0,"x":1}') as $fault) {
    echo implode(' | ', array_keys($fault)), ': ', $fault['instance'], ' ', $fault['keyword'], "\n";
}
echo count(agent_schema_check($schema, '{"n":1,"m":"no address"}')), count(agent_schema_check($schema, '{"n":1,"m":"no address"}', ['formats' => false])), "\n";
echo preg_replace('~\].*~s', ']', thrown(fn() => agent_schema_check($schema, '{"n":1,"n":2}'))), "\n";
echo preg_replace('~ .*~s', '', thrown(fn() => agent_schema_check('{"type":"nothing"}', '1'))), "\n";
echo preg_replace('~ .*~s', '', thrown(fn() => agent_schema_check('', '1'))), "\n";
?>
--EXPECT--
array(0) {
}
instance | schema | keyword | message: /n minimum
instance | schema | keyword | message: /x additionalProperties
10
Agent\SchemaException [duplicate_key]
Agent\SchemaException
Agent\SchemaException

--TEST--
agent_schema_check: the dialect, the registry and formats are the caller's; wrong ones are told by name
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

function keywords(string $schema, string $json, array $options = []): string
{
    return json_encode(array_column(agent_schema_check($schema, $json, $options), 'keyword'));
}

// In draft 7 what stands beside $ref is not looked at, and items may be a list.
$beside = '{"definitions":{"s":{"type":"string"}},"properties":{"a":{"$ref":"#/definitions/s","maxLength":1}}}';
echo keywords($beside, '{"a":"long"}'), keywords($beside, '{"a":"long"}', ['dialect' => 'http://json-schema.org/draft-07/schema#']), "\n";
$list = '{"$schema":"http://json-schema.org/draft-07/schema#","items":[{"type":"string"}],"additionalItems":false}';
echo keywords($list, '["a"]'), keywords($list, '[1]'), agent_schema_check($list, '["a","b"]')[0]['instance'], "\n";

// The registry.
$schema = '{"$ref":"https://shop.example/order#/$defs/id"}';
$registry = ['https://shop.example/order' => '{"$defs":{"id":{"$ref":"/id"}}}', 'https://shop.example/id#' => '{"type":"string","pattern":"^[A-Z]{3}$"}'];
echo keywords($schema, '"ABC"', ['registry' => $registry]), keywords($schema, '"abc"', ['registry' => $registry]), "\n";
echo preg_replace('~\].*~s', ']', thrown(fn() => agent_schema_check($schema, '1'))), "\n";
echo thrown(fn() => agent_schema_check('{}', '1', ['registry' => ['https://shop.example/x' => '{']])), "\n";

// Formats, and keywords that are not known.
echo keywords('{"format":"duration","x-color":"red"}', '"P1Y1D"'), keywords('{"format":"duration"}', '"P1Y1D"', ['formats' => false]), keywords('{"format":"iban"}', '"?"'), "\n";
echo keywords('{"$ref":"https://json-schema.org/draft/2020-12/schema"}', '{"pattern":"("}'), "\n";
echo keywords('{"const":"a\u0000b"}', '"a\u0000b"'), keywords('{"const":"a\u0000b"}', '"a"'), "\n";

// Limits are told as such.
echo preg_replace('~\].*~s', ']', thrown(fn() => agent_schema_check('{"pattern":"^(a+)+$"}', json_encode(str_repeat('a', 50) . 'b')))), "\n";
echo preg_replace('~\].*~s', ']', thrown(fn() => agent_schema_check('{"$ref":"#"}', '1'))), "\n";

// Wrong options.
echo thrown(fn() => agent_schema_check('{}', '1', ['dialect' => 7])), "\n";
echo thrown(fn() => agent_schema_check('{}', '1', ['dialect' => ''])), "\n";
echo preg_replace('~\].*~s', ']', thrown(fn() => agent_schema_check('{}', '1', ['dialect' => 'http://json-schema.org/draft-04/schema#']))), "\n";
echo thrown(fn() => agent_schema_check('{}', '1', ['registry' => '{}'])), "\n";
echo thrown(fn() => agent_schema_check('{}', '1', ['registry' => ['{}']])), "\n";
echo thrown(fn() => agent_schema_check('{}', '1', ['registry' => ['https://a.example' => []]])), "\n";
echo thrown(fn() => agent_schema_check('{}', '1', ['registry' => ['https://a.example#b' => '{}']])), "\n";
echo thrown(fn() => agent_schema_check('{}', '1', ['registry' => array_combine(array_map(fn($i) => "urn:x:$i", range(1, 65)), array_fill(0, 65, '{}'))])), "\n";
echo thrown(fn() => agent_schema_check('{}', '1', ['closed' => true])), "\n";
?>
--EXPECT--
["maxLength"][]
[]["type"]/1
[]["pattern"]
Agent\SchemaException [ref]
Agent\SchemaException [end] "https://shop.example/x" in the registry: the text ends too early, at byte 1
["format"][][]
["format"]
[]["const"]
Agent\LimitException [pattern_limit]
Agent\SchemaException [ref]
TypeError: agent_schema_check(): Argument #3 ($options) must have a string as option "dialect", int given
ValueError: agent_schema_check(): Argument #3 ($options) must have a URI as option "dialect"
Agent\SchemaException [schema]
TypeError: agent_schema_check(): Argument #3 ($options) must have an array as option "registry", string given
ValueError: agent_schema_check(): Argument #3 ($options) must have an array of JSON texts by their URIs as option "registry", key 0 found in it
TypeError: agent_schema_check(): Argument #3 ($options) must have an array of JSON texts by their URIs as option "registry", array found in it
ValueError: agent_schema_check(): Argument #3 ($options) must have URIs without a fragment as keys of option "registry", "https://a.example#b" found in it
ValueError: agent_schema_check(): Argument #3 ($options) must have at most 64 documents as option "registry"
ValueError: agent_schema_check(): Argument #3 ($options) must not have an option "closed"; the options are: dialect, registry, formats

--TEST--
Where the brain's configuration says strict, tools are offered by a schema that the server enforces, and null for an optional argument is its absence
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28121,127.0.0.1:28122,127.0.0.1:28123,127.0.0.1:28124,127.0.0.1:28125,127.0.0.1:28126,127.0.0.1:28127,127.0.0.1:28128
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
function offered(): void
{
    $tool = upstream_requests('model')[count(upstream_requests('model')) - 1]['tools'][0]['function'];
    unset($tool['description']);
    echo json_encode($tool, JSON_UNESCAPED_SLASHES), "\n";
}
$schema = [
    'type' => 'object', 'additionalProperties' => false, 'required' => ['order'],
    'properties' => ['order' => ['type' => 'string', 'pattern' => '^[A-Z]{3}-[0-9]{5}$'], 'lines' => ['type' => 'integer']],
];
foreach (['strict' => ['strict' => true], 'not strict' => []] as $name => $brain) {
    echo "--- $name\n";
    upstream_use(['input_schema' => $schema], $brain);
    script('order', 'json {"status":"shipped"}');
    script('model', "match \"role\":\"tool\"\nwords Done.\nfinish stop\nnext\ncall get_order_status {\"order\":\"ABC-12345\",\"lines\":null}\nfinish tool_calls");
    $turn = ask('Where is my order ABC-12345?');
    echo json_encode($turn->tool_calls[0]['arguments']), json_encode($turn->tool_calls[0]['coercions']), "\n";
    offered();
}
echo "--- not to be said in strict mode\n";
$schema['properties']['note'] = ['type' => 'string', 'maxLength' => 20];
upstream_use(['input_schema' => $schema], ['strict' => true]);
script('model', "words Hello.\nfinish stop");
ask('Hello');
offered();
try {
    upstream_use([], ['strict' => 'yes']);
} catch (Agent\ConfigException $e) {
    echo $e->getMessage(), "\n";
}
site_remove();
?>
--EXPECT--
--- strict
answered
  get_order_status: ok
  Done.
{"order":"ABC-12345"}[]
{"name":"get_order_status","strict":true,"parameters":{"type":"object","properties":{"order":{"type":"string","pattern":"^[A-Z]{3}-[0-9]{5}$"},"lines":{"type":["integer","null"]}},"required":["order","lines"],"additionalProperties":false}}
--- not strict
answered
  get_order_status: malformed
  Done.
[][]
{"name":"get_order_status","parameters":{"type":"object","additionalProperties":false,"required":["order"],"properties":{"order":{"type":"string","pattern":"^[A-Z]{3}-[0-9]{5}$"},"lines":{"type":"integer"}}}}
--- not to be said in strict mode
answered
  Hello.
{"name":"get_order_status","parameters":{"type":"object","additionalProperties":false,"required":["order"],"properties":{"order":{"type":"string","pattern":"^[A-Z]{3}-[0-9]{5}$"},"lines":{"type":"integer"},"note":{"type":"string","maxLength":20}}}}
/brain/strict: must be true or false

--TEST--
Handlers of one pass have their time each; what they return is bounded; one that is missing fails alone
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
$port = upstream_start();
$tools = [];
foreach (['one', 'two'] as $name) {
    $tools[] = ['name' => $name, 'description' => "Part $name", 'scope' => 'part:read', 'timeouts_ms' => 1000,
        'input_schema' => ['type' => 'object', 'additionalProperties' => false, 'properties' => new stdClass],
        'output_schema' => ['type' => 'object', 'properties' => ['part' => ['type' => 'string']]]];
}
site_use(['brain' => ['protocol' => 'openai-chat', 'base_url' => "http://127.0.0.1:$port/model/v1", 'model' => 'm'], 'tools' => $tools]);
script('model', "match \"role\":\"tool\"\nwords That is all.\nfinish stop\nnext\ncall one {}\ncall two {}\nfinish tool_calls");
$slow = function () {
    usleep(600000);
    return ['part' => 'x'];
};
agent_tool_register('one', $slow);
agent_tool_register('two', $slow);
ask('Hi');
agent_tool_register('one', fn() => ['part' => str_repeat('"', 400000)]);
agent_tool_register('two', fn() => throw new Agent\ToolRefusal(404, 'x', "line\0 one\n" . str_repeat('y', 1100000)));
$turn = ask('Hi');
echo strlen(json_encode($turn->tool_calls)) < 1000 ? "bounded\n" : "?\n";
site_remove();
?>
--EXPECT--
answered
  one: ok
  two: ok
  That is all.
answered (degraded)
  one: transient
  two: invalid
  That is all.
  notice: Our order system cannot be reached at the moment, so I can only answer from our help pages.
bounded

--TEST--
PHP that runs in the middle of a call changes nothing under it; empty objects are told apart
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';
$first = site_use();
$second = site_use(['site' => 'second', 'tools' => []]);
agent_use($first);
agent_tool_register('get_order_status', fn(array $arguments) => ['status' => $arguments['order']]);
final class Switching implements JsonSerializable
{
    public function jsonSerialize(): string
    {
        global $second, $session;
        agent_use($second);
        $session = 0x4141414141;
        return 'ABC-12345';
    }
}
$session = 'some session';
try {
    agent_tool_call('get_order_status', ['order' => new Switching], ['session' => &$session]);
} catch (TypeError | Agent\ToolException $e) {
    echo get_class($e), "\n";
}
try {
    (new ReflectionClass(Agent\ToolResponse::class))->newInstanceWithoutConstructor()->send();
} catch (Error $e) {
    echo $e->getMessage(), "\n";
}
site_remove();
?>
--EXPECT--
TypeError
The Agent\ToolResponse is empty

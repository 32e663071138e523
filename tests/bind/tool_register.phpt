--TEST--
A tool without a url gets a handler of this request; one with a url, or none at all, does not
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use(['tools' => [order_tool(), order_tool(['name' => 'far', 'url' => 'https://tools.example/far'])]]);
agent_tool_register('get_order_status', fn(array $a, array $c) => ['status' => 'first']);
agent_tool_register('get_order_status', fn(array $a, array $c) => ['status' => 'second']);
echo agent_tool_call('get_order_status', ['order' => 'ABC-12345'])->data['status'], "\n";
echo thrown(fn() => agent_tool_register('far', fn() => [])), "\n";
echo thrown(fn() => agent_tool_register('none', fn() => [])), "\n";
echo thrown(fn() => agent_tool_call('none', [])), "\n";
echo thrown(fn() => agent_tool_register('get_order_status', 'none')), "\n";

// Private methods, invokable objects, static methods and __call are callables too.
class Store
{
    function register(): void { agent_tool_register('get_order_status', [$this, 'look']); }
    private function look(array $a): array { return ['status' => 'private']; }
    static function find(array $a): array { return ['status' => 'static']; }
    function __invoke(array $a): array { return ['status' => 'invoked']; }
    function __call($name, $args): array { return ['status' => "__call $name"]; }
}
(new Store)->register();
echo agent_tool_call('get_order_status', ['order' => 'ABC-12345'])->data['status'], "\n";
foreach (['Store::find', ['Store', 'find'], new Store, [new Store, 'magic'], (new Store)(...)] as $callable) {
    agent_tool_register('get_order_status', $callable);
    echo agent_tool_call('get_order_status', ['order' => 'ABC-12345'])->data['status'], "\n";
    echo agent_tool_call('get_order_status', ['order' => 'ABC-12345'])->ok ? '' : "?\n";
}
// A handler may replace itself while it runs.
agent_tool_register('get_order_status', function () {
    agent_tool_register('get_order_status', fn() => ['status' => 'replaced']);
    return ['status' => 'replacing'];
});
echo agent_tool_call('get_order_status', ['order' => 'ABC-12345'])->data['status'], "\n";
echo agent_tool_call('get_order_status', ['order' => 'ABC-12345'])->data['status'], "\n";
site_remove();
?>
--EXPECT--
second
Agent\ToolException [has_url] The tool far is answered at its url; leave the url out to answer it in this process
Agent\ToolException [unknown_tool] The configuration has no tool of this name
Agent\ToolException [unknown_tool] The configuration has no tool of this name
TypeError: agent_tool_register(): Argument #2 ($handler) must be a valid callback, function "none" not found or invalid function name
private
static
static
invoked
__call magic
invoked
replacing
replaced

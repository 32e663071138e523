--TEST--
Arguments of a wrong type are TypeErrors, values without a JSON form ValueErrors
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

site_use();
echo thrown(fn() => agent_chat('s', 'm', 'no_such_function')), "\n";
echo thrown(fn() => agent_configure(new stdClass)), "\n";
agent_tool_register('get_order_status', fn() => []);
echo thrown(fn() => agent_tool_call('get_order_status', ['order' => NAN])), "\n";
echo thrown(fn() => agent_tool_call('get_order_status', ['order' => "\xff"])), "\n";
echo thrown(fn() => agent_tool_call('get_order_status', ['a', 'b'])), "\n";
echo thrown(fn() => agent_tool_call('get_order_status', ['order' => STDIN])), "\n";
$loop = ['a' => 1];
$loop['b'] = &$loop;
echo thrown(fn() => agent_knowledge_put($loop)), "\n";
$loop['b'] = null;
$thrower = new class implements JsonSerializable {
    function jsonSerialize(): mixed { throw new DomainException('mine'); }
};
echo thrown(fn() => agent_token_issue(['aud' => $thrower])), "\n";
echo json_last_error_msg(), "\n";
site_remove();
?>
--EXPECT--
TypeError: agent_chat(): Argument #3 ($on_event) must be a valid callback or null, function "no_such_function" not found or invalid function name
TypeError: agent_configure(): Argument #1 ($config) must be of type array|string, stdClass given
ValueError: agent_tool_call(): Argument #2 ($arguments) cannot become JSON: a number in it is infinite or not a number
ValueError: agent_tool_call(): Argument #2 ($arguments) cannot become JSON: a string in it is not valid UTF-8
ValueError: agent_tool_call(): Argument #2 ($arguments) must have names as keys
ValueError: agent_tool_call(): Argument #2 ($arguments) cannot become JSON: a value in it has no JSON form
ValueError: agent_knowledge_put(): Argument #1 ($document) cannot become JSON: it contains itself
DomainException: mine
No error

--TEST--
Turn, Event, ToolResult and ToolResponse cannot be made, serialized or changed by hand
--EXTENSIONS--
agent
--FILE--
<?php
foreach (['Turn', 'Event', 'ToolResult', 'ToolResponse'] as $name) {
    $class = "Agent\\$name";
    try {
        new $class;
    } catch (Error $e) {
        echo $e->getMessage(), "\n";
    }
    try {
        unserialize('O:' . strlen($class) . ":\"$class\":0:{}");
    } catch (Exception $e) {
        echo $e->getMessage(), "\n";
    }
}
?>
--EXPECT--
Call to private Agent\Turn::__construct() from global scope
Unserialization of 'Agent\Turn' is not allowed
Call to private Agent\Event::__construct() from global scope
Unserialization of 'Agent\Event' is not allowed
Call to private Agent\ToolResult::__construct() from global scope
Unserialization of 'Agent\ToolResult' is not allowed
Call to private Agent\ToolResponse::__construct() from global scope
Unserialization of 'Agent\ToolResponse' is not allowed

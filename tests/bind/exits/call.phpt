--TEST--
A handler under agent_tool_call may end in every way
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/server.php.inc';
run_ways('call', ['return', 'throw', 'exit', 'fatal', 'time', 'nested', 'suspend']);
site_remove();
?>
--EXPECT--
return: ok
  after: answered, 0 before; answered, balanced
throw: failed
  after: answered, 0 before; answered, balanced
exit: exit
  after: answered, 0 before; answered, balanced
fatal: Fatal error: fatal
  after: answered, 0 before; answered, balanced
time: Fatal error: Maximum execution time of 1 second exceeded
  after: answered, 0 before; answered, balanced
nested: nested ok
  after: answered, 0 before; answered, balanced
suspend: failed
  after: answered, 0 before; answered, balanced

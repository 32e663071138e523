--TEST--
A serving handler may end in every way
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/server.php.inc';
run_ways('serve', ['return', 'throw', 'exit', 'fatal', 'time', 'nested', 'suspend']);
site_remove();
?>
--EXPECT--
return: 200
  after: answered, 0 before; answered, balanced
throw: DomainException: thrown
  after: answered, 0 before; answered, balanced
exit: exit
  after: answered, 0 before; answered, balanced
fatal: Fatal error: fatal
  after: answered, 0 before; answered, balanced
time: Fatal error: Maximum execution time of 1 second exceeded
  after: answered, 0 before; answered, balanced
nested: nested 200
  after: answered, 0 before; answered, balanced
suspend: FiberError: Cannot switch fibers in current execution context
  after: answered, 0 before; answered, balanced

--TEST--
An event callback may end in every way PHP knows; the turn is closed and the process goes on
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/server.php.inc';
run_ways('event', ['return', 'throw', 'exit', 'fatal', 'time', 'reenter', 'nested', 'suspend', 'start a fiber']);
site_remove();
?>
--EXPECT--
return: answered
  after: answered, 1 before; answered answered, balanced
throw: DomainException: thrown
  after: answered, 1 before; interrupted answered, balanced
exit: exit
  after: answered, 1 before; interrupted answered, balanced
fatal: Fatal error: fatal
  after: answered, 1 before; interrupted answered, balanced
time: Fatal error: Maximum execution time of 1 second exceeded
  after: answered, 1 before; interrupted answered, balanced
reenter: Error: agent_chat(): a turn of this session is running in this request
  after: answered, 1 before; interrupted answered, balanced
nested: nested answered
  after: answered, 1 before; answered answered, balanced
suspend: FiberError: Cannot switch fibers in current execution context
  after: answered, 1 before; interrupted answered, balanced
start a fiber: FiberError: Cannot switch fibers in current execution context
  after: answered, 1 before; interrupted answered, balanced

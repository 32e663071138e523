--TEST--
A tool handler in a turn: what it throws is the tool's failure; exit and fatal errors close the turn
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/server.php.inc';
run_ways('handler', ['return', 'throw', 'exit', 'fatal', 'time', 'reenter', 'nested', 'suspend']);
site_remove();
?>
--EXPECT--
return: answered ok
  after: answered, 1 before; answered answered, balanced
throw: answered failed
  after: answered, 1 before; answered answered, balanced
exit: exit
  after: answered, 1 before; interrupted answered, balanced
fatal: Fatal error: fatal
  after: answered, 1 before; interrupted answered, balanced
time: Fatal error: Maximum execution time of 1 second exceeded
  after: answered, 1 before; interrupted answered, balanced
reenter: answered failed
  after: answered, 1 before; answered answered, balanced
nested: nested answered ok
  after: answered, 1 before; answered answered, balanced
suspend: answered failed
  after: answered, 1 before; answered answered, balanced

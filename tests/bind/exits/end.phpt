--TEST--
A callback that fails at the end event fails after the turn was saved
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/server.php.inc';
run_ways('end', ['throw', 'exit', 'fatal', 'reenter']);
site_remove();
?>
--EXPECT--
throw: DomainException: thrown
  after: answered, 1 before; answered answered, balanced
exit: exit
  after: answered, 1 before; answered answered, balanced
fatal: Fatal error: fatal
  after: answered, 1 before; answered answered, balanced
reenter: answered
  after: answered, 2 before; answered asked answered, balanced

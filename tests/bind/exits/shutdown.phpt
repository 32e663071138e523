--TEST--
After a fatal error a shutdown function may go on with the session
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/server.php.inc';
run_ways('shutdown', ['fatal', 'exit', 'time']);
site_remove();
?>
--EXPECT--
fatal: Fatal error: fatal then answered
  after: answered, 2 before; interrupted answered answered, balanced
exit: exit then answered
  after: answered, 2 before; interrupted answered answered, balanced
time: Fatal error: Maximum execution time of 1 second exceeded then answered
  after: answered, 2 before; interrupted answered answered, balanced

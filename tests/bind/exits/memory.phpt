--TEST--
The memory limit, hit in an event callback or in a handler, leaves nothing open
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/server.php.inc';
foreach (['event', 'handler', 'call', 'serve'] as $case) {
    run_ways($case, ['memory']);
}
site_remove();
?>
--EXPECT--
memory: Fatal error: Allowed memory size exhausted
  after: answered, 1 before; interrupted answered, balanced
memory: Fatal error: Allowed memory size exhausted
  after: answered, 1 before; interrupted answered, balanced
memory: Fatal error: Allowed memory size exhausted
  after: answered, 0 before; answered, balanced
memory: Fatal error: Allowed memory size exhausted
  after: answered, 0 before; answered, balanced

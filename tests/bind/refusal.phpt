--TEST--
Agent\ToolRefusal holds status, reason and message, once
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$e = new Agent\ToolRefusal(403, 'proof_required', 'Please prove it');
echo $e->status, ' ', $e->reason, ' ', $e->getMessage(), ' ', $e->getCode(), "\n";
echo thrown(fn() => $e->__construct(404, 'x')), "\n";
echo thrown(fn() => new Agent\ToolRefusal(200, 'x')), "\n";
echo thrown(fn() => new Agent\ToolRefusal(404, '')), "\n";
echo thrown(fn() => new Agent\ToolRefusal(404, "a b")), "\n";
echo thrown(fn() => new Agent\ToolRefusal(404)), "\n";
echo (new Agent\ToolRefusal(404, 'none'))->getMessage() === '' ? "empty\n" : "?\n";
?>
--EXPECT--
403 proof_required Please prove it 0
Error: Cannot construct an Agent\ToolRefusal twice
ValueError: Agent\ToolRefusal::__construct(): Argument #1 ($status) must be between 400 and 599
ValueError: Agent\ToolRefusal::__construct(): Argument #2 ($reason) must be 1 to 64 letters, digits, '_', '.' or '-'
ValueError: Agent\ToolRefusal::__construct(): Argument #2 ($reason) must be 1 to 64 letters, digits, '_', '.' or '-'
ArgumentCountError: Agent\ToolRefusal::__construct() expects at least 2 arguments, 1 given
empty

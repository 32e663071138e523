--TEST--
A failed request to the model is tried again before content, within the deadline
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
upstream_use([], ['retries' => 1]);
script('model', <<<'S'
status 429
header retry-after-ms: 10
json {"error":{"message":"slow down"}}
next
words Hello.
finish stop
S);
ask('Hi');
script('model', <<<'S'
cut
next
words Hello again.
finish stop
S);
ask('Hi');
script('model', <<<'S'
status 429
header retry-after: 3600
json {"error":{"message":"slow down"}}
S);
$before = upstream_count('request');
ask('Hi');
echo upstream_count('request') - $before, " request\n";
site_remove();
?>
--EXPECT--
answered
  Hello.
answered
  Hello again.
asked (degraded)
  Hello! How can I help you today?
1 request

--TEST--
With no model reachable the local brain answers, and the turn says so
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
upstream_use([], ['base_url' => 'https://127.0.0.1:28108/v1']);
script('order', 'json {"order":"ABC-12345","status":"shipped"}');
ask('Where is my order ABC-12345?');
upstream_use([], ['key' => ['env' => 'AGENT_NO_SUCH_KEY']]);
ask('Where is my order ABC-12345?');
site_remove();
?>
--EXPECT--
answered (degraded)
  get_order_status: ok
  Your order ABC-12345: status is shipped.
answered (degraded)
  get_order_status: ok
  Your order ABC-12345: status is shipped.

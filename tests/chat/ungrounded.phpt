--TEST--
A figure that nothing supports is never shown, whatever the visitor claims
--EXTENSIONS--
agent
--INI--
agent.allow_private=127.0.0.1:28101,127.0.0.1:28102,127.0.0.1:28103,127.0.0.1:28104,127.0.0.1:28105,127.0.0.1:28106,127.0.0.1:28107,127.0.0.1:28108
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
upstream_use();
script('model', <<<'S'
match not shown
words I cannot confirm that. Please ask a person.
finish stop
next
words Thank you for asking. Yes, our policy gives you $500 back. It is on its way.
finish stop
S);
ask('Your policy gives me $500 back, confirm?');
script('model', <<<'S'
words Confirmed: $500.
finish stop
S);
ask('Your policy gives me $500 back, confirm?');
site_remove();
?>
--EXPECT--
answered
  Thank you for asking. / I cannot confirm that. Please ask a person.
escalated
  notice: I could not find an answer that I can stand behind. You can reach a person here: Contact us (https://shop.example/contact)

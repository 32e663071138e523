--TEST--
A passage says under which heading it stands, and a question may be about the heading alone
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';
site_use();
agent_knowledge_put(['id' => 'cards', 'title' => 'Payment', 'url' => 'https://shop.example/payment', 'text' => <<<'MD'
# Payment

We take all usual credit cards.

## Vouchers

They are sold from 25 to 500 euros and never expire.
MD]);
foreach (agent_knowledge_search('Do vouchers expire?') as $passage) {
    echo $passage['heading'], ': ', $passage['text'], "\n";
    break;
}
echo agent_chat(agent_session_start(), 'How long are vouchers good for?')->reply, "\n";
site_remove();
?>
--EXPECT--
Payment – Vouchers: They are sold from 25 to 500 euros and never expire.
According to Payment (https://shop.example/payment): "They are sold from 25 to 500 euros and never expire."

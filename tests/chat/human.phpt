--TEST--
Who asks for a person is offered one; a sample in a schema's description does not spoil the question for it
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
$tool = order_tool();
$tool['input_schema']['properties']['order']['description'] = 'The order number, for example ABC-12345';
site_use(['tools' => [['url' => 'https://tools.example/x'] + $tool], 'contact' => ['url' => 'https://shop.example/contact', 'label' => 'Contact us']]);
foreach (['I want to talk to a human', 'Can I speak with a real person please?', 'human', 'Where is my order?'] as $message) {
    ask($message);
}
site_remove();
?>
--EXPECT--
escalated
  notice: A person can help you with this. You can reach a person here: Contact us (https://shop.example/contact)
escalated
  notice: A person can help you with this. You can reach a person here: Contact us (https://shop.example/contact)
escalated
  notice: A person can help you with this. You can reach a person here: Contact us (https://shop.example/contact)
asked
  Please give me the order. The order number, for example ABC-#####.

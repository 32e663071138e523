--TEST--
An IPv6 visitor is known by its /64, a mapped IPv4 address is that IPv4 address
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
site_use(['rate' => ['address' => '2/h']]);
foreach ([['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:DB8:1:2:ffff::3', '2001:db8:1:3::1'], ['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1', '192.0.2.2'], ['a word', 'a word', 'a word', 'another']] as $addresses) {
    foreach ($addresses as $address) {
        echo agent_chat(agent_session_start(), 'Hello', null, ['address' => $address])->outcome->value, ' ';
    }
    echo "\n";
}
site_remove();
?>
--EXPECT--
asked asked shed asked 
asked asked shed asked 
asked asked shed asked 

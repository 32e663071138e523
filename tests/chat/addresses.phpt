--TEST--
Addresses that the rule does not allow are refused before anything is sent
--EXTENSIONS--
agent
--INI--
agent.allow_private=
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
upstream_start();
foreach ([
    'http://127.0.0.1:9/x', 'https://127.0.0.1/x', 'http://shop.example/x', 'https://169.254.169.254/latest', 'https://[::1]/x', 'https://10.0.0.1/x',
    'https://2130706433/x', 'https://0x7f.1/x', 'https://[::ffff:127.0.0.1]/x', 'ftp://shop.example/x', 'https://user:secret@shop.example/x', 'file:///etc/passwd',
] as $url) {
    try {
        site_use(['tools' => [order_tool(['url' => $url])]]);
        echo "$url: taken\n";
    } catch (Agent\Exception $e) {
        echo $url, ': ', $e->reason, str_contains($e->getMessage(), 'secret') ? ' SECRET' : '', str_starts_with($e->getMessage(), '/tools/0/url') ? '' : ' ' . $e->getMessage(), "\n";
    }
}
site_use(['tools' => [order_tool(['url' => 'https://localhost/x'])]]);
$result = agent_tool_call('get_order_status', ['order' => 'ABC-12345']);
// Which of its addresses comes first is the system's choice.
echo $result->result, ': ', preg_replace('~ (::1|127\.0\.0\.1),~', ' *,', $result->message), "\n";
site_remove();
?>
--EXPECT--
http://127.0.0.1:9/x: address_refused
https://127.0.0.1/x: address_refused
http://shop.example/x: address_refused
https://169.254.169.254/latest: address_refused
https://[::1]/x: address_refused
https://10.0.0.1/x: address_refused
https://2130706433/x: address_refused
https://0x7f.1/x: address_refused
https://[::ffff:127.0.0.1]/x: address_refused
ftp://shop.example/x: rule
https://user:secret@shop.example/x: rule
file:///etc/passwd: rule
transient: localhost:443 has the address *, which is not public, and agent.allow_private does not name it

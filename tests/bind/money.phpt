--TEST--
Amounts keep their digits: what PHP computes with leaves by its shortest text, what it only passes on as it was written
--EXTENSIONS--
agent
--INI--
serialize_precision=17
precision=3
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$amounts = ['type' => 'object', 'properties' => ['amount' => ['type' => 'number']], 'required' => ['amount'], 'additionalProperties' => false];
site_use(['tools' => [order_tool(['input_schema' => $amounts, 'output_schema' => $amounts])]]);
agent_tool_register('get_order_status', function (array $arguments): array {
    var_dump($arguments['amount'] === 19.9);
    return ['amount' => $arguments['amount'] + 0.1];
});
var_dump(agent_tool_call('get_order_status', ['amount' => 19.9])->data['amount'] === 20.0);

function served(string $body): string
{
    $claims = ['aud' => 'https://shop.example/tools', 'scope' => 'order:read', 'dig' => hash('sha256', "POST\n/t\n$body\n")];
    return agent_tool_serve('get_order_status', 'POST', '/t', $body, ['Authorization' => 'Bearer ' . agent_token_issue($claims)], fn(array $a): array => ['amount' => $a['amount']])->body;
}
echo served('{"amount":19.90}'), "\n", served('{"amount":0.1}'), "\n", served('{"amount":1e2}'), "\n", served('{"amount":12345678.90}'), "\n";
$claims = ['aud' => 'https://shop.example/tools', 'scope' => 'order:read', 'dig' => hash('sha256', "POST\n/t\n{\"amount\":18446744073709551615}\n")];
agent_tool_serve('get_order_status', 'POST', '/t', '{"amount":18446744073709551615}', ['Authorization' => 'Bearer ' . agent_token_issue($claims)], function (array $a): array {
    var_dump($a['amount']);
    return ['amount' => 0];
});
// The serving side is exact: nothing is coerced there.
echo json_decode(served('{"amount":"19.90"}'), true)['error']['code'], "\n";
// Texts stay texts: compared by value, never through a float.
echo json_encode(agent_schema_check('{"const":1.10}', '1.1')), json_encode(agent_schema_check('{"multipleOf":0.01}', '1234567890123456.78')),
    count(agent_schema_check('{"maximum":9007199254740992}', '9007199254740993')), "\n";
echo ini_get('serialize_precision'), ' ', json_encode(0.1), "\n";
site_remove();
?>
--EXPECT--
bool(true)
bool(true)
{"amount":19.9}
{"amount":0.1}
{"amount":100.0}
{"amount":12345678.9}
string(20) "18446744073709551615"
arguments
[][]1
17 0.10000000000000001

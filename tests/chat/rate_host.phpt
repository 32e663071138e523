--TEST--
The host's rate only tightens: the stricter of the two counts
--EXTENSIONS--
agent
--INI--
agent.rate_session=4
--FILE--
<?php
require __DIR__ . '/../support/upstream.php.inc';
foreach (['2/10m', '6/10m'] as $rate) {
    site_use(['rate' => ['session' => $rate]]);
    $session = agent_session_start();
    $answered = 0;
    while (agent_chat($session, 'Hello')->outcome !== Agent\Outcome::Shed) {
        $answered++;
    }
    echo "$rate: $answered\n";
}
// A repeated message is not counted again, and its turn is told again.
$session = agent_session_start();
foreach ([1, 2, 3, 4, 5, 6] as $i) {
    echo agent_chat($session, 'Hello', null, ['message_id' => 'same'])->outcome->value, ' ';
}
try {
    agent_chat($session, 'Hello', null, ['locale' => "en\0x"]);
} catch (ValueError $e) {
    echo $e->getMessage(), "\n";
}
site_remove();
?>
--EXPECT--
2/10m: 2
6/10m: 4
asked asked asked asked asked asked message_id, address and locale must be UTF-8 without control characters

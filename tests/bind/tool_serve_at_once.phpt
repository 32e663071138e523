--TEST--
Several processes bring the same write at the same moment: its handler runs once; one that dies in its handler leaves a write that nobody runs again
--EXTENSIONS--
agent
--FILE--
<?php
require __DIR__ . '/../support/site.php.inc';

$digest = site_use(['tools' => [order_tool(['name' => 'cancel_order', 'effect' => 'write'])]]);
const BODY = '{"order":"ABC-12345"}';

/** Children that wait for a file and then each serve their request once; what they answered, counted. */
function together(string $digest, array $requests, string $handler): array
{
    static $round = 0;
    $go = site_dir() . '/go' . ++$round;
    $code = 'agent_use($argv[1]); [$token, $key] = json_decode($argv[2]); echo "ready\n"; while (!file_exists($argv[3])) { usleep(500); clearstatcache(); }
        $r = agent_tool_serve("cancel_order", "POST", "/t", $argv[4], ["Authorization" => "Bearer $token", "Idempotency-Key" => $key], function () use ($argv) {
            file_put_contents($argv[5], "x", FILE_APPEND);' . $handler . ' return ["status" => "cancelled"]; });
        echo $r->status, " ", json_decode($r->body, true)["error"]["code"] ?? "done", "\n";';
    $children = [];
    foreach ($requests as $request) {
        $child = proc_open([...php_command(), '-r', $code, '--', $digest, json_encode($request), $go, BODY, site_dir() . '/runs'], [['file', '/dev/null', 'r'], ['pipe', 'w'], STDERR], $pipes);
        $children[] = [$child, $pipes[1]];
    }
    foreach ($children as [, $pipe]) {
        fgets($pipe);
    }
    touch($go);
    $answers = [];
    foreach ($children as [$child, $pipe]) {
        $line = trim((string) stream_get_contents($pipe));
        $answers[$line] = ($answers[$line] ?? 0) + 1;
        proc_close($child);
    }
    ksort($answers);
    return $answers;
}
$runs = function (): int {
    clearstatcache();
    $count = strlen((string) @file_get_contents(site_dir() . '/runs'));
    @unlink(site_dir() . '/runs');
    return $count;
};
$token = fn() => tool_token('POST', '/t', BODY);

$one = $token();
$answers = together($digest, array_map(fn(int $i) => [$one, "key$i"], range(1, 6)), '');
echo 'one token, six keys: ', json_encode($answers), ' ', $runs(), "\n";
// The handler takes a while, so that the others find it at work; those that come later get its answer.
$answers = together($digest, array_map(fn() => [$token(), 'same'], range(1, 6)), 'usleep(100000);');
$others = ($answers['409 in_progress'] ?? 0) + ($answers['200 done'] ?? 0);
echo 'six tokens, one key: ', isset($answers['200 done']) && $others === 6 ? 'done once or in progress' : json_encode($answers), ' ', $runs(), "\n";
echo 'asked again: ', json_encode(together($digest, [[$token(), 'same']], '')), ' ', $runs(), "\n";
echo 'killed in its handler: ', json_encode(together($digest, [[$token(), 'dead']], 'exec("kill -9 " . getmypid());')), ' ', $runs(), "\n";
echo 'asked again: ', json_encode(together($digest, [[$token(), 'dead'], [$token(), 'dead']], '')), ' ', $runs(), "\n";
echo 'exit in the handler: ', json_encode(together($digest, [[$token(), 'left']], 'exit;')), ' ', $runs(), "\n";
echo 'asked again: ', json_encode(together($digest, [[$token(), 'left']], '')), ' ', $runs(), "\n";
site_remove();
?>
--EXPECT--
one token, six keys: {"200 done":1,"401 token_replayed":5} 1
six tokens, one key: done once or in progress 1
asked again: {"200 done":1} 0
killed in its handler: {"":1} 1
asked again: {"409 in_progress":2} 0
exit in the handler: {"":1} 1
asked again: {"409 unknown":1} 0

<?php

/**
 * Turns against the scripted server, measured. On the command line: turn.php ROUNDS SCRIPT, prints "CPU_US WALL_US" per turn.
 * Through php-fpm: one turn per request, ?script=SCRIPT; prints "ok".
 */

declare(strict_types=1);

$cli = PHP_SAPI === 'cli';
$rounds = $cli ? (int) $argv[1] : 1;
$script = $cli ? $argv[2] : (string) $_GET['script'];
$base = 'http://127.0.0.1:' . getenv('AGENT_TEST_UPSTREAM');

$tool = static fn(string $name, string $path, string $member): array => [
    'name' => $name,
    'description' => 'A member of one order.',
    'url' => "$base/$path/",
    'scope' => 'order:read',
    'input_schema' => [
        'type' => 'object',
        'properties' => ['order_number' => ['type' => 'string', 'pattern' => '^[A-Z]{3}-[0-9]{5}$']],
        'required' => ['order_number'],
        'additionalProperties' => false,
    ],
    'output_schema' => [
        'type' => 'object',
        'properties' => ['order_number' => ['type' => 'string'], $member => ['type' => 'string']],
        'required' => ['order_number', $member],
    ],
];
$digest = null;
$stored = getenv('AGENT_TEST_DIGEST') ?: '';
if ($stored === '' || !is_file("$stored-$script")) {
    $digest = agent_configure([
        'site' => 'bench',
        'brain' => ['protocol' => 'openai-chat', 'base_url' => "$base/$script", 'model' => 'test-model'],
        'tools' => [$tool('get_order_status', 'status', 'status'), $tool('get_invoice', 'invoice', 'invoice_number')],
        'backend' => ['audience' => 'https://shop.example/tools'],
    ]);
    if ($stored !== '') {
        file_put_contents("$stored-$script", $digest);
    }
}
agent_use($digest ?? (string) file_get_contents("$stored-$script"));

$one = static function (string $session) use ($script): void {
    $turn = agent_chat($session, 'Where is my order ABC-12345?', static function (Agent\Event $event): void {
    }, ['subject' => 'bench:1']);
    $calls = ['none' => 0, 'one' => 1, 'two' => 2][$script];
    if ($turn->outcome !== Agent\Outcome::Answered || count($turn->tool_calls) !== $calls || $turn->degraded) {
        fwrite(fopen('php://stderr', 'w'), "bench: {$turn->outcome->value}, " . count($turn->tool_calls) . " calls: {$turn->reply}\n");
        exit(1);
    }
};

if (!$cli) {
    $one(agent_session_start('bench:1'));
    echo "ok\n";
    exit;
}

$cpu = static function (): float {
    $r = getrusage();
    return ($r['ru_utime.tv_sec'] + $r['ru_stime.tv_sec']) * 1e6 + $r['ru_utime.tv_usec'] + $r['ru_stime.tv_usec'];
};
for ($i = 0; $i < min(20, $rounds); $i++) {
    $one(agent_session_start('bench:1'));
}
// Sessions are made before: a turn is what is measured.
$sessions = [];
for ($i = 0; $i < $rounds; $i++) {
    $sessions[] = agent_session_start('bench:1');
}
$c = $cpu();
$w = hrtime(true);
foreach ($sessions as $session) {
    $one($session);
}
printf("%.1f %.1f\n", ($cpu() - $c) / $rounds, (hrtime(true) - $w) / 1000 / $rounds);

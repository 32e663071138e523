<?php

/**
 * A small FastCGI client: fpm.php SOCKET FILE SCRIPT ROUNDS MASTER. One request per round, one after the other; prints "CPU_US WALL_US"
 * per request, the CPU being the worker's (from /proc, so ROUNDS should be some hundreds).
 */

declare(strict_types=1);

[, $socket, $file, $script, $rounds, $master] = $argv;

function record(int $type, string $content): string
{
    return pack('CCnnCC', 1, $type, 1, strlen($content), 0, 0) . $content;
}

function pair(string $name, string $value): string
{
    $length = static fn(string $s): string => strlen($s) < 128 ? chr(strlen($s)) : pack('N', strlen($s) | 0x80000000);
    return $length($name) . $length($value) . $name . $value;
}

$parameters = '';
foreach ([
    'SCRIPT_FILENAME' => $file, 'SCRIPT_NAME' => '/turn.php', 'REQUEST_METHOD' => 'GET', 'QUERY_STRING' => "script=$script",
    'REQUEST_URI' => "/turn.php?script=$script", 'SERVER_PROTOCOL' => 'HTTP/1.1', 'GATEWAY_INTERFACE' => 'CGI/1.1',
] as $name => $value) {
    $parameters .= pair($name, $value);
}
$request = record(1, pack('nCxxxxx', 1, 0)) . record(4, $parameters) . record(4, '') . record(5, '');

$once = static function () use ($socket, $request): void {
    $s = stream_socket_client("unix://$socket");
    fwrite($s, $request);
    $answer = (string) stream_get_contents($s);
    fclose($s);
    if (!str_contains($answer, "ok\n")) {
        fwrite(STDERR, "bench: php-fpm answered: $answer\n");
        exit(1);
    }
};

/** Microseconds of the master's children. */
$cpu = static function () use ($master): float {
    $ticks = 0;
    foreach (explode(' ', trim((string) file_get_contents("/proc/$master/task/$master/children"))) as $child) {
        $fields = explode(' ', substr(strrchr((string) file_get_contents("/proc/$child/stat"), ')'), 2));
        $ticks += (int) $fields[11] + (int) $fields[12];
    }
    return $ticks * 10_000.0;
};

for ($i = 0; $i < 20; $i++) {
    $once();
}
$c = $cpu();
$w = hrtime(true);
for ($i = 0; $i < (int) $rounds; $i++) {
    $once();
}
printf("%.1f %.1f\n", ($cpu() - $c) / $rounds, (hrtime(true) - $w) / 1000 / $rounds);

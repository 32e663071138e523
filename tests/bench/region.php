<?php

/**
 * A limiter of PHP's own on APCu: region.php PROCESSES ROUNDS prints nanoseconds per decision, all processes together, the loop itself
 * taken off. A count per key and window, with a lifetime: what plugins do.
 */

declare(strict_types=1);

[, $processes, $rounds] = array_map(intval(...), $argv);
if (!apcu_enabled() || !function_exists('pcntl_fork')) {
    fwrite(STDERR, "region.php: needs apcu (apc.enable_cli=1) and pcntl\n");
    exit(1);
}

function decide(string $key, int $count): bool
{
    return apcu_inc($key, 1, $done, 60) <= $count;
}

function nothing(string $key, int $count): bool
{
    return strlen($key) <= $count;
}

/** Nanoseconds of one round, all processes together. */
function measure(callable $decide, int $processes, int $rounds): float
{
    apcu_store('ready', 0);
    for ($i = 0; $i < $processes; $i++) {
        if (pcntl_fork() === 0) {
            apcu_inc('ready');
            while (apcu_fetch('ready') <= $processes) {
                usleep(100);
            }
            for ($k = 0; $k < $rounds; $k++) {
                $decide('address:192.0.2.1', 1_000_000_000);
            }
            pcntl_exec('/bin/true'); // ends here, without the parent's shutdown
        }
    }
    while (apcu_fetch('ready') < $processes) {
        usleep(100);
    }
    $began = hrtime(true);
    apcu_inc('ready');
    while (pcntl_wait($status) > 0) {
    }
    return (hrtime(true) - $began) / $rounds / $processes;
}

measure(decide(...), 1, 1000);
printf("%.1f\n", measure(decide(...), $processes, $rounds) - measure(nothing(...), $processes, $rounds));

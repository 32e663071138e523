<?php

/**
 * For tests of the plugin's classes without WordPress: finds the classes, prints TAP.
 */

declare(strict_types=1);

const PLUGIN = __DIR__ . '/../../wp-plugin';

define('ABSPATH', __DIR__ . '/');
error_reporting(E_ALL);
spl_autoload_register(static function (string $class): void {
    $file = PLUGIN . '/includes/' . strtr(substr($class, strlen('Aiguy\\')), '\\', '/') . '.php';
    if (str_starts_with($class, 'Aiguy\\') && is_file($file)) {
        require $file;
    }
});

$failed = 0;
function check(string $what, bool $is, string $found = ''): void
{
    global $failed, $argv;
    echo $is ? '' : 'not ', 'ok - ', basename($argv[0], '_test.php'), ": $what", $is || $found === '' ? '' : " (found: $found)", "\n";
    $failed += $is ? 0 : 1;
}

function same(string $what, mixed $wanted, mixed $found): void
{
    check($what, $wanted === $found, var_export($found, true));
}

function finish(): never
{
    global $failed;
    exit($failed === 0 ? 0 : 1);
}

<?php

/**
 * What the site has written to its logs while all of the tests ran. Last.
 */

declare(strict_types=1);

require __DIR__ . '/http.php.inc';

$provoked = is_file(getenv('SITE_TEST') . '/provoked') ? file(getenv('SITE_TEST') . '/provoked', FILE_IGNORE_NEW_LINES) : [];
foreach (['debug.log', 'php.log'] as $name) {
    $lines = [];
    foreach (file(STATE . "/log/$name", FILE_IGNORE_NEW_LINES) ?: [] as $line) {
        $expected = false;
        foreach ($provoked as $pattern) {
            $expected = $expected || preg_match("~$pattern~", $line) === 1;
        }
        if (!$expected) {
            $lines[] = $line;
        }
    }
    same("$name holds nothing but what a test did on purpose", [], array_slice($lines, 0, 20));
}
$died = preg_grep('~exited on signal|exited with code [1-9]|SIGSEGV|SIGABRT|terminated|max_children~', file(STATE . '/log/php-fpm.log', FILE_IGNORE_NEW_LINES) ?: []);
same('no worker of php-fpm has died or been missed', [], array_values($died));
same('the scripted server had no complaint', 0, preg_match('~ error ~', upstream_log()));

finish();

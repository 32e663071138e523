<?php

/**
 * Turns what run-tests.php printed into TAP lines. Whatever is not PASS is a failure, a skipped test too: nothing here may
 * quietly not run.
 *
 *   php tests/support/phpt_results.php NAME LOG EXPECTED      EXPECTED: how many tests there are
 */

declare(strict_types=1);

[, $name, $log, $expected] = $argv + [1 => 'phpt', 2 => '', 3 => '0'];
$seen = 0;
foreach (preg_split('~[\r\n]+~', is_file($log) ? (string) file_get_contents($log) : '') as $line) {
    if (!preg_match('~^([A-Z][A-Z&]+) (.*?) ?\[(\S+\.phpt)\] ?(.*)$~', $line, $m)) {
        continue;
    }
    [, $result, $title, $file, $extra] = $m;
    $seen++;
    if ($result === 'PASS') {
        echo "ok - $name $file $title\n";
        continue;
    }
    echo rtrim("not ok - $name $file $title: $result $extra"), "\n";
    $base = substr($file, 0, -strlen('.phpt'));
    foreach (['diff', 'mem'] as $kind) {
        foreach (array_slice(@file("$base.$kind", FILE_IGNORE_NEW_LINES) ?: [], 0, 30) as $detail) {
            echo "  $detail\n";
        }
    }
}
if ($seen === 0 || $seen < (int) $expected) {
    echo "not ok - $name: $seen of $expected tests reported; see $log\n";
}

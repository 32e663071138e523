<?php

/**
 * Turns run-tests.php's JUnit file into TAP lines. A skipped test is a failure: nothing here may quietly not run.
 *
 *   php tests/support/junit.php NAME FILE      exit status 1 when there are no results
 */

declare(strict_types=1);

$name = $argv[1] ?? 'phpt';
$file = $argv[2] ?? '';
$text = is_file($file) ? (string) file_get_contents($file) : '';
$plain = static fn(string $escaped): string => html_entity_decode($escaped, ENT_QUOTES | ENT_XML1);

preg_match_all("~<testcase name='([^']*)'[^>]*>(.*?)</testcase>~s", $text, $cases, PREG_SET_ORDER);
foreach ($cases as [, $title, $body]) {
    $title = preg_replace('~\s+~', ' ', $plain($title));
    if (!preg_match('~<(failure|error|skipped)\b([^>]*?)(?:/>|>(.*?)</\1>)~s', $body, $m)) {
        echo "ok - $name $title\n";
        continue;
    }
    $message = preg_match("~message='([^']*)'~", $m[2], $found) ? $plain($found[1]) : '';
    echo "not ok - $name $title: $m[1] ", preg_replace('~\s+~', ' ', $message), "\n";
    foreach (array_slice(explode("\n", trim($plain($m[3] ?? ''))), 0, 40) as $line) {
        echo "  $line\n";
    }
}
if ($cases === []) {
    echo "not ok - $name: run-tests.php wrote no results\n";
    exit(1);
}

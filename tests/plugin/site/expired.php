<?php

/**
 * What was good for a second, half a minute later: the extension's clocks may differ by 30 seconds. Reads what session.php and invoice.php left.
 */

declare(strict_types=1);

require __DIR__ . '/http.php.inc';

$kept = static fn(string $name): array => json_decode((string) @file_get_contents(getenv('SITE_TEST') . "/$name.json"), true) ?? [];
[$session, $link] = [$kept('expired'), $kept('expired-ticket')];
if ($session === [] || $link === []) {
    check('the programs session and invoice have run before', false);
    finish();
}
$left = max($session['at'], $link['at']) + 31 - time();
if ($left > 0) {
    sleep($left);
}

model("text Hello there.\nfinish stop\n");
$guest = new Browser();
$guest->token = $session['token'];
refused('an expired token', 401, 'aiguy_token', $guest->ask('Hello'));
$answer = $guest->post('/session', ['token' => $session['token']])->json();
check('begins anew', $answer['messages'] === [] && claims($answer['token'])['session'] !== claims($session['token'])['session'], $answer);

$maya = new Browser();
$maya->cookies = $link['cookies'];
same('a link that still holds, in the same browser', 200, $maya->get($link['fresh'])->status);
refused('an expired one', 403, 'aiguy_ticket', $maya->get($link['path']));

finish();

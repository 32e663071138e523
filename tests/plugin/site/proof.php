<?php

/**
 * A guest proves an order with its number and its billing e-mail: what a match opens, what a mismatch says, and how often one may try.
 */

declare(strict_types=1);

require __DIR__ . '/http.php.inc';

const NUMBER = 'STW-37127', EMAIL = 'ruth.calloway@example.com';
model("status 500\njson {}\n");
wordpress('reset');

function prove(Browser $browser, string $number, string $email): Answer
{
    return $browser->post('/proof', ['token' => $browser->token, 'order_number' => $number, 'email' => $email]);
}

/**
 * Side by side.
 *
 * @param list<array{Browser, string, string}> $attempts browser, number, e-mail
 * @return list<Answer>
 */
function prove_together(array $attempts): array
{
    return together(array_map(static fn(array $a): array => [$a[0], '/proof', ['token' => $a[0]->token, 'order_number' => $a[1], 'email' => $a[2]], []], array_values($attempts)));
}

/** @return list<string> scopes and for how many minutes they are open */
function grants(Browser $browser): array
{
    $session = wordpress('session', $browser->session_id());
    return array_map(static fn(array $grant): string => $grant['scope'] . ' ' . round(($grant['expires'] - time()) / 60), $session['grants'] ?? []);
}

// --- a match -------------------------------------------------------------------------------------------------------------

$ruth = guest();
same('before the proof', 'needs_proof', $ruth->ask('Where is my order STW-37127?')->outcome());
$answer = prove($ruth, NUMBER, EMAIL);
check('number and e-mail fit', $answer->status === 200 && $answer->json()['ok'] === true && $answer->json()['message'] !== '', $answer);
same('opens this one order and its invoice for 15 minutes', ['invoice:STW-37127:read 15', 'order:STW-37127:read 15'], grants($ruth));
$answer = $ruth->ask('Where is my order STW-37127?');
check('whose status the chat now gives', $answer->outcome() === 'answered' && str_contains($answer->text(), 'shipped'), $answer);
foreach (['FGH-35901', 'ABC-12345', 'ZZZ-99999'] as $other) {
    same("$other stays closed", 'needs_proof', $ruth->ask("Where is my order $other?")->outcome());
}
same('and in another session this one', 'needs_proof', guest()->ask('Where is my order STW-37127?')->outcome());
$early = guest();
check('a proof may come before the first message', prove($early, NUMBER, EMAIL)->json()['ok'] === true && grants($early) === ['invoice:STW-37127:read 15', 'order:STW-37127:read 15']);
same('then the first message is answered', 'answered', $early->ask('Where is my order STW-37127?')->outcome());
$typed = [['stw-37127', EMAIL], ["  STW-37127\n", EMAIL], [NUMBER, strtoupper(EMAIL)], [NUMBER, "\t" . ucfirst(EMAIL) . ' ']];
foreach (prove_together(array_map(static fn(array $typed): array => [guest(), ...$typed], $typed)) as $i => $answer) {
    check('the same, differently typed: ' . json($typed[$i]), $answer->json()['ok'] ?? false, $answer);
}
wordpress('reset');
check('a customer\'s order is proven the same way', prove(guest(), 'ABC-12345', 'nora.quist@example.com')->json()['ok'] ?? false);
check('the e-mail address is no part of the conversation', !str_contains(json($ruth->open()), 'ruth.calloway') && !str_contains(implode('', model_bodies()), 'ruth.calloway'));

// --- a mismatch ----------------------------------------------------------------------------------------------------------

$wrong = [
    'another e-mail address' => [NUMBER, 'somebody@example.com'],
    'no such order' => ['ZZZ-99999', EMAIL],
    'a number that is none' => ['12345', EMAIL],
    'the address of another order' => [NUMBER, 'xiaolong.li@example.com'],
    'no e-mail address' => [NUMBER, 'ruth'],
    'blanks' => ['STW-37127', '   '],
    'blanks for both' => [' ', ' '],
    'a pattern' => ['STW-%', '%'],
    'SQL' => ["STW-37127' OR '1'='1", "' OR ''='"],
    'an order without its dash' => ['STW37127', EMAIL],
    'more behind the address' => [NUMBER, EMAIL . '.evil.example'],
    'two addresses' => [NUMBER, 'a@example.com,' . EMAIL],
    'a NUL' => [NUMBER, 'ruth' . "\0" . '.calloway@example.com'],
    'letters that only look alike' => [NUMBER, 'rυth.calloway@example.com'],
];
$guests = array_map(static fn(): Browser => guest(), $wrong);
$answers = array_combine(array_keys($wrong), prove_together(array_map(static fn(Browser $guest, array $typed): array => [$guest, ...$typed], $guests, $wrong)));
foreach ($answers as $what => $answer) {
    check("$what: no", $answer->status === 200 && ($answer->json()['ok'] ?? true) === false, $answer);
    same('… and nothing is made or opened', 'unknown', wordpress('session', $guests[$what]->session_id())['reason'] ?? '');
}
$bodies = array_map(static fn(Answer $answer): string => $answer->body, $answers);
$heads = array_map(static fn(Answer $answer): string => json(array_diff_key($answer->headers, ['date' => 1])), $answers);
same('all of them in the same bytes', 1, count(array_unique($bodies))) || check('…', false, $bodies);
same('and the same headers', 1, count(array_unique($heads))) || check('…', false, $heads);
// Not a matter of time alone: the same is done for each.
mu_plugin('queries', "add_filter( 'rest_pre_serve_request', static function ( \$served ) { header( 'X-Queries: ' . \$GLOBALS['wpdb']->num_queries ); return \$served; } );");
$queries = array_map(static fn(Answer $answer): string => $answer->header('x-queries'), prove_together(array_map(static fn(array $typed): array => [guest(), ...$typed], array_slice($wrong, 0, 4))));
mu_plugin('queries', '');
check('with the same number of queries', (int) $queries[0] > 0 && count(array_unique($queries)) === 1, $queries);

wordpress('reset');
$marks = [];
foreach ([[NUMBER, 'somebody@example.com'], ['ZZZ-99999', EMAIL]] as [$number, $email]) {
    $guest = guest();
    $began = hrtime(true);
    prove($guest, $number, $email);
    $marks[] = (hrtime(true) - $began) / 1e6;
}
preg_match('~ANSWER_MS = (\d+);~', (string) file_get_contents(dirname(__DIR__, 3) . '/wp-plugin/includes/Rest/Proof.php'), $m);
check('neither is answered before the time that both take', (int) ($m[1] ?? 0) >= 200 && min($marks) >= (int) $m[1], $marks);

// --- how often -----------------------------------------------------------------------------------------------------------

wordpress('reset');
$guest = guest();
$attempts = array_map(static fn(int $i): array => [$guest, "AAA-0000$i", EMAIL], range(1, 5));
same('five attempts in a session', [200, 200, 200, 200, 200], array_column(prove_together($attempts), 'status'));
$answer = prove($guest, 'BBB-00001', EMAIL);
refused('the sixth is one too many', 429, 'aiguy_attempts', $answer);
check('which is said in words', strlen($answer->json()['message'] ?? '') > 20, $answer);
refused('even with the right address', 429, 'aiguy_attempts', prove($guest, NUMBER, EMAIL));
same('and opens nothing', 'unknown', wordpress('session', $guest->session_id())['reason'] ?? '');
$guest->open();
refused('a new token of the same session does not begin again', 429, 'aiguy_attempts', prove($guest, 'BBB-00001', EMAIL));

wordpress('reset');
$attempts = array_map(static fn(int $i): array => [guest(), [NUMBER, 'stw-37127', ' STW-37127 '][$i % 3], "wrong$i@example.com"], range(1, 10));
same('ten attempts at an order, however it is typed, from whichever session', array_fill(0, 10, 200), array_column(prove_together($attempts), 'status'));
refused('the eleventh is one too many', 429, 'aiguy_attempts', prove(guest(), NUMBER, 'wrong11@example.com'));
refused('even with the right address', 429, 'aiguy_attempts', prove(guest(), NUMBER, EMAIL));
check('another order is not affected', prove(guest(), 'FGH-35901', 'xiaolong.li@example.com')->json()['ok'] ?? false);

wordpress('reset');
$guest = guest();
prove_together(array_map(static fn(int $i): array => [$guest, "AAA-0000$i", EMAIL], range(1, 5)));
same('who is over their own limit', array_fill(0, 12, 429), array_column(prove_together(array_fill(0, 12, [$guest, NUMBER, EMAIL])), 'status'));
check('does not use up what the order\'s owner has', prove(guest(), NUMBER, EMAIL)->json()['ok'] ?? false);

wordpress('reset');
$attempts = [];
for ($i = 0; $i < 32; $i++) {
    $one = guest();
    // A household has a whole network of such addresses.
    $one->address = '2001:db8:7:9::' . dechex($i + 1);
    $attempts[] = [$one, 'CCC-000' . (10 + $i), EMAIL];
}
same('thirty attempts from one address', [200 => 30], array_count_values(array_column(prove_together(array_slice($attempts, 0, 30)), 'status')));
same('are all there are', [429 => 2], array_count_values(array_column(prove_together(array_slice($attempts, 30)), 'status')));
check('elsewhere one may still try', prove(guest(), 'FGH-35901', 'xiaolong.li@example.com')->json()['ok'] ?? false);

foreach (['one session' => [5, static fn(int $i, Browser $one): array => [$one, "DDD-000" . (10 + $i), EMAIL]], 'one order' => [10, static fn(int $i): array => [guest(), NUMBER, "wrong$i@example.com"]]] as $what => [$most, $attempt]) {
    wordpress('reset');
    $one = guest();
    $statuses = array_column(prove_together(array_map(static fn(int $i): array => $attempt($i, $one), range(0, 11))), 'status');
    $count = array_count_values($statuses) + [200 => 0, 429 => 0];
    check("twelve attempts at once of $what: no more than $most are looked at", $count[200] > 0 && $count[200] <= $most && $count[200] + $count[429] === 12, $count);
}
wordpress('reset');

finish();

<?php

/**
 * Whose conversation a token opens, and what makes it worth nothing.
 */

declare(strict_types=1);

require __DIR__ . '/http.php.inc';

model("text Hello there.\nfinish stop\n");
const SESSIONS = 'SELECT COUNT(*) AS n FROM session';

// --- a token and no row --------------------------------------------------------------------------------------------------

$before = agent_rows(SESSIONS);
$guest = new Browser();
$session = $guest->open();
same('somebody who is not signed in is a guest', ['guest', []], [$session['subject'], $session['messages']]);
check('a guest\'s token lasts a week', abs($session['expires'] - time() - 7 * 86400) < 60 && claims($guest->token)['exp'] >= $session['expires'], $session);
$nora = (new Browser())->login('nora');
$session = $nora->open();
same('somebody who is signed in, with WordPress\' nonce, is a customer', ['customer', []], [$session['subject'], $session['messages']]);
check('a customer\'s token lasts a day', abs($session['expires'] - time() - 86400) < 60, $session);
$noras = $nora->token;
$nora->open();
same('the session goes on under a new token', claims($noras)['session'], $nora->session_id());
same('no row was written so far', $before, agent_rows(SESSIONS));
same('the extension does not know the session yet', 'unknown', wordpress('session', $guest->session_id())['reason'] ?? '');
check('a session cannot be guessed: 22 characters, another one each time', strlen($guest->session_id()) === 22 && guest()->session_id() !== $guest->session_id());
check('no cookie is set', $guest->cookies === []);

// --- its first message makes it ------------------------------------------------------------------------------------------

same('a guest gets an answer', 'Hello there.', trim($guest->ask('Hello')->text()));
same('a customer gets an answer', 'Hello there.', trim($nora->ask('Good morning', 'first-message')->text()));
same('two messages made two rows', (int) $before[0]['n'] + 2, (int) agent_rows(SESSIONS)[0]['n']);
$me = wordpress('user', 'nora');
same('the customer\'s session is the customer\'s', "wp:{$me['id']}", wordpress('session', $nora->session_id(), "wp:{$me['id']}")['subject'] ?? null);
$kept = wordpress('session', $guest->session_id());
check('the guest\'s session is nobody\'s', array_key_exists('subject', $kept) && $kept['subject'] === null, $kept);
$history = $nora->open()['messages'];
same('the history has the question', ['id' => 'first-message', 'role' => 'user', 'parts' => [['type' => 'text', 'text' => 'Good morning']]], $history[0] ?? null);
same('and the answer', ['first-message:reply', 'assistant', 'text', 'data-turn', 'answered'], [
    $history[1]['id'] ?? '', $history[1]['role'] ?? '', $history[1]['parts'][0]['type'] ?? '', end($history[1]['parts'])['type'], end($history[1]['parts'])['data']['outcome'] ?? '']);
same('and nothing else', 2, count($history));

// --- who is who ----------------------------------------------------------------------------------------------------------

$cookies = new Browser();
$cookies->cookies = $nora->cookies;
same('the login cookie without the nonce makes a guest', 'guest', $cookies->post('/session', '{}')->json()['subject'] ?? '');
$answer = $cookies->post('/session', '{}', ['X-WP-Nonce' => '0123456789']);
check('a wrong nonce is refused', $answer->status === 403 && !isset($answer->json()['token']), $answer);
$answer = (new Browser())->post('/session', '{}', ['X-WP-Nonce' => $nora->nonce()]);
check('the nonce without the cookie makes no customer', ($answer->json()['subject'] ?? 'none') !== 'customer', $answer);

$password = wordpress('application-password', 'nora');
$basic = ['Authorization' => 'Basic ' . base64_encode("nora:$password")];
same('an application password works on this site', 'Nora Quist', (new Browser())->get('/wp-json/wp/v2/users/me', $basic)->json()['name'] ?? '');
same('but makes no customer', 'guest', (new Browser())->post('/session', '{}', $basic)->json()['subject'] ?? '');
$answer = (new Browser())->post('/chat', $nora->message('Hello'), $basic + ['Accept' => 'text/event-stream']);
refused('nor does it stand in for the login cookie', 401, 'aiguy_token', $answer);
$answer = (new Browser())->post('/session', '{}', ['Authorization' => 'Basic ' . base64_encode('nora:' . password_of('nora'))]);
check('the password itself in a header makes no customer', ($answer->json()['subject'] ?? 'none') !== 'customer', $answer);

$daniel = (new Browser())->login('daniel');
foreach (['another customer\'s cookie' => $daniel, 'no cookie' => new Browser(), 'another login of the same customer' => (new Browser())->login('nora')] as $what => $browser) {
    $browser->token = $nora->token;
    refused("the token of one with $what", 401, 'aiguy_token', $browser->ask('Hello'));
    refused("… and a proof", 401, 'aiguy_token', $browser->post('/proof', ['token' => $nora->token, 'order_number' => 'STW-37127', 'email' => 'ruth.calloway@example.com']));
    $session = $browser->open();
    check("… gets a session of its own from /session", claims($session['token'])['session'] !== $nora->session_id() && $session['messages'] === [], $session);
}
same('the customer goes on', 'answered', $nora->ask('Hello again')->outcome());

// A guest who signs in, and the other way round: nothing is handed over.
$visitor = guest();
$visitor->ask('Hello');
$as_guest = $visitor->token;
$visitor->login('maya');
$session = $visitor->open();
check('who signs in begins anew', $session['subject'] === 'customer' && $session['messages'] === [] && claims($as_guest)['session'] !== $visitor->session_id(), $session);
$visitor->ask('Hello');
$as_maya = $visitor->token;
$visitor->cookies = [];
$session = $visitor->open();
check('who is signed out begins anew', $session['subject'] === 'guest' && $session['messages'] === [] && claims($as_maya)['session'] !== $visitor->session_id(), $session);
$maya = (new Browser())->login('maya');
$maya->token = $as_guest;
$maya->ask('Hello');
same('a guest\'s token stays a guest\'s, whoever has it', [null, 2], (static fn(array $kept): array => [$kept['subject'], count($kept['turns'])])(wordpress('session', claims($as_guest)['session'])));

// --- tokens of others ----------------------------------------------------------------------------------------------------

$claims = claims($guest->token);
[$head, $body, $signature] = explode('.', $guest->token);
$sign = static fn(array $claims, string $key, string $algorithm = 'HS256'): string => ($text = base64url(json(['alg' => $algorithm, 'typ' => 'JWT'])) . '.' . base64url(json($claims)))
    . '.' . ($algorithm === 'none' ? '' : base64url(hash_hmac('sha256', $text, $key, true)));
$as_nora = ['sub' => "wp:{$me['id']}"] + $claims;
$mine = ['scope' => 'chat', 'session' => $claims['session']];
foreach ([
    'without a signature' => "$head.$body.",
    'with half a signature' => "$head.$body." . substr($signature, 0, 20),
    'with another signature' => "$head.$body." . strrev($signature),
    'made somebody else\'s' => "$head." . base64url(json($as_nora)) . ".$signature",
    'signed with another key' => $sign($claims, random_bytes(32)),
    'signed with an empty key' => $sign($claims, ''),
    'of the algorithm none' => $sign($claims, '', 'none'),
    'for a file' => wordpress('token', json(['aud' => 'aiguy:file'] + $mine)),
    'for a tool' => wordpress('token', json(['aud' => SITE . '/#aiguy-tools'] + $mine)),
    'of another scope' => wordpress('token', json(['aud' => 'aiguy:browser', 'scope' => 'order:read', 'session' => $claims['session']])),
    'of no session' => wordpress('token', json(['aud' => 'aiguy:browser', 'scope' => 'chat'])),
    'of a customer without a login' => wordpress('token', json(['aud' => 'aiguy:browser', 'sub' => "wp:{$me['id']}"] + $mine)),
    'that is none' => 'token',
] as $what => $token) {
    $thief = new Browser();
    $thief->cookies = $nora->cookies;
    $thief->token = $token;
    refused("a token $what", 401, 'aiguy_token', $thief->ask('Hello'));
    $thief->cookies = [];
    $session = $thief->open();
    check("… brings no history", $session['messages'] === [] && $thief->session_id() !== $claims['session'], $session);
}
$good = new Browser();
$good->token = wordpress('token', json(['aud' => 'aiguy:browser'] + $mine));
same('one that is made as ours are is taken', 'answered', $good->ask('Hello')->outcome());
// The clocks' tolerance is half a minute: expired.php comes back to it.
file_put_contents(getenv('SITE_TEST') . '/expired.json', json(['at' => time() + 1, 'token' => wordpress('token', json(['aud' => 'aiguy:browser'] + $mine), '1')]));

// --- the end of a login, the end of a session ----------------------------------------------------------------------------

$old = $nora->cookies;
$nora->logout();
refused('the token after the logout', 401, 'aiguy_token', $nora->ask('Hello'));
$nora->cookies = $old;
refused('the token after the logout with the old cookie', 401, 'aiguy_token', $nora->ask('Hello'));
$answer = $nora->post('/session', ['token' => $nora->token]);
check('/session gives nothing of it to the old cookie', ($answer->json()['subject'] ?? '') === 'guest' && ($answer->json()['messages'] ?? null) === [], $answer);

wordpress('end-session', $guest->session_id());
refused('a session that was ended takes no message', 401, 'aiguy_token', $guest->post('/chat', $guest->message('Hello')));
$ended = $guest->session_id();
$session = $guest->open();
check('the page gets a new one', $session['messages'] === [] && $guest->session_id() !== $ended, $session);
same('which works', 'answered', $guest->ask('Hello')->outcome());

finish();

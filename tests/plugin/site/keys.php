<?php

/**
 * The keys of the agent's signatures: the public ones over HTTP, a new one by the button and every month, and what becomes of what the old one has signed.
 */

declare(strict_types=1);

require __DIR__ . '/http.php.inc';

wordpress('reset');
const PAGE = '/wp-admin/options-general.php?page=aiguy';
const TASK = 'aiguy_keys_monthly';

function head(string $token): array
{
    return json_decode(base64_decode(strtr(explode('.', $token)[0], '-_', '+/')), true);
}

/** The key that signs now. */
function kid(): string
{
    return head(guest()->token)['kid'] ?? '';
}

// Keys of an earlier run go.
$admin = (new Browser())->login('admin');
$form = button($admin->get(PAGE)->body);
$admin->form('/wp-admin/admin-post.php', ['at_once' => '1'] + $form);

// --- the public keys -----------------------------------------------------------------------------------------------------

$stranger = new Browser();
$answer = $stranger->get(API . '/jwks');
check('where agent and tools are one installation there is no public key', $answer->status === 200 && $answer->body === '{"keys":[]}', $answer);
same('as what they are, for a minute', ['application/jwk-set+json', 'public, max-age=60'], [$answer->header('content-type'), $answer->header('cache-control')]);
check('for programs, not for other pages or searches', preg_grep('~^(access-control-|set-cookie)~', array_keys($answer->headers)) === [] && str_contains($answer->header('x-robots-tag'), 'noindex'), $answer);
$tag = $answer->header('etag');
foreach ([$tag, "W/$tag", "\"x\", $tag"] as $known) {
    $answer = $stranger->get(API . '/jwks', ['If-None-Match' => $known]);
    check("unchanged for who has $known", $answer->status === 304 && $answer->body === '' && $answer->header('etag') === $tag, $answer);
}
check('and sent to who has another', $stranger->get(API . '/jwks', ['If-None-Match' => '"x"'])->status === 200);
foreach (['POST', 'PUT', 'DELETE'] as $method) {
    $answer = $stranger->request($method, API . '/jwks', '{}');
    check("$method changes nothing", in_array($answer->status, [404, 405], true), $answer);
}
foreach (['_envelope=1', '_fields=keys', '_jsonp=alert', '_method=POST'] as $query) {
    $answer = $stranger->get(API . "/jwks?$query");
    check("nor does $query", in_array($answer->status, [200, 400, 404], true) && !str_contains($answer->body, '"body"') && !str_contains($answer->body, 'alert({"'), $answer);
}

mu_plugin('eddsa', "add_filter( 'aiguy_configuration', static fn( \$config ) => array( 'backend' => \$config['backend'] + array( 'algorithm' => 'EdDSA' ) ) + \$config );");
$keys = $stranger->get(API . '/jwks')->json()['keys'];
same('a backend of another party: one key', 1, count($keys));
same('with its public half only', ['alg' => 'EdDSA', 'crv' => 'Ed25519', 'kty' => 'OKP', 'use' => 'sig'], (static function (array $key): array {
    unset($key['kid'], $key['x']);
    ksort($key);
    return $key;
})($keys[0]));
$mine = ['aud' => SITE . '/#aiguy-tools', 'scope' => 'order:read', 'sub' => 'wp:1', 'session' => 'AAAAAAAAAAAAAAAAAAAAAA', 'turn' => 't', 'call' => 'c', 'dig' => str_repeat('0', 64)];
$token = wordpress_anew('token', json($mine));
[$h, $c, $s] = explode('.', $token);
$raw = static fn(string $text): string => base64_decode(strtr($text, '-_', '+/'));
check('which verifies the agent\'s tokens', head($token)['kid'] === $keys[0]['kid'] && head($token)['alg'] === 'EdDSA' && sodium_crypto_sign_verify_detached($raw($s), "$h.$c", $raw($keys[0]['x'])), [head($token), $keys]);

// --- the button ----------------------------------------------------------------------------------------------------------

/** @return array<string, string> */
function button(string $html): array
{
    preg_match('~<form[^>]*>(?:(?!</form>).)*aiguy_new_key.*?</form>~s', $html, $form);
    preg_match_all('~<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"~', $form[0] ?? '', $m);
    $fields = array_combine($m[1], $m[2]);
    unset($fields['at_once']);
    return $fields;
}

$nora = (new Browser())->login('nora');
same('there is a button', 'aiguy_new_key', $form['action'] ?? '');
$before = kid();
$hers = ['_wpnonce' => wordpress('nonce', 'aiguy_new_key', urldecode($nora->login_cookie()))];
foreach (['a guest' => [new Browser(), []], 'a subscriber with a nonce of her own' => [$nora, $hers], 'an administrator without a nonce' => [$admin, ['_wpnonce' => '']], 'a link' => [$admin, null]] as $who => [$browser, $more]) {
    $answer = $more === null ? $browser->get('/wp-admin/admin-post.php?' . http_build_query(['_wpnonce' => ''] + $form)) : $browser->form('/wp-admin/admin-post.php', $more + $form);
    check("$who makes no key", !str_contains($answer->header('location'), 'aiguy_done') && kid() === $before, $answer);
}
$visitor = guest();
$visitor->ask('Hello');
$signed = customer('daniel');
$old = $visitor->token;
$answer = $admin->form('/wp-admin/admin-post.php', $form);
check('an administrator does', str_contains($answer->header('location'), 'aiguy_done=signs'), $answer);
check('which is said', str_contains($admin->get(PAGE . '&aiguy_done=signs')->body, 'The new key signs from now on.'));
$after = kid();
check('it signs at once', $after !== $before && $after !== '', [$before, $after]);
$now = $stranger->get(API . '/jwks');
same('the public keys: the new one and the old one', [2, $keys[0]], [count($now->json()['keys']), $now->json()['keys'][1] ?? null]);
check('which who had the old list is told', $stranger->get(API . '/jwks', ['If-None-Match' => $tag])->status === 200);
same('a visitor goes on', 200, $visitor->ask('Hello')->status);
$session = $visitor->open();
check('with the same conversation, under the new key', head($visitor->token)['kid'] === $after && count($session['messages']) >= 2 && claims($old)['session'] === $visitor->session_id(), $session);
$daniel = $signed->session_id();
$signed->open();
same('so does a customer', [$daniel, $after], [$signed->session_id(), head($signed->token)['kid']]);
$result = wordpress_anew('tool', 'get_order_status', json(['order_number' => 'ABC-12345']), json(['subject' => 'wp:' . wordpress('user', 'nora')['id']]));
check('the tools take the new key', ($result['ok'] ?? false) === true, $result);

$lost = $visitor->token;
$answer = $admin->form('/wp-admin/admin-post.php', ['at_once' => '1'] + $form);
check('the old keys can be refused at once', str_contains($answer->header('location'), 'aiguy_done=signs'), $answer);
same('then there is one', 1, count($stranger->get(API . '/jwks')->json()['keys']));
$answer = $visitor->ask('Hello');
check('what they have signed opens nothing', $answer->status === 401 || $answer->status === 403, $answer);
$visitor->open();
check('and a conversation begins anew', $visitor->session_id() !== claims($lost)['session'] && $visitor->ask('Hello')->status === 200);

// --- every month ---------------------------------------------------------------------------------------------------------

$next = wordpress('next-task', TASK);
check('the next one in a month', abs($next - time() - 30 * 86400) < 300, $next - time());
$before = kid();
$visitor = guest();
same('the task', true, wordpress('task', TASK));
check('makes one', kid() !== $before);
same('a visitor goes on', 200, $visitor->ask('Hello')->status);
check('and a month begins', abs(wordpress('next-task', TASK) - time() - 30 * 86400) < 300);
wordpress('deactivate');
same('without the plugin there is no task', false, wordpress('next-task', TASK));
wordpress_anew('activate');
check('with it there is', abs(wordpress_anew('next-task', TASK) - time() - 30 * 86400) < 300);

mu_plugin('eddsa', '');
same('as before: no public key', '{"keys":[]}', $stranger->get(API . '/jwks')->body);
finish();

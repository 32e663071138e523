<?php

/**
 * The tools over HTTP: whom they answer, and what each may see.
 */

declare(strict_types=1);

require __DIR__ . '/http.php.inc';

const AUDIENCE = SITE . '/#aiguy-tools';
const SCOPES = ['get_order_status' => 'order:read', 'get_invoice_pdf' => 'invoice:read', 'retrieve_docs' => 'docs:read'];

/** A token as the agent makes it for one request; null members are left out. */
function token(string $tool, string $body, array $more = [], int $seconds = 60): string
{
    $claims = $more + ['aud' => AUDIENCE, 'scope' => SCOPES[$tool], 'session' => 'AAAAAAAAAAAAAAAAAAAAAA', 'turn' => 't', 'call' => 'c',
        'dig' => hash('sha256', 'POST' . "\n" . API . "/tools/$tool\n$body\n")];
    $token = wordpress('token', json(array_filter($claims, static fn(?string $claim): bool => $claim !== null)), (string) $seconds);
    return is_string($token) ? $token : throw new RuntimeException(json($token));
}

function call(string $tool, array|string $arguments, array $claims = [], array $headers = []): Answer
{
    $body = is_string($arguments) ? $arguments : json($arguments);
    return send($tool, $body, token($tool, $body, $claims), $headers);
}

/** As the agent does it: no browser, no cookie. */
function send(string $tool, string $body, string $token, array $headers = []): Answer
{
    return (new Browser())->request('POST', API . "/tools/$tool", $body, $headers + ['Authorization' => "Bearer $token", 'Idempotency-Key' => new_id(), 'Origin' => null, 'Sec-Fetch-Site' => null]);
}

function code(Answer $answer): string
{
    return "$answer->status " . ($answer->json()['error']['code'] ?? $answer->json()['code'] ?? '');
}

$nora = 'wp:' . wordpress('user', 'nora')['id'];
$daniel = 'wp:' . wordpress('user', 'daniel')['id'];
$number = ['order_number' => 'ABC-12345'];
$body = json($number);

// --- the door ------------------------------------------------------------------------------------------------------------

$browser = customer('nora');
refused('no token', 401, 'aiguy_token', $browser->post('/tools/get_order_status', $number));
refused('the token of a browser\'s session in the body', 401, 'aiguy_token', $browser->post('/tools/get_order_status', ['token' => $browser->token] + $number));
foreach (['Basic' => 'Basic ' . base64_encode('nora:' . password_of('nora')), 'an empty bearer' => 'Bearer ', 'a bearer that is none' => 'Bearer x'] as $what => $value) {
    $answer = $browser->post('/tools/get_order_status', $number, ['Authorization' => $value]);
    check("$what", $answer->status === 401 && !str_contains($answer->body, 'shipped'), $answer);
}
$good = token('get_order_status', $body, ['sub' => $nora]);
$answer = send('get_order_status', $body, 'x', ['Authorization' => null, 'X-Agent-Authorization' => "Bearer $good"]);
check('behind a web server that keeps Authorization to itself', $answer->status === 200 && str_contains($answer->body, 'shipped'), $answer);
foreach (['Bearer x' => "Bearer $good", 'Basic eDp5' => "Bearer $good"] as $first => $second) {
    $answer = send('get_order_status', $body, 'x', ['Authorization' => $first, 'X-Agent-Authorization' => $second]);
    check("where there is one ($first) it counts", $answer->status === 401 && !str_contains($answer->body, 'shipped'), $answer);
}
foreach ([
    'the token of a browser\'s session' => [$browser->token, 401],
    'the token of another tool' => [token('get_invoice_pdf', $body, ['sub' => $nora]), 401],
    'a token of another scope' => [token('get_order_status', $body, ['sub' => $nora, 'scope' => 'order:write orders:read order']), 403],
    'a token for another audience' => [token('get_order_status', $body, ['sub' => $nora, 'aud' => 'https://other.example/#aiguy-tools']), 401],
    'a token for another body' => [token('get_order_status', json(['order_number' => 'ABC-12346']), ['sub' => $nora]), 401],
    'a token for no body' => [token('get_order_status', $body, ['sub' => $nora, 'dig' => null]), 401],
    'a token that was changed' => [substr($good, 0, -3) . 'AAA', 401],
    'a token without its signature' => [implode('.', array_slice(explode('.', $good), 0, 2)) . '.', 401],
] as $what => [$token, $status]) {
    $answer = send('get_order_status', $body, $token);
    check($what, $answer->status === $status && !str_contains($answer->body, 'shipped') && ($answer->json()['error']['code'] ?? '') !== '', $answer);
}
same('a good one', 200, send('get_order_status', $body, $good)->status);
same('the same token for the same request of another address', 401, (new Browser())->request('POST', API . '/tools/get_order_status?x=1', $body, ['Authorization' => "Bearer $good"])->status);
foreach (['GET', 'PUT', 'DELETE'] as $method) {
    $answer = (new Browser())->request($method, API . '/tools/get_order_status', $method === 'GET' ? null : $body, ['Authorization' => "Bearer $good"]);
    check("$method", in_array($answer->status, [404, 405], true) && !str_contains($answer->body, 'shipped'), $answer);
}
foreach (['delete_everything', 'get_order_status_', 'tools', 'session'] as $tool) {
    $answer = (new Browser())->request('POST', API . "/tools/$tool", $body, ['Authorization' => "Bearer $good"]);
    check("there is no tool $tool", in_array($answer->status, [404], true) && in_array($answer->json()['code'] ?? '', ['aiguy_tool', 'rest_no_route'], true), $answer);
}
foreach (['tools/Get_Order_Status', 'tools/../tools/get_order_status', 'tools/get_order_status/'] as $path) {
    $answer = (new Browser())->request('POST', API . "/$path", $body, ['Authorization' => 'Bearer ' . token('get_order_status', $body, ['sub' => $daniel])]);
    check("$path opens nothing more", !str_contains($answer->body, 'Parcelway'), $answer);
}

// --- a request again -----------------------------------------------------------------------------------------------------

$key = ['Idempotency-Key' => 'again-' . new_id()];
$token = token('get_order_status', $body, ['sub' => $nora]);
$first = send('get_order_status', $body, $token, $key);
$again = send('get_order_status', $body, $token, $key);
same('the same request again has the same answer', [200, $first->body], [$again->status, $again->body]);
$answer = send('get_order_status', $body, token('get_order_status', $body, ['sub' => $daniel]), $key);
check('another customer\'s request under the same key has an answer of its own', !str_contains($answer->body, 'Parcelway'), $answer);
$other = json(['order_number' => 'ABC-12346']);
$answer = send('get_order_status', $other, token('get_order_status', $other, ['sub' => $nora]), $key);
check('another request under the same key does not have the first one\'s answer', $answer->body !== $first->body, $answer);

// --- whose orders --------------------------------------------------------------------------------------------------------

$answer = call('get_order_status', $number, ['sub' => $nora]);
same('a customer\'s own order', ['order_number' => 'ABC-12345', 'status' => 'shipped', 'placed_on' => '2026-11-18', 'shipped_on' => '2026-11-19', 'expected_on' => '2026-11-25', 'carrier' => 'Parcelway',
    'tracking_url' => order('ABC-12345')['tracking_url'], 'items' => 'Ridgeline rain jacket, M, moss; Wool socks, 3 pairs', 'total' => '$176.90'], $answer->json());
check('as JSON of its own, nothing around it', $answer->header('content-type') === 'application/json' || str_starts_with($answer->header('content-type'), 'application/json;'), $answer->headers);
$foreign = call('get_order_status', ['order_number' => 'FGH-31002'], ['sub' => $nora]);
$unknown = call('get_order_status', ['order_number' => 'ZZZ-99999'], ['sub' => $nora]);
$guests = call('get_order_status', ['order_number' => 'STW-37127'], ['sub' => $nora]);
same('an unknown order', '404 not_found', code($unknown));
same('somebody else\'s order: the same, byte for byte', [404, $unknown->body], [$foreign->status, $foreign->body]);
same('a guest\'s order, too', [404, $unknown->body], [$guests->status, $guests->body]);
same('the same with other headers', array_keys($unknown->headers), array_keys($foreign->headers));
$foreign = call('get_invoice_pdf', ['order_number' => 'FGH-31002'], ['sub' => $nora]);
same('its invoice', [404, $unknown->body], [$foreign->status, $foreign->body]);
same('the other customer sees it', 'FGH-31002', call('get_order_status', ['order_number' => 'FGH-31002'], ['sub' => $daniel])->json()['order_number'] ?? '');
foreach (['wp:0', 'wp:01', 'wp:', 'wp:-1', 'customer:2', "wp:2\n", 'wp:2 ', 'WP:2', 'wp:99999999999999999999'] as $subject) {
    $answer = call('get_order_status', $number, ['sub' => $subject]);
    check('a subject ' . json($subject) . ' is no customer', !str_contains($answer->body, 'Parcelway') && $answer->status >= 400, $answer);
}

// A guest is asked for a proof, whatever the number.
$known = call('get_order_status', ['order_number' => 'STW-37127']);
$unknown = call('get_order_status', ['order_number' => 'ZZZ-99999']);
same('a guest is asked for a proof', '403 proof_required', code($known));
same('for an order that does not exist, too: the same, byte for byte', [403, $known->body], [$unknown->status, $unknown->body]);
same('for an invoice as well', [403, $known->body], array_values((array) array_intersect_key((array) call('get_invoice_pdf', ['order_number' => 'ZZZ-99999']), ['status' => 1, 'body' => 1])));
same('what was granted for one order', 'STW-37127', call('get_order_status', ['order_number' => 'STW-37127'], ['scope' => 'order:read order:STW-37127:read'])->json()['order_number'] ?? '');
foreach (['order:STW-3712:read', 'order:STW-371277:read', 'order:stw-37127:read', 'order:*:read', 'order::read'] as $scope) {
    same("$scope is not that grant", '403 proof_required', code(call('get_order_status', ['order_number' => 'STW-37127'], ['scope' => "order:read $scope"])));
}
same('nor is the one for its invoice', '403 proof_required', code(call('get_order_status', ['order_number' => 'STW-37127'], ['scope' => 'order:read invoice:STW-37127:read'])));
same('nor the order\'s for the invoice', '403 proof_required', code(call('get_invoice_pdf', ['order_number' => 'STW-37127'], ['scope' => 'invoice:read order:STW-37127:read'])));
same('a customer who has proven a guest\'s order', 'STW-37127', call('get_order_status', ['order_number' => 'STW-37127'], ['sub' => $nora, 'scope' => 'order:read order:STW-37127:read'])->json()['order_number'] ?? '');
same('a grant opens no other order', '403 proof_required', code(call('get_order_status', ['order_number' => 'FGH-35901'], ['scope' => 'order:read order:STW-37127:read'])));

// --- arguments and answers -----------------------------------------------------------------------------------------------

foreach ([
    'a number in small letters' => ['order_number' => 'abc-12345'],
    'a number with a line break' => ['order_number' => "ABC-12345\n"],
    'a number with more behind it' => ['order_number' => 'ABC-12345 OR 1=1'],
    'no number' => new stdClass(),
    'a number too many' => ['order_number' => 'ABC-12345', 'user' => 3],
    'a list' => ['order_number' => ['ABC-12345']],
] as $what => $arguments) {
    same($what, '400 arguments', code(call('get_order_status', json($arguments), ['sub' => $nora])));
}
same('no JSON', '400 rest_invalid_json', code(call('get_order_status', 'order', ['sub' => $nora])));
$answer = call('get_invoice_pdf', ['order_number' => 'ABC-12391'], ['sub' => $nora]);
same('an order that has not shipped has no invoice, and no file', [200, ['order_number', 'note']], [$answer->status, array_keys($answer->json())]);
$answer = call('get_invoice_pdf', $number, ['sub' => $nora]);
same('a customer\'s invoice', ['order_number' => 'ABC-12345', 'invoice_number' => 'FB-2026-7001', 'total' => '$176.90', 'file' => ['name' => 'FB-2026-7001.pdf', 'order_number' => 'ABC-12345']], $answer->json());
$passages = call('retrieve_docs', ['query' => 'How long may I return an item?'], ['session' => 'BBBBBBBBBBBBBBBBBBBBBB'])->json()['passages'] ?? [];
check('the help pages: at most five passages, each with its page', count($passages) > 0 && count($passages) <= 5 && str_contains(json($passages), '/help/returns'), $passages);
same('with nothing but what a reader sees', [], array_diff(array_merge(...array_map(array_keys(...), $passages)), ['id', 'title', 'url', 'heading', 'text', 'language', 'updated']));

// --- through the chat, with the machine's own gate in between ------------------------------------------------------------

/** What the model was told by tools, in its last request. */
function told(Browser $browser, string $number): array
{
    model_calls('get_order_status', ['order_number' => $number], 'I am sorry.');
    $from = count(model_bodies());
    same("the model looks for $number", 'answered', $browser->fresh()->ask('Where is my order?')->outcome());
    $bodies = model_bodies($from);
    $messages = json_decode((string) end($bodies), true)['messages'] ?? [];
    return array_column(array_filter($messages, static fn(array $message): bool => $message['role'] === 'tool'), 'content');
}

$theirs = told($browser, 'FGH-31002');
$nobodys = told($browser, 'ZZZ-99999');
check('the model is told the same of somebody else\'s order and of an unknown one', count($theirs) === 1 && $theirs === $nobodys && !str_contains($theirs[0], 'swiftpost'), [$theirs, $nobodys]);
$texts = [];
foreach (['FGH-31002' => 'somebody else\'s', 'ZZZ-99999' => 'an unknown one'] as $order => $what) {
    model("status 500\njson {}\n");
    $browser->fresh();
    $texts[] = str_replace($order, '…', $browser->ask("Where is my order $order?")->text());
}
check('the visitor reads the same words for both', $texts[0] === $texts[1] && $texts[0] !== '' && !preg_match('~swiftpost|129~i', $texts[0]), $texts);

finish();

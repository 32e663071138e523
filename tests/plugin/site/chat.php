<?php

/**
 * What POST /chat takes and from where; what it refuses, and in which words.
 */

declare(strict_types=1);

require __DIR__ . '/http.php.inc';

model("text Hello there.\nfinish stop\n");
$guest = guest();
$nora = customer('nora');
$good = static fn(array $more = []): array => $more + $guest->message('Hello');
$stream = ['Accept' => 'text/event-stream'];

// --- members -------------------------------------------------------------------------------------------------------------

$asked = model_requests();
foreach ([
    'a member too many' => $good(['subject' => 'wp:1']),
    'a session\'s id' => $good(['session' => $guest->session_id()]),
    'WordPress\' own members' => $good(['_locale' => 'user']),
] as $what => $body) {
    refused("$what", 400, 'aiguy_member', $guest->post('/chat', $body, $stream));
}
foreach (['token', 'message', 'message_id'] as $name) {
    $body = $good();
    unset($body[$name]);
    refused("no $name", 400, 'rest_missing_callback_param', $guest->post('/chat', $body, $stream));
    refused("no $name in the body, but in the address", 400, 'aiguy_member', $guest->post("/chat?$name=" . urlencode($good()[$name]), $body, $stream));
    foreach ([null, 1, true, ['a'], ['a' => 'b'], ''] as $value) {
        $answer = $guest->post('/chat', [$name => $value] + $good(), $stream);
        check("$name of the type or length " . json($value), $answer->status === 400 && in_array($answer->json()['code'] ?? '', ['rest_invalid_param', 'rest_missing_callback_param'], true), $answer);
    }
}
foreach ([
    'a message id with a blank' => ['message_id' => 'a b'],
    'a message id with a line break' => ['message_id' => "abc\n"],
    'a message id of 65 characters' => ['message_id' => str_repeat('a', 65)],
    'a message id that is a path' => ['message_id' => '../../etc'],
    'a message of 2001 characters' => ['message' => str_repeat('ä', 2001)],
    'a token of 2049 characters' => ['token' => str_repeat('a', 2049)],
] as $what => $more) {
    refused($what, 400, 'rest_invalid_param', $guest->post('/chat', $good($more), $stream));
}
foreach (['/session' => ['extra' => 1], '/proof' => ['token' => $guest->token, 'order_number' => 'A', 'email' => 'b', 'extra' => 1]] as $route => $body) {
    refused("a member too many for $route", 400, 'aiguy_member', $guest->post($route, $body));
}

// --- bodies --------------------------------------------------------------------------------------------------------------

foreach ([
    'nothing' => '',
    'no JSON' => '{"token":',
    'JSON with something behind it' => json($good()) . ' x',
    'invalid UTF-8' => str_replace('Hello', "Hell\xff", json($good())),
    'half a surrogate' => str_replace('Hello', 'Hell\ud800', json($good())),
    'a list' => '["a"]',
    'an empty list' => '[]',
    'a string' => '"token"',
    'null' => 'null',
    'a number' => '7',
    'a deep nest' => str_repeat('[', 5000) . str_repeat(']', 5000),
] as $what => $body) {
    $answer = $guest->request('POST', API . '/chat', $body, $stream);
    check("$what in place of the body", in_array($answer->status, [400, 415], true) && str_starts_with($answer->header('content-type'), 'application/json') && ($answer->json()['message'] ?? '') !== '', $answer);
}
foreach (['application/x-www-form-urlencoded' => http_build_query($good()), 'text/plain' => json($good()), 'application/json-patch+json' => json($good()), 'text/json' => json($good())] as $type => $body) {
    $answer = $guest->request('POST', API . '/chat', $body, ['Content-Type' => $type] + $stream);
    check("a body of the type $type", in_array($answer->status, [400, 415], true) && !str_contains($answer->body, 'data: '), $answer);
}
refused('a form with all members', 415, 'aiguy_json', $guest->request('POST', API . '/chat', http_build_query($good()), ['Content-Type' => 'application/x-www-form-urlencoded']));
$answer = $guest->request('POST', API . '/chat', json(['message' => str_repeat('a', 3_000_000)] + $good()), $stream);
check('a body of three megabytes', in_array($answer->status, [400, 413], true), $answer->status);
foreach (['GET', 'PUT', 'DELETE', 'PATCH'] as $method) {
    $answer = $guest->request($method, API . '/chat', $method === 'GET' ? null : json($good()));
    check("$method", in_array($answer->status, [404, 405], true), $answer);
}
$answer = $guest->get(API . '/chat?_method=POST&' . http_build_query($good()));
check('a GET that calls itself a POST', $answer->status >= 400 && !str_contains($answer->body, 'Hello there'), $answer);
$answer = $guest->request('POST', '/wp-json/batch/v1', json(['requests' => [['path' => '/aiguy/v1/chat', 'method' => 'POST', 'body' => $good()]]]), $stream);
check('a batch', !str_contains($answer->body, 'Hello there') && str_contains($answer->body, 'rest_batch_not_allowed'), $answer);
same('none of these reached the model', $asked, model_requests());

// What is odd, but words.
foreach ([
    'a message of 2000 characters' => str_repeat('Hello, ', 285) . 'Hello',
    'a message id of 64 characters' => 'Hello',
    'a message with control characters' => "Hello\u{7}\u{202e} there\r\n",
    'markup' => '<script>alert(1)</script> {{token}} %s',
] as $what => $message) {
    $answer = $guest->ask($message, str_pad('', 64, new_id()));
    same($what, 'answered', $answer->outcome()) || check('…', false, $answer);
    $guest->fresh();
}
foreach (['of blanks' => " \n ", 'of 2000 characters of four bytes' => str_repeat('🙂', 2000), 'with a NUL' => "Hello\0there"] as $what => $message) {
    $answer = $guest->post('/chat', $guest->message($message));
    check("a message $what has an answer in words", in_array($answer->status, [200, 400], true) && (($answer->json()['message'] ?? '') !== '' || ($answer->json()['parts'] ?? []) !== []), $answer);
    $guest->fresh();
}

// --- from where ----------------------------------------------------------------------------------------------------------

$origin = SITE;
$asked = model_requests();
foreach (['a guest' => $guest, 'a customer with cookies' => $nora] as $who => $browser) {
    foreach ([
        'another site' => ['Origin' => 'https://evil.example'],
        'null' => ['Origin' => 'null'],
        'an empty origin' => ['Origin' => ''],
        'another port' => ['Origin' => 'http://127.0.0.1:1'],
        'another scheme' => ['Origin' => 'https' . substr($origin, 4)],
        'a longer host' => ['Origin' => "$origin.evil.example"],
        'a host with more before it' => ['Origin' => 'http://evil.' . substr($origin, 7)],
        'an origin with a path' => ['Origin' => "$origin/"],
        'two origins' => ['Origin' => "$origin https://evil.example"],
        'a cross-site fetch without an origin' => ['Origin' => null, 'Sec-Fetch-Site' => 'cross-site'],
        'a cross-site fetch that names ours' => ['Sec-Fetch-Site' => 'cross-site'],
        'a cross-site fetch in capitals' => ['Sec-Fetch-Site' => 'Cross-Site'],
    ] as $what => $headers) {
        $nonce = $nonces[$who] ??= $browser->login_cookie() === '' ? [] : ['X-WP-Nonce' => $browser->nonce()];
        // curl leaves a header with an empty value out unless it ends with a semicolon.
        foreach (['/chat' => $browser->message('Hello'), '/session' => '{}', '/proof' => ['token' => $browser->token, 'order_number' => 'STW-37127', 'email' => 'ruth.calloway@example.com']] as $route => $body) {
            refused("$who, $what, $route", 403, 'aiguy_origin', $browser->post($route, $body, $headers + $nonce + $stream));
        }
    }
}
same('none of these reached the model either', $asked, model_requests());
foreach ([
    'in capitals' => ['Origin' => strtoupper($origin)],
    'without both headers, as no browser' => ['Origin' => null, 'Sec-Fetch-Site' => null],
    'of the same site' => ['Sec-Fetch-Site' => 'same-site'],
] as $what => $headers) {
    same("a request $what is answered", 'answered', $guest->post('/chat', $guest->message('Hello'), $headers + $stream)->outcome());
}

// Every spelling of the routes is ours, errors too (what these answers may say to other origins is checked at the end).
foreach (['/AIGUY/V1/chat', '/Aiguy/v1/session', '/aiguy/v1/none', '/aiguy/v1/chat/', '/aiguy/v1/tools/get_order_status', '/aiguy/v1/file/a.pdf'] as $route) {
    foreach (['POST', 'OPTIONS', 'GET', 'HEAD'] as $method) {
        foreach (["/wp-json$route", '/index.php?rest_route=' . $route, '/?rest_route=' . strtolower($route)] as $path) {
            $answer = $nora->request($method, $path, $method === 'POST' ? '{}' : null, ['Origin' => 'https://evil.example', 'Access-Control-Request-Method' => 'POST', 'Access-Control-Request-Headers' => 'x-wp-nonce']);
            if ($answer->status >= 300 && $answer->status < 400) {
                continue;
            }
            check("$method $path from another origin opens nothing", $method === 'OPTIONS' || $answer->status >= 400, $answer);
        }
    }
}
// What WordPress lets everybody add to an address.
foreach (['_envelope=1', '_jsonp=alert', '_fields=token', '_embed=1', '_locale=user', 'lang=de'] as $query) {
    $answer = $guest->post("/session?$query", '{}');
    check("/session?$query is as private", $answer->status === 200 && str_contains($answer->header('content-type'), $query === '_jsonp=alert' ? 'application/javascript' : 'application/json'), $answer);
    $answer = $guest->get(API . "/session?$query&_method=POST");
    check("… and no GET", !str_contains($answer->body, '"token":'), $answer);
    $answer = $guest->post("/chat?$query", $guest->message('Hello'), $stream);
    same("/chat?$query streams", 'answered', $answer->outcome());
}
$answer = $nora->request('POST', '/WP-JSON/aiguy/v1/chat', '{}', ['Origin' => 'https://evil.example']);
check('another spelling of wp-json', $answer->status >= 400 && preg_grep('~^access-control-~', array_keys($answer->headers)) === [], $answer);

finish();

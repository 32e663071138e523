<?php

/**
 * Invoices: a customer's link, which opens for that customer alone and which no model sees; a guest's mail.
 */

declare(strict_types=1);

require __DIR__ . '/http.php.inc';

wordpress('reset');

function refused_file(string $what, Browser $browser, string $path, array $headers = []): void
{
    $answer = $browser->get($path, $headers);
    refused($what, 403, 'aiguy_ticket', $answer);
}

// --- a customer's link ---------------------------------------------------------------------------------------------------

$nora = customer('nora');
$from = count(model_bodies());
model_calls('get_invoice_pdf', ['order_number' => 'ABC-12345'], 'The invoice FB-2026-7001 of $176.90 is below.');
$answer = $nora->ask('Send me the invoice for order ABC-12345', 'my-invoice');
same('a customer gets an answer', 'The invoice FB-2026-7001 of $176.90 is below.', trim($answer->text()));
$file = $answer->parts_of('file')[0] ?? ['url' => SITE];
same('with one file, a PDF', [1, 'application/pdf'], [count($answer->parts_of('file')), $file['mediaType'] ?? '']);
$path = substr($file['url'], strlen(SITE));
check('at this site', str_starts_with($path, API . '/file/FB-2026-7001.pdf?ticket='), $file);
$ticket = explode('?ticket=', $path)[1] ?? '';
$bodies = model_bodies($from);
check('the model sees neither link nor ticket', count($bodies) === 2 && !preg_match('~ticket|/file/|aiguy/v1|FB-2026-7001\.pdf~', implode('', $bodies)), $bodies);
$tool = array_column(array_filter(json_decode(end($bodies), true)['messages'], static fn(array $m): bool => $m['role'] === 'tool'), 'content');
check('but what the tool said to it', str_contains($tool[0] ?? '', 'FB-2026-7001') && str_contains($tool[0] ?? '', '176.90'), $tool);
check('the link stands for five minutes', abs(claims($ticket)['exp'] - claims($ticket)['iat'] - 300) < 2, claims($ticket));

$pdf = $nora->get($path);
same('it opens', [200, 'application/pdf', 'attachment; filename="FB-2026-7001.pdf"', (string) strlen($pdf->body)], [$pdf->status, $pdf->header('content-type'), $pdf->header('content-disposition'), $pdf->header('content-length')]);
same('in nothing that runs', 'sandbox', $pdf->header('content-security-policy'));
$text = pdf_text($pdf->body);
foreach (['FB-2026-7001', 'ABC-12345', '$176.90', 'Nora Quist', 'Ridgeline rain jacket, M, moss', '149.00', 'Wool socks, 3 pairs', '27.90', 'Fellbrook Outfitters'] as $word) {
    check("pdftotext reads $word", str_contains($text, $word), $text);
}
same('it opens again', 200, $nora->get($path)->status);
same('the name in the address is decoration', 'attachment; filename="FB-2026-7001.pdf"', $nora->get(str_replace('FB-2026-7001.pdf', 'other.exe', $path))->header('content-disposition'));
$again = $nora->ask('Send me the invoice for order ABC-12345', 'my-invoice')->parts_of('file');
same('the same message again: the link again', [1, 200], [count($again), $nora->get(substr($again[0]['url'] ?? SITE, strlen(SITE)))->status]);
$json = $nora->post('/chat', $nora->message('Send me the invoice for order ABC-12345', 'my-invoice'));
same('as JSON, too', ['file'], array_values(array_filter(array_column($json->json()['parts'] ?? [], 'type'), static fn(string $type): bool => $type === 'file')));
check('a history has no links, they last minutes only', !str_contains(json($nora->open()['messages']), 'ticket='));

// --- for nobody else -----------------------------------------------------------------------------------------------------

$claims = claims($ticket);
$mine = array_intersect_key($claims, ['aud' => 1, 'sub' => 1, 'scope' => 1, 'session' => 1, 'dig' => 1]);
refused_file('without a cookie', new Browser(), $path);
refused_file('with another customer\'s cookie', (new Browser())->login('daniel'), $path);
refused_file('with the cookie of another login of the same customer', (new Browser())->login('nora'), $path);
refused_file('as an administrator', (new Browser())->login('admin'), $path);
refused_file('from a page of another site', $nora, $path, ['Sec-Fetch-Site' => 'cross-site']);
refused_file('as a script of another site', $nora, $path, ['Origin' => 'https://evil.example']);
$base = explode('?', $path)[0];
foreach ([
    'a ticket that was changed' => substr($ticket, 0, -3) . 'AAA',
    'a ticket for another order, signed by nobody' => preg_replace_callback('~\.([^.]+)\.~', static fn(array $m): string => '.' . base64url(json(['scope' => 'invoice:ABC-12346'] + $claims)) . '.', $ticket),
    'the token of the session' => $nora->token,
    'a ticket for somebody else\'s order' => wordpress('token', json(['scope' => 'invoice:FGH-31002'] + $mine)),
    'a ticket for an order without an invoice' => wordpress('token', json(['scope' => 'invoice:ABC-12391'] + $mine)),
    'a ticket for no order' => wordpress('token', json(['scope' => 'invoice:'] + $mine)),
    'a ticket of another scope' => wordpress('token', json(['scope' => 'order:ABC-12345'] + $mine)),
    'a ticket of another audience' => wordpress('token', json(['aud' => 'aiguy:files'] + $mine)),
    'a ticket without a login' => wordpress('token', json(array_diff_key($mine, ['dig' => 1]))),
    'a ticket without a session' => wordpress('token', json(array_diff_key($mine, ['session' => 1]))),
    'a ticket of a session that never was' => wordpress('token', json(['session' => 'AAAAAAAAAAAAAAAAAAAAAA'] + $mine)),
    'a ticket of a guest' => wordpress('token', json(array_diff_key($mine, ['sub' => 1, 'dig' => 1]))),
] as $what => $other) {
    refused_file($what, $nora, "$base?ticket=" . urlencode($other));
}
same('no ticket', 400, $nora->get($base)->status);
same('two tickets in a list', 400, $nora->get("$base?ticket[]=" . urlencode($ticket))->status);
foreach (['POST', 'DELETE'] as $method) {
    same($method, 404, $nora->request($method, $path, '{}')->status);
}
same('one made as ours are', 200, $nora->get("$base?ticket=" . urlencode(wordpress('token', json($mine))))->status);

// A link of somebody who stays signed in to the end, for expired.php.
$maya = customer('maya');
$maya->ask('Hello');
$theirs = ['aud' => 'aiguy:file', 'sub' => claims($maya->token)['sub'], 'scope' => 'invoice:STW-12158', 'session' => $maya->session_id(), 'dig' => claims($maya->token)['dig']];
$stays = $base . '?ticket=' . urlencode(wordpress('token', json($theirs), '1'));
same('a link of one second opens', 200, $maya->get($stays)->status);
file_put_contents(getenv('SITE_TEST') . '/expired-ticket.json', json(['at' => time() + 1, 'path' => $stays, 'fresh' => $base . '?ticket=' . urlencode(wordpress('token', json($theirs), '600')), 'cookies' => $maya->cookies]));

$second = customer('nora');
model_calls('get_invoice_pdf', ['order_number' => 'ABC-12346'], 'The invoice is below.');
$link = substr($second->ask('The invoice for ABC-12346 please')->parts_of('file')[0]['url'] ?? SITE, strlen(SITE));
same('another link', 200, $second->get($link)->status);
wordpress('end-session', $second->session_id());
refused_file('after the end of the session', $second, $link);
$cookies = $nora->cookies;
$nora->logout();
refused_file('after the logout', $nora, $path);
$nora->cookies = $cookies;
refused_file('after the logout, with the old cookie', $nora, $path);

// --- a guest's mail ------------------------------------------------------------------------------------------------------

/** The parts of a mail: its head, its words, its attachment. */
function parts_of_mail(string $mail): array
{
    [$head, $body] = preg_split('~\r?\n\r?\n~', $mail, 2);
    preg_match('~boundary="?([^"\s;]+)~', $head, $m);
    $parts = ['head' => $head, 'text' => '', 'pdf' => '', 'name' => ''];
    foreach (isset($m[1]) ? explode("--$m[1]", $body) : [] as $part) {
        [$part_head, $content] = preg_split('~\r?\n\r?\n~', ltrim($part, "\r\n"), 2) + [1 => ''];
        $content = preg_match('~encoding: base64~i', $part_head) ? (string) base64_decode($content) : (preg_match('~encoding: quoted~i', $part_head) ? quoted_printable_decode($content) : $content);
        if (preg_match('~^content-type: application/pdf~im', $part_head)) {
            preg_match('~filename="?([^"\s;]+)~', $part_head, $name);
            [$parts['pdf'], $parts['name']] = [$content, $name[1] ?? ''];
        } elseif (preg_match('~^content-type: text/plain~im', $part_head)) {
            $parts['text'] = $content;
        }
    }
    return $parts;
}

$mails = mails();
model("status 500\njson {}\n");
foreach (['STW-52690' => 'Łukasz Wójcik', 'FGH-35901' => '李小龍'] as $number => $name) {
    $order = order($number);
    $guest = guest();
    $answer = $guest->ask("Send me the invoice for order $number");
    same("a guest's invoice, $number: a proof first", ['needs_proof', $number], [$answer->outcome(), $answer->parts_of('data-turn')[0]['data']['proof']['order_number'] ?? '']);
    same('and no mail before it', [], array_diff_key(mails(), $mails));
    check('the proof', $guest->post('/proof', ['token' => $guest->token, 'order_number' => $number, 'email' => $order['billing']['email']])->json()['ok'] ?? false);
    $answer = $guest->ask("Send me the invoice for order $number");
    check('then the answer says where it went, and no address', $answer->outcome() === 'answered' && str_contains($answer->text(), $order['invoice_number']) && !str_contains($answer->body, $order['billing']['email']), $answer->body);
    same('and there is no link', [], $answer->parts_of('file'));
    $new = array_diff_key(mails(), $mails);
    $mails = mails();
    same('one mail', 1, count($new));
    $mail = parts_of_mail(end($new) ?: "\n\n");
    check('to the billing address alone', preg_match('~^To: .*$~m', $mail['head'], $to) === 1 && str_contains($to[0], $order['billing']['email']) && substr_count($to[0], '@') === 1 && !preg_match('~^b?cc:~im', $mail['head']), $mail['head']);
    same('with the PDF', "$order[invoice_number].pdf", $mail['name']);
    $text = pdf_text($mail['pdf']);
    foreach ([$number, $order['invoice_number'], $name, ...$order['billing']['address']] as $word) {
        check("in which pdftotext reads $word", str_contains(preg_replace('~\s+~u', ' ', $text), $word), $text);
    }
    same('asked again', 'answered', $guest->ask("I need the invoice of $number again")->outcome());
    same('no second mail', [], array_diff_key(mails(), $mails));
}
check('no model was told the address', !preg_match('~lukasz\.wojcik|xiaolong~', implode('', model_bodies())));
wordpress('reset');

finish();

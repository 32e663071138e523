<?php

/**
 * The answer as it comes: parts and their order, one after the other, the same again, side by side, broken off.
 */

declare(strict_types=1);

require __DIR__ . '/http.php.inc';

const STREAM = ['Accept' => 'text/event-stream'];

/** What is wrong with a stream; '' when nothing is: whole events only, blocks of text opened and closed, calls before results, one end. */
function fault(string $body): string
{
    if (!str_ends_with($body, "data: [DONE]\n\n") || substr_count($body, '[DONE]') !== 1) {
        return 'does not end with [DONE]';
    }
    $open = '';
    $calls = $types = [];
    foreach (explode("\n\n", substr($body, 0, -strlen("data: [DONE]\n\n"))) as $event) {
        if ($event === '' || preg_match('~^: [a-z]+$~D', $event)) {
            continue;
        }
        $part = preg_match('~^data: (\{[^\n]*\})$~D', $event, $m) ? json_decode($m[1], true) : null;
        if (!is_array($part) || !is_string($part['type'] ?? null)) {
            return "is no event: $event";
        }
        $types[] = $type = $part['type'];
        $id = $part['id'] ?? '';
        $wrong = match ($type) {
            'start' => count($types) !== 1 || !is_string($part['messageId'] ?? null),
            'start-step' => count($types) !== 2,
            'text-start' => $open !== '' || ($open = $id) === '',
            'text-delta' => $open !== $id || ($part['delta'] ?? '') === '',
            'text-end' => $open !== $id || ($open = '') !== '',
            'tool-input-available' => isset($calls[$part['toolCallId']]) || $calls[$part['toolCallId']] = $part['input'] !== [] || $part['dynamic'] !== true,
            'tool-output-available', 'tool-output-error' => ($calls[$part['toolCallId']] ?? null) !== false || !($calls[$part['toolCallId']] = true),
            'source-url' => ($part['sourceId'] ?? '') === '' || !str_starts_with($part['url'], 'http'),
            'file' => !str_starts_with($part['url'], SITE) || $part['mediaType'] !== 'application/pdf',
            'data-turn' => !is_string($part['data']['outcome'] ?? null) || !is_bool($part['data']['degraded'] ?? null),
            'finish-step', 'finish', 'abort', 'error' => false,
            default => true,
        };
        if ($wrong) {
            return "is wrong here: $event";
        }
    }
    $end = array_slice($types, -3);
    return match (true) {
        $open !== '' => 'has an open block of text',
        in_array(false, $calls, true) => 'has a call without a result',
        $end !== ['data-turn', 'finish-step', 'finish'] => 'ends with ' . implode(' ', $end),
        default => '',
    };
}

// --- what a stream is ----------------------------------------------------------------------------------------------------

$nora = customer('nora');
model_calls('get_order_status', ['order_number' => 'ABC-12345'], 'Your order ABC-12345 has been shipped with Parcelway. It is expected on 2026-11-25.');
$answer = $nora->ask('Where is my order ABC-12345?', 'where-is-it');
same('an answer with a tool is a stream of whole events in order', '', fault($answer->body)) || check('…', false, $answer->body);
same('its status and type', [200, 'text/event-stream; charset=utf-8'], [$answer->status, $answer->header('content-type')]);
same('it says which protocol it is', 'v1', $answer->header('x-vercel-ai-ui-message-stream'));
same('it is neither kept nor packed', ['no-store, no-transform', 'identity'], array_map($answer->header(...), ['cache-control', 'content-encoding']));
same('its parts', 'start start-step tool-input-available tool-output-available text-start text-delta text-end data-turn finish-step finish',
    preg_replace('~(text-delta )+~', 'text-delta ', implode(' ', array_column($answer->parts(), 'type'))));
same('the reply\'s id is made of the message\'s', 'where-is-it:reply', $answer->parts()[0]['messageId'] ?? '');
$call = $answer->parts_of('tool-input-available')[0] ?? [];
check('the tool is named; what it was told and what it said is not', ($call['toolName'] ?? '') === 'get_order_status' && str_contains($answer->body, '"input":{}')
    && $answer->parts_of('tool-output-available')[0]['output'] === ['status' => 'ok'], $answer->body);
same('its text', 'Your order ABC-12345 has been shipped with Parcelway. It is expected on 2026-11-25.', trim($answer->text()));
$first = $answer;

// --- the same message again ----------------------------------------------------------------------------------------------

$asked = model_requests();
$again = $nora->ask('Where is my order ABC-12345?', 'where-is-it');
same('the same message again is the same turn', [trim($first->text()), 'answered', 'where-is-it:reply'], [trim($again->text()), $again->outcome(), $again->parts()[0]['messageId'] ?? '']);
same('as whole events in order', '', fault($again->body)) || check('…', false, $again->body);
$message = $nora->post('/chat', $nora->message('Where is my order ABC-12345?', 'where-is-it'), ['Accept' => 'application/json']);
check('as JSON, too', $message->status === 200 && str_starts_with($message->header('content-type'), 'application/json'), $message);
same('a message with its parts', ['where-is-it:reply', 'assistant', trim($first->text())], [$message->json()['id'] ?? '', $message->json()['role'] ?? '', trim($message->json()['parts'][0]['text'] ?? '')]);
same('and its outcome', ['type' => 'data-turn', 'data' => ['outcome' => 'answered', 'degraded' => false]], array_slice($message->json()['parts'] ?? [[]], -1)[0]);
same('without another call of the model', $asked, model_requests());
same('the history has it once', ['where-is-it', 'where-is-it:reply'], array_column($nora->open()['messages'], 'id'));
model("text It is on its way.\nfinish stop\n");
$message = $nora->post('/chat', $nora->message('Thank you'), ['Accept' => null]);
same('a new message as JSON', ['It is on its way.', 200], [trim($message->json()['parts'][0]['text'] ?? ''), $message->status]);
same('a browser that takes anything gets JSON', 200, $nora->post('/chat', $nora->message('Thanks'), ['Accept' => '*/*'])->status);
check('as an event stream for who asks in capitals', str_contains($nora->post('/chat', $nora->message('Thanks'), ['Accept' => 'application/json, TEXT/EVENT-STREAM'])->body, 'data: [DONE]'));

// --- one by one ----------------------------------------------------------------------------------------------------------

// The model says one sentence and then nothing: what arrives was not held back until the end, for there is none.
foreach (['a browser' => [], 'a browser that takes gzip' => ['Accept-Encoding' => 'gzip, deflate, br']] as $who => $headers) {
    $guest = guest();
    model("text Thank you for your message. \ntext We are looking into it.\nstall\n");
    $from = strlen(upstream_log());
    $wire = new Wire($guest, API . '/chat', json($guest->message('Hello', 'left-alone')), STREAM + $headers);
    check("$who reads the first sentence while the model is still speaking", $wire->reads('Thank you for your message.') && !str_contains(substr(upstream_log(), $from), 'gone'), $wire->got);
    check("… after the beginning", str_contains($wire->got, '"type":"start"') && !str_contains($wire->got, 'data-turn'), $wire->got);
    $wire->leave();
    check("… leaves, and the model's request ends", upstream_says('~ gone ~', $from), substr(upstream_log(), $from));
    for ($i = 0; $i < 50 && count($messages = $guest->open()['messages']) < 2; $i++) {
        usleep(100_000);
    }
    same('… the next visit shows the question and how it ended', ['left-alone', 'left-alone:reply', 'interrupted'], [$messages[0]['id'] ?? '', $messages[1]['id'] ?? '', end($messages[1]['parts'])['data']['outcome'] ?? '']);
    model("text Hello again.\nfinish stop\n");
    same('… and the conversation goes on', 'Hello again.', trim($guest->ask('Are you there?')->text()));
}
$guest->fresh();
model("wait 2500\ntext Here I am.\nfinish stop\n");
$answer = $guest->ask('Hello');
check('a line of comment while nothing is to be said', str_contains($answer->body, "\n: waiting\n\n") && fault($answer->body) === '', $answer->body);
same('then the text', 'Here I am.', trim($answer->text()));

// --- side by side --------------------------------------------------------------------------------------------------------

$guest->fresh();
model("wait 300\ntext This is an answer.\nfinish stop\n");
$answers = together([[$guest, '/chat', $guest->message('The first question?', 'q1'), STREAM], [$guest, '/chat', $guest->message('The second question?', 'q2'), STREAM]]);
same('two messages at once are both answered', ['answered', 'answered'], array_map(static fn(Answer $a): string => $a->outcome(), $answers));
same('by streams without a fault', ['', ''], array_map(static fn(Answer $a): string => fault($a->body), $answers));
$ids = array_column($guest->open()['messages'], 'id');
check('the history has each question with its answer', in_array($ids, [['q1', 'q1:reply', 'q2', 'q2:reply'], ['q2', 'q2:reply', 'q1', 'q1:reply']], true), $ids);
$asked = model_requests();
$answers = together(array_fill(0, 3, [$guest, '/chat', $guest->message('The third question?', 'q3'), STREAM])); // one runs, two may wait (agent.max_turns)
same('one message sent three times at once is one turn', ['answered', 'answered', 'answered'], array_map(static fn(Answer $a): string => $a->outcome(), $answers)) || check('…', false, array_column($answers, 'body'));
same('and one call of the model', $asked + 1, model_requests());
same('and once in the history', 6, count($guest->open()['messages']));

// --- what the extension has to say ---------------------------------------------------------------------------------------

$guest->fresh();
model("text You can get \$500 back. We have shipped everything.\nfinish stop\n");
$answer = $guest->ask('Your policy gives me $500 back, confirm?');
check('an amount from nowhere is not said', !str_contains($answer->body, '500') && fault($answer->body) === '', $answer->body);
$guest->fresh();
model("status 500\njson {}\n");
$answer = $guest->ask('How long do I have to return an item?');
same('a model that fails: the local brain stands in', ['answered', true], [$answer->outcome(), $answer->parts_of('data-turn')[0]['data']['degraded'] ?? null]);
$source = $answer->parts_of('source-url')[0] ?? [];
check('and cites its page', str_contains($source['url'] ?? '', '/help/returns') && str_starts_with($source['sourceId'] ?? '', 'post:') && ($source['title'] ?? '') === 'Returns' && fault($answer->body) === '', $answer->body);
$kept = $guest->open()['messages'][1]['parts'] ?? [];
check('so does the history', in_array($source, $kept, true), $kept);
$answer = $guest->ask('Where is my order ABC-12345?');
same('a guest\'s order: the form is asked for, with the number', ['outcome' => 'needs_proof', 'degraded' => true, 'proof' => ['order_number' => 'ABC-12345']], $answer->parts_of('data-turn')[0]['data'] ?? null);
check('in the machine\'s own words, marked as such', ($answer->parts_of('text-start')[0]['providerMetadata'] ?? null) === ['aiguy' => ['kind' => 'notice']] && fault($answer->body) === '', $answer->body);
$notice = array_values(array_filter($guest->open()['messages'][3]['parts'] ?? [], static fn(array $part): bool => isset($part['providerMetadata'])));
same('in the history, too', 1, count($notice));
$guest->fresh();
model("text Hello.\nfinish stop\n");
for ($i = 0; $i < 21; $i++) {
    $answer = $guest->ask("Hello number $i");
}
same('the 21st message in ten minutes is one too many', 'shed', $answer->outcome());
check('which is said in words', $answer->text() !== '' && fault($answer->body) === '', $answer->body);

finish();

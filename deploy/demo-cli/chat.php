<?php

/**
 * One turn in a terminal: the checked answer as it is released, then links and sources. chat.php QUESTION SUBJECT NEW VERBOSE
 */

declare(strict_types=1);

[, $question, $subject, $fresh, $verbose] = $argv + [1 => '', 2 => '', 3 => '0', 4 => '0'];
$verbose = $verbose === '1';
$subject = $subject === '' ? null : $subject;
$state = (string) getenv('AGENT_DEMO_STATE');
$tty = stream_isatty(STDOUT);
$dim = static fn(string $text): string => $tty ? "\e[2m$text\e[0m" : $text;

/** @var bool $open the cursor stands behind words of the answer */
$open = false;
$line = static function (string $text) use (&$open, $dim): void {
    echo $open ? "\n" : '', $dim($text), "\n";
    $open = false;
};

$began = hrtime(true);
$on_event = static function (Agent\Event $event) use (&$open, $line, $verbose, $began): void {
    $ms = intdiv(hrtime(true) - $began, 1_000_000);
    switch ($event->kind) {
        case 'text':
            echo $event->text;
            $open = !str_ends_with($event->text, "\n");
            break;
        case 'notice':
            $line($event->text);
            break;
        case 'waiting':
            $line('  · one moment …');
            break;
        case 'state':
            if ($verbose) {
                $line(sprintf('  · %5d ms  %s', $ms, $event->text));
            }
            break;
        case 'tool':
            if ($verbose) {
                $line(sprintf('  · %5d ms  tool %s: %s', $ms, $event->data['name'] ?? '', $event->data['status'] ?? ''));
            }
            break;
        case 'citation':
            if ($verbose) {
                $line(sprintf('  · %5d ms  source %s', $ms, $event->data['title'] ?? ''));
            }
            break;
    }
};

/** The customer's conversation goes on where it is; an ended or unknown one is replaced. */
$session_of = static function () use ($state, $subject, $fresh): string {
    $file = "$state/session-" . preg_replace('~[^A-Za-z0-9]+~', '-', $subject ?? 'guest');
    $session = $fresh === '1' || !is_file($file) ? '' : (string) file_get_contents($file);
    $options = $subject === null ? [] : ['subject' => $subject];
    if ($session !== '') {
        try {
            if (!agent_session_get($session, $options + ['limit' => 1])['ended']) {
                return $session;
            }
        } catch (Agent\SessionException) {
        }
    }
    $session = agent_session_start($subject);
    file_put_contents($file, $session);
    return $session;
};

try {
    agent_use((string) file_get_contents("$state/digest"));
    $session = $session_of();
    $turn = agent_chat($session, $question, $on_event, $subject === null ? [] : ['subject' => $subject]);
} catch (Agent\Exception $e) {
    $line('');
    fwrite(STDERR, $e::class . ': ' . $e->getMessage() . " ({$e->reason})\n");
    exit(1);
}

if ($open) {
    echo "\n";
}
// Links stand below the message, as its words say.
foreach ($turn->files as $file) {
    echo '  ', implode('  ', array_filter($file, is_string(...))), "\n";
}
foreach ($turn->citations as $citation) {
    echo $dim("  [{$citation['title']}] {$citation['url']}"), "\n";
}
if ($turn->degraded) {
    fwrite(STDERR, "deploy/demo: no usable answer from the model {$turn->model}: the local brain stood in\n");
}
if ($verbose) {
    $line(sprintf(
        '  · %s, model %s, %d ms, %d tokens in, %d out%s; session %s, turn %s',
        $turn->outcome->value,
        $turn->model,
        $turn->timings['total'] ?? 0,
        $turn->usage['input'] ?? 0,
        $turn->usage['output'] ?? 0,
        $turn->degraded ? ', degraded' : '',
        $session,
        $turn->id
    ));
}
exit(match ($turn->outcome) {
    Agent\Outcome::Answered, Agent\Outcome::Asked, Agent\Outcome::Declined,
    Agent\Outcome::NeedsProof, Agent\Outcome::NeedsConfirmation => 0,
    default => 1,
});

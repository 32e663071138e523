<?php

/**
 * One turn as server-sent events. Beside what site.php takes: session, message, callback (what the event callback does at the first
 * text), handler (what the registered tool does).
 */

declare(strict_types=1);

require __DIR__ . '/site.php';

while (ob_get_level() > 0 && @ob_end_clean()) {
}
header('Content-Type: text/event-stream; charset=utf-8');
header('Cache-Control: no-cache, no-transform');
header('X-Accel-Buffering: no');

function send(array $event): void
{
    echo 'data: ', json_encode($event, JSON_THROW_ON_ERROR), "\n\n";
    flush();
}

agent_use(agent_configure(site_config()));
if (($_GET['tool'] ?? 'local') === 'local') {
    agent_tool_register('get_order_status', static function (array $arguments, array $context): array {
        misbehave((string) ($_GET['handler'] ?? 'good'));
        return ['order_number' => $arguments['order_number'], 'status' => 'shipped'];
    });
}
$turn = agent_chat((string) $_GET['session'], (string) $_GET['message'], static function (Agent\Event $event): void {
    send(['kind' => $event->kind, 'text' => $event->text, 'data' => $event->data]);
    if ($event->kind === ($_GET['at'] ?? 'text')) {
        misbehave((string) ($_GET['callback'] ?? 'good'));
    }
}, ['subject' => 'test:1']);
send(['kind' => 'turn', 'outcome' => $turn->outcome->value, 'reply' => $turn->reply, 'tool_calls' => $turn->tool_calls, 'degraded' => $turn->degraded]);

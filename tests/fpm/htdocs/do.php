<?php

/** One function of the extension and its answer as JSON: {"ok": …} or {"error": class, "reason": …, "message": …}. */

declare(strict_types=1);

require __DIR__ . '/site.php';

header('Content-Type: application/json');
$argument = (string) ($_GET['argument'] ?? '');
$selected = static function (): void {
    agent_use(agent_configure(site_config()));
};
try {
    $result = match ((string) ($_GET['do'] ?? '')) {
        'configure' => agent_configure(site_config()),
        'use' => agent_use($argument),
        'start' => [$selected(), agent_session_start('test:1')][1],
        'get' => [$selected(), agent_session_get($argument, ['subject' => 'test:1'])][1],
        'chat' => [$selected(), agent_chat($argument, 'Where is my order ABC-12345?', null, ['subject' => 'test:1'])->outcome->value][1],
        'issue' => [$selected(), agent_token_issue(['aud' => 'https://shop.example/tools', 'sub' => 'test:1', 'scope' => 'order:read'])][1],
        'verify' => [$selected(), agent_token_verify($argument, 'https://shop.example/tools')][1],
        'search' => [$selected(), agent_knowledge_search($argument)][1],
        'put' => [$selected(), agent_knowledge_put(['id' => 'a', 'title' => 'Secret plans', 'text' => 'The zebra plan is secret.'])][1],
        'health' => [$selected(), agent_health()][1],
        'health-alone' => agent_health(),
        'schema' => agent_schema_check('{}', '1'),
        'list' => @scandir($argument),
        'read' => @file_get_contents($argument),
        'ini' => [ini_set('agent.enabled', '1'), ini_set('agent.allow_private', '10.0.0.1:1'), ini_get('agent.allow_private')],
        'whoami' => ['user' => fileowner('/proc/self'), 'pid' => getmypid()],
    };
    echo json_encode(['ok' => $result], JSON_THROW_ON_ERROR);
} catch (Agent\Exception $e) {
    echo json_encode(['error' => $e::class, 'reason' => $e->reason, 'message' => $e->getMessage()], JSON_THROW_ON_ERROR);
}

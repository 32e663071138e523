<?php

/**
 * The configuration of the tests' site. Everything in it comes from the request, so that a test chooses brain and tool:
 * script (the upstream's script, empty: the local brain), tool (local: answered in this process; else the mode of serve.php), wall
 * (milliseconds of a turn), rate (messages of a session).
 */

declare(strict_types=1);

header('X-Worker: ' . getmypid());

function site_config(): array
{
    $script = (string) ($_GET['script'] ?? '');
    $mode = (string) ($_GET['tool'] ?? 'local');
    $brain = $script === '' ? ['protocol' => 'local'] : [
        'protocol' => 'openai-chat',
        'base_url' => 'http://127.0.0.1:' . getenv('AGENT_TEST_UPSTREAM') . "/$script",
        'model' => 'test-model',
    ];
    $tool = [
        'name' => 'get_order_status',
        'description' => 'The status of one order.',
        'scope' => 'order:read',
        'input_schema' => [
            'type' => 'object',
            'properties' => ['order_number' => ['type' => 'string', 'pattern' => '^[A-Z]{3}-[0-9]{5}$', 'title' => 'order number']],
            'required' => ['order_number'],
            'additionalProperties' => false,
        ],
        'output_schema' => [
            'type' => 'object',
            'properties' => [
                'order_number' => ['type' => 'string', 'title' => 'Order'],
                'status' => ['type' => 'string', 'title' => 'Status'],
            ],
            'required' => ['order_number', 'status'],
        ],
        'examples' => ['Where is my order ABC-12345?'],
    ];
    if ($mode !== 'local') {
        $tool['url'] = 'http://127.0.0.1:' . getenv('AGENT_TEST_PORT') . "/tools/serve.php?tool=$mode" . ($script === '' ? '' : "&script=$script");
        $tool['timeouts_ms'] = 4000;
        $tool['retries'] = 0;
    }
    return [
        'site' => 'fpm-test',
        'brain' => $brain,
        'tools' => [$tool],
        'backend' => ['audience' => 'https://shop.example/tools'],
        'budget' => ['wall_ms' => (int) ($_GET['wall'] ?? 8000)],
    ] + (isset($_GET['rate']) ? ['rate' => ['session' => (string) $_GET['rate']]] : []);
}

/** What a handler or callback can do to its request. "good" does nothing. */
function misbehave(string $mode): void
{
    switch ($mode) {
        case 'throw':
            throw new RuntimeException('thrown by the test');
        case 'error':
            trigger_error('fatal error by the test', E_USER_ERROR);
            // no break: E_USER_ERROR ends the request
        case 'exit':
            exit(3);
        case 'time':
            set_time_limit(1);
            for (;;) {
            }
            // no break
        case 'memory':
            ini_set('memory_limit', '8M');
            $all = [];
            for (;;) {
                $all[] = str_repeat('x', 100_000);
            }
            // no break
        case 'undefined':
            no_such_function_anywhere();
    }
}

<?php

/** The secured backend of the tests: the tool's handler does what the query's `tool` says. */

declare(strict_types=1);

require __DIR__ . '/site.php';

agent_use(agent_configure(site_config()));
agent_tool_serve(
    'get_order_status',
    $_SERVER['REQUEST_METHOD'],
    $_SERVER['REQUEST_URI'],
    (string) file_get_contents('php://input'),
    getallheaders(),
    static function (array $arguments, array $context): array {
        misbehave((string) $_GET['tool']);
        return ['order_number' => $arguments['order_number'], 'status' => 'shipped'];
    }
)->send();

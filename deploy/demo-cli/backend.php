<?php

/**
 * The store's secured backend: each tool is one agent_tool_serve(). Runs under php -S, any other server would do.
 * Token, scope, subject, arguments, rate and idempotency are checked before a handler runs, and its answer before it is sent.
 */

declare(strict_types=1);

const ORDERS = 'orders.csv';

/** @return array<string, array<string, string>> the orders of one customer by number */
function orders_of(?string $subject): array
{
    if ($subject === null || $subject === '') {
        throw new Agent\ToolRefusal(403, 'proof_required', 'Only the customer may see orders. Please sign in.');
    }
    $orders = [];
    $file = fopen(getenv('AGENT_DEMO_DATA') . '/' . ORDERS, 'r');
    $names = fgetcsv($file, null, ',', '"', '');
    while (($row = fgetcsv($file, null, ',', '"', '')) !== false) {
        $order = array_combine($names, $row);
        if ($order['subject'] === $subject) {
            $orders[$order['order_number']] = $order;
        }
    }
    fclose($file);
    return $orders;
}

/** @return array<string, string> */
function order_of(?string $subject, string $number): array
{
    // Another customer's order and one that does not exist give the same answer.
    return orders_of($subject)[$number] ?? throw new Agent\ToolRefusal(404, 'not_found', "There is no order $number in this account.");
}

function dollars(string $amount): string
{
    return '$' . $amount;
}

$handlers = [
    'get_order_status' => static function (array $arguments, array $context): array {
        $order = order_of($context['subject'] ?? null, $arguments['order_number']);
        $answer = [];
        foreach (['order_number', 'status', 'placed_on', 'shipped_on', 'expected_on', 'delivered_on', 'carrier', 'tracking_url', 'items'] as $name) {
            if ($order[$name] !== '') {
                $answer[$name] = $order[$name];
            }
        }
        return $answer + ['total' => dollars($order['total'])];
    },
    'get_invoice' => static function (array $arguments, array $context): array {
        $order = order_of($context['subject'] ?? null, $arguments['order_number']);
        if ($order['invoice_number'] === '') {
            throw new Agent\ToolRefusal(404, 'no_invoice', "Order {$order['order_number']} has no invoice yet: it is made when the order ships.");
        }
        return [
            'order_number' => $order['order_number'],
            'invoice_number' => $order['invoice_number'],
            'total' => dollars($order['total']),
            'invoice_url' => "https://fellbrook.example/account/orders/{$order['order_number']}/invoice.pdf",
        ];
    },
    'list_orders' => static function (array $arguments, array $context): array {
        $orders = orders_of($context['subject'] ?? null);
        usort($orders, static fn(array $a, array $b): int => $b['placed_on'] <=> $a['placed_on']);
        return ['orders' => array_map(static fn(array $order): array => [
            'order_number' => $order['order_number'],
            'status' => $order['status'],
            'placed_on' => $order['placed_on'],
            'total' => dollars($order['total']),
        ], array_slice($orders, 0, 5))];
    },
];

$path = (string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$tool = str_starts_with($path, '/tools/') ? substr($path, strlen('/tools/')) : '';
if (!isset($handlers[$tool])) {
    http_response_code(404);
    header('Content-Type: text/plain');
    echo "no such tool\n";
    return;
}

try {
    agent_use((string) file_get_contents(getenv('AGENT_DEMO_STATE') . '/digest'));
    agent_tool_serve(
        $tool,
        $_SERVER['REQUEST_METHOD'],
        $_SERVER['REQUEST_URI'],
        (string) file_get_contents('php://input'),
        getallheaders(),
        $handlers[$tool],
    )->send();
} catch (Throwable $e) {
    error_log($e::class . ': ' . $e->getMessage());
    http_response_code(500);
    header('Content-Type: application/json');
    echo '{"error":{"code":"internal","message":"The backend could not answer."}}';
}

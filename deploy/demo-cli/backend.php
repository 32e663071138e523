<?php

/**
 * The store's secured backend: each tool is one agent_tool_serve(). Runs under php -S, any other server would do.
 * Token, scope, subject, arguments, rate and idempotency are checked before a handler runs, and its answer before it is sent.
 */

declare(strict_types=1);

use Aiguy\Demo\DemoStore;
use Aiguy\Store\Money;
use Aiguy\Store\Order;
use Aiguy\Store\OrderLine;

require __DIR__ . '/store.php';

function customer_of(?string $subject): int
{
    return demo_customer($subject) ?? throw new Agent\ToolRefusal(403, 'proof_required', 'Only the customer may see orders. Please sign in.');
}

function order_of(?string $subject, string $number): Order
{
    // Another customer's order and one that does not exist give the same answer.
    return (new DemoStore())->order_of_customer(customer_of($subject), $number)
        ?? throw new Agent\ToolRefusal(404, 'not_found', "There is no order $number in this account.");
}

function total_of(Order $order): string
{
    return Money::format($order->total, $order->currency);
}

$handlers = [
    'get_order_status' => static function (array $arguments, array $context): array {
        $order = order_of($context['subject'] ?? null, $arguments['order_number']);
        return array_filter([
            'order_number' => $order->number,
            'status' => $order->status,
            'placed_on' => $order->placed_on,
            'shipped_on' => $order->shipped_on,
            'expected_on' => $order->expected_on,
            'delivered_on' => $order->delivered_on,
            'carrier' => $order->carrier,
            'tracking_url' => $order->tracking_url,
            'items' => implode('; ', array_map(
                static fn(OrderLine $line): string => ($line->quantity > 1 ? "$line->quantity × " : '') . $line->name,
                $order->lines
            )),
            'total' => total_of($order),
        ], is_string(...));
    },
    'get_invoice' => static function (array $arguments, array $context): array {
        $order = order_of($context['subject'] ?? null, $arguments['order_number']);
        if ($order->invoice_number === null) {
            throw new Agent\ToolRefusal(404, 'no_invoice', "Order $order->number has no invoice yet: it is made when the order ships.");
        }
        return [
            'order_number' => $order->number,
            'invoice_number' => $order->invoice_number,
            'total' => total_of($order),
            'invoice_url' => "https://fellbrook.example/account/orders/$order->number/invoice.pdf",
        ];
    },
    'list_orders' => static function (array $arguments, array $context): array {
        $orders = (new DemoStore())->orders_of_customer(customer_of($context['subject'] ?? null));
        return ['orders' => array_map(static fn(Order $order): array => [
            'order_number' => $order->number,
            'status' => $order->status,
            'placed_on' => $order->placed_on,
            'total' => total_of($order),
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

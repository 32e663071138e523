<?php

/**
 * The demo's configuration: site, brain, tools, backend. The tools' URLs carry the backend's port.
 */

declare(strict_types=1);

require __DIR__ . '/store.php';

function demo_brain(): array
{
    $model = (string) getenv('AGENT_MODEL');
    $base = (string) getenv('AGENT_BASE_URL');
    $has_key = (string) getenv('OPENAI_API_KEY') !== '';
    if ($model === '' || ($base === '' && !$has_key)) {
        return ['protocol' => 'local'];
    }
    $brain = ['protocol' => 'openai-chat', 'base_url' => $base !== '' ? rtrim($base, '/') : 'https://api.openai.com/v1', 'model' => $model];
    if ($has_key) {
        $brain['key'] = ['env' => 'OPENAI_API_KEY'];
    }
    return $brain;
}

function demo_config(int $port): array
{
    $order_number = [
        'type' => 'string',
        'pattern' => (new Aiguy\Demo\DemoStore())->number_pattern(),
        'title' => 'order number',
        'description' => 'Three letters, a dash and five digits, as in the order confirmation.',
    ];
    $by_number = [
        'type' => 'object',
        'properties' => ['order_number' => $order_number],
        'required' => ['order_number'],
        'additionalProperties' => false,
    ];
    $tool = static fn(string $name, array $more): array => [
        'name' => $name,
        'method' => 'POST',
        'url' => "http://127.0.0.1:$port/tools/$name",
        'timeouts_ms' => 2500,
        'retries' => 1,
        'scope' => 'order:read',
        'effect' => 'read',
        'rate' => '60/m',
    ] + $more;

    return [
        'site' => 'fellbrook-demo',
        'locale' => 'en',
        'instructions' => 'You are the support assistant of Fellbrook Outfitters, a small store for outdoor equipment. Be brief and friendly.',
        'brain' => demo_brain(),
        'tools' => [
            $tool('get_order_status', [
                'description' => 'Status, dates, carrier, tracking and total of one order of the customer.',
                'input_schema' => $by_number,
                'output_schema' => [
                    'type' => 'object',
                    'properties' => [
                        'order_number' => ['type' => 'string', 'title' => 'Order'],
                        'status' => ['type' => 'string', 'title' => 'Status'],
                        'items' => ['type' => 'string', 'title' => 'Items'],
                        'total' => ['type' => 'string', 'title' => 'Total'],
                        'placed_on' => ['type' => 'string', 'format' => 'date', 'title' => 'Placed on'],
                        'shipped_on' => ['type' => 'string', 'format' => 'date', 'title' => 'Shipped on'],
                        'expected_on' => ['type' => 'string', 'format' => 'date', 'title' => 'Expected on'],
                        'delivered_on' => ['type' => 'string', 'format' => 'date', 'title' => 'Delivered on'],
                        'carrier' => ['type' => 'string', 'title' => 'Carrier'],
                        'tracking_url' => ['type' => 'string', 'format' => 'uri', 'title' => 'Tracking'],
                    ],
                    'required' => ['order_number', 'status', 'placed_on', 'items', 'total'],
                ],
                'examples' => ['Where is my order ABC-12345?', 'What is the status of order ABC-12345?', 'When will ABC-12345 arrive?', 'Track my order'],
            ]),
            $tool('get_invoice', [
                'description' => 'The invoice of one order of the customer: its number, its total and a link for the customer.',
                'input_schema' => $by_number,
                'output_schema' => [
                    'type' => 'object',
                    'properties' => [
                        'order_number' => ['type' => 'string', 'title' => 'Order'],
                        'invoice_number' => ['type' => 'string', 'title' => 'Invoice'],
                        'total' => ['type' => 'string', 'title' => 'Total'],
                        'invoice_url' => ['type' => 'string', 'format' => 'uri', 'title' => 'Download', 'deliver' => 'visitor'],
                    ],
                    'required' => ['order_number', 'invoice_number', 'total', 'invoice_url'],
                ],
                'examples' => ['Send me the invoice for order ABC-12345', 'I need the invoice of ABC-12345', 'Download my invoice'],
            ]),
            $tool('list_orders', [
                'description' => 'The latest orders of the customer, newest first.',
                'input_schema' => ['type' => 'object', 'properties' => new stdClass(), 'additionalProperties' => false],
                'output_schema' => [
                    'type' => 'object',
                    'properties' => [
                        'orders' => [
                            'type' => 'array',
                            'title' => 'Orders',
                            'items' => [
                                'type' => 'object',
                                'properties' => [
                                    'order_number' => ['type' => 'string', 'title' => 'Order'],
                                    'status' => ['type' => 'string', 'title' => 'Status'],
                                    'placed_on' => ['type' => 'string', 'format' => 'date', 'title' => 'Placed on'],
                                    'total' => ['type' => 'string', 'title' => 'Total'],
                                ],
                                'required' => ['order_number', 'status', 'placed_on', 'total'],
                            ],
                        ],
                    ],
                    'required' => ['orders'],
                ],
                'examples' => ['Which orders do I have?', 'Show me my orders', 'List my recent orders'],
            ]),
        ],
        'backend' => ['audience' => 'https://fellbrook.example/tools', 'issuer' => 'agent'],
        'contact' => ['url' => 'https://fellbrook.example/contact', 'label' => 'Contact Fellbrook Outfitters'],
        'urls' => ['https://fellbrook.example/'],
        'rate' => ['session' => '60/10m', 'address' => '600/h'],
        'retention_days' => 30,
    ];
}

<?php

/**
 * The cases of the contract benchmark as files FOLDER/NN-name.json {"schema", "valid", "invalid"}: the contracts of the plugin's tools and of the
 * command line's demonstration, taken from where they are defined, and the large ones of schemas/.
 */

declare(strict_types=1);

require __DIR__ . '/../../../deploy/demo-cli/config.php';

// The plugin's class needs nothing of WordPress to be asked for its contracts.
require DEMO_PLUGIN . '/includes/Hands/Manifest.php';

$pattern = (new Aiguy\Demo\DemoStore())->number_pattern();
$contract = static function (string $method, mixed ...$arguments): array {
    return (new ReflectionMethod(Aiguy\Hands\Manifest::class, $method))->invoke(null, ...$arguments);
};
$tools = [
    'plugin-status' => $contract('status', $pattern),
    'plugin-invoice' => $contract('invoice', $pattern),
    'plugin-docs' => $contract('docs'),
];
foreach (demo_config(8080)['tools'] as $tool) {
    $tools["cli-$tool[name]"] = $tool;
}

$by_number = [['order_number' => 'ABC-12345'], ['order_number' => 'abc']];
$status = [
    'order_number' => 'ABC-12345', 'status' => 'Shipped', 'placed_on' => '2026-03-01', 'shipped_on' => '2026-03-02', 'expected_on' => '2026-03-05',
    'carrier' => 'DHL', 'tracking_url' => 'https://track.example.com/JD0146000034', 'items' => '1 x Ridge tent, 2 x Gas 230 g', 'total' => '261.80 EUR',
];
$invoice = ['order_number' => 'ABC-12345', 'invoice_number' => 'R-2026-00017', 'total' => '261.80 EUR'];
$passage = [
    'id' => 'returns#2', 'title' => 'Returns', 'url' => 'https://fellbrook.example/returns', 'heading' => 'How long', 'language' => 'en', 'updated' => 1772000000,
    'text' => str_repeat('You may return what you bought within 30 days. ', 10),
];
$row = ['order_number' => 'ABC-12345', 'status' => 'Shipped', 'placed_on' => '2026-03-01', 'total' => '261.80 EUR'];
$values = [
    'plugin-status input' => $by_number,
    'plugin-status output' => [$status, ['placed_on' => '2026-02-30'] + $status],
    'plugin-invoice input' => $by_number,
    'plugin-invoice output' => [$invoice + ['file' => ['name' => 'R-2026-00017.pdf', 'order_number' => 'ABC-12345']], $invoice + ['file' => ['name' => 'R-2026-00017.pdf']]],
    'plugin-docs input' => [['query' => 'how long may I return a tent'], ['query' => 'a']],
    'plugin-docs output' => [['passages' => [$passage, $passage, $passage]], ['passages' => [$passage, $passage, ['updated' => 'today'] + $passage]]],
    'cli-get_order_status input' => $by_number,
    'cli-get_order_status output' => [$status, ['tracking_url' => 'no address'] + $status],
    'cli-get_invoice input' => $by_number,
    'cli-get_invoice output' => [$invoice + ['invoice_url' => 'https://fellbrook.example/i/17'], $invoice],
    'cli-list_orders input' => [new stdClass(), ['all' => true]],
    'cli-list_orders output' => [['orders' => [$row, $row, $row, $row, $row]], ['orders' => [$row, $row, $row, $row, ['total' => 12] + $row]]],
];

$number = 0;
foreach ($values as $name => [$valid, $invalid]) {
    [$tool, $side] = explode(' ', $name);
    $case = ['schema' => $tools[$tool]["{$side}_schema"], 'valid' => $valid, 'invalid' => $invalid];
    file_put_contents(sprintf('%s/%02d-%s.json', $argv[1], $number++, strtr($name, ' ', '-')), json_encode($case, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES));
}
foreach (glob(__DIR__ . '/schemas/*.json') as $file) {
    copy($file, sprintf('%s/%02d-%s', $argv[1], $number++, basename($file)));
}

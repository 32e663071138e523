<?php

/**
 * The plugin's sums of money and its demonstration store, without WordPress: amounts to the last unit, orders that add up, who sees
 * which order, what is said about a data file that is not whole. TAP. php tests/plugin/store_test.php
 */

declare(strict_types=1);

use Aiguy\Demo\Data;
use Aiguy\Demo\DemoStore;
use Aiguy\Store\Money;
use Aiguy\Store\Order;

require __DIR__ . '/tap.php';

/** The message of what it throws; '' when it throws nothing. */
function thrown(string $class, callable $do): string
{
    try {
        $do();
    } catch (Throwable $e) {
        return $e instanceof $class ? $e->getMessage() : $e::class . ': ' . $e->getMessage();
    }
    return '';
}

// Money: minor units of every kind of currency, signs, and nothing that is only nearly a number.
foreach ([
    ['176.90', 'USD', '$176.90'], ['5', 'USD', '$5.00'], ['0.5', 'USD', '$0.50'], ['0', 'USD', '$0.00'], ['-5.00', 'USD', '-$5.00'],
    ['-0.00', 'USD', '$0.00'], ['-0.05', 'USD', '-$0.05'], ['1234567.89', 'USD', '$1234567.89'], ['007.10', 'USD', '$7.10'],
    ['22.95', 'EUR', '€22.95'], ['9.99', 'GBP', '£9.99'], ['577.00', 'PLN', '577.00 PLN'], ['-577', 'PLN', '-577.00 PLN'],
    ['1200', 'JPY', '¥1200'], ['-1200', 'JPY', '-¥1200'], ['15000', 'KRW', '15000 KRW'], ['1.25', 'KWD', '1.250 KWD'], ['0.001', 'BHD', '0.001 BHD'],
    ['999999999999999.99', 'USD', '$999999999999999.99'],
] as [$decimal, $currency, $words]) {
    same("$decimal $currency is \"$words\"", $words, Money::format($decimal, $currency));
}
foreach ([
    ['', 'USD'], ['.50', 'USD'], ['5.', 'USD'], ['1,50', 'USD'], ['1e3', 'USD'], ['+5', 'USD'], [' 5', 'USD'], ["5\n", 'USD'], ['5.000', 'USD'], ['0x1A', 'USD'],
    ['1.5', 'JPY'], ['1.0', 'JPY'], ['1.2345', 'KWD'], ['-', 'USD'], ['--5', 'USD'], ['99999999999999999.99', 'USD'], ['５', 'USD'],
    ['5', 'usd'], ['5', ''], ['5', '$'], ['5', "USD\n"],
] as [$decimal, $currency]) {
    check('no amount: ' . json_encode([$decimal, $currency], JSON_UNESCAPED_UNICODE), thrown(ValueError::class, fn() => Money::format($decimal, $currency)) !== '');
}
same('0.10 three times', '0.30', Money::sum('USD', '0.10', '0.10', '0.10'));
same('a thousand cents', '10.00', Money::sum('USD', ...array_fill(0, 1000, '0.01')));
same('a sum below zero', '-1.05', Money::sum('USD', '1', '-2.05'));
same('the sum of nothing', '0.00', Money::sum('USD'));
same('the sum of nothing in yen', '0', Money::sum('JPY'));
same('3 times 0.35', '1.05', Money::times('0.35', 3, 'USD'));
same('1000 times 19.99', '19990.00', Money::times('19.99', 1000, 'USD'));
same('0 times', '0.000', Money::times('1.5', 0, 'KWD'));
same('minor units', 17690, Money::minor('176.90', 'USD'));
foreach ([1, -1, 0, 9, 10, 99, 100, -100, 123456789012345678] as $minor) {
    same("$minor there and back", $minor, Money::minor(Money::decimal($minor, 'USD'), 'USD'));
}
$most = '9999999999999999.99';
check('a sum that is too large', thrown(ValueError::class, fn() => Money::sum('USD', ...array_fill(0, 20, $most))) !== '');
check('a product that is too large', thrown(ValueError::class, fn() => Money::times($most, 1000, 'USD')) !== '');

// The data: what the file's reader cannot know.
$data = Data::of();
same('40 orders', 40, count($data->orders));
same('customers 1 to 9', range(1, 9), array_keys($data->customers));
check('the file is read once', Data::of() === $data);
$prices = $invoices = $logins = $emails = [];
foreach ($data->customers as $customer) {
    $logins[$customer['login']] = $emails[$customer['email']] = true;
}
same('each customer has a login of their own', 9, count($logins));
same('each customer has an address of their own', 9, count($emails));
$sums = $order_of_dates = $shipped = [];
foreach ($data->orders as $number => $order) {
    // Once more by another way than the reader's: whole cents out of the digits.
    $cents = static fn(string $amount): int => (int) str_replace('.', '', $amount);
    $sum = $cents($order->shipping) + $cents($order->tax);
    foreach ($order->lines as $line) {
        $sum += $line->quantity * $cents($line->unit_price);
        $prices[explode(',', $line->name)[0]][$order->currency][$line->unit_price] = true;
    }
    if ($sum !== $cents($order->total)) {
        $sums[] = $number;
    }
    $dates = array_filter([$order->placed_on, $order->shipped_on, $order->delivered_on]);
    $sorted = $dates;
    sort($sorted);
    $valid = array_filter($dates, static fn(string $date): bool => DateTimeImmutable::createFromFormat('!Y-m-d', $date)?->format('Y-m-d') === $date);
    if ($dates !== $sorted || $valid !== $dates) {
        $order_of_dates[] = $number;
    }
    $gone = in_array($order->status, ['shipped', 'delivered', 'returned'], true);
    if ($gone !== ($order->shipped_on !== null) || $gone !== ($order->tracking_url !== null)) {
        $shipped[] = $number;
    }
    if ($order->invoice_number !== null) {
        $invoices[$order->invoice_number][] = $number;
    }
}
same('every order adds up', [], $sums);
same('placed, shipped, delivered in this order', [], $order_of_dates);
same('shipped, delivered and returned orders have been shipped, no others', [], $shipped);
same('no invoice number is used twice', [], array_filter($invoices, static fn(array $orders): bool => count($orders) > 1));
same('one price per product and currency', [], array_filter($prices, static fn(array $by): bool => max(array_map(count(...), $by)) > 1));
$of = static fn(string $number): ?Order => $data->orders[$number] ?? null;
same('the total of ABC-12345', '176.90', $of('ABC-12345')->total);
same('the total of ABC-12346', '184.00', $of('ABC-12346')->total);
$guests = array_filter($data->orders, static fn(Order $order): bool => !isset($data->customer_of[$order->number]));
foreach (['Łukasz Wójcik', '李小龍', 'Ελένη Παπαδοπούλου'] as $name) {
    check("$name has an invoice as a guest", array_filter($guests, static fn(Order $order): bool => $order->billing_name === $name && $order->invoice_number !== null) !== []);
}
check('a guest waits for an unshipped order', array_filter($guests, static fn(Order $order): bool => $order->invoice_number === null) !== []);
check('no guest has the address of an account', array_filter($guests, static fn(Order $order): bool => isset($emails[$order->billing_email])) === []);
same('guests pay in', ['EUR', 'PLN', 'USD'], array_values(array_unique((static function (array $all): array {
    sort($all);
    return $all;
})(array_column($guests, 'currency')))));

// Who sees what.
$users = [11 => 'nora', 12 => 'daniel', 13 => 'Nora', 14 => 'nora ', 15 => 'admin'];
$store = new DemoStore(static fn(int $id): ?string => $users[$id] ?? null);
same('her own order', 'ABC-12345', $store->order_of_user(11, 'ABC-12345')?->number);
same('her name is the account\'s', 'Nora Quist', $store->order_of_user(11, 'ABC-12345')?->billing_name);
same('her e-mail is the account\'s', 'nora.quist@example.com', $store->order_of_user(11, 'ABC-12345')?->billing_email);
same('somebody else\'s', null, $store->order_of_user(12, 'ABC-12345'));
same('a guest\'s', null, $store->order_of_user(11, 'STW-52690'));
foreach ([13 => 'a login in other letters', 14 => 'a login with a blank', 15 => 'a login without orders', 16 => 'no such user', 0 => 'nobody', -1 => 'less than nobody'] as $user => $what) {
    same($what, null, $store->order_of_user($user, 'ABC-12345'));
}
foreach (['abc-12345', 'ABC-12345 ', "ABC-12345\n", 'ABC-1234', '', '0', 'ABC-99999'] as $number) {
    same('the number ' . json_encode($number), null, $store->order($number));
}
same('any order for a proof', 'Łukasz Wójcik', $store->order('STW-52690')?->billing_name);
same('customer 1', ['ABC-12391', 'ABC-12345', 'ABC-12346', 'DEF-20417'], array_map(static fn(Order $order): string => $order->number, $store->orders_of_customer(1)));
same('customer 0', [], $store->orders_of_customer(0));
same('all orders but the guests\'', 40 - count($guests), array_sum(array_map(static fn(int $id): int => count($store->orders_of_customer($id)), range(1, 9))));
same('invoices come from', 'Fellbrook Outfitters', $store->seller()['name']);
check('the pattern fits the numbers', array_filter(array_keys($data->orders), static fn(string $number): bool => preg_match("/{$store->number_pattern()}/D", $number) !== 1) === []);

// A file that is not whole is refused, and the message tells where.
$whole = json_decode((string) file_get_contents(Data::FILE), true);
$bad = tempnam(sys_get_temp_dir(), 'store');
$tries = 0;
$refused = static function (string $what, string $words, ?callable $change, ?string $text = null) use ($whole, $bad, &$tries): void {
    $copy = $whole;
    if ($change !== null) {
        $change($copy);
    }
    // A name of its own: the reader reads each file once.
    $file = "$bad-" . ++$tries . '.json';
    file_put_contents($file, $text ?? json_encode($copy));
    $message = thrown(RuntimeException::class, static fn() => new DemoStore(null, $file));
    unlink($file);
    check("refused: $what", str_contains($message, $words) && str_contains($message, basename($file)) && !str_contains($message, dirname($file)), $message);
};
$refused('half a file', 'no JSON object', null, '{"seller": {');
$refused('a number', 'no JSON object', null, '5');
$refused('no seller', 'seller: "name" must be a text', static function (array &$data): void { unset($data['seller']); });
$refused('no orders', '"orders" must be a list', static function (array &$data): void { $data['orders'] = []; });
$refused('a customer without e-mail', 'customers[0]: "email"', static function (array &$data): void { unset($data['customers'][0]['email']); });
$refused('two customers of one id', 'customers[1]: "id"', static function (array &$data): void { $data['customers'][1]['id'] = 1; });
$refused('a total that is wrong', 'add up to 176.90, not to 176.91', static function (array &$data): void { $data['orders'][0]['total'] = '176.91'; });
$refused('an amount as a number', '"tax" must be a text', static function (array &$data): void { $data['orders'][0]['tax'] = 1.5; });
$refused('an amount with too many decimals', 'is no amount of USD', static function (array &$data): void { $data['orders'][0]['lines'][0]['unit_price'] = '149.001'; });
$refused('no quantity', '"quantity"', static function (array &$data): void { $data['orders'][0]['lines'][0]['quantity'] = 0; });
$refused('a number used twice', 'used twice', static function (array &$data): void { $data['orders'][1]['number'] = 'ABC-12345'; });
$refused('a number that is none', 'is no order number', static function (array &$data): void { $data['orders'][0]['number'] = "ABC-12345\n"; });
$refused('nobody who pays', 'needs "customer" or "guest"', static function (array &$data): void { unset($data['orders'][0]['customer']); });
$refused('a customer who is not there', 'no such customer', static function (array &$data): void { $data['orders'][0]['customer'] = 10; });
$refused('an invoice before the parcel', 'has an invoice when', static function (array &$data): void { $data['orders'][2]['invoice_number'] = 'FB-1'; });
unlink($bad);
check('refused: no file', str_contains(thrown(RuntimeException::class, static fn() => new DemoStore(null, "$bad-none.json")), 'missing'));

finish();

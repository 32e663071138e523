<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads demo/store.json, the demonstration store's customers and orders, and refuses a file that is not whole: orders whose figures do
 * not add up, a customer that is not there, a number used twice. Who may see what lives in DemoStore.
 */

declare(strict_types=1);

namespace Aiguy\Demo;

use Aiguy\Store\Money;
use Aiguy\Store\Order;
use Aiguy\Store\OrderLine;

defined( 'ABSPATH' ) || exit;

final class Data {
	public const FILE = __DIR__ . '/../../demo/store.json';

	/** An order number, as JSON Schema (ECMA) has it; that $ means the very end there, PHP must be told. */
	public const NUMBER = '^[A-Z]{3}-[0-9]{5}$';

	/** @var array<string, self> */
	private static array $read = array();

	/** @var array{name: string, address: list<string>, email: string, tax_id: string} */
	public readonly array $seller;

	/** @var array<int, array{id: int, login: string, password: string, name: string, email: string, address: list<string>}> by id */
	public readonly array $customers;

	/** @var array<string, Order> by number */
	public readonly array $orders;

	/** @var array<string, int> the customer's id by order number; guests' orders are not in it */
	public readonly array $customer_of;

	/** The file is read once per request. */
	public static function of( string $file = self::FILE ): self {
		return self::$read[ $file ] ??= new self( $file );
	}

	/** @throws \RuntimeException with the file's name and the place in it */
	private function __construct( private readonly string $file ) {
		$text = is_file( $file ) ? file_get_contents( $file ) : false;
		if ( false === $text ) {
			$this->fail( 'the file is missing or cannot be read' );
		}
		$data = json_decode( $text, true );
		if ( ! is_array( $data ) ) {
			$this->fail( 'no JSON object: ' . json_last_error_msg() );
		}
		$this->seller = array(
			'name'    => $this->text( $data['seller'] ?? null, 'name', 'seller' ),
			'address' => $this->texts( $data['seller'] ?? null, 'address', 'seller' ),
			'email'   => $this->text( $data['seller'] ?? null, 'email', 'seller' ),
			'tax_id'  => $this->text( $data['seller'] ?? null, 'tax_id', 'seller' ),
		);
		$this->customers = $this->customers( $this->rows( $data, 'customers', 'the file' ) );
		$this->orders( $this->rows( $data, 'orders', 'the file' ) );
	}

	/** @param list<mixed> $rows */
	private function customers( array $rows ): array {
		$customers = array();
		foreach ( $rows as $index => $row ) {
			$at = "customers[$index]";
			$id = $row['id'] ?? null;
			if ( ! is_int( $id ) || isset( $customers[ $id ] ) ) {
				$this->fail( "$at: \"id\" must be a number that no other customer has" );
			}
			$customers[ $id ] = array( 'id' => $id, 'address' => $this->texts( $row, 'address', $at ) );
			foreach ( array( 'login', 'password', 'name', 'email' ) as $member ) {
				$customers[ $id ][ $member ] = $this->text( $row, $member, $at );
			}
		}
		return $customers;
	}

	/** @param list<mixed> $rows */
	private function orders( array $rows ): void {
		$orders      = array();
		$customer_of = array();
		foreach ( $rows as $index => $row ) {
			$at    = "orders[$index]";
			$order = $this->order( $row, $at );
			if ( isset( $orders[ $order->number ] ) ) {
				$this->fail( "$at: the number {$order->number} is used twice" );
			}
			$orders[ $order->number ] = $order;
			if ( isset( $row['customer'] ) ) {
				$customer_of[ $order->number ] = $row['customer'];
			}
		}
		$this->orders      = $orders;
		$this->customer_of = $customer_of;
	}

	private function order( mixed $row, string $at ): Order {
		$number = $this->text( $row, 'number', $at );
		if ( 1 !== preg_match( '/' . self::NUMBER . '/D', $number ) ) {
			$this->fail( "$at: \"$number\" is no order number" );
		}
		// Who pays is either an account or a guest, and an account's address is written only there.
		if ( isset( $row['customer'] ) === isset( $row['guest'] ) ) {
			$this->fail( "$at: needs \"customer\" or \"guest\", not both" );
		}
		$payer = $row['guest'] ?? ( is_int( $row['customer'] ) ? $this->customers[ $row['customer'] ] ?? null : null );
		if ( null === $payer ) {
			$this->fail( "$at: there is no such customer" );
		}
		$currency = $this->text( $row, 'currency', $at );
		$shipping = $this->text( $row, 'shipping', $at );
		$tax      = $this->text( $row, 'tax', $at );
		$total    = $this->text( $row, 'total', $at );
		try {
			$lines = array_map( fn( mixed $line ): OrderLine => $this->line( $line, $currency, "$at, lines" ), $this->rows( $row, 'lines', $at ) );
			$sum   = Money::sum( $currency, $shipping, $tax, ...array_column( $lines, 'total' ) );
		} catch ( \ValueError $e ) {
			$this->fail( "$at: {$e->getMessage()}" );
		}
		if ( $sum !== $total ) {
			$this->fail( "$at: the figures of $number add up to $sum, not to $total" );
		}
		$shipped_on = $this->optional( $row, 'shipped_on', $at );
		$invoice    = $this->optional( $row, 'invoice_number', $at );
		if ( ( null === $invoice ) !== ( null === $shipped_on ) ) {
			$this->fail( "$at: an order has an invoice when it has been shipped, and only then" );
		}
		return new Order(
			number: $number,
			status: $this->text( $row, 'status', $at ),
			placed_on: $this->text( $row, 'placed_on', $at ),
			shipped_on: $shipped_on,
			expected_on: $this->optional( $row, 'expected_on', $at ),
			delivered_on: $this->optional( $row, 'delivered_on', $at ),
			carrier: $this->optional( $row, 'carrier', $at ),
			tracking_url: $this->optional( $row, 'tracking_url', $at ),
			currency: $currency,
			lines: $lines,
			shipping: $shipping,
			tax: $tax,
			total: $total,
			payment: $this->text( $row, 'payment', $at ),
			invoice_number: $invoice,
			invoice_date: $shipped_on, // It is made when the order ships.
			billing_name: $this->text( $payer, 'name', $at ),
			billing_email: $this->text( $payer, 'email', $at ),
			billing_address: $this->texts( $payer, 'address', $at ),
		);
	}

	private function line( mixed $line, string $currency, string $at ): OrderLine {
		$quantity = $line['quantity'] ?? null;
		if ( ! is_int( $quantity ) || $quantity < 1 ) {
			$this->fail( "$at: \"quantity\" must be a number, 1 or more" );
		}
		$price = $this->text( $line, 'unit_price', $at );
		return new OrderLine( $this->text( $line, 'name', $at ), $quantity, $price, Money::times( $price, $quantity, $currency ) );
	}

	private function text( mixed $row, string $member, string $at ): string {
		$value = $row[ $member ] ?? null;
		return is_string( $value ) && '' !== $value ? $value : $this->fail( "$at: \"$member\" must be a text" );
	}

	private function optional( mixed $row, string $member, string $at ): ?string {
		return isset( $row[ $member ] ) ? $this->text( $row, $member, $at ) : null;
	}

	/** @return list<string> */
	private function texts( mixed $row, string $member, string $at ): array {
		$values = $this->rows( $row, $member, $at );
		return array() === array_filter( $values, static fn( mixed $value ): bool => ! is_string( $value ) )
			? $values : $this->fail( "$at: \"$member\" must be a list of texts" );
	}

	/** @return list<mixed> */
	private function rows( mixed $row, string $member, string $at ): array {
		$value = $row[ $member ] ?? null;
		return is_array( $value ) && array() !== $value && array_is_list( $value ) ? $value : $this->fail( "$at: \"$member\" must be a list" );
	}

	private function fail( string $why ): never {
		throw new \RuntimeException( 'The demonstration store cannot be read: ' . basename( $this->file ) . ": $why" );
	}
}

<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One order as a store knows it. A value: whose it is, the store decides before it hands one out.
 */

declare(strict_types=1);

namespace Aiguy\Store;

defined( 'ABSPATH' ) || exit;

final readonly class Order {
	/**
	 * Dates are Y-m-d, amounts decimal strings in the order's currency.
	 *
	 * @param list<OrderLine> $lines
	 * @param string|null     $invoice_number  null: not shipped yet, there is no invoice
	 * @param list<string>    $billing_address lines below the name
	 */
	public function __construct(
		public string $number,
		public string $status,
		public string $placed_on,
		public ?string $shipped_on,
		public ?string $expected_on,
		public ?string $delivered_on,
		public ?string $carrier,
		public ?string $tracking_url,
		public string $currency,
		public array $lines,
		public string $shipping,
		public string $tax,
		public string $total,
		public string $payment,
		public ?string $invoice_number,
		public ?string $invoice_date,
		public string $billing_name,
		public string $billing_email,
		public array $billing_address,
	) {
	}
}

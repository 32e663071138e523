<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One line of an order. Amounts are decimal strings in the order's currency.
 */

declare(strict_types=1);

namespace Aiguy\Store;

defined( 'ABSPATH' ) || exit;

final readonly class OrderLine {
	public function __construct(
		public string $name,
		public int $quantity,
		public string $unit_price,
		public string $total,
	) {
	}
}

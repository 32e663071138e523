<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where the orders come from. What the tools, the proof of a guest and the invoices need of a store, and no more.
 */

declare(strict_types=1);

namespace Aiguy\Store;

defined( 'ABSPATH' ) || exit;

interface Store {
	/** JSON Schema (ECMA) pattern of an order number, e.g. '^[A-Z]{3}-[0-9]{5}$'. */
	public function number_pattern(): string;

	/** The order of that number, whoever's it is; null: there is none. For proofs and for guests who have proven it only. */
	public function order( string $number ): ?Order;

	/** The same, only if it is this WordPress user's. */
	public function order_of_user( int $user_id, string $number ): ?Order;

	/** @return array{name: string, address: list<string>, email: string, tax_id: string} who sells, for invoices */
	public function seller(): array;
}

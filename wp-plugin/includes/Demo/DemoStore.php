<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The demonstration store: who may see which order of demo/store.json. WordPress users are its customers by their login.
 */

declare(strict_types=1);

namespace Aiguy\Demo;

use Aiguy\Store\Order;
use Aiguy\Store\Store;

defined( 'ABSPATH' ) || exit;

final class DemoStore implements Store {
	private readonly Data $data;

	/** @var \Closure(int): ?string the login of a user */
	private readonly \Closure $login_of;

	/**
	 * @param (\Closure(int): ?string)|null $login_of where there is no WordPress to ask
	 * @throws \RuntimeException the data is missing or not whole
	 */
	public function __construct( ?\Closure $login_of = null, string $file = Data::FILE ) {
		$this->data     = Data::of( $file );
		$this->login_of = $login_of ?? static fn( int $user_id ): ?string => get_userdata( $user_id )->user_login ?? null;
	}

	public function number_pattern(): string {
		return Data::NUMBER;
	}

	public function order( string $number ): ?Order {
		return $this->data->orders[ $number ] ?? null;
	}

	public function order_of_user( int $user_id, string $number ): ?Order {
		$login = $user_id > 0 ? ( $this->login_of )( $user_id ) : null;
		foreach ( $this->data->customers as $customer ) {
			if ( $customer['login'] === $login ) {
				return $this->order_of_customer( $customer['id'], $number );
			}
		}
		return null;
	}

	public function seller(): array {
		return $this->data->seller;
	}

	public function order_of_customer( int $customer, string $number ): ?Order {
		return ( $this->data->customer_of[ $number ] ?? null ) === $customer ? $this->order( $number ) : null;
	}

	/** @return list<Order> the customer's, newest first */
	public function orders_of_customer( int $customer ): array {
		$orders = array();
		foreach ( array_keys( $this->data->customer_of, $customer, true ) as $number ) {
			$orders[] = $this->data->orders[ $number ];
		}
		usort( $orders, static fn( Order $a, Order $b ): int => $b->placed_on <=> $a->placed_on );
		return $orders;
	}
}

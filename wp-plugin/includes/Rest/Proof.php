<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * POST /proof {token, order_number, email}: a guest proves an order with its number and its billing e-mail. A match opens this one order and its invoice for 15
 * minutes in this session. Every mismatch – no such order, another e-mail – gives the same answer after the same time.
 *
 * 200 {ok: bool, message} · 429 {code, message}: too many attempts
 */

declare(strict_types=1);

namespace Aiguy\Rest;

use Aiguy\Engine;
use Aiguy\Hands\Handlers;
use Aiguy\Proof\Attempts;
use Aiguy\Session as Visitor;
use Aiguy\Store\Order;
use Aiguy\Store\Stores;

defined( 'ABSPATH' ) || exit;

final class Proof {
	private const OPEN_SECONDS = 15 * MINUTE_IN_SECONDS;
	/** Longer than the look-up of a store takes: how long it took shows nothing. */
	private const ANSWER_MS = 250;

	public function answer( \WP_REST_Request $request ): \WP_REST_Response|\WP_Error {
		$began = hrtime( true );
		try {
			$session = Visitor::of( $request->get_param( 'token' ) );
			if ( null === $session ) {
				return Chat::no_session();
			}
			// Says nothing about any order, so it need not wait; and who tries too often shall not hold workers up.
			$number = self::number( $request->get_param( 'order_number' ) );
			if ( ! Attempts::count( $session->id, $number, Chat::address() ) ) {
				return new \WP_Error( 'aiguy_attempts', __( 'Too many attempts. Please try again in an hour, or contact us.', 'aiguy' ), array( 'status' => 429 ) );
			}
			$result = $this->check( $session, $number, $request->get_param( 'email' ) );
		} catch ( \Agent\SessionException ) {
			$result = Chat::no_session();
		} catch ( \Throwable $e ) {
			Engine::report( $e, 'proof' );
			$result = Guard::unavailable();
		}
		$left = self::ANSWER_MS * 1000 - intdiv( hrtime( true ) - $began, 1000 );
		if ( $left > 0 ) {
			usleep( $left );
		}
		return $result;
	}

	private function check( Visitor $session, string $number, string $email ): \WP_REST_Response {
		$order = self::order( $number );
		$same  = hash_equals( self::fold( null === $order ? '' : $order->billing_email ), self::fold( $email ) );
		if ( null === $order || ! $same ) {
			return new \WP_REST_Response(
				array(
					'ok'      => false,
					'message' => Handlers::not_found(),
				)
			);
		}
		$session->create();
		foreach ( Handlers::scopes_of( $order->number ) as $scope ) {
			agent_session_grant( $session->id, $scope, self::OPEN_SECONDS );
		}
		return new \WP_REST_Response(
			array(
				'ok'      => true,
				'message' => __( 'Thank you, that is your order.', 'aiguy' ),
			)
		);
	}

	/** As typed, or in capitals where the store's numbers are like that. */
	private static function number( string $typed ): string {
		$typed   = trim( $typed );
		$capital = strtoupper( $typed );
		return self::fits( $typed ) || ! self::fits( $capital ) ? $typed : $capital;
	}

	private static function fits( string $number ): bool {
		$store = Stores::current();
		return null !== $store && 1 === preg_match( '~' . str_replace( '~', '\~', $store->number_pattern() ) . '~Du', $number );
	}

	private static function order( string $number ): ?Order {
		return self::fits( $number ) ? Stores::current()?->order( $number ) : null;
	}

	/** Of one length whatever the address, and never equal to that of an empty one. */
	private static function fold( string $email ): string {
		$email = mb_strtolower( trim( $email ), 'UTF-8' );
		return hash( 'sha256', '' === $email ? random_bytes( 32 ) : $email );
	}
}

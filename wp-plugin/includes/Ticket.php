<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A link to the invoice of one order: good for five minutes, in the browser of this login, while this session lives.
 */

declare(strict_types=1);

namespace Aiguy;

defined( 'ABSPATH' ) || exit;

final class Ticket {
	private const AUDIENCE = 'aiguy:file';
	private const SECONDS  = 5 * MINUTE_IN_SECONDS;

	private function __construct(
		public readonly int $user,
		public readonly string $order_number
	) {}

	/** For a signed-in visitor's session only. */
	public static function url( Session $session, string $order_number, string $name ): string {
		$claims = array(
			'aud'     => self::AUDIENCE,
			'scope'   => 'invoice:' . $order_number,
			'session' => $session->id,
		);
		return add_query_arg( 'ticket', agent_token_issue( $claims + $session->owner(), self::SECONDS ), rest_url( Rest\Routes::SPACE . '/file/' . rawurlencode( $name ) ) );
	}

	/** null: forged, expired, another login's, or the session is over. */
	public static function of( string $ticket ): ?self {
		try {
			$claims = agent_token_verify( $ticket, self::AUDIENCE );
			$scope  = $claims['scope'] ?? '';
			if ( ! str_starts_with( $scope, 'invoice:' ) || ! isset( $claims['sub'], $claims['session'], $claims['dig'] ) ) {
				return null;
			}
			$user  = (int) substr( $claims['sub'], 3 );
			$login = Session::login_of( $user );
			if ( '' === $login || ! hash_equals( $claims['dig'], $login ) ) {
				return null;
			}
			$session = agent_session_get(
				$claims['session'],
				array(
					'subject' => $claims['sub'],
					'limit'   => 1,
				)
			);
			return $session['ended'] ? null : new self( $user, substr( $scope, 8 ) );
		} catch ( \Agent\TokenException | \Agent\SessionException ) {
			return null;
		}
	}
}

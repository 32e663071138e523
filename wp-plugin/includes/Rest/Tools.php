<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * POST /tools/{name}: the tools over HTTP, for the agent alone. The extension checks the signed token, the digest of the request, scope, arguments, rate and
 * repetition, and the answer; the session of a browser counts for nothing here.
 */

declare(strict_types=1);

namespace Aiguy\Rest;

use Aiguy\Engine;
use Aiguy\Hands\Handlers;
use Aiguy\Store\Stores;

defined( 'ABSPATH' ) || exit;

final class Tools {
	/**
	 * Whoever brings no token is not looked at; the token itself is judged once, where the call is served.
	 *
	 * @return true|\WP_Error
	 */
	public function allowed( \WP_REST_Request $request ): bool|\WP_Error {
		if ( 1 !== preg_match( '/^Bearer ./i', self::token( $request ) ) ) {
			return new \WP_Error( 'aiguy_token', __( 'A tool needs the agent\'s token.', 'aiguy' ), array( 'status' => 401 ) );
		}
		return Guard::engine();
	}

	public function answer( \WP_REST_Request $request ): \WP_REST_Response|\WP_Error {
		$name     = (string) $request->get_url_params()['tool'];
		$handlers = ( new Handlers( Stores::current() ) )->all();
		if ( ! isset( $handlers[ $name ] ) ) {
			return self::unknown();
		}
		try {
			$answer = agent_tool_serve(
				$name,
				$request->get_method(),
				// Exactly what the caller signed.
				wp_unslash( (string) ( $_SERVER['REQUEST_URI'] ?? '' ) ), // phpcs:ignore WordPress.Security.ValidatedSanitizedInput
				$request->get_body(),
				array(
					'Idempotency-Key' => (string) $request->get_header( 'idempotency_key' ),
					'Authorization'   => self::token( $request ),
				),
				$handlers[ $name ]
			);
			return Served::by( $request, static fn() => $answer->send(), $answer->status );
		} catch ( \Agent\ToolException ) {
			return self::unknown();
		} catch ( \Throwable $e ) {
			Engine::report( $e, 'tool ' . $name );
			return Guard::unavailable();
		}
	}

	/** The agent sends it twice, for there are web servers that keep Authorization to themselves. */
	private static function token( \WP_REST_Request $request ): string {
		$token = (string) $request->get_header( 'authorization' );
		return '' === $token ? (string) $request->get_header( 'x_agent_authorization' ) : $token;
	}

	private static function unknown(): \WP_Error {
		return new \WP_Error( 'aiguy_tool', __( 'There is no such tool.', 'aiguy' ), array( 'status' => 404 ) );
	}
}

<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a browser's request must be before any route looks at it: from a page of this site, JSON, with no member too many, and the extension there.
 */

declare(strict_types=1);

namespace Aiguy\Rest;

use Aiguy\Engine;

defined( 'ABSPATH' ) || exit;

final class Guard {
	/**
	 * @param list<string> $members names that the body may have
	 * @return true|\WP_Error
	 */
	public static function browser( \WP_REST_Request $request, array $members ): bool|\WP_Error {
		if ( ! self::from_this_site( $request ) ) {
			return new \WP_Error( 'aiguy_origin', __( 'This request comes from another site.', 'aiguy' ), array( 'status' => 403 ) );
		}
		$type = $request->get_content_type();
		$body = $request->get_json_params();
		if ( 'application/json' !== ( $type['value'] ?? '' ) || ! is_array( $body ) ) {
			return new \WP_Error( 'aiguy_json', __( 'The request must be a JSON object.', 'aiguy' ), array( 'status' => 415 ) );
		}
		// What stands in the address stands in logs: members are taken from the body only.
		$unknown = array_diff( array_map( strval( ... ), array_keys( $body ) ), $members );
		if ( array() !== $unknown || array() !== array_intersect( array_keys( $request->get_query_params() ), $members ) ) {
			return new \WP_Error(
				'aiguy_member',
				/* translators: %s: list of names */
				sprintf( __( 'The request may have these members only, in its body: %s.', 'aiguy' ), implode( ', ', $members ) ),
				array( 'status' => 400 )
			);
		}
		return self::engine();
	}

	/** @return true|\WP_Error */
	public static function engine(): bool|\WP_Error {
		$missing = Engine::missing();
		if ( '' === $missing ) {
			try {
				Engine::select();
				return true;
			} catch ( \Throwable $e ) {
				Engine::report( $e, 'configuration' );
			}
		}
		return self::unavailable();
	}

	public static function unavailable(): \WP_Error {
		return new \WP_Error( 'aiguy_unavailable', __( 'The assistant is not available at the moment.', 'aiguy' ), array( 'status' => 503 ) );
	}

	/** Browsers send Origin with every POST, and Sec-Fetch-Site where they know it; what sends neither is no browser and has no cookies of a visitor. */
	public static function from_this_site( \WP_REST_Request $request ): bool {
		if ( 'cross-site' === strtolower( (string) $request->get_header( 'sec_fetch_site' ) ) ) {
			return false;
		}
		$origin = $request->get_header( 'origin' );
		if ( null === $origin ) {
			return true;
		}
		return in_array( strtolower( $origin ), array( self::origin( home_url() ), self::origin( site_url() ) ), true );
	}

	/** scheme://host[:port], without the scheme's own port (RFC 6454 section 6.1) */
	private static function origin( string $url ): string {
		$parts  = (array) wp_parse_url( strtolower( $url ) );
		$scheme = $parts['scheme'] ?? 'http';
		$port   = $parts['port'] ?? null;
		return $scheme . '://' . ( $parts['host'] ?? '' ) . ( null === $port || ( 'https' === $scheme ? 443 : 80 ) === $port ? '' : ':' . $port );
	}
}

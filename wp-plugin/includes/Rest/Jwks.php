<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * GET /jwks: the public keys of the agent's tokens (RFC 7517), for tools that another party answers. Anybody may read them. Where agent and tools are one
 * installation (HS256) there is no public key, and the list is empty.
 */

declare(strict_types=1);

namespace Aiguy\Rest;

use Aiguy\Engine;

defined( 'ABSPATH' ) || exit;

final class Jwks {
	/** Short: after a rotation the new key signs at once, and no copy on the way may be older than whoever asks for it. */
	private const SECONDS = 60;

	/** @return true|\WP_Error */
	public function allowed(): bool|\WP_Error {
		return Guard::engine();
	}

	public function answer( \WP_REST_Request $request ): \WP_REST_Response|\WP_Error {
		try {
			$text = (string) wp_json_encode( agent_token_key_set(), JSON_UNESCAPED_SLASHES );
		} catch ( \Throwable $e ) {
			Engine::report( $e, 'jwks' );
			return Guard::unavailable();
		}
		$tag  = '"' . substr( hash( 'sha256', $text ), 0, 32 ) . '"';
		$same = in_array( $tag, array_map( static fn( string $one ): string => preg_replace( '~^\s*W/|\s+~', '', $one ), explode( ',', (string) $request->get_header( 'if_none_match' ) ) ), true );
		return Served::by( $request, static fn() => self::write( $same ? '' : $text, $tag ), $same ? 304 : 200 );
	}

	private static function write( string $text, string $tag ): void {
		header( 'Cache-Control: public, max-age=' . self::SECONDS );
		header( 'ETag: ' . $tag );
		header( 'Content-Type: application/jwk-set+json' );
		header_remove( 'Expires' );
		echo $text; // phpcs:ignore WordPress.Security.EscapeOutput -- JSON of the extension's
	}
}

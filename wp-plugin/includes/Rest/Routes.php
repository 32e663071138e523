<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The routes below /wp-json/aiguy/v1/, and what holds for all of them: no CORS headers, no caching, no indexing.
 */

declare(strict_types=1);

namespace Aiguy\Rest;

defined( 'ABSPATH' ) || exit;

final class Routes {
	public const SPACE = 'aiguy/v1';

	public static function register(): void {
		$token = array(
			'type'      => 'string',
			'minLength' => 1,
			'maxLength' => 2048,
			'required'  => true,
		);
		self::post( '/session', new Session(), array( 'token' => array( 'required' => false ) + $token ) );
		self::post(
			'/chat',
			new Chat(),
			array(
				'token'      => $token,
				'message'    => array(
					'type'      => 'string',
					'minLength' => 1,
					// 8000 bytes, whatever the script: what the extension takes.
					'maxLength' => 2000,
					'required'  => true,
				),
				'message_id' => array(
					'type'     => 'string',
					'pattern'  => '^[A-Za-z0-9_-]{1,64}$',
					'required' => true,
				),
			)
		);
		self::post(
			'/proof',
			new Proof(),
			array(
				'token'        => $token,
				'order_number' => array(
					'type'      => 'string',
					'minLength' => 1,
					'maxLength' => 64,
					'required'  => true,
				),
				'email'        => array(
					'type'      => 'string',
					'minLength' => 1,
					'maxLength' => 254,
					'required'  => true,
				),
			)
		);
		$tools = new Tools();
		register_rest_route(
			self::SPACE,
			'/tools/(?P<tool>[a-z_]{1,64})',
			array(
				'methods'             => 'POST',
				'callback'            => array( $tools, 'answer' ),
				'permission_callback' => array( $tools, 'allowed' ),
				'args'                => array( 'tool' => array( 'type' => 'string' ) ),
				'show_in_index'       => false,
			)
		);
		$file = new File();
		register_rest_route(
			self::SPACE,
			'/file/(?P<name>[A-Za-z0-9._-]{1,100})',
			array(
				'methods'             => 'GET',
				'callback'            => array( $file, 'answer' ),
				'permission_callback' => array( $file, 'allowed' ),
				'args'                => array(
					'name'   => array( 'type' => 'string' ),
					'ticket' => $token,
				),
				'show_in_index'       => false,
			)
		);
	}

	/** @param array<string, array> $args all members that the body may have */
	private static function post( string $path, Session|Chat|Proof $route, array $args ): void {
		register_rest_route(
			self::SPACE,
			$path,
			array(
				'methods'             => 'POST',
				'callback'            => array( $route, 'answer' ),
				'permission_callback' => static fn( \WP_REST_Request $request ) => Guard::browser( $request, array_keys( $args ) ),
				'args'                => array_map( static fn( array $arg ): array => $arg + array( 'validate_callback' => 'rest_validate_request_arg' ), $args ),
				'show_in_index'       => false,
			)
		);
	}

	public static function guard(): void {
		add_filter( 'rest_post_dispatch', array( self::class, 'headers' ), 10, 3 );
		add_filter( 'rest_pre_serve_request', array( self::class, 'same_origin' ), 5, 3 );
	}

	/** Routes match without regard to case, so does this. */
	private static function ours( \WP_REST_Request $request ): bool {
		return 0 === stripos( ltrim( $request->get_route(), '/' ), self::SPACE . '/' );
	}

	/** WordPress leaves caching open to guests' answers; ours hold what one visitor asked. */
	public static function headers( \WP_HTTP_Response $response, \WP_REST_Server $server, \WP_REST_Request $request ): \WP_HTTP_Response {
		if ( self::ours( $request ) ) {
			$response->header( 'Cache-Control', 'no-store, private' );
			$response->header( 'X-Robots-Tag', 'noindex, nofollow' );
			$response->header( 'X-Content-Type-Options', 'nosniff' );
		}
		return $response;
	}

	/** WordPress lets every origin read its REST answers with cookies; ours are for pages of this site. */
	public static function same_origin( bool $served, \WP_HTTP_Response $response, \WP_REST_Request $request ): bool {
		if ( self::ours( $request ) ) {
			remove_filter( 'rest_pre_serve_request', 'rest_send_cors_headers' );
			foreach ( array( 'Origin', 'Methods', 'Headers', 'Credentials' ) as $name ) {
				header_remove( 'Access-Control-Allow-' . $name );
			}
			header_remove( 'Access-Control-Expose-Headers' );
		}
		return $served;
	}
}

<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The routes below /wp-json/aiguy/v1/, and what holds for all of them: no CORS headers, no caching (but of the public keys), no indexing.
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
					// Not $, which lets a line end pass.
					'pattern'  => '^[A-Za-z0-9_-]{1,64}\z',
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
		$jwks = new Jwks();
		register_rest_route(
			self::SPACE,
			'/jwks',
			array(
				'methods'             => 'GET',
				'callback'            => array( $jwks, 'answer' ),
				'permission_callback' => array( $jwks, 'allowed' ),
				'args'                => array(),
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
				'args'                => $args,
				'show_in_index'       => false,
			)
		);
	}

	public static function guard(): void {
		add_filter( 'rest_pre_serve_request', array( self::class, 'headers' ), 5, 3 );
		add_filter( 'rest_pre_serve_request', array( Served::class, 'serve' ), 20, 3 );
	}

	/**
	 * WordPress lets every origin read its REST answers with cookies, and leaves caching open to guests' answers. Ours are for pages of this site, and hold what
	 * one visitor asked. Sent here and not with the response: `_envelope` would move them into the body.
	 */
	public static function headers( mixed $served, mixed $response, mixed $request ): mixed {
		// Routes match without regard to case, so does this.
		if ( $request instanceof \WP_REST_Request && 0 === stripos( ltrim( $request->get_route(), '/' ), self::SPACE . '/' ) ) {
			remove_filter( 'rest_pre_serve_request', 'rest_send_cors_headers' );
			foreach ( array( 'Origin', 'Methods', 'Headers', 'Credentials' ) as $name ) {
				header_remove( 'Access-Control-Allow-' . $name );
			}
			header_remove( 'Access-Control-Expose-Headers' );
			header( 'Cache-Control: no-store, private' );
			header( 'X-Robots-Tag: noindex, nofollow' );
			header( 'X-Content-Type-Options: nosniff' );
		}
		return $served;
	}
}

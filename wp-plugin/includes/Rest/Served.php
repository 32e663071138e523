<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Answers that WordPress does not write itself – a stream, a PDF, a tool's own bytes. A route's callback hands one in; it is written when WordPress has made
 * all its checks and would send JSON.
 */

declare(strict_types=1);

namespace Aiguy\Rest;

defined( 'ABSPATH' ) || exit;

final class Served {
	private static ?\WP_REST_Request $request = null;
	private static ?\Closure $write           = null;

	/** @param \Closure(): void $write sends headers and body */
	public static function by( \WP_REST_Request $request, \Closure $write, int $status = 200 ): \WP_REST_Response {
		self::$request = $request;
		self::$write   = $write;
		// Not null, which `_fields` cannot take.
		return new \WP_REST_Response( array(), $status );
	}

	/** Filter rest_pre_serve_request. Other plugins' filters may have returned anything. */
	public static function serve( mixed $served, mixed $response, mixed $request ): mixed {
		if ( $served || null === self::$write || $request !== self::$request ) {
			return $served;
		}
		$write       = self::$write;
		self::$write = null;
		$write();
		return true;
	}
}

<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * POST /session {token?}: a signed session token, and what was said in that session so far. Writes no row.
 *
 * 200 {token, expires (Unix time), subject: "customer"|"guest", messages: UIMessage[]}
 */

declare(strict_types=1);

namespace Aiguy\Rest;

use Aiguy\Engine;
use Aiguy\Knowledge\Indexer;
use Aiguy\Session as Visitor;
use Aiguy\Stream\History;

defined( 'ABSPATH' ) || exit;

final class Session {
	public function answer( \WP_REST_Request $request ): \WP_REST_Response|\WP_Error {
		try {
			Indexer::check_loss();
			$now     = Visitor::start();
			$known   = Visitor::of( (string) $request->get_param( 'token' ) );
			$history = null;
			// A conversation goes on only for whom it belongs to: not a guest's for the customer who signed in since, nor the other way round.
			if ( null !== $known && $known->subject === $now->subject ) {
				$history = History::of( $known );
			}
			$session             = null === $history ? $now : $known;
			[ $token, $expires ] = $session->token();
			return new \WP_REST_Response(
				array(
					'token'    => $token,
					'expires'  => $expires,
					'subject'  => null === $session->subject ? 'guest' : 'customer',
					'messages' => $history ?? array(),
				)
			);
		} catch ( \Throwable $e ) {
			Engine::report( $e, 'session' );
			return Guard::unavailable();
		}
	}
}

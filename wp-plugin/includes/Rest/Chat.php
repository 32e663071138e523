<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * POST /chat {token, message, message_id}: one turn. Server-sent events for a client that accepts them, else the finished message as JSON.
 * The stream begins after WordPress' own checks, so that what is refused stays an ordinary JSON error.
 */

declare(strict_types=1);

namespace Aiguy\Rest;

use Aiguy\Engine;
use Aiguy\Hands\Handlers;
use Aiguy\Session as Visitor;
use Aiguy\Settings;
use Aiguy\Store\Stores;
use Aiguy\Stream\ClientGone;
use Aiguy\Stream\History;
use Aiguy\Stream\Output;
use Aiguy\Stream\UiMessageStream;

defined( 'ABSPATH' ) || exit;

final class Chat {
	public function answer( \WP_REST_Request $request ): \WP_REST_Response|\WP_Error {
		try {
			$session = Visitor::of( $request->get_param( 'token' ) );
			if ( null === $session ) {
				return self::no_session();
			}
			if ( str_contains( strtolower( (string) $request->get_header( 'accept' ) ), 'text/event-stream' ) ) {
				return Served::by( $request, fn() => $this->stream( $session, $request ) );
			}
			$turn = $this->turn( $session, $request, null );
			return new \WP_REST_Response( History::message( History::of_turn( $turn ), $request->get_param( 'message_id' ), $session ) );
		} catch ( \Throwable $e ) {
			return self::refused( $e );
		}
	}

	private function stream( Visitor $session, \WP_REST_Request $request ): void {
		$output = new Output();
		$stream = new UiMessageStream( $output, $session );
		$output->open();
		try {
			$stream->start( $request->get_param( 'message_id' ) );
			$stream->finish( $this->turn( $session, $request, $stream->event( ... ) ) );
		} catch ( ClientGone ) {
			// The turn is closed as interrupted and saved; nobody is there to be told.
			return;
		} catch ( \Throwable $e ) {
			$stream->error( self::refused( $e )->get_error_message() );
		}
	}

	/**
	 * @throws \Agent\Exception
	 * @throws ClientGone
	 */
	private function turn( Visitor $session, \WP_REST_Request $request, ?callable $on_event ): \Agent\Turn {
		// What a plugin may have opened holds up this visitor's other requests for as long as the answer takes.
		if ( PHP_SESSION_ACTIVE === session_status() ) {
			session_write_close();
		}
		if ( '' === Settings::get()['tools_url'] ) {
			foreach ( ( new Handlers( Stores::current() ) )->all() as $name => $handler ) {
				agent_tool_register( $name, $handler );
			}
		}
		$options = $session->options() + array(
			'message_id' => $request->get_param( 'message_id' ),
			'address'    => self::address(),
			'utc_offset' => intdiv( wp_timezone()->getOffset( new \DateTimeImmutable() ), 60 ),
		);
		$message = $request->get_param( 'message' );
		try {
			return agent_chat( $session->id, $message, $on_event, $options );
		} catch ( \Agent\SessionException $e ) {
			if ( 'unknown' !== $e->reason ) {
				throw $e;
			}
		}
		// The first message: only now the session gets its row.
		$session->create();
		return agent_chat( $session->id, $message, $on_event, $options );
	}

	/** The visitor's address, for the rate limit. Behind a proxy of one's own the filter gives the true one; a header that anybody can send is not believed. */
	public static function address(): string {
		$address = isset( $_SERVER['REMOTE_ADDR'] ) ? sanitize_text_field( wp_unslash( $_SERVER['REMOTE_ADDR'] ) ) : '';
		/**
		 * The visitor's address.
		 *
		 * @param string $address
		 */
		return (string) apply_filters( 'aiguy_client_address', $address );
	}

	/** The widget fetches a new token and sends the message once more. */
	public static function no_session(): \WP_Error {
		return new \WP_Error( 'aiguy_token', __( 'This conversation is not open any more.', 'aiguy' ), array( 'status' => 401 ) );
	}

	private static function refused( \Throwable $e ): \WP_Error {
		if ( $e instanceof \Agent\SessionException ) {
			return self::no_session();
		}
		if ( $e instanceof \ValueError ) {
			return new \WP_Error( 'aiguy_message', __( 'This message cannot be read.', 'aiguy' ), array( 'status' => 400 ) );
		}
		Engine::report( $e, 'chat' );
		return Guard::unavailable();
	}
}

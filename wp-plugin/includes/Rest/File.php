<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * GET /file/{name}?ticket=…: the invoice that a ticket opens, as a download. Whose order it is, is looked up again.
 */

declare(strict_types=1);

namespace Aiguy\Rest;

use Aiguy\Engine;
use Aiguy\Invoice\Pdf;
use Aiguy\Store\Stores;
use Aiguy\Stream\Output;
use Aiguy\Ticket;

defined( 'ABSPATH' ) || exit;

final class File {
	/** @return true|\WP_Error */
	public function allowed( \WP_REST_Request $request ): bool|\WP_Error {
		return Guard::from_this_site( $request ) ? Guard::engine() : self::gone();
	}

	public function answer( \WP_REST_Request $request ): \WP_REST_Response|\WP_Error {
		try {
			$ticket = Ticket::of( $request->get_param( 'ticket' ) );
			$store  = Stores::current();
			$order  = null === $ticket ? null : $store?->order_of_user( $ticket->user, $ticket->order_number );
			if ( null === $order || null === $order->invoice_number || ! Pdf::available() ) {
				return self::gone();
			}
			$pdf  = Pdf::render( $order, $store->seller() );
			$name = Pdf::file_name( $order );
			return Served::by( $request, static fn() => self::send( $pdf, $name ) );
		} catch ( \Throwable $e ) {
			Engine::report( $e, 'invoice' );
			return Guard::unavailable();
		}
	}

	private static function send( string $pdf, string $name ): void {
		Output::bare();
		header( 'Content-Type: application/pdf' );
		header( 'Content-Length: ' . strlen( $pdf ) );
		header( 'Content-Disposition: attachment; filename="' . $name . '"' );
		header( 'Content-Security-Policy: sandbox' );
		echo $pdf; // phpcs:ignore WordPress.Security.EscapeOutput -- a PDF
	}

	private static function gone(): \WP_Error {
		return new \WP_Error( 'aiguy_ticket', __( 'This link has expired. Ask the assistant for the invoice again.', 'aiguy' ), array( 'status' => 403 ) );
	}
}

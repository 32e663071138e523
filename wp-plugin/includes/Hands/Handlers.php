<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the tools do. The same functions answer over HTTP (Rest\Tools) and in the process of the chat; token, scope, arguments, rate and repetition have been
 * checked by the extension before, and it checks the answer after.
 *
 * Context of a handler: subject ("wp:42"; a guest has none), session, turn, call, scope (all that the call may do, one blank apart).
 */

declare(strict_types=1);

namespace Aiguy\Hands;

use Agent\ToolRefusal;
use Aiguy\Invoice\Mailer;
use Aiguy\Invoice\Pdf;
use Aiguy\Store\Money;
use Aiguy\Store\Order;
use Aiguy\Store\Store;

defined( 'ABSPATH' ) || exit;

final class Handlers {
	public function __construct( private ?Store $store ) {}

	/** @return array<string, callable(array, array): array> those that Manifest offers */
	public function all(): array {
		$all = array( 'retrieve_docs' => $this->retrieve_docs( ... ) );
		if ( null !== $this->store ) {
			$all['get_order_status'] = $this->get_order_status( ... );
			if ( Pdf::available() ) {
				$all['get_invoice_pdf'] = $this->get_invoice_pdf( ... );
			}
		}
		return $all;
	}

	/**
	 * What a proof of one order opens: the order itself and its invoice, each by the form that its tool's scope has for one resource.
	 *
	 * @param string $number as in the store
	 * @return list<string>
	 */
	public static function scopes_of( string $number ): array {
		return array( 'order:' . $number . ':read', 'invoice:' . $number . ':read' );
	}

	/** What everybody hears who asks for an order that is not theirs or does not exist, in the chat and in the form. */
	public static function not_found(): string {
		return __( 'We found no order with these details.', 'aiguy' );
	}

	private function get_order_status( array $arguments, array $context ): array {
		$order  = $this->order( 'order', $arguments['order_number'], $context );
		$answer = array(
			'order_number' => $order->number,
			'status'       => $order->status,
			'placed_on'    => $order->placed_on,
			'shipped_on'   => $order->shipped_on,
			'expected_on'  => $order->expected_on,
			'delivered_on' => $order->delivered_on,
			'carrier'      => $order->carrier,
			'tracking_url' => $order->tracking_url,
			'items'        => implode( '; ', array_map( static fn( $line ): string => 1 === $line->quantity ? $line->name : $line->quantity . ' × ' . $line->name, $order->lines ) ),
			'total'        => Money::format( $order->total, $order->currency ),
		);
		return array_filter( $answer, static fn( ?string $value ): bool => null !== $value && '' !== $value );
	}

	private function get_invoice_pdf( array $arguments, array $context ): array {
		$order = $this->order( 'invoice', $arguments['order_number'], $context );
		if ( null === $order->invoice_number ) {
			// An answer, not a refusal: nothing is wrong with the question.
			return array(
				'order_number' => $order->number,
				'note'         => __( 'There is no invoice of this order yet. It is made when the order ships.', 'aiguy' ),
			);
		}
		$answer = array(
			'order_number'   => $order->number,
			'invoice_number' => $order->invoice_number,
			'total'          => Money::format( $order->total, $order->currency ),
		);
		$user = self::user( $context );
		// A signed-in customer may have proven an order that was placed as a guest.
		if ( null === $user || null === $this->store->order_of_user( $user, $order->number ) ) {
			Mailer::send( $order, $this->store->seller() );
			/* translators: follows "sent to" */
			return $answer + array( 'sent_to' => __( 'the e-mail address of the order', 'aiguy' ) );
		}
		// The chat's route makes this a link that opens in this visitor's browser only.
		return $answer + array(
			'file' => array(
				'name'         => Pdf::file_name( $order ),
				'order_number' => $order->number,
			),
		);
	}

	private function retrieve_docs( array $arguments, array $context ): array {
		$passages = array();
		foreach ( agent_knowledge_search( $arguments['query'], array( 'limit' => 5 ) ) as $found ) {
			unset( $found['score'] );
			// What has no address of its own cannot be cited.
			if ( '' !== $found['title'] && '' !== $found['url'] ) {
				$passages[] = array_filter( $found, static fn( $value ): bool => '' !== $value );
			}
		}
		return array( 'passages' => $passages );
	}

	/**
	 * The order, if this visitor may see it. A guest must have proven it, which the extension has checked before; here it matters for customers who
	 * have proven an order that is not in their account. Nobody learns whether somebody else's order exists.
	 *
	 * @param string $what 'order' or 'invoice': of which the proof must be
	 */
	private function order( string $what, string $number, array $context ): Order {
		$user    = self::user( $context );
		$granted = in_array( $what . ':' . $number . ':read', explode( ' ', (string) ( $context['scope'] ?? '' ) ), true );
		$order   = match ( true ) {
			$granted       => $this->store->order( $number ),
			null !== $user => $this->store->order_of_user( $user, $number ),
			default        => throw new ToolRefusal( 403, 'proof_required', 'A guest proves first that the order is theirs.' ),
		};
		return $order ?? throw new ToolRefusal( 404, 'not_found', self::not_found() );
	}

	private static function user( array $context ): ?int {
		return 1 === preg_match( '/^wp:([1-9][0-9]{0,18})$/D', (string) ( $context['subject'] ?? '' ), $m ) ? (int) $m[1] : null;
	}
}

<?php
/**
 * Sends an invoice to the e-mail address that the order itself names, and to no other. The PDF is attached from memory: no copy of it lies on a disk.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

declare(strict_types=1);

namespace Aiguy\Invoice;

use Aiguy\Store\Order;

defined( 'ABSPATH' ) || exit;

final class Mailer {
	/** Marks the mail as ours for the hook that attaches; another plugin may send a mail of its own in between. */
	private const HEADER = 'X-Aiguy-Invoice';

	private const AGAIN_AFTER = 600;

	/** A process that dies while it sends must not block the next one for as long. */
	private const SENDING = 60;

	/**
	 * Once for an order in ten minutes; asked again before, it returns: the mail is under way already.
	 *
	 * @param array{name: string, address: list<string>, email: string, tax_id: string} $seller
	 * @throws \InvalidArgumentException the order has no invoice yet
	 * @throws \RuntimeException         it was not sent
	 */
	public static function send( Order $order, array $seller ): void {
		$to = is_email( $order->billing_email );
		if ( false === $to ) {
			throw new \RuntimeException( 'the order has no valid e-mail address' );
		}
		$mark = 'aiguy_mailed_' . substr( hash( 'sha256', $order->number . "\n" . $order->invoice_number . "\n" . strtolower( $to ) ), 0, 32 );
		if ( false !== get_transient( $mark ) ) {
			return;
		}
		set_transient( $mark, 'sending', self::SENDING );
		$sent = false;
		try {
			self::deliver( $to, $order, $seller, Pdf::render( $order, $seller ) );
			$sent = true;
		} finally {
			if ( $sent ) {
				set_transient( $mark, 'sent', self::AGAIN_AFTER );
			} else {
				delete_transient( $mark );
			}
		}
	}

	private static function deliver( string $to, Order $order, array $seller, string $pdf ): void {
		$mailer = null;
		$name   = Pdf::file_name( $order );
		$attach = static function ( $phpmailer ) use ( &$mailer, $pdf, $name ): void {
			foreach ( $phpmailer->getCustomHeaders() as $header ) {
				if ( null === $mailer && self::HEADER === $header[0] && $name === $header[1] ) {
					$phpmailer->addStringAttachment( $pdf, $name, 'base64', 'application/pdf' );
					$mailer = $phpmailer;
				}
			}
		};
		add_action( 'phpmailer_init', $attach );
		try {
			$taken = wp_mail( array( $to ), self::subject( $order, $seller ), self::body( $order, $seller ), self::headers( $name, $seller ) );
		} finally {
			remove_action( 'phpmailer_init', $attach );
			// WordPress keeps the object until its next mail.
			$mailer?->clearAttachments();
		}
		if ( ! $taken ) {
			throw new \RuntimeException( 'WordPress could not send the mail' );
		}
		if ( null === $mailer ) {
			throw new \RuntimeException( 'the mail went out without the invoice: something else than WordPress itself sends the mails of this site' );
		}
	}

	/** @return list<string> */
	private static function headers( string $name, array $seller ): array {
		$headers  = array( 'Content-Type: text/plain; charset=UTF-8', self::HEADER . ': ' . $name );
		$reply_to = is_email( (string) ( $seller['email'] ?? '' ) );
		if ( false !== $reply_to ) {
			$headers[] = 'Reply-To: <' . $reply_to . '>';
		}
		return $headers;
	}

	private static function subject( Order $order, array $seller ): string {
		/* translators: 1: invoice number, 2: name of the store */
		return Text::clean( sprintf( __( 'Your invoice %1$s from %2$s', 'aiguy' ), $order->invoice_number, $seller['name'] ?? '' ) );
	}

	/** Nothing in it is a customer's own words: whoever places an order could have them sent to any address in the store's name. */
	private static function body( Order $order, array $seller ): string {
		/* translators: 1: invoice number, 2: order number */
		$text = sprintf( __( 'Attached is the invoice %1$s for your order %2$s.', 'aiguy' ), Text::clean( (string) $order->invoice_number ), Text::clean( $order->number ) );
		$why  = __( 'It was asked for in the chat of our website, and was sent to the e-mail address of the order.', 'aiguy' );
		return __( 'Hello,', 'aiguy' ) . "\n\n" . $text . "\n" . $why . "\n\n" . Text::clean( (string) ( $seller['name'] ?? '' ) ) . "\n";
	}
}

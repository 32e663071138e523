<?php
/**
 * An order's invoice as PDF bytes, with TCPDF and its fonts, which the packaged plugin brings in vendor/. A bare copy of the sources has none: available() says so.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

declare(strict_types=1);

namespace Aiguy\Invoice;

use Aiguy\Store\Order;

defined( 'ABSPATH' ) || exit;

final class Pdf {
	/** Older ones do not run on PHP 8. */
	private const OLDEST_TCPDF = '6.4.0';

	/** Whether invoices can be made here: library, fonts and the PHP extensions that they need. Cheap; loads nothing. */
	public static function available(): bool {
		return function_exists( 'mb_ord' ) && function_exists( 'gzuncompress' ) && Fonts::present( self::vendor() . '/fonts' )
			&& ( class_exists( 'TCPDF', false ) ? self::is_usable() : is_file( self::vendor() . '/tcpdf/tcpdf.php' ) );
	}

	/**
	 * The invoice of an order that has one.
	 *
	 * @param array{name: string, address: list<string>, email: string, tax_id: string} $seller
	 * @throws \InvalidArgumentException the order has no invoice number yet
	 * @throws \RuntimeException         it could not be made
	 */
	public static function render( Order $order, array $seller ): string {
		if ( null === $order->invoice_number || '' === $order->invoice_number ) {
			throw new \InvalidArgumentException( 'an order without an invoice number has no invoice' );
		}
		if ( ! self::available() ) {
			throw new \RuntimeException( 'no PDF library: this copy of the plugin was not packaged' );
		}
		try {
			self::load();
			$document = new Document( self::vendor() . '/fonts' );
			( new Layout( $document ) )->draw( $order, $seller );
			return $document->bytes();
		} catch ( \Error $e ) {
			// An amount that is none, above all: an order's fault, not its reader's.
			throw new \RuntimeException( 'the invoice could not be made: ' . $e->getMessage(), 0, $e );
		}
	}

	/** The name of the file; safe in a header and on every disk, whatever the store numbers its invoices with. */
	public static function file_name( Order $order ): string {
		$name = trim( (string) preg_replace( '/[^A-Za-z0-9._-]+/', '-', (string) $order->invoice_number ), '.-' );
		return ( '' === $name ? 'invoice' : substr( $name, 0, 80 ) ) . '.pdf';
	}

	private static function vendor(): string {
		return dirname( __DIR__, 2 ) . '/vendor';
	}

	/** Another plugin's TCPDF, loaded before ours could be: one class of that name is all that PHP takes. */
	private static function is_usable(): bool {
		return method_exists( 'TCPDF_STATIC', 'getTCPDFVersion' ) && version_compare( \TCPDF_STATIC::getTCPDFVersion(), self::OLDEST_TCPDF, '>=' );
	}

	private static function load(): void {
		if ( class_exists( 'TCPDF', false ) ) {
			return;
		}
		// Without these two it looks for a configuration in /etc and for a logo in seven places.
		defined( 'K_TCPDF_EXTERNAL_CONFIG' ) || define( 'K_TCPDF_EXTERNAL_CONFIG', true ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals -- the library's own constant
		defined( 'K_PATH_IMAGES' ) || define( 'K_PATH_IMAGES', self::vendor() . '/tcpdf/' ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals -- the library's own constant
		// It also rewrites DOCUMENT_ROOT, which is not its own.
		$root = $_SERVER['DOCUMENT_ROOT'] ?? null;
		try {
			require_once self::vendor() . '/tcpdf/tcpdf.php';
		} finally {
			if ( null === $root ) {
				unset( $_SERVER['DOCUMENT_ROOT'] );
			} else {
				$_SERVER['DOCUMENT_ROOT'] = $root;
			}
		}
	}
}

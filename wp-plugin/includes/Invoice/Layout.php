<?php
/**
 * What stands where on an invoice: A4, millimetres, all of it text and rules. Long names wrap, many lines go over pages with the table's head on each.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

declare(strict_types=1);

namespace Aiguy\Invoice;

use Aiguy\Store\Money;
use Aiguy\Store\Order;

defined( 'ABSPATH' ) || exit;

final class Layout {
	private const LEFT   = 20.0;
	private const RIGHT  = 190.0;
	private const TOP    = 20.0;
	private const BOTTOM = 272.0;

	/** The columns of the table: left edge, width, alignment. */
	private const COLUMNS = array(
		array( 22.0, 88.0, 'L' ),
		array( 112.0, 16.0, 'R' ),
		array( 130.0, 28.0, 'R' ),
		array( 160.0, 28.0, 'R' ),
	);

	private const BODY  = 9.0;
	private const SMALL = 8.0;

	private const INK   = array( 28, 32, 38 );
	private const FAINT = array( 96, 104, 115 );
	private const RULE  = array( 205, 210, 216 );
	private const TINT  = array( 240, 242, 245 );

	/** Where the next thing begins, from the top of the page. */
	private float $y = self::TOP;

	/** Whether a new page begins with the head of the table. */
	private bool $in_table = false;

	public function __construct( private readonly Document $document ) {}

	/** @param array{name: string, address: list<string>, email: string, tax_id: string} $seller */
	public function draw( Order $order, array $seller ): void {
		$seller += array(
			'name'    => '',
			'address' => array(),
			'email'   => '',
			'tax_id'  => '',
		);
		$this->properties( $order, $seller );
		$this->page();
		$this->parties( $order, $seller );
		$this->lines( $order );
		$this->totals( $order );
		$this->closing( $order, $seller );
		$this->footers( $order, $seller );
	}

	private function properties( Order $order, array $seller ): void {
		$document = $this->document;
		/* translators: %s: invoice number */
		$document->setTitle( Text::clean( sprintf( __( 'Invoice %s', 'aiguy' ), $order->invoice_number ) ) );
		/* translators: %s: order number */
		$document->setSubject( Text::clean( sprintf( __( 'Order %s', 'aiguy' ), $order->number ) ) );
		$document->setAuthor( Text::clean( $seller['name'] ) );
		$document->setCreator( 'aiguy' );
		$document->setLanguageArray(
			array(
				'a_meta_charset'  => 'UTF-8',
				'a_meta_dir'      => 'ltr',
				'a_meta_language' => get_bloginfo( 'language' ),
				'w_page'          => '',
			)
		);
	}

	/** Seller on the left, the invoice's own numbers on the right, whom it is for below. */
	private function parties( Order $order, array $seller ): void {
		$facts = array( __( 'Invoice number', 'aiguy' ) => $order->invoice_number );
		if ( null !== $order->invoice_date && '' !== $order->invoice_date ) {
			$facts[ __( 'Invoice date', 'aiguy' ) ] = self::date( $order->invoice_date );
		}
		$facts[ __( 'Order number', 'aiguy' ) ] = $order->number;
		$facts[ __( 'Order date', 'aiguy' ) ]   = self::date( $order->placed_on );

		$this->paragraph( __( 'Invoice', 'aiguy' ), 110.0, 80.0, 22.0, true, 'R' );
		$this->y += 3.0;
		foreach ( $facts as $label => $value ) {
			$from = $this->y;
			$this->paragraph( $label, 110.0, 36.0, self::BODY, false, 'R', self::FAINT );
			[ $below, $this->y ] = array( $this->y, $from );
			$this->paragraph( $value, 148.0, 42.0, self::BODY, true, 'R' );
			$this->y = max( $below, $this->y ) + 0.6;
		}
		[ $right, $this->y ] = array( $this->y, self::TOP );

		$this->paragraph( $seller['name'], self::LEFT, 85.0, 13.0, true );
		$this->y += 1.5;
		foreach ( $seller['address'] as $line ) {
			$this->paragraph( $line, self::LEFT, 85.0, self::BODY );
		}
		$this->paragraph( $seller['email'], self::LEFT, 85.0, self::BODY );
		if ( '' !== $seller['tax_id'] ) {
			/* translators: %s: the seller's tax identifier */
			$this->paragraph( sprintf( __( 'Tax ID: %s', 'aiguy' ), $seller['tax_id'] ), self::LEFT, 85.0, self::BODY );
		}
		$this->y = ( 1 === $this->document->getPage() ? max( $right, $this->y ) : $this->y ) + 9.0;

		$this->paragraph( __( 'Bill to', 'aiguy' ), self::LEFT, 85.0, self::SMALL, true, 'L', self::FAINT );
		$this->y += 0.8;
		$this->paragraph( $order->billing_name, self::LEFT, 120.0, 10.5 );
		foreach ( $order->billing_address as $line ) {
			$this->paragraph( $line, self::LEFT, 120.0, self::BODY );
		}
		$this->y += 9.0;
	}

	private function lines( Order $order ): void {
		$this->room( 26.0 );
		$this->head();
		$this->in_table = true;
		foreach ( $order->lines as $line ) {
			$this->row(
				array(
					$line->name,
					(string) $line->quantity,
					Money::format( $line->unit_price, $order->currency ),
					Money::format( $line->total, $order->currency ),
				)
			);
		}
		$this->in_table = false;
	}

	private function head(): void {
		$titles  = array( __( 'Item', 'aiguy' ), __( 'Quantity', 'aiguy' ), __( 'Unit price', 'aiguy' ), __( 'Total', 'aiguy' ) );
		$columns = $this->columns( $titles, self::SMALL, true );
		$height  = 4.4 + max( array_map( 'count', $columns ) ) * self::leading( self::SMALL );
		$this->document->Rect( self::LEFT, $this->y, self::RIGHT - self::LEFT, $height, 'F', array(), self::TINT );
		$this->y += 2.2;
		$this->cells( $columns, self::SMALL, true );
		$this->y += 2.2;
	}

	/** @param list<string> $texts a row of the table; one that fits a page is not broken */
	private function row( array $texts ): void {
		$columns = $this->columns( $texts, self::BODY, false );
		$height  = 4.0 + max( array_map( 'count', $columns ) ) * self::leading( self::BODY );
		$this->room( $height < 230.0 ? $height : 20.0 );
		$this->y += 2.0;
		$this->cells( $columns, self::BODY, false );
		$this->y += 2.0;
		$this->rule( self::LEFT );
	}

	/** @return list<list<string>> the lines of each column */
	private function columns( array $texts, float $size, bool $bold ): array {
		$columns = array();
		foreach ( $texts as $i => $text ) {
			$columns[] = $this->wrap( $text, self::COLUMNS[ $i ][1], $size, $bold );
		}
		return $columns;
	}

	/** Column after column, as one reads a name that goes over lines; what does not fit the page continues on the next. */
	private function cells( array $columns, float $size, bool $bold ): void {
		$count = max( array_map( 'count', $columns ) );
		for ( $from = 0; $from < $count; $from += $fit ) {
			$this->room( self::leading( $size ) );
			$fit = min( $count - $from, max( 1, (int) floor( ( self::BOTTOM - $this->y ) / self::leading( $size ) ) ) );
			$top = $this->y;
			foreach ( $columns as $i => $lines ) {
				[ $x, $width, $align ] = self::COLUMNS[ $i ];
				$this->y               = $top;
				foreach ( array_slice( $lines, $from, $fit ) as $line ) {
					$this->put( $line, $x, $width, $size, $bold, $align );
					$this->y += self::leading( $size );
				}
			}
			$this->y = $top + $fit * self::leading( $size );
		}
	}

	/** Never apart from each other. */
	private function totals( Order $order ): void {
		$currency = $order->currency;
		$sum      = Money::sum( $currency, ...array_map( static fn( $line ): string => $line->total, $order->lines ) );
		$rows     = array(
			array( __( 'Subtotal', 'aiguy' ), Money::format( $sum, $currency ) ),
			array( __( 'Shipping', 'aiguy' ), Money::format( $order->shipping, $currency ) ),
			array( __( 'Tax', 'aiguy' ), Money::format( $order->tax, $currency ) ),
		);
		$this->room( 45.0 );
		$this->y += 3.0;
		foreach ( $rows as [ $label, $amount ] ) {
			$this->amount( $label, $amount, self::BODY, false );
		}
		$this->y += 1.5;
		$this->rule( 112.0, self::INK );
		$this->y += 2.0;
		$this->amount( __( 'Total', 'aiguy' ), Money::format( $order->total, $currency ), 11.5, true );
	}

	private function amount( string $label, string $amount, float $size, bool $bold ): void {
		$from = $this->y;
		$this->paragraph( $label, 112.0, 34.0, $size, $bold );
		[ $below, $this->y ] = array( $this->y, $from );
		$this->paragraph( $amount, 148.0, 40.0, $size, $bold, 'R' );
		$this->y = max( $below, $this->y ) + 1.2;
	}

	private function closing( Order $order, array $seller ): void {
		$this->room( 26.0 );
		$this->y += 8.0;
		if ( '' !== $order->payment ) {
			$this->paragraph( __( 'Payment', 'aiguy' ), self::LEFT, 85.0, self::SMALL, true, 'L', self::FAINT );
			$this->y += 0.8;
			$this->paragraph( $order->payment, self::LEFT, 170.0, self::BODY );
			$this->y += 5.0;
		}
		if ( '' !== $seller['email'] ) {
			/* translators: %s: the seller's e-mail address */
			$this->paragraph( sprintf( __( 'Questions about this invoice: %s', 'aiguy' ), $seller['email'] ), self::LEFT, 170.0, self::SMALL, false, 'L', self::FAINT );
		}
	}

	/** Last, when it is known how many pages there are. */
	private function footers( Order $order, array $seller ): void {
		$pages = $this->document->getNumPages();
		$left  = Text::clean( $seller['name'] . ' · ' . $order->invoice_number );
		for ( $page = 1; $page <= $pages; $page++ ) {
			$this->document->setPage( $page );
			$this->y = 279.0;
			$this->rule( self::LEFT );
			$this->y += 2.0;
			$lines = $this->wrap( $left, 130.0, self::SMALL, false );
			$this->put( $lines[0] . ( isset( $lines[1] ) ? '…' : '' ), self::LEFT, 130.0, self::SMALL, false, 'L', self::FAINT );
			/* translators: 1: this page, 2: how many there are */
			$this->put( sprintf( __( 'Page %1$d of %2$d', 'aiguy' ), $page, $pages ), 150.0, 40.0, self::SMALL, false, 'R', self::FAINT );
		}
	}

	/** A text in its column, over as many lines, and pages, as it needs. */
	private function paragraph( string $text, float $x, float $width, float $size, bool $bold = false, string $align = 'L', array $colour = self::INK ): void {
		$text = Text::clean( $text );
		if ( '' === $text ) {
			return;
		}
		foreach ( $this->wrap( $text, $width, $size, $bold ) as $line ) {
			$this->room( self::leading( $size ) );
			$this->put( $line, $x, $width, $size, $bold, $align, $colour );
			$this->y += self::leading( $size );
		}
	}

	private function put( string $line, float $x, float $width, float $size, bool $bold, string $align, array $colour = self::INK ): void {
		$this->document->setTextColor( ...$colour );
		$this->document->put_line( $line, $x, $this->y + self::leading( $size ) * 0.76, $size, $bold, $align, $width );
	}

	/** @return list<string> */
	private function wrap( string $text, float $width, float $size, bool $bold ): array {
		return Text::wrap( Text::clean( $text ), $width, fn( string $part ): float => $this->document->text_width( $part, $size, $bold ) );
	}

	private function rule( float $from, array $colour = self::RULE ): void {
		$this->document->Line(
			$from,
			$this->y,
			self::RIGHT,
			$this->y,
			array(
				'width' => 0.2,
				'color' => $colour,
			)
		);
	}

	/** A new page where that much does not fit. */
	private function room( float $height ): void {
		if ( $this->y + $height > self::BOTTOM ) {
			$this->page();
			if ( $this->in_table ) {
				$this->head();
			}
		}
	}

	private function page(): void {
		$this->document->AddPage();
		$this->y = self::TOP;
	}

	/** Distance of two lines; millimetres of points. */
	private static function leading( float $size ): float {
		return $size * 0.3528 * 1.32;
	}

	/** Y-m-d in the site's own way of writing dates. */
	private static function date( string $day ): string {
		$utc  = new \DateTimeZone( 'UTC' );
		$date = \DateTimeImmutable::createFromFormat( '!Y-m-d', $day, $utc );
		$text = $date ? wp_date( (string) get_option( 'date_format', 'Y-m-d' ), $date->getTimestamp(), $utc ) : false;
		return false === $text || '' === $text ? $day : $text;
	}
}

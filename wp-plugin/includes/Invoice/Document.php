<?php
/**
 * TCPDF as invoices use it: only our fonts, embedded as subsets; nothing fetched, nothing written to a disk; errors are exceptions.
 * Loaded only after TCPDF. No HTML writer, no image: text is text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

declare(strict_types=1);

namespace Aiguy\Invoice;

defined( 'ABSPATH' ) || exit;

// phpcs:disable WordPress.NamingConventions.ValidFunctionName -- names of the library
final class Document extends \TCPDF {
	private const RIGHT_TO_LEFT = '/[\x{0590}-\x{08FF}\x{FB1D}-\x{FDFF}\x{FE70}-\x{FEFC}]/u';

	private readonly Fonts $typefaces;

	/** @var array<string, array<int, int|float>> font => character => thousandths of its size */
	private array $advances = array();

	public function __construct( string $fonts ) {
		$this->typefaces = new Fonts( $fonts );
		parent::__construct( 'P', 'mm', 'A4', true, 'UTF-8' );
		// "Powered by" in an invisible script on the last page, in a font that is not embedded.
		$this->tcpdflink = false;
		$this->setPrintHeader( false );
		$this->setPrintFooter( false );
		$this->setAutoPageBreak( false );
		$this->setCellPaddings( 0, 0, 0, 0 );
		$this->setViewerPreferences( array( 'DisplayDocTitle' => 'true' ) );
	}

	/** One line at a baseline; with an alignment other than L, width is that of the column. */
	public function put_line( string $text, float $x, float $baseline, float $size, bool $bold = false, string $align = 'L', float $width = 0.0 ): void {
		$runs = $this->typefaces->runs( $text, $bold );
		// Each run is brought into reading order by the library; several runs of a line that begins right to left are so among themselves.
		if ( count( $runs ) > 1 && 1 === preg_match( self::RIGHT_TO_LEFT, (string) preg_replace( '/^\P{L}+/u', '', $text ), $found, PREG_OFFSET_CAPTURE ) && 0 === $found[0][1] ) {
			$runs = array_reverse( $runs );
		}
		if ( 'R' === $align ) {
			$x += $width - $this->text_width( $text, $size, $bold );
		}
		foreach ( $runs as $run ) {
			// The library replaces "{:ptp:}" and its like in a page by numbers: never in our text.
			foreach ( preg_split( '/(?<=\{)(?=:)/', $run['text'] ) as $part ) {
				$this->setFont( $run['font'], '', $size );
				$advance = $this->run_width( $run['font'], $part, $size );
				$this->setXY( $x, $baseline );
				$this->Cell( $advance, 0, $part, 0, 0, 'L', false, '', 0, true, 'L', 'T' );
				$x += $advance;
			}
		}
	}

	public function text_width( string $text, float $size, bool $bold = false ): float {
		$width = 0.0;
		foreach ( $this->typefaces->runs( $text, $bold ) as $run ) {
			$width += $this->run_width( $run['font'], $run['text'], $size );
		}
		return $width;
	}

	public function bytes(): string {
		return (string) $this->Output( '', 'S' );
	}

	private function run_width( string $font, string $text, float $size ): float {
		if ( 1 === preg_match( self::RIGHT_TO_LEFT, $text ) ) {
			// Letters that join are other glyphs of other widths.
			return (float) $this->GetStringWidth( $text, $font, '', $size );
		}
		if ( ! isset( $this->advances[ $font ] ) ) {
			$this->AddFont( $font );
			$data                    = $this->getFontBuffer( $font );
			$this->advances[ $font ] = $data['cw'];
		}
		$sum = 0;
		foreach ( mb_str_split( $text, 1, 'UTF-8' ) as $character ) {
			$sum += $this->advances[ $font ][ mb_ord( $character, 'UTF-8' ) ] ?? 0;
		}
		return $sum * $size / 1000 / $this->k;
	}

	/** Whatever family is asked for, the library's own defaults too: one of ours, from our folder, whatever K_PATH_FONTS says. */
	public function AddFont( $family, $style = '', $fontfile = '', $subset = 'default' ) {
		$font = $this->typefaces->known( strtolower( (string) $family ) );
		$new  = false === $this->getFontBuffer( $font );
		$data = parent::AddFont( $font, '', $this->typefaces->file( $font ), true );
		if ( $new ) {
			// All of Latin-1 is in every subset unless told otherwise.
			$this->setFontSubBuffer( $font, 'subsetchars', array() );
		}
		return $data;
	}

	/** The library would print its message and end the process where its constants say so. */
	public function Error( $msg ) {
		throw new \RuntimeException( 'TCPDF: ' . (string) $msg );
	}

	/** It looks through the whole folder of temporary files for its own, and there are none. */
	public function _destroy( $destroyall = false, $preserve_objcopy = false ) {
		parent::_destroy( false, $preserve_objcopy );
	}

	/** The fonts of another folder are none of ours. */
	protected function getFontsList() {
	}
}

<?php
/**
 * Which font shows which character. The answer comes from the fonts' own character maps, never from ranges that somebody believes them to cover.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

declare(strict_types=1);

namespace Aiguy\Invoice;

defined( 'ABSPATH' ) || exit;

final class Fonts {
	/** Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic. */
	public const REGULAR = 'dejavusans';
	public const BOLD    = 'dejavusansb';

	/** Chinese, Japanese, Korean. Its map and its data are read only when a text needs them: they are large. */
	public const EAST_ASIAN = 'droidsansfallback';

	private const ALL = array( self::REGULAR, self::BOLD, self::EAST_ASIAN );

	/** What stands for a character that no font has: a reader sees that something is missing. */
	private const MISSING = "\u{FFFD}";

	/** @var array<string, string> font => two bytes for each character of the basic plane, its glyph; 0: none */
	private array $maps = array();

	public function __construct( private readonly string $folder ) {}

	public static function present( string $folder ): bool {
		foreach ( self::ALL as $font ) {
			if ( ! is_file( "$folder/$font.php" ) || ! is_file( "$folder/$font.z" ) || ! is_file( "$folder/$font.ctg.z" ) ) {
				return false;
			}
		}
		return true;
	}

	/** TCPDF's description of a font; any other name, its own defaults too, is the regular one. */
	public function known( string $font ): string {
		return in_array( $font, self::ALL, true ) ? $font : self::REGULAR;
	}

	public function file( string $font ): string {
		return "$this->folder/$font.php";
	}

	/**
	 * A clean text cut into the pieces that one font can show each.
	 *
	 * @return list<array{font: string, text: string}>
	 */
	public function runs( string $text, bool $bold ): array {
		$runs = array();
		preg_match_all( '/\X/u', $text, $found );
		foreach ( $found[0] as $grapheme ) {
			// A letter and its marks stay together where one font has them all.
			$font  = $this->font( $grapheme, $bold, end( $runs )['font'] ?? '' );
			$parts = null === $font ? mb_str_split( $grapheme, 1, 'UTF-8' ) : array( $grapheme );
			foreach ( $parts as $part ) {
				$use = $font ?? $this->font( $part, $bold, '' );
				if ( null === $use ) {
					$use  = $bold ? self::BOLD : self::REGULAR;
					$part = self::MISSING;
				}
				$last = count( $runs ) - 1;
				if ( $last >= 0 && $runs[ $last ]['font'] === $use ) {
					$runs[ $last ]['text'] .= $part;
				} else {
					$runs[] = array(
						'font' => $use,
						'text' => $part,
					);
				}
			}
		}
		return $runs;
	}

	private function font( string $grapheme, bool $bold, string $current ): ?string {
		$order = array( $bold ? self::BOLD : self::REGULAR, self::EAST_ASIAN );
		// A blank belongs to the word before it.
		if ( ' ' === $grapheme && '' !== $current ) {
			array_unshift( $order, $current );
		}
		foreach ( $order as $font ) {
			if ( $this->covers( $font, $grapheme ) ) {
				return $font;
			}
		}
		return null;
	}

	private function covers( string $font, string $grapheme ): bool {
		$map = $this->maps[ $font ] ??= $this->map( $font );
		foreach ( mb_str_split( $grapheme, 1, 'UTF-8' ) as $character ) {
			$code = mb_ord( $character, 'UTF-8' );
			if ( false === $code || $code > 0xFFFF || "\0\0" === substr( $map, 2 * $code, 2 ) ) {
				return false;
			}
		}
		return true;
	}

	private function map( string $font ): string {
		$packed = file_get_contents( "$this->folder/$font.ctg.z" ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- a file of the plugin
		$map    = false === $packed ? false : gzuncompress( $packed, 131072 );
		if ( false === $map || 131072 !== strlen( $map ) ) {
			throw new \RuntimeException( "the character map of the font $font cannot be read" );
		}
		return $map;
	}
}

<?php
/**
 * Names and addresses as they come, made fit for a page: cleaned, and broken into lines of a width.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

declare(strict_types=1);

namespace Aiguy\Invoice;

defined( 'ABSPATH' ) || exit;

final class Text {
	/** Scripts that are written without blanks: a line may end after each of their characters. */
	private const UNSPACED = '/^[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\x{3000}-\x{303F}\x{FF00}-\x{FFEF}]/u';

	/** No line begins with these. */
	private const CLOSING = '/^[\p{Pe}\p{Pf}、。，．：；！？ー々」』）】〉》〕]/u';

	/** One line of valid UTF-8, composed, without control characters and without invisible ones that turn or hide text. */
	public static function clean( string $text ): string {
		$text = mb_scrub( $text, 'UTF-8' );
		if ( class_exists( \Normalizer::class ) ) {
			$text = \Normalizer::normalize( $text, \Normalizer::FORM_C ) ?: $text;
		}
		$text = (string) preg_replace( '/[\p{Cc}\p{Z}]+/u', ' ', $text );
		// The one that stays, U+200C, is part of how Persian is spelled.
		$text = (string) preg_replace( '/(?!\x{200C})[\p{Cf}\x{FE00}-\x{FE0F}]+/u', '', $text );
		return trim( $text );
	}

	/**
	 * A clean text in lines that are no wider than that; a word that is goes over several. At least one line.
	 *
	 * @param callable(string): float $measure width of a text
	 * @return list<string>
	 */
	public static function wrap( string $text, float $width, callable $measure ): array {
		if ( $measure( $text ) <= $width ) {
			return array( $text );
		}
		preg_match_all( '/\X/u', $text, $found );
		$lines  = array();
		$line   = '';
		$used   = 0.0;
		$break  = 0; // Up to this byte the line may end.
		$before = '';
		$known  = array();
		foreach ( $found[0] as $grapheme ) {
			$advance = $known[ $grapheme ] ??= $measure( $grapheme );
			if ( self::may_break( $before, $grapheme ) ) {
				$break = strlen( $line );
			}
			while ( '' !== $line && ' ' !== $grapheme && $used + $advance > $width ) {
				$end     = $break > 0 ? $break : strlen( $line );
				$lines[] = rtrim( substr( $line, 0, $end ), ' ' );
				$line    = substr( $line, $end );
				$used    = '' === $line ? 0.0 : $measure( $line );
				$break   = 0;
			}
			$line  .= $grapheme;
			$used  += $advance;
			$before = $grapheme;
		}
		$lines[] = rtrim( $line, ' ' );
		return $lines;
	}

	private static function may_break( string $before, string $after ): bool {
		if ( ' ' === $after || 1 === preg_match( self::CLOSING, $after ) ) {
			return false;
		}
		return in_array( $before, array( ' ', '-', '/', '–', '—' ), true ) || 1 === preg_match( self::UNSPACED, $before ) || 1 === preg_match( self::UNSPACED, $after );
	}
}

<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The words of a post: its HTML as plain text with headings and lists as Markdown has them, which is how the extension cuts passages. No markup, no scripts,
 * nothing that a visitor would not see, and nothing that other people said: quotations and reviews are not the store's word, and may say anything.
 */

declare(strict_types=1);

namespace Aiguy\Knowledge;

defined( 'ABSPATH' ) || exit;

final class Text {
	/** What begins a new line, and what it begins with; other elements begin a paragraph. */
	private const BREAKS = array(
		'H1' => "\n\n# ",
		'H2' => "\n\n## ",
		'H3' => "\n\n### ",
		'H4' => "\n\n#### ",
		'H5' => "\n\n#### ",
		'H6' => "\n\n#### ",
		'LI' => "\n- ",
		'DT' => "\n\n",
		'DD' => "\n",
		'BR' => "\n",
		'TR' => "\n",
		'TD' => ' | ',
		'TH' => ' | ',
	);

	/** Their end breaks nothing. */
	private const ENDS_QUIETLY = array( 'LI', 'TD', 'TH', 'TR', 'BR' );

	/** Running text goes on through these. */
	private const INLINE = array( 'A', 'ABBR', 'ACRONYM', 'B', 'BDI', 'BDO', 'BIG', 'CITE', 'CODE', 'DEL', 'DFN', 'EM', 'FONT', 'I', 'IMG', 'INS', 'KBD', 'LABEL', 'MARK', 'Q', 'RUBY', 'RT', 'S', 'SAMP', 'SMALL', 'SPAN', 'STRIKE', 'STRONG', 'SUB', 'SUP', 'TIME', 'TT', 'U', 'VAR', 'WBR' );

	/** What is inside is not the page's words. */
	private const SKIPPED = array( 'NAV', 'FORM', 'BUTTON', 'SVG', 'MATH', 'TEMPLATE', 'NOSCRIPT', 'SELECT', 'OBJECT', 'AUDIO', 'VIDEO', 'CANVAS', 'DIALOG', 'BLOCKQUOTE' );

	/** Class names of reviews and comments, as themes and plugins give them. */
	private const OTHERS = array( 'review', 'reviews', 'comment', 'comments', 'commentlist', 'comment-list', 'testimonial', 'testimonials', 'wp-block-quote', 'wp-block-pullquote' );

	/** Elements without an end (HTML 13.1.2). */
	private const VOID = array( 'AREA', 'BASE', 'BR', 'COL', 'EMBED', 'HR', 'IMG', 'INPUT', 'LINK', 'META', 'SOURCE', 'TRACK', 'WBR' );

	/** Elements whose end may be left out: the next one of the name ends them (HTML 13.1.2.4). */
	private const OPEN_ENDED = array( 'P', 'LI', 'DT', 'DD', 'TR', 'TD', 'TH', 'OPTION' );

	public static function of_html( string $html ): string {
		$text = '';
		// Elements that are left out, outermost first; while there is one, nothing is taken.
		$hidden = array();
		$pre    = 0;
		$tags   = new \WP_HTML_Tag_Processor( strip_shortcodes( self::shown_blocks( mb_scrub( $html, 'UTF-8' ) ) ) );
		while ( $tags->next_token() ) {
			$name = $tags->get_tag();
			if ( '#text' === $tags->get_token_type() ) {
				$words = array() === $hidden ? $tags->get_modifiable_text() : '';
				$text .= $pre > 0 ? $words : (string) preg_replace( '/[\s\x{a0}]+/u', ' ', $words );
			} elseif ( '#tag' === $tags->get_token_type() && null !== $name ) {
				$end = $tags->is_tag_closer();
				if ( ! $end && end( $hidden ) === $name && in_array( $name, self::OPEN_ENDED, true ) ) {
					array_pop( $hidden );
				}
				if ( array() !== $hidden || ( ! $end && self::is_left_out( $tags, $name ) ) ) {
					self::nest( $hidden, $name, $end, $tags->has_self_closing_flag() );
				} elseif ( ! in_array( $name, self::INLINE, true ) ) {
					$pre  += 'PRE' !== $name ? 0 : ( $end ? -min( $pre, 1 ) : 1 );
					$text .= $end ? ( in_array( $name, self::ENDS_QUIETLY, true ) ? '' : "\n\n" ) : self::BREAKS[ $name ] ?? "\n\n";
				}
			}
		}
		return trim( (string) preg_replace( array( '/ {2,}/', '/[ \t]+\n/', '/\n[ \t]+/', '/\n{3,}/', '/^\| /m' ), array( ' ', "\n", "\n", "\n\n", '' ), $text ) );
	}

	private static function is_left_out( \WP_HTML_Tag_Processor $tags, string $name ): bool {
		if ( in_array( $name, self::SKIPPED, true ) || null !== $tags->get_attribute( 'hidden' ) ) {
			return true;
		}
		$style = $tags->get_attribute( 'style' );
		if ( is_string( $style ) && 1 === preg_match( '/(^|;)\s*(display\s*:\s*none|visibility\s*:\s*hidden)/i', $style ) ) {
			return true;
		}
		$type = $tags->get_attribute( 'itemtype' );
		if ( is_string( $type ) && 1 === preg_match( '~schema\.org/(User)?(Review|Comments?)\b~i', $type ) ) {
			return true;
		}
		$class = $tags->get_attribute( 'class' );
		return is_string( $class ) && array() !== array_intersect( self::OTHERS, preg_split( '/\s+/', strtolower( $class ) ) );
	}

	/**
	 * An element that is left out begins, or something inside it begins or ends. An end tag closes what is open inside it as well, as browsers do; one without a
	 * beginning closes nothing.
	 *
	 * @param list<string> $hidden
	 */
	private static function nest( array &$hidden, string $name, bool $end, bool $self_closing ): void {
		if ( ! $end ) {
			$alone = in_array( $name, self::VOID, true ) || ( $self_closing && ( 'SVG' === $name || 'MATH' === $name || in_array( 'SVG', $hidden, true ) || in_array( 'MATH', $hidden, true ) ) );
			if ( ! $alone ) {
				$hidden[] = $name;
			}
			return;
		}
		$at = array_keys( $hidden, $name, true );
		if ( array() !== $at ) {
			array_splice( $hidden, end( $at ) );
		}
	}

	/** Without the blocks that the editor has switched off. */
	private static function shown_blocks( string $html ): string {
		if ( ! str_contains( $html, '"blockVisibility"' ) ) {
			return $html;
		}
		return serialize_blocks( self::shown( parse_blocks( $html ) ) );
	}

	/** @param list<array> $blocks */
	private static function shown( array $blocks ): array {
		$kept = array();
		foreach ( $blocks as $block ) {
			if ( false === ( $block['attrs']['metadata']['blockVisibility'] ?? true ) ) {
				continue;
			}
			// Inner blocks stand in innerContent as null, one each, in order.
			$content = array();
			$inner   = array();
			$at      = 0;
			foreach ( $block['innerContent'] as $part ) {
				if ( null !== $part ) {
					$content[] = $part;
					continue;
				}
				$one = self::shown( array( $block['innerBlocks'][ $at++ ] ) );
				if ( array() !== $one ) {
					$content[] = null;
					$inner[]   = $one[0];
				}
			}
			$kept[] = array(
				'innerContent' => $content,
				'innerBlocks'  => $inner,
			) + $block;
		}
		return $kept;
	}
}

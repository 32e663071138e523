<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The words of a post: its HTML as plain text with headings and lists as Markdown has them, which is how the extension cuts passages. No markup, no scripts,
 * no comments, nothing that other people wrote below it.
 */

declare(strict_types=1);

namespace Aiguy\Knowledge;

defined( 'ABSPATH' ) || exit;

final class Text {
	/** What begins a new line, and what it begins with. */
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

	/** Running text goes on through these. */
	private const INLINE = array( 'A', 'ABBR', 'B', 'BDI', 'BDO', 'CITE', 'CODE', 'DEL', 'DFN', 'EM', 'I', 'INS', 'KBD', 'LABEL', 'MARK', 'Q', 'S', 'SAMP', 'SMALL', 'SPAN', 'STRONG', 'SUB', 'SUP', 'TIME', 'U', 'VAR', 'WBR' );

	/** What is inside is not the page's words. */
	private const SKIPPED = array( 'NAV', 'FORM', 'BUTTON', 'SVG', 'TEMPLATE', 'NOSCRIPT' );

	public static function of_html( string $html ): string {
		$text   = '';
		$within = array();
		$tags   = new \WP_HTML_Tag_Processor( strip_shortcodes( $html ) );
		while ( $tags->next_token() ) {
			if ( '#text' === $tags->get_token_type() ) {
				$text .= array() === $within ? (string) preg_replace( '/[\s\x{a0}]+/u', ' ', $tags->get_modifiable_text() ) : '';
				continue;
			}
			$name = (string) $tags->get_tag();
			if ( '' === $name || '#tag' !== $tags->get_token_type() ) {
				continue;
			}
			$closing = $tags->is_tag_closer();
			if ( in_array( $name, self::SKIPPED, true ) ) {
				// An end tag without a beginning ends nothing.
				if ( ! $closing ) {
					$within[] = $name;
				} elseif ( end( $within ) === $name ) {
					array_pop( $within );
				}
			} elseif ( array() === $within && ! in_array( $name, self::INLINE, true ) ) {
				$text .= match ( true ) {
					$closing                      => in_array( $name, array( 'LI', 'TD', 'TH', 'TR', 'BR' ), true ) ? '' : "\n\n",
					isset( self::BREAKS[ $name ] ) => self::BREAKS[ $name ],
					default                       => "\n\n",
				};
			}
		}
		$text = (string) preg_replace( array( '/[ \t]*\n[ \t]*(?!-)/', '/\n /', '/\n{3,}/', '/^ \| /m' ), array( "\n", "\n", "\n\n", '' ), $text );
		return trim( $text );
	}
}

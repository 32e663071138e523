<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Markdown to block markup, as much of it as the demonstration's texts use: headings, paragraphs, lists, quotes, tables, links and
 * shortcodes that stand alone in a line. Everything else is text: no HTML, no shortcode inside a sentence, no address but web, mail and phone.
 */

declare(strict_types=1);

namespace Aiguy\Demo;

defined( 'ABSPATH' ) || exit;

final class Markdown {
	/** What a line is. Lines of the same kind that follow each other are one block; the first pattern that fits counts. */
	private const KINDS = array(
		'blank'     => '/^\s*$/',
		'heading'   => '/^(#{2,4})\s+(.+)$/',
		'ordered'   => '/^\d+\.\s+(.+)$/',
		'unordered' => '/^[-*]\s+(.+)$/',
		'quote'     => '/^>\s?(.*)$/',
		'table'     => '/^\|(.+)\|\s*$/',
		'shortcode' => '/^(\[[a-z_]+\])\s*$/',
		'paragraph' => '/^\s*(.*)$/',
	);

	/** @return array{string, string} the first line's heading and what is below it */
	public static function title_and_body( string $text ): array {
		if ( 1 !== preg_match( '/\A# +(\S[^\n]*)\n(.*)\z/s', str_replace( "\r\n", "\n", $text ), $part ) ) {
			throw new \ValueError( 'a text must begin with "# " and its title' );
		}
		return array( rtrim( $part[1] ), trim( $part[2] ) );
	}

	public static function blocks( string $text ): string {
		$blocks = array();
		$kind   = 'blank';
		$lines  = array();
		foreach ( explode( "\n", str_replace( "\r\n", "\n", $text ) ) as $line ) {
			list( $next, $matches ) = self::kind( $line );
			// An indented line goes on with the item above it.
			if ( 'paragraph' === $next && str_ends_with( $kind, 'ordered' ) && str_starts_with( $line, ' ' ) ) {
				$lines[ array_key_last( $lines ) ][1] .= ' ' . $matches[1];
				continue;
			}
			if ( $next !== $kind || 'heading' === $kind ) {
				$blocks[] = self::block( $kind, $lines );
				$lines    = array();
			}
			$kind    = $next;
			$lines[] = $matches;
		}
		$blocks[] = self::block( $kind, $lines );
		return implode( "\n\n", array_filter( $blocks ) );
	}

	/** Text with its links, as HTML. */
	public static function inline( string $text ): string {
		$html = '';
		$at   = 0;
		preg_match_all( '~\[([^\[\]]+)\]\(([^()\[\]\s]+)\)|https?://[^\s<>"\[\]]*[^\s<>"\[\].,;:!?\')]~', $text, $links, PREG_SET_ORDER | PREG_OFFSET_CAPTURE );
		foreach ( $links as $link ) {
			list( $whole, $offset ) = $link[0];
			$label   = $link[1][0] ?? $whole;
			$address = $link[2][0] ?? $whole;
			$html   .= self::text( substr( $text, $at, $offset - $at ) );
			$html   .= 1 === preg_match( '~^(https?://|mailto:|tel:)~', $address )
				? '<a href="' . htmlspecialchars( $address, ENT_QUOTES ) . '">' . self::text( $label ) . '</a>'
				: self::text( $whole );
			$at      = $offset + strlen( $whole );
		}
		return $html . self::text( substr( $text, $at ) );
	}

	/** @return array{string, list<string>} */
	private static function kind( string $line ): array {
		foreach ( self::KINDS as $kind => $pattern ) {
			if ( 1 === preg_match( $pattern, $line, $matches ) ) {
				break;
			}
		}
		return array( $kind, $matches );
	}

	/** @param list<list<string>> $lines what the pattern found in each */
	private static function block( string $kind, array $lines ): string {
		$texts = array_column( $lines, 1 );
		return match ( $kind ) {
			'blank'     => '',
			'heading'   => self::heading( strlen( $texts[0] ), $lines[0][2] ),
			'ordered'   => self::wrap( 'list', '{"ordered":true} ', '<ol class="wp-block-list">' . self::items( $texts ) . '</ol>' ),
			'unordered' => self::wrap( 'list', '', '<ul class="wp-block-list">' . self::items( $texts ) . '</ul>' ),
			'quote'     => self::quote( $texts ),
			'table'     => self::table( $texts ),
			'shortcode' => implode( "\n\n", array_map( static fn( string $code ): string => self::wrap( 'shortcode', '', $code ), $texts ) ),
			'paragraph' => self::paragraph( implode( ' ', $texts ) ),
		};
	}

	private static function heading( int $level, string $text ): string {
		return self::wrap( 'heading', 2 === $level ? '' : "{\"level\":$level} ", "<h$level class=\"wp-block-heading\">" . self::inline( $text ) . "</h$level>" );
	}

	private static function paragraph( string $text ): string {
		return self::wrap( 'paragraph', '', '<p>' . self::inline( $text ) . '</p>' );
	}

	/** @param list<string> $texts */
	private static function items( array $texts ): string {
		return implode( "\n\n", array_map( static fn( string $text ): string => self::wrap( 'list-item', '', '<li>' . self::inline( $text ) . '</li>' ), $texts ) );
	}

	/** @param list<string> $texts a last line "— Somebody" tells whose words they are */
	private static function quote( array $texts ): string {
		$who = str_starts_with( (string) end( $texts ), '— ' ) ? substr( (string) array_pop( $texts ), strlen( '— ' ) ) : '';
		return self::wrap(
			'quote',
			'',
			'<blockquote class="wp-block-quote">' . self::paragraph( implode( ' ', $texts ) ) . ( '' === $who ? '' : '<cite>' . self::inline( $who ) . '</cite>' ) . '</blockquote>'
		);
	}

	/** @param list<string> $texts the head, a line of dashes, the rows */
	private static function table( array $texts ): string {
		$row  = static fn( string $tag, string $text ): string => '<tr>' . implode(
			'',
			array_map( static fn( string $cell ): string => "<$tag>" . self::inline( trim( $cell ) ) . "</$tag>", explode( '|', $text ) )
		) . '</tr>';
		$head = $row( 'th', $texts[0] );
		$body = implode( '', array_map( static fn( string $text ): string => $row( 'td', $text ), array_slice( $texts, 2 ) ) );
		return self::wrap( 'table', '', "<figure class=\"wp-block-table\"><table class=\"has-fixed-layout\"><thead>$head</thead><tbody>$body</tbody></table></figure>" );
	}

	private static function wrap( string $block, string $attributes, string $html ): string {
		return "<!-- wp:$block $attributes-->\n$html\n<!-- /wp:$block -->";
	}

	/** Brackets too: WordPress looks for shortcodes in what somebody wrote. */
	private static function text( string $text ): string {
		return strtr( htmlspecialchars( $text, ENT_NOQUOTES | ENT_SUBSTITUTE ), array( '[' => '&#091;', ']' => '&#093;' ) );
	}
}

<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Server-sent events to the browser, each one at once: headers, buffers, flushing. What an event says is UiMessageStream's.
 */

declare(strict_types=1);

namespace Aiguy\Stream;

defined( 'ABSPATH' ) || exit;

final class Output {
	/**
	 * Headers that keep proxies from holding back (X-Accel-Buffering: nginx), packing (Content-Encoding) or keeping the answer, and no buffer of PHP's left.
	 */
	public function open(): void {
		ignore_user_abort( true ); // A client that leaves is noticed below; PHP would end the script in the middle of saving.
		ini_set( 'zlib.output_compression', '0' ); // phpcs:ignore WordPress.PHP.IniSet.Risky -- a packed stream arrives in one piece
		self::bare();
		ob_implicit_flush();
		header( 'Content-Type: text/event-stream; charset=utf-8' );
		header( 'Cache-Control: no-store, no-transform' );
		header( 'X-Accel-Buffering: no' );
		header( 'Content-Encoding: identity' );
		// https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
		header( 'x-vercel-ai-ui-message-stream: v1' );
	}

	/** Nothing of what was written so far, and nobody's buffer between us and the client. */
	public static function bare(): void {
		while ( ob_get_level() > 0 && @ob_end_clean() ) { // phpcs:ignore WordPress.PHP.NoSilencedErrors -- a buffer that cannot be removed says so
			continue;
		}
	}

	/**
	 * @param array<string, mixed> $part
	 * @throws ClientGone
	 */
	public function send( array $part ): void {
		$this->write( 'data: ' . wp_json_encode( $part, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE ) . "\n\n" );
	}

	/** A comment line: keeps the connection open and shows whether the client is still there. */
	public function comment( string $word ): void {
		$this->write( ': ' . $word . "\n\n" );
	}

	public function done(): void {
		$this->write( "data: [DONE]\n\n" );
	}

	private function write( string $bytes ): void {
		echo $bytes; // phpcs:ignore WordPress.Security.EscapeOutput -- JSON in an event stream, not HTML
		if ( ob_get_level() > 0 ) {
			ob_flush(); // one that could not be removed
		}
		flush();
		if ( connection_aborted() ) {
			throw new ClientGone();
		}
	}
}

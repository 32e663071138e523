<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * [aiguy_chat]: the place of the assistant in a page. What it prints is the same for every visitor – no nonce, no session – so that a page may be cached whole.
 */

declare(strict_types=1);

namespace Aiguy;

defined( 'ABSPATH' ) || exit;

final class Widget {
	public static function register(): void {
		add_shortcode( 'aiguy_chat', array( self::class, 'shortcode' ) );
		add_action( 'wp_ajax_nopriv_rest-nonce', array( self::class, 'no_nonce' ) );
	}

	/** The widget asks whether somebody is signed in. A guest is no error to be shown in the browser's console; whoever else asks gets core's answer. */
	public static function no_nonce(): never {
		if ( ! isset( $_GET['aiguy'] ) ) { // phpcs:ignore WordPress.Security.NonceVerification -- there is none to verify
			wp_die( '0', 400 );
		}
		nocache_headers();
		status_header( 204 );
		exit;
	}

	/** Without the extension a contact link, and nothing where there is none. */
	public static function shortcode(): string {
		$settings = Settings::get();
		$contact  = self::contact( $settings );
		if ( '' !== Engine::missing() || is_feed() ) {
			return '' === $contact ? '' : '<div class="aiguy">' . $contact . '</div>';
		}
		self::enqueue();
		$attributes = array(
			'session-url'   => rest_url( Rest\Routes::SPACE . '/session' ),
			'chat-url'      => rest_url( Rest\Routes::SPACE . '/chat' ),
			'proof-url'     => rest_url( Rest\Routes::SPACE . '/proof' ),
			'nonce-url'     => admin_url( 'admin-ajax.php?action=rest-nonce&aiguy=1', 'relative' ),
			'contact-url'   => $settings['contact_url'],
			'contact-label' => self::label( $settings ),
			'strings'       => (string) wp_json_encode( Strings::all(), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_HEX_TAG | JSON_HEX_AMP | JSON_HEX_QUOT | JSON_HEX_APOS ),
		);
		$html       = '<div class="aiguy" data-aiguy';
		foreach ( $attributes as $name => $value ) {
			$html .= ' data-' . $name . '="' . esc_attr( $value ) . '"';
		}
		return $html . '>' . $contact . '</div>';
	}

	private static function enqueue(): void {
		// A module loads after the page, and the rest of the widget when somebody opens it.
		wp_enqueue_script_module( 'aiguy-widget', plugins_url( 'assets/widget.js', AIGUY_FILE ), array(), AIGUY_VERSION );
	}

	private static function contact( array $settings ): string {
		return '' === $settings['contact_url'] ? '' : '<p class="aiguy-fallback"><a href="' . esc_url( $settings['contact_url'] ) . '">' . esc_html( self::label( $settings ) ) . '</a></p>';
	}

	private static function label( array $settings ): string {
		return '' === $settings['contact_label'] ? __( 'Contact us', 'aiguy' ) : $settings['contact_label'];
	}
}

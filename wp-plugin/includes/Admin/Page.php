<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Settings → aiguy: what the site's owner chooses, and how things stand. Fields are in Fields; this is the frame, the key and the index.
 */

declare(strict_types=1);

namespace Aiguy\Admin;

use Aiguy\Configuration;
use Aiguy\Engine;
use Aiguy\Keys;
use Aiguy\Knowledge\Indexer;
use Aiguy\Settings;

defined( 'ABSPATH' ) || exit;

final class Page {
	public const SLUG     = 'aiguy';
	public const SCREEN   = 'settings_page_aiguy';
	private const KEY     = 'aiguy_store_key';
	private const INDEX   = 'aiguy_index_now';
	private const NEW_KEY = 'aiguy_new_key';

	public static function add(): void {
		add_options_page( __( 'aiguy', 'aiguy' ), __( 'aiguy', 'aiguy' ), Settings::CAP, self::SLUG, array( self::class, 'show' ) );
	}

	/** Not with the menu, which admin-post.php does not build. */
	public static function forms(): void {
		add_action( 'admin_post_' . self::KEY, array( self::class, 'store_key' ) );
		add_action( 'admin_post_' . self::INDEX, array( self::class, 'index_now' ) );
		add_action( 'admin_post_' . self::NEW_KEY, array( self::class, 'new_key' ) );
	}

	/** @param array<int|string, string> $links */
	public static function links( array $links ): array {
		return array( 'settings' => '<a href="' . esc_url( self::url() ) . '">' . esc_html__( 'Settings', 'aiguy' ) . '</a>' ) + $links;
	}

	public static function show(): void {
		if ( ! current_user_can( Settings::CAP ) ) {
			return;
		}
		$done = isset( $_GET['aiguy_done'] ) ? sanitize_key( wp_unslash( $_GET['aiguy_done'] ) ) : ''; // phpcs:ignore WordPress.Security.NonceVerification -- chooses words only
		echo '<div class="wrap"><h1>' . esc_html__( 'aiguy – support agent', 'aiguy' ) . '</h1>';
		self::done( $done );
		self::state();
		Fields::register();
		echo '<form action="' . esc_url( admin_url( 'options.php' ) ) . '" method="post">';
		settings_fields( Settings::GROUP );
		do_settings_sections( self::SLUG );
		submit_button();
		echo '</form>';
		self::key_form();
		self::index_form();
		self::signing_form();
		echo '</div>';
	}

	/** How things stand, in the words of the extension where it has some. */
	private static function state(): void {
		$rows = array();
		if ( '' === Engine::missing() ) {
			try {
				Engine::reset();
				Engine::select();
				$health = agent_health();
				/* translators: %s: version number */
				$rows[] = array( true, sprintf( __( 'The extension is there (version %s) and has taken these settings.', 'aiguy' ), $health['version'] ) );
				foreach ( $health['checks'] as $check ) {
					if ( ! $check['ok'] ) {
						$rows[] = array( false, $check['message'] );
					}
				}
			} catch ( \Throwable $e ) {
				/* translators: %s: error message of the extension */
				$rows[] = array( false, sprintf( __( 'The extension does not take these settings: %s', 'aiguy' ), $e->getMessage() ) );
			}
		}
		$settings = Settings::get();
		$off      = Configuration::brain_off( $settings );
		if ( '' !== $off ) {
			/* translators: %s: reason */
			$rows[] = array( false, sprintf( __( 'The local brain answers instead of the model. %s', 'aiguy' ), $off ) );
		}
		if ( '' === $settings['contact_url'] ) {
			$rows[] = array( false, __( 'There is no contact page yet: visitors whom the assistant cannot help are offered no person.', 'aiguy' ) );
		}
		$address = (string) ( $_SERVER['REMOTE_ADDR'] ?? '' ); // phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- judged, not shown
		if ( isset( $_SERVER['HTTP_X_FORWARDED_FOR'] ) && ! has_filter( 'aiguy_client_address' ) && false === filter_var( $address, FILTER_VALIDATE_IP, FILTER_FLAG_NO_PRIV_RANGE | FILTER_FLAG_NO_RES_RANGE ) ) {
			$rows[] = array( false, __( 'This site is behind a proxy: all visitors seem to have one address and share one limit. Let the proxy set REMOTE_ADDR, or give the true address in the filter aiguy_client_address.', 'aiguy' ) );
		}
		foreach ( $rows as [ $fine, $words ] ) {
			wp_admin_notice(
				esc_html( $words ),
				array(
					'type'               => $fine ? 'success' : 'warning',
					'additional_classes' => array( 'inline' ),
				)
			);
		}
	}

	private static function key_form(): void {
		echo '<h2>' . esc_html__( 'Key of the model', 'aiguy' ) . '</h2><p>';
		esc_html_e( 'Only for "stored by the extension" above. The key is kept sealed in the extension\'s data directory, never in the database, and is not shown again.', 'aiguy' );
		echo '</p><form action="' . esc_url( admin_url( 'admin-post.php' ) ) . '" method="post"><input type="hidden" name="action" value="' . esc_attr( self::KEY ) . '">';
		wp_nonce_field( self::KEY );
		echo '<p><label for="aiguy-key">' . esc_html__( 'New key', 'aiguy' ) . '</label> <input id="aiguy-key" name="key" type="password" class="regular-text" autocomplete="off" spellcheck="false" maxlength="4096" required> ';
		submit_button( __( 'Store the key', 'aiguy' ), 'secondary', 'submit', false );
		echo '</p></form>';
	}

	private static function index_form(): void {
		echo '<h2>' . esc_html__( 'What it answers from', 'aiguy' ) . '</h2><p>';
		try {
			Engine::select();
			$count = Indexer::count();
			/* translators: %d: number of pages */
			echo esc_html( sprintf( _n( '%d page is indexed.', '%d pages are indexed.', $count, 'aiguy' ), $count ) ) . ' ';
		} catch ( \Throwable ) {
			// What is wrong stands above.
			echo '';
		}
		echo esc_html__( 'A page is indexed when it is saved, and taken out when it is deleted or no longer public.', 'aiguy' );
		echo '</p><form action="' . esc_url( admin_url( 'admin-post.php' ) ) . '" method="post"><input type="hidden" name="action" value="' . esc_attr( self::INDEX ) . '">';
		wp_nonce_field( self::INDEX );
		submit_button( __( 'Index all pages again', 'aiguy' ), 'secondary', 'submit', true );
		echo '</form>';
	}

	private static function signing_form(): void {
		$next = Keys::next();
		echo '<h2>' . esc_html__( 'Key of its signatures', 'aiguy' ) . '</h2><p>';
		esc_html_e( 'What the assistant hands to browsers and to the store\'s tools it signs with a key of its own, which stays in the extension\'s data directory. A new key is made every month; what the old one has signed stays good for eight days, so nobody notices.', 'aiguy' );
		if ( $next > 0 ) {
			/* translators: %s: date */
			echo ' ' . esc_html( sprintf( __( 'The next one: %s.', 'aiguy' ), wp_date( (string) get_option( 'date_format' ), $next ) ) );
		}
		echo '</p><form action="' . esc_url( admin_url( 'admin-post.php' ) ) . '" method="post"><input type="hidden" name="action" value="' . esc_attr( self::NEW_KEY ) . '">';
		wp_nonce_field( self::NEW_KEY );
		echo '<p><label><input type="checkbox" name="at_once" value="1"> ';
		esc_html_e( 'The old key may be in wrong hands: refuse it at once. Conversations begin anew, and links to invoices stop working.', 'aiguy' );
		echo '</label></p>';
		submit_button( __( 'Make a new key', 'aiguy' ), 'secondary', 'aiguy-new-key', true );
		echo '</form>';
	}

	private static function done( string $what ): void {
		$words = array(
			'key'   => array( 'success', __( 'The key is stored.', 'aiguy' ) ),
			'nokey' => array( 'error', __( 'The key could not be stored. The site\'s error log says why.', 'aiguy' ) ),
			'signs' => array( 'success', __( 'The new key signs from now on.', 'aiguy' ) ),
			'nonew' => array( 'error', __( 'No new key could be made; the old one goes on. The site\'s error log says why.', 'aiguy' ) ),
			'index' => array( 'success', __( 'Indexing has begun; large sites take some minutes.', 'aiguy' ) ),
		);
		if ( isset( $words[ $what ] ) ) {
			wp_admin_notice( esc_html( $words[ $what ][1] ), array( 'type' => $words[ $what ][0] ) );
		}
	}

	public static function store_key(): void {
		self::check( self::KEY );
		// A key is taken as it is: nothing in it is markup, and a changed one is a wrong one.
		$key  = isset( $_POST['key'] ) && is_string( $_POST['key'] ) ? trim( wp_unslash( $_POST['key'] ) ) : ''; // phpcs:ignore WordPress.Security -- checked above
		$done = 'nokey';
		if ( '' !== $key && '' === Engine::missing() ) {
			try {
				Engine::select();
				agent_secret_put( Configuration::SECRET, $key );
				$done = 'key';
			} catch ( \Agent\Exception | \ValueError $e ) {
				Engine::report( $e, 'key' );
			}
		}
		self::back( $done );
	}

	public static function index_now(): void {
		self::check( self::INDEX );
		Indexer::restart();
		Indexer::some();
		self::back( 'index' );
	}

	public static function new_key(): void {
		self::check( self::NEW_KEY );
		$done = 'nonew';
		if ( '' === Engine::missing() ) {
			try {
				Keys::rotate( isset( $_POST['at_once'] ) ); // phpcs:ignore WordPress.Security -- checked above
				$done = 'signs';
			} catch ( \Agent\Exception $e ) {
				Engine::report( $e, 'keys' );
			}
		}
		self::back( $done );
	}

	private static function check( string $action ): void {
		if ( ! current_user_can( Settings::CAP ) ) {
			wp_die( esc_html__( 'You may not change these settings.', 'aiguy' ), '', array( 'response' => 403 ) );
		}
		check_admin_referer( $action );
	}

	private static function back( string $done ): never {
		wp_safe_redirect( add_query_arg( 'aiguy_done', $done, self::url() ) );
		exit;
	}

	private static function url(): string {
		return admin_url( 'options-general.php?page=' . self::SLUG );
	}
}

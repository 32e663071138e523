<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What activating, deactivating and uninstalling do. Nothing remote is called.
 */

declare(strict_types=1);

namespace Aiguy;

defined( 'ABSPATH' ) || exit;

final class Setup {
	public static function activate( bool $network_wide = false ): void {
		if ( ! $network_wide ) {
			self::install();
			return;
		}
		foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $site ) {
			switch_to_blog( (int) $site );
			self::install();
			restore_current_blog();
		}
	}

	/** A site that a network got later. */
	public static function new_site( \WP_Site $site ): void {
		if ( array_key_exists( plugin_basename( AIGUY_FILE ), (array) get_site_option( 'active_sitewide_plugins' ) ) ) {
			switch_to_blog( (int) $site->blog_id );
			self::install();
			restore_current_blog();
		}
	}

	/**
	 * What goes with a site of a network.
	 *
	 * @param string[] $tables
	 */
	public static function tables( array $tables ): array {
		return array( ...$tables, Proof\Attempts::table() );
	}

	private static function install(): void {
		Proof\Attempts::install();
		get_role( 'administrator' )?->add_cap( Settings::CAP );
		if ( false === get_option( Settings::OPTION ) ) {
			add_option( Settings::OPTION, Settings::DEFAULTS );
		}
		Knowledge\Indexer::restart();
		Keys::schedule();
	}

	public static function deactivate(): void {
		Knowledge\Indexer::stop();
		Keys::stop();
	}

	/** Everything of one site. Conversations are in the extension's data directory and go with its retention. */
	public static function uninstall(): void {
		Knowledge\Indexer::stop();
		Keys::stop();
		if ( ! Settings::get()['delete_data'] ) {
			return;
		}
		if ( '' === Engine::missing() ) {
			Knowledge\Indexer::forget();
			Engine::forget_keys();
		}
		Proof\Attempts::uninstall();
		foreach ( array( Settings::OPTION, Engine::STATE ) as $option ) {
			delete_option( $option );
		}
		global $wpdb;
		// The marks of mails that were sent, minutes old at most.
		$wpdb->query( "DELETE FROM $wpdb->options WHERE option_name LIKE '\\_transient\\_%aiguy\\_mailed\\_%'" ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery
		foreach ( array_keys( wp_roles()->roles ) as $role ) {
			get_role( $role )?->remove_cap( Settings::CAP );
		}
	}
}

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
		foreach ( $network_wide ? get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) : array( get_current_blog_id() ) as $blog ) {
			if ( is_multisite() ) {
				switch_to_blog( (int) $blog );
			}
			Proof\Attempts::install();
			get_role( 'administrator' )?->add_cap( Settings::CAP );
			if ( false === get_option( Settings::OPTION ) ) {
				add_option( Settings::OPTION, Settings::DEFAULTS );
			}
			Knowledge\Indexer::restart();
			if ( is_multisite() ) {
				restore_current_blog();
			}
		}
	}

	public static function deactivate(): void {
		wp_unschedule_hook( 'aiguy_index_some' );
	}

	/** Everything of one site; what the extension keeps in its data directory goes with its retention. */
	public static function uninstall(): void {
		wp_unschedule_hook( 'aiguy_index_some' );
		if ( ! Settings::get()['delete_data'] ) {
			return;
		}
		Proof\Attempts::uninstall();
		foreach ( array( Settings::OPTION, Engine::STATE, Knowledge\Indexer::LIST, Knowledge\Indexer::NEXT ) as $option ) {
			delete_option( $option );
		}
		foreach ( array_keys( wp_roles()->roles ) as $role ) {
			get_role( $role )?->remove_cap( Settings::CAP );
		}
	}
}

<?php
// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * What the demonstration site needs besides the plugin: it stands alone on a loopback address.
 */

defined( 'ABSPATH' ) || exit;

// There is no outside: looking for updates there only fills the log with failures.
foreach ( array( '_maybe_update_core', '_maybe_update_plugins', '_maybe_update_themes' ) as $aiguy_demo_check ) {
	remove_action( 'admin_init', $aiguy_demo_check );
}
foreach ( array( 'load-plugins.php', 'load-themes.php', 'load-update.php', 'load-update-core.php', 'admin_init' ) as $aiguy_demo_screen ) {
	foreach ( array( 'wp_version_check', 'wp_update_plugins', 'wp_update_themes' ) as $aiguy_demo_check ) {
		remove_action( $aiguy_demo_screen, $aiguy_demo_check );
	}
}
add_filter( 'pre_site_transient_update_core', 'aiguy_demo_no_update' );
add_filter( 'pre_site_transient_update_plugins', 'aiguy_demo_no_update' );
add_filter( 'pre_site_transient_update_themes', 'aiguy_demo_no_update' );

add_filter( 'translations_api', static fn(): array => array( 'translations' => array() ) );

/** Nothing to update, as of now. */
function aiguy_demo_no_update(): object {
	return (object) array(
		'last_checked'    => time(),
		'version_checked' => get_bloginfo( 'version' ),
		'updates'         => array(),
		'response'        => array(),
		'no_update'       => array(),
		'translations'    => array(),
		'checked'         => array(),
	);
}

// Pictures of people come from elsewhere, too.
add_filter( 'pre_option_show_avatars', '__return_zero' );

// An address at 127.0.0.1 is none that a mail may come from.
add_filter(
	'wp_mail_from',
	static function ( $from ) {
		return str_starts_with( (string) $from, 'wordpress@' ) ? (string) get_option( 'admin_email' ) : $from;
	}
);

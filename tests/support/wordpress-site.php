<?php
// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * What the site under test has besides the demonstration's: a mu-plugin, put there by tests/support/wordpress.
 */

defined( 'ABSPATH' ) || exit;

// All tests come from one machine. Each request is another visitor's, as far as limits by address go, unless it names an address.
add_filter(
	'aiguy_client_address',
	static fn(): string => isset( $_SERVER['HTTP_X_TEST_ADDRESS'] ) ? (string) $_SERVER['HTTP_X_TEST_ADDRESS'] : '10.' . implode( '.', array_map( ord( ... ), str_split( random_bytes( 3 ) ) ) )
);

// Without TLS WordPress takes no application passwords; there must be one that works to see that it opens nothing of ours.
add_filter( 'wp_is_application_passwords_available', '__return_true' );

<?php
// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Run by deploy/demo on the command line, as the user of the pools: php install.php WORDPRESS STEP, with its data as JSON on standard input.
 *
 *   install   the tables, the administrator, the plugin activated
 *   content   settings, customers, pages, index: in a process of its own, in which the plugin was there from the start
 *
 * Prints one JSON object on its last line.
 */

declare(strict_types=1);

if ( PHP_SAPI !== 'cli' || $argc !== 3 ) {
	exit( 2 );
}
$aiguy_demo_data = json_decode( (string) stream_get_contents( STDIN ), true, 16, JSON_THROW_ON_ERROR );
$aiguy_demo_url  = parse_url( $aiguy_demo_data['url'] );

$_SERVER['HTTP_HOST']       = $aiguy_demo_url['host'] . ':' . $aiguy_demo_url['port'];
$_SERVER['SERVER_NAME']     = $aiguy_demo_url['host'];
$_SERVER['SERVER_PORT']     = (string) $aiguy_demo_url['port'];
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD']  = 'GET';
$_SERVER['REQUEST_URI']     = '/';
$_SERVER['REMOTE_ADDR']     = '127.0.0.1';

/** Says what is wrong and ends. */
function aiguy_demo_fail( string $message ): never {
	fwrite( STDERR, "deploy/demo: $message\n" );
	exit( 1 );
}

/** A fatal error is in the log only; here it is said as well. */
register_shutdown_function(
	static function (): void {
		$error = error_get_last();
		if ( null !== $error && ( $error['type'] & ( E_ERROR | E_PARSE | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR ) ) ) {
			fwrite( STDERR, "deploy/demo: {$error['message']} ({$error['file']}:{$error['line']})\n" );
		}
	}
);

if ( 'install' === $argv[2] ) {
	define( 'WP_INSTALLING', true );
	/** Nobody wants to hear about it. */
	function wp_new_blog_notification(): void {} // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals
}
require $argv[1] . '/wp-load.php';

// The web server may not be up yet, and there is nothing to ask it.
add_filter( 'pre_http_request', static fn() => new WP_Error( 'aiguy_demo', 'not during the installation' ) );

$aiguy_demo_done = match ( $argv[2] ) {
	'install' => aiguy_demo_install( $aiguy_demo_data ),
	'content' => aiguy_demo_content( $aiguy_demo_data ),
	default   => aiguy_demo_fail( "no step $argv[2]" ),
};
echo wp_json_encode( $aiguy_demo_done ), "\n";

/**
 * @param array{url: string, title: string, admin: string, password: string, email: string} $data
 * @return array{installed: bool, activated: bool, version: string}
 */
function aiguy_demo_install( array $data ): array {
	require_once ABSPATH . 'wp-admin/includes/upgrade.php';
	require_once ABSPATH . 'wp-admin/includes/plugin.php';
	$installed = false;
	if ( ! is_blog_installed() ) {
		wp_install( $data['title'], $data['admin'], $data['email'], false, '', wp_slash( $data['password'] ) );
		// WordPress' samples are no part of the store.
		foreach ( get_posts( array( 'post_type' => array( 'post', 'page' ), 'post_status' => 'any', 'numberposts' => -1 ) ) as $post ) {
			wp_delete_post( $post->ID, true );
		}
		update_option( 'permalink_structure', '/%postname%/' );
		$installed = true;
	}
	$activated = false;
	if ( is_file( WP_PLUGIN_DIR . '/aiguy/aiguy.php' ) && ! is_plugin_active( 'aiguy/aiguy.php' ) ) {
		$result = activate_plugin( 'aiguy/aiguy.php' );
		if ( is_wp_error( $result ) ) {
			aiguy_demo_fail( 'the plugin could not be activated: ' . $result->get_error_message() );
		}
		$activated = true;
	}
	return array( 'installed' => $installed, 'activated' => $activated, 'version' => get_bloginfo( 'version' ) );
}

/**
 * @param array{url: string, settings: array<string, mixed>} $data
 * @return array<string, int>
 */
function aiguy_demo_content( array $data ): array {
	$settings = get_option( 'aiguy_settings' );
	update_option( 'aiguy_settings', array_merge( is_array( $settings ) ? $settings : array(), $data['settings'] ) );
	$done = \Aiguy\Demo\Install::run();
	flush_rewrite_rules( false );
	// phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals -- the plugin's own hook
	do_action( 'aiguy_index_all' );
	$done['indexed'] = \Aiguy\Knowledge\Indexer::count();
	if ( 0 === $done['indexed'] ) {
		aiguy_demo_fail( 'no page was indexed' );
	}
	return $done;
}

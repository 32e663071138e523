<?php
// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * What tests do to the site under test from inside: php wordpress.php WORDPRESS ACTION ARGUMENT… (tests/support/wordpress starts it as the pools' user).
 * Prints one line of JSON: what the action gives, or {"error": "…"} with exit status 1. The action "-" reads lines from standard input, each a list of an
 * action and its arguments as JSON, and answers each with a line: all in one process, which starts only once.
 *
 *   reset                      limits of proofs forgotten, posts of tests gone, settings of the demonstration again
 *   settings JSON              merges into the option aiguy_settings, as a script of the site's owner would: not sanitized
 *   sanitized JSON             the same through Settings::sanitize()
 *   option NAME                an option's value · delete-option NAME · set-state JSON: the option aiguy_state
 *   insert-post JSON           wp_insert_post(); published page where it says nothing else → {"id", "url"}
 *   update-post JSON           wp_update_post(), by its ID · trash-post ID · delete-post ID
 *   comment JSON               wp_insert_comment()
 *   session ID [SUBJECT]       agent_session_get() · end-session ID · grant ID SCOPE SECONDS
 *   search QUERY               agent_knowledge_search() · index-all: do_action( 'aiguy_index_all' )
 *   token CLAIMS SECONDS       agent_token_issue()
 *   tool NAME ARGUMENTS OPTIONS    agent_tool_call()
 *   user LOGIN                 {"id", "email"} · make-user JSON · application-password LOGIN
 *   nonce ACTION COOKIE        WordPress' nonce for whoever has this login cookie
 *   find NEEDLE                tables of the database that hold it · traces: tables, options, hooks and roles that bear the plugin's name
 *   task HOOK                  do_action() · next-task HOOK: wp_next_scheduled()
 *   activate · deactivate · uninstall
 */

declare(strict_types=1);

if ( PHP_SAPI !== 'cli' || $argc < 3 ) {
	exit( 2 );
}
$test_config = (string) file_get_contents( dirname( $argv[1] ) . '/wp-config.php' );
preg_match( "~'WP_HOME', 'http://([^':]+):(\d+)~", $test_config, $test_home );
$_SERVER['HTTP_HOST']       = $test_home[1] . ':' . $test_home[2];
$_SERVER['SERVER_NAME']     = $test_home[1];
$_SERVER['SERVER_PORT']     = $test_home[2];
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD']  = 'GET';
$_SERVER['REQUEST_URI']     = '/';
$_SERVER['REMOTE_ADDR']     = '127.0.0.1';

if ( in_array( $argv[2], array( 'activate', 'deactivate', 'uninstall' ), true ) ) {
	define( 'WP_ADMIN', true );
}
require $argv[1] . '/wp-load.php';

if ( '-' !== $argv[2] ) {
	[ $test_answer, $test_fine ] = test_answer( array_slice( $argv, 2 ) );
	echo $test_answer, "\n";
	exit( $test_fine ? 0 : 1 );
}
while ( false !== ( $test_line = fgets( STDIN ) ) ) {
	// The site goes on in other processes.
	wp_cache_flush();
	echo test_answer( json_decode( $test_line, true, 8, JSON_THROW_ON_ERROR ) )[0], "\n";
}

/**
 * @param list<string> $arguments the action first
 * @return array{string, bool} JSON, and whether all went well
 */
function test_answer( array $arguments ): array {
	try {
		return array( wp_json_encode( test_action( $arguments[0], array_slice( $arguments, 1 ) ), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ), true );
	} catch ( Throwable $e ) {
		$reason = $e instanceof Agent\Exception ? $e->reason : '';
		return array( wp_json_encode( array( 'error' => $e->getMessage(), 'class' => $e::class, 'reason' => $reason ) ), false );
	}
}

/** @param list<string> $arguments */
function test_action( string $action, array $arguments ): mixed {
	// Who may write any HTML.
	wp_set_current_user( 1 );
	$json = static fn( int $i ): array => json_decode( $arguments[ $i ] ?? '{}', true, 32, JSON_THROW_ON_ERROR );
	switch ( $action ) {
		case 'reset':
			return test_reset();
		case 'settings':
			$all = array_merge( Aiguy\Settings::get(), $json( 0 ) );
			// Not what the form's sanitizer would make of it: tests break settings, too.
			remove_all_filters( 'sanitize_option_' . Aiguy\Settings::OPTION );
			update_option( Aiguy\Settings::OPTION, $all );
			return $all;
		case 'sanitized':
			return Aiguy\Settings::sanitize( $json( 0 ) );
		case 'option':
			return get_option( $arguments[0], null );
		case 'set-state':
			return update_option( Aiguy\Engine::STATE, $json( 0 ) );
		case 'delete-option':
			return delete_option( $arguments[0] );
		case 'insert-post':
			$id = wp_insert_post( wp_slash( $json( 0 ) + array( 'post_type' => 'page', 'post_status' => 'publish' ) ), true );
			add_post_meta( test_id( $id ), 'of_a_test', '1' );
			return array( 'id' => $id, 'url' => get_permalink( $id ) );
		case 'update-post':
			return test_id( wp_update_post( wp_slash( $json( 0 ) ), true ) );
		case 'trash-post':
			return (bool) wp_trash_post( (int) $arguments[0] );
		case 'delete-post':
			return (bool) wp_delete_post( (int) $arguments[0], true );
		case 'comment':
			return wp_insert_comment( wp_slash( $json( 0 ) ) );
		case 'user':
			$user = get_user_by( 'login', $arguments[0] );
			return $user ? array( 'id' => $user->ID, 'email' => $user->user_email, 'roles' => $user->roles ) : null;
		case 'make-user':
			$user = get_user_by( 'login', $json( 0 )['user_login'] );
			return $user ? $user->ID : test_id( wp_insert_user( wp_slash( $json( 0 ) ) ) );
		case 'application-password':
			$made = WP_Application_Passwords::create_new_application_password( get_user_by( 'login', $arguments[0] )->ID, array( 'name' => 'test ' . wp_generate_uuid4() ) );
			return $made[0];
		case 'find':
			return test_find( $arguments[0] );
		case 'nonce':
			$_COOKIE[ LOGGED_IN_COOKIE ] = $arguments[1];
			wp_set_current_user( (int) wp_validate_auth_cookie( $arguments[1], 'logged_in' ) );
			$nonce = wp_create_nonce( $arguments[0] );
			unset( $_COOKIE[ LOGGED_IN_COOKIE ] );
			return $nonce;
		case 'task':
			do_action( $arguments[0] );
			return true;
		case 'next-task':
			return wp_next_scheduled( $arguments[0] );
		case 'traces':
			return test_traces();
		case 'activate':
			require_once ABSPATH . 'wp-admin/includes/plugin.php';
			$result = activate_plugin( 'aiguy/aiguy.php' );
			return is_wp_error( $result ) ? $result->get_error_message() : true;
		case 'deactivate':
			require_once ABSPATH . 'wp-admin/includes/plugin.php';
			deactivate_plugins( 'aiguy/aiguy.php' );
			return ! is_plugin_active( 'aiguy/aiguy.php' );
		case 'uninstall':
			require_once ABSPATH . 'wp-admin/includes/plugin.php';
			uninstall_plugin( 'aiguy/aiguy.php' );
			return true;
	}
	// What follows asks the extension.
	Aiguy\Engine::reset();
	Aiguy\Engine::select();
	switch ( $action ) {
		case 'session':
			return agent_session_get( $arguments[0], array_filter( array( 'subject' => $arguments[1] ?? null ) ) );
		case 'end-session':
			agent_session_end( $arguments[0] );
			return true;
		case 'grant':
			agent_session_grant( $arguments[0], $arguments[1], (int) $arguments[2] );
			return true;
		case 'index-all':
			do_action( 'aiguy_index_all' );
			return Aiguy\Knowledge\Indexer::count();
		case 'search':
			return agent_knowledge_search( $arguments[0] );
		case 'token':
			return agent_token_issue( $json( 0 ), (int) ( $arguments[1] ?? 60 ) );
		case 'tool':
			return get_object_vars( agent_tool_call( $arguments[0], $json( 1 ), $json( 2 ) ) );
	}
	throw new ValueError( "no action $action" );
}

function test_id( int|WP_Error $id ): int {
	return $id instanceof WP_Error ? throw new RuntimeException( $id->get_error_message() ) : $id;
}

/** Also after a test that was broken off in the middle: the plugin is active, its tables and settings are the demonstration's. */
function test_reset(): array {
	global $wpdb;
	require_once ABSPATH . 'wp-admin/includes/plugin.php';
	if ( ! is_plugin_active( 'aiguy/aiguy.php' ) ) {
		activate_plugin( 'aiguy/aiguy.php' );
	}
	Aiguy\Proof\Attempts::install();
	get_role( 'administrator' )->add_cap( Aiguy\Settings::CAP );
	$wpdb->query( 'DELETE FROM ' . Aiguy\Proof\Attempts::table() );
	remove_all_filters( 'sanitize_option_' . Aiguy\Settings::OPTION );
	// The first reset finds what deploy/demo has made.
	add_option( 'settings_before_tests', Aiguy\Settings::get(), '', false );
	update_option( Aiguy\Settings::OPTION, array_merge( get_option( 'settings_before_tests' ), json_decode( (string) getenv( 'SITE_SETTINGS' ), true, 8, JSON_THROW_ON_ERROR ) ) );
	// Mails that were sent are sent again.
	$wpdb->query( "DELETE FROM $wpdb->options WHERE option_name LIKE '%transient%aiguy\_mailed\_%'" );
	wp_cache_flush();
	$old = get_posts( array( 'post_type' => 'any', 'post_status' => array_keys( get_post_stati() ), 'numberposts' => -1, 'fields' => 'ids', 'meta_key' => 'of_a_test' ) );
	foreach ( $old as $id ) {
		wp_delete_post( $id, true );
	}
	return array( 'posts' => count( $old ) );
}

/** @return list<string> */
function test_find( string $needle ): array {
	global $wpdb;
	$found = array();
	foreach ( $wpdb->get_col( 'SHOW TABLES' ) as $table ) {
		foreach ( $wpdb->get_results( "SELECT * FROM `$table`", ARRAY_N ) as $row ) {
			if ( str_contains( implode( "\n", array_map( strval( ... ), $row ) ), $needle ) ) {
				$found[] = $table;
				break;
			}
		}
	}
	return $found;
}

/** @return list<string> */
function test_traces(): array {
	global $wpdb;
	$traces = $wpdb->get_col( "SHOW TABLES LIKE '%aiguy%'" );
	$traces = array_merge( $traces, $wpdb->get_col( "SELECT option_name FROM $wpdb->options WHERE option_name LIKE '%aiguy%'" ) );
	foreach ( (array) get_option( 'cron' ) as $hooks ) {
		$traces = array_merge( $traces, preg_grep( '/^aiguy/', is_array( $hooks ) ? array_keys( $hooks ) : array() ) );
	}
	foreach ( wp_roles()->roles as $name => $role ) {
		if ( preg_grep( '/^aiguy/', array_keys( $role['capabilities'] ) ) ) {
			$traces[] = "role $name";
		}
	}
	return array_values( array_unique( $traces ) );
}

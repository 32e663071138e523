<?php
/**
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The extension for this request: whether it is there, and which configuration is selected. The only place that calls agent_configure() and agent_use().
 */

declare(strict_types=1);

namespace Aiguy;

defined( 'ABSPATH' ) || exit;

final class Engine {
	/** {digest, fingerprint} of the configuration that was stored last; autoloaded, for every request needs it. */
	public const STATE = 'aiguy_state';

	/** The blog whose configuration is selected; 0: none is. */
	private static int $selected = 0;

	/** Why the extension cannot be used, in words for the site's owner; '' when it can. */
	public static function missing(): string {
		if ( ! extension_loaded( 'agent' ) ) {
			return __( 'The PHP extension "agent" is not loaded.', 'aiguy' );
		}
		if ( ! filter_var( ini_get( 'agent.enabled' ), FILTER_VALIDATE_BOOLEAN ) ) {
			return __( 'The PHP extension "agent" is switched off here (agent.enabled).', 'aiguy' );
		}
		if ( ! extension_loaded( 'mbstring' ) ) {
			return __( 'The PHP extension "mbstring" is not loaded.', 'aiguy' );
		}
		return '';
	}

	/**
	 * Selects the site's configuration, once per request. It is checked and stored again only when something that it is made of has changed, or when the
	 * extension has lost it.
	 *
	 * @throws \Agent\Exception
	 */
	public static function select(): void {
		$blog = get_current_blog_id();
		if ( self::$selected === $blog ) {
			return;
		}
		$config      = Configuration::build();
		$key         = 'constant' === Settings::get()['key'] ? Configuration::constant_key() : '';
		$fingerprint = hash( 'sha256', serialize( array( $config, phpversion( 'agent' ), '' === $key ? '' : wp_hash( $key, 'auth', 'sha256' ) ) ) );
		$state       = get_option( self::STATE );
		$state       = is_array( $state ) ? $state : array();
		if ( ( $state['fingerprint'] ?? '' ) === $fingerprint ) {
			try {
				agent_use( (string) $state['digest'] );
				self::$selected = $blog;
				return;
			} catch ( \Agent\ConfigException ) {
				$lost = true; // The data directory is another one or was emptied, and what else it held is gone too.
			}
		} else {
			$lost = ( $state['site'] ?? '' ) !== $config['site'];
		}
		$digest = agent_configure( $config );
		agent_use( $digest );
		if ( '' !== $key ) {
			agent_secret_put( Configuration::CONSTANT_SECRET, $key );
		}
		self::$selected = $blog;
		update_option(
			self::STATE,
			array(
				'digest'      => $digest,
				'fingerprint' => $fingerprint,
				'site'        => $config['site'],
			),
			true
		);
		if ( $lost ) {
			Knowledge\Indexer::restart();
		}
	}

	/** The stored keys of the model, when the plugin goes. */
	public static function forget_keys(): void {
		try {
			self::select();
			agent_secret_put( Configuration::SECRET, '' );
			agent_secret_put( Configuration::CONSTANT_SECRET, '' );
		} catch ( \Throwable $e ) {
			self::report( $e, 'uninstall' );
		}
	}

	/** After settings have changed in this very request. */
	public static function reset(): void {
		self::$selected = 0;
	}

	/**
	 * What went wrong goes to the site's log and to whoever listens; visitors get words of their own.
	 */
	public static function report( \Throwable $e, string $where ): void {
		/**
		 * Something failed in the plugin.
		 *
		 * @param \Throwable $e
		 * @param string     $where route or task
		 */
		do_action( 'aiguy_error', $e, $where );
		// Not wp_trigger_error(): where errors are displayed it would write into the middle of an answer.
		error_log( sprintf( 'aiguy, %s: %s: %s', $where, $e::class, $e->getMessage() ) ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log
	}
}
